"""What a Word style means to a reader: heading level, table of contents, list, hidden, bold, size, centred."""

from dataclasses import dataclass, field

from lxml import etree

from pipeline.ooxml.numbering import VAL, Numbering, W

_OFF = ("0", "false", "off", "none")
_HEADINGS = ("heading ", "标题 ")


@dataclass(frozen=True, slots=True)
class Style:
    """One style with what it inherits. `level`: heading level from 1; `size` in half points, None: not said."""

    level: int | None = None
    title: bool = False
    contents: bool = False  # an entry or the head of a table of contents
    num: str | None = None
    num_level: int | None = None
    hidden: bool = False
    bold: bool = False
    centred: bool = False
    size: int | None = None


_PLAIN = Style()


@dataclass(slots=True)
class Styles:
    """The styles of one document by id, resolved when first asked for."""

    elements: dict[str, etree._Element]
    default: str | None = None
    _known: dict[str, Style] = field(default_factory=dict)

    def paragraph(self, style: str | None) -> Style:
        """The style of a paragraph; that of the document's default where it names none."""
        return self.get(style if style is not None else self.default)

    def get(self, style: str | None) -> Style:
        if style is None:
            return _PLAIN
        known = self._known.get(style)
        if known is None:
            self._known[style] = _PLAIN  # a style based on itself ends here
            known = self._known[style] = self._resolve(style)
        return known

    def _resolve(self, style: str) -> Style:
        element = self.elements.get(style)
        if element is None:
            return _PLAIN
        base = self.get(value(element, "basedOn"))
        name = (value(element, "name") or "").strip().lower()
        ppr, rpr = element.find(W + "pPr"), element.find(W + "rPr")
        num = None if ppr is None else ppr.find(W + "numPr")
        return Style(
            level=heading_level(ppr, name, base.level),
            title=name in ("title", "标题", "文档标题", "大标题") or (base.title and not name.startswith(_HEADINGS)),
            contents=name.startswith(("toc ", "toc heading", "目录", "table of figures")) or base.contents,
            num=base.num if num is None else (value(num, "numId") or base.num),
            num_level=base.num_level if num is None else number(value(num, "ilvl"), base.num_level),
            hidden=flag(rpr, "vanish", base.hidden),
            bold=flag(rpr, "b", base.bold),
            centred=centred(ppr, base.centred),
            size=base.size if rpr is None else number(value(rpr, "sz"), base.size),
        )


def load(root: etree._Element | None) -> Styles:
    """The styles of styles.xml; all plain where the part is missing."""
    if root is None:
        return Styles({})
    elements: dict[str, etree._Element] = {}
    default = None
    for element in root.iterfind(W + "style"):
        key = element.get(W + "styleId") or ""
        elements[key] = element
        if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true", "on"):
            default = key
    return Styles(elements, default)


def automatic_number(ppr: etree._Element | None, style: Style, numbers: Numbering) -> str | None:
    """The number that Word prints before a paragraph, counted on; None where it has none."""
    own = None if ppr is None else ppr.find(W + "numPr")
    num, level = style.num, style.num_level
    if own is not None:
        num = value(own, "numId") or num
        level = number(value(own, "ilvl"), level)
    elif num is not None and level is None and ppr is not None:
        level = numbers.by_style.get(value(ppr, "pStyle") or "", (num, 0))[1]
    if num is None or num == "0":
        return None
    return numbers.next(num, level or 0)


def heading_level(ppr: etree._Element | None, name: str, inherited: int | None) -> int | None:
    """From the outline level (9 is body text), else from the style's name."""
    if ppr is not None:
        outline = number(value(ppr, "outlineLvl"), None)
        if outline is not None:
            return outline + 1 if 0 <= outline < 9 else None
    for word in _HEADINGS:
        if name.startswith(word) and name[len(word) :].strip()[:1].isdecimal():
            return int(name[len(word) :].strip()[0]) or None
    return inherited


def flag(properties: etree._Element | None, name: str, inherited: bool) -> bool:
    """A toggle property: present without a value means on."""
    child = None if properties is None else properties.find(W + name)
    return inherited if child is None else child.get(VAL) not in _OFF


def centred(ppr: etree._Element | None, inherited: bool) -> bool:
    alignment = None if ppr is None else value(ppr, "jc")
    return inherited if alignment is None else alignment == "center"


def value(element: etree._Element, name: str) -> str | None:
    """The w:val of a child, None where there is no such child."""
    child = element.find(W + name)
    return None if child is None else child.get(VAL)


def number(text: str | None, default: int | None) -> int | None:
    """A whole number, `default` where the text is none."""
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
