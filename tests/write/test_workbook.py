"""What every workbook keeps: texts stay texts, bytes stay the same, an edit is seen, Excel finds nothing to repair."""

import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from pipeline.write.review_list import review_list
from pipeline.write.roll import roll_up
from pipeline.write.score_sheet import score_sheet
from pipeline.write.workbook import Book, Cell, Formula, clean, content_hash, is_untouched, lines_of, marks
from tests.write.sheet_samples import DUPLICATES, HOSTILE, college, dossier, edition, rubric, summary


def book(text: str = "文字", number: float = 1.5) -> bytes:
    made = Book(edition(), "试样", "某某学院")
    sheet = made.sheet("表一", (10, 20, 10), repeat=1)
    sheet.row([Cell("甲", "head"), Cell("乙", "head"), Cell("丙", "head")])
    sheet.row([Cell(text), Cell(number, "points"), Cell(Formula("B2*2", number * 2), "points")])
    return made.save()


def cells(data: bytes, values: bool = False) -> list[Any]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=values)["表一"]
    return [sheet["A2"], sheet["B2"], sheet["C2"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_department_s_text_is_never_a_formula(text: str) -> None:
    cell = cells(book(text))[0]
    assert cell.data_type == "s"
    assert cell.value == clean(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x"])
def test_a_text_that_looks_like_a_formula_keeps_its_quote_when_edited(text: str) -> None:
    assert cells(book(text))[0].quotePrefix


def test_forbidden_characters_go_and_the_rest_stays() -> None:
    assert clean("a\x00b\x0bc\ud800d\r\ne😀𬭚") == "abcd\ne😀𬭚"


def test_an_overlong_text_is_cut_with_a_remark() -> None:
    cut = clean("字" * 40_000)
    assert len(cut) < 32_767
    assert cut.endswith("（单元格容纳不下，余下见原件）")


def test_same_values_same_bytes_and_no_clock() -> None:
    first = book()
    assert first == book()
    archive = zipfile.ZipFile(io.BytesIO(first))
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert archive.read("docProps/core.xml").count(b"2024-12-20T00:00:00Z") == 2


def test_formulas_carry_their_value_for_viewers_that_do_not_calculate() -> None:
    assert cells(book(number=2.25), values=True)[2].value == 4.5
    assert cells(book(number=2.25))[2].value == "=B2*2"


def test_the_properties_name_department_year_and_run() -> None:
    found = marks(book())
    assert (found["单位"], found["年度"], found["运行"]) == ("某某学院", "2024", "abcdef123456")


def test_an_untouched_file_is_known_and_a_changed_cell_is_seen() -> None:
    data = book()
    assert is_untouched(data) is True
    changed = openpyxl.load_workbook(io.BytesIO(data))
    changed["表一"]["B2"] = 1.0
    out = io.BytesIO()
    changed.save(out)
    assert is_untouched(out.getvalue()) is False


def test_a_formula_replaced_by_a_value_is_seen() -> None:
    changed = openpyxl.load_workbook(io.BytesIO(book()))
    changed["表一"]["C2"] = 3
    out = io.BytesIO()
    changed.save(out)
    assert is_untouched(out.getvalue()) is False


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook"])
def test_a_file_that_is_no_workbook_is_not_ours(data: bytes) -> None:
    assert is_untouched(data) is None


def test_a_workbook_without_our_mark_is_not_ours() -> None:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    assert is_untouched(out.getvalue()) is None


def test_saving_again_without_a_change_keeps_the_hash() -> None:
    data = book("=SUM(1)")
    out = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(out)
    assert content_hash(out.getvalue()) == content_hash(data)


def test_lines_count_chinese_characters_double() -> None:
    assert lines_of("字" * 30, 21.5) == 3
    assert lines_of("a" * 30, 21.5) == 2
    assert lines_of("一\n二", 20) == 2


@pytest.mark.parametrize("made", ["score sheet", "roll-up", "review list"])
def test_the_package_is_valid_open_xml(made: str, tmp_path: Path) -> None:
    data = {
        "score sheet": lambda: score_sheet(dossier(), edition(), rubric()),
        "roll-up": lambda: roll_up([summary(d) for d in college()], DUPLICATES, edition(), rubric()),
        "review list": lambda: review_list(college(), DUPLICATES, edition()),
    }[made]()
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
