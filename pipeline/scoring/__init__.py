"""From facts to verdicts, from verdicts to points, by the rubric of the school."""

from pathlib import Path

from pipeline.model import Guideline
from pipeline.scoring.changes import changes
from pipeline.scoring.rubric import Grade, Rubric, default_rubric
from pipeline.scoring.score import score_department, settle_grades
from pipeline.workspace import Workspace

__all__ = ["Grade", "Rubric", "changes", "load_rubric", "score_department", "settle_grades", "write_default_rubric"]


def load_rubric(workspace: Workspace, guideline: Guideline) -> Rubric:
    """The rubric of this workspace, the defaults where it has none; raises UnusableRubric (cell and reason)."""
    if not workspace.rubric.is_file():
        return default_rubric(guideline)
    from pipeline.scoring.reading import read_rubric

    return read_rubric(workspace.rubric, guideline)


def write_default_rubric(path: Path, guideline: Guideline | None) -> None:
    """Writes the default rubric workbook."""
    from pipeline.scoring.workbook import write_workbook

    write_workbook(path, guideline)
