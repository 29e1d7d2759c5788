"""Evidence as the readers and the mapping would give it, in a few words: paragraphs and ledgers of one department."""

from collections.abc import Sequence

from pipeline.facts import find_facts
from pipeline.model import DepartmentInfo, Evidence, Facts, Guideline, Locator

DEPARTMENT = "化工学院党总支"
INFO = DepartmentInfo(DEPARTMENT, secretary="钱启明", dean="沈若兰")
EMPTY_GUIDELINE = Guideline("2024年指南", 2024, ())


def paragraph(text: str, source: str = "2024年会议记录.docx", place: int = 1, heading: Sequence[str] = ()) -> Evidence:
    """One paragraph of prose or minutes."""
    return _evidence(text, source, Locator(paragraph=place), "paragraph", None, heading)


def ledger(
    sheet: str, columns: str, *rows: str, source: str = "台账2024.xlsx", title: str = "", place: int = 3
) -> list[Evidence]:
    """The rows of one sheet; columns and cells separated by `|`."""
    names = tuple(c.strip() for c in columns.split("|"))
    heading = (sheet, title) if title else (sheet,)
    return [
        _evidence(
            " | ".join(c.strip() for c in row.split("|")), source, Locator(sheet=sheet, row=n), "row", names, heading
        )
        for n, row in enumerate(rows, place)
    ]


def facts(items: Sequence[Evidence], year: int = 2024) -> Facts:
    """What these passages say happened."""
    return find_facts(INFO, items, EMPTY_GUIDELINE, year)


def held(found: Facts, kind: str, subject: str = "") -> list[str]:
    """The days of the held events of a kind, in order."""
    return sorted(
        e.date or ""
        for e in found.events
        if e.kind == kind and e.status == "held" and e.date and subject in ("", e.subject)
    )


def _evidence(
    text: str, source: str, locator: Locator, kind: str, columns: tuple[str, ...] | None, heading: Sequence[str]
) -> Evidence:
    path = f"inputs/submissions/{DEPARTMENT}/{source}"
    return Evidence(
        id=f"E{abs(hash_of(path, locator, text)):012x}"[:13],
        department=DEPARTMENT,
        source=path,
        locator=locator,
        text=text,
        columns=columns,
        heading=tuple(heading),
        role="done",
        code=None,
        also=(),
        number=None,
        confidence=0.5,
        status="accepted",
        method="model",
        dates=(),
        kind="row" if kind == "row" else "paragraph",
    )


def hash_of(path: str, locator: Locator, text: str) -> int:
    """A number that is the same in every process."""
    import hashlib

    return int.from_bytes(hashlib.sha256(f"{path}{locator}{text}".encode()).digest()[:6], "big")
