"""All facts of one department: mentions gathered from every document, merged to events, set against the claims."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.facts.claims import claims_of
from pipeline.facts.conflicts import conflicts_of
from pipeline.facts.data import kinds
from pipeline.facts.dates import FoundDate
from pipeline.facts.events import merge
from pipeline.facts.layouts import forms_of
from pipeline.facts.mentions import (
    LONG_CELL,
    Mention,
    Wrong,
    about,
    form_mentions,
    leader_offices,
    meeting_days,
    prose_mentions,
    row_mentions,
    sheet_kinds,
)
from pipeline.facts.people import People, people_of
from pipeline.facts.rows import dates_here, row_of
from pipeline.facts.years import YearHere, years_of
from pipeline.model import DepartmentInfo, Evidence, Facts, Guideline


def find_facts(info: DepartmentInfo, evidence: Sequence[Evidence], guideline: Guideline, year: int) -> Facts:
    """What one department's evidence says happened, whatever the order of its files."""
    counted = [item for items in documents(evidence) for item in items if counts(item)]
    people = known_people(info, counted)
    mentions, wrong = gather(counted, people, year)
    by_id = {e.id: e for e in evidence}
    unknown = [m for m in mentions if not _year_known(m)]
    asked = _asked_codes(guideline)
    events = merge(
        info.name,
        filter(_year_known, mentions),
        lambda m: (*asked.get(m.kind, ()), *_codes(by_id[m.evidence])),
    )
    claims = claims_of(info.name, counted, people)
    return Facts(
        events=events,
        claims=claims,
        conflicts=conflicts_of(info.name, counted, mentions, events, claims, year),
        notes=tuple(dict.fromkeys((*map(_wrong_note, wrong), *_no_year_notes(unknown, by_id)))),
        records=_records(mentions, by_id),
    )


def with_dates(items: Sequence[Evidence], year: int) -> tuple[Evidence, ...]:
    """One document's passages with `dates` as its own headings, title and columns date them (CONTRACT: dates)."""
    if not items:
        return ()
    return tuple(
        replace(item, dates=tuple(dict.fromkeys(d.iso for d in _dates_in(item, here))))
        for item, here in zip(items, years_of(items, year), strict=True)
    )


def _dates_in(item: Evidence, here: YearHere) -> list[FoundDate]:
    found = list(dates_here(item.text, here)[0])
    if item.kind == "row":
        for cell in row_of(item).cells:
            if re.search(r"日期|时间|年月", cell.column):
                found += [d for d in dates_here(cell.text, here, cell=True)[0] if d.iso not in {f.iso for f in found}]
    return found


def known_people(info: DepartmentInfo, evidence: Sequence[Evidence]) -> People:
    """书记 and 院长 of this department, as the roster, the ledgers and the prose name them."""
    return people_of(info, leader_offices(evidence), [e.text for e in evidence if e.kind != "row"])


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
        for form in forms_of(items, years, LONG_CELL):
            found, faults = form_mentions(form, people)
            mentions += found
            wrong += faults
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


def _records(mentions: Sequence[Mention], by_id: dict[str, Evidence]) -> dict[str, tuple[str, ...]]:
    """For each kind the ledgers and minutes that keep it: by a row or paragraph, or by the title of a table."""
    found: dict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        kept = mention.register or mention.form == "minutes"
        if kept and (mention.date is not None or mention.status != "undated"):
            found[mention.kind].add(by_id[mention.evidence].source)
    for item in by_id.values():
        if item.kind == "row" and counts(item):
            for title in {*item.heading, item.locator.sheet or ""}:
                for kind in sheet_kinds(title, about(item)) if title else ():
                    found[kind.name].add(item.source)
    return {k.name: tuple(sorted(found[k.name])) for k in kinds() if k.name in found}


def _year_known(mention: Mention) -> bool:
    """A ledger that names no year anywhere dates nothing; prose is of the year it is handed in for."""
    return mention.form != "ledger" or mention.year_known or mention.date is None


def _asked_codes(guideline: Guideline) -> dict[str, tuple[str, ...]]:
    """For each kind of event the indicators whose requirements ask for it."""
    asked: dict[str, list[str]] = defaultdict(list)
    for indicator in guideline.thirds():
        for requirement in indicator.requirements:
            for kind in kinds():
                about_it = kind.family != "意识形态" or "意识形态" in requirement.text + indicator.text
                if kind.asks.search(requirement.text) and about_it and indicator.code not in asked[kind.name]:
                    asked[kind.name].append(indicator.code)
    return {name: tuple(codes) for name, codes in asked.items()}


def _codes(item: Evidence) -> tuple[str, ...]:
    return tuple(c for c in (item.code, *item.also) if c)


def _wrong_note(wrong: Wrong) -> str:
    return (
        f"{_place(wrong.evidence)}的日期“{wrong.fault.text}”{wrong.fault.reason}，"
        f"这次{wrong.kind}没有计入，请核对原件后改正。"
    )


def _no_year_notes(mentions: Sequence[Mention], by_id: dict[str, Evidence]) -> list[str]:
    """One sentence for each ledger that names no year anywhere."""
    rows: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        rows[mention.table].append(mention)
    return [
        f"{_place(by_id[found[0].evidence])}起的{found[0].kind}登记里没有年份（标题、表名、文件名里也没有），"
        f"{len(found)}条没有计入，请补上年份后重新报送。"
        for _table, found in sorted(rows.items())
    ]


def _place(item: Evidence) -> str:
    return f"{item.source.rsplit('/', 1)[-1]}{item.locator.chinese()}"
