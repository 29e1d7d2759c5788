"""A guideline as plain text: paragraphs, or a table with tabs or bars between its columns."""

from pipeline.errors import UnusableGuideline
from pipeline.guideline.source import Cell, Grid, Line, Source, clean

_COLUMNS = 3  # a line with so many filled fields is a table row; fewer happen in prose that was indented with tabs
_ROWS = 3  # and so many such rows make a table


def read(data: bytes) -> Source:
    """UTF-8, UTF-16 with its mark, or GB 18030; raises UnusableGuideline where the bytes are no text."""
    lines = clean(decode(data)).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    rows = [_fields(line) for line in lines]
    if sum(len([f for f in row if f]) >= _COLUMNS for row in rows) >= _ROWS:
        return Source(tuple(_grid_and_lines(lines, rows)))
    blocks: list[Line] = []
    apart = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            apart = True
            continue
        blocks.append(Line(line.strip(), f"第{number}行", apart or line[0].isspace()))
        apart = False
    return Source(tuple(blocks))


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
    if line.count("|") >= _COLUMNS - 1 or line.count("｜") >= _COLUMNS - 1:
        return [field.strip() for field in line.replace("｜", "|").strip().strip("|").split("|")]
    return [field.strip() for field in line.split("\t")]


def _grid_and_lines(lines: list[str], rows: list[list[str]]) -> list[Line | Grid]:
    """Runs of lines with the table's separator become grids; a single field in between continues nothing."""
    blocks: list[Line | Grid] = []
    table: list[tuple[Cell | None, ...]] = []
    for number, (line, row) in enumerate(zip(lines, rows, strict=True), start=1):
        if not line.strip() or set(line) <= set("|-: \t"):
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
