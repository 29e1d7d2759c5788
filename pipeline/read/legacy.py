"""Old and foreign office formats, by way of LibreOffice where it is installed, then by the reader of the new format.

.docx and .xlsx are what is made of them, not PDF: LibreOffice drops table rows at page ends when it lays pages out.
What it made of a .doc is compared with the text that the .doc itself holds; a shortfall is told, not hidden.
Where there is no LibreOffice, .rtf is still read as text; the rest is a Problem that says what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.model import Problem
from pipeline.read import doc_text, docx, flat_opc, rtf
from pipeline.read.block import Block, NeedsOcr, Raw, RecognisedPage
from pipeline.settings import Settings
from pipeline.text import normal
from pipeline.tools import soffice

_SHARE_OF_TIME = 0.75  # the rest of the file's time is for reading what LibreOffice made
_ENOUGH = 0.98  # of the letters: automatic numbers, field results and captions are counted differently on both sides


@dataclass(frozen=True, slots=True)
class Route:
    """How a kind is read: the suffix LibreOffice is told, and what it makes."""

    suffix: str
    target: Literal["docx", "xlsx", "pdf"]
    chinese: str


_ROUTES: Mapping[str, Route] = {
    "doc": Route("doc", "docx", "旧版 Word（.doc）"),
    "wps": Route("wps", "docx", "WPS 文字（.wps）"),
    "rtf": Route("rtf", "docx", "RTF"),
    "xml": Route("xml", "docx", "Word XML"),
    "html": Route("html", "docx", "网页"),
    "mht": Route("mht", "docx", "网页归档（.mht）"),
    "odt": Route("odt", "docx", "OpenDocument 文字（.odt）"),
    "xls": Route("xls", "xlsx", "旧版 Excel（.xls）"),
    "et": Route("et", "xlsx", "WPS 表格（.et）"),
    "xlsb": Route("xlsb", "xlsx", "Excel 二进制工作簿（.xlsb）"),
    "ods": Route("ods", "xlsx", "OpenDocument 表格（.ods）"),
    "ppt": Route("ppt", "pdf", "演示文稿（.ppt）"),
    "pptx": Route("pptx", "pdf", "演示文稿（.pptx）"),
    "odp": Route("odp", "pdf", "演示文稿（.odp）"),
}
_EXCEL_XML = Route("xml", "xlsx", "Excel XML")
_SAVE_AS = {"docx": "Word 文档（.docx）", "xlsx": "Excel 工作簿（.xlsx）", "pdf": "PDF"}


def read(
    name: str, kind: str, data: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | NeedsOcr | Problem:
    """The file as the reader of its new format sees it, or a Problem that says what the clerk can do."""
    route = _ROUTES[kind]
    if kind == "xml":
        if flat_opc.is_flat(data):
            return docx.read(name, "docx", flat_opc.package(data), settings, recognised)
        if b"Excel.Sheet" in data[:2000] or b"office:spreadsheet" in data[:4000]:
            route = _EXCEL_XML
    made = soffice.convert(data, route.suffix, route.target, _SHARE_OF_TIME * settings.reading.seconds_per_file)
    if isinstance(made, soffice.Failed):
        if kind == "rtf":
            return rtf.read(name, data)
        return _problem(name, route, made)
    raw = _read_as(route.target, name, made, settings, recognised)
    return _compared(raw, kind, data) if isinstance(raw, Raw) else raw


def recognise(name: str, kind: str, data: bytes, page: int, settings: Settings) -> RecognisedPage | Problem:
    """One page recognised: of slides, which are laid out as PDF first, or a scan pasted into an old Word file."""
    if kind == "xml" and flat_opc.is_flat(data):
        return docx.recognise(name, "docx", flat_opc.package(data), page, settings)
    route = _ROUTES[kind]
    made = soffice.convert(data, route.suffix, route.target, _SHARE_OF_TIME * settings.reading.seconds_per_file)
    if isinstance(made, soffice.Failed):
        return _problem(name, route, made)
    if route.target == "docx":
        return docx.recognise(name, "docx", made, page, settings)
    from pipeline.read import pdf

    return pdf.recognise(name, "pdf", made, page, settings)


def _read_as(
    target: str, name: str, made: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | NeedsOcr | Problem:
    """What LibreOffice made, by the reader of that format; each loads what only it needs."""
    if target == "docx":
        return docx.read(name, target, made, settings, recognised)
    if target == "xlsx":
        from pipeline.read import xlsx

        return xlsx.read(name, target, made, settings, recognised)
    from pipeline.read import pdf

    return pdf.read(name, target, made, settings, recognised)


def _compared(raw: Raw, kind: str, data: bytes) -> Raw:
    """The result with a sentence where LibreOffice lost text of a .doc on the way."""
    raw = replace(raw, kind=None, notes=(*raw.notes, "由 LibreOffice 转换后读出。"))
    if raw.blocks and raw.blocks[0].locator.page_basis == "saved":  # LibreOffice's pages, not the author's
        raw = replace(raw, blocks=tuple(map(_unpaged, raw.blocks)), pages=None)
    held = doc_text.main_text(data) if kind in ("doc", "wps") else None
    if held is None:
        return raw
    if doc_text.CELL in held and not any(block.kind in ("row", "header") for block in raw.blocks):
        flat = "原件里有表格，转换后没有了行和列，请用 Word 或 WPS 打开原件另存为 .docx 后重新放入。"
        raw = replace(raw, notes=(*raw.notes, flat))
    expected = len(normal(held))
    found = sum(len(normal(block.text)) for block in raw.blocks)
    found += sum(n for name, n in raw.skipped.items() if name != docx.MARGINS)
    if found >= _ENOUGH * expected:
        return raw
    share = 100 * (expected - found) // max(1, expected)
    note = f"转换时约有{max(1, share)}%的文字没有转过来，请用 Word 或 WPS 打开原件另存为 .docx 后重新放入。"
    return replace(raw, notes=(*raw.notes, note), total=raw.total + expected - found)


def _unpaged(block: Block) -> Block:
    return block.but(locator=replace(block.locator, page=None, page_basis=None))


def _problem(name: str, route: Route, failed: soffice.Failed) -> Problem:
    save = f"请用 Word 或 WPS 打开，另存为{_SAVE_AS[route.target]}后重新放入"
    reasons = {
        "absent": (
            f"这是{route.chinese}文件，读取它需要 LibreOffice，这台电脑上没有。",
            f"{save}，或安装 LibreOffice。",
        ),
        "time": (f"这是{route.chinese}文件，LibreOffice 转换超时。", f"{save}。"),
        "nothing": (f"这是{route.chinese}文件，LibreOffice 打不开，可能已损坏或有密码。", f"{save}。"),
    }
    message, remedy = reasons[failed.why]
    return Problem(path=name, stage="read", message=message, remedy=remedy)
