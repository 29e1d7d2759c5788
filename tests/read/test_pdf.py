"""PDF prose: paragraphs whole over line and page ends, furniture left out by name, columns in reading order."""

import pytest

from pipeline.model import Document, Problem
from pipeline.read import NeedsOcr, RecognisedLine, RecognisedPage, read
from pipeline.settings import load_settings
from tests.read.pdf_writer import PdfPage, write

SETTINGS = load_settings()
EM = 14.0
FULL = 32  # characters in a full line of 14 pt between 72 and 520
TEXT = (
    "党总支坚持把政治建设摆在首位认真落实第一议题制度全年组织集中学习覆盖全体教职工党员并由各支部书记逐一检查学习笔记"
    "对检查中发现的问题当场指出限期改正并在下一次支委会上通报结果"
)


def document(*pages: PdfPage) -> Document:
    found = read("会议记录.pdf", "pdf", write(list(pages)), SETTINGS)
    assert isinstance(found, Document), found
    return found


def texts(found: Document) -> list[str]:
    return [passage.text for passage in found.passages]


def set_paragraph(page: PdfPage, top: float, text: str) -> float:
    """A paragraph as word processors set it, first line indented by two characters; returns where it ends."""
    first, rest = text[: FULL - 2], text[FULL - 2 :]
    page.text(72 + 2 * EM, top, first, EM)
    for start in range(0, len(rest), FULL):
        top += 24
        page.text(72, top, rest[start : start + FULL], EM)
    return top + 24


def test_lines_of_a_paragraph_are_joined_without_blanks():
    page = PdfPage()
    top = set_paragraph(page, 90, TEXT + "。")
    set_paragraph(page, top, "第二段" + TEXT + "。")
    assert texts(document(page)) == [TEXT + "。", "第二段" + TEXT + "。"]


def test_a_paragraph_that_ends_with_a_full_line_is_not_joined_to_the_next():
    page = PdfPage()
    ended = (TEXT * 2)[: FULL - 3] + "。"
    top = set_paragraph(page, 90, ended)
    top = set_paragraph(page, top, TEXT + "。")
    set_paragraph(page, top, TEXT + "。")
    assert texts(document(page)) == [ended, TEXT + "。", TEXT + "。"]


def test_a_paragraph_over_a_page_end_is_one_passage_of_the_first_page():
    first, second = PdfPage(), PdfPage()
    long = TEXT * 2 + "。"
    for number in range(25):
        first.text(72 + 2 * EM, 90 + 24 * number, f"第{number + 1}项短句。", EM)
    first.text(72 + 2 * EM, 90 + 24 * 25, long[: FULL - 2], EM)
    top = 90
    for start in range(FULL - 2, len(long), FULL):
        second.text(72, top, long[start : start + FULL], EM)
        top += 24
    second.text(72 + 2 * EM, top, "另起一段。", EM)
    found = document(first, second)
    passage = next(p for p in found.passages if p.text == long)
    assert passage.locator.as_json() == {"page": 1}
    assert found.passages[-1].locator.as_json() == {"page": 2}


def test_running_heads_and_page_numbers_are_left_out_by_name():
    pages = [PdfPage() for _ in range(3)]
    for number, page in enumerate(pages, 1):
        page.text(240, 40, "信息工程学院党总支", 9)
        page.text(270, 800, f"— {number} —", 9)
        set_paragraph(page, 100, f"第{number}页" + TEXT + "。")
    found = document(*pages)
    assert all("信息工程学院党总支" not in text and "—" not in text for text in texts(found))
    assert found.characters is not None
    assert found.characters.skipped == {"页眉页脚": 27, "页码": 9}


def test_lines_that_head_nothing_are_the_text_themselves():
    pages = [PdfPage() for _ in range(3)]
    for number, page in enumerate(pages, 1):
        page.text(200, 60, "特授予信息工程学院优秀党员称号。", 16)
        page.text(270, 800, f"— {number} —", 9)
    found = document(*pages)
    assert "".join(texts(found)) == "特授予信息工程学院优秀党员称号。" * 3
    assert found.characters is not None
    assert found.characters.skipped == {"页码": 9}


@pytest.mark.parametrize("form", ["第1页 共3页", "- 1 -", "1", "1/3", "第 1 页"])
def test_the_page_number_of_a_single_page_is_left_out(form):
    page = PdfPage()
    set_paragraph(page, 100, TEXT + "。")
    page.text(270, 800, form, 9)
    assert texts(document(page)) == [TEXT + "。"]


def test_headings_that_stand_at_the_top_of_every_page_stay():
    pages = [PdfPage() for _ in range(3)]
    for number, page in enumerate(pages, 1):
        page.text(72, 75, f"第{number}次会议", EM)
        set_paragraph(page, 110, TEXT + "。")
    assert [t for t in texts(document(*pages)) if "次会议" in t] == ["第1次会议", "第2次会议", "第3次会议"]


def test_every_character_is_captured_or_left_out_by_name():
    pages = [PdfPage() for _ in range(2)]
    for number, page in enumerate(pages, 1):
        page.text(240, 40, "党建简报", 9)
        bottom = page.table(72, 300, [100, 200], [["时间", "内容"], ["3月5日", "研究党建工作"]])
        set_paragraph(page, 100, TEXT + "。")
        page.text(72, bottom + 20, "落款", EM)
        page.text(270, 800, str(number), 9)
    characters = document(*pages).characters
    assert characters is not None
    assert characters.file == characters.captured + sum(characters.skipped.values())
    assert "未能读出" not in characters.skipped


def test_two_columns_are_read_one_after_the_other():
    page = PdfPage()
    page.text(150, 80, "党建工作通讯", 22)
    left = ["　　左栏" + TEXT[:13], *[TEXT[n : n + 17] for n in range(0, 68, 17)], "左栏完。"]
    right = ["　　右栏" + TEXT[:13], *[TEXT[n : n + 17] for n in range(0, 68, 17)], "右栏完。"]
    for number, (a, b) in enumerate(zip(left, right, strict=True)):
        for x, line in ((72, a), (310, b)):
            page.text(x + 24 * line.startswith("　　"), 130 + 20 * number, line.strip("　"), 12)
    found = texts(document(page))
    assert found[0] == "党建工作通讯"
    assert [text[:2] for text in found[1:]] == ["左栏", "右栏"]
    assert found[1].endswith("左栏完。")


@pytest.mark.parametrize(
    ("rotate", "matrix"), [(90, "0 1 -1 0"), (270, "0 -1 1 0"), (0, "0 1 -1 0"), (180, "-1 0 0 -1")]
)
def test_a_turned_page_is_read_upright(rotate, matrix):
    page = PdfPage(rotate=rotate)
    long, chunk = TEXT * 2 + "。", 32 if rotate == 180 else 45
    for number, start in enumerate(range(0, len(long), chunk)):
        along, across = 100, 120 + 24 * number
        x, y = {"0 1 -1 0": (across, along), "0 -1 1 0": (595 - across, 842 - along)}.get(matrix, (595 - 60, across))
        code = long[start : start + chunk].encode("utf-16-be").hex()
        page.parts.append(f"BT /F1 {EM} Tf {matrix} {x} {y} Tm <{code}> Tj ET")
    assert texts(document(page)) == [long]


def test_blanks_that_only_spacing_opened_are_dropped_and_typed_ones_kept():
    page = PdfPage()
    page.text(72, 100, "2024", 14)
    page.text(72 + 28 + 3.5, 100, "年工作", 14)
    page.text(72, 130, "施 副书记 Party Day", 14)
    assert texts(document(page)) == ["2024年工作", "施 副书记 Party Day"]


# ---------------------------------------------------------------- pages that need OCR, and bad files


def white(width: int = 40, height: int = 56) -> tuple[int, int, bytes]:
    return width, height, b"\xff" * (width * height * 3)


def test_a_page_that_is_a_picture_waits_for_ocr_and_is_then_read():
    text, scan = PdfPage(), PdfPage(image=white())
    set_paragraph(text, 100, TEXT + "。")
    data = write([text, scan])
    assert read("a.pdf", "pdf", data, SETTINGS) == NeedsOcr((2,))
    line = RecognisedLine("扫描的一行文字", 0.97, (200, 300, 600, 330))
    found = read("a.pdf", "pdf", data, SETTINGS, {2: RecognisedPage((line,), 1654, 2339)})
    assert isinstance(found, Document)
    assert (found.kind, texts(found)[-1]) == ("pdf", "扫描的一行文字")
    assert (found.passages[-1].ocr, found.passages[-1].locator.page) == (0.97, 2)


def test_a_file_of_scans_alone_is_a_scan():
    line = RecognisedLine("全文都是扫描", 0.9, (200, 300, 600, 330))
    found = read("a.pdf", "pdf", write([PdfPage(image=white())]), SETTINGS, {1: RecognisedPage((line,), 1654, 2339)})
    assert isinstance(found, Document)
    assert found.kind == "pdf-scan"


def test_a_blank_scan_is_a_problem_with_its_remedy():
    found = read("签到表.pdf", "pdf", write([PdfPage(image=white())]), SETTINGS, {1: RecognisedPage((), 1654, 2339)})
    assert isinstance(found, Problem)
    assert "没有认出任何文字" in found.message
    assert found.remedy


def test_text_of_private_characters_waits_for_ocr():
    page = PdfPage()
    for number in range(5):
        page.text(72, 100 + 20 * number, "\ue001\ue002\ue003\ue004\ue005党", 12)
    assert read("a.pdf", "pdf", write([page]), SETTINGS) == NeedsOcr((1,))


def test_a_blank_page_is_named():
    page = PdfPage()
    set_paragraph(page, 100, TEXT + "。")
    assert document(page, PdfPage()).notes == ("第2页是空白页。",)


WHOLE = write([PdfPage(parts=["BT /F1 12 Tf 72 700 Td <515a> Tj ET"])])
LOCKED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<00><00>]"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "打不开"),
        (b"%PDF-1.7\n" + b"\x00" * 500, "打不开"),
        (WHOLE[:60], "打不开"),
        (write([PdfPage()], extra=LOCKED), "密码"),
        (write([PdfPage()]), "没有任何文字"),
    ],
)
def test_what_cannot_be_read_is_a_problem(data, says):
    found = read("坏.pdf", "pdf", data, SETTINGS)
    assert isinstance(found, Problem)
    assert says in found.message
    assert found.path == "坏.pdf"
    assert found.remedy.endswith("。")


def test_a_page_of_a_million_glyphs_is_refused():
    page = PdfPage()
    for top in range(50, 850):
        page.text(10, top, "党" * 160, 1)
    found = read("a.pdf", "pdf", write([page]), SETTINGS)
    assert isinstance(found, Problem)
    assert "第1页" in found.message


def test_a_drawing_of_many_lines_is_no_table_and_takes_no_time():
    page = PdfPage()
    for place in range(50, 560):
        page.line(place, 50, place, 800)
        page.line(50, place, 560, place)
    page.text(72, 810, "示意图", 12)
    assert texts(document(page)) == ["示意图"]


def test_a_table_of_contents_is_left_out_by_name():
    page = PdfPage()
    page.text(260, 90, "目　录", 16)
    for number, name in enumerate(("一、基本情况", "二、主要做法", "三、存在问题", "四、下步打算")):
        page.text(72, 130 + 24 * number, name + "．" * 20 + str(number + 1), 14)
    set_paragraph(page, 300, TEXT + "。")
    found = document(page)
    assert texts(found) == [TEXT + "。"]
    assert found.characters is not None
    assert found.characters.skipped == {"目录": 2 + 4 * 27}


def test_a_title_of_two_lines_is_one():
    page = PdfPage()
    page.text(72, 90, "中共信息工程学院总支部委员会关于印发二", 22.5)
    page.text(150, 124, "〇二四年党建工作要点的通知", 22.5)
    set_paragraph(page, 180, TEXT + "。")
    set_paragraph(page, 300, TEXT * 2 + "。")
    assert texts(document(page))[0] == "中共信息工程学院总支部委员会关于印发二〇二四年党建工作要点的通知"


def test_text_outside_of_the_page_is_left_out_by_name():
    page = PdfPage()
    set_paragraph(page, 100, TEXT + "。")
    page.text(72, 3000, "页外的字", 12)
    found = document(page)
    assert texts(found) == [TEXT + "。"]
    assert found.characters is not None
    assert found.characters.skipped == {"页面之外的文字": 4}


def test_places_beyond_all_measure_cost_neither_memory_nor_time():
    page = PdfPage()
    for number in range(20):
        page.text(10.0 ** (number % 12), 100 + 10 * number, TEXT, 12)
        page.line(0, 10**9, 10**9, 10**9)
    found = document(page)
    assert found.characters is not None
    assert found.characters.captured == 4 * len(TEXT)
    assert found.characters.file == found.characters.captured + found.characters.skipped["页面之外的文字"]


def test_a_watermark_across_the_page_is_left_out_by_name():
    page = PdfPage()
    set_paragraph(page, 100, TEXT + "。")
    code = "内部资料".encode("utf-16-be").hex()
    page.parts.append(f"BT /F1 40 Tf 0.7071 0.7071 -0.7071 0.7071 200 650 Tm <{code}> Tj ET")
    found = document(page)
    assert texts(found) == [TEXT + "。"]
    assert found.characters is not None
    assert found.characters.skipped == {"水印": 4}


def test_entries_of_minutes_without_indents_each_begin_with_their_day():
    page = PdfPage()
    for n, text in enumerate(
        (
            "4月2日召开意识形态工作专题会，分析网络舆情和课堂阵地情况，研判风险点。",
            "4月25日，护理学院院长走进护理2305班讲思政课，题目是从抗疫看制度优势。",
            "6月20日，师生同上一堂党课。",
        )
    ):
        page.text(72, 100 + 18 * n, text)
    assert [text[:5] for text in texts(document(page))] == ["4月2日召", "4月25日", "6月20日"]
