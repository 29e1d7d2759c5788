"""Decisions made under another edition of the guideline, or in another year, as they hold now.

Codes move along `guideline.carry` (the matching of `guideline diff`). What a person said of a passage teaches the
classifier in later years too; scores, numbers, words and contradictions are of their year alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Decision, Guideline
from pipeline.review.decisions import DecisionBook

_EVERY_YEAR = ("code", "none")


@dataclass(frozen=True, slots=True)
class Carried:
    """`current`: decisions of this year, codes as this guideline has them. `earlier`: what earlier years teach about
    passages. `lost`: decisions whose code has no successor, for a person; they are not in the other two."""

    current: tuple[Decision, ...] = ()
    earlier: tuple[Decision, ...] = ()
    lost: tuple[Decision, ...] = ()

    @property
    def all(self) -> tuple[Decision, ...]:
        """What the classifier learns from, the oldest first."""
        return (*self.earlier, *self.current)


def short_hash(guideline: Guideline) -> str:
    """How decisions.xlsx names a guideline."""
    return guideline.sha256[:12]


def carry_over(book: DecisionBook, guideline: Guideline, year: int) -> Carried:
    """The decisions of a book as they hold under this guideline in this year."""
    codes = {i.code for i in guideline.thirds()}
    ways = _ways(book, guideline)
    current: list[Decision] = []
    earlier: list[Decision] = []
    lost: list[Decision] = []
    for decision in book.decisions:
        ours = decision.year in (None, year)
        if not ours and decision.kind not in _EVERY_YEAR:
            continue
        moved = _moved(decision, ways, codes)
        if moved is None:
            lost.append(decision)
        elif ours:
            current.append(moved)
        else:
            earlier.append(moved)
    return Carried(tuple(current), tuple(earlier), tuple(lost))


def _ways(book: DecisionBook, guideline: Guideline) -> dict[str, Mapping[str, str | None]]:
    """For every other edition that decisions name, where its codes went."""
    from pipeline.guideline import carry

    here = short_hash(guideline)
    named = {d.guideline for d in book.decisions if d.code and d.guideline and d.guideline != here}
    return {digits: carry(book.guidelines[digits], guideline) for digits in sorted(named) if digits in book.guidelines}


def _moved(decision: Decision, ways: Mapping[str, Mapping[str, str | None]], codes: set[str]) -> Decision | None:
    """The decision with its code in this guideline; None where the code has no successor or does not exist."""
    if decision.code is None:
        return decision
    way = ways.get(decision.guideline)
    code = decision.code if way is None else way.get(decision.code)
    return replace(decision, code=code) if code in codes else None


def in_force(carried: Carried, department: str) -> Sequence[Decision]:
    """The decisions of this year on one department."""
    return [d for d in carried.current if d.department == department]
