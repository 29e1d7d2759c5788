"""SmartArt and charts in a Word file: parts of their own beside the text.

What a diagram says (an organisation chart, the steps of a procedure) is text, read where the diagram stands. A chart's
title and labels are left out by name: its figures are in the text, or in a table, where they count.
"""

from typing import Any

from lxml import etree

from pipeline.ooxml.numbering import W
from pipeline.text import weight

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"


def key_of(element: etree._Element) -> str:
    """The relationship by which a drawing names its diagram's text; '' for other elements."""
    return element.get(_DATA) or "" if element.tag == _DGM + "relIds" else ""


def text_box(data: etree._Element) -> etree._Element:
    """The words of a diagram as a text box of one paragraph, a line for each of its shapes."""
    box: etree._Element = etree.Element(W + "txbxContent")
    run = etree.SubElement(etree.SubElement(box, W + "p"), W + "r")
    for shape in data.iter(_DGM + "t"):
        words = "".join(part.text or "" for part in shape.iter(_A + "t"))
        if words.strip():
            if len(run):
                etree.SubElement(run, W + "br")
            etree.SubElement(run, W + "t").text = words
    return box


def chart_size(chart: Any) -> int:
    """The characters of a chart's title, its series' and its categories' names."""
    words = [element.text or "" for element in chart.iter(_A + "t")]
    words += [value.text or "" for cache in chart.iter("{*}strCache") for value in cache.iter("{*}v")]
    return weight("".join(words))
