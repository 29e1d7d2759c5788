"""全校工作总结: the school's five 到位 in figures, who does what well, and what many lack.

It quotes no passage and names no person: it is made of counts, the guideline's words and the names of departments.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from statistics import median
from typing import Any

from pipeline.model import DepartmentSummary, Edition, Guideline, Indicator
from pipeline.settings import data_text
from pipeline.write.chart import Chart, token
from pipeline.write.common import Rules, printed_date
from pipeline.write.counted import figure
from pipeline.write.figures import by_first
from pipeline.write.frames import say
from pipeline.write.headings import chinese_number, heading
from pipeline.write.quote import clean
from pipeline.write.render import render
from pipeline.write.templates import SCHOOL, Templates


@cache
def _figures() -> dict[str, float]:
    """`[school]` of data/writing.toml."""
    return dict(tomllib.loads(data_text("writing.toml"))["school"])


def school_document(
    summaries: Sequence[DepartmentSummary], edition: Edition, rubric: Rules, templates: Templates
) -> bytes:
    """The school's summary as a Word file."""
    context, charts = school_context(summaries, edition, rubric)
    owner = clean(rubric.school) or "全校"
    return render(templates, SCHOOL, context, edition, owner, charts=charts)


def school_context(
    summaries: Sequence[DepartmentSummary], edition: Edition, rubric: Rules
) -> tuple[dict[str, Any], tuple[Chart, ...]]:
    """The fields of the template (templates.FIELDS), and the charts that its tokens stand for."""
    present = [s for s in summaries if not s.missing]
    charts = _charts(present, edition.guideline)
    blocks = [
        _overview(summaries, present),
        _completion(present, edition.guideline, charts),
        _practices(present, edition.guideline),
        _gaps(present, edition.guideline),
        {
            "title": say("school.plans"),
            "paragraphs": [say(f"school.{key}") for key in ("next_gaps", "next_review", "next_share")],
        },
    ]
    empty = {"paragraphs": [], "chart": "", "rates": [], "firsts": [], "practices": [], "gaps": []}
    context = {
        "head": clean(rubric.school) or say("school.whole"),
        "tail": say("title.school", date=f"{edition.year}年"),
        "school": clean(rubric.school),
        "year": str(edition.year),
        "blocks": [{"number": chinese_number(n), **empty, **block} for n, block in enumerate(blocks, 1)],
        "signed_by": clean(rubric.school),
        "date": printed_date(rubric.report_date),
    }
    return context, charts


def _overview(summaries: Sequence[DepartmentSummary], present: Sequence[DepartmentSummary]) -> dict[str, Any]:
    """How many departments, files and dated events; who sent nothing."""
    missing = [s.name for s in summaries if s.missing]
    lines = [say("school.departments", n=len(summaries))]
    if missing:
        lines.append(say("school.missing", n=len(missing)))
    lines.append(say("school.read", n=sum(len(s.files) for s in summaries)))
    events = sum(sum(s.events.values()) for s in summaries)
    if events:
        lines.append(say("school.events", n=events))
    paragraphs = ["".join(lines)]
    if missing:
        paragraphs.append(say("school.missing_names", name="；".join(map(clean, missing))) + "。")
    return {"title": say("school.overview"), "paragraphs": paragraphs}


def rates(summary: DepartmentSummary, guideline: Guideline) -> list[float | None]:
    """Per cent of the decided points that a department has under each first-level indicator; None: nothing decided."""
    return [None if p.rate is None else round(100 * p.rate, 1) for p in by_first(guideline, summary.score)]


def _charts(present: Sequence[DepartmentSummary], guideline: Guideline) -> tuple[Chart, ...]:
    """The five 到位 of each department as bars, the best first; of the whole school where there are too many."""
    firsts = [i for i in guideline.indicators if i.level == 1]
    values = {s.name: rates(s, guideline) for s in present}
    shown = sorted((s for s in present if any(v is not None for v in values[s.name])), key=lambda s: -s.score.total)
    if not shown:
        return ()
    shown = shown[: int(_figures()["bars"])]
    series = tuple((clean(first.text), tuple(values[s.name][n] for s in shown)) for n, first in enumerate(firsts))
    return (Chart(say("school.chart"), tuple(clean(s.name) for s in shown), series),)


def _completion(present: Sequence[DepartmentSummary], guideline: Guideline, charts: Sequence[Chart]) -> dict[str, Any]:
    rows = [
        {
            "name": clean(s.name),
            "rates": [_percent(value) for value in rates(s, guideline)],
            "total": figure(s.score.total),
        }
        for s in sorted(present, key=lambda s: -s.score.total)
    ]
    return {
        "title": say("school.completion"),
        "paragraphs": [say("school.rates")],
        "chart": token(0) if charts else "",
        "firsts": [clean(i.text) for i in guideline.indicators if i.level == 1],
        "rates": rows,
    }


def _percent(value: float | None) -> str:
    return say("sheet.undecided") if value is None else figure(value)


def _practices(present: Sequence[DepartmentSummary], guideline: Guideline) -> dict[str, Any]:
    """For each third-level indicator the departments with the best share, where that says something."""
    rows = []
    for third in guideline.thirds():
        share, names = _best(present, third)
        if names:
            rows.append({"indicator": heading(third.text), "rate": figure(round(100 * share, 1)), "names": names})
    note = say("school.practices_note" if rows else "school.no_practices")
    return {"title": say("school.practices"), "paragraphs": [note], "practices": rows}


def _best(present: Sequence[DepartmentSummary], third: Indicator) -> tuple[float, list[str]]:
    """The best share of an indicator's points and who has it; nobody where most come near it or none is good."""
    shares = [
        (score.final / score.full, summary.name)
        for summary in present
        for score in summary.score.indicators
        if score.code == third.code and score.applicable and score.final is not None and score.full and score.evidence
    ]
    if len(shares) < 2:
        return 0.0, []  # nobody to compare with
    known, best = _figures(), max(share for share, _name in shares)
    if best < known["good"] or best < median(share for share, _name in shares) + known["lead"]:
        return 0.0, []
    return best, [clean(name) for share, name in shares if share == best][: int(known["named"])]


def _gaps(present: Sequence[DepartmentSummary], guideline: Guideline) -> dict[str, Any]:
    """The requirements that departments do not meet, the commonest first."""
    titles = {i.code: heading(i.text) for i in guideline.thirds()}
    lacking: dict[tuple[str, str], list[str]] = {}
    for summary in present:
        for score in summary.score.indicators:
            for verdict in score.requirements:
                if verdict.met is False and score.applicable:
                    names = lacking.setdefault((score.code, verdict.text), [])
                    if summary.name not in names:
                        names.append(summary.name)
    order = {third.code: n for n, third in enumerate(guideline.thirds())}
    ranked = sorted(lacking.items(), key=lambda item: (-len(item[1]), order[item[0][0]]))
    rows = [
        {"indicator": titles[code], "requirement": text, "count": str(len(names)), "names": [clean(n) for n in names]}
        for (code, text), names in ranked
    ]
    note = say("school.gaps_note" if rows else "school.no_gaps")
    return {"title": say("school.gaps"), "paragraphs": [note], "gaps": rows}
