"""Sentences with counted figures: how often something was done, and when. Each figure stands in scores.json, each date in the evidence."""

import re
from collections.abc import Mapping, Sequence

from pipeline.model import Dossier, Guideline, IndicatorScore, Requirement, Verdict
from pipeline.text import normal
from pipeline.write.frames import say
from pipeline.write.quote import clean

_HOW_OFTEN = re.compile(
    r"每(?:个)?(?:学?年度?|学期|半年|季度|两?个?月|月|周)|全年|年内|至少|不少于|不低于|各?[\d一二两三四五六七八九十]+(?:[-—~至]\d+)?(?:次|场|期|名|人|学时)"
)
_UNITS = {"次": "times", "场": "times", "期": "times", "名": "persons", "人": "persons", "学时": "hours"}
_STILL = "还差"
_LABEL = 6  # characters; a longer piece must stand in what the department wrote


def figure(value: float) -> str:
    """A figure as it is printed: 2, 2.5, 0.33."""
    return f"{round(value, 2):g}"


def chinese_date(iso: str, year: int | None) -> str:
    """`2024-03-12` as 3月12日, with its year where that is not `year`."""
    parts = [int(piece) for piece in iso.split("-")]
    head = f"{parts[0]}年" if parts[0] != year else ""
    return head + f"{parts[1]}月" + (f"{parts[2]}日" if len(parts) > 2 else "")


class Counter:
    """Turns verdicts into sentences for one department."""

    def __init__(self, dossier: Dossier, guideline: Guideline, most_dates: int) -> None:
        self._year = guideline.year
        self._most = most_dates
        self._dates = {day[5:] for e in dossier.evidence for day in e.dates}
        self._ground = "\n".join(
            [*(normal(i.text) for i in guideline.indicators), *(normal(e.text) for e in dossier.evidence)]
        )

    def sentences(self, score: IndicatorScore, requirements: Mapping[str, Requirement]) -> list[str]:
        """One sentence for every requirement with events, each said once: 专题研究意识形态工作2次（3月12日、9月18日）。"""
        lines = []
        for verdict in score.requirements:
            requirement = requirements.get(verdict.id)
            unit = unit_of(requirement)
            if verdict.found and (unit == "times" or (requirement is not None and requirement.kind == "each")):
                lines.append(self._sentence(verdict, requirement is None or requirement.kind == "frequency"))
        distinct = list(dict.fromkeys(lines))
        return [line + "；" for line in distinct[:-1]] + [line + "。" for line in distinct[-1:]]

    def unmet(self, verdict: Verdict, requirement: Requirement | None) -> str:
        """An unmet requirement as the summary admits it, with what is lacking."""
        unit = unit_of(requirement)
        slots: dict[str, object] = {"requirement": verdict.text, "n": figure(verdict.found or 0.0)}
        if verdict.found is None or unit == "other":
            line = say("unmet.other", requirement=verdict.text)
        elif unit == "share":
            line = say(
                "unmet.share", requirement=verdict.text, n=(figure(verdict.minimum or 0.0), figure(verdict.found))
            )
        else:
            line = say(f"unmet.{unit}", **slots)
        items = self.lacking(verdict)
        lead = "" if not items or items[0].startswith(_STILL) else say("unmet.lacking", name="")
        return line + ("；" + lead + "；".join(items) if items else "") + "。"

    def lacking(self, verdict: Verdict) -> list[str]:
        """What a verdict misses, as labels: 3月, 第三季度, 秋季学期, 还差1次, or a name that the department itself writes."""
        items = []
        for item in verdict.missing:
            label = clean(item).removeprefix(f"{self._year}年")
            label = label[label.find(_STILL) :] if _STILL in label else label
            if label and (len(normal(label)) < _LABEL or normal(label) in self._ground):
                items.append(label)
        return items

    def dates(self, days: Sequence[str]) -> str:
        """The dates of the events, in order; "" where one of them stands in no evidence of this department."""
        ordered = sorted(set(days))
        if not ordered or any(day[5:] not in self._dates for day in ordered):
            return ""
        if len(ordered) > self._most:
            return f"{chinese_date(ordered[0], self._year)}至{chinese_date(ordered[-1], self._year)}"
        return "、".join(chinese_date(day, self._year) for day in ordered)

    def _sentence(self, verdict: Verdict, named: bool) -> str:
        dates = self.dates(verdict.dates)
        name = self._name(verdict.text) if named else ""
        slots = {"n": figure(verdict.found or 0.0), "date": dates, "name": name, "requirement": verdict.text}
        frame = ("counted" if name else "asked") + ("" if dates else "_bare")
        return say(f"summary.{frame}", **slots)

    def _name(self, text: str) -> str:
        """What is counted, by the requirement's own words without the figures; "" where nobody says it like that."""
        clause = next((c for c in re.split(r"[，。；,;]", text) if _HOW_OFTEN.search(c)), text)
        name = _HOW_OFTEN.sub("", clause).lstrip("并且须应要").strip()
        return name if 4 <= len(name) <= 30 and normal(name) in self._ground else ""


def unit_of(requirement: Requirement | None) -> str:
    """times, persons, hours, share (so many of so many) or other."""
    if requirement is None:
        return "times"
    if requirement.kind in ("ratio", "tenure", "each"):
        return "share"
    return _UNITS.get(requirement.unit, "times" if requirement.kind == "frequency" else "other")
