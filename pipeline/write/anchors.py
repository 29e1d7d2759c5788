"""What stands where in a summary's body, read the same way when it is printed and when it comes back.

`read_body` walks a Word body as a reader sees it with all tracked changes accepted: which text stands in which bookmark
under which heading, what is struck through, what a comment is tied to. `skeleton` writes down what the program printed
as the properties 底稿1, 底稿2 …; what is in a returned file and not in its skeleton was written by a person. Tokens, in
the order of the document:

- `i_1_1_2~<8 hex>`, `s_problems~<8 hex>`: a heading and the beginning of its text's fingerprint;
- `p_<id>_<8 hex>`: a passage (its bookmark's name); `c_<id>=<8 hex>`: a list and what it shows;
- `t_<8 hex>`: a sentence outside all bookmarks: counted sentences, leads, titles, signatures;
- `m_<8 hex>`: a paragraph of a comment.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.text import fingerprint, normal

PROPERTY = "底稿"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OURS = re.compile(r"[pics]_\w+")
_CITATION = re.compile(r"〔[^〔〕]*〕")
_SENTENCE = re.compile(r"(?<=[。！？!?])")
_GONE = {f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "sdtPr", "pPr", "txbxContent")}
_OFF = ("0", "false", "off", "none")
_SHOWN_LENGTH = 240  # characters that Word shows of a property


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: the bookmarks and comments it stands in, and who inserted it where the change was tracked."""

    text: str
    marks: tuple[str, ...] = ()
    struck: bool = False
    author: str = ""
    date: str = ""


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the body, with the bookmarks and comments that begin or end in it, also empty ones."""

    pieces: list[Piece] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    table: bool = False
    deleted: tuple[str, str] = ("", "")  # author and date of a tracked deletion in it

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces if not piece.struck)

    def loose(self) -> str:
        """What stands outside all passages, headings and lists, citations taken out; a gap is one line end."""
        parts: list[str] = []
        for piece in self.pieces:
            inside = any(mark[:2] in ("p_", "i_", "s_", "c_") for mark in piece.marks)
            parts.append("\n" if inside else "" if piece.struck else piece.text)
        return _CITATION.sub("\n", "".join(parts))


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment: its author, date, and paragraphs."""

    author: str
    date: str
    lines: tuple[str, ...]


def read_body(body: Any) -> list[Paragraph]:
    """The paragraphs of a `w:body` (an lxml element), in order, text boxes left out."""
    return _Walk().paragraphs(body)


def sentences(text: str) -> list[str]:
    """The sentences of loose text that say something, one a piece."""
    return [s.strip() for line in text.split("\n") for s in _SENTENCE.split(line) if normal(s)]


def digits(text: str) -> str:
    """The 8 hex digits by which a skeleton knows a text."""
    return fingerprint(text)[:8]


def skeleton(body: Any, comments: Iterable[Remark] = ()) -> dict[str, str]:
    """The properties 底稿1, 底稿2 … of a printed body."""
    tokens: list[str] = []
    for paragraph in read_body(body):
        own = list(dict.fromkeys(m for p in paragraph.pieces for m in p.marks if _OURS.fullmatch(m)))
        if paragraph.table and not own:
            continue
        tokens += [_token(name, paragraph) for name in own]
        tokens += [f"t_{digits(s)}" for s in sentences(paragraph.loose())]
    tokens += [f"m_{digits(line)}" for remark in comments for line in remark.lines if normal(line)]
    return _listed(tokens)


def _token(name: str, paragraph: Paragraph) -> str:
    text = "".join(p.text for p in paragraph.pieces if name in p.marks)
    if name.startswith("p_"):
        return name
    return f"{name}={digits(text)}" if name.startswith("c_") else f"{name}~{digits(text)}"


def _listed(tokens: Sequence[str]) -> dict[str, str]:
    lines: list[str] = []
    for token in tokens:
        if lines and len(lines[-1]) + 1 + len(token) <= _SHOWN_LENGTH:
            lines[-1] += " " + token
        else:
            lines.append(token)
    return {f"{PROPERTY}{number}": line for number, line in enumerate(lines, 1)}


def tokens_of(properties: Mapping[str, str]) -> list[str]:
    """The skeleton of a returned file, in order, whatever order a program left the properties in."""
    numbered = {
        int(name.removeprefix(PROPERTY)): value
        for name, value in properties.items()
        if name.startswith(PROPERTY) and name.removeprefix(PROPERTY).isdecimal()
    }
    return [token for number in sorted(numbered) for token in numbered[number].split()]


def remarks(part: Any) -> dict[str, Remark]:
    """The comments of a `w:comments` element by id."""
    return {
        comment.get(f"{W}id", ""): Remark(
            comment.get(f"{W}author", ""),
            comment.get(f"{W}date", ""),
            tuple(_lines(comment)),
        )
        for comment in part.iter(f"{W}comment")
    }


def _lines(comment: Any) -> Iterator[str]:
    for paragraph in comment.iter(f"{W}p"):
        text = "".join("\n" if node.tag == f"{W}br" else node.text or "" for node in paragraph.iter(f"{W}t", f"{W}br"))
        yield from (line.strip() for line in text.split("\n") if line.strip())


class _Walk:
    """State of one walk: the bookmarks and comments that are open."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}  # bookmark id -> name
        self._open: dict[str, None] = {}
        self._found: list[Paragraph] = []

    def paragraphs(self, body: Any) -> list[Paragraph]:
        for child in body:
            self._block(child, table=False)
        return self._found

    def _block(self, node: Any, table: bool) -> None:
        if node.tag == f"{W}p":
            self._found.append(Paragraph(table=table, touched=list(self._open)))
            self._inline(node, False, ("", ""))
        elif isinstance(node.tag, str) and not self._border(node, None):
            for child in node:
                self._block(child, table or node.tag == f"{W}tbl")

    def _inline(self, node: Any, struck: bool, by: tuple[str, str]) -> None:
        here = self._found[-1]
        for child in node:
            tag = child.tag
            if not isinstance(tag, str) or self._border(child, here):
                continue
            if tag in (f"{W}del", f"{W}moveFrom"):
                here.deleted = (child.get(f"{W}author", ""), child.get(f"{W}date", ""))
                self._borders_in(child, here)
            elif tag in _GONE or tag.endswith(("}drawing", "}pict")):
                continue
            elif tag == f"{W}r":
                self._run(child, struck, by)
            elif tag in (f"{W}ins", f"{W}moveTo"):
                self._inline(child, struck, (child.get(f"{W}author", ""), child.get(f"{W}date", "")))
            elif tag.endswith("}AlternateContent"):
                continue
            else:  # links, content controls, smart tags, simple fields
                self._inline(child, struck, by)

    def _borders_in(self, node: Any, here: Paragraph) -> None:
        """Bookmarks and comments that begin or end inside deleted text still begin and end."""
        for child in node.iter():
            if isinstance(child.tag, str):
                self._border(child, here)

    def _border(self, node: Any, here: Paragraph | None) -> bool:
        tag, number = node.tag, node.get(f"{W}id", "")
        if tag == f"{W}bookmarkStart":
            name = node.get(f"{W}name", "")
            self._names[number] = name
            self._begin(name, here)
        elif tag == f"{W}bookmarkEnd":
            self._open.pop(self._names.get(number, ""), None)
        elif tag == f"{W}commentRangeStart":
            self._begin(f"m:{number}", here)
        elif tag == f"{W}commentRangeEnd":
            self._open.pop(f"m:{number}", None)
        else:
            return False
        return True

    def _begin(self, name: str, here: Paragraph | None) -> None:
        self._open[name] = None
        if here is not None:
            here.touched.append(name)

    def _run(self, run: Any, struck: bool, by: tuple[str, str]) -> None:
        here = self._found[-1]
        look = run.find(f"{W}rPr")
        through = struck or (look is not None and any(_on(look.find(f"{W}{name}")) for name in ("strike", "dstrike")))
        parts: list[str] = []
        for node in run:
            if node.tag == f"{W}t":
                parts.append(node.text or "")
            elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
                parts.append("\n" if node.tag != f"{W}tab" else "\t")
            elif node.tag == f"{W}noBreakHyphen":
                parts.append("-")
            elif node.tag == f"{W}commentReference":
                here.touched.append(f"m:{node.get(f'{W}id', '')}")
        if parts:
            here.pieces.append(Piece("".join(parts), tuple(self._open), through, *by))


def _on(switch: Any) -> bool:
    return switch is not None and switch.get(f"{W}val", "true") not in _OFF
