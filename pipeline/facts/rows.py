"""What the cells of a ledger row hold: which is the day, the topic, the person, the remark. Columns may be in any order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.facts.data import pattern
from pipeline.facts.dates import DateFault, FoundDate, scan, scan_cell
from pipeline.facts.years import YearHere
from pipeline.model import Evidence
from pipeline.text import number

_SERIAL_COLUMN = re.compile(r"序号|编号|^号$|^no\.?$|^#$", re.IGNORECASE)
_BARE_DAY = re.compile(r"^(\d{1,2})[日号]?$")
_MONTH_CELL = re.compile(r"^(\d{1,2}|[一二三四五六七八九十]{1,2})月?份?$")
_BARE_DATE = re.compile(
    r"^[\s（(]*(?:拟[于在]?|计划|约|定于)?\s*(?:[12]\d{3}\s*[年./\-／．－—]\s*)?\d{1,2}\s*[月./\-／．－]\s*(?:\d{1,2}\s*[日号]?|[上中下]旬|份)?[^\u4e00-\u9fff]{0,12}"
    r"(?:[（(].{1,4}[)）])?(?:上午|下午|晚)?\s*$"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell and its column's name, "" where the table has none."""

    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A table row, its cells sorted by what their columns say they hold."""

    cells: tuple[Cell, ...]

    def of(self, *names: str) -> tuple[str, ...]:
        """The non-empty cells whose column is of one of these sorts (data/events.toml, columns)."""
        return tuple(
            c.text for c in self.cells if c.text and any(pattern("columns", n).search(c.column) for n in names)
        )

    def first(self, *names: str) -> str:
        """The first such cell, or ""."""
        return next(iter(self.of(*names)), "")

    @property
    def content(self) -> str:
        """All cells but the serial number, as one text: what the row says."""
        return " ".join(c.text for c in self.cells if c.text and not _SERIAL_COLUMN.search(c.column))


def row_of(item: Evidence) -> Row:
    """The cells of a passage that is a table row."""
    cells = [cell.strip() for cell in item.text.split("|")]
    columns = item.columns if item.columns is not None and len(item.columns) == len(cells) else ("",) * len(cells)
    return Row(tuple(Cell(re.sub(r"\s+", "", c), t) for c, t in zip(columns, cells, strict=True)))


def row_dates(
    row: Row, year: YearHere, columns: re.Pattern[str] | None = None
) -> tuple[tuple[FoundDate, ...], tuple[DateFault, ...], str]:
    """The dates on which the row's event took place, what cannot be a date, and the cell they stand in.

    `columns`: where the day of this kind of event stands, its words in order of preference (审批日期 before 申请日期).
    """
    cells = _date_cells(row) if columns is None else _cells_named(row, columns)
    month = _month_beside(row)
    if month and columns is None:
        day = next((m[1] for c in row.cells if is_event_date(c.column) and (m := _BARE_DAY.match(c.text))), None)
        dated = any(dates_here(cell, year, cell=True)[0] for cell in cells if cell != month[1])
        cells = cells if dated and not day else [f"{month[0]}月{day}日" if day else f"{month[0]}月份"]
    dates: list[FoundDate] = []
    faults: list[DateFault] = []
    for cell in cells:
        found, wrong = dates_here(cell, year, cell=True)
        dates += [d for d in found if not d.closes]
        faults += wrong
        if found:
            return tuple(dates), tuple(faults), cell
    return (), tuple(faults), cells[0] if cells else ""


def _month_beside(row: Row) -> tuple[int, str] | None:
    """The month of a row that has a column 月份, with the cell as it stands: 3月, 三月, 3."""
    for cell in row.cells:
        match = _MONTH_CELL.match(cell.text) if re.fullmatch(r"月份?|所属月份?", cell.column) else None
        month = number(match[1]) if match else None
        if month is not None and 1 <= month <= 12:
            return month, cell.text
    return None


def dates_here(text: str, year: YearHere, cell: bool = False) -> tuple[tuple[FoundDate, ...], tuple[DateFault, ...]]:
    """`scan` or `scan_cell` with the year of the place, school years included."""
    look = scan_cell if cell else scan
    dates, faults = look(text, year.year)
    if year.school is None:
        return dates, faults
    earlier = look(text, year.school)[0]
    if len(earlier) != len(dates):
        return dates, faults
    pairs = zip(dates, earlier, strict=True)
    return tuple(e if int(d.iso[5:7]) >= 8 and not d.dated else d for d, e in pairs), faults


def _cells_named(row: Row, columns: re.Pattern[str]) -> Sequence[str]:
    """The cells under columns that one of the words names; columns of the first word come first."""
    words = columns.pattern.split("|")
    named = [(n, c.text) for c in row.cells if c.text for n, w in enumerate(words) if re.search(w, c.column)]
    dated = [text for _n, text in sorted(named, key=lambda pair: pair[0]) if scan_cell(text, 2000) != ((), ())]
    return [*dict.fromkeys(dated)] or _date_cells(row)


def is_event_date(column: str) -> bool:
    """Whether a column of this name holds the day of the event itself."""
    named = pattern("columns", "date").search(column) is not None
    return named and not pattern("columns", "other_date").search(column)


def _date_cells(row: Row) -> Sequence[str]:
    """The cells that may hold the event's day: a date column, else cells that are nothing but a date."""
    named = [c.text for c in row.cells if c.text and is_event_date(c.column)]
    bare = [
        c.text
        for c in row.cells
        if _BARE_DATE.match(c.text)
        and not pattern("columns", "other_date").search(c.column)
        and c.text not in named
        and not _SERIAL_COLUMN.search(c.column)
    ]
    return [
        *[c for c in named if re.search(r"\d|[一二三四五六七八九十]月", c)],
        *[c for c in bare if re.search(r"月|[12]\d{3}", c)],
    ]
