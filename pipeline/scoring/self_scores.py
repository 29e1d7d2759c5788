"""The department's own scores (自评分), from the rows of its self-assessment table or beside an indicator's number."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.facts.rows import row_of
from pipeline.model import Evidence

_COLUMN = re.compile(r"自评|自查|自测|自我评[价估分]|自打分")
_OWN_SCORE = re.compile(
    r"(?:自评|自查|自测|自我评[价估分]|自打)[^/]*分[^/]*$|(?:自评|自查|自测|自我评[价估])/(?:得分|评分|分数|打分)$"
)
_FULL = re.compile(r"^(?:分值|满分|标准分|权重|总分|应得分?|基准分)|复核|复评|考核分|序号")
_NUMBER = re.compile(r"^\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?\s*$")
_SUM = re.compile(r"合计|总计|小计|总分")
_PROSE = re.compile(r"自(?:评|查)(?:得)?分?\s*(?:为|是|：|:)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分")


@dataclass(frozen=True, slots=True)
class GroupScore:
    """One self score that a department gave to several indicators together: in a cell merged over their rows."""

    value: float
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    """A score as one passage states it. `begins`: the row where its cell begins, where that covers several; else 0."""

    value: float
    item: Evidence
    begins: int = 0

    @property
    def cell(self) -> tuple[str, str | None, int | None, int]:
        """The merged cell that the score stands in."""
        return self.item.source, self.item.locator.sheet, self.item.locator.table, self.begins


def self_scores(evidence: Sequence[Evidence]) -> dict[str, tuple[float, Evidence]]:
    """Each indicator's own score and the place that gives it; a score for several together is none of theirs.

    Rows that name their indicator come before rows that the model filed; then the first of the first file.
    """
    stated = _all_stated(evidence)
    together = _together(stated)
    found: dict[str, tuple[float, Evidence]] = {}
    for score in stated:
        if score.item.code is not None and score.cell not in together:
            found.setdefault(score.item.code, (score.value, score.item))
    return found


def group_scores(evidence: Sequence[Evidence]) -> dict[str, GroupScore]:
    """For each indicator the first score that it has together with others."""
    stated = _all_stated(evidence)
    together = _together(stated)
    found: dict[str, GroupScore] = {}
    for score in stated:
        if score.item.code is not None and score.cell in together:
            found.setdefault(score.item.code, GroupScore(score.value, together[score.cell]))
    return found


def _all_stated(evidence: Sequence[Evidence]) -> list[_Stated]:
    named = [e for e in evidence if e.method in ("code", "layout", "decision")]
    guessed = [e for e in evidence if e.method == "model"]
    return [stated for item in (*named, *guessed) if (stated := _stated(item)) is not None]


def _together(stated: Iterable[_Stated]) -> dict[tuple[str, str | None, int | None, int], tuple[str, ...]]:
    """The merged cells that stand beside several indicators, and which."""
    codes: dict[tuple[str, str | None, int | None, int], dict[str, None]] = {}
    for score in stated:
        if score.begins and score.item.code is not None:
            codes.setdefault(score.cell, {})[score.item.code] = None
    return {cell: tuple(sorted(beside)) for cell, beside in codes.items() if len(beside) > 1}


def self_score_of(item: Evidence) -> float | None:
    """The self score that one table row, or one sentence beside an indicator's number, states; else None."""
    stated = _stated(item)
    return None if stated is None else stated.value


def _stated(item: Evidence) -> _Stated | None:
    if item.kind != "row":
        match = _PROSE.search(unicodedata.normalize("NFKC", item.text)) if item.method == "code" else None
        return _Stated(float(match[1]), item) if match else None
    cells = row_of(item).cells
    if any(_SUM.match(cell.text) for cell in cells):
        return None
    begins = item.tall if len(item.tall) == len(cells) else (0,) * len(cells)
    for words in (_OWN_SCORE, _COLUMN):
        for cell, at in zip(cells, begins, strict=True):
            own = words.search(cell.column) and not _FULL.search(cell.column.rsplit("/", 1)[-1])
            match = _NUMBER.match(unicodedata.normalize("NFKC", cell.text)) if own else None
            if match:
                return _Stated(float(match[1]), item, at)
    return None
