"""The Chinese words by which Excel files and the page name roles, states and verdicts, and the rubric as they see it."""

from typing import Protocol

from pipeline.model import PERIOD_NAMES, Evidence, EvidenceStatus, Guideline, IndicatorScore, Requirement, Role, Verdict

ROLES: dict[Role, str] = {
    "profile": "基本情况",
    "done": "做法",
    "result": "成效",
    "problem": "问题",
    "plan": "打算",
    "rule": "制度",
    "other": "其他",
}
STATES: dict[EvidenceStatus, str] = {
    "accepted": "已采纳",
    "review": "待审阅",
    "none": "不属于任何指标",
    "duplicate": "重复",
}
DUPLICATES = {
    "bytes": "文件完全相同",
    "text": "内容雷同",
    "version": "同一材料的不同版本",
    "last_year": "与上年材料雷同",
}
MET, NOT_MET, UNKNOWN = "达标", "未达标", "无法核实"
UNDECIDED, NOT_APPLICABLE, APPLICABLE = "未定", "不适用", "适用"
NO_INDICATOR, STRIKE, AGREE = "不属于任何指标", "删除", "同意建议"


class Rules(Protocol):
    """What the school's workbook and the page need of `scoring.Rubric`."""

    @property
    def deadline(self) -> str: ...
    @property
    def school(self) -> str: ...


def verdict_word(verdict: Verdict) -> str:
    """达标, 未达标 or 无法核实."""
    if verdict.met is None:
        return UNKNOWN
    return MET if verdict.met else NOT_MET


def points_word(score: IndicatorScore) -> float | str:
    """The points of an indicator as a table shows them: a figure, 未定 or 不适用."""
    if not score.applicable:
        return NOT_APPLICABLE
    return UNDECIDED if score.final is None else score.final


def minimum_words(requirement: Requirement | None, verdict: Verdict) -> str:
    """What is asked for, short: 每学期 1次; "" where the guideline names no figure."""
    if verdict.minimum is None:
        return ""
    period = next((name for period, name in PERIOD_NAMES.items() if period == verdict.period), "")
    unit = requirement.unit if requirement else ""
    return f"{period}≥{verdict.minimum:g}{unit}"


def requirements_by_id(guideline: Guideline) -> dict[str, Requirement]:
    """Every requirement of the guideline by its id."""
    return {r.id: r for indicator in guideline.indicators for r in indicator.requirements}


def short(text: str, length: int = 18) -> str:
    """The beginning of an indicator's text, for drop-downs and column heads."""
    text = text.strip()
    return text if len(text) <= length else text[: length - 1] + "…"


def place(evidence: Evidence) -> str:
    """The place in the file; a DOCX page number that only a rendering gave says so."""
    words = evidence.locator.chinese()
    return words + "（排版页码）" if evidence.locator.page_basis == "rendered" else words


def file_name(path: str) -> str:
    """A path as the department knows it: without inputs/submissions and its own folder."""
    parts = path.split("/")
    return "/".join(parts[3:]) if parts[:2] == ["inputs", "submissions"] and len(parts) > 3 else path
