"""Writes workbooks for the tests part by part, so that every trap is spelled out where it is tested."""

import zipfile
from collections.abc import Mapping
from io import BytesIO

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    MAIN: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    RELATIONS: "http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def cell(reference: str, text: str, style: int = 0) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def number(reference: str, value: object, style: int = 0) -> str:
    """A cell with a number."""
    return f'<c r="{reference}" s="{style}"><v>{value}</v></c>'


def row(at: int, *values: object, attributes: str = "", styles: tuple[int, ...] = ()) -> str:
    """A row of texts and numbers from column A; None leaves a cell out, `<…>` stands as it is."""
    cells = []
    for i, value in enumerate(values):
        reference, style = f"{chr(65 + i)}{at}", styles[i] if i < len(styles) else 0
        if isinstance(value, str) and value.startswith("<"):
            cells.append(value)
        elif isinstance(value, str):
            cells.append(cell(reference, value, style))
        elif value is not None:
            cells.append(number(reference, value, style))
    return f'<row r="{at}" {attributes}>{"".join(cells)}</row>'


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """A worksheet of rows; `before` and `after` stand around sheetData."""
    return f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def styles(*codes: str) -> str:
    """Styles 0 (General), then one for each format code, then a bold one."""
    formats = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{200 + i}" fontId="0"/>' for i in range(len(codes)))
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><fonts><font/><font><b/></font></fonts>'
        f'<cellXfs><xf numFmtId="0" fontId="0"/>{used}<xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>'
    )


def relations(entries: dict[str, tuple[str, str]]) -> str:
    """A .rels part: id to (type's last word, target)."""
    inner = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in entries.items()
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def book(
    sheets: Mapping[str, str],
    parts: Mapping[str, str | bytes] | None = None,
    states: Mapping[str, str] | None = None,
    mac: bool = False,
) -> bytes:
    """A workbook of named sheets; `parts` adds or replaces parts, `states` hides sheets."""
    names = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}" state="{(states or {}).get(name, "visible")}"/>'
        for i, name in enumerate(names, 1)
    )
    properties = '<workbookPr date1904="1"/>' if mac else ""
    entries = {f"rId{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(names) + 1)}
    entries |= {"rS": ("styles", "styles.xml"), "rT": ("sharedStrings", "sharedStrings.xml")}
    made: dict[str, str | bytes] = {
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{properties}<sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(entries),
        **{f"xl/worksheets/sheet{i}.xml": sheets[name] for i, name in enumerate(names, 1)},
        **(parts or {}),
    }
    return package(made)


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def strict(data: bytes) -> bytes:
    """The same workbook with the namespaces of ISO 29500 strict."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            for transitional, replacement in STRICT.items():
                text = text.replace(transitional, replacement)
            new.writestr(name, text)
    return out.getvalue()
