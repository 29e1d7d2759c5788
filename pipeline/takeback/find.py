"""Finds the files that reviewers changed: in inputs/reviewed/, in outputs/YYYY/ and in what was set aside there.

A file is known by its custom properties (单位, 年度, 运行), which Word, WPS and LibreOffice keep, never by its name. Lock
files are no documents, but tell that one is open.
"""

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline import write
from pipeline.model import Problem
from pipeline.takeback.wish import Origin
from pipeline.tools.soffice import Failed, convert
from pipeline.workspace import Workspace
from pipeline.write.package import CUSTOM

KEPT = ".kept"
AUTHOR = "双创"  # the program's own name in a file's properties: nobody in particular
_WORD, _SHEET = (".docx", ".docm"), (".xlsx", ".xlsm")
_OTHER: dict[str, Literal["docx", "xlsx"]] = {
    **dict.fromkeys((".doc", ".wps", ".odt", ".rtf"), "docx"),
    **dict.fromkeys((".xls", ".et", ".ods"), "xlsx"),
}
_CONVERT_SECONDS = 120.0
_LARGEST = 200 * 2**20  # bytes of all parts unpacked: a summary has a few MiB, more is no file of ours
_TERMS = "{http://purl.org/dc/terms/}modified"
_LAST = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy"


@dataclass(frozen=True, slots=True)
class Returned:
    """One file that came back. `kind`: summary, scores or list."""

    origin: Origin
    kind: Literal["summary", "scores", "list"]
    data: bytes
    properties: dict[str, str]


def find(workspace: Workspace, year: int) -> tuple[list[Returned], list[Problem]]:
    """All files to read, each content once, in the order of their paths; and what is wrong with the others."""
    found: list[Returned] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for path, asked in _candidates(workspace, year):
        relative = workspace.relative(path)
        locked = _locked(path)
        if locked is not None:
            problems.append(
                Problem(
                    workspace.relative(path.with_name(locked)) if locked else relative,
                    "review",
                    f"“{locked or path.name}”正在 Word、WPS 或 Excel 里打开，没有保存的改动读不到。",
                    "请保存并关闭后再运行 review apply；没有人打开时，删去同一文件夹里的锁文件。",
                )
            )
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            problems.append(_fault(relative, f"打不开（{error.strerror}）。", "请关闭正在使用它的程序后再试。"))
            continue
        digest = hashlib.sha256(data).hexdigest()
        if digest in seen or (not asked and not write.is_edited(path.name, data)):
            continue
        seen.add(digest)
        one = _returned(relative, path.suffix.lower(), data, asked)
        if isinstance(one, Problem):
            problems.append(one)
        elif one is not None and one.origin.year not in (year, None):
            problems.append(
                _fault(
                    relative,
                    f"这是{one.origin.year}年度的文件，不是{year}年度的，没有采用。",
                    f"请确认是否放错；要用于那一年，请加 --year {one.origin.year}。",
                )
            )
        elif one is not None:
            found.append(one)
    return found, problems


def _candidates(workspace: Workspace, year: int) -> Iterator[tuple[Path, bool]]:
    """Paths to look at; True where a person put the file there for us."""
    folder = workspace.outputs(year)
    if workspace.reviewed.is_dir():
        for path in _files(workspace.reviewed):
            if path.name not in (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"):
                yield path, True
    if folder.is_dir():
        for path in _files(folder):
            relative = path.relative_to(folder)
            ours = relative.parts[0] == KEPT or write.is_ours(relative.as_posix())
            if _locked(path) is not None or (ours and path.suffix.lower() in (*_WORD, *_SHEET)):
                yield path, False


def _files(folder: Path) -> list[Path]:
    return sorted(
        (p for p in folder.rglob("*") if p.is_file()), key=lambda p: unicodedata.normalize("NFC", p.as_posix())
    )


def _locked(path: Path) -> str | None:
    """The name of the document that a lock file belongs to, "" where it cannot be told; None for any other file."""
    name = path.name
    if name.startswith(".~lock.") and name.endswith("#"):
        return name.removeprefix(".~lock.").removesuffix("#")
    if name.startswith(("~$", ".~")):
        tail = name[2:]
        beside = (p.name for p in sorted(path.parent.iterdir()) if not p.name.startswith(("~$", ".~")))
        return next((other for other in beside if other == tail or other[2:] == tail), tail)
    return None


def _returned(relative: str, suffix: str, data: bytes, asked: bool) -> Returned | Problem | None:
    if suffix in _OTHER:
        made = convert(data, suffix[1:], _OTHER[suffix], _CONVERT_SECONDS)
        if isinstance(made, Failed):
            return _fault(relative, f"不能读取{suffix}格式。", f"请用 Word 或 WPS 另存为 .{_OTHER[suffix]} 后放回。")
        data, suffix = made, f".{_OTHER[suffix]}"
    if suffix not in (*_WORD, *_SHEET):
        return (
            _fault(relative, "不是 Word 或 Excel 文件，没有读取。", "请放审阅过的 .docx 或 .xlsx 文件。")
            if asked
            else None
        )
    try:
        properties, who, when, names = _described(data)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return _fault(relative, "文件已损坏，打不开。", "请向审阅人重新要一份。")
    year = properties.get("年度", "")
    origin = Origin(
        path=relative,
        department=properties.get("单位", ""),
        year=int(year) if year.isdecimal() else None,
        run=properties.get("运行", ""),
        who="" if who == AUTHOR else who,
        when="" if who == AUTHOR and when.endswith("T00:00:00Z") else when,
    )
    kind = _kind(suffix, properties, names)
    if kind is None:
        return _unread(relative, suffix, properties) if asked else None
    return Returned(origin, kind, data, properties)


def _kind(suffix: str, properties: dict[str, str], names: bytes) -> Literal["summary", "scores", "list"] | None:
    if suffix in _WORD:
        return "summary" if any(name.startswith(("底稿", "段落")) for name in properties) or b'"p_E' in names else None
    if "待审阅段落".encode() in names:
        return "list"
    return "scores" if "评分表".encode() in names and "底稿".encode() in names else _sheet_kind(properties)


def _sheet_kind(properties: dict[str, str]) -> Literal["scores", "list"] | None:
    kind = properties.get("文种", "")
    return "scores" if "评分表" in kind else "list" if "审阅清单" in kind else None


def _unread(relative: str, suffix: str, properties: dict[str, str]) -> Problem:
    if "单位" not in properties and "文种" not in properties:
        return _fault(
            relative,
            "看不出是哪个单位哪一年的审阅稿，没有采用。",
            "请用程序写出的文件修改后放回，不要把内容复制到新文件里。",
        )
    if suffix in _WORD:
        return _fault(
            relative,
            "这份 Word 文件不是工作总结的审阅稿，没有读取。",
            "分数请填在同名的 .xlsx 评分表里；段落请改在工作总结的草稿里。",
        )
    return _fault(relative, "这个工作簿不是评分表，也不是审阅清单，没有读取。", "请填写评分表或审阅清单。")


def _fault(relative: str, message: str, remedy: str) -> Problem:
    return Problem(relative, "review", message, remedy)


def _described(data: bytes) -> tuple[dict[str, str], str, str, bytes]:
    """Custom properties, who saved it last and when, and the part that names bookmarks or sheets."""
    from lxml import etree

    safe = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(info.file_size for info in archive.infolist()) > _LARGEST:
            raise ValueError("too large")
        listed = set(archive.namelist())
        properties: dict[str, str] = {}
        who = when = ""
        try:
            if CUSTOM in listed:
                for entry in etree.fromstring(archive.read(CUSTOM), safe):
                    properties[entry.get("name", "")] = "".join(entry.itertext())
            if "docProps/core.xml" in listed:
                core = etree.fromstring(archive.read("docProps/core.xml"), safe)
                who, when = (core.findtext(tag) or "" for tag in (_LAST, _TERMS))
        except etree.XMLSyntaxError as error:
            raise ValueError("no XML") from error
        part = "word/document.xml" if "word/document.xml" in listed else "xl/workbook.xml"
        return properties, who.strip(), when.strip(), archive.read(part)
