"""补充材料清单 of one department: what is missing or doubtful, polite, ready to send."""

from collections.abc import Mapping
from typing import Any

from pipeline.model import Conflict, Dossier, Edition, Evidence, Requirement, Verdict
from pipeline.settings import Settings
from pipeline.write.common import Rules, heads, printed_date
from pipeline.write.compose import Summary
from pipeline.write.counted import Counter, figure, unit_of
from pipeline.write.frames import say
from pipeline.write.headings import chinese_number, heading
from pipeline.write.marks import MERGE
from pipeline.write.places import cited_place, shown_name
from pipeline.write.quote import clean, ended, fenced, printed, unnumbered_row
from pipeline.write.render import render
from pipeline.write.templates import CHECKLIST, Templates


def checklist_document(
    dossier: Dossier, edition: Edition, rubric: Rules, settings: Settings, templates: Templates, draft: Summary
) -> bytes:
    """The checklist as a Word file. `draft`: the department's summary, whose own last sections may be thin."""
    context = checklist_context(dossier, edition, rubric, settings, draft)
    return render(templates, CHECKLIST, context, edition, dossier.name)


def checklist_context(
    dossier: Dossier, edition: Edition, rubric: Rules, settings: Settings, draft: Summary
) -> dict[str, Any]:
    """The fields of the template (templates.FIELDS)."""
    blocks = _Blocks(dossier, edition, settings)
    found = blocks.files() if dossier.missing else blocks.all(draft)
    year = f"{edition.year}年"
    if dossier.missing:
        opening = [say("checklist.missing")]
    else:
        opening = [say("checklist.opening", date=year) + say("checklist.purpose" if found else "checklist.nothing")]
    if (found or dossier.missing) and rubric.deadline:
        opening.append(say("checklist.deadline", name=printed_date(rubric.deadline)))
    elif found or dossier.missing:
        opening.append(say("checklist.deadline_blank"))
    return {
        **heads(dossier, edition, rubric, "checklist"),
        "addressee": clean(dossier.name),
        "opening": opening,
        "blocks": [
            {"number": chinese_number(n), "paragraphs": [], "rows": [], **block} for n, block in enumerate(found, 1)
        ],
        "closing": [say("checklist.unit_remark") + say("checklist.thanks")] if found else [],
        "signed_by": clean(rubric.school) or "",
        "date": printed_date(rubric.report_date),
    }


class _Blocks:
    """The parts of one checklist; each is a list of none or one block."""

    def __init__(self, dossier: Dossier, edition: Edition, settings: Settings) -> None:
        self._dossier, self._edition, self._settings = dossier, edition, settings
        self._by_id = {e.id: e for e in dossier.evidence}
        self._titles = {i.code: heading(i.text) for i in edition.guideline.indicators}
        self._counter = Counter(dossier, edition.guideline, settings.writing.dates_in_sentence)
        self._requirements: Mapping[str, Requirement] = {
            r.id: r for i in edition.guideline.indicators for r in i.requirements
        }

    def all(self, draft: Summary) -> list[dict[str, Any]]:
        """Every block that has something to say, in the order of the document."""
        return [*self.requirements(), *self.indicators(), *self.files(), *self.doubts(draft)]

    def requirements(self) -> list[dict[str, Any]]:
        """Every requirement that is unmet or cannot be verified."""
        rows = [
            {
                "indicator": self._titles[score.code],
                "requirement": verdict.text,
                "found": self._found(verdict),
                "missing": self._missing(verdict),
            }
            for score in self._dossier.score.indicators
            if score.applicable
            for verdict in score.requirements
            if verdict.met is not True
        ]
        return [{"title": say("checklist.requirements"), "rows": _merged(rows)}] if rows else []

    def indicators(self) -> list[dict[str, Any]]:
        """Indicators under which nothing was found."""
        has = {code for e in self._dossier.evidence if e.status in ("accepted", "review") for code in (e.code, *e.also)}
        applicable = {s.code: s.applicable for s in self._dossier.score.indicators}
        rows = [
            {
                "indicator": self._titles.get(third.parent or "", ""),
                "requirement": self._titles[third.code],
                "found": say("checklist.found_nothing"),
                "missing": [say("checklist.lacking_evidence")],
            }
            for third in self._edition.guideline.thirds()
            if third.code not in has and applicable.get(third.code, True)
        ]
        note = say("checklist.indicators_note")
        return [{"title": say("checklist.indicators"), "paragraphs": [note], "rows": _merged(rows)}] if rows else []

    def files(self) -> list[dict[str, Any]]:
        """Files that failed, in whole or by pages, or were withheld, each with the reason that run.json gives."""
        lines = []
        for entry in self._dossier.files:
            if entry.status == "withheld":
                lines.append(say("checklist.withheld", name=shown_name(entry.path)))
            elif entry.status == "failed" or entry.unread:
                reason = clean(entry.unread or entry.reason or "")
                if reason and len(reason) <= 118:
                    lines.append(say("checklist.file_reason", name=(shown_name(entry.path), reason)))
                else:
                    lines.append(say("checklist.unreadable", name=shown_name(entry.path)))
        return [{"title": say("checklist.files"), "paragraphs": lines}] if lines else []

    def doubts(self, draft: Summary) -> list[dict[str, Any]]:
        """Contradictions with both places, a thin 问题与不足, no 下一步打算, passages that wait for a person."""
        lines = [line for conflict in self._dossier.facts.conflicts for line in self._conflict(conflict)]
        if draft.problem_characters < self._settings.writing.thin_problems:
            lines.append(say("checklist.problems_thin"))
        if not draft.plan_characters:
            lines.append(say("checklist.plans_none"))
        if any(e.status == "review" for e in self._dossier.evidence) and not self._edition.final:
            lines.append(say("checklist.doubtful"))
        return [{"title": say("checklist.doubts"), "paragraphs": lines}] if lines else []

    def _conflict(self, conflict: Conflict) -> list[str]:
        found = [self._by_id[i] for i in dict.fromkeys(conflict.evidence) if i in self._by_id][:2]
        if not found:
            return []
        files = list(dict.fromkeys(shown_name(e.source).rsplit("/", 1)[-1] for e in found))
        frame = "conflict" if len(files) > 1 else "conflict_single"
        head = say(f"checklist.{frame}", name=tuple(files))
        return [head, *(self._cited(e) for e in found)]

    def _cited(self, evidence: Evidence) -> str:
        text = unnumbered_row(printed(evidence.text))
        return f"{fenced(ended(text))}〔{cited_place(evidence)}〕"

    def _found(self, verdict: Verdict) -> str:
        unit = unit_of(self._requirements.get(verdict.id))
        if not verdict.found:
            return say("checklist.found_nothing")
        if unit == "share":
            return say("checklist.found_share", n=(figure(verdict.minimum or 0.0), figure(verdict.found)))
        dates = self._counter.dates(verdict.dates) if unit == "times" else ""
        frame = "found_times_bare" if unit == "times" and not dates else f"found_{unit}"
        return say(f"checklist.{frame}", n=figure(verdict.found), date=dates)

    def _missing(self, verdict: Verdict) -> list[str]:
        """What is lacking, item by item; an item that nobody wrote like that is left to the general request."""
        if verdict.met is None:
            return [say("checklist.lacking_record")]
        items = self._counter.lacking(verdict)
        lead = "" if not items or items[0].startswith("还差") else say("checklist.lacking", name="")
        return [*([lead + "；".join(items) + "。"] if items else []), self._asked(verdict)]

    def _asked(self, verdict: Verdict) -> str:
        """What to send, by what is counted: the other records, all of them, or a proof of persons and hours."""
        unit = unit_of(self._requirements.get(verdict.id))
        if unit == "times":
            return say("checklist.lacking_more" if verdict.found else "checklist.lacking_all")
        return say("checklist.lacking_each" if unit == "share" else "checklist.lacking_proof")


def _merged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the indicator said once where the next rows are about the same."""
    before = ""
    for row in rows:
        row["indicator"], before = (MERGE if row["indicator"] == before else row["indicator"]), row["indicator"]
    return rows
