"""The numbers that Word puts before paragraphs by itself (numbering.xml), as the page shows them."""

from lxml import etree

from pipeline.guideline import package as office

_CN = "一二三四五六七八九"
_CHINESE = (
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting",
    "taiwaneseCountingThousand",
)  # fmt: skip
_ENCLOSED = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")


class Listing:
    """Counters of one document; `label` is to be called once for each paragraph, in reading order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        abstracts = {office.value(a, "abstractNumId"): a for a in office.children(numbering, "abstractNum")}
        self._numbers: dict[str, tuple[str, dict[int, etree._Element]]] = {}
        for number in office.children(numbering, "num"):
            key = office.value(office.child(number, "abstractNumId")) or ""
            levels = _levels(abstracts.get(key))
            starts = {}
            for override in office.children(number, "lvlOverride"):
                level = int(office.value(override, "ilvl") or 0)
                if (own := office.child(override, "lvl")) is not None:
                    levels[level] = own
                if office.child(override, "startOverride") is not None:
                    starts[level] = True
            # a number with a start of its own counts for itself, all others share their list's counters
            owner = f"n{office.value(number, 'numId')}" if starts else f"a{key}"
            self._numbers[office.value(number, "numId") or ""] = (owner, levels)
        self._styles = {office.value(s, "styleId"): s for s in office.children(styles, "style")}
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, paragraph: etree._Element) -> str:
        """The number as printed before this paragraph, or ""."""
        number, level = self._place(office.child(paragraph, "pPr"))
        if number not in self._numbers:
            return ""
        owner, levels = self._numbers[number]
        if level not in levels:
            return ""
        counts = self._counts.setdefault(owner, {})
        counts[level] = counts.get(level, _start(levels[level]) - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        text = office.value(office.child(levels[level], "lvlText")) or ""
        for upper in range(level + 1):
            if f"%{upper + 1}" in text:
                count = counts.get(upper, _start(levels.get(upper)))
                text = text.replace(f"%{upper + 1}", _figure(count, _format(levels.get(upper))))
        return text if any(c.isalnum() for c in text) else ""  # a bullet is no number

    def _place(self, properties: etree._Element | None) -> tuple[str, int]:
        """numId and level, from the paragraph or the styles it is based on."""
        own = office.child(properties, "numPr")
        number = office.value(office.child(own, "numId"))
        level = office.value(office.child(own, "ilvl"))
        style = office.value(office.child(properties, "pStyle"))
        for _ in range(20):  # styles build on styles; a circle in a damaged file ends here
            if number is not None or style not in self._styles:
                break
            element = self._styles[style]
            inherited = office.child(element, "pPr", "numPr")
            number = office.value(office.child(inherited, "numId"))
            level = level or office.value(office.child(inherited, "ilvl"))
            style = office.value(office.child(element, "basedOn"))
        return number or "", int(level) if level is not None and level.isdigit() else 0


def _levels(abstract: etree._Element | None) -> dict[int, etree._Element]:
    return {int(office.value(level, "ilvl") or 0): level for level in office.children(abstract, "lvl")}


def _start(level: etree._Element | None) -> int:
    text = office.value(office.child(level, "start"))
    return int(text) if text is not None and text.isdigit() else 1


def _format(level: etree._Element | None) -> str:
    return office.value(office.child(level, "numFmt")) or "decimal"


def _figure(count: int, form: str) -> str:
    if form in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        return (("" if tens == 1 else _CN[tens - 1]) + "十" if tens else "") + (_CN[ones - 1] if ones else "")
    if form in _ENCLOSED and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    if form in ("upperLetter", "lowerLetter") and 0 < count <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + count - 1)
    if form in ("bullet", "none"):
        return ""
    return str(count)
