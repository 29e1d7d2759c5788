"""Review: what a person decided comes back, counts, and lasts."""

from pipeline.review.carry import Carried, carry_over, in_force, recall, teaching, unheeded
from pipeline.review.decisions import load_decisions, read_decisions
from pipeline.review.doubles import Doubles, open_conflicts, settle_doubles
from pipeline.review.honour import decided_grades, honour
from pipeline.review.numbers import assign_numbers

__all__ = [
    "Carried",
    "Doubles",
    "assign_numbers",
    "carry_over",
    "decided_grades",
    "honour",
    "in_force",
    "load_decisions",
    "open_conflicts",
    "read_decisions",
    "recall",
    "settle_doubles",
    "teaching",
    "unheeded",
]
