"""The differences of two editions as a Word page: what a clerk takes into the meeting."""

import io
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.model import Change
from pipeline.ooxml.fixed import pack, parts_of

if TYPE_CHECKING:
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

LABELS = {"same": "未变", "reworded": "改写", "moved": "移动", "added": "新增", "removed": "删去"}
_COLUMNS = ("原编号", "新编号", "变化", "文字（删去的划线，新增的下划线）", "次数和数量的变化")
_WIDTHS = (1.7, 1.7, 1.5, 14.3, 5.5)  # cm, on A4 across with 2.5 cm margins


def summary(changes: Sequence[Change]) -> str:
    """How many of each kind, in words."""
    counts = Counter[str](change.change for change in changes)
    return "，".join(f"{label}{counts[kind]}条" for kind, label in LABELS.items() if counts[kind]) + "。"


def diff_docx(changes: Sequence[Change]) -> bytes:
    """A Word document with a table of all changes but the unchanged; the same changes give the same bytes."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2.5)
    title = document.add_paragraph().add_run("两版指南对照")
    title.font.size, title.bold = Pt(16), True
    title._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    document.add_paragraph(f"三级指标：{summary(changes)}没有变化的不列。")
    shown = [change for change in changes if change.change != "same"]
    table = document.add_table(rows=1, cols=len(_COLUMNS))
    table.style, table.autofit = document.styles["Table Grid"], False
    for cell, name in zip(table.rows[0].cells, _COLUMNS, strict=True):
        cell.paragraphs[0].add_run(name).bold = True
    _repeat(table.rows[0]._tr)
    for change in shown:
        _row(table.add_row().cells, change)
    for row in table.rows:
        for cell, width in zip(row.cells, _WIDTHS, strict=True):
            cell.width = Cm(width)
    buffer = io.BytesIO()
    document.save(buffer)
    return pack(parts_of(buffer.getvalue()).items())


def _repeat(row: object) -> None:
    """The header row stands on every page."""
    from docx.oxml import OxmlElement

    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]  # python-docx gives its elements no types
    properties.append(OxmlElement("w:tblHeader"))


def _row(cells: Sequence["_Cell"], change: Change) -> None:
    cells[0].text = change.old or "—"
    cells[1].text = change.new or "—"
    cells[2].text = LABELS[change.change]
    _pieces(cells[3].paragraphs[0], change)
    cells[4].text = "；".join(change.minimums)


def _pieces(paragraph: "Paragraph", change: Change) -> None:
    from docx.shared import RGBColor

    for kind, text in change.words:
        run: Run = paragraph.add_run(text)
        if kind == "-":
            run.font.strike, run.font.color.rgb = True, RGBColor(0xB0, 0x1C, 0x1C)
        elif kind == "+":
            run.font.underline, run.font.color.rgb = True, RGBColor(0x1C, 0x5A, 0x9C)
