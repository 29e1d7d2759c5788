"""Small files of every kind, and hostile archives, built byte by byte."""

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from pipeline.settings import Settings, load_settings
from pipeline.workspace import Workspace

SETTINGS: Settings = load_settings()
DEPARTMENT = "信息工程学院党总支"


def workspace(root: Path, files: dict[str, bytes]) -> Workspace:
    """A workspace whose submissions hold these files (paths below submissions)."""
    result = Workspace(root)
    result.submissions.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        target = result.submissions / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return result


def zip_of(members: "dict[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]]") -> bytes:
    """A deflated zip of these members, in order."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, data)
    return out.getvalue()


def raw_zip(members: list[tuple[bytes, bytes]], flags: int = 0, extra: bytes = b"", attributes: int = 0) -> bytes:
    """A stored zip whose names are these very bytes: as old Windows programs, or attackers, write it."""
    body, directory = b"", b""
    for name, data in members:
        crc, size = zlib.crc32(data), len(data)
        central = struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 0x0314 if attributes else 20, 20, flags, 0, 0, 0x21, crc, size, size,
            len(name), len(extra), 0, 0, 0, attributes, len(body),
        )  # fmt: skip
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, 0, 0, 0x21, crc, size, size, len(name), len(extra))
        body += local + name + extra + data
        directory += central + name + extra
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + end


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file of streams that are each at least 4096 bytes long ([MS-CFB], version 3)."""
    chains: list[tuple[str, int, int]] = []
    fat: list[int] = [0xFFFFFFFD, 0xFFFFFFFE]  # sector 0: the FAT; sector 1: the directory (up to 4 entries)
    sectors = b""
    for name, data in streams.items():
        data = data.ljust(4096, b"\0")
        count = -(-len(data) // 512)
        chains.append((name, len(fat), len(data)))
        fat.extend([*range(len(fat) + 1, len(fat) + count), 0xFFFFFFFE])
        sectors += data.ljust(count * 512, b"\0")
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0) + b"".join(_entry(n, 2, s, z) for n, s, z in chains)
    table = struct.pack("<128I", *fat, *([0xFFFFFFFF] * (128 - len(fat))))
    header = struct.pack(
        "<8s16s5H6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0,
    )  # fmt: skip
    header += struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))
    return header + table + directory.ljust(512, b"\0") + sectors


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return raw.ljust(64, b"\0") + struct.pack("<HBB3I36xIQ", len(raw), kind, 1, *([0xFFFFFFFF] * 3), start, size)


def office(main: str, content_type: str) -> bytes:
    """The least of an Office package: its content types and its main part."""
    types = f'<Types><Override PartName="/{main}" ContentType="{content_type}"/></Types>'
    return zip_of({"[Content_Types].xml": types.encode(), main: b"<x/>"})


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
DOCX = office("word/document.xml", WORD)
XLSX = office("xl/workbook.xml", EXCEL)
