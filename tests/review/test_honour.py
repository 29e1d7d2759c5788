"""A decision is on a text: it holds wherever the text stands now, and nowhere else."""

from dataclasses import replace

import pytest

from pipeline.model import Decision, Evidence, Locator
from pipeline.review import assign_numbers, honour
from pipeline.text import fingerprint

UNIT = "园林工程学院党总支"
TEXT = "4月18日下午，党总支召开会议听取学工办关于上半年舆情处置情况的汇报，研究了3项整改措施。"


def passage(text: str, number: int = 1, **more: object) -> Evidence:
    made = Evidence(
        id=f"E{number:011x}",
        department=UNIT,
        source=f"inputs/submissions/{UNIT}/纪要.pdf",
        locator=Locator(page=number),
        text=text,
        columns=None,
        heading=(),
        role="done",
        code="1.1(1)",
        also=("2.1(1)",),
        number=None,
        confidence=0.6,
        status="review",
        method="model",
        dates=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]  # the tests name fields and values freely


def decision(kind: str, text: str = TEXT, code: str | None = None, value: str = "", number: int = 1) -> Decision:
    return Decision(
        f"审-{number:03d}",
        kind,  # type: ignore[arg-type]  # the tests write kinds as plain words
        UNIT,
        fingerprint(text),
        text,
        code,
        value,
        who="张老师",
        row=number + 1,
    )


@pytest.mark.parametrize(
    "now",
    [
        TEXT,
        "（二） " + TEXT,
        TEXT.replace("，", ", ").replace("。", ""),
        TEXT.replace("党总支", "党 总 支"),
        "\n".join((TEXT[:20], TEXT[20:])),
    ],
)
def test_white_space_punctuation_and_numbering_do_not_matter(now: str) -> None:
    (item,), stale = honour([passage(now)], [decision("code", code="2.2(1)")])
    assert (item.code, item.status, item.method, item.also) == ("2.2(1)", "accepted", "decision", ())
    assert stale == ()


def test_ocr_noise_does_not_matter() -> None:
    noisy = TEXT.replace("党总支", "党总文").replace("舆情", "與情").replace("措施", "借施")
    (item, other), stale = honour(
        [passage(noisy, ocr=0.8), passage("会议通报期中教学检查和宿舍走访情况，布置安全工作。", 2)],
        [decision("code", code="2.2(1)")],
    )
    assert (item.code, other.method, stale) == ("2.2(1)", "model", ())


@pytest.mark.parametrize("now", [TEXT.replace("3项", "4项"), TEXT.replace("4月18日", "4月19日")])
def test_another_figure_is_another_text(now: str) -> None:
    (item,), stale = honour([passage(now)], [decision("strike")])
    assert item.status == "review"
    assert [d.id for d in stale] == ["审-001"]


def test_a_chinese_figure_counts_too() -> None:
    text = "全年专题研究意识形态工作两次，班子成员逐一表态，形成会议纪要并存档。"
    (item,), stale = honour([passage(text.replace("两次", "三次"))], [decision("none", text)])
    assert item.status == "review"
    assert stale


def test_another_name_is_another_text() -> None:
    text = "预备党员陈晓明同志按期转正，支部大会应到会党员二十一人，表决结果为全体同意。"
    _items, stale = honour([passage(text.replace("陈晓明", "赵国强"))], [decision("strike", text)])
    assert stale


def test_what_is_as_much_like_two_passages_goes_to_neither() -> None:
    near = [passage(TEXT.replace("听取", "听耳又"), 1, ocr=0.8), passage(TEXT.replace("下午", "下牛"), 2, ocr=0.8)]
    items, stale = honour(near, [decision("code", code="2.2(1)")])
    assert {item.method for item in items} == {"model"}
    assert stale


def test_a_passage_that_a_scan_cut_in_two_is_found() -> None:
    halves = [passage(TEXT[:21], 1, ocr=0.9), passage(TEXT[21:], 2, ocr=0.9)]
    items, stale = honour(halves, [decision("code", code="2.2(1)")])
    assert [item.code for item in items] == ["2.2(1)", "2.2(1)"]
    assert stale == ()


def test_words_are_not_struck_with_others_that_nobody_saw() -> None:
    longer = TEXT + "会议还讨论了实训室改造、教材选用和期末考试安排等事项，原则通过。"
    (moved,), _ = honour([passage(longer)], [decision("code", code="2.2(1)")])
    (kept,), stale = honour([passage(longer)], [decision("strike")])
    assert moved.code == "2.2(1)"
    assert kept.status == "review"
    assert stale


def test_a_struck_passage_belongs_nowhere() -> None:
    (item,), _ = honour([passage(TEXT)], [decision("strike")])
    assert (item.code, item.status, item.method) == (None, "none", "decision")


def test_an_edited_sentence_is_the_reviewers_own_and_the_original_points_to_it() -> None:
    twice = [passage(TEXT, 1), passage(TEXT, 2)]
    (first, second, own), _ = honour(twice, [decision("edit", value="4月18日，研究舆情处置。")], 2024)
    assert (own.source, own.number, own.text, own.code) == (
        "inputs/decisions.xlsx",
        "审-001",
        "4月18日，研究舆情处置。",
        "1.1(1)",
    )
    assert own.locator.as_json() == {"sheet": "决定", "row": 2}
    assert own.dates == ("2024-04-18",)
    assert {first.status, second.status} == {"duplicate"}
    assert {first.of, second.of} == {own.id}


def test_a_new_sentence_is_evidence_of_its_own() -> None:
    (_, own), stale = honour([passage(TEXT)], [decision("add", "", "2.1(1)", "党总支书记每月约谈一次支部书记。")])
    assert (own.status, own.code, own.number) == ("accepted", "2.1(1)", "审-001")
    assert stale == ()


def test_a_remark_is_shown_and_changes_nothing() -> None:
    (item,), _ = honour([passage(TEXT)], [decision("remark", value="请补签到表")])
    assert (item.code, item.status) == ("1.1(1)", "review")
    assert "请补签到表" in item.why[0]


def test_another_departments_decision_does_not_count() -> None:
    foreign = replace(decision("strike"), department="化工学院党总支")
    (item,), stale = honour([passage(TEXT)], [foreign])
    assert item.status == "review"
    assert stale == ()


def test_kept_numbers_follow_a_renamed_file_and_are_never_given_twice() -> None:
    old = Decision("", "number", UNIT, "ab" * 8, "inputs/submissions/x/旧名.docx", "1.1(1)", "1-1-1-03")
    items = [
        passage(TEXT, 1, source="inputs/submissions/x/新名.docx", status="accepted"),
        passage("另一段。", 2, source="inputs/submissions/x/另一份.docx", status="accepted"),
    ]
    hashes = {"inputs/submissions/x/新名.docx": "ab" * 32, "inputs/submissions/x/另一份.docx": "cd" * 32}
    assert [item.number for item in assign_numbers(items, [old], hashes)] == ["1-1-1-03", "1-1-1-04"]
