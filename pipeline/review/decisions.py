"""inputs/decisions.xlsx: what people decided, one row each, readable and editable by hand.

The workbook has one sheet 决定 with the columns of `COLUMNS`. A row may be written by hand: without a fingerprint it
is made from the text, without a number (审-012) the next free one is given when the file is saved again. A row that
cannot be understood stops nothing: `read_decisions` gives it back as a Problem that names the cell, and `save` keeps
it as it stands.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from pipeline.errors import UnusableWorkspace
from pipeline.model import Decision, Problem
from pipeline.text import fold, fingerprint
from pipeline.workspace import Workspace

SHEET = "决定"
COLUMNS = ("编号", "类型", "单位", "指标", "段落原文", "内容", "理由", "审阅人", "时间", "来源", "文字指纹")
KINDS = {
    "改归指标": "code",
    "不属于任何指标": "none",
    "删除": "strike",
    "改文字": "edit",
    "增写": "add",
    "复核分": "score",
    "不适用": "na",
    "扣分说明": "deduction",
    "佐证号": "number",
    "备注": "remark",
    "矛盾处理": "conflict",
}
NAMES = {kind: name for name, kind in KINDS.items()}
assert set(KINDS.values()) == set(get_args(Decision.__dataclass_fields__["kind"].type))
_NEED_TEXT = ("code", "none", "strike", "edit")
_NEED_CODE = ("code", "add", "score", "na", "deduction", "number")


@dataclass(frozen=True, slots=True)
class DecisionBook:
    """What decisions.xlsx holds: decisions in the order of their rows, and rows that nobody can understand."""

    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()
    strange: tuple[tuple[Any, ...], ...] = ()  # the cells of those rows, kept when the file is saved


def load_decisions(workspace: Workspace) -> tuple[Decision, ...]:
    """The decisions in force; raises UnusableWorkspace where the file is there but is no workbook."""
    return read_decisions(workspace).decisions


def read_decisions(workspace: Workspace) -> DecisionBook:
    """Decisions and problems of inputs/decisions.xlsx; empty where there is no such file."""
    path = workspace.decisions
    if not path.is_file():
        return DecisionBook()
    import zipfile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheets = load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
        sheet = sheets[SHEET] if SHEET in sheets.sheetnames else sheets.worksheets[0]
        rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    except (OSError, KeyError, ValueError, IndexError, zipfile.BadZipFile, InvalidFileException) as error:
        raise UnusableWorkspace(
            "inputs/decisions.xlsx 打不开：请用 Excel 检查这个文件，或从备份恢复；确实不要以前的决定时，把它移走再运行。"
        ) from error
    return _understood(rows)


def _understood(rows: Sequence[tuple[Any, ...]]) -> DecisionBook:
    head = [fold(str(cell or "")) for cell in rows[0]] if rows else []
    missing = [name for name in ("类型", "单位") if name not in head]
    if missing:
        raise UnusableWorkspace(f"inputs/decisions.xlsx 第1行缺少“{'”“'.join(missing)}”列：请把列名改回来再运行。")
    decisions: list[Decision] = []
    problems: list[Problem] = []
    strange: list[tuple[Any, ...]] = []
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell not in (None, "") for cell in cells):
            continue
        found = _decision(dict(zip(head, cells, strict=False)), number)
        if isinstance(found, Decision):
            decisions.append(found)
        else:
            problems.append(found)
            strange.append(cells)
    return DecisionBook(tuple(decisions), tuple(problems), tuple(strange))


def _decision(row: dict[str, Any], number: int) -> Decision | Problem:
    cell = {name: fold(str(row.get(name) if row.get(name) is not None else "")) for name in COLUMNS}
    kind = KINDS.get(cell["类型"])
    text = cell["段落原文"]

    def problem(message: str) -> Problem:
        return Problem(
            "inputs/decisions.xlsx", "review", message, "请改正这一行，或删去它；其余各行照常有效。", f"第{number}行"
        )

    if kind is None:
        return problem(f"类型“{cell['类型']}”不在已知的类型里。")
    if not cell["单位"]:
        return problem("没有写单位。")
    if kind in _NEED_TEXT and not (text or cell["文字指纹"]):
        return problem("没有写段落原文。")
    if kind in _NEED_CODE and not cell["指标"]:
        return problem("没有写指标代码。")
    return Decision(
        id=cell["编号"] or f"审-{number - 1:03d}",
        kind=kind,  # type: ignore[arg-type]  # KINDS holds exactly the literals (asserted above)
        department=cell["单位"],
        fingerprint=cell["文字指纹"] or (fingerprint(text) if text else ""),
        text=text,
        code=cell["指标"] or None,
        value=cell["内容"],
        reason=cell["理由"],
        who=cell["审阅人"],
        when=cell["时间"],
        source=cell["来源"],
        row=number,
    )


def numbered(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Decisions with a number of their own each: given ones stay, new ones follow the highest."""
    listed = list(decisions)
    taken = [int(m[1]) for d in listed if (m := re.fullmatch(r"审-(\d+)", d.id))]
    following = max(taken, default=0)
    result = []
    for decision in listed:
        if not decision.id:
            following += 1
            decision = replace(decision, id=f"审-{following:03d}")
        result.append(decision)
    return tuple(result)
