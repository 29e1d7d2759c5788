"""Scanned pages: a page image becomes lines of text with places and confidence, and the rulings of its tables.

The image is set upright (skew, quarter turns), seals are taken out of it, lines are found on a smaller copy and
recognised one by one at full resolution. RapidOCR's models come inside its wheel and are named by their path, so
nothing is ever downloaded. One process holds one engine.
"""

import itertools
import re
from collections.abc import Sequence
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.model import Problem
from pipeline.read.block import RecognisedLine, RecognisedPage, shown_pages
from pipeline.settings import Settings
from pipeline.text import unspace

Image = npt.NDArray[Any]  # height × width × 3 bytes, RGB
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels

FINDER_SIDE = 1440  # pixels: lines are found on a copy of this height; 9 pt type is then 15 high, and it takes a third
WORST_SKEW = 6.0  # degrees: a sheet lies no worse in a feeder or under a phone that is held with care
SLIGHT_SKEW = 0.15  # degrees: less moves a line's end by half its height at most
UNSURE = 0.5  # confidence: what is recognised worse is a stain, a seal or a drawing
FEWEST_VOTES = 3  # lines that must have a say in which way up the page is; one alone is often misjudged
TALL = 1.5  # times as high as wide: a line that stands upright
MARGIN = 2  # pixels round a line that go with it to the recogniser
TABLE_LINE_MM = 9.0  # shorter strokes belong to characters
_PARTS = ("det", "rec", "cls")
_SCAN_AGAIN = "请重新扫描（300 dpi、端正、清晰），或报送可编辑的 Word 文件。"


def available() -> bool:
    """Whether this machine can recognise text: the library is there, and so are its models."""
    return _models() is not None


@cache
def _models() -> dict[str, Path] | None:
    found = util.find_spec("rapidocr")
    if found is None or found.origin is None or util.find_spec("onnxruntime") is None:
        return None
    folder = Path(found.origin).parent / "models"
    paths = {part: sorted(folder.glob(f"*{part}*.onnx")) for part in _PARTS}
    return {part: found[-1] for part, found in paths.items()} if all(paths.values()) else None


def unread(pages: Sequence[int]) -> str:
    """The sentence that names pages that could not be recognised."""
    return f"{shown_pages(pages)}是扫描图像，文字识别没有完成，{_SCAN_AGAIN}"


def not_recognised(name: str, pages: Sequence[int]) -> Problem:
    """The Problem of a file that has nothing to read but such pages."""
    place = shown_pages(pages)
    return Problem(name, "ocr", f"{place}是扫描图像，文字识别没有完成。", _SCAN_AGAIN, place)


def no_ocr(name: str) -> Problem:
    """The Problem of a scan on a machine, or in a run, without OCR."""
    return Problem(
        path=name,
        stage="ocr",
        message="这是扫描件，本机没有文字识别功能，不能读取。",
        remedy="请补交电子版，或按说明装好文字识别组件后重新运行。",
    )


@cache
def _engine(threads: int) -> Any:
    from rapidocr import RapidOCR

    models = _models()
    assert models is not None
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 100_000,  # the size is chosen here, not there
            "Det.model_path": str(models["det"]),
            "Rec.model_path": str(models["rec"]),
            "Cls.model_path": str(models["cls"]),
            "Rec.rec_img_shape": [3, 48, 48],  # the width is the least one: cells of two characters cost a seventh
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def recognise(image: Image, dpi: float, settings: Settings) -> RecognisedPage:
    """One page image as text; `dpi` says how many of its pixels are an inch on paper."""
    engine = _engine(settings.reading.ocr_threads)
    turned = 0.0
    image, skew = straightened(image)
    turned += skew
    image = without_seals(image, dpi)
    boxes = _find(engine, image)
    if _lies_on_its_side(boxes):
        image = np.ascontiguousarray(np.rot90(image))
        turned += 90.0
        boxes = _find(engine, image)
    if _upside_down(engine, image, boxes):
        image = np.ascontiguousarray(np.rot90(image, 2))
        turned += 180.0
        boxes = [_half_turn(box, image) for box in boxes]
    boxes = sorted(boxes, key=lambda box: (box[1] + box[3], box[0]))
    rulings = table_lines(image, dpi)
    lines = [line for box in cut_at(boxes, rulings) if (line := _line(engine, image, box)) is not None]
    height, width = image.shape[:2]
    return RecognisedPage(tuple(lines), width, height, round(turned, 2), tuple(rulings))


# ---------------------------------------------------------------- finding and reading lines


def _find(engine: Any, image: Image) -> list[Box]:
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, FINDER_SIDE / max(height, width))
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    found = engine(_bgr(small), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return []
    corners = np.asarray(found.boxes, dtype=float) / scale
    return [(float(b[:, 0].min()), float(b[:, 1].min()), float(b[:, 0].max()), float(b[:, 1].max())) for b in corners]


def _line(engine: Any, image: Image, box: Box) -> RecognisedLine | None:
    crop = _crop(image, box)
    if crop is None:
        return None
    found = engine(crop, use_det=False, use_cls=False, use_rec=True)
    if not found.txts or found.scores[0] < UNSURE:
        return None
    text = tidied(found.txts[0])
    return RecognisedLine(text, round(float(found.scores[0]), 4), box) if text else None


def _crop(image: Image, box: Box) -> Image | None:
    height, width = image.shape[:2]
    left, top = max(0, int(box[0]) - MARGIN), max(0, int(box[1]) - MARGIN)
    right, bottom = min(width, int(box[2]) + 1 + MARGIN), min(height, int(box[3]) + 1 + MARGIN)
    if right - left < 4 or bottom - top < 4:
        return None
    crop = image[top:bottom, left:right]
    if crop.shape[0] > TALL * crop.shape[1]:
        crop = np.rot90(crop)
    return _bgr(crop)


def _bgr(image: Image) -> Image:
    return np.ascontiguousarray(image[:, :, ::-1])


_MARKS = str.maketrans(",;:?!()", "，；：？！（）")
_WIDE = str.maketrans({0xFF10 + n: str(n) for n in range(10)} | {0xFF21 + n: chr(65 + n) for n in range(26)})
_HAN = r"[\u3400-\u9fff，。、；：？！（）“”《》]"
_LOOSE = re.compile(rf"(?<={_HAN}) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?={_HAN})")


def tidied(text: str) -> str:
    """What the recogniser decides at random made one: no blanks beside Chinese, figures half-width, marks full-width."""
    text = _LOOSE.sub("", unspace(text.translate(_WIDE)))
    made = list(text)
    for at, char in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if char in ",;:?!()" and all(c == "" or "\u3400" <= c <= "\u9fff" for c in (before, after)) and before + after:
            made[at] = char.translate(_MARKS)
    return "".join(made)


# ---------------------------------------------------------------- setting the page upright


def straightened(image: Image) -> tuple[Image, float]:
    """The image without its skew, and the degrees it was turned by (positive: counter-clockwise)."""
    import cv2

    angle = skew(image)
    if abs(angle) < SLIGHT_SKEW:
        return image, 0.0
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = tuple(
        int(v) for v in np.median(image[:: max(1, height // 50), :: max(1, width // 50)].reshape(-1, 3), axis=0)
    )
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    return np.asarray(turned, dtype=np.uint8), round(angle, 2)


def skew(image: Image) -> float:
    """Degrees by which the page must be turned so that its lines lie level: where their profile is sharpest."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, 900 / max(height, width))
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(
        gray, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA
    )
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    if np.count_nonzero(ink) < 200:
        return 0.0
    coarse = max(np.arange(-WORST_SKEW, WORST_SKEW + 0.1, 0.5), key=lambda a: _sharpness(ink, float(a)))
    fine = max(np.arange(coarse - 0.5, coarse + 0.51, 0.1), key=lambda a: _sharpness(ink, float(a)))
    if abs(fine) >= WORST_SKEW or _sharpness(ink, float(fine)) < 1.05 * _sharpness(ink, 0.0):
        return 0.0
    return float(fine)


def _sharpness(ink: Image, angle: float) -> float:
    import cv2

    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _lies_on_its_side(boxes: Sequence[Box]) -> bool:
    """Whether most of the text stands upright, as on a page that was fed in sideways."""
    tall = sum(b[3] - b[1] for b in boxes if b[3] - b[1] > TALL * (b[2] - b[0]))
    wide = sum(b[2] - b[0] for b in boxes if b[2] - b[0] > TALL * (b[3] - b[1]))
    return tall > wide


def _upside_down(engine: Any, image: Image, boxes: Sequence[Box]) -> bool:
    """What the classifier says of the longest lines."""
    longest = sorted(boxes, key=lambda b: b[0] - b[2])[:7]
    labels = []
    for box in longest:
        crop = _crop(image, box)
        if crop is not None:
            found = engine(crop, use_det=False, use_cls=True, use_rec=False)
            labels.append(str(found.cls_res[0][0]))
    return len(labels) >= FEWEST_VOTES and labels.count("180") > len(labels) / 2


def _half_turn(box: Box, image: Image) -> Box:
    height, width = image.shape[:2]
    return width - box[2], height - box[3], width - box[0], height - box[1]


# ---------------------------------------------------------------- seals


def without_seals(image: Image, dpi: float) -> Image:
    """The image with round red seals taken out: inside them the red channel alone is kept, where red ink is white.

    Red headings stay: letters in a row are no disc.
    """
    import cv2

    red, green, blue = (image[:, :, channel].astype(np.int16) for channel in range(3))
    ink = ((red - np.maximum(green, blue) > 40) & (red > 90)).astype(np.uint8)
    if not ink.any():
        return image
    reach = max(3, round(dpi * 0.12))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    cleaned = image
    for left, top, wide, high, _ in stats[1:count]:
        if not _is_seal(wide * 25.4 / dpi, high * 25.4 / dpi):
            continue
        if cleaned is image:
            cleaned = image.copy()
        part = cleaned[top : top + high, left : left + wide]
        part[:] = part[:, :, :1]
    return cleaned


def _is_seal(wide: float, high: float) -> bool:
    """By its size in millimetres: party seals are 42 across, offices' 30 to 50, ovals 30 × 45."""
    return 24 < wide < 60 and 20 < high < 60 and 0.55 < wide / high < 1.8


# ---------------------------------------------------------------- tables


def table_lines(image: Image, dpi: float) -> list[Box]:
    """The straight lines of tables, horizontal and vertical, as thin boxes."""
    import cv2

    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    length = round(TABLE_LINE_MM * dpi / 25.4)
    return _strokes(ink, length, level=True) + _strokes(ink, length, level=False)


def _strokes(ink: Image, length: int, level: bool) -> list[Box]:
    import cv2

    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 3) if level else (3, 1), np.uint8))
    kernel = np.ones((1, length) if level else (length, 1), np.uint8)
    strokes = cv2.dilate(cv2.morphologyEx(bridged, cv2.MORPH_OPEN, kernel), np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes)
    thickest = max(8, length // 6)
    return [
        (float(left), float(top), float(left + wide), float(top + high))
        for left, top, wide, high, _ in stats[1:count]
        if (high if level else wide) <= thickest
    ]


def cut_at(boxes: Sequence[Box], rulings: Sequence[Box]) -> list[Box]:
    """Boxes of lines cut where a vertical ruling of a table runs through them: they belong to two cells."""
    upright = [r for r in rulings if r[3] - r[1] > r[2] - r[0]]
    cut: list[Box] = []
    for left, top, right, bottom in boxes:
        middle = (top + bottom) / 2
        inset = (bottom - top) / 3
        places = sorted(
            (r[0] + r[2]) / 2
            for r in upright
            if r[1] < middle < r[3] and left + inset < (r[0] + r[2]) / 2 < right - inset
        )
        edges = [left, *places, right]
        cut += [(a, top, b, bottom) for a, b in itertools.pairwise(edges)]
    return cut
