"""Verdicts and self scores become suggested points; every figure carries its reasons, and unknown stays unknown.

An indicator with countable requirements is scored by them. One without suggests the department's own score, capped at
full, if an accepted passage that tells of something done stands behind it, else nothing. All are suggestions: the
reviewer's figure always wins. Unknown is never zero and never full.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

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
from pipeline.scoring.requirements import Case, Decided, decide
from pipeline.scoring.rubric import Grade, Rubric, Veto
from pipeline.scoring.rules import with_rules
from pipeline.scoring.self_scores import GroupScore, group_scores, self_scores

_ROUNDINGS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
_ZERO_WORDS = ("零分", "0分", "记零分", "计零分")


@dataclass(frozen=True, slots=True)
class _Desk:
    """What scoring one department looks at."""

    case: Case
    full: Mapping[str, float]
    own: Mapping[str, tuple[float, Evidence]]
    together: Mapping[str, GroupScore]
    decisions: Mapping[str, tuple[Decision, ...]]
    breaches: Mapping[str, str]


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
    """One department's scores for every third-level indicator; its grade before quotas."""
    own_decisions = [d for d in decisions if d.department in ("", info.name) and d.code]
    by_code = {c: tuple(d for d in own_decisions if d.code == c) for c in {d.code for d in own_decisions if d.code}}
    ordered = sorted(evidence, key=lambda e: e.source)
    without = not_applicable(info, rubric, by_code)
    desk = _Desk(
        case=Case(info, rubric, ordered, facts, files, year),
        full=full_points(info, guideline, rubric, without),
        own=self_scores(ordered),
        together=group_scores(ordered),
        decisions=by_code,
        breaches={e.item: e.ground for e in rubric.entries if e.department == info.name},
    )
    indicators = tuple(
        _excluded(i, desk) if i.code in without else _indicator(with_rules(i, rubric), desk) for i in guideline.thirds()
    )
    score = DepartmentScore(
        name=info.name,
        total=round(float(sum(i.final for i in indicators if i.final is not None)), 4),
        open=round(float(sum(i.full for i in indicators if i.applicable and i.final is None)), 4),
        grade=None,
        indicators=indicators,
    )
    return settle_grades(
        (replace(score, notes=_notes(score, desk, rubric)),), replace(rubric, grades=_unlimited(rubric))
    )[0]


def settle_grades(scores: Sequence[DepartmentScore], rubric: Rubric) -> tuple[DepartmentScore, ...]:
    """The scores of the whole school with their grades: limits, vetoes, then quotas, best totals first.

    A unit whose total is equal to the last one that the quota lets in and has no place left goes one grade down with
    a note; the quota is never exceeded.
    """
    graded = {s.name: _own_grade(s, rubric) for s in scores}
    notes: dict[str, list[str]] = {s.name: [] for s in scores}
    for n, grade in enumerate(rubric.grades[:-1]):
        if grade.quota is None:
            continue
        places = math.floor(grade.quota * len(scores) + 1e-9)
        holders = sorted(
            (s for s in scores if graded[s.name] == grade.name), key=lambda s: (-graded_total(s, rubric), s.name)
        )
        for late in holders[_kept(holders, places, rubric) :]:
            graded[late.name] = rubric.grades[n + 1].name
            notes[late.name].append(
                f"按分数可评{grade.name}，但{grade.name}名额只有{places}个，建议{rubric.grades[n + 1].name}，请人工确定。"
            )
    return tuple(
        replace(s, grade=graded[s.name], notes=tuple(dict.fromkeys((*s.notes, *notes[s.name])))) for s in scores
    )


def _kept(holders: Sequence[DepartmentScore], places: int, rubric: Rubric) -> int:
    """How many of them, best first, a quota lets in; equal totals are let in together or not at all."""
    if len(holders) <= places:
        return len(holders)
    limit = graded_total(holders[places], rubric)
    return sum(1 for s in holders[:places] if graded_total(s, rubric) > limit)


def _own_grade(score: DepartmentScore, rubric: Rubric) -> str | None:
    """The grade by limits and vetoes; None while points are open or the rubric has no grades."""
    applicable = sum(i.full for i in score.indicators if i.applicable)
    if score.open > 0 or not rubric.grades or applicable <= 0:
        return None
    share = round(graded_total(score, rubric) / applicable * 100, 6)
    place = next((n for n, g in enumerate(rubric.grades) if share >= g.at_least), len(rubric.grades) - 1)
    for veto in vetoes_of(score.name, rubric):
        lowest = next((n for n, g in enumerate(rubric.grades) if g.name == veto), len(rubric.grades) - 1)
        place = max(place, lowest)
    return rubric.grades[place].name


def graded_total(score: DepartmentScore, rubric: Rubric) -> float:
    """The figure that grades go by: the total, 自评 mixed in and capped bonuses added where the rubric says so."""
    mixed = score.total
    if rubric.self_share:
        own = sum(
            min(i.self, i.full) if i.self is not None else (i.final or 0.0) for i in score.indicators if i.applicable
        )
        mixed = rubric.self_share * own + rubric.review_share * score.total
    return round(mixed + bonus_of(score.name, rubric), 4)


def bonus_of(department: str, rubric: Rubric) -> float:
    """The bonus points a clerk has entered for a department, each item and their sum capped."""
    points = 0.0
    for bonus in rubric.bonuses:
        if bonus.enabled:
            pieces = sum(e.count for e in rubric.entries if e.department == department and e.item == bonus.name)
            points += min(bonus.each * pieces, bonus.cap)
    return min(points, rubric.bonus_cap)


def vetoes_of(department: str, rubric: Rubric) -> tuple[str, ...]:
    """The best grades that the 一票否决 items entered for a department leave it."""
    lowest = rubric.grades[-1].name if rubric.grades else ""
    entered = {e.item for e in rubric.entries if e.department == department and e.count > 0}
    return tuple(v.grade or lowest for v in rubric.vetoes if v.enabled and v.name in entered)


# ---------------------------------------------------------------- points of one indicator


def not_applicable(info: DepartmentInfo, rubric: Rubric, decisions: Mapping[str, Sequence[Decision]]) -> frozenset[str]:
    """The indicators that do not apply: to this type of unit, or because a reviewer says so."""
    kind = rubric.type_of(info.unit_type)
    decided = {code for code, found in decisions.items() if any(d.kind == "na" for d in found)}
    return frozenset((*(kind.without if kind else ()), *decided))


def full_points(
    info: DepartmentInfo, guideline: Guideline, rubric: Rubric, without: frozenset[str]
) -> dict[str, float]:
    """The full points of every indicator for this unit: its type's own, scaled up for those that do not apply."""
    kind = rubric.type_of(info.unit_type)
    points = {i.code: (kind.points if kind else rubric.points).get(i.code, 0.0) for i in guideline.thirds()}
    left = {code: value for code, value in points.items() if code not in without}
    whole, rest = sum(points.values()), sum(left.values())
    if not without or not rubric.renormalise or rest <= 0:
        return {code: left.get(code, 0.0) for code in points}
    return dict.fromkeys(points, 0.0) | shared_out(left, whole)


def shared_out(points: Mapping[str, float], whole: float) -> dict[str, float]:
    """Points scaled so that their sum is `whole`, in hundredths, the largest remainders first: the sum is exact."""
    rest = sum(points.values())
    cents = {code: value / rest * whole * 100 for code, value in points.items()}
    floors = {code: math.floor(value + 1e-9) for code, value in cents.items()}
    spare = round(whole * 100) - sum(floors.values())
    first = sorted(cents, key=lambda code: (floors[code] - cents[code], code))[:spare]
    return {code: (floors[code] + (1 if code in first else 0)) / 100 for code in points}


def _excluded(indicator: Indicator, desk: _Desk) -> IndicatorScore:
    own = desk.own.get(indicator.code)
    reasons = ["对本单位不适用。"]
    reasons += [
        f"复核意见：{d.reason}。" for d in desk.decisions.get(indicator.code, ()) if d.kind == "na" and d.reason
    ]
    return IndicatorScore(
        code=indicator.code,
        full=0.0,
        self=own[0] if own else None,
        suggested=None,
        final=None,
        applicable=False,
        reasons=tuple(reasons),
        remark=_remark(indicator.code, desk),
    )


def _remark(code: str, desk: _Desk) -> str:
    """What the reviewer noted beside an indicator."""
    return "；".join(d.value.rstrip("。；") for d in desk.decisions.get(code, ()) if d.kind == "remark" and not d.text)


def _indicator(indicator: Indicator, desk: _Desk) -> IndicatorScore:
    code, full = indicator.code, desk.full[indicator.code]
    rubric = desk.case.rubric
    own = desk.own.get(code)
    decided = decide(indicator, desk.case)
    behind = _behind(code, desk.case.evidence)
    points, reasons = (_by_requirements(decided, full, code, rubric)) if decided else _by_self(own, full, behind)
    points, more = _after_breaches(points, full, code, desk)
    reasons = [*_self_reasons(own, desk.together.get(code), full), *reasons, *more]
    suggested = None if points is None else rounded(min(max(points, 0.0), full), rubric, full)
    final, reviewed, said = _reviewed(code, suggested, full, desk)
    ids = [*(i for d in decided for i in d.verdict.evidence), *(e.id for e in behind)]
    if own is not None:
        ids.append(own[1].id)
    return IndicatorScore(
        code=code,
        full=full,
        self=own[0] if own else None,
        suggested=suggested,
        final=final,
        reviewed=reviewed,
        reasons=(*reasons, *said),
        evidence=tuple(dict.fromkeys(ids)),
        requirements=tuple(d.verdict for d in decided),
        remark=_remark(code, desk),
    )


def _behind(code: str, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The accepted passages that tell of something done or achieved under an indicator."""
    return [
        e for e in evidence if e.status == "accepted" and e.role in ("done", "result") and code in (e.code, *e.also)
    ]


def _by_requirements(
    decided: Sequence[Decided], full: float, code: str, rubric: Rubric
) -> tuple[float | None, list[str]]:
    """The points that the countable requirements prove; None while one of them cannot be decided."""
    reasons = [f"“{d.verdict.text}”：{d.verdict.reason}" for d in decided]
    unknown = [d for d in decided if d.verdict.met is None or d.share is None]
    if unknown:
        return None, [*reasons, f"{len(unknown)}项任务要求无法核实或程度不明，分数未定，请人工评定。"]
    gaps = sum(d.gaps for d in decided)
    rule = (rubric.deductions or {}).get(code)
    if gaps and (rubric.zero_on or {}).get(code) == ZERO_ON_UNMET:
        return 0.0, [*reasons, "评分细则规定：有任务要求未达到，本项记零分。"]
    if rule is not None:
        lost = rule.step * gaps
        kept = max(rule.floor, full - lost)
        return kept, reasons + ([f"缺{gaps}处，每处扣{rule.step:g}分，最低{rule.floor:g}分。"] if gaps else [])
    share = sum(d.share or 0.0 for d in decided) / len(decided)
    return full * share, reasons + ([] if share >= 1 else [f"按达到的比例{share * 100:.0f}%计分。"])


ZERO_ON_UNMET = "任务要求未达到"


def _by_self(
    own: tuple[float, Evidence] | None, full: float, behind: Sequence[Evidence]
) -> tuple[float | None, list[str]]:
    if own is None:
        told = f"采信的佐证{len(behind)}条，" if behind else "没有采信的佐证，"
        return None, [f"{told}单位没有自评分，分数未定，请人工评定。"]
    if not behind:
        return None, ["没有采信的做法或成效作佐证，自评分不能采用，分数未定，请人工评定。"]
    return min(own[0], full), [f"采信的做法或成效{len(behind)}条，建议采用自评分。"]


def _self_reasons(own: tuple[float, Evidence] | None, together: GroupScore | None, full: float) -> list[str]:
    if own is None and together is not None:
        codes = "、".join(together.codes)
        return [f"单位对{codes}合并自评{together.value:g}分，没有逐项自评。"]
    if own is None:
        return []
    if own[0] > full:
        return [f"单位自评{own[0]:g}分，超过满分{full:g}分：自评分照录，建议分以满分为限。"]
    return [f"单位自评{own[0]:g}分。"]


def _after_breaches(points: float | None, full: float, code: str, desk: _Desk) -> tuple[float | None, list[str]]:
    """Deductions that a reviewer decided, and items that a breach turns to zero."""
    reasons: list[str] = []
    zero = (desk.case.rubric.zero_on or {}).get(code, "")
    if zero and zero in desk.breaches:
        return 0.0, [f"登记有“{zero}”（{desk.breaches[zero]}），本项记零分。"]
    for decision in desk.decisions.get(code, ()):
        if decision.kind != "deduction":
            continue
        if decision.value.strip() in _ZERO_WORDS:
            return 0.0, [*reasons, f"复核扣分：{decision.reason or '记零分'}（{decision.id}）。"]
        amount = _figure(decision.value)
        if amount is None and decision.reason:
            reasons.append(f"{decision.reason.rstrip('。；')}（{decision.who or '复核人'}，{decision.id}）。")
        if amount is not None and points is not None:
            floor = (desk.case.rubric.deductions or {}).get(code)
            points = max(floor.floor if floor else 0.0, points - abs(amount))
            reasons.append(f"复核扣{abs(amount):g}分：{decision.reason or '见复核意见'}（{decision.id}）。")
    return points, reasons


def _reviewed(code: str, suggested: float | None, full: float, desk: _Desk) -> tuple[float | None, bool, list[str]]:
    """The reviewer's figure, which always wins; the last one where there are several."""
    given = [(d, _figure(d.value)) for d in desk.decisions.get(code, ()) if d.kind == "score"]
    known = [(d, value) for d, value in given if value is not None]
    if not known:
        return suggested, False, []
    decision, value = known[-1]
    said = [
        f"复核分{value:g}分（{decision.who or '复核人'}，{decision.id}）。"
        + (f"{decision.reason}。" if decision.reason else "")
    ]
    if not 0 <= value <= full:
        said.append(f"复核分不在0至{full:g}分之间，照复核人的数计入，请再核对。")
    return value, True, said


def _figure(text: str) -> float | None:
    cleaned = text.strip().removesuffix("分").strip()
    try:
        value = float(cleaned)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def rounded(value: float, rubric: Rubric, full: float) -> float:
    """Points by the rubric's rounding, never above full."""
    step = Decimal(1).scaleb(-rubric.decimals)
    figure = Decimal(repr(round(value, 9)))
    if rubric.rounding == "half_point":
        points = float((figure * 2).quantize(Decimal(1), ROUND_HALF_UP) / 2)
    else:
        points = float(figure.quantize(step, _ROUNDINGS[rubric.rounding]))
    return min(points, full)


# ---------------------------------------------------------------- notes


def _notes(score: DepartmentScore, desk: _Desk, rubric: Rubric) -> tuple[str, ...]:
    notes = []
    over = [i.code for i in score.indicators if i.self is not None and i.applicable and i.self > i.full]
    if over:
        notes.append(f"自评分超过满分的指标{len(over)}项：{'、'.join(over)}。")
    bonus = bonus_of(score.name, rubric)
    if bonus:
        notes.append(f"加分{bonus:g}分（上限{rubric.bonus_cap:g}分），不计入总分，定等次时加上。")
    notes += [
        f"登记有一票否决情形“{v.name}”，等次最高为{v.grade or rubric.grades[-1].name}。"
        for v in _entered(score.name, rubric)
    ]
    if rubric.self_share:
        notes.append(f"定等次的分数按自评{rubric.self_share * 100:g}%、复核{rubric.review_share * 100:g}%合成。")
    unknown_type = desk.case.info.unit_type
    if unknown_type and rubric.unit_types and rubric.type_of(unknown_type) is None:
        notes.append(f"名单里的单位类型“{unknown_type}”在评分细则里没有，按通用分值计算。")
    return tuple(notes)


def _entered(department: str, rubric: Rubric) -> list[Veto]:
    entered = {e.item for e in rubric.entries if e.department == department and e.count > 0}
    return [v for v in rubric.vetoes if v.enabled and v.name in entered and rubric.grades]


def _unlimited(rubric: Rubric) -> tuple[Grade, ...]:
    """The grades without quotas, which only the whole school can fill."""
    return tuple(replace(g, quota=None) for g in rubric.grades)
