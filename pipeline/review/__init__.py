"""Review: what a person decided comes back, counts, and lasts."""

from pipeline.review.decisions import load_decisions
from pipeline.review.honour import honour
from pipeline.review.numbers import assign_numbers

__all__ = ["assign_numbers", "honour", "load_decisions"]
