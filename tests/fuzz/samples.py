"""Good small files of every format that is read, for mutation; and what is done with a mutant in the child."""

import io

import openpyxl
from docx import Document as WordDocument
from PIL import Image, ImageDraw

from pipeline.intake.identify import identify
from pipeline.model import Problem, decode, encode
from pipeline.read import FORMATS
from pipeline.read.batch import ReadOrder, ReadReply, read_task
from tests.fuzz.handed_in import READERS, handed_in, samples
from tests.read.pdf_writer import PdfPage, write
from tests.read.test_hostile import sample as word_of_everything
from tests.workspaces import OFFICIAL

_PROSE = (
    "一、意识形态工作\n2024年3月12日，党总支专题研究意识形态工作，应到7人，实到6人。\n（一）存在问题：记录不够规范。\n"
)


def _word() -> bytes:
    document = WordDocument()
    for line in _PROSE.splitlines():
        document.add_paragraph(line)
    table = document.add_table(3, 3)
    for number, cell in enumerate(table._cells):
        cell.text = ("日期", "内容", "人数")[number % 3] if number < 3 else f"2024-0{number}-12"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _workbook() -> bytes:
    import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["三会一课台账"])
    sheet.merge_cells("A1:D1")
    sheet.append(["日期", "类型", "内容", "人数"])
    sheet.append([datetime.date(2024, 3, 12), "党课", "=1+1", 12])
    sheet.append(["2024.4.18", "主题党日", "参观教育基地", 0.5])
    book.create_sheet("隐藏").sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _pdf() -> bytes:
    page = PdfPage()
    for number, line in enumerate(_PROSE.splitlines()):
        page.text(72, 80 + 24 * number, line)
    page.table(72, 300, [80.0, 200.0], [["日期", "内容"], ["3月12日", "专题研究"]])
    return write([page, page])


def _picture(kind: str) -> bytes:
    image = Image.new("RGB", (160, 90), "white")
    ImageDraw.Draw(image).text((10, 10), "2024-03-12", fill="black")
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


_RTF = rb"{\rtf1\ansi\ansicpg936\uc1\trowd\intbl \u20826?\cell\'b5\'b3\cell\row\pard{\*\x y}\par}" * 4
_HTML = f"<html><meta charset=utf-8><body><p>{_PROSE}</p><table><tr><td>日期<td>内容</table></body></html>".encode()
_CSV = '日期,内容,人数\n2024-03-12,专题研究意识形态工作,12\n2024-09-18,"党课，\n讨论",11\n'

SAMPLES: dict[str, list[bytes]] = {
    "docx": [word_of_everything(), _word()],
    "xlsx": [_workbook()],
    "pdf": [_pdf()],
    "image": [_picture("PNG"), _picture("JPEG"), _picture("BMP"), _picture("TIFF")],
    "csv": [_CSV.encode(), _CSV.encode("gb18030")],
    "txt": [_PROSE.encode(), _PROSE.encode("gb18030"), _PROSE.encode("utf-16")],
    "rtf": [_RTF],
    "html": [_HTML],
    "guideline-docx": [OFFICIAL.read_bytes()],
    "guideline-txt": ["1.党建工作到位\n1.1 组织建设\n（1）每年至少专题研究2次意识形态工作。\n".encode()],
    **samples(),
}


def fuzz_task(argument: bytes, data: bytes) -> bytes:
    """A mutant as a command meets it: a document identified by its bytes and read, all else put into a workspace."""
    order = decode(argument, ReadOrder)
    if order.kind in READERS:
        handed_in(order.kind, data)
    identify(io.BytesIO(data))
    if order.kind in FORMATS:
        return read_task(argument, data)
    return encode(ReadReply(problem=Problem("", "fuzz", "", "")))
