"""Pictures: pages of a TIFF, pixel bombs, broken files; the text itself comes from OCR (test_ocr)."""

import io
import struct
import zlib

import pytest
from PIL import Image

from pipeline.model import Document, Problem
from pipeline.read import NeedsOcr, RecognisedLine, RecognisedPage, read, recognise
from pipeline.settings import load_settings

SETTINGS = load_settings()


def picture(form: str, size: tuple[int, int] = (600, 800), pages: int = 1) -> bytes:
    out = io.BytesIO()
    images = [Image.new("RGB", size, "white") for _ in range(pages)]
    if pages > 1:
        images[0].save(out, form, save_all=True, append_images=images[1:])
    else:
        images[0].save(out, form)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge, and holds next to nothing."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "pages", "wanted"),
    [("PNG", 1, (1,)), ("JPEG", 1, (1,)), ("TIFF", 3, (1, 2, 3)), ("GIF", 2, (1,)), ("BMP", 1, (1,))],
)
def test_every_page_of_a_picture_waits_for_ocr(form, pages, wanted):
    assert read("照片", "image", picture(form, pages=pages), SETTINGS) == NeedsOcr(wanted)


def test_recognised_pages_are_read_in_order_with_their_numbers():
    pages = {n: RecognisedPage((RecognisedLine(f"第{n}张签到表", 0.9, (50, 100, 300, 130)),), 600, 800) for n in (1, 2)}
    found = read("签到.tif", "image", picture("TIFF", pages=2), SETTINGS, pages)
    assert isinstance(found, Document)
    assert [(p.text, p.locator.page) for p in found.passages] == [("第1张签到表", 1), ("第2张签到表", 2)]
    assert (found.kind, found.pages) == ("image", 2)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (picture("PNG")[:200], "损坏"),
        (b"\xff\xd8\xff\xe0 nothing", "损坏"),
        (bomb(60_000, 60_000), "像素"),
        (picture("PNG", (16, 16)), "太小"),
    ],
)
def test_what_cannot_be_read_is_a_problem(data, says):
    found = read("坏.png", "image", data, SETTINGS)
    if isinstance(found, NeedsOcr):  # Pillow finds a cut file out only when it unpacks it
        found = recognise("坏.png", "image", data, 1, SETTINGS)
    assert isinstance(found, Problem)
    assert says in found.message
    assert found.remedy.endswith("。")


def test_a_picture_without_text_is_a_problem_with_its_remedy():
    found = read("合影.jpg", "image", picture("JPEG"), SETTINGS, {1: RecognisedPage((), 600, 800)})
    assert isinstance(found, Problem)
    assert "没有认出任何文字" in found.message
