"""A guideline as plain text: paragraphs, or a table with tabs or bars between its columns."""

import re
from collections.abc import Callable

from pipeline.errors import UnusableGuideline
from pipeline.guideline.source import Cell, Grid, Line, Source, clean, leaked

_COLUMNS = 3  # a line with so many filled fields is a table row; fewer happen in prose that was indented with tabs
_FULL_LINES = 3  # so many lines (and a fifth of all) of the greatest length say that the lines were cut at that length
_BARS = str.maketrans("｜│┃║", "||||")
_RULES = set("|-:+= \t") | {chr(code) for code in range(0x2500, 0x2580)}  # a line of these only draws the table
_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|[-*•●]\s+(?=\S))")  # headings and bullets of a text with marks
_ROWS = 3  # and so many such rows make a table


def read(data: bytes) -> Source:
    """UTF-8, UTF-16 with its mark, or GB 18030; raises UnusableGuideline where the bytes are no text."""
    printed = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    notes = tuple(note for number, line in enumerate(printed, start=1) for note in leaked(line, f"第{number}行"))
    lines = [_MARKUP.sub("", clean(line)) for line in printed]
    rows = [_fields(line) for line in lines]
    if sum(len([f for f in row if f]) >= _COLUMNS for row in rows) >= _ROWS:
        return Source(tuple(_grid_and_lines(lines, rows)), notes)
    full = _full_width(lines)
    blocks: list[Line] = []
    above = ""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            wrapped = full is not None and bool(above) and full[0](above) >= full[1] - 1 and not line[0].isspace()
            blocks.append(Line(line.strip(), f"第{number}行", not wrapped))
        above = line.rstrip()
    return Source(tuple(blocks), notes)


def _full_width(lines: list[str]) -> tuple[Callable[[str], int], int] | None:
    """How long a full line is (in characters, or in columns of a screen), if the text has hard line ends at one width."""
    kept = [line.rstrip() for line in lines if line.strip()]
    for measure in (len, _columns):
        width = max((measure(line) for line in kept), default=0)
        full = [line for line in kept if measure(line) >= width - 1]
        if len(full) >= _FULL_LINES and len(full) * 5 >= len(kept):
            return measure, width
    return None


def _columns(text: str) -> int:
    return sum(1 if sign.isascii() else 2 for sign in text)


def decode(data: bytes) -> str:
    """The text of `data`, by its byte order mark, else UTF-8, else GB 18030."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnusableGuideline(
        "指南文件不是文本，也不是 Word、PDF 或 Excel 文件：请把指南另存为 .docx、.pdf、.xlsx 或 .txt 后重试。"
    )


def _fields(line: str) -> list[str]:
    barred = line.translate(_BARS)
    if barred.count("|") >= _COLUMNS - 1:
        return [field.strip() for field in barred.strip().removeprefix("|").removesuffix("|").split("|")]
    return [field.strip() for field in line.split("\t")]


def _grid_and_lines(lines: list[str], rows: list[list[str]]) -> list[Line | Grid]:
    """Runs of lines with the table's separator become grids; a single field in between continues nothing."""
    blocks: list[Line | Grid] = []
    table: list[tuple[Cell | None, ...]] = []
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1):
        if not line.strip() or set(line) <= _RULES:
            continue
        if len(row) >= _COLUMNS:
            table.append(tuple(Cell((field,) if field else (), f"第{number}行") for field in row))
            continue
        if table:
            blocks.append(Grid(tuple(table)))
            table = []
        blocks.append(Line(line.strip(), f"第{number}行"))
    if table:
        blocks.append(Grid(tuple(table)))
    return blocks
