"""decisions.xlsx: readable, editable by hand, nothing in it ever lost; and carried over to another guideline."""

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import UnusableWorkspace
from pipeline.model import Decision, Guideline, Indicator
from pipeline.review import book as writing
from pipeline.review import carry_over, read_decisions, unheeded
from pipeline.review.decisions import DecisionBook, code_of
from pipeline.workspace import Workspace

UNIT = "园林工程学院党总支"
OLD = Guideline(
    "2023年指南",
    2023,
    (
        Indicator("1", 1, None, "组织领导到位"),
        Indicator("1.1", 2, "1", "有效宣传贯彻执行"),
        Indicator("1.1(1)", 3, "1.1", "对照示范文本及时传达部署上级党组织决议，逐项抓好落实。"),
        Indicator("1.1(2)", 3, "1.1", "班子成员工作职责明晰，分工合作，每月沟通。"),
        Indicator("1.1(3)", 3, "1.1", "每季度报送宣传稿件，做好校报征订。"),
    ),
    sha256="a" * 64,
)
NEW = Guideline(
    "2024年指南",
    2024,
    (
        Indicator("1", 1, None, "组织领导到位"),
        Indicator("1.1", 2, "1", "有效宣传贯彻执行"),
        Indicator("1.1(1)", 3, "1.1", "班子成员工作职责明晰，分工合作，每月沟通。"),
        Indicator("1.1(2)", 3, "1.1", "对照示范文本，及时传达部署上级党组织决议，逐项抓好落实。"),
    ),
    sha256="b" * 64,
)


def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "inputs").mkdir()
    return Workspace(tmp_path)


def made(number: int, kind: str, **more: object) -> Decision:
    return Decision(f"审-{number:03d}", kind, UNIT, **more)  # type: ignore[arg-type]  # kinds as plain words


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    decisions = (
        made(
            1, "code", text="甲乙丙", fingerprint="f" * 16, code="1.1(1)", who="张", when="2024-12-20 09:00", year=2024
        ),
        made(2, "add", code="1.1(2)", value="=看起来像公式", role="problem", year=2024, guideline="a" * 12),
        Decision("", "number", UNIT, "0" * 16, "inputs/x.docx", "1.1(1)", "1-1-1-01", year=2024),
    )
    writing.save(place, DecisionBook(guidelines={"a" * 12: OLD}), decisions, {}, ())
    again = read_decisions(place)
    assert [(d.id, d.kind, d.text, d.code, d.value, d.who, d.when, d.year, d.role) for d in again.decisions] == [
        (d.id, d.kind, d.text, d.code, d.value, d.who, d.when, d.year, d.role) for d in decisions
    ]
    assert again.by_hand == frozenset()
    assert [i.text for i in again.guidelines["a" * 12].indicators] == [i.text for i in OLD.indicators]


def test_the_same_decisions_give_the_same_bytes(tmp_path: Path) -> None:
    decisions = (made(1, "none", text="甲乙丙"),)
    assert writing.dump(DecisionBook(), decisions, {}, ()) == writing.dump(DecisionBook(), decisions, {}, ())


def test_rows_columns_and_sheets_of_a_persons_own_are_kept(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "决定"
    for row in (
        ("单位", "类型", "指标", "段落原文", "内容", "我的记号"),
        (UNIT, "改归指标", "１．１（2）", "甲乙丙丁", None, "问过了"),
        (UNIT, "随便写的", None, "看不懂的一行", None, "留着"),
        (UNIT, "复核分", "1.1(1)", None, 2.0, None),
    ):
        sheet.append(row)
    book.create_sheet("草稿").append(["我的笔记"])
    book.save(place.decisions)
    read = read_decisions(place)
    assert [(d.id, d.kind, d.code, d.value) for d in read.decisions] == [
        ("审-001", "code", "1.1(2)", ""),
        ("审-002", "score", "1.1(1)", "2"),
    ]
    assert [(p.place, "随便写的" in p.message) for p in read.problems] == [("第3行", True)]
    assert read.by_hand == {"审-001", "审-002"}
    writing.save(place, read, read.decisions, {}, ())
    written = openpyxl.load_workbook(place.decisions)
    cells = [[cell for cell in row if cell] for row in written["决定"].iter_rows(min_row=2, values_only=True)]
    assert any("问过了" in row for row in cells)
    assert any("看不懂的一行" in row and "留着" in row for row in cells)
    assert written["草稿"]["A1"].value == "我的笔记"


def test_a_lost_column_is_named(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["单位", "指标"])
    book.save(place.decisions)
    with pytest.raises(UnusableWorkspace, match="类型"):
        read_decisions(place)


@pytest.mark.parametrize(
    ("typed", "code"), [("1.1(2)", "1.1(2)"), ("１．１（２）", "1.1(2)"), ("1.1 (2) 班子成员", "1.1(2)")]
)
def test_codes_as_people_type_them(typed: str, code: str) -> None:
    assert code_of(typed) == code


def test_codes_carry_over_to_another_guideline() -> None:
    old = {"guideline": "a" * 12, "year": 2023}
    book = DecisionBook(
        decisions=(
            made(1, "code", text="传达决议的一段", code="1.1(1)", **old),
            made(2, "none", text="食堂的一段", **old),
            made(3, "code", text="征订的一段", code="1.1(3)", **old),
            made(4, "score", code="1.1(1)", value="3", **old),
            Decision("", "number", UNIT, text="x.docx", code="1.1(1)", value="1-1-1-01", guideline="a" * 12, year=2023),
            made(5, "code", text="今年的一段", code="1.1(2)", year=2024),
        ),
        guidelines={"a" * 12: OLD},
    )
    carried = carry_over(book, NEW, 2024)
    assert [(d.id, d.code) for d in carried.earlier] == [("审-001", "1.1(2)"), ("审-002", None)]
    assert [(d.id, d.code) for d in carried.current] == [("审-005", "1.1(2)")]
    assert [d.id for d in carried.lost] == ["审-003"]
    assert any("审-003" in p.message and "征订的一段" in p.message for p in unheeded(carried, {UNIT}, ()))
