"""A contradiction and a pair of copied files, settled in 审阅清单.xlsx, stay settled when the files are renamed and saved again."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from bench.reviewer import round_trip
from pipeline.cli import main
from pipeline.workspace import Workspace
from tests.workspaces import small_workspace, write_docx

UNITS = ("化工学院党总支", "机电学院党总支")
COPIED = (
    "校企合作工作情况",
    *(
        f"第{n}季度，学院与本地第{n}家龙头企业共建实训基地，选派骨干教师{n * 3}人到企业实践，开发课程{n * 2}门并投入使用。"
        for n in range(1, 6)
    ),
)
MINUTES = ("党总支会议纪要", "时间：2024年5月8日", "应到党员7人，实到9人。", "会议研究了党建工作重点任务的分工。")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    root = small_workspace(tmp_path, UNITS)
    for name in UNITS:
        write_docx(root / "inputs" / "submissions" / name / "校企合作.docx", (*COPIED, f"以上是{name}的情况。"))
    write_docx(root / "inputs" / "submissions" / UNITS[0] / "会议纪要.docx", MINUTES)
    (root / "inputs" / "reviewed").mkdir()
    return Workspace(root)


def run(place: Workspace) -> None:
    CliRunner().invoke(main, ["run", "--workspace", str(place.root), "--jobs", "1"])


def shown(place: Workspace, title: str) -> list[dict[str, Any]]:
    page = openpyxl.load_workbook(place.outputs(2024) / "审阅清单.xlsx")[title]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3)]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if isinstance(row[0], int)]


SETTLED = (("矛盾", "不是矛盾", "实到"), ("重复雷同", "保留第一份", "校企合作"))


def settle(place: Workspace, *choices: tuple[str, str, str]) -> None:
    """Chooses in each sheet named for the row in which some words stand."""
    path = place.outputs(2024) / "审阅清单.xlsx"
    book = openpyxl.load_workbook(path)
    for title, choice, wanted in choices:
        page = book[title]
        column = {cell.value: cell.column for cell in page[3]}
        (row,) = (r for r in range(4, page.max_row + 1) if any(wanted in str(c.value) for c in page[r]))
        page.cell(row, column["处理"]).value = choice
    book.save(place.reviewed / "清单.xlsx")
    told = CliRunner().invoke(main, ["review", "apply", "--workspace", str(place.root)])
    assert told.exit_code == 0, told.output


def open_ones(place: Workspace) -> tuple[list[str], list[str]]:
    conflicts = [row["说明"] for row in shown(place, "矛盾") if "实到" in row["说明"]]
    pairs = [row["文件一"] for row in shown(place, "重复雷同") if row["说明"] and "校企" in row["文件一"]]
    return conflicts, pairs


def left_out(place: Workspace) -> set[str]:
    lines = (place.outputs(2024) / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if COPIED[1] == row["text"]]
    return {row["department"] for row in rows if row["method"] == "decision" and row["code"] is None}


@pytest.mark.slow
@pytest.mark.soffice
def test_what_was_settled_stays_settled_when_files_are_renamed_and_saved_again(place: Workspace) -> None:
    run(place)
    conflicts, pairs = open_ones(place)
    assert len(conflicts) == len(pairs) == 1
    settle(place, *SETTLED)
    run(place)
    assert (open_ones(place), left_out(place)) == (([], []), {UNITS[1]})
    for number, path in enumerate(sorted(place.submissions.rglob("*.docx"))):
        data = round_trip(path.read_bytes(), "docx")
        path.unlink()
        path.with_name(f"{9 - number} 校企合作与会议 {path.name}").write_bytes(data)
    run(place)
    assert (open_ones(place), left_out(place)) == (([], []), {UNITS[1]})
    minutes = next(place.submissions.rglob("*会议纪要*"))
    write_docx(minutes, tuple(line.replace("实到9人", "实到8人") for line in MINUTES))
    run(place)
    assert len(open_ones(place)[0]) == 1  # another contradiction than the one that was settled


def statuses(place: Workspace) -> dict[str, str]:
    files = json.loads((place.outputs(2024) / "run.json").read_text(encoding="utf-8"))["files"]
    return {f["path"].rpartition("/")[2]: f["status"] for f in files if "校企" in f["path"]}


@pytest.mark.slow
def test_a_person_may_keep_the_draft_that_the_program_set_aside(place: Workspace) -> None:
    home = place.submissions / UNITS[0]
    (home / "校企合作.docx").unlink()
    write_docx(home / "校企合作（初稿）.docx", COPIED)
    write_docx(home / "校企合作（终稿）.docx", (*COPIED, "另有一家企业正在洽谈。"))
    run(place)
    assert statuses(place) == {
        "校企合作（初稿）.docx": "duplicate",
        "校企合作（终稿）.docx": "read",
        "校企合作.docx": "read",
    }
    pair = next(row for row in shown(place, "重复雷同") if "两稿" in row["说明"])
    kept = "保留第一份" if "初稿" in pair["文件一"] else "保留第二份"
    settle(place, ("重复雷同", kept, "两稿"))
    run(place)
    assert statuses(place) == {
        "校企合作（初稿）.docx": "read",
        "校企合作（终稿）.docx": "duplicate",
        "校企合作.docx": "read",
    }
