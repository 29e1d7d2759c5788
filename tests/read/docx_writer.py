"""Writes small DOCX files for the tests from their XML: every trap is spelled out where it is tested."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{_OFFICE}/relationships" xmlns:m="{_OFFICE}/math" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_PARTS = {
    "styles": "styles.xml",
    "numbering": "numbering.xml",
    "footnotes": "footnotes.xml",
    "endnotes": "endnotes.xml",
    "comments": "comments.xml",
    "header": "header1.xml",
    "footer": "footer1.xml",
}
_ROOTS = {"header": "hdr", "footer": "ftr"}


def t(text: str) -> str:
    """Text of a run."""
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>'


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{t(text)}</w:r>"


def p(*content: str, properties: str = "") -> str:
    """A paragraph of runs; a plain text becomes one."""
    runs = "".join(part if part.startswith("<") else r(part) for part in content)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{runs}</w:p>"


def tc(*content: str, properties: str = "") -> str:
    """A cell; a plain text becomes its paragraph."""
    inside = "".join(part if part.startswith("<") else p(part) for part in content) or "<w:p/>"
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row; a plain text becomes a cell."""
    inside = "".join(cell if cell.startswith("<") else tc(cell) if cell else tc() for cell in cells)
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inside}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    grid = '<w:gridCol w:w="2000"/>' * rows[0].count("<w:tc>")  # LibreOffice drops a table that has none
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def style(key: str, name: str, properties: str = "", kind: str = "paragraph", base: str = "") -> str:
    """A style; `properties` are whole w:pPr and w:rPr elements."""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{based}{properties}</w:style>'


def document(body: str) -> bytes:
    """The main part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document {NAMESPACES}><w:body>{body}</w:body></w:document>'.encode()
    )


def docx(body: str, extra: dict[str, bytes] | None = None, links: str = "", **parts: str) -> bytes:
    """A package: the body's XML, parts by kind (styles, numbering, footnotes, comments, header, footer …)."""
    members = {"word/document.xml": document(body)}
    relations = links
    for kind, content in parts.items():
        name = _PARTS[kind]
        root = _ROOTS.get(kind, kind)
        members[f"word/{name}"] = f"<w:{root} {NAMESPACES}>{content}</w:{root}>".encode()
        relations += f'<Relationship Id="r{kind}" Type="{_OFFICE}/relationships/{kind}" Target="{name}"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    members["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{space}">{relations}</Relationships>'.encode()
    members["_rels/.rels"] = (
        f'<Relationships xmlns="{space}"><Relationship Id="r1" Type="{_OFFICE}/relationships/officeDocument"'
        ' Target="word/document.xml"/></Relationships>'
    ).encode()
    members["[Content_Types].xml"] = _content_types(members)
    return package(members | (extra or {}))


def _content_types(members: dict[str, bytes]) -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    names = {f"word/{name}": kind for kind, name in _PARTS.items()} | {"word/document.xml": "document.main"}
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{main}.{kind}+xml"/>'
        for name, kind in names.items()
        if name in members
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    ).encode()


def package(members: dict[str, bytes]) -> bytes:
    """Members as a zip."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()
