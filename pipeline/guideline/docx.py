"""A guideline as Word has it: tables with merged cells, tracked changes, automatic numbers, content controls.

Deleted text, moved-away text and hidden text are left out and named; inserted text counts. Numbers that Word itself
puts before a paragraph are computed, since they stand in no text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.errors import UnusableGuideline
from pipeline.guideline import package as office
from pipeline.guideline.source import Cell, Grid, Line, Source, clean, leaked
from pipeline.model import Finding
from pipeline.ooxml import numbering, styles

_GONE = ("del", "moveFrom")
_THROUGH = (
    "ins",
    "moveTo",
    "hyperlink",
    "smartTag",
    "sdt",
    "sdtContent",
    "customXml",
    "fldSimple",
    "dir",
    "bdo",
    "ruby",
    "rubyBase",
)


def read(data: bytes) -> Source:
    """Paragraphs and tables of the body, in order; raises UnusableGuideline where the package is damaged."""
    package = office.unpack(data)
    root = office.part(package, "word/document.xml")
    body = office.child(root, "body")
    if body is None:
        raise UnusableGuideline(office.DAMAGED)
    numbers = office.content(package, "word/numbering.xml")
    reader = _Reader(
        styles.load(office.part(package, "word/styles.xml")),
        numbering.fresh(numbers) if numbers is not None else numbering.Numbering({}, {}),
    )
    blocks = tuple(reader.blocks(body))
    return Source(blocks, tuple(reader.notes()))


@dataclass
class _Reader:
    """One pass over the body; counts what it leaves out."""

    styles: styles.Styles
    numbers: numbering.Numbering
    paragraphs: int = 0
    tables: int = 0
    deleted: int = 0
    inserted: int = 0
    hidden: int = 0
    in_table: bool = False
    leaks: list[Finding] = field(default_factory=list)
    _pending: str = field(default="", repr=False)

    def notes(self) -> Iterator[Finding]:
        yield from self.leaks
        if self.deleted or self.inserted:
            yield Finding(
                "全文",
                f"文件里有未接受的修订（删除{self.deleted}字，插入{self.inserted}字），已按接受修订后的文字读取。",
                "请在 Word 里接受或拒绝全部修订后另存。",
            )
        if self.hidden:
            yield Finding("全文", f"文件里有隐藏文字（{self.hidden}字），没有计入指标。", "请确认隐藏文字可以不算。")

    def blocks(self, element: etree._Element) -> Iterator[Line | Grid]:
        for item in _block_items(element):
            if office.name(item) == "tbl":
                self.tables += 1
                self.in_table = True
                yield self._grid(item)
                self.in_table = False
                continue
            self.paragraphs += 1
            for text in self._paragraph(item):
                yield Line(text, f"第{self.paragraphs}段")

    def _paragraph(self, element: etree._Element) -> list[str]:
        """The paragraph's lines (it may hold line breaks), with its automatic number before the first.

        A paragraph whose mark is deleted runs on into the next one, as it does when the change is accepted.
        """
        printed = self._runs(element)
        self.leaks += leaked(printed, f"表{self.tables}" if self.in_table else f"第{self.paragraphs}段")
        text = self._pending + clean(printed)
        self._pending = ""
        if office.child(element, "pPr", "rPr", "del") is not None:
            self._pending = text
            return []
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        number = self._number(element)
        if lines:
            lines[0] = number + lines[0]
        return lines

    def _number(self, paragraph: etree._Element) -> str:
        """The automatic number before this paragraph; a bullet is none."""
        properties = office.child(paragraph, "pPr")
        style = self.styles.paragraph(office.value(office.child(properties, "pStyle")))
        number = styles.automatic_number(properties, style, self.numbers) or ""
        return number if any(sign.isalnum() for sign in number) else ""

    def _runs(self, element: etree._Element) -> str:
        parts: list[str] = []
        for item in element:
            kind = office.name(item)
            if kind in _GONE:
                self.deleted += sum(len(t.text or "") for t in item.iter() if office.name(t) in ("delText", "t"))
            elif kind in _THROUGH:
                inner = self._runs(item)
                self.inserted += len(inner) if kind in ("ins", "moveTo") else 0
                parts.append(inner)
            elif kind == "r":
                parts.append(self._run(item))
        return "".join(parts)

    def _run(self, run: etree._Element) -> str:
        vanish = office.child(run, "rPr", "vanish")
        hidden = vanish is not None and office.value(vanish) not in ("0", "false", "off")
        parts: list[str] = []
        for item in run:
            kind = office.name(item)
            if kind == "t":
                parts.append((item.text or "") + "".join(inner.tail or "" for inner in item))  # an entity is left out
            elif kind == "tab":
                parts.append(" ")
            elif kind in ("br", "cr"):
                parts.append("\n")
            elif kind == "noBreakHyphen":
                parts.append("-")
            elif kind == "AlternateContent":
                parts.extend(self._box(box) for box in office.children(item, "Choice"))
            elif kind == "pict":
                parts.append(self._box(item))
        text = "".join(parts)
        if hidden:
            self.hidden += len(text.strip())
            return ""
        return text

    def _box(self, element: etree._Element) -> str:
        """The text of a text box, its paragraphs as lines of the paragraph that holds it."""
        lines = []
        for content in element.iter():
            if office.name(content) == "txbxContent":
                lines += [self._runs(p) for p in content.iter() if office.name(p) == "p"]
        return "".join(f"\n{line}\n" for line in lines if line.strip())

    def _grid(self, table: etree._Element) -> Grid:
        rows: list[tuple[Cell | None, ...]] = []
        above: dict[int, Cell] = {}
        for row in _table_rows(table):
            place = f"表{self.tables}第{len(rows) + 1}行"
            slots: list[Cell | None] = [None] * _number(office.value(office.child(row, "trPr", "gridBefore")), 0)
            for element in _row_cells(row):
                span = max(1, min(63, _number(office.value(office.child(element, "tcPr", "gridSpan")), 1)))
                merge = office.child(element, "tcPr", "vMerge")
                start = len(slots)
                if merge is not None and office.value(merge) != "restart" and start in above:
                    cell = above[start]
                else:
                    cell = Cell(tuple(self._cell_lines(element)), place)
                if merge is not None:
                    above[start] = cell
                else:
                    above.pop(start, None)
                slots += [cell] * span
            rows.append(tuple(slots))
        return Grid(tuple(rows))

    def _cell_lines(self, cell: etree._Element) -> Iterator[str]:
        for item in _block_items(cell):
            if office.name(item) == "tbl":
                for row in _table_rows(item):
                    for inner in _row_cells(row):
                        yield from self._cell_lines(inner)
            else:
                yield from self._paragraph(item)


def _block_items(element: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, through content controls and tracked blocks; deleted blocks are gone."""
    for item in element:
        kind = office.name(item)
        if kind in ("p", "tbl"):
            yield item
        elif kind in _THROUGH:
            yield from _block_items(item)


def _table_rows(table: etree._Element) -> Iterator[etree._Element]:
    for item in table:
        if office.name(item) in _THROUGH:
            yield from _table_rows(item)
        elif office.name(item) == "tr" and office.child(item, "trPr", "del") is None:
            yield item


def _row_cells(row: etree._Element) -> Iterator[etree._Element]:
    for item in row:
        if office.name(item) in _THROUGH:
            yield from _row_cells(item)
        elif office.name(item) == "tc" and office.child(item, "tcPr", "cellDel") is None:
            yield item


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and text.isdigit() else otherwise
