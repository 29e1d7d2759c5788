"""Reading many files: each in a guarded child, its result kept by content, its scanned pages recognised one by one.

`read_reply` conducts one file; the engine runs many at once. The functions `read_task` and `recognise_task` are what
travels to a child or a cluster's worker.
"""

import importlib.util
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from pipeline.engine import Broken, Engine, Limits, Task, build, content_key
from pipeline.model import Document, Problem, SourceFile, decode, encode
from pipeline.read import READER_VERSION, NeedsOcr, RecognisedPage, read, recognise
from pipeline.read.block import UNRECOGNISED
from pipeline.settings import Settings
from pipeline.tools.soffice import find_soffice

_MOST_BROKEN = 3  # pages of one file that OCR may die or hang at before those still waiting are left alone


@dataclass(frozen=True, slots=True)
class ReadOrder:
    """What a child needs besides the bytes."""

    name: str
    kind: str
    settings: Settings
    recognised: dict[str, RecognisedPage]
    page: int = 0


@dataclass(frozen=True, slots=True)
class ReadReply:
    """Exactly one of the four is set."""

    document: Document | None = None
    needs: NeedsOcr | None = None
    problem: Problem | None = None
    page: RecognisedPage | None = None


def read_task(argument: bytes, data: bytes) -> bytes:
    """`read` for a child: ReadOrder and bytes in, ReadReply out."""
    order = decode(argument, ReadOrder)
    pages = {int(number): page for number, page in order.recognised.items()}
    result = read(order.name, order.kind, data, order.settings, pages)
    if isinstance(result, Document):
        return encode(ReadReply(document=result))
    return encode(ReadReply(needs=result) if isinstance(result, NeedsOcr) else ReadReply(problem=result))


def recognise_task(argument: bytes, data: bytes) -> bytes:
    """`recognise` for a child."""
    order = decode(argument, ReadOrder)
    result = recognise(order.name, order.kind, data, order.page, order.settings)
    return encode(ReadReply(problem=result) if isinstance(result, Problem) else ReadReply(page=result))


def reader() -> str:
    """Names everything that a file's reading depends on besides its bytes and the settings.

    What this machine lacks counts too: a file that failed for want of LibreOffice or OCR is read once they are there.
    """
    sources = build("read", "ooxml", "tools", "data", "engine", "model.py", "privacy.py", "settings.py", "text.py")
    lacking = (find_soffice() is None, importlib.util.find_spec("rapidocr") is None)
    return f"{READER_VERSION} {sources} {lacking}"


def read_reply(
    engine: Engine,
    settings: Settings,
    source: SourceFile,
    load: Callable[[SourceFile], bytes],
    page_done: Callable[[], None] = lambda: None,
    broke: Callable[[Broken], None] = lambda broken: None,
    again: bool = False,
) -> bytes | Problem:
    """One file as a ReadReply, from the store where its bytes, the reader and the settings are known; else a Problem.

    `load` gives its bytes; `page_done` is called for each page that OCR has finished, `broke` where a child gave up.
    `again`: the bytes are opened whatever the store knows of them; only recognised pages are taken from it.
    """
    name = source.path.rsplit("/", 1)[-1]
    reading = settings.reading
    base = (reader(), encode((settings.reading, settings.privacy)), source.kind, source.sha256)
    key = content_key("read", name, *base)
    kept = None if again else engine.store.get(key)
    if kept is not None:
        return kept
    try:
        data = load(source)
    except OSError:
        return Problem(
            source.path, "read", "文件读不出来。", "请检查它是否被别的程序占用、是否有读取权限，再运行一次。"
        )
    order = ReadOrder(name, source.kind, settings, {})
    limits = Limits(reading.seconds_per_file, reading.memory_mib)
    body = engine.submit(Task("pipeline.read.batch:read_task", encode(order), data), limits).result()
    if isinstance(body, Broken):
        broke(body)
        return _broken(source, body, reading.seconds_per_file)
    reply = decode(body, ReadReply)
    if reply.needs is not None:
        pages = _recognised(engine, order, base, data, reply.needs.pages, page_done, broke)
        order = replace(order, recognised=pages)
        body = engine.submit(Task("pipeline.read.batch:read_task", encode(order), data), limits).result()
        if isinstance(body, Broken):
            broke(body)
            return _broken(source, body, reading.seconds_per_file)
    engine.store.put(key, body)
    return body


def _recognised(
    engine: Engine,
    order: ReadOrder,
    base: tuple[str | bytes, ...],
    data: bytes,
    pages: tuple[int, ...],
    page_done: Callable[[], None],
    broke: Callable[[Broken], None],
) -> dict[str, RecognisedPage]:
    """All these pages. One that OCR fails at is kept as failed: it costs itself alone, and no second run its time."""
    reading = order.settings.reading
    limits = Limits(reading.seconds_per_file + reading.seconds_per_ocr_page, reading.memory_mib)
    found: dict[str, RecognisedPage] = {}
    waiting: dict[int, Future[bytes | Broken]] = {}
    keys = {page: content_key("page", str(page), *base) for page in pages}
    for page in pages:
        kept = engine.store.get(keys[page])
        if kept is not None:
            found[str(page)] = decode(kept, RecognisedPage)
            page_done()
        else:
            task = Task("pipeline.read.batch:recognise_task", encode(replace(order, page=page)), data)
            waiting[page] = engine.submit(task, limits)
    given_up = 0
    for page, future in waiting.items():
        if given_up >= _MOST_BROKEN and future.cancel():
            found[str(page)] = UNRECOGNISED
            continue
        body = future.result()
        if isinstance(body, Broken):
            given_up += 1
            broke(body)
        recognised = UNRECOGNISED if isinstance(body, Broken) else decode(body, ReadReply).page or UNRECOGNISED
        engine.store.put(keys[page], encode(recognised))
        found[str(page)] = recognised
        page_done()
    return found


def result_of(body: bytes, source: SourceFile) -> Document | Problem:
    """The document of a ReadReply, or why there is none."""
    reply = decode(body, ReadReply)
    if reply.document is not None:
        return reply.document
    if reply.problem is not None:
        return replace(reply.problem, path=source.path)
    return Problem(source.path, "read", "扫描页识别后仍读不出文字。", "请重新扫描（300 dpi、端正、清晰）后放入。")


def _broken(source: SourceFile, broken: Broken, seconds: float) -> Problem:
    messages = {
        "time": (
            f"读取超过 {seconds:.0f} 秒仍未完成，已停下。",
            "文件可能过大或已损坏：请用 Word、WPS 或 Excel 打开后另存一份再放入。",
        ),
        "memory": (
            "读取时占用的内存超过上限，已停下。",
            "文件可能异常：请用 Word、WPS 或 Excel 打开后另存一份，或拆成几个文件再放入。",
        ),
        "died": ("读取这个文件时读取程序意外退出。", "文件可能已损坏：请用 Word、WPS 或 Excel 打开后另存一份再放入。"),
        "raised": ("文件的内部结构有错误，读不出来。", "请用 Word、WPS 或 Excel 打开后另存一份再放入。"),
    }
    message, remedy = messages[broken.why]
    return Problem(source.path, "read", message, remedy)
