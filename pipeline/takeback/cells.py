"""Sheets of a returned workbook as rows of named cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.review.decisions import text_of

_HEAD_ROWS = 12  # a header stands within the first rows, below a title and a note


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as Excel shows it, its values by column name, and the letters of the columns."""

    number: int
    values: Mapping[str, Any]
    letters: Mapping[str, str]

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


def table(title: str, rows: Sequence[Sequence[Any]], wanted: Sequence[str]) -> Table:
    """The table whose header has most of the `wanted` columns."""
    from openpyxl.utils import get_column_letter

    heads = [{text_of(cell): place for place, cell in enumerate(row) if text_of(cell)} for row in rows[:_HEAD_ROWS]]
    scores = [sum(name in head for name in wanted) for head in heads]
    best = max(scores, default=0)
    if best == 0:
        return Table(title, (), tuple(wanted))
    top = scores.index(best)
    head = {name: place for name, place in heads[top].items() if name in wanted}
    letters = {name: get_column_letter(place + 1) for name, place in head.items()}
    found = tuple(
        Row(number, {name: row[place] if place < len(row) else None for name, place in head.items()}, letters)
        for number, row in enumerate(rows[top + 1 :], top + 2)
    )
    return Table(title, found, tuple(name for name in wanted if name not in head))


def labelled(rows: Sequence[Sequence[Any]], label: str) -> Iterator[tuple[str, Any]]:
    """Cells right of a cell that holds `label`, with their places."""
    from openpyxl.utils import get_column_letter

    for number, row in enumerate(rows, 1):
        names = [text_of(cell) for cell in row]
        if label in names:
            for place in range(names.index(label) + 1, len(row)):
                if names[place]:
                    yield f"{get_column_letter(place + 1)}{number}", row[place]
