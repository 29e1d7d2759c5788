"""YYYY年度双创评分表.xlsx of one department: the sheet to review in, its evidence and its requirements.

What a reader of a returned file may rely on (`review` does):

- sheet `SCORES`; its header row is the one whose cells are `COLUMNS`; a row belongs to the indicator whose code stands
  in the column `CODE` (hidden); rows without a code are sums;
- the cells to fill in are the columns of `INPUTS`; what they held when the program wrote the file stands in the hidden
  sheet `BASE`, one row an indicator, columns `编码` and `INPUTS`; a cell that differs from it was changed by a person;
- the grade that a reviewer chose stands right of the cell `复核等次`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Dossier, Edition, Evidence, Indicator, IndicatorScore
from pipeline.scoring.rubric import Grade, Rubric
from pipeline.scoring.score import graded_total, vetoes_of
from pipeline.text import unspace
from pipeline.write.words import (
    APPLICABLE,
    NOT_APPLICABLE,
    ROLES,
    STATES,
    UNDECIDED,
    file_name,
    minimum_words,
    place,
    points_word,
    requirements_by_id,
    verdict_word,
)
from pipeline.write.workbook import Book, Cell, Formula, Sheet

SCORES, EVIDENCE, REQUIREMENTS, HELP, BASE, CHOICES = "评分表", "佐证", "任务要求", "说明", "底稿", "选项"
COLUMNS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "分值",
    "评分标准",
    "自评分",
    "建议分",
    "复核分",
    "扣分说明",
    "佐证号",
    "备注",
    "是否适用",
    "得分",
)
CODE = "编码"
INPUTS = ("复核分", "扣分说明", "备注", "是否适用")
REVIEWED_GRADE = "复核等次"
_WIDTHS = (9, 17, 38, 6.5, 24, 7, 7, 8, 25, 12, 13, 8.5, 7.5, 9)
_STANDARD, _REASON = COLUMNS.index("评分标准"), COLUMNS.index("扣分说明")
_NARROW = 9  # of the standards where the rubric has none: the reasons need the room
_VERDICT_LOOK = {True: "good", False: "bad", None: "unknown"}


@dataclass(frozen=True)
class _Block:
    """The rows of one first-level indicator on the sheet."""

    first: int
    last: int
    sum_row: int


def score_sheet(dossier: Dossier, edition: Edition, rubric: Rubric) -> bytes:
    """The workbook of one department. With `edition.final` nothing is left to fill in."""
    book = Book(edition, "双创评分表", dossier.name)
    _scores(book, dossier, edition, rubric)
    _evidence(book, dossier, edition)
    _requirements(book, dossier, edition)
    _help(book, edition)
    _base(book, dossier, edition)
    _choices(book, rubric.grades)
    return book.save()


# ---------------------------------------------------------------- the sheet to review in


def _scores(book: Book, dossier: Dossier, edition: Edition, rubric: Rubric) -> None:
    sheet = book.sheet(SCORES, _widths(rubric), keys="N", repeat=4, freeze="D5", tab="9B1C1F")
    shown_columns = len(COLUMNS)
    sheet.line(f"{edition.year}年度双创评分表", "title", shown_columns, 32)
    sheet.line(f"单位：{dossier.name}　　依据：{edition.guideline.title}", "subtitle", shown_columns)
    note = (
        "本表为报送稿，各栏均已锁定。"
        if edition.final
        else "浅黄色单元格由复核人填写，其余已锁定（无密码）。复核分填写后即为得分；不填则以建议分为得分。"
    )
    sheet.line(note, "note", shown_columns)
    sheet.row([*(Cell(name, "head") for name in COLUMNS), Cell(CODE, "key")], 30)
    scores = {score.code: score for score in dossier.score.indicators}
    numbers = _numbers(dossier.evidence)
    blocks = [
        _first_level(sheet, first, edition, rubric, scores, numbers)
        for first in edition.guideline.indicators
        if first.level == 1
    ]
    _totals(sheet, blocks, dossier, edition, rubric)
    for note in dossier.score.notes:
        sheet.line(f"注：{note}", "note", shown_columns)
    sheet.blank()
    sheet.line(
        "党组织书记（签字）：　　　　　　　　　复核人（签字）：　　　　　　　　　日期：　　　　年　　月　　日",
        "subtitle",
        13,
        28,
    )
    sheet.raw.print_area = f"A1:M{sheet.rows}"
    sheet.protect()


def _widths(rubric: Rubric) -> tuple[float, ...]:
    widths = list(_WIDTHS)
    if not any(rubric.standards.values()):
        widths[_REASON] += widths[_STANDARD] - _NARROW
        widths[_STANDARD] = _NARROW
    return tuple(widths)


def _first_level(
    sheet: Sheet,
    first: Indicator,
    edition: Edition,
    rubric: Rubric,
    scores: dict[str, IndicatorScore],
    numbers: dict[str, tuple[str, ...]],
) -> _Block:
    start = sheet.rows + 1
    for second in edition.guideline.children(first.code):
        thirds = edition.guideline.children(second.code)
        rows = [
            _score_cells(
                sheet.rows + 1 + offset, first, second, third, edition, rubric, scores.get(third.code), numbers
            )
            for offset, third in enumerate(thirds)
        ]
        top = sheet.rows + 1
        heights = _heights(sheet, rows, f"{second.code} {unspace(second.text)}")
        sheet.keep_together(sum(heights))
        for cells, height in zip(rows, heights, strict=True):
            sheet.row(cells, height)
        if thirds:
            sheet.merge(top, 2, sheet.rows, 2)
    last = sheet.rows
    if last >= start:
        sheet.merge(start, 1, last, 1)
        if not edition.final:
            sheet.between(
                f"H{start}:H{last}", 0, f"D{start}", "请填 0 到该项分值之间的分数；不适用的请在“是否适用”中选择。"
            )
            sheet.choose(f"L{start}:L{last}", f'"{APPLICABLE},{NOT_APPLICABLE}"', "该项不适用于本单位时选“不适用”。")
    _sum_row(sheet, first, start, last, [scores[t.code] for t in _thirds_of(first, edition) if t.code in scores])
    return _Block(start, last, sheet.rows)


def _thirds_of(first: Indicator, edition: Edition) -> list[Indicator]:
    guideline = edition.guideline
    return [third for second in guideline.children(first.code) for third in guideline.children(second.code)]


def _score_cells(
    row: int,
    first: Indicator,
    second: Indicator,
    third: Indicator,
    edition: Edition,
    rubric: Rubric,
    score: IndicatorScore | None,
    numbers: dict[str, tuple[str, ...]],
) -> list[Cell]:
    full = score.full if score else rubric.points.get(third.code, 0.0)
    fill, fill_points, fill_choice = _input_looks(edition)
    held = _held(score)
    final = f'IF(L{row}="{NOT_APPLICABLE}","{NOT_APPLICABLE}",IF(ISNUMBER(H{row}),H{row},IF(ISNUMBER(G{row}),G{row},"{UNDECIDED}")))'
    return [
        Cell(f"{first.code}. {unspace(first.text)}", "first"),
        Cell(f"{second.code} {unspace(second.text)}", "level"),
        Cell(f"{_serial(third.code)} {unspace(third.text)}", "small"),
        Cell(full, "points"),
        Cell(rubric.standards.get(third.code, ""), "small"),
        Cell(score.self if score else None, "points"),
        Cell(UNDECIDED if score is None or score.suggested is None else score.suggested, "points"),
        Cell(held[0], fill_points),
        Cell(held[1], fill),
        Cell(_ranges(numbers.get(third.code, ())), "small"),
        Cell(held[2], fill),
        Cell(held[3], fill_choice),
        Cell(Formula(final, UNDECIDED if score is None else points_word(score)), "sum_points"),
        Cell(third.code, "key"),
    ]


def _held(score: IndicatorScore | None) -> tuple[float | None, str, str, str]:
    """What the cells to fill in hold when the file is written, in the order of `INPUTS`."""
    if score is None:
        return None, "", "", APPLICABLE
    reviewed = score.final if score.reviewed and score.applicable else None
    short_of = score.final is None or score.final < score.full
    why = "；".join(reason.rstrip("。；") for reason in score.reasons) if short_of else ""
    return reviewed, why, score.remark, APPLICABLE if score.applicable else NOT_APPLICABLE


def _input_looks(edition: Edition) -> tuple[str, str, str]:
    return ("small", "points", "centre") if edition.final else ("input_small", "input_points", "input_choice")


def _heights(sheet: Sheet, rows: Sequence[Sequence[Cell]], second: str) -> list[float]:
    """Row heights in points, so that the merged second-level text has room too."""
    heights = [max(24.0, sheet.needed([None, None, *cells[2:]])) for cells in rows]
    wanted = sheet.needed([None, Cell(second, "level")])
    missing = max(0.0, wanted - sum(heights)) / max(1, len(heights))
    return [height + missing for height in heights]


def _sum_row(sheet: Sheet, first: Indicator, start: int, last: int, scores: Sequence[IndicatorScore]) -> None:
    applicable = [s for s in scores if s.applicable]
    results = {
        "D": sum(s.full for s in applicable),
        "F": sum(s.self or 0 for s in applicable),
        "G": sum(s.suggested or 0 for s in applicable),
        "M": sum(s.final or 0 for s in applicable),
    }
    cells: list[Cell | None] = [Cell(f"{first.code} 小计", "sum"), *[Cell(None, "sum") for _ in range(12)]]
    for column, result in results.items():
        block = f"{column}{start}:{column}{last}"
        text = f"SUM({block})" if column == "M" else f'SUMIF($L{start}:$L{last},"<>{NOT_APPLICABLE}",{block})'
        cells[ord(column) - 65] = Cell(Formula(text if last >= start else "0", result), "sum_points")
    row = sheet.row(cells, 20)
    sheet.merge(row, 1, row, 3)


def _totals(sheet: Sheet, blocks: Sequence[_Block], dossier: Dossier, edition: Edition, rubric: Rubric) -> None:
    scores = [s for s in dossier.score.indicators if s.applicable]
    results = {
        "D": sum(s.full for s in scores),
        "F": sum(s.self or 0 for s in scores),
        "G": sum(s.suggested or 0 for s in scores),
        "M": dossier.score.total,
    }
    beyond = round(dossier.score.total - sum(s.final or 0 for s in scores), 4)
    extra = _figure(sheet, "加减分（见注）", beyond, "sum_points") if beyond else None
    cells: list[Cell | None] = [Cell("合计", "sum"), *[Cell(None, "sum") for _ in range(12)]]
    for column, result in results.items():
        text = "+".join(f"{column}{block.sum_row}" for block in blocks) or "0"
        text += f"+M{extra}" if extra and column == "M" else ""
        cells[ord(column) - 65] = Cell(Formula(text, result), "sum_points")
    total = sheet.row(cells, 22)
    sheet.merge(total, 1, total, 3)
    open_points = "+".join(
        f'SUMIF(M{b.first}:M{b.last},"{UNDECIDED}",D{b.first}:D{b.last})' for b in blocks if b.last >= b.first
    )
    undecided = _figure(sheet, "未定分值", Formula(open_points or "0", dossier.score.open), "sum_points")
    basis = _basis(sheet, total, dossier, rubric)
    grade = f'IF(ROUND(M{undecided},6)>0,"{UNDECIDED}",{_grade_formula(basis, total, dossier, rubric)})'
    row = _figure(sheet, "等次", Formula(grade, dossier.score.grade or UNDECIDED), "grade")
    if not edition.final and rubric.grades:
        row = _figure(sheet, REVIEWED_GRADE, None, "input_choice")
        source = f"'{CHOICES}'!$B$2:$B${1 + len(rubric.grades)}"
        sheet.choose(f"M{row}", source, "复核人认定的等次与上面的建议不同时在此选择。")


def _figure(sheet: Sheet, name: str, value: Formula | float | None, look: str) -> int:
    """A row with one figure in the last column, its name left of it."""
    row = sheet.row(
        [*[Cell(None, "sum") for _ in range(10)], Cell(name, "sum"), Cell(None, "sum"), Cell(value, look)], 22
    )
    sheet.merge(row, 1, row, 10)
    sheet.merge(row, 11, row, 12)
    return row


def _basis(sheet: Sheet, total: int, dossier: Dossier, rubric: Rubric) -> int:
    """The row of the figure that grades go by: the total's own, or one below it where 自评 or bonuses are mixed in."""
    graded = graded_total(dossier.score, rubric)
    beside = round(graded - rubric.review_share * dossier.score.total, 6)
    if rubric.review_share == 1.0 and not beside:
        return total
    return _figure(
        sheet,
        "定等次用分（见注）",
        Formula(f"ROUND({rubric.review_share:g}*M{total}+{beside:g},4)", graded),
        "sum_points",
    )


def _grade_formula(basis: int, total: int, dossier: Dossier, rubric: Rubric) -> str:
    """The grade by the rubric's limits and vetoes; one that a quota settled stands while the total does not move."""
    grades = sorted(rubric.grades, key=lambda grade: grade.at_least)
    if not grades:
        return '"—"'
    limits, names = (f"'{CHOICES}'!${column}$2:${column}${1 + len(grades)}" for column in "AB")
    vetoed = vetoes_of(dossier.name, rubric)
    best = min((n for n, grade in enumerate(grades, 1) if grade.name in vetoed), default=len(grades))
    reached = f"IFERROR(MATCH(ROUND(M{basis}/D{total}*100,6),{limits},1),1)"
    by_limits = f"INDEX({names},MIN({reached},{best}))"
    if dossier.score.grade is None:
        return by_limits
    settled = dossier.score.grade.replace('"', '""')
    return f'IF(ABS(M{total}-{round(dossier.score.total, 6)})<0.00001,"{settled}",{by_limits})'


def _serial(code: str) -> str:
    """The third level's own number: 1.1(2) → (2)."""
    return code[code.index("(") :] if "(" in code else code


def _ranges(numbers: Sequence[str]) -> str:
    """佐证号 with runs drawn together, one a line: 1-1-1-01至04."""
    runs: list[list[str]] = []
    for number in numbers:
        stem, _, serial = number.rpartition("-")
        last_stem, _, last_serial = runs[-1][-1].rpartition("-") if runs else ("", "", "")
        follows = (
            stem == last_stem and serial.isdigit() and last_serial.isdigit() and int(serial) == int(last_serial) + 1
        )
        if follows:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "\n".join(run[0] if len(run) == 1 else f"{run[0]}至{run[-1].rpartition('-')[2]}" for run in runs)


def _numbers(evidence: Sequence[Evidence]) -> dict[str, tuple[str, ...]]:
    """The 佐证号 of accepted evidence by indicator, each once."""
    found: dict[str, dict[str, None]] = {}
    for item in evidence:
        if item.status == "accepted" and item.number and item.code:
            found.setdefault(item.code, {})[item.number] = None
    return {code: tuple(sorted(numbers)) for code, numbers in found.items()}


# ---------------------------------------------------------------- beside it


def _evidence(book: Book, dossier: Dossier, edition: Edition) -> None:
    sheet = book.sheet(EVIDENCE, (12, 9, 70, 34, 16, 9, 9, 8, 13), repeat=3)
    kept = [e for e in dossier.evidence if e.code and e.status in ("accepted", "review")]
    order = {indicator.code: place for place, indicator in enumerate(edition.guideline.indicators)}
    kept.sort(
        key=lambda e: (order.get(e.code or "", len(order)), e.status != "accepted", e.number or "", e.source, e.id)
    )
    left = sum(e.status == "none" for e in dossier.evidence), sum(e.status == "duplicate" for e in dossier.evidence)
    sheet.line(f"{dossier.name}　佐证材料", "title", height=30)
    sheet.line(
        f"共{len(kept)}条；另有{left[0]}段不属于任何指标、{left[1]}段与已列内容重复，未列入。引文照录原件，个人信息已遮盖。",
        "note",
    )
    heads = ("佐证号", "指标", "内容", "文件", "位置", "状态", "性质", "把握", "日期")
    sheet.row([Cell(head, "head") for head in heads], 22)
    for item in kept:
        sheet.row(
            [
                Cell(item.number or "", "centre"),
                Cell(item.code or "", "centre"),
                Cell(item.text, "small"),
                Cell(file_name(item.source), "small"),
                Cell(place(item), "small"),
                Cell(STATES[item.status], "good" if item.status == "accepted" else "unknown"),
                Cell(ROLES[item.role], "centre"),
                Cell(item.confidence, "share"),
                Cell("\n".join(item.dates), "small"),
            ]
        )
    sheet.raw.auto_filter.ref = f"A3:I{max(3, sheet.rows)}"
    sheet.protect()


def _requirements(book: Book, dossier: Dossier, edition: Edition) -> None:
    sheet = book.sheet(REQUIREMENTS, (9, 46, 14, 9, 10, 24, 34, 24, 34), repeat=3)
    sheet.line(f"{dossier.name}　任务要求完成情况", "title", height=30)
    sheet.line("查到的是有日期的不同活动次数；材料里没有记载、无法核实的，不等于没有做，请补交记录。", "note")
    heads = ("指标", "要求（指南原文）", "最低", "查到", "结论", "缺的时段", "日期", "佐证号", "说明")
    sheet.row([Cell(head, "head") for head in heads], 22)
    requirements = requirements_by_id(edition.guideline)
    numbers = {e.id: e.number for e in dossier.evidence if e.number}
    for score in dossier.score.indicators:
        for verdict in score.requirements:
            cited = dict.fromkeys(numbers[i] for i in verdict.evidence if i in numbers)
            sheet.row(
                [
                    Cell(score.code, "centre"),
                    Cell(verdict.text, "small"),
                    Cell(minimum_words(requirements.get(verdict.id), verdict), "centre"),
                    Cell("—" if verdict.found is None else verdict.found, "count"),
                    Cell(verdict_word(verdict), _VERDICT_LOOK[verdict.met]),
                    Cell("、".join(verdict.missing), "small"),
                    Cell("、".join(verdict.dates), "small"),
                    Cell("、".join(n for n in cited if n), "small"),
                    Cell(verdict.reason, "small"),
                ]
            )
    sheet.protect()


def _help(book: Book, edition: Edition) -> None:
    sheet = book.sheet(HELP, (120,))
    sheet.line("填写说明", "title", height=30)
    masked = "、".join(edition.masked)
    for text in (
        "1. “建议分”由程序按评分标准和查到的佐证算出，是建议；复核人填写“复核分”后，以复核分为准。",
        "2. “扣分说明”“备注”可以修改；该项不适用于本单位的，在“是否适用”中选“不适用”，不计入合计。",
        "3. 得分、小计、合计、未定分值和等次都是公式，填写后自动更新。还有未定分值时不定等次。",
        "4. 改好后把本文件放进 inputs/reviewed 文件夹（或留在原处），运行“review apply”，改动就会记入决定并在下次运行时生效。",
        "5. “佐证”“任务要求”两页供查对，改动不会被读取；要改变某段材料归入的指标，请用“审阅清单.xlsx”或总结的 Word 稿。",
        "6. 工作表没有密码；请不要删除列，也不要改动隐藏的“底稿”“选项”两页。",
        *([f"7. 个人信息已遮盖：{masked}。"] if masked else []),
    ):
        sheet.line(text, "note")
    sheet.protect()


def _base(book: Book, dossier: Dossier, edition: Edition) -> None:
    sheet = book.sheet(BASE, (12, 10, 40, 20, 12), hidden=True)
    sheet.row([Cell(name, "key") for name in (CODE, *INPUTS)])
    scores = {score.code: score for score in dossier.score.indicators}
    for third in edition.guideline.thirds():
        points, why, remark, applicable = _held(scores.get(third.code))
        sheet.row(
            [
                Cell(third.code, "key"),
                Cell(points, "key"),
                Cell(why, "key"),
                Cell(remark, "key"),
                Cell(applicable, "key"),
            ],
            15,
        )
    sheet.protect()


def _choices(book: Book, grades: Sequence[Grade]) -> None:
    sheet = book.sheet(CHOICES, (12, 16), hidden=True)
    sheet.row([Cell("最低得分率", "key"), Cell("等次", "key")], 15)
    for grade in sorted(grades, key=lambda g: g.at_least):
        sheet.row([Cell(float(grade.at_least), "key"), Cell(grade.name, "key")], 15)
    sheet.protect()
