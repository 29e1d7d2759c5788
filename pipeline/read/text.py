"""Plain text: decoded by its mark or its bytes, one paragraph a line, lines that an editor wrapped joined again.

A paragraph's number counts the paragraphs with text, from 1.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.model import Locator, Problem
from pipeline.read.block import Block, Raw, RecognisedPage
from pipeline.read.headings import numbered
from pipeline.settings import Settings
from pipeline.text import weight

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff]")
_WRAP_FROM, _WRAP_TO = 30, 120  # columns: editors and mail programs wrap between 30 Chinese characters and 120 letters
_WRAP_LINES = 5  # fewer full lines than this prove no wrapping
_WRAP_SHARE = 0.6  # of the lines reach the margin (within two characters) where text was wrapped
_ENDS = "。！？!?；;：:”’）)】》"


def read(
    name: str, kind: str, data: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | Problem:
    """A text file as raw blocks; a Problem where the bytes are no text in an encoding that is in use."""
    del kind, settings, recognised
    text = decoded(data)
    if text is None:
        return Problem(
            name,
            "read",
            "文本文件的编码无法识别。",
            "请用记事本打开，另存为 UTF-8 编码后重新放入；若显示为乱码，请向报送单位重新索取。",
        )
    lines = _CONTROL.sub("", text).replace("\f", "\n").splitlines()
    paragraphs = _unwrapped(lines)
    blocks = tuple(Block(p, Locator(paragraph=i)) for i, p in enumerate(paragraphs, 1))
    return Raw(blocks, weight(_CONTROL.sub("", text)))


def decoded(data: bytes) -> str | None:
    """Bytes as text: by a byte order mark, else UTF-8, else UTF-16 by its zero bytes, else GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if b"\0" in data:
        even, odd = data[0::2].count(0), data[1::2].count(0)
        return data.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return _mostly(data)


def _mostly(data: bytes) -> str | None:
    """UTF-8 or GB18030 with a few broken bytes; None where more than one character in a hundred is broken."""
    best = min((data.decode(e, "replace") for e in ("utf-8", "gb18030")), key=lambda t: t.count("\ufffd"))
    return best if best.count("\ufffd") * 100 <= len(best) else None


def _unwrapped(lines: Sequence[str]) -> list[str]:
    filled = [line for line in lines if line.strip()]
    margin = _margin(filled)
    if margin is None:
        return [line.strip() for line in filled]
    paragraphs: list[str] = []
    open_line = False
    for line in lines:
        stripped = line.strip()
        if not stripped:
            open_line = False
            continue
        begins = line[:1].isspace() or numbered(stripped) is not None
        if open_line and not begins:
            blank = " " if paragraphs[-1][-1].isascii() and stripped[0].isascii() else ""
            paragraphs[-1] += blank + stripped
        else:
            paragraphs.append(stripped)
        open_line = _columns(line.rstrip()) >= margin - 4 or stripped[-1] not in _ENDS
        open_line = open_line and _columns(line.rstrip()) >= margin - 12
    return paragraphs


def _margin(lines: Sequence[str]) -> int | None:
    """The width at which an editor wrapped the lines, None where it did not."""
    widths = [_columns(line.rstrip()) for line in lines]
    if len(widths) < _WRAP_LINES or not 2 * _WRAP_FROM <= max(widths) <= 2 * _WRAP_TO:
        return None
    full = sum(width >= max(widths) - 4 for width in widths)
    return max(widths) if full >= max(_WRAP_LINES, _WRAP_SHARE * len(widths)) else None


def _columns(text: str) -> int:
    """Width in columns: a Chinese character takes two."""
    return sum(1 if c.isascii() else 2 for c in text)
