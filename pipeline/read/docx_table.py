"""DOCX tables: rows as a person sees them, merged cells carried into every row they cover, nested tables in place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

from lxml import etree

from pipeline.model import Locator, PassageKind
from pipeline.ooxml.numbering import VAL, W
from pipeline.ooxml.styles import flag, number, value
from pipeline.read import tabular
from pipeline.read.block import Block, join_cells
from pipeline.read.grid import Row as GridRow
from pipeline.text import weight

_MOST_COLUMNS = 256  # a wider span is damage
_FORM_LABEL = re.compile(r"^[\u4e00-\u9fff（）()/、“”\s]{2,10}[:：]?$")


class LineLike(Protocol):
    """What the walker gives for a paragraph."""

    boxes: list[etree._Element]
    pictures: list[str]
    marks: list[tuple[str, str]]
    added: int
    page: int | None

    @property
    def text(self) -> str: ...


class Reader(Protocol):
    """What a table needs of the walker."""

    saved_pages: bool

    def paragraph(self, element: etree._Element) -> LineLike | None: ...

    def skip(self, name: str, element: etree._Element) -> None: ...

    def content(self, element: etree._Element) -> Iterator[etree._Element]: ...


@dataclass(slots=True)
class Cell:
    """One cell. `start`, `span`: grid columns; `merged`: it goes on from the row above, whose text it shows."""

    start: int
    span: int
    merged: bool = False
    lines: list[LineLike] = field(default_factory=list)
    nested: list[etree._Element] = field(default_factory=list)
    text: str = ""
    repeated: int = 0  # characters carried down from the row above
    begins: int = 0  # the row, from 1, in which a cell of several rows begins; 0 for others

    def own(self) -> str:
        return "\n".join(line.text for line in self.lines if line.text)


@dataclass(slots=True)
class Row:
    """One row as a person sees it."""

    cells: list[Cell]
    heads: bool  # Word repeats it on every page


@dataclass(frozen=True, slots=True)
class RowBlocks:
    """What one row gives: its blocks, and what stands in it besides text."""

    place: Locator
    blocks: tuple[Block, ...]
    pictures: tuple[str, ...]
    boxes: tuple[etree._Element, ...]
    marks: tuple[tuple[str, str], ...]
    nested: tuple[etree._Element, ...]


def gather(table: etree._Element, reader: Reader, deleted: str) -> list[Row]:
    """The rows of a w:tbl with the text of vertically merged cells carried down; deleted rows are left out."""
    rows: list[Row] = []
    above: dict[int, Cell] = {}
    for element in reader.content(table):
        if element.tag != W + "tr":
            continue
        properties = element.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            reader.skip(deleted, element)
            continue
        row = _row(element, properties, reader, deleted)
        for cell in row.cells:
            _carry(cell, above.get(cell.start), len(rows))
        above = {cell.start: cell for cell in row.cells}
        rows.append(row)
    return rows


def _row(element: etree._Element, properties: etree._Element | None, reader: Reader, deleted: str) -> Row:
    at = 0 if properties is None else _span(value(properties, "gridBefore"), 0)
    cells: list[Cell] = []
    for child in reader.content(element):
        if child.tag != W + "tc":
            continue
        shape = _shape(child)
        if shape.deleted:
            reader.skip(deleted, child)
            continue
        cell = Cell(at, shape.span, shape.goes_down)
        at += cell.span
        _fill(cell, child, reader)
        if shape.goes_right and cells:
            cells[-1].span += cell.span
            cells[-1].lines += cell.lines
            cells[-1].nested += cell.nested
        else:
            cells.append(cell)
    return Row(cells, properties is not None and flag(properties, "tblHeader", False))


def _span(text: str | None, default: int) -> int:
    return min(max(number(text, default) or default, 0), _MOST_COLUMNS)


class _Shape(NamedTuple):
    """What w:tcPr says of a cell's place."""

    span: int = 1
    goes_down: bool = False
    goes_right: bool = False
    deleted: bool = False


def _shape(cell: etree._Element) -> _Shape:
    shape = _Shape()
    if not len(cell) or cell[0].tag != W + "tcPr":
        return shape
    for child in cell[0]:
        tag = child.tag
        if tag == W + "gridSpan":
            shape = shape._replace(span=_span(child.get(VAL), 1))
        elif tag == W + "vMerge":
            shape = shape._replace(goes_down=child.get(VAL, "continue") != "restart")
        elif tag == W + "hMerge":
            shape = shape._replace(goes_right=child.get(VAL, "continue") != "restart")
        elif tag == W + "cellDel":
            shape = shape._replace(deleted=True)
    return shape


def _fill(cell: Cell, element: etree._Element, reader: Reader) -> None:
    for child in reader.content(element):
        if child.tag == W + "p":
            line = reader.paragraph(child)
            if line is not None:
                cell.lines.append(line)
        elif child.tag == W + "tbl":
            cell.nested.append(child)


def _carry(cell: Cell, above: Cell | None, row: int) -> None:
    """A cell that goes on from above, the `row`-th, shows its text. (Text of its own, which Word hides, stays in its row.)"""
    cell.text = cell.own()
    if cell.merged and above is not None and not cell.text:
        above.begins = cell.begins = above.begins or row
        cell.text = above.text
        cell.repeated = weight(above.text)


# ---------------------------------------------------------------- rows as blocks


def blocks(rows: list[Row], place: Locator, saved_pages: bool) -> Iterator[RowBlocks]:
    """The rows in order. `place` with a table but no row is a table of the body: its rows are counted on from it."""
    width = max((cell.start + cell.span for row in rows for cell in row.cells), default=0)
    titles, depth, names = _header(rows, width)
    title = tuple(text for row in rows[:titles] if (text := " ".join(c.text for c in row.cells if c.text)))
    for index, row in enumerate(rows):
        here = place if place.table is None or place.row is not None else replace(place, row=index + 1)
        page = next((line.page for cell in row.cells for line in cell.lines if line.page), None)
        if saved_pages and page is not None:
            here = replace(here, page=page, page_basis="saved")
        made: tuple[Block, ...]
        if index < titles:
            made = tuple(b.but(prominent=True, whole=True) for b in _prose(row, here))
        elif index < titles + depth:
            made = _cells(row, here, None, title, head=True)
        else:
            made = _prose(row, here) if _is_prose(row, width) else _cells(row, here, names, title, head=False)
        yield RowBlocks(
            here,
            made,
            tuple(key for cell in row.cells for line in cell.lines for key in line.pictures),
            tuple(box for cell in row.cells for line in cell.lines for box in line.boxes),
            tuple(mark for cell in row.cells for line in cell.lines for mark in line.marks),
            tuple(nested for cell in row.cells for nested in cell.nested),
        )


def _is_prose(row: Row, width: int) -> bool:
    """A row that is one cell over the whole table is a frame around paragraphs, not a record."""
    return len(row.cells) == 1 and (width == 1 or row.cells[0].span == width)


def _prose(row: Row, place: Locator) -> tuple[Block, ...]:
    lines = (line for cell in row.cells for line in cell.lines)
    return tuple(Block(line.text, place, added=line.added) for line in lines if line.text)


def _cells(
    row: Row, place: Locator, names: tuple[str, ...] | None, title: tuple[str, ...], head: bool
) -> tuple[Block, ...]:
    if not any(cell.text and not cell.repeated for cell in row.cells):
        return ()
    text, added = join_cells([cell.text for cell in row.cells])
    added += sum(cell.repeated + sum(line.added for line in cell.lines) for cell in row.cells)
    columns = None if names is None else tuple(_name(names, cell) for cell in row.cells)
    tall = tuple(cell.begins for cell in row.cells) if any(cell.begins for cell in row.cells) else ()
    kind: PassageKind = "header" if head else "row"
    return (Block(text, place, kind, columns, under=title, added=added, whole=head, tall=tall),)


def _name(names: tuple[str, ...], cell: Cell) -> str:
    """The column names that a cell stands under, each once."""
    return "/".join(dict.fromkeys(n for n in names[cell.start : cell.start + cell.span] if n))


def _header(rows: list[Row], width: int) -> tuple[int, int, tuple[str, ...] | None]:
    """How many title rows, how many header rows, and the name of each grid column (None: no header)."""
    if width < 2 or len(rows) < 2:
        return 0, 0, None
    grid = [_grid_row(row) for row in rows[: tabular.DEEPEST_HEADER + 4]]
    found = tabular.whole(grid, [float(x) for x in range(width + 1)], 1)
    titles, depth = found.titles, found.header
    marked = next((i for i, row in enumerate(rows) if not row.heads), len(rows))
    if titles < marked < len(rows):  # Word itself says which rows head the table
        depth = max(depth, marked - titles)
        found = replace(found, header=depth)
    elif depth and _is_form(rows[titles:]):
        depth = 0
    if not depth:
        return titles if titles < len(rows) else 0, 0, None
    return titles, depth, tabular.names(found)


def _grid_row(row: Row) -> GridRow:
    cells = row.cells
    return GridRow(
        tuple(" ".join(c.text.split()) for c in cells),
        tuple(c.start for c in cells),
        tuple(c.span for c in cells),
        sum(c.repeated for c in cells),
        0.0,
        0.0,
    )


def _is_form(rows: list[Row]) -> bool:
    """Label, value, label, value …: in every other column the rows hold short words, as the first row does."""
    first = rows[0].cells
    if len(first) < 4 or len(first) % 2 or len(rows) < 2:
        return False
    labels = [cell for row in rows for cell in row.cells[0::2] if len(row.cells) >= 2]
    distinct = len({cell.text for cell in labels}) == len(labels)
    return distinct and all(_FORM_LABEL.match(cell.text) for cell in labels)
