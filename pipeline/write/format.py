"""The look of the Word documents: GB/T 9704-2012 from data/format.toml, a college's own figures over it.

The templates carry named styles (公文正文, 公文一级标题 …); this module writes fonts, sizes, spacings and margins into
those styles, and sees to it that every run names its East Asian font, so that quotes and dashes stay Chinese.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import UnusableTemplate
from pipeline.settings import data_text

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

Profile = dict[str, Any]
_TWIPS_PER_MM = 1440 / 25.4


def load_profile(override: Path | None) -> Profile:
    """The profile with the entries of a workspace's templates/format.toml over it; raises UnusableTemplate."""
    profile: Profile = tomllib.loads(data_text("format.toml"))
    return merged(profile, load_own(override, profile))


def load_own(override: Path | None, known: Profile) -> Profile:
    """Only what templates/format.toml itself says; an unknown entry or a wrong type is refused."""
    if override is None or not override.is_file():
        return {}
    try:
        own = tomllib.loads(override.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnusableTemplate(
            f"templates/format.toml 不是有效的版式文件（{error}）：请改正，或删去它用国标版式。"
        ) from error
    _checked(own, known, "")
    return own


def _checked(own: Mapping[str, Any], known: Mapping[str, Any], place: str) -> None:
    for name, value in own.items():
        where = f"{place}{name}"
        if name not in known and not (place.startswith("style.") and name in ("line", "latin")):
            raise UnusableTemplate(f"templates/format.toml 里的“{where}”不是已知的一项：请对照说明改正，或删去。")
        expected = known.get(name, "" if name == "latin" else 0.0)
        if isinstance(expected, dict):
            if not isinstance(value, dict):
                raise UnusableTemplate(f"templates/format.toml 里的“{where}”应当是一节（[{where}]）：请改正。")
            _checked(value, expected, where + ".")
        elif isinstance(expected, str) != isinstance(value, str) or isinstance(value, bool):
            raise UnusableTemplate(f"templates/format.toml 里“{where}”的值类型不对：字体用引号，尺寸用数字。")


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> Profile:
    """`over` laid over `base`, table by table."""
    out = dict(base)
    for name, value in over.items():
        out[name] = merged(out[name], value) if isinstance(value, dict) and isinstance(out.get(name), dict) else value
    return out


def apply_profile(document: "Document", profile: Mapping[str, Any], own: Mapping[str, Any] | None = None) -> None:
    """Writes the profile into the styles and page set-up.

    With `own` given (a college's template) only the entries that the college's own format file names are written:
    what its template looks like otherwise is its own affair.
    """
    wanted = profile if own is None else own
    styles = {style.name: style.element for style in document.styles}
    for name, look in wanted.get("style", {}).items():
        if name in styles:
            _style(styles[name], look, wanted.get("text", {}))
    if own is not None and "text" in own:
        for name in sorted(set(profile["style"]) - set(wanted.get("style", {}))):
            if name in styles:
                _style(styles[name], {}, own["text"])
    if "page" in wanted:
        for section in document.sections:
            _page(section, wanted["page"])


def _style(style: "BaseOxmlElement", look: Mapping[str, Any], text: Mapping[str, Any]) -> None:
    from docx.oxml.ns import qn

    run = style.get_or_add_rPr()
    fonts = run.get_or_add_rFonts()
    latin = look.get("latin", text.get("latin"))
    if latin:
        for attribute in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(attribute), latin)
    if "font" in look:
        fonts.set(qn("w:eastAsia"), look["font"])
    if "size" in look:
        size = run.get_or_add_sz()
        size.set(qn("w:val"), str(round(look["size"] * 2)))
        complex_size = run.find(qn("w:szCs"))
        if complex_size is None:
            complex_size = size.makeelement(qn("w:szCs"))
            size.addnext(complex_size)
        complex_size.set(qn("w:val"), str(round(look["size"] * 2)))
    line = look.get("line", text.get("line"))
    if line:
        spacing = style.get_or_add_pPr().get_or_add_spacing()
        spacing.set(qn("w:line"), str(round(line * 20)))
        spacing.set(qn("w:lineRule"), "exact")


def _page(section: Any, page: Mapping[str, float]) -> None:
    from docx.shared import Twips

    def twips(mm: float) -> Any:
        return Twips(round(mm * _TWIPS_PER_MM))

    wide = (
        section.page_width is not None and section.page_height is not None and section.page_width > section.page_height
    )
    for side in ("top", "bottom", "left", "right"):
        length = page.get("table_margin") if wide else page.get(side)
        if length is not None:
            setattr(section, f"{side}_margin", twips(length))
    if "footer" in page:
        section.footer_distance = twips(
            min(page["footer"], page.get("table_margin", page["footer"]) / 2 if wide else page["footer"])
        )


def fit_columns(document: "Document") -> None:
    """Tables without a width of their own fill the text area: a broad first column, the rest alike."""
    from docx.oxml.ns import qn

    section = document.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for table in document.tables:
        width = table._tbl.tblPr.find(qn("w:tblW"))
        if width is None or width.get(qn("w:type")) != "auto":
            continue
        total, count = round(room / 635), len(table.columns)  # 635 EMU are a twip
        first = total if count < 2 else max(total // 4, total // count)
        widths = [first, *([(total - first) // (count - 1)] * (count - 1) if count > 1 else [])]
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(sum(widths)))
        table.autofit = False
        for column, twips in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=False):
            column.set(qn("w:w"), str(twips))
        for row in table._tbl.tr_lst:
            for cell, twips in zip(row.tc_lst, widths, strict=False):
                measure = cell.get_or_add_tcPr().get_or_add_tcW()
                measure.set(qn("w:w"), str(twips))
                measure.set(qn("w:type"), "dxa")


def settle_fonts(document: "Document") -> None:
    """Every run names its East Asian font and asks for it (`w:hint`), in the body and the footers.

    Without the hint Word takes “ ” — … from the Latin font. The font is what the run's styles resolve to.
    """
    from docx.oxml.ns import qn

    resolved = _Resolved(document)
    for root in _stories(document):
        for paragraph in root.iter(qn("w:p")):
            props = paragraph.find(qn("w:pPr"))
            look = props.find(qn("w:pStyle")) if props is not None else None
            ident = look.get(qn("w:val")) if look is not None else None
            for run in paragraph.iter(qn("w:r")):
                fonts = _fonts_of(run)
                if fonts.get(qn("w:eastAsia")) is None:
                    fonts.set(qn("w:eastAsia"), resolved.font(ident))
                fonts.set(qn("w:hint"), "eastAsia")


def _fonts_of(run: Any) -> Any:
    """The run's w:rFonts, made where it has none: after its style, before everything else."""
    from docx.oxml.ns import qn

    look = run.find(qn("w:rPr"))
    if look is None:
        look = run.makeelement(qn("w:rPr"))
        run.insert(0, look)
    fonts = look.find(qn("w:rFonts"))
    if fonts is None:
        fonts = look.makeelement(qn("w:rFonts"))
        look.insert(1 if len(look) and look[0].tag == qn("w:rStyle") else 0, fonts)
    return fonts


def _stories(document: "Document") -> Iterator[Any]:
    yield document.element.body
    for section in document.sections:
        for footer in (section.footer, section.even_page_footer):
            if not footer.is_linked_to_previous:
                yield footer._element


class _Resolved:
    """The East Asian font that a paragraph style leads to."""

    def __init__(self, document: "Document") -> None:
        self._styles = {style.style_id: style.element for style in document.styles}
        self._default = "仿宋"
        self._known: dict[str | None, str] = {}
        from docx.oxml.ns import qn

        for fonts in document.styles.element.iterfind(f"{qn('w:docDefaults')}//{qn('w:rFonts')}"):
            self._default = fonts.get(qn("w:eastAsia")) or self._default

    def font(self, ident: str | None) -> str:
        if ident not in self._known:
            self._known[ident] = self._look_up(ident)
        return self._known[ident]

    def _look_up(self, ident: str | None) -> str:
        from docx.oxml.ns import qn

        seen: set[str] = set()
        while ident is not None and ident in self._styles and ident not in seen:
            seen.add(ident)
            element = self._styles[ident]
            for fonts in element.iterfind(f"{qn('w:rPr')}/{qn('w:rFonts')}"):
                name = fonts.get(qn("w:eastAsia"))
                if name:
                    return str(name)
            based = element.find(qn("w:basedOn"))
            ident = based.get(qn("w:val")) if based is not None else None
        return self._default
