"""Requirements: met, not met, or not to be verified; what is missing is named."""

import pytest

from pipeline.model import Evidence
from tests.facts.material import ledger, paragraph
from tests.scoring.school import failed_file, scored, verdict

LECTURES = "日期|类型|主讲人|职务|题目|备注"


def studies(*days: str) -> list[Evidence]:
    return ledger("专题研究与汇报", "时间|事项", *(f"{d}|专题研究意识形态工作第{n}题" for n, d in enumerate(days)))


def test_enough_events_meet_the_requirement() -> None:
    found = verdict(scored(studies("2024-04-11", "2024-10-14")), "1.1(1)#1")
    assert (found.found, found.met, found.missing) == (2, True, ())


def test_a_ledger_that_falls_short_fails_and_says_what_is_missing() -> None:
    found = verdict(scored(studies("2024-04-11", "2023-10-14")), "1.1(1)#1")
    assert (found.found, found.met) == (1, False)
    assert "还差1次" in found.missing[0]


def test_a_ledger_of_the_family_without_a_report_fails_the_report() -> None:
    found = verdict(scored(studies("2024-04-11", "2024-10-14")), "1.1(1)#2")
    assert (found.found, found.met) == (0, False)


def test_nothing_sent_cannot_be_verified() -> None:
    score = scored([paragraph("全院教职工共86人。")])
    assert {v.met for i in score.indicators for v in i.requirements} == {None}
    assert score.total == 0
    assert score.open == pytest.approx(100)


def test_an_unreadable_file_that_may_hold_the_rest_leaves_it_open() -> None:
    files = (failed_file("意识形态工作台账.xlsx"),)
    found = verdict(scored(studies("2024-04-11"), files=files), "1.1(1)#1")
    assert found.met is None
    assert "意识形态工作台账.xlsx" in found.reason


def test_an_unreadable_file_of_another_matter_changes_nothing() -> None:
    files = (failed_file("发展党员台账.xlsx"),)
    assert verdict(scored(studies("2024-04-11"), files=files), "1.1(1)#1").met is False


def test_the_departments_own_words_decide_where_nothing_else_does() -> None:
    words = paragraph("本年度意识形态工作仅专题研究1次，未达到规定次数。", source="自评.docx")
    found = verdict(scored([words]), "1.1(1)#1")
    assert (found.found, found.met) == (0, False)
    assert "仅专题研究1次" in found.reason


def test_a_claim_without_dates_is_named_and_does_not_count() -> None:
    words = paragraph("全年专题研究意识形态工作3次。", source="2024年总结.docx")
    found = verdict(scored([words]), "1.1(1)#1")
    assert (found.found, found.met) == (0, None)
    assert "3次" in found.reason


def test_each_leader_and_each_term_by_itself() -> None:
    rows = ledger(
        "党课",
        LECTURES,
        "4月25日|党课|沈若兰|院长|甲的题目|",
        "5月20日|党课|钱启明|党总支书记|乙的题目|",
        "9月3日|党课|钱启明|党总支书记|丙的题目|",
        "拟于12月下旬|党课|沈若兰|院长|丁的题目|计划安排，尚未开展",
    )
    score = scored(rows)
    assert verdict(score, "1.1(2)#1/书记").met is True
    dean = verdict(score, "1.1(2)#1/院长")
    assert (dean.found, dean.met, dean.missing) == (1, False, ("2024年秋季学期",))
    assert "计划" in dean.reason


def test_january_belongs_to_the_autumn_term_before() -> None:
    rows = ledger("党课", LECTURES, "2024-01-10|党课|沈若兰|院长|甲|", "2025-01-10|党课|沈若兰|院长|乙|")
    dean = verdict(scored(rows), "1.1(2)#1/院长")
    assert (dean.found, dean.missing) == (1, ("2024年春季学期",))


def test_missing_months_are_named_and_exempt_ones_are_not_asked() -> None:
    from dataclasses import replace

    from tests.scoring.school import RUBRIC

    rows = ledger(
        "教师理论学习", "日期|学习内容", *(f"2024.{m}.6|第{m}讲要点" for m in range(1, 13) if m not in (3, 8))
    )
    assert verdict(scored(rows), "1.1(3)#1").missing == ("3月", "8月")
    eased = replace(RUBRIC, exempt_months=(2, 8))
    assert verdict(scored(rows, rubric=eased), "1.1(3)#1").missing == ("3月",)


TALKS = ledger("讲座论坛登记", "举办日期|活动名称|备注", "2024-06-04|智能测绘技术报告会|", "2024-04-25|劳模进校园报告会|",
               "2024-05-07|桥梁健康监测报告会|因故取消，未召开")  # fmt: skip


@pytest.mark.parametrize(
    ("approvals", "met", "missing"),
    [
        (("2024.4.12|劳模报告会|同意", "2024.6.4|智能测绘专题报告会|同意"), True, ()),
        (("2024.4.12|劳模报告会|同意", "2024.6.5|智能测绘专题报告会|同意"), False, ("智能测绘技术报告会",)),
        (("2024.4.12|劳模报告会|同意", "2024.5.2|桥梁健康监测报告会|同意"), False, ("智能测绘技术报告会",)),
        (("2024.4.12|劳模报告会|不同意", "2024.6.1|智能测绘报告会|同意"), False, ("劳模进校园报告会",)),
    ],
)
def test_every_lecture_needs_its_own_approval_in_time(
    approvals: tuple[str, ...], met: bool, missing: tuple[str, ...]
) -> None:
    rows = ledger("审批登记", "申请日期|活动名称|审批意见", *approvals)
    found = verdict(scored([*TALKS, *rows]), "2.1(1)#1")
    assert (found.met, found.missing) == (met, missing)


def test_lectures_without_any_register_of_approvals_cannot_be_verified() -> None:
    assert verdict(scored(TALKS), "2.1(1)#1").met is None


BRANCHES = "党支部名称|类型|书记|是否“双带头人”|本届选举时间|任期|备注"


def test_terms_of_office_run_out() -> None:
    rows = ledger(
        "支部换届",
        BRANCHES,
        "教工第一党支部|教工|王某|是|2024.10.18|3年|上届2021年11月选举",
        "教工第二党支部|教工|李某|否|2021.3.10|3年|拟于2025年3月换届",
        "学生第一党支部|学生|张某|—|2022.6.22|3年|",
    )
    score = scored(rows)
    terms = verdict(score, "2.1(2)#1")
    assert (terms.minimum, terms.found, terms.met, terms.missing) == (3, 2, False, ("教工第二党支部",))
    both = verdict(score, "2.1(4)#1")
    assert (both.minimum, both.found, both.met, both.missing) == (2, 1, False, ("教工第二党支部",))


def test_a_late_election_is_not_in_time_unless_the_extension_was_approved() -> None:
    late = ledger("支部换届", BRANCHES, "教工党支部|教工|王某|是|2024.10.18|3年|上届2021年1月选举")
    eased = ledger("支部换届", BRANCHES, "教工党支部|教工|王某|是|2024.10.18|3年|上届2021年1月选举，经批准延期")
    assert verdict(scored(late), "2.1(2)#1").met is False
    assert verdict(scored(eased), "2.1(2)#1").met is True


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("学院有专职组织员1人（刘某某），兼职组织员2人。", True),
        ("学院有兼职组织员2人，专职岗位暂缺。", False),
        ("专职组织员6月调离后空岗四个月，年内未补齐。", False),
        ("计划明年配备1名专职组织员。", None),
        ("按规定至少配备1名专职组织员。", None),
    ],
)
def test_a_post_is_filled_vacant_or_not_told(text: str, met: bool | None) -> None:
    assert verdict(scored([paragraph(text, source="2024年总结.docx")]), "2.1(3)#1").met is met


def test_a_list_of_persons_counts_who_holds_the_post() -> None:
    rows = ledger("组织员配备", "姓名|岗位|任职时间|备注", "刘志强|专职组织员|2022年6月|", "何晓燕|兼职组织员|2022年11月|",
                  "王大为|专职组织员|2020年3月|2024年5月调离")  # fmt: skip
    found = verdict(scored(rows), "2.1(3)#1")
    assert (found.found, found.met) == (1, True)


def test_an_activity_the_word_lists_do_not_know_is_left_to_a_person_with_what_is_told_of_it() -> None:
    from dataclasses import replace

    from pipeline.model import Guideline, Indicator, Requirement
    from pipeline.scoring import score_department
    from pipeline.scoring.rubric import default_rubric
    from tests.facts.material import INFO, facts

    asked = Requirement("1.1(1)#1", "frequency", "quarter", 1.0, "次", "每季度召开1次书记工作例会")
    guideline = Guideline("指南", 2024, (Indicator("1.1(1)", 3, "1.1", asked.text, requirements=(asked,)),))
    told = replace(paragraph("3月9日召开书记工作例会，通报党费收缴。"), dates=("2024-03-09",))
    score = score_department(INFO, guideline, default_rubric(guideline), [told], facts([told]), (), (), 2024)
    found = score.indicators[0].requirements[0]
    assert (found.found, found.met) == (None, None)
    assert "2024-03-09" in found.reason
    assert found.evidence == (told.id,)


def test_an_election_register_may_only_have_the_last_election() -> None:
    columns = "支部名称|支部书记|上次换届时间|任期（年）"
    rows = ledger("组织建设", columns, "汽修教工支部|王某|2022.5|3", "新能源教工支部|李某|2020年11月|3")
    found = verdict(scored(rows), "2.1(2)#1")
    assert (found.found, found.met, found.missing) == (1, False, ("新能源教工支部",))


def test_elections_told_in_a_sentence_count_where_no_table_lists_the_branches() -> None:
    told = "支委会任期均为三年。教工第一党支部2022年5月换届，学生党支部2023年10月换届。"
    assert verdict(scored([paragraph(told, source="支部情况说明.docx")]), "2.1(2)#1").met is True
    old = told.replace("2022", "2019")
    assert verdict(scored([paragraph(old, source="支部情况说明.docx")]), "2.1(2)#1").missing == ("教工第一党支部",)


def test_a_register_of_lectures_may_say_批复_instead_of_审批() -> None:
    columns = "名称|主讲|申请时间|批复时间|举办时间|状态"
    rows = ledger(
        "讲座报备",
        columns,
        "安宁疗护讲座|专家|2024/3/4|2024/3/6|2024/3/15|已举办",
        "中医养生讲坛|外聘|2024/9/2|||取消",
        "急救报告会|专家|2024/10/8|2024/10/20|2024/10/18|已举办",
        title="论坛讲座登记表",
    )
    found = verdict(scored(rows), "2.1(1)#1")
    assert (found.minimum, found.found, found.met) == (2, 1, False)


def test_an_office_in_the_row_of_a_lecture_is_no_list_of_posts() -> None:
    lecture = ledger("党课", "时间|授课人|职务|类型|题目", "2024-5-9|周某某|组织员|微党课|入党流程")
    told = paragraph("学院党委配备专职组织员1名（周某某），2021年到岗。")
    assert verdict(scored([*lecture, told]), "2.1(3)#1").met is True


@pytest.mark.parametrize(
    ("columns", "row", "met"),
    [
        ("支部|书记|本届任期起止", "教工党支部|王某|2022.3-2025.3", True),
        ("支部|书记|本届任期起止", "教工党支部|王某|2020.9—2023.9", False),
        ("支部名称|书记|届次|任期起始时间|任期届满时间", "教工党支部|王某|第三届|2022年3月|2025年3月", True),
        ("支部名称|换届日期|任期|备注", "教工党支部|2021.10.20|三年|经校党委批复同意延期换届至2025年5月", True),
        ("支部名称|换届日期|任期|备注", "教工党支部|2021.10.20|三年|未申请延期", False),
    ],
)
def test_terms_of_office_in_other_columns(columns: str, row: str, met: bool) -> None:
    assert verdict(scored(ledger("支部一览", columns, row)), "2.1(2)#1").met is met


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("现有组织员2人，其中专职1人、兼职1人。", True),
        ("专职组织员：周敏，2021年3月任职。", True),
        ("设兼职组织员2名，由辅导员担任。", False),
        ("目前组织员均为兼职，尚未配备专职组织员。", False),
        ("专职组织员队伍建设得到加强。", None),
    ],
)
def test_posts_told_in_other_words(text: str, met: bool | None) -> None:
    assert verdict(scored([paragraph(text, source="情况说明.docx")]), "2.1(3)#1").met is met


@pytest.mark.parametrize(("cell", "met"), [("专", True), ("兼", False)])
def test_one_column_for_full_and_part_time(cell: str, met: bool) -> None:
    rows = ledger("组织员名册", "姓名|专/兼职|现任职务", f"鲁某|{cell}|组织员")
    assert verdict(scored(rows), "2.1(3)#1").met is met


def test_the_day_of_the_approval_decides_over_a_tick_beside_it() -> None:
    columns = "名称|举办日期|是否报批|报批日期"
    rows = ledger("讲座", columns, "智能论坛|2024.5.15|是|2024.5.9", "校友讲坛|2024.11.8|是|2024.11.10")
    found = verdict(scored(rows), "2.1(1)#1")
    assert (found.minimum, found.found, found.met) == (2, 1, False)
