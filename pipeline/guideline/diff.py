"""Two editions of a guideline side by side, and where each code of the old one went.

Third levels are paired so that the sum of their likeness is greatest (Hungarian method, Kuhn 1955); equal words count
fully wherever they stand, an equal code helps, and what is too unlike stays unpaired: removed and added.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from pipeline.guideline.words import words
from pipeline.model import PERIOD_NAMES, Change, Guideline, Indicator, Requirement
from pipeline.text import normal

Piece = tuple[Literal["=", "-", "+"], str]


def diff(old: Guideline, new: Guideline) -> tuple[Change, ...]:
    """One change a third-level indicator, in the new edition's order; a removed one stands after its old neighbour."""
    before, after = old.thirds(), new.thirds()
    pairs = _pairs(old, new)
    back = {j: i for i, j in pairs.items()}
    changes = [_change(before[back[j]] if j in back else None, indicator) for j, indicator in enumerate(after)]
    for i, indicator in enumerate(before):
        if i not in pairs:
            changes.insert(_place(changes, before[:i]), _change(indicator, None))
    return tuple(changes)


def carry(old: Guideline, new: Guideline) -> dict[str, str | None]:
    """For every third-level code of the old edition its code in the new one, or None where it was removed."""
    codes = {change.old: change.new for change in diff(old, new) if change.old is not None}
    return {indicator.code: codes[indicator.code] for indicator in old.thirds()}


def requirement_words(requirement: Requirement) -> str:
    """A requirement in short: 每年至少2次, 至少32学时, 不低于90%, 每次都要, 按期换届."""
    if requirement.kind == "tenure":
        return "按期换届"
    if requirement.kind == "each":
        return "每次都要"
    if requirement.minimum is None:
        return requirement.text
    period = PERIOD_NAMES[requirement.period] if requirement.period else ""
    figure = f"{requirement.minimum:g}{requirement.unit}"
    return f"{period}不低于{figure}" if requirement.kind == "ratio" else f"{period}至少{figure}"


# ---------------------------------------------------------------- pairing


def _pairs(old: Guideline, new: Guideline) -> dict[int, int]:
    """Positions of old third levels to positions of new ones."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    before, after = old.thirds(), new.thirds()
    if not before or not after:
        return {}
    likeness = numpy.array([[_likeness(a, b, old, new) for b in after] for a in before])
    rows, columns = linear_sum_assignment(-likeness)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if likeness[i, j] > 0}


def _likeness(a: Indicator, b: Indicator, old: Guideline, new: Guideline) -> float:
    """0 where the two cannot be one indicator; else how much alike they are, with a little more for the same place."""
    from rapidfuzz.distance import Indel

    limits = words().limits
    one, two = normal(a.text), normal(b.text)
    place = (limits.same_code_bonus if a.code == b.code else 0.0) + (
        limits.same_code_bonus if _above(a, old) == _above(b, new) else 0.0
    )
    if one == two:
        return 2.0 + place
    alike: float = Indel.normalized_similarity(one, two)
    return alike + place if alike >= (limits.alike_same_code if a.code == b.code else limits.alike) else 0.0


def _above(indicator: Indicator, guideline: Guideline) -> str:
    return normal(guideline.get(indicator.parent).text) if indicator.parent else ""


def _change(a: Indicator | None, b: Indicator | None) -> Change:
    if a is None:
        assert b is not None
        return Change(None, b.code, "added", "", b.text, (("+", b.text),), tuple(_figures((), b.requirements)))
    if b is None:
        return Change(a.code, None, "removed", a.text, "", (("-", a.text),), tuple(_figures(a.requirements, ())))
    if normal(a.text) != normal(b.text):
        kind: Literal["same", "reworded", "moved"] = "reworded"
    else:
        kind = "same" if a.code == b.code else "moved"
    return Change(
        a.code,
        b.code,
        kind,
        a.text,
        b.text,
        tuple(_words(a.text, b.text)),
        tuple(_figures(a.requirements, b.requirements)),
    )


def _place(changes: Sequence[Change], before: Sequence[Indicator]) -> int:
    """After the nearest old neighbour above that is among the changes."""
    codes = [change.old for change in changes]
    for indicator in reversed(before):
        if indicator.code in codes:
            return codes.index(indicator.code) + 1
    return 0


# ---------------------------------------------------------------- words and figures


def _words(old: str, new: str) -> Iterator[Piece]:
    """The two texts as kept, removed and new pieces; single kept characters between changes join the change."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    gone = fresh = ""
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal" and (j - i > 1 or not (gone or fresh) or j == len(old)):
            yield from _flush(gone, fresh)
            gone = fresh = ""
            yield "=", old[i:j]
            continue
        gone += old[i:j]
        fresh += new[k:m]
    yield from _flush(gone, fresh)


def _flush(gone: str, fresh: str) -> Iterator[Piece]:
    if gone:
        yield "-", gone
    if fresh:
        yield "+", fresh


def _figures(old: Sequence[Requirement], new: Sequence[Requirement]) -> Iterator[str]:
    """Requirements that came, went, or ask for another figure or period."""
    rest = list(new)
    for one in old:
        same = next((r for r in rest if _figure(r) == _figure(one)), None)
        other = same or next((r for r in rest if r.kind == one.kind and r.unit == one.unit), None)
        if other is None:
            yield f"不再要求：{requirement_words(one)}（{one.text}）"
            continue
        rest.remove(other)
        if same is None:
            yield f"{requirement_words(one)}改为{requirement_words(other)}（{other.text}）"
    for fresh in rest:
        yield f"新要求：{requirement_words(fresh)}（{fresh.text}）"


def _figure(requirement: Requirement) -> tuple[str, str | None, float | None, str]:
    return requirement.kind, requirement.period, requirement.minimum, requirement.unit
