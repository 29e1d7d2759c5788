"""Lines and rows that carry no matter of their own (`data/mapping-furniture.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from pipeline.model import Passage
from pipeline.settings import data_text

_SENTENCE_END = re.compile(r"[。；;!！?？](?!\s*$)")


@dataclass(frozen=True)
class _Patterns:
    longest: int
    longest_list: int
    line: re.Pattern[str]
    field: re.Pattern[str]
    attendance: re.Pattern[str]
    total: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    table = tomllib.loads(data_text("mapping-furniture.toml"))
    return _Patterns(
        int(table["longest"]),
        int(table["longest_list"]),
        re.compile("|".join(f"(?:{pattern})" for pattern in table["whole"])),
        _field([*table["fields"], *table["attendance"]]),
        _field(table["attendance"]),
        re.compile("|".join(table["row_starts"])),
    )


def _field(names: list[str]) -> re.Pattern[str]:
    spaced = "|".join(r"\s*".join(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"[（(【\[]?(?:{spaced})[）)】\]]?(?:[（(][^）)]{{1,10}}[）)])?\s*[：:]")


def is_furniture(passage: Passage) -> bool:
    """Whether the passage is, as a whole, the kind of line that every document has and that says nothing."""
    known = _patterns()
    text = passage.text.strip()
    if not text:
        return False
    if passage.kind == "row":
        cells = [cell.strip() for cell in text.split(" | ") if cell.strip()]
        if not cells:
            return True
        return known.total.match(cells[0]) is not None or all(_is_line(cell, known) for cell in cells)
    return _is_line(text, known)


def _is_line(text: str, known: _Patterns) -> bool:
    if len(text) > known.longest:
        named = known.attendance.match(text) is not None
        return named and len(text) <= known.longest_list and _SENTENCE_END.search(text) is None
    if known.line.fullmatch(text):
        return True
    return known.field.match(text) is not None and _SENTENCE_END.search(text) is None
