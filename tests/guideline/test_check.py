"""`guideline check`: what looks wrong in the guideline is reported with its place, and never changed."""

from pathlib import Path

import pytest

from pipeline.guideline import check, load
from pipeline.model import Finding, Guideline, Indicator

OFFICIAL = Path(__file__).parent / "examples" / "官方_docx" / "guideline.docx"


def _found(text: str) -> list[Finding]:
    return list(check(Guideline("2025年指南", 2025, (Indicator("1.1(1)", 3, "1.1", text),))))


def _messages(findings: list[Finding] | tuple[Finding, ...], place: str) -> str:
    return "".join(f.message + f.suggestion for f in findings if f.place == place)


def test_the_official_guidelines_misprints_are_found() -> None:
    findings = check(load(OFFICIAL))
    assert "于部" in _messages(findings, "4.2(1)")
    assert "太科生" in _messages(findings, "4.4(3)")
    assert "事业发展" in _messages(findings, "5")
    assert "思 想" in _messages(findings, "3.1")
    assert "没有印编号" in _messages(findings, "3.1")
    assert "半角标点" in _messages(findings, "1.1(1)")
    assert "混用" in _messages(findings, "全文")


def test_marks_of_a_text_export_are_left_out_and_named() -> None:
    text = load(OFFICIAL.parent.parent / "官方_txt" / "guideline.txt")
    assert "bookmark" not in "".join(i.text for i in text.indicators)
    assert any("[bookmark: _GoBack]" in finding.message for finding in check(text))


def test_check_changes_nothing() -> None:
    guideline = load(OFFICIAL)
    check(guideline)
    assert "领导于部" in guideline.get("4.2(1)").text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("加强党员教育（含预备党员，严格管理。", "不成对"),
        ("开展“三会一课活动。", "不成对"),
        ("加强党员 教育管理。", "空格"),
        ("加强党员教育，，严格管理。", "标点重复"),
        ("严格执行民主集申制。", "民主集中制"),
        ("党员领导千部带头学习。", "干部"),
        ("培养人党积极分子。", "入党"),
        ("自已的事自已办。", "自己"),
        ("加强加强\ufffd建设。", "认不出"),
        ("增强“四个意识”,做到“两个维护”。", "半角标点"),
        ("", "没有文字"),
        ("加强党员教育，", "没有完"),
    ],
)
def test_faults_are_reported_with_a_message(text: str, said: str) -> None:
    assert said in _messages(_found(text), "1.1(1)")


@pytest.mark.parametrize(
    "text",
    [
        "属于部门职责的事项由若干部门协同办理。",
        "实实在在为师生办实事，坚持院（系）党组织会议制度（每两周一次）。",
        "加强 Python 等课程建设，推进“双带头人”工程。",
    ],
)
def test_sound_sentences_are_left_alone(text: str) -> None:
    assert _found(text) == []
