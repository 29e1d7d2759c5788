"""Templates are filled strictly and safely, and whatever a department wrote is printed as text."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from docx import Document

from pipeline.errors import UnusableTemplate
from pipeline.workspace import Workspace
from pipeline.write.templates import CHECKLIST, FIELDS, SUMMARY, check_templates
from tests.write.making import RUBRIC, documents, dossier, doubtful, edition, evidence, lines, summary, templates

HOSTILE = [
    "各支部填写{{ 单位 }}和{% if x %}模板标记时，应当照抄原文并逐项核对无误。",
    "支部在登记表里写了=SUM(A1:A9)和<w:p>标签，办公室逐条核对并完成登记。",
    "组织部成员\x07刘\u200b某和𬭚㛃同志整理档案，核对材料三十份，全部归档完毕。",
    "党员们说😀很受教育，全年组织学习交流活动八次，形成心得体会四十篇。",
    "平台地址" + "x" * 300 + "由办公室负责维护，按月检查并完成记录登记工作。",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_department_wrote_is_printed_as_text(text: str) -> None:
    printed = "".join(lines(summary(dossier([evidence(1, text), doubtful(2, text + "请核。")]))))
    kept = re.sub("[\x00-\x1f\u200b]", "", text)
    assert printed.count(kept[:40]) == 2
    assert "𬭚㛃" in printed or "𬭚㛃" not in text


def test_a_cell_of_six_hundred_characters_is_printed_whole() -> None:
    cell = "、".join(f"支部{n}完成整改事项{n}项" for n in range(60))
    made = dossier([doubtful(1, f"1 | 整改台账 | {cell}")])
    assert any(cell in line for line in lines(summary(made)))


def test_every_document_is_a_valid_package_without_tags_left() -> None:
    for name, data in documents(dossier([evidence(1, HOSTILE[1]), doubtful(2, HOSTILE[2])])).items():
        Document(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            body = archive.read("word/document.xml").decode()
        assert not re.search(r"\{%|\{\{|[\ufdd0-\ufdef]", body), name
        assert "<w:tc></w:tc>" not in body


def college_template(folder: Path, text: str, name: str = CHECKLIST) -> Workspace:
    """A workspace whose own template has one paragraph more."""
    (folder / "templates").mkdir()
    document = Document(io.BytesIO(templates().get(name).data))
    document.paragraphs[0].insert_paragraph_before(text)
    document.save(str(folder / "templates" / name))
    return Workspace(folder)


def test_a_colleges_own_template_replaces_ours(tmp_path: Path) -> None:
    college_template(tmp_path, "党委组织部（{{ year }}）")
    data = documents(dossier(), using=templates(tmp_path))[CHECKLIST]
    assert lines(data)[0] == "党委组织部（2024）"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 单位 }}", "没有“单位”这个字段"),
        ("{{ secretary }}", "没有“secretary”这个字段"),
        ("{{ year }", "没有写完"),
        ("{{ year | default(“无”) }}", "中文引号"),
        ("｛｛ year ｝｝", "全角"),
        ("{%p for text in opening %}", "没有结束"),
        ("{%p endif %}", "没有对应的开头"),
        ("{%p for text of opening %}{%p endfor %}", "循环写法不对"),
        ("{%p for text in opening %} {{ text }} {%p endfor %}", "单独占一段"),
        ("{{ blocks.rows }}", "没有“blocks.rows”这个字段"),
    ],
)
def test_a_fault_of_a_template_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    workspace = college_template(tmp_path, text)
    faults = check_templates(workspace)
    assert any(message in fault.sentence() for fault in faults), [f.sentence() for f in faults]
    assert faults[0].path == CHECKLIST
    with pytest.raises(UnusableTemplate):
        templates(tmp_path)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    workspace = college_template(tmp_path, "{{ nobody }} {{ nothing }} {% endif %}")
    assert len(check_templates(workspace)) == 3


def test_our_own_templates_have_no_fault() -> None:
    assert check_templates(Workspace(Path("/nonexistent"))) == []


def test_a_template_cannot_reach_python(tmp_path: Path) -> None:
    college_template(tmp_path, "{{ year.__class__.__mro__ }}")
    with pytest.raises(UnusableTemplate):
        documents(dossier(), using=templates(tmp_path))


def test_a_file_that_is_no_word_file_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"no zip")
    assert len(check_templates(Workspace(tmp_path), tmp_path / "x.docx")) == 1


def test_a_strange_template_name_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "总结.docx").write_bytes(templates().get(SUMMARY).data)
    assert [fault.path for fault in check_templates(Workspace(tmp_path))] == ["总结.docx"]


def test_dates_come_from_the_edition_alone() -> None:
    with zipfile.ZipFile(io.BytesIO(summary(dossier()))) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2024, 12, 31, 0, 0, 0)}
        assert "2024-12-31T00:00:00Z" in archive.read("docProps/core.xml").decode()
    assert edition().stamp == "2024-12-31"
    assert RUBRIC.report_date == ""


def test_the_manual_lists_every_field() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
    for name, fields in FIELDS.items():
        part = manual.split(f"## {name}\n")[1].split("\n## ")[0]
        assert [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")] == list(fields)
