"""A settled contradiction or pair of files stays settled when files are renamed or saved again, and no longer."""

from dataclasses import replace

import pytest

from pipeline.intake.signature import content_name, signature_of
from pipeline.model import Conflict, Decision, Duplicate, SourceFile
from pipeline.review import open_conflicts, settle_doubles
from pipeline.review.doubles import as_settled_before, conflict_name, conflict_text, pair_name, pair_text
from pipeline.text import fingerprint

UNIT, OTHER = "园林工程学院党总支", "化工学院党总支"
TEXTS = {"E1": "全年共召开党总支会议12次。", "E2": "3月5日召开党总支会议。", "E3": "4月9日召开党总支会议。"}
COUNTED = Conflict(
    "C1", UNIT, "次数不符", "材料写党总支会议12次，台账和会议记录里有日期的是10次：请核对。", ("E1", "E2", "E3")
)
PRESENT = Conflict("C2", UNIT, "实到超过应到", "实到9人多于应到7人（纪要.docx第3段）：请核对。", ("E2",))


def conflict_decision(conflict: Conflict, value: str = "不是矛盾", fingerprint_: str = "") -> Decision:
    text = conflict_text(conflict.kind, conflict.message)
    name = fingerprint_ or conflict_name(conflict, TEXTS)
    return Decision("审-001", "conflict", conflict.department, name, text, value=value)


def test_a_settled_contradiction_stays_closed_when_its_file_is_renamed() -> None:
    renamed = replace(
        PRESENT,
        id="C9",
        message=PRESENT.message.replace("纪要.docx第3段", "3月纪要（定稿）.docx第4段"),
        evidence=("E7",),
    )
    texts = {"E7": " 3月5日，召开党总支会议 "}
    assert open_conflicts([renamed], [conflict_decision(PRESENT)], texts) == ()


@pytest.mark.parametrize(
    "now",
    [
        replace(COUNTED, message=COUNTED.message.replace("10次", "11次")),
        replace(COUNTED, department=OTHER),
        replace(COUNTED, kind="日期不一致"),
        replace(COUNTED, evidence=("E1", "E4")),
    ],
)
def test_another_contradiction_is_open(now: Conflict) -> None:
    texts = {**TEXTS, "E4": "全年讲党课4次，各支部都有记录。"}
    assert open_conflicts([now], [conflict_decision(COUNTED)], texts) == (now,)


def test_one_that_the_department_must_correct_stays_and_says_so() -> None:
    (left,) = open_conflicts([COUNTED], [conflict_decision(COUNTED, "两处都要更正")], TEXTS)
    assert "两处都要更正，审-001" in left.message
    assert open_conflicts([left], [conflict_decision(COUNTED)], TEXTS) == ()  # the remark does not make it another


def test_a_row_written_by_hand_is_known_by_its_words() -> None:
    by_hand = conflict_decision(COUNTED, fingerprint_=fingerprint(conflict_text(COUNTED.kind, COUNTED.message)))
    assert open_conflicts([COUNTED], [by_hand], TEXTS) == ()


# ---------------------------------------------------------------- files that are alike

LINES = tuple(
    f"第{n}项工作由第{n}党支部牵头，全年共组织{n * 3}次集中学习，参加师生共{n * 41}人次，记录齐全。"
    for n in range(1, 16)
)


def contents(name: str, lines: tuple[str, ...] = LINES, digits: str = "a") -> str:
    file = SourceFile(name, UNIT, digits * 64, 1, "docx")
    return content_name(signature_of(file, "", None, ((line, "") for line in lines), len(lines)))


def pair(first: str = "甲/总结.docx", second: str = "乙/总结.docx", resaved: bool = False) -> Duplicate:
    paths = [f"inputs/submissions/{name}" for name in (first, second)]
    own = [LINES, (*LINES[:12], "本单位另外组织了三次调研活动，形成调研报告三份并全部落实。")]
    digits = "cd" if resaved else "ab"
    if resaved:  # a saved file loses a line's number here and there
        own = [(*lines[:-1], lines[-1] + "（完）") for lines in own]
    names = (contents(first, own[0], digits[0]), contents(second, own[1], digits[1]))
    return Duplicate("text", paths[0], paths[1], UNIT, OTHER, 0.9, "九成相同。", names)


def decided(on: Duplicate, value: str) -> Decision:
    return Decision("审-002", "conflict", OTHER, pair_name(on), pair_text(on.first, on.second), value=value)


def test_a_settled_pair_stays_settled_when_both_files_are_renamed_and_saved_again() -> None:
    now = pair("甲/改名 总结.docx", "乙/新/改名 总结.docx", resaved=True)
    settled = settle_doubles([now], [decided(pair(), "保留第一份")])
    assert settled.open == ()
    assert set(settled.left_out) == {now.second}


def test_sides_that_changed_places_are_told_apart_by_content() -> None:
    before, now = pair("院/b.docx", "院/c.docx"), pair("院/z.docx", "院/a.docx", resaved=True)
    turned = replace(now, first=now.second, second=now.first, contents=now.contents[::-1])
    assert set(settle_doubles([turned], [decided(before, "保留第一份")]).left_out) == {now.second}


def test_a_pair_of_other_departments_or_other_content_is_open() -> None:
    moved = pair("丙/总结.docx", "乙/总结.docx")
    rewritten = replace(
        pair(),
        contents=(
            contents(
                "x", LINES[:7] + tuple(f"重写的第{n}段，内容与先前的完全不同，请以这一稿为准。" for n in range(8)), "e"
            ),
            pair().contents[1],
        ),
    )
    decision = decided(pair(), "保留第一份")
    for now in (moved, rewritten):
        assert settle_doubles([now], [decision]).open == (now,)


def test_within_a_department_the_kept_file_is_read_and_the_other_is_not() -> None:
    now = replace(pair("院/初稿.docx", "院/终稿.docx"), second_department=UNIT, kind="version")
    settled = settle_doubles([now], [decided(now, "保留第一份")])
    assert settled.inside == {now.second: "初稿.docx"}
    assert settled.kept == {now.first}


def test_decisions_that_go_in_a_circle_leave_one_file() -> None:
    a, b, c = (f"inputs/submissions/院/{n}.docx" for n in "abc")
    pairs = [
        Duplicate("text", x, y, UNIT, UNIT, 1.0, "", (f"{x[-6]}:", f"{y[-6]}:")) for x, y in ((a, b), (b, c), (a, c))
    ]
    said = [
        replace(decided(p, v), id=f"审-{n}")
        for n, (p, v) in enumerate(zip(pairs, ("保留第一份", "保留第一份", "保留第二份"), strict=True))
    ]
    assert set(settle_doubles(pairs, said).left_out) == {b, c}


def test_a_decision_by_paths_alone_still_holds() -> None:
    old = replace(decided(pair(), "退回核实"), fingerprint=fingerprint("x"))
    (left,) = settle_doubles([pair()], [old]).open
    assert "退回核实，审-002" in left.reason


def test_a_later_decision_is_named_as_the_earlier_one_was() -> None:
    before = decided(pair(), "保留第一份")
    now = pair("乙/总结.docx", "甲/总结.docx", resaved=True)
    now = replace(now, contents=now.contents[::-1])
    again = as_settled_before(decided(now, "保留第一份"), [before])
    assert (again.fingerprint, again.text, again.value) == (before.fingerprint, before.text, "保留第二份")
