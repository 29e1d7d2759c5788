"""Reads inputs/rubric.xlsx. What is left empty falls back to the defaults; a fault is refused with its cell and why."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import UnusableRubric
from pipeline.model import Guideline
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import rows_of
from pipeline.scoring import words as w
from pipeline.scoring.rubric import (
    EVEN_NOTE,
    GRADES,
    GRADES_NOTE,
    Bonus,
    Deduction,
    Entry,
    Grade,
    Rubric,
    Rule,
    UnitType,
    Veto,
    default_points,
    default_rubric,
    spread,
)

_TYPE_COLUMN = re.compile(r"^分值[（(](.+)[)）]$")
_MOST = 10_000.0  # points; more is a slip


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell: where it stands and what a person sees in it."""

    sheet: str
    place: str
    value: Any

    def refuse(self, why: str) -> UnusableRubric:
        """The fault of this cell, as one Chinese sentence."""
        return UnusableRubric(f"评分细则 inputs/rubric.xlsx 的“{self.sheet}”{self.place}：{why}请改正后重新运行。")

    @property
    def text(self) -> str:
        """Its content as text, "" where empty."""
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value).strip()

    def number(self, least: float = 0.0, most: float = _MOST) -> float | None:
        """Its figure within limits, None where empty."""
        if self.text == "":
            return None
        if isinstance(self.value, bool):
            raise self.refuse("这里应填数字。")
        try:
            figure = float(self.text.removesuffix("分").removesuffix("%").removesuffix("％"))
        except ValueError:
            raise self.refuse(f"“{self.text}”不是数字。") from None
        if not math.isfinite(figure) or not least <= figure <= most:
            raise self.refuse(f"{self.text}不在{least:g}到{most:g}之间。")
        return figure

    def yes(self, default: bool = False) -> bool:
        """是 or 否."""
        if self.text == "":
            return default
        if self.text not in (w.YES, w.NO):
            raise self.refuse(f"“{self.text}”应填“{w.YES}”或“{w.NO}”。")
        return self.text == w.YES


_Row = Mapping[str, _Cell]


def read_rubric(path: Path, guideline: Guideline) -> Rubric:
    """The rubric in `path`, over the defaults for `guideline`; raises UnusableRubric naming the cell and the reason."""
    book = _open(path)
    rubric = _settings(default_rubric(guideline), book)
    rubric = _points(rubric, book, guideline)
    rubric = _grades(rubric, book)
    rubric = _bonuses(rubric, book)
    rubric = _vetoes(rubric, book)
    rubric = _rules(rubric, book, guideline)
    rubric = _entries(rubric, book)
    unknown = [name for name in book if name not in w.SHEETS]
    note = (f"评分细则里有没用到的工作表：{'、'.join(unknown)}。",) if unknown else ()
    return replace(rubric, notes=(*rubric.notes, *note, *rubric.warnings))


# ---------------------------------------------------------------- the workbook as rows of cells


def _open(path: Path) -> dict[str, list[_Row]]:
    """Every sheet as rows by column name; formulas count with the value that was last computed."""
    try:
        data = path.read_bytes()
        values, written = rows_of(data), rows_of(data, values=False)
    except (OSError, UnusablePackage) as error:
        why = str(error).rstrip("。") if isinstance(error, UnusablePackage) else f"打不开（{error.strerror}）"
        raise UnusableRubric(
            f"评分细则 inputs/rubric.xlsx：{why}。请用 Excel 另存为 .xlsx，或删去它用默认的评分细则。"
        ) from error
    return {
        title: [row for row in _rows(title, values[title], rows) if any(c.text for c in row.values())]
        for title, rows in written.items()
    }


def _rows(title: str, values: Sequence[tuple[Any, ...]], written: Sequence[tuple[Any, ...]]) -> Iterator[_Row]:
    """The rows below the header by column name. `written` has the formulas where `values` has what they gave."""
    from openpyxl.utils import get_column_letter

    columns = [str(cell).strip() if cell is not None else "" for cell in (written[0] if written else ())]
    for number, formulas in enumerate(written[1:], 2):
        line = values[number - 1] if number <= len(values) else ()
        row = {}
        for place, name in enumerate(columns):
            value = line[place] if place < len(line) else None
            made = _Cell(title, f"{get_column_letter(place + 1)}{number}", value)
            formula = formulas[place] if place < len(formulas) else None
            if value is None and isinstance(formula, str) and formula.startswith("="):
                raise made.refuse("是公式，但没有计算结果：请在 Excel 里打开保存一次，或直接填数。")
            if name:
                row[name] = made
        yield row


def _need(row: _Row, column: str, sheet: str) -> _Cell:
    """The cell of a column; refused where the sheet has no such column."""
    if column not in row:
        raise UnusableRubric(
            f"评分细则 inputs/rubric.xlsx 的“{sheet}”没有“{column}”一列：请不要改动表头，或用 init 重新生成一份。"
        )
    return row[column]


# ---------------------------------------------------------------- sheet by sheet


def _settings(rubric: Rubric, book: Mapping[str, list[_Row]]) -> Rubric:
    given: dict[str, _Cell] = {}
    names = {s.name for s in w.SETTINGS_LIST}
    for row in book.get(w.SETTINGS, []):
        name = _need(row, w.SETTING_COLUMNS[0], w.SETTINGS)
        if name.text not in names:
            raise name.refuse(f"没有“{name.text}”这一项设置。")
        if name.text in given:
            raise name.refuse(f"“{name.text}”写了两次。")
        given[name.text] = _need(row, w.SETTING_COLUMNS[1], w.SETTINGS)
    empty = _Cell(w.SETTINGS, "", None)

    def of(setting: w.Setting) -> _Cell:
        return given.get(setting.name, empty)

    rounding = of(w.ROUNDING).text or "四舍五入"
    if rounding not in w.ROUNDINGS:
        raise of(w.ROUNDING).refuse(f"“{rounding}”不是可用的取整方式。")
    decimals = of(w.DECIMALS).number(0, 3)
    if decimals is not None and decimals != int(decimals):
        raise of(w.DECIMALS).refuse("小数位数应是整数。")
    total = of(w.TOTAL).number(0)
    if total is not None and total <= 0:
        raise of(w.TOTAL).refuse("总分应大于0。")
    years = of(w.BRANCH_YEARS).number(1, 10)
    share = of(w.SELF_SHARE).number(0, 100) or 0.0
    return replace(
        rubric,
        school=of(w.SCHOOL).text,
        report_date=_date(of(w.REPORT_DATE)),
        deadline=_date(of(w.DEADLINE)),
        total=total if total is not None else rubric.total,
        decimals=2 if decimals is None else int(decimals),
        rounding=w.ROUNDINGS[rounding],
        self_share=round(share / 100, 6),
        renormalise=of(w.RENORMALISE).yes(True),
        exempt_months=_months(of(w.EXEMPT)),
        branch_years=3.0 if years is None else years,
        bonus_cap=of(w.BONUS_CAP).number() or 0.0,
    )


def _date(cell: _Cell) -> str:
    if isinstance(cell.value, datetime | date):
        return cell.value.strftime("%Y-%m-%d")
    return cell.text


def _months(cell: _Cell) -> tuple[int, ...]:
    found = [m for m in re.split(r"[、,，\s和]+", cell.text.replace("月", "")) if m]
    if any(not m.isdigit() or not 1 <= int(m) <= 12 for m in found):
        raise cell.refuse("应填月份，例如2、8。")
    return tuple(sorted({int(m) for m in found}))


def _points(rubric: Rubric, book: Mapping[str, list[_Row]], guideline: Guideline) -> Rubric:
    rows = book.get(w.POINTS, [])
    known = [i.code for i in guideline.thirds()]
    given: dict[str, float | None] = {}
    standards: dict[str, str] = {}
    deductions: dict[str, Deduction] = {}
    zero_on: dict[str, str] = {}
    types: dict[str, dict[str, _Cell]] = {}
    for row in rows:
        cell = _need(row, "指标编号", w.POINTS)
        code = _code(cell, known)
        if code in given:
            raise cell.refuse(f"指标{code}写了两次。")
        given[code] = _need(row, "分值", w.POINTS).number()
        standards |= {code: row["评分标准"].text} if "评分标准" in row and row["评分标准"].text else {}
        deductions |= _deduction(code, row)
        zero_on |= {code: row["记零分的情形"].text} if "记零分的情形" in row and row["记零分的情形"].text else {}
        for name, typed in row.items():
            match = _TYPE_COLUMN.match(name)
            if match:
                types.setdefault(match[1].strip(), {})[code] = typed
    points, even = _filled(given, rubric, guideline, book)
    rubric = replace(
        rubric,
        points=points,
        standards=standards,
        even=even,
        total=round(sum(points.values()), 4),
        notes=(EVEN_NOTE, GRADES_NOTE) if even else (GRADES_NOTE,),
        deductions=deductions or None,
        zero_on=zero_on or None,
        unit_types=tuple(_unit_type(name, cells, points) for name, cells in types.items()),
    )
    for code, rule in deductions.items():
        if rule.floor > points[code]:
            raise _cell_of(rows, code, "最低保留分").refuse(f"最低保留分{rule.floor:g}超过了满分{points[code]:g}。")
    return rubric


def _code(cell: _Cell, known: Sequence[str]) -> str:
    code = re.sub(r"\s", "", cell.text).translate(str.maketrans("（）．", "()."))
    if code not in known:
        raise cell.refuse(f"指南里没有编号为“{cell.text}”的三级指标。")
    return code


def _cell_of(rows: Sequence[_Row], code: str, column: str) -> _Cell:
    return next(
        r[column]
        for r in rows
        if re.sub(r"\s", "", r["指标编号"].text).translate(str.maketrans("（）．", "().")) == code
    )


def _deduction(code: str, row: _Row) -> dict[str, Deduction]:
    step = row["每缺一处扣分"].number() if "每缺一处扣分" in row else None
    floor = row["最低保留分"].number() if "最低保留分" in row else None
    if step is None:
        if floor is not None:
            raise row["最低保留分"].refuse("填了最低保留分，却没有填每缺一处扣多少分。")
        return {}
    return {code: Deduction(step, floor or 0.0)}


def _filled(
    given: Mapping[str, float | None], rubric: Rubric, guideline: Guideline, book: Mapping[str, list[_Row]]
) -> tuple[dict[str, float], bool]:
    """All points: as filled in, else as the guideline prints them, else what is left of the total, spread evenly."""
    thirds = guideline.thirds()
    wanted = _total_cell(book)
    if all(value is None for value in given.values()):
        points, even = default_points(thirds)
        if even and wanted is not None and wanted.number() is not None:
            points = spread([i.code for i in thirds], wanted.number() or 100.0)
        return points, even
    printed = {i.code: i.full for i in thirds}
    filled = {i.code: given.get(i.code) if given.get(i.code) is not None else printed[i.code] for i in thirds}
    empty = [code for code, value in filled.items() if value is None]
    known = {code: value for code, value in filled.items() if value is not None}
    whole = (
        rubric.total
        if wanted is not None and wanted.number() is not None
        else (100.0 if empty else sum(known.values()))
    )
    left = round(whole - sum(known.values()), 6)
    if left < 0 or (not empty and abs(left) > 1e-6):
        cell = wanted if wanted is not None and wanted.text else _Cell(w.POINTS, "C列", None)
        raise cell.refuse(f"各指标分值合计{sum(known.values()):g}分，与总分{whole:g}分不一致。")
    if sum(known.values()) + left <= 0:
        raise _Cell(w.POINTS, "C列", None).refuse("各指标分值都是0。")
    rest = spread(empty, left)
    points = {i.code: known.get(i.code, rest.get(i.code, 0.0)) for i in thirds}
    return points, _same(points, default_points(thirds)[0]) and default_points(thirds)[1]


def _same(first: Mapping[str, float], second: Mapping[str, float]) -> bool:
    return all(abs(first[code] - second[code]) < 1e-9 for code in first)


def _total_cell(book: Mapping[str, list[_Row]]) -> _Cell | None:
    rows = book.get(w.SETTINGS, [])
    return next((r["填写"] for r in rows if "项目" in r and r["项目"].text == w.TOTAL.name and "填写" in r), None)


def _unit_type(name: str, cells: Mapping[str, _Cell], points: Mapping[str, float]) -> UnitType:
    without = tuple(code for code, cell in cells.items() if cell.text == w.NOT_APPLICABLE)
    own = {}
    for code, value in points.items():
        cell = cells.get(code)
        figure = None if cell is None or code in without else cell.number()
        own[code] = value if figure is None else figure
    if sum(v for code, v in own.items() if code not in without) <= 0:
        first = next(iter(cells.values()))
        raise first.refuse(f"“{name}”这类单位没有一项有分值。")
    return UnitType(name, own, without)


def _grades(rubric: Rubric, book: Mapping[str, list[_Row]]) -> Rubric:
    rows = book.get(w.GRADES, [])
    if not rows:
        return replace(rubric, grades=GRADES)
    found: list[Grade] = []
    for row in rows:
        name, limit = _need(row, "等次", w.GRADES), _need(row, w.GRADE_COLUMNS[1], w.GRADES)
        least = limit.number(0, 100)
        if not name.text or least is None:
            raise (limit if name.text else name).refuse("等次的名称和最低分都要填。")
        if any(g.name == name.text for g in found):
            raise name.refuse(f"等次“{name.text}”写了两次。")
        if found and least >= found[-1].at_least:
            raise limit.refuse("各等次的最低分应从高到低。")
        quota = row[w.GRADE_COLUMNS[2]].number(0, 100) if w.GRADE_COLUMNS[2] in row else None
        found.append(Grade(name.text, least, None if quota is None else quota / 100))
    if found[-1].at_least != 0:
        raise _need(rows[-1], w.GRADE_COLUMNS[1], w.GRADES).refuse("最后一个等次的最低分应为0。")
    notes = rubric.notes if tuple(found) == GRADES else tuple(n for n in rubric.notes if n != GRADES_NOTE)
    return replace(rubric, grades=tuple(found), notes=notes)


def _bonuses(rubric: Rubric, book: Mapping[str, list[_Row]]) -> Rubric:
    found: list[Bonus] = []
    warnings: list[str] = []
    for row in book.get(w.BONUSES, []):
        name = _need(row, "加分项", w.BONUSES)
        if not name.text or any(b.name == name.text for b in found):
            raise name.refuse("加分项要有名称，且不能重复。")
        enabled = _need(row, "是否启用", w.BONUSES).yes()
        each, cap = _need(row, "每项加分", w.BONUSES).number(), _need(row, "上限", w.BONUSES).number()
        if enabled and (each is None or cap is None):
            raise row["每项加分" if each is None else "上限"].refuse("启用的加分项要填每项加分和上限。")
        warned = re.search(w.FORMALISM, name.text) is not None
        if enabled and warned:
            place = row["是否启用"].place
            warnings.append(f"评分细则“{w.BONUSES}”{place}启用了“{name.text}”：{w.FORMALISM_WARNING}")
        found.append(Bonus(name.text, each or 0.0, cap or 0.0, enabled, warned))
    return replace(rubric, bonuses=tuple(found), warnings=(*rubric.warnings, *warnings))


def _vetoes(rubric: Rubric, book: Mapping[str, list[_Row]]) -> Rubric:
    found: list[Veto] = []
    for row in book.get(w.VETOES, []):
        name, grade = _need(row, "情形", w.VETOES), _need(row, "等次最高为", w.VETOES)
        if not name.text:
            raise name.refuse("一票否决的情形要写明。")
        if grade.text and grade.text not in {g.name for g in rubric.grades}:
            raise grade.refuse(f"“{grade.text}”不是“{w.GRADES}”里的等次。")
        found.append(Veto(name.text, _need(row, "是否启用", w.VETOES).yes(True), grade.text))
    return replace(rubric, vetoes=tuple(found))


def _rules(rubric: Rubric, book: Mapping[str, list[_Row]], guideline: Guideline) -> Rubric:
    known = [i.code for i in guideline.thirds()]
    found = []
    for row in book.get(w.RULES, []):
        enabled = _need(row, "是否启用", w.RULES).yes()
        if not enabled:
            continue
        period, minimum = _need(row, "周期", w.RULES), _need(row, "至少次数", w.RULES)
        if period.text not in w.PERIODS:
            raise period.refuse(f"周期应填：{'、'.join(w.PERIODS)}。")
        least = minimum.number(0, 1000)
        if not least:
            raise minimum.refuse("启用的规定要填至少次数。")
        texts = [_need(row, c, w.RULES).text for c in ("编号", "规定", "活动", "主体", "依据", "级别", "核对情况")]
        code = _code(_need(row, "归入指标", w.RULES), known)
        number, text, event, subject, source, level, sure = texts
        found.append(Rule(number, code, text, event, subject, w.PERIODS[period.text], least, source, level, sure, True))
    return replace(rubric, rules=tuple(found))


def _entries(rubric: Rubric, book: Mapping[str, list[_Row]]) -> Rubric:
    items = {b.name for b in rubric.bonuses} | {v.name for v in rubric.vetoes} | set((rubric.zero_on or {}).values())
    found = []
    for row in book.get(w.ENTRIES, []):
        unit, item = _need(row, "单位", w.ENTRIES), _need(row, "项目", w.ENTRIES)
        if not unit.text:
            raise unit.refuse("要写单位全称。")
        if item.text not in items:
            raise item.refuse(f"“{item.text}”不是加分项、一票否决或记零分的情形。")
        count = _need(row, "数量", w.ENTRIES).number()
        ground = row["依据"].text if "依据" in row else ""
        found.append(Entry(unit.text, item.text, 1.0 if count is None else count, ground, item.place))
    return replace(rubric, entries=tuple(found))
