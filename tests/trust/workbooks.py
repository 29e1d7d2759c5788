"""Hostile workbooks, and every place where a command opens one that a person handed in."""

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

from pipeline import guideline
from pipeline.errors import Unusable
from pipeline.intake.roster import read_roster
from pipeline.model import Guideline, decode, encode
from pipeline.review import read_decisions
from pipeline.scoring.reading import read_rubric
from pipeline.takeback.opened import Opened, Order
from pipeline.takeback.opened import open_task as opened_in_child
from pipeline.verify.workbook import check_workbook
from pipeline.workspace import Workspace
from tests.workspaces import OFFICIAL

_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">%s]>' % (
    b"ha" * 50,
    b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)),
)
_SHEET, _TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good() -> bytes:
    """A workbook that every place can open, though it is none of theirs."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "评分表"
    for row in (("单位名称", "类型"), ("机电学院党总支", "教学"), ("位置", "原文")):
        book.active.append(row)
    book.create_sheet("底稿")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _with(name: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            target.writestr(part, change(source.read(part)) if part == name else source.read(part))
    return buffer.getvalue()


def _laden() -> bytes:
    """A sound workbook beside three parts of 90 MiB that nobody asks for."""
    buffer = io.BytesIO(good())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(3):
            archive.writestr(f"xl/media/{number}.xml", b"<a>" + b" " * (90 << 20) + b"</a>")
    return buffer.getvalue()


def _sheet(rows: bytes, rest: bytes = b"") -> Callable[[bytes], bytes]:
    return lambda old: b"<worksheet %s><sheetData>%s</sheetData>%s</worksheet>" % (_MAIN, rows, rest)


def _lying() -> bytes:
    """A part of 600 MB whose size the directory gives as 900 bytes."""
    data = bytearray(_with(_SHEET, _sheet(b" " * (600 << 20))))
    for head, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.rfind(
            head, 0, data.rfind(_SHEET.encode()) if head == b"PK\x01\x02" else data.find(_SHEET.encode())
        )
        data[start + at : start + at + 4] = (900).to_bytes(4, "little")
    return bytes(data)


def bombs() -> dict[str, bytes]:
    """Small files that make a program which trusts them take gigabytes or hours."""
    cell = b'<c r="XFD%d" t="inlineStr"><is><t>x</t></is></c>'
    rows = b"".join(b'<row r="%d">%s</row>' % (n, cell % n) for n in range(1, 9000))
    return {
        "zip bomb": _with(_SHEET, _sheet(b" " * (300 << 20))),
        "lying directory": _lying(),
        "large parts that nobody asks for": _laden(),
        "billion laughs in a sheet": _with(_SHEET, lambda old: _LAUGHS + b"<worksheet>&j;</worksheet>"),
        "billion laughs in the texts": _with("xl/workbook.xml", lambda old: _LAUGHS + b"<workbook>&j;</workbook>"),
        "laughs in UTF-16": _with(
            "xl/workbook.xml",
            lambda old: (_LAUGHS.replace(b'"1.0"', b'"1.0" encoding="UTF-16"') + b"<w/>").decode().encode("utf-16"),
        ),
        "a merged world": _with(_SHEET, _sheet(b"", b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
        "a link over the world": _with(
            _SHEET, _sheet(b"", b'<hyperlinks><hyperlink ref="A1:XFD&#49;048576" location="x"/></hyperlinks>')
        ),
        "a row beyond the last": _with(_SHEET, _sheet(b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')),
        "far columns": _with(_SHEET, _sheet(rows)),
        "ten million cells": _with(_SHEET, _sheet(b'<row r="1">' + b"<c/>" * 10_000_000 + b"</row>")),
        "a million formats": _with(
            "xl/styles.xml",
            lambda old: b"<styleSheet %s><cellXfs>%s</cellXfs></styleSheet>" % (_MAIN, b"<xf/>" * 1_000_000),
        ),
    }


# ---------------------------------------------------------------- the places


def _returned(place: Workspace, data: bytes) -> None:
    _opened(Order("inputs/reviewed/改.xlsx", ".xlsx", asked=True), data)


def _edited(place: Workspace, data: bytes) -> None:
    _opened(Order("outputs/2024/机电学院党总支/2024年度双创评分表.xlsx", ".xlsx", asked=False), data)


def _opened(order: Order, data: bytes) -> None:
    opened = decode(opened_in_child(encode(order), data), Opened)
    assert opened.problem is not None
    raise Unusable(opened.problem.sentence())


def _verified(place: Workspace, data: bytes) -> None:
    raise Unusable(check_workbook("评分表.xlsx", data, good()).unproved[0].sentence())


def _at(name: str, read: Callable[[Path], object]) -> Callable[[Workspace, bytes], None]:
    def opened(place: Workspace, data: bytes) -> None:
        (place.inputs / name).write_bytes(data)
        read(place.inputs / name)

    return opened


def _guideline() -> Guideline:
    return guideline.load(OFFICIAL)


PLACES: dict[str, Callable[[Workspace, bytes], None]] = {
    "roster": _at("departments.xlsx", read_roster),
    "rubric": _at("rubric.xlsx", lambda path: read_rubric(path, _guideline())),
    "decisions": _at("decisions.xlsx", lambda path: read_decisions(Workspace(path.parent.parent))),
    "errata": _at("勘误.xlsx", lambda path: guideline.find(Workspace(path.parent.parent))),
    "guideline": _at("指南.xlsx", guideline.load),
    "returned": _returned,
    "edited output": _edited,
    "verify": _verified,
}


def open_task(argument: bytes, data: bytes) -> bytes:
    """For a guarded child: the workbook at the place named, and the sentence that came of it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Workspace(Path(folder))
        (place.inputs / "guideline").mkdir(parents=True)
        (place.inputs / "guideline" / OFFICIAL.name).write_bytes(OFFICIAL.read_bytes())
        try:
            PLACES[argument.decode()](place, data)
        except Unusable as error:
            return str(error).encode()
    return b""
