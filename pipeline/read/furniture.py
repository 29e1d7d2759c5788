"""Page furniture: running heads, feet, page numbers and tables of contents.

They are known by their place and by coming back on other pages; contents by their leaders.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.read.lines import Line
from pipeline.text import normal

HEAD = 0.115  # of the page's height: GB/T 9704 sets the text from 12.5 % on
FOOT = 0.88  # GB/T 9704 sets the text to 88.2 %
DEEPEST = 3  # lines of a head or foot, at most
SHIFT = 0.012  # of the page's height: scanned pages do not lie still

RUNNING = "页眉页脚"
NUMBER = "页码"
CONTENTS = "目录"
FEWEST_ENTRIES = 3  # lines with leaders and a page number; fewer are blanks to fill in

_DASH = r"[-—–－―─·•~～\s]*"
_NUMBER = re.compile(
    rf"{_DASH}(?:\d{{1,4}}|[ivxlcⅰ-ⅻ]{{1,6}}){_DASH}"
    rf"|{_DASH}第?\s*\d{{1,4}}\s*页?\s*[,，/／|共]*\s*(?:共|总)?\s*\d{{1,4}}\s*页?{_DASH}"
    rf"|{_DASH}第\s*[\d一二三四五六七八九十百]{{1,5}}\s*页{_DASH}"
    r"|共\s*\d{1,4}\s*页[,，\s]*第\s*\d{1,4}\s*页"
    r"|(?:page|p\.?)\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"第?\s*\d{1,4}\s*(?:页|/\s*\d{1,4}|of\s*\d{1,4})|[-—–]\s*\d{1,4}\s*[-—–]|(?:(?<=\s)|^)\d{1,4}$")
_LEADER = re.compile(r"(?:[.．·•…‥‧]\s?){4,}\s*[-—]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*[-—]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page outside its tables, top to bottom. `first`, `last`: where its tables begin and end."""

    number: int
    height: float
    lines: tuple[Line, ...]
    first: float | None = None
    last: float | None = None


def is_number(text: str) -> bool:
    """Whether a line is a page number in one of the forms that word processors print."""
    return _NUMBER.fullmatch(text.strip()) is not None and any(c.isalnum() for c in text)


def furniture(pages: Sequence[PageLines]) -> Mapping[int, Mapping[Line, str]]:
    """For each page the lines that are furniture, with the name they are left out by."""
    edges = {page.number: _edge_lines(page) for page in pages}
    seen: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for page in pages:
        for line in edges[page.number]:
            seen[_pattern(line.text)].append((page.number, line.top / page.height))
    found: dict[int, dict[Line, str]] = {}
    for page in pages:
        names = {}
        for line in edges[page.number]:
            if is_number(line.text):
                names[line] = NUMBER
            elif _comes_back(seen[_pattern(line.text)], page.number, line.top / page.height):
                names[line] = RUNNING
        found[page.number] = names
    return found


def contents(pages: Sequence[PageLines]) -> Mapping[int, Mapping[Line, str]]:
    """For each page the lines of a table of contents: entries with leaders and page numbers, and their heading."""
    entries = {page.number: [line for line in page.lines if _LEADER.search(line.text)] for page in pages}
    if sum(map(len, entries.values())) < FEWEST_ENTRIES:
        return {}
    first = next(page for page in pages if entries[page.number])
    above = [line for line in first.lines if line.top < entries[first.number][0].top and normal(line.text) == "目录"]
    found = {number: dict.fromkeys(lines, CONTENTS) for number, lines in entries.items()}
    found[first.number] |= dict.fromkeys(above, CONTENTS)
    return found


def _edge_lines(page: PageLines) -> list[Line]:
    """The few lines at the very top and the very bottom of the page, where furniture stands."""
    first = min([line.top for line in page.lines] + [page.first or page.height])
    last = max([line.bottom for line in page.lines] + [page.last or 0.0])
    head = [line for line in page.lines[:DEEPEST] if line.bottom < HEAD * page.height and line.top >= first]
    foot = [line for line in page.lines[-DEEPEST:] if line.top > FOOT * page.height and line.bottom <= last]
    return head + [line for line in foot if line not in head]


def _pattern(text: str) -> str:
    """What a running line has in common on all its pages: everything but the page number in it."""
    return normal(_COUNTED.sub("", text.strip())) or text


def _comes_back(places: Sequence[tuple[int, float]], page: int, height: float) -> bool:
    return any(other != page and abs(at - height) <= SHIFT for other, at in places)
