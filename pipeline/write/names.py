"""Names of folders and files under outputs/YYYY/, which of them are the program's, and whether a person changed one."""

import re
import unicodedata
from pathlib import PurePosixPath

from pipeline.write.templates import CHECKLIST, SCHOOL, SHEET, SUMMARY

ROLL_UP, REVIEW_LIST, PAGE = "全校汇总.xlsx", "审阅清单.xlsx", "index.html"
SCORES = SHEET.removesuffix(".docx") + ".xlsx"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")  # Windows keeps these for devices
_DATA = {"run.json", "guideline.json", "evidence.jsonl", "scores.json", "changes.json", "run.log"}
_FIXED = {CHECKLIST, SCHOOL, ROLL_UP, REVIEW_LIST, PAGE}
_YEARLY = re.compile(rf"\d{{4}}(?:{'|'.join(map(re.escape, (SUMMARY, SHEET, SCORES)))})")


def folder_name(department: str) -> str:
    """The folder of a department's outputs: its name as every system can have it."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", department)).strip(" .")
    if not name:
        return "未命名单位"
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def is_ours(relative: str) -> bool:
    """Whether a path below outputs/YYYY is one that a run writes, `…（新）` beside an open one included."""
    path = PurePosixPath(relative)
    if len(path.parts) > 2:
        return False
    name = path.stem.removesuffix("（新）") + path.suffix
    return name in _FIXED or _YEARLY.fullmatch(name) is not None or (len(path.parts) == 1 and name in _DATA)


def is_edited(name: str, data: bytes) -> bool:
    """Whether a Word or Excel file differs from what the program wrote, by the hash inside it; no other file is asked."""
    from pipeline.write import package, workbook

    if name.endswith(".docx"):
        return not package.is_untouched(data)
    return name.endswith(".xlsx") and workbook.is_untouched(data) is not True
