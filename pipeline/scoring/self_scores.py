"""The department's own scores (自评分), from the rows of its self-assessment table or beside an indicator's number."""

import re
import unicodedata
from collections.abc import Sequence

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


def self_scores(evidence: Sequence[Evidence]) -> dict[str, tuple[float, Evidence]]:
    """Each indicator's own score and the place that gives it.

    Rows that name their indicator come before rows that the model filed; then the first of the first file.
    """
    found: dict[str, tuple[float, Evidence]] = {}
    named = [e for e in evidence if e.method in ("code", "layout", "decision")]
    for item in (*named, *(e for e in evidence if e.method == "model")):
        value = self_score_of(item)
        if value is not None and item.code is not None:
            found.setdefault(item.code, (value, item))
    return found


def self_score_of(item: Evidence) -> float | None:
    """The self score that one table row, or one sentence beside an indicator's number, states; else None."""
    if item.kind != "row":
        match = _PROSE.search(unicodedata.normalize("NFKC", item.text)) if item.method == "code" else None
        return float(match[1]) if match else None
    cells = row_of(item).cells
    if any(_SUM.match(cell.text) for cell in cells):
        return None
    for words in (_OWN_SCORE, _COLUMN):
        for cell in cells:
            own = words.search(cell.column) and not _FULL.search(cell.column.rsplit("/", 1)[-1])
            match = _NUMBER.match(unicodedata.normalize("NFKC", cell.text)) if own else None
            if match:
                return float(match[1])
    return None
