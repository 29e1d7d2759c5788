"""Numbers in prose (全年专题研究3次) and admissions (仅研究1次, 未讲党课): what a department says of itself, kept apart.

A claim never counts as an event. It is set against the events (conflicts), and an admission that something fell short
decides a requirement that nothing else records.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.facts.data import Kind, kinds
from pipeline.facts.mentions import is_plan, is_rule
from pipeline.facts.people import People
from pipeline.model import Claim, Evidence
from pipeline.text import number, unspace

_COUNT = re.compile(
    r"(?<!第)(?<![\d.第])(\d{1,3}|[一二三四五六七八九十两]{1,3})\s*(?:余|多)?\s*(?:次|回|场次|场|讲|堂|期)"
)
_PART = re.compile(r"上半年|下半年|季度|每月|每学期|每年|学期|月份|\d\s*月|一季|每次|每周|每季|两个月")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日")
_SHORT = re.compile(r"仅|只|才|不足|少于|未达|没达|没有达|不到|欠|缺")
_NEVER = re.compile(
    r"(?:未|没有|没)(?:能|有|按[^，。；]{1,8}|如期|真正|及时|专门|再|安排|当面)?\s*(?:讲|上|开展|召开|进行|组织|作|做|汇报|研究|完成|学习|举行|落实|执行|排上)"
)
_SENTENCE = re.compile(r"[^。；;！？\n]+")
_CLAUSE = re.compile(r"[^，,、]+")
_WANTED = re.compile(r"至少|不少于|要求|应当|规定|须|原则上")
_DENIAL_NEAR = 20  # characters between 未讲 and 党课; farther apart they are two matters


@dataclass(frozen=True, slots=True)
class Admission:
    """A department's own words that something fell short: of which kind, whose, where."""

    kind: str
    subject: str
    text: str
    evidence: str
    count: float | None = None


def claims_of(department: str, evidence: Sequence[Evidence], people: People) -> tuple[Claim, ...]:
    """The counts of the whole year that the department claims."""
    found = []
    for item, sentence in _told(evidence):
        for kind, subject, count, _short in _counts(item, sentence, people):
            found.append(Claim(department, kind.name, subject, float(count), sentence.strip(), item.id))
    return tuple(dict.fromkeys(found))


def admissions_of(evidence: Sequence[Evidence], people: People) -> tuple[Admission, ...]:
    """Where the department itself says that something was not done, or not often enough."""
    found = []
    for item, sentence in _told(evidence):
        for kind, subject, count, short in _counts(item, sentence, people):
            if short:
                found.append(Admission(kind.name, subject, sentence.strip(), item.id, float(count)))
        never = _NEVER.search(sentence)
        for kind in kinds() if never else ():
            if _speaks(kind, sentence, item) and _denies(never, _place(kind, sentence), sentence):
                for subject in _subjects(kind, sentence, people):
                    found.append(Admission(kind.name, subject, sentence.strip(), item.id))
    return tuple(dict.fromkeys(found))


def _told(evidence: Iterable[Evidence]) -> Iterable[tuple[Evidence, str]]:
    for item in evidence:
        if is_plan(item) or is_rule(item) or item.kind in ("heading", "header"):
            continue
        for cell in item.text.split("|") if item.kind == "row" else (item.text,):
            for sentence in _SENTENCE.findall(unspace(cell)):
                yield item, sentence


def _counts(item: Evidence, sentence: str, people: People) -> Iterable[tuple[Kind, str, int, bool]]:
    """Whole-year counts beside the words of a kind: (kind, subject, count, whether the words say it is too few)."""
    for clause in _CLAUSE.finditer(sentence):
        text = clause[0]
        count = _COUNT.search(text)
        if not count or _DAY.search(text) or _WANTED.search(text):
            continue
        if _PART.search(text[: count.start()]) and not re.search(r"全年|本年度|今年|一年", text):
            continue
        value = number(count[1])
        kind = next((k for k in kinds() if _speaks(k, text, item)), None)
        if value is None or kind is None:
            continue
        for subject in _subjects(kind, sentence, people):
            yield kind, subject, value, _SHORT.search(text[: count.start()]) is not None


def _speaks(kind: Kind, text: str, item: Evidence) -> bool:
    if kind.without is not None and kind.without.search(text):
        return False
    if not (
        kind.word.search(text) or (kind.family == "意识形态" and kind.row.search(text) and "意识形态" in item.text)
    ):
        return False
    return kind.needs is None or kind.needs.search("".join((item.text, *item.heading))) is not None


def _denies(never: re.Match[str] | None, place: int, sentence: str) -> bool:
    """未讲 belongs to 党课 in its own clause, or to what the clause before it speaks of: 政治学习，3月、8月未组织."""
    if never is None or abs(never.start() - place) > _DENIAL_NEAR:
        return False
    between = sentence[min(place, never.start()) : max(place, never.start())]
    return never.start() > place or not re.search(r"[，,]", between)


def _place(kind: Kind, sentence: str) -> int:
    match = kind.word.search(sentence) or kind.row.search(sentence)
    return match.start() if match else 0


def _subjects(kind: Kind, sentence: str, people: People) -> tuple[str, ...]:
    if not kind.leader:
        return ("",)
    return tuple(dict.fromkeys(role for _at, role in people.in_prose(sentence))) or ("",)
