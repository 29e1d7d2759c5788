"""Files that are the same or nearly so: within a department settled, across departments and against last year reported.

The same bytes twice in one department: the later by path is a duplicate. Two versions of one document: the later is
kept. Anything else that is alike is named and stays; copied reports are for a person to judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.intake.alike import Overlap, overlaps
from pipeline.intake.data import intake_data
from pipeline.intake.signature import Signature, content_name, same_bytes
from pipeline.intake.versions import later, same_document
from pipeline.model import Duplicate, FileStatus
from pipeline.settings import Settings

Settled = tuple[FileStatus, str, str]  # status, reason, path that is kept


@dataclass(frozen=True, slots=True)
class Comparison:
    """`status`: by path, files that are not read because another of their department says the same. `duplicates`: all."""

    status: dict[str, Settled] = field(default_factory=dict)
    duplicates: tuple[Duplicate, ...] = ()


def compare(signatures: Sequence[Signature], settings: Settings, last_year: Sequence[Signature] = ()) -> Comparison:
    """All read files of one run against each other, and against last year's."""
    ordered = sorted(signatures, key=lambda s: s.path)
    status: dict[str, Settled] = {}
    found: list[Duplicate] = []
    _bytes(ordered, status, found)
    kept = [one for one in ordered if one.path not in status and one.weights]
    departments = len({one.department for one in ordered})
    for overlap in overlaps(_one_each(kept), departments):
        if overlap.first.department == overlap.second.department:
            _version(overlap, settings, status, found)
        else:
            _copied(overlap, settings, found)
    if last_year:
        _against_last_year(kept, last_year, departments, settings, found)
    return Comparison(status, tuple(found))


def _bytes(ordered: Sequence[Signature], status: dict[str, Settled], found: list[Duplicate]) -> None:
    for group in same_bytes(ordered).values():
        first_of: dict[str, Signature] = {}
        for one in group:
            kept = first_of.setdefault(one.department, one)
            if kept is not one:
                reason = f"与“{_short(kept)}”是完全相同的文件，只读取那一份；不需要处理。"
                status[one.path] = ("duplicate", reason, kept.path)
                found.append(_duplicate("bytes", kept, one, 1.0, reason))
        owners = list(first_of.values())
        for i, first in enumerate(owners):
            for second in owners[i + 1 :]:
                reason = f"{first.department}的“{_short(first)}”与{second.department}的“{_short(second)}”是完全相同的文件，请核实。"
                found.append(_duplicate("bytes", first, second, 1.0, reason))


def _one_each(kept: Sequence[Signature]) -> list[Signature]:
    """Of files with the same bytes in several departments one stands for all: the pair is reported already."""
    first: dict[str, Signature] = {}
    for one in kept:
        first.setdefault(one.sha256, one)
    return list(first.values())


def _comparable(overlap: Overlap) -> bool:
    least = intake_data().fingerprints.document
    return min(sum(overlap.first.weights), sum(overlap.second.weights)) >= least


def _version(overlap: Overlap, settings: Settings, status: dict[str, Settled], found: list[Duplicate]) -> None:
    first, second = overlap.first, overlap.second
    if first.path in status or second.path in status or not _comparable(overlap):
        return
    share = overlap.share()
    if same_document(first, second) and share >= intake_data().duplicates.version_share:
        decided = later(first, second)
        if decided is None:
            reason = f"“{_short(first)}”与“{_short(second)}”像是同一文件的两稿，看不出哪一稿较后，两份都已读取；请确认后删去旧稿。"
        else:
            winner, why = decided
            old = second if winner is first else first
            reason = f"与“{_short(winner)}”是同一文件的两稿，{why}，只采用那一份；如有不对，请删去不用的一稿再运行。"
            status[old.path] = ("duplicate", reason, winner.path)
        found.append(_duplicate("version", first, second, share, reason))
    elif share >= settings.duplicates.near_share:
        reason = (
            f"“{_short(first)}”与“{_short(second)}”有{share:.0%}的文字相同，两份都已读取；如果是同一文件，请删去一份。"
        )
        found.append(_duplicate("text", first, second, share, reason))


def _copied(overlap: Overlap, settings: Settings, found: list[Duplicate]) -> None:
    share = overlap.share() if _comparable(overlap) else 0.0
    first, second = overlap.first, overlap.second
    if share >= settings.duplicates.near_share:
        reason = (
            f"{first.department}的“{_short(first)}”与{second.department}的“{_short(second)}”有{share:.0%}的文字相同"
            f"（{_places(overlap)}），请核实是否照抄。"
        )
    elif overlap.longest() >= intake_data().duplicates.long_passage:
        reason = (
            f"{first.department}的“{_short(first)}”与{second.department}的“{_short(second)}”有整段文字相同"
            f"（{_places(overlap)}），请核实。"
        )
    else:
        return
    found.append(_duplicate("text", first, second, round(overlap.share(), 4), reason))


def _against_last_year(
    kept: Sequence[Signature],
    last_year: Sequence[Signature],
    departments: int,
    settings: Settings,
    found: list[Duplicate],
) -> None:
    """Documents that repeat last year's; older than this year's in the order, so they come second."""
    past = {one.path for one in last_year}
    for overlap in overlaps([*kept, *sorted(last_year, key=lambda s: s.path)], departments):
        now, then = overlap.first, overlap.second
        if then.path not in past or now.path in past or not _comparable(overlap):
            continue
        share = overlap.share_of(now, 0)
        if share >= settings.duplicates.near_share:
            reason = f"“{_short(now)}”有{share:.0%}的文字与上年材料“{then.path}”相同（{_places(overlap)}），请核实是否沿用旧稿。"
            found.append(_duplicate("last_year", now, then, share, reason))


def _places(overlap: Overlap) -> str:
    """Which passages are the same, the first few by their places."""
    most = intake_data().duplicates.places_named
    named = [f"{overlap.first.place(a)}同{overlap.second.place(b)}" for a, b in overlap.pairs[:most]]
    rest = len(overlap.pairs) - len(named)
    return "、".join(named) + (f"等{len(overlap.pairs)}处" if rest > 0 else "")


def _short(one: Signature) -> str:
    """A path below its department's folder."""
    parts = one.path.split("/")
    return "/".join(parts[3:]) if len(parts) > 3 and parts[1] == "submissions" else one.path


def _duplicate(kind: str, first: Signature, second: Signature, share: float, reason: str) -> Duplicate:
    return Duplicate(
        kind=kind,  # type: ignore[arg-type]  # one of the four words of Duplicate.kind
        first=first.path,
        second=second.path,
        first_department=first.department,
        second_department=second.department,
        share=round(share, 4),
        reason=reason,
        contents=(content_name(first), content_name(second)),
    )
