"""The check of one department's documents as a task for a guarded child."""

from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from pipeline.model import Decision, Dossier, decode, encode
from pipeline.verify.cited import Cabinet
from pipeline.verify.document import Tally, check_word
from pipeline.verify.events import unfounded
from pipeline.verify.model import Unproved
from pipeline.verify.workbook import Listed, check_listed, check_workbook, listed_by_department
from pipeline.write.batch import Means, Settled
from pipeline.write.names import REVIEW_LIST
from pipeline.write.templates import SUMMARY

MISSING = "没有这个文件：请重新运行 shuangchuang run。"


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """What a department's documents are held against. `fresh`: they were written from this very dossier just now."""

    dossier: msgspec.Raw  # a Dossier, as it is kept
    settled: Settled
    means: Means
    decisions: tuple[Decision, ...]
    folder: str  # the department's, below outputs/YYYY
    listed: Listed | None = None  # its rows of 审阅清单.xlsx
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A department's part of the proof."""

    documents: int
    statements: int
    quotations: int
    unproved: tuple[Unproved, ...]


def check_task(argument: bytes, data: bytes) -> bytes:
    """CheckOrder and the documents (MessagePack: name to bytes) in, Checked out."""
    return encode(check(decode(argument, CheckOrder), msgspec.msgpack.decode(data, type=dict[str, bytes])))


def listed_task(argument: bytes, data: bytes) -> bytes:
    """A path and the bytes of 审阅清单.xlsx in; its rows go to that file, one Listed a department; where each stands out."""
    places: dict[str, tuple[int, int]] = {}
    with Path(argument.decode()).open("wb") as stream:
        for name, rows in listed_by_department(data).items():
            start = stream.tell()
            places[name] = (start, stream.write(encode(rows)))
    return encode(places)


def check(order: CheckOrder, documents: dict[str, bytes]) -> Checked:
    """Every document of one department."""
    dossier = decode(bytes(order.dossier), Dossier)
    dossier = replace(dossier, score=order.settled.score(dossier.score))
    decisions = [d for d in order.decisions if d.department in ("", dossier.name)]
    cabinet = Cabinet(dossier, [d.value for d in decisions if d.value])
    guideline = [i.text for i in order.means.edition.guideline.indicators]
    tally = Tally()
    tally.unproved += unfounded(dossier, f"{order.folder}/{order.means.edition.year}{SUMMARY}")
    for name, expected in (documents if order.fresh else _made_again(dossier, order.means)).items():
        shown = f"{order.folder}/{name}"
        data = documents.get(name)
        if data is None:
            tally.unproved.append(Unproved(shown, "", "", MISSING))
        elif name.endswith(".docx"):
            tally.add(check_word(shown, data, expected, cabinet, guideline))
        else:
            tally.add(check_workbook(shown, data, expected, cabinet, decisions))
    if order.listed is not None:
        check_listed(REVIEW_LIST, order.listed, cabinet, tally)
    return Checked(len(documents), tally.statements, tally.quotations, tuple(tally.unproved))


def _made_again(dossier: Dossier, means: Means) -> dict[str, bytes]:
    from pipeline.write import department_documents

    return dict(department_documents(dossier, means.edition, means.rubric, means.settings, means.templates))
