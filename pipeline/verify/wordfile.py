"""A finished Word file as a reader sees it: paragraphs and table rows in order, text boxes, headers and our comments.

Deleted revisions are not read, inserted ones are: that is what the file says now.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COMMENT = "批注"
_HEADS = ("word/header", "word/footer", "word/footnotes", "word/endnotes")
_NAMES = {"word/header": "页眉", "word/footer": "页脚", "word/footnotes": "脚注", "word/endnotes": "尾注"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph, or one table row with its cells."""

    place: str
    cells: tuple[str, ...]
    row: bool = False

    @property
    def text(self) -> str:
        return " | ".join(cell for cell in self.cells if cell) if self.row else self.cells[0]


def units(data: bytes, author: str) -> list[Unit]:
    """What a .docx says; comments only of `author`. Raises what `package.BROKEN` names, `KeyError` or `XMLSyntaxError`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = list(_body(_root(archive.read("word/document.xml"))))
        for name in sorted(archive.namelist()):
            head = next((h for h in _HEADS if name.startswith(h) and name.endswith(".xml")), None)
            if head is not None:
                found += [Unit(_NAMES[head], (text,)) for text in _paragraphs(_root(archive.read(name)))]
        if "word/comments.xml" in archive.namelist():
            for comment in _root(archive.read("word/comments.xml")).iter(f"{_W}comment"):
                if comment.get(f"{_W}author") == author:
                    found += [Unit(COMMENT, (text,)) for text in _paragraphs(comment)]
    return found


def _root(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _body(root: Any) -> Iterator[Unit]:
    body = root.find(f"{_W}body")
    count = tables = 0
    for block in _blocks(body):
        if block.tag == f"{_W}p":
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
        if child.tag in (f"{_W}p", f"{_W}tbl"):
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
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr"):
        if next(node.iterancestors(f"{_W}p")) is paragraph and node.getparent().tag == f"{_W}r":
            yield (node.text or "") if node.tag == f"{_W}t" else "\t" if node.tag == f"{_W}tab" else "\n"
