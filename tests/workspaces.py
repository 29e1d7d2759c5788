"""Small workspaces built in code, for tests that run the whole program."""

import shutil
from pathlib import Path

from docx import Document
from openpyxl import Workbook

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = next((ROOT / "inputs" / "guideline").glob("*.docx"))

SUMMARY = (
    "机电学院党总支2024年度党建工作总结",
    "一、意识形态工作",
    "2024年3月12日、9月18日，党总支专题研究意识形态工作2次，逐项分析研判师生思想动态和网络舆情风险。",
    "二、存在问题",
    "个别支部组织生活记录不够规范，活动形式还比较单一。",
    "三、下一步打算",
    "2025年将修订党政联席会议议事规则，补齐制度短板。",
)
LEDGER = (
    ("日期", "内容", "主持人", "人数"),
    ("2024-03-12", "党总支专题研究意识形态工作", "李明", 12),
    ("2024-09-18", "党总支专题研究意识形态工作", "李明", 11),
)


def write_docx(path: Path, paragraphs: tuple[str, ...] = SUMMARY) -> Path:
    """A Word file of plain paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def write_xlsx(path: Path, rows: tuple[tuple[object, ...], ...] = LEDGER, sheet: str = "意识形态工作台账") -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def small_workspace(root: Path, departments: tuple[str, ...] = ("机电学院党总支",)) -> Path:
    """The official guideline and, for each department, a summary and a ledger."""
    folder = root / "inputs" / "guideline"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(OFFICIAL, folder)
    (root / "inputs" / "submissions").mkdir(exist_ok=True)
    for number, name in enumerate(departments):
        home = root / "inputs" / "submissions" / name
        write_docx(home / "年度总结.docx", (name + "2024年度党建工作总结", *SUMMARY[1:], f"本单位共有教工党支部{number + 2}个。"))
        write_xlsx(home / "台账" / "意识形态台账.xlsx")
    return root
