"""What the summary of a department says, in which section, and what it never says."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model import Event, Facts, Verdict
from pipeline.text import weight
from tests.write.making import STUDY, UNIT, dossier, evidence, lines, section, summary

DONE = "党总支召开会议传达上级决议，研究确定落实措施12项，并逐项明确责任人。"
STUDIED = Verdict(STUDY.id, STUDY.text, "year", 2.0, 2.0, True, dates=("2024-03-12", "2024-09-18"))


def test_a_passage_stands_under_its_indicator_with_its_number() -> None:
    data = summary(dossier([evidence(1, DONE)]))
    assert f"{DONE}〔1-1-1-01〕" in section(data, "组织领导到位")


def test_an_indicator_without_material_says_so() -> None:
    assert section(summary(dossier()), "阵地管理到位")[-1] == "未见报送材料。"


def test_the_heading_number_of_a_paragraph_is_not_quoted() -> None:
    data = summary(
        dossier(
            [
                evidence(1, "（一）" + DONE),
                evidence(2, "3.班子成员分工明确，各自联系两个支部并按月到场指导。", "1.1(2)"),
            ]
        )
    )
    found = section(data, "组织领导到位")
    assert any(line.startswith(DONE) for line in found)
    assert any(line.startswith("班子成员分工明确") for line in found)


def test_a_number_that_belongs_to_the_sentence_stays() -> None:
    text = "2024年党总支召开会议12次，研究事项36项，均已落实到位。"
    assert any(line.startswith(text) for line in section(summary(dossier([evidence(1, text)])), "组织领导到位"))


def test_problems_and_plans_go_to_their_own_sections() -> None:
    problem = "部分支部学习记录不完整，抽查三个支部有一个缺少签到表。"
    plan = "明年上半年将组织支部书记集中培训，完善学习记录检查办法。"
    data = summary(dossier([evidence(1, problem, role="problem"), evidence(2, plan, role="plan"), evidence(3, DONE)]))
    indicators = "".join(section(data, "组织领导到位"))
    assert problem not in indicators
    assert plan not in indicators
    assert problem in "".join(section(data, "问题与不足"))
    assert plan in "".join(section(data, "下一步打算"))


def test_a_rule_is_quoted_only_as_a_system_in_force_and_only_alone() -> None:
    rule = "党总支会议由书记召集并主持，应有三分之二以上委员到会方可召开。"
    alone = section(summary(dossier([evidence(1, rule, role="rule")])), "组织领导到位")
    assert any(line.startswith("现行制度规定：" + rule) for line in alone)
    beside = section(summary(dossier([evidence(1, rule, role="rule"), evidence(2, DONE)])), "组织领导到位")
    assert not any(rule in line for line in beside)


def test_what_is_said_twice_is_said_once_with_both_numbers() -> None:
    again = DONE.replace("并逐项明确责任人", "逐项明确了责任人")
    found = section(summary(dossier([evidence(1, DONE), evidence(2, again)])), "组织领导到位")
    quoted = [line for line in found if "传达上级决议" in line]
    assert len(quoted) == 1
    assert "1-1-1-01、1-1-1-02" in quoted[0]


def test_the_same_words_with_another_figure_say_something_else() -> None:
    found = section(summary(dossier([evidence(1, DONE), evidence(2, DONE.replace("12", "15"))])), "组织领导到位")
    assert len([line for line in found if "传达上级决议" in line]) == 2


def test_counted_events_come_first_with_their_dates() -> None:
    items = [
        evidence(1, "3月12日、9月18日党总支两次专题研究网络安全工作。", "2.1(1)", dates=("2024-03-12", "2024-09-18"))
    ]
    found = section(summary(dossier(items, [STUDIED])), "阵地管理到位")
    assert "专题研究网络安全工作2次（3月12日、9月18日）。" in found


def test_a_date_that_no_passage_has_is_not_printed() -> None:
    found = section(summary(dossier([], [STUDIED])), "阵地管理到位")
    assert not any("3月12日" in line for line in found)
    assert any("2次" in line for line in found)


def test_an_unmet_requirement_is_admitted() -> None:
    short = Verdict(STUDY.id, STUDY.text, "year", 2.0, 1.0, False, missing=("下半年",))
    assert "每年至少专题研究2次网络安全工作，现有材料可查1次，尚未达到；缺下半年。" in section(
        summary(dossier([], [short])), "问题与不足"
    )


def test_another_year_and_what_was_called_off_are_not_quoted() -> None:
    last_year = evidence(1, "2023年11月24日党总支专题研究网络安全工作，听取汇报。", "2.1(1)", dates=("2023-11-24",))
    called_off = evidence(2, "原定6月7日召开的网络安全专题会议因与学校会议冲突取消。", "2.1(1)", dates=("2024-06-07",))
    planned = evidence(3, "6月20日党总支召开网络安全专题会议，研究暑期安排。", "2.1(1)", dates=("2024-06-20",))
    event = Event("V1", UNIT, "专题研究", "", "2024-06-20", "planned", ("2.1(1)",), "", (planned.id,))
    made = dossier([last_year, called_off, planned], facts=Facts(events=(event,)))
    assert not any("〔" in line for line in section(summary(made), "阵地管理到位"))


def test_the_guidelines_words_beside_a_cell_are_not_the_departments() -> None:
    row = evidence(
        1,
        "阵地管理到位 | 每年至少专题研究2次网络安全工作 | 已研究两次并形成纪要，整改平台漏洞三处，责任到人到岗。 | 9",
        "2.1(1)",
    )
    found = section(summary(dossier([row])), "阵地管理到位")
    assert found[-1].startswith("已研究两次并形成纪要，整改平台漏洞三处")


def test_a_ledger_row_reads_as_a_sentence_with_its_date() -> None:
    row = evidence(
        1,
        "3 | 2024-05-09 | 党总支会议传达学校党委全会精神并部署落实 | 赵某",
        columns=("序号", "日期", "内容", "记录人"),
        dates=("2024-05-09",),
    )
    found = section(summary(dossier([row])), "组织领导到位")
    assert any(line.startswith("5月9日，党总支会议传达学校党委全会精神并部署落实。〔") for line in found)


def test_the_summary_keeps_its_length_and_lists_what_it_left_out() -> None:
    items = [
        evidence(n, f"党总支第{n}次会议传达上级决议{n}，研究{n + 3}项措施，逐条落实到{n}个支部和{n + 9}名党员。")
        for n in range(3000)
    ]
    data = summary(dossier(items))
    found = lines(data)
    body = found[: next(n for n, line in enumerate(found) if line.startswith("附件："))]
    assert sum(map(weight, body)) <= 5000
    assert any(line.startswith("以下段落与正文相近或因篇幅所限") for line in found)
    listed = [line for line in found if line.startswith("党总支第") and line.endswith("…")]
    assert len(listed) + sum("〔" in line for line in body) == 3000
    assert f"共{len(listed)}条。" in "".join(found)


def test_a_reviewers_own_sentence_carries_its_number() -> None:
    own = evidence(
        1, "党总支书记带头领办两项整改任务，全部按期办结。", source="inputs/decisions.xlsx", method="decision"
    )
    made = replace(dossier([evidence(2, DONE)]), evidence=(replace(own, number="审-012"),))
    assert "〔审-012〕" in "".join(lines(summary(made)))


def test_a_department_with_nothing_still_gets_a_whole_document() -> None:
    found = lines(summary(dossier()))
    assert found[0] == f"{UNIT}2024年度党建“双创”工作总结"
    assert "待审阅段落" not in "".join(found)


def test_only_what_admits_a_lack_stands_among_the_problems() -> None:
    praise = "全年办讲座28场，场场先报后办，没有一场未批先办，学校两次来看都说放心。"
    mixed = "两个支部的会议都按月开，书记每月到场一次。存在的不足是：实习点的党员参加线上学习不够，记录也不完整。"
    data = summary(dossier([evidence(1, praise, role="problem"), evidence(2, mixed, role="problem")]))
    printed = "".join(section(data, "问题与不足"))
    assert "存在的不足是：实习点的党员参加线上学习不够" in printed
    assert "场场先报后办" not in printed
    assert "书记每月到场一次" not in printed


def test_what_a_department_put_under_problems_stands_there() -> None:
    text = "学生支部书记两年换了三任，新来的人少带一程，工作常从头做起。"
    under = evidence(1, text, role="problem", heading=("五、存在的问题",))
    assert text in "".join(section(summary(dossier([under])), "问题与不足"))


def test_a_lack_filed_as_a_deed_is_no_achievement() -> None:
    lack = "对上级文件的传达偏慢，四月初印发的文件到月底才上会，被书面提醒1次。"
    data = summary(dossier([evidence(1, lack), evidence(2, DONE)]))
    assert lack in "".join(section(data, "问题与不足"))
    assert lack not in "".join(section(data, "组织领导到位"))


def test_a_lack_that_was_mended_stays_with_its_indicator() -> None:
    text = "上半年档案核对发现缺页7份，材料不完整，当月全部补齐，已报组织部备案。"
    data = summary(dossier([evidence(1, text)]))
    assert text in "".join(section(data, "组织领导到位"))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("会议提出，12月下旬拟再安排一次书记党课，具体时间另行通知。", {}),
        (
            "党总支年内听取两次社团汇报，拟由党员教师分头联系各个社团。",
            {"source": "inputs/submissions/甲/2024年工作要点.docx"},
        ),
        ("3月14日，党总支会议讨论明年的经费安排，到会委员作了说明。", {}),
    ],
)
def test_what_is_over_is_no_plan(text: str, more: dict[str, str]) -> None:
    data = summary(dossier([evidence(1, text, role="plan", **more)]))
    assert text not in "".join(section(data, "下一步打算"))


def test_of_a_deed_that_ends_in_a_plan_only_the_plan_is_told_as_one() -> None:
    text = "宣讲小组下班级讲了9场，听众一千三百多人次，明年打算并进教研活动一起安排。"
    printed = "".join(section(summary(dossier([evidence(1, text, role="plan")])), "下一步打算"))
    assert "明年打算并进教研活动一起安排。" in printed
    assert "讲了9场" not in printed


def test_a_story_filed_as_a_rule_is_not_called_a_rule() -> None:
    story = "去年学生问为什么要入党，有的答好找工作，有的说不上来，支部没有急着收。"
    assert "现行制度规定" not in "".join(section(summary(dossier([evidence(1, story, role="rule")])), "组织领导到位"))


def test_the_profile_holds_counts_and_no_stray_sentence() -> None:
    counts = "学院现有党支部6个，党员143人，专职组织员1人，在校生2130人。"
    stray = "办公室购置打印机1台、碎纸机1台，合计4860元，11月底安装完毕。"
    more: dict[str, Any] = {"role": "profile", "code": None, "status": "none"}
    data = summary(dossier([evidence(1, stray, **more), evidence(2, counts, **more)]))
    assert counts in "".join(section(data, "基本情况"))
    assert "打印机" not in "".join(section(data, "基本情况"))


def test_a_row_leaves_out_place_and_way_and_joins_nothing_across_them() -> None:
    row = "学生工作 | 线上 | 实训楼B203 | 组织各支部开展安全教育并逐人签订承诺书"
    columns = ("类别", "方式", "地点", "内容")
    printed = "".join(section(summary(dossier([evidence(1, row, columns=columns)])), "组织领导到位"))
    assert "组织各支部开展安全教育并逐人签订承诺书。" in printed
    assert "B203" not in printed


def test_a_broken_off_cell_is_not_quoted() -> None:
    text = "在教师招聘引进、职称评审、岗位聘用、评优奖励等工作中……"
    assert text not in "".join(section(summary(dossier([evidence(1, text)])), "组织领导到位"))


def test_of_an_admission_that_ends_in_a_plan_only_the_plan_stands_under_the_plans() -> None:
    text = "宣讲对实习学生覆盖不够，原计划6场只完成2场，明年拟改为小班互动并逐场收集意见。"
    data = summary(dossier([evidence(1, text, role="plan")]))
    assert "覆盖不够" not in "".join(section(data, "下一步打算"))
    assert "明年拟改为小班互动并逐场收集意见。" in "".join(section(data, "下一步打算"))
