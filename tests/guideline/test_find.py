"""The one guideline of a workspace, and hostile files in its place."""

import io
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import UnusableGuideline
from pipeline.guideline import find, load
from pipeline.workspace import Workspace

SAMPLE = Path(__file__).parent / "examples" / "三级连排_docx" / "guideline.docx"
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "inputs" / "guideline").mkdir(parents=True)
    return Workspace(tmp_path)


def test_path_is_relative_and_temporary_files_are_ignored(workspace: Workspace) -> None:
    (workspace.guideline / "附件1 指南.docx").write_bytes(SAMPLE.read_bytes())
    (workspace.guideline / "~$件1 指南.docx").write_bytes(b"x")
    (workspace.guideline / ".DS_Store").write_bytes(b"x")
    guideline = find(workspace)
    assert guideline.path == "inputs/guideline/附件1 指南.docx"
    assert len(guideline.sha256) == 64


def test_the_bytes_decide_not_the_name(workspace: Workspace) -> None:
    (workspace.guideline / "指南.pdf").write_bytes(SAMPLE.read_bytes())
    assert len(find(workspace).thirds()) > 10


def test_no_folder_no_file_two_files(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(UnusableGuideline, match="里没有指南"):
        find(workspace)
    for name in ("甲.docx", "乙.docx"):
        (workspace.guideline / name).write_bytes(SAMPLE.read_bytes())
    with pytest.raises(UnusableGuideline, match=r"“乙\.docx”、“甲\.docx”"):
        find(workspace)
    with pytest.raises(UnusableGuideline, match="inputs/guideline"):
        find(Workspace(tmp_path / "elsewhere"))


def test_old_formats_are_named_with_the_remedy(workspace: Workspace) -> None:
    (workspace.guideline / "指南.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(UnusableGuideline, match="另存为"):
        find(workspace)


def _word(path: Path, document: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", document)
    return path


def test_a_file_with_external_entities_is_refused_and_nothing_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容", encoding="utf-8")
    entity = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>"
        for line in ("2025年任务指南", "一、甲", "（一）乙", "1.丙&e;。", "2.丁。", "二、戊", "（一）己", "1.庚。")
    )
    with pytest.raises(UnusableGuideline, match="实体声明") as refusal:
        load(_word(tmp_path / "a.docx", entity + BODY.format(paragraphs)))
    assert "机密" not in str(refusal.value)


def test_entity_bombs_and_zip_bombs_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
    )
    with pytest.raises(UnusableGuideline):
        load(_word(tmp_path / "e.docx", bomb + "]>" + BODY.format("<w:p><w:r><w:t>&j;</w:t></w:r></w:p>")))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", bytes(30 * 1024 * 1024))
    path = tmp_path / "z.docx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(UnusableGuideline, match="大得不合常理"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableGuideline, match="没有找到"):
        load(tmp_path / "无此文件.docx")
