"""年度双创评分表 of one department as a print: the one to fill in is the Excel file of the same name."""

from typing import Any

from pipeline.model import Dossier, Edition, Evidence, IndicatorScore
from pipeline.write.common import Rules, heads
from pipeline.write.counted import figure
from pipeline.write.frames import say
from pipeline.write.marks import MERGE
from pipeline.write.quote import clean
from pipeline.write.render import render
from pipeline.write.templates import SHEET, Templates

_NUMBERS_IN_CELL = 24  # more 佐证号 in one cell make the row longer than a page; the catalogue has all


def sheet_document(dossier: Dossier, edition: Edition, rubric: Rules, templates: Templates) -> bytes:
    """The score sheet as a Word file, landscape."""
    return render(templates, SHEET, sheet_context(dossier, edition, rubric), edition, dossier.name)


def sheet_context(dossier: Dossier, edition: Edition, rubric: Rules) -> dict[str, Any]:
    """The fields of the template (templates.FIELDS)."""
    scores = {score.code: score for score in dossier.score.indicators}
    numbers = _numbers(dossier.evidence)
    rows: list[dict[str, Any]] = []
    for first in (i for i in edition.guideline.indicators if i.level == 1):
        top = first.text
        for second in edition.guideline.children(first.code):
            middle = second.text
            for third in edition.guideline.children(second.code):
                score = scores.get(third.code)
                rows.append(
                    {"first": top, "second": middle, "third": third.text, **_row(score, rubric, third.code, numbers)}
                )
                top = middle = MERGE
    total = dossier.score
    return {
        **heads(dossier, edition, rubric, "sheet"),
        "print_note": say("sheet.print"),
        "rows": rows,
        "total": {
            "full": _points(sum(s.full for s in total.indicators if s.applicable)),
            "self": _points(_sum([s.self for s in total.indicators])),
            "suggested": _points(_sum([s.suggested for s in total.indicators])),
            "final": _points(total.total),
            "open": say("sheet.open", n=figure(total.open)) if total.open else "",
            "grade": total.grade or "",
        },
    }


def _row(score: IndicatorScore | None, rubric: Rules, code: str, numbers: dict[str, list[str]]) -> dict[str, Any]:
    if score is None:
        return dict.fromkeys(("full", "standard", "self", "suggested", "final", "remark"), "") | {
            "reasons": [""],
            "numbers": [""],
        }
    return {
        "full": _points(score.full),
        "standard": clean(rubric.standards.get(code, "")),
        "self": _points(score.self),
        "suggested": _points(score.suggested) or (say("sheet.undecided") if score.applicable else ""),
        "final": _points(score.final) if score.reviewed else "",
        "reasons": reasons(score) or [""],
        "numbers": _cited(numbers.get(code, [])) or [""],
        "remark": "" if score.applicable else say("sheet.not_applicable"),
    }


def reasons(score: IndicatorScore) -> list[str]:
    """What an indicator lacks, by the guideline's own words."""
    if not score.applicable:
        return []
    lines = [say("sheet.unmet", requirement=v.text) for v in score.requirements if v.met is False]
    lines += [say("sheet.unknown", requirement=v.text) for v in score.requirements if v.met is None]
    if not score.evidence and not lines:
        lines.append(say("sheet.no_evidence"))
    return list(dict.fromkeys(lines))


def _numbers(evidence: tuple[Evidence, ...]) -> dict[str, list[str]]:
    """The 佐证号 under each indicator."""
    found: dict[str, list[str]] = {}
    for item in evidence:
        if item.status == "accepted" and item.number and item.code:
            listed = found.setdefault(item.code, [])
            if item.number not in listed:
                listed.append(item.number)
    return found


def _cited(numbers: list[str]) -> list[str]:
    """The numbers, one a line; the catalogue has those for which a cell has no room."""
    return [*numbers[:_NUMBERS_IN_CELL], "等"] if len(numbers) > _NUMBERS_IN_CELL else numbers


def _sum(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known), 2) if known else None


def _points(value: float | None) -> str:
    return "" if value is None else figure(value)
