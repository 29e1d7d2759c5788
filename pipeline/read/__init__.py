"""Reading: the bytes of one file become a Document of passages with their places.

Runs inside a guarded child process; pure functions of their arguments. One module a format, one row in FORMATS.
What all formats share happens here, once and in this order: the 密级 check (a marked file leaves nothing but its
mark), masking of personal data, heading paths, segmentation, the ledger of characters.
"""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline import privacy
from pipeline.model import Document, Problem
from pipeline.read import ledger, segment
from pipeline.read.block import NeedsOcr, Raw, RecognisedLine, RecognisedPage
from pipeline.settings import Settings

__all__ = ["FORMATS", "READER_VERSION", "NeedsOcr", "RecognisedLine", "RecognisedPage", "read", "recognise"]

READER_VERSION = "7"  # changes whenever the same bytes may give another Document: part of the cache key

_HEAD_BLOCKS = 12  # a 密级 mark stands above or beside the title, never deeper


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table: which module of pipeline.read reads a kind, and whether it can need OCR."""

    module: str
    ocr: bool = False


FORMATS: Mapping[str, Format] = {
    "docx": Format("docx", ocr=True),
    "pdf": Format("pdf", ocr=True),
    "pdf-scan": Format("pdf", ocr=True),
    "image": Format("image", ocr=True),
    "heic": Format("image", ocr=True),
    "xlsx": Format("xlsx"),
    "csv": Format("csv"),
    "txt": Format("text"),
    "rtf": Format("legacy", ocr=True),
    "doc": Format("legacy", ocr=True),
    "xls": Format("legacy"),
    "wps": Format("legacy", ocr=True),
    "et": Format("legacy"),
    "xml": Format("legacy", ocr=True),
    "html": Format("legacy", ocr=True),
    "mht": Format("legacy", ocr=True),
    "odt": Format("legacy", ocr=True),
    "ods": Format("legacy"),
    "xlsb": Format("legacy"),
    "ppt": Format("legacy", ocr=True),
    "pptx": Format("legacy", ocr=True),
    "odp": Format("legacy", ocr=True),
}


def read(
    name: str,
    kind: str,
    data: bytes,
    settings: Settings,
    recognised: Mapping[int, RecognisedPage] | None = None,
) -> Document | NeedsOcr | Problem:
    """One file as a Document; NeedsOcr where pages must be recognised first, a Problem where it cannot be read."""
    known = FORMATS.get(kind)
    if known is None:
        return _unknown(name)
    raw = _module(known).read(name, kind, data, settings, recognised or {})
    if not isinstance(raw, Raw):
        return raw  # type: ignore[no-any-return]  # the module is found by name, so its types are not seen here
    return _document(kind, raw, settings)


def recognise(name: str, kind: str, data: bytes, page: int, settings: Settings) -> RecognisedPage | Problem:
    """One page (from 1) recognised by OCR."""
    known = FORMATS.get(kind)
    if known is None or not known.ocr:
        return _unknown(name)
    return _module(known).recognise(name, kind, data, page, settings)  # type: ignore[no-any-return]  # as above


def _module(known: Format) -> Any:
    return importlib.import_module(f"pipeline.read.{known.module}")


def _unknown(name: str) -> Problem:
    return Problem(
        path=name,
        stage="read",
        message="这种文件不能读取。",
        remedy="请另存为 Word（.docx）、PDF 或 Excel（.xlsx）后重新放入。",
    )


def _document(kind: str, raw: Raw, settings: Settings) -> Document:
    kind = raw.kind or kind
    mark = privacy.secrecy_mark(_head(raw))
    if mark is not None:
        return Document(kind=kind, passages=(), characters=None, marked=mark)
    kinds = settings.privacy.mask
    blocks = tuple(segment.masked(block, kinds) for block in raw.blocks)
    passages, repeated = segment.passages(blocks)
    characters, lost = ledger.balance(raw, blocks, passages, repeated)
    notes = (*raw.notes, *lost, *_withheld(segment.withheld(raw.blocks, kinds)))
    return Document(
        kind=kind,
        passages=passages,
        characters=characters,
        title=segment.title_of(blocks) or privacy.mask(raw.title, kinds),
        pages=raw.pages,
        modified=raw.modified,
        notes=tuple(privacy.mask(note, kinds) for note in notes),
        unread=raw.unread,
    )


def _head(raw: Raw) -> Iterable[str]:
    """The lines in which a mark stands. A register of secret papers has a column for it: its rows are no head."""
    yield from raw.head
    for block in raw.blocks[:_HEAD_BLOCKS]:
        if not block.columns:
            yield block.text


def _withheld(columns: Sequence[str]) -> tuple[str, ...]:
    if not columns:
        return ()
    return (f"人员名单里的“{'”“'.join(columns)}”涉及敏感个人信息，内容没有列入材料，只保留行数。",)
