"""Passages to indicators: what the source says first, then a classifier that knows when it does not know.

`open_mapper` learns (or takes from a cache) a `Mapper`; `Mapper.file` files one document. `classify` and `evaluate` are
the commands of the same names.
"""

from pipeline.mapping.commands import classify, evaluate
from pipeline.mapping.mapper import LazyMapper, Mapper, open_mapper
from pipeline.mapping.queue import review_order

__all__ = ["LazyMapper", "Mapper", "classify", "evaluate", "open_mapper", "review_order"]
