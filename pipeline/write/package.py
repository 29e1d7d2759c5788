"""The .docx file as a package: the same bytes for the same contents, and a hash by which an edited file is known.

Zip dates, the order of parts, document properties and their dates are fixed here. Custom properties say which
department, year and run a file belongs to (单位, 年度, 运行), and 内容散列 is the hash of every part but the one that
holds the properties, so any change in Word, WPS or LibreOffice is seen, a mere re-packing is not.
"""

import hashlib
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

from pipeline.ooxml.fixed import pack, parts_of

HASH_PROPERTY = "内容散列"
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(ValueError, NotImplementedError, EOFError, OSError, RuntimeError),
)
"""What `zipfile` raises at a damaged package, when it is opened or when a part is unpacked."""
_LARGEST = 200 << 20  # bytes unpacked: a summary has a few MiB
CUSTOM = "docProps/custom.xml"
CORE = "docProps/core.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "_rels/.rels"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_VALUE = re.compile(r'name="([^"]*)"[^>]*>\s*<vt:lpwstr>([^<]*)</vt:lpwstr>')


def repack(data: bytes, stamp: str, title: str, properties: Mapping[str, str] | None = None) -> bytes:
    """The package with fixed dates and order; `properties` become custom properties, the hash among them.

    `stamp` is an ISO date; nothing else than it says when the file was made.
    """
    parts = parts_of(data)
    parts.pop("docProps/thumbnail.jpeg", None)
    parts[CORE] = _core(title, stamp).encode()
    parts[CUSTOM] = b""
    parts[TYPES] = _declared(parts[TYPES], {CORE: _CORE_TYPE, CUSTOM: _CUSTOM_TYPE})
    parts[RELATIONS] = _related(parts[RELATIONS])
    own = dict(properties or {})
    own[HASH_PROPERTY] = _hash(parts)
    parts[CUSTOM] = _custom(own).encode()
    return _zip(parts, stamp)


def content_hash(data: bytes) -> str:
    """The hash of all parts but the custom properties, 32 hex digits."""
    return _hash(parts_of(data))


def is_untouched(data: bytes) -> bool:
    """Whether the file is as the program wrote it; False as well where it is no such file."""
    try:
        parts = parts_of(data, _LARGEST)
    except BROKEN:
        return False
    return _properties(parts).get(HASH_PROPERTY) == _hash(parts)


def properties_of(data: bytes) -> dict[str, str]:
    """The custom text properties of a .docx; empty where it has none."""
    return _properties(parts_of(data, _LARGEST))


def _properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    text = parts.get(CUSTOM, b"").decode("utf-8", "replace")
    return {
        name: value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for name, value in _VALUE.findall(text)
    }


def _hash(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(parts):
        if name != CUSTOM:
            digest.update(f"{name}\0{len(parts[name])}\0".encode())
            digest.update(parts[name])
    return digest.hexdigest()[:32]


def _zip(parts: Mapping[str, bytes], stamp: str) -> bytes:
    year, month, day = (int(piece) for piece in stamp[:10].split("-"))
    first = [name for name in (TYPES, RELATIONS) if name in parts]
    names = first + sorted(set(parts) - set(first))
    return pack(((name, parts[name]) for name in names), (year, month, day))


def _declared(types: bytes, wanted: Mapping[str, str]) -> bytes:
    text = types.decode()
    text = re.sub(r'<Override[^>]*PartName="/docProps/[^"]*"[^>]*/>', "", text)
    text = re.sub(r'<Default[^>]*Extension="jpeg"[^>]*/>', "", text)
    added = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in sorted(wanted.items()))
    return text.replace("</Types>", added + "</Types>").encode()


def _related(relations: bytes) -> bytes:
    text = relations.decode()
    text = re.sub(r'<Relationship[^>]*Target="/?docProps/[^"]*"[^>]*/>', "", text)
    added = (
        f'<Relationship Id="rIdCore" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="{CORE}"/>'
        f'<Relationship Id="rIdCustom" Type="{_OFFICE}/relationships/custom-properties" Target="{CUSTOM}"/>'
    )
    return text.replace("</Relationships>", added + "</Relationships>").encode()


def _core(title: str, stamp: str) -> str:
    moment = f"{stamp[:10]}T00:00:00Z"
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>双创</dc:creator><cp:lastModifiedBy>双创</cp:lastModifiedBy>"
        f'<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )


def _custom(properties: Mapping[str, str]) -> str:
    entries = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{escape(name)}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), 2)
    )
    return f'{_HEAD}<Properties xmlns="{_OFFICE}/custom-properties" xmlns:vt="{_OFFICE}/docPropsVTypes">{entries}</Properties>'
