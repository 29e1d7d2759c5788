"""What the source itself says about the indicator."""

import pytest

from pipeline.mapping.cues import Cues
from pipeline.model import Guideline, Locator, Passage


@pytest.fixture(scope="module")
def cues(guideline: Guideline) -> Cues:
    return Cues(guideline)


def row(*cells: str, columns: tuple[str, ...] | None = None, heading: tuple[str, ...] = ()) -> Passage:
    return Passage(" | ".join(cells), Locator(table=1, row=2), "row", columns, heading)


@pytest.mark.parametrize(
    "written",
    [
        "1.2(3)",
        "１.２（３）",
        "1.2（3）",
        "1.2 ( 3 )",
        "1．2（3）",
        "1.2③",
        "1.2⑶",
        "第1.2条第3项",
        "1.2第三项",
        "1-2（3）",
        "1.2.(3)",
    ],
)
def test_a_written_code_is_read_in_any_spelling(cues: Cues, written: str) -> None:
    assert cues.written(f"班子成员各司其职（对应{written}）") == ("1.2(3)",)


@pytest.mark.parametrize("written", ["1-2-3", "1.2.3", "1-2-3-01", "1 - 2 - 3", "1_2_3"])
def test_three_bare_numbers_count_in_a_column_of_indicators(cues: Cues, written: str) -> None:
    found = cues.find(row(written, "班子分工明确", columns=("指标编号", "完成情况")))
    assert found is not None
    assert (found.codes, found.method, found.sure) == (("1.2(3)",), "code", True)


@pytest.mark.parametrize("text", ["2024-1-2召开会议", "版本1.2.3已发布", "比分3-1-2", "1.2.3 教学条件"])
def test_dates_and_versions_are_no_codes(cues: Cues, text: str) -> None:
    assert cues.written(text) == ()


def test_a_code_that_the_guideline_lacks_is_no_cue(cues: Cues) -> None:
    assert cues.written("详见6.9(7)") == ()


def test_a_cell_that_shortens_the_indicator_decides(cues: Cues) -> None:
    found = cues.find(row("网络意识形态责任落实到位，注重增强风险防控……", "两个账号停用", columns=("指标", "情况")))
    assert found is not None
    assert (found.codes, found.method, found.sure) == (("2.1(2)",), "layout", True)


def test_a_heading_that_quotes_the_indicator_decides(cues: Cues) -> None:
    heading = ("二、政治把关", "（二）网络意识形态责任落实到位，注重增强风险防控意识和能力")
    found = cues.find(Passage("院里七个账号都有人管。", Locator(paragraph=4), heading=heading))
    assert found is not None
    assert (found.codes, found.sure) == (("2.1(2)",), True)


def test_a_heading_that_only_resembles_one_is_no_cue(cues: Cues) -> None:
    assert cues.find(Passage("院里七个账号都有人管。", Locator(paragraph=4), heading=("网上阵地管理",))) is None


def test_a_quoted_second_level_leaves_its_children_open(cues: Cues) -> None:
    found = cues.find(Passage("本年度情况如下。", Locator(paragraph=4), heading=("2.1严格落实意识形态工作责任制",)))
    assert found is not None
    assert found.codes == ("2.1(1)", "2.1(2)", "2.1(3)", "2.1(4)")
    assert not found.sure
