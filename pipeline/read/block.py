"""What a format reader gives back: raw blocks in reading order, before masking, headings and segmentation.

A format module exposes

    read(name, kind, data, settings, recognised) -> Raw | NeedsOcr | Problem

and, where it can need OCR, `recognise(name, kind, data, page, settings) -> RecognisedPage | Problem`.
It is a pure function of its arguments. It neither masks nor cuts nor guesses headings from words: `read.read` does
that once for all formats. What it leaves out it counts by name in `skipped`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from pipeline.model import Locator, PassageKind


class Block(msgspec.Struct, frozen=True):
    """One paragraph, list item, table row, heading or note as the file has it.

    A struct, since a workbook makes one for each of its rows: a frozen dataclass takes ten times as long to make.

    `text`: as a person sees it, printed numbers included, a row's cells joined by ` | ` (`join_cells`); not masked.
    `added`: how many non-blank characters of `text` the file does not hold itself (separators, automatic numbers,
    the text of a merged cell repeated in later rows): `weight(text) - added` is what the ledger counts as captured.
    `level`: the heading level (1 outermost) where the *format* says so: a style, an outline level, a bookmark;
    the shared tail finds further headings by their numbering and shortness, `prominent` (bold, larger, centred)
    helping it. `title` marks the line that is the document's title.
    `under`: headings that stand above it by the format itself (a sheet's name and title row, a table's title row); in a
    workbook they come before those found in the text, elsewhere after. Each sheet begins a new heading path.
    `whole`: never cut it (a title, a caption, a heading). `tall`: as in model.Passage.
    """

    text: str
    locator: Locator
    kind: PassageKind = "paragraph"
    columns: tuple[str, ...] | None = None
    level: int | None = None
    prominent: bool = False
    title: bool = False
    under: tuple[str, ...] = ()
    hidden: bool = False
    ocr: float | None = None
    added: int = 0
    whole: bool = False
    tall: tuple[int, ...] = ()

    def but(self, **changes: Any) -> "Block":
        """The same block with these fields changed."""
        return msgspec.structs.replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Raw:
    """One file as its format reader has it.

    `total`: all non-blank characters of the file, counted by another route than the blocks, so that
    total == Σ(weight(block.text) - block.added) + Σ skipped can fail when something is lost.
    `skipped`: what was left out by name: 页眉页脚, 页码, 删除的修订, 隐藏文字, 批注, 目录, 域代码 …
    `head`: the lines in which a 密级 mark would stand besides the first blocks: page headers, text boxes of page 1.
    `kind`: where reading found it to be another kind than intake did (pdf-scan for pdf), else None.
    `modified`: ISO date-time from inside the file. `notes`: Chinese sentences. `unread`: as in model.Document.
    """

    blocks: tuple[Block, ...]
    total: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    head: tuple[str, ...] = ()
    title: str = ""
    pages: int | None = None
    modified: str | None = None
    kind: str | None = None
    notes: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class NeedsOcr:
    """The file can only be read once these pages (from 1) are recognised; read it again with them."""

    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """One line of text on a page image. `box`: left, top, right, bottom in pixels of the page image."""

    text: str
    confidence: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What OCR found on one page; `width` and `height` in the pixels that the boxes use, `turned` degrees corrected.

    `rulings`: the lines of tables, as boxes of the same form. `failed`: recognising it was given up; then there are no
    lines, and the reader names the page.
    """

    lines: tuple[RecognisedLine, ...]
    width: int
    height: int
    turned: float = 0.0
    rulings: tuple[tuple[float, float, float, float], ...] = ()
    failed: bool = False


UNRECOGNISED = RecognisedPage((), 1, 1, failed=True)


def failed_pages(recognised: Mapping[int, RecognisedPage]) -> list[int]:
    """The pages that could not be recognised, in order."""
    return sorted(number for number, page in recognised.items() if page.failed)


def shown_pages(numbers: Sequence[int]) -> str:
    """第3、5页; of more than eight the first eight and how many there are."""
    shown = "、".join(str(n) for n in numbers[:8])
    return f"第{shown}页" if len(numbers) <= 8 else f"第{shown}等{len(numbers)}页"


def join_cells(cells: tuple[str, ...] | list[str]) -> tuple[str, int]:
    """A table row as one text, and how many separator characters that added. Empty cells keep their place.

    A bar inside a cell becomes a full-width one, so that `split_cells` finds the cells again.
    """
    text = " | ".join(cells)
    if text.count("|") >= len(cells):  # more than stand between the cells
        text = " | ".join(cell.replace("|", "｜") for cell in cells)
    return text, max(0, len(cells) - 1)


def split_cells(text: str) -> list[str]:
    """The cells of a row's text, blanks at their ends gone; the inverse of `join_cells`, before and after folding."""
    return [cell.strip() for cell in text.split("|")]
