"""From runs to lines, from lines to paragraphs: what a reader's eye does with indent, fullness and spacing."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.read.sheet import Run, first_token, gather, line_text, width_of, wrapped

INDENT = 0.8  # ems: less is unevenness of a scan or a full-width bracket, not an indent
CENTRED = 2.5  # ems free on both sides, about equally: a title or a caption
WIDE_GAP = 1.75  # of the usual distance between lines: a blank line or a paragraph spacing
SIGNATURE = 0.3  # of the type area: lines that begin further in are set to the right, each for itself
OTHER_SIZE = 1.15  # 小三 against 四号 is 1.07, 三号 against 四号 1.14: larger steps are headings

_SENTENCE_END = re.compile(r"[。！？；!?;…][”’」』）)》\"']*$")
_OPEN_END = re.compile(r"[，、,（(“《：:]$")
_DATED = re.compile(r"(?:(?:19|20)\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日")
_NUMBERED = re.compile(
    r"[（(]?(?:[一二三四五六七八九十百]{1,4}|\d{1,2})[）)、．]|\d{1,2}(?:\.\d{1,2}){0,3}[.．、 ](?!\d)|"
    r"第[一二三四五六七八九十百零\d]{1,5}[章节条款次项部分]|[①-⑳]|[●○■□◆◇▪▲★※➢]|[•·-]\s|附件?\s*\d*\s*[:：]|[一二三四五六七八九]是"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text and its place on the page; `confidence` where it was recognised."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    confidence: float | None = None
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """The type area: left and right edge of full lines, the usual em and distance between lines, in points."""

    left: float
    right: float
    size: float
    leading: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. `whole`: nothing can follow it on the next page or column (a title, a caption)."""

    lines: tuple[Line, ...]
    page: int
    whole: bool = False
    prominent: bool = False

    @property
    def text(self) -> str:
        text = ""
        for line in self.lines:
            text = wrapped(text, line.text)
        return text


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """The lines that runs form, top to bottom."""
    return [line_from(group) for group in gather(runs)]


def line_from(runs: Sequence[Run]) -> Line:
    """One line of runs that are sorted from left to right."""
    weights = [len(run.text) for run in runs]
    known = [(run.confidence, n) for run, n in zip(runs, weights, strict=True) if run.confidence is not None]
    longest = max(runs, key=lambda run: len(run.text))
    return Line(
        text=line_text(runs),
        x0=runs[0].x0,
        top=min(run.top for run in runs),
        x1=max(run.x1 for run in runs),
        bottom=max(run.bottom for run in runs),
        size=longest.size,
        bold=longest.bold,
        confidence=sum(c * n for c, n in known) / sum(n for _, n in known) if known else None,
        runs=tuple(runs),
    )


def measure(lines: Sequence[Line], width: float, column: bool = False) -> Measure:
    """The type area that the lines of one page or document were set in, or of a column; `width` is the page's."""
    if not lines:
        return Measure(0.0, width, 12.0, 18.0)
    sizes = Counter[float]()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if abs(line.size - size) < 0.15 * size] or list(lines)
    left = _edge([line.x0 for line in body], size, lowest=True)
    right = _edge([line.x1 for line in body], size, lowest=False)
    mirrored = width - left
    if not column and right < left + 0.8 * (mirrored - left):
        right = mirrored  # no line is full: the type area is taken to stand in the middle of the page
    steps = [b.top - a.top for a, b in itertools.pairwise(body) if 0.8 * size < b.top - a.top < 3.5 * size]
    return Measure(left, right, size, median(steps) if steps else 1.6 * size)


def _edge(places: Sequence[float], size: float, lowest: bool) -> float:
    """The outermost place that more than a single line has."""
    ordered = sorted(places, reverse=not lowest)
    needed = max(2, len(ordered) // 20) if len(ordered) > 3 else 1
    for place in ordered:
        if sum(abs(other - place) <= size for other in ordered) >= needed:
            return place
    return ordered[0]


def paragraphs(lines: Sequence[Line], area: Measure, page: int) -> list[Paragraph]:
    """The lines of one page or column, top to bottom, as paragraphs."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and follows(groups[-1], line, area):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group, area, page) for group in groups]


def _paragraph(group: Sequence[Line], area: Measure, page: int) -> Paragraph:
    first = group[0]
    prominent = first.size >= OTHER_SIZE * area.size or first.bold or centred(first, area)
    whole = all(centred(line, area) for line in group) or first.size >= OTHER_SIZE * area.size
    return Paragraph(tuple(group), page, whole=whole, prominent=prominent)


def centred(line: Line, area: Measure) -> bool:
    """Whether the line stands in the middle of the type area, free on both sides."""
    before, after = line.x0 - area.left, area.right - line.x1
    free = CENTRED * area.size
    return before > free and after > free and abs(before - after) < 0.2 * (area.right - area.left)


def follows(group: Sequence[Line], line: Line, area: Measure) -> bool:
    """Whether `line` goes on with the paragraph that `group` has begun."""
    before = group[-1]
    if not OTHER_SIZE > line.size / before.size > 1 / OTHER_SIZE:
        return False
    if line.top - before.top > WIDE_GAP * max(area.leading, 1.2 * before.size):
        return False
    if centred(line, area) and (centred(before, area) or before.size >= OTHER_SIZE * area.size):
        return _title_goes_on(before, line, area)
    return runs_on(group, line, area)


def _title_goes_on(before: Line, line: Line, area: Measure) -> bool:
    """A title of two lines: larger than the text, and the upper line is not ended."""
    return before.size >= OTHER_SIZE * area.size and line.bold == before.bold and not _SENTENCE_END.search(before.text)


def runs_on(group: Sequence[Line], line: Line, area: Measure, after: Measure | None = None) -> bool:
    """The same without looking at distances: also for the first line of the next page, set in the area `after`."""
    before = group[-1]
    now = after or area
    em = area.size
    if not full(before, line, area):
        return False
    indent, indent_before = line.x0 - now.left, before.x0 - area.left
    if indent > SIGNATURE * (now.right - now.left) and indent > indent_before - em:
        return False
    numbered = _NUMBERED.match(line.text) is not None
    ended = _SENTENCE_END.search(before.text) is not None
    if indent < INDENT * em:
        # minutes without indents begin each entry with its day; under an indented first line it is a sentence's day
        dated = _DATED.match(line.text) is not None and group[0].x0 - area.left < INDENT * em
        return not ((numbered or dated) and ended)
    if numbered:
        return False
    if len(group) == 1 and not after:
        # the first line hangs out, or both stand in: a quotation, or two paragraphs of one full line each
        return not ended and indent > indent_before - INDENT * em
    if abs(indent - indent_before) < INDENT * em:
        return not ended or len(group) > 1
    return _OPEN_END.search(before.text) is not None


def full(line: Line, following: Line, area: Measure) -> bool:
    """Whether the line was ended by lack of room: what the next one begins with did not fit any more."""
    need = width_of(following.text[: first_token(following.text)], following.size)
    spare = 0.1 if _SENTENCE_END.search(line.text) else 0.4
    return area.right - line.x1 < min(need, 0.5 * (area.right - area.left)) + spare * area.size
