"""Printed numbers, gaps and duplicates, and what only looks like a number."""

from pathlib import Path

import pytest

from pipeline.guideline import load
from pipeline.guideline.numbering import leading

HEAD = "2025年任务指南\n"


@pytest.mark.parametrize(
    ("text", "scheme", "path"),
    [
        ("1.党建", "dec_dot", (1,)),
        ("１．党建", "dec_dot", (1,)),
        ("1、党建", "dec_dot", (1,)),
        ("1.1党建", "dec2", (1, 1)),
        ("1-2 党建", "dec2", (1, 2)),
        ("2.1日常管理", "dec2", (2, 1)),
        ("1.2.3 党建", "dec3", (1, 2, 3)),
        ("1.2（3）党建", "dec3", (1, 2, 3)),
        ("(1)党建", "paren", (1,)),
        ("（１２）党建", "paren", (12,)),
        ("⑶党建", "paren", (3,)),
        ("1）党建", "rparen", (1,)),
        ("③党建", "circled", (3,)),
        ("二十一、党建", "cn_dot", (21,)),
        ("（十）党建", "cn_paren", (10,)),
        ("第三部分 党建", "part", (3,)),
    ],
)
def test_number_and_its_words(text: str, scheme: str, path: tuple[int, ...]) -> None:
    number = leading(text)
    assert number is not None
    assert (number.scheme, number.path) == (scheme, path)
    assert text[number.end :] in ("党建", "日常管理")


@pytest.mark.parametrize(
    "text", ["2-3次活动", "1.5万元", "2024.3", "三会一课", "一是加强", "2次以上", "(2024)文件", "50%以上"]
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert leading(text) is None


def _load(tmp_path: Path, text: str) -> object:
    path = tmp_path / "guideline.txt"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path)


def test_gaps_are_kept_and_reported(tmp_path: Path) -> None:
    guideline = _load(tmp_path, "1.甲\n1.1乙\n(1)丙。\n(3)丁。\n1.3戊\n(1)己。\n2.庚\n2.1辛\n(1)壬。\n")
    codes = [i.code for i in guideline.thirds()]
    assert codes == ["1.1(1)", "1.1(3)", "1.3(1)", "2.1(1)"]
    assert {f.place for f in guideline.findings if "缺" in f.message} == {"1.1(2)", "1.2"}


def test_duplicates_are_kept_apart_and_reported(tmp_path: Path) -> None:
    guideline = _load(tmp_path, "1.甲\n1.1乙\n(1)丙。\n(2)丁。\n(2)戊。\n2.庚\n2.1辛\n(1)壬。\n")
    assert [(i.code, i.text) for i in guideline.thirds()][:3] == [
        ("1.1(1)", "丙。"),
        ("1.1(2)", "丁。"),
        ("1.1(3)", "戊。"),
    ]
    assert any("印了两次" in f.message for f in guideline.findings)


def test_points_printed_at_the_end_of_an_indicator_count_and_stay(tmp_path: Path) -> None:
    guideline = _load(tmp_path, "一、甲（40分）\n（一）乙（20分）\n1.丙。（5分）\n2.丁。\n二、戊\n（一）己\n1.庚。\n")
    assert guideline.get("1").full == 40
    assert guideline.get("1.1").full == 20
    assert guideline.get("1.1(1)").full == 5
    assert guideline.get("1.1(1)").text == "丙。（5分）"
    assert guideline.get("1.1(2)").full is None
