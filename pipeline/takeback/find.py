"""Finds the files that reviewers changed: in inputs/reviewed/, in outputs/YYYY/ and in what was set aside there.

A file is known by its custom properties (单位, 年度, 运行), which Word, WPS and LibreOffice keep, never by its name. Lock
files are no documents, but tell that one is open.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline import write
from pipeline.engine.guard import Guard
from pipeline.model import Problem
from pipeline.settings import Reading
from pipeline.takeback.opened import SHEET, WORD, Kind, Opened, Order, fault, open_guarded
from pipeline.takeback.wish import Origin
from pipeline.workspace import Workspace

KEPT = ".kept"
AUTHOR = "双创"  # the program's own name in a file's properties: nobody in particular


@dataclass(frozen=True, slots=True)
class Returned:
    """One file that came back, and what stands in it."""

    origin: Origin
    kind: Kind
    content: Opened


def find(workspace: Workspace, year: int, reading: Reading) -> tuple[list[Returned], list[Problem]]:
    """All files to read, each content once, in the order of their paths; and what is wrong with the others.

    They are opened in a guarded child, so that a hostile one costs only itself.
    """
    guard = Guard()
    try:
        return _found(workspace, year, guard, reading)
    finally:
        guard.close()


def _found(workspace: Workspace, year: int, guard: Guard, reading: Reading) -> tuple[list[Returned], list[Problem]]:
    found: list[Returned] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for path, asked in _candidates(workspace, year):
        relative = workspace.relative(path)
        locked = _locked(path)
        if locked is not None:
            problems.append(
                Problem(
                    workspace.relative(path.with_name(locked)) if locked else relative,
                    "review",
                    f"“{locked or path.name}”正在 Word、WPS 或 Excel 里打开，没有保存的改动读不到。",
                    "请保存并关闭后再运行 review apply；没有人打开时，删去同一文件夹里的锁文件。",
                )
            )
            continue
        try:
            data = path.read_bytes()
        except OSError as error:
            problems.append(fault(relative, f"打不开（{error.strerror}）。", "请关闭正在使用它的程序后再试。"))
            continue
        digest = hashlib.sha256(data).hexdigest()
        if digest in seen:
            continue
        content = open_guarded(guard, Order(relative, path.suffix.lower(), asked), data, reading)
        one = _returned(relative, content)
        if content.problem is not None or one is not None:
            seen.add(digest)
        if content.problem is not None:
            problems.append(content.problem)
        elif one is not None and one.origin.year not in (year, None):
            problems.append(
                fault(
                    relative,
                    f"这是{one.origin.year}年度的文件，不是{year}年度的，没有采用。",
                    f"请确认是否放错；要用于那一年，请加 --year {one.origin.year}。",
                )
            )
        elif one is not None:
            found.append(one)
    return found, problems


def _candidates(workspace: Workspace, year: int) -> Iterator[tuple[Path, bool]]:
    """Paths to look at; True where a person put the file there for us."""
    folder = workspace.outputs(year)
    if workspace.reviewed.is_dir():
        for path in _files(workspace.reviewed):
            if path.name not in (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep"):
                yield path, True
    if folder.is_dir():
        for path in _files(folder):
            relative = path.relative_to(folder)
            ours = relative.parts[0] == KEPT or write.is_ours(relative.as_posix())
            if _locked(path) is not None or (ours and path.suffix.lower() in (*WORD, *SHEET)):
                yield path, False


def _files(folder: Path) -> list[Path]:
    return sorted(
        (p for p in folder.rglob("*") if p.is_file()), key=lambda p: unicodedata.normalize("NFC", p.as_posix())
    )


def _locked(path: Path) -> str | None:
    """The name of the document that a lock file belongs to, "" where it cannot be told; None for any other file."""
    name = path.name
    if name.startswith(".~lock.") and name.endswith("#"):
        return name.removeprefix(".~lock.").removesuffix("#")
    if name.startswith(("~$", ".~")):
        tail = name[2:]
        beside = (p.name for p in sorted(path.parent.iterdir()) if not p.name.startswith(("~$", ".~")))
        return next((other for other in beside if other == tail or other[2:] == tail), tail)
    return None


def _returned(relative: str, content: Opened) -> Returned | None:
    if content.kind is None:
        return None
    year = content.properties.get("年度", "")
    ours = content.who == AUTHOR
    origin = Origin(
        path=relative,
        department=content.properties.get("单位", ""),
        year=int(year) if year.isascii() and year.isdecimal() else None,
        run=content.properties.get("运行", ""),
        who="" if ours else content.who,
        when="" if ours and content.when.endswith("T00:00:00Z") else content.when,
    )
    return Returned(origin, content.kind, content)
