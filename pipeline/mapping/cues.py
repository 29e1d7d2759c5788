"""What the source itself says about the indicator: a code, a guideline-shaped table, a heading that quotes one.

A written code or a quotation long enough to belong to one indicator alone is a verdict. Everything that merely
resembles an indicator is left to the classifier as a hint (`Cue.sure` False).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pipeline.model import Guideline, Passage
from pipeline.text import normal

_CIRCLED = {ord(c): f"({i})" for i, c in enumerate("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", 1)}
_DIGIT = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10"}
_N = r"([1-9][0-9]?|[一二三四五六七八九十])"
_BRACKETED = re.compile(rf"(?<![0-9.])([1-9])\s*[.\-_·、]\s*([1-9][0-9]?)\s*[.\-_·、]?\s*[(\[〔【]\s*{_N}\s*[)\]〕】]")
_WORDED = re.compile(
    rf"(?<![0-9.])([1-9])[.\-]([1-9][0-9]?)\s*(?:条|款|项|点)?\s*(?:中的?|之|的)?\s*第\s*[(]?{_N}[)]?\s*(?:条|款|项|点|小项|小点)"
)
_TRIPLE = re.compile(
    r"(?<![0-9.\-_])([1-9])\s*([.\-_–—])\s*([1-9])\s*\2\s*([1-9][0-9]?)(?:\s*[.\-_–—]\s*[0-9]{1,3})?(?![0-9.\-_年月日%])"
)
_NAMES_INDICATOR = re.compile(r"指标|佐证|要点|考评|考核|条目|任务|对应|编号|支撑")
_ELLIPSIS = re.compile(r"[….。·]{2,}.*$|…+.*$|等$")
_NUMBERING = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.章节]|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]+(?:[.\-][0-9]+)*[、.)）]?)\s*"
)

QUOTE_LEAST = 8  # characters of a quotation that one indicator alone holds; shorter ones are everyday phrases
CELL_LEAST = 5  # the same in a column that is headed 指标, 要点 …: there the cell is meant to name the indicator


@dataclass(frozen=True, slots=True)
class Cue:
    """Codes that the source points at, best first. `sure`: a verdict; else a hint. `where` and `words` for `explain`."""

    codes: tuple[str, ...]
    method: Literal["code", "layout"]
    sure: bool
    where: str
    words: str


@dataclass(frozen=True)
class Cues:
    """Finds cues for one guideline."""

    guideline: Guideline

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(i.code for i in self.guideline.thirds())

    @cached_property
    def _texts(self) -> tuple[tuple[str, str], ...]:
        return tuple((i.code, normal(i.text)) for i in self.guideline.thirds())

    @cached_property
    def _seconds(self) -> tuple[tuple[str, str], ...]:
        return tuple((i.code, normal(i.text)) for i in self.guideline.indicators if i.level == 2)

    def find(self, passage: Passage) -> Cue | None:
        """The strongest cue: the passage's own words, its cells, then its headings from the innermost outwards."""
        return self._in_text(passage) or self._in_cells(passage) or self._in_headings(passage.heading)

    def written(self, text: str, named: bool = False) -> tuple[str, ...]:
        """The guideline's codes written in a text, in their order. `named`: its column or words speak of indicators,
        so that a bare 1-2-3 counts too."""
        plain = unicodedata.normalize("NFKC", text[:LONGEST].translate(_CIRCLED))
        found = [(m.start(), _code(m[1], m[2], m[3])) for m in (*_BRACKETED.finditer(plain), *_WORDED.finditer(plain))]
        whole = _TRIPLE.fullmatch(plain.strip())
        for m in _TRIPLE.finditer(plain):
            before = plain[max(0, m.start() - 12) : m.start()]
            if named or whole or _NAMES_INDICATOR.search(before):
                found.append((m.start(), _code(m[1], m[3], m[4])))
        return tuple(dict.fromkeys(code for _, code in sorted(found) if code in self._codes))

    def _in_text(self, passage: Passage) -> Cue | None:
        if passage.kind == "row":
            return None
        codes = self.written(passage.text)
        return Cue(codes, "code", len(codes) <= _SEVERAL, "原文", "、".join(codes)) if codes else None

    def _in_cells(self, passage: Passage) -> Cue | None:
        cells = passage.text.split(" | ") if passage.kind == "row" else []
        names: Sequence[str] = passage.columns or ()
        hint: Cue | None = None
        for place, cell in enumerate(cells):
            name = names[place] if place < len(names) else ""
            named = bool(_NAMES_INDICATOR.search(name))
            where = f"“{name}”一栏" if name else "表格单元格"
            if codes := self.written(cell, named):
                return Cue(codes, "code", len(codes) <= _SEVERAL, where, cell[:40])
            if codes := self.quoted(cell, CELL_LEAST if named else QUOTE_LEAST):
                cue = Cue(codes, "layout", len(codes) == 1, where, cell[:40])
                if cue.sure:
                    return cue
                hint = hint or cue
        return hint

    def _in_headings(self, headings: Iterable[str]) -> Cue | None:
        for heading in reversed(tuple(headings)):
            if codes := self.written(heading, named=False):
                return Cue(codes, "code", len(codes) <= _SEVERAL, "标题", heading[:40])
            if codes := self.quoted(heading, QUOTE_LEAST):
                return Cue(codes, "layout", len(codes) == 1, "标题", heading[:40])
        return None

    def quoted(self, words: str, least: int) -> tuple[str, ...]:
        """The third-level indicators whose text holds these words, or is held by them; a quoted second level gives
        its children. Numbering before and dots after are left out. Nothing below `least` characters."""
        bare = normal(_ELLIPSIS.sub("", _NUMBERING.sub("", words.strip())))
        if len(bare) < least:
            return ()
        exact = tuple(code for code, text in self._texts if bare in text or (len(text) >= least and text in bare))
        if exact:
            return exact
        for code, text in self._seconds:
            if bare in text:
                return tuple(i.code for i in self.guideline.children(code))
        head = bare[: max(least, 12)]
        return tuple(code for code, text in self._texts if len(bare) >= 12 and text.startswith(head))


LONGEST = 4000  # characters searched for codes; a longer passage is looked at from its start
_SEVERAL = 3  # a passage that names more indicators than this is a list of them, not evidence for each


def _code(first: str, second: str, third: str) -> str:
    return f"{first}.{second}({_DIGIT.get(third, third)})"
