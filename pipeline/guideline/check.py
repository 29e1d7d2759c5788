"""What looks wrong in the guideline itself. Everything is reported with its place and a suggestion, nothing is changed.

Characters that look like a reading error are found in two ways: by the confusions that recognisers and typists make
(`data/misprints.toml`), and by the guideline's own words: 党员领导于部 beside ten 党员领导干部 is a slip.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from pipeline.model import Finding, Guideline, Indicator
from pipeline.settings import data_text

_PAIRS = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "《": "》", "“": "”", "‘": "’", "<": ">", "「": "」"}
_SAME_BRACKET = {"（": "(", "）": ")", "［": "[", "］": "]"}
_CJK = r"\u4e00-\u9fff"
_INNER_BLANK = re.compile(rf"(?<=[{_CJK}，。、；：）”》])\s+(?=[{_CJK}（“《])")
_HALF_STOP = re.compile(rf"(?<=[{_CJK}”’）)》])[,;:!?]\s?(?=[{_CJK}“‘（(《])")
_FULL_STOPS = str.maketrans(",;:!?", "，；：！？")
_DOUBLED = re.compile(r"[，。、；：,;]{2,}")
_STRANGE = re.compile(r"[\ufffd\ue000-\uf8ff□■◆●�]|\(cid:\d+\)")
_LONG = 7  # a phrase this long is still known with a character left out; a shorter one becomes another word
_NAMED = 3  # so many places are named, the rest counted
_AROUND = 6  # characters quoted on either side of a find


class _Misprint(msgspec.Struct, frozen=True):
    wrong: str
    right: str
    unless: str = ""


class _Misprints(msgspec.Struct, frozen=True):
    misprints: list[_Misprint]
    alike: list[str]
    phrases: list[str]


def check(guideline: Guideline) -> tuple[Finding, ...]:
    """All findings: those of the parsing first, then those in the words, in the guideline's order."""
    found = [*guideline.findings]
    slips = _slips(guideline)
    for indicator in guideline.indicators:
        for test in _TESTS:
            found += test(indicator)
        found += slips(indicator)
    found += _same_words(guideline)
    found += _mixed_brackets(guideline)
    return tuple(dict.fromkeys(found))


def _around(text: str, start: int, end: int) -> str:
    head, tail = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return ("…" if head else "") + text[head:tail] + ("…" if tail < len(text) else "")


# ---------------------------------------------------------------- one indicator at a time


def _empty(indicator: Indicator) -> Iterator[Finding]:
    if not re.search(rf"[{_CJK}A-Za-z]", indicator.text):
        yield Finding(indicator.code, "这一条没有文字。", "请补上原文，或删去这个编号。")


def _blanks(indicator: Indicator) -> Iterator[Finding]:
    text = indicator.text
    places = [match.span() for match in _INNER_BLANK.finditer(text)]
    if places:
        quoted = "、".join(f"“{_around(text, a, b)}”" for a, b in places)
        right = "、".join(f"“{_INNER_BLANK.sub('', _around(text, a, b))}”" for a, b in places)
        yield Finding(indicator.code, f"字词之间有空格：{quoted}。", f"应为{right}")


def _brackets(indicator: Indicator) -> Iterator[Finding]:
    """Brackets and quotes that do not close; （ closed by ) is one pair, as Chinese typing mixes them."""
    text = "".join(_SAME_BRACKET.get(sign, sign) for sign in indicator.text)
    closing = {right: left for left, right in _PAIRS.items()}
    opened: list[tuple[str, int]] = []
    for place, sign in enumerate(text):
        if sign in _PAIRS:
            opened.append((sign, place))
        elif sign in closing:
            if opened and opened[-1][0] == closing[sign]:
                opened.pop()
            else:
                yield _unbalanced(indicator, place, f"“{sign}”前面没有与它成对的“{closing[sign]}”")
    for sign, place in opened:
        yield _unbalanced(indicator, place, f"“{sign}”后面没有与它成对的“{_PAIRS[sign]}”")


def _unbalanced(indicator: Indicator, place: int, message: str) -> Finding:
    return Finding(
        indicator.code, f"括号或引号不成对：“{_around(indicator.text, place, place + 1)}”里{message}。", "请核对原文。"
    )


def _signs(indicator: Indicator) -> Iterator[Finding]:
    for match in _STRANGE.finditer(indicator.text):
        yield Finding(
            indicator.code, f"有认不出的字符：“{_around(indicator.text, *match.span())}”。", "请对照原文补上。"
        )
    for match in _DOUBLED.finditer(indicator.text):
        yield Finding(indicator.code, f"标点重复：“{_around(indicator.text, *match.span())}”。", f"应为“{match[0][0]}”")


def _half_width(indicator: Indicator) -> Iterator[Finding]:
    """Western commas between Chinese words."""
    text = indicator.text
    if places := [match.span() for match in _HALF_STOP.finditer(text)]:
        quoted = "、".join(f"“{_around(text, a, b)}”" for a, b in places)
        right = "".join(dict.fromkeys(text[a].translate(_FULL_STOPS) for a, _ in places))
        yield Finding(indicator.code, f"中文里用了半角标点：{quoted}。", f"应为全角“{right}”")


def _unfinished(indicator: Indicator) -> Iterator[Finding]:
    """A third level that stops after a comma was cut somewhere."""
    if indicator.text.rstrip().endswith(("，", "、", ",", "：", ":")):
        yield Finding(indicator.code, f"末尾像是没有完：“{indicator.text[-12:]}”。", "请对照原文，看后面是否缺字。")


def _misprints(indicator: Indicator) -> Iterator[Finding]:
    """Known confusions (领导于部) and set phrases with one character wrong or missing; each place once."""
    taken: list[tuple[int, int]] = []
    for start, end, right in (*_known(indicator.text), *_near(indicator.text)):
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield _misprint(indicator, start, end, right)


def _known(text: str) -> Iterator[tuple[int, int, str]]:
    for entry in _data().misprints:
        for match in re.finditer(entry.wrong, text):
            if not (entry.unless and re.search(entry.unless, _around(text, *match.span()))):
                yield match.start(), match.end(), match.expand(entry.right)


def _near(text: str) -> Iterator[tuple[int, int, str]]:
    """Places where a set phrase stands with exactly one character wrong or left out."""
    for phrase in _data().phrases:
        for pattern in _one_off(phrase):
            for match in re.finditer(pattern, text):
                yield match.start(), match.end(), phrase


@cache
def _one_off(phrase: str) -> tuple[str, ...]:
    """Patterns for `phrase` with its n-th character wrong (only by one that looks alike) or left out (not at the ends)."""
    patterns = []
    for index, sign in enumerate(phrase):
        before, after = re.escape(phrase[:index]), re.escape(phrase[index + 1 :])
        alike = "".join(c for c in _alike().get(sign, "") if c != sign)
        if alike:
            patterns.append(f"{before}[{alike}]{after}")
        if 0 < index < len(phrase) - 1 and len(phrase) >= _LONG:
            patterns.append(before + after)
    return tuple(patterns)


@cache
def _alike() -> dict[str, str]:
    """Characters that look alike, each with all of its group."""
    groups: dict[str, str] = {}
    for group in _data().alike:
        for sign in group:
            groups[sign] = groups.get(sign, "") + group
    return groups


def _misprint(indicator: Indicator, start: int, end: int, right: str) -> Finding:
    text = indicator.text
    return Finding(
        indicator.code,
        f"像是错字或漏字：“{_around(text, start, end)}”里的“{text[start:end]}”。",
        f"应为“{right}”；确认后写入 inputs/勘误.xlsx",
    )


@cache
def _data() -> _Misprints:
    return msgspec.convert(tomllib.loads(data_text("misprints.toml")), _Misprints)


_TESTS: tuple[Callable[[Indicator], Iterator[Finding]], ...] = (
    _empty,
    _blanks,
    _brackets,
    _signs,
    _half_width,
    _unfinished,
    _misprints,
)


# ---------------------------------------------------------------- the guideline as a whole


def _slips(guideline: Guideline) -> Callable[[Indicator], Iterator[Finding]]:
    """Four characters that stand once, and differ by a lookalike from four that the guideline has three times."""
    counts: Counter[str] = Counter()
    for indicator in guideline.indicators:
        text = indicator.text
        counts.update(text[i : i + 4] for i in range(len(text) - 3) if re.fullmatch(rf"[{_CJK}]{{4}}", text[i : i + 4]))

    def find(indicator: Indicator) -> Iterator[Finding]:
        text = indicator.text
        for start in range(len(text) - 3):
            word = text[start : start + 4]
            if counts[word] != 1:
                continue
            for index, sign in enumerate(word):
                for other in _alike().get(sign, ""):
                    right = word[:index] + other + word[index + 1 :]
                    if other != sign and counts[right] >= 3:
                        yield _misprint(indicator, start, start + 4, right)
                        return

    return find


def _same_words(guideline: Guideline) -> Iterator[Finding]:
    """Two indicators of one level with the same words."""
    seen: dict[tuple[int, str], str] = {}
    for indicator in guideline.indicators:
        key = (indicator.level, re.sub(r"\s", "", indicator.text))
        if key in seen and key[1]:
            yield Finding(indicator.code, f"与{seen[key]}的文字完全相同。", "请核对是否重复。")
        seen.setdefault(key, indicator.code)


def _mixed_brackets(guideline: Guideline) -> Iterator[Finding]:
    """（） and () side by side in one guideline: one finding, since one kind is usually right throughout."""
    texts = [("标题", guideline.title), *((i.code, i.text) for i in guideline.indicators)]
    full = [place for place, text in texts if re.search(r"[（）]", text)]
    half = [place for place, text in texts if re.search(rf"(?<=[{_CJK}])\(|\)(?=[{_CJK}])", text)]
    if full and half:
        yield Finding(
            "全文",
            f"括号全角、半角混用：全角（）在{_listed(full)}，半角()在{_listed(half)}。",
            "不影响读取；如需统一，请改为全角。",
        )


def _listed(places: list[str]) -> str:
    """The first places by name, the others as a number."""
    named = "、".join(places[:_NAMED])
    return named if len(places) <= _NAMED else f"{named}等{len(places)}处"
