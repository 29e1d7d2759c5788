"""Workbooks that look alike, open everywhere, and are the same bytes for the same inputs.

Every Excel file of a run is written row by row through `Book` (openpyxl's streaming mode, so a province with two
thousand departments needs no more memory than a college). Three things are promised of each file:

- a text is a text: `=SUM(`, `+8`, `-1`, `@x` are stored as strings with Excel's quote prefix, never as formulas, and
  characters that XML forbids are taken out;
- formulas carry the value they give, so that a viewer that does not calculate shows figures, not blanks;
- `Book.save` sets every date to the edition's and leaves a hash of all values in a custom property, by which a file
  that a person changed is known (`is_untouched`), also after LibreOffice or WPS saved it.
"""

import hashlib
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

import openpyxl
from lxml import etree
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

from pipeline.model import Edition
from pipeline.ooxml.fixed import pack, parts_of
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import properties_of, walk

CELL_LIMIT = 32_000  # Excel holds 32,767 characters in a cell; a remark about the cut needs room
ROW_LIMIT = 409.0  # points, the greatest height of a row in Excel
HASH_PROPERTY = "内容散列"
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EXCEL_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA_LEAD = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_EMPTY_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)><f>(.*?)</f><v(?: ?/>|></v>)</c>', re.DOTALL)
_INLINE = re.compile(rb'<c([^>]*?)t="inlineStr"><is>(<t[ >].*?</t>|<t ?/>)</is></c>', re.DOTALL)
_STRINGS_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_STRINGS_RELATION = (
    b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    b'Target="/xl/sharedStrings.xml" Id="rIdStrings"/>'
)
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FONT_ORDER = (
    *("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign"),
    *("sz", "color", "name", "family", "charset", "scheme"),
)  # ISO/IEC 29500-1, CT_Font
_PAGE_WIDTH, _PAGE_HEIGHT = 769.0, 500.0  # points left on A4 landscape by the margins below
_STAMP = "{}T00:00:00Z"

RED = "9B1C1F"  # the deep red of a seal; the one accent of all outputs
INPUT = "FFF9D6"  # light yellow: a person fills this in
_HEAD = "F3E7E4"
_LEVEL = "FAF5F3"
_SUM = "F1F1EF"
_LINE = Side(style="thin", color="B9B2AF")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(frozen=True)
class Look:
    """How a cell looks. `size` in points; `locked` False is a cell to fill in."""

    font: str = "宋体"
    size: float = 10
    colour: str = "1F1F1F"
    fill: str = ""
    across: Literal["left", "center", "right"] = "left"
    down: Literal["top", "center"] = "center"
    wrap: bool = True
    number: str = "General"
    grid: bool = True
    locked: bool = True


LOOKS: dict[str, Look] = {
    "title": Look(font="黑体", size=18, across="center", grid=False),
    "subtitle": Look(size=10.5, colour="5A5452", grid=False),
    "section": Look(font="黑体", size=12, colour=RED, grid=False, wrap=False),
    "head": Look(font="黑体", size=10, fill=_HEAD, across="center"),
    "first": Look(font="黑体", fill=_LEVEL, down="top"),  # its block may run over pages: the name stands on the first
    "level": Look(fill=_LEVEL),
    "text": Look(),
    "small": Look(size=9),
    "centre": Look(across="center"),
    "points": Look(across="center", number="0.0#"),
    "count": Look(across="center", number="0"),
    "share": Look(across="center", number="0%"),
    "sum": Look(font="黑体", fill=_SUM),
    "sum_points": Look(font="黑体", fill=_SUM, across="center", number="0.0#"),
    "sum_count": Look(font="黑体", fill=_SUM, across="center", number="0"),
    "grade": Look(font="黑体", size=12, colour=RED, fill=_SUM, across="center"),
    "note": Look(size=9, colour="5A5452", grid=False),
    "bad": Look(across="center", colour="9C0006", fill="FBE3E1"),
    "good": Look(across="center", colour="1E5B31", fill="E4F1E6"),
    "unknown": Look(across="center", colour="6B5900", fill="FBF3D9"),
    "input": Look(fill=INPUT, locked=False),
    "input_small": Look(size=9, fill=INPUT, locked=False),
    "input_points": Look(fill=INPUT, across="center", number="0.0#", locked=False),
    "input_choice": Look(fill=INPUT, across="center", locked=False),
    "heat": Look(size=8.5, across="center", number="0%", wrap=False),
    "heat_none": Look(size=8.5, across="center", colour="8A8583", fill="EEECEA", wrap=False),
    "head_small": Look(font="黑体", size=8.5, fill=_HEAD, across="center"),
    "key": Look(size=8, colour="8A8583", wrap=False),
}


@dataclass(frozen=True)
class Formula:
    """A live formula with the value it gives now (`result`), which viewers that do not calculate show."""

    text: str
    result: float | str | None = None


@dataclass(frozen=True)
class Cell:
    """A value and the name of its look in `LOOKS`."""

    value: str | float | Formula | None
    look: str = "text"


def clean(text: str) -> str:
    """Text as a cell can hold it: control characters and half surrogates out, line ends `\\n`, cut with a remark."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if len(text) <= CELL_LIMIT else text[:CELL_LIMIT] + "……（单元格容纳不下，余下见原件）"


def width_of(text: str) -> int:
    """Display width in half-width columns: a Chinese character takes two, and so do “ ” — … in a Chinese font."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" or ord(c) > 0xFFFF else 1 for c in text)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of `width` (Excel's unit: digits of the default font)."""
    room = max(width - 1.5, 2.0)
    return sum(max(1, math.ceil(width_of(line) / room)) for line in text.split("\n"))


def plain(value: float | None) -> float | None:
    """A figure without the noise of binary fractions: at most four decimals."""
    return None if value is None else round(value, 4)


def shown(value: float) -> str:
    """A figure inside a sentence: 2, 2.5, 2.56."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Sheet:
    """One sheet of a `Book`, filled from the top; row and column numbers count from 1."""

    def __init__(self, book: "Book", sheet: Any, widths: Sequence[float], keys: str):
        self._book = book
        self.raw = sheet  # openpyxl's sheet, for what is set once: charts, conditional formats, filters
        self.widths = tuple(widths)
        self.rows = 0
        shrunk = min(1.0, _PAGE_WIDTH / sum((width * 7 + 5) * 0.75 for width in widths))  # 7 pixels a digit, 96 dpi
        self._page = _PAGE_HEIGHT / shrunk * 0.94  # programs differ by some per cent in how high a row comes out
        self._used = 0.0
        self._digest = hashlib.sha256()
        for column, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for letter in keys:  # openpyxl writes the columns with the first row, so they are hidden now or never
            sheet.column_dimensions[letter].hidden = True

    def row(self, cells: Sequence[Cell | None], height: float | None = None) -> int:
        """Append a row and return its number. Without `height` (points) it is as high as its longest text needs."""
        self.rows += 1
        high = min(ROW_LIMIT, height or self.needed(cells))
        self.raw.row_dimensions[self.rows].height = high
        self._used = self._used + high if self._used + high <= self._page else high
        self.raw.append([self._cell(cell, column) for column, cell in enumerate(cells, 1)])
        return self.rows

    def keep_together(self, height: float) -> None:
        """Begin a new printed page here where rows of `height` points in all would not fit on this one."""
        if self._used + height > self._page and height <= self._page:
            self.new_page()

    def new_page(self) -> None:
        """Begin a new printed page here."""
        if self.rows:
            self.raw.row_breaks.append(Break(id=self.rows))
            self._used = 0.0

    def blank(self, height: float = 8) -> int:
        """An empty row as a gap."""
        return self.row([], height)

    def line(self, text: str, look: str, last_column: int | None = None, height: float | None = None) -> int:
        """One text across the sheet, merged from the first column to `last_column`."""
        last = last_column or len(self.widths)
        room = sum(self.widths[:last])
        size = LOOKS[look].size
        high = height or lines_of(text, room * 10.5 / size) * size * 1.45 + 4
        row = self.row([Cell(text, look), *[None] * (last - 1)], high)
        if last > 1:
            self.merge(row, 1, row, last)
        return row

    def needed(self, cells: Sequence[Cell | None]) -> float:
        """The height in points that the longest text of a row needs."""
        high = 18.0
        for cell, width in zip(cells, self.widths, strict=False):
            if cell is not None and isinstance(cell.value, str) and LOOKS[cell.look].wrap:
                size = LOOKS[cell.look].size
                high = max(high, lines_of(cell.value, width * 10.5 / size) * size * 1.36 + 5)
        return high

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Merge a block; its value is the top left cell's."""
        if (top, left) != (bottom, right):
            self.raw.merged_cells.add(CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom))

    def choose(self, block: str, source: str, prompt: str, strict: bool = True) -> None:
        """A drop-down list over `block` (A1 notation). `source` is a range of another sheet, or `"a,b"`.

        Where not `strict`, Excel warns of another value and lets it stand.
        """
        rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
        rule.errorStyle = "stop" if strict else "warning"
        self._explain(rule, block, "请从列表中选择", prompt)

    def between(self, cell: str, least: float, most: str, prompt: str) -> None:
        """Only a decimal from `least` to `most` (a figure or a cell) may be typed into `cell`."""
        rule = DataValidation(type="decimal", operator="between", formula1=str(least), formula2=most, allow_blank=True)
        rule.showErrorMessage = True
        self._explain(rule, cell, "分数不在范围内", prompt)

    def protect(self) -> None:
        """Lock all but the cells to fill in, without a password; columns may still be widened and filtered."""
        protection = self.raw.protection
        protection.sheet = True
        for freedom in ("formatColumns", "formatRows", "autoFilter", "sort"):
            setattr(protection, freedom, False)

    def digest(self) -> str:
        """Hash of what the sheet holds so far."""
        return self._digest.hexdigest()

    def _explain(self, rule: Any, block: str, title: str, prompt: str) -> None:
        rule.errorTitle, rule.error = title, prompt
        rule.promptTitle, rule.prompt, rule.showInputMessage = "填写说明", prompt, True
        rule.add(block)
        self.raw.data_validations.append(rule)

    def _cell(self, cell: Cell | None, column: int) -> Any:
        if cell is None:
            return None
        value = cell.value
        if isinstance(value, str):
            value = clean(value)
        elif isinstance(value, float):
            value = plain(value)
        quoted = isinstance(value, str) and value.startswith(_FORMULA_LEAD)
        made = WriteOnlyCell(self.raw)
        made._style = self._book.style(cell.look, quoted)
        if isinstance(value, Formula):
            made.value = "=" + value.text
            self._book.remember(self.raw, f"{get_column_letter(column)}{self.rows}", value.result)
        elif isinstance(value, str):
            made.value = _EXCEL_ESCAPE.sub(r"_x005F_x\1_", value)  # else Excel shows _x0041_ as A
            made.data_type = "s"  # openpyxl would make a formula of a text that begins with =
        else:
            made.value = value
        self._digest.update(_hash_line(self.rows, column, "=" if isinstance(value, Formula) else value))
        return made


class Book:
    """A workbook being written. `kind` is what the file is (评分表, 审阅清单 …), `department` "" for the whole run."""

    def __init__(self, edition: Edition, kind: str, department: str = ""):
        self._edition = edition
        self._kind = kind
        self._department = department
        self._book: Any = openpyxl.Workbook(write_only=True)
        self._book._named_styles["Normal"].font = Font(name="Arial", size=10)  # column widths count its digits
        self._sheets: list[Sheet] = []
        self._styles: dict[tuple[str, bool], Any] = {}
        self._results: dict[str, dict[str, float | str]] = {}

    def sheet(
        self,
        title: str,
        widths: Sequence[float],
        *,
        hidden: bool = False,
        keys: str = "",
        repeat: int = 0,
        freeze: str = "",
        tab: str = "",
    ) -> Sheet:
        """A new sheet for A4 landscape, page numbers below. `repeat`: the row printed on every page and frozen above.

        `keys` are the letters of columns that are hidden: they say to a program which passage a row is.
        """
        raw = self._book.create_sheet(title)
        setup = raw.page_setup
        setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight = "landscape", 9, 1, 0
        raw.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
        margins = raw.page_margins
        margins.left = margins.right = 0.5
        margins.top, margins.bottom, margins.header, margins.footer = 0.6, 0.6, 0.3, 0.3
        raw.print_options.horizontalCentered = True
        raw.oddFooter.center.text = "— &P —"
        raw.oddFooter.left.text = _footer(self._department or self._kind)
        raw.oddFooter.right.text = _footer(f"{self._edition.year}年度 {title}")
        raw.sheet_view.showGridLines = False
        if repeat:
            raw.print_title_rows = f"{repeat}:{repeat}"
            raw.freeze_panes = freeze or f"A{repeat + 1}"
        if tab:
            raw.sheet_properties.tabColor = tab
        if hidden:
            raw.sheet_state = "hidden"
        made = Sheet(self, raw, widths, keys)
        self._sheets.append(made)
        return made

    def style(self, look: str, quoted: bool) -> Any:
        """openpyxl's style record of a look; made once, shared by all its cells."""
        if (look, quoted) not in self._styles:
            self._styles[look, quoted] = self._make_style(LOOKS[look], quoted)
        return self._styles[look, quoted]

    def remember(self, raw: Any, cell: str, result: float | str | None) -> None:
        """Keep a formula's value until the file is written."""
        if result is not None:
            self._results.setdefault(raw.title, {})[cell] = result

    def save(self) -> bytes:
        """The finished file."""
        self._describe()
        buffer = io.BytesIO()
        self._book.save(buffer)
        results = {
            f"xl/worksheets/sheet{number}.xml": self._results.get(sheet.raw.title, {})
            for number, sheet in enumerate(self._sheets, 1)
        }
        return _settle(buffer, results, self._edition.stamp)

    def _describe(self) -> None:
        edition = self._edition
        properties = self._book.properties
        properties.creator = properties.lastModifiedBy = "双创"
        properties.title = f"{edition.year}年度{self._kind}"
        content = hashlib.sha256()
        for sheet in self._sheets:
            content.update(f"{sheet.raw.title}\x1f{sheet.digest()}\n".encode())
        marks = {
            "文种": self._kind,
            "单位": self._department,
            "年度": str(edition.year),
            "运行": edition.run,
            HASH_PROPERTY: content.hexdigest(),
        }
        for name, value in marks.items():
            if value:
                self._book.custom_doc_props.append(StringProperty(name=name, value=clean(value)))

    def _make_style(self, look: Look, quoted: bool) -> Any:
        cell = WriteOnlyCell(self._sheets[0].raw)
        cell.font = Font(name=look.font, size=look.size, color=look.colour)
        if look.fill:
            cell.fill = PatternFill("solid", start_color=look.fill, end_color=look.fill)
        cell.alignment = Alignment(horizontal=look.across, vertical=look.down, wrap_text=look.wrap)
        cell.number_format = look.number
        if look.grid:
            cell.border = _GRID
        cell.protection = Protection(locked=look.locked)
        cell.quotePrefix = quoted
        return cell._style


def content_hash(data: bytes) -> str:
    """Hash of every value of a workbook, sheet by sheet; a formula counts as a formula, whatever it says.

    Looks, widths and the way the file is packed do not count, so saving unchanged in Excel, WPS or LibreOffice
    keeps the hash.
    """
    content = hashlib.sha256()
    for title, rows in walk(data, values=False):
        digest = hashlib.sha256()
        for cells in rows:
            for cell in cells:
                if cell.value is not None:
                    value = "=" if cell.data_type == "f" else cell.value
                    digest.update(_hash_line(cell.row, cell.column, value))
        content.update(f"{title}\x1f{digest.hexdigest()}\n".encode())
    return content.hexdigest()


def marks(data: bytes) -> dict[str, str]:
    """The custom properties of a workbook by name: 文种, 单位, 年度, 运行, 内容散列. Raises UnusablePackage."""
    return properties_of(data)


def is_untouched(data: bytes) -> bool | None:
    """Whether the workbook holds what the program wrote; None where it is no workbook or carries no mark of ours."""
    try:
        kept = marks(data).get(HASH_PROPERTY)
        return None if kept is None else kept == content_hash(data)
    except UnusablePackage:
        return None


def _hash_line(row: int, column: int, value: Any) -> bytes:
    if value is None or value == "":
        return b""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = format(value, ".10g")
    folded = " ".join(str(value).split())
    return f"{row}\x1f{column}\x1f{folded}\n".encode() if folded else b""


def _footer(text: str) -> str:
    """A footer's text: & begins a field code there, so it is doubled; Excel takes 255 characters for all three parts."""
    return clean(text).replace("&", "&&")[:60]


def _settle(buffer: io.BytesIO, results: dict[str, dict[str, float | str]], stamp: str) -> bytes:
    """The package again with fixed dates, fixed order, shared strings and the formulas' values."""
    strings: dict[bytes, int] = {}
    uses = 0
    parts = parts_of(buffer.getvalue())
    done: list[tuple[str, bytes]] = []
    for name in _ordered(parts):
        data = parts[name]
        if name == "docProps/core.xml":
            data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", _STAMP.format(stamp[:10]).encode(), data)
        elif name == "docProps/app.xml":
            data = data.replace(b"Microsoft Excel", b"Shuangchuang")
        elif name == "xl/styles.xml":
            data = _fonts_in_order(data)
        elif name == "[Content_Types].xml":
            data = data.replace(b"</Types>", _STRINGS_TYPE + b"</Types>")
        elif name == "xl/_rels/workbook.xml.rels":
            data = data.replace(b"</Relationships>", _STRINGS_RELATION + b"</Relationships>")
        elif name.startswith("xl/worksheets/sheet"):
            data, used = _with_shared_strings(_with_results(data, results.get(name, {})), strings)
            uses += used
        done.append((name, data))
    return pack([*done, ("xl/sharedStrings.xml", _string_table(strings, uses))])


def _with_shared_strings(data: bytes, strings: dict[bytes, int]) -> tuple[bytes, int]:
    """A sheet with its texts moved to the table of shared strings, which is what Excel itself writes."""

    def moved(match: re.Match[bytes]) -> bytes:
        index = strings.setdefault(match[2], len(strings))
        return b'<c%st="s"><v>%d</v></c>' % (match[1], index)

    data, used = _INLINE.subn(moved, data)
    return data.replace(b' t="inlineStr"></c>', b"></c>"), used  # an empty text is an empty cell


def _string_table(strings: dict[bytes, int], uses: int) -> bytes:
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<sst xmlns="%s" count="%d" uniqueCount="%d">'
    body = b"".join(b"<si>%s</si>" % text for text in strings)
    return head % (_MAIN, uses, len(strings)) + body + b"</sst>"


def _fonts_in_order(data: bytes) -> bytes:
    """The style sheet with the children of each font in the order that the standard's schema wants."""
    root = etree.fromstring(data)
    for font in root.iter("{*}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def _ordered(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name != "[Content_Types].xml", not name.startswith("_rels"), name))


def _with_results(data: bytes, results: dict[str, float | str]) -> bytes:
    def filled(match: re.Match[bytes]) -> bytes:
        result = results.get(match[1].decode())
        if result is None:
            return match[0]
        kind, text = (b' t="str"', escape(result)) if isinstance(result, str) else (b"", repr(plain(result)))
        return b'<c r="%s"%s%s><f>%s</f><v>%s</v></c>' % (match[1], match[2], kind, match[3], text.encode())

    return _EMPTY_FORMULA.sub(filled, data)
