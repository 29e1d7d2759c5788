"""Mentions: every place that speaks of an event, with its kind, whose it was, its day, and whether it took place.

A ledger row, a paragraph of minutes and a sentence of a summary are read by the same words (data/events.toml).
Merging mentions of one event is `events.py`'s work.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.facts.data import Kind, kinds, pattern
from pipeline.facts.dates import DateFault, FoundDate
from pipeline.facts.layouts import FilledForm, is_by_month, month_dates, month_kind
from pipeline.facts.people import People, branch_in
from pipeline.facts.rows import Row, dates_here, is_event_date, row_dates, row_of
from pipeline.facts.years import YearHere
from pipeline.model import EventStatus, Evidence
from pipeline.text import unspace

Form = Literal["ledger", "minutes", "prose"]
LONG_CELL = 24  # characters: a cell that tells, not one that names
_BOTH_DAYS = 2  # 原定6月7日…推迟至6月14日: the day it should have been and the day it was
_OPENING = 12  # characters before the date that opens a sentence: 建筑学院党总支于, 原定, 会议提出，
_NEAR = 30  # characters between a date within a sentence and the words that it dates
_NEXT_MATTER = re.compile(
    r"[，,](?:并|还|又|同时|随后|之后|另)"
)  # 研究4次，并于6月28日作了汇报: the day is of the report
_DEADLINE = re.compile(r"\s*(?:底|份)?(?:以|之)?前(?!期|往|后|夕|沿)")
_LONG_TYPE = 12  # characters: 党课, 专题党课, 党支部党员大会; longer cells under 类型 or 形式 are descriptions
_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?]?")
_QUOTED = re.compile(r"《([^》]{2,60})》")
_CONTENT = re.compile(r"(?:内容|主题|题目|议题)(?:是|为|：|:)\s*[“\"《]?([^，。；”\"》]{2,60})")
_STUDIED = re.compile(
    r"(?:集中|集体|专题|共同|组织|传达|深入)?学习(?:了|贯彻)?(?!教育|活动|制度|情况|会|会议|内容)[“\"《]?([^，。；”\"》]{4,50})"
)
_HELD_EVENT = re.compile(
    r"(?:[日号]|上午|下午|晚上?)[，,\s]*(?:在[^，。]{1,12}?)?(?:举办|举行|召开|开展|邀请)?(?:了)?[“\"]?([^，。；]{3,60}?)(?:在[^，。；]{1,20})?(?:举行|举办|召开|开讲|如期)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place that speaks of one event. `table` names the ledger it is a row of, "" in prose."""

    kind: str
    subject: str
    date: str | None
    status: EventStatus
    topic: str
    evidence: str
    form: Form
    table: str = ""
    said: str = ""  # the words themselves, for telling two rows of one day apart
    vague: bool = False
    year_known: bool = True
    register: bool = False  # a row of a table that is kept for this kind of event


@dataclass(frozen=True, slots=True)
class Wrong:
    """A date beside an event that cannot be: named, not counted."""

    evidence: Evidence
    fault: DateFault
    kind: str


def table_of(item: Evidence) -> str:
    """The name of the table a row stands in."""
    place = item.locator
    return f"{item.source}\0{place.sheet or ''}\0{place.table or ''}"


def form_of(item: Evidence) -> Form:
    """Ledger, minutes or prose: by what the passage is and what its document calls itself."""
    if item.kind == "row":
        return "ledger"
    named = "/".join((item.source, item.document, *item.heading))
    return "minutes" if pattern("documents", "minutes").search(named) else "prose"


def is_plan(item: Evidence) -> bool:
    """Whether the document says what is to be done, not what was done."""
    name = item.source.rsplit("/", 1)[-1]
    return any(pattern("documents", "plan").search(text) for text in (name, item.document) if text)


def is_rule(item: Evidence) -> bool:
    """Whether the document says how things shall be done: its sentences record nothing."""
    name = item.source.rsplit("/", 1)[-1]
    return any(
        pattern("documents", "rule").search(text) and not pattern("documents", "ledger").search(text)
        for text in (name, item.document)
        if text
    )


# ---------------------------------------------------------------- ledger rows


def row_mentions(item: Evidence, year: YearHere, people: People) -> tuple[tuple[Mention, ...], tuple[Wrong, ...]]:
    """The events a ledger row records: one for each of its days, one undated where it has none."""
    row = row_of(item)
    if is_by_month(row):
        return _by_month(item, row, year), ()
    by_column = _by_column(item, row, year, people)
    if by_column:
        return by_column, ()
    registered = _register_kind(item, row)
    kind = registered or _named_kind(item, row)
    if kind is None:
        return _told_in_cells(item, row, year, people)
    dates, faults, cell = row_dates(row, year, kind.date)
    wrong = tuple(Wrong(item, fault, kind.name) for fault in faults)
    status = _row_status(row, kind, cell)
    if kind.date is not None and status == "planned":
        status = "held"  # a remark there speaks of the next election or approval, the date of this one
    if is_plan(item) and status == "held":
        status = "planned"
    topic = _row_topic(row, kind)
    base = Mention(
        kind=kind.name,
        subject="",
        date=None,
        status=status,
        topic=topic,
        evidence=item.id,
        form="ledger",
        table=table_of(item),
        said=row.content,
        year_known=year.known,
        register=registered is not None,
    )
    found = []
    subjects = _row_subjects(row, kind, people, item)
    if kind.date is not None and (not dates or (kind.branch and not any(subjects))):
        return (), wrong  # a list of branches or persons beside the register, not a row of it
    for subject in subjects:
        moved = _moved(row, dates, year)
        for date in moved or (None,):
            # the row that was put off and the row of the day it took place are one event, told twice
            table = "" if moved and moved != dates else base.table
            found.append(_dated(replace(base, subject=subject, table=table), date))
    return tuple(found), wrong


def _by_month(item: Evidence, row: Row, year: YearHere) -> tuple[Mention, ...]:
    """The events of a row whose columns are months: one for each day that a cell names, one for each tick."""
    announced = next((found for t in reversed(_titles(item)) if (found := sheet_kinds(t, about(item)))), ())
    kind = month_kind(row, announced)
    if kind is None or kind.leader or kind.branch or kind.date is not None:
        return ()  # whose lecture or which branch it was, such a table does not say
    base = Mention(
        kind=kind.name,
        subject="",
        date=None,
        status="planned" if is_plan(item) else "held",
        topic="",
        evidence=item.id,
        form="ledger",
        year_known=year.known,
        register=True,
    )
    return tuple(
        _dated(replace(base, table=table_of(item), said=f"{row.first('topic')}{date.iso}"), date)
        for date in month_dates(row, year)
    )


def _by_column(item: Evidence, row: Row, year: YearHere, people: People) -> tuple[Mention, ...]:
    """The events of a row whose columns are kinds (姓名 | 党课时间 | 思政课时间; 支部 | 党员大会 | 支委会): a day in each cell."""
    if any(is_event_date(c.column) and _column_kind(c.column) is None for c in row.cells):
        return ()
    found = []
    for cell in row.cells:
        kind = _column_kind(cell.column) if cell.text and len(cell.text) < LONG_CELL else None
        if kind is None or kind.date is not None:
            continue
        parts = [d for part in re.split(r"[、,，;；\s]+", cell.text) for d in dates_here(part, year, cell=True)[0]]
        dates = [d for d in parts if not d.closes]
        status = "planned" if is_plan(item) or pattern("status", "planned").search(cell.text) else "held"
        for subject in _row_subjects(_beside(row, cell.column), kind, people, item):
            base = Mention(
                kind=kind.name,
                subject=subject,
                date=None,
                status="planned" if status == "planned" else "held",
                topic="",
                evidence=item.id,
                form="ledger",
                table=table_of(item),
                year_known=year.known,
                register=True,
            )
            found += [_dated(replace(base, said=f"{row.content}{cell.column}{d.iso}"), d) for d in dates]
    return tuple(found)


def _beside(row: Row, column: str) -> Row:
    """The cells of one group of columns (党课/时间, 党课/主讲人), with those that belong to no group."""
    group = column.rsplit("/", 1)[0] if "/" in column else None
    if group is None:
        return row
    return Row(tuple(c for c in row.cells if "/" not in c.column or c.column.rsplit("/", 1)[0] == group))


def _column_kind(column: str) -> Kind | None:
    """The kind of event that a column is named after."""
    name = unspace(column)
    if re.search(r"主题$|题目|内容|次数|人数|名称|地点|情况|是否|听众|对象|教师$|书记|主讲", name):
        return None
    named = [k for k in kinds() if k.prose and k.word.search(name) and not (k.without and k.without.search(name))]
    return named[0] if len({k.name for k in named}) == 1 else None


def form_mentions(form: FilledForm, people: People) -> tuple[tuple[Mention, ...], tuple[Wrong, ...]]:
    """The events that one filled form records: what its short cells name, and what its long ones tell besides."""
    named, wrong = row_mentions(form.short, form.year, people)
    told, faults = _told_in_cells(form.item, row_of(form.item), form.year, people)
    known = {m.kind for m in named if m.date is not None}
    kept = [m for m in named if m.date is not None] + [replace(m, table="") for m in told if m.kind not in known]
    return tuple(replace(m, register=True) for m in kept), (*wrong, *faults)


def _told_in_cells(
    item: Evidence, row: Row, year: YearHere, people: People
) -> tuple[tuple[Mention, ...], tuple[Wrong, ...]]:
    """A row of no register may still tell of events in a long cell, as prose does (the 完成情况 of a 自评表).

    What such a cell says without a date happened on the row's own day, where the row has exactly one.
    """
    found: list[Mention] = []
    wrong: list[Wrong] = []
    if any(sheet_kinds(title, about(item)) for title in _titles(item)):
        return (), ()
    days = row_dates(row, year)[0]
    for cell in row.cells:
        if len(cell.text) >= LONG_CELL:
            told = prose_mentions(replace(item, text=cell.text, kind="paragraph"), "", year, people, None)
            found += told[0]
            wrong += told[1]
    if len(days) == 1 and year.known:
        found = [_dated(replace(m, status="held"), days[0]) if m.status == "undated" else m for m in found]
    return tuple(found), tuple(wrong)


def _register_kind(item: Evidence, row: Row) -> Kind | None:
    """What kind of event a register's row is: its type cell says so, else its table's title."""
    typed = next((k for k in map(_kind_of_cell, row.of("type")) if k is not None), None)
    if typed is not None and not _only_a_form(typed, item, row):
        return typed
    for title in reversed(_titles(item)):
        announced = sheet_kinds(title, about(item))
        if len(announced) == 1:
            return _in_family(announced[0], row, item)
        both = _register_of_both(announced, row)
        if both is not None:
            return both
        if announced:
            return next((k for k in announced if _row_is(k, row, item)), None)
    return None


def _only_a_form(typed: Kind, item: Evidence, row: Row) -> bool:
    """集中学习 under 形式 says how the 组织生活 that the table's title announces was held; it is no kind of its own."""
    named = [c for c in row.cells if pattern("columns", "type").search(c.column) and _kind_of_cell(c.text) is typed]
    if not all(re.search(r"形式|方式", c.column) for c in named):
        return False
    announced = {k.family for title in _titles(item) for k in sheet_kinds(title, about(item))}
    return bool(announced) and typed.family not in announced


def _named_kind(item: Evidence, row: Row) -> Kind | None:
    """What kind of event a row of a mixed ledger is, by its own words; long cells are read as prose instead."""
    announced = any(sheet_kinds(title, about(item)) for title in _titles(item))
    if announced or any(len(c.text) >= LONG_CELL for c in row.cells) or not row.of("date"):
        return None
    return next((k for k in kinds() if k.prose and _row_names(k, row, item)), None)


def sheet_kinds(title: str, context: str) -> tuple[Kind, ...]:
    """The kinds of event that a table's title announces."""
    return tuple(k for k in kinds() if k.sheet.search(title) and _announced(k, title, context))


def _announced(kind: Kind, title: str, context: str) -> bool:
    if kind.titled:
        return kind.without is None or not kind.without.search(title)
    return kind.needs is None or kind.needs.search(context + title) is not None


def _register_of_both(announced: Sequence[Kind], row: Row) -> Kind | None:
    """讲座审批登记表 keeps approvals; where it also has the day of the event, it keeps events with their approval."""
    approval = next((k for k in announced if k.name == "审批"), None)
    others = [k for k in announced if k is not approval]
    if approval is None or not others:
        return None
    return others[0] if any(is_event_date(c.column) for c in row.cells if c.text) else approval


def _titles(item: Evidence) -> list[str]:
    """What names the table a row stands in, outermost first: headings, then the sheet."""
    titles = [unspace(h) for h in item.heading]
    sheet = item.locator.sheet or ""
    return (
        [*titles, sheet]
        if sheet and sheet not in titles
        else [*[t for t in titles if t != sheet], *([sheet] if sheet else [])]
    )


def about(item: Evidence) -> str:
    """All words that say what a row is about: its file, its titles, itself."""
    return "/".join((item.source.rsplit("/", 1)[-1], item.document, *item.heading, item.locator.sheet or "", item.text))


def _kind_of_cell(cell: str) -> Kind | None:
    """The kind that a short cell of a type column names."""
    if len(cell) > _LONG_TYPE:
        return None
    return next((k for k in kinds() if k.word.search(cell) or k.sheet.fullmatch(cell)), None)


def _in_family(kind: Kind, row: Row, item: Evidence) -> Kind | None:
    """The title's kind, or another of its family where the row says so, or none where the row is something else."""
    if kind.without is not None and kind.without.search(_events_words(row)):
        others = [k for k in kinds() if k.family == kind.family and k is not kind and _row_is(k, row, item)]
        return others[0] if others else (kind if kind.topic else None)
    others = [k for k in kinds() if k.family == kind.family and k is not kind and _row_is(k, row, item)]
    return others[0] if others and not _row_is(kind, row, item) else kind


def _row_is(kind: Kind, row: Row, item: Evidence) -> bool:
    text = _events_words(row)
    if kind.without is not None and kind.without.search(text):
        return False
    return kind.row.search(text) is not None or kind.word.search(text) is not None


def _row_names(kind: Kind, row: Row, item: Evidence) -> bool:
    """Whether a row of an untitled or mixed table names the kind by itself."""
    text = _events_words(row)
    if kind.without is not None and kind.without.search(text):
        return False
    if kind.needs is None:
        return kind.word.search(text) is not None
    ledger = about(replace(item, text=""))
    if kind.needs.search(ledger):  # the ledger is about it: its rows need not say so again
        return (kind.word.search(text) or kind.row.search(text)) is not None
    return kind.word.search(text) is not None and kind.needs.search(text) is not None


def _events_words(row: Row) -> str:
    """The cells that say what it was; all cells where the columns do not tell."""
    return unspace(" ".join(row.of("topic", "type")) or row.content)


def _row_topic(row: Row, kind: Kind) -> str:
    if not kind.topic:
        return ""
    cells = [c for c in row.of("topic") if not _kind_only(c, kind)]
    titled = [c.text for c in row.cells if c.text and re.search(r"题目|主题|课题|讲题|名称|学习内容", c.column)]
    return unspace((titled or cells or [""])[0])


def _kind_only(cell: str, kind: Kind) -> bool:
    return len(cell) <= 6 and kind.word.search(cell) is not None


def _row_subjects(row: Row, kind: Kind, people: People, item: Evidence) -> tuple[str, ...]:
    if kind.branch:
        named = row.first("branch")
        return (branch_in(named) or named or branch_in(row.content) or branch_in("".join(item.heading)),)
    if not kind.leader:
        return ("",)
    offices = [o for cell in row.of("office") for o in people.by_office(cell)]
    persons = row.of("person")
    by_name = [role for name in persons for role in (*people.by_office(name), *people.by_name(name))]
    told = offices or by_name or ([] if persons else [role for _at, role in people.in_prose(row.content)])
    return tuple(dict.fromkeys(told)) or ("",)


def _row_status(row: Row, kind: Kind, date_cell: str) -> EventStatus:
    remarks = row.of("status")
    text = unspace(" ".join((*remarks, date_cell)))
    if pattern("status", "moved").search(text) and re.search(r"\d", text):
        return "held"
    whole = unspace(row.content)
    if re.search(r"因故取消|(?<![尚还])未(?:召开|举办|开展|安排|组织)|已取消|未能召开", whole) or pattern(
        "status", "cancelled"
    ).search(text):
        return "cancelled"
    if kind.name == "审批" and pattern("status", "refused").search(whole):
        return "cancelled"
    if pattern("status", "planned").search(text) or re.search(r"拟于|计划安排|尚未", whole):
        return "planned"
    if pattern("status", "put_off").search(text):
        return "planned"
    if any(pattern("status", "not_done").match(c) for c in _status_cells(row)):
        return "planned"
    told = row.of("topic")
    if told and all(pattern("status", "nothing").match(unspace(c)) for c in told):
        return "cancelled"
    return "held"


def _status_cells(row: Row) -> tuple[str, ...]:
    return tuple(
        c.text
        for c in row.cells
        if c.text
        and re.search(
            r"是否(?=.*(?:开展|召开|举办|举行|实施|完成|落实|执行|如期|按期|按时|讲))|^是否$|完成|状态|落实|开展情况|执行",
            c.column,
        )
    )


def _moved(row: Row, dates: tuple[FoundDate, ...], year: YearHere) -> tuple[FoundDate, ...]:
    """The day it was moved to (因故改至6月14日), where a remark says so; else the row's own days."""
    for cell in row.of("status"):
        match = pattern("status", "moved").search(cell)
        later = [d for d in dates_here(cell, year)[0] if match and d.start >= match.start()]
        if later:
            return (later[0],)
    return dates


def _dated(mention: Mention, date: FoundDate | None) -> Mention:
    if date is None:
        return replace(mention, status="undated") if mention.status == "held" else mention
    return replace(mention, date=date.iso, vague=date.vague)


# ---------------------------------------------------------------- prose


def prose_mentions(
    item: Evidence, before: str, year: YearHere, people: People, meeting: str | None
) -> tuple[tuple[Mention, ...], tuple[Wrong, ...]]:
    """The events a paragraph speaks of. `before`: the paragraph above it; `meeting`: the day of the meeting it belongs to."""
    if is_rule(item):
        return (), ()
    text = unspace(item.text)
    found: list[Mention] = []
    wrong: list[Wrong] = []
    for sentence in _SENTENCE.findall(text):
        dates, faults = dates_here(_with_month(sentence, year), year)
        shift = len(_with_month(sentence, year)) - len(sentence)
        dates = tuple(replace(d, start=max(0, d.start - shift), end=d.end - shift) for d in dates)
        for kind, match in _kinds_in(sentence, text, before, item):
            wrong += [Wrong(item, fault, kind.name) for fault in faults]
            found += _sentence_mentions(item, sentence, kind, match, dates, people, meeting, year)
    return tuple(found), tuple(wrong)


def _with_month(sentence: str, year: YearHere) -> str:
    """“5日，会议…” under the line 2024年3月 is the fifth of March."""
    if year.month is not None and re.match(r"\s*\d{1,2}日", sentence):
        return f"{year.month}月{sentence.lstrip()}"
    return sentence


def _kinds_in(sentence: str, text: str, before: str, item: Evidence) -> Iterator[tuple[Kind, re.Match[str]]]:
    """The kinds of event that a sentence names, each with the words that do."""
    for kind in kinds():
        if not kind.prose:
            continue
        if kind.without is not None and kind.without.search(sentence):
            continue
        if kind.held is not None and not (
            kind.held.search(sentence) or pattern("status", "cancelled").search(sentence)
        ):
            continue
        if kind.needs is not None and not kind.needs.search("".join((text, before, *item.heading))):
            continue
        for match in kind.word.finditer(sentence):
            yield kind, match
            if not kind.leader:
                break


def _sentence_mentions(
    item: Evidence,
    sentence: str,
    kind: Kind,
    match: re.Match[str],
    dates: tuple[FoundDate, ...],
    people: People,
    meeting: str | None,
    year: YearHere,
) -> list[Mention]:
    moved = pattern("status", "moved").search(sentence)
    group = tuple(dates) if moved and len(dates) == _BOTH_DAYS else _group_for(sentence, match, dates)
    status = _prose_status(item, sentence)
    form = form_of(item)
    topic = _prose_topic(sentence, kind) if kind.topic else ""
    base = Mention(kind.name, "", None, status, topic, item.id, form, said=sentence, year_known=True)
    if not group and meeting is not None and form == "minutes" and status == "held" and kind.name in _AT_MEETINGS:
        return [replace(base, date=meeting)]
    if not group:
        if kind.date is not None:
            return []
        subjects = _subjects(sentence, match, kind, people)
        return [_dated(replace(base, subject=s), None) for s in subjects]
    found = []
    own = _clause_by_clause(sentence, match, people, dates) if kind.leader else []
    for subject, date in own or _pairs(sentence, match, kind, people, group):
        here = _original_status(sentence, date, status)
        found.append(_dated(replace(base, subject=subject, status=here), date))
    return found


_AT_MEETINGS = ("专题研究",)


def _group_for(sentence: str, match: re.Match[str], dates: tuple[FoundDate, ...]) -> tuple[FoundDate, ...]:
    """The dates that belong to the words: those listed together just before them, else just after."""
    groups = _groups(sentence, [d for d in dates if not d.closes and not _DEADLINE.match(sentence, d.end)])
    earlier = [g for g in groups if g[-1].end <= match.end()]
    if earlier and _belongs(sentence, earlier, match):
        return earlier[-1]
    later = [
        g for g in groups if g[0].start >= match.start() and not _NEXT_MATTER.search(sentence[match.end() : g[0].start])
    ]
    return later[0] if later else ()


def _belongs(sentence: str, groups: Sequence[tuple[FoundDate, ...]], match: re.Match[str]) -> bool:
    """A date that opens the sentence governs all of it; one in the middle only what stands near it."""
    last = groups[-1]
    if len(groups) == 1 and last[0].start <= _OPENING:
        return True
    between = sentence[last[-1].end : match.start()]
    return len(between) <= _NEAR and len(re.findall(r"[，,]", between)) <= 1


def _groups(sentence: str, dates: list[FoundDate]) -> list[tuple[FoundDate, ...]]:
    groups: list[list[FoundDate]] = []
    for date in dates:
        between = sentence[groups[-1][-1].end : date.start] if groups else ""
        if groups and re.fullmatch(
            r"[、,，\s]*(?:和|及|与|以及|又)?\s*(?:于|在)?\s*", re.sub(r"上午|下午|晚上?|（[^）]{1,6}）", "", between)
        ):
            groups[-1].append(date)
        else:
            groups.append([date])
    return [tuple(g) for g in groups]


def _pairs(
    sentence: str, match: re.Match[str], kind: Kind, people: People, group: tuple[FoundDate, ...]
) -> list[tuple[str, FoundDate]]:
    subjects = _subjects(sentence, match, kind, people)
    if len(subjects) == len(group) > 1 and "分别" in sentence:
        return list(zip(subjects, group, strict=True))
    return [(s, d) for s in subjects for d in group]


def _clause_by_clause(
    sentence: str, match: re.Match[str], people: People, dates: Sequence[FoundDate]
) -> list[tuple[str, FoundDate]]:
    """书记、院长均讲了党课：甲9月10日讲…，乙10月8日讲…: after the words, each clause has its own person and its own day."""
    found = []
    for clause in re.finditer(r"[^，,：:；]+", sentence):
        days = [d for d in dates if clause.start() <= d.start < clause.end() and not d.closes]
        roles = {role for at, role in people.in_prose(sentence) if clause.start() <= at < clause.end()}
        if clause.start() >= match.end() and days and len(roles) == 1:
            found += [(role, day) for role in roles for day in days]
    return found if len({role for role, _day in found}) > 1 else []


def _subjects(sentence: str, match: re.Match[str], kind: Kind, people: People) -> tuple[str, ...]:
    if kind.branch:
        return (branch_in(sentence[: match.end()]),)
    if not kind.leader:
        return ("",)
    places = people.in_prose(sentence)
    before = [(at, role) for at, role in places if at < match.start()]
    clause_start = max(sentence.rfind("，", 0, match.start()), sentence.rfind(",", 0, match.start())) + 1
    near = [role for at, role in before if at >= clause_start] or [role for _at, role in before]
    told = near or [role for _at, role in places]
    return tuple(dict.fromkeys(told)) or ("",)


def _prose_status(item: Evidence, sentence: str) -> EventStatus:
    if pattern("status", "cancelled").search(sentence) and not pattern("status", "moved").search(sentence):
        return "cancelled"
    if is_plan(item) or pattern("status", "planned").search(sentence):
        return "planned"
    return "held"


def _original_status(sentence: str, date: FoundDate, status: EventStatus) -> EventStatus:
    """In 原定6月7日…推迟至6月14日召开 the first day did not take place."""
    moved = pattern("status", "moved").search(sentence)
    if moved is None or date.end > moved.start():
        return status
    told = pattern("status", "original").search(sentence[: date.start]) is not None
    between = sentence[date.end : moved.start()]
    if told or (len(between) <= _OPENING and re.search(r"[由从自]\s*$", sentence[: date.start])):
        return "cancelled"
    return status


def _prose_topic(sentence: str, kind: Kind) -> str:
    for form in (_QUOTED, _CONTENT):
        match = form.search(sentence)
        if match:
            return match[1].strip()
    if kind.name in ("理论学习", "中心组学习"):
        match = _STUDIED.search(sentence)
        return match[1].strip() if match and _is_topic(match[1]) else ""
    if kind.held is not None:
        match = _HELD_EVENT.search(sentence) or re.search(r"(?:召开|举办|举行)的?([^，。；]{3,40}?)(?:因|$)", sentence)
        return match[1].strip() if match else ""
    return ""


def _is_topic(text: str) -> bool:
    return pattern("topics", "studied").search(text) is not None and not pattern("topics", "none").search(text)


def meeting_days(items: Sequence[Evidence], years: Sequence[YearHere]) -> tuple[str | None, ...]:
    """For each passage of a book of minutes, the day of the meeting it stands under (时间：2024年4月30日), if any."""
    running: str | None = None
    found = []
    for item, year in zip(items, years, strict=True):
        text = unspace(item.text)
        if re.match(r"^第[\d一二三四五六七八九十]+次", text) or (item.kind == "heading" and "纪要" in text):
            running = None
        if re.match(r"^[一二三四五六七八九、\s]*(?:会议)?(?:时间|日期)[：:]", text):
            dates = [d for d in dates_here(text, year)[0] if len(d.iso) == 10]
            running = dates[0].iso if dates else None
        found.append(running)
    return tuple(found)


def leader_offices(items: Sequence[Evidence]) -> Iterator[tuple[str, str]]:
    """(name, title) pairs that the ledgers' columns give."""
    for item in items:
        if item.kind == "row" and item.columns is not None:
            row = row_of(item)
            names, titles = row.of("person"), row.of("office")
            if len(names) == 1 and len(titles) == 1:
                yield names[0], titles[0]
