"""Writing outputs/YYYY/: every file whole or not at all, an edited one set aside first, what nobody wants removed.

Documents of a department are made by tasks (`write.batch`), many at a time; a document whose dossier, edition,
rubric and templates have not changed is not made again as long as the file on disk is the one that was made.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from pipeline import __version__, write
from pipeline import guideline as guidelines
from pipeline.dossiers import Desk
from pipeline.engine import Broken, Engine, Limits, Task, build, content_key
from pipeline.engine.atomic import PARTIAL, whole_file
from pipeline.engine.log import AuditLog
from pipeline.errors import UnusableWorkspace
from pipeline.inventory import Inventory
from pipeline.model import Decision, DepartmentInfo, DepartmentSummary, Edition, FileEntry, Guideline, Problem, encode
from pipeline.moves import Before, changes_of, evidence_lines, moved_evidence
from pipeline.privacy import masked_kinds
from pipeline.progress import Progress
from pipeline.scoring import Rubric
from pipeline.settings import Options, Settings
from pipeline.workspace import Workspace
from pipeline.write.batch import Made, Means, SchoolOrder, WriteOrder
from pipeline.write.templates import Templates

KEPT = ".kept"
_LATE = {"run.json", "run.log"}  # written after everything else
_WRITE_SECONDS = 600  # a dossier of thousands of passages takes a minute; ten are a hang
_SCHOOL_SECONDS = 3600  # a thousand departments take minutes
_SCHOOL_MIB = 4096  # the one task whose memory grows with the departments


@dataclass(slots=True)
class Published:
    """What was written where, and what a person must look at."""

    folder: Path
    beside: list[Path] = field(default_factory=list)  # outputs open elsewhere: the new one lies beside
    kept: list[Path] = field(default_factory=list)  # edited outputs, set aside
    failures: list[str] = field(default_factory=list)  # what could not be written or proved, as Chinese sentences
    made: set[str] = field(default_factory=set)  # paths relative to the folder
    unmade: set[str] = field(default_factory=set)  # folders whose documents could not be made: the old ones stay
    summaries: list[DepartmentSummary] = field(default_factory=list)  # without indicators and conflicts
    requirements: dict[str, str] = field(default_factory=dict)  # every requirement that was decided, by its id
    changes: list[dict[str, Any]] = field(default_factory=list)  # rows of changes.json

    def note(self, summary: DepartmentSummary, files: tuple[FileEntry, ...]) -> None:
        """Keeps of a department what the closing account tells; `files` are the inventory's own entries."""
        self.requirements |= {v.id: v.text for i in summary.score.indicators for v in i.requirements}
        score = replace(summary.score, indicators=(), notes=())
        self.summaries.append(replace(summary, score=score, files=files, conflicts=(), notes=()))

    @property
    def findings(self) -> bool:
        return bool(self.beside or self.failures)


class Publisher:
    """Writes one year's outputs."""

    def __init__(
        self,
        workspace: Workspace,
        year: int,
        engine: Engine,
        settings: Settings,
        rubric: Rubric,
        templates: Templates,
        log: AuditLog,
    ) -> None:
        self._workspace, self._year, self._engine, self._log = workspace, year, engine, log
        self._settings, self._rubric, self._templates = settings, rubric, templates
        self._folder = workspace.outputs(year)
        self._published = Published(self._folder)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with whole_file(self._folder / ".可写") as (stream, _placed):
                stream.write(b"")
            (self._folder / ".可写").unlink()
        except OSError as error:
            raise UnusableWorkspace(
                f"写不进“{self._workspace.relative(self._folder)}”文件夹（{error.strerror}）：请检查它是否只读、磁盘是否已满。"
            ) from error

    def edition(
        self,
        guideline: Guideline,
        inventory: Inventory,
        decisions: tuple[Decision, ...],
        options: Options,
        unheeded: tuple[Problem, ...] = (),
    ) -> Edition:
        """What all documents of this run share; `run` names inputs, settings and version in twelve digits."""
        self._base = basis(guideline, self._rubric, self._settings, decisions, options.final)
        return Edition(
            year=self._year,
            version=__version__,
            run=self._run(inventory.files),
            stamp=f"{self._year}-12-31",
            guideline=guideline,
            final=options.final,
            masked=masked_kinds(self._settings.privacy.mask),
            unheeded=unheeded,
        )

    def publish(self, desk: Desk, edition: Edition, inventory: Inventory, progress: Progress) -> Published:
        """Writes everything but run.json and the log, which know how the run ended."""
        progress.stage("写文档", len(inventory.departments))
        before = Before(self._folder / "scores.json")
        moved, altered = self._moved(desk, inventory, before)
        sources = {r["id"]: r["source"] for r in evidence_lines(self._folder) if r["id"] in moved} if moved else {}
        self._stream("evidence.jsonl", self._departments(desk, edition, inventory, progress, moved, sources))
        self._school(desk, edition, inventory)
        self._place("guideline.json", dump(guidelines.as_json(edition.guideline)))
        infos = {info.name: info for info in inventory.departments}
        for name in altered:
            after = scores_json(desk.summary(infos[name])) if name in infos else None
            self._published.changes += changes_of(name, before.get(name), after, sources, desk.rules.decisions)
        self._stream("scores.json", scores_lines(desk.summary(info) for info in inventory.departments))
        self._place("changes.json", dump(self._published.changes))
        return self._published

    def _moved(self, desk: Desk, inventory: Inventory, before: Before) -> tuple[set[str], list[str]]:
        """Evidence that came or went since the run before, and the departments whose scores are other than then."""
        moved: set[str] = set()
        altered: list[str] = []
        for info in inventory.departments if before else ():
            old, new = before.get(info.name), scores_json(desk.summary(info))
            if old != new:
                altered.append(info.name)
                moved |= moved_evidence(old, new)
        gone = before.names() - {info.name for info in inventory.departments}
        return moved, sorted({*altered, *gone})

    def _departments(
        self,
        desk: Desk,
        edition: Edition,
        inventory: Inventory,
        progress: Progress,
        moved: set[str],
        sources: dict[str, str],
    ) -> Iterator[bytes]:
        """Writes each department's documents; gives its lines of evidence.jsonl."""

        def conduct(info: DepartmentInfo) -> tuple[DepartmentInfo, DepartmentSummary, bytes, Made | Broken]:
            made = self._made(desk, info, replace(edition, run=self._run(inventory.of(info.name))))
            return info, desk.summary(info), desk.piece(info, "lines"), made

        for info, summary, lines, made in self._engine.each(conduct, inventory.departments):
            yield lines
            if moved:
                rows = map(json.loads, lines.splitlines())
                sources.update((row["id"], row["source"]) for row in rows if row["id"] in moved)
            self._place_all(info.name, made)
            self._published.note(summary, inventory.of(info.name))
            progress.step(info.name)

    def _run(self, files: Sequence[FileEntry]) -> str:
        """Names what a department's documents were made from: another department's files are no part of it."""
        return content_key(self._base, *(f"{f.path}\0{f.sha256}" for f in files))[:12]

    def close(
        self,
        edition: Edition,
        inventory: Inventory,
        timings: dict[str, float],
        unheeded: tuple[Problem, ...] = (),
    ) -> None:
        """run.json and run.log, and the outputs of departments that are gone removed."""
        published = self._published
        self._remove_strays()
        whole = run_json(edition, inventory, published, self._rubric, self._base, timings)
        whole["unheeded"] = [{"path": p.path, "place": p.place, "message": p.sentence()} for p in unheeded]
        self._stream("run.json", with_files(whole, inventory.files))
        self._log.note(
            "完成", 运行=edition.run, 版本=edition.version, 输出=len(published.made), 未证实=len(published.failures)
        )
        with suppress(OSError):
            self._log.save(self._folder / "run.log")

    def _unmade(self, relative: str) -> bool:
        return (relative[: relative.rfind("/") + 1]) in self._published.unmade

    # ------------------------------------------------------------ documents

    def _made(self, desk: Desk, info: DepartmentInfo, edition: Edition) -> Made | Broken:
        if info.name in desk.broken:
            return desk.broken[info.name]
        means, settled = self._means(edition), desk.settled(info)
        key = content_key("write", build(), desk.key(info), encode((settled, means)))
        known = self._standing(key, write.folder_name(info.name))
        if known is not None:
            return known
        order = WriteOrder(msgspec.Raw(desk.piece(info, "dossier")), settled, means)
        task = Task("pipeline.write.batch:write_task", encode(order))
        return self._kept(key, self._engine.submit(task, self._limits(_WRITE_SECONDS)).result())

    def _school(self, desk: Desk, edition: Edition, inventory: Inventory) -> None:
        infos = inventory.departments
        order = SchoolOrder(
            store=str(self._engine.store.path),
            keys=tuple(desk.key(info) for info in infos),
            settled=tuple(desk.settled(info) for info in infos),
            duplicates=inventory.duplicates,
            means=self._means(edition),
        )
        key = content_key("school", build(), encode(replace(order, store="")))
        standing = self._standing(key, "")
        if standing is not None:
            return self._place_all("", standing)
        folder = self._engine.work
        task = Task("pipeline.write.batch:school_task", encode(replace(order, folder=str(folder))))
        body = self._engine.submit_here(task, self._limits(_SCHOOL_SECONDS, _SCHOOL_MIB)).result()
        if isinstance(body, Broken):
            return self._place_all("", body)
        names = sorted(msgspec.msgpack.decode(body, type=Made).files)
        for name in names:
            self._place(name, folder / name)
        self._engine.store.put(key, encode({name: _sha_of(folder / name) for name in names}))
        return None

    def _means(self, edition: Edition) -> Means:
        return Means(edition, self._rubric, self._settings, self._templates)

    def _limits(self, seconds: float, memory_mib: int = 0) -> Limits:
        return Limits(seconds, max(memory_mib, self._settings.reading.memory_mib))

    def _standing(self, key: str, folder: str) -> Made | None:
        """The files made under this key, where those on disk are still the same; None where they must be made."""
        kept = self._engine.store.get(key)
        known = msgspec.json.decode(kept, type=dict[str, str]) if kept is not None else None
        if known is None or any(_sha_of(self._folder / folder / name) != digest for name, digest in known.items()):
            return None
        return Made(dict.fromkeys(known, b""), unchanged=True)

    def _kept(self, key: str, body: bytes | Broken) -> Made | Broken:
        if isinstance(body, Broken):
            return body
        made = msgspec.msgpack.decode(body, type=Made)
        self._engine.store.put(key, encode({name: _sha(data) for name, data in made.files.items()}))
        return made

    def _place_all(self, department: str, made: Made | Broken) -> None:
        """The documents of a department, or with "" the school's, to their places."""
        folder = f"{write.folder_name(department)}/" if department else ""
        if isinstance(made, Broken):
            self._published.failures.append(
                f"“{department or '全校'}”的文档没有写成，原来的没有动：请检查磁盘空间和模板，再运行一次；"
                "仍不行请把 run.log 发给开发者。"
            )
            self._log.note("没有写成", 单位=department or "全校", 原因=made.why, 位置=made.detail)
            self._published.unmade.add(folder)
            return
        for name, data in made.files.items():
            if made.unchanged:
                self._published.made.add(folder + name)
                self._log.note("未变", 文件=self._workspace.relative(self._folder / (folder + name)))
            else:
                self._place(folder + name, data)

    # ------------------------------------------------------------ files

    def _place(self, relative: str, data: bytes | Path) -> None:
        """A file to its place, given as its bytes or as another file."""
        path = self._folder / relative
        with self._placing(relative):
            digest = _sha_of(data) if isinstance(data, Path) else _sha(data)
            if _sha_of(path) == digest:
                self._log.note("未变", 文件=self._workspace.relative(path), 散列=digest)
                return
            edited = (
                path.suffix in (".docx", ".xlsx") and path.is_file() and write.is_edited(path.name, path.read_bytes())
            )
            with whole_file(path, before=partial(self._set_aside, path) if edited else None) as (stream, placed):
                if isinstance(data, Path):
                    with data.open("rb") as source:
                        shutil.copyfileobj(source, stream)
                else:
                    stream.write(data)
            self._note(relative, placed[0], digest)

    def _stream(self, relative: str, pieces: Iterable[bytes]) -> None:
        """A file in pieces. All pieces are taken even when the disk is full: making them does more than fill this file."""
        taken = iter(pieces)
        digest = hashlib.sha256()
        with self._placing(relative):
            with whole_file(self._folder / relative) as (stream, placed):
                for piece in taken:
                    digest.update(piece)
                    stream.write(piece)
            self._note(relative, placed[0], digest.hexdigest())
        for _piece in taken:
            pass

    @contextmanager
    def _placing(self, relative: str) -> Iterator[None]:
        """Whatever the disk refuses becomes a sentence; the old file stays."""
        self._published.made.add(relative)
        try:
            yield
        except OSError as error:
            self._published.failures.append(
                f"写不进“{self._workspace.relative(self._folder / relative)}”（{error.strerror}），原来的文件没有动："
                "请检查磁盘空间和权限后再运行。"
            )

    def _note(self, relative: str, placed: Path, digest: str) -> None:
        if placed != self._folder / relative:
            self._published.beside.append(placed)
            self._published.made.add(placed.relative_to(self._folder).as_posix())
        self._log.note("写出", 文件=self._workspace.relative(placed), 散列=digest)

    def _set_aside(self, path: Path) -> None:
        home = self._folder / KEPT / path.relative_to(self._folder).parent
        digest = _sha(path.read_bytes())[:8]
        target = home / f"{path.stem}.{digest}{path.suffix}"
        home.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # open in Word: it stays, and the new one goes beside it
            path.replace(target)
            self._published.kept.append(target)

    def _remove_strays(self) -> None:
        """What an earlier run left and this one did not write: ours are removed, edited ones set aside, others stay."""
        for path in sorted(p for p in self._folder.rglob("*") if p.is_file()):
            relative = path.relative_to(self._folder).as_posix()
            if relative.startswith(KEPT) or relative in self._published.made | _LATE or self._unmade(relative):
                continue
            if path.name.startswith(PARTIAL):
                path.unlink(missing_ok=True)
            elif write.is_ours(relative):
                if write.is_edited(path.name, path.read_bytes()):
                    self._set_aside(path)
                else:
                    path.unlink(missing_ok=True)
        for folder in sorted((p for p in self._folder.iterdir() if p.is_dir()), reverse=True):
            with suppress(OSError):  # not empty: somebody's own files stay
                folder.rmdir()


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sha_of(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def dump(value: Any) -> bytes:
    """JSON as the outputs have it: readable, in a fixed order."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def scores_json(summary: DepartmentSummary) -> dict[str, Any]:
    """A department's entry of scores.json."""
    entry: dict[str, Any] = json.loads(encode(summary.score))
    return entry


def scores_lines(summaries: Iterable[DepartmentSummary]) -> Iterator[bytes]:
    """scores.json in pieces, as `dump` would give it whole."""
    yield b"{\n "
    yield from _listed(b'"departments"', (encode(summary.score) for summary in summaries), 1)
    yield b"\n}\n"


def basis(
    guideline: Guideline, rubric: Rubric, settings: Settings, decisions: tuple[Decision, ...], final: bool
) -> str:
    """Names everything but the originals that a run's documents depend on."""
    return content_key(__version__, encode((guideline, rubric, settings, decisions, final)))


def run_json(
    edition: Edition,
    inventory: Inventory,
    published: Published,
    rubric: Rubric,
    base: str,
    timings: dict[str, float],
) -> dict[str, Any]:
    """run.json (CONTRACT)."""
    return {
        "version": edition.version,
        "year": edition.year,
        "run": edition.run,
        "basis": base,
        "final": edition.final,
        "guideline": {"path": edition.guideline.path, "sha256": edition.guideline.sha256},
        "files": [],  # `with_files` fills them in, one at a time
        "departments": [_department_json(s) for s in published.summaries],
        "counts": counts(inventory, published),
        "duplicates": [asdict(d) for d in inventory.duplicates],
        "rubric": write.printed_rubric(rubric),
        "requirements": published.requirements,
        "masked": list(edition.masked),
        "frames": write.frames(),
        "timings": timings,
    }


def counts(inventory: Inventory, published: Published) -> dict[str, int]:
    """The school's counted figures."""
    by_status = {
        s: sum(f.status == s for f in inventory.files) for s in ("read", "failed", "skipped", "duplicate", "withheld")
    }
    passages = {
        s: sum(d.passages.get(s, 0) for d in published.summaries) for s in ("total", "accepted", "review", "none")
    }
    return {
        "departments": len(inventory.departments),
        "missing": len(inventory.missing()),
        "files": len(inventory.files),
        **by_status,
        **{f"passages_{k}": v for k, v in passages.items()},
        "events": sum(sum(d.events.values()) for d in published.summaries),
    }


def with_files(whole: dict[str, Any], files: Iterable[FileEntry]) -> Iterator[bytes]:
    """run.json in pieces, as `dump` would give it with all its files."""
    head, tail = dump(whole).split(b'"files": []', 1)
    yield head
    yield from _listed(b'"files"', (encode(entry) for entry in files), 1)
    yield tail


def _listed(key: bytes, rows: Iterable[bytes], depth: int) -> Iterator[bytes]:
    """A key and its list of objects as `dump` gives them at that depth, one object at a time."""
    margin = b"\n" + b" " * (depth + 1)
    between = key + b": ["
    for row in rows:
        yield between + margin + msgspec.json.format(row, indent=1).replace(b"\n", margin)
        between = b","
    yield b"\n" + b" " * depth + b"]" if between == b"," else key + b": []"


def _department_json(summary: DepartmentSummary) -> dict[str, Any]:
    return {
        "name": summary.name,
        "files": len(summary.files),
        "passages": summary.passages["total"],
        "missing": summary.missing,
        "events": summary.events,
        "roles": summary.roles,
        "by_status": summary.passages,
    }
