"""What was handed in: every file read or accounted for, duplicates and versions settled.

The run holds one small entry a file. What files are compared by is larger: it is packed as they are read, and a child
compares.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import msgspec

from pipeline import intake, review
from pipeline.engine import Broken, Engine, Limits, Task, build, content_key
from pipeline.engine.log import AuditLog
from pipeline.errors import UnusableWorkspace
from pipeline.intake import Comparison, Signature
from pipeline.model import (
    Decision,
    DepartmentInfo,
    Document,
    Duplicate,
    FileEntry,
    Problem,
    SourceFile,
    decode,
    encode,
)
from pipeline.progress import Progress
from pipeline.read.batch import read_reply, result_of
from pipeline.settings import Settings
from pipeline.workspace import Workspace

_COMPARE_SECONDS = 3600  # a hundred thousand files take minutes
_COMPARE_MIB = 4096  # it holds the marks of every passage of every file: 3 KiB a file
_WITHHELD = "标有“{mark}”，属涉密文件：程序没有处理，也没有保留内容。它不应放在这台电脑上，请立即移走并按保密规定处理。"


@dataclass(frozen=True)
class Inventory:
    """Departments, and one entry for every file, in the order of their paths."""

    departments: tuple[DepartmentInfo, ...]
    files: tuple[FileEntry, ...]
    sources: dict[str, SourceFile]
    duplicates: tuple[Duplicate, ...]

    def of(self, department: str) -> tuple[FileEntry, ...]:
        """The entries of one department."""
        return self._by_department.get(department, ())

    @cached_property
    def _by_department(self) -> dict[str, tuple[FileEntry, ...]]:
        found: dict[str, list[FileEntry]] = {}
        for entry in self.files:
            found.setdefault(entry.department, []).append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    def missing(self) -> tuple[str, ...]:
        """Departments that sent nothing that could be read."""
        sent = {f.department for f in self.files if f.counts_as_sent}
        return tuple(d.name for d in self.departments if d.name not in sent)

    @property
    def findings(self) -> bool:
        """Whether a person must look: a file failed or was withheld, or a department sent nothing."""
        return bool(self.missing()) or any(f.status in ("failed", "withheld") for f in self.files)


def read_submissions(
    engine: Engine,
    workspace: Workspace,
    settings: Settings,
    decisions: Sequence[Decision],
    progress: Progress,
    log: AuditLog,
) -> Inventory:
    """Reads everything under inputs/submissions; documents stay in the store, entries and signatures come back.

    Duplicates that a person has settled are not listed again.
    """
    sources = intake.collect(workspace, settings)
    departments = tuple(intake.departments(workspace, sources))
    pending = [s for s in sources if s.status is None]
    progress.stage("读取材料", len(pending))
    load = partial(intake.load, workspace, reading=settings.reading)

    def conduct(source: SourceFile) -> tuple[FileEntry, bytes]:
        def broke(broken: Broken) -> None:
            log.note("读取中断", 文件=source.path, 原因=broken.why, 位置=broken.detail)

        reply = read_reply(engine, settings, source, load, lambda: progress.extra(1, "页文字识别"), broke)
        result = reply if isinstance(reply, Problem) else result_of(reply, source)
        return entry_of(source, result), _packed(source, result)

    entries = {s.path: _settled(s) for s in sources if s.status is not None}
    signatures = bytearray()
    for entry, packed in engine.each(conduct, pending):
        entries[entry.path] = entry
        signatures += packed
        log.note("读取", 文件=entry.path, 散列=entry.sha256, 结果=entry.status)
        progress.step(entry.path)
    comparison = _comparison(engine, workspace, settings, bytes(signatures))
    doubles = review.settle_doubles(comparison.duplicates, decisions)
    files = tuple(_compared(entries[path], comparison, doubles) for path in sorted(entries))
    return Inventory(departments, files, {s.path: s for s in sources}, doubles.open)


# ---------------------------------------------------------------- files against each other


@dataclass(frozen=True, slots=True)
class CompareOrder:
    """What a child needs to compare files, besides their signatures."""

    root: str  # of the workspace: last year's outputs are read there
    settings: Settings


def compare_task(argument: bytes, data: bytes) -> bytes:
    """CompareOrder and packed signatures in, Comparison out."""
    order = decode(argument, CompareOrder)
    past = intake.last_year_signatures(Workspace(Path(order.root)), order.settings)
    return encode(intake.compare(list(_signatures(data)), order.settings, past))


def _comparison(engine: Engine, workspace: Workspace, settings: Settings, signatures: bytes) -> Comparison:
    key = content_key("compare", build(), encode(settings), signatures, *_last_year(workspace))
    kept = engine.store.get(key)
    if kept is not None:
        return decode(kept, Comparison)
    order = CompareOrder(str(workspace.root), settings)
    limits = Limits(_COMPARE_SECONDS, max(_COMPARE_MIB, settings.reading.memory_mib))
    body = engine.submit_here(Task("pipeline.inventory:compare_task", encode(order), signatures), limits).result()
    if isinstance(body, Broken):
        raise UnusableWorkspace(
            f"材料之间的比对没有完成（{body.why} {body.detail}）：请关闭其他程序、腾出内存后再运行一次。"
        )
    engine.store.put(key, body)
    return decode(body, Comparison)


def _last_year(workspace: Workspace) -> Iterator[str]:
    """Names and hashes of what lies in inputs/last_year."""
    for path in sorted(workspace.last_year.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream:
                yield workspace.relative(path)
                yield hashlib.file_digest(stream, "sha256").hexdigest()


def _packed(source: SourceFile, result: Document | Problem) -> bytes:
    """A file's signature with its length before it; nothing where it is not to be compared."""
    if isinstance(result, Problem) or result.marked is not None:
        return b""
    packed = msgspec.msgpack.encode(intake.signature(source, result))
    return len(packed).to_bytes(4, "big") + packed


def _signatures(packed: bytes) -> Iterator[Signature]:
    start = 0
    while start < len(packed):
        end = start + 4 + int.from_bytes(packed[start : start + 4], "big")
        yield msgspec.msgpack.decode(packed[start + 4 : end], type=Signature)
        start = end


# ---------------------------------------------------------------- entries


def entry_of(source: SourceFile, result: Document | Problem) -> FileEntry:
    """One file's line of run.json, from what reading it gave."""
    entry = _settled(source)
    if isinstance(result, Problem):
        return replace(entry, status="failed", reason=result.sentence())
    if result.marked is not None:
        return replace(entry, status="withheld", reason=_WITHHELD.format(mark=result.marked), kind=result.kind)
    return replace(
        entry,
        status="read",
        reason=None,
        kind=result.kind,
        passages=len(result.passages),
        characters=result.characters,
        title=result.title,
        pages=result.pages,
        notes=result.notes,
        unread=result.unread,
    )


def _settled(source: SourceFile) -> FileEntry:
    return FileEntry(
        path=source.path,
        department=source.department,
        sha256=source.sha256,
        bytes=source.bytes,
        kind=source.kind,
        status=source.status or "read",
        reason=source.reason,
        passages=0,
        characters=None,
    )


def _compared(entry: FileEntry, comparison: Comparison, doubles: review.Doubles) -> FileEntry:
    """The entry with what was found, or a person said, of its likeness to others."""
    decision = doubles.left_out.get(entry.path)
    if decision is not None and entry.status == "read":
        if doubles.inside.get(entry.path):
            reason = f"审阅人认定与“{doubles.inside[entry.path]}”是同一材料，只采用那一份（{decision.id}）。要改请在 inputs/decisions.xlsx 里改写。"
            return replace(entry, status="duplicate", reason=reason)
        return replace(entry, left_out=decision.id)
    settled = comparison.status.get(entry.path)
    if settled is None or entry.path in doubles.kept:
        return entry
    status, reason, _kept = settled
    return replace(entry, status=status, reason=reason)
