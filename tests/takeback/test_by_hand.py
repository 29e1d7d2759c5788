"""decisions.xlsx edited by hand with mistakes: each named with its row and remedy, the good rows in force."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pipeline import takeback
from pipeline.review import read_decisions
from pipeline.workspace import Workspace
from tests.workspaces import OFFICIAL

UNIT = "机电学院党总支"
TEXT = "党总支专题研究意识形态工作2次，逐项分析研判师生思想动态。"
HEAD = ("类型", "单位", "年度", "指标", "段落原文", "内容", "性质")
GOOD = {"类型": "改归指标", "单位": UNIT, "指标": "2.1(1)", "段落原文": TEXT}


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    (tmp_path / "inputs" / "guideline").mkdir(parents=True)
    (tmp_path / "inputs" / "submissions").mkdir()
    shutil.copy(OFFICIAL, tmp_path / "inputs" / "guideline")
    return Workspace(tmp_path)


def written(place: Workspace, *rows: Mapping[str, object], head: tuple[str, ...] = HEAD) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "决定"
    book.active.append(head)
    for row in rows:
        book.active.append([row.get(name) for name in head])
    book.save(place.decisions)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"类型": "改归"}, "类型“改归”"),
        ({"单位": ""}, "没有写单位"),
        ({"段落原文": ""}, "没有写段落原文"),
        ({"指标": ""}, "没有写指标代码"),
        ({"年度": "24年"}, "年度“24年”"),
        ({"性质": "问题和不足"}, "性质“问题和不足”"),
        ({"类型": "复核分", "内容": "五分"}, "复核分“五分”不是数"),
        ({"类型": "矛盾处理", "内容": "随便"}, "处理“随便”"),
        ({"类型": "增写", "指标": "", "内容": "新写的一句话。"}, "没有写指标代码"),
    ],
)
def test_a_row_with_a_mistake_is_named_where_it_stands_and_the_others_hold(
    place: Workspace, mistake: dict[str, object], words: str
) -> None:
    written(place, {**GOOD, **mistake}, GOOD)
    report = takeback.apply(place, 2024)
    (problem,) = report.problems
    assert words in problem.message and problem.remedy
    kept = load_workbook(place.decisions)["决定"]
    head = [cell.value for cell in kept[1]]
    row = {name: kept.cell(int(problem.place[1:-1]), column).value for column, name in enumerate(head, 1)}
    wrong = {name: value or None for name, value in mistake.items()}
    assert {name: row[name] for name in wrong} == wrong
    assert [(d.kind, d.code, d.text) for d in read_decisions(place).decisions] == [("code", "2.1(1)", TEXT)]


@pytest.mark.parametrize("year", ["2024", "2024年", "2024年度", 2024])
def test_a_year_in_another_spelling_is_the_same_year(place: Workspace, year: object) -> None:
    written(place, {**GOOD, "年度": year})
    assert [d.year for d in read_decisions(place).decisions] == [2024]


def test_an_indicator_that_does_not_exist_is_named_with_its_row(place: Workspace) -> None:
    written(place, GOOD, {**GOOD, "指标": "9.9(9)", "段落原文": "另一段话，" + TEXT})
    (problem,) = takeback.apply(place, 2024).problems
    assert "9.9(9)" in problem.message and problem.place == "第3行"


def test_columns_in_another_order_with_a_persons_own_between_are_read(place: Workspace) -> None:
    written(place, {**GOOD, "我的记号": "急"}, head=("我的记号", *reversed(HEAD)))
    assert takeback.apply(place, 2024).problems == ()
    book = read_decisions(place)
    assert [d.code for d in book.decisions] == ["2.1(1)"]
    assert list(book.extra.values()) == [{"我的记号": "急"}]
