"""Everything that a run prints: Word documents, workbooks, the page. Nothing in them is invented.

A department's documents come from its dossier alone; the school's from the summaries, with dossiers passing by one at
a time, so that memory holds one department however many there are.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from pipeline.model import DepartmentSummary, Dossier, Duplicate, Edition
from pipeline.settings import Settings
from pipeline.write.common import printed_rubric
from pipeline.write.frames import frames
from pipeline.write.names import PAGE, REVIEW_LIST, ROLL_UP, SCORES, folder_name, is_edited, is_ours
from pipeline.write.templates import CHECKLIST, SCHOOL, SHEET, SUMMARY, Templates, check_templates, open_templates

if TYPE_CHECKING:
    from pipeline.scoring import Rubric

__all__ = [
    "Templates",
    "check_templates",
    "department_documents",
    "folder_name",
    "frames",
    "is_edited",
    "is_ours",
    "open_templates",
    "printed_rubric",
    "school_documents",
]


def department_documents(
    dossier: Dossier, edition: Edition, rubric: "Rubric", settings: Settings, templates: Templates
) -> Iterator[tuple[str, bytes]]:
    """File names and bytes of one department's documents."""
    from pipeline.write.checklist import checklist_document
    from pipeline.write.compose import compose
    from pipeline.write.score_sheet import score_sheet
    from pipeline.write.sheet import sheet_document
    from pipeline.write.summary import summary_document

    summary = compose(dossier, edition, settings.writing)
    yield f"{edition.year}{SUMMARY}", summary_document(summary, dossier, edition, rubric, templates)
    yield f"{edition.year}{SHEET}", sheet_document(dossier, edition, rubric, templates)
    yield f"{edition.year}{SCORES}", score_sheet(dossier, edition, rubric)
    yield CHECKLIST, checklist_document(dossier, edition, rubric, settings, templates, summary)


def school_documents(
    summaries: Sequence[DepartmentSummary],
    duplicates: Sequence[Duplicate],
    dossiers: Callable[[], Iterator[Dossier]],
    edition: Edition,
    rubric: "Rubric",
    settings: Settings,
    templates: Templates,
) -> Iterator[tuple[str, bytes]]:
    """File names and bytes of the school's documents. `dossiers` gives the departments of `summaries`, in their order."""
    from pipeline.write.review_list import review_list
    from pipeline.write.roll import roll_up
    from pipeline.write.school import school_document
    from pipeline.write.webpage import page

    yield SCHOOL, school_document(summaries, edition, rubric, templates)
    yield ROLL_UP, roll_up(summaries, duplicates, edition, rubric)
    yield REVIEW_LIST, review_list(dossiers(), duplicates, edition, settings.review)
    yield PAGE, "".join(page(summaries, dossiers(), duplicates, edition, rubric)).encode()
