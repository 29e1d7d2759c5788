"""Contradictions and files that are alike, known by what they say: a settled one stays settled when files are renamed,
moved within the department or saved again, and opens again when what it was about has changed.

A name is `<12 hex digits>:<sketch>`; the sketch holds the least hashes of the texts concerned (Broder 1997), so that two
sketches tell how much of the texts is the same.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.intake.signature import SAME_SKETCH, sketch, sketch_share
from pipeline.model import Conflict, Decision, Duplicate
from pipeline.review.decisions import BOTH_KEPT, FIRST_KEPT, SECOND_KEPT
from pipeline.text import fingerprint, normal

PAIR = " ↔ "  # between the paths of two files that are alike, in the text of a decision
_BOTH = "|"  # between the names of their contents, in its fingerprint
WAITING = ("两处都要更正", "退回核实")  # decided, but the department has yet to answer
_SWAPPED = {FIRST_KEPT: SECOND_KEPT, SECOND_KEPT: FIRST_KEPT}
_NAMES = re.compile(
    "“[^”]*”|（(?:[^（）]|（[^（）]*）)*）"
)  # file names, places and titles in a contradiction's message
_HASH = 8  # hex digits


# ---------------------------------------------------------------- contradictions


def conflict_text(kind: str, message: str) -> str:
    """What a person reads of a contradiction in decisions.xlsx."""
    return f"{kind}：{message}"


def conflict_name(conflict: Conflict, texts: Mapping[str, str]) -> str:
    """Names a contradiction by its kind, its figures and the passages it cites; `texts`: passages by evidence id."""
    said = f"{conflict.kind}\0{normal(_NAMES.sub('', conflict.message))}"
    digits = hashlib.sha256(said.encode()).hexdigest()[:12]
    hashes = (int(fingerprint(texts[i])[:_HASH], 16) for i in conflict.evidence if i in texts)
    return f"{digits}:{sketch(hashes)}"


def open_conflicts(
    conflicts: Sequence[Conflict], decisions: Sequence[Decision], texts: Mapping[str, str]
) -> tuple[Conflict, ...]:
    """Without those that a person settled; one that the department has yet to correct stays, and says so."""
    settled = [d for d in decisions if d.kind == "conflict" and PAIR not in d.text]
    kept = []
    for conflict in conflicts:
        name = conflict_name(conflict, texts)
        by_words = fingerprint(conflict_text(conflict.kind, conflict.message))  # a row written by hand
        decision = next((d for d in reversed(settled) if _settles(d, conflict.department, name, by_words)), None)
        if decision is None:
            kept.append(conflict)
        elif decision.value in WAITING:
            kept.append(replace(conflict, message=f"{conflict.message}（复核：{decision.value}，{decision.id}）"))
    return tuple(kept)


def _settles(decision: Decision, department: str, name: str, by_words: str) -> bool:
    same = decision.fingerprint == by_words or same_conflict(decision.fingerprint, name)
    return decision.department == department and same


def same_conflict(one: str, two: str) -> bool:
    """Whether two names are of one contradiction."""
    head, _, marks = one.partition(":")
    other_head, _, other_marks = two.partition(":")
    return (
        bool(head) and head == other_head and (marks == other_marks or sketch_share(marks, other_marks) >= SAME_SKETCH)
    )


# ---------------------------------------------------------------- files that are alike


def pair_text(first: str, second: str) -> str:
    """What a person reads of two files that are alike in decisions.xlsx: their paths when it was decided."""
    return f"{first}{PAIR}{second}"


def pair_name(pair: Duplicate) -> str:
    """Names two files that are alike by their contents; "" where these are not known."""
    return _BOTH.join(pair.contents) if all(pair.contents) else ""


@dataclass(frozen=True, slots=True)
class Doubles:
    """What people's decisions leave of the files that are alike.

    `open`: pairs for a person to look at. `left_out`: paths that are not to count, with the decision; `inside`: of
    those the ones whose other file is the same department's, with that file; `kept`: those that count though the
    program would have taken the other.
    """

    open: tuple[Duplicate, ...]
    left_out: Mapping[str, Decision] = field(default_factory=dict)
    inside: Mapping[str, str] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()


def settle_doubles(duplicates: Sequence[Duplicate], decisions: Iterable[Decision]) -> Doubles:
    """Ties each decision on two files to the pair that it is about, whatever the files are called now."""
    about = [d for d in decisions if d.kind == "conflict" and PAIR in d.text]
    if not about:
        return Doubles(tuple(duplicates))
    settled = _tied(duplicates, about)
    still: list[Duplicate] = []
    left_out: dict[str, Decision] = {}
    inside: dict[str, str] = {}
    instead: dict[str, str] = {}
    kept: set[str] = set()
    for place, pair in enumerate(duplicates):
        decision, value = settled.get(place, (None, ""))
        if decision is None:
            still.append(pair)
        elif value in WAITING:
            still.append(replace(pair, reason=f"{pair.reason}（复核：{value}，{decision.id}）"))
        elif value == BOTH_KEPT:
            kept |= {pair.first, pair.second}
        else:
            stays, goes = (pair.first, pair.second) if value == FIRST_KEPT else (pair.second, pair.first)
            if goes not in _last_of(stays, instead):  # decisions that go in a circle leave one file all the same
                left_out[goes], instead[goes] = decision, stays
                kept.add(stays)
                if pair.first_department == pair.second_department and pair.kind != "last_year":
                    inside[goes] = stays.rpartition("/")[2]
    return Doubles(tuple(still), left_out, inside, frozenset(kept))


def _last_of(path: str, instead: Mapping[str, str]) -> tuple[str, ...]:
    """The file and those that count instead of it, one after the other."""
    chain = [path]
    while chain[-1] in instead:
        chain.append(instead[chain[-1]])
    return tuple(chain)


def _tied(duplicates: Sequence[Duplicate], about: Sequence[Decision]) -> dict[int, tuple[Decision, str]]:
    """For a pair's place the decision on it, and what it says with the pair's own first and second; the latest wins."""
    fits: list[tuple[tuple[float, ...], int, int, bool]] = []
    for place, pair in enumerate(duplicates):
        here = (pair.first, pair.second), pair.contents
        for number, decision in enumerate(about):
            for swapped in (False, True):
                fit = _fit(here, _there(decision, swapped))
                if fit is not None:
                    fits.append(((*fit, -place, number), place, number, swapped))
    found: dict[int, tuple[Decision, str]] = {}
    used: set[int] = set()
    for _score, place, number, swapped in sorted(fits, key=lambda f: (f[0], not f[3]), reverse=True):
        if place not in found and number not in used:
            used.add(number)
            value = about[number].value
            found[place] = (about[number], _SWAPPED.get(value, value) if swapped else value)
    return found


Sides = tuple[tuple[str, str], tuple[str, str]]  # paths and contents, of the first and the second file


def _there(decision: Decision, swapped: bool) -> Sides:
    paths = decision.text.split(PAIR, 1)
    contents = decision.fingerprint.split(_BOTH, 1) if _BOTH in decision.fingerprint else ["", ""]
    if swapped:
        paths, contents = paths[::-1], contents[::-1]
    return (paths[0], paths[1]), (contents[0], contents[1])


def _fit(here: Sides, there: Sides) -> tuple[float, ...] | None:
    """How well a decision fits a pair, side by side; None where it is about other files."""
    (paths, contents), (their_paths, their_contents) = here, there
    if not all(their_contents):  # written by hand, or by a version that knew paths alone
        return (2.0, 0.0, 0.0) if paths == their_paths else None
    if any(_home(a) != _home(b) for a, b in zip(paths, their_paths, strict=True)):
        return None
    shares = [_share(a, b) for a, b in zip(contents, their_contents, strict=True)]
    if not all(share >= SAME_SKETCH for share in shares):
        return None
    named = sum(a == b for a, b in zip(paths, their_paths, strict=True))
    bytewise = sum(a == b for a, b in zip(contents, their_contents, strict=True))
    return float(named), float(bytewise), sum(shares)


def _home(path: str) -> str:
    """The department's folder, or the year's: a file may move within it."""
    return "/".join(path.split("/")[: 3 if path.startswith("inputs/submissions/") else 2]).partition("：")[0]


def _share(one: str, two: str) -> float:
    """How much of two contents is the same, by their names."""
    digits, _, marks = one.partition(":")
    other_digits, _, other_marks = two.partition(":")
    return 1.0 if digits == other_digits else sketch_share(marks, other_marks)


def as_settled_before(decision: Decision, before: Iterable[Decision]) -> Decision:
    """A decision on a contradiction or on two files, named as an earlier one on the same matter named it."""
    if decision.kind != "conflict":
        return decision
    for other in before:
        if other.kind != "conflict" or (PAIR in other.text) != (PAIR in decision.text):
            continue
        if PAIR not in decision.text:
            same = other.department == decision.department and (
                same_conflict(other.fingerprint, decision.fingerprint) or other.text == decision.text
            )
            if same:
                return replace(decision, fingerprint=other.fingerprint)
            continue
        for swapped in (False, True):
            if _fit(_there(decision, False), _there(other, swapped)) is not None:
                value = _SWAPPED.get(decision.value, decision.value) if swapped else decision.value
                return replace(decision, text=other.text, fingerprint=other.fingerprint, value=value)
    return decision
