"""From passages to facts: dates, events, claims and contradictions of one department."""

from collections.abc import Sequence

from pipeline.facts.dates import DateFault, FoundDate, find_dates
from pipeline.model import DepartmentInfo, Evidence, Facts, Guideline

__all__ = ["DateFault", "FoundDate", "find_dates", "find_facts"]


def find_facts(info: DepartmentInfo, evidence: Sequence[Evidence], guideline: Guideline, year: int) -> Facts:
    """What one department's evidence says happened."""
    return Facts()
