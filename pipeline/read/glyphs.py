"""A PDF page by PDFium's own calls: characters as runs, rulings as grids, and what else covers the page.

pypdfium2's raw functions are called directly: a page costs one call for its text and one per character, a hundredth
of what pdfminer needs for the same. Everything is bounded by `Limits`, since a hostile page can hold millions of
objects. Coordinates become points from the top left corner of the page held so that its text is upright.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipeline.read import grid
from pipeline.read.grid import Ruling
from pipeline.read.sheet import NARROW, TYPED, Run, Sheet, blank_between
from pipeline.text import weight

THIN = 3.0  # points: a filled box thinner than this is a drawn line
WIDEST = 4  # pages: a line that runs on beyond the edge is still read, one without end is not
EDGE = 5.0  # points beyond the page's edge that printers' boxes are off by
SHORT = 4.0  # points: shorter strokes are parts of drawings and letters, not borders
LARGEST = 100_000.0  # points: PDF 1.7 allows pages of 14,400; a box without end is made to do harm
FORM_DEPTH = 6  # forms in forms; deeper is a hostile file
_FAULTY = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffd-\uffff]")
QUARTER = 1.5707963  # radians
ASLANT = 0.11  # quarter turns, 10 degrees: text layers of crooked scans lie at less
_BOLD_NAMES = ("bold", "heavy", "black", "simhei", "heiti", "黑体", "xiaobiaosong", "小标宋")
_HYPHEN = "\x02"  # PDFium's own sign for a hyphen at a line's end


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one page is looked at."""

    glyphs: int
    objects: int


@dataclass(frozen=True, slots=True)
class Glance:
    """One page: its sheet, and what decides whether its text can be used."""

    sheet: Sheet
    characters: int  # non-blank characters of the page, counted from its text as a whole
    faulty: int  # of those: private-use, unmapped and control characters
    pictures: float  # share of the page that images cover, 0 to 1
    strokes: int  # path objects: a page that is drawn, letters as outlines, has many
    beyond: int = 0  # characters that stand outside of the page, where nobody sees them
    watermark: str = ""  # what stands aslant
    too_much: bool = False
    broken: bool = False  # PDFium could not load it


class _Frame(NamedTuple):
    """From PDF space to the page as shown: x' = a·x + c·y + e, y' = b·x + d·y + f, y' downwards."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """x0, top, x1, bottom of a box as shown."""
        x0, y0 = self.a * left + self.c * bottom + self.e, self.b * left + self.d * bottom + self.f
        x1, y1 = self.a * right + self.c * top + self.e, self.b * right + self.d * top + self.f
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def glance(page: Any, number: int, limits: Limits) -> Glance:
    """One page of a `pypdfium2.PdfDocument`, read."""
    textpage = page.get_textpage()
    try:
        text = _text(textpage.raw, limits.glyphs)
        if text is None:
            return Glance(Sheet(number, 0, 0), 0, 0, 0, 0, too_much=True)
        turn = _turned(textpage.raw, text) if text else page.get_rotation() // 90
        frame = _frame(page, turn)
        rulings, pictures, strokes = _objects(page, frame, limits)
        grids = grid.find(rulings)
        found = list(_runs(textpage.raw, text, frame, turn, grid.locator(grids) if grids else None))
    finally:
        textpage.close()
    seen = [run for run in found if _on_page(run, frame)]
    runs = tuple(run for run in seen if not run.slanted)
    return Glance(
        sheet=Sheet(number, frame.width, frame.height, runs, grids),
        beyond=sum(weight(run.text) for run in found) - sum(weight(run.text) for run in seen),
        watermark="".join(run.text for run in seen if run.slanted),
        characters=weight(text),
        faulty=len(_FAULTY.findall(text)),
        pictures=pictures,
        strokes=strokes,
    )


def _on_page(run: Run, frame: _Frame) -> bool:
    """Whether a person sees any of it; coordinates that are no numbers, or beyond all measure, are nowhere."""
    middle = (run.top + run.bottom) / 2
    across = run.x0 <= frame.width + EDGE and run.x1 >= -EDGE and run.x1 - run.x0 <= WIDEST * frame.width
    return across and -EDGE <= middle <= frame.height + EDGE


def _text(textpage: Any, most: int) -> str | None:
    """The page's characters, one for each index PDFium uses; None where there are more than `most`."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count > most:
        return None
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * written].decode("utf-16-le", "replace") if written > 0 else ""
    if len(text) != count:  # characters beyond the basic plane, or ones that PDFium cannot name
        text = "".join(_character(pdfium.FPDFText_GetUnicode(textpage, index)) for index in range(count))
    return text.replace(_HYPHEN, "-")


def _character(code: int) -> str:
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"


def _turned(textpage: Any, text: str) -> int:
    """How many quarter turns clockwise set most of the page's text upright; a sample is enough."""
    step = max(1, len(text) // 24)
    places = [index for index in range(0, len(text), step) if not text[index].isspace()]
    turns = [-round(pdfium.FPDFText_GetCharAngle(textpage, index) / QUARTER) % 4 for index in places]
    for turn in (1, 2, 3):
        if turns.count(turn) > 0.8 * len(turns) > 2:
            return turn
    return 0


def _frame(page: Any, turn: int) -> _Frame:
    """The page turned so that its text is upright, whatever its /Rotate says: most turned pages hold turned text."""
    left, bottom, right, top = (side if abs(side) < LARGEST else 0.0 for side in page.get_bbox())
    width, height = max(1.0, right - left), max(1.0, top - bottom)
    if turn == 1:
        return _Frame(0, 1, 1, 0, -bottom, -left, height, width)
    if turn == 2:
        return _Frame(-1, 0, 0, 1, right, -bottom, width, height)
    if turn == 3:
        return _Frame(0, -1, -1, 0, top, right, height, width)
    return _Frame(1, 0, 0, -1, -left, top, width, height)


def _runs(textpage: Any, text: str, frame: _Frame, turn: int, cell_at: Any) -> Iterator[Run]:
    """Characters joined while they follow each other closely, on one line and in one cell."""
    rect = pdfium.FS_RECTF()
    reference = ctypes.byref(rect)
    place = pdfium.FPDFText_GetLooseCharBox
    letters: list[str] = []
    x0 = top = x1 = bottom = size = near = wide = 0.0
    upright = (frame.a, frame.b, frame.c, frame.d) == (1, 0, 0, -1)
    bold = slanted = False
    cell: Any = None
    blank = -1  # index of the blank before this character, -1: none
    for index, char in enumerate(text):
        if char.isspace():
            blank = index
            continue
        place(textpage, index, reference)
        if upright:  # what follows is `frame.box` written out: it is done for every character
            left, high, right, low = (
                rect.left + frame.e,
                frame.f - rect.top,
                rect.right + frame.e,
                frame.f - rect.bottom,
            )
        else:
            left, high, right, low = frame.box(rect.left, rect.bottom, rect.right, rect.top)
        middle = (high + low) / 2
        here = cell_at((left + right) / 2, middle) if cell_at else None
        gap = left - x1
        typed = blank >= 0 and letters and _typed(textpage, blank)
        if letters and -near < gap < (wide if typed else near) and top < middle < bottom and here == cell:
            if blank >= 0 and blank_between(letters[-1][-1], char, gap / size, bool(typed)):
                letters.append(" ")
            letters.append(char)
            x1 = right if right > x1 else x1
            top = high if high < top else top
            bottom = low if low > bottom else bottom
        else:
            if letters:
                yield Run("".join(letters), x0, top, x1, bottom, size, bold, None, slanted)
            letters, cell = [char], here
            slanted = _aslant(textpage, index, turn)
            x0, top, x1, bottom = left, high, right, low
            size, bold = _face(textpage, index, low - high)
            near, wide = NARROW * size, TYPED * size
        blank = -1
    if letters:
        yield Run("".join(letters), x0, top, x1, bottom, size, bold, None, slanted)


def _aslant(textpage: Any, index: int, turn: int) -> bool:
    """Whether a character stands at an angle to the lines of the page (a watermark), scans' unevenness aside."""
    off = (pdfium.FPDFText_GetCharAngle(textpage, index) / QUARTER + turn) % 4
    return bool(ASLANT < off < 4 - ASLANT)


def _typed(textpage: Any, index: int) -> bool:
    return bool(pdfium.FPDFText_IsGenerated(textpage, index) == 0)


def _face(textpage: Any, index: int, height: float) -> tuple[float, bool]:
    """Size of an em in points, and whether the face is bold, by its weight or its name."""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(textpage, index)
    if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
        size *= (matrix.c**2 + matrix.d**2) ** 0.5
    if not 1 < size < 500:
        size = max(1.0, height)
    if pdfium.FPDFText_GetFontWeight(textpage, index) >= 600:
        return size, True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, ctypes.byref(flags))
    return size, any(word in name.value.decode("utf-8", "replace").lower() for word in _BOLD_NAMES)


# ---------------------------------------------------------------- lines and pictures


def _objects(page: Any, frame: _Frame, limits: Limits) -> tuple[list[Ruling], float, int]:
    rulings: list[Ruling] = []
    covered = 0.0
    strokes = 0
    for handle, steps in _walk(page, limits.objects):
        kind = pdfium.FPDFPageObj_GetType(handle)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            strokes += 1
            rulings += [r for r in _path(handle, steps, frame) if _near_page(r, frame)]
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, top, x1, bottom = _bounds(handle, steps, frame)
            wide = min(x1, frame.width) - max(x0, 0.0)
            high = min(bottom, frame.height) - max(top, 0.0)
            covered += max(0.0, wide) * max(0.0, high)
    area = frame.width * frame.height
    return rulings, min(1.0, covered / area) if area > 0 else 0.0, strokes


def _near_page(line: Ruling, frame: _Frame) -> bool:
    return (
        -frame.width <= line.x0 <= line.x1 <= 2 * frame.width
        and -frame.height <= line.top <= line.bottom <= 2 * frame.height
    )


_Matrix = tuple[float, float, float, float, float, float]


def _walk(page: Any, most: int) -> Iterator[tuple[Any, tuple[_Matrix, ...]]]:
    """The page's objects and those in its forms, each with the forms' matrices, innermost first; at most `most`."""
    seen = 0
    top = min(most, pdfium.FPDFPage_CountObjects(page.raw))
    waiting: list[tuple[Any, tuple[_Matrix, ...]]] = [
        (pdfium.FPDFPage_GetObject(page.raw, i), ()) for i in reversed(range(top))
    ]
    while waiting and seen < most:
        handle, steps = waiting.pop()
        seen += 1
        if pdfium.FPDFPageObj_GetType(handle) == pdfium.FPDF_PAGEOBJ_FORM and len(steps) < FORM_DEPTH:
            inner = (_matrix(handle), *steps)
            count = min(most - seen, pdfium.FPDFFormObj_CountObjects(handle))
            waiting += [(pdfium.FPDFFormObj_GetObject(handle, i), inner) for i in reversed(range(count))]
        else:
            yield handle, steps


def _matrix(handle: Any) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _through(steps: tuple[_Matrix, ...], x: float, y: float) -> tuple[float, float]:
    for a, b, c, d, e, f in steps:
        x, y = a * x + c * y + e, b * x + d * y + f
    return x, y


def _bounds(handle: Any, steps: tuple[_Matrix, ...], frame: _Frame) -> tuple[float, float, float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(
        handle, ctypes.byref(left), ctypes.byref(bottom), ctypes.byref(right), ctypes.byref(top)
    )
    x0, y0 = _through(steps, left.value, bottom.value)
    x1, y1 = _through(steps, right.value, top.value)
    return frame.box(x0, y0, x1, y1)


def _path(handle: Any, steps: tuple[_Matrix, ...], frame: _Frame) -> list[Ruling]:
    """The straight borders of one path: the path itself where it is thin, else its segments."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(handle, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return []  # a clipping path
    x0, top, x1, bottom = _bounds(handle, steps, frame)
    if bottom - top < THIN and x1 - x0 > SHORT:
        return [Ruling(x0, (top + bottom) / 2, x1, (top + bottom) / 2)]
    if x1 - x0 < THIN and bottom - top > SHORT:
        return [Ruling((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)]
    if x1 - x0 < SHORT or bottom - top < SHORT:
        return []
    return _segments(handle, (_matrix(handle), *steps), frame)


def _segments(handle: Any, steps: tuple[_Matrix, ...], frame: _Frame, most: int = 2000) -> list[Ruling]:
    count = pdfium.FPDFPath_CountSegments(handle)
    if not 2 <= count <= most:
        return []
    rulings: list[Ruling] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(handle, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        here = _through(steps, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            rulings += _straight(before, here, frame)
        before = here
        if pdfium.FPDFPathSegment_GetClose(segment):
            rulings += _straight(here, start, frame)
            before = start
    return rulings


def _straight(begin: tuple[float, float], end: tuple[float, float], frame: _Frame) -> list[Ruling]:
    x0, top, x1, bottom = frame.box(*begin, *end)
    if bottom - top < 1 and x1 - x0 > SHORT:
        return [Ruling(x0, (top + bottom) / 2, x1, (top + bottom) / 2)]
    if x1 - x0 < 1 and bottom - top > SHORT:
        return [Ruling((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)]
    return []
