"""The score sheet calculates what scores.json says, takes what a reviewer types, and refuses what cannot be."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.model import Dossier
from pipeline.scoring.rubric import Bonus, Entry, Grade, Rubric, Veto
from pipeline.write.score_sheet import BASE, CODE, COLUMNS, EVIDENCE, INPUTS, REQUIREMENTS, SCORES, score_sheet
from pipeline.write.workbook import clean, is_untouched
from tests.write.sheet_samples import HOSTILE, NAMES, dossier, edition, empty, rubric


def sheet(data: bytes, name: str = SCORES, values: bool = False) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)[name]


def made(one: Dossier | None = None, rules: Rubric | None = None, **kwargs: bool) -> bytes:
    return score_sheet(one or dossier(), edition(**kwargs), rules or rubric())


def rows(page: Worksheet) -> dict[str, int]:
    """Row numbers by indicator code, as a reader of a returned file finds them."""
    head = next(r for r in range(1, 20) if page.cell(r, 1).value == COLUMNS[0])
    column = next(c.column for c in page[head] if c.value == CODE)
    return {page.cell(r, column).value: r for r in range(head + 1, page.max_row + 1) if page.cell(r, column).value}


def figure(page: Worksheet, name: str) -> object:
    row = next(r for r in range(1, page.max_row + 1) if name in (page.cell(r, 1).value, page.cell(r, 11).value))
    return page.cell(row, 13).value


def test_the_columns_are_those_of_the_field_with_final_points_beside() -> None:
    page = sheet(made())
    assert [cell.value for cell in page[4]][:13] == list(COLUMNS)
    assert page.column_dimensions["N"].hidden
    assert list(rows(page)) == ["1.1(1)", "1.1(2)", "2.1(1)", "2.1(2)"]


def test_the_values_shown_without_calculating_are_those_of_the_scores() -> None:
    page = sheet(made(), values=True)
    assert [page.cell(row, 13).value for row in rows(page).values()] == [30, 18.5, 20, "未定"]
    assert (figure(page, "合计"), figure(page, "未定分值"), figure(page, "等次")) == (68.5, 16.67, "未定")


def test_first_two_levels_are_merged_and_the_header_row_is_repeated() -> None:
    page = sheet(made())
    merged = {str(block) for block in page.merged_cells.ranges}
    assert {"A5:A6", "B5:B6", "A8:A9", "B8:B9"} <= merged
    assert page.print_title_rows == "$4:$4"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_only_the_cells_to_fill_in_are_open_and_marked_and_there_is_no_password() -> None:
    page = sheet(made())
    assert page.protection.sheet and page.protection.password is None
    row = rows(page)["1.1(1)"]
    open_cells = {page.cell(4, c).value for c in range(1, 14) if not page.cell(row, c).protection.locked}
    assert open_cells == set(INPUTS)
    fills = {page.cell(row, c).fill.start_color.rgb for c in range(1, 14) if not page.cell(row, c).protection.locked}
    assert len(fills) == 1


def test_points_are_validated_from_zero_to_full_and_choices_are_lists() -> None:
    page = sheet(made())
    rules = page.data_validations.dataValidation
    points = [r for r in rules if r.type == "decimal"]
    assert {(str(r.sqref), r.formula1, r.formula2) for r in points} == {("H5:H6", "0", "D5"), ("H8:H9", "0", "D8")}
    lists = {r.formula1 for r in rules if r.type == "list"}
    assert '"适用,不适用"' in lists and any("选项" in source for source in lists)


def test_a_reviewed_score_stands_in_its_cell_and_the_base_sheet_keeps_what_was_there() -> None:
    data = made()
    page = sheet(data)
    row = rows(page)["1.1(2)"]
    assert page.cell(row, 8).value == 18.5
    base = sheet(data, BASE)
    assert base.sheet_state == "hidden"
    assert [cell.value for cell in base[3]][:3] == ["1.1(2)", 18.5, page.cell(row, 9).value]


def test_the_evidence_sheet_holds_every_accepted_and_doubtful_passage_as_text() -> None:
    page = sheet(made(), EVIDENCE)
    texts = [page.cell(r, 3).value for r in range(4, page.max_row + 1)]
    assert {clean(text) for text in HOSTILE} <= set(texts)
    assert "这一段说不准归哪一项。" in texts and "食堂采购清单。" not in texts
    assert all(page.cell(r, 3).data_type == "s" for r in range(4, page.max_row + 1))


def test_the_requirement_sheet_says_found_verdict_missing_and_number() -> None:
    page = sheet(made(), REQUIREMENTS)
    assert [page.cell(4, c).value for c in range(1, 9)] == [
        "2.1(1)",
        "每年至少专题研究2次意识形态工作",
        "每年≥2次",
        1,
        "未达标",
        "下半年",
        "2024-03-12",
        "2-1-1-11",
    ]
    assert page.cell(5, 5).value == "无法核实"


def test_a_department_with_nothing_gets_a_sheet_with_everything_undecided() -> None:
    page = sheet(made(empty()), values=True)
    assert (figure(page, "合计"), figure(page, "未定分值"), figure(page, "等次")) == (0, 100, "未定")


def test_a_long_reason_is_shown_whole() -> None:
    one = dossier()
    long = replace(one.score.indicators[1], reasons=("缺“三会一课”记录。" * 20,))
    page = sheet(made(replace(one, score=replace(one.score, indicators=(one.score.indicators[0], long)))))
    row = rows(page)["1.1(2)"]
    lines = len(page.cell(row, 9).value) * 2 / page.column_dimensions["I"].width
    assert page.row_dimensions[row].height > lines * 9  # the text is 9 points high


def test_the_final_copy_has_nothing_to_fill_in() -> None:
    page = sheet(made(final=True))
    assert not page.data_validations.dataValidation
    assert all(cell.protection.locked for row in page.iter_rows() for cell in row)


def test_points_beyond_the_indicators_have_a_line_of_their_own() -> None:
    one = dossier()
    page = sheet(made(replace(one, score=replace(one.score, total=70.5))), values=True)
    assert figure(page, "加减分（见注）") == 2
    assert figure(page, "合计") == 70.5


def test_the_same_dossier_gives_the_same_bytes_and_they_are_known_as_ours() -> None:
    assert made() == made()
    assert is_untouched(made()) is True


def test_serial_numbers_that_follow_each_other_are_drawn_together() -> None:
    page = sheet(made())
    assert page.cell(rows(page)["1.1(1)"], 10).value == "1-1-1-01至05"


# ---------------------------------------------------------------- with LibreOffice


def recalculated(data: bytes, folder: Path) -> bytes:
    """The workbook as LibreOffice saves it after calculating everything."""
    folder.mkdir(exist_ok=True)
    source = folder / "表.xlsx"
    source.write_bytes(data)
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return (folder / "out" / "表.xlsx").read_bytes()


def typed(data: bytes, changes: dict[str, object]) -> bytes:
    """What a reviewer's changes leave: openpyxl drops the stored values, so everything is calculated anew."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in changes.items():
        book[SCORES][place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.soffice
def test_sums_and_grade_equal_the_scores_after_libreoffice_calculates(tmp_path: Path) -> None:
    page = sheet(recalculated(typed(made(), {}), tmp_path), values=True)
    assert [page.cell(row, 13).value for row in rows(page).values()] == [30, 18.5, 20, "未定"]
    assert figure(page, "合计") == pytest.approx(68.5)
    assert (figure(page, "未定分值"), figure(page, "等次")) == (pytest.approx(16.67), "未定")


@pytest.mark.soffice
def test_what_the_reviewer_types_counts(tmp_path: Path) -> None:
    at = rows(sheet(made()))
    changes = {f"H{at['2.1(2)']}": 10, f"H{at['1.1(1)']}": 29, f"L{at['1.1(2)']}": "不适用"}
    page = sheet(recalculated(typed(made(), changes), tmp_path), values=True)
    assert [page.cell(row, 13).value for row in at.values()] == [29, "不适用", 20, 10]
    assert figure(page, "合计") == pytest.approx(59)
    assert figure(page, "未定分值") == 0
    assert figure(page, "等次") == "合格"  # 59 of 80 applicable points are 73.75 per cent


@pytest.mark.soffice
def test_a_grade_settled_by_quota_stands_until_the_total_moves(tmp_path: Path) -> None:
    one = dossier()
    full = tuple(replace(s, suggested=s.full, final=s.full, reviewed=False) for s in one.score.indicators)
    score = replace(one.score, total=100.0, open=0.0, grade="良好", indicators=full)
    data = made(replace(one, score=score))
    assert figure(sheet(recalculated(typed(data, {}), tmp_path / "a"), values=True), "等次") == "良好"
    moved = typed(data, {f"H{rows(sheet(data))['1.1(1)']}": 10})
    assert figure(sheet(recalculated(moved, tmp_path / "b"), values=True), "等次") == "良好"  # 80 of 100


def decided(name: str = NAMES[0]) -> Dossier:
    """Everything scored: 30 + 18.5 + 20 + 16.5 of 100."""
    one = dossier(name)
    last = replace(one.score.indicators[3], suggested=16.5, final=16.5)
    score = replace(one.score, total=85.0, open=0.0, grade="良好", indicators=(*one.score.indicators[:3], last))
    return replace(one, score=score)


@pytest.mark.soffice
def test_vetoes_bonuses_and_self_scores_count_for_the_grade_when_the_total_moves(tmp_path: Path) -> None:
    bonus = rubric(
        bonuses=(Bonus("获奖", 6.0, 6.0, enabled=True),),
        bonus_cap=6.0,
        entries=(Entry(NAMES[0], "获奖", 1, "证书", "B2"),),
    )
    veto = rubric(vetoes=(Veto("违纪", grade="合格"),), entries=(Entry(NAMES[0], "违纪", 1, "通报", "B3"),))
    mixed = rubric(self_share=0.5)
    expected = {"加分": (bonus, "优秀"), "否决": (veto, "合格"), "自评": (mixed, "优秀"), "无": (rubric(), "良好")}
    for name, (rules, grade) in expected.items():
        data = made(decided(), rules)
        moved = typed(data, {f"H{rows(sheet(data))['2.1(2)']}": 16})  # 84.5; with the bonus 90.5
        page = sheet(recalculated(moved, tmp_path / name), values=True)
        assert (name, figure(page, "合计"), figure(page, "等次")) == (name, pytest.approx(84.5), grade)


@pytest.mark.soffice
def test_libreoffice_saving_it_unchanged_is_no_change(tmp_path: Path) -> None:
    one = dossier(NAMES[1])
    assert is_untouched(recalculated(score_sheet(one, edition(), rubric(grades=(Grade("合格", 0),))), tmp_path))
