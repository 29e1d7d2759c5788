"""The parts of a workbook, found as tolerantly as Excel finds them, and read element by element.

Writers differ in case, in slashes and in how relations point; a part is found by its name without regard to case.
Elements are known by their local names, so strict and transitional workbooks are read alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lxml import etree

from pipeline.ooxml.package import Package, Relationship, UnusablePackage


@dataclass
class Parts:
    """A package with its parts found by any spelling of their names."""

    package: Package
    _by_name: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.package.names:
            self._by_name.setdefault(_plain(name), name)

    def names(self) -> tuple[str, ...]:
        return tuple(_slashes(name) for name in self.package.names)

    def find(self, name: str) -> str | None:
        """The part's own name, or None where there is none."""
        return self._by_name.get(_plain(name))

    def bytes(self, name: str) -> bytes:
        found = self.find(name)
        if found is None:
            raise UnusablePackage("文件不完整，缺少一部分内容。")
        return self.package.bytes(found)

    def xml(self, name: str) -> etree._Element:
        """A part as a tree; UnusablePackage where it is missing, broken or hostile."""
        found = self.find(name)
        if found is None:
            raise UnusablePackage("文件不完整，缺少一部分内容。")
        return self.package.xml(found)

    def relations(self, of: str) -> dict[str, Relationship]:
        """The relations of a part by id; empty where there are none or they are broken."""
        folder, _, base = _slashes(of).rpartition("/")
        if self.find(f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels") is None:
            return {}
        return self.package.relationships(of)

    def main(self) -> str | None:
        """The workbook part, by the package's relations or by its usual name."""
        for relation in self.package.relationships().values():
            if relation.type == "officeDocument" and (found := self.find(relation.target)) is not None:
                return found
        return self.find("xl/workbook.xml")

    def elements(self, part: str, *names: str) -> Iterator[Any]:
        """Elements of these local names as they end, each freed once the caller asks for the next.

        Raises UnusablePackage where the part is broken, and for a document type declaration before any element.
        """
        stream = etree.iterparse(
            BytesIO(self.bytes(part)),
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        first = True
        try:
            for _, element in stream:
                if first and element.getroottree().docinfo.internalDTD is not None:
                    raise UnusablePackage("文件里有正常 Excel 不会写入的实体声明（可能是攻击），没有读取。", _SOURCE)
                first = False
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise UnusablePackage("文件内部的 XML 不完整或不合规范，无法读取。") from error


_SOURCE = "请向报送单位核实来源，用 Excel 或 WPS 另存一份后重新放入。"


def _slashes(name: str) -> str:
    return name.replace("\\", "/").removeprefix("/")


def _plain(name: str) -> str:
    return _slashes(name).lower()
