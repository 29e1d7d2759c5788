"""A document that carries a 密级 mark leaves name and hash, nothing else, wherever the program writes."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.read.docx_writer import docx, p
from tests.read.pdf_writer import PdfPage, write
from tests.trust.everything import where
from tests.verify.school import call, outputs
from tests.workspaces import small_workspace, write_docx

NAME = "机电学院党总支"
CONTENT = "甲乙丙丁工程的部署时间和参加人员名单"


def _book(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _pdf(*lines: str) -> bytes:
    page = PdfPage()
    for number, line in enumerate(lines):
        page.text(72, 60 + 24 * number, line)
    return write([page])


def _zip(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


MARKED = {
    "正文标注.docx": docx(p("机密★10年") + p("关于某项工作的通知") + p(CONTENT)),
    "页眉标注.docx": docx(p("关于某项工作的通知") + p(CONTENT), header=p("秘密★5年")),
    "表格标注.docx": docx(p("密级：秘密") + p(CONTENT)),
    "表.xlsx": _book(("绝密★长期",), ("序号", "内容"), ("1", CONTENT)),
    "标注.pdf": _pdf("机密★启用前 10年", "关于某项工作的通知", CONTENT),
    "文本.txt": f"秘密★1年\n通知\n{CONTENT}\n".encode(),
    "包.zip": _zip("里面.docx", docx(p("机密★") + p(CONTENT))),
}
UNMARKED = {
    "保密教育.docx": (
        "保密教育工作总结",
        "2024年9月18日，党总支开展保密教育，学习如何区分绝密、机密、秘密三级文件的管理要求。",
    ),
    "制度.docx": ("保密工作制度", "凡标有“机密”字样的文件一律由专人保管，党总支每学期检查一次保密工作落实情况。"),
}


@pytest.fixture(scope="module")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    root = small_workspace(tmp_path_factory.mktemp("密级"), (NAME,))
    home = root / "inputs" / "submissions" / NAME
    for name, data in MARKED.items():
        (home / name).write_bytes(data)
    for name, paragraphs in UNMARKED.items():
        write_docx(home / name, paragraphs)
    said = [call("run --verbose", root, "--jobs", "1"), call("verify", root)]
    assert [result.exit_code for result in said] == [1, 0], said[1].output
    return root, "\n".join(result.output for result in said)


def _entries(root: Path) -> dict[str, dict[str, object]]:
    run = json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))
    return {file["path"].rsplit("/", 1)[-1]: file for file in run["files"]}


def test_the_content_of_marked_documents_is_nowhere(withheld: tuple[Path, str]) -> None:
    root, said = withheld
    assert where(root, "甲乙丙丁|部署时间", said) == []


@pytest.mark.parametrize("name", ["里面.docx" if name == "包.zip" else name for name in MARKED])
def test_name_and_hash_alone_are_kept(withheld: tuple[Path, str], name: str) -> None:
    entry = _entries(withheld[0])[name]
    assert entry["status"] == "withheld"
    assert (entry["passages"], entry["characters"], entry["title"]) == (0, None, "")
    assert len(str(entry["sha256"])) == 64


def test_the_clerk_is_told_that_it_does_not_belong_on_this_machine(withheld: tuple[Path, str]) -> None:
    root, said = withheld
    assert said.count("不应放在这台电脑上") >= len(MARKED)
    assert where(root, "不应通过本途径报送")


@pytest.mark.parametrize("name", sorted(UNMARKED))
def test_words_about_secrecy_in_a_sentence_are_no_mark(withheld: tuple[Path, str], name: str) -> None:
    assert _entries(withheld[0])[name]["status"] == "read"
