"""The rubric workbook (inputs/rubric.xlsx): written by `init`, in a clerk's words."""

from pathlib import Path

from pipeline.model import Guideline
from pipeline.scoring.rubric import GRADES, default_points


def write_workbook(path: Path, guideline: Guideline | None) -> None:
    """The default rubric, with the indicators of `guideline` where there is one."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("指标分值", 0)
    sheet.append(["指标编号", "指标内容", "分值", "评分标准"])
    thirds = guideline.thirds() if guideline else ()
    points, _even = default_points(thirds)
    for indicator in thirds:
        sheet.append([indicator.code, indicator.text, points[indicator.code], ""])
    grades = book.create_sheet("等次", 1)
    grades.append(["等次", "最低分", "名额上限（%）"])
    for grade in GRADES:
        grades.append([grade.name, grade.at_least, None])
    book.save(path)
