"""One finished Excel file: quoted passages against the originals, every other cell against what counting anew gives."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from lxml import etree

from pipeline.model import Decision
from pipeline.ooxml.package import UnusablePackage, open_package
from pipeline.ooxml.workbook import cells_of
from pipeline.verify.cited import Cabinet
from pipeline.verify.document import UNREADABLE, Tally
from pipeline.verify.ground import comparable, differences
from pipeline.verify.model import Unproved
from pipeline.write.words import file_name
from pipeline.write.words import place as place_word

Row = tuple[Any, ...]
_TEXT, _FILE, _PLACE, _NUMBER, _OWNER, _DATES = "内容", "文件", "位置", "佐证号", "单位", "日期"
_UNRECORDED = "是未经登记的改动（要采用请运行 shuangchuang review apply）："
_OTHERWISE = "与按原件重新统计的结果不一致："
_PART_MIB = 100
_QUOTED = re.compile(r"'([^'!]+)'!")
_FONT = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f+-]{6}|&\d{1,3}(?!\d)|&[BIUESXY]')
_PART = re.compile(r"&[LCR]")
_LITERAL = re.compile(r'"[^"]*\w|\\\w')  # words or figures in quotation marks or behind a backslash
CUT = "（单元格容纳不下，余下见原件）"  # how `write.workbook.clean` ends a text that is too long for a cell


@dataclass(frozen=True, slots=True)
class Listed:
    """Some rows of a sheet that lists passages, with the numbers that they have there (from 1)."""

    sheet: str
    head: tuple[str, ...]
    rows: list[tuple[int, list[str]]]


def check_workbook(
    name: str,
    data: bytes,
    expected: bytes,
    cabinet: Cabinet | None = None,
    decisions: Sequence[Decision] = (),
    judged: frozenset[str] = frozenset(),
) -> Tally:
    """Every cell of one workbook, formulas and the values that they show. With a `cabinet` its quotations besides.

    `judged` are the places of rows (“佐证”第5行) that were found wrong before and are not to be named again.
    """
    tally = Tally()
    printed, wanted = sheets(data), sheets(expected) if expected is not data else None
    if printed is None:
        tally.unproved.append(Unproved(name, "", "", UNREADABLE))
        return tally
    wanted = printed if expected is data or wanted is None else wanted
    from pipeline.write.workbook import is_untouched

    edited = is_untouched(data) is not True
    for title in wanted:
        if title not in printed:
            tally.unproved.append(Unproved(name, f"“{title}”", "", "这一页不见了：请重新运行 shuangchuang run 生成。"))
    if expected is not data:
        tally.unproved += _margins(name, data, expected, edited)
        tally.unproved += _formats(name, data, expected)
    for title, rows in printed.items():
        listed = _listed(title, rows) if cabinet is not None else None
        wrong = _quotations(name, listed, cabinet, edited, tally) if listed and cabinet is not None else set()
        _compare(name, title, rows, wanted.get(title, []), judged | wrong, decisions, edited, tally)
    return tally


def check_listed(name: str, listed: Listed, cabinet: Cabinet, tally: Tally) -> None:
    """Some rows of a sheet that lists passages of many departments."""
    _quotations(name, listed, cabinet, False, tally)


def listed_by_department(data: bytes) -> dict[str, Listed]:
    """The rows of the sheets that list passages of many departments, by department; none where it is no workbook."""
    found: dict[str, Listed] = {}
    for title, rows in (sheets(data) or {}).items():
        listed = _listed(title, rows)
        if listed is None or _OWNER not in listed.head:
            continue
        owner = listed.head.index(_OWNER)
        for number, row in listed.rows:
            found.setdefault(row[owner], Listed(title, listed.head, [])).rows.append((number, row))
    return found


def sheets(data: bytes) -> dict[str, list[Row]] | None:
    """The values of all sheets, each formula as a pair of its text and the value it shows; None where it is no workbook."""
    try:
        shown, written = cells_of(data), cells_of(data, values=False)
    except UnusablePackage:
        return None
    return {
        title: [
            tuple(_cell(value, text) for value, text in zip_longest(values, texts))
            for values, texts in zip_longest(shown[title], rows, fillvalue=())
        ]
        for title, rows in written.items()
    }


def _cell(shown: Any, written: Any) -> Any:
    """A value, or a formula with the value it shows; a formula without a saved value may be missing among the values."""
    value = _plain(shown.value if shown is not None else None)
    if written is not None and written.data_type == "f":
        return (_reference(str(getattr(written.value, "text", written.value))), value)
    return value


def _reference(formula: str) -> str:
    """A formula without the quotation marks that some programs set around the names of sheets."""
    return _QUOTED.sub(r"\1!", formula)


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return round(float(value), 4)
    return "\n".join(" ".join(line.split()) for line in str(value).split("\n")).strip()


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        value = value[1]
    return f"{value:g}" if isinstance(value, float) else str(value)


# ---------------------------------------------------------------- quotations


def _listed(title: str, rows: Sequence[Row]) -> Listed | None:
    """A sheet that lists passages with file and place; None where it is another."""
    start = next((n for n, row in enumerate(rows) if {_TEXT, _FILE, _PLACE} <= set(row)), None)
    if start is None:
        return None
    texts = [[_shown(cell) for cell in row] for row in rows[start:]]
    return Listed(title, tuple(texts[0]), list(enumerate(texts[1:], start + 2)))


def _quotations(name: str, listed: Listed, cabinet: Cabinet, edited: bool, tally: Tally) -> set[str]:
    """Checks the rows of a list of passages; the places of those that it found wrong."""
    at = {cell: n for n, cell in enumerate(listed.head) if cell}
    judged: set[str] = set()
    for number, row in listed.rows:
        cell = {key: row[place] if place < len(row) else "" for key, place in at.items()}
        if not cell[_TEXT] or not cell[_FILE]:
            continue
        tally.quotations += 1
        failure = _quotation(name, _row_place(listed.sheet, number), cell, cabinet, edited)
        if failure is not None:
            judged.add(failure.place)
            tally.unproved.append(failure)
    return judged


def _quotation(name: str, where: str, cell: Mapping[str, str], cabinet: Cabinet, edited: bool) -> Unproved | None:
    text, file, place = cell[_TEXT], cell[_FILE], cell[_PLACE]
    items = [e for e in cabinet.evidence if file_name(e.source) == file and place_word(e) == place]
    if not items:
        return Unproved(name, where, text, f"所注的“{file}”{place}在原件里没有，请重新运行 shuangchuang run。")
    cut = text.endswith(CUT)
    form = comparable(text.removesuffix(CUT))
    whole = [e for e in items if comparable(e.text) == form or (cut and comparable(e.text).startswith(form))]
    if not whole:
        return cabinet.altered(text, name, where, items, edited)
    if cell.get(_NUMBER) and all(e.number != cell[_NUMBER] for e in whole):
        right = "、".join(dict.fromkeys(e.number or "无" for e in whole))
        return _other(name, where, cell[_NUMBER], "佐证号与文件对不上：", right)
    if _DATES in cell and all("\n".join(e.dates) != cell[_DATES] for e in whole):
        return _other(name, where, cell[_DATES].replace("\n", "、"), "日期与原件不一致：", "、".join(whole[0].dates))
    return None


def _row_place(sheet: str, number: int) -> str:
    return f"“{sheet}”第{number}行"


def _other(name: str, where: str, printed: str, message: str, right: str) -> Unproved:
    return Unproved(name, where, printed, message, nearest=right, differs=((printed, right),))


# ---------------------------------------------------------------- what stands beside the cells


def _margins(name: str, data: bytes, expected: bytes, edited: bool) -> list[Unproved]:
    """Headers, footers, notes, drawings and charts of the sheets."""
    mine, theirs = margins(data), margins(expected)
    message = _UNRECORDED if edited else _OTHERWISE
    found = [Unproved(name, where, text, message) for where, text in mine if (where, text) not in theirs]
    return found + [
        Unproved(name, where, "", "缺少：", nearest=text) for where, text in theirs if (where, text) not in mine
    ]


def margins(data: bytes) -> list[tuple[str, str]]:
    """What a workbook says beside its cells: where (页眉页脚, 批注, 图), and the words."""
    try:
        package = open_package(data, _PART_MIB)
        package.check_sizes()
        roots = [
            package.xml(name) for name in sorted(package.names) if name.startswith("xl/") and name.endswith(".xml")
        ]
    except UnusablePackage:
        return []
    found: list[tuple[str, str]] = []
    for root in roots:
        kind = etree.QName(root).localname
        if kind == "worksheet":
            lines = (node.text or "" for node in root.iterfind("{*}headerFooter/*"))
            found += [("页眉页脚", piece) for line in lines for piece in _pieces(line)]
        elif kind == "comments":
            found += [("批注", _plain("".join(node.itertext()))) for node in root.iter("{*}text")]
        elif kind in ("wsDr", "chartSpace"):
            shown = (node.text or "" for node in root.iter("{*}t", "{*}f"))  # a chart's figures are those of its cells
            found += [("图", _plain(_reference(text))) for text in shown if text.strip()]
    return list(dict.fromkeys(found))


def _pieces(line: str) -> list[str]:
    """The parts of a header's code (&Lleft&Cmiddle&R right) without fonts and sizes, which programs add."""
    bare = _FONT.sub("", line.replace("&&", "\0"))
    return [text for part in _PART.split(bare) if (text := " ".join(part.replace("\0", "&").split()))]


def _formats(name: str, data: bytes, expected: bytes) -> list[Unproved]:
    """Cells whose format prints words or figures of its own over the value."""
    wanted = {_format(title, cell): cell.number_format for title, cell in _lettered(expected)}
    return [
        Unproved(
            name,
            f"“{title}”{cell.coordinate}",
            cell.number_format,
            "单元格的数字格式会显示别的内容，请改回原来的格式。",
        )
        for title, cell in _lettered(data)
        if wanted.get(_format(title, cell)) != cell.number_format
    ]


def _lettered(data: bytes) -> Iterator[tuple[str, Any]]:
    try:
        for title, rows in cells_of(data).items():
            for row in rows:
                yield from (
                    (title, cell) for cell in row if cell.value is not None and _LITERAL.search(cell.number_format)
                )
    except UnusablePackage:
        return


def _format(title: str, cell: Any) -> tuple[str, str]:
    return title, cell.coordinate


# ---------------------------------------------------------------- everything else


def _compare(
    name: str,
    title: str,
    rows: Sequence[Row],
    wanted: Sequence[Row],
    judged: frozenset[str] | set[str],
    decisions: Sequence[Decision],
    edited: bool,
    tally: Tally,
) -> None:
    """Cell by cell; rows are matched as wholes first, so that an inserted one does not shift the rest."""
    printed, right = [_trimmed(r) for r in rows], [_trimmed(r) for r in wanted]
    tally.statements += sum(sum(cell != "" for cell in row) for row in printed)
    if printed == right:
        return
    matcher = difflib.SequenceMatcher(None, printed, right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(b - a, d - c)):
            n = a + offset if a + offset < b else None
            m = c + offset if c + offset < d else None
            if n is None:
                gone = " | ".join(_shown(v) for v in right[m or 0] if v != "")
                if gone and not any(_row_place(title, j + 1) in judged for j in range(a, b)):
                    tally.unproved.append(Unproved(name, f"“{title}”", "", "缺少一行：", nearest=gone))
            elif _row_place(title, n + 1) not in judged:
                tally.unproved += _cells(
                    name, title, n, printed[n], right[m] if m is not None else (), decisions, edited
                )


def _cells(
    name: str, title: str, n: int, row: Row, right: Row, decisions: Sequence[Decision], edited: bool
) -> list[Unproved]:
    from openpyxl.utils import get_column_letter

    found = []
    for place in range(max(len(row), len(right))):
        mine = row[place] if place < len(row) else ""
        theirs = right[place] if place < len(right) else ""
        if _same(mine, theirs) or _is_recorded(mine, row, decisions):
            continue
        message = _UNRECORDED if edited else _OTHERWISE
        a, b = _shown(mine), _shown(theirs)
        found.append(
            Unproved(
                name,
                f"“{title}”{get_column_letter(place + 1)}{n + 1}",
                a,
                message,
                nearest=b,
                differs=differences(a, b) or ((a, b),),
            )
        )
    return found


def _is_recorded(mine: Any, row: Row, decisions: Sequence[Decision]) -> bool:
    """Whether a person decided this very value for the indicator of its row."""
    form = comparable(_shown(mine))
    return bool(form) and any(
        comparable(d.value) == form and (d.code in row if d.code else d.kind == "grade") for d in decisions if d.value
    )


def _same(mine: Any, theirs: Any) -> bool:
    """Whether two cells say the same; a formula whose value was not saved shows whatever it calculates."""
    return mine == theirs or (isinstance(mine, tuple) and isinstance(theirs, tuple) and mine == (theirs[0], ""))


def _trimmed(row: Row) -> Row:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return tuple(row[:end])
