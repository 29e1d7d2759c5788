"""Opens one returned file: what runs in a guarded child, because anybody may have made the file.

Nothing of the file itself comes back, only what was found in it: its properties, paragraphs and comments, or the cells
of its sheets. What a person meant by them is for `word`, `scores` and `listing` to say, on the other side.
"""

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Literal

from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from pipeline.model import Problem, decode, encode
from pipeline.ooxml.package import Package, UnusablePackage, open_package
from pipeline.ooxml.workbook import rows_of
from pipeline.settings import Reading
from pipeline.tools.soffice import Failed, convert
from pipeline.write import anchors
from pipeline.write.anchors import Paragraph, Remark
from pipeline.write.package import CORE, CUSTOM

Kind = Literal["summary", "scores", "list"]
WORD, SHEET = (".docx", ".docm"), (".xlsx", ".xlsm")
_OTHER: dict[str, Literal["docx", "xlsx"]] = {
    **dict.fromkeys((".doc", ".wps", ".odt", ".rtf"), "docx"),
    **dict.fromkeys((".xls", ".et", ".ods"), "xlsx"),
}
_CONVERT_SECONDS = 120.0
_PART_MIB = 100  # unpacked: the body of a summary has a few MiB
_LARGEST = 64 << 20  # bytes of what was found: the review list of a large school has some MiB
_BODY, _REMARKS, _BOOK = "word/document.xml", "word/comments.xml", "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"\']([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})[\"\']")
_RANGES = 5000  # the program merges a handful, a person some more
_TERMS = "{http://purl.org/dc/terms/}modified"
_LAST = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}lastModifiedBy"
_REPLACE = "请向审阅人重新要一份，或用 Word、WPS、Excel 打开后另存一份再放回。"
_GIVEN_UP = {
    "time": "打开这个文件用时过长，已停下，没有采用。",
    "memory": "打开这个文件要占用的内存超过上限，已停下，没有采用。",
    "died": "打开这个文件时读取程序意外退出，没有采用。",
    "raised": "文件的内部结构有错误，读不出来，没有采用。",
}


@dataclass(frozen=True, slots=True)
class Order:
    """Which file it is. `asked`: a person put it there for us, so that it is named where it is of no use."""

    path: str
    suffix: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands in a returned file; where `problem` is set, or `kind` is not, it is of no use."""

    problem: Problem | None = None
    kind: Kind | None = None
    properties: dict[str, str] = field(default_factory=dict)
    who: str = ""
    when: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)
    comments: dict[str, Remark] = field(default_factory=dict)
    sheets: dict[str, list[list[Any]]] = field(default_factory=dict)
    merged: dict[str, list[str]] = field(default_factory=dict)  # by sheet: cells that were merged, as H8:H10


def open_guarded(guard: Guard, order: Order, data: bytes, reading: Reading) -> Opened:
    """The file, opened in the guard's child; a file that breaks the child is a problem of its own."""
    limits = Limits(reading.seconds_per_file, reading.memory_mib)
    body = guard.perform(Task("pipeline.takeback.opened:open_task", encode(order), data), limits)
    if isinstance(body, Broken):
        return Opened(fault(order.path, _GIVEN_UP[body.why], _REPLACE))
    return decode(body, Opened)


def open_task(argument: bytes, data: bytes) -> bytes:
    """Order and bytes in, Opened out."""
    order = decode(argument, Order)
    body = encode(_opened(order, data))
    if len(body) > _LARGEST:
        told = fault(order.path, "文件里的内容多得不合常理，像是有意撑爆程序的，没有采用。", _REPLACE)
        return encode(Opened(told))
    return body


def fault(path: str, message: str, remedy: str) -> Problem:
    """What is wrong with a returned file."""
    return Problem(path, "review", message, remedy)


def _opened(order: Order, data: bytes) -> Opened:
    from pipeline.write import is_edited

    if not order.asked and not is_edited(PurePosixPath(order.path).name, data):
        return Opened()
    suffix = order.suffix
    if suffix in _OTHER:
        made = convert(data, suffix[1:], _OTHER[suffix], _CONVERT_SECONDS)
        if isinstance(made, Failed):
            remedy = f"请用 Word 或 WPS 另存为 .{_OTHER[suffix]} 后放回。"
            return Opened(fault(order.path, f"不能读取{suffix}格式。", remedy))
        data, suffix = made, f".{_OTHER[suffix]}"
    if suffix not in (*WORD, *SHEET):
        told = fault(order.path, "不是 Word 或 Excel 文件，没有读取。", "请放审阅过的 .docx 或 .xlsx 文件。")
        return Opened(told if order.asked else None)
    try:
        return _read(order, suffix, data)
    except UnusablePackage as error:
        return Opened(fault(order.path, str(error), _REPLACE))


def _read(order: Order, suffix: str, data: bytes) -> Opened:
    package = open_package(data, _PART_MIB)
    package.check_sizes()
    properties, who, when = _described(package)
    main = _BODY if package.has(_BODY) else _BOOK
    if not package.has(main):
        raise UnusablePackage("文件已损坏，打不开。")
    tree, kind = package.xml(main), _kind(suffix, properties, package.bytes(main))
    if kind is None:
        return Opened(_unread(order.path, suffix, properties) if order.asked else None)
    if kind != "summary":
        return Opened(None, kind, properties, who, when, sheets=_sheets(data), merged=_merged(package, tree))
    body = next(iter(tree), None)
    remarks = anchors.remarks(package.xml(_REMARKS)) if package.has(_REMARKS) else {}
    paragraphs = anchors.read_body(body) if body is not None else []
    return Opened(None, kind, properties, who, when, paragraphs, remarks)


def _described(package: Package) -> tuple[dict[str, str], str, str]:
    """Custom properties, who saved it last and when."""
    custom = package.xml(CUSTOM) if package.has(CUSTOM) else ()
    properties = {str(entry.get("name", "")): "".join(entry.itertext()) for entry in custom}
    core = package.xml(CORE) if package.has(CORE) else None
    who, when = ("" if core is None else core.findtext(tag) or "" for tag in (_LAST, _TERMS))
    return properties, who.strip(), when.strip()


def _kind(suffix: str, properties: dict[str, str], names: bytes) -> Kind | None:
    """`names`: the part that names the bookmarks or sheets."""
    if suffix in WORD:
        return "summary" if any(name.startswith(("底稿", "段落")) for name in properties) or b'"p_E' in names else None
    if "待审阅段落".encode() in names:
        return "list"
    return "scores" if "评分表".encode() in names and "底稿".encode() in names else _sheet_kind(properties)


def _sheet_kind(properties: dict[str, str]) -> Kind | None:
    kind = properties.get("文种", "")
    return "scores" if "评分表" in kind else "list" if "审阅清单" in kind else None


def _unread(path: str, suffix: str, properties: dict[str, str]) -> Problem:
    if "单位" not in properties and "文种" not in properties:
        return fault(
            path,
            "看不出是哪个单位哪一年的审阅稿，没有采用。",
            "请用程序写出的文件修改后放回，不要把内容复制到新文件里。",
        )
    if suffix in WORD:
        return fault(
            path,
            "这份 Word 文件不是工作总结的审阅稿，没有读取。",
            "分数请填在同名的 .xlsx 评分表里；段落请改在工作总结的草稿里。",
        )
    return fault(path, "这个工作簿不是评分表，也不是审阅清单，没有读取。", "请填写评分表或审阅清单。")


def _sheets(data: bytes) -> dict[str, list[list[Any]]]:
    """All sheets as rows of texts and figures, formulas as the values they gave."""
    return {title: [[_carried(cell) for cell in row] for row in rows] for title, rows in rows_of(data).items()}


def _merged(package: Package, book: Any) -> dict[str, list[str]]:
    """The merged cells of each sheet; the streamed reading of the sheets does not tell of them."""
    relations = package.xml(_RELATIONS) if package.has(_RELATIONS) else ()
    targets = {str(one.get("Id")): str(one.get("Target", "")).lstrip("/") for one in relations}
    found = {}
    for sheet in book.iter("{*}sheet"):
        target = targets.get(next((value for name, value in sheet.attrib.items() if name.endswith("}id")), ""), "")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if package.has(part):
            ranges = [match[1].decode() for match in _MERGED.finditer(package.bytes(part))]
            found[str(sheet.get("name", ""))] = ranges[:_RANGES]
    return found


def _carried(value: Any) -> Any:
    """A cell's value in a form that JSON carries; dates as `text_of` writes them."""
    from pipeline.review.decisions import text_of

    return value if value is None or isinstance(value, str | bool | float) else text_of(value)
