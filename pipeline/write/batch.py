"""Documents as tasks: a department's for a guarded child or a cluster's worker, the school's for a child on this machine."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from pipeline.engine.store import peek
from pipeline.model import DepartmentScore, DepartmentSummary, Dossier, Duplicate, Edition, decode
from pipeline.scoring import Rubric
from pipeline.settings import Settings
from pipeline.write.templates import Templates


@dataclass(frozen=True, slots=True)
class Settled:
    """What of a department's score is known only when the whole school was looked at."""

    grade: str | None
    notes: tuple[str, ...]

    def score(self, score: DepartmentScore) -> DepartmentScore:
        """The score with its final grade and notes."""
        return replace(score, grade=self.grade, notes=self.notes)


@dataclass(frozen=True, slots=True)
class Means:
    """What the documents of a run are made with."""

    edition: Edition
    rubric: Rubric
    settings: Settings
    templates: Templates


@dataclass(frozen=True, slots=True)
class WriteOrder:
    """Everything that a department's documents depend on; `dossier` is a Dossier, as it is kept."""

    dossier: msgspec.Raw
    settled: Settled
    means: Means


@dataclass(frozen=True, slots=True)
class SchoolOrder:
    """Everything that the school's documents depend on. `keys` name the dossiers in the store, parallel to `settled`.

    `folder`: where the documents are put instead of into the reply; a thousand departments make tens of MiB.
    """

    store: str
    keys: tuple[str, ...]
    settled: tuple[Settled, ...]
    duplicates: tuple[Duplicate, ...]
    means: Means
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """File names and their bytes; `unchanged` where the files on disk are already these."""

    files: dict[str, bytes] = field(default_factory=dict)
    unchanged: bool = False


def write_task(argument: bytes, data: bytes) -> bytes:
    """WriteOrder in, Made out (MessagePack, which carries bytes as they are)."""
    from pipeline.write import department_documents

    order = decode(argument, WriteOrder)
    dossier = decode(bytes(order.dossier), Dossier)
    dossier = replace(dossier, score=order.settled.score(dossier.score))
    means = order.means
    documents = department_documents(dossier, means.edition, means.rubric, means.settings, means.templates)
    return msgspec.msgpack.encode(Made(dict(documents)))


def school_task(argument: bytes, data: bytes) -> bytes:
    """SchoolOrder in, Made out, without bytes where they went into the folder.

    The child reads the store itself, so that the run never holds the whole school.
    """
    from pipeline.write import school_documents

    order = decode(argument, SchoolOrder)

    def kept(key: str) -> bytes:
        value = peek(Path(order.store), key)
        if value is None:
            raise LookupError(key)
        return value

    def dossiers() -> Iterator[Dossier]:
        for key, settled in zip(order.keys, order.settled, strict=True):
            dossier = decode(kept(f"{key}.dossier"), Dossier)
            yield replace(dossier, score=settled.score(dossier.score))

    summaries = []
    for key, settled in zip(order.keys, order.settled, strict=True):
        summary = decode(kept(f"{key}.summary"), DepartmentSummary)
        summaries.append(replace(summary, score=settled.score(summary.score)))
    means = order.means
    documents = school_documents(
        summaries, order.duplicates, dossiers, means.edition, means.rubric, means.settings, means.templates
    )
    if not order.folder:
        return msgspec.msgpack.encode(Made(dict(documents)))
    made = Made()
    for name, document in documents:
        (Path(order.folder) / name).write_bytes(document)
        made.files[name] = b""
    return msgspec.msgpack.encode(made)
