"""inputs/勘误.xlsx: corrections of the guideline's own misprints that a person accepted.

Columns 位置 (an indicator's code, or 标题, or empty for everywhere), 原文, 改为 and optionally 采纳 (only rows with 是 count).
A correction changes words, never codes; each one applied is named in `Guideline.corrections`, each one that finds
nothing to change is a finding.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import UnusableGuideline
from pipeline.guideline.numbering import half_width
from pipeline.guideline.requirements import requirements_of
from pipeline.model import Finding, Guideline, Indicator
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import rows_of
from pipeline.text import fold

NAME = "inputs/勘误.xlsx"
_ROWS = 2000
_HEADS = {
    "place": ("位置", "编号", "指标", "指标编号", "代码"),
    "wrong": ("原文", "误", "错误", "原文字", "错字"),
    "right": ("改为", "正", "更正", "正确", "应为", "改正"),
    "accepted": ("采纳", "是否采纳", "接受"),
}
_YES = ("是", "√", "✓", "采纳", "接受", "y", "Y", "yes", "1", "1.0", "对")
_TITLE = ("标题", "题目", "名称")


@dataclass(frozen=True, slots=True)
class Correction:
    """One accepted row. `row` as Excel counts; `place` "" means wherever the words stand."""

    place: str
    wrong: str
    right: str
    row: int = 0


def read_errata(path: Path) -> tuple[Correction, ...]:
    """The accepted rows, in order; none where there is no such file. Raises UnusableGuideline naming the cell."""
    if not path.is_file():
        return ()
    rows = _rows(path)
    head = next((i for i, row in enumerate(rows) if any(v in _HEADS["wrong"] for v in row)), None)
    if head is None:
        if not any(any(row) for row in rows):
            return ()
        raise UnusableGuideline(f"{NAME} 里没有“原文”和“改为”两列：请按“位置、原文、改为”三列填写。")
    columns = {
        name: next((c for c, value in enumerate(rows[head]) if value in heads), None) for name, heads in _HEADS.items()
    }
    if columns["right"] is None:
        raise UnusableGuideline(f"{NAME} 第{head + 1}行里没有“改为”这一列：请按“位置、原文、改为”三列填写。")
    made: list[Correction] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        entry = {name: row[c] if c is not None and c < len(row) else "" for name, c in columns.items()}
        if not (entry["wrong"] or entry["right"]):
            continue
        if columns["accepted"] is not None and entry["accepted"] not in _YES:
            continue
        if not entry["wrong"]:
            raise UnusableGuideline(f"{NAME} 第{number}行没有填“原文”：请填写要改的原文，或删去这一行。")
        made.append(Correction(_code(entry["place"]), entry["wrong"], entry["right"], number))
    return tuple(made)


def correct(guideline: Guideline, corrections: Sequence[Correction]) -> Guideline:
    """The guideline with the corrections applied in order; requirements follow the corrected words."""
    for entry in corrections:
        guideline = _apply(guideline, entry)
    return guideline


def _apply(guideline: Guideline, entry: Correction) -> Guideline:
    wrong, right = fold(entry.wrong), fold(entry.right)
    title = guideline.title
    changed: list[str] = []
    if entry.place in (*_TITLE, "") and wrong in title:
        title = title.replace(wrong, right)
        changed.append("标题")
    indicators: list[Indicator] = []
    for indicator in guideline.indicators:
        if entry.place in ("", indicator.code) and wrong in indicator.text:
            text = fold(indicator.text.replace(wrong, right))
            found = requirements_of(indicator.code, text) if indicator.level == 3 else ()
            indicator = replace(indicator, text=text, requirements=found)
            changed.append(indicator.code)
        indicators.append(indicator)
    if not changed:
        where = f"“{entry.place}”里" if entry.place else "指南里"
        finding = Finding(
            f"{NAME} 第{entry.row}行", f"{where}没有找到“{entry.wrong}”，这一条勘误没有用上。", "请核对位置和原文。"
        )
        return replace(guideline, findings=(*guideline.findings, finding))
    sentence = f"指南{'、'.join(changed)}的“{entry.wrong}”按勘误表改为“{entry.right}”。"
    return replace(guideline, title=title, indicators=tuple(indicators), corrections=(*guideline.corrections, sentence))


def _rows(path: Path) -> list[list[str]]:
    try:
        rows = next(iter(rows_of(path.read_bytes()).values()), [])
    except OSError as error:
        raise UnusableGuideline(f"{NAME} 打不开（{error.strerror}）：请关闭正在使用它的程序后重试。") from error
    except UnusablePackage as error:
        why = str(error).rstrip("。")
        raise UnusableGuideline(f"{NAME}：{why}。请重新填写一份，或删去它。") from error
    return [["" if v is None else str(v).strip() for v in row] for row in rows[:_ROWS]]


def _code(place: str) -> str:
    """A code as people type it (1-1-1, １．１（１）, 指标1.1(1)) in the contract's form; other words stay."""
    figures = re.findall(r"\d+", half_width(place))
    if place in _TITLE or not 1 <= len(figures) <= 3:
        return place
    return (
        figures[0] if len(figures) == 1 else f"{figures[0]}.{figures[1]}" + (f"({figures[2]})" if figures[2:] else "")
    )
