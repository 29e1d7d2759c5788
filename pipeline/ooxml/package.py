"""Office packages (zip files of XML) opened safely: bounded, repaired where only the zip directory is broken.

Nothing in a package can make this module read a file, open a connection or expand an entity. A document type
declaration in a part is refused: Office never writes one, attackers do.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import normpath

from lxml import etree

_LOCAL = b"PK\x03\x04"
_HEADER = struct.Struct("<4s5H3L2H")
_DEFLATED, _STORED = 8, 0
_MIB = 1 << 20
_MEMBERS = 5000  # a Word file with a hundred pictures has a few hundred parts
_UNPACKED = 200 * _MIB  # a workbook that people keep by hand has a few
_RATIO = 400  # text XML packs up to about 50:1, a long empty sheet up to 200:1; a bomb 1000:1
_SMALL = 4 * _MIB  # below this the ratio says nothing
_STRICT = (  # ISO/IEC 29500 strict namespaces and the transitional ones that mean the same
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)


class UnusablePackage(Exception):
    """The package or one of its parts cannot be used; `str()` is the Chinese reason, `remedy` what to do.

    The readers turn it into a `model.Problem` or a refusal of their own at their edge.
    """

    def __init__(self, message: str, remedy: str = "请在 Word 或 WPS 里打开原件，另存为 .docx 后重新放入。") -> None:
        super().__init__(message)
        self.remedy = remedy


class Protected(UnusablePackage):
    """A password is needed."""


class Declared(UnusablePackage):
    """A part declares a document type or entities."""


class Oversized(UnusablePackage):
    """Unpacked, it would be larger than any such file is."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """One entry of a .rels part; `target` is a part's name, or an address where `external`."""

    id: str
    type: str  # the last word of the type's address: officeDocument, styles, header …
    target: str
    external: bool


@dataclass(slots=True)
class Package:
    """The parts of one package by name (`word/document.xml`), read when asked for."""

    names: tuple[str, ...]
    repaired: bool
    limit: int  # bytes a part may have, unpacked
    _data: bytes
    _zip: zipfile.ZipFile | None = None
    _loose: Mapping[str, bytes] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.names

    def _found_loose(self, name: str, error: Exception) -> bytes:
        """A member whose entry in the directory is wrong, by its own header."""
        if not self._loose:
            self._loose = dict(_members(self._data, self.limit))
        if name not in self._loose:
            raise UnusablePackage("文件已损坏，内部的压缩数据读不出来。") from error
        self.repaired = True
        return self._loose[name]

    def xml(self, name: str) -> etree._Element:
        """A part parsed, strict namespaces mapped to the transitional ones."""
        return parse_xml(self.bytes(name))

    def relationships(self, of: str = "") -> dict[str, Relationship]:
        """The relationships of a part ('' for the package) by id; empty where there are none or they are broken."""
        folder, _, base = of.rpartition("/")
        name = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if not self.has(name):
            return {}
        try:
            root = self.xml(name)
        except UnusablePackage:
            return {}
        return {r.id: r for r in _relationships(root, folder)}

    def bytes(self, name: str) -> bytes:
        """A part unpacked; UnusablePackage where it is damaged or larger than the limit."""
        if self._zip is None:
            return self._loose[name]
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise Protected("文件设有密码，无法读取。", "请去掉密码后重新放入。")
        try:
            with self._zip.open(info) as part:
                data = part.read(self.limit + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
            struct.error,
        ) as error:
            return self._found_loose(name, error)
        if len(data) > self.limit:
            raise Oversized(f"文件内部有一部分解压后超过{self.limit // _MIB}MB，像是压缩炸弹，没有读取。")
        return data

    def check_sizes(self) -> None:
        """Raises where a library that unpacks by itself should not be given this package: a bomb, or a password."""
        members = self._zip.infolist() if self._zip is not None else []
        size = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members) or 1
        if len(members) > _MEMBERS or size > _UNPACKED or (size > _SMALL and size > packed * _RATIO):
            raise Oversized("文件解开后大得不合常理，像是压缩炸弹，没有读取。")
        if any(member.flag_bits & 1 for member in members):
            raise Protected("文件设有密码，无法读取。", "请去掉密码后重新放入。")


def open_package(data: bytes, limit_mib: int) -> Package:
    """The package in `data`. Where the zip's directory is gone the members are found by their own headers."""
    limit = limit_mib * _MIB
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        names = tuple(dict.fromkeys(i.filename for i in archive.infolist() if not i.filename.endswith("/")))
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OSError):
        loose = dict(_members(data, limit))
        if not loose:
            raise UnusablePackage("文件不完整或已损坏，打不开。", "请向报送单位重新索取完整的文件。") from None
        return Package(tuple(loose), True, limit, data, None, loose)
    return Package(names, False, limit, data, archive)


def parse_xml(data: bytes) -> etree._Element:
    """Bytes as XML: no entities, no network, no huge trees; UnusablePackage where it is none."""
    if b"purl.oclc.org" in data[:4096]:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data[:65536] or b"<!ENTITY" in data[:65536]:
            raise declared() from error
        raise UnusablePackage("文件内部的 XML 不完整或嵌套过深，无法读取。") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise declared()
    return root


def declared() -> Declared:
    """The fault of a part that declares a document type."""
    return Declared(
        "文件里有正常 Word、Excel 不会写入的实体声明（可能是攻击），没有读取。",
        "请向报送单位核实来源，用 Word 或 WPS 另存一份后重新放入。",
    )


def _relationships(root: etree._Element, folder: str) -> Iterator[Relationship]:
    for entry in root:
        target = entry.get("Target") or ""
        external = entry.get("TargetMode") == "External"
        if not external:
            target = normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/"))
        yield Relationship(entry.get("Id") or "", (entry.get("Type") or "").rpartition("/")[2], target, external)


def _members(data: bytes, limit: int) -> Iterator[tuple[str, bytes]]:
    """The members that can be unpacked whole, found by their local headers; at most 1,000, within the limit in sum."""
    at, left = data.find(_LOCAL), 1000
    room = 2 * limit
    while at >= 0 and left and at + _HEADER.size <= len(data):
        left -= 1
        _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _HEADER.unpack_from(data, at)
        start = at + _HEADER.size + name_length + extra_length
        name = data[at + _HEADER.size : start - extra_length].decode("utf-8" if flags & 0x800 else "cp437", "replace")
        content = _unpack(data, start, method, packed, min(limit, room))
        if content is not None and not name.endswith("/"):
            room -= len(content)
            yield name, content
        at = data.find(_LOCAL, start)


def _unpack(data: bytes, start: int, method: int, packed: int, limit: int) -> bytes | None:
    if method == _STORED:
        return data[start : start + packed] if packed and start + packed <= len(data) else None
    if method != _DEFLATED:
        return None
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(memoryview(data)[start:], limit + 1)
    except zlib.error:
        return None
    return content if stream.eof and len(content) <= limit else None
