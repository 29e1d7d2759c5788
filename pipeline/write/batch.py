"""A department's documents as one task, for a guarded child or a cluster's worker."""

from dataclasses import dataclass, field

import msgspec

from pipeline.model import Dossier, Edition, decode
from pipeline.scoring import Rubric
from pipeline.settings import Settings
from pipeline.write.templates import Templates


@dataclass(frozen=True, slots=True)
class WriteOrder:
    """Everything that a department's documents depend on."""

    dossier: Dossier
    edition: Edition
    rubric: Rubric
    settings: Settings
    templates: Templates


@dataclass(frozen=True, slots=True)
class Made:
    """File names and their bytes; `unchanged` where the files on disk are already these."""

    files: dict[str, bytes] = field(default_factory=dict)
    unchanged: bool = False


def write_task(argument: bytes, data: bytes) -> bytes:
    """WriteOrder in, Made out (MessagePack, which carries bytes as they are)."""
    from pipeline.write import department_documents

    order = decode(argument, WriteOrder)
    documents = department_documents(order.dossier, order.edition, order.rubric, order.settings, order.templates)
    return msgspec.msgpack.encode(Made(dict(documents)))
