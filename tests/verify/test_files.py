"""What of a Word or Excel file counts as said: by what is in it, wherever it stands; nothing that programs change."""

import io
from collections.abc import Callable
from dataclasses import replace

import openpyxl

from pipeline.model import Decision
from pipeline.ooxml.fixed import pack, parts_of
from pipeline.verify.document import check_word
from pipeline.verify.workbook import check_workbook
from pipeline.write import department_documents
from tests.write import making

ITEMS = [making.evidence(1, "党总支专题研究网络安全工作，形成纪要两份。")]
DOCUMENTS = dict(
    department_documents(making.dossier(ITEMS), making.edition(), making.RUBRIC, making.SETTINGS, making.templates())
)
LIST, SCORES = DOCUMENTS["补充材料清单.docx"], DOCUMENTS["2024年度双创评分表.xlsx"]


def said(change: Callable[[dict[str, bytes]], None]) -> list[str]:
    """What is named in the list to send back after a change to its parts."""
    parts = parts_of(LIST)
    change(parts)
    guideline = [i.text for i in making.GUIDELINE.indicators]
    return [f.place for f in check_word("清单.docx", pack(parts.items()), LIST, None, guideline).unproved]


def swap(name: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        text = parts[name].decode()
        assert old in text, old
        parts[name] = text.replace(old, new, 1).encode()

    return change


def test_a_page_number_that_another_program_counted_is_no_change() -> None:
    assert said(lambda parts: None) == []
    assert said(swap("word/footer1.xml", "<w:t>1</w:t>", "<w:t>17</w:t>")) == []


def test_words_in_a_footer_are_a_change_whatever_the_part_is_called() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/kopf.xml"] = parts["word/footer1.xml"].replace("—".encode(), "已核".encode())

    assert set(said(change)) == {"页脚"}


def test_another_body_than_the_usual_part_is_the_one_that_is_read() -> None:
    def change(parts: dict[str, bytes]) -> None:
        parts["word/other.xml"] = parts["word/document.xml"].replace("材料".encode(), "才料".encode())
        swap("_rels/.rels", "word/document.xml", "word/other.xml")(parts)

    assert said(change)


def test_words_struck_out_by_hand_are_left_out_and_their_absence_is_named() -> None:
    assert said(swap("word/document.xml", "<w:rPr>", "<w:rPr><w:strike/>"))


def scores(change: Callable[[openpyxl.Workbook], None], decisions: tuple[Decision, ...] = ()) -> list[str]:
    """What is named in the score sheet after a change to its cells."""
    book = openpyxl.load_workbook(io.BytesIO(SCORES))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return [f.place for f in check_workbook("评分表.xlsx", buffer.getvalue(), SCORES, decisions=decisions).unproved]


def row_of(book: openpyxl.Workbook, code: str) -> dict[str, openpyxl.cell.Cell]:
    sheet = book["评分表"]
    head = next(row for row in sheet.iter_rows() if any(c.value == "复核分" for c in row))
    place = next(c.column for c in head if c.value == "编码")
    row = next(r for r in sheet.iter_rows() if r[place - 1].value == code)
    return {str(h.value): c for h, c in zip(head, row, strict=True)}


def test_a_score_that_a_person_decided_counts_for_its_own_indicator_alone() -> None:
    decided = Decision("审-001", "score", making.UNIT, code="1.1(1)", value="12", year=2024)

    def fill(code: str) -> Callable[[openpyxl.Workbook], None]:
        def change(book: openpyxl.Workbook) -> None:
            row_of(book, code)["复核分"].value = 12

        return change

    assert scores(lambda book: None) == []
    assert scores(fill("1.1(1)"), (decided,)) == []
    assert len(scores(fill("2.1(1)"), (decided,))) == 1
    assert len(scores(fill("1.1(1)"), (replace(decided, value="11"),))) == 1


def test_a_format_that_prints_another_figure_is_named() -> None:
    def change(book: openpyxl.Workbook) -> None:
        row_of(book, "2.1(1)")["分值"].number_format = '"99"'

    assert len(scores(change)) == 1


def test_a_note_on_a_cell_and_a_footer_are_part_of_what_the_sheet_says() -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["评分表"]["A1"].comment = openpyxl.comments.Comment("此表作废", "某人")
        book["评分表"].oddFooter.center.text = "已复核"

    assert set(scores(change)) == {"批注", "页眉页脚"}
