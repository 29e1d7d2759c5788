"""Reads .xlsx and .xlsm workbooks: every sheet, hidden ones too, each row with its column names and Excel's row number.

The sheets are read as streams of events (`sheet_events`), so a declared dimension is never believed and memory is
bounded; number formats and dates are openpyxl's. Formulas give the result that was saved with them. Macros, external
links, DDE and embedded files are named, never followed. A document type declaration (entities) is refused.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.model import Locator, Problem
from pipeline.ooxml.package import UnusablePackage, open_package
from pipeline.read import cellformat
from pipeline.read.block import Block, NeedsOcr, Raw
from pipeline.read.parts import Parts
from pipeline.read.rows import Blocks, Cell, Grid, Line, Merge, blocks_of, sheet_data, sheet_heading
from pipeline.read.sheet_events import RawCell, scan, unescaped
from pipeline.settings import Settings
from pipeline.text import fold, weight

ERRORS = "错误值"  # names in the ledger of characters
HEADERS = "页眉页脚"
TOO_MANY = "超出上限的行"
CHARTS = "图表文字"
_REMEDY = "请用 Excel 或 WPS 打开修复，另存为 .xlsx 后重新放入。"

_REFERENCE = re.compile(r"^\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[A-Za-z])')


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet as workbook.xml names it. `part` is None where its file is missing."""

    name: str
    part: str | None
    hidden: bool
    kind: str = "worksheet"


@dataclass
class _Book:
    """What all sheets share, and what is gathered over them."""

    parts: Parts
    strings: list[str] = field(default_factory=list)
    styles: dict[str | None, cellformat.Style] = field(default_factory=dict)  # by the number that cells name
    plain: cellformat.Style = field(default_factory=cellformat.Style)
    mac: bool = False
    total: int = 0
    rows: int = 0
    characters: int = 0  # of all cells, blanks too
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    title: str = ""

    def skip(self, name: str, text: str) -> None:
        """Counts a text of the file that is left out by name."""
        n = weight(text)
        if n:
            self.total += n
            self.skipped[name] = self.skipped.get(name, 0) + n


def read(name: str, kind: str, data: bytes, settings: Settings, recognised: object) -> Raw | NeedsOcr | Problem:
    """A workbook as blocks; a Problem where it is damaged beyond reading or made to do harm."""
    try:
        parts = Parts(open_package(data, settings.reading.office_part_mib))
        book = _read_book(parts)
    except UnusablePackage as error:
        remedy = _REMEDY if ".docx" in error.remedy else error.remedy
        return Problem(path=name, stage="read", message=str(error), remedy=remedy)
    _name_extras(book)
    return Raw(
        blocks=tuple(book.blocks),
        total=book.total,
        skipped=book.skipped,
        head=tuple(book.head),
        title=book.title or _property(parts, "title"),
        pages=None,
        modified=_property(parts, "modified") or None,
        notes=tuple(book.notes),
    )


def _read_book(parts: Parts) -> _Book:
    sheets, most = _sheets(parts), sheet_data().limits.sheets
    if len(sheets) > most:
        raise UnusablePackage(
            f"工作簿里有{len(sheets)}张工作表，超过{most}张的上限。", "请删去无用的工作表后重新放入。"
        )
    book = _open_book(parts)
    for sheet in sheets:
        _read_sheet(book, sheet)
    return book


# ---------------------------------------------------------------- the book


def _sheets(parts: Parts) -> list[_Sheet]:
    """The sheets in the book's order; where the book's own list is broken, the sheets that are there."""
    main = parts.main()
    listed = _listed(parts, main) if main is not None else []
    if listed:
        return listed
    found = sorted((p for p in parts.names() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", p.lower())), key=_natural)
    if not found:
        raise UnusablePackage("文件里没有找到工作表，打不开。", "请向报送单位重新索取完整的文件。")
    return [_Sheet(f"工作表{i}", part, hidden=False) for i, part in enumerate(found, 1)]


def _listed(parts: Parts, main: str) -> list[_Sheet]:
    relations = parts.relations(main)
    sheets = []
    for i, element in enumerate(parts.xml(main).iterfind("{*}sheets/{*}sheet"), 1):
        relation = relations.get(_relation_id(element))
        part = parts.find(relation.target if relation else f"xl/worksheets/sheet{i}.xml")
        hidden = element.get("state", "visible") != "visible"
        name = fold(element.get("name") or "") or f"工作表{i}"
        sheets.append(_Sheet(name, part, hidden, relation.type if relation else "worksheet"))
    return sheets


def _relation_id(element: Any) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("}id")), "")


def _natural(part: str) -> tuple[int, str]:
    digits = re.search(r"(\d+)\.xml$", part)
    return (int(digits[1]) if digits else 0, part)


def _open_book(parts: Parts) -> _Book:
    main = parts.main()
    book = _Book(parts)
    relations = list(parts.relations(main).values()) if main is not None else []
    if main is not None:
        properties = parts.xml(main).find("{*}workbookPr")
        book.mac = properties is not None and properties.get("date1904", "0") in ("1", "true")
    strings = parts.find(next((r.target for r in relations if r.type == "sharedStrings"), "xl/sharedStrings.xml"))
    styles = parts.find(next((r.target for r in relations if r.type == "styles"), "xl/styles.xml"))
    if strings is not None:
        scan(parts.bytes(strings), lambda name, _, texts: book.strings.extend(texts) if name == "si" else None)
    if styles is not None:
        _styles(book, styles)
    return book


def _styles(book: _Book, part: str) -> None:
    try:
        root = book.parts.xml(part)
    except UnusablePackage:
        book.notes.append("单元格格式已损坏，日期和百分数可能显示为普通数字，请打开原件核对。")
        return
    own = {_integer(e.get("numFmtId")): e.get("formatCode", "") for e in root.iterfind("{*}numFmts/{*}numFmt")}
    fonts = [font.find("{*}b") is not None for font in root.iterfind("{*}fonts/{*}font")]
    made: dict[tuple[int, bool], cellformat.Style] = {}
    for i, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number, font = _integer(style.get("numFmtId")), _integer(style.get("fontId"))
        bold = font < len(fonts) and fonts[font]
        if (number, bold) not in made:
            code = cellformat.format_code(number, own)
            made[number, bold] = cellformat.Style(cellformat.formatter(code, book.mac), bold)
        book.styles[str(i)] = made[number, bold]
    book.styles[None] = book.styles.get("0", book.plain)


def _integer(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else 0


# ---------------------------------------------------------------- one sheet


def _read_sheet(book: _Book, sheet: _Sheet) -> None:
    label = f"工作表“{sheet.name}”"
    if sheet.kind != "worksheet":
        book.notes.append(f"{label}是图表或宏表，没有单元格，其中的文字没有作为佐证。")
        return
    if sheet.part is None:
        book.notes.append(f"{label}的内容在文件里找不到，请打开原件核对后另存。")
        return
    if sheet.hidden:
        book.notes.append(f"{label}是隐藏的，已读取并标明。")
    parsed = _Parsed()
    _parse(book, sheet, parsed)
    grid = Grid(
        lines=parsed.lines,
        place=_places(sheet.name),
        merges=parsed.merges,
        hidden_columns=frozenset(parsed.hidden_columns),
        hidden=sheet.hidden,
        under=sheet_heading(sheet.name),
        date_of=lambda text: cellformat.serial_date(int(text), book.mac) if text.isdigit() and len(text) == 5 else None,
    )
    blocks = blocks_of(grid)
    book.total += parsed.characters
    _take(book, blocks)
    _name_cells(book, sheet.name, parsed)
    _attached(book, sheet)


def _places(sheet: str) -> Callable[[int], Locator]:
    return lambda row: Locator(sheet=sheet, row=row)


def _take(book: _Book, blocks: Blocks) -> None:
    book.blocks.extend(blocks.blocks)
    book.notes.extend(blocks.notes)
    for name, n in blocks.skipped.items():
        book.skipped[name] = book.skipped.get(name, 0) + n
    book.title = book.title or blocks.title


@dataclass
class _Parsed:
    """One sheet's cells and what else its XML says."""

    lines: list[Line] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    characters: int = 0
    cells: int = 0
    hidden_rows: int = 0
    unsolved: list[str] = field(default_factory=list)  # formulas without a saved result
    errors: list[str] = field(default_factory=list)
    cut: int = 0  # rows beyond the limits


def _parse(book: _Book, sheet: _Sheet, parsed: _Parsed) -> None:
    assert sheet.part is not None
    number = 0

    def take(name: str, attributes: Mapping[str, str], content: Sequence[Any]) -> None:
        nonlocal number
        if name == "row":
            number = _row(book, attributes, content, number, parsed)
        elif name == "mergeCell":
            merge = _merge(attributes.get("ref", ""))
            if merge is not None:
                parsed.merges.append(merge)
        elif name == "col":
            if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
                first, last = _integer(attributes.get("min")), _integer(attributes.get("max"))
                parsed.hidden_columns.update(range(first - 1, min(last, sheet_data().limits.columns)))
        elif name == "headerFooter":
            _page_header(book, content)

    scan(book.parts.bytes(sheet.part), take)
    parsed.lines.sort(key=lambda line: line.number)


def _merge(reference: str) -> Merge | None:
    ends = [_REFERENCE.match(part) for part in reference.split(":")]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        return None
    (left, top), (right, bottom) = ((_column(m[1]), int(m[2])) for m in ends if m is not None)
    return Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _column(letters: str) -> int:
    """The place of a column from 0: A is 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def _row(book: _Book, attributes: Mapping[str, str], content: Sequence[RawCell], before: int, parsed: _Parsed) -> int:
    """Takes one row; returns its number (the one after `before` where the file does not say)."""
    limits = sheet_data().limits
    said = attributes.get("r")
    number = int(said) if said is not None and said.isdigit() else before + 1
    cells = _cells(book, content, number, parsed)
    if not cells:
        return number
    hidden = attributes.get("hidden") in ("1", "true")
    parsed.hidden_rows += hidden
    parsed.cells += len(cells)
    book.rows += 1
    here = sum(len(cell.text) for cell in cells)  # blanks and all: what is cut is too much to look at
    book.characters += here
    if book.rows > limits.rows or parsed.cells > limits.cells or book.characters > limits.characters:
        book.skipped[TOO_MANY] = book.skipped.get(TOO_MANY, 0) + here
        parsed.cut += 1
    else:
        here = weight("".join([cell.text for cell in cells]))
        parsed.lines.append(Line(number, tuple(cells), hidden))
    parsed.characters += here
    return number


def _cells(book: _Book, content: Sequence[RawCell], number: int, parsed: _Parsed) -> list[Cell]:
    """The cells of a row that show something. The innermost loop: one look-up each."""
    cells: list[Cell] = []
    what: Literal["text", "number", "date"]
    column, most, styles = -1, sheet_data().limits.columns, book.styles
    for attributes, value, formula, inline in content:
        get = attributes.get
        reference = get("r")
        if reference is None:
            column += 1
        else:
            known = _COLUMNS.get(reference.rstrip("0123456789"))
            column = known if known is not None else _place(reference, column)
        if value is None and inline is None:
            if formula:
                parsed.unsolved.append(reference or f"第{number}行")
            continue
        kind, style = get("t"), styles.get(get("s"), book.plain)
        text, what = "", "text"
        if kind == "inlineStr" and inline is not None:
            text = inline
        elif kind == "s":
            text = _shared(book, value)
        elif kind is None or kind == "n":
            text, what = style.shown.get(value) or style.show(value)
        else:
            text, what = _other(book, kind, value, inline, reference or f"第{number}行", parsed)
        if not text or text.isspace():
            continue
        if column < most:
            cells.append(Cell(column, text, what, style.bold))
        else:
            book.skip(TOO_MANY, text)
            parsed.cut += 1
    return cells


def _shared(book: _Book, value: str | None) -> str:
    index = int(value) if value is not None and value.strip().isdigit() else -1
    return book.strings[index] if 0 <= index < len(book.strings) else ""


def _place(reference: str, before: int) -> int:
    match = _REFERENCE.match(reference)
    return _column(match[1]) if match else before + 1


_COLUMNS: Mapping[str, int] = {chr(65 + i): i for i in range(26)} | {"A" + chr(65 + i): 26 + i for i in range(26)}


def _other(
    book: _Book, kind: str, value: str | None, inline: str | None, place: str, parsed: _Parsed
) -> cellformat.Shown:
    """A cell that holds neither a number nor a shared string."""
    if inline is not None and (kind == "inlineStr" or value is None):
        return inline, "text"
    value = value or ""
    if kind == "e":
        parsed.errors.append(place)
        book.skip(ERRORS, value)
        return "", "text"
    if kind == "b":
        return ("是" if value.strip() in ("1", "true") else "否"), "text"
    if kind == "d":
        return cellformat.iso_text(value.strip()), "date"
    return unescaped(value), "text"


def _page_header(book: _Book, texts: Sequence[str]) -> None:
    """Page headers and footers: left out by name, but a 密级 mark may stand in them."""
    for own in texts:
        text = fold(_CODES.sub(" ", own))
        if text:
            book.skip(HEADERS, text)
            book.head.append(text)


# ---------------------------------------------------------------- what hangs on a sheet


def _name_cells(book: _Book, name: str, parsed: _Parsed) -> None:
    label = f"工作表“{name}”"
    if parsed.unsolved:
        book.notes.append(
            f"{label}有{len(parsed.unsolved)}个单元格只有公式、没有保存计算结果（如 {parsed.unsolved[0]}），"
            "请用 Excel 或 WPS 打开保存一次后重新放入。"
        )
    if parsed.errors:
        book.notes.append(
            f"{label}有{len(parsed.errors)}个单元格是公式错误（如 {parsed.errors[0]}），没有收入，请核对。"
        )
    if parsed.hidden_rows:
        book.notes.append(f"{label}有{parsed.hidden_rows}行是隐藏的（或被筛选掉），已读取并标明。")
    if parsed.hidden_columns and any(c.column in parsed.hidden_columns for line in parsed.lines for c in line.cells):
        book.notes.append(f"{label}有隐藏的列，已读取并标明。")
    if parsed.cut:
        book.notes.append(f"{label}超出上限，后面的内容没有读取，请拆成几个工作簿后重新放入。")


def _attached(book: _Book, sheet: _Sheet) -> None:
    """Comments, text boxes, charts and pictures of one sheet. What is broken is named, the cells are read all the same."""
    assert sheet.part is not None
    relations = book.parts.relations(sheet.part).values()
    kind = "threadedComment" if any(r.type == "threadedComment" for r in relations) else "comments"
    for take, wanted in ((_comments, kind), (_drawing, "drawing")):
        for part in sorted(filter(None, (book.parts.find(r.target) for r in relations if r.type == wanted))):
            try:
                take(book, sheet, part)
            except UnusablePackage:
                what = "图形" if wanted == "drawing" else "批注"
                book.notes.append(f"工作表“{sheet.name}”的{what}已损坏，没有读取，请打开原件核对。")


def _comments(book: _Book, sheet: _Sheet, part: str) -> None:
    for element in book.parts.elements(part, "comment", "threadedComment"):
        body = element.find("{*}text")
        if body is None:
            continue
        runs = [t.text or "" for t in body.iter("{*}t") if not t.getparent().tag.endswith("}rPh")]
        text = unescaped("".join(runs) if len(body) else body.text or "")
        match = _REFERENCE.match(element.get("ref", ""))
        if fold(text):
            book.total += weight(text)
            locator = Locator(sheet=sheet.name, row=int(match[2]) if match else None)
            book.blocks.append(
                Block(text, locator, kind="comment", hidden=sheet.hidden, under=sheet_heading(sheet.name))
            )


def _drawing(book: _Book, sheet: _Sheet, part: str) -> None:
    pictures, charts = 0, 0
    for anchor in book.parts.elements(part, "twoCellAnchor", "oneCellAnchor", "absoluteAnchor"):
        row = anchor.find("{*}from/{*}row")
        number = int(row.text) + 1 if row is not None and (row.text or "").strip().isdigit() else None
        pictures += sum(1 for _ in anchor.iterfind(".//{*}pic"))
        charts += sum(1 for _ in anchor.iterfind(".//{*}graphicFrame"))
        for shape in anchor.iterfind(".//{*}sp"):
            for text in _paragraphs(shape):
                book.total += weight(text)
                locator = Locator(sheet=sheet.name, row=number)
                book.blocks.append(Block(text, locator, hidden=sheet.hidden, under=sheet_heading(sheet.name)))
    label = f"工作表“{sheet.name}”"
    if pictures:
        book.notes.append(f"{label}有{pictures}张图片，图片里的文字没有识别；如果是佐证，请另存为图片文件放入。")
    if charts:
        book.notes.append(f"{label}有{charts}个图表，图表取自单元格，没有另作佐证。")
        for relation in sorted(book.parts.relations(part).values(), key=lambda r: r.target):
            chart = book.parts.find(relation.target) if relation.type == "chart" else None
            if chart is not None:
                for text in _paragraphs(book.parts.xml(chart)):
                    book.skip(CHARTS, text)


def _paragraphs(shape: Any) -> Iterator[str]:
    for paragraph in shape.iterfind(".//{http://schemas.openxmlformats.org/drawingml/2006/main}p"):
        text = "".join(t.text or "" for t in paragraph.iterfind(".//{*}t"))
        if text.strip():
            yield text


# ---------------------------------------------------------------- what the book carries besides


def _name_extras(book: _Book) -> None:
    names = [name.lower() for name in book.parts.names()]
    links = [name for name in book.parts.names() if re.fullmatch(r"xl/externallinks/[^/]+\.xml", name.lower())]
    embedded = sum(name.startswith("xl/embeddings/") for name in names)
    if any(name.endswith("vbaproject.bin") for name in names):
        book.notes.append("工作簿带有宏，没有运行。")
    if links:
        book.notes.append(f"工作簿引用了{len(links)}个外部文件或程序，没有打开，表中是保存时的数值。")
    if any(b"ddeLink" in book.parts.bytes(name) for name in links):
        book.notes.append("工作簿里有 DDE 链接（会启动别的程序），没有执行；请核实来源。")
    if embedded:
        book.notes.append(f"工作簿里嵌入了{embedded}个文件，没有打开；如果是佐证，请另存后单独放入。")
    if "xl/connections.xml" in names:
        book.notes.append("工作簿连接了外部数据，没有连接，表中是保存时的数值。")


def _property(parts: Parts, name: str) -> str:
    """A core property (title, modified), or ""."""
    part = parts.find("docProps/core.xml")
    try:
        found = parts.xml(part).find("{*}" + name) if part is not None else None
    except UnusablePackage:
        return ""
    return fold(found.text or "") if found is not None else ""
