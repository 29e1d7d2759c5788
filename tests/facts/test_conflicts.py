"""Contradictions are named with both places; nothing is corrected."""

from tests.facts.material import facts, ledger, paragraph


def kinds(items: list) -> list[str]:
    return [c.kind for c in facts(items).conflicts]


def test_a_claim_that_the_ledger_does_not_bear_out() -> None:
    rows = ledger("教师理论学习", "日期|学习内容", *(f"2024.{m}.5|内容{m}要点" for m in range(1, 11)))
    told = paragraph("全年组织教师集中学习12次。", source="2024年总结.docx")
    found = facts([*rows, told]).conflicts
    assert [c.kind for c in found] == ["次数不符"]
    assert "12次" in found[0].message and "10次" in found[0].message
    assert found[0].evidence[0] == told.id
    assert set(found[0].evidence[1:]) <= {r.id for r in rows}


def test_a_claim_that_agrees_is_no_conflict() -> None:
    rows = ledger("教师理论学习", "日期|学习内容", *(f"2024.{m}.5|内容{m}要点" for m in range(1, 11)))
    assert kinds([*rows, paragraph("全年组织教师集中学习10次。", source="2024年总结.docx")]) == []


def test_a_notice_dated_after_the_meeting_it_calls() -> None:
    notice = [
        paragraph("关于召开党总支会议的通知", source="会议通知.docx", place=1),
        paragraph("兹定于2024年3月8日召开党总支会议，请准时参加。", source="会议通知.docx", place=2),
        paragraph("2024年3月10日", source="会议通知.docx", place=3),
    ]
    found = facts(notice).conflicts
    assert [c.kind for c in found] == ["通知晚于会议"]
    assert set(found[0].evidence) == {notice[1].id, notice[2].id}


def test_more_present_than_expected_in_one_line_in_two_lines_and_in_columns() -> None:
    one = paragraph("应到20人，实到22人。")
    two = [paragraph("应到会党员：18人", place=2), paragraph("实到会党员：19人", place=3)]
    row = ledger("党员大会", "日期|应到|实到", "2024-3-5|20|21")
    fine = paragraph("应到44人、实到41人。", place=9)
    assert kinds([one, *two, *row, fine]).count("实到超过应到") == 3


def test_a_lecture_on_a_day_outside_the_year_of_its_ledger() -> None:
    rows = ledger("党课", "日期|类型|职务|题目", "2023-11-24|党课|院长|学好党史", title="党课登记表（2024年度）")
    found = facts(rows).conflicts
    assert [c.kind for c in found] == ["日期不在年度内"]
    assert found[0].evidence == (rows[0].id,)


def test_one_title_on_two_days_in_two_places() -> None:
    rows = ledger("党课", "日期|类型|职务|题目", "4月25日|党课|院长|学好党史走好育人路")
    minutes = paragraph("4月26日，院长沈若兰以《学好党史走好育人路》为题讲党课。")
    assert kinds([*rows, minutes]) == ["日期不一致"]
