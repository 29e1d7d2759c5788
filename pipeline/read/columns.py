"""Reading order on a page of two or more columns: where a gutter runs, and what spans it."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.read.lines import Line, line_from, lines_of
from pipeline.read.sheet import Run

GAP = 1.2  # ems between two pieces of one line that belong to different columns
GUTTER = 0.8  # ems: columns are set at least this far apart
CROSSED = 0.15  # of the lines beside it may run over a gutter: headings, a table's title
FEWEST_LINES = 4  # in each column; fewer are a letterhead or a signature block
PROSE_LINE = 8  # characters in a usual line of a text column; the cells of a table have fewer
IN_PIECES = 0.5  # of a side's lines fall into pieces: the columns of a table without rules, no text column
FILLED = 0.72  # of the column's width, filled by its usual line; ragged tables are emptier
BIN = 2.0  # points
_DEPTH = 3  # four columns at most


def pieces(line: Line) -> list[list[Run]]:
    """The runs of a line, parted where a gap is wide enough to part columns."""
    parts = [[line.runs[0]]]
    for before, run in pairwise(line.runs):
        if run.x0 - before.x1 > GAP * line.size:
            parts.append([run])
        else:
            parts[-1].append(run)
    return parts


def in_reading_order(lines: Sequence[Line], depth: int = 0) -> list[tuple[list[Line], bool]]:
    """The lines of a page as bands in reading order; True marks a band that is one column of several."""
    parts = [line_from(part) for line in lines for part in pieces(line)]
    gutter = _gutter(parts) if len(parts) >= 2 * FEWEST_LINES and depth < _DEPTH else None
    if gutter is None:
        return [(list(lines), depth > 0)] if lines else []
    bands: list[tuple[list[Line], bool]] = []
    for band in _bands(lines, gutter):
        left = [run for line in band for run in line.runs if (run.x0 + run.x1) / 2 < gutter]
        right = [run for line in band for run in line.runs if (run.x0 + run.x1) / 2 >= gutter]
        sides = lines_of(left), lines_of(right)
        if all(_is_prose(side) for side in sides) and _alike(*sides):
            bands += [*in_reading_order(sides[0], depth + 1), *in_reading_order(sides[1], depth + 1)]
        elif bands and not bands[-1][1]:
            bands[-1] = (bands[-1][0] + band, False)
        else:
            bands.append((band, depth > 0))
    return bands


def _gutter(parts: Sequence[Line]) -> float | None:
    """The middle of the widest strip in the middle half of the page that hardly any line runs over."""
    left, right = min(p.x0 for p in parts), max(p.x1 for p in parts)
    size = median(p.size for p in parts)
    count = int((right - left) / BIN) + 1
    steps = [0] * (count + 1)
    for part in parts:
        steps[int((part.x0 - left) / BIN)] += 1
        steps[int((part.x1 - left) / BIN)] -= 1
    cover, level = [], 0
    for step in steps[:count]:
        level += step
        cover.append(level)
    best: tuple[int, int] | None = None
    start = None
    for place in range(count // 4, 3 * count // 4 + 1):
        beside = min(max(cover[:place], default=0), max(cover[place + 1 :], default=0))
        if beside >= FEWEST_LINES and cover[place] <= CROSSED * beside:
            start = place if start is None else start
            if best is None or place - start > best[1] - best[0]:
                best = (start, place)
        else:
            start = None
    if best is None or (best[1] - best[0]) * BIN < GUTTER * size:
        return None
    return left + (best[0] + best[1] + 1) / 2 * BIN


def _bands(lines: Sequence[Line], gutter: float) -> list[list[Line]]:
    """Lines parted into those that run over the gutter and those that keep to its sides."""
    bands: list[list[Line]] = []
    over_before: bool | None = None
    for line in lines:
        over = any(run.x0 < gutter - 1 and run.x1 > gutter + 1 for run in line.runs)
        if over is over_before:
            bands[-1].append(line)
        else:
            bands.append([line])
        over_before = over
    return bands


def _is_prose(lines: Sequence[Line]) -> bool:
    if len(lines) < FEWEST_LINES or sum(len(pieces(line)) > 1 for line in lines) > IN_PIECES * len(lines):
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    if median(len(line.text) for line in lines) < PROSE_LINE:
        return False
    return median(line.x1 - line.x0 for line in lines) >= FILLED * width


def _alike(left: Sequence[Line], right: Sequence[Line]) -> bool:
    widths = [max(line.x1 for line in side) - min(line.x0 for line in side) for side in (left, right)]
    return 0.5 < widths[0] / max(widths[1], 1.0) < 2
