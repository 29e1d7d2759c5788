"""What a sentence asks to be counted: kind, period and figure, and which sentences ask for nothing."""

import pytest

from pipeline.guideline.requirements import figure, requirements_of

ASKS = [
    (
        "每年至少专题研究2次意识形态工作，并向上级党组织专题汇报1次。",
        [("frequency", "year", 2), ("frequency", "year", 1)],
    ),
    ("每年至少专题研究两次、向上级专题汇报一次。", [("frequency", "year", 2), ("frequency", "year", 1)]),
    (
        "坚持院(系)党政主要负责同志每学期讲党课和思想政治理论课制度。",
        [("frequency", "term", 1), ("frequency", "term", 1)],
    ),
    ("定期研究学术组织建设发展工作。", []),
    ("组织教师定期开展政治理论学习、每月开展1次党的创新理论学习。", [("frequency", "month", 1)]),
    ("每半年至少召开一次专题会议。", [("frequency", "half_year", 1)]),
    ("每两个月开展一次集体备课。", [("frequency", "two_months", 1)]),
    ("党支部书记每两年至少参加1次集中轮训。", [("frequency", "two_years", 1)]),
    ("党员每年集中学习培训不少于三十二学时。", [("amount", "year", 32)]),
    ("党员到课率不得低于百分之九十。", [("ratio", None, 90)]),
    ("谈心谈话覆盖率达到100%。", [("ratio", None, 100)]),
    ("实现党员教育培训全覆盖。", [("ratio", None, 100)]),
    ("至少配备1名专职组织员。", [("amount", None, 1)]),
    ("专职组织员不少于2人。", [("amount", None, 2)]),
    ("党支部按期换届，严格按照程序选举支部委员。", [("tenure", None, None)]),
    ("任期届满按时换届。", [("tenure", None, None)]),
    ("严格执行“一会一报”“一事一报”制度。", [("each", None, 1)]),
    ("对论坛、讲座实行一会一报、一事一审。", [("each", None, 1)]),
    ("按要求完成季度党的组织生活安排。", [("frequency", "quarter", 1)]),
    ("每季度研究党建工作1—2次。", [("frequency", "quarter", 1)]),
    ("每年开展2至3次警示教育。", [("frequency", "year", 2)]),
    ("每学年组织实践活动两次以上。", [("frequency", "year", 2)]),
    ("专题研究意识形态工作一年不得少于两次。", [("frequency", "year", 2)]),
    ("一个月至少开展一次谈心谈话。", [("frequency", "month", 1)]),
    ("学期内开展集体备课不少于5次。", [("frequency", "term", 5)]),
    ("春、秋季学期各开展1次集中排查。", [("frequency", "term", 1)]),
    ("每年上、下半年各开展1次民主测评。", [("frequency", "half_year", 1)]),
    ("每年6月、12月各报告1次。", [("frequency", "year", 2)]),
    ("每月固定一天开展主题党日。", [("frequency", "month", 1)]),
    (
        "每个月至少开展1次志愿服务，党员年人均志愿服务时长不低于16小时。",
        [("frequency", "month", 1), ("amount", "year", 16)],
    ),
    ("三年内实现党支部达标率100%。", [("ratio", None, 100)]),
    ("成绩在专业前50%的比例达到80%。", [("ratio", None, 80)]),
    ("党员人数超过100人的配备2名以上专职组织员。", [("amount", None, 2)]),
    ("有正式党员3人以上的，应当成立党支部。", []),
    ("支部委员会三年一次换届选举。", [("tenure", None, None)]),
    ("每届任期五年。", [("tenure", None, None)]),
    ("每学期听课不少于4节，联系1个班级、1间宿舍。", [("frequency", "term", 4)]),
    ("隔周开展一次政治学习。", [("other", None, 1)]),
    ("每周开展1次值班走访。", [("other", None, 1)]),
    ("每两周召开一次工作例会。", [("other", None, 1)]),
    (
        "支部党员大会（每季度至少1次）、支委会（每月至少1次）、党小组会（每月至少1次）、党课（每季度至少1次）按时召开。",
        [
            ("frequency", "quarter", 1),
            ("frequency", "month", 1),
            ("frequency", "month", 1),
            ("frequency", "quarter", 1),
        ],
    ),
    ("运用监督执纪“四种形态”，重点运用第一种形态。", []),
    ("深刻领悟“两个确立”的决定性意义，增强“四个意识”。", []),
    ("缺1次扣0.5分，扣完为止。", []),
    ("每年至少开展2次，每少1次扣1分。", [("frequency", "year", 2)]),
    ("发展党员不超过5名。", []),
    ("年终考核优秀比例不高于20%。", []),
    ("每年12月底前报送工作总结。", [("frequency", "year", 1)]),
    ("每年结合学习需求，集中培训2次。", [("frequency", "year", 2)]),
    ("书记抓党建述职评议每年一次。", [("frequency", "year", 1)]),
    ("全年开展志愿服务不少于4次。", [("frequency", "year", 4)]),
    ("每名党员每年参加志愿服务不少于20小时。", [("amount", "year", 20)]),
    ("志愿服务时长不少于20小时/年。", [("amount", "year", 20)]),
    ("主题党日1次/月。", [("frequency", "month", 1)]),
    ("上半年、下半年各开展1次集中检查。", [("frequency", "half_year", 1)]),
    ("每年召开民主生活会和组织生活会。", [("frequency", "year", 1), ("frequency", "year", 1)]),
    ("每年至少召开1次民主生活会。", [("frequency", "year", 1)]),
    ("每月10日前更新党务公开栏。", [("frequency", "month", 1)]),
    ("每学期至少开展1次主题团日、1次社会实践。", [("frequency", "term", 1), ("frequency", "term", 1)]),
    ("接到入党申请书后1个月内派人谈话。", []),
    ("建立“一站式”学生社区，打造一支队伍。", []),
    ("每年培育1个以上党建品牌。", [("amount", "year", 1)]),
    ("党总支每届任期5年，按期换届。", [("tenure", None, None)]),
    ("教师党支部书记“双带头人”比例不低于80%，并逐年提高。", [("ratio", None, 80)]),
    ("中心组学习每季度不少于1次、全年不少于4次。", [("frequency", "quarter", 1), ("frequency", "year", 4)]),
    (
        "每季度至少召开1次党员大会，每月召开1次支委会，每月开展1次主题党日，每季度上1次党课。",
        [
            ("frequency", "quarter", 1),
            ("frequency", "month", 1),
            ("frequency", "month", 1),
            ("frequency", "quarter", 1),
        ],
    ),
    ("党员大会每季度召开1次。", [("frequency", "quarter", 1)]),
    ("严格落实每周一次的升旗仪式。", [("other", None, 1)]),
    ("院长、书记每学期分别讲授思政课不少于4学时。", [("amount", "term", 4)]),
    (
        "与入党积极分子谈话每季度不少于一次，每半年考察一次。",
        [("frequency", "quarter", 1), ("frequency", "half_year", 1)],
    ),
    ("党委每年听取1次意识形态工作汇报、2次统战工作汇报。", [("frequency", "year", 1), ("frequency", "year", 2)]),
    ("不少于5名党员参加，时间不少于90分钟。", [("amount", None, 5), ("amount", None, 90)]),
    ("每年度至少组织一次党性体检。", [("frequency", "year", 1)]),
    ("按月开展主题党日。", [("frequency", "month", 1)]),
    ("每个季度集中学习不得少于1次。", [("frequency", "quarter", 1)]),
    ("每一学期开展2场报告会。", [("frequency", "term", 2)]),
    ("每学期末开展1次述职。", [("frequency", "term", 1)]),
    ("每个支部每年发展党员不少于1名。", [("amount", "year", 1)]),
    ("获得省级以上荣誉1项加2分。", []),
    ("认真落实十二条措施，推进第二课堂建设。", []),
    ("党课每学期不少于一次，由书记讲授的每年不少于2次。", [("frequency", "term", 1), ("frequency", "year", 2)]),
    ("每年至少要开展1次分析研判，形成报告不少于1份。", [("frequency", "year", 1), ("amount", "year", 1)]),
    (
        "每2个月至少召开1次座谈会，每两年至少评选表彰1次。",
        [("frequency", "two_months", 1), ("frequency", "two_years", 1)],
    ),
    ("至少每季度召开1次联席会议。", [("frequency", "quarter", 1)]),
    ("每季度召开一次以上联席会议。", [("frequency", "quarter", 1)]),
    ("每学期不少于二次。", [("frequency", "term", 2)]),
    ("专任教师中党员比例达到50％以上。", [("ratio", None, 50)]),
    ("党务工作者培训每年人均不低于16学时。", [("amount", "year", 16)]),
]


@pytest.mark.parametrize(("sentence", "asked"), ASKS, ids=[sentence for sentence, _ in ASKS])
def test_sentence_asks_for(sentence: str, asked: list[tuple[str, str | None, float | None]]) -> None:
    assert [(r.kind, r.period, r.minimum) for r in requirements_of("1.1(1)", sentence)] == asked


def test_each_requirement_has_its_own_words_and_subject() -> None:
    text = "定期调研。坚持院(系)党政主要负责同志每学期讲党课和思想政治理论课制度。"
    lecture, course = requirements_of("3.1(2)", text)
    assert "党课" in lecture.text
    assert "思想政治理论课" not in lecture.text
    assert "思想政治理论课" in course.text
    assert lecture.subject == course.subject == "院(系)党政主要负责同志"
    assert [lecture.id, course.id] == ["3.1(2)#1", "3.1(2)#2"]


def test_units_are_the_guidelines_own() -> None:
    units = [r.unit for r in requirements_of("1", "每年不少于32学时，至少配备1名组织员，参加率不低于90%，每月1次。")]
    assert units == ["学时", "名", "%", "次"]


@pytest.mark.parametrize(("text", "value"), [("三十二", 32), ("十", 10), ("两", 2), ("一百二十", 120), ("2.5", 2.5)])
def test_numerals(text: str, value: float) -> None:
    assert figure(text) == value
