"""Who is asked to report: the roster inputs/departments.xlsx, and which folder belongs to which line of it.

A folder is matched to a line by its name or an alias, tolerantly: width, case and blanks do not count, nor do the
ends that people leave out (党总支, 党委 …), a serial number in front, or words such as 报送材料 behind. A name that fits
two lines fits none: the folder then stands for itself, as one that the roster does not know.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import UnusableWorkspace
from pipeline.intake.data import intake_data
from pipeline.intake.packed import visible
from pipeline.model import DepartmentInfo, SourceFile
from pipeline.ooxml.package import UnusablePackage
from pipeline.ooxml.workbook import rows_of
from pipeline.text import fold
from pipeline.workspace import Workspace

_SERIAL = re.compile(r"^\s*(第?[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3}(?=[、.．]))[号]?[\s、.．_—\-]*(?=\D)")
_BRACKETS = re.compile(r"[（(\[【〔][^（()）\[\]【】〔〕]*[）)\]】〕]\s*$")
_YEAR = re.compile(r"(19|20)\d\d(\s*年度?)?")
_SEPARATORS = re.compile(r"[、,，;；/|\n]+|\s{2,}")
_HEADER_ROWS = 10  # a title and a remark or two may stand above the header
_BRACKET_PAIR = re.compile(r"[（(\[【〔].*?[）)\]】〕]")


@dataclass(frozen=True)
class Roster:
    """The departments that are asked to report, in the roster's order."""

    listed: tuple[DepartmentInfo, ...]
    folders: "dict[str, str]"  # folder as shown → the department it stands for

    def department(self, folder: str) -> str:
        """The department that a folder directly under submissions stands for."""
        return self.folders.get(folder, folder)


def load_roster(workspace: Workspace) -> Roster:
    """The roster (empty where there is none) matched with the folders; raises UnusableWorkspace where it is unreadable."""
    listed = read_roster(workspace.roster) if workspace.roster.is_file() else ()
    try:
        folders = (visible(entry.name) for entry in workspace.submissions.iterdir() if entry.is_dir())
        names = sorted(name for name in folders if name not in intake_data().leftover.folders)
    except OSError:
        names = []
    return Roster(listed, match(listed, names))


def departments(workspace: Workspace, files: Sequence[SourceFile]) -> list[DepartmentInfo]:
    """All departments: those of the roster in its order, then the folders it does not know, sorted by name."""
    roster = load_roster(workspace)
    known = {info.name for info in roster.listed}
    others = {roster.department(folder) for folder in roster.folders} | {f.department for f in files if f.department}
    return [*roster.listed, *(DepartmentInfo(name) for name in sorted(others - known))]


def match(listed: Sequence[DepartmentInfo], folders: Iterable[str]) -> dict[str, str]:
    """Which department each folder stands for. Folders that differ only in case, width or blanks are one department."""
    result: dict[str, str] = {}
    own: dict[str, str] = {}
    steps = [_index(listed, key) for key in (_plain, _core, _bare)]
    for folder in folders:
        found = next(
            (
                index[key(folder)]
                for index, key in zip(steps, (_plain, _core, _bare), strict=True)
                if key(folder) in index
            ),
            None,
        )
        result[folder] = found if found is not None else own.setdefault(_plain(folder), folder)
    return result


def _index(listed: Sequence[DepartmentInfo], key: Any) -> dict[str, str]:
    """Keys that name exactly one department, its own name before its aliases."""
    owners: dict[str, set[str]] = {}
    for info in listed:
        for name in (info.name, *info.aliases):
            if key(name):
                owners.setdefault(key(name), set()).add(info.name)
    result = {k: next(iter(names)) for k, names in owners.items() if len(names) == 1}
    own = [key(info.name) for info in listed]
    return result | {key(info.name): info.name for info in listed if key(info.name) and own.count(key(info.name)) == 1}


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _core(name: str) -> str:
    """The name without what the organisation's form adds (信息工程学院党总支 → 信息工程学院)."""
    name = _plain(name)
    for word in intake_data().department.organisation:
        name = name.removesuffix(word) or name
    for word in ("中国共产党", "中共"):
        name = name.removeprefix(word) or name
    return name


def _bare(name: str) -> str:
    """The core of a folder's name without serial number, year, brackets and wrapping words."""
    name = _SERIAL.sub("", unicodedata.normalize("NFKC", name)).strip(" _-—")
    while (shorter := _BRACKETS.sub("", name).strip(" _-—")) != name and shorter:
        name = shorter
    name = _plain(_YEAR.sub("", name)).strip("_-—·.")
    changed = True
    while changed:
        changed = False
        for word in intake_data().department.wrapping:
            shorter = name.removesuffix(word).strip("_-—·.")
            if shorter != name and shorter:
                name, changed = shorter, True
    return _core(name)


# ---------------------------------------------------------------- the workbook


def read_roster(path: Path) -> tuple[DepartmentInfo, ...]:
    """The lines of a roster workbook; raises UnusableWorkspace naming what is wrong."""
    try:
        sheets = rows_of(path.read_bytes())
    except (OSError, UnusablePackage) as error:
        why = str(error).rstrip("。") if isinstance(error, UnusablePackage) else f"打不开（{error.strerror}）"
        raise UnusableWorkspace(
            f"inputs/{path.name}：{why}。请用 Excel 打开检查并另存为 .xlsx，或删去它，改以文件夹名为准。"
        ) from error
    for lines in sheets.values():
        rows = [[fold(str(cell)) if cell is not None else "" for cell in line] for line in lines]
        for i, row in enumerate(rows[:_HEADER_ROWS]):
            columns = _columns(row)
            if "name" in columns and (sum(map(bool, row)) > 1 or row[columns["name"]] in intake_data().department.name):
                return _distinct(_info(line, columns) for line in rows[i + 1 :] if _cell(line, columns["name"]))
    raise UnusableWorkspace(
        f"inputs/{path.name} 里没有找到“单位名称”一列：请在表头写明单位名称（可另有简称、书记、院长等列），每个单位一行。"
    )


def _columns(header: Sequence[str]) -> dict[str, int]:
    data = intake_data().department
    fields = {
        "aliases": data.aliases,
        "secretary": data.secretary,
        "unit_type": data.unit_type,
        "name": data.name,
        "dean": data.dean,
    }
    found: dict[str, int] = {}
    for field, words in fields.items():
        for word in words:
            place = next((i for i, cell in enumerate(header) if word in cell and i not in found.values()), None)
            if place is not None:
                found[field] = place
                break
    return found


def _cell(row: Sequence[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _info(row: Sequence[str], columns: dict[str, int]) -> DepartmentInfo:
    aliases = tuple(a for a in map(str.strip, _SEPARATORS.split(_cell(row, columns.get("aliases")))) if a)
    return DepartmentInfo(
        name=visible(_cell(row, columns["name"])),
        aliases=aliases,
        secretary=_cell(row, columns.get("secretary")),
        dean=_cell(row, columns.get("dean")),
        unit_type=_cell(row, columns.get("unit_type")),
        listed=True,
    )


def _distinct(infos: Iterable[DepartmentInfo]) -> tuple[DepartmentInfo, ...]:
    """One line a department: a name that stands there twice counts once."""
    kept: dict[str, DepartmentInfo] = {}
    for info in infos:
        kept.setdefault(_plain(info.name), info)
    return tuple(kept.values())


def write_roster_template(path: Path) -> None:
    """A roster to fill in, with one line as an example that `read_roster` leaves out once it is overwritten."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "单位名单"
    sheet.append(["序号", "单位名称", "简称或曾用名（用、隔开）", "党组织书记", "院长（系主任）", "单位类型", "备注"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    for letter, width in zip("ABCDEFG", (6, 32, 32, 14, 14, 14, 24), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    book.save(path)
