"""From passages and their filings to evidence: ids, dates, and repetitions within a department.

An id is a hash of source, place and serial, so it is the same on every machine and in every run over the same files.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.facts import with_dates
from pipeline.model import Document, Evidence, Filing
from pipeline.text import fingerprint, weight

_REPEAT_WEIGHT = 20  # shorter texts repeat by chance (a table row 优秀 | 合格), longer ones are copied


def evidence_of(
    department: str, path: str, document: Document, filings: Sequence[Filing], year: int
) -> tuple[Evidence, ...]:
    """The evidence of one document, in its order. `filings` is parallel to `document.passages`."""
    items = tuple(
        Evidence(
            id=_id(path, str(passage.locator.as_json()), serial),
            department=department,
            source=path,
            locator=passage.locator,
            text=passage.text,
            columns=passage.columns,
            heading=passage.heading,
            role=filing.role,
            code=filing.code,
            also=filing.also,
            number=None,
            confidence=filing.confidence,
            status=filing.status,
            method=filing.method,
            dates=(),
            kind=passage.kind,
            document=document.title,
            hidden=passage.hidden,
            ocr=passage.ocr,
            tall=passage.tall,
            alternatives=filing.alternatives,
            why=filing.why,
        )
        for serial, (passage, filing) in enumerate(zip(document.passages, filings, strict=True))
    )
    return with_dates(items, year)


def mark_repeats(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The same text in two files of a department is kept once; the other names the one kept (`of`)."""
    first: dict[str, Evidence] = {}
    marked = []
    for item in evidence:
        if weight(item.text) >= _REPEAT_WEIGHT and item.kind in ("paragraph", "item", "row"):
            kept = first.setdefault(fingerprint(item.text), item)
            if kept.source != item.source:
                item = replace(
                    item, status="duplicate", of=kept.id, code=kept.code, also=kept.also, confidence=kept.confidence
                )
        marked.append(item)
    return tuple(marked)


def _id(path: str, place: str, serial: int) -> str:
    return "E" + hashlib.sha256(f"{path}\0{place}\0{serial}".encode()).hexdigest()[:11]
