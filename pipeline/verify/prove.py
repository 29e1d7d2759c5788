"""The conduct of a proof: originals read again, dossiers made again, every document held against them."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from pipeline import __version__, intake, review, scoring, write
from pipeline import guideline as guidelines
from pipeline.dossiers import Desk, DossierOrder, Rules, make_dossier, summary_of
from pipeline.engine import Broken, Engine, Limits, Task, build, content_key, open_engine
from pipeline.engine.lock import only_run
from pipeline.engine.log import AuditLog
from pipeline.inventory import Inventory, read_submissions
from pipeline.model import DepartmentInfo, Edition, FileEntry, Problem, decode, encode
from pipeline.moves import Before
from pipeline.privacy import mask, masked_kinds
from pipeline.progress import Progress
from pipeline.publish import basis, dump, scores_json
from pipeline.read.batch import read_reply
from pipeline.verify.batch import Checked, CheckOrder
from pipeline.verify.document import check_word
from pipeline.verify.model import Proof, Unproved
from pipeline.verify.rebuild import AGAIN, EVIDENCE, Rebuilt
from pipeline.verify.workbook import Listed, check_workbook, listed_by_department
from pipeline.workspace import Workspace
from pipeline.write.batch import Made, Means, SchoolOrder
from pipeline.write.names import PAGE, REVIEW_LIST
from pipeline.write.templates import SCHOOL, Templates

_CHECK_SECONDS = 600  # a department of thousands of passages takes a minute; ten are a hang
_SCHOOL_SECONDS = 3600
_SCHOOL_MIB = 4096
_SERIAL = "序号"  # the column of 审阅清单.xlsx that counts through all departments
UNCHECKED = "这个单位的文档没有核对完：请关闭其他程序后再运行一次 shuangchuang verify。"
Rows = Callable[[str], Listed | None]  # a department's rows of 审阅清单.xlsx
_SAID_BY_FILE = ("sha256", "status", "kind", "passages", "bytes")


class Again(Desk):
    """Makes dossiers anew from the originals, filed as evidence.jsonl has it; nothing of them is kept between runs."""

    def __init__(self, engine: Engine, workspace: Workspace, rules: Rules, lines: "Lines", trusted: bool) -> None:
        super().__init__(engine, workspace, rules, AuditLog())
        self._lines, self._trusted = lines, trusted
        self.unproved: dict[str, tuple[Unproved, ...]] = {}

    def key(self, info: DepartmentInfo) -> str:
        """Another key than a run's: what a run has kept is what is to be proved."""
        return "again" + super().key(info)

    def over(self, inventory: Inventory) -> None:
        """The originals that there are."""
        self._inventory = inventory

    def rebuilt(self, info: DepartmentInfo) -> tuple[bytes, bytes]:
        """The dossier and summary of one department; where its lines differ is noted in `unproved`."""
        files = self._inventory.of(info.name)
        replies = {e.path: msgspec.Raw(reply) for e in files if isinstance(reply := self._reply(e), bytes)}
        order = DossierOrder(self.rules, info, files, tuple(replies), tuple(replies.values()), "")
        task = Task("pipeline.verify.rebuild:rebuild_task", encode(order), self._lines.of(info.name))
        body = self._engine.submit(task, self._limits).result()
        if isinstance(body, Broken):
            return self._nothing(info, order)
        found = msgspec.msgpack.decode(body, type=Rebuilt)
        self.unproved[info.name] = found.unproved
        return found.dossier, found.summary

    def _nothing(self, info: DepartmentInfo, order: DossierOrder) -> tuple[bytes, bytes]:
        """A dossier without passages where it could not be made again; what it leaves unproved is named as a whole."""
        self.broken[info.name] = Broken("died")
        self.unproved[info.name] = (Unproved(write.folder_name(info.name), "", "", UNCHECKED),)
        dossier = make_dossier(replace(order, paths=(), replies=()), {}, None)
        return encode(dossier), encode(summary_of(dossier))

    def _reply(self, entry: FileEntry) -> bytes | Problem | None:
        source = self._inventory.sources[entry.path]
        if entry.status != "read" or source.status is not None:
            return None
        settings = self.rules.settings
        load = partial(intake.load, self._workspace, reading=settings.reading)
        return read_reply(self._engine, settings, source, load, again=self._trusted)

    def _made(self, info: DepartmentInfo, key: str) -> tuple[bytes, bytes, bytes]:
        dossier, summary = self.rebuilt(info)
        for kind, value in (("dossier", dossier), ("summary", summary)):
            self._engine.store.put(f"{key}.{kind}", value)
        return dossier, summary, b""


class _Line(msgspec.Struct):
    """What is looked at of a line of evidence.jsonl before it is fetched."""

    department: str


class Lines:
    """The lines of evidence.jsonl by department, fetched when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, list[tuple[int, int]]] = {}  # where stretches of lines begin, and their bytes
        begin = position = 0
        with path.open("rb") as stream:
            for name, lines in groupby(stream, _owner):
                position += sum(map(len, lines))
                self._places.setdefault(name, []).append((begin, position - begin))
                begin = position

    def names(self) -> tuple[str, ...]:
        """The departments that have lines."""
        return tuple(self._places)

    def of(self, name: str) -> bytes:
        """A department's lines, in their order."""
        with self._path.open("rb") as stream:
            return b"".join(_piece(stream, *place) for place in self._places.get(name, ()))


def _owner(line: bytes) -> str:
    return msgspec.json.decode(line, type=_Line).department


def _piece(stream: Any, start: int, length: int) -> bytes:
    stream.seek(start)
    data: bytes = stream.read(length)
    return data


@dataclass(frozen=True, slots=True)
class Job:
    """What a proof needs to know of a run."""

    workspace: Workspace
    rules: Rules
    templates: Templates
    folder: Path  # outputs/YYYY

    def means(self, edition: Edition) -> Means:
        return Means(edition, self.rules.rubric, self.rules.settings, self.templates)


# ---------------------------------------------------------------- everything


def prove_all(job: Job, progress: Progress, jobs: int = 0) -> Proof:
    """Opens every original again, OCR included, with a store of its own that goes afterwards."""
    home = job.workspace.store / "verify"
    memory = job.rules.settings.reading.memory_mib
    try:
        with only_run(job.workspace.store), open_engine(home, jobs, fresh=True, memory_mib=memory) as engine:
            return _prove_all(job, engine, progress)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _prove_all(job: Job, engine: Engine, progress: Progress) -> Proof:
    run = json.loads((job.folder / "run.json").read_text(encoding="utf-8"))
    final = bool(run.get("final"))
    rules, stale = _rules_of(job, run, final)
    job = replace(job, rules=rules)
    inventory = read_submissions(engine, job.workspace, rules.settings, rules.decisions, progress, AuditLog())
    unproved = [*stale, *_files(run, inventory)]
    lines = Lines(job.folder / EVIDENCE)
    desk = Again(engine, job.workspace, rules, lines, trusted=False)
    scores = scoring.settle_grades(desk.scores(inventory, progress), rules.rubric)
    desk.settle(review.decided_grades(scores, rules.decisions))
    names = {info.name for info in inventory.departments}
    edition = Edition(
        unheeded=review.unheeded(_carried(job), names, ()),
        year=rules.year,
        version=__version__,
        run=str(run.get("run", "")),
        stamp=f"{rules.year}-12-31",
        guideline=rules.guideline,
        final=final,
        masked=masked_kinds(rules.settings.privacy.mask),
    )
    listed = _listed(job, engine)
    known = {info.name for info in inventory.departments}
    unproved += [
        Unproved(EVIDENCE, "", name, f"这个单位现在没有材料：{AGAIN}") for name in lines.names() if name not in known
    ]
    checked = list(_departments(job, engine, desk, inventory, edition, listed, progress))
    unproved += [failure for one in checked for failure in one.unproved]
    unproved += _data(job, desk, inventory)
    judged = frozenset(failure.place for failure in unproved if failure.document == REVIEW_LIST)
    school = _school(job, engine, desk, inventory, edition, judged)
    unproved += school.unproved
    return _proof([*checked, school], unproved, rules)


def _rules_of(job: Job, run: Any, final: bool) -> tuple[Rules, list[Unproved]]:
    """The rules that the run went by (it may have gone without decisions), and a finding where they have changed."""
    for rules in (job.rules, replace(job.rules, decisions=())):
        if run.get("basis") == basis(rules.guideline, rules.rubric, rules.settings, rules.decisions, final):
            return rules, []
    message = "指南、评分办法、设置、人工决定或程序版本在上次运行之后有改动，以下可能因此对不上："
    return job.rules, [Unproved("run.json", "", "", message + AGAIN)]


def _carried(job: Job) -> review.Carried:
    """What decisions.xlsx holds for this run; nothing where the run went without it."""
    rules = job.rules
    found = review.recall(job.workspace, rules.guideline, rules.year)
    return found if found.all == rules.decisions else review.Carried()


def _files(run: Any, inventory: Inventory) -> Iterator[Unproved]:
    """Originals that changed, came or went since the run."""
    now = {entry.path: entry for entry in inventory.files}
    for row in run.get("files", ()):
        entry: FileEntry | None = now.pop(row["path"], None)
        if entry is None:
            yield Unproved(row["path"], "", "", f"上次运行时有这个原件，现在没有了：{AGAIN}")
        elif entry.sha256 != row["sha256"]:
            yield Unproved(row["path"], "", "", f"原件在上次运行之后改过（散列不同）：{AGAIN}")
        elif any(getattr(entry, key) != row[key] for key in _SAID_BY_FILE):
            yield Unproved(row["path"], "", "", f"现在读出的结果与上次运行不同：{AGAIN}")
    for path in now:
        yield Unproved(path, "", "", f"原件是上次运行之后放进来的：{AGAIN}")


def _data(job: Job, desk: Desk, inventory: Inventory) -> Iterator[Unproved]:
    """scores.json and guideline.json against what counting anew gives."""
    before = Before(job.folder / "scores.json")
    for info in inventory.departments:
        mine, theirs = before.get(info.name), scores_json(desk.summary(info))
        if mine != theirs:
            place = f"{info.name} {_where(mine, theirs)}".strip()
            yield Unproved("scores.json", place, "", f"与按原件重新统计的结果不一致：{AGAIN}")
    if (job.folder / "guideline.json").read_bytes() != dump(guidelines.as_json(job.rules.guideline)):
        yield Unproved("guideline.json", "", "", f"与指南原件不一致：{AGAIN}")


def _where(mine: Any, theirs: Any) -> str:
    """The indicator in which two entries of scores.json differ first."""
    if not isinstance(mine, dict):
        return ""
    pairs = zip(mine.get("indicators", ()), theirs["indicators"], strict=False)
    return next((str(right["code"]) for left, right in pairs if left != right), "")


# ---------------------------------------------------------------- what changed


def prove_changed(
    job: Job, engine: Engine, desk: Desk, inventory: Inventory, edition: Edition, progress: Progress
) -> Proof:
    """At a run's end: each department whose documents or originals no kept proof covers, its originals opened again.

    Scanned pages are not recognised again: the store has them by their content.
    """
    marks = {info.name: _mark(job, desk, info) for info in inventory.departments}
    whole = content_key("proof of all", build(), _review_list(job.folder), *marks.values())
    proved = engine.store.get(whole)
    if proved is not None:
        every = decode(proved, tuple[Checked, ...])
        return _proof(every, [failure for one in every for failure in one.unproved], desk.rules)
    listed = _listed(job, engine)
    again = Again(engine, job.workspace, desk.rules, Lines(job.folder / EVIDENCE), trusted=True)
    again.over(inventory)

    def conduct(info: DepartmentInfo) -> Checked:
        documents = _documents(job.folder, info)
        own = listed(info.name)
        key = content_key("proof", build(), marks[info.name], encode(_unnumbered(own)))
        kept = engine.store.get(key)
        if kept is not None:
            return decode(kept, Checked)
        dossier, _summary = again.rebuilt(info)
        if info.name in again.broken:
            return Checked(0, 0, 0, again.unproved[info.name])
        fresh = dossier == desk.piece(info, "dossier")
        order = CheckOrder(
            msgspec.Raw(dossier), desk.settled(info), job.means(edition), desk.rules.decisions,
            write.folder_name(info.name), own, fresh,
        )  # fmt: skip
        checked = _checked(engine, order, documents, again.unproved[info.name])
        if not checked.unproved:  # a failure names the row, which other departments' rows move
            engine.store.put(key, encode(checked))
        return checked

    progress.stage("核对出处", len(inventory.departments))
    found = []
    for one in engine.each(conduct, inventory.departments):
        found.append(one)
        progress.step()
    if not any(one.unproved for one in found):
        engine.store.put(whole, encode(tuple(found)))
    return _proof(found, [failure for one in found for failure in one.unproved], desk.rules)


# ---------------------------------------------------------------- shared


def _departments(
    job: Job,
    engine: Engine,
    desk: Again,
    inventory: Inventory,
    edition: Edition,
    listed: Rows,
    progress: Progress,
) -> Iterator[Checked]:
    def conduct(info: DepartmentInfo) -> Checked:
        if info.name in desk.broken:
            return Checked(0, 0, 0, desk.unproved[info.name])
        order = CheckOrder(
            msgspec.Raw(desk.piece(info, "dossier")), desk.settled(info), job.means(edition), desk.rules.decisions,
            write.folder_name(info.name), listed(info.name),
        )  # fmt: skip
        return _checked(engine, order, _documents(job.folder, info), desk.unproved.get(info.name, ()))

    progress.stage("核对出处", len(inventory.departments))
    for checked in engine.each(conduct, inventory.departments):
        yield checked
        progress.step()


def _checked(engine: Engine, order: CheckOrder, documents: dict[str, bytes], before: Sequence[Unproved]) -> Checked:
    limits = Limits(_CHECK_SECONDS, order.means.settings.reading.memory_mib)
    task = Task("pipeline.verify.batch:check_task", encode(order), msgspec.msgpack.encode(documents))
    body = engine.submit(task, limits).result()
    if isinstance(body, Broken):
        failure = Unproved(
            order.folder, "", "", "这个单位的文档没有核对完：请关闭其他程序后再运行一次 shuangchuang verify。"
        )
        return Checked(0, 0, 0, (*before, failure))
    checked = decode(body, Checked)
    return replace(checked, unproved=(*before, *checked.unproved))


def _documents(folder: Path, info: DepartmentInfo) -> dict[str, bytes]:
    """A department's finished Word and Excel files; one that was written beside an open one counts instead of it."""
    home = folder / write.folder_name(info.name)
    found: dict[str, bytes] = {}
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        name = path.stem.removesuffix("（新）") + path.suffix
        if (
            path.suffix in (".docx", ".xlsx")
            and write.is_ours(f"x/{path.name}")
            and (name not in found or name != path.name)
        ):
            found[name] = path.read_bytes()
    return found


def _mark(job: Job, desk: Desk, info: DepartmentInfo) -> str:
    """Names a department's dossier and its documents as they are on the disk."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in _documents(job.folder, info).items()}
    return content_key(desk.key(info), encode((desk.settled(info), digests, job.templates)))


def _review_list(folder: Path) -> bytes:
    path = folder / REVIEW_LIST
    return path.read_bytes() if path.is_file() else b""


def _listed(job: Job, engine: Engine) -> Rows:
    """A department's rows of 审阅清单.xlsx; a child opens it and lays them into a file, for they grow with the departments."""
    limits = Limits(_SCHOOL_SECONDS, max(_SCHOOL_MIB, job.rules.settings.reading.memory_mib))
    data = _review_list(job.folder)
    path = engine.work / "rows"
    task = Task("pipeline.verify.batch:listed_task", str(path).encode(), data)
    body = engine.submit_here(task, limits).result() if data else b"{}"
    if isinstance(body, Broken):  # no room for the file
        return listed_by_department(data).get
    return partial(_rows_of, path, decode(body, dict[str, tuple[int, int]]))


def _rows_of(path: Path, places: dict[str, tuple[int, int]], name: str) -> Listed | None:
    if name not in places:
        return None
    with path.open("rb") as stream:
        return decode(_piece(stream, *places[name]), Listed)


def _unnumbered(own: Listed | None) -> list[list[str]]:
    """The rows without their places: another department's rows move them, and nothing else."""
    if own is None:
        return []
    serial = own.head.index(_SERIAL) if _SERIAL in own.head else len(own.head)
    return [[cell for place, cell in enumerate(row) if place != serial] for _number, row in own.rows]


def _school(
    job: Job, engine: Engine, desk: Again, inventory: Inventory, edition: Edition, judged: frozenset[str]
) -> Checked:
    """The school's documents against those that counting anew gives; they quote nothing but in the review list."""
    infos = inventory.departments
    order = SchoolOrder(
        store=str(engine.store.path),
        keys=tuple(desk.key(info) for info in infos),
        settled=tuple(desk.settled(info) for info in infos),
        duplicates=inventory.duplicates,
        means=job.means(edition),
    )
    limits = Limits(_SCHOOL_SECONDS, max(_SCHOOL_MIB, job.rules.settings.reading.memory_mib))
    body = engine.submit_here(Task("pipeline.write.batch:school_task", encode(order)), limits).result()
    if isinstance(body, Broken):
        return Checked(0, 0, 0, (Unproved(SCHOOL, "", "", "全校的文档没有核对完：请关闭其他程序后再运行一次。"),))
    return _school_files(job, msgspec.msgpack.decode(body, type=Made).files, judged)


def _school_files(job: Job, expected: dict[str, bytes], judged: frozenset[str]) -> Checked:
    guideline = [i.text for i in job.rules.guideline.indicators]
    statements, unproved = 0, []
    for name, right in expected.items():
        path = job.folder / name
        data = path.read_bytes() if path.is_file() else None
        if data is None:
            unproved.append(Unproved(name, "", "", f"没有这个文件：{AGAIN}"))
        elif name == PAGE:
            if data != right:
                unproved.append(Unproved(name, "", "", f"与按原件重新统计的结果不一致：{AGAIN}"))
        else:
            word = name.endswith(".docx")
            tally = (
                check_word(name, data, right, None, guideline)
                if word
                else check_workbook(name, data, right, judged=judged if name == REVIEW_LIST else frozenset())
            )
            statements += tally.statements
            unproved += tally.unproved
    return Checked(len(expected), statements, 0, tuple(unproved))


def _proof(parts: Iterable[Checked], unproved: Iterable[Unproved], rules: Rules) -> Proof:
    kinds = rules.settings.privacy.mask
    parts = tuple(parts)
    return Proof(
        documents=sum(p.documents for p in parts),
        statements=sum(p.statements for p in parts),
        quotations=sum(p.quotations for p in parts),
        unproved=tuple(_masked(failure, kinds) for failure in dict.fromkeys(unproved)),
    )


def _masked(failure: Unproved, kinds: Sequence[str]) -> Unproved:
    """A reviewer may have typed anything into a document: the list of failures shows it as the outputs would."""
    return replace(
        failure,
        document=mask(failure.document, kinds),
        text=mask(failure.text, kinds),
        nearest=mask(failure.nearest, kinds),
        differs=tuple((mask(a, kinds), mask(b, kinds)) for a, b in failure.differs),
    )
