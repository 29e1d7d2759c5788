"""What the Word documents share: their heads, their dates, the rubric as they see it."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from pipeline.model import Dossier, Edition
from pipeline.write.frames import say
from pipeline.write.quote import clean

BLANK_DATE = "    年  月  日"


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
    def even(self) -> bool: ...


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
        "head": clean(dossier.name),
        "tail": say(f"title.{kind}_tail", date=f"{edition.year}年"),
        "department": clean(dossier.name),
        "school": clean(rubric.school),
        "year": str(edition.year),
        "signed_by": clean(dossier.name),
    }
