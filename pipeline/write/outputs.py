"""Every file of a run by name: which document goes where, what is ours, and whether a person has changed it.

A new output is one line here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from pipeline import write
from pipeline.model import DepartmentSummary, Dossier, Duplicate, Edition
from pipeline.scoring import Rubric
from pipeline.settings import Settings
from pipeline.write import package, workbook
from pipeline.write.templates import Templates

_UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\u200e\u200f\u202a-\u202e]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_OURS = re.compile(r"(\d{4}年度双创(工作总结|评分表)|补充材料清单|全校汇总|全校工作总结|审阅清单|index)(（新）)?\.(docx|xlsx|html)")
_DATA = ("run.json", "guideline.json", "evidence.jsonl", "scores.json", "changes.json", "run.log")


def folder_name(department: str) -> str:
    """A department's name as a folder that every system can have (Windows reserves some names and characters)."""
    name = _UNSAFE.sub("_", department).strip().rstrip(".")
    return f"_{name}" if not name or _RESERVED.fullmatch(name) else name


def department_files(
    dossier: Dossier, edition: Edition, rubric: Rubric, settings: Settings, templates: Templates
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of one department's files."""
    from pipeline.write.score_sheet import score_sheet

    yield from write.department_documents(dossier, edition, rubric, settings, templates)
    yield f"{edition.year}年度双创评分表.xlsx", score_sheet(dossier, edition, rubric)


def school_files(
    summaries: Sequence[DepartmentSummary],
    duplicates: Sequence[Duplicate],
    dossiers: Callable[[], Iterable[Dossier]],
    edition: Edition,
    rubric: Rubric,
    templates: Templates,
) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the school's files; `dossiers` gives them anew, one held at a time."""
    from pipeline.write.review_list import review_list
    from pipeline.write.roll import roll_up
    from pipeline.write.school import school_document
    from pipeline.write.webpage import page

    yield "全校工作总结.docx", school_document(summaries, edition, rubric, templates)
    yield "全校汇总.xlsx", roll_up(summaries, duplicates, edition, rubric)
    yield "审阅清单.xlsx", review_list(dossiers(), duplicates, edition)
    yield "index.html", "".join(page(summaries, dossiers(), duplicates, edition, rubric)).encode()


def is_edited(name: str, data: bytes) -> bool:
    """Whether a Word or Excel file differs from what the program wrote, by the hash inside it."""
    if name.endswith(".docx"):
        return not package.is_untouched(data)
    return name.endswith(".xlsx") and workbook.is_untouched(data) is not True


def is_ours(relative: str) -> bool:
    """Whether a path below outputs/YYYY is one that a run writes."""
    path = PurePosixPath(relative)
    if len(path.parts) == 1 and path.name in _DATA:
        return True
    return len(path.parts) <= 2 and _OURS.fullmatch(path.name) is not None
