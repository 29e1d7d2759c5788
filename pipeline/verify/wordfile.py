"""A finished Word file as a reader sees it: paragraphs and table rows in order, text boxes, headers, charts, our comments.

Deleted revisions, struck and hidden words are not read, inserted ones are: that is what the file says now. Parts are
known by what is in them, not by their names; the numbers that a printer counts (pages) are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.ooxml.package import UnusablePackage, open_package

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
COMMENT, CHART = "批注", "图"
_NAMES = {f"{_W}hdr": "页眉", f"{_W}ftr": "页脚", f"{_W}footnotes": "脚注", f"{_W}endnotes": "尾注"}
_ANOTHER_FILE = "〈嵌入的另一份文件〉"
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF")
_GONE = (f"{_W}strike", f"{_W}dstrike", f"{_W}vanish")
_OFF = ("0", "false", "off")
_PART_MIB = 100


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph, or one table row with its cells."""

    place: str
    cells: tuple[str, ...]
    row: bool = False

    @property
    def body(self) -> bool:
        """Whether it stands in the text itself, where the order of lines counts."""
        return self.place.startswith(("第", "表"))

    @property
    def text(self) -> str:
        return " | ".join(cell for cell in self.cells if cell) if self.row else self.cells[0]


def units(data: bytes, author: str) -> list[Unit]:
    """What a .docx says; comments only of `author`. Raises UnusablePackage."""
    package = open_package(data, _PART_MIB)
    package.check_sizes()
    main = next((r.target for r in package.relationships().values() if r.type == "officeDocument"), "")
    if not package.has(main):
        raise UnusablePackage("文件已损坏，打不开。")
    found = list(_body(package.xml(main)))
    for name in sorted(package.names):
        if name != main and name.endswith(".xml"):
            found += _beside(package.xml(name), author)
    return found


def _beside(root: Any, author: str) -> Iterator[Unit]:
    """What a part beside the body says, if anything that a reader sees."""
    if root.tag in _NAMES:
        yield from (Unit(_NAMES[root.tag], (text,)) for text in _paragraphs(root))
    elif root.tag == f"{_W}comments":
        for comment in root.iter(f"{_W}comment"):
            if comment.get(f"{_W}author") == author:
                yield from (Unit(COMMENT, (text,)) for text in _paragraphs(comment))
    elif root.tag == f"{_C}chartSpace":
        for series in root.iter(f"{_C}ser"):
            yield Unit(CHART, tuple(_figure(node.text or "") for node in series.iter(f"{_C}v", f"{_A}t")), row=True)
        yield from (Unit(CHART, (node.text,)) for node in root.iter(f"{_A}t") if node.text)


def _figure(text: str) -> str:
    """A figure of a chart in one form, however a program wrote it."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


def _body(root: Any) -> Iterator[Unit]:
    body = root.find(f"{_W}body")
    count = tables = 0
    for block in _blocks(body):
        if block.tag == f"{_W}altChunk":
            yield Unit("第0段", (_ANOTHER_FILE,))
        elif block.tag == f"{_W}p":
            for text in _paragraphs(block):
                count += 1
                yield Unit(f"第{count}段", (text,))
        else:
            tables += 1
            for number, row in enumerate(_rows(block), 1):
                cells = tuple("\n".join(_paragraphs(cell)) for cell in _cells(row))
                if any(cells):
                    yield Unit(f"表{tables}第{number}行", cells, row=True)


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order; content controls and the like are looked through."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl", f"{_W}altChunk"):
            yield child
        elif child.tag != f"{_W}sectPr":
            yield from _blocks(child)


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == f"{_W}tr":
            yield child
        elif child.tag not in (f"{_W}tblPr", f"{_W}tblGrid"):
            yield from _rows(child)


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag != f"{_W}trPr":
            yield from _cells(child)


def _paragraphs(node: Any) -> Iterator[str]:
    """The texts of all paragraphs in a node, a text box's apart from the paragraph that holds it; blank ones left out."""
    for paragraph in node.iter(f"{_W}p"):
        text = "".join(_texts(paragraph))
        if text.strip():
            yield text.strip()


def _texts(paragraph: Any) -> Iterator[str]:
    fields: list[str] = []  # the instructions of the fields that are open here
    for node in paragraph.iter(*_SAYING):
        if next(node.iterancestors(f"{_W}p")) is not paragraph:
            continue
        if node.tag == f"{_W}fldChar":
            _turn(fields, node.get(f"{_W}fldCharType", ""))
        elif node.tag == f"{_W}instrText":
            fields[-1:] = [(fields[-1] if fields else "") + (node.text or "")]
        elif _is_shown(node) and not any(field.split()[:1] and field.split()[0] in _COUNTED for field in fields):
            yield _word(node)


_SAYING = [f"{_W}{name}" for name in ("t", "tab", "br", "cr", "sym", "noBreakHyphen", "fldChar", "instrText")]
_SAYING.append(f"{_M}t")


def _turn(fields: list[str], kind: str) -> None:
    if kind == "begin":
        fields.append("")
    elif kind == "end" and fields:
        fields.pop()


def _is_shown(node: Any) -> bool:
    run = node.getparent()
    if run.tag not in (f"{_W}r", f"{_M}r"):
        return False
    look = run.find(f"{_W}rPr")
    if look is not None and any(n.tag in _GONE and n.get(f"{_W}val", "1") not in _OFF for n in look):
        return False
    above = {n.tag: n for n in run.iterancestors(f"{_W}moveFrom", f"{_W}fldSimple")}
    simple = above.get(f"{_W}fldSimple")
    counted = simple is not None and simple.get(f"{_W}instr", "").split()[:1] in [[name] for name in _COUNTED]
    return f"{_W}moveFrom" not in above and not counted


def _word(node: Any) -> str:
    if node.tag in (f"{_W}t", f"{_M}t"):
        return node.text or ""
    if node.tag == f"{_W}sym":
        code = node.get(f"{_W}char", "")
        return chr(int(code, 16) % 0xD800) if re.fullmatch("[0-9A-Fa-f]{1,4}", code) else ""
    return {f"{_W}tab": "\t", f"{_W}noBreakHyphen": "-"}.get(node.tag, "\n")
