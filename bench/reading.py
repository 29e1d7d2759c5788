"""Reading speed and faithfulness, ours beside others', on the same files in the same run.

    python -m bench.reading [--documents 6] [--seed 7] [--only pdf]

Documents are generated from the seed: DOCX and PDF of about ten pages of Chinese prose with a ruled ledger that runs
over a page end, XLSX of 900 rows. For every reader: documents a second of processor time (one process, best of two
passes), the ratio to the floor of the format (the barest way to get the text out, without places), the share of
paragraphs found whole, and the share of table rows whose cells stand together in their columns. Readers that are not
installed are left out.
"""

import argparse
import importlib.util
import io
import random
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.read.pdf_writer import PdfPage, write

CLAUSES = (
    "党总支坚持把政治建设摆在首位", "认真落实第一议题制度", "组织教职工党员集中学习", "研究发展党员和预备党员转正事项",
    "听取各支部工作汇报", "逐项研判意识形态领域风险", "与各教研室签订责任书", "安排书记和院长讲授专题党课",
    "到学生宿舍开展谈心谈话", "对照检查存在的问题", "明确整改时限和责任人", "将落实情况纳入年度考核",
)  # fmt: skip
KINDS = ("支委会", "党员大会", "党小组会", "党课", "主题党日")
NAMES = ("王建国", "李红梅", "赵立新", "孙玉洁", "周海涛", "吴静怡")
HEADER = ["日期", "类型", "主持人", "内容"]
LINES_A_PAGE, CHARACTERS_A_LINE, EM = 34, 33, 13.5


@dataclass(frozen=True)
class Sample:
    """One generated document, and what must be found in it."""

    data: bytes
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Reading:
    """What one reader gave: all its text, and its table rows as cells."""

    text: str
    rows: frozenset[tuple[str, ...]]


Reader = Callable[[bytes], Reading]


def solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


# ---------------------------------------------------------------- the workload


def paragraph(dice: random.Random) -> str:
    parts = [dice.choice(CLAUSES) for _ in range(dice.randint(3, 9))]
    return f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日，{'，'.join(parts)}，{dice.randint(12, 99)}人参加。"


def ledger(dice: random.Random, count: int) -> list[tuple[str, ...]]:
    return [
        (f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日", dice.choice(KINDS), dice.choice(NAMES),
         f"{dice.choice(CLAUSES)}第{n}号")
        for n in range(1, count + 1)
    ]  # fmt: skip


def pdf_sample(dice: random.Random) -> Sample:
    """Ten pages of prose and a ledger over two pages, with running heads and page numbers."""
    paragraphs, pages = [], []
    page: PdfPage | None = None
    used = LINES_A_PAGE
    while len(pages) < 9 or used < LINES_A_PAGE - 10:
        paragraphs.append(paragraph(dice))
        text = "　　" + paragraphs[-1]
        for start in range(0, len(text), CHARACTERS_A_LINE):
            if used == LINES_A_PAGE:
                page, used = new_page(pages), 0
            piece = text[start : start + CHARACTERS_A_LINE]
            assert page is not None
            indent = len(piece) - len(piece.lstrip("　"))
            page.text(72 + indent * EM, 80 + used * 20, piece.strip("　"), EM)
            used += 1
    rows = ledger(dice, 40)
    for part in (rows[:20], rows[20:]):
        new_page(pages).table(72, 90, [70, 80, 80, 215], [HEADER, *map(list, part)], 24)
    for number, made in enumerate(pages, 1):
        made.text(260, 790, f"第{number}页 共{len(pages)}页", 9)
    return Sample(write(pages), tuple(paragraphs), tuple(rows))


def new_page(pages: list[PdfPage]) -> PdfPage:
    page = PdfPage()
    page.text(220, 40, "信息工程学院党总支会议纪要", 9)
    pages.append(page)
    return page


def docx_sample(dice: random.Random) -> Sample:
    from docx import Document

    document = Document()
    paragraphs = [paragraph(dice) for _ in range(110)]
    for text in paragraphs:
        document.add_paragraph(text)
    rows = ledger(dice, 40)
    table = document.add_table(rows=0, cols=len(HEADER))
    for row in (HEADER, *rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return Sample(out.getvalue(), tuple(paragraphs), tuple(rows))


def xlsx_sample(dice: random.Random) -> Sample:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    rows = ledger(dice, 900)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return Sample(out.getvalue(), (), tuple(rows))


# ---------------------------------------------------------------- the readers


def ours(kind: str) -> Reader:
    from pipeline.model import Document
    from pipeline.read import read
    from pipeline.settings import load_settings

    settings = load_settings()

    def reader(data: bytes) -> Reading:
        document = read(f"bench.{kind}", kind, data, settings)
        assert isinstance(document, Document), document
        rows = frozenset(tuple(p.text.split(" | ")) for p in document.passages if p.kind == "row")
        return Reading("\n".join(p.text for p in document.passages), rows)

    return reader


def pdfium(data: bytes) -> Reading:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    return Reading("\n".join(page.get_textpage().get_text_range() for page in document), frozenset())


def plumber(data: bytes) -> Reading:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        texts, rows = [], []
        for page in document.pages:
            texts.append(page.extract_text())
            rows += [tuple(solid(c or "") for c in row) for table in page.extract_tables() for row in table]
    return Reading("\n".join(texts), frozenset(rows))


def lxml_docx(data: bytes) -> Reading:
    from lxml import etree

    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    return Reading("\n".join("".join(t.text or "" for t in p.iter(w + "t")) for p in tree.iter(w + "p")), frozenset())


def python_docx(data: bytes) -> Reading:
    from docx import Document

    document = Document(io.BytesIO(data))
    rows = frozenset(tuple(c.text for c in row.cells) for table in document.tables for row in table.rows)
    return Reading("\n".join(p.text for p in document.paragraphs), rows)


def openpyxl_rows(data: bytes) -> Reading:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), data_only=True)
    rows = frozenset(tuple(str(c) for c in row) for sheet in book for row in sheet.iter_rows(values_only=True))
    return Reading("", rows)


def calamine(data: bytes) -> Reading:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    rows = [tuple(map(str, row)) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
    return Reading("", frozenset(rows))


def markitdown(suffix: str) -> Reader:
    from markitdown import MarkItDown

    converter = MarkItDown(enable_plugins=False)

    def reader(data: bytes) -> Reading:
        text = converter.convert_stream(io.BytesIO(data), file_extension=f".{suffix}").text_content
        rows = [line.strip().strip("|").split("|") for line in text.splitlines() if line.lstrip().startswith("|")]
        return Reading(text, frozenset(tuple(cell.strip() for cell in row) for row in rows))

    return reader


@dataclass(frozen=True)
class Entry:
    """One reader of one format. `needs`: the module without which it is left out; the first entry is the floor."""

    name: str
    needs: str
    make: Callable[[], Reader]


FORMATS: dict[str, tuple[Callable[[random.Random], Sample], tuple[Entry, ...]]] = {
    "pdf": (
        pdf_sample,
        (
            Entry("pypdfium2, text alone (floor)", "pypdfium2", lambda: pdfium),
            Entry("ours", "pipeline", lambda: ours("pdf")),
            Entry("pdfplumber, text and tables", "pdfplumber", lambda: plumber),
            Entry("MarkItDown", "markitdown", lambda: markitdown("pdf")),
        ),
    ),
    "docx": (
        docx_sample,
        (
            Entry("lxml, text alone (floor)", "lxml", lambda: lxml_docx),
            Entry("ours", "pipeline", lambda: ours("docx")),
            Entry("python-docx", "docx", lambda: python_docx),
            Entry("MarkItDown", "markitdown", lambda: markitdown("docx")),
        ),
    ),
    "xlsx": (
        xlsx_sample,
        (
            Entry("calamine (floor)", "python_calamine", lambda: calamine),
            Entry("ours", "pipeline", lambda: ours("xlsx")),
            Entry("openpyxl", "openpyxl", lambda: openpyxl_rows),
            Entry("MarkItDown", "markitdown", lambda: markitdown("xlsx")),
        ),
    ),
}


# ---------------------------------------------------------------- the figures


def speed(reader: Reader, samples: list[Sample]) -> tuple[float, list[Reading]]:
    """Documents in a second of the processor's time, in the better of two passes, and what was read.

    Of its own time, so that what else the machine does at that moment favours no reader.
    """
    best, readings = float("inf"), []
    for _ in range(2):
        begin = time.process_time()
        readings = [reader(sample.data) for sample in samples]
        best = min(best, time.process_time() - begin)
    return len(samples) / best, readings


def shares(samples: list[Sample], readings: list[Reading]) -> tuple[float | None, float | None]:
    """Of the paragraphs, those found whole; of the table rows, those with their cells in their columns."""
    whole = [
        solid(p) in text
        for s, r in zip(samples, readings, strict=True)
        for text in [solid(r.text)]
        for p in s.paragraphs
    ]
    rows = [row in r.rows for s, r in zip(samples, readings, strict=True) for row in s.rows]
    return (sum(whole) / len(whole) if whole else None), (sum(rows) / len(rows) if rows else None)


def figures(kind: str, documents: int, seed: int) -> Iterator[str]:
    make, entries = FORMATS[kind]
    dice = random.Random(seed)
    samples = [make(dice) for _ in range(documents)]
    floor: float | None = None
    yield f"{kind:<32}docs/s  of floor  paragraphs   rows"
    for entry in entries:
        if importlib.util.find_spec(entry.needs) is None:
            yield f"  {entry.name:<30}not installed"
            continue
        rate, readings = speed(entry.make(), samples)
        floor = rate if entry is entries[0] else floor
        of_floor = f"{rate / floor:8.2f}" if floor else "       –"
        whole, rows = (
            f"{100 * share:7.1f}%" if share is not None else "      – " for share in shares(samples, readings)
        )
        yield f"  {entry.name:<30}{rate:6.1f}  {of_floor}    {whole} {rows}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=6, help="of each format")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", choices=sorted(FORMATS), help="one format alone")
    arguments = parser.parse_args()
    for kind in [arguments.only] if arguments.only else FORMATS:
        for line in figures(kind, arguments.documents, arguments.seed):
            print(line, file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
