"""Scans pasted into a Word file: where a file is little more than large pictures, their text is recognised.

Photos beside a text are left alone: OCR of an activity's photo gives banners and noise, and takes seconds each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.model import Locator, Problem
from pipeline.ooxml.package import Package, UnusablePackage
from pipeline.read.block import UNRECOGNISED, Block, NeedsOcr, Raw, RecognisedPage, failed_pages, shown_pages
from pipeline.settings import Settings
from pipeline.text import weight

_RASTER = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
UNREAD = "文件里有图片，图片里的文字没有读取。"
_READ = "文件里的图片已用文字识别读出，请与原件核对。"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture where it stands: before which block, its part's name, the place it is anchored at."""

    before: int
    part: str
    place: Locator


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture that is read as a page."""

    picture: Picture
    data: bytes


def scans(package: Package, pictures: Sequence[Picture], raw: Raw, settings: Settings) -> tuple[Scan, ...]:
    """The pictures to recognise: large ones, in a file with little text to each; none where there is no OCR."""
    reading = settings.reading
    if not reading.ocr or not pictures:
        return ()
    found = []
    for picture in pictures:
        if package.has(picture.part) and picture.part.lower().endswith(_RASTER):
            try:
                data = package.bytes(picture.part)
            except UnusablePackage:
                continue
            if len(data) >= reading.docx_picture_kib * 1024:
                found.append(Scan(picture, data))
    text = sum(weight(block.text) for block in raw.blocks)
    if not found or text > reading.docx_picture_text * len(found):
        return ()
    from pipeline.read import ocr

    return tuple(found) if ocr.available() else ()


def recognise(name: str, scan: Scan, settings: Settings) -> RecognisedPage | Problem:
    """A scan recognised. A picture that cannot be opened must not cost the rest of the file."""
    from pipeline.read import image

    page = image.recognise(name, "image", scan.data, 1, settings)
    return UNRECOGNISED if isinstance(page, Problem) else page


def merged(
    name: str, raw: Raw, found: Sequence[Scan], recognised: Mapping[int, RecognisedPage], settings: Settings
) -> Raw:
    """The document with the text of its scans at the places where they stand."""
    from pipeline.read import image

    blocks: list[Block] = []
    done, total = 0, raw.total
    skipped = dict(raw.skipped)
    head = raw.head
    for number, scan in enumerate(found, 1):
        blocks += raw.blocks[done : scan.picture.before]
        done = max(done, scan.picture.before)
        read = image.read(name, "image", scan.data, settings, {1: recognised[number]})
        if isinstance(read, Problem | NeedsOcr):
            continue
        blocks += (block.but(locator=scan.picture.place) for block in read.blocks)
        total += read.total
        head += read.head + tuple(block.text for block in read.blocks[:3])
        for key, count in read.skipped.items():
            skipped[key] = skipped.get(key, 0) + count
    blocks += raw.blocks[done:]
    notes = [note for note in raw.notes if note != UNREAD]
    failed = failed_pages(recognised)
    unread = ""
    if failed:
        unread = f"{shown_pages(failed).replace('页', '张')}图片没有认出文字，请打开原件核对，必要时补交电子版。"
        notes.append(unread)
    if len(failed) < len(found):
        notes.append(_READ)
    return replace(
        raw, blocks=tuple(blocks), total=total, skipped=skipped, head=head, notes=tuple(notes), unread=unread
    )
