"""Damaged and hostile bytes: whatever is done to a file, reading it gives a value, never an exception."""

import random
import re
import zipfile
from io import BytesIO

import pytest

from pipeline.model import Document, Problem
from pipeline.read import NeedsOcr, read
from pipeline.settings import load_settings
from tests.read.docx_writer import docx, p, package, r, style, tbl, tc, tr

SETTINGS = load_settings()
_PIECE = re.compile(rb'</?w:[A-Za-z]+|w:val="[^"]*"|<w:[A-Za-z]+[^>]*/>|Target="[^"]*"')


def sample() -> bytes:
    """A document with a little of everything."""
    merged = tc("甲", properties='<w:vMerge w:val="restart"/><w:gridSpan w:val="2"/>')
    table = tbl(tr("指标", "时间", "内容"), tr(merged, "3月"), tr(tc(properties="<w:vMerge/>"), "4月", "党课"))
    numbered = p("条目", properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    body = p("一、概况", properties='<w:pStyle w:val="H"/>') + numbered + table
    body += p(f"<w:ins>{r('新增')}</w:ins>", '<w:r><w:footnoteReference w:id="2"/></w:r>', r("隐", "<w:vanish/>"))
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    styles = style("H", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>')
    return docx(body, styles=styles, numbering=numbering, footnotes=f'<w:footnote w:id="2">{p("注")}</w:footnote>')


def broken_bytes(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, perhaps the end cut off."""
    mutant = bytearray(data)
    for _ in range(dice.randint(1, 20)):
        mutant[dice.randrange(len(mutant))] = dice.randrange(256)
    return bytes(mutant[: dice.randrange(len(mutant))] if dice.random() < 0.3 else mutant)


def broken_xml(data: bytes, dice: random.Random) -> bytes:
    """A sound package whose XML has tags and values swapped, dropped or out of range."""
    archive = zipfile.ZipFile(BytesIO(data))
    members = {}
    for name in archive.namelist():
        content = archive.read(name)
        pieces = list(_PIECE.finditer(content))
        for _ in range(dice.randint(0, 4) if pieces else 0):
            one, other = dice.choice(pieces)[0], dice.choice(pieces)[0]
            put = dice.choice((other, b"", b'w:val="-99999999999"' if one.startswith(b"w:val") else other))
            content = content.replace(one, put, dice.choice((1, -1)))
        members[name] = content
    return package(members)


@pytest.mark.parametrize("seed", range(8))
def test_no_mutation_of_a_document_makes_the_reader_raise(seed: int) -> None:
    dice = random.Random(seed)
    whole = sample()
    for _ in range(40):
        mutant = dice.choice((broken_bytes, broken_xml))(whole, dice)
        result = read("坏.docx", "docx", mutant, SETTINGS)
        assert isinstance(result, Document | Problem | NeedsOcr)
        if isinstance(result, Document) and result.characters is not None:
            assert result.characters.file == result.characters.captured + sum(result.characters.skipped.values())


@pytest.mark.parametrize("kind", ["rtf", "txt"])
@pytest.mark.parametrize("seed", range(3))
def test_no_mutation_of_a_text_makes_the_reader_raise(kind: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", "/nowhere/soffice")
    dice = random.Random(seed)
    whole = rb"{\rtf1\ansi\ansicpg936\uc1\trowd\intbl \u20826?\cell\'b5\'b3\cell\row\pard{\*\x y}\par}" * 4
    for _ in range(60):
        result = read(f"坏.{kind}", kind, broken_bytes(whole, dice), SETTINGS)
        assert isinstance(result, Document | Problem)
