"""Names of folders and files under outputs/YYYY/, and which of them are the program's."""

import re
import unicodedata
from pathlib import PurePath

from pipeline.write import package, workbook
from pipeline.write.templates import CHECKLIST, SCHOOL, SHEET, SUMMARY

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_OURS = {
    CHECKLIST,
    SCHOOL,
    "全校汇总.xlsx",
    "审阅清单.xlsx",
    "index.html",
    "evidence.jsonl",
    "guideline.json",
    "scores.json",
}
_YEARLY = re.compile(rf"\d{{4}}(?:{re.escape(SUMMARY)}|{re.escape(SHEET.removesuffix('.docx'))}\.(?:docx|xlsx))")


def folder_name(department: str) -> str:
    """The folder of a department's outputs: its name, without what Windows forbids in one."""
    name = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", department)).strip(" .")
    return name or "未命名单位"


def is_ours(path: PurePath) -> bool:
    """Whether a file of this name is one that a run writes."""
    return path.name in _OURS or _YEARLY.fullmatch(path.name) is not None


def is_untouched(name: str, data: bytes) -> bool:
    """Whether a Word or Excel file is as the program wrote it; another kind of file never was."""
    if name.endswith(".docx"):
        return package.is_untouched(data)
    return name.endswith(".xlsx") and workbook.is_untouched(data) is True
