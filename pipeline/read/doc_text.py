"""The text that a .doc (Word 97 to 2003) holds, by its piece table ([MS-DOC] 2.4.1): to check a conversion against.

No layout, no styles: only the characters of the main text, without the codes of fields. None where the file is of
another version or its structure does not hold.
"""

import re
import struct

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NONE = 0xFFFFFFFA  # the largest sector number; what is above marks an end or a free sector
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*\x14?")
_WORD_97 = 0x00C1
CELL = "\x07"  # ends a cell, and a row


def main_text(data: bytes) -> str | None:
    """The characters of the main document, in order; `CELL` after each cell and row."""
    try:
        streams = _streams(data)
        return _main(streams["WordDocument"], streams)
    except (KeyError, struct.error, IndexError, ValueError):
        return None


def _main(document: bytes, streams: dict[str, bytes]) -> str | None:
    version, flags = struct.unpack_from("<H", document, 2)[0], struct.unpack_from("<H", document, 10)[0]
    if version < _WORD_97 or flags & 0x0100:  # older, or encrypted
        return None
    table = streams["1Table" if flags & 0x0200 else "0Table"]
    length = struct.unpack_from("<i", document, 0x4C)[0]
    at, size = struct.unpack_from("<II", document, 0x01A2)
    pieces = _piece_table(table[at : at + size])
    count = (len(pieces) - 4) // 12
    places = struct.unpack_from(f"<{count + 1}i", pieces, 0)
    text = ""
    for i in range(count):
        where = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * i + 2)[0]
        characters = places[i + 1] - places[i]
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            text += document[start : start + characters].decode("cp1252", "replace")
        else:
            text += document[where : where + 2 * characters].decode("utf-16-le", "replace")
    return _visible(text[:length])


def _piece_table(clx: bytes) -> bytes:
    at = 0
    while clx[at] == 1:  # property modifiers come first
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:
        raise ValueError("no piece table")
    size = struct.unpack_from("<I", clx, at + 1)[0]
    return clx[at + 5 : at + 5 + size]


def _visible(text: str) -> str:
    before = ""
    while before != text:  # fields may stand within the codes of fields
        before, text = text, _FIELD_CODE.sub("", text)
    return text.translate(dict.fromkeys((c for c in range(32) if chr(c) != CELL), " "))


# ---------------------------------------------------------------- compound file


def _streams(data: bytes) -> dict[str, bytes]:
    """The streams of a compound file ([MS-CFB]) that a .doc is made of."""
    if not data.startswith(_MAGIC):
        raise ValueError("no compound file")
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        raise ValueError("no sector size of the format")
    size = 1 << shift
    fat = _fat(data, size)
    directory = _chain(data, size, fat, struct.unpack_from("<I", data, 48)[0])
    mini_fat = _words(_chain(data, size, fat, struct.unpack_from("<I", data, 60)[0]))
    entries = [directory[i : i + 128] for i in range(0, len(directory) - 127, 128)]
    root = next((entry for entry in entries if entry[66] == 5), b"")
    mini = _chain(data, size, fat, struct.unpack_from("<I", root, 116)[0])
    found = {}
    for entry in entries:
        if entry[66] != 2:
            continue
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le", "replace")
        if name not in ("WordDocument", "0Table", "1Table"):
            continue
        first, length = struct.unpack_from("<II", entry, 116)
        small = length < struct.unpack_from("<I", data, 56)[0]
        whole = _chain_of(mini, 64, mini_fat, first, 0) if small else _chain(data, size, fat, first)
        found[name] = whole[:length]
    return found


def _fat(data: bytes, size: int) -> tuple[int, ...]:
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _NONE]
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _NONE and len(sectors) <= len(data) // size:
        words = _words(data[(more + 1) * size : (more + 2) * size])
        sectors += [s for s in words[:-1] if s < _NONE]
        more = words[-1]
    return _words(b"".join(data[(s + 1) * size : (s + 2) * size] for s in sectors))


def _words(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(data: bytes, size: int, fat: tuple[int, ...], first: int) -> bytes:
    return _chain_of(data, size, fat, first, 1)


def _chain_of(data: bytes, size: int, fat: tuple[int, ...], first: int, offset: int) -> bytes:
    parts: list[bytes] = []
    while first < _NONE and len(parts) <= len(data) // size:  # no chain is longer than the file
        parts.append(data[(first + offset) * size : (first + offset + 1) * size])
        first = fat[first]
    return b"".join(parts)
