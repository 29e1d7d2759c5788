"""Figures over departments that the school's workbook, its Word summary and the page share. Pure counting."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import DepartmentScore, DepartmentSummary, Guideline, Indicator, IndicatorScore, Verdict


@dataclass(frozen=True, slots=True)
class Part:
    """What a department has of some indicators. `rate` is known points over the full points that are decided."""

    points: float
    full: float
    open: float

    @property
    def rate(self) -> float | None:
        decided = self.full - self.open
        return self.points / decided if decided > 1e-9 else None


@dataclass(frozen=True, slots=True)
class Gap:
    """How the school stands in one indicator: the mean rate, and how many departments are short, open or failing."""

    indicator: Indicator
    rate: float | None
    short: int
    undecided: int
    not_met: int


def part(scores: Sequence[IndicatorScore]) -> Part:
    """The sums over the applicable ones of some indicators."""
    applicable = [s for s in scores if s.applicable]
    return Part(
        sum(s.final for s in applicable if s.final is not None),
        sum(s.full for s in applicable),
        sum(s.full for s in applicable if s.final is None),
    )


def firsts(guideline: Guideline) -> tuple[Indicator, ...]:
    """The first-level indicators (五个到位)."""
    return tuple(i for i in guideline.indicators if i.level == 1)


def by_first(guideline: Guideline, score: DepartmentScore) -> tuple[Part, ...]:
    """A department's sums, one for each first-level indicator."""
    own = first_of(guideline)
    return tuple(part([s for s in score.indicators if own.get(s.code) == first.code]) for first in firsts(guideline))


def first_of(guideline: Guideline) -> dict[str, str]:
    """The first-level code of every third-level one."""
    parents = {indicator.code: indicator.parent for indicator in guideline.indicators}
    found = {}
    for third in guideline.thirds():
        code: str | None = third.code
        while code is not None and parents.get(code) is not None:
            code = parents[code]
        found[third.code] = code or third.code
    return found


def ranks(summaries: Sequence[DepartmentSummary]) -> dict[str, int]:
    """Places by total, equal totals sharing one; departments that sent nothing have none."""
    totals = sorted((round(s.score.total, 4) for s in summaries if not s.missing), reverse=True)
    return {s.name: totals.index(round(s.score.total, 4)) + 1 for s in summaries if not s.missing}


def verdicts(score: DepartmentScore) -> tuple[Verdict, ...]:
    """All requirement verdicts of a department, in the guideline's order."""
    return tuple(verdict for indicator in score.indicators for verdict in indicator.requirements)


def gaps(guideline: Guideline, summaries: Sequence[DepartmentSummary]) -> tuple[Gap, ...]:
    """Every third-level indicator over the departments that sent something, the weakest first."""
    present = [s for s in summaries if not s.missing]
    scores: dict[str, list[IndicatorScore]] = {}
    for summary in present:
        for score in summary.score.indicators:
            if score.applicable:
                scores.setdefault(score.code, []).append(score)
    found = [_gap(third, scores.get(third.code, ())) for third in guideline.thirds()]
    order = {gap.indicator.code: place for place, gap in enumerate(found)}
    return tuple(
        sorted(
            found, key=lambda g: (1.0 if g.rate is None else g.rate, -g.not_met, -g.undecided, order[g.indicator.code])
        )
    )


def _gap(indicator: Indicator, scores: Sequence[IndicatorScore]) -> Gap:
    return Gap(
        indicator,
        part(scores).rate,
        sum(s.final is not None and s.final < s.full for s in scores),
        sum(s.final is None for s in scores),
        sum(any(v.met is False for v in s.requirements) for s in scores),
    )
