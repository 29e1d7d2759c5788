"""Word XML of the flat kind (one XML file that holds a whole package) as the package it stands for."""

import base64
import binascii
import zipfile
from io import BytesIO

from lxml import etree

from pipeline.ooxml.package import UnusablePackage, parse_xml

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_MARK = b"schemas.microsoft.com/office/2006/xmlPackage"


def is_flat(data: bytes) -> bool:
    """Whether XML is a package written flat."""
    return _MARK in data[:4096]


def package(data: bytes) -> bytes:
    """The package as a zip; b"" where the XML is broken (the reader then says so)."""
    try:
        root = parse_xml(data)
    except UnusablePackage:
        return b""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for part in root.iterfind(_PKG + "part"):
            name = (part.get(_PKG + "name") or "").lstrip("/")
            content = _content(part)
            if name and content:
                archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def _content(part: etree._Element) -> bytes:
    xml, binary = part.find(_PKG + "xmlData"), part.find(_PKG + "binaryData")
    if xml is not None and len(xml):
        text: bytes = etree.tostring(xml[0], encoding="utf-8")
        return text
    if binary is None or not binary.text:
        return b""
    try:
        return base64.b64decode(binary.text)
    except (binascii.Error, ValueError):
        return b""
