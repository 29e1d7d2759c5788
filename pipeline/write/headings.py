"""Short headings from the guideline's long texts: its own words, whole clauses, nothing added."""

import re

from pipeline.ooxml.numbering import in_format
from pipeline.text import unspace, weight

# clauses that only lead up to the matter: 对照…文本，修订… → 修订…
_LEADING = re.compile(r"^(?:对照|通过|按照|根据|围绕|结合|依据|以.{2,40}为(?:抓手|载体|引领|契机))")
_CLAUSE = re.compile(r"[，。；,;]")


def heading(text: str, least: int = 8, most: int = 52) -> str:
    """The first clauses of an indicator's text that make a heading of at least `least` characters."""
    text = unspace(text)
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    while len(clauses) > 1 and _LEADING.match(clauses[0]):
        clauses.pop(0)
    if not clauses:
        return text
    start = text.index(clauses[0])
    end = start + len(clauses[0])
    for clause in clauses[1:]:
        if weight(text[start:end]) >= least:
            break
        end = text.index(clause, end) + len(clause)
    title = text[start:end]
    return title if weight(title) <= most else _shortened(title, most)


def _shortened(title: str, most: int) -> str:
    """Cut at the last enumeration comma that keeps the heading within `most` characters and its brackets closed."""
    for end in range(min(most, len(title)), 0, -1):
        part = title[:end]
        if (
            not title.startswith(("在", "对", "把"))
            and title[end : end + 1] == "、"
            and all(part.count(a) == part.count(b) for a, b in ("（）", "()", "“”", "《》", "<>"))
        ):
            return part
    return title


def chinese_number(number: int) -> str:
    """A number as a heading counts: 一, 十, 十一, 二十."""
    return in_format(number, "chineseCounting")
