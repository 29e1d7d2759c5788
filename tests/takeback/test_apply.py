"""What a person changed in Word and Excel comes back as decisions; what cannot be used is named with its place."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from docx import Document
from docx.oxml.ns import qn
from openpyxl.utils import get_column_letter

from bench.reviewer import _Draft as Draft
from bench.reviewer import round_trip
from pipeline.cli import main
from pipeline.review import read_decisions
from pipeline.workspace import Workspace
from pipeline.write.package import properties_of
from tests.workspaces import small_workspace, write_docx

UNIT = "机电学院党总支"
STUDIED = "党总支专题研究意识形态工作2次，逐项分析研判师生思想动态和网络舆情风险，形成会议纪要2份。"
RULES = "党总支修订党组织会议和党政联席会议议事规则2项，全年按程序集体研究决定重要事项36项，逐项表决并形成纪要。"
LETTERS = "严格执行“一会一报”制度，全年审批报告会、讲座和论坛14场，做到逐场审批、全程留痕、专人在场。"
DOUBTED = "和几个年级的同学、老师一起坐下来谈了谈，把大家说的都记在了本子上，回头再看看怎么办。"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = small_workspace(tmp_path_factory.mktemp("审阅"), (UNIT,))
    write_docx(root / "inputs" / "submissions" / UNIT / "工作报告.docx", ("工作报告", STUDIED, RULES, LETTERS, DOUBTED))
    told = CliRunner().invoke(main, ["run", "--workspace", str(root), "--jobs", "1"])
    assert told.exit_code == 0, told.output
    return root


@pytest.fixture
def place(finished: Path, tmp_path: Path) -> Workspace:
    root = tmp_path / "工作"
    shutil.copytree(finished, root)
    (root / "inputs" / "reviewed").mkdir()
    return Workspace(root)


def apply(place: Workspace) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["review", "apply", "--workspace", str(place.root), "--json"])
    told: dict[str, Any] = json.loads(result.output)
    assert told["exit"] == result.exit_code
    return told


def run(place: Workspace) -> list[dict[str, Any]]:
    CliRunner().invoke(main, ["run", "--workspace", str(place.root), "--jobs", "1"])
    lines = (place.outputs(2024) / "evidence.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def draft(place: Workspace) -> Path:
    return place.outputs(2024) / UNIT / "2024年度双创工作总结.docx"


def sheet(place: Workspace) -> Path:
    return place.outputs(2024) / UNIT / "2024年度双创评分表.xlsx"


def name_of(desk: Draft, text: str) -> str:
    return next(n for n in (*desk.quoted(), *desk.doubtful()) if text[:12] in desk.paragraph(n).text)


def saved(document: Any, path: Path) -> None:
    document.save(str(path))


def said(told: dict[str, Any], state: str = "applied") -> list[tuple[Any, ...]]:
    return [(c["kind"], c["code"], c["value"] or c["reason"]) for c in told["changes"] if c["state"] == state]


def score_rows(book: Any) -> Iterator[tuple[int, dict[str, int]]]:
    """Rows of the score sheet that have a code, and the columns by name."""
    page = book["评分表"]
    head = next(row for row in page.iter_rows() if any(cell.value == "复核分" for cell in row))
    column = {cell.value: cell.column for cell in head}
    for row in range(head[0].row + 1, page.max_row + 1):
        if page.cell(row, column["编码"]).value:
            yield row, column


# ---------------------------------------------------------------- Word


@pytest.mark.slow
def test_moved_struck_edited_and_new_sentences_come_back_and_hold(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    moved, struck, edited = (name_of(desk, text) for text in (RULES, STUDIED, LETTERS))
    desk.heading("5.1(1)")._p.addnext(desk.paragraph(moved)._p)
    for word in desk.paragraph(struck).runs:
        word.font.strike = True
    words = desk.rewrite(edited, "经核对，")
    desk.heading("4.1(1)").insert_paragraph_before("")  # an empty line is no change
    desk.heading("4.1(1)")._p.addnext(_plain(document, "书记每月到联系支部参加一次组织生活，并当场点评。"))
    saved(document, place.reviewed / "张老师改.docx")
    told = apply(place)
    assert sorted(said(told), key=str) == sorted(
        [
            ("code", "5.1(1)", ""),
            ("strike", None, ""),
            ("edit", None, words),
            ("add", "4.1(1)", "书记每月到联系支部参加一次组织生活，并当场点评。"),
        ],
        key=str,
    )
    assert told["problems"] == []
    after = run(place)
    by_text = {row["text"]: row for row in after}
    assert (by_text[RULES]["code"], by_text[RULES]["method"]) == ("5.1(1)", "decision")
    assert (by_text[STUDIED]["code"], by_text[STUDIED]["status"]) == (None, "none")
    own = {row["text"]: row for row in after if row["source"] == "inputs/decisions.xlsx"}
    assert by_text[LETTERS]["of"] == own[words]["id"]
    printed = "".join(p.text for p in Document(str(draft(place))).paragraphs)
    for text, row in own.items():
        assert f"{text.rstrip('。')}。〔{row['number']}〕" in printed
    assert STUDIED not in printed


def _plain(document: Any, text: str) -> Any:
    paragraph = document.add_paragraph(text)._p
    paragraph.getparent().remove(paragraph)
    return paragraph


@pytest.mark.slow
def test_a_second_apply_changes_nothing(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    desk.heading("5.1(1)")._p.addnext(desk.paragraph(name_of(desk, RULES))._p)
    saved(document, draft(place))  # where it lies in outputs
    apply(place)
    before = place.decisions.read_bytes()
    run(place)  # sets the edited file aside
    told = apply(place)
    assert said(told) == []
    assert said(told, "unchanged") == [("code", "5.1(1)", "")]
    assert [d.kind for d in read_decisions(place).decisions if d.kind != "number"] == ["code"]
    assert before


def test_the_list_of_a_doubtful_passage_is_read(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    (name, *_) = desk.doubtful()
    shown = "".join(t.text or "" for t in desk.control(name).iter(qn("w:t")))
    code = next(c for c in ("3.1(5)", "5.2(3)") if not shown.startswith(c))
    desk.show(name, desk.entry(code))
    saved(document, place.reviewed / "选.docx")
    assert said(apply(place)) == [("code", code, "")]


def test_a_comment_becomes_a_remark(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    document.add_comment(
        desk.paragraph(name_of(desk, RULES)).runs, text="请附议事规则原件", author="李书记", initials="李"
    )
    saved(document, place.reviewed / "批.docx")
    told = apply(place)
    assert said(told) == [("remark", None, "请附议事规则原件")]
    assert told["changes"][0]["who"] == "李书记"
    assert any("请附议事规则原件" in why for row in run(place) for why in row["why"])


# ---------------------------------------------------------------- agreeing to what was suggested


def suggested(desk: Draft, name: str) -> str:
    """What the list of a doubtful passage shows."""
    return "".join(t.text or "" for t in desk.control(name).iter(qn("w:t")))


def as_decided(shown: str) -> tuple[str, str | None, str]:
    return ("none", None, "") if shown.startswith("不属") else ("code", shown.split(" ")[0], "")


def through_office(document: Any) -> Any:
    buffer = io.BytesIO()
    document.save(buffer)
    return Document(io.BytesIO(round_trip(buffer.getvalue(), "docx")))


def test_an_untouched_list_decides_nothing(place: Workspace) -> None:
    saved(Document(str(draft(place))), place.reviewed / "看过.docx")
    told = apply(place)
    assert (said(told), told["problems"]) == ([], [])


@pytest.mark.soffice
def test_the_first_entry_of_the_list_agrees_to_the_suggestion_through_libreoffice(place: Workspace) -> None:
    document = through_office(Document(str(draft(place))))
    desk = Draft(document)
    (name, *_) = desk.doubtful()
    before = suggested(desk, name)
    first = next(desk.control(name).iter(qn("w:listItem"))).get(qn("w:displayText"))
    assert first.startswith("同意建议：")
    desk.show(name, first)
    saved(through_office(document), place.reviewed / "同意.docx")
    told = apply(place)
    assert (said(told), told["problems"]) == ([as_decided(before)], [])
    (row,) = (r for r in run(place) if DOUBTED[:12] in r["text"])
    assert (row["method"], row["code"]) == ("decision", as_decided(before)[1])


@pytest.mark.soffice
def test_a_comment_that_agrees_decides_the_suggestion_through_libreoffice(place: Workspace) -> None:
    document = through_office(Document(str(draft(place))))
    desk = Draft(document)
    (name, *_) = desk.doubtful()
    before = suggested(desk, name)
    document.add_comment(desk.paragraph(name).runs, text="同意。", author="张老师", initials="张")
    body = name_of(desk, RULES)
    code = next(i for i in desk.codes_above(body))
    document.add_comment(desk.paragraph(body).runs, text="同意", author="张老师", initials="张")
    saved(through_office(document), place.reviewed / "批注同意.docx")
    told = apply(place)
    assert sorted(said(told), key=str) == sorted([as_decided(before), ("code", code, "")], key=str)
    assert {c["who"] for c in told["changes"]} == {"张老师"}


def test_agreeing_and_choosing_at_once_is_choosing(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    (name, *_) = desk.doubtful()
    code = next(c for c in ("3.1(5)", "5.2(3)") if not suggested(desk, name).startswith(c))
    desk.show(name, desk.entry(code))
    document.add_comment(desk.paragraph(name).runs, text="同意", author="张老师", initials="张")
    saved(document, place.reviewed / "选.docx")
    assert ("code", code, "") in said(apply(place))
    assert [d.code for d in read_decisions(place).decisions if d.kind == "code"] == [code]


# ---------------------------------------------------------------- into 问题与不足 and out of it

ADMITTED = "个别支部组织生活记录不够规范，活动形式还比较单一。"


def under(place: Workspace, text: str) -> str:
    """The bookmark of the heading that a text stands under in the draft."""
    above = ""
    for paragraph in Document(str(draft(place))).element.body.iter(qn("w:p")):
        names = [n.get(qn("w:name")) for n in paragraph.iter(qn("w:bookmarkStart"))]
        above = next((n for n in names if n.startswith(("i_", "s_"))), above)
        if text[:12] in "".join(t.text or "" for t in paragraph.iter(qn("w:t"))):
            return above
    return "nowhere"


@pytest.mark.slow
@pytest.mark.parametrize("section", ["s_problems", "s_results", "s_plans"])
def test_a_passage_moved_into_a_section_is_printed_there(place: Workspace, section: str) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    desk.paragraph(section)._p.addnext(desk.paragraph(name_of(desk, RULES))._p)
    saved(document, place.reviewed / "移.docx")
    assert said(apply(place)) == [("code", None, "")]
    assert next(r for r in run(place) if r["text"] == RULES)["status"] == "accepted"
    assert under(place, RULES) == section
    told = apply(place)
    assert (said(told), told["problems"]) == ([], [])


@pytest.mark.slow
@pytest.mark.soffice
def test_an_admission_moves_into_the_problems_and_out_to_an_indicator(place: Workspace) -> None:
    for number, (heading, found, code, role) in enumerate(
        (("s_problems", "s_problems", None, "problem"), ("4.2(1)", "i_4_2_1", "4.2(1)", "done"))
    ):
        document = through_office(Document(str(draft(place))))
        desk = Draft(document)
        above = desk.heading(heading) if code else desk.paragraph(heading)
        above._p.addnext(desk.paragraph(name_of(desk, ADMITTED))._p)
        saved(through_office(document), place.reviewed / f"移{number}.docx")
        assert said(apply(place)) == [("code", code, "")]
        (row,) = (r for r in run(place) if r["text"] == ADMITTED)
        assert (row["status"], row["role"], row["method"]) == ("accepted", role, "decision")
        assert code is None or row["code"] == code
        assert under(place, ADMITTED) == found
        again = apply(place)
        assert (said(again), again["problems"]) == ([], [])


def test_an_unknown_choice_and_a_changed_heading_are_named(place: Workspace) -> None:
    document = Document(str(draft(place)))
    desk = Draft(document)
    desk.show(desk.doubtful()[0], "9.9(9) 没有这一项")
    heading = desk.heading("1.2(1)")
    next(heading._p.iter(qn("w:t"))).text = "改过的标题"
    desk.heading("5.1(1)")._p.addnext(desk.paragraph(name_of(desk, RULES))._p)
    saved(document, place.reviewed / "错.docx")
    told = apply(place)
    assert told["exit"] == 1
    assert any("9.9(9)" in p["message"] and p["place"].startswith("第") for p in told["problems"])
    assert any("改过的标题" in p["message"] for p in told["problems"])
    assert ("code", "5.1(1)", "") in said(told)


def test_a_summary_from_another_year_is_refused_by_name(place: Workspace) -> None:
    data = draft(place).read_bytes()
    assert properties_of(data)["年度"] == "2024"
    document = Document(io.BytesIO(data))
    part = next(
        r.target_part for r in document.part.package.iter_rels() if str(r.target_part.partname).endswith("custom.xml")
    )
    part._blob = part.blob.replace(b"<vt:lpwstr>2024<", b"<vt:lpwstr>2023<")
    saved(document, place.reviewed / "去年的.docx")
    told = apply(place)
    assert told["exit"] == 1
    assert [("2023" in p["message"], p["path"]) for p in told["problems"]] == [(True, "inputs/reviewed/去年的.docx")]


def test_a_file_open_in_word_is_named(place: Workspace) -> None:
    shutil.copy(draft(place), place.reviewed / "总结 张老师.docx")
    (place.reviewed / "~$ 张老师.docx").write_bytes(b"\x05zhang")
    told = apply(place)
    assert told["exit"] == 1
    assert ["打开" in p["message"] and "总结 张老师.docx" in p["message"] for p in told["problems"]] == [True]


# ---------------------------------------------------------------- Excel


def test_scores_reasons_and_not_applicable_come_back_and_hold(place: Workspace) -> None:
    book = openpyxl.load_workbook(sheet(place))
    rows = list(score_rows(book))
    page, column = book["评分表"], rows[0][1]
    codes = [page.cell(row, column["编码"]).value for row, _ in rows[:4]]
    page.cell(rows[0][0], column["复核分"]).value = 1.5
    page.cell(rows[1][0], column["扣分说明"]).value = "缺一次签到"
    page.cell(rows[2][0], column["是否适用"]).value = "不适用"
    page.cell(rows[3][0], column["备注"]).value = "下次再看"
    book.save(place.reviewed / "评分.xlsx")
    told = apply(place)
    assert set(said(told)) == {
        ("score", codes[0], "1.5"),
        ("deduction", codes[1], "缺一次签到"),
        ("na", codes[2], ""),
        ("remark", codes[3], "下次再看"),
    }
    run(place)
    scores = json.loads((place.outputs(2024) / "scores.json").read_text(encoding="utf-8"))
    found = {i["code"]: i for d in scores["departments"] for i in d["indicators"]}
    assert found[codes[0]]["final"] == 1.5
    assert any("缺一次签到" in reason for reason in found[codes[1]]["reasons"])
    assert found[codes[2]]["applicable"] is False
    again = openpyxl.load_workbook(sheet(place))
    noted = {
        again["评分表"].cell(r, c["编码"]).value: again["评分表"].cell(r, c["备注"]).value for r, c in score_rows(again)
    }
    assert noted[codes[3]] == "下次再看"


def test_a_score_taken_back_is_withdrawn_into_history(place: Workspace) -> None:
    book = openpyxl.load_workbook(sheet(place))
    row, column = next(score_rows(book))
    book["评分表"].cell(row, column["复核分"]).value = 1.0
    book.save(sheet(place))
    apply(place)
    run(place)
    book = openpyxl.load_workbook(sheet(place))
    book["评分表"].cell(row, column["复核分"]).value = None
    book.save(sheet(place))
    told = apply(place)
    assert [c["state"] for c in told["changes"]] == ["withdrawn"]
    kept = read_decisions(place)
    assert not [d for d in kept.decisions if d.kind == "score"]
    assert [r["类型"] for r in kept.history] == ["复核分"]
    assert said(apply(place)) == []  # the old copy in .kept/ is not taken up again


def test_bad_cells_are_named_and_the_rest_applied(place: Workspace) -> None:
    book = openpyxl.load_workbook(sheet(place))
    rows = list(score_rows(book))
    page, column = book["评分表"], rows[0][1]
    letter = get_column_letter(column["复核分"])
    page.cell(rows[0][0], column["复核分"]).value = 99
    page.cell(rows[1][0], column["复核分"]).value = "优"
    page.cell(rows[2][0], column["复核分"]).value = 1
    page.cell(rows[3][0], column["编码"]).value = "9.9(9)"
    page.cell(rows[3][0], column["复核分"]).value = 1
    book.save(place.reviewed / "评分.xlsx")
    told = apply(place)
    assert told["exit"] == 1
    places = [p["place"] for p in told["problems"]]
    assert f"评分表!{letter}{rows[0][0]}" in places
    assert f"评分表!{letter}{rows[1][0]}" in places
    assert any("9.9(9)" in p["message"] for p in told["problems"])
    assert [s[0] for s in said(told)] == ["score"]


@pytest.mark.parametrize("gone", ["编码", "扣分说明"])
def test_a_deleted_column_is_named_and_the_others_are_read(place: Workspace, gone: str) -> None:
    book = openpyxl.load_workbook(sheet(place))
    row, column = next(score_rows(book))
    code = book["评分表"].cell(row, column["编码"]).value
    book["评分表"].cell(row, column["复核分"]).value = 1
    for block in list(book["评分表"].merged_cells.ranges):
        book["评分表"].unmerge_cells(str(block))
    book["评分表"].delete_cols(column[gone])
    book.save(place.reviewed / "缺列.xlsx")
    told = apply(place)
    assert any(gone in p["message"] for p in told["problems"])
    assert ("score", code, "1") in said(told)


def test_two_copies_that_differ_conflict_item_by_item(place: Workspace) -> None:
    for name, first in (("甲", 1.0), ("乙", 2.0)):
        book = openpyxl.load_workbook(sheet(place))
        rows = list(score_rows(book))
        page, column = book["评分表"], rows[0][1]
        page.cell(rows[0][0], column["复核分"]).value = first
        page.cell(rows[1][0], column["复核分"]).value = 1.0
        book.properties.lastModifiedBy = name
        book.save(place.reviewed / f"评分（{name}）.xlsx")
    told = apply(place)
    assert told["exit"] == 1
    assert sorted((c["value"], c["who"]) for c in told["changes"] if c["state"] == "conflicting") == [
        ("1", "甲"),
        ("2", "乙"),
    ]
    assert len([s for s in said(told) if s[0] == "score"]) == 1
    shown = openpyxl.load_workbook(place.decisions)["未采用"]
    assert {row[0].value for row in shown.iter_rows(min_row=2)} == {"有冲突"}


def test_a_row_by_hand_settles_a_conflict(place: Workspace) -> None:
    test_two_copies_that_differ_conflict_item_by_item(place)
    book = openpyxl.load_workbook(place.decisions)
    head = [cell.value for cell in book["决定"][1]]
    open_row = {c.value: v.value for c, v in zip(book["未采用"][1], book["未采用"][2], strict=True)}
    row = {"类型": "复核分", "单位": UNIT, "指标": open_row["指标"], "内容": 2}
    book["决定"].append([row.get(name) for name in head])
    book.save(place.decisions)
    told = apply(place)
    assert told["exit"] == 0
    assert {d.value for d in read_decisions(place).decisions if d.kind == "score"} == {"1", "2"}


def test_the_review_workbook_is_read(place: Workspace) -> None:
    path = place.outputs(2024) / "审阅清单.xlsx"
    book = openpyxl.load_workbook(path)
    page = book["待审阅段落"]
    head = next(row for row in page.iter_rows() if any(cell.value == "决定" for cell in row))
    column = {cell.value: cell.column for cell in head}
    page.cell(head[0].row + 1, column["决定"]).value = book["选项"]["A3"].value
    page.cell(head[0].row + 1, column["备注"]).value = "看过原件"
    book.save(place.reviewed / "清单.xlsx")
    told = apply(place)
    (change,) = told["changes"]
    assert (change["kind"], change["code"], change["reason"]) == (
        "code",
        book["选项"]["A3"].value.split(" ")[0],
        "看过原件",
    )
    page.cell(head[0].row + 1, column["决定"]).value = "8.8(8)"
    book.save(place.reviewed / "清单.xlsx")
    assert any("8.8(8)" in p["message"] and p["place"].startswith("待审阅段落!") for p in apply(place)["problems"])


@pytest.mark.slow
def test_numbers_once_given_are_kept(place: Workspace) -> None:
    apply(place)
    kept = [d for d in read_decisions(place).decisions if d.kind == "number"]
    assert kept
    before = {(row["text"], row["number"]) for row in run(place) if row["number"]}
    for path in sorted(place.submissions.rglob("*.docx")):
        path.rename(path.with_name(f"0 {path.name}"))
    assert {(row["text"], row["number"]) for row in run(place) if row["number"]} == before
