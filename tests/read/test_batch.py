"""One file through children and the store: a page that OCR fails at costs itself alone."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from pipeline.engine import Broken, Limits, Task
from pipeline.engine.store import Store
from pipeline.model import Document, Problem, SourceFile, decode, encode
from pipeline.read import RecognisedLine, RecognisedPage, ocr
from pipeline.read.batch import ReadOrder, ReadReply, read_reply, read_task, result_of
from pipeline.settings import load_settings
from tests.read.pdf_writer import PdfPage, write

SETTINGS = load_settings()
WHITE = (40, 56, bytes([255]) * (40 * 56 * 3))
TEXT = "党总支研究意识形态工作，部署下半年的理论学习，明确了各支部的责任分工和完成时限。"


class Engine:
    """Reads at once, in this process; OCR gives what the test says, page by page."""

    def __init__(self, store: Store, pages: dict[int, RecognisedPage | Problem | Broken]) -> None:
        self.store, self.pages = store, pages
        self.asked: list[int] = []

    def submit(self, task: Task, limits: Limits) -> "Future[bytes | Broken]":
        future: Future[bytes | Broken] = Future()
        page = decode(task.argument, ReadOrder).page
        if not page:
            future.set_result(read_task(task.argument, task.data))
        elif page in self.pages:
            self.asked.append(page)
            outcome = self.pages[page]
            reply = ReadReply(problem=outcome) if isinstance(outcome, Problem) else ReadReply(page=outcome)  # type: ignore[arg-type]  # Broken is none
            future.set_result(outcome if isinstance(outcome, Broken) else encode(reply))
        return future  # a page that is not named is never begun


@pytest.fixture(autouse=True)
def with_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: True)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def recognised(text: str) -> RecognisedPage:
    return RecognisedPage((RecognisedLine(text, 0.95, (100, 100, 900, 130)),), 1654, 2339)


def scanned(pages: int) -> bytes:
    first = PdfPage()
    first.text(72, 100, TEXT, 12)
    return write([first, *(PdfPage(image=WHITE) for _ in range(pages))])


def outcome(engine: Engine, data: bytes) -> Document | Problem:
    source = SourceFile("单位/纪要.pdf", "单位", "0" * 64, len(data), "pdf")
    body = read_reply(engine, SETTINGS, source, lambda _: data)  # type: ignore[arg-type]  # as an Engine does it
    assert isinstance(body, bytes)
    return result_of(body, source)


def test_a_page_that_kills_ocr_is_named_and_the_others_are_read(store: Store) -> None:
    engine = Engine(
        store, {2: recognised("（二）研究发展党员工作。"), 3: Broken("time"), 4: recognised("（三）通报工作情况。")}
    )
    found = outcome(engine, scanned(3))
    assert isinstance(found, Document)
    assert [(p.text, p.locator.page) for p in found.passages] == [
        (TEXT, 1),
        ("（二）研究发展党员工作。", 2),
        ("（三）通报工作情况。", 4),
    ]
    assert (
        found.unread
        == "第3页是扫描图像，文字识别没有完成，请重新扫描（300 dpi、端正、清晰），或报送可编辑的 Word 文件。"
    )
    assert found.unread in found.notes


def test_a_failed_page_is_not_tried_again(store: Store) -> None:
    broken: dict[int, RecognisedPage | Problem | Broken] = {2: Broken("died")}
    assert outcome(Engine(store, broken), scanned(1)) == outcome(second := Engine(store, {}), scanned(1))
    assert second.asked == []


def test_a_scan_of_which_no_page_could_be_recognised_is_a_problem_with_its_pages(store: Store) -> None:
    trouble = Problem("纪要.pdf", "ocr", "图像打不开。", "请核对。")
    found = outcome(Engine(store, {1: trouble, 2: Broken("memory")}), write([PdfPage(image=WHITE)] * 2))
    assert isinstance(found, Problem)
    assert (found.place, found.path) == ("第1、2页", "单位/纪要.pdf")
    assert "重新扫描" in found.remedy


def test_after_three_pages_that_hang_those_still_waiting_are_left_alone(store: Store) -> None:
    engine = Engine(store, {page: Broken("time") for page in (2, 3, 4)})
    found = outcome(engine, scanned(9))
    assert isinstance(found, Document)
    assert "第2、3、4、5、6、7、8、9等9页" in found.unread
    assert [p.text for p in found.passages] == [TEXT]
