"""The rubric workbook: the default one reads back as the defaults; every fault is refused with its cell and why."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.errors import UnusableRubric
from pipeline.scoring import write_default_rubric
from pipeline.scoring.reading import read_rubric
from pipeline.scoring.rubric import GRADES, default_rubric
from pipeline.scoring.workbook import workbook_bytes
from tests.scoring.school import GUIDELINE

Change = Callable[[Any], None]


@pytest.fixture
def rubric_file(tmp_path: Path) -> Path:
    path = tmp_path / "rubric.xlsx"
    write_default_rubric(path, GUIDELINE)
    return path


def changed(path: Path, change: Change) -> Path:
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def put(sheet: str, cell: str, value: Any) -> Change:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def setting(name: str, value: Any) -> Change:
    def change(book: Any) -> None:
        row = next(r for r in book["基本设置"].iter_rows() if r[0].value == name)
        row[1].value = value

    return change


def both(first: Change, second: Change) -> Change:
    def change(book: Any) -> None:
        first(book)
        second(book)

    return change


def test_the_default_workbook_reads_back_as_the_defaults(rubric_file: Path) -> None:
    read, default = read_rubric(rubric_file, GUIDELINE), default_rubric(GUIDELINE)
    assert read.points == default.points
    assert read.grades == GRADES
    assert read.even
    assert not any(b.enabled for b in read.bonuses)
    assert read.rules == ()
    assert read.warnings == ()


def test_the_default_workbook_is_the_same_bytes_every_time_and_explains_itself(rubric_file: Path) -> None:
    assert workbook_bytes(GUIDELINE) == rubric_file.read_bytes()
    book = load_workbook(rubric_file)
    assert book.sheetnames[0] == "说明"
    assert any("建议分" in str(r[0].value) for r in book["说明"].iter_rows())


def test_the_default_workbook_can_be_written_without_a_guideline(tmp_path: Path) -> None:
    path = tmp_path / "rubric.xlsx"
    write_default_rubric(path, None)
    assert read_rubric(path, GUIDELINE).points == default_rubric(GUIDELINE).points


def test_what_a_clerk_fills_in_holds(rubric_file: Path) -> None:
    def change(book: Any) -> None:
        setting("学校名称", "海滨职业学院")(book)
        setting("免除的月份", "2、8")(book)
        setting("取整方式", "取到0.5分")(book)
        sheet = book["指标分值"]
        sheet["H1"] = "分值（直属党支部）"
        for n in range(2, 10):
            sheet[f"C{n}"] = 12.5
            sheet[f"H{n}"] = 10
        sheet["H2"] = "不适用"
        sheet["D2"] = "查记录"
        sheet["E2"], sheet["F2"] = 0.5, 1
        book["等次"]["C2"] = 40
        book["加分项"]["D3"] = "是"
        book["加减分登记"].append(["化工学院党总支", "获省级党建表彰或立项（项）", 2, "证书"])
        book["国家和校级规定"]["A2"], book["国家和校级规定"]["C2"] = "是", "2.2(1)"

    rubric = read_rubric(changed(rubric_file, change), GUIDELINE)
    assert (rubric.school, rubric.exempt_months, rubric.rounding) == ("海滨职业学院", (2, 8), "half_point")
    assert set(rubric.points.values()) == {12.5}
    assert rubric.standards == {"1.1(1)": "查记录"}
    assert rubric.deductions is not None
    assert rubric.deductions["1.1(1)"].floor == 1
    assert rubric.grades[0].quota == 0.4
    kind = rubric.type_of("直属党支部")
    assert kind is not None
    assert kind.without == ("1.1(1)",)
    assert [(e.item, e.count) for e in rubric.entries] == [("获省级党建表彰或立项（项）", 2)]
    assert [r.enabled for r in rubric.rules] == [True]


def test_bonuses_for_photos_and_press_are_off_and_warn_when_switched_on(rubric_file: Path) -> None:
    rubric = read_rubric(changed(rubric_file, put("加分项", "D5", "是")), GUIDELINE)
    assert len(rubric.warnings) == 1
    assert "形式主义" in rubric.warnings[0]
    assert "D5" in rubric.warnings[0]


@pytest.mark.parametrize(
    ("change", "cell", "why"),
    [
        (put("指标分值", "C2", "十二"), "C2", "不是数字"),
        (put("指标分值", "C2", -1), "C2", "不在"),
        (put("指标分值", "A2", "9.9(9)"), "A2", "没有编号"),
        (put("指标分值", "A3", "1.1(1)"), "A3", "写了两次"),
        (both(setting("总分", 100), put("指标分值", "C2", 50)), "B5", "不一致"),
        (put("指标分值", "C2", "=1/0"), "C2", "公式"),
        (put("指标分值", "F2", 1), "F2", "每缺一处"),
        (put("等次", "B3", 95), "B3", "从高到低"),
        (put("等次", "B5", 10), "B5", "应为0"),
        (put("等次", "A3", "优秀"), "A3", "写了两次"),
        (put("等次", "C2", 140), "C2", "不在"),
        (put("加分项", "D2", "开"), "D2", "应填"),
        (put("一票否决", "C2", "特优"), "C2", "不是"),
        (put("国家和校级规定", "G2", "常常"), None, None),
        (setting("总分", 90), "B5", "不一致"),
        (setting("免除的月份", "13"), "B10", "月份"),
        (setting("自评占比（%）", 130), "B8", "不在"),
        (setting("取整方式", "随意"), "B7", "取整方式"),
        (setting("小数位数", 1.5), "B6", "整数"),
        (put("基本设置", "A2", "学校名"), "A2", "没有"),
    ],
)
def test_a_fault_is_refused_with_its_cell_and_the_reason(
    rubric_file: Path, change: Change, cell: str | None, why: str | None
) -> None:
    path = changed(
        rubric_file, lambda book: [put("指标分值", f"C{n}", 12.5)(book) for n in range(2, 10)] and change(book)
    )
    if cell is None or why is None:
        assert read_rubric(path, GUIDELINE).rules == ()  # a rule that is off is not looked at
        return
    with pytest.raises(UnusableRubric) as refused:
        read_rubric(path, GUIDELINE)
    assert cell in str(refused.value)
    assert why in str(refused.value)


def test_an_entry_for_an_unknown_item_is_refused(rubric_file: Path) -> None:
    path = changed(rubric_file, lambda book: book["加减分登记"].append(["化工学院党总支", "没有的项目", 1, ""]))
    with pytest.raises(UnusableRubric, match="B2"):
        read_rubric(path, GUIDELINE)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rubric.xlsx"
    path.write_bytes(b"not a workbook")
    with pytest.raises(UnusableRubric, match="打不开"):
        read_rubric(path, GUIDELINE)


def test_empty_points_share_what_is_left_of_the_total(rubric_file: Path) -> None:
    def change(book: Any) -> None:
        for n in range(2, 10):
            book["指标分值"][f"C{n}"] = None
        book["指标分值"]["C2"] = 30

    rubric = read_rubric(changed(rubric_file, change), GUIDELINE)
    assert rubric.points["1.1(1)"] == 30
    assert round(sum(rubric.points.values()), 6) == 100
    assert rubric.points["2.2(1)"] == 10
