"""Which of two versions of one document is the later: by what its name says, then by the date inside the file.

File times are never looked at: copying and unpacking change them. Names decide whether two files can be versions of
one document at all: 3月会议纪要 and 4月会议纪要 are two documents, however alike they are.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from pipeline.intake.data import intake_data
from pipeline.intake.signature import Signature
from pipeline.text import normal, number

_BRACKETED = re.compile(r"[（(\[【〔]([^（()）\[\]【】〔〕]*)[）)\]】〕]")
_NUMBER = re.compile(r"(?:v|ver|版本|版|第)?\s*(\d+(?:\.\d+)*)\s*(?:版|稿)?$", re.I)
_NUMBERED_DRAFT = re.compile(
    r"第?([一二三四五六七八九十\d]{1,3})\s*(?:稿|版|$)|(?<![a-z])(?:v|ver|版本|version)\s*(\d+(?:\.\d+)*)(?![\da-z])\s*(?:稿|版)?",
    re.I,
)
_STAMP = re.compile(r"(?<!\d)(20\d\d)[-_.年]?(0?[1-9]|1[0-2])[-_.月]?(0?[1-9]|[12]\d|3[01])日?(?!\d)")


@dataclass(frozen=True, slots=True)
class Naming:
    """What a file's name says. `stem`: what is left of it without version words; `rank` None where it has none."""

    stem: str
    rank: int | None
    number: tuple[int, ...]
    stamp: str  # a full date in the name, YYYYMMDD, or ""


def naming(path: str) -> Naming:
    """The name's parts; words of the folders above count for the rank, not for the stem."""
    data = intake_data().versions
    *folders, name = unicodedata.normalize("NFKC", path.replace("!/", "/")).split("/")
    bare = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    stamp = _STAMP.search(bare)
    bare = _STAMP.sub("", bare) if stamp else bare
    number: tuple[int, ...] = ()
    draft = _NUMBERED_DRAFT.search(bare)
    if draft is not None:
        number = _numbers(draft[1] or draft[2])
        bare = bare[: draft.start()] + bare[draft.end() :]
    ranked = _ranked_number().search(bare) if not number else None
    if ranked is not None:  # 最终版2 is the second of its kind; 最终版(2) is what Windows calls a second copy
        number = _numbers(ranked[2])
        bare = bare[: ranked.start(2)] + bare[ranked.end(2) :]
    rank, bare = _rank(bare)
    if rank is None:
        rank = next((r for folder in reversed(folders[-2:]) if (r := _rank(folder)[0]) is not None), None)
    for word in data.copies:
        bare = re.sub(re.escape(word), "", bare, flags=re.I)
    counted = re.search(
        r"[\s_\-]*[（(]\s*(\d{1,2})\s*[）)]\s*$", bare
    )  # what a browser or Windows adds to a second copy
    if counted is not None:
        bare = bare[: counted.start()]
    elif rank is not None and (tail := re.search(r"(\d)$", bare)):
        number, bare = (int(tail[1]),), bare[: tail.start()]
    bare = _BRACKETED.sub(lambda m: m[1] if normal(m[1]) else "", bare)
    return Naming(normal(bare), rank, number, "".join(f"{int(g):02d}" for g in stamp.groups()) if stamp else "")


@cache
def _ranked_number() -> re.Pattern[str]:
    words = sorted((w for rank in intake_data().versions.ranks for w in rank), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, words))})\s*(\d{{1,2}})(?!\d)")


def _rank(text: str) -> tuple[int | None, str]:
    """The highest rank that a word of the text gives, and the text without such words."""
    best: int | None = None
    for rank, words in enumerate(intake_data().versions.ranks, 1):
        for word in words:
            if word in text:
                best = rank
                text = text.replace(word, "")
    return best, text


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(number(part) or 0 for part in text.split("."))


def same_document(first: Signature, second: Signature) -> bool:
    """Whether the names allow two files to be versions of one document."""
    a, b = naming(first.path), naming(second.path)
    return a.stem == b.stem and bool(a.stem)


def later(first: Signature, second: Signature) -> tuple[Signature, str] | None:
    """The later of two versions and why, in Chinese; None where neither the names nor the dates inside say so."""
    a, b = naming(first.path), naming(second.path)
    plain = intake_data().versions.plain
    rank_a, rank_b = (plain if a.rank is None else a.rank), (plain if b.rank is None else b.rank)
    dates = _by_date(first, second)
    if rank_a != rank_b:
        winner = first if rank_a > rank_b else second
        if None in (a.rank, b.rank) and dates is not None and dates is not winner:
            return None  # 总结.docx changed after 总结（修改稿）.docx: the names do not settle it
        return winner, "按文件名判断它是较后的一稿"
    if a.number != b.number:
        return (first if a.number > b.number else second), "按文件名里的稿次判断它较后"
    if a.stamp and b.stamp and a.stamp != b.stamp:
        return (first if a.stamp > b.stamp else second), "按文件名里的日期判断它较后"
    if dates is not None:
        return dates, "按文件内部记录的修改时间判断它较后"
    return None


def _by_date(first: Signature, second: Signature) -> Signature | None:
    a, b = first.modified or "", second.modified or ""
    if not a or not b or a == b:
        return None
    return first if a > b else second
