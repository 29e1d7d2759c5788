"""Whether a passage's own words bear out the section that it would be printed in (data/writing.toml).

Filing is sometimes wrong about what a passage says; a summary that is signed must not be. These are tests on words alone: a
passage that fails them stays in the catalogue and in the list of what was left out, it is never lost.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.model import Evidence
from pipeline.settings import data_text
from pipeline.text import weight

_LEAST = 10  # characters; a shorter clause is no plan by itself
_POINTING = re.compile("[它其这那她他]")  # what they point to stands in the clauses that are left out
_CLAUSE_END = re.compile(r"(?<=[；;])")


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads(data_text("writing.toml"))


@functools.cache
def _pattern(table: str, name: str) -> re.Pattern[str]:
    value = _data()[table][name]
    return re.compile(value if isinstance(value, str) else "|".join(f"(?:{words})" for words in value))


def admits(text: str) -> bool:
    """Whether the words admit a lack; one that is told as prevented or mended is none."""
    return _pattern("lack", "words").search(_pattern("lack", "cleared").sub("", text)) is not None


def confesses(sentences: Iterable[str]) -> bool:
    """Whether a passage mainly tells what is lacking: at least half its sentences do, and nothing was mended."""
    told = list(sentences)
    lacking = sum(admits(sentence) for sentence in told)
    return 2 * lacking >= len(told) > 0 and not mended("".join(told))


def mended(text: str) -> bool:
    """Whether the words tell how a lack was made good."""
    return _pattern("mended", "words").search(text) is not None


def admissions(sentences: Sequence[str], leans: re.Pattern[str]) -> tuple[str, ...]:
    """The sentences, or parts of one between semicolons, that admit a lack, with the one before where the first leans on it."""
    kept: list[int] = [n for n, sentence in enumerate(sentences) if admits(sentence)]
    if not kept:
        return ()
    if kept[0] > 0 and leans.match(sentences[kept[0]]):
        kept.insert(0, kept[0] - 1)
    return tuple(_lacking_part(sentences[n], leans) for n in kept)


def under_problems(evidence: Evidence) -> bool:
    """Whether the department itself put a passage under 存在的问题 or 不足."""
    if not _pattern("lack", "want").search(evidence.text) or _pattern("lack", "cleared").search(evidence.text):
        return False
    return any(_pattern("lack", "headings").search(heading) for heading in evidence.heading[-1:])


def _lacking_part(sentence: str, leans: re.Pattern[str]) -> str:
    """Of a long sentence what begins at its first lacking part, where that part can stand by itself."""
    parts = _CLAUSE_END.split(sentence)
    first = next((n for n, part in enumerate(parts) if admits(part)), 0)
    return sentence if leans.match(parts[first]) else "".join(parts[first:])


def ahead(sentence: str, evidence: Evidence, year: int) -> str:
    """What of a sentence tells of the time after the reported year, or of what has no date and is still to do; "" for none.

    Of a sentence that tells first what was done or lacking, the clause in which it turns to the time after.
    """
    later = _pattern("ahead", "later").search(sentence)
    if _pattern("ahead", "over").search(sentence) or admits(sentence):
        tail = sentence[later.start() :].lstrip("，；：。") if later else ""
        return "" if _pattern("ahead", "over").search(tail) or _POINTING.search(tail) or weight(tail) < _LEAST else tail
    if _pattern("ahead", "next").search(sentence) or str(year + 1) in sentence:
        return sentence
    if _under_plans(evidence, year) or (later and not _record(evidence)):
        return sentence
    if _pattern("ahead", "month").search(sentence) or _this_years_paper(evidence, year) or _record(evidence):
        return ""
    return sentence if _pattern("ahead", "words").search(sentence) else ""


def _record(evidence: Evidence) -> bool:
    return any(_pattern("ahead", "records").search(p) for p in (evidence.source.rsplit("/", 1)[-1], *evidence.heading))


def _under_plans(evidence: Evidence, year: int) -> bool:
    places = (evidence.source.rsplit("/", 1)[-1], *evidence.heading[-1:])
    return any(_pattern("ahead", "headings").search(p) or _paper_of(p, year + 1) for p in places)


def _this_years_paper(evidence: Evidence, year: int) -> bool:
    return any(_paper_of(place, year) for place in (evidence.source.rsplit("/", 1)[-1], *evidence.heading))


def _paper_of(place: str, year: int) -> bool:
    return str(year) in place and _pattern("ahead", "papers").search(place) is not None


def is_rule(text: str) -> bool:
    """Whether the words are a rule and not a story."""
    return bool(_pattern("rule", "words").search(text)) and not _pattern("rule", "told").search(text)


def is_profile(sentence: str) -> bool:
    """Whether a sentence tells in figures what the unit is: its branches, members, staff and students."""
    if _pattern("profile", "deed").search(sentence) or not re.search(r"\d|[一二三四五六七八九十两]+[个名人]", sentence):
        return False
    if not _pattern("profile", "state").search(sentence):
        return False
    counted = set(_pattern("profile", "counted").findall(sentence))
    return len(counted) >= _data()["profile"]["least"] or bool(_pattern("profile", "own").search(sentence))


def idle_column(name: str) -> bool:
    """Whether a table column tells only where, how, by whom or under which number."""
    return _pattern("columns", "idle").search(name) is not None


def idle_cell(text: str) -> bool:
    """Whether a cell is nothing but a place or a way."""
    return _pattern("columns", "cells").fullmatch(text) is not None
