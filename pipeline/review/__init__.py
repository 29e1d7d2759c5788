"""Review: what a person decided comes back, counts, and lasts."""

from pipeline.review.carry import Carried, carry_over, in_force, recall, teaching, unheeded
from pipeline.review.decisions import load_decisions, read_decisions
from pipeline.review.honour import decided_grades, honour, open_conflicts, open_duplicates
from pipeline.review.numbers import assign_numbers

__all__ = [
    "Carried",
    "assign_numbers",
    "carry_over",
    "decided_grades",
    "honour",
    "in_force",
    "load_decisions",
    "open_conflicts",
    "open_duplicates",
    "read_decisions",
    "recall",
    "teaching",
    "unheeded",
]
