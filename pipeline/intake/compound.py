"""The directory of an OLE compound file ([MS-CFB]): stream names, and the first bytes of a stream. Bounded reads only."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks: end of chain, free, FAT, DIFAT
_MOST_SECTORS = 4096  # of the directory: 16,384 entries of 128 bytes in 512-byte sectors
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class Stream:
    """One entry of the directory: name, first sector, size in bytes."""

    name: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    """An opened compound file. Faulty chains end early; nothing raises but ValueError for a broken header."""

    stream: BinaryIO
    sector: int
    fat: tuple[int, ...]  # sector numbers of the FAT
    streams: tuple[Stream, ...]

    def names(self) -> frozenset[str]:
        return frozenset(s.name for s in self.streams)

    def head(self, name: str, size: int) -> bytes:
        """The first `size` bytes of a stream that is large enough to lie in whole sectors, else b""."""
        found = next((s for s in self.streams if s.name.lower() == name.lower() and s.size >= 4096), None)
        if found is None:
            return b""
        data = b""
        for number in _chain(self.stream, self.sector, self.fat, found.start, 1 + size // self.sector):
            data += _sector(self.stream, self.sector, number)
        return data[:size]


def open_compound(stream: BinaryIO) -> Compound:
    """Reads the header and the directory; raises ValueError where there is no compound file."""
    stream.seek(0)
    header = stream.read(512)
    if len(header) < 512 or not header.startswith(MAGIC):
        raise ValueError("no compound file")
    shift = struct.unpack_from("<H", header, 30)[0]
    if shift not in (9, 12):
        raise ValueError("sector size")
    sector = 1 << shift
    first = struct.unpack_from("<I", header, 48)[0]
    fat = tuple(n for n in struct.unpack_from("<109I", header, 76) if n < _END)  # enough for files up to 7 MiB: the
    # directory of a larger file is found all the same, as writers put it in front
    directory = b"".join(_sector(stream, sector, n) for n in _chain(stream, sector, fat, first, _MOST_SECTORS))
    streams = tuple(
        entry for at in range(0, len(directory) - 127, 128) if (entry := _entry(directory[at : at + 128])) is not None
    )
    return Compound(stream, sector, fat, streams)


def _entry(raw: bytes) -> Stream | None:
    length, kind = struct.unpack_from("<HB", raw, 64)
    if kind not in (1, _STREAM, _ROOT) or not 2 <= length <= 64:
        return None
    start, size = struct.unpack_from("<II", raw, 116)
    return Stream(raw[: length - 2].decode("utf-16-le", "replace"), start, size)


def _sector(stream: BinaryIO, size: int, number: int) -> bytes:
    stream.seek((number + 1) * size)
    return stream.read(size)


def _chain(stream: BinaryIO, size: int, fat: tuple[int, ...], first: int, most: int) -> list[int]:
    chain: list[int] = []
    seen: set[int] = set()
    number, per_sector = first, size // 4
    while number < _END and number not in seen and len(chain) < most:
        chain.append(number)
        seen.add(number)
        block, place = divmod(number, per_sector)
        if block >= len(fat):
            break
        stream.seek((fat[block] + 1) * size + 4 * place)
        raw = stream.read(4)
        if len(raw) < 4:
            break
        number = struct.unpack("<I", raw)[0]
    return chain
