"""What every format of a guideline is brought to before anyone asks what it means: lines and grids, in reading order.

A grid has a slot for every row and column; a merged cell is the same object in all its slots, so that a cell's reach
can be asked for by identity. Text keeps its blanks; only what is no text at all (zero-width marks, bookmarks that a
text export printed) is taken out here, by rule.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model import Finding

_NO_TEXT = re.compile("[\u200b-\u200f\u2060\ufeff\xad]")
_LEAKED = re.compile(r"\[bookmark:[^\]]*\]")
_WORD = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph outside of grids. `apart`: a blank line, a tab or an indent says that it starts something new."""

    text: str
    place: str
    apart: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One cell, however many slots it fills. `lines` are its paragraphs or printed lines, none of them blank."""

    lines: tuple[str, ...]
    place: str

    @property
    def text(self) -> str:
        """The whole cell as one text."""
        return join(self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One table, or one sheet's used range. Ragged rows are filled with None. `name` is the sheet's."""

    rows: tuple[tuple[Cell | None, ...], ...]
    name: str = ""

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Source:
    """One file in reading order. `notes` name what was left out on purpose (hidden sheets, deletions)."""

    blocks: tuple[Line | Grid, ...]
    notes: tuple[Finding, ...] = ()
    page_cuts: bool = False  # lines and rows were cut where the printed page ended (PDF)


def clean(text: str) -> str:
    """Without zero-width marks and leaked bookmarks; white space as it was."""
    return _LEAKED.sub("", _NO_TEXT.sub("", text))


def leaked(text: str, place: str) -> Iterator[Finding]:
    """Marks that a text export printed among the words; `clean` leaves them out."""
    for mark in _LEAKED.findall(text):
        yield Finding(place, f"有转换文件时留下的标记“{mark}”，没有计入文字。", "请在原件里删去。")


def join(lines: tuple[str, ...] | list[str]) -> str:
    """Lines as one text: Chinese runs on, two Latin words keep a blank between them, and a blank at a line's end stays."""
    text = ""
    for line in lines:
        part = line.lstrip()
        if text and part and _WORD.match(text[-1]) and _WORD.match(part[0]):
            text += " "
        text += part
    return text


def squeeze(text: str) -> str:
    """Without any white space: for comparing texts that were set in different widths."""
    return re.sub(r"\s+", "", text)
