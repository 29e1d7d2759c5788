"""Points: by requirements, by the department's own score, by the reviewer; unknown is never zero and never full."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Decision, Evidence, IndicatorScore
from pipeline.scoring import Rubric, changes, settle_grades
from pipeline.scoring.rubric import Bonus, Deduction, Entry, Grade, UnitType, Veto, spread
from tests.facts.material import DEPARTMENT, ledger, paragraph
from tests.scoring.school import GUIDELINE, RUBRIC, indicator, scored

STUDIES = ledger("专题研究与汇报", "时间|事项", "2024-04-11|专题研究意识形态工作")


def self_row(code: str, points: str, role: str = "done") -> Evidence:
    row = ledger("自评表", "指标|自评分|完成情况", f"{code}|{points}|按月公开党务事项", source="自评表.docx")[0]
    return replace(row, code=code, role=role)


def decided(kind: str, code: str, value: str = "") -> Decision:
    return Decision("审-001", kind, DEPARTMENT, code=code, value=value, reason="核实后确定", who="陈老师")


def test_countable_requirements_give_their_share_with_reasons() -> None:
    score = indicator(scored(STUDIES), "1.1(1)")
    assert score.suggested == pytest.approx(score.full * 0.25, abs=0.01)
    assert any("专题研究" in r for r in score.reasons)
    assert STUDIES[0].id in score.evidence


def test_an_indicator_without_countable_requirements_suggests_the_own_score_with_evidence_behind_it() -> None:
    full = RUBRIC.points["2.2(1)"]
    assert indicator(scored([self_row("2.2(1)", "8")]), "2.2(1)").suggested == 8
    assert indicator(scored([self_row("2.2(1)", "8", role="plan")]), "2.2(1)").suggested is None
    over = indicator(scored([self_row("2.2(1)", "20")]), "2.2(1)")
    assert (over.self, over.suggested) == (20, full)
    assert any("超过满分" in r for r in over.reasons)


def test_without_an_own_score_it_stays_open() -> None:
    item = replace(paragraph("按月公开党务事项。"), code="2.2(1)")
    score = indicator(scored([item]), "2.2(1)")
    assert (score.self, score.suggested, score.final) == (None, None, None)


def test_the_reviewers_figure_always_wins_and_is_marked() -> None:
    score = indicator(scored(STUDIES, decisions=[decided("score", "1.1(1)", "9.5")]), "1.1(1)")
    assert (score.final, score.reviewed) == (9.5, True)
    assert score.suggested != 9.5
    assert any("陈老师" in r and "审-001" in r for r in score.reasons)


def test_not_applicable_is_left_out_and_the_rest_scaled_up_exactly() -> None:
    score = scored(STUDIES, decisions=[decided("na", "2.2(1)")])
    assert indicator(score, "2.2(1)").applicable is False
    assert round(sum(i.full for i in score.indicators), 6) == 100
    plain = scored(STUDIES, rubric=replace(RUBRIC, renormalise=False), decisions=[decided("na", "2.2(1)")])
    assert sum(i.full for i in plain.indicators) < 100


def test_deduction_steps_stop_at_the_floor() -> None:
    rows = ledger("教师理论学习", "日期|学习内容", "2024.1.6|第一讲要点")
    full = RUBRIC.points["1.1(3)"]
    steps = replace(RUBRIC, deductions={"1.1(3)": Deduction(0.5)})
    assert indicator(scored(rows, rubric=steps), "1.1(3)").suggested == full - 5.5
    floor = replace(RUBRIC, deductions={"1.1(3)": Deduction(2.0, 3.0)})
    assert indicator(scored(rows, rubric=floor), "1.1(3)").suggested == 3.0


def test_a_breach_turns_an_item_to_zero() -> None:
    unmet = replace(RUBRIC, zero_on={"1.1(1)": "任务要求未达到"})
    assert indicator(scored(STUDIES, rubric=unmet), "1.1(1)").suggested == 0
    entered = replace(
        RUBRIC,
        zero_on={"2.2(1)": "公示造假"},
        entries=(Entry(DEPARTMENT, "公示造假", 1, "校纪委通报", "A2"),),
    )
    assert indicator(scored([self_row("2.2(1)", "8")], rubric=entered), "2.2(1)").suggested == 0
    elsewhere = replace(entered, entries=(Entry("文学院党委", "公示造假", 1, "", "A2"),))
    assert indicator(scored([self_row("2.2(1)", "8")], rubric=elsewhere), "2.2(1)").suggested == 8


def full_marks(rubric: Rubric = RUBRIC, name: str = DEPARTMENT, share: float = 1.0):
    score = scored([], rubric=rubric)
    done = tuple(IndicatorScore(i.code, i.full, i.full, i.full * share, i.full * share) for i in score.indicators)
    return replace(score, name=name, indicators=done, total=round(sum(i.final or 0 for i in done), 4), open=0.0)


def test_grades_wait_until_nothing_is_open() -> None:
    assert scored(STUDIES).grade is None
    assert settle_grades([full_marks()], RUBRIC)[0].grade == "优秀"
    assert settle_grades([full_marks(share=0.85)], RUBRIC)[0].grade == "良好"
    assert settle_grades([full_marks(share=0.1)], RUBRIC)[0].grade == "不合格"


def test_quotas_let_in_the_best_and_never_more() -> None:
    rubric = replace(RUBRIC, grades=(Grade("优秀", 90, 0.5), Grade("合格", 0)))
    school = [full_marks(rubric, f"单位{n}", 1 - n / 100) for n in range(4)]
    assert [s.grade for s in settle_grades(school, rubric)] == ["优秀", "优秀", "合格", "合格"]
    tied = [full_marks(rubric, f"单位{n}", 0.95) for n in range(4)]
    settled = settle_grades(tied, rubric)
    assert [s.grade for s in settled] == ["合格"] * 4
    assert all("名额" in s.notes[-1] for s in settled)


def test_a_veto_caps_the_grade_and_a_bonus_lifts_it_within_its_cap() -> None:
    veto = replace(
        RUBRIC,
        vetoes=(Veto("弄虚作假", True, "合格"),),
        entries=(Entry(DEPARTMENT, "弄虚作假", 1, "查实", "A2"),),
    )
    assert settle_grades([full_marks(veto)], veto)[0].grade == "合格"
    bonus = replace(
        RUBRIC,
        bonus_cap=3.0,
        bonuses=(Bonus("省级表彰", 2.0, 4.0, True),),
        entries=(Entry(DEPARTMENT, "省级表彰", 5, "证书", "A2"),),
    )
    assert settle_grades([full_marks(bonus, share=0.88)], bonus)[0].grade == "优秀"
    assert settle_grades([full_marks(bonus, share=0.86)], bonus)[0].grade == "良好"


def test_a_mix_of_self_and_review_decides_the_grade_not_the_total() -> None:
    rubric = replace(RUBRIC, self_share=0.5)
    score = settle_grades([full_marks(rubric, share=0.82)], rubric)[0]
    assert score.grade == "优秀"
    assert score.total == pytest.approx(82)


def test_a_type_of_unit_has_its_own_points() -> None:
    from pipeline.model import DepartmentInfo
    from pipeline.scoring import score_department
    from tests.facts.material import facts

    points = dict.fromkeys(RUBRIC.points, 5.0)
    rubric = replace(RUBRIC, unit_types=(UnitType("机关", points, ("1.1(2)",)),))
    info = DepartmentInfo(DEPARTMENT, unit_type="机关")
    score = score_department(info, GUIDELINE, rubric, STUDIES, facts(STUDIES), (), (), 2024)
    assert round(sum(i.full for i in score.indicators), 6) == 40
    assert indicator(score, "1.1(2)").applicable is False


points = st.dictionaries(st.sampled_from(list(RUBRIC.points)), st.floats(0, 50), min_size=8, max_size=8).filter(
    lambda p: sum(p.values()) > 1
)


@settings(max_examples=60, deadline=None)
@given(
    points,
    st.floats(0, 20),
    st.sampled_from(["half_up", "half_even", "down", "up", "half_point"]),
    st.integers(0, 3),
    st.sets(st.sampled_from(list(RUBRIC.points)), max_size=4),
    st.booleans(),
    st.floats(0, 120),
)
def test_scores_stay_within_bounds_for_every_rubric(
    full: dict[str, float], step: float, rounding: str, decimals: int, without: set[str], scale: bool, own: float
) -> None:
    rubric = replace(
        RUBRIC,
        points=full,
        deductions=dict.fromkeys(full, Deduction(step)),
        rounding=rounding,
        decimals=decimals,
        renormalise=scale,
    )
    items = [*STUDIES, self_row("2.2(1)", f"{own:.1f}")]
    score = scored(items, rubric=rubric, decisions=[decided("na", code) for code in sorted(without)])
    for found in score.indicators:
        assert found.full >= 0
        for figure in (found.suggested, found.final):
            assert figure is None or 0 <= figure <= found.full
    whole = sum(i.full for i in score.indicators)
    assert score.total + score.open <= whole + 1e-3
    assert score.total == pytest.approx(sum(i.final for i in score.indicators if i.final is not None), abs=1e-3)


@given(st.integers(1, 60), st.floats(1, 500))
def test_an_even_spread_adds_up_exactly(count: int, total: float) -> None:
    shares = spread([str(n) for n in range(count)], total)
    assert round(sum(shares.values()), 6) == round(total, 2)
    assert max(shares.values()) - min(shares.values()) < 0.011


def test_what_moved_names_the_file_and_the_decision() -> None:
    from dataclasses import asdict

    more = ledger("专题研究与汇报", "时间|事项", "2024-10-14|专题研究下半年意识形态工作", source="补报2024.xlsx")
    before = {"departments": [asdict(scored(STUDIES))]}
    after = {"departments": [asdict(scored([*STUDIES, *more], decisions=[decided("score", "2.2(1)", "7")]))]}
    sources = {e.id: e.source for e in [*STUDIES, *more]}
    rows = changes(before, after, sources, [decided("score", "2.2(1)", "7")])
    found = next(r for r in rows if r["requirement"] == "1.1(1)#1" and r["what"] == "met")
    assert (found["before"], found["after"]) == (False, True)
    assert any("补报2024.xlsx" in why for why in found["because"])
    reviewed = next(r for r in rows if r["code"] == "2.2(1)" and r["what"] == "final")
    assert any("审-001" in why for why in reviewed["because"])
    assert changes(None, after) == []
    assert changes(after, after) == []
