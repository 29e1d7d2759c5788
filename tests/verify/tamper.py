"""One small lie at a time: single characters, figures, lines and places altered in finished Word and Excel files.

What is altered is chosen by dice, not by knowing what the proof looks at: every visible text of the package counts,
whichever part it stands in. Each alteration knows how to recognise that it was named.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree
from openpyxl.utils.cell import rows_from_range

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HAN = "不未无全半大小上下左右甲乙丙丁前后多少"
_NUMBER_CELL = re.compile(r"[\d.%+-]+")


@dataclass(frozen=True, slots=True)
class Lie:
    """One alteration. `kind`: where it stands and what it is; `old` and `new`: the line or cell before and after.

    `places`: how a cell and its row are called.
    """

    kind: str
    old: str
    new: str
    places: tuple[str, ...] = ()

    def is_named(self, found: Iterable[Mapping[str, Any]]) -> bool:
        """Whether one of a document's failures speaks of it: by its words, or by those that should stand there."""
        words = [_bare(text) for text in (self.new, self.old) if _bare(text)]
        for failure in found:
            if self.places:
                if failure["place"] in self.places:
                    return True
                continue
            for told in (_bare(str(failure["text"])), _bare(str(failure["nearest"]))):
                if any(told == w or (len(told) > 5 and told in w) or (len(w) > 5 and w in told) for w in words):
                    return True
        return False


def _bare(text: str) -> str:
    return re.sub(r"\s|\|", "", text)


# ---------------------------------------------------------------- what is done to a text


def _digit(text: str, dice: random.Random) -> str | None:
    at = [m.start() for m in re.finditer(r"\d", text)]
    if not at:
        return None
    place = dice.choice(at)
    return text[:place] + dice.choice([d for d in "0123456789" if d != text[place]]) + text[place + 1 :]


def _sign(text: str, dice: random.Random) -> str | None:
    at = [m.start() for m in re.finditer(r"[一-鿿]", text)]
    if not at:
        return None
    place = dice.choice(at)
    return text[:place] + dice.choice([c for c in _HAN if c != text[place]]) + text[place + 1 :]


def _dropped(text: str, dice: random.Random) -> str | None:
    at = [m.start() for m in re.finditer(r"[一-鿿\d]", text)]
    if len(at) < 2:
        return None
    place = dice.choice(at)
    return text[:place] + text[place + 1 :]


def _added(text: str, dice: random.Random) -> str | None:
    at = [m.start() for m in re.finditer(r"[一-鿿]", text)]
    if not at:
        return None
    place = dice.choice(at)
    return text[:place] + dice.choice("不未非0") + text[place:]


def _mark(text: str, dice: random.Random) -> str | None:
    at = [m.start() for m in re.finditer(r"[，。；、：（）]", text)]
    if not at:
        return None
    place = dice.choice(at)
    return text[:place] + dice.choice([c for c in "，。；、" if c != text[place]] + [""]) + text[place + 1 :]


EDITS: dict[str, Callable[[str, random.Random], str | None]] = {
    "digit": _digit,
    "character": _sign,
    "dropped": _dropped,
    "added": _added,
    "punctuation": _mark,
}


# ---------------------------------------------------------------- Word


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _bytes(root: Any) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def word_lies(data: bytes, dice: random.Random, count: int) -> tuple[bytes, list[Lie]]:
    """Up to `count` alterations of single texts, each in a paragraph or row of its own."""
    parts = _parts(data)
    roots = {
        name: etree.fromstring(part)
        for name, part in parts.items()
        if name.startswith("word/") and name.endswith(".xml") and _visible(name)
    }
    texts = [(name, node) for name, root in roots.items() for node in root.iter(f"{W}t", f"{A}t", f"{C}v") if node.text]
    texts = [(name, node) for name, node in texts if not _of_a_field(node)]
    kinds: dict[str, list[Any]] = {}
    for name, node in texts:
        kinds.setdefault(_region(name, node), []).append(node)
    lies: list[Lie] = []
    touched: set[Any] = set()
    for _ in range(count * 4):
        region = dice.choice(sorted(kinds))
        node = dice.choice(kinds[region])
        edit = dice.choice(sorted(EDITS))
        line = _line(node)
        new = EDITS[edit](node.text, dice)
        if new is None or line in touched or len(lies) >= count:
            continue
        touched.add(line)
        old = _said(line)
        node.text = new
        lies.append(Lie(f"{region}: {edit}", old, _said(line)))
    return _packed(parts | {name: _bytes(root) for name, root in roots.items()}), lies


def _visible(name: str) -> bool:
    return (
        re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments|charts/chart\d*)\.xml", name)
        is not None
    )


def _of_a_field(node: Any) -> bool:
    """A page number is what the printer says, not what the document says."""
    paragraph = next(node.iterancestors(f"{W}p"), None)
    return paragraph is not None and paragraph.find(f".//{W}instrText") is not None


def _region(name: str, node: Any) -> str:
    if "chart" in name:
        return "chart"
    if "document" not in name:
        return re.sub(r"word/|\d*\.xml", "", name)
    paragraph = next(node.iterancestors(f"{W}p"))
    if next(node.iterancestors(f"{W}tc"), None) is not None:
        return "score or count in a cell" if _NUMBER_CELL.fullmatch(_said(paragraph)) else "table cell"
    text = _said(paragraph)
    place = text.find(node.text)
    if re.fullmatch(r"〔[^〔〕]*〕?|[\d、-]+|〕", node.text) or _in_bracket(text, place):
        return "citation"
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    if style is not None and "题" in style.get(f"{W}val", ""):
        return "title or heading"
    return "quotation" if "〔" in text else "sentence"


def _in_bracket(text: str, place: int) -> bool:
    return text.rfind("〔", 0, place + 1) > text.rfind("〕", 0, place + 1)


def _line(node: Any) -> Any:
    for tag in (f"{W}tr", f"{W}p", f"{C}ser"):
        found = next(node.iterancestors(tag), None)
        if found is not None:
            return found
    return node


def _said(line: Any) -> str:
    if line.tag in (f"{A}t", f"{C}v"):
        return line.text or ""
    return "".join(node.text or "" for node in line.iter(f"{W}t", f"{C}v"))


LINES = ("gone", "twice", "elsewhere", "struck", "hidden", "row gone", "rows exchanged")


def line_lies(data: bytes, dice: random.Random, what: str = "") -> tuple[bytes, list[Lie]]:
    """One line taken out, said twice, put elsewhere, struck through or hidden; `what` is one of LINES, else by dice."""
    parts = _parts(data)
    root = etree.fromstring(parts["word/document.xml"])
    body = root.find(f"{W}body")
    rows = [r for r in body.iter(f"{W}tr") if _said(r).strip()]
    lines = [p for p in body.iter(f"{W}p") if _said(p).strip() and next(p.iterancestors(f"{W}tc"), None) is None]
    lines = [p for p in lines if _said(p) and sum(_said(q) == _said(p) for q in lines) == 1]
    what = what or dice.choice(LINES)
    pool = rows if what.startswith("row") else lines
    if len(pool) < 3:
        return data, []
    one, other = dice.sample(pool, 2)
    said = _said(one)
    if what in ("gone", "row gone"):
        one.getparent().remove(one)
    elif what == "twice":
        other.addnext(etree.fromstring(etree.tostring(one)))
    elif what == "elsewhere":
        if abs(pool.index(one) - pool.index(other)) < 2:
            return data, []
        other.addnext(one)
    elif what == "rows exchanged":
        if _said(one) == _said(other):
            return data, []
        mine, theirs = (etree.tostring(r) for r in (one, other))
        one.getparent().replace(one, etree.fromstring(theirs))
        other.getparent().replace(other, etree.fromstring(mine))
    else:
        for run in one.iter(f"{W}r"):
            look = run.find(f"{W}rPr")
            if look is None:
                look = etree.Element(f"{W}rPr")
                run.insert(0, look)
            look.append(etree.Element(f"{W}strike" if what == "struck" else f"{W}vanish"))
    return _packed(parts | {"word/document.xml": _bytes(root)}), [Lie(f"line {what}", said, said)]


# ---------------------------------------------------------------- Excel


def sheet_lies(data: bytes, dice: random.Random, count: int) -> tuple[bytes, list[Lie]]:
    """Up to `count` altered cells: texts, figures, what a formula shows, formulas; and a footer."""
    parts = _parts(data)
    strings = [_joined(si) for si in etree.fromstring(parts["xl/sharedStrings.xml"])]
    roots = {n: etree.fromstring(p) for n, p in parts.items() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)}
    titles = [sheet.get("name") for sheet in etree.fromstring(parts["xl/workbook.xml"]).iter(f"{S}sheet")]
    covered = {n: _covered(root) for n, root in roots.items()}
    cells = [(n, c) for n, root in roots.items() for c in root.iter(f"{S}c") if len(c) and c.get("r") not in covered[n]]
    lies: list[Lie] = []
    for name, cell in dice.sample(cells, min(len(cells), count * 3)):
        if len(lies) >= count:
            break
        lie = _cell_lie(cell, strings, dice)
        if lie is not None:
            title, where = titles[int(re.sub(r"\D", "", name)) - 1], cell.get("r")
            row = re.sub(r"\D", "", where)
            lies.append(replace(lie, places=(f"“{title}”{where}", f"“{title}”第{row}行")))
    footers = [f for root in roots.values() for f in root.iter(f"{S}oddFooter") if f.text]
    if footers:
        footer = dice.choice(footers)
        new = _sign(footer.text, dice)
        if new is not None:
            lies.append(Lie("footer of a sheet: character", footer.text, new))
            footer.text = new
    return _packed(parts | {name: _bytes(root) for name, root in roots.items()}), lies


def _covered(sheet: Any) -> set[str]:
    """Cells under a merged one: nobody sees what they hold."""
    found: set[str] = set()
    for node in sheet.iter(f"{S}mergeCell"):
        corner, *others = [cell for row in rows_from_range(node.get("ref")) for cell in row]
        found |= set(others) - {corner}
    return found


def _joined(node: Any) -> str:
    return "".join(t.text or "" for t in node.iter(f"{S}t"))


def _cell_lie(cell: Any, strings: list[str], dice: random.Random) -> Lie | None:
    formula, value = cell.find(f"{S}f"), cell.find(f"{S}v")
    edit = dice.choice(sorted(EDITS))
    if formula is not None:
        node = dice.choice([n for n in (formula, value) if n is not None and n.text] or [formula])
        new = _digit(node.text or "", dice)
        if new is None:
            return None
        lie = Lie("what a formula shows" if node is value else "formula", node.text, new)
        node.text = new
        return lie
    if cell.get("t") == "s":
        old = strings[int(value.text)]
        new = EDITS[edit](old, dice)
        if new is None:
            return None
        for child in list(cell):
            cell.remove(child)
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{S}is"), f"{S}t").text = new
        return Lie(f"text in a cell: {edit}", old, new)
    if value is None or not value.text:
        return None
    new = _digit(value.text, dice)
    if new is None or round(float(new), 4) == round(float(value.text), 4):
        return None  # none that any format shows
    lie = Lie("figure in a cell", f"{float(value.text):g}", f"{float(new):g}")
    value.text = new
    return lie
