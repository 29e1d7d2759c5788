"""A guideline as PDF: ruled tables by their lines, other text by its place on the page; scans and passwords refused.

Lines that the page's width cut are joined again without a blank. Page numbers and lines that stand at the same place on
most pages are no text of the guideline.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import UnusableGuideline
from pipeline.guideline.numbering import leading
from pipeline.guideline.package import DAMAGED, PASSWORD
from pipeline.guideline.source import Cell, Grid, Line, Source, clean, join, squeeze
from pipeline.guideline.words import is_page_mark, words
from pipeline.model import Finding

if TYPE_CHECKING:
    from pdfplumber.page import Page

SCAN = "指南是扫描件，里面没有文字：请换成 Word 原件或可以复制文字的 PDF。"
GARBLED = "指南的文字复制出来是乱码（字体没有嵌入文字编码）：请换成 Word 原件，或重新导出 PDF。"
_PAGES = 300  # a guideline has some ten pages
_EM = 1.6  # so many characters short of the margin ends a paragraph; so far right of it begins one
_WORD_GAP = 0.15  # of the type size: between two Latin letters that is a blank
_BLANK_GAP = 0.22  # narrower than that, a blank in the file is only how the program spaced Chinese and figures
_WIDE_GAP = 0.8  # the same between other characters; Word itself sets 0.25 between Chinese and figures
_FULL_LINES = 5  # so many lines (and a fifth of all) with one end are the body's full lines
_NEARLY = 0.9  # of the width that the left margin's mirror gives; a farthest line short of that is no full one
_STROKE = 2.0  # points; thicker than that is a box
_MIDDLE = (0.35, 0.8)  # of a character's height from its top: a line there strikes it out, one below underlines it
_SAME = 3.0  # points; edges and lines nearer than that are one
_GARBLED_SHARE = 0.2  # of the characters without a Unicode value, above which the text cannot be used
_TABLE = {"vertical_strategy": "lines", "horizontal_strategy": "lines", "snap_tolerance": 4, "join_tolerance": 4}


@dataclass(frozen=True, slots=True)
class _Row:
    """One printed line and where it stands."""

    text: str
    page: int
    left: float
    right: float
    top: float
    size: float


def read(data: bytes) -> Source:
    """Tables and paragraphs of all pages; raises UnusableGuideline."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > _PAGES:
                raise UnusableGuideline(f"文件有{len(document.pages)}页，不像是指南：请确认放入的文件。")
            width = max((float(page.width) for page in document.pages), default=0.0)
            pages = [_page(page) for page in document.pages]
    except PdfminerException as error:
        inner = error.args[0] if error.args else error
        raise UnusableGuideline(PASSWORD if isinstance(inner, PDFPasswordIncorrect) else DAMAGED) from error
    except PDFPasswordIncorrect as error:
        raise UnusableGuideline(PASSWORD) from error
    except (
        PDFException,
        PSException,
        MalformedPDFException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
    ) as error:
        # pdfminer trusts a file's structure; a damaged one ends in any of these
        raise UnusableGuideline(DAMAGED) from error
    _refuse_without_text(pages)
    furniture = _furniture([rows for _, rows, _ in pages])
    return Source(tuple(_blocks(pages, furniture, width)), tuple(_notes(pages)), page_cuts=True)


def _notes(pages: list["_PageParts"]) -> Iterator[Finding]:
    if struck := sum(counts.struck for _, _, counts in pages):
        yield Finding(
            "全文",
            f"有{struck}个字被划去（像是打印了未接受的修订），没有计入文字。",
            "请换成接受或拒绝全部修订后的文件。",
        )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What a page's characters are: all, those without a Unicode value, those struck through."""

    all: int
    garbled: int
    struck: int


_PageParts = tuple[list[tuple[float, Grid]], list[_Row], _Counts]


def _page(page: "Page") -> _PageParts:
    """The page's tables with their tops, its lines outside of them, and its counts of characters."""
    characters = _without_struck(_upright(page.dedupe_chars(tolerance=1).chars), page)
    garbled = sum("(cid:" in c["text"] or "\ue000" <= c["text"][:1] <= "\uf8ff" for c in characters)
    tables = [t for t in page.find_tables(_TABLE) if len(t.cells) > 1]
    boxes = [table.bbox for table in tables]
    grids = [(table.bbox[1], _grid(characters, table, page.page_number)) for table in tables]
    outside = [c for c in characters if not any(_within(c, box) for box in boxes)]
    rows = [
        _Row(text, page.page_number, line[0]["x0"], line[-1]["x1"], line[0]["top"], max(c["size"] for c in line))
        for line in _lines(outside)
        if (text := _line_text(line)).strip()
    ]
    page.close()
    return grids, rows, _Counts(len(characters), garbled, sum(not c["text"] for c in characters))


def _without_struck(characters: list[dict[str, Any]], page: "Page") -> list[dict[str, Any]]:
    """Characters that a line runs through lose their text, not their place: deletions that were open when printed."""
    strokes = [s for s in (*page.lines, *page.rects) if s["height"] < _STROKE and s["width"] > _STROKE]
    return [{**c, "text": ""} if any(_strikes(stroke, c) for stroke in strokes) else c for c in characters]


def _strikes(stroke: dict[str, Any], character: dict[str, Any]) -> bool:
    height = max(character["bottom"] - character["top"], 1.0)
    at = ((stroke["top"] + stroke["bottom"]) / 2 - character["top"]) / height
    middle = (character["x0"] + character["x1"]) / 2
    return bool(stroke["x0"] <= middle <= stroke["x1"] and _MIDDLE[0] < at < _MIDDLE[1])


def _upright(characters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without a watermark's slanted characters; a page that is slanted as a whole stays."""
    upright = [c for c in characters if c["upright"]]
    return upright if len(upright) * 2 > len(characters) else characters


def _lines(characters: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Characters as printed lines, top to bottom, each from left to right without blanks at its start."""
    lines: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=lambda c: (c["top"] + c["bottom"]) / 2):
        middle = (character["top"] + character["bottom"]) / 2
        if lines and middle - (lines[-1][0]["top"] + lines[-1][0]["bottom"]) / 2 < lines[-1][0]["size"] / 2:
            lines[-1].append(character)
        else:
            lines.append([character])
    for line in lines:
        line.sort(key=lambda c: c["x0"])
        while line and line[0]["text"].isspace():
            line.pop(0)
    return [line for line in lines if line]


def _line_text(line: list[dict[str, Any]]) -> str:
    """Blanks are those that the file holds, and wide gaps; the gap that Word sets between Chinese and figures is none."""
    text = ""
    blank = False
    right = line[0]["x0"]
    for character in line:
        sign = character["text"]
        if sign.isspace():
            blank = True
            continue
        gap = (character["x0"] - right) / max(character["size"], 1.0)
        latin = text[-1:].isascii() and text[-1:].isalpha() and sign[:1].isascii() and sign[:1].isalpha()
        if text and ((blank and gap > _BLANK_GAP) or gap > (_WORD_GAP if latin else _WIDE_GAP)):
            text += " "
        text += sign
        blank = False
        right = character["x1"]
    text += " " if blank else ""
    return clean(text).lstrip()


def _within(thing: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    middle = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= middle[0] <= box[2] and box[1] <= middle[1] <= box[3])


def _grid(characters: list[dict[str, Any]], table: Any, page: int) -> Grid:
    """The table with merged cells in every slot that they cover, found by the places of their edges."""
    lefts = _edges([cell[0] for cell in table.cells])
    tops = _edges([cell[1] for cell in table.cells])
    slots: dict[tuple[int, int], Cell] = {}
    order = {top: index for index, top in enumerate(tops)}
    for left, top, right, bottom in sorted(table.cells, key=lambda c: (c[1], c[0])):
        row = order[_nearest(top, tops)]
        own = [c for c in characters if _within(c, (left, top, right, bottom))]
        lines = tuple(text for line in _lines(own) if (text := _line_text(line)).strip())
        cell = Cell(lines, f"第{page}页表格第{row + 1}行")
        for r, edge_top in enumerate(tops):
            for c, edge_left in enumerate(lefts):
                if top - _SAME <= edge_top < bottom - _SAME and left - _SAME <= edge_left < right - _SAME:
                    slots.setdefault((r, c), cell)
    return Grid(tuple(tuple(slots.get((r, c)) for c in range(len(lefts))) for r in range(len(tops))))


def _edges(values: list[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME:
            edges.append(value)
    return edges


def _nearest(value: float, edges: list[float]) -> float:
    return min(edges, key=lambda edge: abs(edge - value))


def _refuse_without_text(pages: list[_PageParts]) -> None:
    characters = sum(counts.all for _, _, counts in pages)
    garbled = sum(counts.garbled for _, _, counts in pages)
    if characters < 20 * max(1, len(pages)) and characters < words().limits.header_length * len(pages) * 2:
        raise UnusableGuideline(SCAN)
    if garbled > characters * _GARBLED_SHARE:
        raise UnusableGuideline(GARBLED)


def _furniture(pages: list[list[_Row]]) -> set[str]:
    """Lines that stand at the top or bottom of most pages, figures aside: headers and footers."""
    if len(pages) < 3:
        return set()
    seen: Counter[str] = Counter()
    for rows in pages:
        seen.update({_pattern(row.text) for row in [*rows[:2], *rows[-2:]]})
    return {pattern for pattern, count in seen.items() if count * 2 > len(pages)}


def _pattern(text: str) -> str:
    return re.sub(r"\d+", "#", squeeze(text))


def _blocks(pages: list[_PageParts], furniture: set[str], width: float) -> Iterator[Line | Grid]:
    """Tables and joined paragraphs in the order in which they stand."""
    rows = [row for _, page_rows, _ in pages for row in page_rows]
    left = _left_margin(rows)
    margin = _right_margin(rows, left, width)
    open_rows: list[_Row] = []
    for grids, page_rows, _ in pages:
        kept = [r for r in page_rows if not is_page_mark(r.text) and _pattern(r.text) not in furniture]
        things: list[tuple[float, _Row | Grid]] = [*((r.top, r) for r in kept), *grids]
        for _, thing in sorted(things, key=lambda t: t[0]):
            if isinstance(thing, Grid):
                yield from _paragraph(open_rows)
                open_rows = []
                yield thing
            elif open_rows and _goes_on(open_rows[-1], thing, left, margin):
                open_rows.append(thing)
            else:
                yield from _paragraph(open_rows)
                open_rows = [thing]
    yield from _paragraph(open_rows)


def _paragraph(rows: list[_Row]) -> Iterator[Line]:
    if rows:
        yield Line(join([row.text for row in rows]).strip(), f"第{rows[0].page}页")


def _right_margin(rows: list[_Row], left: float, width: float) -> float:
    """Where full lines end: the farthest end that several lines share, or the left margin's mirror where no line is full."""
    ends = Counter(round(row.right / _SAME) for row in rows)
    shared = [end for end, count in ends.items() if count >= _FULL_LINES and count * 5 >= len(rows)]
    farthest = max(ends, default=0)
    alone = ends[farthest] == 1 and bool(shared) and (farthest - max(shared)) * _SAME > 3 * rows[0].size
    margin = (max(shared) if alone else farthest) * _SAME
    return margin if margin > (width - left) * _NEARLY else width - left


def _left_margin(rows: list[_Row]) -> float:
    starts = Counter(round(row.left / _SAME) for row in rows)
    shared = [start for start, count in starts.items() if count >= 3]
    return min(shared or list(starts) or [0]) * _SAME


def _unbroken(text: str) -> float:
    """The width, in ems, of what no line end may part at the start of `text`: a figure or word, and the stop after it."""
    word = re.match(r"[!-~]*", text)
    length = len(word[0]) if word else 0
    return length * 0.55 + (1.0 if length and text[length : length + 1] in "。，、；：）” " else 0.0)


def _goes_on(above: _Row, below: _Row, left: float, margin: float) -> bool:
    """Whether a printed line continues the one above: that one is full, and this one has no number and no indent."""
    em = above.size * _EM
    if leading(below.text) is not None or abs(below.size - above.size) > 1:
        return False
    if margin - above.right > em + above.size * _unbroken(below.text):
        return False
    return below.left - left <= em or abs(below.left - above.left) < _SAME
