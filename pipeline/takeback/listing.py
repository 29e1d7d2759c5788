"""Reads a returned 审阅清单.xlsx: decisions on doubtful passages, contradictions and duplicates."""

from pipeline.model import Guideline
from pipeline.review.decisions import CONFLICT_CHOICES, DUPLICATE_CHOICES, SECOND_KEPT, code_of, codes_of
from pipeline.review.doubles import conflict_text, pair_text
from pipeline.takeback.cells import Row, Table, table
from pipeline.takeback.find import Returned
from pipeline.takeback.wish import Taken, Wish, WishKind, problem
from pipeline.text import fingerprint, normal
from pipeline.write.review_list import (
    COLUMNS,
    CONFLICT,
    DOUBTFUL,
    DUPLICATE,
)
from pipeline.write.words import AGREE, NO_INDICATOR, STRIKE

_DECISION, _REMARK, _IDENT, _PRINT, _TEXT, _UNIT = "决定", "备注", "佐证标识", "文本指纹", "内容", "单位"
_CONFLICT_COLUMNS = ("单位", "情形", "说明", "处理", "备注", "矛盾标识")
_DUPLICATE_COLUMNS = ("单位一", "文件一", "单位二", "文件二", "处理", "备注", "内容标识")
_HIDDEN = (_IDENT, _PRINT)
_SUGGESTION = "建议归入"
_AGREEING = {normal(AGREE), "同意", "同意建议归入", "按建议", "照建议", "对", "ok"}  # as people type it


def read_list(returned: Returned, guideline: Guideline) -> Taken:
    """The wishes of one review workbook."""
    reader = _Reader(returned, guideline)
    reader.read()
    return reader.taken


class _Reader:
    def __init__(self, returned: Returned, guideline: Guideline) -> None:
        self._returned, self._origin = returned, returned.origin
        self._codes = {i.code for i in guideline.thirds()}
        self.taken = Taken()

    def read(self) -> None:
        sheets, merged = self._returned.content.sheets, self._returned.content.merged
        self._doubtful(table(DOUBTFUL, sheets.get(DOUBTFUL, []), COLUMNS, merged), DOUBTFUL in sheets)
        for title, columns in ((CONFLICT, _CONFLICT_COLUMNS), (DUPLICATE, _DUPLICATE_COLUMNS)):
            found = table(title, sheets.get(title, []), columns, merged)
            if title in sheets and "处理" not in found.missing and found.rows:
                for row in found.rows:
                    self._conflict(row, found) if title == CONFLICT else self._duplicate(row, found)
            elif title in sheets and found.rows:
                self._say(title, f"“{title}”页缺少“处理”列，这一页没有读到。", "请用程序写出的审阅清单重新填写。")

    def _doubtful(self, found: Table, present: bool) -> None:
        if not present:
            self._say("", f"没有“{DOUBTFUL}”这一页。", "请用程序写出的审阅清单填写，不要改页名。")
            return
        for column in found.missing:
            if column in (_DECISION, _REMARK, _TEXT, _UNIT):
                self._say(
                    f"{DOUBTFUL}!{column}",
                    f"“{DOUBTFUL}”页缺少“{column}”列，这一列没有读到。",
                    "请用程序写出的审阅清单重新填写。",
                )
            elif column in _HIDDEN:
                self._say(
                    f"{DOUBTFUL}!{column}", f"隐藏的“{column}”列被删去了，改按段落文字查对。", "请不要删除隐藏的列。"
                )
        for row in found.rows:
            self._passage(row)

    def _passage(self, row: Row) -> None:
        choice, remark = row.text(_DECISION), row.text(_REMARK)
        if (choice or remark) and (_TEXT in row.merged or _UNIT in row.merged):
            cells = row.merged.get(_TEXT) or row.merged[_UNIT]
            self._say(
                f"{DOUBTFUL}!{cells}", "段落被合并到一格里了，分不清是哪一段，没有采用。", "请取消合并，逐行选择。"
            )
            return
        choice = row.text(_SUGGESTION) if normal(choice) in _AGREEING else choice
        if not choice and not remark:
            return
        if not row.text(_TEXT) and not row.text(_PRINT):
            self._say(f"{DOUBTFUL}!{row.cell(_TEXT)}", "这一行没有段落内容，没有采用。", "请不要改动“内容”列。")
        elif not choice:
            self._wish("remark", row, _REMARK, value=remark)
        elif normal(choice) == normal(NO_INDICATOR):
            self._wish("none", row, _DECISION, reason=remark)
        elif normal(choice) == normal(STRIKE):
            self._wish("strike", row, _DECISION, reason=remark)
        elif len(codes_of(choice)) > 1:
            cell = f"{DOUBTFUL}!{row.cell(_DECISION)}"
            self._say(cell, f"“{choice}”写了几项，一段只能归入一项，没有采用。", "请留一项，其余写在备注里。")
        elif code_of(choice) in self._codes:
            self._wish("code", row, _DECISION, code=code_of(choice), reason=remark)
        else:
            cell = f"{DOUBTFUL}!{row.cell(_DECISION)}"
            self._say(
                cell,
                f"“{choice}”不是指南里的三级指标，也不是“{NO_INDICATOR}”“{STRIKE}”，没有采用。",
                "请从列表中选择。",
            )

    def _wish(
        self, kind: WishKind, row: Row, column: str, code: str | None = None, value: str = "", reason: str = ""
    ) -> None:
        words = row.text(_TEXT)
        fits = not words or not row.text(_PRINT) or fingerprint(words) == row.text(_PRINT)
        self.taken.wishes.append(  # where rows were sorted without the hidden columns, what a person saw counts
            Wish(
                kind=kind,
                origin=self._origin,
                department=row.text(_UNIT),
                place=f"{DOUBTFUL}!{row.cell(column)}",
                ident=row.text(_IDENT) if fits else "",
                text=row.text(_TEXT),
                fingerprint=row.text(_PRINT) if fits else fingerprint(row.text(_TEXT)),
                code=code,
                value=value,
                reason=reason,
                who=self._origin.who,
                when=self._origin.when,
            )
        )

    def _conflict(self, row: Row, found: Table) -> None:
        choice = row.text("处理")
        if not choice:
            return
        if choice not in CONFLICT_CHOICES:
            self._say(
                f"{found.title}!{row.cell('处理')}",
                f"“{choice}”不在列表里，没有采用。",
                f"请选{'、'.join(CONFLICT_CHOICES)}之一。",
            )
            return
        text = conflict_text(row.text("情形"), row.text("说明"))
        self._settled(row, found, row.text("单位"), text, row.text("矛盾标识"), choice)

    def _duplicate(self, row: Row, found: Table) -> None:
        choice = row.text("处理")
        if not choice:
            return
        if choice not in DUPLICATE_CHOICES:
            self._say(
                f"{found.title}!{row.cell('处理')}",
                f"“{choice}”不在列表里，没有采用。",
                f"请选{'、'.join(DUPLICATE_CHOICES)}之一。",
            )
            return
        first, second = row.text("文件一"), row.text("文件二")
        owner = row.text("单位一") if choice == SECOND_KEPT else row.text("单位二")
        self._settled(row, found, owner, pair_text(first, second), row.text("内容标识"), choice)

    def _settled(self, row: Row, found: Table, department: str, text: str, name: str, choice: str) -> None:
        self.taken.wishes.append(
            Wish(
                kind="conflict",
                origin=self._origin,
                department=department,
                place=f"{found.title}!{row.cell('处理')}",
                text=text,
                fingerprint=name or fingerprint(text),
                value=choice,
                reason=row.text("备注"),
                who=self._origin.who,
                when=self._origin.when,
            )
        )

    def _say(self, cell: str, message: str, remedy: str) -> None:
        self.taken.problems.append(problem(self._origin, message, remedy, cell))
