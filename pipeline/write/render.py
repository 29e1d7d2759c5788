"""Fills a template: strict, sandboxed, escaped, and the same bytes every time.

A field that the context lacks is an error with its name; a department's `{{` or `<` is printed as text; control
characters are gone before (`quote.clean`). Marks become Word's own (`marks.settle`), fonts and margins follow the profile.
"""

import io
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.errors import UnusableTemplate
from pipeline.model import Edition
from pipeline.write import anchors
from pipeline.write import format as looks
from pipeline.write import marks as marking
from pipeline.write.chart import Chart, place_charts
from pipeline.write.package import repack
from pipeline.write.templates import Template, Templates


def environment() -> SandboxedEnvironment:
    """Jinja as the templates get it: no access to Python's insides, no silent blanks, everything escaped."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def render(
    templates: Templates,
    name: str,
    context: Mapping[str, Any],
    edition: Edition,
    owner: str,
    marks: marking.Marks | None = None,
    properties: Mapping[str, str] | None = None,
    charts: tuple[Chart, ...] = (),
) -> bytes:
    """One document. `owner` is the department (or school) named in its properties; raises UnusableTemplate."""
    template = templates.get(name)
    document = _filled(template, context)
    looks.apply_profile(document, templates.profile, templates.college if template.own else None)
    marking.settle(document, marks or marking.Marks(), edition.stamp)
    _merge_cells(document)
    looks.fit_columns(document)
    place_charts(document, charts)
    looks.settle_fonts(document)
    printed = anchors.skeleton(document.element.body, _comments(document)) if marks is not None and marks.keep else {}
    buffer = io.BytesIO()
    document.save(buffer)
    named = {"单位": owner, "年度": str(edition.year), "运行": edition.run, "程序版本": edition.version}
    title = f"{owner}{edition.year}{name.removesuffix('.docx')}"
    return repack(buffer.getvalue(), edition.stamp, title, {**named, **(properties or {}), **printed})


def _comments(document: Any) -> list[anchors.Remark]:
    """The comments of a document; asking python-docx for them would give every document an empty part."""
    parts = [r.target_part for r in document.part.rels.values() if r.reltype.endswith("/comments")]
    return [remark for part in parts for remark in anchors.remarks(part.element).values()]


def _filled(template: Template, context: Mapping[str, Any]) -> Any:
    from docxtpl import DocxTemplate

    document = DocxTemplate(io.BytesIO(template.data))
    try:
        document.render(dict(context), jinja_env=environment(), autoescape=True)
    except TemplateError as error:
        where = re.sub(r"\s+", " ", str(error.message or error))
        raise UnusableTemplate(
            f"模板“{template.name}”填不进内容（{where}）：请用 template check 查出位置，对照字段表改正。"
        ) from error
    return document.docx


def _merge_cells(document: Any) -> None:
    """A cell that holds nothing but the merge mark joins the cell above it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for table in document.element.body.iter(qn("w:tbl")):
        above: list[Any] = []
        for row in table.findall(qn("w:tr")):
            cells = row.findall(qn("w:tc"))
            for cell, over in zip(cells, above, strict=False):
                texts = list(cell.iter(qn("w:t")))
                if "".join(t.text or "" for t in texts) == marking.MERGE:
                    for text in texts:
                        text.text = ""
                    _set_merge(over, "restart", OxmlElement, qn)
                    _set_merge(cell, "continue", OxmlElement, qn)
            above = cells


def _set_merge(cell: Any, value: str, make: Any, qn: Any) -> None:
    props = cell.get_or_add_tcPr()
    if props.find(qn("w:vMerge")) is None:
        merge = make("w:vMerge")
        merge.set(qn("w:val"), value)
        before = props.find(qn("w:gridSpan"))
        anchor = before if before is not None else props.find(qn("w:tcW"))
        if anchor is not None:
            anchor.addnext(merge)
        else:
            props.insert(0, merge)
