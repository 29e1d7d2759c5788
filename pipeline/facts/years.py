"""Which year a day without a year belongs to: what stands above it, the document's title, its file name, its own dates.

The order is: a line that only names a year or month (2024年3月), the headings above, the sheet, the title, the file
name, then the year most of the document's own dates carry. A school year (2023—2024学年) gives two.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.facts.dates import scan
from pipeline.model import Evidence
from pipeline.text import number

_YEAR = re.compile(
    r"(?<!\d)(20\d\d|二[零〇○]二[零〇○一二三四五六七八九])(?=\s*(?:年|级|[^0-9届级〕\]]|$))(?!\s*[届级])"
)
_SCHOOL_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*[-—–－~～至/]+\s*(20\d\d|\d\d)\s*学年")
_YEAR_LINE = re.compile(r"^[\s（(【\[]*(20\d\d)\s*年?\s*(?:度|工作)?\s*(?:(\d{1,2})\s*月(?:份)?)?[\s）)】\]：:]*$")
_WHOLE_DATE = re.compile(r"20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")


@dataclass(frozen=True, slots=True)
class YearHere:
    """The year of the days at one place. `school`: the first year of a school year (Aug to Dec belong to it).

    `known`: the material itself says so; else it is the run's year by default. `month`: of the line above, if it has one.
    """

    year: int
    known: bool = True
    school: int | None = None
    month: int | None = None

    def of(self, month: int) -> int:
        """The year of a day in that month."""
        return self.school if self.school is not None and month >= 8 else self.year


def years_of(items: Sequence[Evidence], run_year: int) -> tuple[YearHere, ...]:
    """The year at each passage of one document, in reading order."""
    document = _document_year(items, run_year)
    running: YearHere | None = None
    path: tuple[str, ...] = ()
    found = []
    for item in items:
        line = _YEAR_LINE.match(item.text)
        if line:
            running, path = YearHere(int(line[1]), month=int(line[2]) if line[2] else None), item.heading
        elif running is not None and item.heading[: len(path)] != path:
            running = None
        found.append(running or _of_heading(item.heading, run_year) or document)
    return tuple(found)


def _document_year(items: Sequence[Evidence], run_year: int) -> YearHere:
    first = items[0]
    head = [
        i.text if i.kind == "heading" else _WHOLE_DATE.sub("", i.text)  # a day of an event names no year for the rest
        for i in items[:3]
        if i.kind in ("heading", "paragraph", "header")
    ]
    named = _named([first.document, *head]) or _named(reversed(first.source.split("/")))
    if named is not None:
        return named
    found = [d for i in items for d in scan(i.text, run_year)[0]]
    own = Counter(int(d.iso[:4]) for d in found if d.dated)
    if own:
        year = max(own, key=lambda y: (own[y], y == run_year, -abs(y - run_year)))
        if year == run_year or found[0].dated or 2 * own[year] >= len(found):
            return YearHere(year)
    return YearHere(run_year, known=False)  # 2025年1月8日 once among days without a year dates none of them


def _of_heading(heading: Sequence[str], run_year: int) -> YearHere | None:
    """The year a heading gives the days below it; a far one is what the heading speaks of (2021年“七一”讲话)."""
    named = _named(h for h in reversed(heading) if _named([h]) is not None)
    return named if named is not None and abs(named.year - run_year) <= 1 else None


def _named(texts: Iterable[str]) -> YearHere | None:
    """The year that the first of these texts names, if it names one."""
    for text in texts:
        school = _SCHOOL_YEAR.search(text)
        if school:
            second = int(school[2]) if len(school[2]) == 4 else 2000 + int(school[2])
            return YearHere(second, school=int(school[1]))
        years = [number(year) or 0 for year in _YEAR.findall(text)]
        line = _YEAR_LINE.match(text)
        if years:
            return YearHere(years[-1], month=int(line[2]) if line and line[2] else None)
    return None
