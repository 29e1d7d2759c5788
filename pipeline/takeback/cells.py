"""Sheets of a returned workbook as rows of named cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.review.decisions import text_of

_HEAD_ROWS = 12  # a header stands within the first rows, below a title and a note
_MOST_SPANNED = 10_000  # cells of one merged range; a sheet merged as a whole says nothing of its rows


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, its values by column name, and the letters of the columns."""

    number: int
    values: Mapping[str, Any]
    letters: Mapping[str, str]
    merged: Mapping[str, str] = field(default_factory=dict)  # column name -> the merged cells that its cell is part of

    def text(self, column: str) -> str:
        return text_of(self.values.get(column))

    def cell(self, column: str) -> str:
        """Where it stands: H8; the row alone where the column is gone."""
        return f"{self.letters[column]}{self.number}" if column in self.letters else f"第{self.number}行"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet below its header row. `missing`: wanted columns that it lacks."""

    title: str
    rows: tuple[Row, ...]
    missing: tuple[str, ...]


def table(
    title: str, rows: Sequence[Sequence[Any]], wanted: Sequence[str], merged: Mapping[str, Sequence[str]] | None = None
) -> Table:
    """The table whose header has most of the `wanted` columns. `merged`: by sheet the cells that were merged; what
    stands in cells merged downwards is in each of their rows."""
    from openpyxl.utils import get_column_letter

    heads = [{text_of(cell): place for place, cell in enumerate(row) if text_of(cell)} for row in rows[:_HEAD_ROWS]]
    scores = [sum(name in head for name in wanted) for head in heads]
    best = max(scores, default=0)
    if best == 0:
        return Table(title, (), tuple(wanted))
    top = scores.index(best)
    head = {name: place for name, place in heads[top].items() if name in wanted}
    letters = {name: get_column_letter(place + 1) for name, place in head.items()}
    spans = _spans((merged or {}).get(title, ()), top + 2)
    found = tuple(_row(number, rows, head, letters, spans) for number in range(top + 2, len(rows) + 1))
    return Table(title, found, tuple(name for name in wanted if name not in head))


def _spans(ranges: Sequence[str], first: int) -> dict[tuple[int, int], tuple[int, str]]:
    """For each cell of the cells merged downwards, by row and column from 1, from row `first` on: the row in which
    their value stands, and how Excel names them."""
    from openpyxl.utils import range_boundaries

    found: dict[tuple[int, int], tuple[int, str]] = {}
    for name in ranges:
        left, top, right, bottom = (value or 0 for value in range_boundaries(name))
        if top >= first and bottom > top and (bottom - top) * (right - left + 1) <= _MOST_SPANNED:
            cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            found |= dict.fromkeys(cells, (top, name))
    return found


def _row(
    number: int,
    rows: Sequence[Sequence[Any]],
    head: Mapping[str, int],
    letters: Mapping[str, str],
    spans: Mapping[tuple[int, int], tuple[int, str]],
) -> Row:
    values: dict[str, Any] = {}
    merged: dict[str, str] = {}
    for name, place in head.items():
        source, span = spans.get((number, place + 1), (number, ""))
        cells = rows[source - 1] if source <= len(rows) else ()
        values[name] = cells[place] if place < len(cells) else None
        if span:
            merged[name] = span
    return Row(number, values, letters, merged)


def labelled(rows: Sequence[Sequence[Any]], label: str) -> Iterator[tuple[str, Any]]:
    """Cells right of a cell that holds `label`, with their places."""
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(rows, 1):
        names = [text_of(cell) for cell in row]
        if label in names:
            for place in range(names.index(label) + 1, len(row)):
                if names[place]:
                    yield f"{get_column_letter(place + 1)}{number}", row[place]
