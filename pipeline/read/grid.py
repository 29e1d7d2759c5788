"""Ruled tables: from the rulings of a page to grids of cells, and from grids and runs to rows of text.

The geometry is pdfplumber's own (its table functions take edges from anywhere), so rows and columns are the same
as pdfplumber's; feeding it PDFium's lines instead of pdfminer's costs a fiftieth of the time.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.read.lines import lines_of, measure, paragraphs
from pipeline.read.sheet import Cell, Grid, Run, first_token, gather, line_text, width_of, wrapped
from pipeline.text import weight

SNAP = 3.0  # points: pdfplumber's defaults; rulings of one border drawn twice are this near
MOST_CROSSINGS = 250_000  # horizontal × vertical rulings: a drawing, not a table; the time grows with it
PADDING = 6.0  # points between a cell's border and its text: Word sets 0.19 cm; more is alignment, not padding

NOTHING = ("", False)


class Ruling(NamedTuple):
    """A straight line, horizontal or vertical: x0 == x1 where it is vertical, top == bottom where horizontal."""

    x0: float
    top: float
    x1: float
    bottom: float


class Row(NamedTuple):
    """One row of a table as text: cells in their columns, and how many characters are repeated from a merged cell."""

    cells: tuple[str, ...]
    columns: tuple[int, ...]  # the grid column in which each cell begins
    spans: tuple[int, ...]  # how many columns each is wide
    repeated: int
    top: float
    bottom: float
    confidence: float | None = None
    open_cells: tuple[bool, ...] = ()  # whether the last line of each cell is full, so that it may go on over the page
    merged: tuple[int, ...] = ()  # for each cell that covers several rows the grid's row it begins in, from 1; else 0
    prose: tuple[str, ...] = ()  # the paragraphs of a cell that is as wide as the table: a frame, no record


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its text. `xs`: the borders of its columns, by which a continuation is known."""

    rows: tuple[Row, ...]
    xs: tuple[float, ...]
    top: float
    bottom: float
    ruled: bool = True  # False: its columns are known by alignment, so `xs` differ a little from page to page


def find(rulings: Sequence[Ruling]) -> tuple[Grid, ...]:
    """The grids that the rulings of one page draw, top to bottom; a single box is no table."""
    if len(rulings) < 4:
        return ()
    from pdfplumber import table as plumber

    edges = plumber.merge_edges([_edge(r) for r in rulings], SNAP, SNAP, SNAP, SNAP)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright * (len(edges) - upright) > MOST_CROSSINGS:
        return ()
    cells = plumber.intersections_to_cells(plumber.edges_to_intersections(edges, SNAP, SNAP))
    grids = [_grid(boxes) for boxes in plumber.cells_to_tables(cells)]
    return tuple(sorted(_outermost(grids), key=lambda grid: (grid.top, grid.xs[0])))


def ruling(x0: float, top: float, x1: float, bottom: float) -> Ruling:
    """A nearly straight line made straight, across its shorter side."""
    if x1 - x0 >= bottom - top:
        return Ruling(x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    return Ruling((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)


def _edge(ruling: Ruling) -> dict[str, object]:
    upright = ruling.x0 == ruling.x1
    return {
        "x0": ruling.x0,
        "x1": ruling.x1,
        "top": ruling.top,
        "bottom": ruling.bottom,
        "width": ruling.x1 - ruling.x0,
        "height": ruling.bottom - ruling.top,
        "orientation": "v" if upright else "h",
        "object_type": "line",
    }


def _grid(boxes: Sequence[tuple[float, float, float, float]]) -> Grid:
    xs = tuple(sorted({box[0] for box in boxes} | {box[2] for box in boxes}))
    ys = tuple(sorted({box[1] for box in boxes} | {box[3] for box in boxes}))
    columns, rows = {x: i for i, x in enumerate(xs)}, {y: i for i, y in enumerate(ys)}
    cells = tuple(Cell(*box, rows[box[1]], columns[box[0]], rows[box[3]], columns[box[2]]) for box in boxes)
    return Grid(xs, ys, cells)


def _outermost(grids: Sequence[Grid]) -> list[Grid]:
    """Without the tables that stand inside a cell of another: their text is that cell's text."""
    return [g for g in grids if not any(_inside(g, other) for other in grids if other is not g)]


def _inside(inner: Grid, outer: Grid) -> bool:
    return (
        inner.xs[0] >= outer.xs[0] - SNAP
        and inner.xs[-1] <= outer.xs[-1] + SNAP
        and inner.top >= outer.top - SNAP
        and inner.bottom <= outer.bottom + SNAP
        and len(inner.cells) < len(outer.cells)
    )


def locator(grids: Sequence[Grid]) -> Callable[[float, float], tuple[int, Cell] | None]:
    """A function that says in which grid and cell a point of the page lies."""
    maps = [_cell_map(grid) for grid in grids]

    def at(x: float, y: float) -> tuple[int, Cell] | None:
        for index, grid in enumerate(grids):
            if grid.top <= y <= grid.bottom and grid.xs[0] <= x <= grid.xs[-1]:
                row = min(bisect_right(grid.ys, y), len(grid.ys) - 1) - 1
                column = min(bisect_right(grid.xs, x), len(grid.xs) - 1) - 1
                cell = maps[index].get((row, column))
                return (index, cell) if cell else None
        return None

    return at


def _cell_map(grid: Grid) -> dict[tuple[int, int], Cell]:
    return {
        (row, column): cell
        for cell in grid.cells
        for row in range(cell.row, cell.row_end)
        for column in range(cell.column, cell.column_end)
    }


def tables(grids: Sequence[Grid], runs: Sequence[Run]) -> tuple[list[Table], list[Run]]:
    """The tables of one page with their text, and the runs that stand outside of them."""
    at = locator(grids)
    contents: list[dict[Cell, list[Run]]] = [{} for _ in grids]
    outside: list[Run] = []
    for run in runs:
        found = at((run.x0 + run.x1) / 2, (run.top + run.bottom) / 2)
        if found is None:
            outside.append(run)
        else:
            contents[found[0]].setdefault(found[1], []).append(run)
    filled = []
    for grid, content in zip(grids, contents, strict=True):
        if _is_table(grid, content):
            filled.append(_table(grid, content))
        else:
            outside += [run for cell in content.values() for run in cell]
    return filled, outside


def _is_table(grid: Grid, content: dict[Cell, list[Run]]) -> bool:
    """A frame round text is none: at least two cells of one row must hold text, or two rows of one column."""
    return len(content) > 1


def _table(grid: Grid, content: dict[Cell, list[Run]]) -> Table:
    texts = {cell: cell_text(cell, runs) for cell, runs in content.items()}
    by_row = _cell_map(grid)
    rows = []
    for index, (top, bottom) in enumerate(zip(grid.ys, grid.ys[1:], strict=False)):
        cells: list[Cell] = []
        for column in range(len(grid.xs) - 1):
            cell = by_row.get((index, column))
            if cell and (not cells or cells[-1] is not cell):
                cells.append(cell)
        row = _row(index, cells, texts, content, top, bottom)
        if any(row.cells):
            rows.append(row)
    return Table(tuple(rows), grid.xs, grid.top, grid.bottom)


def _row(
    index: int,
    cells: Sequence[Cell],
    texts: dict[Cell, tuple[str, bool]],
    content: dict[Cell, list[Run]],
    top: float,
    bottom: float,
) -> Row:
    own = [run for cell in cells if cell.row == index for run in content.get(cell, ())]
    return Row(
        cells=tuple(texts.get(cell, NOTHING)[0] for cell in cells) if own else (),
        columns=tuple(cell.column for cell in cells),
        spans=tuple(cell.column_end - cell.column for cell in cells),
        repeated=sum(weight(texts.get(cell, NOTHING)[0]) for cell in cells if cell.row != index) if own else 0,
        top=top,
        bottom=bottom,
        confidence=mean_confidence(own),
        open_cells=tuple(texts.get(cell, NOTHING)[1] for cell in cells),
        merged=tuple(cell.row + 1 if cell.row_end - cell.row > 1 else 0 for cell in cells),
        prose=_prose(cells[0], own) if own and len(cells) == 1 else (),
    )


def _prose(cell: Cell, runs: Sequence[Run]) -> tuple[str, ...]:
    lines = lines_of(runs)
    area = measure(lines, cell.x0 + cell.x1)
    return tuple(paragraph.text for paragraph in paragraphs(lines, area, 0))


def mean_confidence(runs: Sequence[Run]) -> float | None:
    """The mean confidence of recognised runs, each weighing as many as its characters; None for text that was not."""
    known = [(run.confidence, len(run.text)) for run in runs if run.confidence is not None]
    if not known:
        return None
    return round(sum(c * n for c, n in known) / sum(n for _, n in known), 4)


def cell_text(cell: Cell, runs: Sequence[Run]) -> tuple[str, bool]:
    """The lines of one cell as one text, and whether the last one is full.

    Wrapped lines are joined; lines that were ended by hand are kept apart by a blank.
    """
    padding = min(max(0.0, min(run.x0 for run in runs) - cell.x0), PADDING)
    text, room = "", 0.0
    for line in gather(runs):
        here = line_text(line)
        need = width_of(here[: first_token(here)], line[0].size)
        text = wrapped(text, here) if not text or need > room else f"{text} {here}"
        uneven = 0.6 * line[0].size if line[0].confidence is not None else 0.0  # recognised boxes do not fit tightly
        room = (cell.x1 - cell.x0) - 2 * padding - (line[-1].x1 - line[0].x0) - uneven
    return text, room < 1.5 * runs[0].size
