"""Records that are no list of rows: forms (时间 | … | 主持人 | …), lines of 时间：…, and tables with a column a month.

A form becomes one row whose columns are its labels; the row stands for the passage that names the matter. A table with
a column a month gives, for each of its rows, the day or month of each cell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.facts.data import Kind, kinds, pattern
from pipeline.facts.dates import FoundDate
from pipeline.facts.rows import Cell, Row, dates_here
from pipeline.facts.years import YearHere
from pipeline.model import Evidence
from pipeline.text import number, unspace

_LABEL = re.compile(r"^[（(]?[\u4e00-\u9fffA-Za-z（）()、/“”]{2,12}[）)]?$")
_LINE = re.compile(r"(?:^|\s)([\u4e00-\u9fff]{2,8})\s*[：:]\s*")
_FORM_WORDS = re.compile(r"地点|场所|记录|参加|参会|出席|缺席|列席|请假|应到|实到|人数|班级|会议|决议|决定")
_FEWEST_LABELS = 3  # 时间, 地点 and 人数 of a table of figures are not yet a form
_KNOWN_SHARE = 0.6  # of a form's labels are words that minutes and registers use
_MONTH_COLUMN = re.compile(r"^(?:[12]\d{3}年)?(\d{1,2}|[一二三四五六七八九十]{1,2})月(?:份)?$")
_QUARTER_COLUMN = re.compile(r"^(?:[12]\d{3}年)?第?[一二三四1-4]季度?$")
_FEWEST_MONTHS = 4
_FEWEST_QUARTERS = 3
_FIGURES = re.compile(r"人数|人次|学时|课时|应到|实到|出勤|参加|地点|主讲|领学|内容|主题|题目|备注|说明|负责|金额|元")
_PARTS = re.compile(r"[、,，;；]|\s+")
_DONE = re.compile(r"^(?:√|✓|✔|☑|■|●|是|有|已完成|已开展|完成|开展)$")


@dataclass(frozen=True, slots=True)
class FilledForm:
    """One filled form: the row it amounts to, and the same without its long cells (内容, 决议)."""

    item: Evidence
    short: Evidence
    year: YearHere


def forms_of(items: Sequence[Evidence], years: Sequence[YearHere], long_cell: int) -> Iterator[FilledForm]:
    """The forms of one document in reading order; `long_cell`: characters from which on a cell tells, not names."""
    for block in _blocks(items, years):
        labels = [unspace(label) for label, _text, _item, _year in block]
        dated = [label for label in labels if _is(label, "date")]
        known = sum(1 for label in labels if _known(label))
        if len(labels) < _FEWEST_LABELS or not dated or known < _KNOWN_SHARE * len(labels):
            continue
        topic = next((b for b in block if _is(b[0], "topic") or _is(b[0], "type")), block[0])
        full = [(label, text) for label, text, _item, _year in block if text]
        short = [(label, text) for label, text in full if len(text) < long_cell]
        yield FilledForm(_as_row(topic[2], full), _as_row(topic[2], short), block[0][3])


_Entry = tuple[str, str, Evidence, YearHere]  # label, value, the passage, its year


def _blocks(items: Sequence[Evidence], years: Sequence[YearHere]) -> Iterator[list[_Entry]]:
    """Runs of label and value: rows of one table, or paragraphs that follow each other. A label met again begins anew."""
    block: list[_Entry] = []
    place = ""
    for item, year in zip(items, years, strict=True):
        here = _place(item)
        pairs = _pairs(item) if item.kind != "heading" else []
        if block and (not pairs or here != place or pairs[0][0] in {b[0] for b in block}):
            yield block
            block = []
        block += [(label, text, item, year) for label, text in pairs]
        place = here
    if block:
        yield block


def _place(item: Evidence) -> str:
    at = item.locator
    return f"{at.sheet}\0{at.table}" if item.kind == "row" else "text"


def _pairs(item: Evidence) -> list[tuple[str, str]]:
    """The labels of a passage with their values; [] where it is no part of a form."""
    if item.kind == "row":
        if item.columns is not None:
            return []
        cells = [unspace(cell) for cell in item.text.split("|")]
        labels = [c.rstrip("：:") for c in cells[0::2]]
        if len(cells) < 2 or len(cells) % 2 or not all(_LABEL.match(label) for label in labels):
            return []
        return list(zip(labels, cells[1::2], strict=True))
    marks = list(_LINE.finditer(item.text))
    if not marks or marks[0].start() != 0 or not all(_known(m[1]) for m in marks):
        return []
    ends = [*(m.start() for m in marks[1:]), len(item.text)]
    return [(m[1], unspace(item.text[m.end() : end])) for m, end in zip(marks, ends, strict=True)]


def _as_row(item: Evidence, pairs: Sequence[tuple[str, str]]) -> Evidence:
    text = " | ".join(value.replace("|", "／") for _label, value in pairs)
    return replace(item, kind="row", text=text, columns=tuple(label for label, _value in pairs))


def _is(label: str, sort: str) -> bool:
    return pattern("columns", sort).search(unspace(label)) is not None


def _known(label: str) -> bool:
    sorts = ("date", "type", "person", "office", "topic", "status", "branch")
    return any(_is(label, s) for s in sorts) or _FORM_WORDS.search(label) is not None


# ---------------------------------------------------------------- a column a month


def is_by_month(row: Row) -> bool:
    """Whether the row stands in a table with a column for each month or each quarter."""
    months = sum(1 for c in row.cells if _MONTH_COLUMN.match(c.column))
    return months >= _FEWEST_MONTHS or sum(1 for c in row.cells if _QUARTER_COLUMN.match(c.column)) >= _FEWEST_QUARTERS


def month_kind(row: Row, announced: Sequence[Kind]) -> Kind | None:
    """What the row records: its own label names it, else the table's title does; None for figures and names."""
    label = unspace(" ".join(c.text for c in row.cells if not _of_a_period(c.column)))
    named = [k for k in kinds() if k.word.search(label) and not (k.without and k.without.search(label))]
    if named:
        return named[0]
    return announced[0] if len(announced) == 1 and not _FIGURES.search(label) else None


def month_dates(row: Row, year: YearHere) -> tuple[FoundDate, ...]:
    """The days that the month cells name (3.8, 8日, 3月8日、22日); a tick gives the month alone."""
    found: list[FoundDate] = []
    for cell in row.cells:
        named = _MONTH_COLUMN.match(cell.column)
        month = number(named[1]) if named else None
        if month is not None and 1 <= month <= 12 and cell.text:
            found += _in_month(cell, month, year)
        elif cell.text and _QUARTER_COLUMN.match(cell.column):
            found += [
                d for part in _PARTS.split(cell.text) for d in dates_here(part, year, cell=True)[0] if not d.closes
            ]
    return tuple(found)


def _of_a_period(column: str) -> bool:
    return _MONTH_COLUMN.match(column) is not None or _QUARTER_COLUMN.match(column) is not None


def _in_month(cell: Cell, month: int, year: YearHere) -> Iterator[FoundDate]:
    if _DONE.match(unspace(cell.text)):
        yield FoundDate(f"{year.of(month):04d}-{month:02d}", 0, len(cell.text))
        return
    for part in _PARTS.split(cell.text):
        day = re.fullmatch(r"(\d{1,2})[日号]", part)
        if not day and re.fullmatch(r"\d*", part):
            continue  # a bare figure may be anything
        text = f"{month}月{day[1]}日" if day else part
        yield from (d for d in dates_here(text, year, cell=True)[0] if not d.closes)
