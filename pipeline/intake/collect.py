"""Walks inputs/submissions and names every file in it: its department, hash, size, kind, and why it is not read.

Nothing is ever written. Links that lead out of inputs/ are not followed. Archives are listed member by member
(`a.zip!/支撑材料/x.docx`), archives in archives too, within the limits of the settings. Every entry has a unique
path in NFC with `/`; `load` finds its bytes again by that path.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from pipeline.intake import packed
from pipeline.intake.data import MIB, intake_data
from pipeline.intake.identify import ARCHIVES, identify, leftover
from pipeline.intake.packed import Archive, Fault, Member
from pipeline.intake.roster import Roster, load_roster
from pipeline.model import FileStatus, SourceFile
from pipeline.settings import Reading, Settings
from pipeline.workspace import Workspace

_CHUNK = 4 * MIB
_FOLDERS = 256  # whose names are remembered: the school's, and those whose files are being read
_NO_HASH = hashlib.sha256(b"").hexdigest()

_LEFTOVER = {
    "temporary": "这是软件打开文件时留下的临时文件，没有读取；如果确是报送材料，请改名后重新放入。",
    "system": "这是系统自动生成的文件，没有读取；如果确是报送材料，请改名后重新放入。",
}
_LINK_OUT = "这是一个指向 inputs 以外的链接，没有打开；请把原文件复制到这里。"
_MEMBER_LINK = "压缩包里的这一项只是链接，没有内容；请把原文件放进压缩包或文件夹。"
_SPECIAL = "这不是普通文件，没有读取；请删除，或换成文件本身。"
_LOOSE = "这个文件直接放在 submissions 里，不知道是哪个单位的；请放进该单位的文件夹。"
_UNREADABLE = "文件读不出来（可能正被别的程序占用或没有权限）；请关闭占用它的程序或复制一份后重新放入。"
_FAILED_KINDS = {
    "empty": "文件是空的，没有任何内容；请向单位重新索取。",
    "encrypted": "文件设了打开密码，无法读取；请去掉密码后另存，重新放入。",
    "heic": "这是苹果手机的 HEIC 照片，不能识别文字；请另存为 JPG 后重新放入。",
    "media": "这是音频或视频，不能读取；如果是佐证，请另附文字说明。",
    "program": "这是程序文件，不会打开；如果是自解压包，请解压后把里面的文件放入。",
    "gzip": "这种压缩包不能展开；请解压后放入文件夹，或改用 .zip 压缩。",
    "bzip2": "这种压缩包不能展开；请解压后放入文件夹，或改用 .zip 压缩。",
    "xz": "这种压缩包不能展开；请解压后放入文件夹，或改用 .zip 压缩。",
    "tar": "这种压缩包不能展开；请解压后放入文件夹，或改用 .zip 压缩。",
    "ofd": "OFD 版式文件还不能读取；请用阅读软件另存为 PDF 后重新放入。",
    "xlsb": "二进制的 Excel 工作簿（.xlsb）不能读取；请另存为 .xlsx 后重新放入。",
    "msg": "这是邮件文件，不能读取；请把附件另存后放入。",
    "mht": "单个网页文件（.mht）不能读取；请用 Word 打开后另存为 .docx 重新放入。",
    "ole": "文件已损坏或不是常用的办公文件，无法读取；请用原软件打开后另存为 .docx 或 .xlsx 重新放入。",
    "unknown": "认不出这是什么文件，可能已损坏；请向单位核实，换成 Word、Excel 或 PDF 后重新放入。",
}


@dataclass
class _Budget:
    """What may still be unpacked of one file on the disk, archives in archives included."""

    members: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A file on the disk: where it really is, and how its path is shown."""

    real: Path
    shown: str  # below submissions
    special: str | None = None  # why it is not opened at all


def collect(workspace: Workspace, settings: Settings) -> list[SourceFile]:
    """Every file under inputs/submissions, sorted by path; `status` is set where it will not be read."""
    _names.cache_clear()
    roster = load_roster(workspace)
    found: list[SourceFile] = []
    for place in _walk(workspace):
        found.extend(_on_disk(workspace, roster, place, settings.reading))
    return sorted(found, key=lambda file: file.path)


def load(workspace: Workspace, source: SourceFile, reading: Reading | None = None) -> bytes:
    """The bytes of one collected file; a member of an archive is unpacked in memory. Raises OSError where it is gone."""
    from pipeline.settings import load_settings

    reading = reading or load_settings(workspace.settings).reading
    place, inner = _find(workspace, source.path)
    if not inner:
        with _open(place.real) as stream:
            return stream.read()
    with _open(place.real) as stream:
        return _load_member(stream, inner, reading, source.path)


# ---------------------------------------------------------------- the disk


def _walk(workspace: Workspace) -> Iterator[_Place]:
    """Files below submissions in the order of their shown paths; a linked folder inside inputs/ is walked once."""
    root = workspace.submissions
    yield from _walk_folder(root, "", root.resolve(), workspace.inputs.resolve(), frozenset({root.resolve()}))


def _walk_folder(folder: Path, shown: str, root: Path, border: Path, above: frozenset[Path]) -> Iterator[_Place]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield _Place(folder, shown or "submissions", _UNREADABLE)
        return
    names = packed.distinct(packed.visible(_decoded(entry.name)) for entry in entries)
    for entry, name in sorted(zip(entries, names, strict=True), key=lambda pair: pair[1]):
        path, label = Path(entry.path), f"{shown}/{name}" if shown else name
        if entry.is_symlink() or _is_junction(entry):
            real = _linked(path, root, border)
            if real is None or real in above:
                yield _Place(path, label, _LINK_OUT)
                continue
            path = real
        if path.is_dir():
            yield from _walk_folder(path, label, root, border, above | {path.resolve()})
        elif path.is_file():
            yield _Place(path, label)
        else:
            yield _Place(path, label, _SPECIAL)


def _is_junction(entry: "os.DirEntry[str]") -> bool:
    """A Windows junction or mount point, which `is_symlink` does not see."""
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _linked(path: Path, root: Path, border: Path) -> Path | None:
    """Where a link leads, if that exists and stays inside inputs/ (or inside submissions, should that be a link)."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return real if real.is_relative_to(border) or real.is_relative_to(root) else None


def _decoded(name: str) -> str:
    """A name that is no UTF-8 was written by an old Chinese system: GBK, if that fits."""
    try:
        name.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(name).decode("gb18030")
        except UnicodeDecodeError:
            return name
    return name


def _open(path: Path) -> BinaryIO:
    """A regular file, opened for reading; whatever else stands there now raises OSError and never blocks."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return os.fdopen(descriptor, "rb")


def _find(workspace: Workspace, path: str) -> tuple[_Place, str]:
    """The file on the disk that a shown path begins with, and the rest of the path inside that archive."""
    root = workspace.submissions
    prefix = workspace.relative(root) + "/"
    parts = path.removeprefix(prefix).split("/")
    folder, real_root, border = root, root.resolve(), workspace.inputs.resolve()
    for i, part in enumerate(parts):
        entry = _child(folder, part)
        if entry is None and part.endswith("!"):
            entry = _child(folder, part[:-1])
        if entry is None:
            break
        if entry.is_symlink():
            linked = _linked(entry, real_root, border)
            if linked is None:
                break
            entry = linked
        if not entry.is_dir():
            return _Place(entry, path), "/".join(parts[i + 1 :])
        folder = entry
    raise FileNotFoundError(path)


def _child(folder: Path, shown: str) -> Path | None:
    try:
        names = _names(folder, folder.stat().st_mtime_ns)
    except OSError:
        return None
    return folder / names[shown] if shown in names else None


@lru_cache(_FOLDERS)
def _names(folder: Path, changed: int) -> dict[str, str]:
    """The names of a folder by how they are shown; `changed`: when one came or went last."""
    entries = sorted((child.name for child in folder.iterdir()), key=os.fsencode)
    shown = packed.distinct(packed.visible(_decoded(name)) for name in entries)
    return {name: name for name in entries} | dict(zip(shown, entries, strict=True))


# ---------------------------------------------------------------- one file


def _on_disk(workspace: Workspace, roster: Roster, place: _Place, reading: Reading) -> Iterator[SourceFile]:
    path = f"{workspace.relative(workspace.submissions)}/{place.shown}"
    folder, below, _ = place.shown.partition("/")
    department = roster.department(folder) if below and folder not in intake_data().leftover.folders else ""
    if place.special is not None:
        yield SourceFile(
            path, department, _NO_HASH, 0, "link" if place.special == _LINK_OUT else "other", "skipped", place.special
        )
        return
    try:
        with _open(place.real) as stream:
            if not below:
                yield _entry(path, "", stream, leftover(place.shown), ("skipped", _LOOSE))
                return
            yield from _file(path, department, stream, reading, leftover(place.shown))
    except OSError:
        yield SourceFile(path, department, _NO_HASH, 0, "unknown", "failed", _UNREADABLE)


def _entry(
    path: str, department: str, stream: BinaryIO, left: str | None, fixed: tuple[FileStatus, str] | None = None
) -> SourceFile:
    digest, size = _digest(stream)
    kind = left or identify(stream)
    if left is not None:
        return SourceFile(path, department, digest, size, kind, "skipped", _LEFTOVER[left])
    status, reason = fixed or _fixed(kind, size)
    return SourceFile(path, department, digest, size, kind, status, reason)


def _fixed(kind: str, size: int) -> tuple[FileStatus | None, str | None]:
    if kind in _FAILED_KINDS:
        return "failed", _FAILED_KINDS[kind]
    if kind not in ARCHIVES and size > intake_data().limits.file_mib * MIB:
        return "failed", f"文件超过 {intake_data().limits.file_mib} MB，没有读取；请拆分或压缩图片后重新放入。"
    return None, None


def _digest(stream: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _file(path: str, department: str, stream: BinaryIO, reading: Reading, left: str | None) -> Iterator[SourceFile]:
    entry = _entry(path, department, stream, left)
    if entry.status is not None or entry.kind not in ARCHIVES:
        yield entry
        return
    budget = _Budget(reading.archive_members, reading.archive_mib * MIB)
    yield from _expanded(entry, stream, reading, budget, depth=1)


# ---------------------------------------------------------------- archives


def _expanded(
    entry: SourceFile, stream: BinaryIO, reading: Reading, budget: _Budget, depth: int
) -> Iterator[SourceFile]:
    """The archive's own entry, then its members'. The archive is `read` once it could be listed."""
    if depth > reading.archive_depth:
        yield _with(entry, "failed", packed.TOO_DEEP.sentence())
        return
    opened = packed.open_archive(entry.kind, stream, reading)
    if isinstance(opened, Archive) and not _within(opened, budget):
        opened = packed.TOO_LARGE
    if isinstance(opened, Fault):
        yield _with(entry, "failed", opened.sentence())
        return
    yield _with(entry, "read", None)
    for member in opened.members:
        yield from _member(entry, opened, member, reading, budget, depth)


def _within(archive: Archive, budget: _Budget) -> bool:
    budget.members -= len(archive.members)
    budget.bytes -= sum(member.size for member in archive.members)
    return budget.members >= 0 and budget.bytes >= 0


def _member(
    parent: SourceFile, archive: Archive, member: Member, reading: Reading, budget: _Budget, depth: int
) -> Iterator[SourceFile]:
    path = f"{parent.path}!/{member.name}"
    left = leftover(member.name)
    if member.link:
        yield SourceFile(path, parent.department, _NO_HASH, member.size, "link", "skipped", _MEMBER_LINK)
        return
    data: bytes | Fault
    if member.locked:
        data = packed.LOCKED_MEMBER
    elif packed.too_large(member, reading):
        data = packed.TOO_LARGE_MEMBER
    else:
        data = archive.read(member)
    if isinstance(data, Fault):
        status: FileStatus = "skipped" if left else "failed"
        reason = _LEFTOVER[left] if left else data.sentence()
        yield SourceFile(path, parent.department, _NO_HASH, member.size, left or "unknown", status, reason)
        return
    stream = BytesIO(data)
    entry = _entry(path, parent.department, stream, left)
    if entry.status is None and entry.kind in ARCHIVES:
        yield from _expanded(entry, stream, reading, budget, depth + 1)
    else:
        yield entry


def _with(entry: SourceFile, status: FileStatus, reason: str | None) -> SourceFile:
    return SourceFile(entry.path, entry.department, entry.sha256, entry.bytes, entry.kind, status, reason)


def _load_member(stream: BinaryIO, inner: str, reading: Reading, path: str) -> bytes:
    """The member that `inner` names, through as many archives as it has; OSError where it cannot be had."""
    opened = packed.open_archive(identify(stream), stream, reading)
    if isinstance(opened, Fault):
        raise OSError(f"{path}: {opened.message}")
    for member in opened.members:
        if inner != member.name and not inner.startswith(member.name + "!/"):
            continue
        data = opened.read(member)
        if isinstance(data, Fault):
            raise OSError(f"{path}: {data.message}")
        if inner == member.name:
            return data
        return _load_member(BytesIO(data), inner.removeprefix(member.name + "!/"), reading, path)
    raise FileNotFoundError(path)
