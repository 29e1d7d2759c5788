"""What a passage says."""

import tomllib
from pathlib import Path

import pytest

from pipeline.mapping.roles import ROLES, judge, learn, shipped


@pytest.mark.parametrize(
    ("text", "places", "role"),
    [
        ("第九条 会议须有半数以上委员到会方可召开，未经讨论的事项不得上会。", ("议事规则.docx",), "rule"),
        ("拟于下学期召开两次专题研究会，并向学校党委书面汇报。", ("2024年工作总结.docx",), "plan"),
        ("召开支部书记例会，每月一次，通报党员发展进度。", ("2025年工作计划.docx",), "plan"),
        ("专职组织员岗位空缺八个月，材料审核不及时。", ("自评报告.docx",), "problem"),
        ("学生党支部获评省级样板支部，两名党员荣获优秀共产党员称号。", ("工作总结.docx",), "result"),
        ("原定6月5日召开的支部大会因停电取消。", ("会议记录.docx",), "problem"),
        ("院长抓项目多，过问教师思想少，这一条在考核中得分最低。", ("工作总结.docx",), "problem"),
        ("做好联谊交友工作，学院现有民主党派成员14人，书记逐一登门拜访。", ("工作总结.docx",), "done"),
        ("5月9日召开党员大会，传达上级文件，讨论接收预备党员。", ("会议记录.docx",), "done"),
        ("学院现有教职工102人，下设4个党支部，在校生3100人。", ("简介.docx",), "profile"),
        ("逾期三个月不报到的，组织关系退回原单位。", (), "rule"),
        ("统战委员：联系党外教师，收集意见，做好民族宗教工作。", ("岗位说明.docx",), "rule"),
        ("每名教师党员联系两名学生，每月谈心一次，情况记入手册。", ("联系学生办法.docx",), "rule"),
        ("请各支部5月20日前报送推荐名单。", ("推荐优秀党员.docx",), "plan"),
        ("和先进院系相比，我们的办法还不够多。", ("述职报告.docx",), "problem"),
        ("按规定应召开四次，实际只开了两次。", ("自评报告.docx",), "problem"),
    ],
)
def test_role_by_words_and_place(text: str, places: tuple[str, ...], role: str) -> None:
    assert judge(text, places, filed=True).role == role


@pytest.mark.parametrize(
    ("text", "places", "role"),
    [
        ("加强宣传阵地管理，组织开展一次集中检查。", ("2025年工作要点.docx",), "plan"),
        ("加强宣传阵地管理，组织开展集中检查两次，更换展板九块。", ("2025年总结.docx",), "done"),
        ("组织党员志愿服务十五次，服务师生三百人次。", ("2024年总结和2025年计划.docx",), "done"),
        ("走访慰问九次，帮助解决困难十一件。", ("2024年工作安排及完成情况.docx",), "done"),
        ("两个支部的换届拖到年底。", ("2024年总结.docx", "六、存在的问题和下一步打算", "（一）主要不足"), "problem"),
        ("配齐两个支部的委员。", ("2024年总结.docx", "六、存在的问题和下一步打算", "（二）下一步打算"), "plan"),
    ],
)
def test_a_clause_without_tense_says_what_its_place_says(text: str, places: tuple[str, ...], role: str) -> None:
    assert judge(text, places, filed=True).role == role


@pytest.mark.parametrize(
    "places", [("2025年党建工作计划.docx",), ("2024年总结.docx", "五、下一步打算"), ("学院工作要点.pdf",)]
)
@pytest.mark.parametrize(
    "text",
    [
        "召开意识形态专题会，听取各支部汇报，签订责任书。",
        "3月：开展学雷锋志愿服务；4月：组织清明祭扫；5月：举办党课比赛。",
        "毕业班党员离校前谈一次话、交一次党费、过一次组织生活。",
        "选派支部书记外出培训，办好书记论坛，落实津贴。",
    ],
)
def test_a_plan_is_never_taken_as_done(text: str, places: tuple[str, ...]) -> None:
    assert judge(text, places, filed=True).role not in ("done", "result")


def test_what_is_not_filed_and_says_nothing_is_other() -> None:
    assert judge("浏览次数：320", (), filed=False).role == "other"


def test_floors_of_roles(capsys: pytest.CaptureFixture[str]) -> None:
    """Passages that nothing was learnt from, and the shipped ones with their kind of writing left out."""
    table = tomllib.loads((Path(__file__).parent / "data" / "roles.toml").read_text(encoding="utf-8"))
    rows = [(role, text) for role, texts in table.items() for text in texts]
    given = [judge(text, (), role not in ("other", "profile")).role for role, text in rows]
    examples = shipped()
    best = learn(examples)[1].argmax(axis=1)
    left_out = sum(ROLES[k] == role for k, (_, role, _) in zip(best, examples, strict=True)) / len(examples)
    share = sum(g == role for g, (role, _) in zip(given, rows, strict=True)) / len(rows)
    never = {role: sum(g == role for g, (r, _) in zip(given, rows, strict=True) if r == role) for role in table}
    with capsys.disabled():
        print(f"\n内容性质：另备{len(rows)}段正确{share:.3f}，{len(examples)}段按文类留出{left_out:.3f}")
    assert share >= 0.82
    assert left_out >= 0.74
    assert never["problem"] >= 0.75 * len(table["problem"])
    assert never["plan"] >= 0.75 * len(table["plan"])
