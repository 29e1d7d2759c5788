"""Whatever single thing is altered in a finished document, by dice and not by knowing the proof: `verify` names it."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.verify.school import NAME, SHEET, SUMMARY, WORKBOOK, call, copy_of, outputs, rewrite_word
from tests.verify.tamper import LINES, Lie, line_lies, sheet_lies, word_lies

Found = dict[str, list[dict[str, Any]]]


def proved(workspace: Path) -> Found:
    found: Found = {}
    for failure in json.loads(call("verify --json", workspace).stdout)["unproved"]:
        found.setdefault(failure["document"], []).append(failure)
    return found


def spoilt(workspace: Path, alter: Callable[[Path], list[Lie]]) -> dict[str, list[Lie]]:
    """The lies told in each finished document of a workspace."""
    folder = outputs(workspace)
    paths = sorted((*folder.rglob("*.docx"), *folder.rglob("*.xlsx")))
    return {path.relative_to(folder).as_posix(): alter(path) for path in paths}


def unnamed(told: dict[str, list[Lie]], found: Found) -> list[tuple[str, Lie]]:
    return [(name, lie) for name, lies in told.items() for lie in lies if not lie.is_named(found.get(name, ()))]


def test_single_characters_figures_and_marks_are_all_named(done: Path, tmp_path: Path) -> None:
    dice = random.Random(20241231)

    def alter(path: Path) -> list[Lie]:
        change = word_lies if path.suffix == ".docx" else sheet_lies
        data, lies = change(path.read_bytes(), dice, 12)
        path.write_bytes(data)
        return lies

    workspace = copy_of(done, tmp_path)
    told = spoilt(workspace, alter)
    kinds = {lie.kind.partition(":")[0] for lies in told.values() for lie in lies}
    assert kinds >= {"table cell", "sentence", "quotation", "comments", "chart", "text in a cell", "footer of a sheet"}
    assert unnamed(told, proved(workspace)) == []


@pytest.mark.parametrize("first", range(0, len(LINES), 4))
def test_lines_left_out_doubled_moved_or_hidden_are_all_named(done: Path, tmp_path: Path, first: int) -> None:
    dice = random.Random(first)
    left = list(LINES[first : first + 4])

    def alter(path: Path) -> list[Lie]:
        if path.suffix == ".xlsx" or not left:
            return []
        lies: list[Lie] = []
        while not lies:
            data, lies = line_lies(path.read_bytes(), dice, left[0])
        left.pop(0)
        path.write_bytes(data)
        return lies

    workspace = copy_of(done, tmp_path)
    told = spoilt(workspace, alter)
    assert left == []
    assert unnamed(told, proved(workspace)) == []


def test_sound_words_in_the_wrong_place_are_named(done: Path, tmp_path: Path) -> None:
    """The guideline's own demand where a finding stood, another document's frame, a format that prints a figure."""
    workspace = copy_of(done, tmp_path)
    home = outputs(workspace) / NAME
    demand = "每年至少专题研究2次意识形态工作"
    rewrite_word(home / SUMMARY, ("未见报送材料", demand))
    rewrite_word(home / SHEET, ("</w:body>", '<w:altChunk r:id="rId1"/></w:body>'))
    book = load_workbook(home / WORKBOOK)
    cell = next(c for row in book["评分表"].iter_rows() for c in row if c.value == 2.57)
    cell.number_format = '"3.57"'
    book.save(home / WORKBOOK)
    found = proved(workspace)
    assert any(demand in f["text"] for f in found[f"{NAME}/{SUMMARY}"])
    assert any("嵌入的另一份文件" in f["text"] for f in found[f"{NAME}/{SHEET}"])
    assert [f["place"] for f in found[f"{NAME}/{WORKBOOK}"]] == [f"“评分表”{cell.coordinate}"]
