"""Self scores: under whatever name the column has; sums and words are none."""

from dataclasses import replace

import pytest

from pipeline.scoring.self_scores import GroupScore, group_scores, self_score_of, self_scores
from tests.facts.material import ledger, paragraph


@pytest.mark.parametrize("column", ["自评分", "自评得分", "自 评 分", "自评（分）", "单位自评", "自查分"])
@pytest.mark.parametrize(
    ("cell", "value"), [("2.5", 2.5), ("2.5分", 2.5), ("３", 3.0), ("优秀", None), ("", None), ("—", None)]
)
def test_the_column_of_self_scores(column: str, cell: str, value: float | None) -> None:
    assert self_score_of(ledger("自评表", f"指标|{column}|完成情况", f"1.1(1)|{cell}|按月公开")[0]) == value


def test_other_columns_of_points_and_the_sum_are_no_self_scores() -> None:
    assert self_score_of(ledger("自评表", "指标|分值|复核分", "1.1(1)|3|2")[0]) is None
    assert self_score_of(ledger("自评表", "指标|自评分", "合计|71")[0]) is None


def test_a_row_that_names_its_indicator_wins_over_one_the_model_filed() -> None:
    rows = ledger("自评表", "指标|自评分", "甲|1", "乙|2")
    guessed, named = replace(rows[0], code="1.1(1)"), replace(rows[1], code="1.1(1)", method="layout")
    assert self_scores([guessed, named])["1.1(1)"] == (2.0, named)


def test_a_sentence_beside_the_indicators_number() -> None:
    told = replace(paragraph("1.1(1) 专题研究两次，自评得分：2.5分。"), code="1.1(1)", method="code")
    assert self_scores([told])["1.1(1)"][0] == 2.5
    assert self_scores([replace(told, method="model")]) == {}


def test_under_a_header_of_two_rows_the_score_is_taken_not_the_full_points() -> None:
    columns = "考核要点|自评/完成情况|自评/分值|自评/自评分|复核分"
    assert self_score_of(ledger("评分表", columns, "1.1(1)|按月公开|3|2.5|2")[0]) == 2.5
    assert self_score_of(ledger("评分表", "要点|自评/满分|自评/得分", "1.1(1)|3|2.5")[0]) == 2.5


def test_a_score_merged_over_several_indicators_is_none_of_theirs() -> None:
    rows = ledger("自评表", "指标|自评分|备注", "1.1(1)|9|甲", "1.1(2)|9|乙", "1.2(1)|4|丙")
    codes, tall = ("1.1(1)", "1.1(2)", "1.2(1)"), ((0, 2, 0), (0, 2, 0), ())
    items = [replace(r, code=c, tall=t, method="layout") for r, c, t in zip(rows, codes, tall, strict=True)]
    assert {code: score for code, (score, _) in self_scores(items).items()} == {"1.2(1)": 4.0}
    both = GroupScore(9.0, ("1.1(1)", "1.1(2)"))
    assert group_scores(items) == {"1.1(1)": both, "1.1(2)": both}


def test_a_score_merged_over_the_rows_of_one_indicator_is_its_own() -> None:
    rows = ledger("自评表", "指标|自评分|佐证", "1.1(1)|3|甲", "1.1(1)|3|乙")
    items = [replace(row, code="1.1(1)", tall=(2, 2, 0), method="layout") for row in rows]
    assert self_scores(items)["1.1(1)"][0] == 3.0
    assert group_scores(items) == {}
