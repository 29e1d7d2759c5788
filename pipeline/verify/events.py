"""Each event that was counted, looked for again in the words that are cited for it.

This reads days by other means than `facts`, which found them: figures side by side, whatever stands between them. So a
day that `facts` made up, or a list that says another one, is seen although counting anew gives the same.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable, Sequence

from pipeline.model import Dossier, Event, Evidence
from pipeline.verify.ground import comparable
from pipeline.verify.model import Unproved

_HAN = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN_NUMBER = re.compile(r"[〇零○一二三四五六七八九十廿卅]+")
_MONTH = re.compile(r"(?:(?<!\d)((?:20)?\d\d)\s*[年./-]\s*)?(?<!\d)(\d{1,2})\s*月(?:份)?")
_LIST = re.compile(r"[\d\s日号、,和及与至到~()（）周星期天上下午晚-]*")  # 12日、14日（周四）和20日 behind a month
_DATED = re.compile(r"(?<!\d)((?:20)?\d\d)\s*[年./·-]\s*(\d{1,2})\s*[./·-]\s*(\d{1,2})(?!\d)")
_SHORT = re.compile(r"(?<![\d./·-])()(\d{1,2})\s*[./·-]\s*(\d{1,2})(?![\d./·-])")
_WHOLE = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)?(?!\d)")
_FIGURE = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)(20\d\d)\s*[./-]\s*0?(\d{1,2})(?!\d)")
_SERIAL = re.compile(r"(?<!\d)(4\d{4})(?:\.\d+)?(?!\d)")
_EPOCH = datetime.date(1899, 12, 30)  # day 0 of a spreadsheet
_REMEDY = "（请核对原件，改正后重新运行 shuangchuang run）："
MISSING = f"算作一次的活动，所引原件里找不到这个日期{_REMEDY}"
UNSAID = f"算作一次的活动，所引原件里找不到这些字{_REMEDY}"


def unfounded(dossier: Dossier, document: str) -> list[Unproved]:
    """The events whose day or words stand nowhere in the passages cited for them, nor where those take them from."""
    by_id = {item.id: item for item in dossier.evidence}
    by_source: dict[str, list[Evidence]] = {}
    for item in dossier.evidence:
        by_source.setdefault(item.source, []).append(item)
    found = []
    for event in dossier.facts.events:
        cited = [by_id[ident] for ident in event.evidence if ident in by_id]
        around = [text for item in cited for text in _around(item, by_source[item.source])]
        texts = [text for item in cited for text in (item.text, " ".join(item.columns or ()))] + around
        if event.date is not None and not any(says(text, event.date) for text in texts):
            found.append(_finding(event, cited, document, MISSING))
        elif not _said(
            event.topic, [*texts, *(text for item in cited for text in _form(item, by_source[item.source]))]
        ):
            found.append(_finding(event, cited, document, UNSAID))
    return found


def _around(item: Evidence, document: Iterable[Evidence]) -> list[str]:
    """What a passage may have its day from: its headings, sheet and file, and what comes before it (a book of minutes)."""
    above = []
    for other in document:
        above.append(other.text)
        if other.id == item.id:
            break
    place = item.locator.sheet or ""
    return [*item.heading, place, item.source.rsplit("/", 1)[-1], *above]


def _form(item: Evidence, document: Iterable[Evidence]) -> list[str]:
    """The rows of a passage's own table: a form says in one row when, and what in another."""
    if item.kind != "row":
        return []
    own = (item.locator.sheet, item.locator.table)
    return [other.text for other in document if (other.locator.sheet, other.locator.table) == own]


def _said(topic: str, texts: Iterable[str]) -> bool:
    wanted = comparable(topic)
    return not wanted or any(wanted in comparable(text) for text in texts)


def says(text: str, iso: str) -> bool:
    """Whether a text names the day, or the month where `iso` (YYYY-MM-DD or YYYY-MM) has no day."""
    plain = readable(text)
    year, month, *rest = (int(part) for part in iso.split("-"))
    if rest:
        return _has(_days(plain), year, (month, rest[0]))
    return _has(_months(plain), year, (month,))


def _has(found: Iterable[tuple[int | None, tuple[int, ...]]], year: int, wanted: tuple[int, ...]) -> bool:
    return any(named == wanted and own in (None, year) for own, named in found)


def _days(text: str) -> list[tuple[int | None, tuple[int, ...]]]:
    """Every (year or None, (month, day)) that figures in the text can mean."""
    found: list[tuple[int | None, tuple[int, ...]]] = []
    for match in _MONTH.finditer(text):
        listed = _LIST.match(text, match.end())
        days = _FIGURE.findall(listed[0]) if listed is not None else ()
        found += [(_year(match[1]), (int(match[2]), int(day))) for day in days]
    for pattern in (_DATED, _SHORT):
        found += [(_year(m[1]), (int(m[2]), int(m[3]))) for m in pattern.finditer(text)]
    found += [(int(m[1]), (int(m[2]), int(m[3]))) for m in _WHOLE.finditer(text) if m[3]]
    for match in _SERIAL.finditer(text):
        day = _EPOCH + datetime.timedelta(int(match[1]))
        found.append((day.year, (day.month, day.day)))
    return found


def _months(text: str) -> list[tuple[int | None, tuple[int, ...]]]:
    found: list[tuple[int | None, tuple[int, ...]]] = [(_year(m[1]), (int(m[2]),)) for m in _MONTH.finditer(text)]
    found += [(int(m[1]), (int(m[2]),)) for m in _YEAR_MONTH.finditer(text)]
    found += [(int(m[1]), (int(m[2]),)) for m in _WHOLE.finditer(text)]
    return found + [(year, named[:1]) for year, named in _days(text)]


def _year(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if len(written) == 4 else 2000 + int(written)


def readable(text: str) -> str:
    """Half width, Chinese numerals as figures."""
    return _HAN_NUMBER.sub(lambda m: _figure(m[0]), unicodedata.normalize("NFKC", text))


def _figure(written: str) -> str:
    """二〇二四 as 2024, 三十一 as 31, 廿三 as 23; what is no such number stays."""
    plain = written.replace("廿", "二十").replace("卅", "三十")
    if "十" not in plain:
        return "".join(str(_HAN[c]) for c in plain)
    before, _, after = plain.partition("十")
    if len(before) > 1 or len(after) > 1 or "十" in after:
        return written
    return str((_HAN[before] if before else 1) * 10 + (_HAN[after] if after else 0))


def _finding(event: Event, cited: Sequence[Evidence], document: str, message: str) -> Unproved:
    first = cited[0] if cited else None
    return Unproved(
        document,
        event.kind,
        f"{event.date or ''} {event.topic}".strip(),
        message,
        nearest=first.text if first is not None else "",
        source=f"{first.source} {first.locator.chinese()}".strip() if first is not None else "",
    )
