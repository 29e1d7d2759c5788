"""Archives as lists of members that are read one at a time into memory, never onto the disk.

A member's shown name is clean: `/` between folders, NFC, no drive, no leading `/`; where it climbs out of the
archive (`..`) only its last part is kept. Control characters and marks that turn the writing direction are made
visible, so that no name can forge a line of a log or hide its ending. Names that occur twice get 〔2〕, 〔3〕 …
"""

import json
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.intake.data import MIB, intake_data
from pipeline.intake.zipped import MEMBER_ERRORS, UnusableZip, names_of, open_zip
from pipeline.privacy import mask
from pipeline.settings import Reading

_LOCKED = 0x1
_WINDOWS_LINK, _UNIX = 0x400, 3  # FILE_ATTRIBUTE_REPARSE_POINT; the "made by" byte of a Unix zip


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an archive or a member is not read: what is the matter, and what the clerk does now."""

    message: str
    remedy: str

    def sentence(self) -> str:
        return self.message + self.remedy


@dataclass(frozen=True, slots=True)
class Member:
    """One file in an archive. `fault` is set where it cannot or must not be read; `link` where it only points."""

    name: str
    size: int
    packed: int | None
    index: int
    link: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened archive: its members, and how to read one of them into memory."""

    members: tuple[Member, ...]
    read: Callable[[Member], bytes | Fault]


LOCKED = Fault("压缩包设了密码，里面的文件无法读取。", "请去掉密码重新压缩，或直接放入解压后的文件。")
LOCKED_MEMBER = Fault("这个文件在压缩包里设了密码，无法读取。", "请去掉密码重新压缩，或直接放入解压后的文件。")
DAMAGED = Fault("压缩包已损坏，打不开。", "请向单位重新索取，或直接放入解压后的文件夹。")
DAMAGED_MEMBER = Fault("这个文件在压缩包里已损坏，解压不出来。", "请向单位重新索取原文件。")
TOO_LARGE = Fault("压缩包解压后过大或文件过多，没有展开。", "请解压后直接放入文件夹；如果不认识它的来源，请删除。")
TOO_LARGE_MEMBER = Fault("这个文件解压后过大，没有读取。", "请核实来源，解压后直接放入文件夹。")
TOO_DEEP = Fault("压缩包套了太多层，这一层没有展开。", "请把里面的压缩包解压后直接放入文件夹。")
NO_TOOL = Fault("这台电脑上没有能解开 .rar 的程序。", "请解压后直接放入文件夹，或改用 .zip 压缩。")


def open_archive(kind: str, stream: BinaryIO, reading: Reading) -> Archive | Fault:
    """An archive of kind zip, 7z or rar. All limits on number, size and ratio are checked before anything is unpacked."""
    opened = _open_zip(stream) if kind == "zip" else _open_guarded(kind, stream, reading)
    if isinstance(opened, Fault):
        return opened
    if _is_bomb(opened.members, reading):
        return TOO_LARGE
    if opened.members and all(m.locked for m in opened.members):
        return LOCKED
    return opened


def _is_bomb(members: tuple[Member, ...], reading: Reading) -> bool:
    return len(members) > reading.archive_members or sum(m.size for m in members) > reading.archive_mib * MIB


def too_large(member: Member, reading: Reading) -> bool:
    """Whether one member alone is larger than memory allows, or packs as no honest file does."""
    limits = intake_data().limits
    if member.size > limits.member_mib * MIB:
        return True
    if member.packed is None or member.size <= limits.ratio_floor_mib * MIB:
        return False
    return member.size > reading.archive_ratio * max(1, member.packed)


# ---------------------------------------------------------------- names


def visible(name: str) -> str:
    """A name as it is shown: NFC, without personal data, and what is invisible and could forge output made visible."""
    return mask(unicodedata.normalize("NFC", "".join(map(_visible, name))))


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code < 0xA0 or code in (0x2028, 0x2029) or 0xD800 <= code <= 0xDFFF or _turns(code):
        return f"〈{code:04X}〉"
    return character


def _turns(code: int) -> bool:
    return code in (0x061C, 0x200E, 0x200F) or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069


def inside(name: str) -> str:
    """A member's name as a path below its archive; the bare file name where it would lead out of it."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":" and parts[0][0].isascii():
        parts = parts[1:] or parts
    if ".." in parts:
        parts = [part for part in parts if part != ".."][-1:]
    return visible("/".join(parts)) or "无名文件"


def distinct(names: Iterable[str]) -> list[str]:
    """The names in their order, those that occur again with 〔2〕, 〔3〕 … before the ending."""
    seen: set[str] = set()
    result = []
    for name in names:
        candidate, n = name, 1
        while candidate in seen:
            n += 1
            stem, dot, ending = name.rpartition(".")
            candidate = f"{stem}〔{n}〕.{ending}" if dot and "/" not in ending and stem else f"{name}〔{n}〕"
        seen.add(candidate)
        result.append(candidate)
    return result


# ---------------------------------------------------------------- zip


def _open_zip(stream: BinaryIO) -> Archive | Fault:
    try:
        archive = open_zip(stream)
    except UnusableZip as error:
        return TOO_LARGE if str(error) == "directory" else DAMAGED
    infos = archive.infolist()
    files = [(i, name) for i, name in enumerate(names_of(archive)) if not name.endswith(("/", "\\"))]
    members = tuple(
        _zip_member(infos[i], i, name)
        for (i, _), name in zip(files, distinct(inside(name) for _, name in files), strict=True)
    )
    return Archive(members, lambda member: _read_zip(archive, infos[member.index]))


def _zip_member(info: zipfile.ZipInfo, index: int, name: str) -> Member:
    mode = info.external_attr >> 16
    link = (info.create_system == _UNIX and stat.S_ISLNK(mode)) or bool(info.external_attr & _WINDOWS_LINK)
    return Member(name, info.file_size, info.compress_size, index, link, bool(info.flag_bits & _LOCKED))


def _read_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | Fault:
    try:
        with archive.open(info) as part:
            data = part.read(info.file_size + 1)
    except MEMBER_ERRORS:
        return DAMAGED_MEMBER
    except MemoryError:  # LZMA members may ask for a dictionary of any size
        return TOO_LARGE_MEMBER
    return data if len(data) == info.file_size else DAMAGED_MEMBER


# ---------------------------------------------------------------- 7z and rar, unpacked by native code in a guarded child


def _open_guarded(kind: str, stream: BinaryIO, reading: Reading) -> Archive | Fault:
    stream.seek(0)
    data = stream.read(intake_data().limits.member_mib * MIB + 1)
    if len(data) > intake_data().limits.member_mib * MIB:
        return TOO_LARGE
    listed = _guarded(kind, {"do": "list"}, data, reading)
    if isinstance(listed, Fault):
        return listed
    rows = json.loads(listed)
    if isinstance(rows, str):
        return _FAULTS[rows]
    names = distinct(inside(row["name"]) for row in rows)
    members = tuple(
        Member(name, row["size"], row["packed"], i, row["link"], row["locked"])
        for i, (row, name) in enumerate(zip(rows, names, strict=True))
    )
    whole: dict[int, bytes] = {}

    def read(member: Member) -> bytes | Fault:
        if not whole and sum(m.size for m in members) <= intake_data().limits.cache_mib * MIB:
            unpacked = _unpacked(kind, data, rows, list(range(len(rows))), reading)
            if isinstance(unpacked, dict):
                whole.update(unpacked)
        if member.index in whole:
            return whole[member.index]
        one = _unpacked(kind, data, rows, [member.index], reading)
        return one.get(member.index, DAMAGED_MEMBER) if isinstance(one, dict) else one

    return Archive(members, read)


def _unpacked(
    kind: str, data: bytes, rows: "list[dict[str, object]]", wanted: list[int], reading: Reading
) -> dict[int, bytes] | Fault:
    """The wanted members by their index; those that could not be unpacked are absent."""
    reply = _guarded(kind, {"do": "read", "names": [rows[i]["raw"] for i in wanted]}, data, reading)
    if isinstance(reply, Fault) or reply.startswith(b'"'):  # one word for why there are none
        return DAMAGED_MEMBER
    size = int.from_bytes(reply[:8], "big")
    sizes = json.loads(reply[8 : 8 + size])
    found, at = {}, 8 + size
    for i, length in zip(wanted, sizes, strict=True):
        if length is not None:
            found[i] = reply[at : at + length]
            at += length
    return found


def _guarded(kind: str, argument: "dict[str, object]", data: bytes, reading: Reading) -> bytes | Fault:
    guard = Guard()
    task = Task(f"pipeline.intake.native:{'seven' if kind == '7z' else 'rar'}", json.dumps(argument).encode(), data)
    try:
        reply = guard.perform(task, Limits(intake_data().limits.seconds_packed, reading.memory_mib))
    finally:
        guard.close()
    if isinstance(reply, Broken):
        return TOO_LARGE if reply.why in ("time", "memory") else DAMAGED
    return reply


_FAULTS = {"locked": LOCKED, "damaged": DAMAGED, "tool": NO_TOOL}


def as_stream(data: bytes) -> BinaryIO:
    """Bytes in memory as a stream that can seek."""
    return BytesIO(data)
