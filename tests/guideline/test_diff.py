"""Two editions side by side: what became of every third level, which words and figures changed, how codes carry over."""

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from rich.console import Console

from pipeline.guideline import as_json, carry, diff, diff_docx, diff_text, load, show_text
from pipeline.guideline.requirements import requirements_of
from pipeline.model import Guideline, Indicator

OFFICIAL = Path(__file__).parent / "examples" / "官方_txt" / "guideline.txt"


def _third(code: str, parent: str, text: str) -> Indicator:
    return Indicator(code, 3, parent, text, None, requirements_of(code, text))


@pytest.fixture(scope="module")
def old() -> Guideline:
    return load(OFFICIAL)


@pytest.fixture(scope="module")
def new(old: Guideline) -> Guideline:
    """2.1(1) asks for more, 4.5(2) is gone, 5.2(3) moves to 5.1(3), 3.1(6) is new."""
    made: list[Indicator] = []
    for indicator in old.indicators:
        if indicator.code == "2.1(1)":
            made.append(_third("2.1(1)", "2.1", indicator.text.replace("专题研究2次", "专题研究4次")))
        elif indicator.code not in ("4.5(2)", "5.2(3)"):
            made.append(indicator)
        if indicator.code == "3.1(5)":
            made.append(_third("3.1(6)", "3.1", "建好网络思政名师工作室，每学期推出一批原创作品，打造品牌栏目。"))
        if indicator.code == "5.1(2)":
            made.append(_third("5.1(3)", "5.1", old.get("5.2(3)").text))
    return replace(old, indicators=tuple(made))


def test_an_edition_against_itself_is_unchanged(old: Guideline) -> None:
    changes = diff(old, old)
    assert [c.change for c in changes] == ["same"] * 39
    assert carry(old, old) == {i.code: i.code for i in old.thirds()}


def test_every_kind_of_change_is_told(old: Guideline, new: Guideline) -> None:
    told = {(c.old, c.new): c.change for c in diff(old, new) if c.change != "same"}
    assert told == {
        ("2.1(1)", "2.1(1)"): "reworded",
        ("5.2(3)", "5.1(3)"): "moved",
        ("4.5(2)", None): "removed",
        (None, "3.1(6)"): "added",
    }


def test_words_and_figures_that_changed(old: Guideline, new: Guideline) -> None:
    change = next(c for c in diff(old, new) if c.old == "2.1(1)")
    assert [piece for piece in change.words if piece[0] != "="] == [("-", "2"), ("+", "4")]
    assert "".join(text for kind, text in change.words if kind != "-") == change.new_text
    assert "".join(text for kind, text in change.words if kind != "+") == change.old_text
    assert len(change.minimums) == 1
    assert "每年至少2次改为每年至少4次" in change.minimums[0]


def test_codes_carry_over(old: Guideline, new: Guideline) -> None:
    codes = carry(old, new)
    assert codes["5.2(3)"] == "5.1(3)"
    assert codes["4.5(2)"] is None
    assert codes["1.1(1)"] == "1.1(1)"


def test_a_changed_text_under_the_same_code_is_no_new_indicator() -> None:
    def edition(*texts: str) -> Guideline:
        upper = (Indicator("1", 1, None, "甲"), Indicator("1.1", 2, "1", "乙"))
        return Guideline("", None, (*upper, *(_third(f"1.1({n})", "1.1", t) for n, t in enumerate(texts, 1))))

    one = edition("健全理论学习制度，每季度集中学习一次，做好记录。", "做好党费收缴管理工作，按月公示。")
    two = edition("做好党费收缴管理工作，按月公示。", "健全理论学习制度，每月集中学习一次，做好记录和考勤。")
    assert carry(one, two) == {"1.1(1)": "1.1(2)", "1.1(2)": "1.1(1)"}


def test_word_page_lists_the_changes_and_is_the_same_each_time(old: Guideline, new: Guideline) -> None:
    data = diff_docx(diff(old, new))
    assert data == diff_docx(diff(old, new))
    document = docx.Document(io.BytesIO(data))
    assert "改写1条，移动1条，新增1条，删去1条" in document.paragraphs[1].text
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert len(rows) == 5
    assert [row[2] for row in rows[1:]] == ["改写", "新增", "删去", "移动"]
    struck = [r.text for r in document.tables[0].rows[1].cells[3].paragraphs[0].runs if r.font.strike]
    assert struck == ["2"]


def test_screen_shows_changes_without_colours(old: Guideline, new: Guideline) -> None:
    console = Console(file=io.StringIO(), width=120)
    diff_text(diff(old, new), console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert "〔删：2〕〔增：4〕" in shown
    assert "未变36条" in shown


def test_show_prints_a_tree_with_codes_and_requirements(old: Guideline) -> None:
    console = Console(file=io.StringIO(), width=100)
    show_text(old, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO
    assert "4.5(1) 推进组织员队伍建设" in shown
    assert "每学期至少1次" in shown
    assert "一级5项，二级12项，三级39项" in shown


def test_json_has_the_contracts_keys(old: Guideline) -> None:
    page = as_json(old)
    row = next(i for i in page["indicators"] if i["code"] == "2.1(1)")
    assert {"title", "indicators", "findings"} <= set(page)
    assert {"code", "level", "parent", "text", "full", "requirements"} == set(row)
    assert {"id", "kind", "period", "minimum", "unit", "text"} <= set(row["requirements"][0])
    assert all({"place", "message"} == set(finding) for finding in page["findings"])
