"""The rubric workbook (inputs/rubric.xlsx) as `init` writes it: in a clerk's words, every sheet explained on the first."""

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.model import Guideline
from pipeline.scoring import words as w
from pipeline.scoring.rubric import BONUSES, GRADES, VETOES, default_points
from pipeline.scoring.rules import default_rules

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: the same bytes whenever it is written
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_ROWS_FOR_YES = 200


def write_workbook(path: Path, guideline: Guideline | None) -> None:
    """Writes the default rubric, with the indicators of `guideline` where there is one."""
    path.write_bytes(workbook_bytes(guideline))


def workbook_bytes(guideline: Guideline | None) -> bytes:
    """The default rubric as the bytes of an .xlsx file; the same bytes each time."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    _sheet(book, w.HELP, ("怎样使用这份评分细则",), [(line,) for line in w.HELP_LINES], (110,))
    _sheet(book, w.SETTINGS, w.SETTING_COLUMNS, [(s.name, s.value, s.help) for s in w.SETTINGS_LIST], (22, 24, 80))
    thirds = guideline.thirds() if guideline else ()
    points, _even = default_points(thirds)
    rows = [(i.code, i.text, points[i.code], None, None, None, None) for i in thirds]
    _sheet(book, w.POINTS, w.POINT_COLUMNS, rows, (10, 70, 8, 40, 14, 12, 20))
    habit = ("各校习惯，不是统一规定", None, None, None)
    grades = [(g.name, g.at_least, None, note) for g, note in zip(GRADES, habit, strict=True)]
    _sheet(book, w.GRADES, w.GRADE_COLUMNS, grades, (12, 18, 16, 40))
    bonuses = [(b.name, b.each, b.cap, w.NO, w.FORMALISM_WARNING if b.warned else None) for b in BONUSES]
    _sheet(book, w.BONUSES, w.BONUS_COLUMNS, bonuses, (36, 12, 10, 12, 80), yes="D")
    _sheet(book, w.VETOES, w.VETO_COLUMNS, [(v.name, w.YES, None, None) for v in VETOES], (50, 12, 16, 40), yes="B")
    _sheet(book, w.ENTRIES, w.ENTRY_COLUMNS, [], (30, 36, 10, 60))
    periods = {value: name for name, value in w.PERIODS.items()}
    rules = [
        (w.NO, r.id, r.code, r.text, r.event, r.subject, periods[r.period], r.minimum, r.source, r.level, r.sure)
        for r in default_rules()
    ]
    _sheet(book, w.RULES, w.RULE_COLUMNS, rules, (10, 8, 10, 34, 14, 12, 10, 10, 50, 8, 28), yes="A")
    stream = io.BytesIO()
    book.save(stream)
    return _stable(stream.getvalue())


def _sheet(
    book: Any, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int], yes: str = ""
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book.create_sheet(name)
    sheet.append(list(columns))
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for n, width in enumerate(widths):
        sheet.column_dimensions[chr(65 + n)].width = width
    sheet.freeze_panes = "A2"
    if yes:
        choice = DataValidation(type="list", formula1=f'"{w.YES},{w.NO}"', allow_blank=True)
        choice.add(f"{yes}2:{yes}{_ROWS_FOR_YES}")
        sheet.add_data_validation(choice)


def _stable(data: bytes) -> bytes:
    """The package with fixed times, so that two writings are the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\2", content)
            target.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
