"""What a person decided about a passage wins over the program, wherever the passage stands now."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.facts import find_dates
from pipeline.model import Alternative, Conflict, Decision, DepartmentScore, Duplicate, Evidence, Locator
from pipeline.review.decisions import SHEET
from pipeline.review.match import Ground
from pipeline.settings import Review, load_settings
from pipeline.text import fingerprint

SOURCE = "inputs/decisions.xlsx"
PASSAGE_KINDS = ("code", "none", "strike", "edit", "remark")
FIRST_DROPPED, SECOND_DROPPED = "保留第二份", "保留第一份"
WAITING = ("两处都要更正", "退回核实")  # decided, but the department has yet to answer


def honour(
    evidence: Iterable[Evidence], decisions: Sequence[Decision], year: int = 0, limits: Review | None = None
) -> tuple[tuple[Evidence, ...], tuple[Decision, ...]]:
    """One department's evidence as decided, with the sentences that reviewers wrote as entries of their own behind it;
    and the decisions whose text no longer stands anywhere (stale). `decisions` are in force; other departments' are let be.

    A later decision on the same passage wins. `year` dates what a reviewer wrote.
    """
    items = list(evidence)
    if items:
        decisions = [d for d in decisions if d.department == items[0].department]
    ground = Ground(tuple(items), limits or load_settings().review)
    about = [d for d in decisions if d.kind in PASSAGE_KINDS and (d.text or d.fingerprint)]
    places = _places(ground, about)
    own: dict[tuple[str, str | None], Evidence] = {}
    for decision in about:
        for place in places[decision.id]:
            items[place] = _decided(items[place], decision, own, year)
    written = [_written(d, None, year) for d in decisions if d.kind == "add"]
    struck = among_rows(_dropped(items, decisions))
    stale = tuple(d for d in about if not places[d.id] and not (d.kind == "remark" and d.code))
    return (*struck, *own.values(), *written), stale


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


def _dropped(items: Sequence[Evidence], decisions: Sequence[Decision]) -> list[Evidence]:
    """Without the file of two alike that a person said is not to be kept."""
    gone: dict[str, Decision] = {}
    for decision in decisions:
        first, _, second = decision.text.partition(PAIR)
        if decision.kind == "conflict" and second and decision.value in (FIRST_DROPPED, SECOND_DROPPED):
            gone[first if decision.value == FIRST_DROPPED else second] = decision
    return [
        replace(
            item,
            code=None,
            also=(),
            status="none",
            method="decision",
            confidence=1.0,
            why=(f"两份材料重复，审阅人决定{gone[item.source].value}（{gone[item.source].id}）。",),
        )
        if item.source in gone
        else item
        for item in items
    ]


# ---------------------------------------------------------------- the other rows of a table


def among_rows(items: Sequence[Evidence]) -> list[Evidence]:
    """The doubtful rows of a table lean to where a person put others of it; they stay doubtful.

    Only in a table of one matter: all decided rows agree, and no row that the program was sure of belongs elsewhere.
    """
    sure: dict[tuple[object, ...], set[str | None]] = {}
    decided: dict[tuple[object, ...], set[str | None]] = {}
    for item in items:
        table = _table(item)
        if table is not None and item.status == "accepted":  # a struck row says nothing of the others
            (decided if item.method == "decision" else sure).setdefault(table, set()).add(item.code)
    return [
        _leaning(item, decided.get(_table(item) or (), set()), sure.get(_table(item) or (), set())) for item in items
    ]


def _leaning(item: Evidence, decided: set[str | None], sure: set[str | None]) -> Evidence:
    if item.status != "review" or len(decided) != 1 or not sure <= decided:
        return item
    (code,) = decided
    if item.code == code:
        return item
    first = next((a for a in item.alternatives if a.code == code), Alternative(code, item.confidence))
    others = tuple(a for a in item.alternatives if a.code != code)[:4]
    why = f"审阅人把同一张表里的其他行归入{code}。"
    return replace(item, code=code, alternatives=(first, *others), confidence=first.confidence, why=(why, *item.why))


def _table(item: Evidence) -> tuple[object, ...] | None:
    """What names the table that a row stands in; one that runs over pages is known by its columns."""
    if item.kind != "row":
        return None
    where = item.locator
    return (item.source, where.sheet, item.columns or (where.page, where.table))


# ---------------------------------------------------------------- contradictions, duplicates, grades

PAIR = " ↔ "  # between the paths of two files that are alike, in the text of a decision


def conflict_text(kind: str, message: str) -> str:
    """What names a contradiction in decisions.xlsx, whatever its ids are."""
    return f"{kind}：{message}"


def pair_text(first: str, second: str) -> str:
    """What names two files that are alike in decisions.xlsx."""
    return f"{first}{PAIR}{second}"


def open_conflicts(conflicts: Sequence[Conflict], decisions: Sequence[Decision]) -> tuple[Conflict, ...]:
    """Without those that a person settled; one that the department has yet to correct stays, and says so."""
    settled = {(d.department, d.fingerprint): d for d in decisions if d.kind == "conflict"}
    kept = []
    for conflict in conflicts:
        decision = settled.get((conflict.department, fingerprint(conflict_text(conflict.kind, conflict.message))))
        if decision is None:
            kept.append(conflict)
        elif decision.value in WAITING:
            kept.append(replace(conflict, message=f"{conflict.message}（复核：{decision.value}，{decision.id}）"))
    return tuple(kept)


def open_duplicates(duplicates: Sequence[Duplicate], decisions: Sequence[Decision]) -> tuple[Duplicate, ...]:
    """Without the pairs that a person settled; one sent back for checking stays, and says so."""
    settled = {d.fingerprint: d for d in decisions if d.kind == "conflict" and PAIR in d.text}
    kept = []
    for pair in duplicates:
        decision = settled.get(fingerprint(pair_text(pair.first, pair.second)))
        if decision is None:
            kept.append(pair)
        elif decision.value in WAITING:
            kept.append(replace(pair, reason=f"{pair.reason}（复核：{decision.value}，{decision.id}）"))
    return tuple(kept)


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
