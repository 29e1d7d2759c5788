"""The guideline compiler: any three-level guideline becomes a tree of indicators and checkable requirements."""

from pipeline.guideline.load import find, load
from pipeline.guideline.render import as_json

__all__ = ["as_json", "find", "load"]
