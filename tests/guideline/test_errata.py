"""inputs/勘误.xlsx: accepted corrections are applied and named; faults name the row."""

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import UnusableGuideline
from pipeline.guideline import find
from pipeline.workspace import Workspace

TEXT = """2025年某学院党建工作任务指南

一、组织建设到位
（一）队伍建设有力
1.党员领导于部每月至少参加1次活动。
2.配强力量。
二、制度执行到位
（一）组织生活严肃
1.主题党日每月1次。
2.党员领导于部参加双重组织生活。
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "inputs" / "guideline").mkdir(parents=True)
    (tmp_path / "inputs" / "guideline" / "指南.txt").write_text(TEXT, encoding="utf-8")
    return Workspace(tmp_path)


def _errata(workspace: Workspace, *rows: list[str]) -> None:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    workbook.save(workspace.errata)


def test_a_correction_changes_the_words_and_is_named(workspace: Workspace) -> None:
    _errata(workspace, ["位置", "原文", "改为"], ["1-1-1", "领导于部", "领导干部"])
    guideline = find(workspace)
    assert guideline.get("1.1(1)").text == "党员领导干部每月至少参加1次活动。"
    assert "领导于部" in guideline.get("2.1(2)").text
    assert guideline.corrections == ("指南1.1(1)的“领导于部”按勘误表改为“领导干部”。",)


def test_without_a_place_it_holds_everywhere(workspace: Workspace) -> None:
    _errata(workspace, ["位置", "原文", "改为"], ["", "于部", "干部"])
    assert "指南1.1(1)、2.1(2)的" in find(workspace).corrections[0]


def test_requirements_follow_the_corrected_words(workspace: Workspace) -> None:
    _errata(workspace, ["编号", "原文", "改为"], ["1.1(1)", "至少参加1次", "至少参加2次"])
    assert [r.minimum for r in find(workspace).get("1.1(1)").requirements] == [2]


def test_only_adopted_rows_count_where_there_is_such_a_column(workspace: Workspace) -> None:
    _errata(
        workspace, ["位置", "原文", "改为", "采纳"], ["1.1(1)", "于部", "干部", "否"], ["2.1(2)", "于部", "干部", "是"]
    )
    guideline = find(workspace)
    assert "于部" in guideline.get("1.1(1)").text
    assert "干部" in guideline.get("2.1(2)").text


def test_a_correction_that_finds_nothing_is_a_finding(workspace: Workspace) -> None:
    _errata(workspace, ["位置", "原文", "改为"], ["1.1(2)", "没有的话", "别的话"])
    guideline = find(workspace)
    assert guideline.corrections == ()
    assert any("第2行" in f.place and "没有用上" in f.message for f in guideline.findings)


def test_a_row_without_its_words_is_refused_by_row(workspace: Workspace) -> None:
    _errata(workspace, ["位置", "原文", "改为"], ["1.1(1)", "", "干部"])
    with pytest.raises(UnusableGuideline, match="第2行"):
        find(workspace)


def test_a_workbook_without_the_columns_or_damaged_is_refused(workspace: Workspace) -> None:
    _errata(workspace, ["甲", "乙"], ["1", "2"])
    with pytest.raises(UnusableGuideline, match="原文"):
        find(workspace)
    workspace.errata.write_bytes(b"PK\x03\x04rubbish")
    with pytest.raises(UnusableGuideline, match="损坏"):
        find(workspace)
