"""Items from plain paragraphs: 一、（一）1. or 1. 1.1 (1), found out by which shapes of numbers nest in which.

Every choice of three shapes (or two, with a second level that bears no number) is tried in the order in which Chinese
documents nest them; the one that leaves the fewest breaks in the counting is taken. Deeper numbers stay words of the
third level; introductions, notes and signatures are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from pipeline.guideline.items import FAMILY, THIRDS, Item, Piece, run_on
from pipeline.guideline.numbering import RANKS, Number, heading, leading
from pipeline.guideline.source import Line, join, squeeze
from pipeline.guideline.words import column_role, finished, is_date, is_note, is_page_mark, is_total
from pipeline.model import Finding

_HEADING = 120  # characters; a second level without number is a heading, no paragraph of prose
_ASIDE = ("points", "serial", "other")  # columns beside the levels
_BREAK = 2  # what a jump in the counting costs, against one for every number that follows its predecessor
_TOP_BREAK = 5  # the same in the first level, which is counted once in a document


@dataclass(frozen=True, slots=True)
class Outline:
    """The items found, what was left out, how well the counting runs (for comparing choices), and the lines above."""

    items: tuple[Item, ...]
    findings: tuple[Finding, ...]
    score: int
    above: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    item: Item
    parts: list[str]
    children: int = 0


@dataclass(slots=True)
class _Notes:
    """What follows 注： or an upper heading. Notes may be numbered like items; `scheme` and `last` are the notes' own counting."""

    scheme: str | None = None
    last: int = 0
    chapter: bool = False  # no notes but another chapter of the document

    def count(self, number: Number) -> bool:
        """Whether this number goes on counting the notes."""
        if self.chapter or number.last != self.last + 1 or self.scheme not in (None, number.scheme):
            return False
        self.scheme, self.last = number.scheme, number.last
        return True


@dataclass(slots=True)
class _Walk:
    """One pass over the lines with one choice of shapes for levels 1, 2 and 3."""

    schemes: tuple[str, str | None, str]
    drafts: list[_Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    score: int = 0
    last: dict[int, int] = field(default_factory=dict)
    current: dict[int, _Draft] = field(default_factory=dict)
    notes: "_Notes | None" = None


def read_outline(lines: Sequence[Line]) -> Outline | None:
    """The best reading of `lines` as three levels, or None where no choice of shapes gives any."""
    kept = _with_dots([line for line in lines if not _idle(line.text)])
    shapes = {number.scheme for line in kept if (number := leading(line.text)) is not None}
    order = [scheme for scheme in RANKS if scheme in shapes or _runs_on(kept, scheme)]
    choices: list[tuple[str, str | None, str]] = [(a, b, c) for a, b, c in combinations(order, 3) if c in THIRDS]
    choices += [(a, None, c) for a, c in combinations(order, 2) if c in FAMILY]
    best: Outline | None = None
    for choice in choices:
        outline = _walk(kept, choice)
        if outline is not None and (best is None or outline.score > best.score):
            best = outline
    return best


def _with_dots(lines: list[Line]) -> list[Line]:
    """A bare figure before a heading (1 政治引领) gets its dot where the next number is the first one below it (1.1)."""
    dotted: list[Line] = []
    for position, line in enumerate(lines):
        following = leading(lines[position + 1].text) if position + 1 < len(lines) else None
        number = heading(line.text)
        first_below = number is not None and following is not None and following.path[:2] == (number.last, 1)
        if number is not None and leading(line.text) is None and first_below:
            line = replace(line, text=f"{number.last}.{line.text[number.end :]}")
        dotted.append(line)
    return dotted


def _runs_on(lines: Sequence[Line], scheme: str) -> bool:
    """Whether third levels are printed only within paragraphs, never at a paragraph's start."""
    return scheme in FAMILY and any(len(run_on(Piece(None, line.text), scheme, 0)) > 1 for line in lines)


def _idle(text: str) -> bool:
    """Names of columns, page numbers and totals, which a text export leaves between the lines."""
    return is_page_mark(text) or is_total(text) or (leading(text) is None and _is_header(text))


def _is_header(text: str) -> bool:
    """The names of columns in a line, or one such name alone (评分标准, 责任单位)."""
    roles = [column_role(word) for word in text.split()]
    if len(roles) == 1:
        return roles[0] in ("level1", "level2", "level3") or (roles[0] in _ASIDE and text.isalpha() and len(text) <= 4)
    return all(role in ("level1", "level2", "level3", *_ASIDE) for role in roles)


def _walk(lines: Sequence[Line], choice: tuple[str, str | None, str]) -> Outline | None:
    walk = _Walk(choice)
    first = None
    for index, line in enumerate(lines):
        before = len(walk.drafts)
        _line(walk, line, lines[index + 1 :])
        if first is None and len(walk.drafts) > before:
            first = index
    if first is None or not any(d.item.level == 3 for d in walk.drafts):
        return None
    drafts = _without_barren(walk)
    if choice[1] is None and not _has_headings(drafts):
        return None
    items = tuple(replace(d.item, text=join(d.parts)) for d in drafts)
    return Outline(items, tuple(walk.findings), walk.score, tuple(line.text for line in lines[:first]))


def _has_headings(drafts: list[_Draft]) -> bool:
    """Second levels without number are believed where a first level has several of them."""
    return any(d.item.level == 1 and d.children > 1 for d in drafts)


def _line(walk: _Walk, line: Line, following: Sequence[Line]) -> None:
    number = leading(line.text)
    level = _level(walk, number)
    if level is None and number is not None and number.scheme in walk.schemes and walk.notes is None:
        walk.score -= _BREAK  # the right shape in the wrong place
    if walk.notes is not None:
        if number is None or level is None or walk.notes.count(number) or not _reopens(walk, level, number):
            return
        walk.notes = None
    if number is not None and walk.drafts and RANKS.index(number.scheme) < RANKS.index(walk.schemes[0]):
        walk.notes = _Notes(chapter=True)  # 三、组织保障 after the indicators of 二、重点任务
        return
    if level is not None and number is not None:
        _numbered(walk, level, number, line)
        return
    if not walk.drafts:
        return
    if is_note(line.text):
        walk.notes = _notes(line.text)
        return
    if is_date(line.text):
        return
    _unnumbered(walk, line, following)


def _notes(text: str) -> _Notes:
    """The notes' counting after 注：1.… or 注："""
    start = max(text.find("："), text.find(":")) + 1
    number = leading(text[start:]) if start else leading(text)
    return _Notes(number.scheme, number.last) if number is not None else _Notes()


def _reopens(walk: _Walk, level: int, number: Number) -> bool:
    """After notes only the next first or second level goes on with the indicators."""
    chapter = walk.notes is not None and walk.notes.chapter
    return level < (2 if chapter else 3) and number.last == walk.last.get(level, 0) + 1


def _level(walk: _Walk, number: Number | None) -> int | None:
    if number is None or number.scheme not in walk.schemes:
        return None
    level = walk.schemes.index(number.scheme) + 1
    if level == 3 and 2 not in walk.current:
        return None
    return level if level == 1 or 1 in walk.current else None


def _numbered(walk: _Walk, level: int, number: Number, line: Line) -> None:
    text = line.text[number.end :]
    for position, piece in enumerate(_cut(walk, level, Piece(number, text))):
        actual = level if position == 0 else 3
        if piece.number is not None:
            _add(walk, actual, piece.number, piece.text, line.place)


def _cut(walk: _Walk, level: int, piece: Piece) -> list[Piece]:
    """The third levels that run on within a paragraph; after a second level's words they start with 1."""
    if level == 1:
        return [piece]
    last = piece.number.last if level == 3 and piece.number is not None else 0
    return run_on(piece, walk.schemes[2], last)


def _add(walk: _Walk, level: int, number: Number | None, text: str, place: str) -> None:
    current = walk.current.get(level)
    if level < 3 and current is not None and _repeats(current, number, text):
        return  # printed once more at the top of the next page
    if number is not None:
        expected = walk.last.get(level, 0) + 1
        walk.score += 1 if number.last == expected else -(_TOP_BREAK if level == 1 else _BREAK)
        walk.last[level] = number.last
    draft = _Draft(Item(level, number, "", place), [text])
    walk.drafts.append(draft)
    if level > 1:
        walk.current[level - 1].children += 1
    walk.current[level] = draft
    for deeper in range(level + 1, 4):
        walk.current.pop(deeper, None)
        walk.last.pop(deeper, None)


def _repeats(draft: _Draft, number: Number | None, text: str) -> bool:
    known = draft.item.number
    if known is None or number is None or known.path != number.path:
        return False
    return squeeze(join(draft.parts)).startswith(squeeze(text))


def _unnumbered(walk: _Walk, line: Line, following: Sequence[Line]) -> None:
    """A line without a number of the three shapes: a second level, the rest of the item above, or neither."""
    deepest = walk.current[max(walk.current)]
    begins = _next_number(walk, following)
    starts_list = begins is not None and begins.scheme == walk.schemes[2] and begins.last == 1
    short = len(line.text) <= _HEADING and not finished(line.text) and leading(line.text) is None
    own_number = deepest.item.level == 2 and not (line.apart and deepest.item.number is None)
    if starts_list and short and not own_number and (line.apart or finished(join(deepest.parts))):
        _add(walk, 2, None, line.text, line.place)
        return
    goes_on = begins is not None and begins.scheme == walk.schemes[2] and begins.last == walk.last.get(3, 0) + 1
    deeper = leading(line.text) is not None  # a list within the item
    unfinished = not finished(join(deepest.parts)) and not (line.apart and deepest.item.level < 3)
    belongs = (unfinished or goes_on or deeper) if deepest.item.level == 3 else not line.apart
    if belongs:
        deepest.parts.append(line.text)
    else:
        walk.findings.append(Finding(line.place, f"“{_short(line.text)}”没有编号，没有计入指标。"))


def _next_number(walk: _Walk, following: Sequence[Line]) -> Number | None:
    """The number of the next line that has one of the three shapes, if no other paragraph stands in between."""
    for line in following:
        number = leading(line.text)
        if number is not None and number.scheme in walk.schemes:
            return number
        if line.apart or is_note(line.text):
            return None
    return None


def _without_barren(walk: _Walk) -> list[_Draft]:
    """First levels without any third level are chapters of the document (总体要求, 组织保障), no indicators."""
    kept: list[_Draft] = []
    for family in _families(walk.drafts):
        if any(d.item.level == 3 for d in family):
            kept += family
            walk.score -= sum(d.item.level == 2 and not d.children for d in family)
        else:
            walk.score -= len(family)
            walk.findings.append(
                Finding(family[0].item.place, f"“{_short(join(family[0].parts))}”一部分没有三级指标，没有计入。")
            )
    return kept


def _families(drafts: list[_Draft]) -> Iterator[list[_Draft]]:
    family: list[_Draft] = []
    for draft in drafts:
        if draft.item.level == 1 and family:
            yield family
            family = []
        family.append(draft)
    if family:
        yield family


def _short(text: str) -> str:
    return squeeze(text) if len(text) <= 20 else squeeze(text)[:20] + "…"
