"""What grows with a workbook's rows, shared strings and sheets, read as a stream of events: no tree, bounded memory.

expat calls back for each tag, which is half the work of making elements of a million cells. Tags are known by their
local names, so strict and transitional workbooks, with or without prefixes, are read alike. A document type
declaration is refused before anything in it is looked at, so no entity is ever declared, let alone expanded.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from sys import intern
from typing import Any
from xml.parsers import expat

from pipeline.ooxml.package import UnusablePackage

_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OWN = frozenset({"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})  # encodings that expat knows


# one `c` element: its attributes, its `v`, whether it has a formula, and the text of its `is`
RawCell = tuple[Mapping[str, str], str | None, bool, str | None]
Take = Callable[[str, Mapping[str, str], Sequence[Any]], None]


def scan(data: bytes, take: Take) -> None:
    """Goes through a part, and hands each element that matters to `take` as it ends: its local name, attributes, content.

    `row` with its RawCells, `si` with its one text, `headerFooter` with its texts; `mergeCell` and `col` with nothing.
    Raises UnusablePackage where the part is broken, and for a document type declaration.
    """
    encoding = _foreign_encoding(data)
    try:
        parser = expat.ParserCreate("utf-8" if encoding else None)
        parser.buffer_text = True
        _listen(parser, take)
        parser.Parse(data.decode(encoding).encode() if encoding else data, True)
    except (expat.ExpatError, UnicodeError) as error:
        raise UnusablePackage("文件内部的 XML 不完整或不合规范，无法读取。") from error


def unescaped(text: str) -> str:
    """A text of a workbook with its `_x000D_` escapes ([ECMA-376-1] 22.9.2.19) as characters."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] not in ("005F", "005f") else "_", text)


def _foreign_encoding(data: bytes) -> str | None:
    """The encoding that the part declares and expat does not know (GBK), as Python calls it."""
    declared = _DECLARED.match(data)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in _OWN:
        return None
    try:
        "".encode(name)
    except LookupError as error:
        raise UnusablePackage("文件内部的 XML 不完整或不合规范，无法读取。") from error
    return name


class _Local(dict[str, str]):
    """Tags to their local names."""

    def __missing__(self, tag: str) -> str:
        self[tag] = local = intern(tag.rpartition(":")[2])  # so that comparing it is comparing two addresses
        return local


def _listen(parser: expat.XMLParserType, take: Take) -> None:
    """Sets the handlers. They are called for every tag of a sheet, so what they share are plain local variables."""
    local = _Local()
    text: list[str] = []  # since the last tag that begins a text
    pieces: list[str] = []  # the runs of a rich text
    cells: list[RawCell] = []
    row: dict[str, str] = {}
    cell: dict[str, str] = {}
    value: str | None = None
    inline: str | None = None
    formula = phonetic = heads = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, cell, value, inline, formula, phonetic, heads
        name = local[tag]
        if name == "c":
            cell, value, inline, formula = attributes, None, None, False
        elif name == "v" or name == "t":
            text.clear()
        elif name == "row":
            row = attributes
            cells.clear()
        elif name == "is" or name == "si":
            pieces.clear()
        elif name == "f":
            formula = True
        elif name == "rPh":
            phonetic = True
        elif name == "headerFooter":
            heads = True
            pieces.clear()
        elif name == "mergeCell" or name == "col":
            take(name, attributes, ())
        elif heads:
            text.clear()

    def end(tag: str) -> None:
        nonlocal value, inline, phonetic, heads
        name = local[tag]
        if name == "c":
            cells.append((cell, value, formula, inline))
        elif name == "t":
            if not phonetic:
                pieces.extend(text)
        elif name == "v":
            value = "".join(text) or None
        elif name == "is":
            inline = unescaped("".join(pieces))
        elif name == "row":
            take(name, row, cells)
        elif name == "si":
            take(name, {}, (unescaped("".join(pieces)),))
        elif name == "rPh":
            phonetic = False
        elif name == "headerFooter":
            heads = False
            take(name, {}, pieces)
        elif heads:
            pieces.append("".join(text))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = _refuse


def _refuse(*declaration: object) -> None:
    raise UnusablePackage(
        "文件里有正常 Excel 不会写入的实体声明（可能是攻击），没有读取。",
        "请向报送单位核实来源，用 Excel 或 WPS 另存一份后重新放入。",
    )
