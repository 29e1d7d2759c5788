"""佐证号: `1-1-1-01`, the code's three levels and a serial, one for each file under an indicator.

Numbers once given are kept in decisions.xlsx (kind `number`: code, file and number); new ones follow after them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.model import Decision, Evidence

_CODE = re.compile(r"(\d+)\.(\d+)\((\d+)\)")


def prefix_of(code: str) -> str:
    """`1.2(3)` as `1-2-3`."""
    match = _CODE.fullmatch(code)
    return "-".join(match.groups()) if match else re.sub(r"\W+", "-", code).strip("-")


def assign_numbers(evidence: Iterable[Evidence], decisions: Sequence[Decision]) -> tuple[Evidence, ...]:
    """Each piece that stands under an indicator gets its number: kept ones first, then in the order of the files.

    Doubtful passages get none until a person has decided.
    """
    items = list(evidence)
    kept = {(d.department, d.code, d.text): d.value for d in decisions if d.kind == "number"}
    given: dict[tuple[str, str, str], str] = {}
    for item in items:
        if item.code is not None and item.status == "accepted":
            number = kept.get((item.department, item.code, item.source))
            if number is not None:
                given[item.department, item.code, item.source] = number
    last: dict[tuple[str, str], int] = {}
    for (department, code, _source), number in kept.items():
        serial = number.rsplit("-", 1)[-1]
        if code is not None and serial.isdigit():
            last[department, code] = max(last.get((department, code), 0), int(serial))
    for item in items:
        if item.code is None or item.status != "accepted":
            continue
        key = (item.department, item.code, item.source)
        if key not in given:
            serial_next = last.get(key[:2], 0) + 1
            last[key[:2]] = serial_next
            given[key] = f"{prefix_of(item.code)}-{serial_next:02d}"
    return tuple(
        replace(item, number=given.get((item.department, item.code or "", item.source)))
        if item.status == "accepted"
        else item
        for item in items
    )
