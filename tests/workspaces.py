"""Small workspaces built in code, for tests that run the whole program."""

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
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

LEARNT_BYTES = 1_000_000  # what was learnt is larger, no small document is


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


def small_workspace(root: Path, departments: tuple[str, ...] = ("机电学院党总支",), learnt: bool = True) -> Path:
    """The official guideline and, for each department, a summary and a ledger.

    `learnt`: its store knows what is learnt from that guideline, which takes a run longer than all the rest.
    """
    if learnt:
        (root / ".shuangchuang").mkdir(parents=True, exist_ok=True)
        shutil.copy(_learnt(), root / ".shuangchuang" / "store.sqlite")
    folder = root / "inputs" / "guideline"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(OFFICIAL, folder)
    (root / "inputs" / "submissions").mkdir(exist_ok=True)
    for number, name in enumerate(departments):
        home = root / "inputs" / "submissions" / name
        write_docx(
            home / "年度总结.docx",
            (name + "2024年度党建工作总结", *SUMMARY[1:], f"本单位共有教工党支部{number + 2}个。"),
        )
        write_xlsx(home / "台账" / "意识形态台账.xlsx")
    return root


@cache
def _learnt() -> Path:
    """A store that a run over the official guideline has left, with what it learnt alone; made once a session."""
    from pipeline.progress import Silent
    from pipeline.run import run
    from pipeline.settings import Options

    root = Path(tempfile.mkdtemp(prefix="shuangchuang-tests-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    run(Options(small_workspace(root, learnt=False), jobs=1), Silent())
    learnt_only(root / ".shuangchuang" / "store.sqlite")
    return root / ".shuangchuang" / "store.sqlite"


def learnt_only(store: Path) -> None:
    """Leaves in a store what was learnt, so that the next run reads, files and writes everything but learns nothing."""
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("DELETE FROM kept WHERE length(value) < ?", (LEARNT_BYTES,))
        connection.commit()
        connection.execute("VACUUM")
