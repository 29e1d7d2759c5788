"""From passages to facts: dates, events, claims and contradictions of one department.

Words are data (data/events.toml). Nothing here depends on where the mapping filed a passage, except that what a
reviewer struck out is not counted.
"""

from pipeline.facts.dates import DateFault, FoundDate, find_dates
from pipeline.facts.find import find_facts, with_dates

__all__ = ["DateFault", "FoundDate", "find_dates", "find_facts", "with_dates"]
