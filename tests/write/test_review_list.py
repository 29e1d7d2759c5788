"""The review workbook: what waits for a person, the weightiest first, with a list to choose from."""

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Alternative, Decision, Problem
from pipeline.review.doubles import conflict_name
from pipeline.text import fingerprint
from pipeline.write.review_list import (
    CHOICES,
    COLUMNS,
    CONFLICT,
    DOUBTFUL,
    DUPLICATE,
    effect,
    review_list,
)
from pipeline.write.workbook import is_untouched
from tests.write import making
from tests.write.sheet_samples import DUPLICATES, NAMES, college, dossier, edition, guideline


def made() -> bytes:
    return review_list(iter(college()), DUPLICATES, edition())


def sheet(name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(made()))[name]


def column(page: Worksheet, head: str) -> list[object]:
    at = next(c.column for c in page[3] if c.value == head)
    return [page.cell(r, at).value for r in range(4, page.max_row + 1)]


def test_doubtful_passages_come_by_what_they_may_change() -> None:
    page = sheet(DOUBTFUL)
    assert tuple(cell.value for cell in page[3]) == COLUMNS
    assert column(page, "内容") == ["这一段说不准归哪一项。", "这一段影响很小。"] * 2
    points = column(page, "影响分值")
    assert points == sorted(points, reverse=True)


def test_one_of_several_alike_stands_first_with_the_points_of_all() -> None:
    page = sheet(DOUBTFUL)
    assert column(page, "同类") == [1, 1, None, None]
    points = [float(str(p)) for p in column(page, "影响分值")]
    assert points[0] == pytest.approx(2 * points[2], abs=0.02)


def test_the_effect_is_confidence_times_the_points_at_stake() -> None:
    one = dossier()
    scores = {s.code: s for s in one.score.indicators}
    doubtful = next(e for e in one.evidence if e.code == "2.1(2)")
    carried = 30 / (1 + len(scores["1.1(1)"].evidence))
    assert effect(doubtful, scores) == round(0.55 * 16.67 + 0.3 * carried, 2)
    short = replace(doubtful, alternatives=(Alternative("2.1(1)", 0.5),))
    beside_one = 33.33 / 2
    mean = (carried + 20 + beside_one + 16.67) / 4  # what is left may be any indicator
    assert effect(short, scores) == round(0.5 * beside_one + 0.5 * mean, 2)


def test_suggestion_second_choice_and_place_stand_beside_the_text() -> None:
    page = sheet(DOUBTFUL)
    assert column(page, "建议归入")[0] == "2.1(2) 网络意识形态责任落实到位。每学期讲党课。"
    assert column(page, "第二可能")[0] == "1.1(1) 坚持以党的政治建设为统领。（30%）"
    assert column(page, "位置")[0] == "第20段"


def test_the_list_to_choose_from_is_a_range_of_a_hidden_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    rule = book[DOUBTFUL].data_validations.dataValidation[0]
    assert rule.formula1 == f"'{CHOICES}'!$A$2:$A$8"
    entries = [cell.value for cell in book[CHOICES]["A"][1:]]
    assert entries[0] == "同意建议"
    assert [entry.split(" ")[0] for entry in entries[1:5]] == [t.code for t in guideline().thirds()]
    assert entries[5:] == ["不属于任何指标", "删除"]
    assert book[CHOICES].sheet_state == "hidden"


def test_a_passage_is_known_by_hidden_keys() -> None:
    page = sheet(DOUBTFUL)
    assert column(page, "文本指纹")[0] == fingerprint("这一段说不准归哪一项。")
    assert column(page, "佐证标识")[0] == f"{NAMES[0][:2]}-20"
    assert page.column_dimensions["N"].hidden and page.column_dimensions["O"].hidden


def test_only_decision_and_remark_are_open_and_empty() -> None:
    page = sheet(DOUBTFUL)
    open_columns = {page.cell(3, c.column).value for c in page[4] if not c.protection.locked}
    assert open_columns == {"决定", "备注"}
    assert column(page, "决定") == [None] * 4


def test_contradictions_show_both_places() -> None:
    page = sheet(CONFLICT)
    first = [page.cell(4, c).value for c in range(1, 10)]
    assert first[1:4] == [NAMES[0], "次数不符", "总结说2次，记录只有1次（张三丰）。"]
    assert "第11段" in str(first[4]) and "第1段" in str(first[5])
    conflict = college()[0].facts.conflicts[0]
    texts = {item.id: item.text for item in college()[0].evidence}
    assert first[8] == conflict_name(conflict, texts)


def test_duplicates_name_both_files() -> None:
    page = sheet(DUPLICATE)
    assert [page.cell(4, c).value for c in (4, 6, 7)] == [DUPLICATES[0].first, DUPLICATES[0].second, 0.86]


def test_nothing_to_review_is_said() -> None:
    data = review_list((), (), edition())
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert "共0段" in book[DOUBTFUL]["A2"].value
    assert book[CONFLICT]["A4"].value == "没有发现。"


def test_the_same_run_gives_the_same_bytes_and_they_are_known_as_ours() -> None:
    assert made() == made()
    assert is_untouched(made()) is True


def test_decisions_that_were_not_carried_out_are_shown() -> None:
    gone = Decision("审-007", "strike", making.UNIT, "", "已经不在材料里的一段话", who="张老师")
    other = Problem("inputs/decisions.xlsx", "review", "没有写单位。", "请改正这一行。", "第9行")
    edition_ = replace(making.edition(), unheeded=(other,))
    data = review_list([replace(making.dossier(), stale=(gone,))], (), edition_)
    rows = list(openpyxl.load_workbook(io.BytesIO(data))["过时的决定"].iter_rows(values_only=True))
    assert ("审-007", making.UNIT, "删除", None, "已经不在材料里的一段话", None, "张老师") in [row[:7] for row in rows]
    assert ("第9行", "没有写单位。请改正这一行。") in [(row[0], row[7]) for row in rows]
