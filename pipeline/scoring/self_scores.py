"""The department's own scores (自评分), from the rows of its self-assessment table."""

import re
from collections.abc import Sequence

from pipeline.model import Evidence

_SELF_COLUMN = re.compile(r"自\s*[评测查]\s*(?:得)?\s*分|自评(?:得分|分数|分值|结果)|自我?评[价估分]\s*(?:得)?分")
_NUMBER = re.compile(r"^\s*(\d{1,3}(?:\.\d{1,2})?)\s*分?\s*$")


def self_scores(evidence: Sequence[Evidence]) -> dict[str, tuple[float, Evidence]]:
    """Each indicator's own score and the row that gives it; the first row of the first file where several do."""
    found: dict[str, tuple[float, Evidence]] = {}
    for item in evidence:
        value = self_score_of(item)
        if value is not None and item.code is not None:
            found.setdefault(item.code, (value, item))
    return found


def self_score_of(item: Evidence) -> float | None:
    """The self score that one table row states, or None."""
    cells = row_cells(item)
    for name, cell in cells:
        if _SELF_COLUMN.search(name):
            match = _NUMBER.match(cell)
            return float(match[1]) if match else None
    return None


def row_cells(item: Evidence) -> tuple[tuple[str, str], ...]:
    """The cells of a table row with their column names; empty where the row has no columns that fit it."""
    if item.columns is None:
        return ()
    cells = [cell.strip() for cell in item.text.split("|")]
    if len(cells) != len(item.columns):
        return ()
    return tuple(zip(item.columns, cells, strict=True))
