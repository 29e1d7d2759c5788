"""Cutting and headings: a passage is what a clerk would file, and knows what stands above it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Locator
from pipeline.read.block import Block
from pipeline.read.headings import numbered, title_of
from pipeline.read.segment import cut, passages

FIRST = "一是学校党委印发的文件一律三日内列入议题，由办公室逐件登记督办，逾期未办的在党政联席会上通报批评。"
SECOND = "二是书记和院长每学期各讲一次党课和一次思政课，题目提前一个月公布，讲稿经党总支会议审读后存档备查。"
THIRD = "三是入党积极分子每人确定两名正式党员作联系人，每季度谈话一次，每半年写实一次，记录统一装入个人档案。"


def block(text: str, number: int = 1, **more: object) -> Block:
    return Block(text, Locator(paragraph=number), **more)  # type: ignore[arg-type]  # the fields of Block by name


def paths(*blocks: Block) -> list[tuple[str, tuple[str, ...]]]:
    return [(passage.text, passage.heading) for passage in passages(blocks)[0]]


def test_a_paragraph_that_packs_three_matters_is_cut_at_their_numbers() -> None:
    assert cut(FIRST + SECOND + THIRD) == [FIRST, SECOND, THIRD]


def test_the_words_before_the_first_matter_stay_with_it() -> None:
    lead = "全年重点抓了以下三件事："
    assert cut(lead + FIRST + SECOND + THIRD) == [lead + FIRST, SECOND, THIRD]


def test_pieces_keep_place_and_headings() -> None:
    found, repeated = passages([block("一、主要做法", 1), block(FIRST + SECOND + THIRD, 2)])
    assert repeated == 0
    assert [(x.text, x.locator.paragraph, x.heading) for x in found[1:]] == [
        (piece, 2, ("一、主要做法",)) for piece in (FIRST, SECOND, THIRD)
    ]


def test_short_reasons_in_one_sentence_are_one_matter() -> None:
    text = "传达偏慢，究其原因，一是书记外出期间没有委托他人主持，二是把“等材料齐了再开”当成理由，此后实行收文三日内列入议题。"
    assert cut(text) == [text]


def test_an_ordinary_long_paragraph_is_not_cut() -> None:
    text = "两个专业方向合并牵涉12名教师的去留。书记没有急着拍板，先在党内的会上议了两次。" * 3
    assert cut(text) == [text]


def test_a_paragraph_that_turns_to_another_topic_is_cut_there() -> None:
    study = (
        "理论学习中心组全年集中学习十二次，围绕二十届三中全会精神开展专题研讨四次，班子成员撰写心得体会二十六篇。" * 4
    )
    safety = (
        "此外，暑期安全检查覆盖全部实训车间和学生公寓，发现隐患七处并当场整改，护校值班排到每天每人，电话昼夜畅通。" * 3
    )
    pieces = cut(study + safety)
    assert "".join(pieces) == study + safety
    assert any(piece.startswith("此外") for piece in pieces)


def test_no_piece_of_prose_is_longer_than_a_page_place_can_bear() -> None:
    text = "".join(
        f"第{i}次会议研究了本学期的工作安排，到会十五人，形成决议两项并由办公室督办落实。" for i in range(60)
    )
    assert max(map(len, cut(text))) <= 460


def test_soft_line_breaks_separate_paragraphs_but_not_lines_of_one() -> None:
    assert cut("第一件事已经按照学校要求办完了。\n第二件事将在明年三月之前全部办完。") == [
        "第一件事已经按照学校要求办完了。",
        "第二件事将在明年三月之前全部办完。",
    ]
    assert len(cut("信息工程学院党总支（盖章）\n2024年12月20日")) == 1


sentences = st.lists(st.text(alphabet="一是二三，。；：12（1）①首先其次党员\n ", max_size=120), max_size=8).map("".join)


@given(sentences)
@settings(max_examples=300, deadline=None)
def test_cutting_loses_and_adds_nothing(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


@given(st.lists(sentences, max_size=6), st.lists(st.sampled_from(["完成情况", "指标", "日期"]), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_cut_rows_say_what_they_repeat(cells: list[str], columns: list[str]) -> None:
    from pipeline.read.block import join_cells
    from pipeline.text import weight

    text, added = join_cells((cells * len(columns))[: len(columns)])
    row = Block(text, Locator(table=1, row=2), "row", tuple(columns[: text.count("|") + 1]), added=added)
    found, repeated = passages([row])
    assert sum(weight(x.text) for x in found) - repeated == weight(text)


# ---------------------------------------------------------------- headings


def test_numbered_headings_nest_and_end_where_the_next_begins() -> None:
    assert paths(
        block("一、思想建设"), block("（一）理论学习"), block("全年学习十二次。"), block("（二）宣讲"), block("宣讲八场。"),
        block("二、组织建设"), block("换届三个支部。"),
    ) == [
        ("一、思想建设", ()),
        ("（一）理论学习", ("一、思想建设",)),
        ("全年学习十二次。", ("一、思想建设", "（一）理论学习")),
        ("（二）宣讲", ("一、思想建设",)),
        ("宣讲八场。", ("一、思想建设", "（二）宣讲")),
        ("二、组织建设", ()),
        ("换届三个支部。", ("二、组织建设",)),
    ]  # fmt: skip


def test_headings_by_style_need_no_number() -> None:
    found = paths(block("思想建设", level=1), block("理论学习", level=2), block("全年学习十二次。"))
    assert found[-1][1] == ("思想建设", "理论学习")


def test_a_list_of_short_numbered_lines_is_no_row_of_headings() -> None:
    found, _ = passages([block("附件："), block("1.支部花名册"), block("2.班子分工表"), block("3.会议纪要目录")])
    assert [x.kind for x in found[1:]] == ["item", "item", "item"]


def test_an_opening_sentence_with_a_number_heads_what_follows() -> None:
    follow = "院领导带头讲党课，支部书记跟进宣讲，覆盖全部师生党员，并在年底开展了效果测评。"
    found = paths(
        block(f"（一）强化理论武装。{follow}"), block("另有三次专题研讨。"), block(f"（二）严肃组织生活。{follow}")
    )
    assert found[1][1] == ("（一）强化理论武装",)
    assert found[2][1] == ()


def test_a_month_or_a_bracketed_line_heads_what_follows() -> None:
    found = paths(
        block("（往年工作回顾）"),
        block("11月9日，党总支召开会议研究工作。"),
        block("2024年1月"),
        block("1月8日，开展组织生活活动。"),
    )
    assert [heading for _, heading in found] == [(), ("（往年工作回顾）",), (), ("2024年1月",)]


def test_a_salutation_and_a_signature_head_nothing() -> None:
    found, _ = passages(
        [block("各党支部："), block("现将有关事项通知如下，请遵照执行。"), block("学院党总支"), block("2024年12月20日")]
    )
    assert all(x.heading == () and x.kind == "paragraph" for x in found)


def test_a_sheet_begins_a_new_path_under_its_own_name() -> None:
    first = Block("一、学习", Locator(sheet="学习", row=1), under=("学习",))
    row = Block("3月 | 党课", Locator(sheet="学习", row=2), "row", under=("学习",))
    other = Block("4月 | 活动", Locator(sheet="活动", row=1), "row", under=("活动",))
    assert [heading for _, heading in paths(first, row, other)] == [("学习",), ("学习", "一、学习"), ("活动",)]


def test_the_cover_is_above_nothing_and_its_title_is_the_title() -> None:
    cover = [block(x, prominent=True) for x in ("信息工程学院党总支", "2024年度党建工作总结", "二〇二四年十二月")]
    assert title_of(cover) == "2024年度党建工作总结"
    assert paths(*cover, block("一年来，学院党总支认真履职。"))[-1][1] == ()


def test_numbers_are_known_by_their_form() -> None:
    assert [
        numbered(x) for x in ("第一章 总则", "一、概况", "（一）概况", "1.概况", "1.1（2）概况", "（1）概况", "①概况")
    ] == [0, 2, 3, 4, 5, 6, 7]
    assert [numbered(x) for x in ("2024年工作", "一年来", "概况", "")] == [None] * 4


def test_a_typed_table_of_contents_heads_nothing() -> None:
    found, _ = passages([block("一、基本情况……1"), block("（一）概况……2"), block("学院党总支下设五个党支部。")])
    assert [x.kind for x in found] == ["item", "item", "paragraph"]
    assert found[-1].heading == ()
