"""A number in a cell as a person sees it: by its number format ([ECMA-376-1] 18.8.30), dates as YYYY-MM-DD.

Dates are not shown as the format has them but in one form that sorts and searches: with the time where there is one,
without the day where the format shows none. Formats that are not understood give the plain number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import Literal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

Shown = tuple[str, Literal["text", "number", "date"]]

# The numbers that Excel leaves to the locale; these are the Chinese ones ([ECMA-376-1] 18.8.30, zh-cn).
_CHINESE_BUILTINS = {
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"',
    50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"',
    55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', re.S)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_.|\*.|(?P<digits>[0#?.,]+)|(?P<other>.)', re.S
)
_REMEMBERED = 10_000  # values of one style; more are all different
_LARGEST_DATE = 2958466.0  # the day after 9999-12-31


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a number format: literals around one run of digit places."""

    before: str
    after: str
    whole: int  # least digits before the point
    decimals: int
    optional: int  # of the decimals, how many are shown only where they are not zero
    thousands: bool
    percent: int
    scale: int


@dataclass(slots=True)
class Style:
    """How cells of one style show numbers. `shown` remembers what was asked: ledgers repeat their figures and dates."""

    format: "Callable[[float], Shown]" = lambda value: (plain(value), "number")
    bold: bool = False
    shown: "dict[str | None, Shown]" = field(default_factory=dict)

    def show(self, value: str | None) -> Shown:
        """A cell's raw number as shown; text that is no number stays as it stands."""
        if value is None or not value.strip():
            return "", "text"
        try:
            number = float(value)
        except ValueError:
            return value, "text"
        result = self.format(number) if isfinite(number) else (value, "text")
        if len(self.shown) < _REMEMBERED:
            self.shown[value] = result
        return result


def format_code(number: int, own: "dict[int, str]") -> str:
    """The format code of a numFmtId; General where it is unknown."""
    return own.get(number) or _CHINESE_BUILTINS.get(number) or BUILTIN_FORMATS.get(number, "General")


def formatter(code: str, mac: bool) -> Callable[[float], Shown]:
    """How numbers under this format code are shown; `mac` for the 1904 date system."""
    if is_date_format(code) or _is_chinese_date(code):
        parts = _QUOTED.sub("", code.split(";")[0]).lower()
        duration = is_timedelta_format(code)
        return lambda value: _date(value, parts, duration, mac)
    if code in ("General", "@", ""):
        return lambda value: (plain(value), "number")
    sections = tuple(_section(part) for part in _sections(code)[:3])
    return lambda value: (_number(value, sections), "number")


def _is_chinese_date(code: str) -> bool:
    """Formats that openpyxl does not take for dates because their letters stand between Chinese ones."""
    bare = _QUOTED.sub("", code.split(";")[0]).lower()
    return bool(re.search(r"y{2,4}|e", bare) and "m" in bare) or bool(re.search(r"上午/下午|(?<![a-z])m+月d+日", bare))


def plain(value: float) -> str:
    """A number without any format: whole numbers in full, others to 15 significant digits, no noise of binary fractions."""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    text = f"{value:.15g}"
    return f"{value:.6g}" if "e" in text else text


# ---------------------------------------------------------------- dates


def _date(value: float, parts: str, duration: bool, mac: bool) -> Shown:
    if not 0 <= value < _LARGEST_DATE:
        return plain(value), "number"
    epoch = MAC_EPOCH if mac else WINDOWS_EPOCH
    try:
        moment = from_excel(value, epoch, timedelta=duration)
    except (ValueError, OverflowError, TypeError):
        return plain(value), "number"
    if isinstance(moment, timedelta):
        minutes, seconds = divmod(round(moment.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else ""), "number"
    if isinstance(moment, time):
        if value == 0 and "h" not in parts:
            return "0", "number"
        return moment.strftime("%H:%M:%S" if moment.second else "%H:%M"), "date"
    return iso(moment, with_day="d" in parts or not re.search("y|e", parts)), "date"


def iso(moment: datetime, with_day: bool = True) -> str:
    """YYYY-MM-DD, or YYYY-MM without the day, with the time of day where it is not midnight."""
    if moment.microsecond >= 500_000:
        moment += timedelta(seconds=1)
    if not (moment.hour or moment.minute or moment.second):
        return moment.strftime("%Y-%m-%d" if with_day else "%Y-%m")
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def iso_text(text: str) -> str:
    """A cell of type `d` (ISO 8601), in the same form; the text itself where it is none."""
    try:
        moment = from_ISO8601(text)
    except ValueError:
        return text
    if isinstance(moment, datetime):
        return iso(moment)
    return moment.isoformat() if hasattr(moment, "isoformat") else text


@lru_cache(maxsize=4096)
def serial_date(serial: int, mac: bool) -> str | None:
    """The date that a bare whole number stands for, if it lies between 1950 and 2050."""
    moment = from_excel(serial, MAC_EPOCH if mac else WINDOWS_EPOCH)
    return iso(moment) if isinstance(moment, datetime) and 1950 <= moment.year < 2050 else None


# ---------------------------------------------------------------- numbers


def _sections(code: str) -> list[str]:
    sections, at = [""], 0
    while at < len(code):
        match = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]', re.S).match(code, at)
        piece = match[0] if match else code[at]
        if piece == ";":
            sections.append("")
        else:
            sections[-1] += piece
        at += len(piece)
    return sections


def _section(code: str) -> _Section | None:
    """None for what is beyond one run of digits: fractions, exponents, spelt-out numerals."""
    before, after, digits, percent = "", "", "", 0
    for match in _TOKEN.finditer(code):
        literal = match["quoted"] or match["escaped"] or ""
        if match["bracket"] is not None:
            if match["bracket"].upper().startswith("DBNUM"):
                return None
            if match["bracket"].startswith("$"):
                literal = match["bracket"][1:].split("-")[0]
        elif match["digits"]:
            if digits:
                return None
            digits = match["digits"]
        elif match["other"]:
            if match["other"] in "/eEgG":
                return None
            literal = "" if match["other"] == "@" else match["other"]
            percent += literal == "%"
        if digits:
            after += literal
        else:
            before += literal
    return _parsed(before, after, digits, percent)


def _parsed(before: str, after: str, digits: str, percent: int) -> _Section:
    scaled = digits.rstrip(",")
    whole, _, decimals = scaled.partition(".")
    return _Section(
        before=before,
        after=after,
        whole=whole.count("0"),
        decimals=len(decimals),
        optional=len(decimals) - len(decimals.rstrip("#?")),
        thousands="," in whole,
        percent=percent,
        scale=len(digits) - len(scaled),
    )


def _number(value: float, sections: "tuple[_Section | None, ...]") -> str:
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
        sign = ""
    else:
        section = sections[2] if value == 0 and len(sections) > 2 else sections[0]
        sign = "-" if value < 0 else ""
    if section is None or not (
        section.whole or section.decimals or section.before or section.after or section.thousands
    ):
        return sign + plain(abs(value))
    shown = _digits(abs(value) * 100**section.percent / 1000**section.scale, section)
    if not shown.strip("0.,"):
        sign = "" if value == 0 else sign
    return (sign + section.before + shown + section.after).strip()


def _digits(value: float, section: _Section) -> str:
    text = f"{float(f'{value:.15g}'):.{section.decimals}f}"
    whole, _, decimals = text.partition(".")
    kept = section.decimals - section.optional
    while len(decimals) > kept and decimals.endswith("0"):
        decimals = decimals[:-1]
    whole = whole.lstrip("0").rjust(section.whole, "0") if section.whole else whole
    if section.thousands:
        head = len(whole) % 3
        whole = ",".join(filter(None, [whole[:head], *(whole[i : i + 3] for i in range(head, len(whole), 3))]))
    return whole + ("." + decimals if decimals else "")
