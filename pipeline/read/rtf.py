"""RTF as text, where there is no LibreOffice: paragraphs, table rows, Chinese in either of its two encodings."""

import re
from dataclasses import dataclass, field

from pipeline.model import Locator, Problem
from pipeline.read.block import Block, Raw, join_cells
from pipeline.text import weight

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S)
_LEFT_OUT = frozenset(  # destinations that hold no text of the document
    b"fonttbl colortbl stylesheet info pict object header footer headerl headerr headerf footerl footerr footerf "
    b"listtable listoverridetable generator themedata colorschememapping latentstyles datastore rsidtbl fldinst "
    b"filetbl revtbl xmlnstbl mmathPr pgdsctbl bkmkstart bkmkend annotation atnid atnauthor atrfstart atrfend "
    b"listtext pntext nonshppict".split()
)
_CODE_PAGES = {936: "gb18030", 950: "big5", 932: "cp932", 949: "cp949", 65001: "utf-8"}
_SIGNS = {
    b"tab": " ",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
}
_DEEPEST = 2000
_NOTE = "没有安装 LibreOffice，RTF 按纯文字读出，自动编号和页眉页脚没有读出。"


@dataclass(slots=True)
class _Group:
    """What a brace opened. `skip`: its text is left out; `after`: how many characters stand for one \\u."""

    skip: bool = False
    hidden: bool = False
    after: int = 1


@dataclass(slots=True)
class _Text:
    """What has been read so far."""

    encoding: str = "cp1252"
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    pending: bytearray = field(default_factory=bytearray)  # bytes of a multi-byte character
    passing: int = 0  # characters still to pass over after \\u
    parts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0
    row: int = 0
    in_table: bool = False


def read(name: str, data: bytes) -> Raw | Problem:
    """The text of an RTF file."""
    if not data.lstrip().startswith(b"{\\rtf"):
        return Problem(name, "read", "这不是有效的 RTF 文件。", "请用 Word 或 WPS 打开，另存为 .docx 后重新放入。")
    text = _Text()
    for match in _TOKEN.finditer(data):
        if len(text.groups) > _DEEPEST:
            return Problem(
                name, "read", "文件内部嵌套过深，没有读取。", "请用 Word 或 WPS 打开，另存为 .docx 后重新放入。"
            )
        _take(text, match)
    _paragraph(text)
    total = sum(weight(b.text) - b.added for b in text.blocks)
    return Raw(tuple(text.blocks), total, notes=(_NOTE,))


def _take(text: _Text, match: re.Match[bytes]) -> None:
    word, number, code, sign, brace, plain = match.groups()
    if code is not None:
        if text.passing:
            text.passing -= 1
        else:
            text.pending.append(int(code, 16))
        return
    if plain is None or not text.pending:
        _settle(text)
    if word is not None:
        _word(text, word, None if number is None else int(number))
    elif sign is not None:
        _sign(text, sign)
    elif brace == b"{":
        top = text.groups[-1]
        text.groups.append(_Group(top.skip, top.hidden, top.after))
    elif brace == b"}":
        if len(text.groups) > 1:
            text.groups.pop()
    elif plain is not None:
        passed = min(text.passing, len(plain))
        text.passing -= passed
        text.pending += plain[passed:]
        _settle(text)


def _word(text: _Text, word: bytes, number: int | None) -> None:
    group = text.groups[-1]
    if word in _LEFT_OUT:
        group.skip = True
    elif word == b"ansicpg" and number is not None:
        text.encoding = _CODE_PAGES.get(number, f"cp{number}" if 1250 <= number <= 1258 else "cp1252")
    elif word == b"u" and number is not None:
        _add(text, chr(number % 0x10000))
        text.passing = group.after
    elif word == b"uc" and number is not None:
        group.after = max(0, number)
    elif word == b"v":
        group.hidden = number != 0
    elif word in (b"par", b"sect", b"page", b"line"):
        _paragraph(text)
    elif word == b"intbl":
        text.in_table = True
    elif word == b"pard":
        text.in_table = False
    elif word == b"cell" and not group.skip:
        text.cells.append("".join(text.parts).strip())
        text.parts.clear()
    elif word == b"row" and not group.skip:
        _end_row(text)
    elif word in _SIGNS:
        _add(text, _SIGNS[word])


def _sign(text: _Text, sign: bytes) -> None:
    if sign == b"*":
        text.groups[-1].skip = True
    elif sign in b"\\{}":
        _add(text, sign.decode("ascii"))
    elif sign == b"~":
        _add(text, " ")
    elif sign in b"\r\n":
        _paragraph(text)


def _settle(text: _Text) -> None:
    """Bytes gathered so far as characters."""
    if text.pending:
        _add(text, bytes(text.pending).decode(text.encoding, "replace"))
        text.pending.clear()


def _add(text: _Text, characters: str) -> None:
    group = text.groups[-1]
    if not group.skip and not group.hidden:
        text.parts.append(characters)


def _paragraph(text: _Text) -> None:
    if text.groups[-1].skip:
        return
    _settle(text)
    if text.in_table or text.cells:
        text.parts.append("\n")
        return
    written = "".join(text.parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    text.parts.clear()
    if written:
        text.row = 0
        text.paragraphs += 1
        text.blocks.append(Block(written, Locator(paragraph=text.paragraphs)))


def _end_row(text: _Text) -> None:
    if not text.row:
        text.tables += 1
    text.row += 1
    cells = [c.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for c in text.cells]
    joined, added = join_cells(cells)
    text.cells.clear()
    if joined.replace("|", "").strip():
        place = Locator(table=text.tables, row=text.row)
        text.blocks.append(Block(joined, place, "row", added=added))
