"""What people hand in besides single documents: archives, returned drafts, guidelines, the workbooks of inputs/.

Each mutant is put where a command finds it and read the way the command does. Whatever is wrong with it must end in a
value or in one sentence for the clerk. What a command leaves to a guarded child is done in place here, so that nothing
that goes wrong in it stays hidden; only native code may raise.
"""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest import mock

import openpyxl
import py7zr

from pipeline import guideline, takeback, write
from pipeline.engine import Broken, Limits, Task
from pipeline.engine.child import resolve
from pipeline.engine.guard import Guard
from pipeline.errors import Unusable
from pipeline.intake import collect, load
from pipeline.intake.roster import load_roster
from pipeline.model import Decision, Guideline, encode
from pipeline.review import book, read_decisions
from pipeline.review.decisions import DecisionBook
from pipeline.scoring.reading import read_rubric
from pipeline.scoring.workbook import workbook_bytes
from pipeline.settings import load_settings
from pipeline.workspace import Workspace
from pipeline.write.review_list import review_list
from tests.write import making

_LINES = (
    "2024年党建工作重点任务指南",
    "1.组织领导到位",
    "1.1 党的决定有效贯彻执行，保证监督作用充分发挥",
    "（1）对照示范文本，及时传达部署上级党组织决议，逐项抓好落实。",
    "（2）班子成员工作职责明晰，分工合作。",
    "2.阵地管理到位",
    "2.1 严格落实网络安全责任制",
    "（1）每年至少专题研究2次网络安全工作。",
)
_PROSE = "2024年3月12日，党总支专题研究网络安全工作，应到7人，实到6人。"
GUARDED = {"archive-7z", "guideline-pdf", "returned-docx", "returned-scores", "returned-list"}
"""Kinds that a command gives to a child: one that hangs or takes all memory is ended there, and is no find."""
_MEMBERS = 12  # of one archive, unpacked for each mutant
_PLACES = {"roster": "departments.xlsx", "rubric": "rubric.xlsx", "decisions": "decisions.xlsx", "errata": "勘误.xlsx"}


@cache
def _guideline() -> Guideline:
    with _workspace() as place:
        return guideline.find(place)


@contextmanager
def _workspace() -> Iterator[Workspace]:
    with tempfile.TemporaryDirectory() as folder:
        place = Workspace(Path(folder))
        home = place.inputs / "guideline"
        home.mkdir(parents=True)
        (home / "指南.txt").write_text("\n".join(_LINES), encoding="utf-8")
        place.submissions.mkdir()
        yield place


# ---------------------------------------------------------------- good samples


def _zip(method: int = zipfile.ZIP_DEFLATED, depth: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("材料/年度总结.txt", _PROSE * 20)
        archive.writestr("../../逃.txt", _PROSE)
        archive.writestr("a.docx", making.summary(making.dossier()))
        if depth:
            archive.writestr("里面.zip", _zip(method, depth - 1))
    return buffer.getvalue()


def _seven() -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as archive:
        archive.set_encoded_header_mode(False)
        for name in ("材料/年度总结.txt", "b.txt", "里面/b.txt"):
            archive.writestr(_PROSE * 20, name)
    return buffer.getvalue()


def _drafts() -> dict[str, bytes]:
    items = [
        making.evidence(1, "党总支及时传达部署上级党组织决议，逐项抓好落实。"),
        making.evidence(2, "班子成员分工明晰，每月沟通一次。", "1.1(2)"),
        making.doubtful(3, "和几个年级的同学一起坐下来谈了谈。"),
    ]
    dossier, edition = making.dossier(items), replace(making.edition(), guideline=_guideline())
    made = dict(write.department_documents(dossier, edition, making.RUBRIC, making.SETTINGS, making.templates()))
    scores = next(data for name, data in made.items() if name.endswith(".xlsx"))
    return {
        "returned-docx": made["2024年度双创工作总结.docx"],
        "returned-scores": _filled(scores, "评分表", "复核分", 3),
        "returned-list": _filled(review_list([dossier], (), edition), "待审阅段落", "决定", "删去"),
    }


def _filled(data: bytes, page: str, column: str, value: object) -> bytes:
    """The workbook with one cell filled in by a person."""
    opened = openpyxl.load_workbook(io.BytesIO(data))
    cell = next(c for row in opened[page].iter_rows() for c in row if c.value == column)
    opened[page].cell(cell.row + 3, cell.column).value = value
    return _saved(opened)


def _saved(opened: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    opened.save(buffer)
    return buffer.getvalue()


def _rows(*rows: tuple[object, ...]) -> bytes:
    opened = openpyxl.Workbook()
    assert opened.active is not None
    for row in rows:
        opened.active.append(row)
    return _saved(opened)


def _decisions() -> bytes:
    number = Decision("", "number", making.UNIT, "0" * 16, "inputs/x.docx", "1.1(1)", "1-1-1-01", year=2024)
    code = Decision(
        "审-001", "code", making.UNIT, "f" * 16, "甲乙丙", "1.1(1)", who="张", year=2024, guideline="a" * 12
    )
    return book.dump(DecisionBook(guidelines={"a" * 12: _guideline()}), (code, number), {}, ())


def _guideline_book() -> bytes:
    third = "每年至少专题研究2次网络安全工作。"
    rows = [("一级指标", "二级指标", "三级指标", "分值")]
    rows += [(f"{n}.阵地到位", f"{n}.1 落实责任制", f"（{m}）{third}", "5") for n in (1, 2) for m in (1, 2, 3)]
    return _rows(("2024年党建工作重点任务指南",), *rows)


def _guideline_pdf() -> bytes:
    from tests.read.pdf_writer import PdfPage
    from tests.read.pdf_writer import write as pdf

    page = PdfPage()
    for number, line in enumerate(_LINES):
        page.text(72, 80 + 24 * number, line)
    return pdf([page])


def samples() -> dict[str, list[bytes]]:
    """Good ones of each kind."""
    drafts = _drafts()
    return {
        "archive-zip": [_zip(), _zip(zipfile.ZIP_LZMA, 0), _zip(zipfile.ZIP_BZIP2, 0)],
        "archive-7z": [_seven()],
        **{kind: [data] for kind, data in drafts.items()},
        "rubric": [workbook_bytes(_guideline())],
        "roster": [
            _rows(("单位名单",), ("单位名称", "简称", "书记", "单位类型"), (making.UNIT, "园林、园工", "李明", "教学"))
        ],
        "decisions": [_decisions()],
        "errata": [_rows(("位置", "原文", "应为"), ("1.1(1)", "示范文本", "范本"), ("标题", "重点", "要点"))],
        "guideline-xlsx": [_guideline_book()],
        "guideline-pdf": [_guideline_pdf()],
    }


# ---------------------------------------------------------------- a mutant, as a command meets it


def handed_in(kind: str, data: bytes) -> None:
    """Puts the mutant in its place and reads it; raises where that ends in anything but a value or a Chinese sentence."""
    with _workspace() as place, mock.patch.object(Guard, "perform", _in_place):
        try:
            READERS[kind](place, data)
        except Unusable as error:
            assert str(error).endswith("。"), str(error)


def _in_place(_guard: Guard, task: Task, _limits: Limits) -> bytes | Broken:
    try:
        return resolve(task.function)(task.argument, task.data)
    except Exception as error:  # as the child does, but for our own code
        if "native" in task.function:
            return Broken("raised", type(error).__name__)
        raise


def _archive(ending: str) -> Callable[[Workspace, bytes], None]:
    def read(place: Workspace, data: bytes) -> None:
        home = place.submissions / making.UNIT
        home.mkdir()
        (home / f"材料{ending}").write_bytes(data)
        for source in collect(place, load_settings())[:_MEMBERS]:
            if source.status is None:
                load(place, source)

    return read


def _returned(ending: str) -> Callable[[Workspace, bytes], None]:
    def read(place: Workspace, data: bytes) -> None:
        home = place.inputs / "reviewed"
        home.mkdir()
        (home / f"改{ending}").write_bytes(data)
        out = place.outputs(2024)
        out.mkdir(parents=True)
        passage = making.evidence(1, "党总支及时传达部署上级党组织决议，逐项抓好落实。")
        (out / "evidence.jsonl").write_bytes(encode(passage))
        write.is_edited(f"改{ending}", data)
        assert all(problem.sentence().endswith("。") for problem in takeback.apply(place, 2024).problems)

    return read


def _book(kind: str) -> Callable[[Workspace, bytes], None]:
    def read(place: Workspace, data: bytes) -> None:
        (place.inputs / _PLACES[kind]).write_bytes(data)
        if kind == "roster":
            load_roster(place)
        elif kind == "rubric":
            read_rubric(place.rubric, _guideline())
        elif kind == "decisions":
            read_decisions(place)
        else:
            guideline.find(place)

    return read


def _another_guideline(ending: str) -> Callable[[Workspace, bytes], None]:
    def read(place: Workspace, data: bytes) -> None:
        path = place.inputs / f"指南{ending}"
        path.write_bytes(data)
        guideline.check(guideline.load(path))

    return read


READERS: dict[str, Callable[[Workspace, bytes], None]] = {
    "archive-zip": _archive(".zip"),
    "archive-7z": _archive(".7z"),
    "returned-docx": _returned(".docx"),
    "returned-scores": _returned(".xlsx"),
    "returned-list": _returned(".xlsx"),
    **{kind: _book(kind) for kind in _PLACES},
    **{f"guideline-{ending}": _another_guideline(f".{ending}") for ending in ("docx", "txt", "xlsx", "pdf")},
}
