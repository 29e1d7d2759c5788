"""Dates in every spelling, and those that cannot be."""

import pytest

from pipeline.facts import with_dates
from pipeline.facts.dates import find_dates, scan, scan_cell
from tests.facts.material import ledger, paragraph


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2024年3月12日", ["2024-03-12"]),
        ("2024.3.12", ["2024-03-12"]),
        ("2024-03-12", ["2024-03-12"]),
        ("2024/3/12", ["2024-03-12"]),
        ("20240312会议", ["2024-03-12"]),
        ("二〇二四年三月十二日", ["2024-03-12"]),
        ("十二月二十一日上午", ["2024-12-21"]),
        ("3月12日（星期二）14:00", ["2024-03-12"]),
        ("3月12日至14日", ["2024-03-12", "2024-03-14"]),
        ("3月—5月", ["2024-03", "2024-05"]),
        ("2024年3月30日至2024年4月2日", ["2024-03-30", "2024-04-02"]),
        ("2023年11月9日、12月18日", ["2023-11-09", "2023-12-18"]),
        ("去年11月24日", ["2023-11-24"]),
        ("拟于2025年1月上旬", ["2025-01"]),
        ("24年3月12日", ["2024-03-12"]),
        ("3月份", ["2024-03"]),
    ],
)
def test_every_spelling_of_a_date_is_found(text: str, dates: list[str]) -> None:
    assert [d.iso for d in find_dates(text, 2024)] == dates


@pytest.mark.parametrize(
    "text",
    ["SP2024-01", "2024-2025学年", "第3次月会", "3个月", "2.1(1)", "2024届", "每月5日", "3号机房", "2024年第4期"],
)
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    assert find_dates(text, 2024) == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2024年2月30日", "没有这一天"),
        ("13月5日", "没有这个月份"),
        ("2124年3月1日", "年份"),
        ("1900-01-05", "1900"),
        ("2023年2月29日", "没有这一天"),
    ],
)
def test_dates_that_cannot_be_are_faults_with_a_reason(text: str, word: str) -> None:
    dates, faults = scan(text, 2024)
    assert dates == ()
    assert [word in f.reason for f in faults] == [True]


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("3.12", "2024-03-12"),
        ("3/12", "2024-03-12"),
        ("24.3.12", "2024-03-12"),
        ("45363", "2024-03-12"),
        ("2024.3", "2024-03"),
    ],
)
def test_a_date_column_allows_short_forms_and_serials(cell: str, iso: str) -> None:
    assert [d.iso for d in scan_cell(cell, 2024)[0]] == [iso]


def test_short_forms_are_no_dates_in_prose() -> None:
    assert find_dates("按3.12要求，见表3/12和2024.3版", 2024) == ()


def test_a_serial_of_1900_is_a_fault() -> None:
    dates, faults = scan_cell("5", 2024)
    assert dates == ()
    assert "1900" in faults[0].reason


def test_both_ends_of_a_range_are_dates_but_only_the_first_opens_it() -> None:
    assert [(d.iso, d.closes) for d in find_dates("3月12日至14日", 2024)] == [
        ("2024-03-12", False),
        ("2024-03-14", True),
    ]


def test_periods_are_no_dates() -> None:
    text = "上半年每月一次，第一季度第二周开始"
    assert find_dates(text, 2024) == ()


def test_passages_are_dated_by_their_document() -> None:
    lines = [paragraph("2023年11月", place=1), paragraph("11月9日，党总支开会。", place=2)]
    assert [e.dates for e in with_dates(lines, 2024)] == [("2023-11",), ("2023-11-09",)]
    rows = ledger("学习", "日期|内容", "3.12|总体国家安全观", source="2023年学习台账.xlsx")
    assert with_dates(rows, 2024)[0].dates == ("2023-03-12",)


@pytest.mark.parametrize(
    "after", ["院长讲党课", "教工党支部开会", "机关党支部开会", "车间实训", "实训室检查", "会议研究"]
)
def test_whatever_word_follows_the_day(after: str) -> None:
    assert [d.iso for d in find_dates(f"2024年4月11日{after}", 2024)] == ["2024-04-11"]
    assert [d.iso for d in find_dates(f"4月11日{after}", 2024)] == ["2024-04-11"]


def test_the_start_and_the_end_of_a_term_of_office_in_one_cell() -> None:
    assert [d.iso for d in scan_cell("2022.3-2025.3", 2024)[0]][:1] == ["2022-03"]
