"""Which columns tell a person's ethnicity, religion or health, and what may be said of them."""

import pytest

from pipeline.read.withhold import sensitive_columns, sensitive_values, sentence


@pytest.mark.parametrize(
    ("columns", "withheld"),
    [
        (("姓名", "性别", "民族", "政治面貌"), {2: "民族"}),
        (("学号", "健康状况", "宗教信仰"), {1: "健康状况", 2: "宗教信仰"}),
        (("基本情况/党员姓名", "基本情况/民族"), {1: "民族"}),
        (("支部", "少数民族人数"), {}),
        (("日期", "民族团结教育内容", "主讲人"), {}),
        (("姓名", "民族团结进步活动"), {}),
        (("民族", "人数"), {}),
        (("姓名", "心理健康教育讲座"), {}),
    ],
)
def test_only_columns_about_single_persons_are_withheld(columns: tuple[str, ...], withheld: dict[int, str]) -> None:
    assert sensitive_columns(columns) == withheld


def test_a_forms_value_beside_its_label_is_withheld() -> None:
    assert sensitive_values(["姓名", "甲某", "民  族：", "回族", "籍贯", "河南"]) == [3]
    assert sensitive_values(["民族", "回族", "3人"]) == []


def test_the_note_gives_counts_and_no_single_value() -> None:
    note = sentence("名册", "健康状况", ["良好", "健康", "某病", ""])
    assert "共3人" in note
    assert "1人" in note
    assert "某病" not in note
