"""Where a decided text stands now: by its letters first, then as OCR, another numbering or another page would show it.

A text with another figure in it is another text (2次 is not 3次), however alike the two are; so is one that is as much
like two passages. Thresholds: `[review]` of data/settings.toml.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.model import Decision, Evidence
from pipeline.settings import Review
from pipeline.text import fingerprint, normal

_NUMBER = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十百]+[、.．]|[（(][一二三四五六七八九十百\d]{1,3}[)）]|\d{1,2}[.．、)）](?!\d)|[①-⑳•·●○■□◆▪])\s*"
)
_FIGURE = re.compile(r"\d+|[〇零一二三四五六七八九十百千万两]+")
_DECIDED = ("paragraph", "item", "row", "note")  # headings and page headers are nobody's evidence


def figures(text: str, scanned: bool = False) -> tuple[str, ...]:
    """The figures of a text, Arabic and Chinese, in order. `scanned`: without 一, which OCR drops and invents."""
    found = (f.lstrip("0") or "0" for f in _FIGURE.findall(unicodedata.normalize("NFKC", text)))
    return tuple(f for f in found if not (scanned and f == "一"))


def unnumbered(text: str) -> str:
    """The text without the number that its file's layout puts before it: 1. （一） 三、"""
    return _NUMBER.sub("", text, count=1)


@dataclass(frozen=True)
class Ground:
    """The passages of one department, to find decided texts in."""

    evidence: Sequence[Evidence]
    limits: Review

    @cached_property
    def _normal(self) -> list[str]:
        return [normal(e.text) if e.kind in _DECIDED else "" for e in self.evidence]

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        return _index([fingerprint(e.text) if e.kind in _DECIDED else "" for e in self.evidence])

    @cached_property
    def _bare(self) -> dict[str, list[int]]:
        return _index([fingerprint(unnumbered(e.text)) if e.kind in _DECIDED else "" for e in self.evidence])

    def exactly(self, decision: Decision) -> tuple[int, ...]:
        """Positions of the passages with the decided text, white space, punctuation and numbering aside."""
        found = self._exact.get(decision.fingerprint) or self._bare.get(fingerprint(unnumbered(decision.text)))
        return tuple(found or ()) if decision.fingerprint or decision.text else ()

    def nearly(self, decision: Decision, taken: frozenset[int]) -> tuple[int, ...]:
        """Positions of what must be the decided text, though some letters differ; none where it is not certain.

        `taken`: passages whose very text was decided; they are no other text's double.
        """
        wanted = normal(decision.text)
        if len(wanted) < self.limits.least_characters:
            return ()
        free = [i for i, text in enumerate(self._normal) if text and i not in taken]
        return (
            self._alike(decision.text, wanted, free)
            or self._within(decision, wanted, free)
            or (self._pieces(decision.text, wanted, free))
        )

    def _alike(self, text: str, wanted: str, free: Sequence[int]) -> tuple[int, ...]:
        """The one passage that is most like the text, and its copies."""
        scored: list[tuple[float, int]] = []
        for i in free:
            scanned = self.evidence[i].ocr is not None
            least = self.limits.alike_scanned if scanned else self.limits.alike
            score = fuzz.ratio(wanted, self._normal[i], score_cutoff=min(least, self.limits.alike_scanned))
            if score:
                scored.append((score, i))
        if not scored:
            return ()
        best, first = max(scored, key=lambda pair: (pair[0], -pair[1]))
        rivals = [s for s, i in scored if self._normal[i] != self._normal[first]]
        if rivals and best - max(rivals) < self.limits.lead:
            return ()
        copies = tuple(i for _score, i in scored if self._normal[i] == self._normal[first])
        return copies if self._same(text, wanted, best, first) else ()

    def _same(self, text: str, wanted: str, score: float, place: int) -> bool:
        found, scanned = self.evidence[place], self.evidence[place].ocr is not None
        if figures(unnumbered(text), scanned) != figures(unnumbered(found.text), scanned):
            return False
        if scanned:
            return score >= self.limits.alike_scanned
        return score >= self.limits.alike and _longest_change(wanted, self._normal[place]) <= self.limits.change

    def _within(self, decision: Decision, wanted: str, free: Sequence[int]) -> tuple[int, ...]:
        """The one passage that the text is the greater part of: the file was cut into paragraphs in another way."""
        share = self.limits.share if decision.kind in ("code", "none", "remark") else self.limits.share_of_words
        holding = [i for i in free if wanted in self._normal[i] and len(wanted) >= share * len(self._normal[i])]
        return tuple(holding) if len({self._normal[i] for i in holding}) == 1 else ()

    def _pieces(self, text: str, wanted: str, free: Sequence[int]) -> tuple[int, ...]:
        """Neighbouring passages of one file that make up the text between them, letter by letter or as OCR reads it."""
        runs: list[list[int]] = []
        for i in free:
            least = self.limits.alike_scanned if self.evidence[i].ocr is not None else 100.0
            part = self._normal[i]
            if len(part) < self.limits.least_piece or len(part) >= len(wanted):
                continue
            if fuzz.partial_ratio(part, wanted, score_cutoff=least):
                last = runs[-1][-1] if runs else -2
                if last == i - 1 and self.evidence[last].source == self.evidence[i].source:
                    runs[-1].append(i)
                else:
                    runs.append([i])
        whole = [run for run in runs if self._makes_up(text, wanted, run)]
        return tuple(whole[0]) if len(whole) == 1 else ()

    def _makes_up(self, text: str, wanted: str, run: Sequence[int]) -> bool:
        joined = "".join(self._normal[i] for i in run)
        scanned = any(self.evidence[i].ocr is not None for i in run)
        least = self.limits.alike_scanned if scanned else self.limits.alike
        if fuzz.ratio(joined, wanted) < least:
            return False
        return Counter(figures(text, scanned)) == Counter(
            f for i in run for f in figures(self.evidence[i].text, scanned)
        )


def _index(prints: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for i, digits in enumerate(prints):
        if digits:
            places.setdefault(digits, []).append(i)
    return places


def _longest_change(one: str, two: str) -> int:
    """The most characters that were put, taken or replaced in one place: a slip of the pen is short, a name is not."""
    return max(
        (
            max(op.src_end - op.src_start, op.dest_end - op.dest_start)
            for op in Levenshtein.opcodes(one, two)
            if op.tag != "equal"
        ),
        default=0,
    )
