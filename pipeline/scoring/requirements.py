"""Requirements decided for one department: found, met, what is missing, and why.

`met` is true when distinct dated events (or a register) reach the minimum; false when what was sent records that kind
of event and it falls short, or the department says so itself; None (无法核实) when nothing sent records it or a file
that would could not be read. A cancelled, planned or undated claim is named in the reason and never counts.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.facts.claims import Admission, admissions_of
from pipeline.facts.data import Kind, kinds, pattern
from pipeline.facts.find import counts, documents, known_people
from pipeline.facts.mentions import is_plan, is_rule
from pipeline.facts.people import DEAN, LEADERS, SECRETARY
from pipeline.facts.registers import Branch, branches_of, posts_of
from pipeline.model import (
    PERIOD_NAMES,
    DepartmentInfo,
    Event,
    Evidence,
    Facts,
    FileEntry,
    Indicator,
    Period,
    Requirement,
    Verdict,
)
from pipeline.scoring.approvals import approved_events, asks_for_approval
from pipeline.scoring.periods import period_of, periods_of
from pipeline.scoring.rubric import Rubric
from pipeline.scoring.terms import in_term

_LABELS = {SECRETARY: "党组织书记", DEAN: "院长（系主任）"}
_BOTH = re.compile(r"党政(?:主要)?(?:负责|领导|一把手)|书记[和、与及]*院长|书记[、和]\s*院长")
_NUMBER_CLAUSE = re.compile(r"[^，,。；;]+")
_ACTIVITY_REST = re.compile(
    r"每(?:两个?|个|半)?(?:月|季度?|学期|学年|年度?|周)|按(?:月|季度?|年)|至少|不少于|不低于|定期|坚持|组织|开展|召开|举办|进行|安排|完成|集中|专题"
    r"|(?:\d+|[一二两三四五六七八九十]+)(?:至\d+)?(?:次|场|期|回|讲)(?:以上)?|制度|的|，|、|并|对|和|与"
)
_AT_MOST_NAMED = 3  # so many undated or cancelled places are quoted in a reason; a longer list helps nobody


@dataclass(frozen=True)
class Case:
    """Everything one department's requirements are decided from."""

    info: DepartmentInfo
    rubric: Rubric
    evidence: Sequence[Evidence]
    facts: Facts
    files: Sequence[FileEntry]
    year: int

    @cached_property
    def counted(self) -> list[Evidence]:
        """The passages that may record something, by document."""
        return [item for items in documents(self.evidence) for item in items if counts(item)]

    @cached_property
    def by_id(self) -> dict[str, Evidence]:
        """Every passage by its id."""
        return {e.id: e for e in self.evidence}

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The branches that the department lists."""
        return branches_of(documents(self.counted), self.facts.events, self.year)

    @cached_property
    def admissions(self) -> tuple[Admission, ...]:
        """What the department says of itself that fell short."""
        return admissions_of(self.counted, known_people(self.info, self.counted))

    def held(self, kind: Kind, subject: str) -> list[Event]:
        """The held and dated events of a kind, of one person where the requirement asks for one."""
        return [
            e
            for e in self.facts.events
            if e.kind == kind.name and e.status == "held" and e.date and (not subject or e.subject == subject)
        ]


@dataclass(frozen=True, slots=True)
class Ask:
    """One line of a verdict: a requirement, for one kind of event and one person where it names several."""

    id: str
    text: str
    kind: Kind
    subject: str
    period: Period
    minimum: float


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict with what scoring needs: the share that is proven, 0 to 1, None where its extent is not known."""

    verdict: Verdict
    share: float | None

    @property
    def gaps(self) -> int:
        """How many periods or things are missing, for rubrics that deduct so much for each."""
        return len(self.verdict.missing) if self.verdict.met is False else 0


def decide(indicator: Indicator, case: Case) -> tuple[Decided, ...]:
    """All countable requirements of one indicator, in its order."""
    made: list[Decided] = []
    for requirement in indicator.requirements:
        made += _decide(requirement, indicator, case)
    return tuple(made)


def _decide(requirement: Requirement, indicator: Indicator, case: Case) -> list[Decided]:
    if requirement.kind == "frequency" and requirement.minimum is not None:
        asks = asks_of(requirement, indicator, tuple(b.name for b in case.branches))
        return [_frequency(ask, case) for ask in asks] if asks else [Decided(_unknown_kind(requirement, case), None)]
    if requirement.kind == "each":
        return [_of_all(_each(requirement, case))]
    if requirement.kind == "tenure":
        return [_of_all(_tenure(requirement, case))]
    if requirement.kind == "ratio" and requirement.minimum is not None:
        return [_of_all(_ratio(requirement, case))]
    if requirement.kind == "amount" and requirement.minimum is not None:
        return [_of_all(_amount(requirement, case))]
    return []


# ---------------------------------------------------------------- events a period


def asks_of(requirement: Requirement, indicator: Indicator, branches: Sequence[str] = ()) -> list[Ask]:
    """What a frequency asks for: each kind of event it names, for each person or branch it names."""
    named = kinds_asked(requirement, indicator)
    subjects = _subjects(requirement) if any(k.leader for k in named) else ("",)
    if branches and any(k.branch for k in named) and "支部" in requirement.subject + requirement.text:
        subjects = tuple(branches)
    several = len(named) * len(subjects) > 1
    asks = []
    for kind in named:
        for subject in subjects:
            suffix = "".join((f"/{kind.name}" if len(named) > 1 else "", f"/{subject}" if subject else ""))
            text = _ask_text(requirement, kind, subject) if several else requirement.text
            asks.append(
                Ask(
                    requirement.id + suffix,
                    text,
                    kind,
                    subject,
                    requirement.period or "year",
                    requirement.minimum or 1.0,
                )
            )
    return asks


def kinds_asked(requirement: Requirement, indicator: Indicator) -> tuple[Kind, ...]:
    """The kinds of event that a requirement speaks of: in the clause with its figure, else in all its words."""
    clauses = [c for c in _NUMBER_CLAUSE.findall(requirement.text) if _has_figure(c, requirement.minimum)]
    for text in (*clauses, requirement.text):
        context = requirement.text + indicator.text
        named = [k for k in kinds() if k.asks.search(text) and (k.needs is None or _about(k, text, context))]
        if named:
            first = named[0]
            return tuple(k for k in named if k.leader) if first.leader else (first,)
    return ()


def _about(kind: Kind, text: str, context: str) -> bool:
    """理论学习 names itself; 研究 and 汇报 are only meant where the indicator speaks of 意识形态."""
    return kind.family != "意识形态" or "意识形态" in context


def _has_figure(text: str, minimum: float | None) -> bool:
    if minimum is None:
        return False
    figures = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "八": 8, "十": 10, "十二": 12}
    return any(
        float(figures.get(n, n) if not n.isdigit() else n) == minimum
        for n in re.findall(r"\d+|十二|[一二两三四五六八十]", text)
    )


def _subjects(requirement: Requirement) -> tuple[str, ...]:
    words = requirement.subject + requirement.text
    if _BOTH.search(words):
        return LEADERS
    named = tuple(role for role in LEADERS if role in words)
    return named or (LEADERS if "负责同志" in words or "负责人" in words else ("",))


def _ask_text(requirement: Requirement, kind: Kind, subject: str) -> str:
    often = PERIOD_NAMES[requirement.period or "year"]
    many = "" if requirement.minimum in (None, 1.0) else f"至少{requirement.minimum:g}次"
    if kind.leader:
        return f"{_LABELS.get(subject, subject)}{often}{many}讲{kind.name}"
    return f"{subject}：{requirement.text}" if subject else requirement.text


def _of_all(verdict: Verdict) -> Decided:
    """The share of those that must be (events, branches, posts) that are."""
    if verdict.met is None or verdict.found is None or not verdict.minimum:
        return Decided(verdict, 1.0 if verdict.met else None)
    return Decided(verdict, 1.0 if verdict.met else min(1.0, verdict.found / verdict.minimum))


def _frequency(ask: Ask, case: Case) -> Decided:
    periods = periods_of(ask.period, case.year, case.rubric.exempt_months)
    events = [(period_of(e.date or "", ask.period, case.year), e) for e in case.held(ask.kind, ask.subject)]
    inside = [(key, e) for key, e in events if key is not None]
    counts_ = {key: sum(1 for k, _e in inside if k == key) for key in periods}
    short = {key: ask.minimum - n for key, n in counts_.items() if n < ask.minimum}
    missing = tuple(_missing(periods[key], lacking, ask) for key, lacking in short.items())
    met, recorded = (True, True) if not short else _short_or_unknown(ask, case)
    if met is False and not recorded:
        missing = _admitted_periods(ask, case, periods)
    verdict = Verdict(
        id=ask.id,
        text=ask.text,
        period=ask.period,
        minimum=ask.minimum,
        found=float(len(inside)),
        met=met,
        evidence=_ids(e for _k, e in inside) or _ids(_near(ask, case)) or _admitting(ask, case),
        missing=missing if met is False else (),
        reason=_frequency_reason(ask, case, inside, missing, met),
        dates=tuple(sorted(e.date or "" for _k, e in inside)),
    )
    proven = sum(min(n, ask.minimum) for n in counts_.values()) / (ask.minimum * len(periods)) if periods else 1.0
    return Decided(verdict, None if met is None or not recorded else proven)


def _admitted_periods(ask: Ask, case: Case, periods: dict[str, str]) -> tuple[str, ...]:
    """The periods that the department's own words name as missing; "" names where they name none."""
    words = " ".join(a.text for a in case.admissions if _admits(a, ask))
    months = {int(m) for m in re.findall(r"(\d{1,2})\s*月", words) if 1 <= int(m) <= 12}
    months |= set(range(1, 8)) if "上半年" in words else set()
    months |= set(range(8, 13)) if "下半年" in words else set()
    keys = {period_of(f"{case.year}-{m:02d}", ask.period, case.year) for m in months}
    if ask.period in ("year", "two_years"):
        return ()
    return tuple(name for key, name in periods.items() if key in keys)


def _admitting(ask: Ask, case: Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(a.evidence for a in case.admissions if _admits(a, ask)))


def _missing(name: str, lacking: float, ask: Ask) -> str:
    return name if lacking >= ask.minimum and ask.minimum == 1 else f"{name}还差{lacking:g}次"


def _short_or_unknown(ask: Ask, case: Case) -> tuple[bool | None, bool]:
    """`met` of a requirement that the events do not reach, and whether what was sent records this kind at all.

    False where a ledger, minutes or dated words record it; None where nothing does, or a file that may was not read.
    """
    family = [k.name for k in kinds() if k.family == ask.kind.family]
    own = [e for e in case.held(ask.kind, ask.subject) if (e.date or "").startswith(str(case.year))]
    recorded = bool(own) or any(case.facts.records.get(name) for name in family)
    admitted = any(_admits(a, ask) for a in case.admissions)
    if _suspects(ask.kind, case.files) and not admitted:
        return None, recorded
    return (False if recorded or admitted else None), recorded


def _admits(admission: Admission, ask: Ask) -> bool:
    if admission.kind != ask.kind.name or (ask.subject and admission.subject not in ("", ask.subject)):
        return False
    if ask.subject and not admission.subject:
        return False
    return admission.count is None or admission.count < ask.minimum


def _suspects(kind: Kind, files: Iterable[FileEntry]) -> list[FileEntry]:
    """The files that could not be read, or not all of them, and whose names say they may record this kind of event."""
    return [f for f in files if (f.status == "failed" or f.unread) and _may_record(kind, f.path)]


def _may_record(kind: Kind, path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    family = [k for k in kinds() if k.family == kind.family]
    if any(k.sheet.search(name) or k.word.search(name) or (k.needs and k.needs.search(name)) for k in family):
        return True
    return bool(pattern("documents", "generic").search(name)) and not pattern("documents", "specific").search(name)


def _near(ask: Ask, case: Case) -> list[Event]:
    """Events of the kind that did not count: cancelled, planned, undated, of another year."""
    return [e for e in case.facts.events if e.kind == ask.kind.name and (not ask.subject or e.subject == ask.subject)]


def _frequency_reason(
    ask: Ask, case: Case, inside: Sequence[tuple[str | None, Event]], missing: Sequence[str], met: bool | None
) -> str:
    parts = [f"有日期的{_LABELS.get(ask.subject, '')}{ask.kind.name}{len(inside)}次"]
    if met is True:
        parts.append("达到要求")
    elif met is False:
        parts.append(f"缺{'、'.join(missing)}" if missing else "未达到要求")
    else:
        parts.append("现有材料不足以核实")
    sentences = ["，".join(parts) + "。"]
    sentences += [f"另有{text}，没有计入。" for text in _uncounted(ask, case)]
    if met is not True:
        sentences += [f"“{f.path.rsplit('/', 1)[-1]}”读不出来，可能有记录。" for f in _suspects(ask.kind, case.files)]
        sentences += [f"单位自述：{a.text}。" for a in case.admissions if _admits(a, ask)][:_AT_MOST_NAMED]
        sentences += [
            f"单位自述{c.count:g}次，但没有逐次的日期。"
            for c in case.facts.claims
            if c.kind == ask.kind.name and c.subject in ("", ask.subject) and c.count > len(inside)
        ][:1]
    return "".join(sentences)


def _uncounted(ask: Ask, case: Case) -> list[str]:
    """Cancelled, planned and undated mentions of this kind, in words."""
    found = []
    for status, word in {"cancelled": "取消的", "planned": "只是计划的"}.items():
        events = [e for e in _near(ask, case) if e.status == status and _of_the_year(e, ask, case)]
        if events:
            days = "、".join(sorted({e.date for e in events if e.date})[:_AT_MOST_NAMED])
            found.append(f"{word}{len(events)}次" + (f"（{days}）" if days else ""))
    places = {i for e in _near(ask, case) if e.status == "undated" for i in e.evidence}
    if places:
        found.append(f"没有日期的提法{len(places)}处")
    return found


def _of_the_year(event: Event, ask: Ask, case: Case) -> bool:
    return event.date is None or period_of(event.date, ask.period, case.year) is not None


def _unknown_kind(requirement: Requirement, case: Case) -> Verdict:
    """A kind of event that the word lists do not know: never decided, but what the material says of it is named."""
    noun = _activity(requirement.text)
    places = [e for e in case.counted if noun and noun in e.text and not is_plan(e) and not is_rule(e)]
    days = sorted({d for e in places for d in e.dates if d.startswith(str(case.year))})
    told = f"材料里提到“{noun}”的有{len(places)}处" + (f"，日期有{'、'.join(days)}。" if days else "，没有日期。")
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=requirement.minimum,
        found=None,
        met=None,
        evidence=tuple(e.id for e in places),
        reason="程序认不出这项要求指的是哪一类活动，请人工核实。" + (told if places else ""),
    )


def _activity(text: str) -> str:
    """The words of a requirement that name its activity: 每季度召开1次党支部书记工作例会 -> 党支部书记工作例会."""
    rest = _ACTIVITY_REST.sub(" ", text)
    return max(re.findall(r"[\u4e00-\u9fff]{3,}", rest), key=len, default="")


# ---------------------------------------------------------------- one for each, terms of office, shares, posts


def _each(requirement: Requirement, case: Case) -> Verdict:
    """一会一报: every lecture or forum that was held has an approval on or before its day."""
    forum = next(k for k in kinds() if k.name == "讲座论坛")
    approval = next(k for k in kinds() if k.name == "审批")
    events = [e for e in case.held(forum, "") if (e.date or "").startswith(str(case.year))]
    given = case.held(approval, "")
    approved = approved_events(events, given, case.by_id)
    lacking = [e for e in events if e.id not in approved]
    known = bool(events) and bool(given or approved or asks_for_approval(events, case.by_id))
    admitted = [a for a in case.admissions if a.kind == approval.name]
    met: bool | None
    met = not lacking if known else (False if admitted else None)
    if met is False and not admitted and (_suspects(approval, case.files) or _suspects(forum, case.files)):
        met = None
    names = tuple(e.topic or (e.date or "") for e in lacking)
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=float(len(events)) if known else requirement.minimum,
        found=float(len(approved)),
        met=met,
        evidence=_ids([*events, *(g for pair in approved.values() for g in pair)]),
        missing=names if met is False else (),
        reason=_each_reason(events, approved, names, met, bool(given))
        + "".join(f"单位自述：{c.text}。" for c in case.facts.claims if met is None and c.kind == approval.name)
        + "".join(f"单位自述：{a.text}。" for a in admitted[:_AT_MOST_NAMED]),
        dates=tuple(sorted(e.date or "" for e in events)),
    )


def _each_reason(
    events: Sequence[Event], approved: dict[str, tuple[Event, ...]], names: Sequence[str], met: bool | None, given: bool
) -> str:
    if not events:
        return "材料里没有带日期的论坛、讲座记录，无法核实是否逐次审批。"
    if met is None and not given:
        return f"举办论坛、讲座{len(events)}次，材料里没有审批登记，无法核实。"
    text = f"举办论坛、讲座{len(events)}次，其中{len(approved)}次在举办当日或之前有审批"
    return text + ("。" if not names else f"；没有找到审批的：{'、'.join(names)}。")


def _tenure(requirement: Requirement, case: Case) -> Verdict:
    """按期换届: every branch is within its term at the year's end, and its last election was not late."""
    dated = [b for b in case.branches if b.elected]
    results = [(b, in_term(b, case.rubric.branch_years, case.year)) for b in dated]
    late = [b for b, (good, _why) in results if not good]
    undated = [b for b in case.branches if not b.elected]
    kind = next(k for k in kinds() if k.name == "换届")
    admitted = [a for a in case.admissions if a.kind == kind.name]
    met: bool | None
    met = False if late else (True if dated and not undated else None)
    if met is None and admitted:
        met = False
    reason = f"列出党支部{len(case.branches)}个，任期内的{len(dated) - len(late)}个。" if case.branches else ""
    reason += "".join(why for _b, (good, why) in results if not good)
    reason += f"没有写明选举日期的：{'、'.join(b.name for b in undated)}。" if undated else ""
    reason += "".join(f"单位自述：{a.text}。" for a in admitted[:_AT_MOST_NAMED]) if met is False else ""
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=float(len(case.branches)) if dated else requirement.minimum,
        found=float(len(dated) - len(late)) if dated else None,
        met=met,
        evidence=tuple(dict.fromkeys(i for b in case.branches for i in b.evidence))
        or tuple(a.evidence for a in admitted),
        missing=tuple(b.name for b in (*late, *(undated if met is None else ()))),
        reason=reason or "材料里没有党支部选举日期的记录，无法核实。",
        dates=tuple(sorted(b.elected or "" for b in dated)),
    )


def _ratio(requirement: Requirement, case: Case) -> Verdict:
    if "双带头人" in requirement.text:
        return _both(requirement, case)
    return _percentage(requirement, case)


def _both(requirement: Requirement, case: Case) -> Verdict:
    """“双带头人”全覆盖: the secretaries of the teachers' branches."""
    asked = [b for b in case.branches if b.teachers and b.both is not None]
    yes = [b for b in asked if b.both]
    share = 100.0 * len(yes) / len(asked) if asked else None
    met = None if share is None else share >= (requirement.minimum or 100.0)
    lacking = tuple(b.name for b in asked if not b.both)
    reason = (
        f"教师党支部{len(asked)}个，书记是“双带头人”的{len(yes)}个"
        + (f"；不是的：{'、'.join(lacking)}。" if lacking else "。")
        if asked
        else "材料里没有逐个列出教师党支部书记是否“双带头人”，无法核实。"
    )
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=float(len(asked)) if asked else requirement.minimum,
        found=float(len(yes)) if asked else None,
        met=met,
        evidence=tuple(dict.fromkeys(i for b in asked for i in b.evidence)),
        missing=lacking if met is False else (),
        reason=reason,
    )


def _percentage(requirement: Requirement, case: Case) -> Verdict:
    """A share that the department states itself: 参学率98%."""
    noun = re.search(r"([\u4e00-\u9fff]{1,8}(?:率|比例|占比|覆盖面))", requirement.text)
    key = noun[1][-4:] if noun else ""
    found: list[tuple[float, str]] = []
    for item in case.counted:
        for match in (
            re.finditer(rf"{re.escape(key)}[^，。；\d]{{0,8}}(\d{{1,3}}(?:\.\d+)?)\s*[%％]", item.text) if key else ()
        ):
            found.append((float(match[1]), item.id))
    lowest = min(found) if found else None
    met = None if lowest is None else lowest[0] >= (requirement.minimum or 0.0)
    reason = f"材料写明{key}{lowest[0]:g}%。" if lowest else "材料里没有写明这个比例，无法核实。"
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=requirement.minimum,
        found=lowest[0] if lowest else None,
        met=met,
        evidence=(lowest[1],) if lowest else (),
        reason=reason,
    )


def _amount(requirement: Requirement, case: Case) -> Verdict:
    """至少配备1名专职组织员: by the table of persons, else by what the department says of itself."""
    noun = _noun(requirement)
    table, said = posts_of(case.counted, noun) if noun else (None, None)
    best = table if table is not None and (table.count or said is None) else said or table
    met = None if best is None else best.count >= (requirement.minimum or 1)
    if table is not None and said is not None and table.count != said.count and min(table.count, said.count) == 0:
        best, met = table, table.count >= (requirement.minimum or 1)
    reason = "材料里没有记录，无法核实。"
    if best is not None:
        reason = f"记录的{noun}{best.count}{requirement.unit}。" + (
            f"单位自述：{said.said}。" if said and not met else ""
        )
    ids = [i for post in (table, said) if post is not None for i in post.evidence]
    return Verdict(
        id=requirement.id,
        text=requirement.text,
        period=requirement.period,
        minimum=requirement.minimum,
        found=float(best.count) if best is not None else None,
        met=met,
        evidence=tuple(dict.fromkeys(ids)),
        missing=(f"{noun}还差{(requirement.minimum or 1) - best.count:g}{requirement.unit}",)
        if best and met is False
        else (),
        reason=reason,
    )


def _noun(requirement: Requirement) -> str:
    """Whom or what an amount counts: the words after the figure and its unit (1名专职组织员)."""
    match = re.search(
        rf"(?:\d+|[一二两三四五六七八九十]+)(?:\s*[-—至]\s*\d+)?\s*{re.escape(requirement.unit)}(?:以上)?([\u4e00-\u9fff]{{2,10}})",
        requirement.text,
    )
    return match[1] if match and requirement.unit in ("名", "人", "位") else ""


def _ids(events: Iterable[Event]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for e in events for i in e.evidence))
