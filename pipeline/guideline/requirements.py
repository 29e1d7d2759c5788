"""What an indicator's own words ask to be counted: so many events a period, so much of something, one for each, a term.

Every figure is tied to the period that stands before it in the same sentence. Figures that only cap (不超过), only
deduct (每少1次扣0.5分) or only name something (第一种形态, 四个意识) make no requirement, and neither does 定期.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import get_args

from pipeline.guideline.numbering import half_width
from pipeline.guideline.words import words
from pipeline.model import Period, Requirement, RequirementKind
from pipeline.text import chinese_figure

_CN = "零〇一二两三四五六七八九十百千"
_NUM = rf"(?:\d+(?:\.\d+)?|[{_CN}]+)"
_LEAST = (
    "至少|不少于|不得少于|不应少于|不低于|不得低于|不应低于|不小于|最少|最低|>=|≥|达到|达|超过|多于|高于|保持在|保证"
)
_EVENTS = "场次|次|场|期|回|轮|堂|节|讲|遍|届"
_AMOUNTS = "人次|学时|课时|学分|个小时|小时|分钟|万元|名|人|位|个|项|篇|件|份|门|天|元|支|册|对|家|字|批|周"
_UNIT = (
    rf"(?:{_EVENTS}|{_AMOUNTS})(?<!个(?=月|季|学期|学年))(?<!次(?=性))(?<!期(?=间|末|初))(?<!节(?=日))"
    r"(?<!讲(?=话|座|课|坛|党))(?<!人(?=大|民|员))(?<!项(?=目))"
)
_COUNT = re.compile(
    rf"(?<![第每首再另任某\d.{_CN}])(?P<low>{_NUM})(?:[ ]*[-~至到或][ ]*(?P<high>{_NUM}))?[ ]*(?P<unit>{_UNIT})(?P<above>及?以上|起)?"
    r"(?P<per>[ ]*/[ ]*(?:人[ ]*/[ ]*)?(?P<slash>月|季度|季|学期|半年|学年|年))?"
)
_MARK = re.compile(rf"(?:{_LEAST})[^，,。；;、{_CN}\d]{{0,12}}$")
_CAP = re.compile(
    r"(?:不超过|不多于|不得超过|不高于|最多|至多|(?<!不)(?<!不得)(?<!不应)(?:少于|低于)|不足|未达到|缺少?|(?<![至最不])(?<!不得)(?<!不应)少)[^，,。；;]{0,6}$"
)
_RATIO = re.compile(rf"(?P<low>\d+(?:\.\d+)?)[ ]*%|百分之(?P<words>[{_CN}]+)|全覆盖")
_EACH = re.compile(r"[“\"‘]?一(?:会|事|课|讲|场|案|坛|项目|活动|题)一(?:报|审|批|备案|备|议|评)[”\"’]?")
_TENURE = re.compile(
    r"(?:按期|按时|如期|到期|届满|及时)[^，,。；;]{0,8}换届|每?[三四五3-5]年[^，,。；;]{0,4}换届[^，,。；;]{0,4}"
    r"|换届[^，,。；;]{0,8}(?:按期|按时|如期|及时)|任期届满|任期[为是]?[三四五3-5]年"
)
# 超过50人的应当…, 不少于8小时的，…: a case that the rule is for, not what it asks
_CASE = re.compile(
    r"(?:的(?=$|[，,、应须可要必配设成划建由按实])|的?(?:党?支部|单位|学院|院系)(?=[应须可要必配设成划建]))"
)
_ONE_DAY = re.compile(r"(?:固定|主题党日|活动日)[^，,。；;]{0,6}$")
_SEVERAL_MONTHS = re.compile(r"^(?:\d{1,2}月[底末初中份]*[、和及,，])+\d{1,2}月[底末初中份]*前?[^，,。；;\d]{0,3}各")
_PRINTED_POINTS = re.compile(r"\s*[（(]\s*\d{1,3}(?:\.\d+)?\s*分\s*[)）]$")
_EACH_TIME = re.compile(r"每[次场期]?(?:活动|会议|会|课)?(?:时间|时长)?(?:至少|不少于|不得少于|不低于)?$")
_PENALTY = re.compile(rf"扣[^，,。；;]{{0,6}}分|不得分|[加得计][ ]*{_NUM}[ ]*分")
_FAILING = re.compile(r"^(?:对|凡)?(?:未|少|缺|不|没|每少|每缺|无)")
_STOPS = "。；;！？!?"
_COMMAS = "，,：:"
_PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("two_years", r"每[两二2]个?学?年(?!级)|每隔一年"),
        ("two_months", r"每[两二2]个?月|双月"),
        ("quarter", r"每一?个?季度?(?!节)|一季度?一(?![次场个])|每[三3]个月|按季度?|逐季度?|(?<=完成|落实|开展|执行|召开|组织|坚持)季度"),
        ("half_year", r"每半个?学?年(?!级)|每[六6]个月|上(?:半年)?[、和及,，]?下半年各"),
        ("term", r"每一?个?学期|一学期一(?![次场个])|按学期|春(?:季学期)?[、和及]?秋季?(?:两个)?学期各|两个学期各"),
        ("year", r"每一?个?学?年度?(?!级)|(?<![十百])一年一(?![次场个])|按年度|年度?(?:人均|均)"),
        ("month", r"每一?个?月份?|(?<![十])一月一(?![次场个日])|按月|逐月|月均|(?<=完成|落实|开展|执行|召开|组织|坚持)月度"),
        ("", r"每[周日天]|[隔双]周|一周一(?![次场个])|每个?星期|每[两二2双]周|每[三四五3-5]年|每届"),
    )
)  # fmt: skip
_AHEAD = r"(?=[^，,。；;]{0,14}(?:至少|不少于|不得少于|不低于|\d次))"  # a figure follows in the same clause
# these name a period only where a figure follows: 全年不少于2次, 学期内至少1次
_WEAK: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("two_years", r"(?<!每)两年内"),
        ("half_year", r"(?<![每上下])半年内?(?=至少|不少于|不得少于|[开召组]|\d)"),
        ("term", rf"(?<!每)(?<!个)学期内?(?=至少|不少于|不得少于|\d)|学期内{_AHEAD}|一个?学期"),
        ("quarter", r"(?<!每)季度内?(?=至少|不少于|不得少于|\d)|一个?季度(?=内|至少|不少于|不得少于|\d)"),
        ("month", r"月度(?=至少|不少于|不得少于|\d)|(?<![十\d])一个月(?=至少|不少于|不得少于|\d)"),
        (
            "year",
            rf"全年|(?<![{_CN}\d])年内|当年|本年度?|年度内?{_AHEAD}"
            r"|(?<![十百\d第])一年内?(?=至少|不少于|不得少于|不应少于|不低于|内|[\d一两二三四五六七八九十]+[次场期])",
        ),
    )
)
_SLASH = {
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
    "学期": "term",
    "半年": "half_year",
    "年": "year",
    "学年": "year",
}


@dataclass(frozen=True, slots=True)
class _When:
    """A period phrase; `weak` ones mean nothing without a figure."""

    start: int
    end: int
    period: str
    weak: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """A requirement within one sentence; `start` and `end` are where its figure (or its period) stands."""

    start: int
    end: int
    kind: str
    period: str
    minimum: float | None
    unit: str
    when: _When | None = None
    least: bool = False


def requirements_of(code: str, text: str) -> tuple[Requirement, ...]:
    """The requirements in `text`, in its order, as `code#1`, `code#2` …"""
    made: list[Requirement] = []
    for start, end in _sentences(text):
        sentence = text[start:end]
        for found, words_ in _sentence(sentence):
            made.append(
                Requirement(
                    f"{code}#{len(made) + 1}",
                    _kind(found),
                    _period(found.period),
                    found.minimum,
                    found.unit,
                    words_,
                    _subject(sentence, found),
                )
            )
    return tuple(made)


def figure(text: str) -> float:
    """A Western or Chinese numeral up to the thousands."""
    return float(text) if text[0].isdigit() else float(chinese_figure(text))


def _kind(found: _Found) -> RequirementKind:
    kinds: tuple[RequirementKind, ...] = get_args(RequirementKind)
    return next(kind for kind in kinds if kind == found.kind)


def _period(name: str) -> Period | None:
    periods: tuple[Period, ...] = get_args(Period)
    return next((period for period in periods if period == name), None)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for position, sign in enumerate(text):
        if sign in _STOPS:
            yield start, position
            start = position + 1
    if start < len(text):
        yield start, len(text)


def _sentence(sentence: str) -> list[tuple[_Found, str]]:
    """What one sentence asks for, each with the words that say so."""
    text = half_width(sentence)
    whens = _whens(text)
    found = [*_counts(text, whens), *_ratios(text, whens), *_fixed(text)]
    found += _bare(text, whens, found)
    found = sorted((f for f in found if not _penal(text, f)), key=lambda f: f.start)
    return [(f, _words(sentence, f, found)) for f in found]


def _whens(text: str) -> list[_When]:
    whens: list[_When] = []
    for weak, table in ((False, _PERIODS), (True, _WEAK)):
        for name, pattern in table:
            for match in pattern.finditer(text):
                if not any(w.start < match.end() and match.start() < w.end for w in whens):
                    whens.append(_When(match.start(), match.end(), name, weak))
    return sorted(whens, key=lambda w: w.start)


def _before(text: str, whens: list[_When], position: int) -> _When | None:
    """The period that a figure at `position` belongs to: the last one before it, unless its bracket is closed."""
    near = [w for w in whens if w.end <= position]
    for when in reversed(near):
        bracket = _bracket(text, when.start)
        if bracket is None or position < bracket[1]:
            return when
        if _comma_between(text, bracket[1], position):
            continue
        return None
    return None


def _comma_between(text: str, start: int, end: int) -> bool:
    return any(sign in _COMMAS + "、" for sign in text[start:end])


def _bracket(text: str, position: int) -> tuple[int, int] | None:
    """The brackets around `position`, as their places."""
    depth = 0
    for start in range(position - 1, -1, -1):
        depth += (text[start] == "(") - (text[start] == ")")
        if depth > 0:
            end = text.find(")", position)
            return (start, end if end >= 0 else len(text))
    return None


def _counts(text: str, whens: list[_When]) -> Iterator[_Found]:
    for match in _COUNT.finditer(text):
        head = text[: match.start()]
        if _CAP.search(head) or any(w.start <= match.start() < w.end for w in whens) or _CASE.match(text, match.end()):
            continue
        if any(term.start() <= match.start() < term.end() for term in _TENURE.finditer(text)):
            continue  # the length of a term of office, not a count of events
        unit = match["unit"].removeprefix("个") or "个"
        if unit == "天" and _ONE_DAY.search(head):
            unit = "次"  # 每月固定1天开展主题党日
        events = unit in _EVENTS.split("|")
        least = bool(_MARK.search(head)) or bool(match["above"]) or bool(match["slash"])
        when = _before(text, whens, match.start())
        if not events and when is not None and _clause_of(text, when.start) != _clause_of(text, match.start()):
            when = None if _post(head) or _EACH_TIME.search(head) else when
        period = _SLASH[match["slash"]] if match["slash"] else (when.period if when is not None else None)
        here = when is not None and (events or _clause_of(text, when.start) == _clause_of(text, match.start()))
        if not least and not _plain_count(head, match["low"], unit, events, here):
            continue
        other = when is not None and when.period == "" and not match["slash"]
        kind = "other" if other else ("frequency" if events else "amount")
        times = _months_named(text, when) if events else 1
        yield _Found(match.start(), match.end(), kind, period or "", figure(match["low"]) * times, unit, when, least)


def _months_named(text: str, when: _When | None) -> int:
    """How many months a figure counts for: 每年6月、12月各报告1次 is twice a year."""
    named = _SEVERAL_MONTHS.match(text[when.end :]) if when is not None and when.period == "year" else None
    return len(re.findall(r"\d+月", named[0])) if named else 1


def _plain_count(head: str, low: str, unit: str, events: bool, timed: bool) -> bool:
    """Whether a figure without 至少 or 以上 asks for something: in a period, as a post to fill, or as a deed in digits."""
    digits = low[0].isdigit()
    if timed:
        return events or digits or unit in ("名", "人", "位", "学时", "课时", "小时", "天", "篇")
    if events:
        return digits or bool(re.search(r"(?:开展|召开|组织|进行|举办|集中)$", head))
    return unit in ("名", "人", "位") and _post(head)


def _post(head: str) -> bool:
    return bool(re.search(rf"(?:{'|'.join(words().requirements.posts)})[^，,。；;、]{{0,6}}$", head))


def _ratios(text: str, whens: list[_When]) -> Iterator[_Found]:
    for match in _RATIO.finditer(text):
        head = text[: match.start()]
        if _CAP.search(head) or head.endswith(("前", "后")) or _CASE.match(text, match.end()):
            continue
        if match["low"]:
            value = float(match["low"])
        elif match["words"]:
            value = figure(match["words"])
        elif re.search(r"%[^，,。；;]{0,8}$", head):
            continue  # 100%全覆盖 is one figure
        else:
            value = 100.0
        when = _before(text, whens, match.start())
        if when is not None and _clause_of(text, when.start) != _clause_of(text, match.start()):
            when = None
        yield _Found(match.start(), match.end(), "ratio", when.period if when else "", value, "%", when, True)


def _fixed(text: str) -> Iterator[_Found]:
    """一会一报 (several in a row are one rule), and elections at the end of a term."""
    runs: list[tuple[int, int]] = []
    for match in _EACH.finditer(text):
        if runs and not text[runs[-1][1] : match.start()].strip("、和及与 "):
            runs[-1] = (runs[-1][0], match.end())
        else:
            runs.append((match.start(), match.end()))
    for start, end in runs:
        yield _Found(start, end, "each", "", 1.0, "次")
    if tenure := _TENURE.search(text):
        yield _Found(tenure.start(), tenure.end(), "tenure", "", None, "")


def _bare(text: str, whens: list[_When], found: list[_Found]) -> list[_Found]:
    """Periods without a figure ask for one event, where the clause says that something is done."""
    made: list[_Found] = []
    for index, when in enumerate(whens):
        if when.weak or any(_same(f.when, when) and _serves(text, when, f) for f in found):
            continue
        end = whens[index + 1].start if index + 1 < len(whens) else len(text)
        clause = text[when.end : min(end, _clause_of(text, when.end)[1])]
        if clause.startswith("有") or not any(deed in clause for deed in words().requirements.deeds):
            continue  # 每月有主题: a slogan
        kind = "other" if when.period == "" else "frequency"
        events = _named_events(clause)
        if len(events) > 1:
            for start, stop in events:
                made.append(_Found(when.end + start, when.end + stop, kind, when.period, 1.0, "次", when))
        else:
            made.append(_Found(when.start, when.end, kind, when.period, 1.0, "次", when))
    return made


def _same(one: _When | None, other: _When) -> bool:
    return one is not None and one.start == other.start


def _serves(text: str, when: _When, found: _Found) -> bool:
    """Whether the figure found belongs to the period's own clause, or to one that the period only introduces."""
    clause = _clause_of(text, when.start)
    if clause[0] <= found.start < clause[1]:
        return True
    rest = text[when.end : clause[1]]
    phrases = words().requirements
    return rest.startswith(tuple(phrases.adverbials)) or not any(deed in rest for deed in phrases.deeds)


def _named_events(clause: str) -> list[tuple[int, int]]:
    """Named events that are joined by 和 or 、, with their places in the clause."""
    places = [match.span() for match in _event_names().finditer(clause)]
    joined = places[:1]
    for place in places[1:]:
        if clause[joined[-1][1] : place[0]].strip("制度会 ") not in (
            "和",
            "、",
            "与",
            "及",
            "以及",
            "和讲",
            "、讲",
            "和上",
            "、上",
        ):
            break
        joined.append(place)
    return joined


@cache
def _event_names() -> re.Pattern[str]:
    return re.compile("|".join(words().requirements.named_events))


def _clause_of(text: str, position: int) -> tuple[int, int]:
    """The stretch between commas around `position`."""
    start = max((text.rfind(sign, 0, position) for sign in _COMMAS), default=-1) + 1
    ends = [place for sign in _COMMAS if (place := text.find(sign, position)) >= 0]
    return start, min(ends, default=len(text))


def _penal(text: str, found: _Found) -> bool:
    """Whether the figure stands in a rule of deduction or bonus."""
    start, end = _clause_of(text, found.start)
    if _PENALTY.search(text[start:end]):
        return True
    following = text[end + 1 : _clause_of(text, end + 1)[1]] if end < len(text) else ""
    return bool(_FAILING.search(text[start:end])) and bool(_PENALTY.search(following))


def _words(sentence: str, found: _Found, others: list[_Found]) -> str:
    """The guideline's words for one requirement: its clause, cut where another requirement of the clause begins."""
    text = half_width(sentence)
    bracket = _bracket(text, found.start)
    if bracket is not None and found.kind not in ("each", "tenure"):
        head = max(text.rfind(sign, 0, bracket[0]) for sign in "、，,：:)") + 1
        return sentence[head : bracket[1] + 1].strip()
    start, end = _clause_of(text, found.start)
    if (
        found.when is not None
        and found.when.start < start
        and any(_same(o.when, found.when) and o.start < start for o in others) is False
    ):
        start = _clause_of(text, found.when.start)[0]
    if found.when is not None and sentence[start : found.when.start].rstrip().endswith("、"):
        start = found.when.start
    neighbours = [o for o in others if start <= o.start < end and o is not found]
    for other in neighbours:
        if other.start < found.start:
            start = max(start, _cut(text, other.end, found.start))
        else:
            end = min(end, _cut(text, found.end, other.start))
    return _PRINTED_POINTS.sub("", sentence[start:end].strip().strip("、，,和并及 ").strip())


def _cut(text: str, start: int, end: int) -> int:
    """Where two requirements in one clause part: a joint right after the first, else the last 、, else the last 和."""
    joints = [start + m.start() for m in re.finditer(r"[、和并及与]", text[start:end])]
    if not joints or joints[0] == start:
        return start if joints else end
    return max((joint for joint in joints if text[joint] == "、"), default=joints[-1])


def _subject(sentence: str, found: _Found) -> str:
    """Who must do it: the words before the period or figure in the same clause, where they name somebody."""
    text = half_width(sentence)
    position = found.when.start if found.when is not None else found.start
    start = _clause_of(text, position)[0]
    words_ = sentence[start:position]
    phrases = words().requirements
    if (joint := words_.rfind("、")) >= 0 and not words_[joint + 1 :].strip():
        led = re.match(r"(?:组织|安排|要求|督促)(\S{1,8}?)(?:定期|经常|按|开展|参加)", words_)
        return led[1] if led and led[1].endswith(tuple(phrases.subjects)) else ""
    trimmed = True
    while trimmed:
        trimmed = False
        for opening in phrases.openings:
            if words_.startswith(opening) and len(words_) > len(opening):
                words_, trimmed = words_[len(opening) :], True
    words_ = re.sub(r"(?:原则上|一般|应当|应该|应|须|必须|要|至少|均|都|分别|各|平均)+$", "", words_).strip()
    return words_ if words_.endswith(tuple(phrases.subjects)) and len(words_) <= 25 else ""
