"""Writes inputs/decisions.xlsx: the same bytes for the same decisions, every row that a person wrote kept.

Nothing is thrown away: a superseded decision moves to the sheet 历史, a row that cannot be understood stays below the
others, a person's own columns and sheets stay too. Looks are plain, so that Excel, WPS and LibreOffice show the same.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.engine.atomic import write_whole
from pipeline.model import Decision, Guideline
from pipeline.review.decisions import (
    COLUMNS,
    GUIDELINE_COLUMNS,
    GUIDELINES,
    HELP,
    HISTORY,
    HISTORY_COLUMNS,
    KINDS,
    NAMES,
    NUMBER_COLUMNS,
    NUMBERS,
    OPEN,
    ROLE_NAMES,
    SHEET,
    DecisionBook,
    check_digits,
)
from pipeline.workspace import Workspace

OPEN_COLUMNS = ("情况", "单位", "指标", "段落原文", "内容", "审阅人", "时间", "来源", "说明")
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LIMIT = 32_000  # Excel holds 32,767 characters in a cell
_WIDTHS = {
    "编号": 9,
    "类型": 14,
    "单位": 22,
    "年度": 7,
    "指标": 9,
    "段落原文": 60,
    "内容": 50,
    "性质": 9,
    "理由": 30,
    "审阅人": 10,
    "时间": 17,
    "来源": 34,
    "状态": 10,
    "文字指纹": 18,
    "所在表": 30,
    "指南": 14,
    "佐证号": 12,
    "文件": 60,
    "文件指纹": 18,
    "说明": 50,
    "情况": 10,
    "原文": 80,
    "标题": 40,
    "取代来源": 34,
    "取代时间": 17,
}
_ROLE_WORDS = {role: word for word, role in ROLE_NAMES.items()}
_HELP = (
    "这个工作簿记着每一项人工决定；下次运行照此执行，人的决定总是优先于程序。",
    "可以手工增改“决定”页：一行一项，类型从列表中选；编号和文字指纹可以不填，保存后由 review apply 补上。",
    "要撤回一项决定，删去那一行即可；被后来的决定取代的，在“历史”页里留有原样。",
    "“状态”是上次 review apply 时的情形：已过时的，是指所决定的文字在报送材料里已找不到；仍保留着。",
    "“未采用”页列出没有采用的改动和原因：两位审阅人意见不同的，请在“决定”页写一行定下来，或收回其中一份。",
    "“佐证号”“指南”两页由程序维护：编号给出后不再变；换了指南，按指标原文对应到新的代码。",
)


def save(
    workspace: Workspace,
    book: DecisionBook,
    decisions: Sequence[Decision],
    states: Mapping[str, str],
    unapplied: Iterable[Mapping[str, str]],
) -> bool:
    """Writes the file whole; whether anything in it changed. `states`: the 状态 of a decision by its id."""
    data = dump(book, decisions, states, unapplied)
    path = workspace.decisions
    before = path.read_bytes() if path.is_file() else b""
    if before == data:
        return False
    write_whole(path, data)
    return True


def dump(
    book: DecisionBook,
    decisions: Sequence[Decision],
    states: Mapping[str, str],
    unapplied: Iterable[Mapping[str, str]],
) -> bytes:
    """The workbook as bytes."""
    from openpyxl import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation

    made = Workbook()
    made.remove(made.worksheets[0])
    people = [d for d in decisions if d.kind != "number"]
    rows = [{**row_of(d), "状态": states.get(d.id, "有效"), **book.extra.get(d.id, {})} for d in people]
    sheet = _sheet(made, SHEET, (*COLUMNS, *book.own_columns), [*rows, *book.strange])
    rule = DataValidation(type="list", formula1=f'"{",".join(k for k in KINDS if k != "佐证号")}"', allow_blank=True)
    rule.add(f"B2:B{sheet.max_row + 200}")
    sheet.add_data_validation(rule)
    _sheet(made, OPEN, OPEN_COLUMNS, list(unapplied))
    _sheet(made, HISTORY, HISTORY_COLUMNS, list(book.history))
    _sheet(made, NUMBERS, NUMBER_COLUMNS, [_number_row(d) for d in decisions if d.kind == "number"])
    _sheet(made, GUIDELINES, GUIDELINE_COLUMNS, [r for g in book.guidelines.values() for r in _guideline_rows(g)])
    _sheet(made, HELP, ("说明",), [{"说明": line} for line in _HELP])
    for title, cells in book.own_sheets:
        own = made.create_sheet(title)
        for row in cells:
            own.append([_clean(cell) for cell in row])
    buffer = io.BytesIO()
    made.save(buffer)
    return _fixed(buffer.getvalue(), max((d.when for d in people if _MOMENT.match(d.when)), default=""))


def row_of(decision: Decision) -> dict[str, str]:
    """A decision as a row of the sheet 决定."""
    return {
        "编号": decision.id,
        "类型": NAMES[decision.kind],
        "单位": decision.department,
        "年度": str(decision.year or ""),
        "指标": decision.code or "",
        "段落原文": decision.text,
        "内容": decision.value,
        "性质": _ROLE_WORDS[decision.role] if decision.role else "",
        "理由": decision.reason,
        "审阅人": decision.who,
        "时间": decision.when,
        "来源": decision.source,
        "文字指纹": decision.fingerprint,
        "所在表": decision.table,
        "指南": decision.guideline,
        "校验": check_digits(decision),
    }


def _number_row(decision: Decision) -> dict[str, str]:
    return {
        "单位": decision.department,
        "年度": str(decision.year or ""),
        "指标": decision.code or "",
        "佐证号": decision.value,
        "文件": decision.text,
        "文件指纹": decision.fingerprint,
        "指南": decision.guideline,
    }


def _guideline_rows(guideline: Guideline) -> list[dict[str, str]]:
    return [
        {
            "指南": guideline.sha256[:12],
            "年度": str(guideline.year or ""),
            "标题": guideline.title,
            "编码": indicator.code,
            "级别": str(indicator.level),
            "上级": indicator.parent or "",
            "原文": indicator.text,
        }
        for indicator in guideline.indicators
    ]


def _sheet(book: Any, title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.append(list(columns))
    for column, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill = Font(name="宋体", bold=True), PatternFill("solid", start_color="F3E7E4")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS.get(str(cell.value), 12)
    look = Alignment(vertical="top", wrap_text=True)
    for number, row in enumerate(rows, 2):
        for column, name in enumerate(columns, 1):
            value = _clean(row.get(name))
            if value in (None, ""):
                continue
            cell = sheet.cell(number, column, value)
            cell.alignment = look
            if isinstance(value, str):
                cell.data_type, cell.quotePrefix = "s", value.startswith(("=", "+", "-", "@"))
                cell.number_format = "@"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(1, sheet.max_row)}"
    return sheet


def _clean(value: Any) -> Any:
    return _ILLEGAL.sub("", value)[:_LIMIT] if isinstance(value, str) else value


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d")
_NO_MOMENT = "2000-01-01"  # where no decision says when it was made


def _fixed(data: bytes, when: str) -> bytes:
    """The package without the clock: its dates are the newest decision's."""
    stamp = f"{when[:10] or _NO_MOMENT}T00:00:00Z".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            body = source.read(name)
            if name == "docProps/core.xml":
                body = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, body)
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(entry, body)
    return out.getvalue()
