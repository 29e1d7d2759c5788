"""Last year's outputs in inputs/last_year, as signatures to compare with. Nothing else of an earlier year is read.

evidence.jsonl holds every passage of every file of that year; where it is not there the Word files are read instead,
in a guarded child like any foreign file.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.intake.identify import identify
from pipeline.intake.packed import visible
from pipeline.intake.signature import Signature, signature, signature_of
from pipeline.model import Document, Locator, SourceFile, decode, encode
from pipeline.settings import Settings
from pipeline.workspace import Workspace


def last_year_signatures(workspace: Workspace, settings: Settings) -> tuple[Signature, ...]:
    """Signatures of last year's documents, sorted by path; empty where there is no such folder."""
    folder = workspace.last_year
    if not folder.is_dir():
        return ()
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    kept = [path for path in files if path.name == "evidence.jsonl"]
    if kept:
        return tuple(one for path in kept for one in _of_evidence(workspace, path))
    return tuple(one for path in files if (one := _of_document(workspace, settings, path)) is not None)


def _of_evidence(workspace: Workspace, path: Path) -> Iterator[Signature]:
    """One signature for each source that the lines name."""
    sources: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in _rows(path):
        key = (str(row.get("department", "")), str(row.get("source", "")))
        sources.setdefault(key, []).append(row)
    label = workspace.relative(path.parent)
    for (department, source), rows in sorted(sources.items()):
        digest = hashlib.sha256(f"{label}/{source}".encode()).hexdigest()
        name = f"{label}：{source.removeprefix('inputs/submissions/')}"
        file = SourceFile(visible(name), department, digest, 0, "evidence")
        yield signature_of(file, "", None, _texts(rows), len(rows))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue  # a line that was cut or edited by hand is no passage
            if isinstance(row, dict) and isinstance(row.get("text"), str):
                yield row


def _texts(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    fields = Locator.__dataclass_fields__
    for row in rows:
        raw = row.get("locator")
        known = {key: value for key, value in raw.items() if key in fields} if isinstance(raw, dict) else {}
        yield row["text"], Locator(**known).chinese()


def _of_document(workspace: Workspace, settings: Settings, path: Path) -> Signature | None:
    from pipeline.engine import Broken, Limits, Task
    from pipeline.engine.guard import Guard
    from pipeline.read.batch import ReadOrder, ReadReply

    with path.open("rb") as stream:
        kind = identify(stream)
    if kind != "docx":
        return None
    data = path.read_bytes()
    order = ReadOrder(path.name, kind, settings, {})
    guard = Guard()
    try:
        limits = Limits(settings.reading.seconds_per_file, settings.reading.memory_mib)
        body = guard.perform(Task("pipeline.read.batch:read_task", encode(order), data), limits)
    finally:
        guard.close()
    document: Document | None = None if isinstance(body, Broken) else decode(body, ReadReply).document
    if document is None or document.marked is not None:
        return None
    source = SourceFile(workspace.relative(path), path.parent.name, hashlib.sha256(data).hexdigest(), len(data), kind)
    return signature(source, document)
