"""What all tables share once their cells are text: which rows are the header, and rows as blocks with column names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.model import Locator
from pipeline.read.block import Block, join_cells
from pipeline.read.grid import Row
from pipeline.read.sheet import wrapped
from pipeline.text import weight

LONGEST_NAME = 16  # characters: 主要内容及议定事项 has 9; a longer cell is content
DEEPEST_HEADER = 3
FEWEST_FORM_ROWS = 3  # two rows of words alone are a header and its first row more often than a form
SAME_BORDER = 4.0  # points: a table goes on over a page with its columns at the same places
SAME_COLUMN = 24.0  # points: the same for columns known by alignment, whose borders follow their text

REPEATED = "重复表头"
_ENDED = re.compile(r"[。！？；.!?;]$")
_YEAR = re.compile(r"20\d\d年?度?")
_LABEL = re.compile(r"[\u4e00-\u9fff（）()/、“”\s]{2,10}[:：]?$")
_CONTENT = re.compile(r"\d{2,}|\d[年月日.]|[。；;]|^\d+$|[:：]$|[:：].")


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row, and the page it stands on."""

    row: Row
    page: int


@dataclass(frozen=True, slots=True)
class WholeTable:
    """A table with all its pages put together. `xs`: column borders. `skipped`: characters of repeated headers."""

    rows: tuple[PlacedRow, ...]
    xs: tuple[float, ...]
    header: int  # rows, after `titles`
    titles: int  # rows above the header that span the whole table
    skipped: int = 0
    ruled: bool = True


def whole(rows: Sequence[Row], xs: Sequence[float], page: int, ruled: bool = True) -> WholeTable:
    """The table of one page, its header found."""
    titles = _titles(rows, len(xs) - 1)
    header = _header(rows[titles:], len(xs) - 1)
    return WholeTable(tuple(PlacedRow(row, page) for row in rows), tuple(xs), header, titles, ruled=ruled)


def _titles(rows: Sequence[Row], columns: int) -> int:
    count = 0
    while count < len(rows) - 1 and columns > 1 and rows[count].spans[0] == columns:
        count += 1
    return count


def _header(rows: Sequence[Row], columns: int) -> int:
    """How many rows name the columns: short names without figures, each column with its own; 0 where none do."""
    if len(rows) < 2 or columns < 2 or not _names(rows[0]) or _is_form(rows):
        return 0
    grouped = any(span > 1 for span in rows[0].spans)
    if rows[1].repeated and not grouped:
        return 0  # a cell of the first row covers the second too: it heads rows, not columns
    depth = 1
    while grouped and depth < min(DEEPEST_HEADER, len(rows) - 1) and rows[depth].repeated and _names(rows[depth]):
        depth += 1
    if depth == 1 and grouped and not rows[1].repeated:
        depth = 2 if len(rows) > 2 and _names(rows[1]) and max(rows[1].spans) == 1 else 1
    return depth


def _is_form(rows: Sequence[Row]) -> bool:
    """Label, value, label, value …: every other cell of every row is a short word that stands nowhere else."""
    if len(rows) < FEWEST_FORM_ROWS or len(rows[0].cells) < 4 or len(rows[0].cells) % 2:
        return False
    labels = [cell for row in rows if len(row.cells) > 1 for cell in row.cells[0::2]]
    return len(set(labels)) == len(labels) and all(_LABEL.match(label) for label in labels)


def _names(row: Row) -> bool:
    texts = [_YEAR.sub("", cell) for cell in row.cells if cell]
    if len(texts) < 2 or len(texts) < 0.6 * len(row.cells):
        return False
    return all(len(text) <= LONGEST_NAME and not _CONTENT.search(text) for text in texts)


def goes_on(before: WholeTable, after: WholeTable) -> bool:
    """Whether `after`, the first thing on the next page, is the same table: same borders, no header of its own."""
    if len(before.xs) != len(after.xs) or before.rows[-1].page == after.rows[0].page:
        return False
    if before.ruled is not after.ruled:
        return False
    near = SAME_BORDER if before.ruled else SAME_COLUMN
    if any(abs(a - b) > near for a, b in zip(before.xs, after.xs, strict=True)):
        return False
    return not after.header or not before.header or _heads(before) == _heads(after)


def _heads(table: WholeTable) -> list[tuple[str, ...]]:
    return [placed.row.cells for placed in table.rows[table.titles : table.titles + table.header]]


def joined(before: WholeTable, after: WholeTable) -> WholeTable:
    """Both parts as one table; a header that is printed again is left out and counted."""
    repeated = 0
    heads = [placed.row.cells for placed in before.rows[: before.titles + before.header]]
    while repeated < min(len(heads), len(after.rows)) and after.rows[repeated].row.cells == heads[repeated]:
        repeated += 1
    dropped = sum(weight(cell) for placed in after.rows[:repeated] for cell in placed.row.cells)
    dropped -= sum(placed.row.repeated for placed in after.rows[:repeated])
    rest = after.rows[repeated:]
    rows = before.rows
    if rest and _goes_on_in(rows[-1].row, rest[0].row):
        rows = (*rows[:-1], PlacedRow(_one_row(rows[-1].row, rest[0].row), rows[-1].page))
        rest = rest[1:]
    return WholeTable(
        rows=rows + _carried(rows[-1].row, rest),
        xs=before.xs,
        header=before.header,
        titles=before.titles,
        skipped=before.skipped + after.skipped + dropped,
        ruled=before.ruled,
    )


def _carried(last: Row, rest: Sequence[PlacedRow]) -> tuple[PlacedRow, ...]:
    """The rows after a page end; a merged cell that was printed above it, and is empty below, is carried into them."""
    rows = [placed.row for placed in rest]
    for column in range(len(last.cells)):
        for at, row in enumerate(rows):
            if row.columns != last.columns or row.cells[column] or not (row.merged and last.merged):
                break
            if not row.merged[column] and (at or not last.merged[column]):
                break
            cells = (*row.cells[:column], last.cells[column], *row.cells[column + 1 :])
            rows[at] = row._replace(cells=cells, repeated=row.repeated + weight(last.cells[column]))
    return tuple(replace(placed, row=row) for placed, row in zip(rest, rows, strict=True))


def _goes_on_in(last: Row, first: Row) -> bool:
    """Whether a page end cut one row in two: what stands in the lower part goes on with full, unended cells."""
    if len(last.cells) != len(first.cells) or not last.open_cells or all(first.cells):
        return False
    pairs = [(a, is_open) for a, b, is_open in zip(last.cells, first.cells, last.open_cells, strict=True) if b]
    return all(a and is_open and not _ENDED.search(a) for a, is_open in pairs)


def with_rest_of_cell(table: WholeTable, text: str, page: int, x0: float, x1: float) -> WholeTable | None:
    """The table with `text`, the first thing on the next page, put to the cell above that it goes on with, if it does.

    For tables without rules: it must stand in one of the columns after the first, below a cell that is not ended.
    """
    last = table.rows[-1]
    for column, (left, right) in enumerate(pairwise(table.xs)):
        if column and left < x0 and x1 < right + SAME_COLUMN and last.page + 1 == page:
            cell = last.row.cells[column]
            if not cell or _ENDED.search(cell):
                return None
            cells = (*last.row.cells[:column], wrapped(cell, text), *last.row.cells[column + 1 :])
            return replace(table, rows=(*table.rows[:-1], PlacedRow(last.row._replace(cells=cells), last.page)))
    return None


def _one_row(last: Row, first: Row) -> Row:
    cells = tuple(wrapped(a, b) for a, b in zip(last.cells, first.cells, strict=True))
    return last._replace(cells=cells, open_cells=first.open_cells)


def names(table: WholeTable) -> tuple[str, ...]:
    """The name of each grid column, the rows of a deep header joined by a slash; empty where there is no header."""
    if not table.header:
        return ()
    found: list[list[str]] = [[] for _ in range(len(table.xs) - 1)]
    for placed in table.rows[table.titles : table.titles + table.header]:
        row = placed.row
        for text, column, span in zip(row.cells, row.columns, row.spans, strict=True):
            for place in range(column, column + span):
                if text and text not in found[place]:
                    found[place].append(text)
    return tuple("/".join(parts) for parts in found)


def blocks(table: WholeTable, number: int) -> list[Block]:
    """Every row as a block with its place and its column names; `number` counts the tables of the file from 1."""
    columns = names(table)
    title = tuple(" ".join(cell for cell in placed.row.cells if cell) for placed in table.rows[: table.titles])
    made = []
    begun: dict[
        tuple[int, int, int], int
    ] = {}  # the page, row and column where a tall cell begins: its row in the table
    for index, placed in enumerate(table.rows, 1):
        row, locator = placed.row, Locator(page=placed.page, table=number, row=index)
        text, added = join_cells(row.cells)
        added += row.repeated
        if index <= table.titles:
            made.append(Block(text, locator, prominent=True, ocr=row.confidence, added=added, whole=True))
            continue
        if row.prose:
            made += [Block(part, locator, ocr=row.confidence) for part in row.prose]
            continue
        head = index <= table.titles + table.header
        made.append(
            Block(
                text=text,
                locator=locator,
                kind="header" if head else "row",
                columns=_columns_of(row, columns) if columns and not head else None,
                under=title,
                ocr=row.confidence,
                added=added,
                whole=head,
                tall=_tall(placed, index, begun),
            )
        )
    return made


def _tall(placed: PlacedRow, index: int, begun: dict[tuple[int, int, int], int]) -> tuple[int, ...]:
    row = placed.row
    if not any(row.merged):
        return ()
    cells = zip(row.merged, row.columns, strict=True)
    return tuple(begun.setdefault((placed.page, at, column), index) if at else 0 for at, column in cells)


def _columns_of(row: Row, columns: Sequence[str]) -> tuple[str, ...]:
    """For each cell of a row the names of the columns it stands under, each once."""
    return tuple(
        "/".join(dict.fromkeys(name for name in columns[first : first + span] if name))
        for first, span in zip(row.columns, row.spans, strict=True)
    )
