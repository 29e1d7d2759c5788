"""A workbook's rows keep their column names, their places and their looks, whatever its writer did."""

import datetime
import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from pipeline.model import Document, Passage, Problem
from pipeline.read import read
from pipeline.settings import load_settings
from pipeline.text import weight
from tests.read.xlsx_writer import MAIN, book, package, relations, row, sheet, strict, styles

SETTINGS = load_settings()
HEAD = row(1, "序号", "日期", "活动名称", "备注")


def document(data: bytes) -> Document:
    result = read("台账.xlsx", "xlsx", data, SETTINGS)
    assert isinstance(result, Document), result
    characters = result.characters
    assert characters is not None
    assert characters.file == characters.captured + sum(characters.skipped.values())
    assert "未能读出" not in characters.skipped
    return result


def rows(data: bytes) -> list[Passage]:
    return [p for p in document(data).passages if p.kind == "row"]


def texts(data: bytes) -> list[str]:
    return [p.text for p in rows(data)]


def saved(fill: Any) -> bytes:
    """A workbook that openpyxl wrote; `fill` gets it."""
    workbook = openpyxl.Workbook()
    fill(workbook)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def grid(*lines: list[object], merges: tuple[str, ...] = ()) -> bytes:
    def fill(workbook: Any) -> None:
        for line in lines:
            workbook.active.append(line)
        for merge in merges:
            workbook.active.merge_cells(merge)

    return saved(fill)


# ---------------------------------------------------------------- titles, headers, columns


def test_a_row_is_one_passage_with_exactly_its_columns_and_excels_row_number() -> None:
    data = grid(
        ["2024年度讲座登记表", None, None, None],
        ["序号", "举办日期", "活动名称", "备注"],
        [1, datetime.date(2024, 5, 7), "劳模进校园", None],
        [None, None, None, None],
        [2, "6月4日", "校友论坛", "因故取消"],
        merges=("A1:D1",),
    )
    first, second = rows(data)
    assert first.text == "1 | 2024-05-07 | 劳模进校园"
    assert first.columns == ("序号", "举办日期", "活动名称")
    assert first.locator.as_json() == {"sheet": "Sheet", "row": 3}
    assert (second.text, second.locator.row) == ("2 | 6月4日 | 校友论坛 | 因故取消", 5)
    assert first.heading == ("2024年度讲座登记表",)
    assert document(data).title == "2024年度讲座登记表"


def test_two_header_rows_become_one_name_a_column() -> None:
    data = grid(
        ["意识形态工作台账"],
        ["填报单位：信息工程学院    填报人：某某"],
        ["序号", "基本情况", None, "开展情况", None],
        [None, "时间", "名称", "主要内容", "结果"],
        [1, "3月5日", "专题研究", "研判形势", "形成纪要"],
        merges=("A1:E1", "A2:E2", "A3:A4", "B3:C3", "D3:E3"),
    )
    (only,) = rows(data)
    assert only.columns == ("序号", "基本情况/时间", "基本情况/名称", "开展情况/主要内容", "开展情况/结果")
    assert only.text == "1 | 3月5日 | 专题研究 | 研判形势 | 形成纪要"


def test_header_groups_without_a_merge_are_seen_by_their_gaps() -> None:
    data = grid(
        ["序号", "基本情况", None, "开展情况", None],
        [None, "时间", "名称", "主要内容", "责任人"],
        [1, "3月5日", "专题研究", "研判形势", "赵某"],
    )
    assert rows(data)[0].columns == ("序号", "基本情况/时间", "基本情况/名称", "开展情况/主要内容", "开展情况/责任人")


def test_a_tall_cell_counts_for_every_row_it_covers_and_its_characters_once() -> None:
    data = grid(
        ["季度", "日期", "主题"],
        ["第一季度", "1月8日", "参观博物馆"],
        [None, "2月8日", "观看警示教育片"],
        ["第二季度", "5月20日", "志愿服务"],
        merges=("A2:A3",),
    )
    assert texts(data) == [
        "第一季度 | 1月8日 | 参观博物馆",
        "第一季度 | 2月8日 | 观看警示教育片",
        "第二季度 | 5月20日 | 志愿服务",
    ]
    characters = document(data).characters
    assert characters is not None
    assert characters.file == weight("季度日期主题第一季度1月8日参观博物馆2月8日观看警示教育片第二季度5月20日志愿服务")


def test_rows_that_share_a_merged_cell_say_where_it_begins() -> None:
    data = grid(
        ["指标", "自评分", "说明"],
        ["1.1(1)", 9, "甲"],
        ["1.1(2)", None, "乙"],
        ["1.2(1)", 9, "丙"],
        ["1.2(2)", None, "丁"],
        ["2.1(1)", 3, "戊"],
        merges=("B2:B3", "B4:B5"),
    )
    assert [p.tall for p in rows(data)] == [(0, 2, 0), (0, 2, 0), (0, 4, 0), (0, 4, 0), ()]


def test_a_data_row_of_column_names_stays_a_row() -> None:
    data = grid(["序号", "名称", "内容"], [1, "名称", "时间"], [2, "党课", "讲党史"])
    assert texts(data) == ["1 | 名称 | 时间", "2 | 党课 | 讲党史"]


def test_a_form_without_a_header_has_no_column_names() -> None:
    data = grid(["支部名称", "教工第一党支部"], ["书记", "赵某"], ["党员人数", 23])
    assert [p.columns for p in rows(data)][-1] is None
    assert "党员人数 | 23" in texts(data)


def test_section_titles_and_a_second_table_with_its_own_header() -> None:
    data = grid(
        ["一、理论学习", None, None],
        ["日期", "主题", "人数"],
        ["3月1日", "两会精神", 20],
        [None, None, None],
        ["二、组织生活", None, None],
        ["时间", "形式", "地点"],
        ["4月1日", "党员大会", "会议室"],
        merges=("A1:C1", "A5:C5"),
    )
    first, second = rows(data)
    assert (first.heading, first.columns) == (("一、理论学习",), ("日期", "主题", "人数"))
    assert (second.heading[-1], second.columns) == ("二、组织生活", ("时间", "形式", "地点"))


def test_a_sheets_own_name_is_a_heading_and_a_programs_is_not() -> None:
    data = book({"三会一课": sheet(HEAD, row(2, 1, "3月", "党课")), "Sheet2": sheet(HEAD, row(2, 1, "3月", "党课"))})
    first, second = rows(data)
    assert (first.heading, second.heading) == (("三会一课",), ())
    assert second.locator.sheet == "Sheet2"


# ---------------------------------------------------------------- dates and numbers as a person sees them


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (45389, "yyyy-mm-dd", "2024-04-07"),
        (45389, "m&quot;月&quot;d&quot;日&quot;", "2024-04-07"),
        (45389, "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@", "2024-04-07"),
        (45383, "yyyy&quot;年&quot;m&quot;月&quot;", "2024-04"),
        (45389.604166666664, "yyyy/m/d h:mm", "2024-04-07 14:30"),
        (0.604166666666667, "h:mm", "14:30"),
        (1.25, "[h]:mm", "30:00"),
        (0.95, "0%", "95%"),
        (0.8888, "0.0%", "88.9%"),
        (1862.5, "#,##0.00", "1,862.50"),
        (418.6, "0.0&quot;万元&quot;", "418.6万元"),
        (7, "000", "007"),
        (-3, "0;(0)", "(3)"),
        (1234567, "#,##0", "1,234,567"),
        (0.30000000000000004, "General", "0.3"),
        (12345678901, "General", "12345678901"),
        (3, "[DBNum1]General", "3"),
        (12, "General&quot;次&quot;", "12"),
        (-5, "yyyy-mm-dd", "-5"),
    ],
)
def test_a_number_is_shown_as_its_format_shows_it(value: float, code: str, shown: str) -> None:
    data = book({"表": sheet(row(1, "名称", value, styles=(0, 1)))}, {"xl/styles.xml": styles(code)})
    assert texts(data) == [f"名称 | {shown}"]


@pytest.mark.parametrize(
    ("number", "shown"), [(14, "2024-04-07"), (31, "2024-04-07"), (57, "2024-04"), (9, "4538900%")]
)
def test_formats_that_excel_leaves_to_the_language_are_the_chinese_ones(number: int, shown: str) -> None:
    style = f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="{number}"/></cellXfs></styleSheet>'
    assert texts(book({"表": sheet(row(1, "名称", 45389))}, {"xl/styles.xml": style})) == [f"名称 | {shown}"]


def test_a_date_that_lost_its_format_is_a_date_under_a_dates_header_alone() -> None:
    data = book({"表": sheet(HEAD, row(2, 1, 45389, "党课", 45389))})
    assert texts(data) == ["1 | 2024-04-07 | 党课 | 45389"]
    characters = document(data).characters
    assert characters is not None
    assert characters.file == weight("序号日期活动名称备注145389党课45389")


def test_the_macs_date_system_counts_from_1904() -> None:
    data = book({"表": sheet(row(1, "名称", 43927, styles=(0, 1)))}, {"xl/styles.xml": styles("yyyy-mm-dd")}, mac=True)
    assert texts(data) == ["名称 | 2024-04-07"]


@pytest.mark.parametrize("written", ["2024.3.12", "3月12日", "二〇二四年三月", "拟于12月下旬"])
def test_a_date_that_was_typed_as_text_stays_as_it_stands(written: str) -> None:
    assert texts(book({"表": sheet(HEAD, row(2, 1, written, "党课"))})) == [f"1 | {written} | 党课"]


# ---------------------------------------------------------------- what cells may hold


def test_a_formula_gives_its_saved_result_and_without_one_is_named() -> None:
    saved_result = '<c r="B2"><f>SUM(A1:A9)</f><v>2235</v></c>'
    unsaved = '<c r="C2"><f>SUM(A1:A9)</f></c>'
    data = book({"表": sheet(row(1, "支部", "合计", "备注"), row(2, "教工支部", saved_result, unsaved))})
    assert texts(data)[-1] == "教工支部 | 2235"
    assert any("C2" in note and "公式" in note for note in document(data).notes)


def test_an_error_is_named_and_counted_but_not_quoted() -> None:
    data = book({"表": sheet(row(1, "名称", '<c r="B1" t="e"><v>#REF!</v></c>', "党课"))})
    result = document(data)
    assert texts(data) == ["名称 | 党课"]
    assert result.characters is not None
    assert result.characters.skipped == {"错误值": 5}
    assert any("B1" in note for note in result.notes)


def test_rich_text_is_joined_and_phonetic_guides_are_not_text() -> None:
    rich = "<si><r><t>党</t></r><r><rPr><b/></rPr><t>课</t></r><rPh sb='0' eb='1'><t>ダンカ</t></rPh></si>"
    shared = f'<sst xmlns="{MAIN}">{rich}<si><t>第一行_x000A_第二行_x005F_x</t></si></sst>'
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>99</v></c>'
    data = book({"表": sheet(f'<row r="1">{cells}</row>')}, {"xl/sharedStrings.xml": shared})
    assert texts(data) == ["党课 | 第一行 第二行_x"]


def test_booleans_and_iso_dates() -> None:
    cells = '<c r="A1" t="b"><v>1</v></c><c r="B1" t="d"><v>2024-04-07T00:00:00</v></c><c r="C1" t="str"><f>A1</f><v>合格</v></c>'
    assert texts(book({"表": sheet(f'<row r="1">{cells}</row>')})) == ["是 | 2024-04-07 | 合格"]


# ---------------------------------------------------------------- hidden things, comments, drawings


def test_hidden_rows_columns_and_sheets_are_read_and_marked() -> None:
    columns = '<cols><col min="4" max="4" hidden="1"/></cols>'
    shown = sheet(
        HEAD, row(2, 1, "3月", "党课", "内部编号"), row(3, 2, "4月", "讲座", attributes='hidden="1"'), before=columns
    )
    data = book({"表": shown, "底稿": sheet(HEAD, row(2, 9, "5月", "旧稿"))}, states={"底稿": "veryHidden"})
    assert [(p.text, p.hidden) for p in rows(data)] == [
        ("1 | 3月 | 党课", False),
        ("内部编号", True),
        ("2 | 4月 | 讲座", True),
        ("9 | 5月 | 旧稿", True),
    ]
    assert rows(data)[1].columns == ("备注",)
    notes = "".join(document(data).notes)
    assert all(word in notes for word in ("隐藏的列", "1行是隐藏的", "“底稿”是隐藏的"))


def test_a_comment_is_a_passage_of_its_own_at_its_cells_row() -> None:
    def fill(workbook: Any) -> None:
        workbook.active.append(["名称", "数值"])
        workbook.active["B1"].comment = openpyxl.comments.Comment("请核对人数", "审核人")

    found = [p for p in document(saved(fill)).passages if p.kind == "comment"]
    assert [(p.text, p.locator.row) for p in found] == [("请核对人数", 1)]


def test_text_in_a_drawing_is_read_and_pictures_and_charts_are_named() -> None:
    space = (
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    body = "<xdr:sp><xdr:txBody><a:p><a:r><a:t>另附</a:t></a:r><a:r><a:t>说明</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    drawing = (
        f"<xdr:wsDr {space}><xdr:twoCellAnchor><xdr:from><xdr:row>6</xdr:row></xdr:from>{body}</xdr:twoCellAnchor>"
        "<xdr:twoCellAnchor><xdr:pic/></xdr:twoCellAnchor></xdr:wsDr>"
    )
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": relations({"r1": ("drawing", "../drawings/drawing1.xml")}),
        "xl/drawings/drawing1.xml": drawing,
    }
    result = document(book({"表": sheet(row(1, "名称", "数值"))}, parts))
    assert [(p.text, p.locator.row) for p in result.passages if p.kind == "paragraph"] == [("另附说明", 7)]
    assert any("1张图片" in note for note in result.notes)


def test_page_headers_are_left_out_by_name_and_show_a_secrecy_mark() -> None:
    header = "<headerFooter><oddHeader>&amp;L&amp;&quot;黑体&quot;&amp;16{}</oddHeader></headerFooter>"
    plain = document(book({"表": sheet(row(1, "名称", "数值"), after=header.format("学院台账"))}))
    assert plain.characters is not None
    assert plain.characters.skipped == {"页眉页脚": 4}
    marked = read("x", "xlsx", book({"表": sheet(row(1, "名称", "数值"), after=header.format("机密★1年"))}), SETTINGS)
    assert isinstance(marked, Document)
    assert (marked.marked, marked.passages) == ("机密", ())


def test_macros_links_dde_and_embedded_files_are_named() -> None:
    parts = {
        "xl/vbaProject.bin": "x",
        "xl/externalLinks/externalLink1.xml": f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd"/></externalLink>',
        "xl/embeddings/oleObject1.bin": "x",
        "xl/connections.xml": "<x/>",
    }
    notes = "".join(document(book({"表": sheet(row(1, "名称", "数值"))}, parts)).notes)
    assert all(word in notes for word in ("宏", "外部文件", "DDE", "嵌入了1个", "外部数据"))


# ---------------------------------------------------------------- sensitive columns


def test_columns_on_persons_ethnicity_and_health_are_counted_and_withheld() -> None:
    data = grid(
        ["序号", "姓名", "民族", "健康状况", "入党时间"],
        [1, "甲某", "汉族", "良好", "2019年"],
        [2, "乙某", "回族", "高血压", "2020年"],
        [3, "丙某", "汉族", None, "2021年"],
    )
    result = document(data)
    assert texts(data) == ["1 | 甲某 | 2019年", "2 | 乙某 | 2020年", "3 | 丙某 | 2021年"]
    assert rows(data)[0].columns == ("序号", "姓名", "入党时间")
    assert result.characters is not None
    assert result.characters.skipped == {"敏感列": weight("汉族良好回族高血压汉族")}
    notes = "".join(result.notes)
    assert "汉族2人、少数民族1人" in notes
    assert "高血压" not in notes


def test_a_table_of_numbers_by_ethnicity_is_no_table_of_persons() -> None:
    assert texts(grid(["支部", "民族", "人数"], ["教工支部", "回族", 3])) == ["教工支部 | 回族 | 3"]


# ---------------------------------------------------------------- writers' habits, damage and attacks


def test_a_declared_dimension_is_never_believed() -> None:
    for declared in ("A1:A1", "A1:XFD1048576"):
        data = book({"表": sheet(HEAD, row(2, 1, "3月", "党课"), before=f'<dimension ref="{declared}"/>')})
        assert texts(data) == ["1 | 3月 | 党课"]


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing() -> None:
    data = book({"表": sheet(row(1, "名称", "数值"), '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')})
    assert rows(data)[-1].locator.row == 1048576


def test_rows_and_cells_without_numbers_are_counted() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("甲", "乙"))
    found = rows(book({"表": sheet(f"<row>{cells}</row><row>{cells}</row>")}))
    assert [(p.text, p.locator.row) for p in found] == [("甲 | 乙", 1), ("甲 | 乙", 2)]


def test_strict_workbooks_are_read() -> None:
    assert texts(strict(book({"表": sheet(HEAD, row(2, 1, "3月", "党课"))}))) == ["1 | 3月 | 党课"]


def test_a_writers_prefixes_blanks_and_comments_change_nothing() -> None:
    plain = sheet(HEAD, row(2, 1, "3月5日", "主题党日", " 按时 "), row(3, 2, "3月9日", "党课", "补课"))
    tags = ("worksheet", "sheetData", "row", "c", "is", "t", "v")
    other = plain.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    for tag in tags:
        other = re.sub(f"<(/?){tag}(?=[ >])", rf"<\1x:{tag}", other)
    other = other.replace("><", "><!-- 换行 -->\n  <").replace("主题党日", "<![CDATA[主题]]>党日")
    assert (
        texts(book({"台账": other}))
        == texts(book({"台账": plain}))
        == ["1 | 3月5日 | 主题党日 | 按时", "2 | 3月9日 | 党课 | 补课"]
    )


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GBK", "gb18030"])
def test_a_sheet_is_read_in_the_encoding_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + sheet(HEAD, row(2, 1, "3月5日", "主题党日", "按时"))
    parts: dict[str, str | bytes] = {"xl/worksheets/sheet1.xml": text.encode(encoding)}
    assert texts(book({"台账": ""}, parts)) == ["1 | 3月5日 | 主题党日 | 按时"]


@pytest.mark.parametrize("encoding", ["no-such-code", "base64", "GBK"])
def test_an_encoding_that_does_not_fit_is_a_problem(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + sheet(HEAD, row(2, 1, "3月5日", "主题党日", "㐂"))
    parts: dict[str, str | bytes] = {"xl/worksheets/sheet1.xml": text.encode()}
    assert isinstance(read("台账.xlsx", "xlsx", book({"台账": ""}, parts), SETTINGS), Problem)


def test_broken_relations_and_foreign_spellings_are_repaired() -> None:
    whole = {"xl/worksheets/sheet1.xml": sheet(HEAD, row(2, 1, "3月", "党课"))}
    assert texts(package(whole)) == ["1 | 3月 | 党课"]
    upper = {"XL\\Workbook.xml": f'<workbook xmlns="{MAIN}"><sheets><sheet name="表" sheetId="1"/></sheets></workbook>'}
    assert texts(package({**upper, "XL\\Worksheets\\Sheet1.xml": whole["xl/worksheets/sheet1.xml"]})) == [
        "1 | 3月 | 党课"
    ]


def test_a_missing_sheet_is_named_and_the_others_are_read() -> None:
    data = book({"甲": sheet(HEAD, row(2, 1, "3月", "党课")), "乙": sheet()})
    lost = data.replace(b"xl/worksheets/sheet2.xml", b"xl/worksheets/gone02.xml")
    assert texts(lost) == ["1 | 3月 | 党课"]
    assert any("“乙”" in note and "找不到" in note for note in document(lost).notes)


def test_an_empty_workbook_has_no_passages() -> None:
    assert document(book({"Sheet1": sheet(), "Sheet2": sheet()})).passages == ()


def problem(data: bytes) -> Problem:
    result = read("台账.xlsx", "xlsx", data, SETTINGS)
    assert isinstance(result, Problem)
    assert result.message and result.remedy.startswith("请")
    return result


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)


def test_billion_laughs_and_external_entities_are_refused_in_every_part() -> None:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    for declaration, use in ((LAUGHS, "&j;"), (entity, "&e;")):
        problem(book({"表": declaration + sheet(row(1, use, "数值"))}))
        shared = f'{declaration}<sst xmlns="{MAIN}"><si><t>{use}</t></si></sst>'
        problem(book({"表": sheet(row(1, "名称", "数值"))}, {"xl/sharedStrings.xml": shared}))


def test_ten_thousand_sheets_are_refused_with_their_number() -> None:
    data = book({f"表{i}": "<x/>" for i in range(10_000)})
    assert "10000张" in problem(data).message


def test_a_part_that_unpacks_to_a_bomb_is_refused() -> None:
    blank = " " * ((SETTINGS.reading.office_part_mib + 1) * 2**20)
    problem(book({"表": sheet(row(1, "名称", "数值"), after=blank)}))


def test_one_long_text_that_fills_all_cells_is_cut_and_named() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 2_000_000}</t></si></sst>'
    cell = '<c t="s"><v>0</v></c>'
    found = document(book({"表": sheet(*[f"<row>{cell}</row>"] * 2000)}, {"xl/sharedStrings.xml": strings}))
    assert len(found.passages) == 5
    assert found.characters is not None
    assert found.characters.skipped == {"超出上限的行": 1995 * 2_000_000}
    assert any("超出上限" in note for note in found.notes)


def test_damage_is_a_problem_with_a_remedy() -> None:
    good = book({"表": sheet(HEAD, row(2, 1, "3月", "党课"))})
    problem(good[:200])
    problem(b"PK\x03\x04" + b"\0" * 100)
    problem(package({"word/document.xml": "<x/>"}))
    problem(book({"表": sheet(HEAD)[:-30]}))


def test_broken_styles_cost_the_looks_alone() -> None:
    data = book({"表": sheet(row(1, "名称", 45389))}, {"xl/styles.xml": "<styleSheet"})
    assert texts(data) == ["名称 | 45389"]
    assert any("格式已损坏" in note for note in document(data).notes)


def test_rows_beyond_the_limit_are_counted_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from pipeline.read import rows as module
    from pipeline.read import xlsx

    few = replace(module.sheet_data(), limits=replace(module.sheet_data().limits, rows=2))
    monkeypatch.setattr(xlsx, "sheet_data", lambda: few)
    data = book({"表": sheet(*(row(i, f"第{i}行", "内容") for i in range(1, 6)))})
    result = document(data)
    assert result.characters is not None
    assert result.characters.skipped == {"超出上限的行": 3 * weight("第1行内容")}
    assert any("超出上限" in note for note in result.notes)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (["指标", "2022年", "2023年", "2024年"], ["发展党员数", 12, 14, 15]),
        (["支部", "1月", "2月", "3月", "4月"], ["教工支部", "党员大会", "支委会", "党课", "主题党日"]),
        (["序 号", "活 动 名 称", "时  间"], [1, "主题党日", "3月5日"]),
        (["项目", "内容", "完成时限", "责任人"], ["理论学习", "学习条例", "6月底", "甲某"]),
    ],
)
def test_headers_of_many_kinds_are_seen(header: list[object], line: list[object]) -> None:
    (only,) = rows(grid(header, line))
    assert only.columns == tuple(str(name).replace(" ", "") for name in header)


def test_a_repeated_header_is_no_data() -> None:
    data = grid(["序号", "日期", "内容"], [1, "3月1日", "学习"], ["序号", "日期", "内容"], [2, "4月1日", "讨论"])
    assert texts(data) == ["1 | 3月1日 | 学习", "2 | 4月1日 | 讨论"]


def test_a_list_of_names_has_no_header() -> None:
    found = rows(
        grid(["参会人员签到表", None, None], ["甲某", "乙某", "丙某"], ["丁某", "戊某", "己某"], merges=("A1:C1",))
    )
    assert [p.columns for p in found] == [None, None]


def test_lines_above_and_below_a_table_are_paragraphs() -> None:
    data = grid(
        ["填报单位：某学院", None],
        ["日期", "内容"],
        ["3月1日", "学习"],
        ["填表人：甲某    审核人：乙某", None],
        merges=("A1:B1", "A4:B4"),
    )
    assert [p.kind for p in document(data).passages] == ["paragraph", "header", "row", "paragraph"]


@pytest.mark.parametrize("number", ["党", "", "A1", "-1", "99999999999"])
def test_a_format_under_an_odd_number_is_left_alone(number: str) -> None:
    style = f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="{number}" formatCode="0%"/></numFmts></styleSheet>'
    assert texts(book({"表": sheet(row(1, "名称", 3))}, {"xl/styles.xml": style})) == ["名称 | 3"]
