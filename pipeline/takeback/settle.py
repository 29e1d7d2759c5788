"""Turns wishes into decisions: each is tied to its passage, weighed against what others want, and written down.

One item (a passage, a score, a contradiction) has one decision. Two files that want different things of one item are in
conflict and neither counts, unless they are two versions by one named person, where the later does; a row written by
hand stands above all files. What was superseded once is never taken up again from an old copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline import guideline as guidelines
from pipeline.engine.lock import only_run
from pipeline.model import Decision, Evidence, Guideline, Problem, decode
from pipeline.ooxml.package import UnusablePackage
from pipeline.review import book as decision_book
from pipeline.review.carry import Carried, carry_over, short_hash, unheeded
from pipeline.review.decisions import HISTORY_COLUMNS, KINDS, DecisionBook, history_numbers, numbered, read_decisions
from pipeline.review.doubles import PAIR, as_settled_before
from pipeline.review.honour import PASSAGE_KINDS, SOURCE, locate
from pipeline.review.match import Ground
from pipeline.review.tables import table_kind
from pipeline.settings import Review, load_settings
from pipeline.takeback.find import Returned, find
from pipeline.takeback.listing import read_list
from pipeline.takeback.report import STATES, Outcome, Report
from pipeline.takeback.scores import figure, read_scores
from pipeline.takeback.wish import Origin, Taken, Wish
from pipeline.takeback.word import read_summary
from pipeline.text import fingerprint, normal
from pipeline.workspace import Workspace
from pipeline.write.names import REVIEW_LIST, SCORES, folder_name
from pipeline.write.workbook import marks

Key = tuple[str, ...]
_PASSAGE = ("code", "none", "strike", "edit")
_FIRST_ROW = 2  # of decisions.xlsx, below the head
_GONE = "：这段文字在报送材料里已找不到；决定仍保留着，请核对后改写或删去那一行。"


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last run left: passages by id and by department, full points, the files' hashes, the run's name."""

    folder: Path
    evidence: Mapping[str, Evidence]
    departments: Mapping[str, tuple[Evidence, ...]]
    full: Mapping[str, Mapping[str, float]]  # department -> code -> points
    hashes: Mapping[str, str]

    def newest(self, department: str, year: int) -> str:
        """The run that made a department's present drafts ("" asks for the school's)."""
        place = self.folder / folder_name(department) / f"{year}{SCORES}" if department else None
        path = place if place is not None else self.folder / REVIEW_LIST
        try:
            return marks(path.read_bytes()).get("运行", "")
        except (OSError, UnusablePackage):
            return ""


def last_run(folder: Path) -> LastRun:
    """The last run's outputs; empty where there are none."""
    by_id: dict[str, Evidence] = {}
    by_department: dict[str, list[Evidence]] = {}
    lines = folder / "evidence.jsonl"
    if lines.is_file():
        with lines.open("rb") as stream:
            for line in stream:
                item = decode(line, Evidence)
                by_id[item.id] = item
                if item.source != SOURCE:  # what a reviewer wrote is nobody's original
                    by_department.setdefault(item.department, []).append(item)
    told = _json(folder / "run.json")
    scores = _json(folder / "scores.json")
    full = {d["name"]: {i["code"]: float(i["full"]) for i in d["indicators"]} for d in scores.get("departments", ())}
    return LastRun(
        folder=folder,
        evidence=by_id,
        departments={name: tuple(items) for name, items in by_department.items()},
        full=full,
        hashes={f["path"]: f["sha256"] for f in told.get("files", ())},
    )


def _json(path: Path) -> dict[str, Any]:
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Any]) if path.is_file() else {}


def apply(workspace: Workspace, year: int) -> Report:
    """The whole of `review apply`: reads what came back, writes inputs/decisions.xlsx, says what became of each change."""
    settings = load_settings(workspace.settings)
    limits = settings.review
    guideline = guidelines.find(workspace)
    with only_run(workspace.store):
        last = last_run(workspace.outputs(year))
        returned, problems = find(workspace, year, settings.reading)
        wishes: list[Wish] = []
        for one in returned:
            taken = _read(one, guideline, last, limits)
            wishes += taken.wishes
            problems += taken.problems
        book = read_decisions(workspace)
        settling = _Settling(book, guideline, year, last, limits)
        settling.take(wishes)
        outcomes = settling.finish()
        decision_book.save(
            workspace,
            settling.book(),
            settling.decisions(),
            settling.states,
            settling.unapplied((*problems, *settling.strange())),
        )
    kept = [d for d in settling.decisions() if d.kind != "number"]
    return Report(
        tuple(outcomes),
        (*problems, *settling.strange(), *settling.lost()),
        tuple(r.origin.path for r in returned),
        len(kept),
    )


def _read(returned: Returned, guideline: Guideline, last: LastRun, limits: Review) -> Taken:
    if returned.kind == "summary":
        return read_summary(returned, guideline, last.evidence, limits)
    if returned.kind == "scores":
        return read_scores(returned, guideline, last.full.get(returned.origin.department, {}))
    return read_list(returned, guideline)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A wish tied to its item: the decision it asks for (None: to withdraw one), and whose it is."""

    key: Key
    decision: Decision
    wish: Wish
    withdraws: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        d = self.decision
        return (str(self.withdraws), d.kind, d.code or "", normal(d.value), d.role or "")


@dataclass(slots=True)
class _Settling:
    """One settling: the book as it was, and what is becoming of it."""

    _book: DecisionBook
    _guideline: Guideline
    _year: int
    _last: LastRun
    _limits: Review
    states: dict[str, str] = field(default_factory=dict)
    _rows: dict[Key, Decision] = field(default_factory=dict)  # decisions of this year by item
    _others: list[Decision] = field(default_factory=list)  # of other years, and rows that repeat an item
    _history: list[dict[str, str]] = field(default_factory=list)
    _outcomes: list[Outcome] = field(default_factory=list)
    _grounds: dict[str, Ground] = field(default_factory=dict)
    _newest: dict[str, str] = field(default_factory=dict)
    _settled_now: list[Decision] = field(default_factory=list)  # contradictions and duplicates that files speak of

    def __post_init__(self) -> None:
        for decision in self._book.decisions:
            if decision.kind == "number":
                continue
            if decision.year not in (None, self._year):
                self._others.append(decision)
                continue
            key = self._key(decision)
            if key in self._rows:  # two rows by hand on one item: the lower one counts
                self._others.append(self._rows[key])
            self._rows[key] = decision

    # ------------------------------------------------------------ wishes to claims

    def take(self, wishes: Sequence[Wish]) -> None:
        """Settles all wishes, item by item, in the order in which they were read."""
        claims: dict[Key, list[_Claim]] = {}
        for wish in wishes:
            claim = self._claim(wish)
            if claim is not None:
                claims.setdefault(claim.key, []).append(claim)
        for key, found in claims.items():
            self._settle(key, found)

    def _claim(self, wish: Wish) -> _Claim | None:
        item = (
            self._passage(wish) if (wish.kind in (*PASSAGE_KINDS, "add") and wish.code is None) or wish.ident else None
        )
        item = item or (self._passage(wish) if wish.kind in _PASSAGE else None)
        if item is not None and item.source == SOURCE:
            return self._about_own(wish, item)
        kind = wish.kind
        text, code, value = wish.text, wish.code, wish.value
        if kind == "add":
            copied = self._copied(wish)
            if copied is not None:
                item, kind, text, value = copied, "code", copied.text, ""
            else:
                text = ""
        if item is not None:
            text = item.text
        if kind == "edit" and item is None:
            text = text or value
        withdraws = kind.startswith("withdraw")
        decision = Decision(
            id="",
            kind=kind.removeprefix("withdraw_"),  # type: ignore[arg-type]  # a WishKind without its prefix is a kind
            department=wish.department,
            fingerprint=fingerprint(text) if text and kind != "conflict" else wish.fingerprint,
            text=text,
            code=code,
            value=value,
            reason=wish.reason,
            who=wish.who,
            when=_moment(wish.when),
            source=wish.source,
            year=self._year,
            guideline=short_hash(self._guideline) if code else "",
            role=wish.role,
            table=table_kind(item) if item is not None else "",
        )
        decision = as_settled_before(decision, (*self._rows.values(), *self._settled_now))
        if decision.kind == "conflict":
            self._settled_now.append(decision)
        return _Claim(self._key(decision), decision, wish, withdraws)

    def _passage(self, wish: Wish) -> Evidence | None:
        """The passage that a wish is about: by its id where the words fit, else by its words."""
        item = self._last.evidence.get(wish.ident)
        if item is not None and item.department == wish.department:
            fits = not wish.text or normal(wish.text) in normal(item.text) or fingerprint(item.text) == wish.fingerprint
            if fits or wish.kind == "edit":
                return item
        words = wish.text or (wish.value if wish.kind == "edit" else "")
        if not words and not wish.fingerprint:
            return None
        ground = self._ground(wish.department)
        probe = Decision("", "code", wish.department, wish.fingerprint or fingerprint(words), words)
        places = ground.exactly(probe) or (ground.nearly(probe, frozenset()) if words else ())
        if not places and words:
            holding = [i for i, e in enumerate(ground.evidence) if normal(words) in normal(e.text)]
            places = tuple(holding) if len({normal(ground.evidence[i].text) for i in holding}) == 1 else ()
        return ground.evidence[places[0]] if places else None

    def _ground(self, department: str) -> Ground:
        if department not in self._grounds:
            self._grounds[department] = Ground(self._last.departments.get(department, ()), self._limits)
        return self._grounds[department]

    def _copied(self, wish: Wish) -> Evidence | None:
        """The department's own passage that a sentence is, where a person copied it into the body by hand."""
        ground = self._ground(wish.department)
        places = ground.exactly(Decision("", "code", wish.department, fingerprint(wish.text), wish.text))
        return ground.evidence[places[0]] if places and wish.code else None

    def _about_own(self, wish: Wish, item: Evidence) -> _Claim | None:
        """A change to a sentence that a reviewer wrote before: it becomes the sentence's new form."""
        old = next((d for d in self._rows.values() if d.id == item.number), None)
        if old is None:
            return None
        now = replace(
            old,
            id="",
            who=wish.who,
            when=_moment(wish.when),
            source=wish.source,
            code=wish.code or old.code,
            value=wish.value if wish.kind == "edit" else old.value,
            role=wish.role or old.role,
        )
        if wish.kind in ("strike", "none"):
            if old.kind == "add":
                return _Claim(self._key(old), replace(now, id=old.id), wish, withdraws=True)
            now = replace(now, kind=wish.kind, value="", code=None)
        elif wish.kind == "remark":
            return None
        return _Claim(self._key(old), now, wish)

    def _key(self, decision: Decision) -> Key:
        """What a decision is about: one item has one decision."""
        if decision.kind in _PASSAGE:
            return ("passage", decision.department, decision.fingerprint)
        if decision.kind == "conflict":
            owner = "" if PAIR in decision.text else decision.department
            return ("conflict", owner, decision.fingerprint)
        if decision.kind == "add":
            return ("add", decision.department, decision.code or decision.role or "", fingerprint(decision.value))
        if decision.kind == "remark" and decision.fingerprint:
            return ("remark", decision.department, decision.fingerprint, fingerprint(decision.value))
        return (decision.kind, decision.department, decision.code or "")

    # ------------------------------------------------------------ claims to decisions

    def _settle(self, key: Key, claims: Sequence[_Claim]) -> None:
        active = self._rows.get(key)
        live = [c for c in claims if not self._past(c)]
        if active is not None and active.id in self._book.by_hand:
            for claim in live:
                agreed = claim.said == _said(active) and not claim.withdraws
                message = "" if agreed else f"：decisions.xlsx 里手工写的{active.id}与此不同，照手工的执行。"
                self._tell("unchanged" if agreed else "overruled", claim.decision, message)
            return
        live = self._latest(live, active)
        says = {c.said for c in live}
        if len(says) > 1:
            self._conflict(key, live, active)
        elif live:
            self._adopt(key, live[0], active)

    def _past(self, claim: _Claim) -> bool:
        """Whether this very change was taken up before and superseded since."""
        d = claim.decision
        wanted = (d.kind, d.department, d.code or "", d.value, d.fingerprint, d.who, d.when)
        return any(
            wanted
            == (
                *(KINDS.get(row.get("类型", ""), ""), row.get("单位", ""), row.get("指标", "")),
                *(row.get("内容", ""), row.get("文字指纹", ""), row.get("审阅人", ""), row.get("时间", "")),
            )
            and (row.get("取代者") or "") != d.id
            for row in (*self._book.history, *self._history)
        )

    def _latest(self, claims: Sequence[_Claim], active: Decision | None) -> list[_Claim]:
        """Without what the current drafts already show, and without a person's own earlier versions."""
        newest = [c for c in claims if self._is_newest(c.wish.origin)]
        if newest and active is not None:
            claims = [c for c in claims if c in newest or c.said != _said(active)]
        people = {c.decision.who for c in claims}
        times = sorted({c.decision.when for c in claims})
        if len(people) == 1 and "" not in people and len(times) > 1 and times[0]:
            return [c for c in claims if c.decision.when == times[-1]]
        return list(claims)

    def _is_newest(self, origin: Origin) -> bool:
        """Whether a file is a copy of the drafts as the last run left them, so that its reader saw all decisions."""
        if origin.department not in self._newest:
            self._newest[origin.department] = self._last.newest(origin.department, self._year)
        return bool(origin.run) and origin.run == self._newest[origin.department]

    def _conflict(self, key: Key, claims: Sequence[_Claim], active: Decision | None) -> None:
        """Neither counts; one that had been taken up already is taken out again, and all are shown."""
        if active is not None and _said(active) in {c.said for c in claims}:
            del self._rows[key]
        told: set[tuple[str, ...]] = set()
        for claim in claims:
            if (*claim.said, claim.wish.origin.path) not in told:
                told.add((*claim.said, claim.wish.origin.path))
                others = "、".join(dict.fromkeys(c.wish.source for c in claims if c.said != claim.said))
                self._tell(
                    "conflicting",
                    claim.decision,
                    f"：与{others}的意见不同，都没有采用；请在 decisions.xlsx 写一行定下来，或收回其中一份。",
                )

    def _adopt(self, key: Key, claim: _Claim, active: Decision | None) -> None:
        if claim.withdraws:
            if active is not None:
                self._retire(active, claim.decision)
                del self._rows[key]
                self._tell("withdrawn", replace(active, who=claim.decision.who, source=claim.decision.source))
            return
        decision = claim.decision
        if (
            active is not None
            and _said(active) == claim.said
            and (active.reason == decision.reason or not decision.reason)
        ):
            self._tell("unchanged", active)
            return
        if active is not None:
            self._retire(active, decision)
            decision = replace(
                decision, text=active.text or decision.text, fingerprint=active.fingerprint or decision.fingerprint
            )
        if self._key(decision) != key:
            self._rows.pop(key, None)
            key = self._key(decision)
        self._rows[key] = decision
        self._tell("applied", decision)

    def _retire(self, old: Decision, new: Decision) -> None:
        row = {**decision_book.row_of(old), "状态": "已被取代"}
        row |= {"取代者": new.id, "取代人": new.who, "取代时间": new.when, "取代来源": new.source}
        self._history.append({name: row.get(name, "") for name in HISTORY_COLUMNS})

    def _tell(self, state: str, decision: Decision, message: str = "") -> None:
        self._outcomes.append(Outcome(state, decision, message))  # type: ignore[arg-type]  # the callers write a State

    # ------------------------------------------------------------ the end

    def finish(self) -> list[Outcome]:
        """Numbers everything, marks what is stale, and gives back what became of each change."""
        keys = list(self._rows)
        taken = [*history_numbers(self._book), *history_numbers(replace(self._book, history=tuple(self._history)))]
        named = numbered([*self._others, *self._rows.values()], taken)[len(self._others) :]
        ids = {id(old): new for old, new in zip(self._rows.values(), named, strict=True)}
        self._outcomes = [replace(o, decision=ids.get(id(o.decision), o.decision)) for o in self._outcomes]
        self._rows = dict(zip(keys, named, strict=True))
        self._mark_stale()
        return self._outcomes

    def _mark_stale(self) -> None:
        carried = carry_over(replace(self._book, decisions=tuple(self._rows.values())), self._guideline, self._year)
        by_department: dict[str, list[Decision]] = {}
        for decision in carried.current:
            if decision.kind in PASSAGE_KINDS and decision.fingerprint:
                by_department.setdefault(decision.department, []).append(decision)
        for department, decisions in sorted(by_department.items()):
            if self._last.full and department not in self._last.full:
                self._say_unknown(department, decisions)
                continue
            places = locate(self._last.departments.get(department, ()), decisions, self._limits)
            for decision in decisions:
                if not places[decision.id]:
                    self.states[decision.id] = STATES["stale"]
                    self._say_stale(decision)
        for decision in carried.lost:
            self.states[decision.id] = "指标已不在指南里"

    def _say_unknown(self, department: str, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            self.states[decision.id] = STATES["stale"]
            self._say_stale(decision, f"：上次运行里没有“{department}”这个单位；决定仍保留着，请核对单位名称。")

    def _say_stale(self, decision: Decision, message: str = _GONE) -> None:
        told = [o for o in self._outcomes if o.decision.id == decision.id]
        for outcome in told:
            self._outcomes[self._outcomes.index(outcome)] = replace(outcome, state="stale", message=message)
        if not told:
            self._tell("stale", decision, message)

    def lost(self) -> tuple[Problem, ...]:
        """Decisions under an indicator that this guideline does not have, and scores that it does not allow."""
        carried = carry_over(replace(self._book, decisions=self.decisions()), self._guideline, self._year)
        over = [self._over(d) for d in carried.current if d.kind == "score"]
        return (*unheeded(Carried(lost=carried.lost), (), ()), *filter(None, over))

    def _over(self, decision: Decision) -> Problem | None:
        """A score written by hand that is not within the full points."""
        full = self._last.full.get(decision.department, {}).get(decision.code or "")
        points = figure(decision.value)
        if full is None or points is None or 0 <= points <= full:
            return None
        message = f"{decision.id}的复核分{points:g}不在0到满分{full:g}之间（{decision.department}，{decision.code}）。"
        return Problem("inputs/decisions.xlsx", "review", message, "请改正这一行。", f"第{decision.row}行")

    def decisions(self) -> tuple[Decision, ...]:
        """All rows in the order of their numbers, then the 佐证号."""
        people = sorted((*self._others, *self._rows.values()), key=lambda d: _serial(d.id))
        placed = [replace(d, row=number) for number, d in enumerate(people, _FIRST_ROW)]
        return (*placed, *self._numbers())

    def strange(self) -> tuple[Problem, ...]:
        """What is wrong with the rows that nobody can understand, at their places in the file as it is saved."""
        after = _FIRST_ROW + len(self._others) + len(self._rows)
        return tuple(replace(p, place=f"第{number}行") for number, p in enumerate(self._book.problems, after))

    def _numbers(self) -> list[Decision]:
        """Every 佐证号 ever given in this year, and those of earlier years as they are."""
        kept = {(d.year, d.department, d.code, d.text): d for d in self._book.decisions if d.kind == "number"}
        for item in self._last.evidence.values():
            if item.number and item.code and item.status == "accepted" and item.source != SOURCE:
                kept[self._year, item.department, item.code, item.source] = Decision(
                    id="",
                    kind="number",
                    department=item.department,
                    fingerprint=self._last.hashes.get(item.source, "")[:16],
                    text=item.source,
                    code=item.code,
                    value=item.number,
                    year=self._year,
                    guideline=short_hash(self._guideline),
                )
        return sorted(kept.values(), key=lambda d: (d.year or 0, d.department, d.value, d.text))

    def book(self) -> DecisionBook:
        """The book with its history and guidelines brought up to date."""
        known = dict(self._book.guidelines)
        named = {d.guideline for d in self.decisions()}
        if short_hash(self._guideline) in named:
            known[short_hash(self._guideline)] = self._guideline
        return replace(
            self._book,
            history=(*self._book.history, *self._history),
            guidelines={digits: g for digits, g in known.items() if digits in named},
        )

    def unapplied(self, problems: Iterable[Problem]) -> list[dict[str, str]]:
        """The rows of the sheet 未采用."""
        rows = [
            {
                "情况": STATES[o.state],
                **{name: decision_book.row_of(o.decision)[name] for name in ("单位", "指标", "段落原文", "内容")},
                **{name: decision_book.row_of(o.decision)[name] for name in ("审阅人", "时间", "来源")},
                "说明": o.message.lstrip("："),
            }
            for o in self._outcomes
            if o.state in ("stale", "conflicting", "overruled")
        ]
        return rows + [
            {"情况": "读不懂", "来源": f"{p.path} {p.place}".strip(), "说明": p.sentence()} for p in problems
        ]


def _said(decision: Decision) -> tuple[str, ...]:
    return ("False", decision.kind, decision.code or "", normal(decision.value), decision.role or "")


def _serial(ident: str) -> tuple[int, str]:
    tail = ident.rpartition("-")[2]
    return (int(tail), ident) if tail.isdecimal() else (1_000_000, ident)


def _moment(when: str) -> str:
    """A moment as decisions.xlsx writes it: 2024-12-20 15:30."""
    return when.replace("T", " ")[:16].removesuffix(" 00:00") if when else ""
