"""Old formats: through LibreOffice where it is, with advice where it is not, never silently short."""

import subprocess
from pathlib import Path

import pytest

from pipeline.model import Document, Problem
from pipeline.read import doc_text, legacy, read, rtf
from pipeline.read.block import Raw
from pipeline.settings import load_settings
from pipeline.tools import soffice
from tests.read.docx_writer import NAMESPACES, docx, p, tbl, tr

SETTINGS = load_settings()
BODY = (
    p("旅游学院党总支工作情况")
    + p("全年召开会议十二次。")
    + tbl(tr("日期", "内容"), tr("3月5日", "专题党课"), tr("4月9日", "主题党日"))
    + p("以上情况属实。")
)
FILTERS = {"doc": "doc:MS Word 97", "rtf": "rtf", "xml": "xml:MS Word 2003 XML", "odt": "odt"}


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", "/nowhere/soffice")


@pytest.mark.usefixtures("no_office")
@pytest.mark.parametrize("kind", ["doc", "xls", "wps", "et", "xml", "odt", "ppt"])
def test_without_libreoffice_the_clerk_is_told_what_to_do(kind: str) -> None:
    result = read(f"材料.{kind}", kind, b"\xd0\xcf\x11\xe0" + bytes(600), SETTINGS)
    assert isinstance(result, Problem)
    assert "LibreOffice" in result.message
    assert "另存为" in result.remedy and "安装 LibreOffice" in result.remedy


@pytest.mark.usefixtures("no_office")
def test_without_libreoffice_rtf_is_read_as_text() -> None:
    name = "".join(f"\\'{b:02x}" for b in "党员大会".encode("gbk"))
    data = rf"{{\rtf1\ansi\ansicpg936{{\fonttbl{{\f0 SimSun;}}}}\uc1 \u25903?\u37096?{name}\par 2024\par}}".encode()
    document = read("记录.rtf", "rtf", data, SETTINGS)
    assert isinstance(document, Document)
    assert [x.text for x in document.passages] == ["支部党员大会", "2024"]
    assert any("LibreOffice" in note for note in document.notes)


def test_rtf_tables_keep_their_rows() -> None:
    raw = rtf.read("表.rtf", rb"{\rtf1\trowd\intbl A\cell B\cell\row\trowd\intbl 1\cell 2\cell\row\pard End\par}")
    assert isinstance(raw, Raw)
    assert [(b.text, b.locator.table, b.locator.row, b.locator.paragraph) for b in raw.blocks] == [
        ("A | B", 1, 1, None),
        ("1 | 2", 1, 2, None),
        ("End", None, None, 1),
    ]


@pytest.mark.parametrize("data", [b"", b"{\\rtf1" + b"{" * 5000, b"text"], ids=["empty", "deep", "no rtf"])
def test_broken_rtf_is_a_problem_or_empty(data: bytes) -> None:
    assert isinstance(rtf.read("坏.rtf", data), Problem)


def test_a_flat_package_is_read_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", "/nowhere/soffice")
    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    flat = (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{space}"><pkg:part pkg:name="/word/document.xml"><pkg:xmlData>'
        f"<w:document {NAMESPACES}><w:body>{BODY}</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>"
    )
    document = read("材料.wps", "xml", flat.encode(), SETTINGS)
    assert isinstance(document, Document)
    assert document.passages[1].text == "全年召开会议十二次。"


def test_text_that_the_conversion_lost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "convert", lambda *_: docx(p("只剩一句。")))
    monkeypatch.setattr(doc_text, "main_text", lambda _: "只剩一句。丢了很长很长的一张表。")
    document = read("旧.doc", "doc", b"", SETTINGS)
    assert isinstance(document, Document)
    assert any("没有转过来" in note for note in document.notes)
    assert document.characters is not None
    assert document.characters.skipped["未能读出"] > 0


def test_tables_that_the_conversion_flattened_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soffice, "convert", lambda *_: docx(p("日期内容三月党课")))
    monkeypatch.setattr(doc_text, "main_text", lambda _: "日期\x07内容\x07\x07三月\x07党课\x07\x07")
    document = read("旧.doc", "doc", b"", SETTINGS)
    assert isinstance(document, Document)
    assert any("表格" in note for note in document.notes)


def test_a_doc_whose_structure_does_not_hold_has_no_text() -> None:
    for data in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)):
        assert doc_text.main_text(data) is None


def test_a_conversion_that_hangs_is_ended_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text(f"#!/bin/sh\nsleep 60 & echo $! > {tmp_path}/child\nwait\n")
    program.chmod(0o755)
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", str(program))
    assert soffice.convert(b"x", "doc", "docx", 0.5) == soffice.Failed("time")
    child = (tmp_path / "child").read_text(encoding="utf-8").strip()
    state = Path(f"/proc/{child}/stat")
    assert not state.exists() or state.read_text(encoding="utf-8").split()[2] == "Z"


def _saved_as(folder: Path, kind: str) -> bytes:
    (folder / "in.docx").write_bytes(docx(BODY))
    program = soffice.find_soffice()
    profile = (folder / "profile").as_uri()
    command = [str(program), f"-env:UserInstallation={profile}", "--headless", "--convert-to", FILTERS[kind]]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "in.docx")], check=True, timeout=120, capture_output=True
    )
    return (folder / f"in.{kind}").read_bytes()


@pytest.mark.soffice
@pytest.mark.parametrize("kind", ["doc", "rtf", "xml", "odt"])
def test_old_formats_give_paragraphs_and_rows_in_their_places(tmp_path: Path, kind: str) -> None:
    document = read(f"材料.{kind}", kind, _saved_as(tmp_path, kind), SETTINGS)
    assert isinstance(document, Document)
    assert document.kind == kind
    assert [(x.text, x.locator.as_json()) for x in document.passages] == [
        ("旅游学院党总支工作情况", {"paragraph": 1}),
        ("全年召开会议十二次。", {"paragraph": 2}),
        ("日期 | 内容", {"table": 1, "row": 1}),
        ("3月5日 | 专题党课", {"table": 1, "row": 2}),
        ("4月9日 | 主题党日", {"table": 1, "row": 3}),
        ("以上情况属实。", {"paragraph": 3}),
    ]
    assert document.characters is not None
    assert "未能读出" not in document.characters.skipped


@pytest.mark.soffice
def test_the_own_text_of_a_doc_is_found(tmp_path: Path) -> None:
    held = doc_text.main_text(_saved_as(tmp_path, "doc"))
    assert held is not None
    assert all(word in held for word in ("旅游学院党总支工作情况", "专题党课", "主题党日"))


@pytest.mark.soffice
def test_what_libreoffice_cannot_open_is_a_problem() -> None:
    result = legacy.read("坏.doc", "doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), SETTINGS, {})
    assert isinstance(result, Problem)
    assert "另存为" in result.remedy
