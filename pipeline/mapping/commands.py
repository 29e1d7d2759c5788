"""`classify` and `evaluate` as the contract has them, on JSON Lines."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import UnusableOption
from pipeline.mapping.examples import NONE
from pipeline.mapping.mapper import Mapper
from pipeline.mapping.report import Report, measure
from pipeline.model import Alternative, Filing


@dataclass(frozen=True, slots=True)
class _Row:
    id: Any
    text: str
    heading: str
    doc: str
    label: str
    also: tuple[str, ...]


def classify(source: Path, target: Path, mapper: Mapper) -> int:
    """Read passages, write their labels in the same order; the number of passages. The target appears whole or not."""
    from pipeline.engine.atomic import write_whole

    rows = _rows(source, labelled=False)
    filings = mapper.classify_all([(row.text, row.heading, row.doc) for row in rows])
    lines = [json.dumps(_answer(row.id, filing), ensure_ascii=False) for row, filing in zip(rows, filings, strict=True)]
    write_whole(target, "".join(line + "\n" for line in lines).encode())
    return len(rows)


def evaluate(gold: Path, mapper: Mapper) -> Report:
    """How well the mapper files passages whose label is known (`label`, `also`)."""
    rows = _rows(gold, labelled=True)
    filings = mapper.classify_all([(row.text, row.heading, row.doc) for row in rows])
    return measure([(row.label, row.also) for row in rows], filings)


def _answer(name: Any, filing: Filing) -> dict[str, Any]:
    alternatives = filing.alternatives or (Alternative(filing.code, filing.confidence),)
    return {
        "id": name,
        "code": filing.code,
        "confidence": filing.confidence,
        "status": filing.status,
        "alternatives": [{"code": a.code, "confidence": a.confidence} for a in alternatives],
    }


def _rows(path: Path, labelled: bool) -> Sequence[_Row]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise UnusableOption(f"找不到文件“{path}”：请核对路径。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableOption(f"“{path}”读不出来：请另存为 UTF-8 编码的 JSON Lines 文件。") from error
    return [_row(path, number, line, labelled) for number, line in enumerate(lines, 1) if line.strip()]


def _row(path: Path, number: int, line: str, labelled: bool) -> _Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnusableOption(f"“{path}”第{number}行不是有效的 JSON：请改正这一行。") from error
    needed = ("id", "text", "label") if labelled else ("id", "text")
    if not isinstance(row, dict) or any(key not in row for key in needed) or not isinstance(row["text"], str):
        raise UnusableOption(f"“{path}”第{number}行缺少 {'、'.join(needed)} 中的一项，或 text 不是文字：请补全这一行。")
    also = row.get("also") or ()
    label = NONE if row.get("label") is None else str(row.get("label"))
    return _Row(row["id"], row["text"], _text(row.get("heading")), _text(row.get("doc")), label, tuple(map(str, also)))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return str(value[-1]) if value else ""
    return "" if value is None else str(value)
