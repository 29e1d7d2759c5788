"""What a decision on one row of a table says of the other rows, in that table and in those of the same kind elsewhere.

Two tables are of one kind when their columns and their name (sheet or heading) are the same, whichever department sent
them. Rows lean to a decision and stay doubtful. Many a ledger keeps several matters: a row leans only to decisions on
rows of its own form (a date, a name, a few words, a long sentence), only where these agree, and only where what the
program is sure of in the table does not speak against it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Literal

from pipeline.model import Alternative, Decision, Evidence
from pipeline.review.match import unnumbered
from pipeline.settings import Review
from pipeline.text import fingerprint, fold, normal

Label = str | None  # a code, or None for no indicator
TableKey = tuple[object, ...]
Vote = tuple[str, Label]  # a decided row's text, and where it belongs
_YEAR = re.compile(r"[（(]?(?:20\d\d|二[〇○零]\S{2})\s*(?:学年|年度|年)?[)）]?")
_KINDS = ("code", "none")
_LISTED = 4  # alternatives that are kept beside the first
_CELLS = " | "
_FIGURES = re.compile(r"[\d\s.,，、:：%％/年月日至~～\-—()（）]+")
_SHORT, _LONG = 8, 24  # characters: a name or an office; a few words; more is a sentence
_FORM = 0.75  # of the cells: one of four or five may be filled in another way


def table_kind(item: Evidence) -> str:
    """Names the kind of table that a row stands in, for people too: 讲座论坛登记：序号、日期、主题、地点; "" for all else."""
    if item.kind != "row" or not item.columns:
        return ""
    title = item.locator.sheet or next(iter(item.heading[-1:]), "")
    title = _YEAR.sub("", unnumbered(title).replace(item.department, ""))
    return fold(f"{title}：{'、'.join(name for name in item.columns if name)}")


def school_votes(decisions: Iterable[Decision]) -> dict[str, list[Vote]]:
    """By kind of table, what was decided about its rows in all departments and years; each text counts once."""
    told: dict[tuple[str, str], Vote] = {}
    for decision in decisions:
        if decision.kind in _KINDS and decision.table:
            name = decision.fingerprint or fingerprint(decision.text)
            told[normal(decision.table), name] = (decision.text, decision.code)
    votes: dict[str, list[Vote]] = {}
    for (kind, _name), vote in told.items():
        votes.setdefault(kind, []).append(vote)
    return votes


def form(text: str) -> str:
    """The form of a row, a letter a cell: f for figures and dates, s, m and l for short, middling and long words, - for
    none."""
    letters = []
    for cell in map(str.strip, text.split(_CELLS)):
        size = "s" if len(cell) <= _SHORT else "m" if len(cell) <= _LONG else "l"
        letters.append("-" if not cell else "f" if _FIGURES.fullmatch(cell) else size)
    return "".join(letters)


def _of_one_form(one: str, two: str) -> bool:
    """Whether most cells of two rows are filled in the same way; lengths that border on each other are the same."""
    pairs = list(zip_longest(form(one), form(two), fillvalue="-"))
    same = sum(a == b or {a, b} in ({"s", "m"}, {"s", "-"}, {"f", "-"}) for a, b in pairs)
    return same >= _FORM * len(pairs)


@dataclass(slots=True)
class _Table:
    """What is known of one table: its rows decided by a person, and those that the program is sure of."""

    decided: list[Vote] = field(default_factory=list)
    sure: Counter[Label] = field(default_factory=Counter)

    def pull(self, text: str, votes: Sequence[Vote], share: float) -> Label | Literal[False]:
        """The label that such votes draw a row to; False where there is none."""
        labels = [label for other, label in votes if _of_one_form(text, other)]
        if len(set(labels)) != 1:
            return False
        against = sum(self.sure.values()) - self.sure[labels[0]]
        return labels[0] if against <= share * (len(labels) + sum(self.sure.values())) else False


def among_rows(
    items: Sequence[Evidence],
    told: Mapping[int, Label],
    school: Mapping[str, Sequence[Vote]],
    limits: Review,
) -> list[Evidence]:
    """The evidence with its doubtful rows leaning. `told`: what was decided about the rows at these places."""
    tables = _tables(items, told)
    return [_leaning(item, tables, school, limits) for item in items]


def _tables(items: Sequence[Evidence], told: Mapping[int, Label]) -> dict[TableKey, _Table]:
    tables: dict[TableKey, _Table] = {}
    for place, item in enumerate(items):
        key = _table(item)
        if key is None:
            continue
        table = tables.setdefault(key, _Table())
        if place in told:
            table.decided.append((item.text, told[place]))
        elif item.method != "decision" and (item.status == "accepted" or _sure_of_none(item)):
            table.sure[item.code] += 1
    return tables


def _sure_of_none(item: Evidence) -> bool:
    return item.status == "none" and item.method == "model"  # heads and sums are known by their layout


def _table(item: Evidence) -> TableKey | None:
    """What names the table that a row stands in; one that runs over pages is known by its columns."""
    if item.kind != "row":
        return None
    where = item.locator
    return (item.source, where.sheet, item.columns or (where.page, where.table))


def _leaning(
    item: Evidence, tables: Mapping[TableKey, _Table], school: Mapping[str, Sequence[Vote]], limits: Review
) -> Evidence:
    key = _table(item)
    if item.status != "review" or key is None:
        return item
    table, here = tables[key], "同一张表"
    label = table.pull(item.text, table.decided, limits.against)
    if isinstance(label, bool) and not table.decided and item.confidence < limits.leaning:  # the surer of both stands
        label, here = _from_elsewhere(item, table, school, limits), "同类的表"
    if isinstance(label, bool):
        return item
    where = f"归入{label}" if label else "定为不属于任何指标"
    others = tuple(a for a in item.alternatives if a.code != label)[:_LISTED]
    return replace(
        item,
        code=label,
        alternatives=(Alternative(label, limits.leaning), *_below(others, limits.leaning)),
        confidence=limits.leaning,
        why=(f"审阅人把{here}里的其他行{where}。", *item.why),
    )


def _from_elsewhere(
    item: Evidence, table: _Table, school: Mapping[str, Sequence[Vote]], limits: Review
) -> Label | Literal[False]:
    """What tables of the same kind say, where all that was decided in them, whatever its form, is of one matter."""
    votes = school.get(normal(table_kind(item)), ())
    return table.pull(item.text, votes, limits.against) if len({label for _text, label in votes}) == 1 else False


def _below(others: Sequence[Alternative], first: float) -> tuple[Alternative, ...]:
    """The other possibilities, sharing what is left as they shared the whole."""
    total = sum(a.confidence for a in others) or 1.0
    return tuple(replace(a, confidence=round((1 - first) * a.confidence / total, 4)) for a in others)


# ---------------------------------------------------------------- what a decision would settle besides


def follows(items: Sequence[Evidence], limits: Review) -> dict[str, str]:
    """For the doubtful rows of tables that seem to keep one matter, by evidence id: what names those that would lean
    together after a decision on one of them."""
    tables = _tables(items, {})
    found: dict[str, str] = {}
    for item in items:
        key = _table(item)
        if item.status != "review" or key is None:
            continue
        sure = tables[key].sure
        (first, most), *_ = sure.most_common(1) or [(item.code, 0)]
        foreign = first is None and item.code is not None  # among rows that belong nowhere it speaks for itself
        if not foreign and sum(sure.values()) - most <= limits.against * sum(sure.values()):
            found[item.id] = f"{normal(table_kind(item)) or key!r} {form(item.text).replace('m', 's')}"
    return found
