"""From the lines of a spreadsheet (or a CSV file) to blocks: titles, headers, sections, and one block a data row.

A row's block has its non-empty cells joined by ` | ` and exactly their column names, so that it can stand alone.
Headers of several rows become one name a column (开展情况/形式). A merged cell counts for every row it covers.
What hidden columns hold becomes a block of its own, marked hidden; columns about persons' ethnicity, religion or
health are counted and withheld (`withhold`).
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, NamedTuple

import msgspec

from pipeline.model import Locator
from pipeline.read import withhold
from pipeline.read.block import Block, join_cells
from pipeline.settings import data_text
from pipeline.text import fold, unspace, weight

SEPARATOR = "/"  # between the parts of a column's name


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How titles and headers look (`[shape]`)."""

    heading: int
    header_cell: int
    header_rows: int
    label: int
    filled: float


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of a workbook is held in memory (`[limits]`)."""

    sheets: int
    rows: int
    cells: int
    characters: int
    columns: int


@dataclass(frozen=True, kw_only=True)
class SheetData:
    """sheets.toml without the words of `withhold`."""

    header: tuple[str, ...]
    names: tuple[str, ...]
    date_columns: tuple[str, ...]
    not_date_columns: tuple[str, ...]
    default_sheets: tuple[str, ...]
    remarks: tuple[str, ...]
    limits: Limits
    shape: Shape


@cache
def sheet_data() -> SheetData:
    """The data that ships with the package; read once."""
    return msgspec.convert(tomllib.loads(data_text("sheets.toml")), SheetData)


class Cell(NamedTuple):
    """One cell that holds something. `column` from 0; `kind` is what the file says it is, `bold` how it is set."""

    column: int
    text: str
    kind: Literal["text", "number", "date"] = "text"
    bold: bool = False


class Line(NamedTuple):
    """One row that holds something. `number` as Excel shows it."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False


class Merge(NamedTuple):
    """A merged range; rows from 1, columns from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet as read: its lines in order, what is merged, what is hidden, and how places and dates are written."""

    lines: Sequence[Line]
    place: Callable[[int], Locator]
    merges: Sequence[Merge] = ()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    under: tuple[str, ...] = ()
    date_of: Callable[[str], str | None] = lambda text: None  # a bare serial number under a date's header


@dataclass
class Blocks:
    """What one sheet gives. `skipped` and `notes` as in block.Raw; `title` is the first title, or ""."""

    blocks: list[Block] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    title: str = ""

    def skip(self, name: str, characters: int) -> None:
        if characters:
            self.skipped[name] = self.skipped.get(name, 0) + characters


@dataclass
class _Header:
    """The columns' names in force, the rows they stand in, and which of them are withheld with the values seen."""

    names: dict[int, str]
    texts: tuple[str, ...]
    lines: tuple[Line, ...]
    withheld: dict[int, str] = field(default_factory=dict)
    dates: frozenset[int] = frozenset()
    values: dict[int, list[str]] = field(default_factory=dict)


_NUMBERED = re.compile(
    r"^(第[一二三四五六七八九十\d]+[章节部分篇类项]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)])"
)
_VALUE = re.compile(
    r"^[\d.,，/\-—~～:：%％\s]+$|\d{1,2}月\d{1,2}日|(19|20)\d\d[年./\-]\d|^[A-Za-z]{1,6}[\-_]?\d|\d{4,}|^\d+(\.\d+)?[人次个项元名篇%]$"
)
_YEAR = re.compile(r"\s*(19|20)\d\d\s*年?度?\s*")
_SERIES = re.compile(
    r"((19|20)\d\d年度?|\d{1,2}月份?|[一二三四五六七八九十]{1,3}月份?|第?[一二三四1-4]季度|[上下]半年|第[一二]学期)"
)
_SENTENCE = re.compile("[。；;！？]")


def blocks_of(grid: Grid) -> Blocks:
    """The blocks of one sheet, in the order of its rows."""
    return _Reader(grid).read()


class _Reader:
    """Goes down a sheet once; knows which title, section and header stand above the row at hand."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.lines = _unmerged(grid)
        self.width = _width(self.lines)
        self.title: tuple[str, ...] = ()
        self.header: _Header | None = None
        self.out = Blocks()

    def read(self) -> Blocks:
        at, fresh = 0, True
        below = 0  # rows since the place where a table may begin
        while at < len(self.lines):
            spread = self.lines[at]
            if at and spread.line.number - self.lines[at - 1].line.number > 1:
                fresh = True  # a blank row: another table may begin
            if len(spread.own) == 1 and self._heading(spread):
                fresh = True
                at += 1
                continue
            if fresh:
                below = 0
            if below < sheet_data().shape.header_rows or self._repeats(spread):
                depth = self._header_depth(at, first=not below or self._repeats(spread))
                if depth:
                    self._begin_table(self.lines[at : at + depth])
                    at, fresh, below = at + depth, False, sheet_data().shape.header_rows
                    continue
            below += 1
            self._row(spread)
            at, fresh = at + 1, False
        self._end_table()
        return self.out

    # ------------------------------------------------------------ titles and sections

    def _heading(self, spread: "_Spread") -> bool:
        """Emits a line of one cell, where it stands above or between tables; False where it is a row like others."""
        if spread.repeated:
            return False
        cell = spread.own[0]
        text = fold(cell.text)
        if not text or cell.kind != "text" or cell.column in self.grid.hidden_columns:
            return False
        wide = spread.width_of(cell) >= max(2, 0.5 * self.width)
        above = self.header is None and self.width > 1
        first_of_list = self.width == 1 and not self.out.blocks
        if not (wide or above or first_of_list or (cell.bold and not self._data_is_bold()) or _NUMBERED.match(text)):
            return False
        if not self._heads(text):
            if not (wide or above):
                return False
            self._emit(text, spread, "paragraph")
            return True
        self._set_heading(text)
        self._emit(text, spread, "heading")
        return True

    def _heads(self, text: str) -> bool:
        data = sheet_data()
        remark = any(text.startswith(word) for word in data.remarks)
        pairs = len(re.findall("[：:]", text))
        return len(text) <= data.shape.heading and not remark and not pairs and not _SENTENCE.search(text)

    def _set_heading(self, text: str) -> None:
        """The first heading of a sheet is its title; those below it, and numbered ones, are left to the outline."""
        if not self.title and self.header is None and not self.out.blocks and not _NUMBERED.match(text):
            self.title = (text,)
            self.out.title = text

    def _data_is_bold(self) -> bool:
        return bool(self.out.blocks) and self.header is None

    # ------------------------------------------------------------ headers

    def _repeats(self, spread: "_Spread") -> bool:
        header, own = self.header, spread.own
        if header is None or len(own) != len(header.texts) or fold(own[0].text) != header.texts[0]:
            return False
        return tuple(fold(cell.text) for cell in own) == header.texts

    def _header_depth(self, at: int, first: bool) -> int:
        """How many rows from here are a header; 0 where this row is data. Below the `first` more must speak for it."""
        if not self._may_head(self.lines[at]) or at + 1 >= len(self.lines):
            return 0
        depth = 1
        while depth < sheet_data().shape.header_rows and self._continues(at, depth):
            depth += 1
        if at + depth >= len(self.lines):
            return 0
        return depth if self._is_header(at, depth, first) else 0

    def _may_head(self, spread: "_Spread") -> bool:
        cells = spread.own
        if len(cells) < 2 or any(c.kind == "date" for c in cells):
            return False
        numbers = sum(c.kind == "number" or _is_value(c.text) for c in cells)
        most = sheet_data().shape.header_cell
        return (
            3 * numbers <= len(cells)
            and all(len(fold(c.text)) <= most and not _SENTENCE.search(c.text) for c in cells)
            and not (cells[0].kind == "number" and numbers)
        )

    def _continues(self, at: int, depth: int) -> bool:
        """Whether the row at `at + depth` still belongs to the header that begins at `at`."""
        if at + depth >= len(self.lines):
            return False
        head, row = self.lines[at + depth - 1], self.lines[at + depth]
        if row.line.number != head.line.number + 1 or not self._may_head_below(row):
            return False
        tall = any(
            self.lines[at].line.number <= m.top <= head.line.number and m.bottom >= row.line.number for m in row.merges
        )
        if tall:
            return True
        grouped = {c for cell in head.own if head.width_of(cell) > 1 for c in head.columns_of(cell)}
        if grouped:
            return all(cell.column in grouped or cell.column not in head.columns for cell in row.own)
        return self._gap_filled(head, row)

    def _may_head_below(self, row: "_Spread") -> bool:
        cells = row.fresh
        most = sheet_data().shape.header_cell
        return bool(cells) and all(
            c.kind == "text" and len(fold(c.text)) <= most and not _is_value(c.text) and not _SENTENCE.search(c.text)
            for c in cells
        )

    def _gap_filled(self, head: "_Spread", row: "_Spread") -> bool:
        """Groups without a merge: the upper row has gaps, the lower row fills them with names of columns."""
        filled = {cell.column for cell in head.own}
        last = max(cell.column for cell in row.own)
        gaps = set(range(min(filled), max(last, max(filled)) + 1)) - filled
        below = [cell for cell in row.own if cell.column in gaps]
        return bool(below) and _known(row.own) >= max(2, len(row.own) // 2) and len(row.own) < len(gaps) + len(filled)

    def _is_header(self, at: int, depth: int, first: bool) -> bool:
        head = [cell for spread in self.lines[at : at + depth] for cell in spread.fresh]
        named = {c for spread in self.lines[at : at + depth] for cell in spread.own for c in spread.columns_of(cell)}
        body = self.lines[at + depth : at + depth + 5]
        width = max(len(spread.columns) for spread in body)
        if len(named) < sheet_data().shape.filled * min(width, self.width):
            return False
        if _is_form(head, body):
            return False
        known = _known(head)
        if known >= 2 and 3 * known >= (1 if first else 2) * len(head):
            return True
        if not first:
            return False
        bold = all(cell.bold for cell in head) and not all(cell.bold for spread in body for cell in spread.own)
        return bold or self._contrasts(head, body)

    def _contrasts(self, head: Sequence[Cell], body: "Sequence[_Spread]") -> bool:
        """All of the header is short text, while below it stand numbers, dates or long texts in several columns."""
        short = all(len(fold(cell.text)) <= 8 and not _is_value(cell.text) for cell in head)
        columns = {
            cell.column
            for spread in body
            for cell in spread.own
            if cell.kind != "text" or _is_value(cell.text) or len(cell.text) > 15
        }
        return short and len(columns) >= max(2, len(head) // 3) and len(body) >= 2

    def _begin_table(self, rows: "Sequence[_Spread]") -> None:
        self._end_table()
        parts: dict[int, list[str]] = {}
        right = max(column for spread in rows for column in spread.columns) + 1
        for i, spread in enumerate(rows):
            grouping = i + 1 < len(rows) and all(spread.width_of(cell) == 1 for cell in spread.own)
            for cell in spread.own:
                text = unspace(cell.text)
                for column in spread.columns_of(cell, right if grouping else 0):
                    texts = parts.setdefault(column, [])
                    if not texts or texts[-1] != text:
                        texts.append(text)
        names = {column: SEPARATOR.join(own) for column, own in sorted(parts.items())}
        order = list(names)
        withheld = {order[i]: name for i, name in withhold.sensitive_columns([names[c] for c in order]).items()}
        for spread in rows:
            self._emit_cells(spread.line.cells, None, spread.line, 0, kind="header")
        self.header = _Header(
            names=names,
            texts=tuple(fold(c.text) for c in rows[0].own),
            lines=tuple(spread.line for spread in rows),
            withheld=withheld,
            dates=frozenset(column for column, name in names.items() if _is_date_column(name)),
        )

    def _end_table(self) -> None:
        header = self.header
        if header is None:
            return
        self.header = None
        for column, values in header.values.items():
            place = self.grid.place(header.lines[0].number).chinese()
            self.out.notes.append(withhold.sentence(f"{place}起的表", header.withheld[column], values))

    # ------------------------------------------------------------ rows

    def _row(self, spread: "_Spread") -> None:
        header = self.header
        names = header.names if header is not None else None
        cells = list(spread.own)
        gained: dict[int, int] = {}  # characters of a date that the file has as a bare number
        if header is not None and header.dates:
            cells = [self._dated(cell, gained) if cell.column in header.dates else cell for cell in cells]
        cells = self._without_sensitive(cells, spread)
        hidden = self.grid.hidden_columns
        for part, unseen in (
            ([c for c in cells if c.column not in hidden] if hidden else cells, False),
            ([c for c in cells if c.column in hidden] if hidden else [], True),
        ):
            if part:
                foreign = self._foreign(part, spread, gained)
                self._emit_cells(part, names, spread.line, foreign, hidden=unseen, tall=spread.tall(part))

    def _dated(self, cell: Cell, gained: dict[int, int]) -> Cell:
        date = self.grid.date_of(cell.text) if cell.kind == "number" else None
        if date is None:
            return cell
        gained[cell.column] = weight(date) - weight(cell.text)
        return cell._replace(text=date, kind="date")

    def _without_sensitive(self, cells: list[Cell], spread: "_Spread") -> list[Cell]:
        header = self.header
        if header is not None and header.withheld:
            for cell in cells:
                if cell.column in header.withheld:
                    header.values.setdefault(cell.column, []).append(cell.text)
                    self.out.skip(withhold.SKIPPED, 0 if cell.column in spread.repeated else weight(cell.text))
            return [cell for cell in cells if cell.column not in header.withheld]
        if header is None:
            values = withhold.sensitive_values([cell.text for cell in cells])
            for i in values:
                self.out.skip(withhold.SKIPPED, weight(cells[i].text))
                place = self.grid.place(spread.line.number).chinese()
                self.out.notes.append(withhold.sentence(place, fold(cells[i - 1].text).strip("：:"), [cells[i].text]))
            return [cell for i, cell in enumerate(cells) if i not in values]
        return cells

    def _foreign(self, cells: Sequence[Cell], spread: "_Spread", gained: Mapping[int, int]) -> int:
        """Characters of these cells that this row of the file does not hold itself."""
        if not spread.repeated and not gained:
            return 0
        return sum(
            weight(cell.text) if cell.column in spread.repeated else gained.get(cell.column, 0) for cell in cells
        )

    def _emit_cells(
        self,
        cells: Sequence[Cell],
        names: Mapping[int, str] | None,
        line: Line,
        foreign: int,
        hidden: bool = False,
        kind: Literal["row", "header"] = "row",
        tall: tuple[int, ...] = (),
    ) -> None:
        text, separators = join_cells([cell.text for cell in cells])
        columns = tuple([names.get(cell.column, "") for cell in cells]) if names is not None else None
        self.out.blocks.append(
            Block(
                text=text,
                locator=self.grid.place(line.number),
                kind=kind,
                columns=columns,
                under=self._under(),
                hidden=hidden or line.hidden or self.grid.hidden,
                added=separators + foreign,
                tall=tall,
            )
        )

    def _emit(self, text: str, spread: "_Spread", kind: Literal["heading", "paragraph"]) -> None:
        under = self._under()
        if kind == "heading":
            under = under[: under.index(text)] if text in under else under
        self.out.blocks.append(
            Block(
                text=text,
                locator=self.grid.place(spread.line.number),
                kind=kind,
                title=kind == "heading" and self.title == (text,),
                under=under,
                hidden=spread.line.hidden or self.grid.hidden,
                whole=kind == "heading",
            )
        )

    def _under(self) -> tuple[str, ...]:
        return (*self.grid.under, *self.title)


# ---------------------------------------------------------------- merged cells


class _Spread(NamedTuple):
    """A line with merged cells counted for every row they cover. `fresh` are the cells that begin in this line."""

    line: Line
    own: tuple[Cell, ...]
    repeated: frozenset[int] = frozenset()  # columns whose text comes from a row above
    widths: Mapping[int, int] = {}
    merges: tuple[Merge, ...] = ()  # that cover this line, from here or from above

    @property
    def fresh(self) -> tuple[Cell, ...]:
        return tuple(c for c in self.own if c.column not in self.repeated) if self.repeated else self.own

    @property
    def columns(self) -> set[int]:
        return {column for cell in self.own for column in self.columns_of(cell)}

    def tall(self, cells: Sequence[Cell]) -> tuple[int, ...]:
        """For each of these cells the row in which it begins, where it covers several rows, else 0; () where none does."""
        if not self.merges:
            return ()
        begins = {merge.left: merge.top for merge in self.merges if merge.bottom > merge.top}
        return tuple(begins.get(cell.column, 0) for cell in cells) if begins else ()

    def width_of(self, cell: Cell) -> int:
        return self.widths.get(cell.column, 1)

    def columns_of(self, cell: Cell, right: int = 0) -> range:
        """The columns a cell covers; with `right` also the empty ones behind it, up to the next cell or `right`."""
        end = cell.column + self.width_of(cell)
        if right:
            end = max(end, min((c.column for c in self.own if c.column > cell.column), default=right))
        return range(cell.column, end)


def _unmerged(grid: Grid) -> list[_Spread]:
    """The lines with vertical merges carried down and horizontal ones known by their width."""
    if not grid.merges:
        return [_Spread(line, line.cells) for line in grid.lines]
    first = {line.number: line for line in grid.lines}
    tall: list[tuple[Merge, Cell]] = []
    by_row: dict[int, list[Merge]] = {}
    for merge in grid.merges:
        by_row.setdefault(merge.top, []).append(merge)
        cell = next((c for c in first[merge.top].cells if c.column == merge.left), None) if merge.top in first else None
        if merge.bottom > merge.top and cell is not None:
            tall.append((merge, cell))
    tall.sort(key=lambda pair: pair[0].top)
    return list(_spread(grid, by_row, tall))


def _spread(grid: Grid, by_row: Mapping[int, list[Merge]], tall: list[tuple[Merge, Cell]]) -> Iterator[_Spread]:
    open_merges: list[tuple[Merge, Cell]] = []
    waiting = 0
    for line in grid.lines:
        while waiting < len(tall) and tall[waiting][0].top < line.number:
            open_merges.append(tall[waiting])
            waiting += 1
        open_merges = [pair for pair in open_merges if pair[0].bottom >= line.number]
        here = by_row.get(line.number, [])
        if not here and not open_merges:
            yield _Spread(line, line.cells)
            continue
        taken = {cell.column for cell in line.cells}
        carried = [cell._replace(column=merge.left) for merge, cell in open_merges if merge.left not in taken]
        widths = {m.left: m.right - m.left + 1 for m in (*here, *(pair[0] for pair in open_merges))}
        yield _Spread(
            line,
            tuple(sorted((*line.cells, *carried))) if carried else line.cells,
            frozenset(cell.column for cell in carried),
            widths,
            (*(pair[0] for pair in open_merges), *here),
        )


def _width(lines: Sequence[_Spread]) -> int:
    """How many columns the sheet's tables have: the most that any line fills, titles apart."""
    return max((len(spread.own) for spread in lines), default=0)


# ---------------------------------------------------------------- words


def _known(cells: Sequence[Cell]) -> int:
    words, longest = sheet_data().header, sheet_data().shape.header_cell
    texts = ("".join(cell.text.split()) for cell in cells)
    return sum(bool(_SERIES.fullmatch(t)) or any(word in t for word in words) for t in texts if len(t) <= longest)


def _is_value(text: str) -> bool:
    """Whether a text is what stands in a cell and not what heads a column: a figure, a date, a number of a file."""
    return bool(_VALUE.search(text)) and not _YEAR.fullmatch(text)


def _is_form(head: Sequence[Cell], body: Sequence[_Spread]) -> bool:
    """Labels with their values beside them (支部名称 | 甲支部; 党员人数 | 23): the rows below begin with labels as well."""
    if len(head) not in (2, 4):
        return False
    data = sheet_data()
    labels = sum(
        any(word in spread.own[0].text for word in data.header)
        and not any(word in spread.own[0].text for word in data.names)
        and len(fold(spread.own[0].text)) <= data.shape.label
        for spread in body
    )
    return 2 * labels >= len(body)


def _is_date_column(name: str) -> bool:
    data = sheet_data()
    own = name.rpartition(SEPARATOR)[2]
    return any(word in own for word in data.date_columns) and not any(word in own for word in data.not_date_columns)


def sheet_heading(name: str) -> tuple[str, ...]:
    """The sheet's name as a heading; nothing where the program gave it."""
    bare = re.sub(r"[\s()（）\d_\-]+", "", name)
    return () if not bare or bare in sheet_data().default_sheets else (name,)
