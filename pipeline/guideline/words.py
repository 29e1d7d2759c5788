"""The words and figures of `data/guideline.toml`, compiled once."""

import re
import tomllib
from functools import cache

import msgspec

from pipeline.guideline.source import squeeze
from pipeline.settings import data_text


class _Columns(msgspec.Struct, frozen=True):
    level1: list[str]
    level2: list[str]
    level3: list[str]
    points: list[str]
    serial: list[str]
    other: list[str]
    points_of_view: list[str]
    upper: list[str]


class _Rows(msgspec.Struct, frozen=True):
    total: str
    note: str
    page: str
    date: str


class _Title(msgspec.Struct, frozen=True):
    guideline: list[str]
    other: list[str]


class Phrases(msgspec.Struct, frozen=True):
    """Words that tell a requirement from other prose."""

    subjects: list[str]
    openings: list[str]
    deeds: list[str]
    adverbials: list[str]
    named_events: list[str]
    posts: list[str]


class Limits(msgspec.Struct, frozen=True):
    """Sizes beyond which nothing is read."""

    columns: int
    rows: int
    header_length: int
    minimum_thirds: int
    alike: float
    alike_same_code: float
    same_code_bonus: float


class Words(msgspec.Struct, frozen=True):
    """All tables of the file."""

    columns: _Columns
    rows: _Rows
    title: _Title
    requirements: Phrases
    limits: Limits


@cache
def words() -> Words:
    """The data file, checked."""
    return msgspec.convert(tomllib.loads(data_text("guideline.toml")), Words)


@cache
def _groups() -> tuple[tuple[str, re.Pattern[str]], ...]:
    columns = words().columns
    names = ("points", "level1", "level2", "level3", "serial", "other", "points_of_view", "upper")
    return tuple((name, re.compile("|".join(getattr(columns, name)))) for name in names)


def column_role(text: str) -> str | None:
    """What a header cell of this text names, or None where it is no column's name that we know."""
    name = squeeze(text)
    if not name or len(name) > words().limits.header_length:
        return None
    return next((role for role, pattern in _groups() if pattern.search(name)), None)


@cache
def _row_patterns() -> dict[str, re.Pattern[str]]:
    rows = words().rows
    return {name: re.compile(getattr(rows, name)) for name in ("total", "note", "page", "date")}


def is_total(text: str) -> bool:
    """合计, 总分100分 and the like."""
    return bool(_row_patterns()["total"].match(squeeze(text)))


def is_note(text: str) -> bool:
    """注：…, ※…, 附件2, 联系人：…"""
    return bool(_row_patterns()["note"].match(squeeze(text)))


def is_page_mark(text: str) -> bool:
    """— 3 —, 第2页 共6页, 2/6"""
    return bool(_row_patterns()["page"].match(text.strip()))


def is_date(text: str) -> bool:
    """A line that is nothing but a date."""
    return bool(_row_patterns()["date"].match(squeeze(text)))


def finished(text: str) -> bool:
    """Whether the text ends where a sentence may end; a cut or wrapped text does not."""
    return text.rstrip().rstrip("”’\"')）】》").endswith(("。", "！", "？", "；", ";", ".", "!", "?", "…"))
