"""What a passage says."""

import pytest

from pipeline.mapping.roles import judge


@pytest.mark.parametrize(
    ("text", "places", "role"),
    [
        ("第九条 会议须有半数以上委员到会方可召开，未经讨论的事项不得上会。", ("议事规则.docx",), "rule"),
        ("拟于下学期召开两次专题研究会，并向学校党委书面汇报。", ("2024年工作总结.docx",), "plan"),
        ("召开支部书记例会，每月一次，通报党员发展进度。", ("2025年工作计划.docx",), "plan"),
        ("专职组织员岗位空缺八个月，材料审核不及时。", ("自评报告.docx",), "problem"),
        ("学生党支部获评省级样板支部，两名党员荣获优秀共产党员称号。", ("工作总结.docx",), "result"),
        ("5月9日召开党员大会，传达上级文件，讨论接收预备党员。", ("会议记录.docx",), "done"),
        ("学院现有教职工102人，下设4个党支部，在校生3100人。", ("简介.docx",), "profile"),
    ],
)
def test_role_by_words_and_place(text: str, places: tuple[str, ...], role: str) -> None:
    assert judge(text, places, filed=True).role == role


def test_what_is_not_filed_and_says_nothing_is_other() -> None:
    assert judge("浏览次数：320", (), filed=False).role == "other"
