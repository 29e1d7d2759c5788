"""Headings: which blocks head what follows, and the path of headings above each block.

A heading is what the format says (style, outline level), or a short numbered line followed by what it heads, or an
unnumbered line that stands out. A number alone makes no heading: 1.支部花名册 followed by 2.班子分工表 is a list.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from pipeline.model import PassageKind
from pipeline.read.block import Block
from pipeline.settings import data_text
from pipeline.text import fold, weight


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Lengths and words (`[heading]` in data/segment.toml). `longest` is by rank, `BARE` last."""

    longest: list[int]
    run_in: int
    label: int
    title: int
    front: int
    title_words: list[str]


@lru_cache(maxsize=1)
def _figures() -> Heading:
    return msgspec.convert(tomllib.loads(data_text("segment.toml"))["heading"], Heading)


_CN = "一二三四五六七八九十百"
_NUMBERS = (  # in the order of GB/T 9704 and of common use; the place in this table is the rank
    re.compile(rf"第[{_CN}\d]{{1,4}}(?:章|部分|篇|编)"),
    re.compile(rf"第[{_CN}\d]{{1,4}}节"),
    re.compile(rf"[{_CN}]{{1,3}}\s*[、．.]"),
    re.compile(rf"[（(]\s*[{_CN}]{{1,3}}\s*[）)]"),
    re.compile(r"\d{1,2}\s*(?:[、．]|\.(?!\d))"),
    re.compile(r"\d{1,2}(?:[.．]\d{1,2}){1,3}(?:[.．、]|\s*[（(]\d{1,2}[）)])?"),
    re.compile(r"[（(]\s*\d{1,2}\s*[）)]|\d{1,2}\s*[）)]"),
    re.compile(r"[①-⑳]"),
)
BARE = len(_NUMBERS)
_SENTENCE_END = re.compile(r"[。；;，,、！!？?…]$")
_DATE = re.compile(
    r"(?:19|20|二[〇○零])[\d一二三四五六七八九〇○零]{2}年(?:度|[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?)?"
)
_BRACKETED = re.compile(r"[（(【〔\[][^（(【〔\[]{2,20}[）)】〕\]]")
_MARKED = re.compile(r"[●■◆▲★◎○□※▶►◇]\s*\S{2,24}")
_CONTENTS = re.compile(r"(?:…{2,}|[.．·]{3,})\s*\d+$|第\s*\d+\s*页")  # a typed table of contents, a page's foot
_SALUTATION = re.compile(r"尊敬|各位|同志|领导|[委部处院办]：$|各[^：]{1,12}：$")


def numbered(text: str) -> int | None:
    """The rank of the number that a text begins with (0: 第一章 … 7: ①), None where it begins with none."""
    first = text[:1]
    if not (first in "第（(" or first in _CN or first.isdigit()):
        return None
    return next((rank for rank, pattern in enumerate(_NUMBERS) if pattern.match(text)), None)


def title_of(blocks: Sequence[Block]) -> str:
    """The document's title: what the format marks as such, else the first line that stands out and reads like one."""
    figures = _figures()
    front = blocks[: figures.front]
    for block in front:
        if block.title and block.text.strip():
            return fold(block.text)
    likely = [fold(b.text) for i, b in enumerate(front) if (b.prominent or i == 0) and _may_be_title(b)]
    for text in likely:
        if any(word in text for word in figures.title_words):
            return text
    return likely[0] if likely else ""


def _may_be_title(block: Block) -> bool:
    text = fold(block.text)
    return (
        block.kind in ("paragraph", "item", "heading")
        and 4 <= len(text) <= _figures().title
        and numbered(text) is None
        and not _SENTENCE_END.search(text)
        and "。" not in text
        and not _DATE.fullmatch(text)
    )


def kinds_of(blocks: Sequence[Block], texts: Sequence[str]) -> list[PassageKind]:
    """The kind of each block: `heading` where it heads what follows, else what it was. `texts` are theirs, folded."""
    return ["heading" if _is_heading(blocks, texts, i) else block.kind for i, block in enumerate(blocks)]


def _is_heading(blocks: Sequence[Block], texts: Sequence[str], i: int) -> bool:
    block, text = blocks[i], texts[i]
    if block.kind not in ("paragraph", "item", "heading") or not text:
        return False
    if block.level is not None or block.title or block.kind == "heading":
        return weight(text) <= 3 * _figures().longest[0] and not text.endswith("。")
    after = next((j for j in range(i + 1, len(blocks)) if texts[j]), None)
    if after is None or "。" in text or _SENTENCE_END.search(text) or _CONTENTS.search(text):
        return False
    rank = numbered(text)
    if rank is not None:
        return weight(text) <= _figures().longest[rank] and numbered(texts[after]) != rank
    return _is_bare(block, text, blocks[after], texts[after])


def _is_bare(block: Block, text: str, after: Block, following: str) -> bool:
    """A line without a number that heads what follows: it stands out, is marked or bracketed, a date, or a label."""
    figures = _figures()
    if block.locator.row is not None or after.kind not in ("paragraph", "item", "row", "header"):
        return False
    if _DATE.fullmatch(text) or _BRACKETED.fullmatch(text) or _MARKED.fullmatch(text):
        return weight(following) > weight(text)
    if text[-1] in "：:":
        return weight(text) <= figures.label and not _SALUTATION.search(text)
    return block.prominent and weight(text) <= figures.longest[BARE]


@dataclass(slots=True)
class Outline:
    """The headings above the block that is being looked at."""

    _stack: list[tuple[float, str, str]] = field(default_factory=list)  # rank, class, text
    _begun: bool = False  # body text was seen: what stands out before it is the front page
    _sheet: str | None = None

    def enter(self, block: Block, text: str, kind: PassageKind) -> tuple[str, ...]:
        """Take in the next block, its text folded; the headings above it, outermost first, itself not among them."""
        if block.locator.sheet != self._sheet:
            self._sheet = block.locator.sheet
            self._stack.clear()
        if kind == "heading":
            return self._heading(block, text)
        rank = numbered(text) if kind in ("paragraph", "item") else None
        if rank is not None:
            self._leave(rank, f"n{rank}", only_same=True)
        path = self._path(block)
        self._begun = self._begun or bool(text)
        if rank is not None:
            opening = _run_in(text)
            if opening:
                self._stack.append((rank, f"n{rank}", opening))
        return path

    def _heading(self, block: Block, text: str) -> tuple[str, ...]:
        rank = numbered(text)
        if rank is None and (block.title or (block.prominent and not self._begun)) and block.level is None:
            self._stack.clear()
            return self._path(block)
        name, place = _class(block, rank)
        self._leave(place, name, only_same=False)
        path = self._path(block)
        self._stack.append((place, name, text))
        return path

    def _leave(self, rank: float, name: str, only_same: bool) -> None:
        """Leave the headings that end where one of this class begins."""
        same = next((i for i, entry in enumerate(self._stack) if entry[1] == name), None)
        if same is not None:
            del self._stack[same:]
        elif not only_same:
            while self._stack and self._stack[-1][0] >= rank:
                self._stack.pop()

    def _path(self, block: Block) -> tuple[str, ...]:
        own = tuple(text for _, _, text in self._stack)
        under = tuple(map(fold, block.under))
        return under + own if block.locator.sheet is not None else own + under


def _class(block: Block, rank: int | None) -> tuple[str, float]:
    """What a heading is by its look, and how deep that stands: its number, else its style, else nothing but emphasis."""
    if rank is not None:
        return f"n{rank}", rank
    if block.level is not None:
        return f"s{block.level}", block.level - 1.5 if block.level == 1 else block.level + 0.5
    return "bare", BARE


def _run_in(text: str) -> str:
    """The opening sentence of 一、加强领导。…, without its full stop; '' where there is none or nothing follows."""
    limit = _figures().run_in
    end = text.find("。", 0, limit + 8)
    if end < 0 or end + 1 >= len(text) or weight(text[:end]) > limit or len(text) - end < limit:
        return ""
    return text[:end]
