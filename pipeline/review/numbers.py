"""佐证号: `1-1-1-01`, the code's three levels and a serial, one for each file under an indicator.

Numbers once given are kept in decisions.xlsx (kind `number`: code, file and number) and follow the file by its hash
when it is renamed, by its path when it is saved again; new ones follow after them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.model import Decision, Evidence

_CODE = re.compile(r"(\d+)\.(\d+)\((\d+)\)")


def prefix_of(code: str) -> str:
    """`1.2(3)` as `1-2-3`."""
    match = _CODE.fullmatch(code)
    return "-".join(match.groups()) if match else re.sub(r"\W+", "-", code).strip("-")


def assign_numbers(
    evidence: Iterable[Evidence], decisions: Sequence[Decision], hashes: Mapping[str, str] | None = None
) -> tuple[Evidence, ...]:
    """Each piece that stands under an indicator gets its number: kept ones first, then in the order of the files.

    Doubtful passages get none until a person has decided; a reviewer's own sentence keeps the number it has.
    `hashes`: the files' SHA-256 by path.
    """
    items = list(evidence)
    kept = _kept(decisions, hashes or {}, {e.source for e in items})
    given: dict[tuple[str, str, str], str] = {}
    last: dict[tuple[str, str], int] = {}
    for decision in decisions:
        serial = decision.value.rsplit("-", 1)[-1]
        if decision.kind == "number" and decision.code is not None and serial.isdigit():
            place = (decision.department, decision.code)
            last[place] = max(last.get(place, 0), int(serial))
    for item in items:
        if item.code is None or item.status != "accepted" or item.number is not None:
            continue
        key = (item.department, item.code, item.source)
        if key not in given:
            number = kept.get(key)
            if number is None:
                last[key[:2]] = last.get(key[:2], 0) + 1
                number = f"{prefix_of(item.code)}-{last[key[:2]]:02d}"
            given[key] = number
    return tuple(
        replace(item, number=item.number or given.get((item.department, item.code or "", item.source)))
        if item.status == "accepted"
        else item
        for item in items
    )


def _kept(
    decisions: Sequence[Decision], hashes: Mapping[str, str], present: set[str]
) -> dict[tuple[str, str, str], str]:
    """The number of each file under each indicator; one that is gone from its path gives it to the file of its bytes."""
    by_hash: dict[str, str] = {}
    for path, digits in sorted(hashes.items()):
        by_hash.setdefault(digits[:16], path)
    kept: dict[tuple[str, str, str], str] = {}
    moved: dict[tuple[str, str, str], str] = {}
    for decision in decisions:
        if decision.kind != "number" or decision.code is None:
            continue
        if decision.text in present:
            kept[decision.department, decision.code, decision.text] = decision.value
        elif decision.fingerprint in by_hash:
            moved[decision.department, decision.code, by_hash[decision.fingerprint]] = decision.value
    return {**moved, **kept}
