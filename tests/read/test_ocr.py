"""Scanned pages: skew, quarter turns, seals, rulings; and what is recognised becomes passages with places."""

import io
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from pipeline.model import Document, Problem
from pipeline.read import NeedsOcr, RecognisedLine, RecognisedPage, ocr, read, recognise
from pipeline.settings import Settings, load_settings
from tests.read.pdf_writer import PdfPage, write

SETTINGS = load_settings()
DPI = 150
LINES = [
    "党总支召开专题会议研究意识形态工作",
    "会议由书记主持，全体委员参加",
    "会议决定每季度检查一次台账",
    "各支部按月报送学习情况",
    "办公室负责整理会议记录",
]


def page_image(page: PdfPage, dpi: int = DPI) -> np.ndarray:
    rendered = pypdfium2.PdfDocument(write([page]))[0].render(scale=dpi / 72, rev_byteorder=True).to_numpy()
    return np.ascontiguousarray(rendered[:, :, :3])


def prose() -> PdfPage:
    page = PdfPage()
    for number, line in enumerate(LINES):
        page.text(80, 120 + 40 * number, line, 18)
    return page


def turned(image: np.ndarray, degrees: float) -> np.ndarray:
    return np.asarray(
        Image.fromarray(image).rotate(degrees, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC)
    )


def with_bars(width: int = 800, height: int = 1000) -> np.ndarray:
    """Black bars where lines of text would be: enough to measure skew by, without any font."""
    picture = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(picture)
    for top in range(150, 850, 40):
        draw.rectangle((100, top, 700, top + 14), fill="black")
    return np.asarray(picture)


# ---------------------------------------------------------------- without the recogniser


@pytest.mark.parametrize("degrees", [-3.0, -0.7, 0.0, 1.2, 4.0])
def test_skew_is_measured_and_taken_out(degrees):
    crooked = turned(with_bars(), degrees)
    assert ocr.skew(crooked) == pytest.approx(-degrees, abs=0.15)
    straight, by = ocr.straightened(crooked)
    assert by == pytest.approx(-degrees, abs=0.15)
    assert abs(ocr.skew(straight)) <= 0.2


def test_an_empty_page_has_no_skew():
    assert ocr.skew(np.full((1000, 800, 3), 250, np.uint8)) == 0.0


def test_a_round_seal_goes_and_what_is_under_it_and_red_headings_stay():
    picture = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((200, 100, 1000, 150), fill=(220, 30, 40))  # a red heading
    draw.ellipse((500, 800, 740, 1040), outline=(220, 30, 40), width=12)
    draw.rectangle((450, 900, 800, 915), fill=(20, 20, 20))  # a line of text below the seal
    cleaned = ocr.without_seals(np.asarray(picture), 150)
    assert tuple(cleaned[806, 620]) == (220, 220, 220)
    assert cleaned[907, 620].max() < 30
    assert tuple(cleaned[125, 600]) == (220, 30, 40)


def test_table_lines_are_found_and_characters_are_not():
    picture = Image.fromarray(with_bars())
    draw = ImageDraw.Draw(picture)
    draw.line((100, 900, 700, 900), fill="black", width=2)
    draw.line((400, 870, 400, 980), fill="black", width=2)
    rulings = ocr.table_lines(np.asarray(picture), 96)
    assert any(top < 901 < bottom and right - left > 590 for left, top, right, bottom in rulings)
    assert any(left < 401 < right and bottom - top > 100 for left, top, right, bottom in rulings)
    assert len(rulings) == 2


def test_a_line_over_a_ruling_belongs_to_two_cells():
    assert ocr.cut_at([(100, 10, 300, 30)], [(199, 0, 201, 100)]) == [(100, 10, 200, 30), (200, 10, 300, 30)]
    assert ocr.cut_at([(100, 10, 300, 30)], [(101, 0, 103, 100)]) == [(100, 10, 300, 30)]


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("会议 由书记 主持,全体参加;", "会议由书记主持，全体参加；"),
        ("２月２日 通过 3 项", "2月2日通过3项"),
        ("行政楼 301 会议室", "行政楼301会议室"),
        ("A, B", "A, B"),
        ("14:00", "14:00"),
    ],
)
def test_recognised_text_is_tidied(raw, tidy):
    assert ocr.tidied(raw) == tidy


def test_a_recognised_table_has_its_rows_in_columns():
    cells = [["时间", "内容"], ["3月5日", "研究发展党员工作"], ["4月9日", "交流学习体会"]]
    lines = tuple(
        RecognisedLine(
            text, 0.95, (110 + 300 * column, 110 + 60 * row, 130 + 300 * column + 26 * len(text), 140 + 60 * row)
        )
        for row, texts in enumerate(cells)
        for column, text in enumerate(texts)
    )
    upright = tuple((x, 100.0, x + 3.0, 280.0) for x in (100.0, 400.0, 900.0))
    level = tuple((100.0, y, 903.0, y + 3.0) for y in (100.0, 160.0, 220.0, 280.0))
    scan = PdfPage(image=(40, 56, b"\xff" * 40 * 56 * 3))
    page = RecognisedPage(lines, 1240, 1754, rulings=upright + level)
    found = read("a.pdf", "pdf", write([scan]), SETTINGS, {1: page})
    assert isinstance(found, Document)
    rows = [p for p in found.passages if p.kind == "row"]
    assert [p.text for p in rows] == ["3月5日 | 研究发展党员工作", "4月9日 | 交流学习体会"]
    assert [p.columns for p in rows] == [("时间", "内容")] * 2
    assert [p.ocr for p in rows] == [0.95] * 2


def without_ocr() -> Settings:
    return replace(SETTINGS, reading=replace(SETTINGS.reading, ocr=False))


def test_without_ocr_a_scan_is_a_problem_that_says_so():
    scan = write([PdfPage(image=(40, 56, b"\xff" * 40 * 56 * 3))])
    for found in (recognise("a.pdf", "pdf", scan, 1, without_ocr()), read("a.pdf", "pdf", scan, without_ocr())):
        assert isinstance(found, Problem)
        assert "没有文字识别功能" in found.message


def test_without_ocr_the_pages_that_have_text_are_read_and_the_others_named():
    page = PdfPage()
    page.text(72, 100, "这一页有文字，可以读出来，另一页是扫描的图像。", 14)
    data = write([page, PdfPage(image=(40, 56, b"\xff" * 40 * 56 * 3))])
    found = read("a.pdf", "pdf", data, without_ocr())
    assert isinstance(found, Document)
    assert [p.locator.page for p in found.passages] == [1]
    assert any("第2页" in note for note in found.notes)


# ---------------------------------------------------------------- with it


@pytest.mark.ocr
@pytest.mark.parametrize(("quarters", "degrees"), [(0, 1.5), (2, 0.0), (1, 0.0)])
def test_a_scan_is_read_however_it_lies(quarters, degrees):
    image = np.ascontiguousarray(np.rot90(turned(page_image(prose()), degrees), quarters))
    page = ocr.recognise(image, DPI, SETTINGS)
    assert [line.text for line in page.lines] == LINES
    assert min(line.confidence for line in page.lines) > 0.8


@pytest.mark.ocr
def test_text_under_a_seal_is_read():
    picture = Image.fromarray(page_image(prose()))
    draw = ImageDraw.Draw(picture)
    for radius in (118, 70):
        draw.ellipse((300 - radius, 330 - radius, 300 + radius, 330 + radius), outline=(225, 40, 50), width=7)
    blended = np.minimum(np.asarray(picture), np.maximum(page_image(prose()), np.asarray(picture)))
    page = ocr.recognise(blended, DPI, SETTINGS)
    assert [line.text for line in page.lines] == LINES


@pytest.mark.ocr
def test_a_scanned_pdf_is_read_in_two_steps():
    image = page_image(prose())
    height, width = image.shape[:2]
    data = write([PdfPage(image=(width, height, image.tobytes()))])
    wanted = read("扫描.pdf", "pdf", data, SETTINGS)
    assert wanted == NeedsOcr((1,))
    page = recognise("扫描.pdf", "pdf", data, 1, SETTINGS)
    assert isinstance(page, RecognisedPage)
    found = read("扫描.pdf", "pdf", data, SETTINGS, {1: page})
    assert isinstance(found, Document)
    assert found.kind == "pdf-scan"
    assert "".join(p.text for p in found.passages) == "".join(LINES)


@pytest.mark.ocr
def test_a_photo_with_exif_rotation_is_read():
    picture = Image.fromarray(np.ascontiguousarray(np.rot90(page_image(prose()))))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter clockwise when shown
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, quality=90)
    page = recognise("照片.jpg", "image", out.getvalue(), 1, SETTINGS)
    assert isinstance(page, RecognisedPage)
    assert page.height > page.width
    assert page.turned == 0.0
    assert [line.text for line in page.lines] == LINES
