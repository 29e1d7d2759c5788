"""Dates in Chinese prose and tables: every spelling, ranges, and those that cannot be.

A day without a year takes the year of the date it is listed with (2023年3月1日、6月2日), else a word beside it (去年),
else the `year` given, which is the document's. What cannot be a date of our time (2月30日, 13月, 1900, the next
century) is returned as a `DateFault`, never as a date. Periods (上半年, 每月, 第二周) are no dates.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from pipeline.facts.data import tables
from pipeline.text import number

_HAN_DIGITS = "零〇○Ｏ一二三四五六七八九十两"
_N = rf"(?:\d{{1,2}}|[{_HAN_DIGITS}]{{1,3}})"
_Y = r"(?:[12]\d{3}|[一二][零〇○Ｏ一二三四五六七八九]{3})"
_SEP = r"\s*[-–—－/／.．·]\s*"
_TO = r"\s*(?:至|到|—+|–|－|-|~|～|―)\s*"

_FULL = re.compile(
    rf"(?<![0-9A-Za-z〔\[])(?P<y>{_Y})\s*年\s*(?P<m>{_N})\s*月(?:份)?\s*(?:(?P<d>{_N})\s*(?:日|号(?!楼|线|机|院|教|实|车|会议)))?"
)
_DOTTED = re.compile(
    rf"(?<![0-9A-Za-z.\-/])(?P<y>[12]\d{{3}}){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?:日|(?!\d))"
)
_PLAIN = re.compile(r"(?<![0-9A-Za-z.\-/])(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?![0-9A-Za-z])")
_SHORT_YEAR = re.compile(rf"(?<![0-9A-Za-z])(?P<y>\d\d)\s*年\s*(?P<m>{_N})\s*月\s*(?:(?P<d>{_N})\s*[日号])?")
_DAY = re.compile(
    rf"(?<![0-9A-Za-z个第{_HAN_DIGITS}.])(?P<m>{_N})\s*月\s*(?P<d>{_N})\s*(?:日|号(?!楼|线|机|院|教|实|车|会议))"
)
_MONTH = re.compile(
    rf"(?<![0-9A-Za-z个第逢每{_HAN_DIGITS}.~～—\-至])(?P<m>\d{{1,2}}|[{_HAN_DIGITS}]{{1,3}}(?=\s*月份|\s*月[上中下]旬|\s*月[底初末]))"
    r"\s*月(?:份)?(?!\s*[\d一二三四五六七八九十]{1,3}\s*[日号]|度|票|刊|租|薪|活动日)"
)
_TAIL_DAY = re.compile(rf"(?P<d>{_N})\s*[日号]")
_TAIL_MONTH = re.compile(rf"(?P<m>{_N})\s*月")
_COLUMN_FORMS = (
    re.compile(rf"^(?P<y>[12]\d{{3}}|\d\d){_SEP}(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?!\d)"),
    re.compile(r"^(?P<y>[12]\d{3})(?P<m>\d\d)(?P<d>\d\d)$"),
    re.compile(rf"^(?P<y>[12]\d{{3}}){_SEP}(?P<m>\d{{1,2}})(?=$|\s*(?:[-—–－~～至到]+)\s*[12]\d{{3}})"),
    re.compile(rf"^(?P<m>\d{{1,2}}){_SEP}(?P<d>\d{{1,2}})(?=$|[\s(（日,，、—~～\-至到])"),
)
_SERIAL = re.compile(r"^\d{1,5}(?:\.\d+)?$")
_RELATIVE = {
    "去年": -1,
    "上年": -1,
    "上年度": -1,
    "上一年": -1,
    "前年": -2,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "次年": 1,
    "来年": 1,
    "翌年": 1,
}
_RELATIVE_BEFORE = re.compile(rf"(?P<word>{'|'.join(sorted(_RELATIVE, key=len, reverse=True))})的?\s*$")
_LISTED = re.compile(r"^(?:[、,，\s及和与以至到—–\-~～（）()]|上午|下午|晚上|晚|星期.|周.)*$")
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """One date as it stands in a text: `iso` is YYYY-MM-DD, or YYYY-MM where no day is given.

    `start`, `end`: its place in the text. `dated`: the text itself says the year. `closes`: it is the end of a range
    (3月12日至14日), so no event of its own. `vague`: a third of a month (下旬) or a range of months.
    """

    iso: str
    start: int
    end: int
    dated: bool = False
    closes: bool = False
    vague: bool = False


@dataclass(frozen=True, slots=True)
class DateFault:
    """Something that looks like a date and cannot be one. `reason` is Chinese."""

    text: str
    start: int
    end: int
    reason: str


def find_dates(text: str, year: int) -> tuple[FoundDate, ...]:
    """The valid dates of a passage in reading order; both ends of a range."""
    return scan(text, year)[0]


def scan(text: str, year: int) -> tuple[tuple[FoundDate, ...], tuple[DateFault, ...]]:
    """The valid dates of a passage, and what looks like a date and cannot be one."""
    dates: list[FoundDate] = []
    faults: list[DateFault] = []
    for match in _matches(text):
        own = match.groupdict().get("y")
        listed_year = _listed_year(text, match.start(), dates)
        base = _full_year(own) if own else _relative(text, match.start(), year) or listed_year or year
        _settle(text, match, base, own is not None or listed_year is not None, dates, faults)
    return _ranges(text, sorted(dates, key=lambda d: (d.start, d.closes))), tuple(faults)


def scan_cell(text: str, year: int) -> tuple[tuple[FoundDate, ...], tuple[DateFault, ...]]:
    """As `scan`, for a cell of a date column: 3.12, 3/12, 24.3.12, 2024.3 and Excel serials are dates there too."""
    text = text.strip()
    dates, faults = scan(text, year)
    if dates or faults:
        return dates, faults
    found: list[FoundDate] = []
    wrong: list[DateFault] = []
    for form in _COLUMN_FORMS:
        match = form.match(text)
        if match:
            own = match.groupdict().get("y")
            _settle(text, match, _full_year(own) if own else year, own is not None, found, wrong)
            return tuple(found), tuple(wrong)
    if _SERIAL.match(text):
        return _from_serial(text)
    return (), ()


def _matches(text: str) -> list[re.Match[str]]:
    """All date-like places, longest form first, none inside another."""
    taken: list[tuple[int, int]] = []
    found = []
    for form in (_FULL, _DOTTED, _PLAIN, _SHORT_YEAR, _DAY, _MONTH):
        for match in form.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                found.append(match)
    return sorted(found, key=lambda m: m.start())


def _settle(
    text: str,
    match: re.Match[str],
    year: int,
    dated: bool,
    dates: list[FoundDate],
    faults: list[DateFault],
) -> None:
    """Adds what one match means: a date, both ends of a range, or a fault."""
    groups = match.groupdict()
    month, day = number(groups["m"]), number(groups["d"]) if groups.get("d") else None
    reason = _fault(year, month, day)
    if reason or month is None:
        faults.append(DateFault(match[0].strip(), match.start(), match.end(), reason or "不是日期"))
        return
    last = _range_end(text, match.end(), year, month, day)
    third = re.match(r"\s*(?:份)?[上中下]旬", text[match.end() :])
    vague = third is not None or (day is None and last is not None)
    dates.append(FoundDate(_iso(year, month, day), match.start(), match.end(), dated, vague=vague))
    if last is not None:
        iso, end = last
        dates.append(FoundDate(iso, match.end(), end, dated, closes=True, vague=vague))


def _ranges(text: str, dates: list[FoundDate]) -> tuple[FoundDate, ...]:
    """The dates, with the second of 2024年3月12日至2024年3月14日 marked as the end of a range."""
    done: list[FoundDate] = []
    for found in dates:
        before = done[-1] if done else None
        joined = before is not None and not before.closes and before.end <= found.start
        if joined and before is not None and re.fullmatch(_TO, text[before.end : found.start]):
            found = replace(found, closes=before.iso <= found.iso)
        done.append(found)
    return tuple(done)


def _range_end(text: str, at: int, year: int, month: int, day: int | None) -> tuple[str, int] | None:
    """The other end of 3月12日至14日 or 3月—5月, where it is not a full date itself (that is found on its own)."""
    rest = text[at:]
    if day is not None:
        match = re.match(rf"{_TO}{_TAIL_DAY.pattern}", rest)
        last = number(match["d"]) if match else None
        if match and last is not None and last >= day and not _fault(year, month, last):
            return _iso(year, month, last), at + match.end()
        return None
    match = re.match(rf"{_TO}{_TAIL_MONTH.pattern}(?!\s*{_N}\s*[日号])", rest)
    final = number(match["m"]) if match else None
    if match and final is not None and month < final <= 12:
        return _iso(year, final, None), at + match.end()
    return None


def _fault(year: int, month: int | None, day: int | None) -> str:
    """Why it cannot be a date of our time, or ""."""
    limits = _limits()
    if month is None or not 1 <= month <= 12:
        return "没有这个月份"
    if year == 1900:
        return "像是表格把数字或空格当成了1900年的日期"
    if not limits[0] <= year <= limits[1]:
        return "年份不在可能的范围内"
    if day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return "这个月没有这一天"
    return ""


def _from_serial(text: str) -> tuple[tuple[FoundDate, ...], tuple[DateFault, ...]]:
    """An Excel serial (days since 1899-12-30): 45363 is 2024-03-12; a small number is a date of 1900."""
    days = int(float(text))
    if days < 1:
        return (), ()
    found = _EXCEL_EPOCH + timedelta(days=days)
    low, high = _limits()
    if low <= found.year <= high:
        return (FoundDate(found.isoformat(), 0, len(text), True),), ()
    return (), (DateFault(text, 0, len(text), _fault(found.year, found.month, found.day) or "不是日期"),)


def _listed_year(text: str, at: int, dates: list[FoundDate]) -> int | None:
    """The year of the date just before, where this one is listed with it: 2023年3月1日、6月2日."""
    if not dates or not dates[-1].dated or not _LISTED.match(text[dates[-1].end : at]):
        return None
    return int(dates[-1].iso[:4])


def _relative(text: str, at: int, year: int) -> int | None:
    match = _RELATIVE_BEFORE.search(text[max(0, at - 6) : at])
    return None if match is None else year + _RELATIVE[match["word"]]


def _full_year(text: str) -> int:
    if text.isdigit():
        return int(text) if len(text) == 4 else 2000 + int(text)
    return number(text) or 0


def _iso(year: int, month: int, day: int | None) -> str:
    return f"{year:04d}-{month:02d}" + ("" if day is None else f"-{day:02d}")


@cache
def _limits() -> tuple[int, int]:
    limits = tables()["dates"]
    return int(limits["first_year"]), int(limits["last_year"])
