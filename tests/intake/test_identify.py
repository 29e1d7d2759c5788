"""A file is what its bytes are, whatever its name says."""

from io import BytesIO

import pytest

from pipeline.intake.identify import identify, leftover
from tests.intake import samples

ENCRYPTED_WORD = samples.compound({"WordDocument": b"\xec\xa5" + b"\0" * 9 + b"\x01" + b"\0" * 5000})
BIFF = b"\x09\x08\x10\x00" + b"\0" * 16
KINDS = {
    "docx": samples.DOCX,
    "xlsx": samples.XLSX,
    "pptx": samples.office("ppt/presentation.xml", samples.SLIDES),
    "xlsb": samples.office("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    "odt": samples.zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
    "ofd": samples.zip_of({"OFD.xml": b"<x/>"}),
    "zip": samples.zip_of({"总结.txt": "总结".encode()}),
    "doc": samples.compound({"WordDocument": b"\xec\xa5" + b"\0" * 5000}),
    "xls": samples.compound({"Workbook": BIFF + b"\x85\0\4\0" + b"\0" * 5000}),
    "ppt": samples.compound({"PowerPoint Document": b"\0"}),
    "ole": samples.compound({"Whatever": b"\0"}),
    "7z": b"7z\xbc\xaf\x27\x1c\0\4",
    "rar": b"Rar!\x1a\x07\x01\0",
    "pdf": b"\n\n%PDF-1.7\n",
    "rtf": b"{\\rtf1\\ansi",
    "heic": b"\0\0\0\x18ftypheic",
    "media": b"\0\0\0\x18ftypmp42",
    "program": b"MZ\x90\0",
    "empty": b"",
    "txt": "党总支召开会议，研究部署工作。".encode(),
    "csv": "序号,时间,内容\n1,3月5日,研究工作\n2,4月8日,听取汇报\n".encode("gb18030"),
    "html": b"<html><table><tr><td>1</td></tr></table></html>",
    "xml": b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
    "mht": b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n",
    "unknown": bytes(range(256)) * 4,
}
IMAGES = {
    "jpg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "png": b"\x89PNG\r\n\x1a\n",
    "tiff": b"II*\0\x08\0\0\0",
    "bmp": b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + b"\0" * 20,
    "gif": b"GIF89a",
    "webp": b"RIFF\x10\0\0\0WEBPVP8 ",
}


@pytest.mark.parametrize(("kind", "data"), KINDS.items(), ids=KINDS)
def test_a_kind_is_known_by_its_bytes(kind: str, data: bytes) -> None:
    assert identify(BytesIO(data)) == kind


@pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
def test_pictures_are_one_kind(data: bytes) -> None:
    assert identify(BytesIO(data)) == "image"


@pytest.mark.parametrize(
    "data",
    [
        samples.compound({"EncryptedPackage": b"\0", "EncryptionInfo": b"\0"}),
        ENCRYPTED_WORD,
        samples.compound({"Workbook": BIFF + b"\x2f\0\x36\0" + b"\0" * 5000}),
    ],
    ids=["office", "old-word", "old-excel"],
)
def test_a_password_is_seen_before_anyone_tries_to_open_the_file(data: bytes) -> None:
    assert identify(BytesIO(data)) == "encrypted"


@pytest.mark.parametrize("name", ["WORKBOOK", "BOOK", "workbook"])
def test_some_programs_write_the_names_inside_a_workbook_in_capitals(name: str) -> None:
    assert identify(BytesIO(samples.compound({name: BIFF + b"\x85\0\4\0" + b"\0" * 5000}))) == "xls"
    assert identify(BytesIO(samples.compound({name: BIFF + b"\x2f\0\x36\0" + b"\0" * 5000}))) == "encrypted"


def test_templates_of_open_document_and_files_without_its_mark_are_known() -> None:
    template = b"application/vnd.oasis.opendocument.text-template"
    assert identify(BytesIO(samples.zip_of({"mimetype": template, "content.xml": b"<x/>"}))) == "odt"
    entry = b'<file-entry full-path="/" media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    assert identify(BytesIO(samples.zip_of({"content.xml": b"<x/>", "META-INF/manifest.xml": entry}))) == "ods"


def test_a_package_without_its_directory_is_still_a_word_file() -> None:
    cut = samples.DOCX[: samples.DOCX.index(b"PK\x01\x02")]
    assert identify(BytesIO(cut)) == "docx"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_chinese_text_is_text_in_every_encoding_that_windows_writes(encoding: str) -> None:
    data = "党总支 2024 年工作总结\r\n一、加强政治建设，全年开展学习 12 次。\r\n".encode(encoding)
    assert identify(BytesIO(data)) == "txt"


def test_a_text_longer_than_the_head_may_be_cut_inside_a_character() -> None:
    assert identify(BytesIO(("a" + "学习" * 40000).encode())) == "txt"


def test_a_pdf_with_a_zip_behind_it_is_a_pdf() -> None:
    assert identify(BytesIO(b"%PDF-1.4\n%%EOF\n" + samples.DOCX)) == "pdf"


def test_a_zip_whose_directory_claims_to_be_huge_is_not_parsed() -> None:
    data = bytearray(samples.zip_of({"a.txt": b"x"}))
    at = data.rindex(b"PK\x05\x06")
    data[at - 20 * 2**20 : at - 20 * 2**20] = b""
    padded = bytes(data[:at]) + b"\0" * (17 * 2**20) + bytes(data[at : at + 12]) + (17 * 2**20).to_bytes(4, "little")
    assert identify(BytesIO(padded + bytes(data[at + 16 :]))) == "zip"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("报告/~$总结.docx", "temporary"),
        (".~总结.docx", "temporary"),
        ("下载.crdownload", "temporary"),
        (".DS_Store", "system"),
        ("照片/THUMBS.DB", "system"),
        ("__MACOSX/总结/._总结.docx", "system"),
        ("总结.docx", None),
        ("台账~1.xlsx", None),
    ],
)
def test_what_programs_leave_behind_is_known_by_name(path: str, expected: str | None) -> None:
    assert leftover(path) == expected
