"""全校汇总.xlsx: all departments side by side. It names no person and quotes no passage.

File names and the sentences of contradictions may hold names, so duplicates and contradictions are listed here by
department, kind and number only; 审阅清单.xlsx and index.html have the places.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, RadarChart, Reference
from openpyxl.formatting.rule import ColorScaleRule
from openpyxl.utils import get_column_letter

from pipeline.model import DepartmentSummary, Duplicate, Edition, Guideline, Verdict
from pipeline.text import unspace
from pipeline.write import figures
from pipeline.write.words import (
    DUPLICATES,
    MET,
    NOT_APPLICABLE,
    NOT_MET,
    UNDECIDED,
    UNKNOWN,
    Rules,
    minimum_words,
    requirements_by_id,
    short,
    verdict_word,
)
from pipeline.write.workbook import RED, Book, Cell, Sheet

OVERVIEW, HEAT, LEGEND, REQUIREMENTS, GAPS, CHARTS = "总览", "热力图", "指标对照", "任务要求", "共性不足", "图表"
MISSING, DUPLICATE, CONFLICT = "未报送", "重复雷同", "矛盾"
_BARS = 40  # more departments than this cannot be told apart in one bar chart; then the distribution is drawn
_BAND = 10  # per cent; the width of a band of the distribution
_PALETTE = ("9B1C1F", "C8772E", "D9B44A", "4F7C6B", "3F5E86", "7A5C86", "8A8583")


def roll_up(
    summaries: Sequence[DepartmentSummary], duplicates: Sequence[Duplicate], edition: Edition, rubric: Rules
) -> bytes:
    """The workbook over all departments of a run, in the order of `summaries`."""
    book = Book(edition, "双创全校汇总")
    _overview(book, summaries, edition, rubric)
    _charts(book, summaries, edition.guideline)
    _heat(book, summaries, edition.guideline)
    _legend(book, edition.guideline)
    _requirements(book, summaries, edition.guideline)
    _gaps(book, summaries, edition.guideline)
    _missing(book, summaries, rubric)
    _duplicates(book, duplicates)
    _conflicts(book, summaries)
    return book.save()


# ---------------------------------------------------------------- departments


def _overview(book: Book, summaries: Sequence[DepartmentSummary], edition: Edition, rubric: Rules) -> None:
    firsts = figures.firsts(edition.guideline)
    sheet = book.sheet(
        OVERVIEW, (6, 30, *[11] * len(firsts), 9, 9, 9, 9, 9, 9, 9, 8, 8, 9), repeat=4, freeze="C5", tab=RED
    )
    sheet.line(f"{edition.year}年度党建“双创”全校汇总", "title", height=34)
    sheet.line("　".join(filter(None, (rubric.school, edition.guideline.title))), "subtitle")
    sheet.line(
        f"应报送{len(summaries)}个单位，已报送{sum(not s.missing for s in summaries)}个。"
        "得分为复核分，未复核的为建议分；还有未定分值的单位不定等次，名次是暂时的。",
        "note",
    )
    heads = [f"{first.code}. {short(first.text, 22)}" for first in firsts]
    tail = ("合计", "未定分值", "等次", "佐证", "待审阅", "文件", "未读出", MET, NOT_MET, UNKNOWN)
    sheet.row([Cell(head, "head_small") for head in ("名次", "单位", *heads, *tail)], 46)
    places = figures.ranks(summaries)
    for summary in sorted(summaries, key=lambda s: places.get(s.name, len(summaries) + 1)):
        sheet.row(_overview_cells(summary, places.get(summary.name), edition.guideline))
    present = [s for s in summaries if not s.missing]
    if present:
        sheet.row(_mean_cells(present, edition.guideline))
    sheet.raw.auto_filter.ref = f"A4:{get_column_letter(len(sheet.widths))}{4 + len(summaries)}"


def _overview_cells(summary: DepartmentSummary, place: int | None, guideline: Guideline) -> list[Cell]:
    score = summary.score
    words = [verdict_word(v) for v in figures.verdicts(score)]
    counts = (
        summary.passages.get("accepted", 0),
        summary.passages.get("review", 0),
        len([f for f in summary.files if f.status != "skipped"]),
        sum(f.status == "failed" for f in summary.files),
        *(words.count(word) for word in (MET, NOT_MET, UNKNOWN)),
    )
    if summary.missing:
        unknown = [Cell("—", "heat_none")] * (len(figures.firsts(guideline)) + 2)
        return [
            Cell("—", "count"),
            Cell(summary.name),
            *unknown,
            Cell("未报送", "bad"),
            *(Cell(c, "count") for c in counts[:4]),
        ]
    return [
        Cell(place, "count"),
        Cell(summary.name),
        *(Cell(p.points, "points") for p in figures.by_first(guideline, score)),
        Cell(score.total, "sum_points"),
        Cell(score.open, "points"),
        Cell(score.grade or UNDECIDED, "centre"),
        *(Cell(count, "count") for count in counts),
    ]


def _mean_cells(present: Sequence[DepartmentSummary], guideline: Guideline) -> list[Cell]:
    parts = [figures.by_first(guideline, s.score) for s in present]
    means = [sum(p[i].points for p in parts) / len(parts) for i in range(len(parts[0]))]
    return [
        Cell("", "sum"),
        Cell("平均（已报送单位）", "sum"),
        *(Cell(mean, "sum_points") for mean in means),
        Cell(sum(s.score.total for s in present) / len(present), "sum_points"),
        Cell(sum(s.score.open for s in present) / len(present), "sum_points"),
    ]


def _heat(book: Book, summaries: Sequence[DepartmentSummary], guideline: Guideline) -> None:
    thirds = guideline.thirds()
    sheet = book.sheet(HEAT, (28, 8, *[6.6] * len(thirds)), repeat=4, freeze="C5")
    sheet.line("单位 × 三级指标　得分率", "title", height=30)
    sheet.line("颜色由红（0%）经黄（60%）到绿（100%）；“未定”是材料不足、暂不能定分，不等于零分。", "note")
    owner = figures.first_of(guideline)
    names = {first.code: first.text for first in figures.firsts(guideline)}
    groups = [owner[third.code] for third in thirds]
    sheet.row(
        [
            Cell("", "head_small"),
            Cell("", "head_small"),
            *(
                Cell(f"{g}. {names.get(g, '')}" if i == 0 or groups[i - 1] != g else "", "head_small")
                for i, g in enumerate(groups)
            ),
        ],
        34,
    )
    _merge_groups(sheet, groups, row=3, offset=3)
    sheet.row([Cell("单位", "head"), Cell("合计", "head_small"), *(Cell(t.code, "head_small") for t in thirds)], 22)
    for summary in summaries:
        sheet.row(_heat_cells(summary, [t.code for t in thirds]), 17)
    block = f"C5:{get_column_letter(2 + len(thirds))}{max(5, sheet.rows)}"
    scale = ColorScaleRule(
        start_type="num", start_value=0, start_color="F2A79E",
        mid_type="num", mid_value=0.6, mid_color="FBF0CF",
        end_type="num", end_value=1, end_color="A9D5B1",
    )  # fmt: skip
    if thirds and summaries:
        sheet.raw.conditional_formatting.add(block, scale)


def _legend(book: Book, guideline: Guideline) -> None:
    sheet = book.sheet(LEGEND, (10, 110), repeat=2)
    sheet.line("指标对照", "title", height=30)
    sheet.row([Cell("编码", "head"), Cell("三级指标", "head")], 20)
    for third in guideline.thirds():
        sheet.row([Cell(third.code, "centre"), Cell(unspace(third.text), "small")])


def _merge_groups(sheet: Sheet, groups: Sequence[str], row: int, offset: int) -> None:
    start = 0
    for i in range(1, len(groups) + 1):
        if i == len(groups) or groups[i] != groups[start]:
            sheet.merge(row, start + offset, row, i - 1 + offset)
            start = i


def _heat_cells(summary: DepartmentSummary, codes: Sequence[str]) -> list[Cell]:
    scores = {s.code: s for s in summary.score.indicators}
    cells = [Cell(summary.name), Cell("—" if summary.missing else summary.score.total, "points")]
    for code in codes:
        score = scores.get(code)
        if score is None or summary.missing:
            cells.append(Cell("—", "heat_none"))
        elif not score.applicable:
            cells.append(Cell(NOT_APPLICABLE, "heat_none"))
        elif score.final is None:
            cells.append(Cell(UNDECIDED, "heat_none"))
        else:
            cells.append(Cell(score.final / score.full if score.full else 0.0, "heat"))
    return cells


def _requirements(book: Book, summaries: Sequence[DepartmentSummary], guideline: Guideline) -> None:
    asked = _asked(summaries)
    known = requirements_by_id(guideline)
    sheet = book.sheet(REQUIREMENTS, (28, *[13] * max(1, len(asked))), repeat=3, freeze="B4")
    sheet.line("任务要求完成情况", "title", max(2, len(asked) + 1), 30)
    sheet.line(
        "无法核实：报送的材料里没有记载这类活动，或记载的文件没有读出，不等于没有做。", "note", max(2, len(asked) + 1)
    )
    heads = [
        f"{ident.split('#')[0]}\n{short(v.text, 26)}\n{minimum_words(known.get(ident), v)}"
        for ident, v in asked.items()
    ]
    sheet.row([Cell("单位", "head"), *(Cell(head, "head_small") for head in heads)], 74)
    looks = {MET: "good", NOT_MET: "bad", UNKNOWN: "unknown"}
    columns: dict[str, list[str]] = {ident: [] for ident in asked}
    for summary in summaries:
        own = {v.id: verdict_word(v) for v in figures.verdicts(summary.score)}
        words = ["" if summary.missing else own.get(ident, "") for ident in asked]
        for ident, word in zip(asked, words, strict=True):
            columns[ident].append(word)
        sheet.row([Cell(summary.name), *(Cell(w or "—", looks.get(w, "heat_none")) for w in words)], 18)
    for word in (MET, NOT_MET, UNKNOWN):
        sheet.row([Cell(f"{word}单位数", "sum"), *(Cell(columns[i].count(word), "sum_count") for i in asked)], 18)


def _asked(summaries: Sequence[DepartmentSummary]) -> dict[str, Verdict]:
    """Every requirement that some department was judged by, in the guideline's order."""
    found: dict[str, Verdict] = {}
    for summary in summaries:
        for verdict in figures.verdicts(summary.score):
            found.setdefault(verdict.id, verdict)
    return found


def _gaps(book: Book, summaries: Sequence[DepartmentSummary], guideline: Guideline) -> None:
    sheet = book.sheet(GAPS, (8, 10, 80, 11, 12, 12, 14), repeat=3)
    sheet.line("共性不足（由弱到强）", "title", height=30)
    sheet.line("只统计已报送的单位。", "note")
    heads = ("序号", "指标", "内容", "平均得分率", "未得满分单位", "未定单位", "有要求未达标单位")
    sheet.row([Cell(head, "head") for head in heads], 30)
    for number, gap in enumerate(figures.gaps(guideline, summaries), 1):
        sheet.row(
            [
                Cell(number, "count"),
                Cell(gap.indicator.code, "centre"),
                Cell(gap.indicator.text, "small"),
                Cell(UNDECIDED if gap.rate is None else gap.rate, "share"),
                Cell(gap.short, "count"),
                Cell(gap.undecided, "count"),
                Cell(gap.not_met, "count"),
            ]
        )


# ---------------------------------------------------------------- what needs a person


def _missing(book: Book, summaries: Sequence[DepartmentSummary], rubric: Rules) -> None:
    sheet = book.sheet(MISSING, (8, 40, 50, 30), repeat=3)
    sheet.line("未报送材料的单位", "title", height=30)
    sheet.line(f"报送截止：{rubric.deadline or '　　　　年　　月　　日'}", "note")
    sheet.row([Cell(head, "head") for head in ("序号", "单位", "情况", "备注")], 22)
    absent = [s for s in summaries if s.missing]
    for number, summary in enumerate(absent, 1):
        sent = [f for f in summary.files if f.status != "skipped"]
        state = f"交来{len(sent)}个文件，都没有读出" if sent else "没有交来任何文件"
        listed = "" if summary.info.listed else "（不在单位名册内）"
        sheet.row([Cell(number, "count"), Cell(summary.name), Cell(state + listed), Cell("")])
    if not absent:
        sheet.line("各单位均已报送。", "note")


def _duplicates(book: Book, duplicates: Sequence[Duplicate]) -> None:
    sheet = book.sheet(DUPLICATE, (8, 22, 34, 34, 12, 40), repeat=3)
    sheet.line("重复与雷同", "title", height=30)
    sheet.line("只列单位；文件和位置见“审阅清单.xlsx”的“重复雷同”页同一序号。雷同不等于抄袭，请核对后认定。", "note")
    sheet.row([Cell(head, "head") for head in ("序号", "情形", "单位", "单位", "重合", "备注")], 22)
    for number, item in enumerate(duplicates, 1):
        pair = (item.first_department, item.second_department or "（上年材料）")
        sheet.row(
            [
                Cell(number, "count"),
                Cell(DUPLICATES[item.kind]),
                Cell(pair[0]),
                Cell(pair[1]),
                Cell(item.share, "share"),
                Cell("同一单位内" if pair[0] == pair[1] else ""),
            ]
        )
    if not duplicates:
        sheet.line("没有发现。", "note")


def _conflicts(book: Book, summaries: Sequence[DepartmentSummary]) -> None:
    sheet = book.sheet(CONFLICT, (8, 40, 30, 12, 40), repeat=3)
    sheet.line("材料之间的矛盾", "title", height=30)
    sheet.line("只列单位和情形；内容和出处见“审阅清单.xlsx”的“矛盾”页。", "note")
    sheet.row([Cell(head, "head") for head in ("序号", "单位", "情形", "处数", "备注")], 22)
    counted: dict[tuple[str, str], int] = {}
    for summary in summaries:
        for conflict in summary.conflicts:
            counted[summary.name, conflict.kind] = counted.get((summary.name, conflict.kind), 0) + 1
    for number, ((name, kind), count) in enumerate(counted.items(), 1):
        sheet.row([Cell(number, "count"), Cell(name), Cell(kind), Cell(count, "count"), Cell("")])
    if not counted:
        sheet.line("没有发现。", "note")


# ---------------------------------------------------------------- charts


def _charts(book: Book, summaries: Sequence[DepartmentSummary], guideline: Guideline) -> None:
    sheet = book.sheet(CHARTS, (30, *[13] * 9))
    present = [s for s in summaries if not s.missing]
    firsts = figures.firsts(guideline)
    sheet.line("五个到位：全校得分率", "title", height=30)
    sheet.row([Cell(head, "head") for head in ("一级指标", "平均", "最高", "最低")], 20)
    rates = [figures.by_first(guideline, s.score) for s in present]
    for place, first in enumerate(firsts):
        known = [rate for parts in rates if (rate := parts[place].rate) is not None]
        row = (sum(known) / len(known), max(known), min(known)) if known else (None, None, None)
        sheet.row([Cell(short(first.text, 14)), *(Cell(rate, "share") for rate in row)], 18)
    top, bottom = 2, sheet.rows
    sheet.raw.add_chart(_radar(sheet.raw, top, bottom), f"A{bottom + 2}")
    sheet.blank(18)
    for _ in range(22):  # room for the radar chart
        sheet.blank(15)
    if len(present) <= _BARS:
        _bars(sheet, present, guideline)
    else:
        _distribution(sheet, present)


def _radar(raw: Any, top: int, bottom: int) -> Any:
    chart = RadarChart()
    chart.type = "marker"
    chart.title = "五个到位得分率"
    chart.add_data(Reference(raw, min_col=2, max_col=4, min_row=top, max_row=bottom), titles_from_data=True)
    chart.set_categories(Reference(raw, min_col=1, min_row=top + 1, max_row=bottom))
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, 1
    chart.y_axis.number_format, chart.y_axis.majorUnit = "0%", 0.2
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.height, chart.width = 11.5, 20
    _paint(chart)
    return chart


def _bars(sheet: Sheet, present: Sequence[DepartmentSummary], guideline: Guideline) -> None:
    """One bar a department, its five parts stacked, the best on top."""
    firsts = figures.firsts(guideline)
    sheet.new_page()
    sheet.line("各单位得分构成", "section")
    top = sheet.row([Cell(head, "head_small") for head in ("单位", *(short(f.text, 12) for f in firsts))], 26)
    for summary in sorted(present, key=lambda s: -s.score.total):
        parts = figures.by_first(guideline, summary.score)
        sheet.row([Cell(summary.name), *(Cell(p.points, "points") for p in parts)], 17)
    if not present:
        return
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 45
    chart.title = "各单位得分构成（五个到位）"
    chart.add_data(
        Reference(sheet.raw, min_col=2, max_col=1 + len(firsts), min_row=top, max_row=sheet.rows), titles_from_data=True
    )
    chart.set_categories(Reference(sheet.raw, min_col=1, min_row=top + 1, max_row=sheet.rows))
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format, chart.y_axis.scaling.min = "0", 0
    chart.height, chart.width = max(8.0, 3.5 + 0.75 * len(present)), 24
    chart.legend.position = "b"
    _paint(chart)
    sheet.raw.add_chart(chart, f"A{sheet.rows + 2}")


def _distribution(sheet: Sheet, present: Sequence[DepartmentSummary]) -> None:
    """How many departments reach which share of the points, where there are too many for a bar each."""
    sheet.line("得分分布", "section")
    top = sheet.row([Cell(head, "head_small") for head in ("得分率", "单位数")], 20)
    shares = []
    for summary in present:
        whole = figures.part(summary.score.indicators)
        shares.append(100 * summary.score.total / whole.full if whole.full else 0.0)
    for low in range(0, 100, _BAND):
        inside = sum(low <= share < low + _BAND or (low + _BAND == 100 and share >= 100) for share in shares)
        sheet.row([Cell(f"{low}%～{low + _BAND}%", "centre"), Cell(inside, "count")], 17)
    chart = BarChart()
    chart.type, chart.gapWidth, chart.title, chart.legend = "col", 30, "单位得分率分布", None
    chart.add_data(Reference(sheet.raw, min_col=2, min_row=top, max_row=sheet.rows), titles_from_data=True)
    chart.set_categories(Reference(sheet.raw, min_col=1, min_row=top + 1, max_row=sheet.rows))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.height, chart.width = 9, 22
    _paint(chart)
    sheet.raw.add_chart(chart, f"A{sheet.rows + 2}")


def _paint(chart: Any) -> None:
    for series, colour in zip(chart.series, _PALETTE, strict=False):
        if isinstance(chart, RadarChart):
            series.graphicalProperties.line.solidFill = colour
        else:
            series.graphicalProperties.solidFill = colour
            series.graphicalProperties.line.solidFill = colour
