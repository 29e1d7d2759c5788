"""One happening is one event, however often and in whatever words it is mentioned; two on one day stay two.

Mentions of one kind, one subject and one day are one event unless their topics differ, or they are different rows of
one ledger. A mention that only gives the month belongs to a dated event of that month if there is one that fits.
The result does not depend on the order of the files.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.facts.mentions import Mention
from pipeline.model import Event, EventStatus
from pipeline.text import normal

_SAME_TOPIC = 70.0  # partial ratio of two wordings of one topic; different topics of one kind stay below 55
_OTHER_WORDS = 1.0  # the weakest fit: any row whose topic is alike goes before
_BY_DAY = ("党课", "思政课", "理论学习", "中心组学习", "组织生活")
_SHORT_TOPIC = 3  # characters: shorter topics match anything and tell nothing apart
_RANK: Mapping[str, int] = {"ledger": 0, "minutes": 1, "prose": 2}
_STATUS_ORDER: tuple[EventStatus, ...] = ("held", "cancelled", "planned", "undated")


_normal = lru_cache(maxsize=20_000)(normal)  # a text is compared with every other of its day


@dataclass(slots=True)
class _Group:
    """The mentions of what is so far taken to be one event."""

    mentions: list[Mention] = field(default_factory=list)

    def similarity(self, mention: Mention) -> float | None:
        """How well a mention fits, 0 to 100; None where it cannot be the same event."""
        best = 0.0
        for known in self.mentions:
            if mention.table and known.table == mention.table and _normal(known.said) != _normal(mention.said):
                return None
            if _normal(known.said) == _normal(mention.said):
                best = 100.0
                continue
            likeness = topic_likeness(known.topic, mention.topic)
            if likeness is not None and likeness < _SAME_TOPIC:
                if not _registered_once(known, mention):
                    return None
                likeness = _OTHER_WORDS
            best = max(best, 50.0 if likeness is None else likeness)
        return best


def _registered_once(known: Mention, mention: Mention) -> bool:
    """Whether a register's row may be what minutes or news tell of the same day in quite other words.

    A register of lectures or studies is complete: what it lists once that day is what the others tell. The name of a
    forum is its own, so two names are two.
    """
    return known.register and mention.form != "ledger" and mention.kind in _BY_DAY


def topic_likeness(first: str, second: str) -> float | None:
    """How alike two topics are, 0 to 100; None where one of them says nothing."""
    a, b = _normal(first), _normal(second)
    if len(a) < _SHORT_TOPIC or len(b) < _SHORT_TOPIC:
        return None
    return fuzz.partial_ratio(a, b)


def merge(
    department: str, mentions: Iterable[Mention], codes: Callable[[Mention], tuple[str, ...]]
) -> tuple[Event, ...]:
    """All events of one department, in order of kind, date and topic."""
    by_day: dict[tuple[str, str, str], list[Mention]] = defaultdict(list)
    for mention in sorted(set(mentions), key=_order):
        by_day[mention.kind, mention.subject, mention.date or ""].append(mention)
    groups = {key: _grouped(found) if key[2] else _undated(found) for key, found in by_day.items()}
    _absorb_months(groups)
    events = [_event(department, key, group, codes) for key in sorted(groups) for group in groups[key]]
    return tuple(_numbered(department, _without_echoes(events)))


def _order(mention: Mention) -> tuple[int, int, str, str, str]:
    return (_RANK[mention.form], -len(mention.topic), mention.table, mention.said, mention.evidence)


def _grouped(mentions: Sequence[Mention]) -> list[_Group]:
    """Ledger rows first, then minutes, then prose; each joins the group that fits best, or begins one."""
    groups: list[_Group] = []
    for mention in mentions:
        fits = [(score, -n) for n, g in enumerate(groups) if (score := g.similarity(mention)) is not None]
        if fits:
            groups[-max(fits)[1]].mentions.append(mention)
        else:
            groups.append(_Group([mention]))
    return groups


def _undated(mentions: Sequence[Mention]) -> list[_Group]:
    """What is told without a date: one group for each status, since nothing tells one from another."""
    groups: dict[str, _Group] = {}
    for mention in mentions:
        groups.setdefault(mention.status, _Group()).mentions.append(mention)
    return [groups[status] for status in sorted(groups)]


def _absorb_months(groups: dict[tuple[str, str, str], list[_Group]]) -> None:
    """A mention that only gives the month joins an event of that month that it does not contradict."""
    for key in sorted(groups):
        kind, subject, date = key
        if len(date) != 7:
            continue
        days = [
            g for k in sorted(groups) if k[:2] == (kind, subject) and k[2].startswith(date + "-") for g in groups[k]
        ]
        left: list[_Group] = []
        for group in groups[key]:
            home = next((g for g in days if _same_status(g, group) and _fits(g, group)), None)
            if home is None:
                left.append(group)
            else:
                home.mentions.extend(group.mentions)
        groups[key] = left


def _fits(home: _Group, group: _Group) -> bool:
    return all(home.similarity(mention) is not None for mention in group.mentions)


def _same_status(first: _Group, second: _Group) -> bool:
    return ("held" in {m.status for m in first.mentions}) == ("held" in {m.status for m in second.mentions})


def _event(
    department: str, key: tuple[str, str, str], group: _Group, codes: Callable[[Mention], tuple[str, ...]]
) -> Event:
    kind, subject, date = key
    ordered = sorted(group.mentions, key=_order)
    return Event(
        id="",
        department=department,
        kind=kind,
        subject=subject,
        date=date or None,
        status=_status(ordered),
        codes=tuple(sorted({c for m in ordered for c in codes(m)})),
        topic=next((m.topic for m in ordered if m.topic), ""),
        evidence=tuple(dict.fromkeys(m.evidence for m in ordered)),
    )


def _status(mentions: Sequence[Mention]) -> EventStatus:
    """A cancellation in any place is believed over a plan and over a record; held over planned."""
    found = {m.status for m in mentions}
    if "cancelled" in found:
        return "cancelled"
    return next(s for s in _STATUS_ORDER if s in found)


def _without_echoes(events: Sequence[Event]) -> list[Event]:
    """Undated mentions of the same words stay; empty groups (absorbed) go."""
    return [e for e in events if e.evidence]


def _numbered(department: str, events: Iterable[Event]) -> Iterable[Event]:
    seen: dict[str, int] = defaultdict(int)
    for event in events:
        base = "\0".join((department, event.kind, event.subject, event.date or "", normal(event.topic)))
        serial, seen[base] = seen[base], seen[base] + 1
        digest = hashlib.sha256(f"{base}\0{serial}".encode()).hexdigest()[:10]
        yield Event(
            "V" + digest,
            event.department,
            event.kind,
            event.subject,
            event.date,
            event.status,
            event.codes,
            event.topic,
            event.evidence,
        )
