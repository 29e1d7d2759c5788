"""A file with several guidelines in it: the newest year is taken and the others are named, or the file is refused.

Last year's sheet beside this year's, or 附件1 for departments and 附件2 for branches in one notice. Which one counts
is never guessed: only different years in the titles decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.errors import UnusableGuideline
from pipeline.guideline.items import Item
from pipeline.guideline.source import squeeze
from pipeline.model import Finding

_REPEATED = 2  # so many first levels that start over are another guideline; one is a slip of numbering

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """One edition as a person would name it: by its title or its sheet."""

    name: str
    year: int | None


def starts(items: Sequence[Sequence[Item]]) -> list[int]:
    """Where editions begin, in a list of parts (tables, sheets) in reading order; only 0 where there is one edition.

    A part that goes on with the first level at hand, or with a new one, belongs to the edition at hand.
    """
    begins: list[int] = [0]
    groups: list[list[str]] = [[]]
    for position, part in enumerate(items):
        keys = [_key(item) for item in part if item.level == 1]
        known = groups[-1]
        if keys and keys[0] in known[:-1]:
            begins.append(position)
            groups.append([])
        groups[-1] += [key for key in keys if key not in groups[-1]]
    again = [len(set(group) & set(groups[0])) >= _REPEATED for group in groups[1:]]
    return begins if again and all(again) else [0]


def _key(item: Item) -> str:
    return str(item.number.last) if item.number is not None else squeeze(item.text)


def newest(editions: Sequence[T], name_of: Callable[[T], Named]) -> tuple[T, tuple[Finding, ...]]:
    """The edition of the latest year, with a finding for each one left out; raises where the years do not tell."""
    named = [name_of(edition) for edition in editions]
    years = [name.year for name in named]
    latest = max((year for year in years if year is not None), default=None)
    if latest is None or None in years or years.count(latest) > 1:
        titles = "、".join(f"“{name.name or '没有标题的一份'}”" for name in named)
        raise UnusableGuideline(
            f"文件里有{len(named)}份指南（{titles}），不知道用哪一份：请只留下要用的一份，另存后再放进来。"
        )
    left = tuple(
        Finding(
            f"“{name.name}”", f"文件里还有{name.year}年的一份，没有读取，用的是{latest}年的。", "请确认用对了年份。"
        )
        for name in named
        if name.year != latest
    )
    return editions[years.index(latest)], left
