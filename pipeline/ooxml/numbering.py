"""Word's automatic numbers as they print (ECMA-376 part 1, 17.9): counters, formats, restarts, overrides.

`Numbering.next(num, level)` must be called once for each numbered paragraph, in the document's order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from pipeline.ooxml.package import UnusablePackage, parse_xml

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
LEVELS = 9
BULLET = "•"  # for the glyphs of Symbol and Wingdings, which are no characters


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list as numbering.xml defines it. `restart` 0: never; None: after any higher level."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A w:num: its abstract definition's id, the levels it has in the end, and where it starts anew."""

    abstract: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of one document and their counters."""

    lists: Mapping[str, List]
    by_style: Mapping[str, tuple[str, int]]  # paragraph style → (num, level), for lists that name the style themselves
    _counters: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, num: str, level: int) -> str | None:
        """What prints before the paragraph, '' where nothing does; None where there is no such list."""
        listed = self.lists.get(num)
        if listed is None or not 0 <= level < LEVELS:
            return None
        counters = self._counters.setdefault(listed.abstract, [None] * LEVELS)
        self._count(listed, num, level, counters)
        return _print(listed, level, counters)

    def _count(self, listed: List, num: str, level: int, counters: list[int | None]) -> None:
        own = listed.starts.get(level)
        current = counters[level]
        if own is not None and (num, level) not in self._begun:
            counters[level] = own
        elif current is None:
            counters[level] = own if own is not None else listed.levels.get(level, Level()).start
        else:
            counters[level] = current + 1
        self._begun.add((num, level))
        for deeper in range(level + 1, LEVELS):
            restart = listed.levels.get(deeper, Level()).restart
            if restart is None or (restart and level < restart):
                counters[deeper] = None


def _print(listed: List, level: int, counters: list[int | None]) -> str:
    shape = listed.levels.get(level, Level())
    if shape.format == "none":
        return ""
    if shape.format == "bullet":
        return shape.text if shape.text and not _private(shape.text) else (BULLET if shape.text else "")
    text = shape.text
    for upper in range(level + 1):
        mark = f"%{upper + 1}"
        if mark in text:
            above = listed.levels.get(upper, Level())
            value = counters[upper]
            if value is None:
                value = counters[upper] = above.start
            text = text.replace(mark, in_format(value, "decimal" if shape.legal else above.format))
    return text


def _private(text: str) -> bool:
    return any("\ue000" <= c <= "\uf8ff" for c in text)


# ---------------------------------------------------------------- formats

_DIGITS = "零一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_SMALL = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def in_format(value: int, name: str) -> str:
    """A counter's value in one of Word's number formats; decimal where the format is not known."""
    make = _FORMATS.get(name)
    return make(value) if make is not None and value >= 0 else str(value)


def _counting(value: int, digits: str = _DIGITS, units: str = "十百千", bare_ten: bool = True) -> str:
    """十一, 二十, 一百零五: Chinese counting up to 9,999; with `bare_ten` ten is 十, not 一十."""
    if value == 0 or value > 9999:
        return digits[0] if value == 0 else str(value)
    text, zero = "", False
    for power, unit in ((3, units[2]), (2, units[1]), (1, units[0]), (0, "")):
        digit = value // 10**power % 10
        if digit == 0:
            zero = bool(text)
            continue
        text += (digits[0] if zero else "") + digits[digit] + unit
        zero = False
    return text[1:] if bare_ten and 10 <= value < 20 else text


def _roman(value: int) -> str:
    text = ""
    for worth, letters in (*_ROMAN, *_ROMAN_SMALL):
        text += letters * (value // worth)
        value %= worth
    return text


def _letters(value: int) -> str:
    """a … z, aa, bb …: Word repeats the letter."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value else ""


def _cycle(value: int, signs: str) -> str:
    return signs[(value - 1) % len(signs)] if value else ""


def _circle(value: int) -> str:
    return _CIRCLES[value - 1] if 1 <= value <= len(_CIRCLES) else str(value)


def _full_width(value: int) -> str:
    return "".join(chr(ord("０") + int(d)) for d in str(value))


def _by_digit(value: int) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in str(value))


_FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circle,
    "decimalEnclosedCircleChinese": _circle,
    "decimalEnclosedFullstop": lambda n: f"{n}.",
    "decimalEnclosedParen": lambda n: f"({n})",
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "ordinal": str,
    "chineseCounting": _counting,
    "chineseCountingThousand": _counting,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _counting,
    "japaneseCounting": _counting,
    "ideographDigital": _by_digit,
    "japaneseDigitalTenThousand": _by_digit,
    "taiwaneseDigital": _by_digit,
    "chineseLegalSimplified": lambda n: _counting(n, _LEGAL, "拾佰仟", bare_ten=False),
    "ideographLegalTraditional": lambda n: _counting(n, _LEGAL, "拾佰仟", bare_ten=False),
    "ideographEnclosedCircle": lambda n: "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"[n - 1] if 1 <= n <= 10 else _counting(n),
    "ideographTraditional": lambda n: _cycle(n, _STEMS),
    "ideographZodiac": lambda n: _cycle(n, _BRANCHES),
}

# ---------------------------------------------------------------- numbering.xml


def fresh(data: bytes) -> Numbering:
    """The lists of numbering.xml with no number counted yet; none where the part is broken."""
    lists, by_style = _lists(data)
    return Numbering(lists, by_style)


@lru_cache(maxsize=4)  # files from one template share the part
def _lists(data: bytes) -> tuple[dict[str, List], dict[str, tuple[str, int]]]:
    try:
        root = parse_xml(data)
    except UnusablePackage:
        return {}, {}
    abstracts = {a.get(W + "abstractNumId", ""): a for a in root.iterfind(W + "abstractNum")}
    styled = {_value(a, "styleLink"): key for key, a in abstracts.items() if _value(a, "styleLink")}
    lists: dict[str, List] = {}
    by_style: dict[str, tuple[str, int]] = {}
    for num in root.iterfind(W + "num"):
        key = num.get(W + "numId", "")
        listed = _list(num, abstracts, styled)
        if listed is None:
            continue
        lists[key] = listed
        for level, shape in listed.levels.items():
            if shape.style is not None:
                by_style.setdefault(shape.style, (key, level))
    return lists, by_style


def _list(
    num: etree._Element, abstracts: Mapping[str, etree._Element], styled: Mapping[str | None, str]
) -> List | None:
    abstract = _value(num, "abstractNumId") or ""
    definition = abstracts.get(abstract)
    if definition is None:
        return None
    linked = _value(definition, "numStyleLink")
    if linked in styled:
        abstract = styled[linked]
        definition = abstracts[abstract]
    levels = {_index(e): _level(e) for e in definition.iterfind(W + "lvl")}
    starts: dict[int, int] = {}
    for override in num.iterfind(W + "lvlOverride"):
        level = _index(override)
        own = override.find(W + "lvl")
        if own is not None:
            levels[level] = _level(own)
        start = _value(override, "startOverride")
        if start is not None:
            starts[level] = _number(start, 1)
            levels[level] = replace(levels.get(level, Level()), start=starts[level])
    return List(abstract, levels, starts)


def _level(element: etree._Element) -> Level:
    restart = _value(element, "lvlRestart")
    legal = element.find(W + "isLgl")
    return Level(
        start=_number(_value(element, "start"), 1),
        format=_value(element, "numFmt") or "decimal",
        text=_value(element, "lvlText") or "",
        restart=None if restart is None else _number(restart, 0),
        legal=legal is not None and legal.get(VAL) not in ("0", "false", "off"),
        style=_value(element, "pStyle"),
    )


def _index(element: etree._Element) -> int:
    return _number(element.get(W + "ilvl"), 0)


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(W + name)
    return None if child is None else child.get(VAL)


def _number(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
