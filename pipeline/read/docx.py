"""DOCX: the body in reading order, with the numbers that Word prints, and everything left out counted by name.

Kept: tracked insertions, content controls, text boxes (once), SmartArt, footnotes and endnotes, fields' results, merged and
nested tables. Left out by name: 删除的修订, 隐藏文字, 页眉页脚, 批注, 目录, 域代码, 注音, 占位提示, 图表, notes that nothing refers to, and the
second copy of a text box that AlternateContent holds. Named in the notes, never followed: macros, external links, embedded objects.

A paragraph's number counts the paragraphs with text outside tables, from 1; a table's counts the tables of the body;
a row's counts what a person sees. `page` is the page Word saved (lastRenderedPageBreak), absent where it saved none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from pipeline.model import Locator, PassageKind, Problem
from pipeline.ooxml import numbering, styles
from pipeline.ooxml.numbering import Numbering, W
from pipeline.ooxml.package import Package, Relationship, UnusablePackage, open_package, parse_xml
from pipeline.ooxml.styles import Styles, flag, value
from pipeline.read import docx_diagrams, docx_pictures, docx_table
from pipeline.read.block import Block, NeedsOcr, Raw, RecognisedPage
from pipeline.read.docx_pictures import Picture
from pipeline.read.docx_symbols import symbol
from pipeline.settings import Settings
from pipeline.text import fold, weight

_PICTURES = frozenset(
    ("{http://schemas.openxmlformats.org/drawingml/2006/main}blip", "{urn:schemas-microsoft-com:vml}imagedata")
)
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_IMAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_RUN, _TEXT, _RPR, _PPR = W + "r", W + "t", W + "rPr", W + "pPr"
_PARAGRAPH, _TABLE = W + "p", W + "tbl"
_ALTERNATE = _MC + "AlternateContent"
_BOX = W + "txbxContent"
# elements that only wrap: their children stand where they stand
_WRAPPERS = frozenset(
    W + name
    for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "dir", "bdo", "fldSimple", "sdtContent")
)
_CONTROL = W + "sdt"
_DELETED = frozenset((W + "del", W + "moveFrom"))
_BREAKS = frozenset((W + "br", W + "cr"))
_NOTE_MARKS = {W + "footnoteReference": "footnotes", W + "endnoteReference": "endnotes"}
_GRAPHICS = frozenset((W + "drawing", W + "pict", W + "object"))
_COUNTED = (_TEXT, W + "delText", W + "instrText", W + "delInstrText", _M + "t")
_SIGNS = (W + "sym", W + "noBreakHyphen")

DELETED, HIDDEN, CODES, MARGINS = "删除的修订", "隐藏文字", "域代码", "页眉页脚"
COMMENTS, CONTENTS, RUBY, PROMPTS, COPIES = "批注", "目录", "注音", "占位提示", "文本框的副本"
OTHER_NOTES, CHARTS, DIAGRAMS = "没有引用的脚注", "图表文字", "图示文字"


def read(
    name: str, kind: str, data: bytes, settings: Settings, recognised: Mapping[int, RecognisedPage]
) -> Raw | NeedsOcr | Problem:
    """A DOCX as raw blocks; NeedsOcr where its pages are pasted scans; a Problem where it cannot be opened."""
    del kind
    try:
        package = open_package(data, settings.reading.office_part_mib)
        raw, pictures = _read(package)
        scans = docx_pictures.scans(package, pictures, raw, settings)
    except UnusablePackage as error:
        return Problem(path=name, stage="read", message=str(error), remedy=error.remedy)
    if not scans:
        return raw
    waiting = tuple(number for number in range(1, len(scans) + 1) if number not in recognised)
    return NeedsOcr(waiting) if waiting else docx_pictures.merged(name, raw, scans, recognised, settings)


def recognise(name: str, kind: str, data: bytes, page: int, settings: Settings) -> RecognisedPage | Problem:
    """One pasted scan, by its number among them, recognised by OCR."""
    del kind
    try:
        package = open_package(data, settings.reading.office_part_mib)
        raw, pictures = _read(package)
        scan = docx_pictures.scans(package, pictures, raw, settings)[page - 1]
    except UnusablePackage as error:
        return Problem(path=name, stage="read", message=str(error), remedy=error.remedy)
    return docx_pictures.recognise(name, scan, settings)


def _read(package: Package) -> tuple[Raw, list[Picture]]:
    main = _main_part(package)
    relationships = package.relationships(main)
    parts = _Parts(package, main, relationships)
    root = package.xml(main)
    bodies = root.findall(W + "body")  # Word shows all, though a whole file has one
    if not bodies:
        raise UnusablePackage("文件里没有 Word 正文。")
    diagrams = parts.diagrams()
    walker = _Walker(parts.styles(), parts.numbering(), parts.notes(), dict(diagrams))
    walker.saved_pages = next(root.iter(W + "lastRenderedPageBreak"), None) is not None
    for body in bodies:
        walker.walk(body)
    walker.skip_unplaced()
    charts = sum(map(docx_diagrams.chart_size, parts.all("chart", "chartEx")))
    walker.skipped[CHARTS] += charts
    head, margins = _margins(parts)
    comments = _size(parts.optional("comments"))
    walker.skipped[MARGINS] += margins
    walker.skipped[COMMENTS] += comments
    blocks = tuple(walker.finished())
    pictures = [
        Picture(index, relationships[key].target, place)
        for index, key, place in walker.pictures
        if key in relationships and not relationships[key].external
    ]
    raw = Raw(
        blocks=blocks,
        total=_size(root)
        + margins
        + comments
        + charts
        + sum(_size(p) for p in (*parts.note_parts(), *diagrams.values())),
        skipped=dict(walker.skipped),
        head=head,
        title=_property(package, "title") if not any(b.title for b in blocks) else "",
        pages=walker.page if walker.saved_pages else None,
        modified=_property(package, "modified") or None,
        notes=tuple(_notes(package, relationships, walker, comments)),
    )
    return raw, pictures


# ---------------------------------------------------------------- parts


def _main_part(package: Package) -> str:
    """The main document: by the package's relationships, else by the name every program uses."""
    for entry in package.relationships().values():
        if entry.type == "officeDocument" and package.has(entry.target):
            return entry.target
    for name in ("word/document.xml", *package.names):
        if package.has(name) and name.endswith("document.xml"):
            return name
    raise UnusablePackage("这个压缩包里没有 Word 正文，不是有效的 Word 文件。")


@dataclass(slots=True)
class _Parts:
    """The parts that stand around the main document; a missing or broken one is None, never an error."""

    package: Package
    main: str
    relationships: Mapping[str, Relationship]

    def optional(self, kind: str) -> etree._Element | None:
        return next(iter(self.all(kind)), None)

    def all(self, *kinds: str) -> Iterator[etree._Element]:
        for data in self.data(*kinds):
            try:
                yield parse_xml(data)
            except UnusablePackage:
                continue

    def data(self, *kinds: str) -> Iterator[bytes]:
        folder = self.main.rpartition("/")[0]
        wanted = {r.target for r in self.relationships.values() if r.type in kinds and not r.external}
        if not self.relationships:  # lost: go by the names every program uses
            wanted = {n for n in self.package.names if n.startswith(tuple(f"{folder}/{kind}" for kind in kinds))}
        for target in sorted(wanted):
            if self.package.has(target):
                try:
                    yield self.package.bytes(target)
                except UnusablePackage:
                    continue

    def styles(self) -> Styles:
        return next((_styles(data) for data in self.data("styles")), Styles({}))

    def numbering(self) -> Numbering:
        return next((numbering.fresh(data) for data in self.data("numbering")), Numbering({}, {}))

    def note_parts(self) -> Iterator[etree._Element]:
        yield from self.all("footnotes")
        yield from self.all("endnotes")

    def diagrams(self) -> dict[str, etree._Element]:
        """The text of each SmartArt diagram as a text box, by the id of its relationship."""
        found = {}
        for key, entry in sorted(self.relationships.items()):
            if entry.type == "diagramData" and not entry.external and self.package.has(entry.target):
                try:
                    found[key] = docx_diagrams.text_box(self.package.xml(entry.target))
                except UnusablePackage:
                    continue
        return found

    def notes(self) -> dict[tuple[str, str], etree._Element]:
        """Footnotes and endnotes by kind and id; the separators that Word keeps among them hold no text."""
        found = {}
        for kind in ("footnotes", "endnotes"):
            root = self.optional(kind)
            for note in () if root is None else root:
                found[kind, note.get(W + "id", "")] = note
        return found


@lru_cache(maxsize=4)  # a department's files come from few templates; a style knows nothing of the document
def _styles(data: bytes) -> Styles:
    try:
        return styles.load(parse_xml(data))
    except UnusablePackage:
        return Styles({})


def _margins(parts: _Parts) -> tuple[tuple[str, ...], int]:
    """The lines of all page headers (where a 密级 mark may stand), and the characters of headers and footers."""
    lines: list[str] = []
    size = 0
    for root in parts.all("header", "footer"):
        size += _size(root)
        if root.tag == W + "hdr":
            lines += ["".join(t.text or "" for t in p.iter(_TEXT)) for p in root.iter(_PARAGRAPH)]
    return tuple(line for line in lines if line.strip()), size


def _size(root: etree._Element | None) -> int:
    """All non-blank characters of a part, wherever they stand in it."""
    if root is None:
        return 0
    return weight("".join([e.text or "" for e in root.iter(*_COUNTED)])) + sum(1 for _ in root.iter(*_SIGNS))


def _property(package: Package, name: str) -> str:
    if not package.has("docProps/core.xml"):
        return ""
    try:
        root = package.xml("docProps/core.xml")
    except UnusablePackage:
        return ""
    for element in root:
        if isinstance(element.tag, str) and etree.QName(element).localname == name:
            return fold(element.text or "")
    return ""


def _notes(
    package: Package, relationships: Mapping[str, Relationship], walker: "_Walker", comments: int
) -> Iterator[str]:
    if package.repaired:
        yield "文件的压缩目录已损坏，已按内部各部分修复读出，请核对原件。"
    if any(n.endswith("vbaProject.bin") for n in package.names):
        yield "文件带有宏，宏没有运行也没有读取。"
    links = [r for r in relationships.values() if r.external and r.type != "hyperlink"]
    if links:
        yield f"文件引用了{len(links)}个外部文件或链接，没有打开。"
    embedded = [n for n in package.names if "/embeddings/" in n]
    if embedded:
        yield f"文件里嵌有{len(embedded)}个对象（如表格、附件），对象里面的内容没有读取，请另存后单独放入。"
    if walker.chunks:
        yield f"文件里嵌入了{walker.chunks}份整篇外来内容（altChunk），没有读取，请用 Word 打开另存后重新放入。"
    if walker.skipped[CHARTS]:
        yield "文件里有图表，图表里的文字和数据没有列入材料，需要时请写进正文或表格。"
    if any("/media/" in n for n in package.names):
        yield docx_pictures.UNREAD
    if comments:
        yield "文件里有批注，批注没有列入材料。"
    if walker.skipped[DELETED]:
        yield "文件里有修订痕迹：插入的内容已保留，删除的内容没有列入材料。"
    if walker.skipped[HIDDEN]:
        yield "文件里有隐藏文字，没有列入材料。"


# ---------------------------------------------------------------- the walk


@dataclass(slots=True)
class Line:
    """One paragraph's text while it is gathered."""

    parts: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    marks: list[tuple[str, str]] = field(default_factory=list)  # notes referred to
    pictures: list[str] = field(default_factory=list)  # ids of their relationships
    added: int = 0
    bold: int = 0  # characters in bold
    size: int | None = None  # of the first text, in half points
    page: int | None = None
    kind: PassageKind = "paragraph"

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()


@dataclass(slots=True)
class _Walker:
    styles: Styles
    numbers: Numbering
    footnotes: Mapping[tuple[str, str], etree._Element]
    diagrams: dict[str, etree._Element]  # those that were not met yet
    saved_pages: bool = False
    blocks: list[Block] = field(default_factory=list)
    sizes: list[int | None] = field(default_factory=list)  # parallel to blocks
    skipped: Counter[str] = field(default_factory=Counter)
    page: int = 1
    paragraphs: int = 0
    tables: int = 0
    chunks: int = 0
    pictures: list[tuple[int, str, Locator]] = field(default_factory=list)  # before which block, relationship, place
    fields: list[list[str]] = field(default_factory=list)  # open fields: [code] while in the code, [code, ""] after
    placed: set[tuple[str, str]] = field(default_factory=set)  # notes that stand in a block
    held: Line | None = None  # a paragraph whose mark was deleted: it goes on in the next

    # ------------------------------------------------ blocks

    def walk(self, parent: etree._Element) -> None:
        """The block-level content of a body or a wrapper, in order."""
        for element in self.content(parent):
            tag = element.tag
            if tag == _PARAGRAPH:
                self._body_paragraph(element)
            elif tag == _TABLE:
                self.tables += 1
                self._table_blocks(element, Locator(table=self.tables))
            elif tag == W + "altChunk":
                self.chunks += 1

    def content(self, parent: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """The children of an element, through everything that only wraps; what is left out is counted."""
        for element in parent:
            tag = element.tag
            if tag in _WRAPPERS:
                yield from self.content(element)
            elif tag == _CONTROL:
                yield from self.content(self._controlled(element))
            elif tag in _DELETED:
                self.skip(DELETED, element)
            elif tag == _ALTERNATE:
                for branch in self._branches(element):
                    yield from self.content(branch)
            else:
                yield element

    def _body_paragraph(self, element: etree._Element) -> None:
        line = self.paragraph(element)
        if line is None:
            return
        if line.text or line.boxes:
            self.paragraphs += 1
        place = self._place(line, paragraph=self.paragraphs)
        ppr = _ppr(element)
        if line.text:
            style = self.styles.paragraph(None if ppr is None else value(ppr, "pStyle"))
            bold = style.bold or 2 * line.bold > len(line.text)
            level = styles.heading_level(ppr, "", style.level)
            self._add(
                Block(
                    line.text,
                    place,
                    line.kind,
                    level=level,
                    prominent=bold or styles.centred(ppr, style.centred),
                    title=style.title,
                    added=line.added,
                ),
                line.size or style.size,
            )
        self._appended(line, place)

    def _appended(self, line: Line, place: Locator) -> None:
        """The pictures and text boxes anchored in a paragraph, then the notes it refers to."""
        self._pictured(line.pictures, place)
        for box in line.boxes:
            self._box(box, place)
        self._marked(line.marks, place)

    def _pictured(self, keys: Iterable[str], place: Locator) -> None:
        here = place if place.table or place.paragraph else replace(place, paragraph=1)
        self.pictures += [(len(self.blocks), key, here) for key in keys]

    def _box(self, box: etree._Element, place: Locator) -> None:
        """A text box: its paragraphs and tables stand at the paragraph that anchors it."""
        for element in self.content(box):
            if element.tag == _PARAGRAPH:
                line = self.paragraph(element)
                if line is not None and line.text:
                    self._add(Block(line.text, place, line.kind, added=line.added), line.size)
                if line is not None:
                    self._appended(line, place)
            elif element.tag == _TABLE:
                self._table_blocks(element, place)

    def _marked(self, marks: Iterable[tuple[str, str]], place: Locator) -> None:
        """The notes that a paragraph or a row refers to."""
        for mark in marks:
            note = self.footnotes.get(mark)
            if note is not None:
                self.placed.add(mark)
                self._note(note, place)

    def skip_unplaced(self) -> None:
        """Counts the notes that nothing refers to any more, or only deleted text, the separators between notes, and
        diagrams that stand outside of the text."""
        for mark, note in self.footnotes.items():
            if mark not in self.placed:
                self.skip(OTHER_NOTES, note)
        for box in self.diagrams.values():
            self.skip(DIAGRAMS, box)

    def _note(self, note: etree._Element, place: Locator) -> None:
        lines = [line for line in map(self.paragraph, note.iter(_PARAGRAPH)) if line is not None and line.text]
        if lines:
            text = "\n".join(line.text for line in lines)
            self._add(Block(text, place, "note", added=sum(line.added for line in lines)), None)

    def _table_blocks(self, element: etree._Element, place: Locator) -> None:
        """A table's rows as blocks. `place` names the table, or (nested, boxed) the row or paragraph it stands in."""
        rows = docx_table.gather(element, self, DELETED)
        for row in docx_table.blocks(rows, place, self.saved_pages):
            for block in row.blocks:
                self._add(block, None)
            self._pictured(row.pictures, row.place)
            for box in row.boxes:
                self._box(box, row.place)
            self._marked(row.marks, row.place)
            for nested in row.nested:
                self._table_blocks(nested, row.place)

    def _add(self, block: Block, size: int | None) -> None:
        self.blocks.append(block)
        self.sizes.append(size)

    def _place(self, line: Line, paragraph: int) -> Locator:
        if self.saved_pages:
            return Locator(page=line.page or self.page, page_basis="saved", paragraph=paragraph)
        return Locator(paragraph=paragraph)

    def finished(self) -> Iterator[Block]:
        """The blocks, those in larger type than the body marked prominent."""
        usual: Counter[int] = Counter()
        for block, size in zip(self.blocks, self.sizes, strict=True):
            if size is not None and block.kind in ("paragraph", "item"):
                usual[size] += len(block.text)
        body = usual.most_common(1)[0][0] if usual else None
        for block, size in zip(self.blocks, self.sizes, strict=True):
            larger = body is not None and size is not None and size > body
            yield block.but(prominent=True) if larger and not block.prominent else block

    # ------------------------------------------------ paragraphs

    def paragraph(self, element: etree._Element) -> Line | None:
        """One paragraph's text with its printed number; None where it goes on in the next or is left out."""
        line, self.held = self.held or Line(), None
        ppr = _ppr(element)
        style = self.styles.paragraph(None if ppr is None else value(ppr, "pStyle"))
        goes_on = ppr is not None and _goes_on(element, ppr)
        prefix = None if goes_on else styles.automatic_number(ppr, style, self.numbers)
        listed = self._in_contents()
        self._inline(element, line, style.hidden)
        if goes_on:
            self.held = line
            return None
        if (style.contents and line.text) or ((listed or self._in_contents()) and _looks_like_entry(line)):
            self.skipped[CONTENTS] += weight(line.text) - line.added
            return replace(line, parts=[], added=0)
        if prefix is not None and (line.text or line.boxes):
            line.kind = "item"
            _print_number(prefix, line)
        return line

    def _in_contents(self) -> bool:
        """Whether a field that makes a table of contents is open."""
        return bool(self.fields) and any(code[0].lstrip().upper().startswith("TOC") for code in self.fields)

    # ------------------------------------------------ inline content

    def _inline(self, parent: etree._Element, line: Line, hidden: bool) -> None:
        for element in self.content(parent):
            tag = element.tag
            if tag == _RUN:
                self._run(element, line, hidden)
            elif tag == _M + "oMath" or tag == _M + "oMathPara":
                for text in element.iter(_M + "t", _TEXT):
                    self._text(text.text or "", line, hidden, None)

    def _run(self, run: etree._Element, line: Line, hidden: bool) -> None:
        rpr: etree._Element | None = None
        for element in run:
            tag = element.tag
            if tag == _TEXT:
                text = element.text
                if text:
                    self._text(text, line, hidden, rpr)
            elif tag == _RPR:
                rpr = element
                style = self.styles.get(value(rpr, "rStyle"))
                hidden = flag(rpr, "vanish", hidden or style.hidden)
            else:
                self._other(element, tag, line, hidden)

    def _text(self, text: str, line: Line, hidden: bool, rpr: etree._Element | None) -> None:
        if self.fields and len(self.fields[-1]) == 1:
            self.skipped[CODES] += weight(text)
        elif hidden:
            self.skipped[HIDDEN] += weight(text)
        else:
            if line.page is None and text.strip():
                line.page = self.page
                line.size = None if rpr is None else styles.number(value(rpr, "sz"), None)
            if rpr is not None and flag(rpr, "b", False):
                line.bold += len(text)
            line.parts.append(text)

    def _other(self, element: etree._Element, tag: object, line: Line, hidden: bool) -> None:
        """What may stand in a run besides text."""
        if tag == W + "tab" or tag == W + "ptab":
            line.parts.append(" ")
        elif tag in _BREAKS:
            line.parts.append("\n")
        elif tag == W + "lastRenderedPageBreak":
            self.page += 1
        elif tag == W + "noBreakHyphen":
            self._text("-", line, hidden, None)
        elif tag == W + "sym":
            self._text(symbol(element.get(W + "font") or "", element.get(W + "char") or ""), line, hidden, None)
        elif tag == W + "fldChar":
            self._field(element.get(W + "fldCharType"))
        elif tag == W + "instrText" or tag == W + "delInstrText":
            self.skipped[CODES] += weight(element.text or "")
            if self.fields and len(self.fields[-1]) == 1:
                self.fields[-1][0] += element.text or ""
        elif tag == W + "delText":
            self.skipped[DELETED] += weight(element.text or "")
        elif tag in _NOTE_MARKS:
            line.marks.append((_NOTE_MARKS[str(tag)], element.get(W + "id") or ""))
        elif tag in _GRAPHICS:
            self._graphic(element, line, hidden)
        elif tag == _ALTERNATE:
            for branch in self._branches(element):
                self._run(branch, line, hidden)
        elif tag == W + "ruby":
            self._ruby(element, line, hidden)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.append([""])
        elif kind == "separate" and self.fields:
            self.fields[-1] = [self.fields[-1][0], ""]
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _graphic(self, element: etree._Element, line: Line, hidden: bool) -> None:
        for child in self.content(element):
            if child.tag in _PICTURES:
                line.pictures += [key for key in (child.get(_EMBED), child.get(_IMAGE)) if key]
            box = child if child.tag == _BOX else self.diagrams.pop(docx_diagrams.key_of(child), None)
            if box is None:
                self._graphic(child, line, hidden)
            elif hidden:
                self.skip(HIDDEN, box)
            else:
                line.boxes.append(box)

    def _ruby(self, element: etree._Element, line: Line, hidden: bool) -> None:
        for child in element:
            if child.tag == W + "rubyBase":
                self._inline(child, line, hidden)
            elif child.tag == W + "rt":
                self.skip(RUBY, child)

    def _controlled(self, element: etree._Element) -> Iterable[etree._Element]:
        """What a content control holds; nothing while it still shows its prompt."""
        content = element.find(W + "sdtContent")
        if content is None:
            return ()
        properties = element.find(W + "sdtPr")
        if properties is not None and flag(properties, "showingPlcHdr", False):
            self.skip(PROMPTS, content)
            return ()
        children: Iterable[etree._Element] = content
        return children

    def _branches(self, alternate: etree._Element) -> Iterator[etree._Element]:
        """The one branch of AlternateContent that is read: the first that holds text, else the first."""
        branches = [b for b in alternate if b.tag in (_MC + "Choice", _MC + "Fallback")]
        if not branches:
            return
        chosen = next((b for b in branches if next(b.iter(_TEXT), None) is not None), branches[0])
        for branch in branches:
            if branch is not chosen:
                self.skip(COPIES, branch)
        yield chosen

    def skip(self, name: str, element: etree._Element) -> None:
        """Count an element's text as left out under this name."""
        size = _size(element)
        if size:
            self.skipped[name] += size


def _ppr(element: etree._Element) -> etree._Element | None:
    first = element[0] if len(element) else None
    return first if first is not None and first.tag == _PPR else element.find(_PPR)


def _goes_on(element: etree._Element, ppr: etree._Element) -> bool:
    """Whether the paragraph's end was deleted, so that the next one continues it."""
    rpr = ppr.find(_RPR)
    if rpr is None or rpr.find(W + "del") is None:
        return False
    after = element.getnext()
    return after is not None and after.tag == _PARAGRAPH


def _print_number(prefix: str, line: Line) -> None:
    if prefix:
        line.parts.insert(0, prefix + ("" if prefix[-1] in "、）】」．。：" else " "))
        line.added += weight(prefix)


def _looks_like_entry(line: Line) -> bool:
    return bool(line.text) and (line.text[-1].isdecimal() or len(line.text) <= 4)  # … 12, or the head: 目　录
