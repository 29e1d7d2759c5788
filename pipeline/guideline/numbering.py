"""The grammar of printed numbers: 一、 （一） 1. 1.1 1-1 1.1.1 1.1(1) (1) 1) ① A1 第一部分, in full or half width.

Every number is a scheme (its shape) and a path (its figures: `1-2` is (1, 2)). Which scheme is which level is not
decided here. What only looks like a number (2-3次, 1.5万元, 2024.3) is none.
"""

import re
from dataclasses import dataclass

from pipeline.text import chinese_figure

# The order in which Chinese documents nest them (GB/T 9704-2012, 7.3.3: 一、（一）1.（1）), decimal ones among them.
RANKS = (
    "part",
    "letter_A",
    "cn_dot",
    "letter_B",
    "cn_paren",
    "letter_C",
    "dec_dot",
    "dec2",
    "dec3",
    "paren",
    "rparen",
    "circled",
)

_WIDE = "０１２３４５６７８９（）．－–—―﹣~～、：［］｛｝％　ＡＢＣＤＥＦ"
_HALF = "0123456789().-------、:[]{}% ABCDEF"
_TO_HALF = str.maketrans(_WIDE, _HALF)
_CN = "[一二三四五六七八九十]{1,3}"
_N = r"(\d{1,2})"
_SEP = r"[ \t]*[-.][ \t]*"
_AFTER = r"[、.:,]?[ \t]*"  # what may stand between a number and its words
_OWN_FIGURE = r"(?=20\d\d年|\d{1,2}周?岁)"  # 1.2025年…, 1.28周岁…: the words begin with a figure of their own
# what stands after a figure that counts something: 1.5万元, 2-3次; but 2.1日常管理, 1-2人才培养 are numbers of a list
_NO_DECIMAL = r"(?![ \t]*(?:[%‰万亿元倍\d]|分(?![类层工析管级期别段])))"
_NO_RANGE = (
    r"(?![ \t]*(?:[次个%‰天篇周万亿元倍\d]|名(?!师)|人(?![才员事文民])|年(?![度级])|月(?!度)|日(?!常)|学时|小时"
    r"|项(?!目)|期(?![末中])|分(?![类层工析管级期别段])))"
)

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (scheme, re.compile(pattern))
    for scheme, pattern in (
        ("dec3", rf"{_N}{_SEP}{_N}{_SEP}{_N}(?!\d){_AFTER}"),
        ("dec3", rf"{_N}{_SEP}{_N}[ \t]*\({_N}\){_AFTER}"),
        ("dec_dot", rf"{_N}[ \t]*[.、][ \t]*{_OWN_FIGURE}"),
        ("dec2", rf"{_N}[ \t]*\.[ \t]*{_N}{_NO_DECIMAL}{_AFTER}"),
        ("dec2", rf"{_N}[ \t]*-[ \t]*{_N}{_NO_RANGE}{_AFTER}"),
        ("dec_dot", rf"{_N}[ \t]*[.、][ \t]*(?!\d)"),
        ("rparen", rf"{_N}[ \t]*\)[ \t]*"),
        ("paren", rf"[(\[][ \t]*{_N}[ \t]*[)\]]{_AFTER}"),
        ("cn_paren", rf"\([ \t]*({_CN})[ \t]*\){_AFTER}"),
        ("cn_dot", rf"({_CN})[ \t]*[、.][ \t]*"),
        ("part", rf"第[ \t]*({_CN}|\d{{1,2}})[ \t]*(?:部分|章|篇|方面)[、:, \t]*"),
        ("part", rf"(?:指标|任务|目标|项目)[ \t]*({_CN}|\d{{1,2}})[、:.][ \t]*"),
        ("part", rf"(?:指标|任务|目标|项目)[ \t]*({_CN}|\d{{1,2}})[ \t]+(?=[\u4e00-\u9fff])"),
        ("letter_A", rf"A[ \t]*{_N}{_NO_RANGE}{_AFTER}"),
        ("letter_B", rf"B[ \t]*{_N}{_NO_RANGE}{_AFTER}"),
        ("letter_C", rf"C[ \t]*{_N}{_NO_RANGE}{_AFTER}"),
    )
)
_BARE = re.compile(r"[ \t]*(\d{1,2})[ \t]+(?=[\u4e00-\u9fff“《])")
_SIGNS = tuple(
    (scheme, ord(first), ord(last))
    for scheme, first, last in (
        ("circled", "①", "⑳"),
        ("paren", "⑴", "⒇"),
        ("dec_dot", "⒈", "⒛"),
        ("circled", "❶", "❿"),
        ("cn_paren", "㈠", "㈩"),
    )
)


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number at the start of a text; `end` is where the words begin."""

    scheme: str
    path: tuple[int, ...]
    end: int

    @property
    def last(self) -> int:
        return self.path[-1]


def half_width(text: str) -> str:
    """Digits, brackets, dots and dashes in half width, one character for one."""
    return text.translate(_TO_HALF)


def leading(text: str) -> Number | None:
    """The number at the start of `text` (after blanks), or None."""
    start = len(text) - len(text.lstrip())
    if start == len(text):
        return None
    for scheme, first, last in _SIGNS:
        if first <= ord(text[start]) <= last:
            end = start + 1
            while end < len(text) and text[end] in " \t\u3000、.．":
                end += 1
            return Number(scheme, (ord(text[start]) - first + 1,), end)
    half = half_width(text)
    for scheme, pattern in _SHAPES:
        if match := pattern.match(half, start):
            return Number(scheme, tuple(_figure(group) for group in match.groups()), match.end())
    return None


def heading(text: str) -> Number | None:
    """As `leading`, for texts that must be headings: there a bare figure before a blank (1 政治引领) is a number too."""
    if (number := leading(text)) is not None:
        return number
    bare = _BARE.match(half_width(text))
    return Number("dec_dot", (int(bare[1]),), bare.end()) if bare else None


def _figure(text: str) -> int:
    return int(text) if text.isdigit() else chinese_figure(text)


def inside(text: str, scheme: str, start: int) -> list[tuple[int, Number]]:
    """Where numbers of `scheme` stand in the run of `text` after `start`, with their positions."""
    found = []
    position = start
    while position < len(text):
        if not text[position].isspace() and not (position and text[position - 1].isdigit()):
            number = leading(text[position:])
            if number is not None and number.scheme == scheme:
                found.append((position, Number(scheme, number.path, position + number.end)))
                position += number.end
                continue
        position += 1
    return found
