"""What a passage's place says, and lines that say nothing."""

import numpy as np
import pytest

from pipeline.mapping import headings
from pipeline.mapping.context import pushes
from pipeline.mapping.examples import reference
from pipeline.mapping.furniture import is_furniture
from pipeline.mapping.mapper import Mapper
from pipeline.model import Document, Filing, Locator, Passage

CODES = tuple(item.code for item in reference())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("三、党支部换届选举工作", "4.1(4)"),
        ("2024年发展党员工作台账.xlsx", "4.4(1)"),
        ("（二）统一战线工作", "5.2(1)"),
        ("专职组织员配备情况", "4.5(1)"),
        ("理论学习中心组学习记录", "3.1(1)"),
        ("2024年度工作总结", headings.SILENT),
        ("附件2", headings.SILENT),
    ],
)
def test_names_are_read(name: str, code: str) -> None:
    shares = headings.reader(CODES).shares([name])[0]
    assert (*CODES, headings.SILENT)[int(shares.argmax())] == code


def test_a_silent_name_moves_nothing() -> None:
    silent = np.zeros((1, len(CODES) + 1))
    silent[0, -1] = 1.0
    assert np.abs(headings.leaning(silent, CODES)).max() < 1e-9


def test_a_sheet_moves_its_rows_towards_its_indicator_and_its_neighbours(mapper: Mapper) -> None:
    row = Passage("11月7日 | 第3次 | 全体 | 已开", Locator(sheet="党支部换届", row=4), "row")
    moved = dict(zip(mapper.judge.labels, pushes(mapper.judge, "", Document("xlsx", (row,), None))[0], strict=True))
    assert max(moved, key=lambda label: moved[label]) == "4.1(4)"
    assert moved["4.1(3)"] > moved["5.2(1)"]


def test_a_heading_raises_what_it_names(mapper: Mapper) -> None:
    text = "全年共12次，每次均有记录，参加人数逐次登记。"
    shares = [
        {a.code: a.confidence for a in mapper.classify(text, heading).alternatives}.get("4.3(3)", 0.0)
        for heading in ("党支部书记工作例会", "安全稳定工作")
    ]
    assert shares[0] > shares[1]


def test_a_row_that_says_little_goes_with_its_table(mapper: Mapper) -> None:
    texts = [f"{month}月 | 党费收缴 | 应收{month}1人 | 实收{month}1人 | 已上缴" for month in range(3, 10)]
    doubtful = "11月 | 应收21人 | 实收21人 | 已办"
    rows = [Passage(text, Locator(sheet="表", row=i), "row") for i, text in enumerate([*texts, doubtful], 2)]

    def share(filing: Filing) -> float:
        return {a.code: a.confidence for a in filing.alternatives}.get("4.2(2)", 0.0)

    alone = mapper.file("a.xlsx", Document("xlsx", (rows[-1],), None))[0]
    among = mapper.file("a.xlsx", Document("xlsx", tuple(rows), None))[-1]
    assert share(among) > share(alone)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("时间：2024年3月5日14:30", "paragraph"),
        ("主 持 人：王某", "paragraph"),
        ("出席：张某、李某、王某、赵某、钱某、孙某、周某、吴某、郑某、冯某、陈某", "paragraph"),
        ("— 3 —", "paragraph"),
        ("附件2：任务分解表", "paragraph"),
        ("中共某某学院机械工程系总支部委员会", "paragraph"),
        ("2024年12月20日", "paragraph"),
        ("合计 | | 12 | 340", "row"),
        ("填表人：王某 | 审核人：赵某", "row"),
        ("党员发展台账（2024年）", "row"),
    ],
)
def test_lines_that_every_document_has_are_no_question(mapper: Mapper, text: str, kind: str) -> None:
    passage = Passage(text, Locator(paragraph=1), "row" if kind == "row" else "paragraph")
    found = mapper.file("纪要.docx", Document("docx", (passage,), None))[0]
    assert (found.code, found.status) == (None, "none")


@pytest.mark.parametrize(
    "text",
    [
        "时间过半，任务过半，各支部均已完成两轮自查。",
        "地点：会议室。会议研究了下半年意识形态工作，逐项排查了风险点。",
        "主讲人：党总支书记。题目是《在岗位上践行初心》，全体新生参加，课后开展讨论。",
        "党支部按期换届",
        "4月18日 | 换届选举大会 | 应到18实到17 | 选出委员3名",
    ],
)
def test_what_says_something_is_no_furniture(text: str) -> None:
    kind = "row" if " | " in text else "paragraph"
    assert not is_furniture(Passage(text, Locator(paragraph=1), "row" if kind == "row" else "paragraph"))
