"""What a passage says (CONTRACT: `role`): profile, done, result, problem, plan, rule, other.

By its own words first, then by the kind of document. The patterns and their weights are data (`mapping-roles.toml`).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.model import Role
from pipeline.settings import data_text

_ORDER: tuple[Role, ...] = ("rule", "plan", "problem", "result", "done", "profile")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The role, and the words that led there (empty where the document's kind alone did)."""

    role: Role
    words: str


@dataclass(frozen=True)
class _Patterns:
    words: tuple[tuple[Role, re.Pattern[str], float], ...]
    places: tuple[tuple[Role, re.Pattern[str], float], ...]
    least: float


@cache
def _patterns() -> _Patterns:
    table = tomllib.loads(data_text("mapping-roles.toml"))

    def rows(name: str) -> tuple[tuple[Role, re.Pattern[str], float], ...]:
        return tuple((row["role"], re.compile(row["pattern"]), float(row["weight"])) for row in table[name])

    return _Patterns(rows("words"), rows("places"), float(table["least"]))


def judge(text: str, places: Sequence[str], filed: bool) -> Judgement:
    """`places`: file name, document title, sheet, headings, column names. `filed`: it belongs to an indicator."""
    known = _patterns()
    weights: dict[Role, float] = dict.fromkeys(_ORDER, 0.0)
    words: dict[Role, str] = {}
    for role, pattern, weight in known.words:
        hits = pattern.findall(text[:_LONGEST])
        if hits:
            weights[role] += weight * min(len(hits), 2)
            words.setdefault(role, hits[0] if isinstance(hits[0], str) else "".join(hits[0]))
    joined = "\n".join(places)
    for role, pattern, weight in known.places:
        if pattern.search(joined):
            weights[role] += weight
    best = max(_ORDER, key=lambda role: weights[role])
    if weights[best] < known.least or (best == "done" and not filed):
        return Judgement("done" if filed else "other", "")
    return Judgement(best, words.get(best, ""))


_LONGEST = 2000  # the tense of a passage shows in its first sentences
