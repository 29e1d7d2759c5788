"""What the Word documents share: their heads, their dates, the rubric as they see it."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pipeline.model import Dossier, Edition
from pipeline.settings import data_text
from pipeline.write.frames import say
from pipeline.write.quote import clean

BLANK_DATE = "    年  月  日"


class Rule(Protocol):
    """A rule of the rubric's own table."""

    @property
    def text(self) -> str: ...
    @property
    def enabled(self) -> bool: ...


class Rules(Protocol):
    """What the Word writers need of `scoring.Rubric`."""

    @property
    def standards(self) -> Mapping[str, str]: ...
    @property
    def report_date(self) -> str: ...
    @property
    def deadline(self) -> str: ...
    @property
    def school(self) -> str: ...
    @property
    def rules(self) -> Sequence[Rule]: ...


def printed_date(text: str) -> str:
    """A date of the rubric as the standard wants it (2024年12月20日, no zeros in front); a blank to fill in without one."""
    match = re.fullmatch(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?\s*", text)
    if match is None:
        return clean(text).strip() or BLANK_DATE
    year, month, day = (int(piece) for piece in match.groups())
    return f"{year}年{month}月{day}日"


def heads(dossier: Dossier, edition: Edition, rubric: Rules, kind: str) -> dict[str, Any]:
    """Title, names and year, which every document of a department has."""
    return {
        "head": title_lines(clean(dossier.name)),
        "tail": say(f"title.{kind}_tail", date=f"{edition.year}年"),
        "department": clean(dossier.name),
        "school": clean(rubric.school),
        "year": str(edition.year),
        "signed_by": clean(dossier.name),
    }


def title_lines(name: str) -> str:
    """A name too long for one line of a title, broken between words as near the middle as may be (GB/T 9704-2012, 7.3.1)."""
    table = tomllib.loads(data_text("writing.toml"))["title"]
    if len(name) <= table["characters"]:
        return name
    places = [match.end() for match in re.finditer(table["joints"], name)] or [len(name) // 2]
    place = min(places, key=lambda place: (abs(2 * place - len(name)), place))
    return f"{name[:place]}\n{name[place:]}"


def printed_rubric(rubric: Rules) -> dict[str, Any]:
    """What of the rubric the documents print, as they print it: run.json carries it, so that every line has its source."""
    return {
        "school": clean(rubric.school),
        "report_date": printed_date(rubric.report_date) if rubric.report_date else "",
        "deadline": printed_date(rubric.deadline) if rubric.deadline else "",
        "standards": {code: clean(text) for code, text in rubric.standards.items()},
        "rules": [rule.text for rule in rubric.rules if rule.enabled],
    }
