"""What was handed in: every file read or accounted for, duplicates and versions settled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from pipeline import intake, review
from pipeline.engine import Broken, Engine
from pipeline.engine.log import AuditLog
from pipeline.intake import Comparison
from pipeline.model import Decision, DepartmentInfo, Document, Duplicate, FileEntry, Problem, SourceFile
from pipeline.progress import Progress
from pipeline.read.batch import read_reply, result_of
from pipeline.settings import Settings
from pipeline.workspace import Workspace

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

    def conduct(source: SourceFile) -> tuple[SourceFile, Document | Problem]:
        def broke(broken: Broken) -> None:
            log.note("读取中断", 文件=source.path, 原因=broken.why, 位置=broken.detail)

        reply = read_reply(engine, settings, source, load, lambda: progress.extra(1, "页文字识别"), broke)
        return source, reply if isinstance(reply, Problem) else result_of(reply, source)

    entries = {s.path: _settled(s) for s in sources if s.status is not None}
    signatures = []
    for source, result in engine.each(conduct, pending):
        entries[source.path] = entry_of(source, result)
        if isinstance(result, Document) and result.marked is None:
            signatures.append(intake.signature(source, result))
        log.note("读取", 文件=source.path, 散列=source.sha256, 结果=entries[source.path].status)
        progress.step(source.path)
    comparison = intake.compare(signatures, settings, intake.last_year_signatures(workspace, settings))
    doubles = review.settle_doubles(comparison.duplicates, decisions)
    files = tuple(_compared(entries[path], comparison, doubles) for path in sorted(entries))
    return Inventory(departments, files, {s.path: s for s in sources}, doubles.open)


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
