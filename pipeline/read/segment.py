"""From raw blocks to passages: what a clerk would file as one thing, each with its place and its headings.

Nothing is lost or added by cutting: the pieces of a paragraph, put together, are the paragraph. Only the pieces of a
table row repeat the row's other cells, so that each still says whose, when and under which indicator it is.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import msgspec

from pipeline import privacy
from pipeline.model import Passage
from pipeline.read.block import Block, join_cells, split_cells
from pipeline.read.headings import Outline, kinds_of, numbered, title_of
from pipeline.settings import data_text
from pipeline.text import fold, weight

__all__ = ["masked", "passages", "title_of"]


@dataclass(frozen=True, kw_only=True)
class Cutting:
    """Lengths and words of cutting (`[cut]` in data/segment.toml)."""

    enumerated_sentences: int
    enumerated_clauses: int
    enumerated_piece: int
    topic: int
    topic_piece: int
    topic_similarity: float
    longest: int
    line_piece: int
    cell_piece: int
    cell_longest: int
    turns: list[str]
    turn_patterns: list[str]
    prose_columns: list[str]


@lru_cache(maxsize=1)
def _cutting() -> Cutting:
    return msgspec.convert(tomllib.loads(data_text("segment.toml"))["cut"], Cutting)


@lru_cache(maxsize=1)
def _turn() -> re.Pattern[str]:
    cut = _cutting()
    return re.compile("|".join([*(f"^{re.escape(word)}" for word in cut.turns), *cut.turn_patterns]))


def masked(block: Block, kinds: Sequence[str]) -> Block:
    """The block with personal data masked, cells by their column's name too; no character is added or lost.

    The names of its sheet and columns and the headings above it are masked as its text is.
    """
    block = _named(block, tuple(kinds))
    if block.columns and _telling(block.columns):
        cells = split_cells(block.text)
        if len(cells) == len(block.columns):
            hidden = [privacy.mask_cell(name, cell, kinds) for name, cell in zip(block.columns, cells, strict=True)]
            for i in privacy.withheld_columns(block.columns, kinds):
                hidden[i] = "".join(c if c.isspace() else "*" for c in hidden[i])
            return block if hidden == cells else block.but(text=" | ".join(hidden))
    text = privacy.mask(block.text, kinds)
    return block if text == block.text else block.but(text=text)


def _named(block: Block, kinds: tuple[str, ...]) -> Block:
    sheet = block.locator.sheet
    if sheet is not None and (shown := _names((sheet,), kinds)[0]) != sheet:
        block = block.but(locator=replace(block.locator, sheet=shown))
    columns, under = _names(block.columns or (), kinds), _names(block.under, kinds)
    same = columns == (block.columns or ()) and under == block.under
    return block if same else block.but(columns=columns or None, under=under)


@lru_cache(maxsize=1024)  # a sheet has one name, a table one set of columns, and both have many rows
def _names(names: tuple[str, ...], kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(privacy.mask(name, kinds) for name in names)


@lru_cache(maxsize=256)  # a table has one set of columns and many rows
def _telling(columns: tuple[str, ...]) -> bool:
    return bool(privacy.withheld_columns(columns)) or any(map(privacy.column_kinds, columns))


def withheld(blocks: Sequence[Block], kinds: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns about persons that `masked` leaves out, in order of appearance."""
    names = (b.columns[i] for b in blocks if b.columns for i in privacy.withheld_columns(b.columns, kinds))
    return tuple(dict.fromkeys(names))


def passages(blocks: Sequence[Block]) -> tuple[tuple[Passage, ...], int]:
    """The passages of one document in reading order, and how many characters cut rows repeat."""
    outline = Outline()
    found: list[Passage] = []
    repeated = 0
    texts = [fold(block.text) for block in blocks]
    for block, text, kind in zip(blocks, texts, kinds_of(blocks, texts), strict=True):
        path = outline.enter(block, text, kind)
        if kind == "heading" or block.whole or block.kind == "header" or _is_sheet_row(block):
            pieces = [text]
        elif block.kind == "row":
            pieces, again = _row_pieces(block, text)
            repeated += again
        else:
            pieces = [fold(piece) for piece in cut(block.text)]
        for piece in pieces:
            if piece:
                shown = "item" if kind == "paragraph" and numbered(piece) is not None else kind
                found.append(
                    Passage(piece, block.locator, shown, block.columns, path, block.hidden, block.ocr, block.tall)
                )
    return tuple(found), repeated


# ---------------------------------------------------------------- rows


def _is_sheet_row(block: Block) -> bool:
    """A ledger's row is one entry, however long."""
    return block.kind == "row" and block.locator.sheet is not None


def _row_pieces(block: Block, whole: str) -> tuple[list[str], int]:
    """A row as one piece, or cut at the paragraphs of its one long cell; and the characters the cut repeats."""
    cells = split_cells(block.text)
    at = max(range(len(cells)), key=lambda i: len(cells[i]))
    pieces = _cell_pieces(block, cells, at)
    if len(pieces) < 2:
        return [whole], 0
    rows = [join_cells([*cells[:at], piece, *cells[at + 1 :]])[0] for piece in pieces]
    return [fold(row) for row in rows], sum(map(weight, rows)) - weight(whole)


def _cell_pieces(block: Block, cells: Sequence[str], at: int) -> list[str]:
    cutting = _cutting()
    text = cells[at]
    if block.columns is not None and len(block.columns) != len(cells):
        return [text]
    name = "" if block.columns is None else block.columns[at]
    prose = not block.columns or any(word in name for word in cutting.prose_columns)
    if prose:
        pieces = _lines(text, cutting.cell_piece)
        if len(pieces) > 1:
            return [part for piece in pieces for part in cut(piece)]
    return cut(text) if weight(text) > cutting.cell_longest else [text]


# ---------------------------------------------------------------- paragraphs


def cut(text: str) -> list[str]:
    """A paragraph as the matters it packs; put together the pieces are the text (but for blanks at the seams)."""
    cutting = _cutting()
    if len(text) < cutting.enumerated_sentences and "\n" not in text:
        return [text]
    pieces: list[str] = []
    for line in _lines(text, cutting.line_piece):
        for piece in _enumerated(line):
            pieces += _topics(piece) if weight(piece) > cutting.topic else [piece]
    return pieces


def _lines(text: str, shortest: int) -> list[str]:
    """Cut at line breaks that end a sentence or begin a numbered one, where no piece becomes shorter than so much."""
    lines = [line for line in text.split("\n") if line.strip()]
    pieces: list[str] = []
    for line in lines:
        ends = pieces and (pieces[-1].rstrip()[-1:] in "。！？；;：:" or numbered(line.strip()) is not None)
        if ends and weight(pieces[-1]) >= shortest and weight(line) >= shortest:
            pieces.append(line)
        elif pieces:
            pieces[-1] += "\n" + line
        else:
            pieces.append(line)
    return pieces or [text]


_SERIES = (  # each is one way to count matters within a paragraph, in order
    tuple(f"{n}是" for n in "一二三四五六七八九"),
    tuple(f"{n}要" for n in "一二三四五六七八九"),
    tuple(f"第{n}，" for n in "一二三四五六七八九"),
    tuple(f"其{n}，" for n in "一二三四五六七八九"),
    ("首先", "其次", "再次", "最后"),
    ("首先", "其次", "最后"),
    tuple(f"（{n}）" for n in range(1, 16)),
    tuple(f"({n})" for n in range(1, 16)),
    tuple(f"（{n}）" for n in "一二三四五六七八九"),
    tuple("①②③④⑤⑥⑦⑧⑨⑩"),
    tuple(f"{n}." for n in range(1, 16)),
    tuple(f"{n}．" for n in range(1, 16)),
    tuple(f"{n}、" for n in range(1, 16)),
)
_BEFORE = "。；;：:！？!?\n \u3000"  # a number that counts stands after one of these, or first


def _enumerated(text: str) -> list[str]:
    """Cut before 二是, 三是 … where each matter is long enough to stand alone; the lead-in stays with the first."""
    cutting = _cutting()
    size = weight(text)
    if size < cutting.enumerated_sentences:
        return [text]
    for series in _SERIES:
        places = _places(text, series)
        if len(places) < 2:
            continue
        seams = [0, *places[1:]]
        pieces = [text[a:b] for a, b in zip(seams, [*seams[1:], len(text)], strict=True)]
        sentences = all(piece.rstrip()[-1:] in "。！？" for piece in pieces[:-1])
        enough = cutting.enumerated_sentences if sentences else cutting.enumerated_clauses
        if size >= enough and min(map(weight, pieces)) >= cutting.enumerated_piece:
            return pieces
    return [text]


def _places(text: str, series: Sequence[str]) -> list[int]:
    """Where the marks of a series stand, in order, as far as they go on without a gap."""
    places: list[int] = []
    at = 0
    for mark in series:
        at = text.find(mark, at)
        while at > 0 and text[at - 1] not in _BEFORE and not (mark[-1] == "是" and text[at - 1] in "，,"):
            at = text.find(mark, at + 1)
        if at < 0:
            break
        places.append(at)
        at += len(mark)
    return places


_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+[”’）)」』]*|[^。！？!?]+$")


def _topics(text: str) -> list[str]:
    """A long paragraph cut where its topic turns: a sentence that turns, and shares next to no words with the last."""
    cutting = _cutting()
    sentences = _SENTENCE.findall(text)
    if "".join(sentences) != text:
        return [text]
    seams: list[int] = []
    start = 0
    for i in range(1, len(sentences)):
        before = "".join(sentences[start:i])
        rest = sum(map(weight, sentences[i:]))
        if weight(before) < cutting.topic_piece or rest < cutting.topic_piece:
            continue
        apart = _similarity(sentences[i - 1], sentences[i]) < cutting.topic_similarity
        full = weight(before) + weight(sentences[i]) > cutting.longest
        if (apart and _turn().search(sentences[i].lstrip())) or full:
            seams.append(i)
            start = i
    bounds = [0, *seams, len(sentences)]
    return ["".join(sentences[a:b]) for a, b in pairwise(bounds)]


def _similarity(left: str, right: str) -> float:
    """The share of letter pairs that two sentences have in common (Jaccard)."""
    a, b = set(_pairs(left)), set(_pairs(right))
    return len(a & b) / len(a | b) if a and b else 0.0


def _pairs(text: str) -> Iterator[str]:
    letters = [c for c in text if c.isalpha()]
    return (x + y for x, y in pairwise(letters))
