"""Which column of a grid is which level: by the names in its header, else by how its cells are numbered."""

import re
from collections import Counter
from dataclasses import dataclass

from pipeline.guideline.items import THIRDS
from pipeline.guideline.numbering import RANKS, leading
from pipeline.guideline.source import Cell, Grid, squeeze
from pipeline.guideline.words import column_role, words

_FIGURES = set("0123456789.%分-—/ 　")
_BARE = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?|\d{1,2}[.．-]\d{1,2}(?:[.．-]\d{1,2})?|[①-⑳])[.．、]?\s*$"
)
_FEW = 9  # a first level has at most so many items; longer runs of 1, 2, 3 … are serial numbers
_LEVELS = {"level1": 1, "level2": 2, "level3": 3}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a grid. `levels` gives the column of level 1 to 3; `named`: the header names levels outright.

    `header` are the rows (from 0) that only name columns; `names` their texts, to know them again when repeated.
    """

    levels: dict[int, int]
    points: tuple[int, ...]
    serial: int | None
    header: frozenset[int]
    names: frozenset[tuple[str, ...]]
    named: bool
    width: int


def find_columns(grid: Grid, before: Columns | None) -> Columns | None:
    """The roles of a grid's columns; `before` are those of the grid above, which a grid without header continues."""
    header = [index for index, row in enumerate(grid.rows) if _names_columns(row)]
    if before is not None and not header and grid.width == before.width:
        repeated = frozenset(i for i, row in enumerate(grid.rows) if row_texts(row) in before.names)
        return Columns(before.levels, before.points, before.serial, repeated, before.names, before.named, before.width)
    first = _first_run(header)
    roles = _roles(grid, first)
    levels = {_LEVELS[role]: column for column, role in sorted(roles.items(), reverse=True) if role in _LEVELS}
    named = len(levels) >= 2
    levels = _complete(grid, levels, roles, frozenset(header))
    if not levels:
        return None
    return Columns(
        levels,
        tuple(sorted(c for c, role in roles.items() if role == "points")),
        next((c for c, role in sorted(roles.items()) if role == "serial"), None),
        frozenset(header),
        frozenset(row_texts(grid.rows[i]) for i in header),
        named,
        grid.width,
    )


def with_numbers(grid: Grid) -> Grid:
    """The grid with numbers that stand in a column of their own (编号 | 一级指标) put before the words beside them."""
    rows = [list(row) for row in grid.rows]
    for column in range(grid.width - 1):
        body = [r for r in range(len(rows)) if not _names_columns(grid.rows[r])]
        pairs = [
            (r, _slot(rows[r], column), _slot(rows[r], column + 1)) for r in body if len(distinct(tuple(rows[r]))) > 1
        ]
        if not _beside(pairs):
            continue
        joined: dict[int, Cell] = {}
        for row, number, words_ in pairs:
            if number is None or words_ is None or not number.lines or not words_.lines:
                continue
            cell = joined.setdefault(
                id(words_), Cell((_dotted(number.text) + words_.lines[0], *words_.lines[1:]), words_.place)
            )
            rows[row][column] = rows[row][column + 1] = cell
    return Grid(tuple(tuple(row) for row in rows), grid.name)


def _slot(row: list[Cell | None], column: int) -> Cell | None:
    return row[column] if column < len(row) else None


def _beside(pairs: list[tuple[int, Cell | None, Cell | None]]) -> bool:
    """Whether the left cells are the right cells' numbers: bare numbers in the same rows, one for each text.

    A serial number that runs on over all rows beside a text in each row is no number of a list.
    """
    filled = [(left, right) for _, left, right in pairs if (left and left.lines) or (right and right.lines)]
    numbers: dict[str, str] = {}
    figures: list[int] = []
    for left, right in filled:
        if left is None or right is None or left is right or not left.lines or not right.lines:
            return False
        number = leading(_dotted(left.text))
        if (
            number is None
            or not _BARE.match(left.text)
            or leading(right.text) is not None
            or set(right.text) <= _FIGURES
        ):
            return False
        if numbers.setdefault(squeeze(right.text), left.text) != left.text:
            return False
        figures.append(number.last)
    distinct_texts = len(numbers)
    serial = distinct_texts == len(pairs) and figures == list(range(1, len(pairs) + 1)) and distinct_texts > _FEW
    return distinct_texts > 1 and not serial


def _dotted(number: str) -> str:
    """A number as it stands before words: 1 as 1. and 一 as 一、; the others with a blank."""
    bare = number.strip()
    return bare + ("." if bare.isdigit() and bare.isascii() else "、" if bare[-1:] in "一二三四五六七八九十" else " ")


def row_texts(row: tuple[Cell | None, ...]) -> tuple[str, ...]:
    """The row's different cells as texts without blanks."""
    return tuple(squeeze(cell.text) for cell in distinct(row))


def distinct(row: tuple[Cell | None, ...]) -> list[Cell]:
    """The row's cells, merged ones once, empty ones left out."""
    cells: list[Cell] = []
    for cell in row:
        if cell is not None and cell.lines and not any(cell is other for other in cells):
            cells.append(cell)
    return cells


def _names_columns(row: tuple[Cell | None, ...]) -> bool:
    """A header row: every cell is short and without a number, and the names are known ones."""
    cells = distinct(row)
    roles = [column_role(cell.text) for cell in cells]
    if any(len(squeeze(cell.text)) > words().limits.header_length for cell in cells):
        return False
    if any(leading(cell.text) is not None or set(cell.text) <= _FIGURES for cell in cells):
        return False
    known = [role for role in roles if role is not None]
    outright = [role for role in known if role in _LEVELS]
    return len(outright) >= 2 or (len(known) >= 2 and len(known) * 2 >= len(cells))


def _first_run(rows: list[int]) -> list[int]:
    """The first rows of `rows` that follow one another: a header may have two storeys."""
    run = rows[:1]
    for index in rows[1:]:
        if index != run[-1] + 1:
            break
        run.append(index)
    return run


def _roles(grid: Grid, header: list[int]) -> dict[int, str]:
    """Role by column; of two storeys the lower and the plainer name wins."""
    roles: dict[int, str] = {}
    for index in header:
        for column, cell in enumerate(grid.rows[index]):
            role = column_role(cell.text) if cell is not None else None
            if role is not None and roles.get(column) not in _LEVELS:
                roles[column] = role
    return roles


@dataclass(frozen=True, slots=True)
class _Profile:
    column: int
    cells: int  # different texts
    scheme: str | None  # of most of its cells
    numbered: float
    figures: bool
    length: float


def _profile(grid: Grid, column: int, header: frozenset[int]) -> _Profile | None:
    texts: dict[str, str] = {}
    for index, row in enumerate(grid.rows):
        cell = row[column] if column < len(row) else None
        if index not in header and cell is not None and cell.lines and len(distinct(row)) > 1:
            texts[squeeze(cell.text)] = cell.text
    if not texts:
        return None
    schemes = Counter(n.scheme for text in texts.values() if (n := leading(text)) is not None)
    scheme, count = schemes.most_common(1)[0] if schemes else (None, 0)
    return _Profile(
        column,
        len(texts),
        scheme if count * 2 >= len(texts) else None,
        sum(schemes.values()) / len(texts),
        all(set(text) <= _FIGURES for text in texts),
        sum(map(len, texts)) / len(texts),
    )


def _complete(grid: Grid, levels: dict[int, int], roles: dict[int, str], header: frozenset[int]) -> dict[int, int]:
    """`levels` with the missing ones filled from columns that nothing else claims."""
    levels = dict(levels)
    profiles = [p for c in range(grid.width) if (p := _profile(grid, c, header)) is not None]
    free = [
        p
        for p in profiles
        if p.column not in levels.values()
        and roles.get(p.column) not in ("points", "serial", "other")
        and not p.figures
    ]
    missing = [level for level in (1, 2, 3) if level not in levels]
    if not missing or not free:
        return levels
    if len(missing) < 3:
        return _fill(levels, missing, free, roles)
    if not header:
        free = [p for p in free if p.scheme is not None] if len(free) > 3 else free
    numbered = [p for p in free if p.scheme is not None]
    if len(numbered) < 2 and not (len(free) == 1 and header):
        return {}  # nothing says that these columns are levels
    if len(free) >= 3:
        ordered = _by_rank(free[:3] if len(numbered) < 3 else numbered[:3])
        return {level: p.column for level, p in zip((1, 2, 3), ordered, strict=True)}
    if len(free) == 2:
        return {level: p.column for level, p in zip((2, 3), _by_rank(free), strict=True)}
    return {3: free[0].column}


def _fill(levels: dict[int, int], missing: list[int], free: list[_Profile], roles: dict[int, str]) -> dict[int, int]:
    """One or two levels are named; a third level by its name, else the next numbered column to the right of them."""
    if 3 in missing:
        called = [p for p in free if roles.get(p.column) == "points_of_view"]
        right = [p for p in free if p.column > max(levels.values()) and (p.scheme in THIRDS or p.column in roles)]
        if chosen := (called or right)[:1]:
            levels[3] = chosen[0].column
            free = [p for p in free if p.column != chosen[0].column]
    for level in (2, 1):
        if level in missing:
            left = [p for p in free if p.column < min(c for k, c in levels.items() if k > level or k == 3)]
            if level + 1 in levels and left:
                levels[level] = left[-1].column
                free = [p for p in free if p.column != left[-1].column]
    return levels


def _by_rank(profiles: list[_Profile]) -> list[_Profile]:
    """Left to right, unless all are numbered in different shapes: then as those shapes nest."""
    schemes = [p.scheme for p in profiles]
    if None not in schemes and len(set(schemes)) == len(schemes):
        return sorted(profiles, key=lambda p: RANKS.index(p.scheme or ""))
    return profiles
