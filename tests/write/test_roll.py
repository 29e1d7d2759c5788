"""The school's workbook sets departments side by side, ranks them, and names nobody."""

import io
import zipfile
from dataclasses import replace

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import DepartmentSummary
from pipeline.write.roll import CONFLICT, DUPLICATE, GAPS, HEAT, MISSING, OVERVIEW, REQUIREMENTS, roll_up
from pipeline.write.workbook import is_untouched
from tests.write.sheet_samples import DUPLICATES, NAMES, college, edition, rubric, summary


def made(summaries: list[DepartmentSummary] | None = None) -> bytes:
    return roll_up(summaries or [summary(d) for d in college()], DUPLICATES, edition(), rubric())


def sheet(data: bytes, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))[name]


def many(count: int) -> list[DepartmentSummary]:
    one = summary(college()[0])
    named = [replace(one.info, name=f"第{n:03d}学院") for n in range(count)]
    return [
        replace(one, info=info, score=replace(one.score, name=info.name, total=60.0 + n % 30))
        for n, info in enumerate(named)
    ]


def row_of(page: Worksheet, name: str, column: int) -> list[object]:
    row = next(r for r in range(1, page.max_row + 1) if page.cell(r, column).value == name)
    return [cell.value for cell in page[row]]


def test_the_overview_ranks_by_total_and_leaves_out_who_sent_nothing() -> None:
    summaries = [summary(d) for d in college()]
    better = replace(summaries[1], score=replace(summaries[1].score, total=80.0))
    page = sheet(made([summaries[0], better, summaries[2]]), OVERVIEW)
    assert [page.cell(r, 2).value for r in (5, 6, 7)] == [NAMES[1], NAMES[0], NAMES[2]]
    assert [page.cell(r, 1).value for r in (5, 6, 7)] == [1, 2, "—"]
    assert row_of(page, NAMES[0], 2)[2:7] == [48.5, 20, 68.5, 16.67, "未定"]
    assert row_of(page, NAMES[2], 2)[6] == "未报送"


def test_equal_totals_share_a_rank() -> None:
    page = sheet(made(), OVERVIEW)
    assert [page.cell(r, 1).value for r in (5, 6)] == [1, 1]


def test_the_heat_map_shows_rates_and_never_a_zero_for_undecided() -> None:
    page = sheet(made(), HEAT)
    assert [cell.value for cell in page[4]][:6] == ["单位", "合计", "1.1(1)", "1.1(2)", "2.1(1)", "2.1(2)"]
    assert row_of(page, NAMES[0], 1)[2:6] == [1, 0.925, 0.6001, "未定"]
    assert row_of(page, NAMES[2], 1)[2:6] == ["—"] * 4
    assert [str(block.sqref) for block in page.conditional_formatting] == ["C5:F7"]


def test_the_requirement_matrix_has_three_words_and_counts_them() -> None:
    page = sheet(made(), REQUIREMENTS)
    assert row_of(page, NAMES[0], 1)[1:3] == ["未达标", "无法核实"]
    assert row_of(page, "未达标单位数", 1)[1:3] == [2, 0]
    assert row_of(page, "无法核实单位数", 1)[1:3] == [0, 2]


def test_who_sent_nothing_is_listed() -> None:
    assert row_of(sheet(made(), MISSING), NAMES[2], 2)[2] == "没有交来任何文件"


def test_the_weakest_indicator_comes_first() -> None:
    page = sheet(made(), GAPS)
    assert [page.cell(4, c).value for c in (1, 2, 4, 5, 6, 7)] == [1, "2.1(1)", 0.6001, 2, 0, 2]


def test_it_names_no_person_and_quotes_no_passage() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    texts = [str(c.value) for page in book for row in page.iter_rows() for c in row if c.value is not None]
    evidence = [e.text for d in college() for e in d.evidence]
    assert not any("张三丰" in text for text in texts)
    assert not any(quoted in text for quoted in evidence for text in texts)
    assert row_of(book[CONFLICT], NAMES[0], 2)[1:4] == [NAMES[0], "次数不符", 1]
    assert row_of(book[DUPLICATE], NAMES[0], 3)[1:5] == ["内容雷同", NAMES[0], NAMES[1], 0.86]


def charts(data: bytes) -> list[bytes]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [archive.read(name) for name in sorted(archive.namelist()) if name.startswith("xl/charts/chart")]


def test_the_charts_are_native_a_radar_and_a_bar_for_each_department() -> None:
    radar, bars = sorted(charts(made()), key=lambda chart: b"radarChart" not in chart)
    assert b"radarChart" in radar and b"stacked" in bars


def test_where_departments_are_many_their_distribution_is_drawn() -> None:
    drawn = charts(made(many(120)))
    assert len(drawn) == 2
    assert not any(b"stacked" in chart for chart in drawn)


def test_a_run_without_any_department_that_sent_something_still_gives_a_workbook() -> None:
    page = sheet(made([summary(college()[2])]), OVERVIEW)
    assert page.cell(5, 2).value == NAMES[2]


def test_the_same_run_gives_the_same_bytes_and_they_are_known_as_ours() -> None:
    assert made() == made()
    assert is_untouched(made()) is True
