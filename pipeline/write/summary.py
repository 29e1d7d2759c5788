"""年度双创工作总结 of one department: what `compose` chose, as the template's fields, and the marks behind it."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Dossier, Edition, Evidence, Guideline
from pipeline.write import marks
from pipeline.write.common import Rules, heads, printed_date
from pipeline.write.compose import Section, Summary
from pipeline.write.frames import say
from pipeline.write.headings import heading
from pipeline.write.places import brief_source, cited_place, places, responsible, shown_name, source_of
from pipeline.write.quote import ended, fenced, opening, printed, tidy
from pipeline.write.render import render
from pipeline.write.templates import SUMMARY, Templates

_OPENING = 28  # characters by which a passage left out is recognised


def summary_document(
    summary: Summary, dossier: Dossier, edition: Edition, rubric: Rules, templates: Templates
) -> bytes:
    """The summary as a Word file. With `edition.final` it is the copy to sign: no comment, control or bookmark."""
    context = summary_context(summary, dossier, edition, rubric)
    choices = {marks.control_name(e.id): choices_for(e, edition.guideline) for e in summary.doubtful}
    comments = {marks.passage_name(e.id, doubtful_text(e)): why(e, edition.guideline) for e in summary.doubtful}
    names = [name for text in _texts(context) for name in marks.names_in(text)]
    listed = {} if edition.final else marks.listed_properties(names)
    marking = marks.Marks(comments, choices, keep=not edition.final)
    return render(templates, SUMMARY, context, edition, dossier.name, marking, listed)


def summary_context(summary: Summary, dossier: Dossier, edition: Edition, rubric: Rules) -> dict[str, Any]:
    """The fields of the template (templates.FIELDS)."""
    left_out = _left_out(summary)
    doubtful = _doubtful(summary, edition.guideline, 3 if left_out else 2)
    annexes = [say("heading.catalogue")]
    annexes += [say("heading.left_out")] if left_out else []
    annexes += [say("heading.doubtful")] if doubtful else []
    return {
        **heads(dossier, edition, rubric, "summary"),
        "draft": not edition.final and bool(summary.doubtful),
        "draft_note": say("title.draft"),
        "sections": [_section(section, section is summary.sections[-1]) for section in summary.sections],
        "annex": say("summary.annex", code=1, name=annexes[0]),
        "more_annexes": [say("summary.annex_next", code=n, name=name) for n, name in enumerate(annexes[1:], 2)],
        "catalogue": catalogue(dossier),
        "left_out": left_out,
        "doubtful": doubtful,
        "date": printed_date(rubric.report_date),
    }


def _section(section: Section, last: bool) -> dict[str, Any]:
    key = f"s_{section.key}" if not section.parts else marks.heading_name(section.key)
    return {
        "number": section.number,
        "last": last,
        "title": marks.marked([key], section.title),
        "paragraphs": section.lines,
        "parts": [
            {
                "number": part.number,
                "title": part.title,
                "entries": [
                    {"title": marks.marked([marks.heading_name(item.code)], item.title), "paragraphs": item.lines()}
                    for item in part.entries
                ],
            }
            for part in section.parts
        ],
    }


def catalogue(dossier: Dossier) -> list[dict[str, Any]]:
    """附件1: every 佐证号 with its file, the places in it, and where the same text stands again."""
    by_number: dict[str, list[Evidence]] = {}
    again: dict[str, list[Evidence]] = {}
    kept = {e.id: e.number for e in dossier.evidence if e.number}
    for item in dossier.evidence:
        if item.number and item.status == "accepted":
            by_number.setdefault(item.number, []).append(item)
        elif item.of in kept:
            again.setdefault(str(kept[item.of]), []).append(item)
    rows = []
    for number in sorted(by_number, key=_number_key):
        items = by_number[number]
        rows.append(
            {
                "number": number,
                "names": [shown_name(items[0].source), *_elsewhere(again.get(number, ()))],
                "places": places(e.locator for e in items),
                "unit": responsible(items),
            }
        )
    return rows


def _elsewhere(items: Sequence[Evidence]) -> list[str]:
    by_file: dict[str, list[Evidence]] = {}
    for item in items:
        by_file.setdefault(item.source, []).append(item)
    return [say("summary.also", name=shown_name(path) + _spot(found)) for path, found in sorted(by_file.items())]


def _spot(items: Sequence[Evidence]) -> str:
    where = places(e.locator for e in items)
    return where if where.startswith("（") or not where else f"（{where}）"


def _number_key(number: str) -> tuple[int, ...]:
    return tuple(int(piece) if piece.isdigit() else 10_000 for piece in number.split("-"))


def _left_out(summary: Summary) -> dict[str, Any]:
    rows = [
        {"number": e.number or "", "opening": opening(e.text, _OPENING), "place": brief_source(e)}
        for e in sorted(summary.left_out, key=lambda e: (_number_key(e.number or "9999"), e.source))
    ]
    note = say("summary.left_out") + say("summary.total", n=len(rows))
    return {"number": 2, "note": note, "rows": rows} if rows else {}


def _doubtful(summary: Summary, guideline: Guideline, number: int) -> dict[str, Any]:
    if not summary.doubtful:
        return {}
    note = say("summary.doubtful") + say("summary.total", n=len(summary.doubtful) + summary.doubtful_more)
    note += say("summary.agree_how")
    note += say("summary.doubtful_more") if summary.doubtful_more else ""
    return {"number": number, "note": note, "rows": [_doubtful_row(e, guideline) for e in summary.doubtful]}


def doubtful_text(evidence: Evidence) -> str:
    """A doubtful passage as printed: whole; a table row keeps its bars."""
    text = " | ".join(tidy(cell) for cell in printed(evidence.text).split(" | "))
    return ended(text)


def _doubtful_row(evidence: Evidence, guideline: Guideline) -> dict[str, str]:
    """The list to choose its indicator from, the passage, and where it stands."""
    text = doubtful_text(evidence)
    shown = next(
        (c.shown for c in choices_for(evidence, guideline) if c.value == evidence.code), say("summary.choose_none")
    )
    passage = marks.marked([marks.passage_name(evidence.id, text)], text)
    return {
        "control": marks.control(marks.control_name(evidence.id), shown),
        "text": f"{fenced(passage, text)}〔{cited_place(evidence)}〕",
    }


def choices_for(evidence: Evidence, guideline: Guideline) -> list[marks.Choice]:
    """The suggestion to agree to, all indicators, those in question first, then 不属任何指标 and 删去此段.

    A list that shows what it showed when it was printed says nothing, so agreeing is an entry of its own.
    """
    thirds = {i.code: i for i in guideline.thirds()}
    first = [a.code for a in evidence.alternatives if a.code in thirds]
    first = [evidence.code, *first] if evidence.code in thirds else first
    codes = list(dict.fromkeys([*(str(code) for code in first), *thirds]))
    listed = [
        marks.Choice(code, say("summary.choice", code=code, requirement=heading(thirds[code].text))) for code in codes
    ]
    return [
        marks.Choice("agree", agreement(evidence.code if evidence.code in thirds else None)),
        *listed,
        marks.Choice("none", say("summary.choose_none")),
        marks.Choice("strike", say("summary.strike")),
    ]


def agreement(code: str | None) -> str:
    """The entry of a list by which a person agrees to the suggestion."""
    return say("summary.agree", code=code) if code else say("summary.agree_none")


def why(evidence: Evidence, guideline: Guideline) -> str:
    """The comment's text: why it is here, how sure the program is, what came second."""
    titles = {i.code: heading(i.text) for i in guideline.thirds()}
    lines = ["".join(evidence.why[:3])] if evidence.why else []
    guess = titles.get(evidence.code or "", "不属任何指标")
    lines.append(
        f"建议：{evidence.code or ''} {guess}（把握{evidence.confidence:.0%}）。".replace("：  ", "：").replace(
            "： ", "："
        )
    )
    others = [a for a in evidence.alternatives if a.code != evidence.code][:2]
    if others:
        named = "；".join(
            f"{a.code or ''} {titles.get(a.code or '', '不属任何指标')}（{a.confidence:.0%}）".strip() for a in others
        )
        lines.append(f"其次：{named}。")
    lines.append(f"出处：{source_of(evidence)}。")
    return "\n".join(lines)


def _texts(value: Any) -> list[str]:
    """All texts of a context, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return []
