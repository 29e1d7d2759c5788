"""Tables without rules: rows and columns known by alignment alone.

A table is several lines one below the other, each in pieces that stand at the same places. Prose must never become
a table, so the pieces have to line up (by their left edges, middles or right edges), gaps between columns have to
be empty all the way down, and labels that are only spread out (时　间：) are put together first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.read.columns import pieces
from pipeline.read.grid import Row, Table, mean_confidence
from pipeline.read.lines import Line, Measure, line_from
from pipeline.read.sheet import Run, is_chinese, wrapped

FEWEST_ROWS = 3  # of three or more columns: header and two rows
FEWEST_ROWS_OF_TWO = 4  # two columns come about by chance more easily
EMPTY = 0.7  # ems: the least gap between two columns
TIGHT = 0.4  # ems: the gap that the margins of two cells leave where the first is full
STRAYING = 0.7  # ems off the place where the others of a column begin, end or have their middle
LINED_UP = 0.75  # of the pieces of each column
IN_PIECES = 0.25  # of the lines have more than one piece; the rest are cells that took several lines
LONGEST_LABEL = 14  # characters in the first of only two columns
APART = 3.0  # times the usual distance between lines: another table, or another thing


@dataclass(frozen=True, slots=True)
class Found:
    """A table in lines[first:end]."""

    first: int
    end: int
    table: Table


@dataclass(frozen=True, slots=True)
class _Column:
    x0: float
    x1: float


def find(lines: Sequence[Line], area: Measure) -> list[Found]:
    """The tables among the lines of one column of a page."""
    parts = [_without_spread_labels(line) for line in lines]
    found = []
    at = 0
    while at < len(lines):
        end = _stretch(lines, parts, at, area)
        made = None
        while end - at >= FEWEST_ROWS and made is None:
            made = _table(_parted(parts[at:end]))
            if made is None:
                end -= 1
                while end > at and len(parts[end - 1]) < 2:
                    end -= 1
        if made is None:
            at += 1
        else:
            found.append(Found(at, end, made))
            at = end
    return found


def _without_spread_labels(line: Line) -> list[Line]:
    """The pieces of a line; single Chinese characters that were only spread out (时　间：) go with what follows."""
    parts = pieces(line)
    made = [parts[0]]
    for part in parts[1:]:
        before = "".join(run.text for run in made[-1])
        after = part[0].text
        if len(before) == 1 and is_chinese(before) and (after[1:2] in ("：", ":") or len(after) == 1):
            made[-1] = made[-1] + part
        else:
            made.append(part)
    return [line_from(part) for part in made]


def _parted(parts: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The same lines, pieces cut where a full cell leaves hardly any gap before the next column's well-known left edge."""
    edges = [part.x0 for row in parts for part in row[1:]]
    return [[line_from(cut) for part in row for cut in _cut(part, edges)] for row in parts]


def _cut(part: Line, edges: Sequence[float]) -> list[list[Run]]:
    cuts = [[part.runs[0]]]
    for before, run in pairwise(part.runs):
        beside = sum(abs(run.x0 - edge) < 0.5 * STRAYING * part.size for edge in edges)
        if run.x0 - before.x1 > TIGHT * part.size and beside >= FEWEST_ROWS:
            cuts.append([run])
        else:
            cuts[-1].append(run)
    return cuts


def _stretch(lines: Sequence[Line], parts: Sequence[Sequence[Line]], at: int, area: Measure) -> int:
    """The end of the lines from `at` on that may be one table."""
    if len(parts[at]) < 2:
        return at
    end = at + 1
    while end < len(lines) and lines[end].top - lines[end - 1].top < APART * area.leading:
        if len(parts[end]) < 2 and not _inside_a_column(parts[end][0], parts[at:end]):
            break
        end += 1
    while len(parts[end - 1]) < 2 and not _inside_a_column(parts[end - 1][0], parts[at : end - 1]):
        end -= 1
    return end


def _inside_a_column(part: Line, above: Sequence[Sequence[Line]]) -> bool:
    """Whether a lone piece can be the second line of a cell: it begins where pieces of the last row did."""
    rows = [row for row in above if len(row) > 1][-1:]
    return any(abs(part.x0 - p.x0) < STRAYING * part.size and part.x1 <= _room(row, p) for row in rows for p in row)


def _room(row: Sequence[Line], part: Line) -> float:
    """Where the next piece of the row begins: a cell's second line cannot reach further."""
    return min((other.x0 for other in row if other.x0 > part.x1), default=float("inf"))


def _table(parts: Sequence[Sequence[Line]]) -> Table | None:
    several = [row for row in parts if len(row) > 1]
    if len(several) < FEWEST_ROWS or len(several) < IN_PIECES * len(parts):
        return None
    columns = _columns(parts)
    if len(columns) < 2 or (len(columns) == 2 and len(several) < FEWEST_ROWS_OF_TWO):
        return None
    placed = [[(_column_of(part, columns), part) for part in row] for row in parts]
    if any(len({c for c, _ in row}) < len(row) for row in placed):
        return None
    if not all(_lined_up([p for row in placed for c, p in row if c == n]) for n in range(len(columns))):
        return None
    if len(columns) == 2 and median(len(p.text) for row in placed for c, p in row if c == 0) > LONGEST_LABEL:
        return None
    rows = _rows(placed, len(columns))
    if len(rows) < FEWEST_ROWS:
        return None
    xs = (columns[0].x0, *((a.x1 + b.x0) / 2 for a, b in pairwise(columns)), columns[-1].x1)
    return Table(tuple(rows), xs, parts[0][0].top, parts[-1][0].bottom, ruled=False)


def _columns(parts: Sequence[Sequence[Line]]) -> list[_Column]:
    """The strips that pieces stand in, parted by gaps that are empty from top to bottom."""
    columns: list[_Column] = []
    for part in sorted((p for row in parts for p in row), key=lambda p: p.x0):
        if columns and part.x0 < columns[-1].x1 + EMPTY * part.size:
            columns[-1] = _Column(columns[-1].x0, max(columns[-1].x1, part.x1))
        else:
            columns.append(_Column(part.x0, part.x1))
    return columns


def _column_of(part: Line, columns: Sequence[_Column]) -> int:
    return next(n for n, column in enumerate(columns) if column.x0 <= part.x0 <= column.x1)


def _lined_up(parts: Sequence[Line]) -> bool:
    """Whether the pieces of a column share their left edges, their middles or their right edges."""
    if len(parts) < 2:
        return False
    size = parts[0].size
    for places in ([p.x0 for p in parts], [(p.x0 + p.x1) / 2 for p in parts], [p.x1 for p in parts]):
        usual = median(places)
        if sum(abs(place - usual) < STRAYING * size for place in places) >= LINED_UP * len(places):
            return True
    return False


def _rows(placed: Sequence[Sequence[tuple[int, Line]]], columns: int) -> list[Row]:
    """Lines as rows: a line that leaves the first column empty goes on with the cells of the row above."""
    groups: list[list[Sequence[tuple[int, Line]]]] = []
    for line in placed:
        if groups and line[0][0] > 0 and not _begins(line, groups[-1]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_row(group, columns) for group in groups]


def _begins(line: Sequence[tuple[int, Line]], group: Sequence[Sequence[tuple[int, Line]]]) -> bool:
    """Whether a line without a first column is still a row of its own: it has most of the others."""
    return len(line) > 1 and len(line) >= len(group[0]) - 1


def _row(group: Sequence[Sequence[tuple[int, Line]]], columns: int) -> Row:
    texts = [""] * columns
    for line in group:
        for column, part in line:
            texts[column] = wrapped(texts[column], part.text)
    runs = [run for line in group for _, part in line for run in part.runs]
    return Row(
        cells=tuple(texts),
        columns=tuple(range(columns)),
        spans=(1,) * columns,
        repeated=0,
        top=min(run.top for run in runs),
        bottom=max(run.bottom for run in runs),
        confidence=mean_confidence(runs),
    )
