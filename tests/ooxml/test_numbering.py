"""Automatic numbers come out as Word prints them."""

import pytest

from pipeline.model import Document
from pipeline.ooxml.numbering import in_format
from pipeline.read import read
from pipeline.settings import load_settings
from tests.read.docx_writer import docx, p, style

SETTINGS = load_settings()


def level(index: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def lists(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{nums}'


def item(text: str, index: int = 0, num: int = 1) -> str:
    return p(text, properties=f'<w:numPr><w:ilvl w:val="{index}"/><w:numId w:val="{num}"/></w:numPr>')


def printed(body: str, numbering: str, styles: str = "") -> list[str]:
    document = read("材料.docx", "docx", docx(body, numbering=numbering, styles=styles), SETTINGS)
    assert isinstance(document, Document)
    assert document.characters is not None
    assert document.characters.file == document.characters.captured
    return [passage.text for passage in document.passages]


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        ("decimal", 12, "12"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("chineseCounting", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographDigital", 10, "一〇"),
        ("ideographTraditional", 2, "乙"),
        ("decimalEnclosedCircle", 3, "③"),
        ("japaneseCounting", 3, "三"),
        ("an unknown one", 4, "4"),
    ],
)
def test_formats(form: str, value: int, expected: str) -> None:
    assert in_format(value, form) == expected


def test_chinese_official_levels_restart_under_each_heading() -> None:
    numbering = lists(
        level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3.")
    )
    body = item("甲") + item("乙", 1) + item("丙", 2) + item("丁", 1) + item("戊") + item("己", 1)
    assert printed(body, numbering) == ["一、甲", "（一）乙", "1. 丙", "（二）丁", "二、戊", "（一）己"]


def test_a_level_that_never_restarts_counts_on() -> None:
    numbering = lists(level(0, "decimal", "第%1章"), level(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>'))
    body = item("总则", 0) + item("目的", 1) + item("细则", 0) + item("实施", 1)
    assert printed(body, numbering) == ["第1章 总则", "第1条 目的", "第2章 细则", "第2条 实施"]


def test_a_start_override_begins_anew_once() -> None:
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    numbering = lists(level(0, "decimal", "%1)"), nums=nums)
    body = item("甲") + item("乙") + item("丙", num=2) + item("丁", num=2) + item("戊", num=1)
    assert printed(body, numbering) == ["1) 甲", "2) 乙", "5) 丙", "6) 丁", "7) 戊"]


def test_legal_numbering_prints_upper_levels_as_digits() -> None:
    numbering = lists(level(0, "chineseCounting", "%1、"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert printed(item("甲") + item("乙", 1), numbering) == ["一、甲", "1.1 乙"]


def test_a_style_may_number_its_paragraphs() -> None:
    styles = style("Clause", "条款", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    numbering = lists(level(0, "chineseCounting", "第%1条", '<w:pStyle w:val="Clause"/>'))
    clause = '<w:pStyle w:val="Clause"/>'
    off = '<w:pStyle w:val="Clause"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = p("甲。", properties=clause) + p("无号。", properties=off) + p("乙。", properties=clause)
    assert printed(body, numbering, styles) == ["第一条 甲。", "无号。", "第二条 乙。"]


def test_bullets_print_a_bullet_and_private_glyphs_do_not_leak() -> None:
    numbering = lists(level(0, "bullet", "\uf0b7"), level(1, "bullet", "◆"))
    assert printed(item("甲") + item("乙", 1), numbering) == ["• 甲", "◆ 乙"]


def test_a_list_that_is_not_defined_prints_nothing() -> None:
    assert printed(item("甲", num=9), lists(level(0, "decimal", "%1."))) == ["甲"]
