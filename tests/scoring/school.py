"""A small guideline with its requirements, and a department scored by it."""

from collections.abc import Sequence

from pipeline.model import (
    Decision,
    DepartmentScore,
    Evidence,
    FileEntry,
    Guideline,
    Indicator,
    IndicatorScore,
    Requirement,
    Verdict,
)
from pipeline.scoring import Rubric, score_department
from pipeline.scoring.rubric import default_rubric
from tests.facts.material import INFO, facts

THIRDS = (
    Indicator(
        "1.1(1)",
        3,
        "1.1",
        "每年至少专题研究2次意识形态工作，并向上级党组织专题汇报1次。",
        requirements=(
            Requirement("1.1(1)#1", "frequency", "year", 2.0, "次", "每年至少专题研究2次意识形态工作"),
            Requirement("1.1(1)#2", "frequency", "year", 1.0, "次", "向上级党组织专题汇报1次"),
        ),
    ),
    Indicator(
        "1.1(2)",
        3,
        "1.1",
        "党政主要负责同志每学期讲党课。",
        requirements=(
            Requirement("1.1(2)#1", "frequency", "term", 1.0, "次", "党政主要负责同志每学期讲党课", "党政主要负责同志"),
        ),
    ),
    Indicator(
        "1.1(3)",
        3,
        "1.1",
        "每月开展1次党的创新理论学习。",
        requirements=(Requirement("1.1(3)#1", "frequency", "month", 1.0, "次", "每月开展1次党的创新理论学习", "教师"),),
    ),
    Indicator(
        "2.1(1)",
        3,
        "2.1",
        "严格执行“一会一报”制度，加强对论坛、讲座审批把关。",
        requirements=(Requirement("2.1(1)#1", "each", None, 1.0, "次", "严格执行“一会一报”制度"),),
    ),
    Indicator(
        "2.1(2)",
        3,
        "2.1",
        "党支部按期换届。",
        requirements=(Requirement("2.1(2)#1", "tenure", None, None, "", "党支部按期换届", "党支部"),),
    ),
    Indicator(
        "2.1(3)",
        3,
        "2.1",
        "至少配备1名专职组织员。",
        requirements=(Requirement("2.1(3)#1", "amount", None, 1.0, "名", "至少配备1名专职组织员"),),
    ),
    Indicator(
        "2.1(4)",
        3,
        "2.1",
        "“双带头人”教师党支部书记全覆盖。",
        requirements=(Requirement("2.1(4)#1", "ratio", None, 100.0, "%", "“双带头人”教师党支部书记全覆盖"),),
    ),
    Indicator("2.2(1)", 3, "2.2", "党务公开。"),
)
GUIDELINE = Guideline("2024年党建工作指南", 2024, THIRDS)
RUBRIC = default_rubric(GUIDELINE)


def scored(
    items: Sequence[Evidence],
    rubric: Rubric = RUBRIC,
    files: Sequence[FileEntry] = (),
    decisions: Sequence[Decision] = (),
) -> DepartmentScore:
    """The department's scores from these passages."""
    return score_department(INFO, GUIDELINE, rubric, items, facts(items), files, decisions, 2024)


def indicator(score: DepartmentScore, code: str) -> IndicatorScore:
    """One indicator's score."""
    return next(i for i in score.indicators if i.code == code)


def verdict(score: DepartmentScore, requirement: str) -> Verdict:
    """One requirement's verdict."""
    return next(v for i in score.indicators for v in i.requirements if v.id == requirement)


def failed_file(name: str) -> FileEntry:
    """A file of the department that could not be read."""
    return FileEntry(f"inputs/submissions/x/{name}", INFO.name, "0" * 64, 10, "xlsx", "failed", "打不开。", 0, None)
