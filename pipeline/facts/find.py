"""All facts of one department: mentions gathered from every document, merged to events, set against the claims."""

from collections import defaultdict
from collections.abc import Sequence

from pipeline.facts.events import merge
from pipeline.facts.mentions import (
    Mention,
    Wrong,
    leader_offices,
    meeting_days,
    prose_mentions,
    row_mentions,
)
from pipeline.facts.people import People, people_of
from pipeline.facts.years import years_of
from pipeline.model import DepartmentInfo, Evidence, Facts, Guideline


def find_facts(info: DepartmentInfo, evidence: Sequence[Evidence], guideline: Guideline, year: int) -> Facts:
    """What one department's evidence says happened, whatever the order of its files."""
    counted = [e for e in evidence if counts(e)]
    people = people_of(info, leader_offices(counted), [e.text for e in counted if e.kind != "row"])
    mentions, wrong = gather(counted, people, year)
    by_id = {e.id: e for e in evidence}
    events = merge(info.name, mentions, lambda m: _codes(by_id[m.evidence]))
    return Facts(events=events, notes=tuple(dict.fromkeys(_wrong_note(w) for w in wrong)))


def counts(item: Evidence) -> bool:
    """Whether a passage may record an event: not hidden, no page header, not struck out by a reviewer."""
    struck = item.method == "decision" and item.status == "none"
    return not item.hidden and item.kind not in ("header", "comment") and not struck


def gather(evidence: Sequence[Evidence], people: People, year: int) -> tuple[list[Mention], list[Wrong]]:
    """Every mention of an event, document by document in the order of their paths."""
    mentions: list[Mention] = []
    wrong: list[Wrong] = []
    for items in documents(evidence):
        years = years_of(items, year)
        days = meeting_days(items, years)
        before = ""
        for item, here, day in zip(items, years, days, strict=True):
            if item.kind == "row":
                found, faults = row_mentions(item, here, people)
            else:
                found, faults = prose_mentions(item, before, here, people, day)
                before = item.text
            mentions += found
            wrong += faults
    return mentions, wrong


def documents(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """The passages by document, documents by path, passages in reading order."""
    by_source: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_source[item.source].append(item)
    return [by_source[source] for source in sorted(by_source)]


def _codes(item: Evidence) -> tuple[str, ...]:
    return tuple(c for c in (item.code, *item.also) if c)


def _wrong_note(wrong: Wrong) -> str:
    item = wrong.evidence
    place = f"{item.source.rsplit('/', 1)[-1]}{item.locator.chinese()}"
    return f"{place}的日期“{wrong.fault.text}”{wrong.fault.reason}，这次{wrong.kind}没有计入，请核对原件后改正。"
