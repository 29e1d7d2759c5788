"""Places that contradict each other, for the clerk to decide: each conflict names both. Nothing is corrected here."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.facts.data import kind_named, pattern
from pipeline.facts.dates import find_dates
from pipeline.facts.events import topic_likeness
from pipeline.facts.mentions import Mention
from pipeline.facts.rows import row_of
from pipeline.facts.years import years_of
from pipeline.model import Claim, Conflict, Event, Evidence
from pipeline.text import number, unspace

_EXPECTED = re.compile(
    r"应(?:到|参加|出席)(?:会)?(?:人数|党员|教师)?\s*[：:]?\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*[人名]?"
)
_PRESENT = re.compile(
    r"(?:实|参)(?:到|际到会|际参加)(?:会)?(?:人数|党员|教师)?\s*[：:]?\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*[人名]?"
)
_CALLED = re.compile(r"(?:定于|将于|兹定于|拟于|于)")
_DATE_LINE = re.compile(r"^\s*(?:20\d\d|二[零〇○]\S{2})\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日\s*$")
_SAME_TITLE = 92.0  # likeness of two titles that are one title twice
_NEAR_DAYS = 31  # the same talk within a month under two dates is more often a slip than a repetition


def conflicts_of(
    department: str,
    evidence: Sequence[Evidence],
    mentions: Sequence[Mention],
    events: Sequence[Event],
    claims: Sequence[Claim],
    year: int,
) -> tuple[Conflict, ...]:
    """Everything in one department's material that contradicts something else in it."""
    found = [
        *_counts(department, events, claims, mentions, year),
        *_presence(department, evidence),
        *_late_notices(department, evidence, year),
        *_outside(department, evidence, events, year),
        *_two_days(department, events),
    ]
    unique = {c.id: c for c in found}
    return tuple(unique[i] for i in sorted(unique, key=lambda i: (unique[i].kind, unique[i].evidence)))


def _counts(
    department: str, events: Sequence[Event], claims: Sequence[Claim], mentions: Sequence[Mention], year: int
) -> Iterator[Conflict]:
    """总结 says 12次, the ledger shows 10. Only kinds that a ledger or minutes record are compared."""
    recorded = {(m.kind, m.subject) for m in mentions if m.form != "prose" and m.date and m.date.startswith(str(year))}
    for claim in claims:
        kind = kind_named(claim.kind)
        same = [
            e
            for e in events
            if e.kind == claim.kind
            and e.status == "held"
            and (e.date or "").startswith(str(year))
            and (not claim.subject or e.subject == claim.subject)
        ]
        known = any(k == claim.kind and (not claim.subject or s == claim.subject) for k, s in recorded)
        if kind is None or kind.branch or not known or claim.count == len(same):
            continue
        if kind.leader and not claim.subject:  # 全年党课44次 are those of all branches, not the leaders'
            continue
        message = (
            f"材料写{claim.subject}{claim.kind}{claim.count:g}次，台账和会议记录里有日期的是{len(same)}次：请核对。"
        )
        places = (claim.evidence, *(e.evidence[0] for e in same if e.evidence[0] != claim.evidence))
        yield _conflict(department, "次数不符", message, places)


def _presence(department: str, evidence: Sequence[Evidence]) -> Iterator[Conflict]:
    """A 纪要 whose 实到 exceeds its 应到, in one passage, in two lines of one meeting, or in two columns."""
    expected: tuple[Evidence, int] | None = None
    for item in evidence:
        if expected is not None and item.source != expected[0].source:
            expected = None
        due, came = _presence_in(item)
        if due is not None:
            expected = (item, due)
        if came is not None and expected is not None:
            if came > expected[1]:
                message = f"实到{came}人多于应到{expected[1]}人（{_place(item)}）：请核对。"
                yield _conflict(department, "实到超过应到", message, tuple(dict.fromkeys((expected[0].id, item.id))))
            expected = None


def _presence_in(item: Evidence) -> tuple[int | None, int | None]:
    if item.kind == "row":
        row = row_of(item)
        due, came = row.first("expected"), row.first("present")
        if due or came:
            return _leading_number(due), _leading_number(came)
    text = unspace(item.text)
    due_match, came_match = _EXPECTED.search(text), _PRESENT.search(text)
    return (number(due_match[1]) if due_match else None), (number(came_match[1]) if came_match else None)


def _leading_number(text: str) -> int | None:
    match = re.match(r"\s*(\d{1,4})", text)
    return int(match[1]) if match else None


def _late_notices(department: str, evidence: Sequence[Evidence], year: int) -> Iterator[Conflict]:
    """A 通知 dated after the meeting it calls; or a ledger row whose 通知时间 is after its 会议时间."""
    by_source: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_source[item.source].append(item)
        if item.kind == "row":
            yield from _late_row(department, item, year)
    for source in sorted(by_source):
        items = by_source[source]
        name = f"{source.rsplit('/', 1)[-1]} {items[0].document} {items[0].text}"
        if pattern("documents", "notice").search(name):
            yield from _late_notice(department, items, year)


def _late_notice(department: str, items: Sequence[Evidence], year: int) -> Iterator[Conflict]:
    years = years_of(items, year)
    called: tuple[Evidence, str] | None = None
    for item, here in zip(items, years, strict=True):
        text = unspace(item.text)
        days = [d for d in find_dates(text, here.year) if len(d.iso) == 10 and not d.closes]
        if _DATE_LINE.match(item.text) and days and called is not None:
            if days[-1].iso > called[1]:
                message = f"通知落款{days[-1].iso}，晚于它通知的会议{called[1]}：请核对。"
                yield _conflict(department, "通知晚于会议", message, (item.id, called[0].id))
            called = None
        calls = [d for d in days if _CALLED.search(text[max(0, d.start - 4) : d.start])]
        if calls:
            called = (item, calls[0].iso)


def _late_row(department: str, item: Evidence, year: int) -> Iterator[Conflict]:
    row = row_of(item)
    notice = [c.text for c in row.cells if "通知" in c.column and re.search(r"日期|时间", c.column)]
    meeting = [c.text for c in row.cells if re.search(r"(?:会议|召开|活动|举办)(?:日期|时间)", c.column)]
    if not notice or not meeting:
        return
    sent, held = find_dates(notice[0], year), find_dates(meeting[0], year)
    if sent and held and sent[0].iso > held[0].iso:
        message = f"通知日期{sent[0].iso}晚于会议日期{held[0].iso}（{_place(item)}）：请核对。"
        yield _conflict(department, "通知晚于会议", message, (item.id,))


def _outside(department: str, evidence: Sequence[Evidence], events: Sequence[Event], year: int) -> Iterator[Conflict]:
    """An event that a record of this year lists on a day of another year."""
    by_id = {e.id: e for e in evidence}
    for event in events:
        kind = kind_named(event.kind)
        if event.status != "held" or not event.date or event.date.startswith(str(year)) or kind is None or kind.date:
            continue
        places = [by_id[i] for i in event.evidence if i in by_id and _names_year(by_id[i], year)]
        if places:
            title = next(t for t in (*places[0].heading, places[0].document, places[0].source) if str(year) in t)
            message = f"{event.kind}的日期{event.date}不在{year}年内，却列在“{title.rsplit('/', 1)[-1]}”里：没有计入，请核对。"
            yield _conflict(department, "日期不在年度内", message, event.evidence)


def _names_year(item: Evidence, year: int) -> bool:
    return any(str(year) in text for text in (*item.heading, item.document, item.source.rsplit("/", 1)[-1]))


def _two_days(department: str, events: Sequence[Event]) -> Iterator[Conflict]:
    """One title on two days of a month, in two documents: perhaps one event with a slip of the pen."""
    from datetime import date

    held = [e for e in events if e.status == "held" and e.date and len(e.date) == 10 and e.topic]
    for n, first in enumerate(held):
        for second in held[n + 1 :]:
            if (first.kind, first.subject) != (second.kind, second.subject) or first.date == second.date:
                continue
            apart = abs((date.fromisoformat(first.date or "") - date.fromisoformat(second.date or "")).days)
            likeness = topic_likeness(first.topic, second.topic)
            if (
                apart <= _NEAR_DAYS
                and likeness is not None
                and likeness >= _SAME_TITLE
                and len(first.evidence) == len(second.evidence) == 1
            ):
                message = f"{first.kind}“{first.topic}”在两处的日期不同（{first.date}、{second.date}）：是两次还是一次，请核对。"
                yield _conflict(department, "日期不一致", message, (first.evidence[0], second.evidence[0]))


def _conflict(department: str, kind: str, message: str, evidence: Iterable[str]) -> Conflict:
    places = tuple(dict.fromkeys(evidence))
    digest = hashlib.sha256("\0".join((department, kind, message, *places)).encode()).hexdigest()[:10]
    return Conflict(f"C{digest}", department, kind, message, places)


def _place(item: Evidence) -> str:
    return f"{item.source.rsplit('/', 1)[-1]}{item.locator.chinese()}"
