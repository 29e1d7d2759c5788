"""What a reviewer's hand leaves traces on: bookmarks, comments and drop-down lists in the draft, nothing in the final copy.

What a reader of a returned file may rely on (`review` does; WPS and LibreOffice keep all of it):

- each quoted or doubtful passage stands between the ends of a bookmark `p_<evidence id>_<8 hex digits>`; the digits are
  the beginning of `text.fingerprint` of the text as printed, so an edited one is known without the original file;
  a passage that was merged with another one's text has its own bookmark around the same text;
- each indicator heading stands in a bookmark `i_<code>` with the code's three levels joined by `_` (`i_1_1_2`), the other
  sections in `s_profile`, `s_results`, `s_problems`, `s_plans`, `s_left_out`, `s_doubtful`: a passage belongs to the heading above it;
- the drop-down list of a doubtful passage is an inline content control in a bookmark `c_<evidence id>`; what it shows
  begins with the code, or is one of the sentences `summary.agree…` (which name the suggestion), `summary.choose_none`,
  `summary.strike` of frames.toml;
- the custom properties 单位, 年度, 运行 name the file; 段落1, 段落2 … hold the names of all `p_` bookmarks as printed,
  separated by blanks, so that a struck passage is known.

In the text that goes through the template a mark is a noncharacter, which a department's text cannot contain
(`quote.clean`); `settle` turns them into XML after rendering.
"""

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from pipeline.text import fingerprint

if TYPE_CHECKING:
    from docx.document import Document

OPEN, SPLIT, CLOSE, CONTROL, MERGE, CHART = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
_TOKENS = re.compile(f"({OPEN}[^{SPLIT}]*{SPLIT}|{CLOSE}|{CONTROL}[^{SPLIT}]*{SPLIT})")
_UNSAFE = re.compile(r"[^0-9A-Za-z]")
AUTHOR, INITIALS = "双创", "双"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down list."""

    value: str
    shown: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands behind the marks of one document."""

    comments: Mapping[str, str] = field(default_factory=dict)  # bookmark name -> the comment's text
    choices: Mapping[str, Sequence[Choice]] = field(default_factory=dict)  # control's bookmark -> its list
    keep: bool = True  # False: the copy to sign, all marks go


def passage_name(ident: str, text: str) -> str:
    """The bookmark of a passage as printed."""
    return f"p_{_safe(ident)}_{fingerprint(text)[:8]}"


def control_name(ident: str) -> str:
    return f"c_{_safe(ident)}"


def heading_name(code: str) -> str:
    """`1.1(2)` as `i_1_1_2`."""
    return "i_" + "_".join(re.findall(r"\d+", code))


def _safe(ident: str) -> str:
    return _UNSAFE.sub("", ident)[:26]


def marked(names: Iterable[str], text: str) -> str:
    """`text` inside bookmarks of these names."""
    opened = "".join(f"{OPEN}{name}{SPLIT}" for name in names)
    return opened + text + CLOSE * opened.count(OPEN) if opened else text


def control(name: str, shown: str) -> str:
    """A drop-down list in a bookmark of that name, showing `shown`."""
    return f"{CONTROL}{name}{SPLIT}{shown}{CLOSE}"


def bare(text: str) -> str:
    """The text without its marks."""
    return _TOKENS.sub("", text)


def names_in(text: str) -> list[str]:
    """The passage bookmarks of a marked text, in order."""
    return re.findall(f"{OPEN}(p_[^{SPLIT}]*){SPLIT}", text)


def settle(document: "Document", marks: Marks, stamp: str) -> None:
    """Turns the marks of the rendered body into bookmarks, comments and content controls, or takes them out."""
    from docx.oxml.ns import qn

    writer = _Writer(document, marks, stamp)
    for paragraph in list(document.element.body.iter(qn("w:p"))):
        text = "".join(t.text or "" for t in paragraph.iter(qn("w:t")))
        if OPEN in text or CONTROL in text:
            writer.paragraph(paragraph)


class _Writer:
    """Rewrites the runs of one document's paragraphs."""

    def __init__(self, document: "Document", marks: Marks, stamp: str) -> None:
        from docx.oxml.ns import qn

        self._document, self._marks, self._stamp = document, marks, stamp
        found = [int(b.get(qn("w:id"))) for b in document.element.body.iter(qn("w:bookmarkStart"))]
        self._next = max(found, default=0) + 1

    def paragraph(self, paragraph: Any) -> None:
        """All marks of one paragraph; a mark may begin in one run and end in another."""
        from docx.oxml.ns import qn

        opened: list[tuple[int, str, Any]] = []
        for run in list(paragraph.iter(qn("w:r"))):
            text = "".join(t.text or "" for t in run.findall(qn("w:t")))
            if not any(mark in text for mark in (OPEN, CLOSE, CONTROL)):
                continue
            self._run(run, text, opened)
        for number, _name, last in opened:  # a college's template cut a mark short: close it here
            last.getparent().append(self._end(number))

    def _run(self, run: Any, text: str, opened: list[tuple[int, str, Any]]) -> None:
        from docx.oxml.ns import qn

        place, listing = run, None
        for piece in _TOKENS.split(text):
            if piece.startswith(OPEN):
                place = self._open(place, piece[1:-1], opened)
            elif piece.startswith(CONTROL):
                listing = piece[1:-1]
            elif piece == CLOSE:
                if listing is None and opened:
                    place = self._close(place, opened)
                listing = None
            elif piece:
                fresh = _copy_run(run, piece)
                place = self._listed(place, fresh, listing) if listing is not None else _after(place, fresh)
        for node in run.findall(qn("w:t")):
            run.remove(node)
        if all(child.tag == qn("w:rPr") for child in run):
            run.getparent().remove(run)

    def _open(self, place: Any, name: str, opened: list[tuple[int, str, Any]]) -> Any:
        if not self._marks.keep:
            return place
        start = self._bookmark(name)
        place = _after(place, start)
        opened.append((int(start.get(_w("id"))), name, place))
        return place

    def _close(self, place: Any, opened: list[tuple[int, str, Any]]) -> Any:
        number, name, start = opened.pop()
        place = _after(place, self._end(number))
        if name in self._marks.comments:
            self._comment(start, place, self._marks.comments[name])
        return place

    def _listed(self, place: Any, run: Any, name: str) -> Any:
        if not self._marks.keep:
            return _after(place, run)
        start = self._bookmark(name)
        place = _after(place, start)
        place = _after(place, _drop_down(name, run, self._marks.choices[name]))
        return _after(place, self._end(int(start.get(_w("id")))))

    def _bookmark(self, name: str) -> Any:
        from docx.oxml import OxmlElement

        start = OxmlElement("w:bookmarkStart")
        start.set(_w("id"), str(self._next))
        start.set(_w("name"), name)
        self._next += 1
        return start

    def _end(self, number: int) -> Any:
        from docx.oxml import OxmlElement

        end = OxmlElement("w:bookmarkEnd")
        end.set(_w("id"), str(number))
        return end

    def _comment(self, start: Any, end: Any, text: str) -> None:
        """A comment over what stands between two nodes; its date is the edition's."""
        from docx.oxml import OxmlElement

        comment = self._document.comments.add_comment(text=text, author=AUTHOR, initials=INITIALS)
        element = comment._comment_elm
        element.set(_w("date"), f"{self._stamp[:10]}T00:00:00Z")
        number = element.get(_w("id"))
        first, last, reference = (OxmlElement(f"w:{tag}") for tag in ("commentRangeStart", "commentRangeEnd", "r"))
        first.set(_w("id"), number)
        last.set(_w("id"), number)
        look = OxmlElement("w:rPr")
        style = OxmlElement("w:rStyle")
        style.set(_w("val"), "CommentReference")
        look.append(style)
        sign = OxmlElement("w:commentReference")
        sign.set(_w("id"), number)
        reference.extend((look, sign))
        start.addprevious(first)
        end.addnext(last)
        last.addnext(reference)


def _after(place: Any, node: Any) -> Any:
    place.addnext(node)
    return node


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _copy_run(run: Any, text: str) -> Any:
    """A run with the same properties and another text."""
    from copy import deepcopy

    from docx.oxml import OxmlElement

    fresh = OxmlElement("w:r")
    look = run.find(_w("rPr"))
    if look is not None:
        fresh.append(deepcopy(look))
    node = OxmlElement("w:t")
    node.text = text
    node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    fresh.append(node)
    return fresh


def _drop_down(name: str, run: Any, choices: Sequence[Choice]) -> Any:
    """An inline content control with a drop-down list, showing the run's text."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    items = "".join(f"<w:listItem w:displayText={quoteattr(c.shown)} w:value={quoteattr(c.value)}/>" for c in choices)
    number = zlib.crc32(name.encode()) & 0x7FFFFFFF
    sdt = parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:rPr><w:rStyle w:val="GwControl"/></w:rPr><w:alias w:val="指标"/><w:tag w:val={quoteattr(name)}/>'
        f'<w:id w:val="{number or 1}"/><w:dropDownList>{items}</w:dropDownList></w:sdtPr><w:sdtContent/></w:sdt>'
    )
    sdt.find(_w("sdtContent")).append(run)
    return sdt


def listed_properties(names: Sequence[str], longest: int = 240) -> dict[str, str]:
    """The passage names as properties 段落1, 段落2 …, each within what Word shows of a property."""
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + 1 + len(name) <= longest:
            lines[-1] += " " + name
        else:
            lines.append(name)
    return {f"段落{number}": line for number, line in enumerate(lines, 1)}
