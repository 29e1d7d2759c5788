"""PDF tables: rows in their columns, merged cells, tables over page ends, tables without rules; prose stays prose."""

import io

import pdfplumber

from pipeline.model import Document
from pipeline.read import read
from pipeline.settings import load_settings
from tests.read.pdf_writer import PdfPage, write

SETTINGS = load_settings()
HEADER = ["时间", "会议类型", "主持人", "主要内容"]
ROWS = [
    ["3月5日", "支委会", "王建国", "研究发展党员工作"],
    ["3月12日", "党员大会", "李红", "学习全会精神"],
    ["4月9日", "党小组会", "张三", "交流学习体会"],
    ["5月14日", "党课", "王建国", "书记讲授专题党课"],
]
WIDTHS = [70.0, 80.0, 80.0, 200.0]


def document(*pages: PdfPage) -> Document:
    found = read("台账.pdf", "pdf", write(list(pages)), SETTINGS)
    assert isinstance(found, Document), found
    return found


def rows(found: Document) -> list[list[str]]:
    return [cells(passage.text) for passage in found.passages if passage.kind == "row"]


def cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.split("|")]


def test_rows_keep_their_columns_names_and_places():
    page = PdfPage()
    page.table(72, 100, WIDTHS, [HEADER, *ROWS])
    found = document(page)
    assert rows(found) == ROWS
    row = found.passages[2]
    assert row.columns == tuple(HEADER)
    assert row.locator.as_json() == {"page": 1, "table": 1, "row": 3}


def test_rows_and_columns_are_those_of_pdfplumber():
    page = PdfPage()
    bottom = page.table(72, 100, WIDTHS, [HEADER, *ROWS])
    page.table(72, bottom + 60, [120.0, 60.0], [["支部", "人数"], ["一支部", "12"], ["二支部", "9"]], 26)
    data = write([page])
    with pdfplumber.open(io.BytesIO(data)) as peer:
        theirs = [[cell or "" for cell in row] for table in peer.pages[0].extract_tables() for row in table]
    found = read("台账.pdf", "pdf", data, SETTINGS)
    assert isinstance(found, Document)
    ours = [cells(p.text) for p in found.passages if p.locator.table]
    assert ours == theirs


def test_empty_cells_keep_their_place():
    page = PdfPage()
    page.table(72, 100, WIDTHS, [HEADER, ["3月5日", "", "", "研究党建工作"]])
    assert rows(document(page)) == [["3月5日", "", "", "研究党建工作"]]


def test_a_merged_cell_is_carried_into_every_row_it_covers():
    page = PdfPage()
    for x in (72, 172, 372):
        page.line(x, 100, x, 180)
    for top in (100, 120, 180):
        page.line(72, top, 372, top)
    for top in (140, 160):
        page.line(172, top, 372, top)
    page.text(76, 104, "支部", 10)
    page.text(176, 104, "活动", 10)
    page.text(76, 145, "第一支部", 10)
    for number in range(3):
        page.text(176, 124 + 20 * number, f"活动{number + 1}月", 10)
    found = document(page)
    assert rows(found) == [["第一支部", f"活动{n}月"] for n in (1, 2, 3)]
    assert [p.tall for p in found.passages if p.kind == "row"] == [(2, 0)] * 3
    assert found.characters is not None
    assert found.characters.file == 4 + 4 + 12


def test_a_table_over_a_page_end_is_one_and_its_rows_know_their_page():
    first, second = PdfPage(), PdfPage()
    first.table(72, 700, WIDTHS, [HEADER, *ROWS[:2]])
    second.table(72, 80, WIDTHS, [HEADER, *ROWS[2:]])
    second.text(72, 300, "以上属实。", 12)
    found = document(first, second)
    assert [p.locator.as_json() for p in found.passages if p.kind == "row"] == [
        {"page": page, "table": 1, "row": row} for page, row in ((1, 2), (1, 3), (2, 4), (2, 5))
    ]
    assert all(p.columns == tuple(HEADER) for p in found.passages if p.kind == "row")
    assert found.characters is not None
    assert found.characters.skipped == {"重复表头": 13}


def test_a_row_that_a_page_end_cut_is_one_row():
    first, second = PdfPage(), PdfPage()
    words = "会议传达学习上级文件精神研究部署下一阶段党建重点任务"
    first.table(72, 700, [60.0, 98.0], [["时间", "内容"], ["3月5日", ""]], 40)
    first.text(136, 744, words[:9], 10)
    first.text(136, 758, words[9:18], 10)
    second.table(72, 80, [60.0, 98.0], [["", ""], ["4月9日", "交流体会"]], 40)
    second.text(136, 84, words[18:], 10)
    assert rows(document(first, second)) == [["3月5日", words], ["4月9日", "交流体会"]]


def test_a_title_row_stands_above_the_rows():
    page = PdfPage()
    bottom = page.table(72, 100, [sum(WIDTHS)], [["三会一课台账"]])
    page.table(72, bottom, WIDTHS, [HEADER, *ROWS])
    found = document(page)
    assert rows(found) == ROWS
    assert all("三会一课台账" in p.heading for p in found.passages if p.kind == "row")


def test_a_frame_round_text_is_no_table():
    page = PdfPage()
    page.table(72, 100, [400.0], [["编者按：本期刊登各支部经验。"]], 40)
    found = document(page)
    assert [(p.kind, p.locator.table) for p in found.passages] == [("paragraph", None)]


def test_a_table_without_rules_has_its_rows_in_columns():
    page = PdfPage()
    page.text(200, 90, "三会一课一览表", 18)
    for number, row in enumerate([HEADER, *ROWS]):
        for x, cell in zip((90, 170, 260, 340), row, strict=True):
            page.text(x, 130 + 22 * number, cell, 12)
    page.text(96, 270, "以上情况属实，由支部书记负责解释。", 12)
    found = document(page)
    assert rows(found) == ROWS
    assert found.passages[2].columns == tuple(HEADER)
    assert found.passages[-1].text == "以上情况属实，由支部书记负责解释。"


def test_a_cell_of_two_lines_in_a_table_without_rules_is_one_cell():
    page = PdfPage()
    lines = [HEADER, ROWS[0], ROWS[1], ["", "", "", "并讨论转正"], ROWS[2], ROWS[3]]
    for number, row in enumerate(lines):
        for x, cell in zip((90, 170, 260, 340), row, strict=True):
            if cell:
                page.text(x, 130 + 18 * number, cell, 12)
    expected = [[*row] for row in ROWS]
    expected[1][3] += "并讨论转正"
    assert rows(document(page)) == expected


def test_labels_that_are_spread_out_are_no_table():
    page = PdfPage()
    labels = ["时间：2024年3月5日", "地点：行政楼301", "出席：王建国、李红", "记录：张三"]
    for number, text in enumerate(labels):
        page.text(72, 100 + 22 * number, text[0], 14)
        page.text(100, 100 + 22 * number, text[1:], 14)
    found = document(page)
    assert rows(found) == []
    assert [p.text.replace(" ", "") for p in found.passages] == labels


def test_a_merged_cell_is_carried_over_a_page_end():
    first, second = PdfPage(), PdfPage()
    for page, top, number in ((first, 720, 2), (second, 80, 2)):
        for x in (72, 172, 372):
            page.line(x, top, x, top + 20 * number)
        page.line(72, top, 372, top)
        page.line(72, top + 20 * number, 372, top + 20 * number)
        page.line(172, top + 20, 372, top + 20)
        for row in range(number):
            page.text(176, top + 4 + 20 * row, f"第{row + 1}次活动情况" + "上下"[page is second], 10)
    first.text(76, 735, "第一支部", 10)
    assert rows(document(first, second)) == [
        ["第一支部", f"第{row}次活动情况{page}"] for page in "上下" for row in (1, 2)
    ]


def test_a_form_has_no_header():
    page = PdfPage()
    form = [["主持人", "王建国", "记录人", "李红"], ["地点", "报告厅", "方式", "线下"], ["人数", "32人", "缺席", "无"]]
    page.table(72, 100, WIDTHS, form)
    assert rows(document(page)) == form


def test_four_even_columns_without_rules_are_a_table_not_two_columns_of_text():
    page = PdfPage()
    page.text(72, 72, "党员教师联系学生情况")
    rows_ = [
        ("姓名", "联系班级", "解决问题", "时间"),
        ("柯立群", "食品2301班", "协调实习补贴", "3月11日"),
        ("苗海燕", "生物2302班", "帮助两名学生申请", "4月2日"),
        ("", "", "临时困难补助", ""),
        ("谈志坚", "食品2402班", "辅导高数补考", "6月5日"),
        ("戚思源", "药品2301班", "调解宿舍矛盾", "10月9日"),
    ]
    for n, row in enumerate(rows_):
        for column, text in enumerate(row):
            if text:
                page.text(72 + 106 * column, 100 + 16 * n, text)
    assert rows(document(page))[1] == ["苗海燕", "生物2302班", "帮助两名学生申请临时困难补助", "4月2日"]
