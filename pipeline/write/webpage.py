"""index.html: the whole run on one page that needs nothing but a browser.

The page is made by Jinja2 with autoescape, and streamed: first each department's details as a block of JSON that the
browser parses only when a reader opens it, then the tables as plain HTML, then the script. A content security policy
lets nothing run but that one script (by its hash) and nothing be fetched, so no text of a department can do harm.
"""

import base64
import hashlib
import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined

from pipeline.model import DepartmentSummary, Dossier, Duplicate, Edition, Evidence, Guideline, IndicatorScore, Verdict
from pipeline.review.carry import STALE_WORDS
from pipeline.review.decisions import NAMES
from pipeline.settings import data_text
from pipeline.text import unspace
from pipeline.write import figures
from pipeline.write.names import folder_name
from pipeline.write.review_list import effect
from pipeline.write.words import (
    DUPLICATES,
    ROLES,
    STATES,
    UNDECIDED,
    Rules,
    file_name,
    minimum_words,
    place,
    requirements_by_id,
    short,
    verdict_word,
)

FIRST_ROWS = 120  # more departments than this are folded away until asked for: a browser lays out 5,000 cells at once
FIRST_REVIEWS = 60  # about what one person reviews in an hour
PAGE_CHARACTERS = 24_000_000  # of passages in the whole page; a browser opens 60 MB of HTML within seconds, not more
LEAST_CHARACTERS = 12_000  # of passages kept for each department however many there are
PASSAGE_CHARACTERS = 700  # longer passages are cut, with a remark
_FILE_WORDS = {"failed": "未读出", "withheld": "涉密未读", "duplicate": "重复", "skipped": "跳过", "read": "已读"}
_ORDER = {"review": 0, "accepted": 1, "none": 2, "duplicate": 3}


@dataclass(slots=True)
class _Gathered:
    """What is collected while the departments stream by."""

    reviews: list[tuple[float, int, int, dict[str, Any]]] = field(
        default_factory=list
    )  # a heap, the least weighty first
    review_count: int = 0


def page(
    summaries: Sequence[DepartmentSummary],
    dossiers: Iterable[Dossier],
    duplicates: Sequence[Duplicate],
    edition: Edition,
    rubric: Rules,
) -> Iterator[str]:
    """The page in pieces. `dossiers` are the departments of `summaries` in the same order, one held at a time."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(points=_points, percent=_percent, short=short)
    style, script = data_text("page/page.css"), data_text("page/page.js")
    gathered = _Gathered()
    template = environment.from_string(data_text("page/index.html"))
    yield from template.generate(
        edition=edition,
        rubric=rubric,
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        blocks=_blocks(dossiers, edition, len(summaries), gathered),
        meta=_json(_meta(summaries, edition)),
        firsts=figures.firsts(edition.guideline),
        columns=_columns(edition.guideline),
        groups=_groups(edition.guideline),
        asked=_asked(summaries, edition.guideline),
        rows=_rows(summaries, edition),
        totals=_totals(summaries),
        gathered=gathered,
        reviews=lambda: [item for _, _, _, item in sorted(gathered.reviews, reverse=True)],
        failed=_failed(summaries),
        duplicates=[_duplicate(d) for d in duplicates],
        conflicts=_conflicts(summaries),
        unheeded=_unheeded(summaries, edition),
        gaps=figures.gaps(edition.guideline, summaries)[:10],
        first_rows=FIRST_ROWS,
        masked=edition.masked,
    )


# ---------------------------------------------------------------- details, parsed by the browser on demand


def _blocks(dossiers: Iterable[Dossier], edition: Edition, count: int, gathered: _Gathered) -> Iterator[str]:
    room = max(LEAST_CHARACTERS, PAGE_CHARACTERS // max(1, count))
    for number, dossier in enumerate(dossiers):
        yield _json(_block(number, dossier, edition, room, gathered))


def _block(number: int, dossier: Dossier, edition: Edition, room: int, gathered: _Gathered) -> dict[str, Any]:
    """One department. `e` are its passages; everything else refers to them by their place in `e`."""
    kept, cut = _within(dossier, room)
    index = {item.id: at for at, item in enumerate(kept)}
    requirements = requirements_by_id(edition.guideline)
    scores = {s.code: s for s in dossier.score.indicators}
    for at, item in enumerate(kept):
        if item.status == "review":
            _remember(gathered, number, at, item, effect(item, scores))
    sources = {path: at for at, path in enumerate(dict.fromkeys(item.source for item in kept))}
    return {
        "s": [_score(score, index, requirements) for score in dossier.score.indicators],
        "e": [_evidence(item, sources) for item in kept],
        "p": [[file_name(path), _href(path)] for path in sources],
        "f": [[file_name(f.path), _FILE_WORDS[f.status], f.reason or "", f.passages, f.kind] for f in dossier.files],
        "x": [[c.kind, c.message, [index[i] for i in c.evidence if i in index]] for c in dossier.facts.conflicts],
        "n": list(dossier.score.notes),
        "cut": cut,
    }


def _within(dossier: Dossier, room: int) -> tuple[list[Evidence], int]:
    """The passages that fit into `room` characters, those first that decide most; and how many did not fit."""
    cited = {ident for verdict in figures.verdicts(dossier.score) for ident in verdict.evidence}
    cited.update(ident for conflict in dossier.facts.conflicts for ident in conflict.evidence)
    ranked = sorted(
        (item for item in dossier.evidence if item.status != "duplicate" or item.id in cited),
        key=lambda item: (item.id not in cited, _ORDER[item.status]),
    )
    kept: list[Evidence] = []
    for item in ranked:
        room -= min(len(item.text), PASSAGE_CHARACTERS) + 60  # 60: place, number and punctuation of the JSON
        if room < 0 and kept:
            break
        kept.append(item)
    kept.sort(key=lambda item: (item.code or "~", item.status != "accepted", item.number or "~", item.source, item.id))
    return kept, len(ranked) - len(kept)


def _evidence(item: Evidence, sources: dict[str, int]) -> list[Any]:
    text = item.text if len(item.text) <= PASSAGE_CHARACTERS else item.text[:PASSAGE_CHARACTERS] + "……（全文见原件）"
    second = next((a for a in item.alternatives if a.code != item.code), None)
    return [
        text,
        sources[item.source],
        place(item),
        item.code or "",
        list(item.also),
        item.number or "",
        round(item.confidence * 100),
        STATES[item.status],
        ROLES[item.role],
        [second.code or "", round(second.confidence * 100)] if second and item.status == "review" else 0,
        list(item.dates[:6]),
    ]


def _score(score: IndicatorScore, index: dict[str, int], requirements: Any) -> list[Any]:
    return [
        score.code,
        score.full,
        score.self,
        score.suggested,
        score.final,
        int(score.reviewed),
        int(score.applicable),
        list(score.reasons),
        [
            [
                v.text,
                minimum_words(requirements.get(v.id), v),
                v.found,
                verdict_word(v),
                list(v.missing),
                list(v.dates),
                v.reason,
                [index[i] for i in v.evidence if i in index],
                v.id,
            ]
            for v in score.requirements
        ],
        [index[i] for i in score.evidence if i in index],
    ]


def _remember(gathered: _Gathered, number: int, at: int, item: Evidence, points: float) -> None:
    gathered.review_count += 1
    entry = {
        "department": item.department,
        "number": number,
        "at": at,
        "code": item.code or "",
        "points": points,
        "text": item.text[:PASSAGE_CHARACTERS],
        "source": file_name(item.source),
        "place": place(item),
        "confidence": round(item.confidence * 100),
    }
    ranked = (points, -number, -at, entry)
    if len(gathered.reviews) < FIRST_REVIEWS:
        heapq.heappush(gathered.reviews, ranked)
    else:
        heapq.heappushpop(gathered.reviews, ranked)


def _meta(summaries: Sequence[DepartmentSummary], edition: Edition) -> dict[str, Any]:
    guideline = edition.guideline
    owner = figures.first_of(guideline)
    texts = {i.code: unspace(i.text) for i in guideline.indicators}
    return {
        "year": edition.year,
        "departments": [s.name for s in summaries],
        "thirds": [
            [t.code, unspace(t.text), texts.get(owner[t.code], ""), texts.get(t.parent or "", "")]
            for t in guideline.thirds()
        ],
        "asked": [ident for ident, _, _ in _asked(summaries, guideline)],
    }


# ---------------------------------------------------------------- tables


def _rows(summaries: Sequence[DepartmentSummary], edition: Edition) -> list[dict[str, Any]]:
    """Everything that the tables show of a department."""
    guideline = edition.guideline
    codes = [t.code for t in guideline.thirds()]
    asked = [ident for ident, _, _ in _asked(summaries, guideline)]
    places = figures.ranks(summaries)
    return [_row(n, s, edition, codes, asked, places.get(s.name)) for n, s in enumerate(summaries)]


def _row(
    number: int,
    summary: DepartmentSummary,
    edition: Edition,
    codes: Sequence[str],
    asked: Sequence[str],
    rank: int | None,
) -> dict[str, Any]:
    scores = {s.code: s for s in summary.score.indicators}
    verdicts = {v.id: v for v in figures.verdicts(summary.score)}
    words = [verdict_word(v) for v in verdicts.values()]
    failed = sum(f.status in ("failed", "withheld") for f in summary.files)
    flags = [
        name
        for name, on in (
            ("missing", summary.missing),
            ("unmet", not summary.missing and "未达标" in words),
            ("review", summary.passages.get("review", 0) > 0),
            ("open", not summary.missing and summary.score.open > 0),
            ("failed", failed > 0),
        )
        if on
    ]
    return {
        "number": number,
        "name": summary.name,
        "missing": summary.missing,
        "rank": rank,
        "flags": " ".join(flags),
        "firsts": [
            (p.points, _heat(None if summary.missing else p.rate))
            for p in figures.by_first(edition.guideline, summary.score)
        ],
        "total": summary.score.total,
        "open": summary.score.open,
        "grade": summary.score.grade or UNDECIDED,
        "met": [words.count(word) for word in ("达标", "未达标", "无法核实")],
        "accepted": summary.passages.get("accepted", 0),
        "review": summary.passages.get("review", 0),
        "files": sum(f.status != "skipped" for f in summary.files),
        "failed": failed,
        "cells": [_cell(scores.get(code), summary.missing) for code in codes],
        "verdicts": [_verdict(verdicts.get(ident), summary.missing) for ident in asked],
        "folder": quote(folder_name(summary.name)),
    }


def _cell(score: IndicatorScore | None, missing: bool) -> tuple[str, str]:
    """Text and class of a heat map's cell."""
    if missing or score is None:
        return "", "hx"
    if not score.applicable:
        return "—", "hx"
    if score.final is None:
        return "?", "hu"
    rate = score.final / score.full if score.full else 0.0
    return f"{rate * 100:.0f}", _heat(rate)


def _heat(rate: float | None) -> str:
    return "hx" if rate is None else f"h{max(0, min(10, int(rate * 10 + 1e-9)))}"


def _verdict(verdict: Verdict | None, missing: bool) -> tuple[str, str]:
    if verdict is None or missing:
        return "", "hx"
    return {True: ("✓", "ok"), False: ("✗", "no"), None: ("?", "un")}[verdict.met]


def _columns(guideline: Guideline) -> list[tuple[str, str]]:
    return [(t.code, unspace(t.text)) for t in guideline.thirds()]


def _groups(guideline: Guideline) -> list[tuple[str, int]]:
    """The first-level indicators with the number of columns under each."""
    owner = figures.first_of(guideline)
    codes = [owner[t.code] for t in guideline.thirds()]
    return [(f"{f.code}. {unspace(f.text)}", codes.count(f.code)) for f in figures.firsts(guideline) if f.code in codes]


def _asked(summaries: Sequence[DepartmentSummary], guideline: Guideline) -> list[tuple[str, str, str]]:
    """The requirements that some department was judged by: id, words, what is asked for."""
    known = requirements_by_id(guideline)
    found: dict[str, tuple[str, str, str]] = {}
    for summary in summaries:
        for v in figures.verdicts(summary.score):
            if v.id not in found:
                found[v.id] = (v.id, unspace(v.text), minimum_words(known.get(v.id), v))
    return list(found.values())


def _totals(summaries: Sequence[DepartmentSummary]) -> dict[str, Any]:
    present = [s for s in summaries if not s.missing]
    words = [verdict_word(v) for s in present for v in figures.verdicts(s.score)]
    files = [f for s in summaries for f in s.files if f.status != "skipped"]
    return {
        "departments": len(summaries),
        "present": len(present),
        "mean": sum(s.score.total for s in present) / len(present) if present else 0.0,
        "files": len(files),
        "failed": sum(f.status in ("failed", "withheld") for f in files),
        "passages": sum(s.passages.get("total", 0) for s in summaries),
        "accepted": sum(s.passages.get("accepted", 0) for s in summaries),
        "review": sum(s.passages.get("review", 0) for s in summaries),
        "met": words.count("达标"),
        "unmet": words.count("未达标"),
        "unknown": words.count("无法核实"),
    }


def _failed(summaries: Sequence[DepartmentSummary]) -> list[dict[str, Any]]:
    return [
        {
            "number": n,
            "department": s.name,
            "path": file_name(f.path),
            "word": _FILE_WORDS[f.status],
            "reason": f.reason or "",
        }
        for n, s in enumerate(summaries)
        for f in s.files
        if f.status in ("failed", "withheld")
    ]


def _duplicate(item: Duplicate) -> dict[str, Any]:
    return {
        "kind": DUPLICATES[item.kind],
        "share": item.share,
        "reason": item.reason,
        "places": [
            (item.first_department, file_name(item.first), _href(item.first)),
            (item.second_department, file_name(item.second), _href(item.second)),
        ],
    }


def _conflicts(summaries: Sequence[DepartmentSummary]) -> list[dict[str, Any]]:
    return [
        {"number": n, "at": at, "department": s.name, "kind": c.kind, "message": c.message}
        for n, s in enumerate(summaries)
        for at, c in enumerate(s.conflicts)
    ]


def _unheeded(summaries: Sequence[DepartmentSummary], edition: Edition) -> list[dict[str, Any]]:
    """Decisions that this run could not carry out: those whose text is gone, department by department, then the others."""
    stale = [
        {
            "number": n,
            "id": d.id,
            "department": s.name,
            "kind": NAMES[d.kind],
            "code": d.code or "",
            "text": d.text or d.value,
            "who": d.who,
            "reason": STALE_WORDS,
        }
        for n, s in enumerate(summaries)
        for d in s.stale
    ]
    bare = {"number": None, "id": "", "department": "", "kind": "", "code": "", "text": "", "who": ""}
    return stale + [{**bare, "id": p.place, "reason": p.sentence()} for p in edition.unheeded]


# ---------------------------------------------------------------- small things


def _points(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _percent(value: float | None) -> str:
    return UNDECIDED if value is None else f"{value * 100:.0f}%"


def _href(path: str) -> str:
    """The original, seen from outputs/YYYY/; a member of an archive leads to the archive."""
    return "../../" + quote(path.split("!/")[0])


def _json(value: Any) -> str:
    """JSON that can stand inside a script element: no `<`, `>`, `&` and no line separators of JavaScript."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace").decode()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
