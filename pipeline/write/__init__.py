"""Everything that a run prints: Word documents, workbooks, the page. Nothing in them is invented.

A department's documents come from its dossier alone, the school's from the summaries, so that memory holds one
department however many there are.
"""

from collections.abc import Iterator

from pipeline.model import Dossier, Edition
from pipeline.settings import Settings
from pipeline.write.checklist import checklist_document
from pipeline.write.common import Rules
from pipeline.write.compose import compose
from pipeline.write.frames import frames
from pipeline.write.package import is_untouched
from pipeline.write.sheet import sheet_document
from pipeline.write.summary import summary_document
from pipeline.write.templates import CHECKLIST, SHEET, SUMMARY, Templates, check_templates, open_templates

__all__ = ["Templates", "check_templates", "department_documents", "frames", "is_untouched", "open_templates"]


def department_documents(
    dossier: Dossier, edition: Edition, rubric: Rules, settings: Settings, templates: Templates
) -> Iterator[tuple[str, bytes]]:
    """File names and bytes of one department's documents."""
    problems = compose(dossier, edition, settings.writing).problem_characters
    yield f"{edition.year}{SUMMARY}", summary_document(dossier, edition, rubric, settings, templates)
    yield f"{edition.year}{SHEET}", sheet_document(dossier, edition, rubric, templates)
    yield CHECKLIST, checklist_document(dossier, edition, rubric, settings, templates, problems)
