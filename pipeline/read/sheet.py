"""What one page holds, whichever way it was read: runs of text with their places, and the grids of ruled tables.

PDF text, recognised scans and photos all become Sheets, so layout is written once. Lengths are points (1/72 inch),
measured from the top left corner of the page as a person sees it.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

NARROW = (
    0.3  # in ems: more than the space between Chinese and Latin; a mark that is drawn later may belong in a wider gap
)
TYPED = 0.75  # in ems: the gap that a typed blank leaves, less than one between columns
VISIBLE = 0.7  # in ems: a gap that a person sees as a blank between Chinese characters
WORD = 0.15  # in ems: Latin words are set at least this far apart

_QUOTES = frozenset("“”‘’")
_OPENING = frozenset("（([〔【《〈「『")
_CLOSING = frozenset("，。、；：？！,.;:?!）)」』】》〉”’%％…—·")


class Run(NamedTuple):
    """Characters that stand together on one line. `size`: height of an em; `confidence` 0 to 1 where recognised.

    `slanted`: set at an angle to the rest of the page, as watermarks are.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    confidence: float | None = None
    slanted: bool = False


class Cell(NamedTuple):
    """One cell of a ruled table: its place on the page, and in the grid (first row and column, and one past the last)."""

    x0: float
    top: float
    x1: float
    bottom: float
    row: int
    column: int
    row_end: int
    column_end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: its column and row borders, and its cells; a merged cell spans several of both."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Cell, ...]

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page. `runs` as the file gives them, in no order that can be relied on."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...] = ()
    grids: tuple[Grid, ...] = ()
    recognised: bool = False


def is_chinese(char: str) -> bool:
    """Chinese characters and the full-width marks that are set without blanks."""
    return (
        "\u3000" <= char <= "\u303f"
        or "\u3400" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uffef"
        or "\U00020000" <= char <= "\U0003ffff"
        or char in "“”‘’…—·"
    )


def blank_between(left: str, right: str, gap: float, typed: bool = False) -> bool:
    """Whether a blank stands between two neighbours on a line; `gap` in ems, `typed` where the file itself has one."""
    if is_chinese(left) and is_chinese(right):
        return gap >= VISIBLE or typed
    if is_chinese(left) or is_chinese(right):
        return gap >= VISIBLE or typed
    return gap > WORD or typed


def line_text(runs: Sequence[Run]) -> str:
    """The runs of one line, left to right, as text."""
    text = runs[0].text
    for before, run in itertools.pairwise(runs):
        gap = (run.x0 - before.x1) / (run.size or 1)
        text += (" " if blank_between(before.text[-1], run.text[0], gap) else "") + run.text
    return text


def wrapped(left: str, right: str) -> str:
    """Two lines of one paragraph as one text: no blank between Chinese characters, one between Latin words."""
    if not left or not right:
        return left + right
    if is_chinese(left[-1]) or is_chinese(right[0]):
        return left + right
    if left[-1] == "-" and len(left) > 1 and left[-2].isascii() and left[-2].islower() and right[0].islower():
        return left + right
    return f"{left} {right}"


def first_token(text: str) -> int:
    """How many characters must stay together at a line's begin: one Chinese character, or a Latin word or number.

    Closing marks stay with what they close; quotation marks, which typesetters take for Latin, with both neighbours.
    """
    end = 1
    while end < len(text):
        before, here = text[end - 1], text[end]
        words = not is_chinese(before) and not is_chinese(here) and here != " "
        if not (words or here in _CLOSING or here in _QUOTES or before in _QUOTES or before in _OPENING):
            break
        end += 1
    return end


def width_of(text: str, size: float) -> float:
    """About how wide a text is set: an em for a Chinese character, half an em for others."""
    return sum(size if is_chinese(char) else size / 2 for char in text)


def gather(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs gathered into lines, top to bottom, each left to right.

    A run belongs to a line whose tallest run it overlaps by half of the smaller height; superscripts do, the
    next line of tightly set text does not.
    """
    lines: list[list[Run]] = []
    anchors: list[Run] = []
    for run in sorted(runs, key=lambda r: (r.top + r.bottom, r.x0)):
        at = _line_of(run, anchors)
        if at is None:
            lines.append([run])
            anchors.append(run)
        else:
            lines[at].append(run)
            if run.bottom - run.top > anchors[at].bottom - anchors[at].top:
                anchors[at] = run
    for line in lines:
        line.sort(key=lambda r: r.x0)
    return lines


def _line_of(run: Run, anchors: Sequence[Run]) -> int | None:
    for at in range(len(anchors) - 1, max(-1, len(anchors) - 4), -1):
        anchor = anchors[at]
        overlap = min(run.bottom, anchor.bottom) - max(run.top, anchor.top)
        if overlap >= 0.5 * min(run.bottom - run.top, anchor.bottom - anchor.top):
            return at
    return None
