"""A guideline's Office file on top of `pipeline.ooxml`: the same safe opening, refused in the guideline's own sentences."""

from collections.abc import Iterator

from lxml import etree

from pipeline.errors import UnusableGuideline
from pipeline.ooxml.package import Declared, Oversized, Package, Protected, UnusablePackage, open_package

_PART_MIB = 50  # a guideline of twenty pages has under one megabyte of text

DAMAGED = "指南文件已损坏，无法打开：请用 Word 或 Excel 打开原件确认完好，重新另存后再放进来。"
TOO_BIG = "指南文件解开后大得不合常理，没有打开：请用 Word 或 Excel 打开原件，另存为一份新文件后再放进来。"
PASSWORD = "指南文件带有密码，打不开：请去掉密码后另存一份再放进来。"


def refusal(error: UnusablePackage) -> UnusableGuideline:
    """The guideline's sentence for what is the matter with the package."""
    if isinstance(error, Declared):
        return UnusableGuideline(f"{str(error).rstrip('。')}：{error.remedy}")
    if isinstance(error, Oversized):
        return UnusableGuideline(TOO_BIG)
    return UnusableGuideline(PASSWORD if isinstance(error, Protected) else DAMAGED)


def unpack(data: bytes) -> Package:
    """The package, its sizes checked; raises UnusableGuideline. One that had to be repaired may lack a part: refused."""
    try:
        package = open_package(data, _PART_MIB)
        package.check_sizes()
    except UnusablePackage as error:
        raise refusal(error) from error
    if package.repaired:
        raise UnusableGuideline(DAMAGED)
    return package


def part(package: Package, name: str) -> etree._Element | None:
    """One XML part, or None where there is none; raises UnusableGuideline."""
    if not package.has(name):
        return None
    try:
        return package.xml(name)
    except UnusablePackage as error:
        raise refusal(error) from error


def content(package: Package, name: str) -> bytes | None:
    """The same part unparsed."""
    return package.bytes(name) if part(package, name) is not None else None


def name(element: etree._Element) -> str:
    """The element's name without its namespace."""
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
