"""Reads a returned score sheet: 复核分, 扣分说明, 备注, 是否适用 and 复核等次, as far as a person changed them."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.model import Guideline
from pipeline.review.decisions import code_of, text_of
from pipeline.takeback.cells import Row, Table, labelled, table
from pipeline.takeback.find import Returned
from pipeline.takeback.wish import Taken, Wish, WishKind, problem
from pipeline.text import normal
from pipeline.write.score_sheet import BASE, CHOICES, CODE, INPUTS, REVIEWED_GRADE, SCORES
from pipeline.write.words import APPLICABLE, NOT_APPLICABLE

POINTS, WHY, REMARK, APPLIES = INPUTS
_TEXT, _FULL = "三级指标", "分值"
_WANTED = (_TEXT, _FULL, *INPUTS, CODE)
_CLOSE = 1e-6


def read_scores(returned: Returned, guideline: Guideline, full: Mapping[str, float]) -> Taken:
    """The wishes of one score sheet. `full`: the points of each code in the last run."""
    return _Reader(returned, guideline, full).taken()


class _Reader:
    def __init__(self, returned: Returned, guideline: Guideline, full: Mapping[str, float]) -> None:
        self._returned, self._origin, self._full = returned, returned.origin, full
        self._codes = {i.code for i in guideline.thirds()}
        self._by_text = {normal(i.text): i.code for i in guideline.thirds()}
        self._taken = Taken()
        self._told: set[str] = set()  # merged cells that were named

    def taken(self) -> Taken:
        sheets = self._returned.content.sheets
        if SCORES not in sheets:
            self._say("", f"没有“{SCORES}”这一页。", "请用程序写出的评分表填写，不要改页名。")
            return self._taken
        scores = table(SCORES, sheets[SCORES], _WANTED, self._returned.content.merged)
        self._missing(scores)
        base = {row.text(CODE): row for row in table(BASE, sheets.get(BASE, []), (CODE, *INPUTS)).rows}
        if not base:
            self._say(
                "", f"没有“{BASE}”这一页，分不出哪些“{WHY}”是改过的，只读取了分数和是否适用。", "请不要删除隐藏的页。"
            )
        for row in scores.rows:
            self._row(row, base, bool(base))
        self._grade(sheets[SCORES], sheets.get(CHOICES, []))
        return self._taken

    def _missing(self, scores: Table) -> None:
        for column in scores.missing:
            if column == CODE:
                self._say(column, f"“{SCORES}”页的“{CODE}”列被删去了，改按指标文字查对。", "请不要删除隐藏的列。")
            elif column in INPUTS:
                self._say(
                    column,
                    f"“{SCORES}”页缺少“{column}”列，这一列的改动没有读到。",
                    "请用程序写出的评分表重新填写这一列。",
                )

    def _row(self, row: Row, base: Mapping[str, Row], has_base: bool) -> None:
        code = self._code(row)
        if code is None:
            return
        kept = base.get(code)
        if self._joined(row, kept):
            return
        if code not in self._codes:
            if self._changed(row, kept):
                cell = row.cell(CODE)
                self._say(cell, f"指标“{code}”不在指南里，这一行没有采用。", "请改回原来的指标编码。")
            return
        reason = self._reason(row, kept) if has_base else ""
        if self._points(row, kept, code, reason):
            reason = ""
        if reason:
            self._wish("deduction", row.cell(WHY), code, "", reason)
        remark = row.text(REMARK)
        if remark and remark != (kept.text(REMARK) if kept else ""):
            self._wish("remark", row.cell(REMARK), code, remark)
        self._applies(row, kept, code)

    def _joined(self, row: Row, kept: Row | None) -> bool:
        """Whether cells to fill in were merged over several indicators: nobody can tell how much is whose."""
        changed = [n for n in INPUTS if n in row.merged and row.text(n) != (kept.text(n) if kept else "")]
        for name in changed:
            cells = row.merged[name]
            if cells not in self._told:
                self._told.add(cells)
                message = f"“{name}”的几格合并成了一格，分不清各是哪一项的，这几行没有采用。"
                self._say(cells, message, "请取消合并，逐行填写。")
        return bool(changed)

    def _code(self, row: Row) -> str | None:
        """The row's indicator; None for titles and sums."""
        if row.text(CODE):
            return code_of(row.text(CODE))
        if CODE in row.values:  # the column is there and the cell is empty: a sum, or a row that was added
            return None
        text = row.text(_TEXT)
        return self._by_text.get(normal(text.partition(" ")[2])) or self._by_text.get(normal(text))

    def _changed(self, row: Row, kept: Row | None) -> bool:
        return any(row.text(name) != (kept.text(name) if kept else "") for name in (POINTS, REMARK) if row.text(name))

    def _points(self, row: Row, kept: Row | None, code: str, reason: str) -> bool:
        """A changed 复核分; whether there is one, which then carries the reason."""
        now, before = row.values.get(POINTS), figure(kept.values.get(POINTS)) if kept else None
        if POINTS not in row.values:
            return False
        if text_of(now) == "":
            if before is not None:
                self._wish("withdraw_score", row.cell(POINTS), code)
            return False
        points, cell = figure(now), row.cell(POINTS)
        full = self._full.get(code) or figure(row.values.get(_FULL)) or 0.0
        if points is None:
            self._say(cell, f"复核分“{text_of(now)}”不是数，没有采用。", f"请填 0 到 {full:g} 之间的数。")
            return False
        if before is not None and abs(points - before) < _CLOSE:
            return False
        if not -_CLOSE <= points <= full + _CLOSE:
            self._say(cell, f"复核分{points:g}不在 0 到满分{full:g}之间（{code}），没有采用。", "请改正后再运行。")
            return False
        self._wish("score", cell, code, f"{points:g}", reason)
        return True

    def _reason(self, row: Row, kept: Row | None) -> str:
        """What a person wrote under 扣分说明: the parts that the program had not written."""
        now, before = row.text(WHY), kept.text(WHY) if kept else ""
        if normal(now) == normal(before):
            return ""
        if not now:
            self._say(row.cell(WHY), "扣分说明被清空了，下次运行仍会写出程序的理由。", "要改变得分，请填复核分。")
            return ""
        old = {normal(part) for part in before.split("；")}
        fresh = [part.strip() for part in now.split("；") if normal(part) and normal(part) not in old]
        return "；".join(fresh) or now

    def _applies(self, row: Row, kept: Row | None, code: str) -> None:
        if APPLIES not in row.values:
            return
        now, before = row.text(APPLIES) or APPLICABLE, (kept.text(APPLIES) if kept else "") or APPLICABLE
        if now.upper() in ("N/A", "NA"):
            now = NOT_APPLICABLE
        if now not in (APPLICABLE, NOT_APPLICABLE):
            self._say(
                row.cell(APPLIES),
                f"“{now}”既不是“{APPLICABLE}”也不是“{NOT_APPLICABLE}”，没有采用。",
                "请从列表中选择。",
            )
        elif now != before:
            kind: WishKind = "na" if now == NOT_APPLICABLE else "withdraw_na"
            self._wish(kind, row.cell(APPLIES), code, "", row.text(REMARK) if kind == "na" else "")

    def _grade(self, rows: Sequence[Sequence[Any]], choices: Sequence[Sequence[Any]]) -> None:
        known = {text_of(row[1]) for row in choices[1:] if len(row) > 1}
        for cell, value in labelled(rows, REVIEWED_GRADE):
            grade = text_of(value)
            if known and grade not in known:
                self._say(cell, f"等次“{grade}”不在评分办法里，没有采用。", f"请选{'、'.join(sorted(known))}之一。")
            else:
                self._wish("grade", cell, None, grade)

    def _wish(self, kind: WishKind, cell: str, code: str | None, value: str = "", reason: str = "") -> None:
        self._taken.wishes.append(
            Wish(
                kind=kind,
                origin=self._origin,
                department=self._origin.department,
                place=f"{SCORES}!{cell}",
                code=code,
                value=value,
                reason=reason,
                who=self._origin.who,
                when=self._origin.when,
            )
        )

    def _say(self, cell: str, message: str, remedy: str) -> None:
        self._taken.problems.append(problem(self._origin, message, remedy, f"{SCORES}!{cell}" if cell else ""))


def figure(value: Any) -> float | None:
    """A number as a person may type it: 3, 3.5分, ３．５; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    plain = unicodedata.normalize("NFKC", text_of(value)).removesuffix("分").strip()
    try:
        return float(plain) if plain and plain[-1].isdigit() else None
    except ValueError:
        return None
