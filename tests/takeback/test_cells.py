"""Returned workbooks as people leave them: sorted, merged, with columns moved, codes and figures typed in their own way."""

import io
from typing import Any

import openpyxl
import pytest

from pipeline.model import Guideline, Indicator
from pipeline.review.decisions import code_of, codes_of
from pipeline.takeback.cells import table
from pipeline.takeback.find import Returned
from pipeline.takeback.listing import read_list
from pipeline.takeback.opened import Opened, Order, _opened
from pipeline.takeback.scores import read_scores
from pipeline.takeback.wish import Origin, Taken
from pipeline.text import fingerprint
from pipeline.write.review_list import COLUMNS, DOUBTFUL

UNIT = "机电学院党总支"
CODES = ("1.1(1)", "1.1(2)", "2.1(1)")
GUIDELINE = Guideline("指南", 2024, tuple(Indicator(code, 3, code[:3], f"第{code}项要求。") for code in CODES))
ORIGIN = Origin("inputs/reviewed/清单.xlsx", "", 2024, "abc", "张老师", "")
TEXTS = tuple(f"第{n}段：党总支研究了第{n}项工作并形成纪要。" for n in range(1, 6))
Cells = dict[str, Any]


def doubtful(number: int, **cells: Any) -> Cells:
    return {
        "序号": number,
        "单位": UNIT,
        "内容": TEXTS[number - 1],
        "建议归入": "1.1(1) 第1.1(1)项要求。",
        "佐证标识": f"E{number}",
        "文本指纹": fingerprint(TEXTS[number - 1]),
        **cells,
    }


def listed(rows: list[Cells], columns: tuple[str, ...] = COLUMNS, merged: tuple[str, ...] = ()) -> Taken:
    cells: list[list[Any]] = [
        ["待审阅段落"],
        ["说明"],
        list(columns),
        *([row.get(name) for name in columns] for row in rows),
    ]
    opened = Opened(None, "list", sheets={DOUBTFUL: cells}, merged={DOUBTFUL: list(merged)})
    return read_list(Returned(ORIGIN, "list", opened), GUIDELINE)


def wanted(taken: Taken) -> list[tuple[str, str | None, str]]:
    return [(wish.kind, wish.code, wish.text) for wish in taken.wishes]


# ---------------------------------------------------------------- 审阅清单


@pytest.mark.parametrize(
    "typed", ["1.1(2)", "１．１（２）", "1.1 （2）", "1.1②", "1-1-2", "1.1.2", "1.1(2) 第1.1(2)项要求。", " 1。1（2） "]
)
def test_a_code_in_another_spelling_is_the_same_code(typed: str) -> None:
    assert wanted(listed([doubtful(1, 决定=typed)])) == [("code", "1.1(2)", TEXTS[0])]


@pytest.mark.parametrize("typed", ["同意建议", "同意", "OK"])
def test_agreeing_takes_the_suggestion(typed: str) -> None:
    rows = [doubtful(1, 决定=typed), doubtful(2, 决定=typed, 建议归入="不属于任何指标")]
    assert wanted(listed(rows)) == [("code", "1.1(1)", TEXTS[0]), ("none", None, TEXTS[1])]


@pytest.mark.parametrize(
    ("typed", "words"), [("1.1(2)、2.1(1)", "只能归入一项"), ("9.9(9)", "9.9(9)"), ("1.1", "1.1"), ("再看看", "再看看")]
)
def test_what_cannot_be_understood_is_named_with_its_cell_and_the_rest_applied(typed: str, words: str) -> None:
    taken = listed([doubtful(1, 决定=typed), doubtful(2, 决定="2.1(1)")])
    assert wanted(taken) == [("code", "2.1(1)", TEXTS[1])]
    (problem,) = taken.problems
    assert words in problem.message and problem.place == "待审阅段落!L4" and problem.remedy


def test_a_decision_merged_over_rows_is_a_decision_on_each() -> None:
    taken = listed([doubtful(1, 决定="2.1(1)"), doubtful(2), doubtful(3), doubtful(4)], merged=("L4:L6",))
    assert wanted(taken) == [("code", "2.1(1)", text) for text in TEXTS[:3]]


def test_passages_merged_into_one_cell_are_named() -> None:
    taken = listed([doubtful(1, 决定="2.1(1)"), doubtful(2), doubtful(3, 决定="1.1(1)")], merged=("C4:C5",))
    assert wanted(taken) == [("code", "1.1(1)", TEXTS[2])]
    assert [p.place for p in taken.problems] == ["待审阅段落!C4:C5"]


def test_rows_sorted_without_the_hidden_columns_count_as_they_are_seen() -> None:
    rows = [doubtful(2, 决定="2.1(1)", 佐证标识="E1", 文本指纹=fingerprint(TEXTS[0])), doubtful(1, 佐证标识="E2")]
    (wish,) = listed(rows).wishes
    assert (wish.text, wish.ident, wish.fingerprint) == (TEXTS[1], "", fingerprint(TEXTS[1]))


def test_columns_inserted_moved_and_rows_deleted_do_not_matter() -> None:
    columns = ("我的记号", *reversed(COLUMNS))
    taken = listed([doubtful(3, 决定="2.1(1)", 我的记号="√"), doubtful(5, 决定="删除")], columns)
    assert wanted(taken) == [("code", "2.1(1)", TEXTS[2]), ("strike", None, TEXTS[4])]
    assert taken.problems == []
    assert taken.wishes[0].place == "待审阅段落!E4"


def test_a_deleted_column_is_named() -> None:
    columns = tuple(name for name in COLUMNS if name != "决定")
    taken = listed([doubtful(1, 备注="请看原件")], columns)
    assert [w.kind for w in taken.wishes] == ["remark"]
    assert any("决定" in p.message for p in taken.problems)


# ---------------------------------------------------------------- 评分表

SCORE_COLUMNS = ("三级指标", "分值", "复核分", "扣分说明", "备注", "是否适用", "编码")


def scored(rows: list[Cells], merged: tuple[str, ...] = ()) -> Taken:
    cells: list[list[Any]] = [
        ["评分表"],
        list(SCORE_COLUMNS),
        *([row.get(name) for name in SCORE_COLUMNS] for row in rows),
    ]
    base: list[list[Any]] = [
        ["编码", "复核分", "扣分说明", "备注", "是否适用"],
        *([row["编码"], None, None, None, None] for row in rows),
    ]
    opened = Opened(None, "scores", sheets={"评分表": cells, "底稿": base}, merged={"评分表": list(merged)})
    origin = Origin("inputs/reviewed/评分.xlsx", UNIT, 2024, "abc", "李老师", "")
    return read_scores(Returned(origin, "scores", opened), GUIDELINE, dict.fromkeys(CODES, 5.0))


def score(code: str, points: Any = None, **cells: Any) -> Cells:
    return {"三级指标": f"{code} 第{code}项要求。", "分值": 5, "复核分": points, "编码": code, **cells}


@pytest.mark.parametrize(
    ("typed", "value"),
    [("３．５", "3.5"), (" 4 ", "4"), ("4分", "4"), ("４ 分", "4"), (0, "0"), ("5.0", "5"), (3.5, "3.5")],
)
def test_a_figure_in_another_spelling_is_the_same_figure(typed: Any, value: str) -> None:
    assert [(w.kind, w.value) for w in scored([score("1.1(1)", typed)]).wishes] == [("score", value)]


@pytest.mark.parametrize("typed", [None, "", "  ", "\u3000"])
def test_a_blank_is_no_score(typed: Any) -> None:
    taken = scored([score("1.1(1)", typed), score("1.1(2)", 2)])
    assert [(w.kind, w.code) for w in taken.wishes] == [("score", "1.1(2)")]
    assert taken.problems == []


@pytest.mark.parametrize("typed", ["5.5", -1, "４０", "3-5", "满分", "3/5", "nan", "1e400", True])
def test_a_score_that_cannot_be_is_named_with_its_cell_and_the_rest_applied(typed: Any) -> None:
    taken = scored([score("1.1(1)", typed), score("1.1(2)", 2)])
    assert [(w.kind, w.code) for w in taken.wishes] == [("score", "1.1(2)")]
    (problem,) = taken.problems
    assert problem.place == "评分表!C3" and "5" in problem.sentence()


def test_scores_merged_over_indicators_are_nobodys() -> None:
    taken = scored([score("1.1(1)", 4), score("1.1(2)"), score("2.1(1)", 2)], merged=("C3:C4",))
    assert [(w.kind, w.code) for w in taken.wishes] == [("score", "2.1(1)")]
    (problem,) = taken.problems
    assert problem.place == "评分表!C3:C4" and "取消合并" in problem.remedy


# ---------------------------------------------------------------- the bytes


def test_merged_cells_are_told_by_the_file() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "待审阅段落"
    book.active.append(["决定", "内容"])
    book.active["A2"] = "2.1(1)"
    book.active.merge_cells("A2:A4")
    for number in range(2, 5):
        book.active.cell(number, 2).value = f"第{number}段"
    buffer = io.BytesIO()
    book.save(buffer)
    opened = _opened(Order("inputs/reviewed/x.xlsx", ".xlsx", True), buffer.getvalue())
    assert opened.merged == {"待审阅段落": ["A2:A4"]}
    rows = table("待审阅段落", opened.sheets["待审阅段落"], ("决定", "内容"), opened.merged).rows
    assert [row.text("决定") for row in rows] == ["2.1(1)"] * 3


def test_several_codes_are_told_apart_from_one_with_its_words() -> None:
    assert codes_of("1.1(2)、2.1（1）") == ["1.1(2)", "2.1(1)"]
    assert codes_of("1.1(2) 修订制度、参照2.1(1)执行") == []
    assert code_of("不属于任何指标") == "不属于任何指标"
