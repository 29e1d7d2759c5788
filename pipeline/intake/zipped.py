"""Zip archives, opened so that a hostile directory costs no memory, with member names as people wrote them."""

import lzma
import struct
import zipfile
import zlib
from typing import BinaryIO

from pipeline.intake.data import MIB, intake_data

_EOCD = b"PK\x05\x06"
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field: the name in UTF-8 beside the one in the writer's own code page
_UTF8_FLAG = 0x800
MEMBER_ERRORS = (  # what zipfile raises for a member that is damaged, locked or packed in a way it does not know
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
    struct.error,
)


class UnusableZip(Exception):
    """The archive's directory is damaged, or larger than any honest one. `str()` is for the log only."""


def open_zip(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive; raises UnusableZip. Nothing is unpacked."""
    if _directory_size(stream) > intake_data().limits.directory_mib * MIB:
        raise UnusableZip("directory")
    try:
        return zipfile.ZipFile(stream)
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        NotImplementedError,
        OverflowError,
        UnicodeDecodeError,
    ) as error:
        raise UnusableZip(str(error)) from error


def _directory_size(stream: BinaryIO) -> int:
    """Bytes of the central directory as the end record says; zipfile would read and parse all of them."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 65557))
    tail = stream.read(65557)
    at = tail.rfind(_EOCD)
    if at < 0 or len(tail) < at + 22:
        return 0
    size: int = struct.unpack_from("<I", tail, at + 12)[0]
    if size != 0xFFFFFFFF or at < 76 or tail[at - 76 : at - 72] != b"PK\x06\x06":
        return min(size, end)
    return min(int(struct.unpack_from("<Q", tail, at - 36)[0]), end)


def names_of(archive: zipfile.ZipFile) -> list[str]:
    """The members' names in the archive's order, in the encoding that their writer used.

    Without the UTF-8 flag a name is in the code page of the writer's system, which zipfile takes for cp437. Chinese
    Windows writes GBK, some Macs write UTF-8 and forget the flag; one archive has one writer, so all names decide.
    """
    infos = archive.infolist()
    raws = {i: raw for i, info in enumerate(infos) if (raw := _raw(info)) is not None}
    encoding = _encoding(list(raws.values()))
    names = []
    for i, info in enumerate(infos):
        unicode_name = _unicode_path(info)
        if unicode_name is not None:
            names.append(unicode_name)
        elif i in raws:
            names.append(raws[i].decode(encoding, "replace") if encoding else info.orig_filename)
        else:
            names.append(info.orig_filename)
    return names


def _raw(info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name in an unnamed code page; None where they are ASCII or known to be UTF-8."""
    if info.flag_bits & _UTF8_FLAG or info.orig_filename.isascii():
        return None
    try:
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _encoding(raws: list[bytes]) -> str | None:
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            for raw in raws:
                raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    at, extra = 0, info.extra
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == _UNICODE_PATH and len(body) > 5:
            raw = _raw(info) or info.orig_filename.encode("utf-8", "replace")
            if struct.unpack_from("<I", body, 1)[0] == zlib.crc32(raw):
                return body[5:].decode("utf-8", "replace")
        at += 4 + size
    return None
