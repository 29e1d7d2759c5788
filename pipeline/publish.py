"""Writing outputs/YYYY/: every file whole or not at all, an edited one set aside first, what nobody wants removed.

Documents of a department are made by tasks (`write.batch`), many at a time; a document whose dossier, edition,
rubric and templates have not changed is not made again as long as the file on disk is the one that was made.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from pipeline import __version__, scoring, write
from pipeline import guideline as guidelines
from pipeline.dossiers import Desk, summary_of
from pipeline.engine import Broken, Engine, Limits, Task, content_key
from pipeline.engine.atomic import PARTIAL, whole_file, write_whole
from pipeline.engine.log import AuditLog
from pipeline.errors import UnusableWorkspace
from pipeline.inventory import Inventory
from pipeline.model import Decision, DepartmentInfo, DepartmentSummary, Dossier, Edition, Guideline, encode
from pipeline.privacy import masked_kinds
from pipeline.progress import Progress
from pipeline.scoring import Rubric
from pipeline.settings import Options, Settings
from pipeline.workspace import Workspace
from pipeline.write.batch import Made, WriteOrder
from pipeline.write.templates import Templates

KEPT = ".kept"
_LATE = {"run.json", "run.log"}  # written after everything else
_WRITE_SECONDS = 600  # a dossier of thousands of passages takes a minute; ten are a hang


@dataclass(slots=True)
class Published:
    """What was written where, and what a person must look at."""

    folder: Path
    beside: list[Path] = field(default_factory=list)  # outputs open elsewhere: the new one lies beside
    kept: list[Path] = field(default_factory=list)  # edited outputs, set aside
    failures: list[str] = field(default_factory=list)  # what could not be written or proved, as Chinese sentences
    made: set[str] = field(default_factory=set)  # paths relative to the folder
    summaries: list[DepartmentSummary] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)  # rows of changes.json

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
        self._before = read_json(self._folder / "scores.json")
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
        self, guideline: Guideline, inventory: Inventory, decisions: tuple[Decision, ...], options: Options
    ) -> Edition:
        """What all documents of this run share; `run` names inputs, settings and version in twelve digits."""
        parts: list[str | bytes] = [
            __version__,
            encode((guideline, self._rubric, self._settings, decisions, options.final)),
        ]
        parts += [f"{f.path}\0{f.sha256}" for f in inventory.files]
        return Edition(
            year=self._year,
            version=__version__,
            run=content_key(*parts)[:12],
            stamp=f"{self._year}-12-31",
            guideline=guideline,
            final=options.final,
            masked=masked_kinds(self._settings.privacy.mask),
        )

    def publish(self, desk: Desk, edition: Edition, inventory: Inventory, progress: Progress) -> Published:
        """Writes everything but run.json and the log, which know how the run ended."""
        progress.stage("写文档", len(inventory.departments))
        after = {"departments": [asdict(score) for score in desk.scores()]}
        moved = moved_evidence(self._before, after)
        sources = {row["id"]: row["source"] for row in evidence_lines(self._folder) if row["id"] in moved}
        with whole_file(self._folder / "evidence.jsonl") as (stream, _placed):

            def conduct(info: DepartmentInfo) -> tuple[Dossier, Made | str]:
                dossier = desk.dossier(info)
                return dossier, self._made(dossier, edition)

            for dossier, made in self._engine.each(conduct, inventory.departments):
                for item in dossier.evidence:
                    stream.write(json.dumps(item.as_json(), ensure_ascii=False).encode() + b"\n")
                    if item.id in moved:
                        sources[item.id] = item.source
                self._place_all(dossier.name, made)
                self._published.summaries.append(summary_of(dossier))
                progress.step(dossier.name)
        self._published.made.add("evidence.jsonl")
        self._school(desk, edition, inventory)
        self._place("guideline.json", dump(guidelines.as_json(edition.guideline)))
        self._published.changes = scoring.changes(self._before, after, sources, desk.decisions)
        self._place("scores.json", dump(after))
        self._place("changes.json", dump(self._published.changes))
        return self._published

    def close(self, edition: Edition, inventory: Inventory, timings: dict[str, float]) -> None:
        """run.json and run.log, and the outputs of departments that are gone removed."""
        published = self._published
        self._remove_strays()
        self._place("run.json", dump(run_json(edition, inventory, published, timings)))
        self._log.note(
            "完成", 运行=edition.run, 版本=edition.version, 输出=len(published.made), 未证实=len(published.failures)
        )
        with suppress(OSError):
            self._log.save(self._folder / "run.log")

    # ------------------------------------------------------------ documents

    def _made(self, dossier: Dossier, edition: Edition) -> Made | str:
        order = encode(WriteOrder(dossier, edition, self._rubric, self._settings, self._templates))
        key = content_key("write", __version__, order)
        kept = self._engine.store.get(key)
        if kept is not None:
            known = msgspec.json.decode(kept, type=dict[str, str])
            if all(self._digest(dossier.name, name) == digest for name, digest in known.items()):
                return Made(dict.fromkeys(known, b""), unchanged=True)
        limits = Limits(_WRITE_SECONDS, self._settings.reading.memory_mib)
        body = self._engine.submit(Task("pipeline.write.batch:write_task", order), limits).result()
        if isinstance(body, Broken):
            return body.detail or body.why
        made = msgspec.msgpack.decode(body, type=Made)
        self._engine.store.put(key, encode({name: _sha(data) for name, data in made.files.items()}))
        return made

    def _digest(self, department: str, name: str) -> str:
        path = self._folder / write.folder_name(department) / name
        return _sha(path.read_bytes()) if path.is_file() else ""

    def _place_all(self, department: str, made: Made | str) -> None:
        if isinstance(made, str):
            self._published.failures.append(
                f"“{department}”的文档没有写成：请把 run.log 发给开发者，并检查模板是否改动过。"
            )
            self._log.note("没有写成", 单位=department, 原因=made)
            return
        for name, data in made.files.items():
            relative = f"{write.folder_name(department)}/{name}"
            if made.unchanged:
                self._published.made.add(relative)
            else:
                self._place(relative, data)

    def _school(self, desk: Desk, edition: Edition, inventory: Inventory) -> None:
        for name, data in write.school_documents(
            self._published.summaries,
            inventory.duplicates,
            desk.dossiers,
            edition,
            self._rubric,
            self._settings,
            self._templates,
        ):
            self._place(name, data)

    def _place(self, relative: str, data: bytes) -> None:
        path = self._folder / relative
        if path.is_file():
            present = path.read_bytes()
            if present != data and write.is_edited(path.name, present):
                self._set_aside(path)
        try:
            placed = write_whole(path, data)
        except OSError as error:
            self._published.failures.append(
                f"写不进“{self._workspace.relative(path)}”（{error.strerror}），原来的文件没有动：请检查磁盘空间和权限后再运行。"
            )
            return
        if placed != path:
            self._published.beside.append(placed)
        self._published.made.add(relative)
        self._published.made.add(placed.relative_to(self._folder).as_posix())
        self._log.note("写出", 文件=self._workspace.relative(placed), 散列=_sha(data))

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
            if relative.startswith(KEPT) or relative in self._published.made | _LATE:
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


def read_json(path: Path) -> Any:
    """A JSON file's value, or None where there is none to read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def dump(value: Any) -> bytes:
    """JSON as the outputs have it: readable, in a fixed order."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def moved_evidence(before: Any, after: dict[str, Any]) -> set[str]:
    """Ids of evidence that carries an indicator or verdict in one of two scores.json and not in the other."""

    def carried(scores: Any) -> set[tuple[str, str, str]]:
        return {
            (department["name"], place["code" if "code" in place else "id"], ident)
            for department in (scores or {}).get("departments", ())
            for indicator in department["indicators"]
            for place in (indicator, *indicator["requirements"])
            for ident in place["evidence"]
        }

    return {ident for _name, _place, ident in carried(before) ^ carried(after)} if before else set()


def run_json(edition: Edition, inventory: Inventory, published: Published, timings: dict[str, float]) -> dict[str, Any]:
    """run.json (CONTRACT)."""
    return {
        "version": edition.version,
        "year": edition.year,
        "run": edition.run,
        "guideline": {"path": edition.guideline.path, "sha256": edition.guideline.sha256},
        "files": [_file_json(f) for f in inventory.files],
        "departments": [_department_json(s) for s in published.summaries],
        "counts": counts(inventory, published),
        "duplicates": [asdict(d) for d in inventory.duplicates],
        "requirements": requirements(published.summaries),
        "masked": list(edition.masked),
        "frames": write.frames(),
        "timings": timings,
    }


def requirements(summaries: list[DepartmentSummary]) -> dict[str, str]:
    """Every requirement that was decided, by its id: the guideline's, said for each person or body it binds."""
    verdicts = (v for s in summaries for i in s.score.indicators for v in i.requirements)
    return {verdict.id: verdict.text for verdict in verdicts}


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


def _file_json(entry: Any) -> dict[str, Any]:
    row = asdict(entry)
    if entry.characters is not None:
        row["characters"] = asdict(entry.characters)
    return row


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


def evidence_lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of a run's evidence.jsonl, one at a time; none where there is no run to read."""
    with suppress(OSError, ValueError), (folder / "evidence.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
