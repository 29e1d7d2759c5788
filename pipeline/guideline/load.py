"""Finding and opening the one guideline of a workspace; every refusal is one Chinese sentence."""

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.errors import UnusableGuideline
from pipeline.guideline import docx, txt
from pipeline.guideline.compile import draft_of
from pipeline.guideline.errata import correct, read_errata
from pipeline.guideline.package import DAMAGED, PASSWORD, unpack
from pipeline.guideline.requirements import requirements_of
from pipeline.guideline.source import Source
from pipeline.guideline.tree import build
from pipeline.model import Guideline, decode, encode
from pipeline.workspace import Workspace

_SUFFIXES = (".docx", ".pdf", ".xlsx", ".txt")
_PDF = b"%PDF"
_LIMITS = Limits(seconds=120, memory_mib=1500)  # for 300 pages, the most that is read, a tenth is enough
_BYTES = 100 * 1024 * 1024  # a guideline with pictures has a few megabytes
_SAVE_AS = "请用 Word 或 WPS 打开，另存为 .docx（或 .pdf、.xlsx、.txt）后再放进来。"
_SYSTEM = ("desktop.ini", "thumbs.db", "readme.txt", "readme.md", "放这里.txt")


def load(path: Path) -> Guideline:
    """The guideline in one file; raises UnusableGuideline."""
    try:
        if path.stat().st_size > _BYTES:
            raise UnusableGuideline(f"“{path.name}”太大（超过100MB），不像是指南：请确认放入的文件。")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise UnusableGuideline(f"没有找到指南文件“{path}”：请核对文件名和位置。") from error
    except OSError as error:
        raise UnusableGuideline(
            f"指南文件“{path.name}”打不开（{error.strerror}）：请确认它没有被别的程序占用，并且可以读取。"
        ) from error
    try:
        return _compiled_apart(data, path.name) if data.startswith(_PDF) else _compile(data, path.name)
    except UnusableGuideline as error:
        raise UnusableGuideline(f"“{path.name}”不能用作指南：{error}") from error


def find(workspace: Workspace) -> Guideline:
    """The one guideline in inputs/guideline, the accepted corrections applied; raises UnusableGuideline."""
    folder = workspace.guideline
    if not folder.is_dir():
        raise UnusableGuideline(
            "没有 inputs/guideline 文件夹：请建立它，并放入学校印发的指南（.docx、.pdf、.xlsx 或 .txt 一份）。"
        )
    files = sorted((p for p in folder.iterdir() if p.is_file() and not _system(p)), key=lambda p: p.name)
    usable = [p for p in files if p.suffix.lower() in _SUFFIXES]
    if not usable:
        others = "、".join(f"“{p.name}”" for p in files)
        hint = (
            f"只有{others}，这种格式读不了：{_SAVE_AS}"
            if files
            else "里没有指南：请放入学校印发的指南（.docx、.pdf、.xlsx 或 .txt 一份）。"
        )
        raise UnusableGuideline(f"inputs/guideline {hint}")
    if len(usable) > 1:
        names = "、".join(f"“{p.name}”" for p in usable)
        raise UnusableGuideline(
            f"inputs/guideline 里有{len(usable)}份文件（{names}），不知道用哪一份：请只留下今年的指南。"
        )
    guideline = replace(load(usable[0]), path=workspace.relative(usable[0]))
    return correct(guideline, read_errata(workspace.errata))


def _system(path: Path) -> bool:
    return path.name.startswith(("~$", ".")) or path.name.lower() in _SYSTEM


def compile_task(argument: bytes, data: bytes) -> bytes:
    """A guideline for a guarded child: its name and bytes in, the Guideline or why it is none out."""
    try:
        return encode(_Compiled(_compile(data, argument.decode())))
    except UnusableGuideline as error:
        return encode(_Compiled(None, str(error)))


@dataclass(frozen=True, slots=True)
class _Compiled:
    guideline: Guideline | None
    refusal: str = ""


def _compiled_apart(data: bytes, name: str) -> Guideline:
    """A PDF's reader believes what the file says of its fonts and pages, and may take all memory and time there is."""
    guard = Guard()
    try:
        body = guard.perform(Task("pipeline.guideline.load:compile_task", name.encode(), data), _LIMITS)
    finally:
        guard.close()
    if isinstance(body, Broken):
        raise UnusableGuideline(DAMAGED)
    compiled = decode(body, _Compiled)
    if compiled.guideline is None:
        raise UnusableGuideline(compiled.refusal)
    return compiled.guideline


def _compile(data: bytes, name: str) -> Guideline:
    source = read_source(data)
    draft = draft_of(source)
    indicators, findings = build(draft.items)
    return Guideline(
        title=draft.title,
        year=draft.year,
        indicators=tuple(
            replace(i, requirements=requirements_of(i.code, i.text)) if i.level == 3 else i for i in indicators
        ),
        findings=(*source.notes, *draft.findings, *findings),
        path=unicodedata.normalize("NFC", name),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def read_source(data: bytes) -> Source:
    """The file by what its bytes are, whatever its name says."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise UnusableGuideline("文件是空的，没有内容：请放入完整的指南。")
    if data.startswith(_PDF):
        from pipeline.guideline import pdf

        return pdf.read(data)
    if data.startswith(b"PK"):
        names = unpack(data).names
        if "word/document.xml" in names:
            return docx.read(data)
        if "xl/workbook.xml" in names:
            from pipeline.guideline import xlsx

            return xlsx.read(data)
        raise UnusableGuideline("它是压缩包或别种文件，不是 Word 或 Excel 文件：请放入指南本身。")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise UnusableGuideline(_compound(data))
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")):
        raise UnusableGuideline("它是图片，没有文字：请换成 Word 原件或可以复制文字的 PDF。")
    return txt.read(data)


def _compound(data: bytes) -> str:
    """An OLE file is an encrypted package, or an old .doc or .xls."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return PASSWORD
    return f"它是旧格式（.doc、.xls 或 .wps），读不了：{_SAVE_AS}"
