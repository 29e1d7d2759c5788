"""Indicators on the way from the page to the tree, and how a run of text falls apart into third-level items."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.guideline.numbering import Number, inside, leading
from pipeline.guideline.source import join
from pipeline.guideline.words import finished

# shapes that a third level is printed in; within one list a slip from one to another is still the next item
FAMILY = ("paren", "rparen", "circled")
THIRDS = (*FAMILY, "dec_dot", "dec3", "cn_paren", "letter_C", "dec2")
_SKIP = 3  # so many numbers may be missing in a run of text before the next one is taken for something else
_BOUNDARY = re.compile(r"[。；;！!？?：:…\s”’）)]$")
_REFERENCE = re.compile(r"(第|见|表|图|附|按照?|依照|上述|前述|款|条|项|本条)\s*$")


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator as it was found: its level, the number printed before it, its words, and points beside it."""

    level: int
    number: Number | None
    text: str
    place: str
    points: float | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell or paragraph: numbered, or (only the first) what stands before the first number."""

    number: Number | None
    text: str


def pieces(lines: Sequence[str], scheme: str | None, last: int, *, printed_lines: bool) -> list[Piece]:
    """The lines of one cell as third-level items.

    `scheme` and `last`: shape and figure of the item before this cell, in the same list. `printed_lines`: the lines
    were cut by the width of the page (PDF), so that a number may come to stand at a line's start by accident.
    """
    found: list[Piece] = []
    for position, line in enumerate(lines):
        number = leading(line)
        doubtful = printed_lines and position > 0
        if number is not None and not _starts(number, scheme, last, position == 0, doubtful):
            number = None
        if doubtful and _REFERENCE.search(lines[position - 1]):
            number = None  # 详见附件第 | (3)项: the page's width cut a reference
        if (
            number is not None
            and number.scheme != scheme
            and position
            and _sublist(lines, position, number, scheme, last)
        ):
            number = None
        if number is None and found:
            found[-1] = replace(found[-1], text=join([found[-1].text, line]))
        else:
            found.append(Piece(number, line[number.end :] if number else line))
        if number is not None:
            scheme, last = number.scheme, number.last
        if scheme is not None:
            found[-1:] = run_on(found[-1], scheme, last)
            last = found[-1].number.last if found[-1].number is not None else last
    return found


def _starts(number: Number, scheme: str | None, last: int, opens: bool, doubtful: bool) -> bool:
    """Whether a number at a line's start begins an item of the list, and is no part of one."""
    if scheme is None:
        return number.scheme in THIRDS
    if number.scheme == scheme:
        return not doubtful or last < number.last <= last + _SKIP
    if opens and number.scheme in THIRDS:
        return number.last in (1, last + 1)
    return number.scheme in FAMILY and scheme in FAMILY and number.last == last + 1 and not doubtful


def _sublist(lines: Sequence[str], position: int, number: Number, scheme: str | None, last: int) -> bool:
    """Whether a number in another shape belongs to a list within the item: ① stands above ②, or (2) comes below it."""
    above = [leading(line) for line in lines[:position]]
    below = [leading(line) for line in lines[position + 1 :]]
    begun = any(n is not None and n.scheme == number.scheme and n.last == number.last - 1 for n in above[1:])
    resumed = any(n is not None and n.scheme == scheme and n.last == last + 1 for n in below)
    return begun or resumed


def run_on(piece: Piece, scheme: str, last: int) -> list[Piece]:
    """A piece cut before every further number of the list that stands within it."""
    text = piece.text
    found: list[Piece] = []
    number, start = piece.number, 0
    for position, following in inside(text, scheme, 0):
        if not _follows(text[:position], following, last, scheme):
            continue
        found.append(Piece(number, text[start:position]))
        number, start, last = following, following.end, following.last
    found.append(Piece(number, text[start:]))
    return found if found[0].text.strip() or found[0].number is not None else found[1:]


def _follows(before: str, number: Number, last: int, scheme: str) -> bool:
    """Whether a number in a run of text goes on with the list: the next figure, or one or two left out after a stop."""
    if _REFERENCE.search(before):
        return False
    at_stop = not before.strip() or bool(_BOUNDARY.search(before))
    if number.last == last + 1:
        return at_stop or scheme in FAMILY
    return last + 1 < number.last <= last + _SKIP and finished(before) and scheme in FAMILY
