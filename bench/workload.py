"""A seeded workload: departments that each hand in a summary, a ledger and minutes, all different, all small.

The sentences are made of the guideline's own clauses with dates, names of branches and numbers drawn from the seed, so
that they are filed and counted like real ones. The same seed gives the same bytes.
"""

import io
import random
import re
import shutil
from pathlib import Path

from pipeline import guideline as guidelines
from tests.read.pdf_writer import PdfPage, write

FIELDS = (
    "机电",
    "化工",
    "信息",
    "经管",
    "建筑",
    "外语",
    "艺术",
    "护理",
    "汽车",
    "材料",
    "环境",
    "食品",
    "法学",
    "体育",
    "数理",
)
KINDS = ("学院党总支", "学院党委", "系党总支", "研究院党支部")
_CLAUSE = re.compile(r"[，。；：、（）]")
_LINE, _LINES = 34, 36  # characters a line, lines a page of the minutes


def names(count: int) -> list[str]:
    """So many departments' names, all different."""
    plain = [field + kind for kind in KINDS for field in FIELDS]
    return [plain[n % len(plain)] + (f"（{n // len(plain) + 1}）" if n >= len(plain) else "") for n in range(count)]


def make(root: Path, departments: int, seed: int, guideline: Path) -> int:
    """A workspace with so many departments; returns how many files it has."""
    target = root / "inputs" / "guideline"
    target.mkdir(parents=True)
    shutil.copy(guideline, target)
    clauses = [c for i in guidelines.load(guideline).thirds() for c in _CLAUSE.split(i.text) if 8 <= len(c) <= 30]
    count = 0
    for number, name in enumerate(names(departments)):
        dice = random.Random(f"{seed} {number}")
        home = root / "inputs" / "submissions" / name
        home.mkdir(parents=True)
        for file, data in submission(dice, name, clauses).items():
            (home / file).write_bytes(data)
            count += 1
    return count


def submission(dice: random.Random, name: str, clauses: list[str]) -> dict[str, bytes]:
    """One department's files by name."""
    return {
        "年度工作总结.docx": summary(dice, name, clauses),
        "工作台账.xlsx": ledger(dice, clauses),
        "会议纪要.pdf": minutes(dice, name, clauses),
    }


def sentence(dice: random.Random, clauses: list[str]) -> str:
    told = "，".join(dice.sample(clauses, dice.randint(2, 4)))
    return f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日，第{dice.randint(1, 60)}党支部{told}，{dice.randint(5, 99)}人参加。"


def summary(dice: random.Random, name: str, clauses: list[str]) -> bytes:
    """A Word file of four headed parts."""
    from docx import Document

    document = Document()
    document.add_paragraph(f"{name}2024年度党建工作总结")
    for title in ("一、基本情况", "二、主要做法", "三、存在问题", "四、下一步打算"):
        document.add_paragraph(title)
        for _ in range(5):
            document.add_paragraph(sentence(dice, clauses))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_sentence(path: Path) -> None:
    """A Word file with one more paragraph, as a department hands it in again."""
    from docx import Document

    document = Document(str(path))
    document.add_paragraph("5月6日，党总支书记讲专题党课，45人参加。")
    document.save(str(path))


def ledger(dice: random.Random, clauses: list[str]) -> bytes:
    """A workbook of one sheet with 30 dated rows."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["日期", "类型", "内容", "人数"])
    for _ in range(30):
        day = f"2024-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        kind = dice.choice(("支委会", "党员大会", "党课", "主题党日"))
        sheet.append([day, kind, "，".join(dice.sample(clauses, 2)), dice.randint(5, 60)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def minutes(dice: random.Random, name: str, clauses: list[str]) -> bytes:
    """A PDF of two pages of prose."""
    pages = []
    for _ in range(2):
        page = PdfPage()
        page.text(200, 40, f"{name}会议纪要", 12)
        lines = [piece for _ in range(7) for piece in wrapped("　　" + sentence(dice, clauses))][:_LINES]
        for number, line in enumerate(lines):
            page.text(72 + 24 * line.startswith("　"), 80 + number * 20, line.strip("　"), 12)
        pages.append(page)
    return write(pages)


def wrapped(text: str) -> list[str]:
    return [text[i : i + _LINE] for i in range(0, len(text), _LINE)]
