"""一会一报: which held events have an approval of their own, on or before their day."""

import re
from collections.abc import Mapping, Sequence

from pipeline.facts.dates import find_dates, scan_cell
from pipeline.facts.rows import row_of
from pipeline.model import Event, Evidence
from pipeline.text import normal

_GENERIC = re.compile(
    r"学术|专题|系列|报告会?|讲座|论坛|讲坛|讲堂|研讨会?|沙龙|宣讲会|交流会?|活动|举办|开展|关于|申请|的|第\d+[期讲场]|第[一二三四五六七八九十]+[期讲场]"
)
_APPROVAL = re.compile(r"审批|报批|报备|备案|一会一报|一事一报|批准|批复|获批|审核")
_GIVEN = re.compile(r"审批|批准|批复|获批")  # before 报备 and 备案, which may follow the event
_PERSON = re.compile(r"人$|部门|单位|领导|签字")  # 审批人, 批准单位: who, not whether
_SAME_NAME = 0.5  # half of the shorter name's pairs of characters; 智能测绘技术 and BIM技术应用 share a quarter
_YES = re.compile(r"^(?:是|√|✓|已审批|已批|同意|已报批?|已报备|通过|有)")


def approved_events(
    events: Sequence[Event], approvals: Sequence[Event], by_id: Mapping[str, Evidence]
) -> dict[str, tuple[Event, ...]]:
    """The events that were approved in time: {event id: (its approval,)}, empty where its own row says so.

    Each approval serves one event; the most alike names are matched first, then the nearest days.
    """
    done: dict[str, tuple[Event, ...]] = {e.id: () for e in events if _row_says_so(e, by_id)}
    pairs = sorted(
        (-_likeness(e.topic, a.topic), _nearest_first(a), e.id, a.id)
        for e in events
        for a in approvals
        if e.id not in done and _in_time(a, e) and _likeness(e.topic, a.topic) >= _SAME_NAME
    )
    known = {a.id: a for a in approvals}
    used: set[str] = set()
    for _alike, _days, event, approval in pairs:
        if event not in done and approval not in used:
            done[event] = (known[approval],)
            used.add(approval)
    return done


def asks_for_approval(events: Sequence[Event], by_id: Mapping[str, Evidence]) -> bool:
    """Whether the register of the events itself has a column for their approval."""
    rows = [by_id[i] for e in events for i in e.evidence if i in by_id and by_id[i].kind == "row"]
    return any(_asked(name) for item in rows for name in item.columns or ())


def _asked(column: str) -> bool:
    return _APPROVAL.search(column) is not None and _PERSON.search(column) is None


def _in_time(approval: Event, event: Event) -> bool:
    given, held = approval.date or "", event.date or ""
    return bool(given and held) and given <= (held if len(given) <= len(held) else held + "-31")


def _nearest_first(approval: Event) -> str:
    """A sort key: approvals nearest before the event come first."""
    return "".join(chr(0x10FFFF - ord(c)) for c in approval.date or "")


def _likeness(first: str, second: str) -> float:
    """The share of the shorter name's pairs of characters that the other has too; what all names have is left out."""
    a, b = _pairs(first), _pairs(second)
    if not a or not b:
        return 1.0 if normal(first) and normal(first) == normal(second) else 0.0
    return len(a & b) / min(len(a), len(b))


def _pairs(name: str) -> set[str]:
    core = normal(_GENERIC.sub(" ", name)) or normal(name)
    return {core[i : i + 2] for i in range(len(core) - 1)}


def _row_says_so(event: Event, by_id: Mapping[str, Evidence]) -> bool:
    """A register of lectures may have its own columns: 是否审批, 审批日期. A day decides where there is one."""
    year, held = int((event.date or "2000")[:4]), event.date or ""
    for item in (by_id[i] for i in event.evidence if i in by_id and by_id[i].kind == "row"):
        cells = [c for c in row_of(item).cells if c.text and _asked(c.column)]
        days = [
            (_GIVEN.search(c.column) is None, d.iso)
            for c in cells
            for d in (*find_dates(c.text, year), *scan_cell(c.text, year)[0])
        ]
        first = min((sort for sort, _iso in days), default=None)
        decisive = [iso for sort, iso in days if sort == first]
        if any(iso <= held for iso in decisive) or (not days and any(_YES.match(c.text) for c in cells)):
            return True
    return False
