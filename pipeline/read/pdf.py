"""PDF: text with its page, tables in their columns; pages without usable text wait for OCR.

Promises: every character of a page that has usable text is in a block or in `skipped`. Refuses, as a Problem: what
PDFium cannot open, what is locked by a password, and pages that are made to choke a reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pypdfium2

from pipeline.model import Problem
from pipeline.read import glyphs, layout, ocr
from pipeline.read.block import NeedsOcr, Raw, RecognisedPage, failed_pages, shown_pages
from pipeline.read.glyphs import Glance, Limits
from pipeline.read.sheet import Sheet
from pipeline.settings import Settings
from pipeline.text import weight

SCARCE = 40  # non-blank characters: less beside a picture is a stamp or a page number, not the page's text
COVERED = 0.5  # of the page: from half a page on a picture is the page itself
GARBAGE = 0.2  # share of characters that say nothing; a text with Wingdings bullets has 0.03 at most
OUTLINES = 150  # path objects on a page without any text: letters drawn as outlines
LONGEST_SIDE = 4700  # pixels: A3 at 280 dpi; larger pages are rendered with less
BEYOND, WATERMARK = "页面之外的文字", "水印"
PICTURE = 0.15  # of the page: a picture of this size beside text is named in the notes


def read(
    name: str, kind: str, data: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | NeedsOcr | Problem:
    """The whole file; NeedsOcr where a page has no usable text and `recognised` does not hold it."""
    limits = Limits(settings.reading.page_glyphs, settings.reading.page_objects)
    try:
        with _opened(data) as document:
            if len(document) > settings.reading.pdf_pages:
                return _problem(name, f"这个 PDF 有{len(document)}页，超过上限。", "请分成几个文件后重新放入。")
            glances = list(_glances(document, limits))
            modified = _modified(document)
    except pypdfium2.PdfiumError as error:
        return _unopened(name, error)
    choking = [g.sheet.number for g in glances if g.too_much]
    if choking:
        return _problem(name, f"第{choking[0]}页的字符多得不正常，没有读取。", "请打开核对，必要时重新导出 PDF。")
    unusable = [g.sheet.number for g in glances if _needs_ocr(g)]
    waiting = tuple(number for number in unusable if number not in recognised)
    if waiting and settings.reading.ocr and ocr.available():
        return NeedsOcr(waiting)
    if waiting and len(waiting) == sum(1 for g in glances if g.characters or g.sheet.number in unusable):
        return ocr.no_ocr(name)
    return _raw(name, glances, unusable, recognised, modified)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(data)
    try:
        yield document
    finally:
        document.close()


def _glances(document: Any, limits: Limits) -> Iterator[Glance]:
    for index in range(len(document)):
        try:
            page = document[index]
        except pypdfium2.PdfiumError:  # this page is broken; the others may be whole
            yield Glance(Sheet(index + 1, 0, 0), 0, 0, 0, 0, broken=True)
            continue
        try:
            yield glyphs.glance(page, index + 1, limits)
        finally:
            page.close()


def _needs_ocr(page: Glance) -> bool:
    if page.characters and page.faulty > GARBAGE * page.characters:
        return True
    if page.characters < SCARCE and page.pictures >= COVERED:
        return True
    return page.characters == 0 and (page.pictures > 0.02 or page.strokes >= OUTLINES)


def _raw(
    name: str,
    glances: Sequence[Glance],
    unusable: Sequence[int],
    recognised: Mapping[int, RecognisedPage],
    modified: str | None,
) -> Raw | Problem:
    sheets: list[Sheet] = []
    total = 0
    for page in glances:
        number = page.sheet.number
        if number in unusable:
            sheets.append(layout.recognised_sheet(number, page.sheet.width, page.sheet.height, recognised.get(number)))
            total += layout.recognised_characters(recognised.get(number))
        else:
            sheets.append(page.sheet)
            total += page.characters
    composed = layout.compose(sheets)
    failed = failed_pages(recognised)
    if not composed.blocks:
        return ocr.not_recognised(name, failed) if failed else _nothing(name, unusable, total)
    return Raw(
        blocks=composed.blocks,
        total=total,
        skipped={
            **composed.skipped,
            BEYOND: sum(g.beyond for g in glances if g.sheet.number not in unusable),
            WATERMARK: sum(weight(g.watermark) for g in glances if g.sheet.number not in unusable),
        },
        head=(*composed.head, *(g.watermark for g in glances[:1] if g.watermark)),
        pages=len(sheets),
        modified=modified,
        kind="pdf-scan" if unusable and all(s.recognised or not s.runs for s in sheets) else "pdf",
        notes=tuple(_notes(glances, sheets, unusable, failed)),
        unread="".join(_unread(glances, failed)),
    )


def _unread(glances: Sequence[Glance], failed: Sequence[int]) -> Iterator[str]:
    broken = [g.sheet.number for g in glances if g.broken]
    if broken:
        yield f"{shown_pages(broken)}已损坏，没有读取，请打开原件核对。"
    if failed:
        yield ocr.unread(failed)


def _notes(
    glances: Sequence[Glance], sheets: Sequence[Sheet], unusable: Sequence[int], failed: Sequence[int]
) -> Iterator[str]:
    yield from _unread(glances, failed)
    broken = [g.sheet.number for g in glances if g.broken]
    blank = [s.number for s in sheets if not s.runs and s.number not in unusable and s.number not in broken]
    if blank:
        yield f"{shown_pages(blank)}是空白页。"
    silent = [s.number for s in sheets if not s.runs and s.number in unusable and s.number not in failed]
    if silent:
        yield f"{shown_pages(silent)}是图像，没有认出文字，请打开原件核对。"
    pictured = [g.sheet.number for g in glances if g.sheet.number not in unusable and g.pictures >= PICTURE]
    if pictured:
        yield f"{shown_pages(pictured)}有大幅图片，图片里的文字没有读取。"


def _modified(document: Any) -> str | None:
    """The ISO form of the file's own modification date (D:20240312101500+08'00'), if it has one."""
    digits = document.get_metadata_value("ModDate") or document.get_metadata_value("CreationDate")
    digits = digits.removeprefix("D:")[:14]
    if len(digits) < 8 or not digits.isascii() or not digits.isdigit():
        return None
    padded = digits.ljust(14, "0")
    date, time = padded[:8], padded[8:]
    return f"{date[:4]}-{date[4:6]}-{date[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}"


# ---------------------------------------------------------------- what cannot be read


def _problem(name: str, message: str, remedy: str) -> Problem:
    return Problem(path=name, stage="read", message=message, remedy=remedy)


def _unopened(name: str, error: pypdfium2.PdfiumError) -> Problem:
    code = getattr(error, "err_code", None)
    if code == pypdfium2.raw.FPDF_ERR_PASSWORD:
        return _problem(name, "这个 PDF 有打开密码，不能读取。", "请向报送单位要去掉密码的文件。")
    if code == pypdfium2.raw.FPDF_ERR_SECURITY:
        return _problem(name, "这个 PDF 的加密方式不支持，不能读取。", "请用 PDF 阅读器打开后另存为普通 PDF。")
    return _problem(name, "这个 PDF 已损坏或不完整，打不开。", "请用 PDF 阅读器打开核对，或向报送单位重新要一份。")


def _nothing(name: str, unusable: Sequence[int], characters: int) -> Problem:
    if unusable:
        return _problem(name, "这是扫描件，没有认出任何文字。", "请打开核对是否空白，必要时重新扫描或补电子版。")
    if characters:
        return _problem(name, "这个 PDF 里只有水印、页码或页面之外的文字。", "请打开核对，必要时重新导出 PDF。")
    return _problem(name, "这个 PDF 里没有任何文字。", "请打开核对是否空白，或向报送单位重新要一份。")


# ---------------------------------------------------------------- scanned pages


def recognise(name: str, kind: str, data: bytes, page: int, settings: Settings) -> RecognisedPage | Problem:
    """One page, rendered and recognised by OCR."""
    if not settings.reading.ocr or not ocr.available():
        return ocr.no_ocr(name)
    try:
        with _opened(data) as document:
            if not 1 <= page <= len(document):
                return _problem(name, f"没有第{page}页。", "请打开核对。")
            image, dpi = _rendered(document[page - 1], settings)
    except pypdfium2.PdfiumError as error:
        return _unopened(name, error)
    return ocr.recognise(image, dpi, settings)


def _rendered(page: Any, settings: Settings) -> tuple[ocr.Image, float]:
    """The page as an RGB image and its resolution, lower where the page is larger than any scanner's glass."""
    dpi = float(settings.reading.ocr_scale_dpi)
    longest = max(page.get_size())
    dpi = min(dpi, LONGEST_SIDE * 72 / max(longest, 1.0))
    bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
    image = bitmap.to_numpy()
    if image.ndim == 2 or image.shape[2] == 1:
        image = image.reshape(image.shape[0], image.shape[1], 1).repeat(3, axis=2)
    return image[:, :, :3].copy(), dpi
