"""What a file is, by its bytes. Its name decides only whether a program or the system left it behind."""

import csv
import re
import struct
import zipfile
from collections import Counter
from fnmatch import fnmatchcase
from io import StringIO
from typing import BinaryIO, Literal

from pipeline.intake import compound
from pipeline.intake.data import MIB, intake_data
from pipeline.intake.zipped import MEMBER_ERRORS, UnusableZip, open_zip

HEAD = 65536  # what is looked at of a text or a damaged file
ARCHIVES = frozenset({"zip", "7z", "rar"})

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"{\\rtf", "rtf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"II+\x00", "image"),
    (b"MM\x00+", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"OggS", "media"),
    (b"ID3", "media"),
    (b"fLaC", "media"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b"FLV\x01", "media"),
)
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
_OFFICE_PARTS = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
_MAIN_PARTS = (  # content types of the main part ([ECMA-376-1] 15.2, and their macro and template kin)
    (re.compile(rb"wordprocessingml\.(document|template)|ms-word\.(document|template)\.macroEnabled"), "docx"),
    (re.compile(rb"ms-excel\.sheet\.binary"), "xlsb"),
    (re.compile(rb"spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template|addin)\.macroEnabled"), "xlsx"),
    (re.compile(rb"presentationml|ms-powerpoint"), "pptx"),
)
_ODF = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp"}
_ODF_TYPE = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)(?![a-z])"
)  # templates too
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
    ("MatOST", "wps"),
    ("CONTENTS", "wps"),
    ("__properties_version1.0", "msg"),
)
_XML = re.compile(r"^\s*<\?xml\b|^\s*<[A-Za-z][\w:.-]*[\s>/]")
_WORD_XML = re.compile(
    r'progid="(Word\.Document|Excel\.Sheet)"|schemas\.microsoft\.com/office/word/2003/wordml'
    r"|schemas\.microsoft\.com/office/2006/xmlPackage|urn:schemas-microsoft-com:office:spreadsheet"
)
_HTML = re.compile(
    r"^\s*(<!doctype\s+html|<html\b|<head\b|<body\b|<table\b|<meta\b|<!--.{0,400}?-->\s*<html\b)", re.I | re.S
)
_MHT = re.compile(r"^(MIME-Version:|From:|Content-Type:\s*multipart/related)", re.I | re.M)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_TEXT_CONTROL_SHARE = 0.005  # a text has next to no control characters; a binary file has a tenth
_ORDINARY = re.compile(r"[\s\x20-\x7e\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_WIDE_ORDINARY_SHARE = 0.9  # of UTF-16 without a mark: ASCII and Chinese; binary data falls anywhere in Unicode
_CSV_SAME_SHARE = 0.9  # lines of a table that have the table's number of fields


def leftover(path: str) -> Literal["temporary", "system"] | None:
    """Whether a file is a program's or the system's own, by its name and folders (`/` between them)."""
    known = intake_data().leftover
    *folders, name = path.split("/")
    if any(folder in known.folders for folder in folders):
        return "system"
    if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in known.temporary):
        return "temporary"
    return "system" if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in known.system) else None


def identify(stream: BinaryIO) -> str:
    """The kind of a file, from a stream that can seek. Reads little of it, and raises only OSError."""
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK")):
        return _zip_kind(stream, head)
    if head.startswith(compound.MAGIC):
        return _ole_kind(stream, head)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    return _boxed_kind(head) or _text_kind(head, whole=len(head) < HEAD)


def _boxed_kind(head: bytes) -> str | None:
    """Formats whose mark does not stand first, or is too short to stand alone."""
    if (
        head[:2] == b"BM"
        and len(head) > 26
        and head[6:10] == b"\0\0\0\0"
        and head[14] in (12, 40, 52, 56, 64, 108, 124)
    ):
        return "image"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIC else "media"
    if head[:4] == b"RIFF":
        return "image" if head[8:12] == b"WEBP" else "media"
    return "tar" if head[257:262] == b"ustar" else None


# ---------------------------------------------------------------- zip and OLE


def _zip_kind(stream: BinaryIO, head: bytes) -> str:
    try:
        archive = open_zip(stream)
    except UnusableZip:
        return _local_kind(stream, head)
    names = {info.filename.replace("\\", "/"): info for info in archive.infolist()}
    for part in ("mimetype", "META-INF/manifest.xml"):
        if part in names and (declared := _ODF_TYPE.search(_small(archive, names[part]))) is not None:
            return _ODF[declared[1]]
    if "[Content_Types].xml" in names:
        types = _small(archive, names["[Content_Types].xml"])
        for pattern, kind in _MAIN_PARTS:
            if pattern.search(types):
                return kind
    return _kind_of_names(names)


def _kind_of_names(names: "dict[str, zipfile.ZipInfo] | list[str]") -> str:
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names or "_rels/.rels" in names:
        for prefix, kind in _OFFICE_PARTS:
            if any(name.startswith(prefix) for name in names):
                return "xlsb" if "xl/workbook.bin" in names else kind
    return "zip"


def _small(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """The first MiB of a small part; b"" where it is damaged or locked."""
    try:
        with archive.open(info) as part:
            return part.read(MIB)
    except MEMBER_ERRORS:
        return b""


def _local_kind(stream: BinaryIO, head: bytes) -> str:
    """The kind of an archive whose directory is gone, from the headers before its members."""
    names: list[str] = []
    data, offset = head, 0
    stream.seek(len(head))
    while len(names) < intake_data().limits.names_in_head:
        for match in re.finditer(rb"PK\x03\x04", data):
            at = match.start()
            if at + 30 <= len(data):
                size = struct.unpack_from("<H", data, at + 26)[0]
                names.append(data[at + 30 : at + 30 + size].decode("utf-8", "replace"))
        offset += len(data)
        data = stream.read(MIB)
        if not data or offset > 64 * MIB:
            break
    return _kind_of_names(names)


def _ole_kind(stream: BinaryIO, head: bytes) -> str:
    try:
        found = compound.open_compound(stream)
    except ValueError:
        return "ole"
    names = {name.lower() for name in found.names()}  # some programs write WORKBOOK
    for name, kind in _OLE_STREAMS:
        if name.lower() in names:
            return "encrypted" if _encrypted(found, name) else kind
    # a cut file: the directory lies behind the cut, or was never reached
    return next((kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in head), "ole")


def _encrypted(found: compound.Compound, name: str) -> bool:
    """A password on an old Word file (FIB, fEncrypted: [MS-DOC] 2.5.2) or workbook (FilePass: [MS-XLS] 2.4.117)."""
    if name == "WordDocument":
        fib = found.head(name, 12)
        return len(fib) == 12 and bool(fib[11] & 0x01)
    if name in ("Workbook", "Book"):
        return _has_filepass(found.head(name, 4096))
    return name == "EncryptedPackage"


def _has_filepass(records: bytes) -> bool:
    at = 0
    while at + 4 <= len(records):
        kind, size = struct.unpack_from("<HH", records, at)
        if kind == 0x002F:
            return True
        if kind == 0x0085:  # BoundSheet8: FilePass stands before the first
            return False
        at += 4 + size
    return False


# ---------------------------------------------------------------- texts


def _text_kind(head: bytes, whole: bool) -> str:
    text = _decoded(head, whole)
    if text is None or len(_CONTROL.findall(text)) > _TEXT_CONTROL_SHARE * len(text):
        return "unknown"
    if not text.strip():
        return "empty" if whole else "txt"
    if _HTML.search(text[:2000]):
        return "html"
    if _MHT.search(text[:2000]) and "multipart/" in text[:4000].lower():
        return "mht"
    if _XML.search(text[:2000]):
        return "xml" if _WORD_XML.search(text) else "html" if "<html" in text[:4000].lower() else "txt"
    return "csv" if _is_table(text) else "txt"


def _decoded(head: bytes, whole: bool) -> str | None:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return head.decode(encoding, "replace")
    if b"\0" in head:
        return _wide(head)
    for encoding in ("utf-8", "gb18030"):
        for cut in (0,) if whole else (0, 1, 2, 3):  # the head may end inside a character
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
    return None


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: half of the blanks and line ends are zero bytes, all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 2 or min(even, odd) * 4 > max(even, odd):
        return None
    try:
        text = head[: len(head) // 2 * 2].decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return text if len(_ORDINARY.findall(text)) >= _WIDE_ORDINARY_SHARE * len(text) else None


def _is_table(text: str) -> bool:
    """At least two lines, nearly all of the same number of fields, by one delimiter."""
    lines = text.splitlines()[:200]
    for delimiter in "\t,;|":
        if sum(delimiter in line for line in lines) < 2:
            continue
        try:
            counts = Counter(len(row) for row in csv.reader(StringIO("\n".join(lines)), delimiter=delimiter) if row)
        except csv.Error:
            continue
        fields, same = counts.most_common(1)[0]
        if fields > 1 and same >= 2 and same >= _CSV_SAME_SHARE * counts.total():
            return True
    return False
