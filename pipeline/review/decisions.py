"""inputs/decisions.xlsx: what people decided, one row each, readable and editable by hand.

The sheet 决定 has the columns of `COLUMNS`; columns that a person added are kept. A row may be written by hand: without
a fingerprint it is made from the text, without a number (审-012) the next free one is given when the file is saved
again, without a year or guideline it holds for the ones at hand. A row that cannot be understood stops nothing: it is
given back as a Problem that names the row, and stays where it is. The other sheets: 佐证号 (numbers once given), 未采用
(what could not be applied, and why), 历史 (superseded rows, with when and by what), 指南 (the indicators that the codes
belong to, so that they carry over to another edition). `book.save` writes all of them.
"""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, cast, get_args

from pipeline.errors import UnusableWorkspace
from pipeline.model import Decision, Guideline, Indicator, Problem, Role
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import rows_of
from pipeline.text import fingerprint, fold
from pipeline.workspace import Workspace

SHEET, NUMBERS, OPEN, HISTORY, GUIDELINES, HELP = "决定", "佐证号", "未采用", "历史", "指南", "说明"
COLUMNS = (
    *("编号", "类型", "单位", "年度", "指标", "段落原文", "内容", "性质", "理由"),
    *("审阅人", "时间", "来源", "状态", "文字指纹", "所在表", "指南", "校验"),
)
NUMBER_COLUMNS = ("单位", "年度", "指标", "佐证号", "文件", "文件指纹", "指南")
HISTORY_COLUMNS = (*COLUMNS, "取代者", "取代人", "取代时间", "取代来源")
GUIDELINE_COLUMNS = ("指南", "年度", "标题", "编码", "级别", "上级", "原文")
KINDS = {
    "改归指标": "code",
    "不属于任何指标": "none",
    "删除": "strike",
    "改文字": "edit",
    "增写": "add",
    "复核分": "score",
    "不适用": "na",
    "扣分说明": "deduction",
    "复核等次": "grade",
    "佐证号": "number",
    "备注": "remark",
    "矛盾处理": "conflict",
}
NAMES = {kind: name for name, kind in KINDS.items()}
ROLE_NAMES: Mapping[str, Role] = {
    "基本情况": "profile",
    "做法": "done",
    "成效": "result",
    "问题": "problem",
    "打算": "plan",
    "制度": "rule",
    "其他": "other",
}
assert set(KINDS.values()) == set(get_args(Decision.__dataclass_fields__["kind"].type))
CONFLICT_CHOICES = ("以第一处为准", "以第二处为准", "两处都要更正", "不是矛盾")
DUPLICATE_CHOICES = FIRST_KEPT, SECOND_KEPT, BOTH_KEPT, SENT_BACK = (
    "保留第一份",
    "保留第二份",
    "两份都保留",
    "退回核实",
)
SETTLED = (*CONFLICT_CHOICES, *DUPLICATE_CHOICES)  # what may be done about a contradiction, or files that are alike
_NEED_TEXT = ("code", "none", "strike", "edit", "conflict")
_NEED_CODE = ("score", "na", "deduction", "number")
_NEED_VALUE = ("edit", "add", "score", "grade", "number")
_ID = re.compile(r"审-(\d+)")
_CODE_GAPS = re.compile(r"\s+")
_BETWEEN = re.compile(r"[、，,;；/\n和及与或]|\s{1,}(?=\d)")
_WHOLE = re.compile(r"\d{1,2}\.\d{1,2}\(\d{1,2}\)")
_CIRCLED = re.compile("[①-⑳]")
_THIRD = re.compile(r"(\d{1,2})[.。、\-—–](\d{1,2})[.。、\-—–]?[(\[{]?(?<=\D)(\d{1,2})(?!\d)[)\]}]?")


@dataclass(frozen=True, slots=True)
class DecisionBook:
    """What decisions.xlsx holds: decisions in the order of their rows, and all that a person wrote besides."""

    decisions: tuple[Decision, ...] = ()
    problems: tuple[Problem, ...] = ()
    strange: tuple[Mapping[str, Any], ...] = ()  # rows that nobody can understand, by column name
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # decision id -> a person's own columns
    own_columns: tuple[str, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()
    guidelines: Mapping[str, Guideline] = field(default_factory=dict)  # first digits of the hash -> its indicators
    own_sheets: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...] = ()  # sheets that a person added
    by_hand: frozenset[str] = frozenset()  # ids of rows that a person wrote or changed in this file


def load_decisions(workspace: Workspace) -> tuple[Decision, ...]:
    """The decisions as written; raises UnusableWorkspace where the file is there but is no workbook."""
    return read_decisions(workspace).decisions


def read_decisions(workspace: Workspace) -> DecisionBook:
    """Everything in inputs/decisions.xlsx; empty where there is no such file."""
    path = workspace.decisions
    if not path.is_file():
        return DecisionBook()
    try:
        sheets = rows_of(path.read_bytes())
    except (OSError, UnusablePackage) as error:
        why = str(error).rstrip("。") if isinstance(error, UnusablePackage) else f"打不开（{error.strerror}）"
        raise UnusableWorkspace(
            f"inputs/decisions.xlsx：{why}。请用 Excel 检查这个文件，或从备份恢复；确实不要以前的决定时，把它移走再运行。"
        ) from error
    return _understood(sheets)


def _understood(sheets: Mapping[str, Sequence[tuple[Any, ...]]]) -> DecisionBook:
    name = SHEET if SHEET in sheets else next(iter(sheets), "")
    rows = sheets.get(name, ())
    head = [text_of(cell) for cell in rows[0]] if rows else []
    missing = [column for column in ("类型", "单位") if column not in head]
    if missing:
        raise UnusableWorkspace(f"inputs/decisions.xlsx 第1行缺少“{'”“'.join(missing)}”列：请把列名改回来再运行。")
    decisions: list[Decision] = []
    problems: list[Problem] = []
    strange: list[Mapping[str, Any]] = []
    extra: dict[str, Mapping[str, Any]] = {}
    by_hand: list[int] = []
    own = tuple(column for column in head if column and column not in COLUMNS)
    for number, cells in enumerate(rows[1:], 2):
        if not any(cell not in (None, "") for cell in cells):
            continue
        row = dict(zip_longest(head, cells[: len(head)]))
        found = _decision(row, number)
        if isinstance(found, Problem):
            problems.append(found)
            strange.append(row)
            continue
        if text_of(row.get("校验")) != check_digits(found):
            by_hand.append(len(decisions))
        decisions.append(found)
        kept = {column: row[column] for column in own if row[column] not in (None, "")}
        if kept:
            extra[str(len(decisions) - 1)] = kept
    named = numbered(decisions, _numbers_of(_table(sheets.get(HISTORY, ()))))
    given = [_number(row) for row in _table(sheets.get(NUMBERS, ()))]
    known = {name, NUMBERS, OPEN, HISTORY, GUIDELINES, HELP}
    return DecisionBook(
        decisions=(*named, *(n for n in given if n is not None)),
        problems=tuple(problems),
        strange=tuple(strange),
        extra={named[int(place)].id: columns for place, columns in extra.items()},
        own_columns=own,
        history=tuple(_table(sheets.get(HISTORY, ()))),
        guidelines=_guidelines(_table(sheets.get(GUIDELINES, ()))),
        by_hand=frozenset(named[place].id for place in by_hand),
        own_sheets=tuple((title, tuple(rows)) for title, rows in sheets.items() if title not in known),
    )


def _decision(row: Mapping[str, Any], number: int) -> Decision | Problem:
    cell = {name: text_of(row.get(name)) for name in COLUMNS}
    kind = KINDS.get(cell["类型"])
    text, code, year = cell["段落原文"], code_of(cell["指标"]), cell["年度"].removesuffix("度").removesuffix("年")

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
    if (kind in _NEED_CODE and not code) or (kind in ("code", "add") and not (code or cell["性质"])):
        return problem("没有写指标代码。")
    if kind in _NEED_VALUE and not cell["内容"]:
        return problem("没有写内容。")
    if kind == "score" and not re.fullmatch(r"-?\d+(?:\.\d+)?分?", unicodedata.normalize("NFKC", cell["内容"])):
        return problem(f"复核分“{cell['内容']}”不是数。")
    if cell["性质"] and cell["性质"] not in ROLE_NAMES:
        return problem(f"性质“{cell['性质']}”不在已知的性质里（{'、'.join(ROLE_NAMES)}）。")
    if kind == "conflict" and cell["内容"] not in SETTLED:
        return problem(f"处理“{cell['内容']}”不在已知的办法里（{'、'.join(SETTLED)}）。")
    if year and not re.fullmatch(r"\d{4}", year):
        return problem(f"年度“{cell['年度']}”不是四位数的年份。")
    return Decision(
        id=cell["编号"],
        kind=kind,  # type: ignore[arg-type]  # KINDS holds exactly the literals (asserted above)
        department=cell["单位"],
        fingerprint=cell["文字指纹"] or (fingerprint(text) if text else ""),
        text=text,
        code=code or None,
        value=cell["内容"],
        reason=cell["理由"],
        who=cell["审阅人"],
        when=cell["时间"],
        source=cell["来源"],
        row=number,
        year=int(year) if year else None,
        guideline=cell["指南"],
        role=ROLE_NAMES.get(cell["性质"]),
        table=cell["所在表"],
    )


def check_digits(decision: Decision) -> str:
    """8 hex digits over what a decision says: a row that no longer fits them was changed by hand."""
    said = (decision.kind, decision.department, decision.code or "", decision.text, decision.value, decision.role or "")
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:8]


def codes_of(text: str) -> list[str]:
    """The codes of a cell in which several are listed (1.1(2)、2.1(1)); empty where a part begins with anything else."""
    pieces = [piece for piece in _BETWEEN.split(text) if piece.strip()]
    codes = list(dict.fromkeys(map(code_of, pieces)))
    return codes if pieces and all(_WHOLE.fullmatch(code) for code in codes) else []


def _number(row: Mapping[str, str]) -> Decision | None:
    """A row of the sheet 佐证号; None where it is incomplete (it is written anew from the next run)."""
    code, year = code_of(row.get("指标", "")), row.get("年度", "")
    if not (row.get("单位") and code and row.get("佐证号") and row.get("文件")):
        return None
    return Decision(
        id="",
        kind="number",
        department=row["单位"],
        fingerprint=row.get("文件指纹", ""),
        text=row["文件"],
        code=code,
        value=row["佐证号"],
        year=int(year) if year.isdecimal() else None,
        guideline=row.get("指南", ""),
    )


def text_of(value: Any) -> str:
    """A cell as text: 3.0 is 3, a date is ISO, white space is folded, nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return fold(str(value))


def code_of(text: str) -> str:
    """An indicator's code as a person may type it (１．１（2）, 1.1 (2), 1.1②, 1-1-2, 1.1.2) in the one form of the
    contract; the words after it are left out."""
    plain = _CIRCLED.sub(lambda sign: f"({int(unicodedata.numeric(sign[0]))})", text)
    plain = _CODE_GAPS.sub("", unicodedata.normalize("NFKC", plain))
    third = _THIRD.match(plain)
    if third:
        return f"{third[1]}.{third[2]}({third[3]})"
    match = re.match(r"\d{1,2}(?:[.。]\d{1,2})?", plain)
    return match[0] if match else plain


def _table(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, str]]:
    """The rows of a sheet by column name, empty ones left out."""
    if not rows:
        return []
    head = [text_of(cell) for cell in rows[0]]
    found = [dict(zip_longest(head, map(text_of, cells[: len(head)]), fillvalue="")) for cells in rows[1:]]
    return [row for row in found if any(row.values())]


def _guidelines(rows: Iterable[Mapping[str, str]]) -> dict[str, Guideline]:
    listed: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        listed.setdefault(row.get("指南", ""), []).append(row)
    return {
        digits: Guideline(
            title=own[0].get("标题", ""),
            year=int(own[0]["年度"]) if own[0].get("年度", "").isdecimal() else None,
            indicators=tuple(
                Indicator(row["编码"], int(row["级别"]), row.get("上级") or None, row.get("原文", ""))
                for row in own
                if row.get("编码") and row.get("级别", "").isdecimal()
            ),
            sha256=digits,
        )
        for digits, own in listed.items()
        if digits
    }


def numbered(decisions: Iterable[Decision], taken: Iterable[int] = ()) -> tuple[Decision, ...]:
    """Decisions with a number of their own each: given ones stay, new ones follow the highest ever given."""
    listed = list(decisions)
    used = [int(m[1]) for d in listed if (m := _ID.fullmatch(d.id))]
    following = max((*used, *taken), default=0)
    seen: set[str] = set()
    result = []
    for decision in listed:
        if decision.kind != "number" and (not decision.id or decision.id in seen):
            following += 1
            decision = replace(decision, id=f"审-{following:03d}")
        seen.add(decision.id)
        result.append(decision)
    return tuple(result)


def _numbers_of(history: Iterable[Mapping[str, str]]) -> list[int]:
    """The numbers that history holds: none is given twice."""
    return [int(m[1]) for row in history if (m := _ID.fullmatch(row.get("编号", "")))]


def history_numbers(book: DecisionBook) -> list[int]:
    """The numbers of superseded decisions."""
    return _numbers_of(cast(Iterable[Mapping[str, str]], book.history))
