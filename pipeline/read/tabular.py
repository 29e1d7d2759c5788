"""What all tables share once their cells are text: which rows are the header, and rows as blocks with column names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Locator
from pipeline.read.block import Block, join_cells
from pipeline.read.grid import Row

LONGEST_NAME = 16  # characters: 主要内容及议定事项 has 9; a longer cell is content
DEEPEST_HEADER = 3
SAME_BORDER = 4.0  # points: a table goes on over a page with its columns at the same places

REPEATED = "重复表头"
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


def whole(rows: Sequence[Row], xs: Sequence[float], page: int) -> WholeTable:
    """The table of one page, its header found."""
    titles = _titles(rows, len(xs) - 1)
    return WholeTable(tuple(PlacedRow(r, page) for r in rows), tuple(xs), _header(rows[titles:], len(xs) - 1), titles)


def _titles(rows: Sequence[Row], columns: int) -> int:
    count = 0
    while count < len(rows) - 1 and columns > 1 and rows[count].spans[0] == columns:
        count += 1
    return count


def _header(rows: Sequence[Row], columns: int) -> int:
    """How many rows name the columns: short names without figures, each column with its own; 0 where none do."""
    if len(rows) < 2 or columns < 2 or not _names(rows[0]):
        return 0
    depth = 1
    grouped = any(span > 1 for span in rows[0].spans) or rows[1].repeated > 0
    while grouped and depth < min(DEEPEST_HEADER, len(rows) - 1) and rows[depth].repeated and _names(rows[depth]):
        depth += 1
    if depth == 1 and grouped and not rows[1].repeated and any(span > 1 for span in rows[0].spans):
        depth = 2 if len(rows) > 2 and _names(rows[1]) and max(rows[1].spans) == 1 else 1
    return depth


def _names(row: Row) -> bool:
    texts = [cell for cell in row.cells if cell]
    if len(texts) < 2 or len(texts) < 0.6 * len(row.cells):
        return False
    return all(len(text) <= LONGEST_NAME and not _CONTENT.search(text) for text in texts)


def goes_on(before: WholeTable, after: WholeTable) -> bool:
    """Whether `after`, the first thing on the next page, is the same table: same borders, no header of its own."""
    if len(before.xs) != len(after.xs):
        return False
    if any(abs(a - b) > SAME_BORDER for a, b in zip(before.xs, after.xs, strict=True)):
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
    dropped = sum(_weight(cell) for placed in after.rows[:repeated] for cell in placed.row.cells)
    dropped -= sum(placed.row.repeated for placed in after.rows[:repeated])
    return WholeTable(
        rows=before.rows + after.rows[repeated:],
        xs=before.xs,
        header=before.header,
        titles=before.titles,
        skipped=before.skipped + after.skipped + dropped,
    )


def _weight(text: str) -> int:
    return sum(not char.isspace() for char in text)


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
    made = []
    for index, placed in enumerate(table.rows, 1):
        row = placed.row
        text, added = join_cells(row.cells)
        head = index <= table.titles + table.header
        made.append(
            Block(
                text=text,
                locator=Locator(page=placed.page, table=number, row=index),
                kind="header" if head and index > table.titles else "row",
                columns=tuple(columns[c] for c in row.columns) if columns and not head else None,
                ocr=row.confidence,
                added=added + row.repeated,
                whole=True,
            )
        )
    return made
