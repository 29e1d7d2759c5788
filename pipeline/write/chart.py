"""A bar chart as Word's own: sharp at any size, its labels in whatever Chinese font the reader's machine has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from pipeline.write.marks import CHART

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_EMU_PER_MM = 36_000
COLOURS = ("9B1C1F", "C9653A", "D9A441", "6B7F5B", "3F5E77", "7A6A8C", "A08C7D", "4C4C4C")


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars: one group a category, one bar a series; values in per cent, None where undecided."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    width_mm: float = 150.0

    @property
    def height_mm(self) -> float:
        """Room for every bar, one page at most."""
        return min(200.0, 30.0 + max(1, len(self.categories)) * (3.0 + 2.0 * len(self.series)))


def token(number: int) -> str:
    """The text that stands in the template's paragraph for the chart of that number."""
    return f"{CHART}{number}"


def place_charts(document: Any, charts: Sequence[Chart]) -> None:
    """Puts each chart into the run that holds its token."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    for text in list(document.element.body.iter(qn("w:t"))):
        match = re.fullmatch(f"{CHART}(\\d+)", text.text or "")
        if match is None:
            continue
        number = int(match[1])
        uri = PackURI(f"/word/charts/chart{number + 1}.xml")
        part = Part(uri, _TYPE, chart_xml(charts[number]).encode(), document.part.package)
        relation = document.part.relate_to(part, f"{_R}/chart")
        text.getparent().replace(text, parse_xml(_drawing(charts[number], number + 1, relation)))


def _drawing(chart: Chart, number: int, relation: str) -> str:
    size = f'cx="{round(chart.width_mm * _EMU_PER_MM)}" cy="{round(chart.height_mm * _EMU_PER_MM)}"'
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{9000 + number}" name="图{number}" descr="{escape(chart.title)}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_A}"><a:graphicData uri="{_C}"><c:chart xmlns:c="{_C}" xmlns:r="{_R}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def chart_xml(chart: Chart) -> str:
    """The chart part; its figures stand in it, no workbook is embedded."""
    series = "".join(_series(n, name, values, chart.categories) for n, (name, values) in enumerate(chart.series))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace xmlns:c="{_C}" xmlns:a="{_A}" xmlns:r="{_R}">'
        f'<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr>{_look(1200, "defRPr")}</a:pPr>'
        f'<a:r>{_look(1200, "rPr")}<a:t>{escape(chart.title)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>'
        '<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/>'
        f'<c:varyColors val="0"/>{series}<c:gapWidth val="60"/><c:axId val="1001"/><c:axId val="1002"/></c:barChart>'
        '<c:catAx><c:axId val="1001"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
        f'<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>{_text(900)}<c:crossAx val="1002"/>'
        '<c:crosses val="autoZero"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="1"/></c:catAx>'
        '<c:valAx><c:axId val="1002"/><c:scaling><c:orientation val="minMax"/><c:max val="100"/><c:min val="0"/></c:scaling>'
        '<c:delete val="0"/><c:axPos val="b"/><c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D9D9D9"/>'
        "</a:solidFill></a:ln></c:spPr></c:majorGridlines>"
        '<c:numFmt formatCode="0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/>{_text(900)}'
        '<c:crossAx val="1001"/><c:crosses val="max"/><c:crossBetween val="between"/><c:majorUnit val="20"/></c:valAx></c:plotArea>'
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text(900)}</c:legend><c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def _series(number: int, name: str, values: Sequence[float | None], categories: Sequence[str]) -> str:
    colour = COLOURS[number % len(COLOURS)]
    labels = "".join(f'<c:pt idx="{i}"><c:v>{escape(c)}</c:v></c:pt>' for i, c in enumerate(categories))
    points = "".join(f'<c:pt idx="{i}"><c:v>{v:g}</c:v></c:pt>' for i, v in enumerate(values) if v is not None)
    return (
        f'<c:ser><c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>数据!{_cell(number + 1, 0)}</c:f><c:strCache>'
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
        f"<c:cat><c:strRef><c:f>数据!{_cell(0, 1)}:{_cell(0, len(categories))}</c:f><c:strCache>"
        f'<c:ptCount val="{len(categories)}"/>{labels}</c:strCache></c:strRef></c:cat>'
        f"<c:val><c:numRef><c:f>数据!{_cell(number + 1, 1)}:{_cell(number + 1, len(categories))}</c:f><c:numCache><c:formatCode>0.0</c:formatCode>"
        f'<c:ptCount val="{len(categories)}"/>{points}</c:numCache></c:numRef></c:val></c:ser>'
    )


def _cell(column: int, row: int) -> str:
    return f"${chr(65 + column)}${row + 1}"


def _look(size: int, tag: str) -> str:
    return f'<a:{tag} lang="zh-CN" sz="{size}" b="0"><a:latin typeface="宋体"/><a:ea typeface="宋体"/></a:{tag}>'


def _text(size: int) -> str:
    return f'<c:txPr><a:bodyPr/><a:p><a:pPr>{_look(size, "defRPr")}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
