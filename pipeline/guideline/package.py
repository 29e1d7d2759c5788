"""Opening Office packages (zip of XML) that may be damaged or hostile: sizes are checked before anything is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from pipeline.errors import UnusableGuideline

_MEMBERS = 5000  # a Word file with a hundred pictures has a few hundred parts
_BYTES = 200 * 1024 * 1024  # unpacked; a guideline of twenty pages has under one megabyte
_RATIO = 400  # text XML packs up to about 50:1, a long empty sheet up to 200:1; a bomb 1000:1
_SMALL = 4 * 1024 * 1024  # below this the ratio says nothing

DAMAGED = "指南文件已损坏，无法打开：请用 Word 或 Excel 打开原件确认完好，重新另存后再放进来。"
TOO_BIG = "指南文件解开后大得不合常理，没有打开：请用 Word 或 Excel 打开原件，另存为一份新文件后再放进来。"


def unpack(data: bytes) -> zipfile.ZipFile:
    """The package, its sizes checked; raises UnusableGuideline."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnusableGuideline(DAMAGED) from error
    members = package.infolist()
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > _MEMBERS or size > _BYTES or (size > _SMALL and size > packed * _RATIO):
        raise UnusableGuideline(TOO_BIG)
    if any(member.flag_bits & 1 for member in members):
        raise UnusableGuideline("指南文件带有密码，打不开：请去掉密码后另存一份再放进来。")
    return package


def part(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """One XML part, or None where there is none; entities are never resolved and nothing is fetched."""
    try:
        data = package.read(name)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise UnusableGuideline(DAMAGED) from error
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnusableGuideline(DAMAGED) from error


def name(element: etree._Element) -> str:
    """The element's name without its namespace (transitional and strict files differ in it); "" for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """Direct children of these names."""
    for child in element if element is not None else ():
        if name(child) in names:
            yield child


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant along `path`, or None."""
    for step in path:
        element = next(children(element, step), None)
    return element


def value(element: etree._Element | None, attribute: str = "val") -> str | None:
    """An attribute by its local name."""
    if element is None:
        return None
    for key, text in element.attrib.items():
        if etree.QName(key).localname == attribute:
            return str(text)
    return None
