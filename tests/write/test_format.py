"""GB/T 9704-2012: what the documents promise a printer, and how a college changes it."""

import io
import re
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.errors import UnusableTemplate
from tests.write.making import documents, dossier, doubtful, evidence, summary, templates

TEXT = "党总支召开会议传达上级决议，研究确定“一支部一品牌”——落实措施12项……"


def look(data: bytes, style: str) -> tuple[str, str, str | None]:
    """East Asian font, size in half-points and exact line of a named style."""
    document = Document(io.BytesIO(data))
    element = next(s.element for s in document.styles if s.name == style)
    spacing = element.pPr.find(qn("w:spacing")) if element.pPr is not None else None
    fonts, size = element.rPr.find(qn("w:rFonts")), element.rPr.find(qn("w:sz"))
    return fonts.get(qn("w:eastAsia")), size.get(qn("w:val")), None if spacing is None else spacing.get(qn("w:line"))


def test_levels_have_the_fonts_of_the_standard() -> None:
    data = summary(dossier())
    assert look(data, "公文标题")[:2] == ("方正小标宋简体", "44")
    assert look(data, "公文一级标题") == ("黑体", "32", "579")
    assert look(data, "公文二级标题") == ("楷体", "32", "579")
    assert look(data, "公文正文") == ("仿宋", "32", "579")
    assert look(data, "公文页码")[:2] == ("宋体", "28")


def test_every_run_names_its_east_asian_font() -> None:
    for name, data in documents(dossier([evidence(1, TEXT), doubtful(2, TEXT)])).items():
        body = Document(io.BytesIO(data)).element.body
        for run in body.iter(qn("w:r")):
            fonts = run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
            assert fonts is not None, name
            assert fonts.get(qn("w:eastAsia")), name
            assert fonts.get(qn("w:hint")) == "eastAsia", name


def test_a_colleges_format_file_changes_single_entries(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "format.toml").write_text(
        '[page]\nleft = 27.0\n[style."公文正文"]\nfont = "仿宋_GB2312"\nline = 28.0\n'
    )
    data = summary(dossier(), using=templates(tmp_path))
    assert look(data, "公文正文") == ("仿宋_GB2312", "32", "560")
    assert look(data, "公文一级标题") == ("黑体", "32", "579")
    assert round(Document(io.BytesIO(data)).sections[0].left_margin.mm) == 27


@pytest.mark.parametrize(
    "text", ["[页]\nleft = 1", "[page]\nleft = '宽'", "[page", '[style."公文正文"]\ncolour = "red"']
)
def test_a_fault_in_the_format_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "format.toml").write_text(text)
    with pytest.raises(UnusableTemplate, match=r"format\.toml"):
        templates(tmp_path)


def test_the_look_of_a_colleges_own_template_is_its_own_affair(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    document = Document(io.BytesIO(templates().get("年度双创工作总结.docx").data))
    style = next(s for s in document.styles if s.name == "公文正文")
    style.element.rPr.find(qn("w:rFonts")).set(qn("w:eastAsia"), "宋体")
    document.save(str(tmp_path / "templates" / "年度双创工作总结.docx"))
    assert look(summary(dossier(), using=templates(tmp_path)), "公文正文")[0] == "宋体"


@pytest.mark.soffice
def test_a_full_page_has_22_lines_of_28_characters(tmp_path: Path) -> None:
    long = "党总支坚持把学习贯彻作为首要任务" * 40 + "。"
    (tmp_path / "a.docx").write_bytes(summary(dossier([doubtful(n, f"{n}" + long) for n in range(4)])))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(tmp_path / "a.docx")], check=True, capture_output=True, timeout=180)
    pdf = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    pages = [
        [line.strip() for line in page.get_textpage().get_text_range().splitlines() if line.strip()] for page in pdf
    ]
    full = [lines for lines in pages[:-1] if sum(len(line) >= 26 for line in lines) >= 18]
    assert full
    for lines in full:
        body = [line for line in lines if not re.fullmatch(r"— ?\d+ ?—", line)]
        assert len(body) == 22
        assert max(len(line) for line in body) == 28
    assert any(re.fullmatch(r"— ?1 ?—", line) for line in pages[0])


def test_a_long_name_is_broken_between_words_in_the_title() -> None:
    long = "国际教育学院（国际合作与交流处、港澳台办公室）直属党支部"
    title = Document(io.BytesIO(summary(dossier([evidence(1, "党总支召开会议传达上级决议。")], name=long)))).paragraphs
    found = next(p.text for p in title if p.text.startswith("国际教育"))
    assert found.split("\n")[:2] == ["国际教育学院（国际合作与交流处、", "港澳台办公室）直属党支部"]
    assert "2024" in found.split("\n")[2]
