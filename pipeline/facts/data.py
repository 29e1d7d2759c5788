"""The word lists of data/events.toml, read once and compiled."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.settings import data_text


@cache
def tables() -> dict[str, Any]:
    """All tables of data/events.toml."""
    return tomllib.loads(data_text("events.toml"))


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """One expression of the tables, compiled."""
    return re.compile(tables()[section][name])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event and the words that name it (data/events.toml says what each field means)."""

    name: str
    word: re.Pattern[str]
    row: re.Pattern[str]
    sheet: re.Pattern[str]
    asks: re.Pattern[str]
    needs: re.Pattern[str] | None
    without: re.Pattern[str] | None
    held: re.Pattern[str] | None
    date: re.Pattern[str] | None
    family: str
    titled: bool
    topic: bool
    leader: bool
    branch: bool
    prose: bool


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order in which they are tried."""
    return tuple(_kind(row) for row in tables()["kind"])


@cache
def kind_named(name: str) -> Kind | None:
    """The kind of that name."""
    return next((k for k in kinds() if k.name == name), None)


def _kind(row: dict[str, Any]) -> Kind:
    def compiled(name: str) -> re.Pattern[str] | None:
        return re.compile(row[name]) if name in row else None

    word = re.compile(row["word"])
    return Kind(
        name=row["name"],
        word=word,
        row=compiled("row") or word,
        sheet=re.compile(row["sheet"]),
        asks=re.compile(row["asks"]),
        needs=compiled("needs"),
        without=compiled("without"),
        held=compiled("held"),
        date=compiled("date"),
        family=row.get("family", row["name"]),
        titled=row.get("titled", False),
        topic=row.get("topic", False),
        leader=row.get("leader", False),
        branch=row.get("subject") == "branch",
        prose=row.get("prose", True),
    )
