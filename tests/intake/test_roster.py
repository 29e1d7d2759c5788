"""Who should report: the roster's lines, and the folders that belong to them."""

from pathlib import Path

import openpyxl
import pytest

from pipeline.errors import UnusableWorkspace
from pipeline.intake import collect, departments, write_roster_template
from pipeline.intake.roster import match, read_roster
from pipeline.model import DepartmentInfo
from tests.intake import samples
from tests.intake.samples import SETTINGS

LISTED = (
    DepartmentInfo("信息工程学院党总支", ("信工学院", "软件学院")),
    DepartmentInfo("继续教育学院党总支"),
    DepartmentInfo("继续教育与基础教学部党总支"),
    DepartmentInfo("体育教学部直属党支部"),
    DepartmentInfo("中共机关委员会"),
)


def book(path: Path, rows: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("folder", "department"),
    [
        ("信息工程学院党总支", "信息工程学院党总支"),
        ("信息工程学院", "信息工程学院党总支"),
        ("信息工程学院 党总支", "信息工程学院党总支"),
        ("信工学院", "信息工程学院党总支"),
        ("软件学院党总支", "信息工程学院党总支"),
        ("01信息工程学院", "信息工程学院党总支"),
        ("3、信息工程学院（报送材料）", "信息工程学院党总支"),
        ("2024年信息工程学院党建双创材料", "信息工程学院党总支"),
        ("继续教育学院", "继续教育学院党总支"),
        ("继续教育与基础教学部", "继续教育与基础教学部党总支"),
        ("体育教学部", "体育教学部直属党支部"),
        ("继续教育", "继续教育"),
        ("外国语学院", "外国语学院"),
    ],
)
def test_a_folder_finds_its_line_however_it_is_named(folder: str, department: str) -> None:
    assert match(LISTED, [folder]) == {folder: department}


def test_a_name_that_fits_two_lines_fits_none() -> None:
    two = (DepartmentInfo("机电学院党委"), DepartmentInfo("机电学院党总支"))
    assert match(two, ["机电学院"]) == {"机电学院": "机电学院"}


def test_folders_that_differ_only_in_case_or_width_are_one_department() -> None:
    assert set(match((), ["ＭＢＡ中心", "MBA中心", "mba 中心"]).values()) == {"ＭＢＡ中心"}


def test_columns_are_found_by_their_names_below_a_title(tmp_path: Path) -> None:
    path = book(
        tmp_path / "d.xlsx",
        [
            ["二级党组织名单"],
            ["序号", "部门名称", "曾用名/简称", "书记姓名", "系主任", "单位类别"],
            [1, "信息工程学院党总支", "信工院、计算机系", "杨帆", "高明", "教学"],
            [None, None, None, None, None, None],
            [2, "机关党委", None, "李某", None, "机关"],
            [3, "机关党委", None, "重复", None, None],
        ],
    )
    first, second = read_roster(path)
    assert first == DepartmentInfo("信息工程学院党总支", ("信工院", "计算机系"), "杨帆", "高明", "教学", True)
    assert second.name == "机关党委"


@pytest.mark.parametrize("content", [b"no workbook", None])
def test_a_roster_that_cannot_be_used_says_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "departments.xlsx"
    if content is None:
        book(path, [["甲", "乙"], ["1", "2"]])
    else:
        path.write_bytes(content)
    with pytest.raises(UnusableWorkspace, match=r"departments\.xlsx.*请"):
        read_roster(path)


def test_listed_departments_without_files_are_there_and_unknown_folders_too(tmp_path: Path) -> None:
    workspace = samples.workspace(tmp_path, {"信息工程学院/a.txt": b"x", "外国语学院/b.txt": b"x"})
    (workspace.submissions / "体育部").mkdir()
    book(workspace.roster, [["单位名称"], ["信息工程学院党总支"], ["继续教育学院党总支"]])
    files = collect(workspace, SETTINGS)
    assert {f.department for f in files} == {"信息工程学院党总支", "外国语学院"}
    found = departments(workspace, files)
    assert [(d.name, d.listed) for d in found] == [
        ("信息工程学院党总支", True),
        ("继续教育学院党总支", True),
        ("体育部", False),
        ("外国语学院", False),
    ]


def test_the_template_is_a_roster_once_a_line_is_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "departments.xlsx"
    write_roster_template(path)
    assert read_roster(path) == ()
    workbook = openpyxl.load_workbook(path)
    workbook.worksheets[0].append([1, "信息工程学院党总支", "信工院", "杨帆", "高明", "教学"])
    workbook.save(path)
    assert read_roster(path) == (DepartmentInfo("信息工程学院党总支", ("信工院",), "杨帆", "高明", "教学", True),)
