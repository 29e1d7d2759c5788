"""Reads .csv and .tsv: encoding and delimiter found by content; rows as in a workbook, numbered as Excel numbers them."""

import csv
import re
from collections import Counter
from io import StringIO

from pipeline.model import Locator, Problem
from pipeline.read.block import NeedsOcr, Raw
from pipeline.read.encoding import decode
from pipeline.read.rows import Cell, Grid, Line, blocks_of, sheet_data
from pipeline.settings import Settings
from pipeline.text import fold, weight

_DELIMITERS = ",\t;|，"
_LINES = 200  # that the delimiter is judged by
_LONGEST_FIELD = 1 << 20
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?")
_SPREADSHEET_TEXT = re.compile(r'^="(.*)"$', re.S)  # how exports keep a long number from being rounded
TOO_MANY = "超出上限的行"


def read(name: str, kind: str, data: bytes, settings: Settings, recognised: object) -> Raw | NeedsOcr | Problem:
    """The file as one table; a Problem where it is no text with rows."""
    text, clean = decode(data)
    text = text.replace("\0", "")
    delimiter = delimiter_of(text)
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return Problem(
            path=name,
            stage="read",
            message="表格文件的引号或分隔符不配对，读不出行列。",
            remedy="请用 Excel 或 WPS 打开，另存为 .xlsx 后重新放入。",
        )
    limit = sheet_data().limits.rows
    lines = [line for number, row in enumerate(rows[:limit], 1) if (line := _line(number, row)).cells]
    blocks = blocks_of(Grid(lines=lines, place=lambda row: Locator(table=1, row=row)))
    cut = sum(weight(_shown(cell)) for row in rows[limit:] for cell in row)
    blocks.skip(TOO_MANY, cut)
    notes = [] if clean else ["文件里有个别字符的编码不对，显示为�，请打开原件核对。"]
    if cut:
        notes.append(f"超过{limit}行，后面的没有读取，请拆开后重新放入。")
    return Raw(
        blocks=tuple(blocks.blocks),
        total=sum(weight(_shown(cell)) for row in rows for cell in row),
        skipped=blocks.skipped,
        title=blocks.title,
        notes=(*notes, *blocks.notes),
    )


def delimiter_of(text: str) -> str:
    """The delimiter under which most lines have the same number of fields, above one; a comma where none does."""
    sample = "\n".join(text.splitlines()[:_LINES])
    best, best_score = ",", 0
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        try:
            counts = Counter(len(row) for row in csv.reader(StringIO(sample), delimiter=delimiter) if row)
        except csv.Error:
            continue
        score = max((lines * min(fields - 1, 8) for fields, lines in counts.items()), default=0)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _shown(cell: str) -> str:
    match = _SPREADSHEET_TEXT.match(cell)
    return match[1] if match else cell


def _line(number: int, row: list[str]) -> Line:
    cells = []
    for column, raw in enumerate(row):
        text = _shown(raw)
        bare = fold(text)
        if bare:
            kind = "number" if _NUMBER.fullmatch(bare) else "date" if _DATE.fullmatch(bare) else "text"
            cells.append(Cell(column, text, kind))  # type: ignore[arg-type]  # one of the three words of Cell.kind
    return Line(number, tuple(cells))
