"""Items from a grid whose columns are known: merged and repeated cells, rows cut by a page, totals and footnotes."""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.guideline.columns import Columns, distinct, row_texts
from pipeline.guideline.items import FAMILY, THIRDS, Item, pieces
from pipeline.guideline.numbering import Number, heading, leading
from pipeline.guideline.source import Cell, Grid, join, squeeze
from pipeline.guideline.words import finished, is_note, is_total
from pipeline.model import Finding

_POINTS = re.compile(r"^[（(]?\s*(?:满分)?\s*(\d{1,3}(?:\.\d+)?)\s*[分%％]?\s*[)）]?$")
_CONTINUED = re.compile(r"[（(]续\d?[)）]$")


def points_of(text: str) -> float | None:
    """The figure of a 分值 or 权重 cell (5, 5分, 2.5, 5%: five in a hundred), or None."""
    match = _POINTS.match(text.strip())
    return float(match[1]) if match else None


@dataclass(slots=True, eq=False)
class _Open:
    """An item that may still grow. `cell` is where it stands; a third level shares it with its neighbours."""

    level: int
    number: Number | None
    parts: list[str]
    cell: Cell
    parent: "_Open | None" = None
    points: float | None = None

    @property
    def text(self) -> str:
        return join(self.parts)


@dataclass(slots=True, eq=False)
class _Figure:
    """One cell of a points column: which items stand in its rows."""

    column: int
    value: Cell
    seconds: list[_Open] = field(default_factory=list)
    thirds: list[_Open] = field(default_factory=list)
    firsts: list[_Open] = field(default_factory=list)


class TableReader:
    """Grids in reading order become items; what goes over a page end stays one."""

    def __init__(self, *, page_cuts: bool) -> None:
        self.items: list[_Open] = []
        self.findings: list[Finding] = []
        self._page_cuts = page_cuts
        self._current: dict[int, _Open | None] = {1: None, 2: None, 3: None}
        self._figures: list[_Figure] = []
        self._columns: Columns | None = None
        self._numbered_thirds = True
        self._row_each = False
        self._noted = False

    def heading(self, text: str, place: str) -> None:
        """A first level that stands as a paragraph above its table, or as a row of its own."""
        number = heading(text)
        self._open(1, number, text[number.end :] if number else text, Cell((text,), place))

    def read(self, grid: Grid, columns: Columns) -> None:
        """All rows of one grid."""
        # over a header stand the title and the like; over one that a page only repeats, the rest of the page before
        top = (
            0
            if self._page_cuts and self._columns and columns.names <= self._columns.names
            else min(columns.header, default=0)
        )
        self._columns = columns
        self._look_ahead(grid, columns)
        fresh = True
        for index, row in enumerate(grid.rows):
            above = index < top
            if above or index in columns.header or row_texts(row) in columns.names or not distinct(row):
                continue
            if self._set_aside(row, columns):
                continue
            self._row(row, columns, at_top=fresh)
            fresh = False

    def result(self) -> list[Item]:
        """The items, with the points that the 分值 columns give them."""
        children = self._children()
        self._settle_points(children)
        firsts = [item for item in self.items if item.parent is None and self._holds_any(item, children)]
        return [
            Item(i.level, i.number, i.text.strip(), i.cell.place, i.points)
            for first in firsts
            for i in _family(first, children)
        ]

    def _holds_any(self, item: _Open, children: dict[int, list[_Open]]) -> bool:
        """A first level without number and without anything below it is a signature or a remark."""
        if item.number is not None or children[id(item)]:
            return True
        self.findings.append(Finding(item.cell.place, f"“{_short(item.text)}”没有编号，下面也没有指标，没有计入。"))
        return False

    # ------------------------------------------------------------ rows

    def _look_ahead(self, grid: Grid, columns: Columns) -> None:
        """Whether this grid's third levels are numbered at all, and whether they stand in a row each."""
        third = columns.levels.get(3)
        second = columns.levels.get(2)
        if third is None:
            return
        rows = [row for i, row in enumerate(grid.rows) if i not in columns.header and not self._banner(row, columns)]
        cells = [cell for row in rows if (cell := _at(row, third)) is not None and cell.lines]
        numbered = sum(any((n := leading(line)) and n.scheme in THIRDS for line in cell.lines) for cell in cells)
        self._numbered_thirds = numbered * 2 >= len(cells)
        if second is not None:
            above = [_at(row, second) for row in rows]
            self._row_each = any(
                b is None or not b.lines or a is b or (a is not None and squeeze(a.text) == squeeze(b.text))
                for a, b in pairwise(above)
            )

    def has_banners(self, grid: Grid, columns: Columns) -> bool:
        """Whether headings stand as rows across this grid."""
        rows = grid.rows[min(columns.header, default=-1) + 1 :]
        return any(self._banner(row, columns) and leading(distinct(row)[0].text) is not None for row in rows)

    def _banner(self, row: tuple[Cell | None, ...], columns: Columns) -> bool:
        """One cell over the whole row, or alone in it outside of the level columns."""
        cells = distinct(row)
        if len(cells) != 1:
            return False
        slots = [c for c, cell in enumerate(row) if cell is cells[0]]
        return len(slots) > 1 and len(set(columns.levels.values()) & set(slots)) != 1

    def _set_aside(self, row: tuple[Cell | None, ...], columns: Columns) -> bool:
        """Totals and footnotes are no indicators; a banner is a heading or nothing."""
        cells = distinct(row)
        third = _at(row, columns.levels.get(3))
        own = [cell for cell in cells if not any(cell is o.cell for o in self._current.values() if o is not None)]
        if any(is_total(cell.text) for cell in own):
            return True
        if own and is_note(own[0].text) and (len(own) == 1 or third is None or not third.lines):
            self._noted = True
            return True
        if self._noted and len(own) == 1 and own[0] is not third and not self._next_heading(own[0]):
            return True  # a further line of the notes
        self._noted = False
        if not self._banner(row, columns):
            return False
        self._read_banner(cells[0], columns)
        return True

    def _next_heading(self, cell: Cell) -> bool:
        """Whether a lone cell after notes goes on with the first levels' counting."""
        number, last = leading(cell.text), self._current[1]
        if number is None or last is None or last.number is None:
            return False
        return number.scheme == last.number.scheme and number.last == last.number.last + 1

    def _read_banner(self, cell: Cell, columns: Columns) -> None:
        number = leading(cell.text)
        if number is None:
            if 1 not in columns.levels and len(cell.text) <= 60 and not finished(cell.text):
                self._open(1, None, cell.text, cell)
            return
        level = self._banner_level(number, columns)
        if level is not None:
            self._level(level, cell, at_top=False, begins=True)

    def _banner_level(self, number: Number, columns: Columns) -> int | None:
        for level in (1, 2):
            known = next((i.number for i in self.items if i.level == level and i.number is not None), None)
            if known is not None and known.scheme == number.scheme:
                return level
        free = [level for level in (1, 2) if level not in columns.levels]
        if number.scheme in ("dec2", "letter_B") and 2 in free:
            return 2
        return free[0] if free and (free[0] == 1 or self._current[1] is not None) else None

    def _row(self, row: tuple[Cell | None, ...], columns: Columns, *, at_top: bool) -> None:
        third = _at(row, columns.levels.get(3))
        lines = third.lines if third is not None else ()
        first_number = self._third_number(lines)
        # at the top of a page: a list that goes on, or a text without number, says that the row began on the page before
        goes_on = at_top and self._current[3] is not None and self._goes_on(lines, first_number)
        for level in (1, 2):
            cell = _at(row, columns.levels.get(level))
            if cell is not None and cell.lines:
                self._level(level, cell, at_top=goes_on, begins=first_number is not None and first_number.last == 1)
        before = len(self.items)
        if third is not None and third.lines:
            current = self._current[3]
            if current is None or current.cell is not third:
                self._thirds(third, goes_on=goes_on)
        self._note_points(row, columns, before)

    def _third_number(self, lines: tuple[str, ...]) -> Number | None:
        number = leading(lines[0]) if lines else None
        return number if number is not None and number.scheme in THIRDS else None

    def _goes_on(self, lines: tuple[str, ...], number: Number | None) -> bool:
        last = self._current[3]
        if last is None:
            return False
        if number is None:
            return self._page_cuts and (not lines or self._numbered_thirds or not finished(last.text))
        return (
            last.number is not None and number.scheme == last.number.scheme and 1 < number.last == last.number.last + 1
        )

    # ------------------------------------------------------------ first and second levels

    def _level(self, level: int, cell: Cell, *, at_top: bool, begins: bool) -> None:
        current = self._current[level]
        if current is not None and current.cell is cell:
            return
        text = _CONTINUED.sub("", cell.text)
        number = heading(text)
        words_ = text[number.end :] if number else text
        same = self._known(level, number, words_)
        if same is not None:
            self._enter(level, same)
            same.cell = cell
            return
        if number is None and current is not None and at_top and self._page_cuts:
            current.parts.append(words_)  # cut in two where the page ended
            current.cell = cell
            return
        if level == 2 and self._holds_thirds(cell):
            self._second_with_thirds(cell)
            return
        self._open(level, number, words_, cell)

    def _known(self, level: int, number: Number | None, text: str) -> _Open | None:
        """The item that this cell prints once more: on the next page, or in every row of an unmerged sheet."""
        parent = self._current[1] if level == 2 else None
        for item in self.items:
            if item.parent is not parent or item.level != level or squeeze(item.text) != squeeze(text):
                continue
            if item.number is None or number is None or item.number.path == number.path:
                return item
        return None

    def _open(self, level: int, number: Number | None, text: str, cell: Cell) -> _Open:
        parent = self._current[level - 1] if level > 1 else None
        item = _Open(level, number, [text.strip()], cell, parent)
        self.items.append(item)
        self._enter(level, item)
        return item

    def _enter(self, level: int, item: _Open) -> None:
        if self._current[level] is item:
            return
        self._current[level] = item
        for deeper in range(level + 1, 4):
            self._current[deeper] = None

    def _holds_thirds(self, cell: Cell) -> bool:
        """Whether second and third levels share a column: 1.1 … and below it (1) … in one cell."""
        if self._columns is None or self._columns.levels.get(3) is not None or len(cell.lines) < 2:
            return False
        first = leading(cell.lines[0])
        return any((n := leading(line)) and n.last == 1 and n.scheme in FAMILY and n.scheme != (first and first.scheme)
                   for line in cell.lines[1:])  # fmt: skip

    def _second_with_thirds(self, cell: Cell) -> None:
        start = next(
            i for i, line in enumerate(cell.lines) if i and (n := leading(line)) and n.last == 1 and n.scheme in FAMILY
        )
        head = join(cell.lines[:start])
        number = leading(head)
        self._open(2, number, head[number.end :] if number else head, cell)
        self._thirds(replace(cell, lines=cell.lines[start:]), goes_on=False)

    # ------------------------------------------------------------ third levels

    def _thirds(self, cell: Cell, *, goes_on: bool) -> None:
        last = self._current[3]
        scheme = last.number.scheme if last is not None and last.number is not None else None
        figure = last.number.last if last is not None and last.number is not None else 0
        if not self._numbered_thirds:
            self._unnumbered(cell, goes_on=goes_on)
            return
        for position, piece in enumerate(pieces(cell.lines, scheme, figure, printed_lines=self._page_cuts)):
            if piece.number is None and position == 0 and self._lead(cell, piece.text, goes_on=goes_on):
                continue
            self._open(3, piece.number, piece.text, cell)

    def _lead(self, cell: Cell, text: str, *, goes_on: bool) -> bool:
        """What stands before the first number of a cell: the rest of the item above, or an introduction."""
        last = self._current[3]
        if last is not None and (goes_on or not finished(last.text)):
            last.parts.append(text)
            last.cell = cell
            return True
        if any(leading(line) is not None for line in cell.lines[1:]):
            self.findings.append(Finding(cell.place, f"“{_short(text)}”没有编号，列在三级指标之前，没有计入指标。"))
            return True
        return False

    def _unnumbered(self, cell: Cell, *, goes_on: bool) -> None:
        last = self._current[3]
        if goes_on and last is not None and not finished(last.text):
            last.parts.append(cell.text)
            last.cell = cell
            return
        if self._page_cuts or self._row_each:
            self._open(3, None, cell.text, cell)
            return
        for line in cell.lines:
            self._open(3, None, line, cell)

    # ------------------------------------------------------------ points

    def _note_points(self, row: tuple[Cell | None, ...], columns: Columns, before: int) -> None:
        for column in columns.points:
            cell = _at(row, column)
            if cell is None:
                continue
            figure = next((f for f in self._figures if f.value is cell), None)
            if figure is None:
                if not cell.lines:
                    continue
                figure = _Figure(column, cell)
                self._figures.append(figure)
            _add(figure.firsts, self._current[1])
            _add(figure.seconds, self._current[2])
            for item in self.items[before:]:
                if item.level == 3:
                    _add(figure.thirds, item)

    def _settle_points(self, children: dict[int, list[_Open]]) -> None:
        """Every figure goes to the items it stands beside: by its neighbour column, else by the rows it covers."""
        columns = {f.column for f in self._figures}
        for column in sorted(columns):
            figures = [f for f in self._figures if f.column == column]
            level = self._level_beside(column) if len(columns) > 1 else None
            counts = {id(s): sum(s in f.seconds for f in figures) for f in figures for s in f.seconds}
            per_second = [f for f in figures if len(f.seconds) == 1 and counts[id(f.seconds[0])] == 1]
            whole = any(len(children[id(f.seconds[0])]) > 1 for f in per_second) and len(per_second) == len(figures)
            for figure in figures:
                self._give(figure, level, children, counts, whole)

    def _children(self) -> dict[int, list[_Open]]:
        """The items one level below, by the identity of the item above."""
        children: dict[int, list[_Open]] = {id(item): [] for item in self.items}
        for item in self.items:
            if item.parent is not None:
                children[id(item.parent)].append(item)
        return children

    def _level_beside(self, column: int) -> int | None:
        if self._columns is None:
            return None
        left = [(c, level) for level, c in self._columns.levels.items() if c < column]
        return max(left)[1] if left else None

    def _give(
        self, figure: _Figure, level: int | None, children: dict[int, list[_Open]], counts: dict[int, int], whole: bool
    ) -> None:
        values = [points_of(line) for line in figure.value.lines]
        if len(values) > 1 and len(values) == len(figure.thirds) and None not in values:
            for item, value in zip(figure.thirds, values, strict=True):
                item.points = value
            return
        points = points_of(figure.value.text)
        target = self._target(figure, level, children, counts, whole)
        if points is not None and target is not None and target.points is None:
            target.points = points

    def _target(
        self, figure: _Figure, level: int | None, children: dict[int, list[_Open]], counts: dict[int, int], whole: bool
    ) -> _Open | None:
        second = figure.seconds[0] if figure.seconds else None
        if level is not None:
            chosen = {1: figure.firsts, 2: figure.seconds, 3: figure.thirds}[level]
            return chosen[0] if chosen else None
        if len(figure.seconds) > 1:
            return figure.firsts[0] if len(figure.firsts) == 1 else None
        if second is None:
            return None
        alone = counts[id(second)] == 1 and len(children[id(second)]) > 1
        if len(figure.thirds) == 1 and not alone and not whole:
            return figure.thirds[0]
        return second if alone or whole or len(figure.thirds) > 1 else None


def _family(item: _Open, children: dict[int, list[_Open]]) -> list[_Open]:
    """An item and all below it, in the order of the tree."""
    return [item, *(i for child in children[id(item)] for i in _family(child, children))]


def _add(items: list[_Open], item: _Open | None) -> None:
    if item is not None and not any(item is other for other in items):
        items.append(item)


def _at(row: tuple[Cell | None, ...], column: int | None) -> Cell | None:
    return row[column] if column is not None and column < len(row) else None


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
