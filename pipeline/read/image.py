"""Photos and scans as JPG, PNG, TIFF, BMP or WebP: every page goes through OCR.

A phone's EXIF rotation is obeyed; a TIFF has as many pages as it has. Refuses, as a Problem: broken files, and
pictures that would unpack to more pixels than any scanner makes.
"""

import io
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from pipeline.model import Problem
from pipeline.read import layout, ocr
from pipeline.read.block import NeedsOcr, Raw, RecognisedPage, failed_pages
from pipeline.settings import Settings

A4_INCHES = 11.69  # the longer side: pictures say little that is true about their own resolution
LONGEST_SIDE = 3300  # pixels: A4 at 280 dpi; more makes OCR slower, not better
SHORTEST_SIDE = 1000  # smaller pictures are enlarged, else their characters fall below the recogniser's size
TINY = 32  # pixels: an icon, no page


def read(
    name: str, kind: str, data: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | NeedsOcr | Problem:
    """All pages of the picture; NeedsOcr until they are recognised."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of odd metadata; what matters is raised
        try:
            sizes = _sizes(data, settings.reading.pdf_pages)
        except Image.DecompressionBombError:  # Pillow's own limit, near ours
            return _too_large(name)
        except Exception:  # Pillow's plugins raise anything (struct.error, SyntaxError …) on a broken file
            return _broken(name)
    if any(width * height > settings.reading.image_megapixels * 1_000_000 for width, height in sizes):
        return _too_large(name)
    if all(max(size) < TINY for size in sizes):
        return _problem(name, "这张图片太小，里面不会有文字。", "请核对是否放错了文件。")
    waiting = tuple(number for number in range(1, len(sizes) + 1) if number not in recognised)
    if waiting:
        return NeedsOcr(waiting) if settings.reading.ocr and ocr.available() else ocr.no_ocr(name)
    sheets = [layout.recognised_sheet(n, *_points(sizes[n - 1]), recognised[n]) for n in range(1, len(sizes) + 1)]
    composed = layout.compose(sheets)
    failed = failed_pages(recognised)
    if failed and not composed.blocks:
        return ocr.not_recognised(name, failed)
    if not composed.blocks:
        return _problem(
            name, "这张图片里没有认出任何文字。", "请打开核对；是照片的，可不处理，是文件的，请重新拍清楚。"
        )
    return Raw(
        blocks=composed.blocks,
        total=sum(layout.recognised_characters(recognised[n]) for n in range(1, len(sizes) + 1)),
        skipped=composed.skipped,
        head=composed.head,
        pages=len(sizes),
        notes=(ocr.unread(failed),) if failed else (),
        unread=ocr.unread(failed) if failed else "",
    )


def recognise(name: str, kind: str, data: bytes, page: int, settings: Settings) -> RecognisedPage | Problem:
    """One page of the picture, recognised by OCR."""
    if not settings.reading.ocr or not ocr.available():
        return ocr.no_ocr(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        try:
            image = _page(data, page, settings.reading.image_megapixels)
        except Exception:  # as above
            return _broken(name)
    return ocr.recognise(image, max(image.shape[:2]) / A4_INCHES, settings)


def _opened(data: bytes) -> Any:
    return Image.open(io.BytesIO(data))


def _sizes(data: bytes, most: int) -> list[tuple[int, int]]:
    """Width and height in pixels of every page."""
    with _opened(data) as picture:
        sizes = []
        for index in range(min(most, _frames(picture))):
            picture.seek(index)
            sizes.append(picture.size)
        return sizes


def _frames(picture: Any) -> int:
    """Pages of a TIFF; of an animation only the first picture counts."""
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def _page(data: bytes, number: int, megapixels: int) -> ocr.Image:
    with _opened(data) as picture:
        picture.seek(number - 1)
        if picture.size[0] * picture.size[1] > megapixels * 1_000_000:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(_on_white(picture))
        longest = max(upright.size)
        goal = min(LONGEST_SIDE, max(longest, SHORTEST_SIDE))
        if goal != longest:
            size = (max(1, round(upright.width * goal / longest)), max(1, round(upright.height * goal / longest)))
            upright = upright.resize(size, Image.Resampling.LANCZOS)
        return np.asarray(upright.convert("RGB"), dtype=np.uint8)


def _on_white(picture: Any) -> Any:
    """The picture without transparency, as on paper; the EXIF data goes with it."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        flat = Image.alpha_composite(paper, layered).convert("RGB")
        flat.info.update({k: v for k, v in picture.info.items() if k == "exif"})
        return flat
    if picture.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    return picture


def _points(size: tuple[int, int]) -> tuple[float, float]:
    """The size of the page if its longer side is that of A4."""
    longest = max(size)
    return size[0] / longest * A4_INCHES * 72, size[1] / longest * A4_INCHES * 72


def _problem(name: str, message: str, remedy: str) -> Problem:
    return Problem(path=name, stage="read", message=message, remedy=remedy)


def _too_large(name: str) -> Problem:
    return _problem(name, "这张图片的像素多得不正常，没有读取。", "请用看图软件打开核对，缩小后重新放入。")


def _broken(name: str) -> Problem:
    return _problem(name, "这张图片已损坏或不完整，打不开。", "请用看图软件打开核对，或向报送单位重新要一份。")
