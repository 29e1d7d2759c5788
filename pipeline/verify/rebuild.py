"""A department's dossier once more, from its originals as they are read now.

From evidence.jsonl only the filing of a passage is taken (code, role, state): a judgement, not a fact. Text, place,
heading and dates come from the originals, reviewers' words from decisions.xlsx; 佐证号, events, verdicts and scores are
made anew over them, by the same functions as in a run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from pipeline.dossiers import DossierOrder, make_dossier, summary_of
from pipeline.evidence import evidence_of
from pipeline.model import Document, Evidence, Filing, Locator, decode, encode
from pipeline.read.batch import ReadReply
from pipeline.verify.ground import differences
from pipeline.verify.model import Unproved

EVIDENCE = "evidence.jsonl"
AGAIN = "请重新运行 shuangchuang run。"
_FILING = ("code", "confidence", "status", "method", "role", "also", "alternatives", "why")
_UNFILED = Filing(None, 0.0, "none", "model", "other")
_REMARK = "复核备注："  # `review.honour` sets it in front of the reasons, and will again


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The dossier and its summary, as they are kept; and where evidence.jsonl does not say what the originals say."""

    dossier: bytes
    summary: bytes
    unproved: tuple[Unproved, ...]


def rebuild_task(argument: bytes, data: bytes) -> bytes:
    """A DossierOrder and the department's lines of evidence.jsonl in, Rebuilt out (MessagePack)."""
    order = decode(argument, DossierOrder)
    rows = [msgspec.json.decode(line) for line in data.splitlines() if line.strip()]
    documents = {
        path: document
        for path, reply in zip(order.paths, order.replies, strict=True)
        if (document := decode(bytes(reply), ReadReply).document) is not None
    }
    filed = _Filed(order.info.name, rows, order.rules.year)
    dossier = make_dossier(order, documents, filed)
    unproved = tuple(_compared(rows, dossier.evidence))
    return msgspec.msgpack.encode(Rebuilt(encode(dossier), encode(summary_of(dossier)), unproved))


class _Filed:
    """Stands where the mapper stands in a run: each passage goes where evidence.jsonl says it went."""

    def __init__(self, department: str, rows: Sequence[Mapping[str, Any]], year: int) -> None:
        self._department, self._year = department, year
        self._rows = {row["id"]: row for row in rows}

    def file(self, path: str, document: Document) -> tuple[Filing, ...]:
        blank = [_UNFILED] * len(document.passages)
        ids = (e.id for e in evidence_of(self._department, path, document, blank, self._year))
        return tuple(_filing(self._rows[i]) if i in self._rows else _UNFILED for i in ids)


def _filing(row: Mapping[str, Any]) -> Filing:
    kept = {key: row[key] for key in _FILING if key in row}
    kept["why"] = [line for line in row.get("why") or () if not line.startswith(_REMARK)]
    return msgspec.convert(kept, Filing)


def _compared(rows: Sequence[Mapping[str, Any]], evidence: Sequence[Evidence]) -> list[Unproved]:
    """Where the lines of evidence.jsonl and the passages as they are read now differ in text, place, date or number."""
    found = {item.id: item for item in evidence}
    unproved = []
    for row in rows:
        item = found.pop(row["id"], None)
        if item is None:
            unproved.append(
                Unproved(
                    EVIDENCE,
                    str(row["id"]),
                    str(row["text"]),
                    f"所注的原件里现在没有这一段，上次运行之后原件或决定可能改过：{AGAIN}",
                    source=f"{row['source']} {_place(row)}".strip(),
                )
            )
        elif _said(row) != _said(item.as_json()):
            unproved.append(_differs(row, item))
    for path in dict.fromkeys(item.source for item in found.values()):
        unproved.append(Unproved(EVIDENCE, "", path, f"里有段落没有列入，上次运行之后可能改过：{AGAIN}"))
    return unproved


def _said(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a line claims: its words, where they stand, when, and by which number they are cited."""
    listed = (tuple(row.get(key) or ()) for key in ("dates", "columns", "heading"))
    return (row["department"], row["source"], row["locator"], row["text"], row.get("number"), *listed)


def _differs(row: Mapping[str, Any], item: Evidence) -> Unproved:
    right = item.as_json()
    keys = ("text", "number", "dates", "locator", "source", "department", "columns", "heading")
    wrong = next(k for k in keys if (row.get(k) or None) != (_listed(right.get(k)) or None))
    printed, original = _told(row.get(wrong)), _told(right.get(wrong))
    return Unproved(
        EVIDENCE,
        str(row["id"]),
        printed,
        "与原件不一致：",
        nearest=original,
        source=f"{item.source} {item.locator.chinese()}".strip(),
        differs=differences(printed, original) or ((printed, original),),
    )


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def _place(row: Mapping[str, Any]) -> str:
    try:
        return msgspec.convert(row.get("locator") or {}, Locator).chinese()
    except msgspec.ValidationError:
        return ""
