"""DOCX: what stands in the body comes out once, in its place, and what does not is named."""

import pytest

from pipeline.model import Document, Passage, Problem
from pipeline.read import NeedsOcr, RecognisedLine, RecognisedPage, read
from pipeline.settings import load_settings
from tests.read.docx_writer import NAMESPACES, docx, p, package, r, style, tbl, tc, tr

SETTINGS = load_settings()
LONG = "全年召开党总支会议十二次，专题研究意识形态工作两次，形成会议纪要并逐项督办落实。"


def opened(data: bytes, kind: str = "docx") -> Document:
    document = read("材料.docx", kind, data, SETTINGS)
    assert isinstance(document, Document), document
    assert document.characters is not None
    assert document.characters.file == document.characters.captured + sum(document.characters.skipped.values())
    assert "未能读出" not in document.characters.skipped
    return document


def passages(body: str, **parts: str) -> tuple[Passage, ...]:
    return opened(docx(body, **parts)).passages


def texts(body: str, **parts: str) -> list[str]:
    return [passage.text for passage in passages(body, **parts)]


# ---------------------------------------------------------------- paragraphs


def test_paragraphs_are_counted_from_one_without_the_empty_ones() -> None:
    found = passages(p("第一句。") + p() + p("第二句。") + tbl(tr("甲", "乙")) + p("第三句。"))
    assert [(f.text, f.locator.as_json()) for f in found if f.locator.paragraph] == [
        ("第一句。", {"paragraph": 1}),
        ("第二句。", {"paragraph": 2}),
        ("第三句。", {"paragraph": 3}),
    ]


def test_insertions_are_kept_and_deletions_named() -> None:
    body = p(
        "会议", f"<w:ins>{r('于三月')}</w:ins>", "<w:del><w:r><w:delText>于二月</w:delText></w:r></w:del>", "召开。"
    )
    document = opened(docx(body))
    assert document.passages[0].text == "会议于三月召开。"
    assert document.characters is not None
    assert document.characters.skipped == {"删除的修订": 3}
    assert any("修订" in note for note in document.notes)


def test_moved_text_stands_only_where_it_was_moved_to() -> None:
    body = p(f"<w:moveFrom>{r('移动的话。')}</w:moveFrom>") + p(f"<w:moveTo>{r('移动的话。')}</w:moveTo>")
    assert texts(body) == ["移动的话。"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    body = p("前半句，", properties="<w:rPr><w:del/></w:rPr>") + p("后半句。") + p("另一段。")
    assert texts(body) == ["前半句，后半句。", "另一段。"]


def test_content_controls_give_their_content_but_not_their_prompt() -> None:
    inline = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('行内控件')}</w:sdtContent></w:sdt>"
    block = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('块控件里的一段。')}</w:sdtContent></w:sdt>"
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入文字')}</w:sdtContent></w:sdt>"
    document = opened(docx(p(inline, "里的字。", prompt) + block))
    assert [x.text for x in document.passages] == ["行内控件里的字。", "块控件里的一段。"]
    assert document.characters is not None
    assert document.characters.skipped == {"占位提示": 8}


def test_a_text_box_comes_once_at_its_anchor() -> None:
    box = f"<w:txbxContent>{p('框里的话。')}</w:txbxContent>"
    both = (
        f"<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    document = opened(docx(p("锚点一段。", f"<w:r>{both}</w:r>") + p("下一段。")))
    assert [(x.text, x.locator.paragraph) for x in document.passages] == [
        ("锚点一段。", 1),
        ("框里的话。", 1),
        ("下一段。", 2),
    ]
    assert document.characters is not None
    assert document.characters.skipped == {"文本框的副本": 5}


def test_a_text_box_only_in_the_fallback_is_read() -> None:
    box = f"<w:pict><v:textbox><w:txbxContent>{p('旧式框里的话。')}</w:txbxContent></v:textbox></w:pict>"
    both = f"<mc:AlternateContent><mc:Choice Requires='x'><w:drawing/></mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert texts(p(f"<w:r>{both}</w:r>")) == ["旧式框里的话。"]


def test_hidden_text_is_left_out_by_name_also_where_a_style_hides_it() -> None:
    styles = style("Ghost", "Ghost", "<w:rPr><w:vanish/></w:rPr>", kind="character")
    body = p(
        "看得见",
        r("看不见", "<w:vanish/>"),
        r("也看不见", '<w:rStyle w:val="Ghost"/>'),
        r("。", '<w:vanish w:val="0"/>'),
    )
    document = opened(docx(body, styles=styles))
    assert document.passages[0].text == "看得见。"
    assert document.characters is not None
    assert document.characters.skipped == {"隐藏文字": 7}


def field(code: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{code}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_a_field_gives_its_result_not_its_code() -> None:
    document = opened(docx(p("共", field(" NUMPAGES ", r("12")), "页。")))
    assert document.passages[0].text == "共12页。"
    assert document.characters is not None
    assert document.characters.skipped == {"域代码": 8}


def test_a_generated_table_of_contents_is_left_out_by_name() -> None:
    styles = style("TOC1", "toc 1")
    entry = p(field(' TOC \\o "1-3" ', r("一、基本情况")), r("1"), properties='<w:pStyle w:val="TOC1"/>')
    document = opened(docx(entry + p("正文第一段。"), styles=styles))
    assert [x.text for x in document.passages] == ["正文第一段。"]
    assert document.characters is not None
    assert document.characters.skipped["目录"] == 7


def test_a_contents_field_that_never_ends_does_not_swallow_the_body() -> None:
    opening = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    opening += '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    assert LONG in texts(p(opening) + p("一、概况……1") + p(LONG))


def test_symbols_tabs_breaks_and_hyphens_are_characters() -> None:
    run = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>已</w:t><w:noBreakHyphen/><w:t>办</w:t><w:tab/><w:t>毕</w:t></w:r>'
    assert texts(p(run)) == ["☑已-办 毕"]


def test_ruby_gives_the_base_text_and_names_the_reading() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('dǎng')}</w:rt><w:rubyBase>{r('党')}</w:rubyBase></w:ruby></w:r>"
    document = opened(docx(p(ruby, "员。")))
    assert document.passages[0].text == "党员。"
    assert document.characters is not None
    assert document.characters.skipped == {"注音": 4}


def test_formulas_hyperlinks_and_smart_tags_are_text() -> None:
    body = p(
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
        f"<w:hyperlink>{r('链接')}</w:hyperlink>",
        f"<w:smartTag>{r('标签')}</w:smartTag>",
    )
    assert texts(body) == ["x=1链接标签"]


# ---------------------------------------------------------------- around the body


def test_headers_footers_and_comments_are_counted_apart() -> None:
    comment = f'<w:comment w:id="0">{p("请核实")}</w:comment>'
    document = opened(docx(p("正文一段。"), header=p("学院文件"), footer=p("第 1 页"), comments=comment))
    assert [x.text for x in document.passages] == ["正文一段。"]
    assert document.characters is not None
    assert document.characters.skipped == {"页眉页脚": 7, "批注": 3}
    assert any("批注" in note for note in document.notes)


def test_footnotes_follow_the_paragraph_that_refers_to_them() -> None:
    notes = f'<w:footnote w:id="2">{p("出自会议纪要。")}</w:footnote>'
    body = p("正文", '<w:r><w:footnoteReference w:id="2"/></w:r>', "一段。") + p("第二段。")
    found = passages(body, footnotes=notes)
    assert [(x.text, x.kind, x.locator.paragraph) for x in found] == [
        ("正文一段。", "paragraph", 1),
        ("出自会议纪要。", "note", 1),
        ("第二段。", "paragraph", 2),
    ]


def test_notes_that_nothing_or_deleted_text_refers_to_are_left_out_by_name() -> None:
    notes = "".join(
        f'<w:footnote w:id="{i}">{p(text)}</w:footnote>' for i, text in enumerate(("旧注", "删去的注", "出处"))
    )
    gone = '<w:del w:id="9"><w:r><w:footnoteReference w:id="1"/></w:r></w:del>'
    document = opened(docx(p("正文。", gone, '<w:r><w:footnoteReference w:id="2"/></w:r>'), footnotes=notes))
    assert [x.text for x in document.passages] == ["正文。", "出处"]
    assert document.characters is not None
    assert document.characters.skipped == {"没有引用的脚注": 6}


def test_a_second_body_that_a_damaged_file_has_is_read_too() -> None:
    data = docx(p("第一部分。") + "</w:body><w:body>" + p("第二部分。"))
    assert [x.text for x in opened(data).passages] == ["第一部分。", "第二部分。"]


def test_saved_page_breaks_give_pages_and_nothing_else_does() -> None:
    assert passages(p("无页码。"))[0].locator.page is None
    body = p("第一页。") + p("<w:r><w:lastRenderedPageBreak/><w:t>第二页。</w:t></w:r>")
    found = passages(body)
    assert [(x.locator.page, x.locator.page_basis) for x in found] == [(1, "saved"), (2, "saved")]


def test_macros_links_and_embedded_objects_are_named() -> None:
    link = '<Relationship Id="x" Type="http://x/attachedTemplate" Target="http://example.invalid/t.dotm" TargetMode="External"/>'
    extra = {"word/vbaProject.bin": b"x", "word/embeddings/oleObject1.bin": b"x", "word/media/image1.png": b"x"}
    notes = "".join(opened(docx(p("正文。"), extra, link)).notes)
    assert all(word in notes for word in ("宏", "外部", "对象", "图片"))


OFFICE, DRAWING = (
    "http://schemas.openxmlformats.org/officeDocument/2006",
    "http://schemas.openxmlformats.org/drawingml/2006",
)


def related(kind: str, target: str) -> str:
    return f'<Relationship Id="{kind}1" Type="{OFFICE}/relationships/{kind}" Target="{target}"/>'


def diagram(*shapes: str) -> bytes:
    points = "".join(f"<g:pt><g:t><a:p><a:r><a:t>{shape}</a:t></a:r></a:p></g:t></g:pt>" for shape in shapes)
    space = f'xmlns:g="{DRAWING}/diagram" xmlns:a="{DRAWING}/main"'
    return f"<g:dataModel {space}><g:ptLst>{points}</g:ptLst></g:dataModel>".encode()


SMART_ART = f'<w:r><w:drawing><g:relIds xmlns:g="{DRAWING}/diagram" r:dm="diagramData1"/></w:drawing></w:r>'


def test_the_words_of_smart_art_stand_where_the_diagram_stands() -> None:
    part = {"word/diagrams/data1.xml": diagram("书记 王某", "副书记 李某")}
    link = related("diagramData", "diagrams/data1.xml")
    body = p("组织架构如下。", SMART_ART) + p("以上为全体委员。") + tbl(tr("时间", "内容"), tr("3月", "会议"))
    document = opened(docx(body, part, link))
    assert [x.text for x in document.passages[:3]] == ["组织架构如下。", "书记 王某 副书记 李某", "以上为全体委员。"]
    assert document.passages[1].locator.paragraph == 1
    assert document.characters is not None and document.characters.skipped == {}


def test_smart_art_outside_of_the_text_and_the_words_of_charts_are_left_out_by_name() -> None:
    chart = (
        f'<c:chart xmlns:c="{DRAWING}/chart" xmlns:a="{DRAWING}/main"><c:title><a:p><a:r><a:t>党员人数</a:t></a:r></a:p></c:title>'
        "<c:cat><c:strCache><c:pt><c:v>正式</c:v></c:pt></c:strCache></c:cat>"
        "<c:val><c:numCache><c:pt><c:v>23</c:v></c:pt></c:numCache></c:val></c:chart>"
    ).encode()
    parts = {"word/diagrams/data1.xml": diagram("无处安放"), "word/charts/chart1.xml": chart}
    links = related("diagramData", "diagrams/data1.xml") + related("chart", "charts/chart1.xml")
    document = opened(docx(p("正文。"), parts, links))
    assert [x.text for x in document.passages] == ["正文。"]
    assert document.characters is not None
    assert document.characters.skipped == {"图表文字": 6, "图示文字": 4}
    assert any("图表" in note for note in document.notes)


def test_the_saved_date_comes_from_inside() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:d="http://purl.org/dc/terms/"><d:modified>2024-12-20T08:00:00Z</d:modified></cp:coreProperties>'
    )
    assert opened(docx(p("正文。"), {"docProps/core.xml": core.encode()})).modified == "2024-12-20T08:00:00Z"


# ---------------------------------------------------------------- tables


def test_rows_join_their_cells_and_carry_the_column_names() -> None:
    found = passages(
        tbl(tr("时间", "地点", "内容"), tr("3月5日", "会议室", "学习会议精神"), tr("4月9日", "", "专题党课"))
    )
    assert [(x.kind, x.text, x.columns, x.locator.as_json()) for x in found] == [
        ("header", "时间 | 地点 | 内容", None, {"table": 1, "row": 1}),
        ("row", "3月5日 | 会议室 | 学习会议精神", ("时间", "地点", "内容"), {"table": 1, "row": 2}),
        ("row", "4月9日 | | 专题党课", ("时间", "地点", "内容"), {"table": 1, "row": 3}),
    ]


RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_a_vertically_merged_cell_stands_in_every_row_it_covers() -> None:
    rows = tbl(
        tr("指标", "自评分", "完成情况"),
        tr(tc("1.1（1）", properties=RESTART), tc("2", properties=RESTART), "第一件事已经办成。"),
        tr(tc(properties=CONTINUE), tc(properties=CONTINUE), "第二件事也已办成。"),
    )
    document = opened(docx(rows))
    assert [x.text for x in document.passages[1:]] == [
        "1.1（1） | 2 | 第一件事已经办成。",
        "1.1（1） | 2 | 第二件事也已办成。",
    ]
    assert document.passages[2].columns == ("指标", "自评分", "完成情况")
    assert [x.tall for x in document.passages] == [(), (2, 2, 0), (2, 2, 0)]  # and where it begins


def test_a_two_row_header_gives_joined_names() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = tbl(
        tr(tc("支部", properties=RESTART), tc("党员", properties=wide)),
        tr(tc(properties=CONTINUE), "正式", "预备"),
        tr("教工支部", "15", "2"),
        tr("学生支部", "9", "4"),
    )
    found = passages(rows)
    assert found[-1].columns == ("支部", "党员/正式", "党员/预备")


def test_a_form_of_labels_and_values_has_no_header() -> None:
    rows = tbl(
        tr("姓名", "张三", "职务", "书记"), tr("单位", "信息学院", "类型", "教工"), tr("专业", "软件", "学历", "硕士")
    )
    assert all(x.columns is None and x.kind == "row" for x in passages(rows))


def test_a_nested_table_gives_its_rows_at_the_place_of_the_outer_row() -> None:
    inner = tbl(tr("日期", "人数"), tr("5月4日", "30"))
    found = passages(tbl(tr("项目", "情况"), tr("主题党日", tc("见下表", inner))))
    assert [(x.text, x.locator.table, x.locator.row) for x in found] == [
        ("项目 | 情况", 1, 1),
        ("主题党日 | 见下表", 1, 2),
        ("日期 | 人数", 1, 2),
        ("5月4日 | 30", 1, 2),
    ]


def test_a_deleted_row_is_left_out_and_not_counted_as_a_row() -> None:
    rows = tbl(tr("日期", "内容"), tr("1月", "删去的行", properties="<w:del/>"), tr("2月", "留下的行"))
    document = opened(docx(rows))
    assert [(x.text, x.locator.row) for x in document.passages] == [("日期 | 内容", 1), ("2月 | 留下的行", 2)]


def test_a_frame_of_one_cell_holds_paragraphs_not_a_row() -> None:
    found = passages(tbl(tr(tc(p("框内第一段话。"), p("框内第二段话。")))))
    assert [(x.text, x.kind, x.locator.row) for x in found] == [
        ("框内第一段话。", "paragraph", 1),
        ("框内第二段话。", "paragraph", 1),
    ]


def test_two_accounts_in_one_cell_become_two_passages_that_keep_the_row() -> None:
    first, second = (
        "全院有民盟盟员3人，党总支每学期召开一次座谈会通报情况并听取意见。",
        "新入职的四名党外博士没有建立联谊档案，座谈会全年只开了一次。",
    )
    found = passages(tbl(tr("指标", "完成情况", "佐证"), tr("5.2（1）", tc(p(first), p(second)), "台账")))
    assert [x.text for x in found[1:]] == [f"5.2（1） | {first} | 台账", f"5.2（1） | {second} | 台账"]
    assert {x.locator.row for x in found[1:]} == {2}


def test_rows_in_content_controls_are_read() -> None:
    row = f"<w:sdt><w:sdtPr/><w:sdtContent>{tr('三月', '学习')}</w:sdtContent></w:sdt>"
    assert "三月 | 学习" in texts(tbl(tr("月份", "内容"), row))


# ---------------------------------------------------------------- packages


def test_strict_open_xml_is_read() -> None:
    body = f"<w:document {NAMESPACES}><w:body>{p('严格格式的一段。')}</w:body></w:document>"
    strict = body.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert [x.text for x in opened(docx("", {"word/document.xml": strict.encode()})).passages] == ["严格格式的一段。"]


def test_lost_relationships_are_made_good_by_the_usual_names() -> None:
    from tests.read.docx_writer import document

    footnote = f'<w:footnotes {NAMESPACES}><w:footnote w:id="1">{p("脚注的话。")}</w:footnote></w:footnotes>'
    members = {
        "word/document.xml": document(p("正文", '<w:r><w:footnoteReference w:id="1"/></w:r>')),
        "word/footnotes.xml": footnote.encode(),
    }
    assert [x.text for x in opened(package(members)).passages] == ["正文", "脚注的话。"]


def test_a_destroyed_zip_directory_is_repaired_and_said_so() -> None:
    data = docx(p(LONG))
    document = opened(data[: data.index(b"PK\x01\x02")])
    assert [x.text for x in document.passages] == [LONG]
    assert any("修复" in note for note in document.notes)


ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE d [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@pytest.mark.parametrize("declared", [ENTITY, LAUGHS], ids=["external entity", "billion laughs"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(declared: str, encoding: str) -> None:
    name = "x" if declared is ENTITY else "c"
    body = f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>&{name};</w:t></w:r></w:p></w:body></w:document>"
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'
    result = read("通知.docx", "docx", docx("", {"word/document.xml": xml.encode(encoding)}), SETTINGS)
    assert isinstance(result, Problem)
    assert "root:" not in repr(result)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        docx(p(LONG * 50))[:400],
        package({"a.txt": b"x"}),
        package({"word/document.xml": b"<w:document"}),
        package({"word/document.xml": b"<a/>"}),
        docx("<w:p>" * 3000 + "</w:p>" * 3000),
    ],
    ids=["empty", "stub", "cut", "no document", "cut xml", "other xml", "deep"],
)
def test_what_is_no_document_is_a_problem_with_a_remedy(data: bytes) -> None:
    result = read("坏.docx", "docx", data, SETTINGS)
    assert isinstance(result, Problem)
    assert result.path == "坏.docx"
    assert result.message.endswith("。") and result.remedy.startswith("请")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = docx("", {"word/document.xml": b"<w:document>" + b" " * (SETTINGS.reading.office_part_mib + 1) * (1 << 20)})
    result = read("弹.docx", "docx", bomb, SETTINGS)
    assert isinstance(result, Problem)
    assert "炸弹" in result.message


@pytest.mark.parametrize("place", ["header", "body", "box"])
def test_a_marked_document_leaves_nothing_but_its_mark(place: str) -> None:
    box = f"<w:r><w:pict><v:textbox><w:txbxContent>{p('机密★1年')}</w:txbxContent></v:textbox></w:pict></w:r>"
    data = {
        "header": docx(p(LONG), header=p("机密★1年")),
        "body": docx(p("机密★1年") + p(LONG)),
        "box": docx(p("关于某事的通知", box) + p(LONG)),
    }[place]
    document = read("件.docx", "docx", data, SETTINGS)
    assert isinstance(document, Document)
    assert (document.marked, document.passages, document.characters, document.title) == ("机密", (), None, "")


def test_personal_data_is_masked_in_paragraphs_rows_and_the_title() -> None:
    number = "11010519491231002X"
    rows = tbl(tr("姓名", "身份证号"), tr("张三", number), tr("李四", "330106199001011234"))
    document = opened(docx(p(f"关于{number}的情况说明") + p(f"身份证号{number}。") + rows))
    assert number not in repr(document)
    assert "330106199001011234" not in repr(document)


def test_text_written_twice_gives_the_same_document() -> None:
    data = docx(p("一、概况") + p(LONG) + tbl(tr("甲", "乙"), tr("1", "2")))
    assert opened(data) == opened(data)


def test_a_register_of_secret_papers_is_not_itself_secret() -> None:
    rows = tbl(
        tr("序号", "文件名", "密级", "去向"), tr("1", "某通知", "机密★1年", "清退"), tr("2", "某函", "秘密", "存档")
    )
    document = opened(docx(p("涉密文件清退登记") + rows))
    assert document.marked is None
    assert len(document.passages) == 4


def test_columns_on_persons_that_are_sensitive_are_withheld_and_named() -> None:
    document = opened(
        docx(tbl(tr("姓名", "民族", "支部"), tr("张三", "回族", "教工支部"), tr("李四", "汉族", "学生支部")))
    )
    assert [x.text for x in document.passages[1:]] == ["张三 | ** | 教工支部", "李四 | ** | 学生支部"]
    assert any("“民族”" in note for note in document.notes)


def test_a_member_with_a_wrong_directory_entry_is_found_by_its_own_header() -> None:
    data = bytearray(docx(p(LONG)))
    entry = data.index(b"PK\x01\x02")
    while data[entry + 46 : entry + 63] != b"word/document.xml":
        entry = data.index(b"PK\x01\x02", entry + 4)
    data[entry + 42 : entry + 46] = b"\xff\xff\xff\x7f"
    assert [x.text for x in opened(bytes(data)).passages] == [LONG]


# ---------------------------------------------------------------- pasted scans

SCAN = '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:embed="p1"/></w:drawing></w:r>'
IMAGE = '<Relationship Id="p1" Type="http://x/image" Target="media/image1.png"/>'


def picture() -> bytes:
    """A page-sized picture whose bytes do not pack to next to nothing."""
    import io

    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(5).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).save(target, "PNG")
    return target.getvalue()


def test_a_file_of_pasted_scans_asks_for_ocr_and_puts_the_text_in_place() -> None:
    data = docx(p("会议记录扫描件") + p(SCAN) + p("（完）"), {"word/media/image1.png": picture()}, IMAGE)
    assert read("扫描.docx", "docx", data, SETTINGS) == NeedsOcr((1,))
    line = RecognisedLine("三月五日召开党员大会。", 0.97, (20, 20, 280, 40))
    document = read("扫描.docx", "docx", data, SETTINGS, {1: RecognisedPage((line,), 300, 300)})
    assert isinstance(document, Document)
    assert [(x.text, x.locator.paragraph, x.ocr) for x in document.passages] == [
        ("会议记录扫描件", 1, None),
        ("三月五日召开党员大会。", 1, 0.97),
        ("（完）", 2, None),
    ]
    assert document.characters is not None
    assert document.characters.file == document.characters.captured


def test_photos_beside_a_text_are_not_recognised_but_named() -> None:
    document = opened(docx(p(LONG * 3) + p(SCAN), {"word/media/image1.png": picture()}, IMAGE))
    assert any("图片" in note for note in document.notes)
