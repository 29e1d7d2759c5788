"""The guideline compiler: any three-level guideline becomes a tree of indicators and checkable requirements."""

from pipeline.guideline.check import check
from pipeline.guideline.diff import carry, diff, requirement_words
from pipeline.guideline.diff_word import diff_docx
from pipeline.guideline.load import find, load
from pipeline.guideline.render import as_json, diff_text, show_text

__all__ = [
    "as_json",
    "carry",
    "check",
    "diff",
    "diff_docx",
    "diff_text",
    "find",
    "load",
    "requirement_words",
    "show_text",
]
