"""A guideline as Excel has it: visible sheets only, merged cells, figures as Excel shows them, old .xls refused."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pipeline.guideline import package as office
from pipeline.guideline.source import Cell, Grid, Line, Source, clean
from pipeline.guideline.words import words
from pipeline.model import Finding
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import open_workbook

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_DECIMALS = re.compile(r"^[0#,]*0\.(0+)(?:_.*)?$")


def read(data: bytes) -> Source:
    """One grid a visible sheet; raises UnusableGuideline where the workbook cannot be opened."""
    try:
        workbook = open_workbook(data)
    except UnusablePackage as error:
        raise office.refusal(error) from error
    blocks: list[Line | Grid] = []
    notes: list[Finding] = []
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(
                Finding(f"“{sheet.title}”", "这张工作表是隐藏的，没有读取。", "如果指南在这张表里，请取消隐藏。")
            )
            continue
        grid, hidden = _grid(sheet)
        if hidden:
            notes.append(
                Finding(f"“{sheet.title}”", f"有{hidden}行被隐藏，没有读取。", "如果这些行也是指南，请取消隐藏。")
            )
        if grid.rows:
            blocks.append(grid)
    return Source(tuple(blocks), tuple(notes))


def _grid(sheet: "Worksheet") -> tuple[Grid, int]:
    """The filled part of a sheet and how many filled rows are hidden."""
    limits = words().limits
    texts: dict[tuple[int, int], tuple[str, ...]] = {}
    # the public iterators would create every blank cell of a sheet that is formatted down to its last row
    for (row, column), cell in sheet._cells.items():
        if cell.value is not None and row <= limits.rows and column <= limits.columns:
            lines = tuple(
                line.strip() for line in clean(shown(cell.value, cell.number_format)).splitlines() if line.strip()
            )
            if lines:
                texts[row, column] = lines
    if not texts:
        return Grid(()), 0
    last_row, last_column = max(r for r, _ in texts), max(c for _, c in texts)
    cells = {(r, c): Cell(lines, f"“{sheet.title}”第{r}行") for (r, c), lines in texts.items()}
    last_column = min(max([last_column, *(c for _, _, c in _merges(sheet, cells, last_row))]), limits.columns)
    hidden = {
        r
        for r, d in sheet.row_dimensions.items()
        if d.hidden and any((r, c) in texts for c in range(1, last_column + 1))
    }
    blank = [Cell((), f"“{sheet.title}”第{r}行") for r in range(last_row + 1)]
    rows = [
        tuple(cells.get((r, c)) or blank[r] for c in range(1, last_column + 1))
        for r in range(1, last_row + 1)
        if r not in hidden and any((r, c) in cells for c in range(1, last_column + 1))
    ]
    return Grid(tuple(rows), sheet.title), len(hidden)


def _merges(sheet: "Worksheet", cells: dict[tuple[int, int], Cell], last_row: int) -> Iterator[tuple[int, int, int]]:
    """Fills merged areas with their first cell; gives the areas' last row and columns."""
    limits = words().limits
    for area in sheet.merged_cells.ranges:
        first = cells.get((area.min_row, area.min_col))
        if first is None:
            continue
        right = min(area.max_col, limits.columns)
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, right + 1):
                cells[row, column] = first
        yield area.min_row, area.max_row, right


def shown(value: Any, number_format: str) -> str:
    """A cell's value as a person sees it: 1.10 stays 1.10 where the format has two decimals, 5.0 is 5."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return f"{value.month}-{value.day}"  # Excel turns a typed 1-1 into a date; a guideline's cells hold no others
    if isinstance(value, int | float):
        if decimals := _DECIMALS.match(number_format or ""):
            return f"{value:.{len(decimals[1])}f}"
        return f"{value:g}" if not (number_format or "").endswith("%") else f"{round(value * 100, 6):g}%"
    return str(value)
