"""Decisions made under another edition of the guideline, or in another year, as they hold now.

Codes move along `guideline.carry` (the matching of `guideline diff`). What a person said of a passage teaches the
classifier in later years too; scores, numbers, words and contradictions are of their year alone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Decision, Guideline, Problem
from pipeline.review.decisions import DecisionBook, read_decisions
from pipeline.workspace import Workspace

_EVERY_YEAR = ("code", "none")
_SHOWN = 40  # characters of a passage in a message
STALE_WORDS = "所决定的文字在这个单位的材料里已找不到，没有执行。请核对后在 decisions.xlsx 里改写或删去这一行。"


@dataclass(frozen=True, slots=True)
class Carried:
    """`current`: decisions of this year, codes as this guideline has them. `earlier`: what earlier years teach about
    passages. `lost`: decisions whose code has no successor, for a person; they are not in the other two."""

    current: tuple[Decision, ...] = ()
    earlier: tuple[Decision, ...] = ()
    lost: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()  # rows that nobody can understand

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
    return Carried(tuple(current), tuple(earlier), tuple(lost), book.problems)


def recall(workspace: Workspace, guideline: Guideline, year: int) -> Carried:
    """The decisions of a workspace as they hold for one run; raises UnusableWorkspace as `read_decisions` does."""
    return carry_over(read_decisions(workspace), guideline, year)


def unheeded(carried: Carried, departments: Collection[str], stale: Iterable[Decision]) -> tuple[Problem, ...]:
    """What of the decisions a run could not carry out, each with its row and the remedy."""
    found = list(carried.problems)
    found += [_problem(d, f"的文字在{d.department}的材料里已找不到（{_words(d)}），没有执行") for d in stale]
    for decision in carried.current:
        if decision.department and decision.department not in departments and decision.kind != "number":
            found.append(_problem(decision, f"的单位“{decision.department}”不在这次的单位里，没有执行"))
    found += [
        _problem(d, f"的指标“{d.code}”在现在的指南里没有对应的一项（{_words(d)}），没有执行")
        for d in carried.lost
        if d.kind != "number"
    ]
    return tuple(found)


def _problem(decision: Decision, message: str) -> Problem:
    place = f"第{decision.row}行" if decision.row else ""
    return Problem("inputs/decisions.xlsx", "review", f"{decision.id}{message}。", "请核对后改写或删去这一行。", place)


def _words(decision: Decision) -> str:
    text = decision.text or decision.value
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[: _SHOWN - 1]}…”"


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


def in_force(decisions: Sequence[Decision], department: str, year: int) -> tuple[Decision, ...]:
    """The decisions of this year on one department, or on all ("")."""
    return tuple(d for d in decisions if d.department in ("", department) and d.year in (None, year))


def teaching(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that the classifier learns from; with these alone it must learn anew."""
    return tuple(d for d in decisions if d.kind in _EVERY_YEAR)
