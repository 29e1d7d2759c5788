"""One department at a time: its documents mapped, its events counted, its scores suggested.

A dossier is made by a task (`dossier_task`), many departments at a time, and kept in the store in three pieces: all of
it, its summary, and its lines of evidence.jsonl. The run itself holds one department's figures, never its passages, so
its memory does not grow with the batch. What the classifier has learnt (`learn_task`) is kept too, and travels to a
child once.
"""

import json
import tempfile
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from pipeline import intake
from pipeline.engine import Broken, Engine, Limits, Task, build, content_key
from pipeline.engine.log import AuditLog
from pipeline.errors import UnusableWorkspace
from pipeline.inventory import Inventory
from pipeline.model import (
    Decision,
    DepartmentInfo,
    DepartmentScore,
    DepartmentSummary,
    Document,
    Dossier,
    FileEntry,
    Filing,
    Guideline,
    Problem,
    decode,
    encode,
)
from pipeline.progress import Progress
from pipeline.read.batch import ReadReply, read_reply
from pipeline.review import teaching
from pipeline.scoring import Rubric
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from pipeline.write.batch import Settled

if TYPE_CHECKING:
    from pipeline.mapping import Mapper

_DOSSIER_SECONDS = 3600  # thousands of files take minutes; an hour is a hang
_LEARN_SECONDS = 1800  # ten seconds on a plain machine
_KINDS = ("dossier", "summary", "lines")


@dataclass(frozen=True, slots=True)
class Rules:
    """What all dossiers of a run depend on, besides the departments' own files."""

    settings: Settings
    guideline: Guideline
    rubric: Rubric
    decisions: tuple[Decision, ...]
    year: int


@dataclass(frozen=True, slots=True)
class DossierOrder:
    """What a child needs for one department. `replies` are ReadReplies, parallel to `paths`; `lesson` names what was learnt."""

    rules: Rules
    info: DepartmentInfo
    files: tuple[FileEntry, ...]
    paths: tuple[str, ...]
    replies: tuple[msgspec.Raw, ...]
    lesson: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """A dossier in the pieces that are kept; `wanted`: the child has not got the lesson yet."""

    dossier: bytes = b""
    summary: bytes = b""
    lines: bytes = b""
    wanted: bool = False


# ---------------------------------------------------------------- in the child


def learn_task(argument: bytes, data: bytes) -> bytes:
    """Rules in; what the mapper has learnt from them out."""
    from pipeline.mapping import open_mapper

    rules = decode(argument, Rules)
    with tempfile.TemporaryDirectory(prefix="shuangchuang-") as folder:
        open_mapper(rules.guideline, rules.settings, rules.decisions, Path(folder))
        (learnt,) = Path(folder).glob("mapper-*.npz")
        return learnt.name.encode() + b"\n" + learnt.read_bytes()


_mappers: dict[str, "Mapper"] = {}  # the one mapper that this child has


def _mapper(order: DossierOrder, lesson: bytes) -> "Mapper | None":
    from pipeline.mapping import open_mapper

    rules = order.rules
    name = content_key(order.lesson, encode(rules.settings))  # a cluster's child outlives a run and its settings
    if name not in _mappers and lesson:
        file, _, learnt = lesson.partition(b"\n")
        with tempfile.TemporaryDirectory(prefix="shuangchuang-") as folder:
            (Path(folder) / file.decode()).write_bytes(learnt)
            mapper = open_mapper(rules.guideline, rules.settings, rules.decisions, Path(folder))
        _mappers.clear()
        _mappers[name] = mapper
    return _mappers.get(name)


def dossier_task(argument: bytes, data: bytes) -> bytes:
    """DossierOrder and, where the child asked for it, the lesson in; Bundle out."""
    order = decode(argument, DossierOrder)
    documents = {
        path: document
        for path, reply in zip(order.paths, order.replies, strict=True)
        if (document := decode(bytes(reply), ReadReply).document) is not None
    }
    mapper = _mapper(order, data) if documents else None
    if documents and mapper is None:
        return msgspec.msgpack.encode(Bundle(wanted=True))
    dossier = make_dossier(order, documents, mapper)
    lines = [json.dumps(item.as_json(), ensure_ascii=False) + "\n" for item in dossier.evidence]
    return msgspec.msgpack.encode(Bundle(encode(dossier), encode(summary_of(dossier)), "".join(lines).encode()))


class Files(Protocol):
    """Says where each passage of a document goes: the mapper, or what a run has already decided."""

    def file(self, path: str, document: Document) -> tuple[Filing, ...]: ...


def make_dossier(order: DossierOrder, documents: dict[str, Document], mapper: Files | None) -> Dossier:
    """From documents to scores: filed, honoured what a person decided, numbered, counted, scored."""
    from pipeline import facts, review, scoring
    from pipeline.evidence import evidence_of, mark_repeats

    rules, info = order.rules, order.info
    found = [
        item
        for path, document in documents.items()
        if mapper is not None
        for item in evidence_of(info.name, path, document, mapper.file(path, document), rules.year)
    ]
    decisions = review.in_force(rules.decisions, info.name, rules.year)
    left_out = {entry.path: entry.left_out for entry in order.files if entry.left_out}
    evidence, stale = review.honour(
        mark_repeats(found), decisions, rules.year, rules.settings.review, left_out, rules.decisions
    )
    evidence = review.assign_numbers(evidence, decisions, {entry.path: entry.sha256 for entry in order.files})
    told = facts.find_facts(info, evidence, rules.guideline, rules.year)
    texts = {item.id: item.text for item in evidence}
    told = replace(told, conflicts=review.open_conflicts(told.conflicts, decisions, texts))
    score = scoring.score_department(
        info, rules.guideline, rules.rubric, evidence, told, order.files, decisions, rules.year
    )
    return Dossier(info, order.files, evidence, told, score, stale)


def summary_of(dossier: Dossier) -> DepartmentSummary:
    """What the roll-up and the page keep of a dossier."""
    statuses = [e.status for e in dossier.evidence]
    held = [e.kind for e in dossier.facts.events if e.status == "held"]
    roles = [e.role for e in dossier.evidence if e.status == "accepted"]
    return DepartmentSummary(
        info=dossier.info,
        score=dossier.score,
        files=dossier.files,
        conflicts=dossier.facts.conflicts,
        notes=dossier.facts.notes,
        passages={"total": len(statuses), **_counted(statuses)},
        events=_counted(held),
        roles=_counted(roles),
        stale=dossier.stale,
    )


def _counted(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in sorted(set(values))}


# ---------------------------------------------------------------- in the run


class Desk:
    """Has dossiers made and fetches their pieces. `settle` gives the scores their final grades before anything is written."""

    def __init__(self, engine: Engine, workspace: Workspace, rules: Rules, log: AuditLog) -> None:
        self._engine, self._workspace, self._log = engine, workspace, log
        self.rules = rules
        self.broken: dict[str, Broken] = {}  # departments whose material could not be filed
        self._without: dict[str, tuple[bytes, bytes, bytes]] = {}  # their dossiers without passages
        self._settled: dict[str, Settled] = {}
        self._limits = Limits(_DOSSIER_SECONDS, rules.settings.reading.memory_mib)
        self._rules = encode(rules)
        self._lesson = content_key("lesson", build(), encode((rules.guideline, teaching(rules.decisions))))
        self._learning: Future[bytes | Broken] | None = None
        self._learnt = b""
        self._learning_lock = threading.Lock()

    def learn(self) -> None:
        """Starts what takes longest where it is not kept, so that it is done while files are read."""
        if not self._engine.store.has(self._lesson):
            self._learn()

    def _learn(self) -> None:
        limits = replace(self._limits, seconds=_LEARN_SECONDS)
        self._learning = self._engine.submit(Task("pipeline.dossiers:learn_task", self._rules), limits)

    def scores(self, inventory: Inventory, progress: Progress) -> list[DepartmentScore]:
        """Each department's score in their order, without reasons and evidence: what grades are given by."""
        self._inventory = inventory
        progress.stage("归类与统计", len(inventory.departments))
        found = []
        for score in self._engine.each(self._slim, inventory.departments):
            found.append(score)
            progress.step(score.name)
        self._learnt = b""  # tens of MiB that are not needed any more
        return found

    def settle(self, scores: Iterable[DepartmentScore]) -> None:
        """The scores as they stand after the whole school was looked at (quotas)."""
        self._settled = {score.name: Settled(score.grade, score.notes) for score in scores}

    def settled(self, info: DepartmentInfo) -> Settled:
        """What `settle` has fixed for a department."""
        return self._settled[info.name]

    def key(self, info: DepartmentInfo) -> str:
        """Names everything that a department's dossier depends on."""
        return content_key("dossier", build(), self._rules, encode((info, self._inventory.of(info.name))))

    def piece(self, info: DepartmentInfo, kind: str) -> bytes:
        """A dossier's `dossier` (Dossier), `summary` (DepartmentSummary) or `lines` (of evidence.jsonl)."""
        key = self.key(info)
        kept = self._engine.store.get(f"{key}.{kind}")
        return kept if kept is not None else dict(zip(_KINDS, self._made(info, key), strict=True))[kind]

    def summary(self, info: DepartmentInfo) -> DepartmentSummary:
        """A department's summary, with what `settle` has fixed."""
        summary = decode(self.piece(info, "summary"), DepartmentSummary)
        return replace(summary, score=self._settled[info.name].score(summary.score))

    def _slim(self, info: DepartmentInfo) -> DepartmentScore:
        score = decode(self.piece(info, "summary"), DepartmentSummary).score
        figures = tuple(replace(i, reasons=(), evidence=(), requirements=()) for i in score.indicators)
        return replace(score, indicators=figures)

    def _made(self, info: DepartmentInfo, key: str) -> tuple[bytes, bytes, bytes]:
        if info.name in self._without:
            return self._without[info.name]
        files = self._inventory.of(info.name)
        replies = {entry.path: reply for entry in files if isinstance(reply := self._reply(entry), bytes)}
        order = DossierOrder(
            self.rules, info, files, tuple(replies), tuple(map(msgspec.Raw, replies.values())), self._lesson
        )
        bundle = self._bundle(order)
        if isinstance(bundle, Broken):
            self._log.note("没有归类", 单位=info.name, 原因=bundle.why, 位置=bundle.detail)
            self.broken[info.name] = bundle
            self._without[info.name] = self._empty(order)
            return self._without[info.name]
        pieces = bundle.dossier, bundle.summary, bundle.lines
        for kind, value in zip(_KINDS, pieces, strict=True):
            self._engine.store.put(f"{key}.{kind}", value)
        return pieces

    def _empty(self, order: DossierOrder) -> tuple[bytes, bytes, bytes]:
        """A dossier without passages, so that the rest of the school is complete."""
        bundle = self._bundle(replace(order, paths=(), replies=()))
        if isinstance(bundle, Broken):
            raise RuntimeError(f"no dossier even without documents: {bundle.why} {bundle.detail}")
        return bundle.dossier, bundle.summary, bundle.lines

    def _reply(self, entry: FileEntry) -> bytes | Problem | None:
        """A file's ReadReply where it was read and counts, else None."""
        source = self._inventory.sources[entry.path]
        if entry.status != "read" or source.status is not None:
            return None
        settings = self.rules.settings
        return read_reply(
            self._engine, settings, source, partial(intake.load, self._workspace, reading=settings.reading)
        )

    def _bundle(self, order: DossierOrder) -> Bundle | Broken:
        task = Task("pipeline.dossiers:dossier_task", encode(order))
        body = self._engine.submit(task, self._limits).result()
        if not isinstance(body, Broken) and msgspec.msgpack.decode(body, type=Bundle).wanted:
            body = self._engine.submit(replace(task, data=self._taught()), self._limits).result()
        return body if isinstance(body, Broken) else msgspec.msgpack.decode(body, type=Bundle)

    def _taught(self) -> bytes:
        """The lesson, from the store or from the child that is still learning it."""
        with self._learning_lock:
            if not self._learnt:
                kept = None if self._learning is not None else self._engine.store.get(self._lesson)
                self._learnt = kept if kept is not None else self._learning_done()
        return self._learnt

    def _learning_done(self) -> bytes:
        if self._learning is None:
            self._learn()
        assert self._learning is not None
        body = self._learning.result()
        if isinstance(body, Broken):
            raise UnusableWorkspace(
                f"归类模型没有学成（{body.why} {body.detail}）：请关闭其他程序、腾出内存后再运行一次。"
            )
        self._engine.store.put(self._lesson, body)
        return body
