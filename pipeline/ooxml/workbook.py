"""A workbook that a person hands in or sends back, opened by openpyxl behind the same guard as every other package.

openpyxl unpacks whole parts whatever their size, holds every cell as an object and makes one for each cell of a merged
or linked range. So each part is unpacked here, within limits, looked through, and only then given to it, packed anew.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from lxml import etree

from pipeline.ooxml.package import Oversized, UnusablePackage, declared, open_package

if TYPE_CHECKING:
    from openpyxl import Workbook

Row = tuple[Any, ...]
_PART_MIB = 100
# How many opening brackets a book may have. A cell has four; one that is read row by row costs no memory of its own.
_SHEETS_READ, _SHEETS_HELD = 25_000_000, 1_000_000
_STRINGS = 6_000_000  # two to four a text: Excel's own limit is far above what any school's list reaches
_ELSEWHERE = 600_000  # styles, names, drawings: Excel has at most 65,490 cell formats
_ONE_ROW = 150_000  # also what stands outside the rows: validations, merged cells
_SPANNED = 1_000_000  # cells in merged and linked ranges: a title over a whole row has 16,384
_ROWS, _COLUMNS = 1_048_576, 16_384  # what Excel can hold
_CELLS = 30_000_000  # looked at in a sheet, empty ones too: formats may reach to the last row or column
_FILLED = 3_000_000  # cells with a content that are kept
_SAVE_ANEW = "请用 Excel 或 WPS 打开原件，另存为 .xlsx 后重新放入。"
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_SPAN = re.compile(rb"<(?:\w+:)?(mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*[\"']([^\"'>]*)")
_RANGE = re.compile(rb"\$?([A-Za-z]{1,9})\$?(\d{1,20}):\$?([A-Za-z]{1,9})\$?(\d{1,20})")
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding=[\"']([A-Za-z0-9._-]+)")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"utf8", b"ascii")
_EBCDIC = b"\x4c\x6f\xa7\x94\x93"  # <?xml
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
# what openpyxl lets through when parts are missing, cut or no XML; ElementTree's ParseError is a SyntaxError
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, etree.LxmlError, OSError, EOFError, NotImplementedError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, RecursionError),
)


def open_workbook(data: bytes, *, values: bool = True) -> "Workbook":
    """The workbook; `values`: formulas as what they gave when last saved. Raises UnusablePackage where it is none."""
    return _opened(_looked_through(data, _SHEETS_HELD), values, streamed=False)


def rows_of(data: bytes, *, values: bool = True) -> dict[str, list[Row]]:
    """The values of all sheets, row 1 first, without what is empty at the end of a row or sheet.

    `values`: formulas as what they gave, else as written. Raises UnusablePackage where it is no workbook.
    """
    return {title: [tuple(map(_value, row)) for row in rows] for title, rows in cells_of(data, values=values).items()}


def cells_of(data: bytes, *, values: bool = True) -> dict[str, list[Row]]:
    """As `rows_of`, with openpyxl's read-only cells, which know their kind and place."""
    room = _FILLED
    found: dict[str, list[Row]] = {}
    merged: dict[str, dict[int, list[tuple[int, int]]]] | None = None
    for title, rows in walk(data, values=values):
        merged = _merged(data) if merged is None else merged  # not before the whole was looked through
        kept, covered = found.setdefault(title, []), merged.get(title, {})
        filled = 0
        for number, line in enumerate(rows, 1):
            row = _uncovered(line, covered[number]) if number in covered else line
            kept.append(row)
            filled = number if row else filled
            room -= len(row)
            if room < 0:
                raise _oversized()
        del kept[filled:]
    return found


def _uncovered(row: Row, spans: list[tuple[int, int]]) -> Row:
    """The row without what stands under a merged cell: some programs leave it there, nobody sees it."""
    from openpyxl.cell.read_only import EMPTY_CELL

    cells = list(row)
    for first, last in spans:
        end = min(last, len(cells))
        cells[first - 1 : end] = [EMPTY_CELL] * (end - first + 1)
    while cells and cells[-1].value in (None, ""):
        cells.pop()
    return tuple(cells)


def _merged(data: bytes) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """By a sheet's title and row, the columns (first, last) that a merged cell covers without being its corner."""
    package = open_package(data, _PART_MIB)
    book = next((r.target for r in package.relationships().values() if r.type == "officeDocument"), "")
    if not package.has(book):
        raise _damaged()
    parts = package.relationships(book)
    found: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for sheet in package.xml(book).iter("{*}sheet"):
        target = next((parts[v].target for k, v in sheet.items() if k.endswith("}id") and v in parts), "")
        if not package.has(target):
            continue
        rows = found.setdefault(sheet.get("name") or "", {})
        for match in _SPAN.finditer(_as_ascii(package.bytes(target))):
            span = _RANGE.fullmatch(match[2].strip()) if match[1] == b"mergeCell" else None
            if span is not None:
                left, top, right, bottom = _column(span[1]), int(span[2]), _column(span[3]), int(span[4])
                for row in range(top, bottom + 1):
                    rows.setdefault(row, []).append((left + (row == top), right))
    return found


def walk(data: bytes, *, values: bool = True) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each sheet's title and rows of read-only cells, one in memory at a time; a row ends with its last content."""
    book = _opened(_looked_through(data, _SHEETS_READ), values, streamed=True)
    try:
        for sheet in book.worksheets:
            yield sheet.title, _rows(sheet)
    finally:
        book.close()


def properties_of(data: bytes) -> dict[str, str]:
    """The custom text properties by name; empty where there are none. Raises UnusablePackage where it is no workbook."""
    book = _opened(_looked_through(data, _SHEETS_READ), True, streamed=True)
    try:
        return {prop.name: str(prop.value) for prop in book.custom_doc_props.props}
    finally:
        book.close()


def _value(cell: Any) -> Any:
    """A cell's value; half a character (_xD800_ in the file) is none that could be written anywhere."""
    value = cell.value
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and not value.isascii() else value


def _oversized() -> Oversized:
    return Oversized("工作簿的内容多得不合常理，像是有意撑爆程序的，没有读取。", _SAVE_ANEW)


def _damaged() -> UnusablePackage:
    return UnusablePackage("工作簿已损坏，打不开。", _SAVE_ANEW)


def _opened(data: BytesIO, values: bool, streamed: bool) -> "Workbook":
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions (validation, drawings) that it leaves out
            return openpyxl.load_workbook(data, data_only=values, read_only=streamed)
    except _FAULTS as error:
        raise _damaged() from error


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the sheet says of its own size is not believed
    seen = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            seen += len(cells)
            if number > _ROWS or len(cells) > _COLUMNS or seen > _CELLS:
                raise _oversized()
            end = len(cells)
            while end and cells[end - 1].value in (None, ""):
                end -= 1
            yield tuple(cells[:end])
    except _FAULTS as error:
        raise _damaged() from error


# ---------------------------------------------------------------- before openpyxl sees it


def _looked_through(data: bytes, sheets: int) -> BytesIO:
    """The package unpacked within limits, looked through and packed anew, so that nothing else is in it."""
    package = open_package(data, _PART_MIB)
    package.check_sizes()
    room = {"sheets": sheets, "strings": _STRINGS, "elsewhere": _ELSEWHERE, "spanned": _SPANNED}
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in (n for n in package.names if n.partition("\0")[0]):  # one without a name is nobody's part
            part = package.bytes(name)
            _look_through(name.lower(), part, room)
            archive.writestr(name, part)
    return buffer


def _look_through(name: str, part: bytes, room: dict[str, int]) -> None:
    """Raises where a part is no honest XML, or where all parts so far hold more than there is room for."""
    text = _as_ascii(part)
    if not text.startswith(b"<"):  # a picture, or another program's data
        if name.endswith((".xml", ".rels", ".vml")) or text.startswith(_EBCDIC):
            raise _damaged()
        return
    encoding = _ENCODING.match(text)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise declared()
    if encoding is not None and encoding[1].lower() not in _ENCODINGS:
        raise _damaged()
    kind = "sheets" if _ROW.search(text) else "strings" if "sharedstrings" in name else "elsewhere"
    room[kind] -= text.count(b"<")
    room["spanned"] -= sum(_cells_in(match[2]) for match in _SPAN.finditer(text))
    if min(room.values()) < 0 or (kind == "sheets" and _longest(text) > _ONE_ROW):
        raise _oversized()


def _as_ascii(part: bytes) -> bytes:
    """The part with its tags in ASCII, from its first bracket on, whatever its name says that it is."""
    text = part.replace(b"\0", b"") if part.startswith(_UTF_16) else part
    return text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _longest(text: bytes) -> int:
    """The most tags between the beginnings of two rows: openpyxl holds that much at once."""
    most = at = 0
    for match in _ROW.finditer(text):
        most, at = max(most, text.count(b"<", at, match.start())), match.start()
    return max(most, text.count(b"<", at))


def _cells_in(span: bytes) -> int:
    """Cells in a range as it is written; no range at all where it is written in a way that hides its size."""
    if b"&" in span:
        return _SPANNED + 1
    match = _RANGE.fullmatch(span.strip())
    if match is None:
        return 1
    left, right = (_column(letters) for letters in (match[1], match[3]))
    return (abs(int(match[4]) - int(match[2])) + 1) * (abs(right - left) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
