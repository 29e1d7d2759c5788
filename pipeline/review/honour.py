"""What a person decided about a passage wins over the program, wherever the passage stands now."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.facts import find_dates
from pipeline.model import Decision, DepartmentScore, Evidence, Locator
from pipeline.review.decisions import SHEET
from pipeline.review.match import Ground
from pipeline.review.tables import among_rows, school_votes
from pipeline.settings import Review, load_settings
from pipeline.text import fingerprint

SOURCE = "inputs/decisions.xlsx"
PASSAGE_KINDS = ("code", "none", "strike", "edit", "remark")


def honour(
    evidence: Iterable[Evidence],
    decisions: Sequence[Decision],
    year: int = 0,
    limits: Review | None = None,
    left_out: Mapping[str, str] | None = None,
    school: Sequence[Decision] = (),
) -> tuple[tuple[Evidence, ...], tuple[Decision, ...]]:
    """One department's evidence as decided, with the sentences that reviewers wrote as entries of their own behind it;
    and the decisions whose text no longer stands anywhere (stale). `decisions` are in force; other departments' are let be.

    A later decision on the same passage wins. `year` dates what a reviewer wrote. `left_out`: files that do not count,
    each with the decision that says so; `school`: the decisions on all departments, of earlier years too, for what they
    say of tables of the same kind.
    """
    items = list(evidence)
    if items:
        decisions = [d for d in decisions if d.department == items[0].department]
    limits = limits or load_settings().review
    ground = Ground(tuple(items), limits)
    about = [d for d in decisions if d.kind in PASSAGE_KINDS and (d.text or d.fingerprint)]
    places = _places(ground, about)
    own: dict[tuple[str, str | None], Evidence] = {}
    rows: dict[int, str | None] = {}
    for decision in about:
        for place in places[decision.id]:
            items[place] = _decided(items[place], decision, own, year)
            if decision.kind in ("code", "none") and (decision.code or decision.kind == "none"):
                rows[place] = decision.code
    written = [_written(d, None, year) for d in decisions if d.kind == "add"]
    leaning = among_rows(items, rows, school_votes(school), limits)
    stale = tuple(d for d in about if not places[d.id] and not (d.kind == "remark" and d.code))
    return (*_dropped(leaning, left_out or {}), *own.values(), *written), stale


def locate(evidence: Sequence[Evidence], decisions: Sequence[Decision], limits: Review) -> dict[str, tuple[int, ...]]:
    """For each decision on a passage the positions of its text in one department's evidence; empty: stale."""
    return _places(Ground(evidence, limits), [d for d in decisions if d.text or d.fingerprint])


def _places(ground: Ground, decisions: Sequence[Decision]) -> dict[str, tuple[int, ...]]:
    exact = {d.id: ground.exactly(d) for d in decisions}
    taken = frozenset(place for places in exact.values() for place in places)
    return {d.id: exact[d.id] or ground.nearly(d, taken) for d in decisions}


def _decided(item: Evidence, decision: Decision, own: dict[tuple[str, str | None], Evidence], year: int) -> Evidence:
    """The passage as one decision leaves it; a reviewer's own words for it go into `own`, once however often it stands."""
    by = f"（{'，'.join(filter(None, (decision.who, decision.id)))}）"
    if decision.kind == "remark":
        return replace(item, why=(f"复核备注：{decision.value.rstrip('。')}{by}。", *item.why))
    why = (f"复核人员已就这段文字作出决定{by}。", *((f"理由：{decision.reason}",) if decision.reason else ()))
    if decision.kind == "code":
        code = decision.code or item.code
        return replace(
            item,
            code=code,
            also=() if decision.code else item.also,
            role=decision.role or item.role,
            placed=decision.role is not None,
            status="duplicate" if item.status == "duplicate" else "accepted",
            method="decision",
            confidence=1.0,
            why=why,
        )
    if decision.kind == "edit":
        key = (fingerprint(decision.value), decision.code)
        kept = own.setdefault(key, _written(decision, item, year))
        return replace(
            item, code=kept.code, also=(), status="duplicate", of=kept.id, method="decision", confidence=1.0, why=why
        )
    return replace(item, code=None, also=(), status="none", of=None, method="decision", confidence=1.0, why=why)


def entry_id(decision: Decision) -> str:
    """The evidence id of a sentence that a reviewer wrote."""
    return "E" + hashlib.sha256(f"{SOURCE}\0{decision.department}\0{decision.id}".encode()).hexdigest()[:11]


def _written(decision: Decision, original: Evidence | None, year: int) -> Evidence:
    """A reviewer's sentence as evidence of its own, printed with its number 审-012."""
    code = decision.code or (original.code if original else None)
    role = decision.role or (original.role if original else "done")
    told = original is not None and original.status == "none" and code is None
    return Evidence(
        id=entry_id(decision),
        department=decision.department,
        source=SOURCE,
        locator=Locator(sheet=SHEET, row=decision.row),
        text=decision.value,
        columns=None,
        heading=(),
        role=role,
        code=code,
        also=(),
        number=decision.id,
        confidence=1.0,
        status="none" if told else "accepted",
        method="decision",
        dates=tuple(dict.fromkeys(date.iso for date in find_dates(decision.value, year))) if year else (),
        document="人工审阅决定",
        why=(f"这段文字是审阅人写的（{'，'.join(filter(None, (decision.who, decision.id)))}）。",),
    )


def _dropped(items: Sequence[Evidence], left_out: Mapping[str, str]) -> list[Evidence]:
    """Without the file that a person said is not to count beside another department's."""
    return [
        replace(
            item,
            code=None,
            also=(),
            status="none",
            method="decision",
            confidence=1.0,
            why=(f"两份材料重复，审阅人认定只采用另一份（{left_out[item.source]}）。",),
        )
        if item.source in left_out
        else item
        for item in items
    ]


# ---------------------------------------------------------------- grades


def decided_grades(scores: Sequence[DepartmentScore], decisions: Sequence[Decision]) -> tuple[DepartmentScore, ...]:
    """The grades that reviewers chose over the suggested ones; none while points are open (CONTRACT)."""
    chosen = {d.department: d for d in decisions if d.kind == "grade"}
    graded = []
    for score in scores:
        decision = chosen.get(score.name)
        if decision is not None:
            note = f"复核等次：{decision.value}（{'，'.join(filter(None, (decision.who, decision.id)))}）。"
            if score.open > 0:
                note += "还有未定分值，等次暂不确定。"
            score = replace(score, grade=decision.value if score.open == 0 else score.grade, notes=(*score.notes, note))
        graded.append(score)
    return tuple(graded)
