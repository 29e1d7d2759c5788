"""One happening is one event however often it is told; two on one day stay two; what did not happen does not count."""

import pytest

from pipeline.model import Evidence
from tests.facts.material import facts, held, ledger, paragraph

LECTURES = "序号|日期|类型|主讲人|职务|题目|备注"


def test_summary_ledger_and_minutes_of_one_lecture_are_one_event() -> None:
    found = facts(
        [
            *ledger("党课", LECTURES, "1|4月25日|党课|沈若兰|院长|学好党史，走好育人路|"),
            paragraph("4月25日，院长沈若兰以《学好党史，走好育人路》为题给入党积极分子讲党课。"),
            paragraph("院长沈若兰于4月25日给师生讲了党课。", source="2024年工作报告.docx"),
        ]
    )
    assert held(found, "党课", "院长") == ["2024-04-25"]
    event = next(e for e in found.events if e.kind == "党课")
    assert len(event.evidence) == 3
    assert event.topic == "学好党史，走好育人路"


def test_two_lectures_on_one_day_with_different_topics_stay_two() -> None:
    rows = ledger("教师理论学习", "日期|学习内容", "2024.4.18|习近平文化思想", "2024.4.18|总体国家安全观")
    assert held(facts(rows), "理论学习") == ["2024-04-18", "2024-04-18"]


def test_two_rows_of_one_ledger_on_one_day_stay_two_and_the_minutes_add_none() -> None:
    rows = ledger("专题研究", "时间|事项|内容", "2024-4-11|专题研究意识形态|课堂", "2024-4-11|专题研究意识形态|网络")
    minutes = paragraph("4月11日，党总支听取意识形态领域情况的汇报，逐项研判2个风险点。")
    assert held(facts([*rows, minutes]), "专题研究") == ["2024-04-11", "2024-04-11"]


def test_cancelled_planned_and_last_years_events_are_kept_apart() -> None:
    rows = ledger(
        "专题研究与汇报",
        "序号|时间|事项|备注",
        "1|2023-11-24|专题研究意识形态工作|",
        "2|2024-04-11|专题研究意识形态工作|",
        "3|2024-06-07|专题研究意识形态工作|因故取消，未召开",
        "4|拟于12月下旬|专题研究意识形态工作|计划安排，尚未开展",
        "5|2024-05-06|参加学校组织的意识形态培训|",
    )
    found = facts(rows)
    told = sorted((e.date or "", e.status) for e in found.events)
    assert told == [
        ("2023-11-24", "held"),
        ("2024-04-11", "held"),
        ("2024-06-07", "cancelled"),
        ("2024-12", "planned"),
    ]


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("主讲人|讲题|日期|类别|身份", "沈若兰|青年理想|2024/5/8|思政课|院长"),
        ("类别|身份|主讲|授课时间|课题", "思想政治理论课|学院院长|沈若兰|5月8日|青年理想"),
        ("时间|形式|授课人|内容", "5.8|思政课|沈若兰|青年理想"),
    ],
)
def test_columns_may_have_any_order_and_name(columns: str, row: str) -> None:
    assert held(facts(ledger("讲课登记", columns, row)), "思政课", "院长") == ["2024-05-08"]


@pytest.mark.parametrize("office", ["副院长", "院长助理", "教工第一党支部书记", "党总支副书记", "团委书记", "教授"])
def test_other_offices_are_not_the_secretary_or_the_dean(office: str) -> None:
    found = facts(ledger("党课", LECTURES, f"1|4月25日|党课|罗某某|{office}|学好党史|"))
    assert [e.subject for e in found.events] == [""]


def test_a_name_learnt_from_the_ledger_is_known_in_the_minutes() -> None:
    rows = ledger("党课", LECTURES, "1|4月25日|党课|秦望舒|系主任|学好党史|")
    found = facts([*rows, paragraph("9月3日，秦望舒以《新征程》为题讲党课。")])
    assert held(found, "党课", "院长") == ["2024-04-25", "2024-09-03"]


def test_a_month_without_a_day_joins_the_dated_event_of_that_month() -> None:
    rows = ledger("组织生活", "日期|主题", "2024-03-05|对照检查")
    assert held(facts([*rows, paragraph("3月份开展了季度组织生活。")]), "组织生活") == ["2024-03-05"]


def test_the_year_comes_from_the_line_above() -> None:
    lines = [
        paragraph("2023年11月", place=1),
        paragraph("11月9日，党总支专题研究意识形态工作。", place=2),
        paragraph("2024年3月", place=3),
        paragraph("3月9日，党总支专题研究意识形态工作。", place=4),
    ]
    assert held(facts(lines), "专题研究") == ["2023-11-09", "2024-03-09"]


def test_a_school_year_gives_each_half_its_own_year() -> None:
    rows = ledger(
        "组织生活", "日期|主题", "9月5日|一", "3月5日|二", source="组织生活台账.xlsx", title="2023—2024学年组织生活"
    )
    assert held(facts(rows), "组织生活") == ["2023-09-05", "2024-03-05"]


def test_a_ledger_without_any_year_is_named_and_not_counted() -> None:
    rows = ledger("组织生活", "日期|主题", "3月5日|对照检查", "4月5日|专题讨论", source="组织生活台账.xlsx")
    found = facts(rows)
    assert held(found, "组织生活") == []
    assert any("没有年份" in note and "2条" in note for note in found.notes)


@pytest.mark.parametrize("bad", ["2024年2月30日", "13月5日", "2124-03-01", "1900-01-05"])
def test_a_date_that_cannot_be_is_named_with_its_place_and_not_counted(bad: str) -> None:
    found = facts(ledger("组织生活", "日期|主题", "2024-03-05|一", f"{bad}|二"))
    assert held(found, "组织生活") == ["2024-03-05"]
    assert any(bad in note and "“组织生活”第4行" in note for note in found.notes)


def test_a_plan_and_a_rule_record_nothing_that_happened() -> None:
    plan = paragraph("4月25日，院长沈若兰讲党课。", source="2024年工作要点.docx")
    rule = paragraph("4月25日，院长沈若兰讲党课。", source="讲党课制度.docx")
    assert held(facts([plan, rule]), "党课") == []


def test_what_a_reviewer_struck_out_and_what_is_hidden_do_not_count() -> None:
    from dataclasses import replace

    row = ledger("组织生活", "日期|主题", "2024-03-05|对照检查")[0]
    struck: Evidence = replace(row, status="none", method="decision")
    assert held(facts([struck]), "组织生活") == []
    assert held(facts([replace(row, hidden=True)]), "组织生活") == []


def test_minutes_with_a_time_line_date_what_stands_under_it() -> None:
    lines = [
        paragraph("第4次会议", place=1),
        paragraph("时间：2024年4月30日（星期二）14:00", place=2),
        paragraph("三、会议听取上半年意识形态工作情况汇报，指出4个薄弱环节。", place=3),
    ]
    assert held(facts(lines), "专题研究") == ["2024-04-30"]


@pytest.mark.parametrize(
    "remark",
    [
        "取消",
        "因故取消",
        "未召开",
        "未能如期举行",
        "尚未开展",
        "计划安排",
        "延期",
        "推迟，时间待定",
        "暂缓",
        "拟下月补开",
        "（计划）",
    ],
)
def test_remarks_that_say_it_did_not_happen(remark: str) -> None:
    rows = ledger("组织生活", "日期|主题|备注", "2024-03-05|对照检查|", f"2024-06-05|专题讨论|{remark}")
    assert held(facts(rows), "组织生活") == ["2024-03-05"]


@pytest.mark.parametrize("remark", ["已完成", "按期完成", "43人参加", "列入年度计划", "照片存档", "因事请假2人"])
def test_remarks_that_do_not_say_so(remark: str) -> None:
    rows = ledger("组织生活", "日期|主题|备注", f"2024-06-05|专题讨论|{remark}")
    assert held(facts(rows), "组织生活") == ["2024-06-05"]


def test_a_remark_that_moves_the_day_counts_on_the_new_one() -> None:
    rows = ledger("组织生活", "日期|主题|备注", "2024-06-05|专题讨论|因故改期至7月3日举行")
    assert held(facts(rows), "组织生活") == ["2024-07-03"]


def test_a_heading_that_speaks_of_a_far_year_does_not_date_the_days_below_it() -> None:
    line = paragraph("4月3日，全体教师集中学习讲话精神。", heading=("学习贯彻2021年“七一”重要讲话",))
    assert held(facts([line]), "理论学习") == ["2024-04-03"]


@pytest.mark.parametrize(
    "text",
    [
        "10月29日钱启明书记因公出差，思政课由副书记梁某代讲。",
        "10月29日，副书记梁某代钱启明书记讲思政课。",
        "原定10月29日书记钱启明思政课因出差改由副书记梁某主讲。",
        "10月29日，受钱启明书记委托，副书记梁某讲思政课。",
    ],
)
def test_a_lecture_given_in_the_secretarys_stead_is_not_the_secretarys(text: str) -> None:
    assert held(facts([paragraph(text)]), "思政课", "书记") == []


def test_a_stand_in_named_in_the_cell_of_the_lecturer() -> None:
    rows = ledger("讲课登记", "时间|类别|题目|主讲人|身份", "2024-10-29|思政课|讲好故事|梁某（代钱启明）|副书记")
    assert [e.subject for e in facts(rows).events] == [""]


def test_a_row_that_was_put_off_and_the_row_of_its_new_day_are_one_event() -> None:
    rows = ledger(
        "活动登记",
        "类别|时间|主题|主讲人|职务|状态|备注",
        "党课|11月28日|党章公开课|钱启明|党总支书记|延期|延期至12月5日",
        "党课|12月5日|党章公开课|钱启明|党总支书记|已完成|",
        source="台账2024.xlsx",
    )
    assert held(facts(rows), "党课", "书记") == ["2024-12-05"]
    minutes = paragraph("党课《党章公开课》由11月28日延期到12月5日举行，钱启明书记主讲。")
    assert held(facts([*rows, minutes]), "党课", "书记") == ["2024-12-05"]


def test_the_day_of_the_next_matter_is_not_this_ones() -> None:
    text = "全年召开意识形态专题研究会4次，并于6月28日向学校党委作了书面汇报。"
    found = facts([paragraph(text, source="2024年总结.docx")])
    assert held(found, "专题研究") == []
    assert held(found, "汇报") == ["2024-06-28"]


def test_one_day_of_another_year_does_not_date_the_rest() -> None:
    items = [
        paragraph("3月12日，书记钱启明给党员讲党课。", source="纪要.docx", place=1),
        paragraph("10月17日，书记钱启明给党员讲党课。", source="纪要.docx", place=2),
        paragraph("2025年1月8日，书记钱启明将讲新年第一课。", source="纪要.docx", place=3),
    ]
    assert held(facts(items), "党课", "书记") == ["2024-03-12", "2024-10-17"]


def test_how_it_was_held_is_not_what_was_held() -> None:
    rows = ledger("组织生活", "季度|开展时间|形式|主题", "一季度|3月22日|集中学习|党性分析", title="2024年季度组织生活")
    assert held(facts(rows), "组织生活") == ["2024-03-22"]


def test_a_quarterly_meeting_of_party_life_counts_for_the_quarter() -> None:
    found = facts([paragraph("9月27日，第三季度组织生活会在301室召开，37名党员到会。")])
    assert held(found, "组织生活") == ["2024-09-27"]


def test_whether_it_was_approved_is_not_whether_it_was_held() -> None:
    rows = ledger("讲座论坛", "名称|举办时间|是否审批", "外教文化沙龙|2024年10月23日|否")
    assert held(facts(rows), "讲座论坛") == ["2024-10-23"]


@pytest.mark.parametrize(
    ("kind", "subject", "days", "text"),
    [
        ("党课", "书记", [], "3月5日，党总支副书记、院长沈若兰为学生党员讲授党课。"),
        ("党课", "院长", ["2024-03-05"], "3月5日，党总支副书记、院长沈若兰为学生党员讲授党课。"),
        ("党课", "书记", ["2024-03-05"], "3月5日，党委书记、副院长钱启明同志为全体党员上专题党课。"),
        ("党课", "书记", ["2024-06-28", "2024-09-12"], "书记钱启明6月28日、9月12日两次为师生讲党课。"),
        ("党课", "院长", ["2024-09-12"], "党总支书记和院长分别于3月5日、9月12日讲党课。"),
        ("党课", "书记", [], "3月5日，组织党员聆听学校党委书记讲党课。"),
        ("党课", "书记", ["2024-09-27"], "书记党课原定9月20日，后调整到9月27日举行，钱启明主讲。"),
        ("汇报", "", ["2024-06-30"], "6月30日将上半年意识形态工作情况书面上报校党委宣传部。"),
        ("汇报", "", [], "11月20日，党总支听取各支部意识形态工作专题汇报。"),
        ("专题研究", "", ["2024-04-02"], "4月2日召开上半年意识形态领域形势分析研判会。"),
    ],
)
def test_whose_and_what_a_sentence_tells(kind: str, subject: str, days: list[str], text: str) -> None:
    assert held(facts([paragraph(text)]), kind, subject) == days


@pytest.mark.parametrize(
    ("columns", "row", "days"),
    [
        ("月份|日期|内容", "3月|13日|习近平法治思想", ["2024-03-13"]),
        ("月份|学习内容", "三月|习近平法治思想", ["2024-03"]),
        ("月份|学习内容", "8月|（暑假）", []),
        ("月份|时间|学习内容", "8月|—|暑假未安排", []),
        ("时间|内容|开展情况", "2024.12.30|中央经济工作会|未开展", []),
    ],
)
def test_a_register_by_month(columns: str, row: str, days: list[str]) -> None:
    rows = ledger("Sheet1", columns, row, title="2024年教师理论学习一览表")
    assert held(facts(rows), "理论学习") == days


def test_columns_named_after_kinds_of_events_hold_their_days() -> None:
    rows = ledger("领导上讲台", "姓名|职务|党课时间|思政课时间", "钱启明|书记|2024-3-5、2024-9-10|2024-5-5")
    found = facts(rows)
    assert held(found, "党课", "书记") == ["2024-03-05", "2024-09-10"]
    assert held(found, "思政课", "书记") == ["2024-05-05"]


def test_news_in_other_words_of_the_one_study_that_the_register_has() -> None:
    rows = ledger("教师理论学习", "时间|学习内容", "2024-7-25|党的二十届三中全会精神")
    news = paragraph("7月25日，学院组织全体教师集中学习《关于进一步全面深化改革的决定》。", source="新闻.docx")
    assert held(facts([*rows, news]), "理论学习") == ["2024-07-25"]


def test_groups_of_columns_keep_their_own_lecturers() -> None:
    columns = "序号|党课/时间|党课/主讲人|思政课/时间|思政课/主讲人"
    found = facts(ledger("讲课", columns, "1|3.5|钱启明|4.10|沈若兰"))
    assert held(found, "党课", "书记") == ["2024-03-05"]
    assert held(found, "思政课", "院长") == ["2024-04-10"]
    assert held(found, "思政课", "书记") == []


def test_each_clause_has_its_own_lecturer_and_day() -> None:
    text = "书记钱启明、院长沈若兰均落实了讲思政课制度：钱启明9月10日讲“读懂中国”，沈若兰10月8日讲“强国有我”。"
    found = facts([paragraph(text)])
    assert held(found, "思政课", "书记") == ["2024-09-10"]
    assert held(found, "思政课", "院长") == ["2024-10-08"]
