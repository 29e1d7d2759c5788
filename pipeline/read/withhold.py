"""Columns about single persons' ethnicity, religion or health: read for counts only, never passed on.

Any reader of tables may ask; the words are in data/sheets.toml. A column of numbers (少数民族人数) or of work
(民族团结教育) is none, and a table that names no persons has none.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import msgspec

from pipeline.settings import data_text
from pipeline.text import fold

SKIPPED = "敏感列"  # the name in the ledger of characters
_NOTHING = frozenset({"", "无", "否", "健康", "良好", "正常", "无宗教信仰", "不信教", "/", "-", "—", "没有", "未知"})
_LONGEST_NAME = 12  # characters of a column's own name: a longer one is a sentence


@dataclass(frozen=True, kw_only=True)
class Words:
    """The table `[withhold]` of sheets.toml."""

    ethnicity: tuple[str, ...]
    religion: tuple[str, ...]
    health: tuple[str, ...]
    persons: tuple[str, ...]
    numbers: tuple[str, ...]


@cache
def _words() -> Words:
    return msgspec.convert(tomllib.loads(data_text("sheets.toml"))["withhold"], Words)


def sensitive_columns(columns: Sequence[str]) -> dict[int, str]:
    """Which columns of a table of persons are withheld: their place (from 0) and their own name."""
    own = ["".join(name.rpartition("/")[2].split()) for name in columns]
    if not any(_names_person(name) for name in own):
        return {}
    return {i: name for i, name in enumerate(own) if is_sensitive(name)}


def _names_person(name: str) -> bool:
    words = _words()
    return any(word in name for word in words.persons) and not any(word in name for word in words.numbers)


def is_sensitive(name: str) -> bool:
    """Whether a column or label of this name tells a person's ethnicity, religion or health."""
    words = _words()
    if len(name) > _LONGEST_NAME or any(word in name for word in words.numbers):
        return False
    return any(word in name for word in (*words.ethnicity, *words.religion, *words.health))


def sensitive_values(cells: Sequence[str]) -> list[int]:
    """In a form's row of labels and values (姓名 | 甲 | 民族 | 汉族): the places of the values to withhold."""
    own = ["".join(cell.split()).strip("：:") for cell in cells]
    if not any(_names_person(name) for name in own):
        return []
    return [i + 1 for i, name in enumerate(own[:-1]) if is_sensitive(name) and not is_sensitive(own[i + 1])]


def sentence(place: str, name: str, values: Iterable[str]) -> str:
    """The note that names a withheld column, with the counts that may be known."""
    kept = Counter(value for value in map(fold, values) if value)
    total = sum(kept.values())
    words = _words()
    if any(word in name for word in words.ethnicity):
        han = sum(n for value, n in kept.items() if value in ("汉", "汉族"))
        counts = f"共{total}人，其中汉族{han}人、少数民族{total - han}人"
    else:
        counts = f"共{total}人填写，其中有具体情况的{sum(n for v, n in kept.items() if v not in _NOTHING)}人"
    return f"{place}的“{name}”属于个人敏感信息，只计数（{counts}），内容没有收入。"
