"""A department whose summary quotes prose, a ledger and a PDF; run once, copied for each test, altered there."""

import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from openpyxl import load_workbook

from pipeline.cli import main
from tests.read.pdf_writer import PdfPage, write
from tests.workspaces import small_workspace, write_docx

NAME = "智能制造学院党总支"
PROSE = (
    "智能制造学院党总支2024年度党建工作总结",
    "二、政治把关作用到位",
    "党总支在教师招聘引进和职称评审中严格政治把关，全年出具政治审查意见87份，对1名师德失范的应聘人员提出否决意见。",
    "四、基层组织制度执行到位",
    "班子成员6人分别联系9个师生党支部，全年到支部参加组织生活54人次，帮助解决实际困难13件。",
    "党支部书记工作例会每月召开1次，2024年11月26日的例会通报了三季度党员教育学时完成情况，平均每人35.5学时。",
    "存在的问题",
    "少数支部组织生活记录过于简单，讨论发言没有记到人，学生支部尤为突出。",
    "下一步打算",
    "2025年3月底前完成支部会议记录的规范整改，并组织支部书记轮训。",
)
MINUTES = (
    "智能制造学院党总支会议纪要",
    "2024年5月16日下午，党总支召开会议专题研究意识形态工作，应到7人，实到6人，",
    "会议听取了网络舆情风险排查情况，确定重点整治4个学生社交群，责任落实到辅导员。",
)
SUMMARY, SHEET, WORKBOOK, CHECKLIST = (
    "2024年度双创工作总结.docx",
    "2024年度双创评分表.docx",
    "2024年度双创评分表.xlsx",
    "补充材料清单.docx",
)


def call(command: str, workspace: Path, *options: str) -> Result:
    """One command of the program on a workspace."""
    return CliRunner().invoke(main, [*command.split(), "--workspace", str(workspace), *options])


def school(root: Path) -> Path:
    """A workspace of one department, run to its end."""
    small_workspace(root, (NAME,))
    home = root / "inputs" / "submissions" / NAME
    write_docx(home / "年度总结.docx", PROSE)
    page = PdfPage()
    for number, line in enumerate(MINUTES):
        page.text(72, 80 + 24 * number, line)
    (home / "会议纪要.pdf").write_bytes(write([page]))
    result = call("run", root, "--jobs", "1")
    assert result.exit_code == 0, result.output
    return root


def copy_of(done: Path, target: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(done, target / "工作 副本"))


def outputs(workspace: Path) -> Path:
    return workspace / "outputs" / "2024"


def rewrite_word(path: Path, *swaps: tuple[str, str]) -> None:
    """Replaces words in a Word file's XML as a person would in Word; each must stand in one run of text."""
    with zipfile.ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in parts.items():
            if info.filename == "word/document.xml":
                text = data.decode()
                for old, new in swaps:
                    assert old in text, old
                    text = text.replace(old, new)
                data = text.encode()
            archive.writestr(info, data)


def rewrite_cells(path: Path, change: Callable[[Any], Any]) -> int:
    """Every cell's value sent through `change`; how many it altered."""
    book = load_workbook(path)
    count = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and (value := change(cell.value)) != cell.value:
                    cell.value, count = value, count + 1
    book.save(path)
    return count


def body_of(path: Path) -> str:
    """The words of a Word file without its markup, paragraphs on lines of their own."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", text))
