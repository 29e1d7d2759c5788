"""How far a passage's place moves its scores: the nearest name that says something, then the best of the farther ones.

Near are the innermost heading and the sheet; far are the outer headings, the document's title, the file and its folders
below the department's. What the names say is learnt in `headings`; the weights are figures of `mapping.toml`. The rows
of one table lean to each other: a ledger mostly keeps one matter.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from pipeline.mapping import headings
from pipeline.mapping.figures import figures
from pipeline.mapping.furniture import is_furniture
from pipeline.mapping.judge import Judge
from pipeline.model import Document, Passage

Array = NDArray[np.float64]
_ABOVE = 3  # inputs, submissions and the department's folder say nothing about the indicator


def pushes(judge: Judge, path: str, document: Document) -> Array:
    """What is added to the scores, a row a passage, a column a label of the judge."""
    common = _common(path, document)
    places = [_places(passage, common) for passage in document.passages]
    names = sorted({name for near, far in places for name in (*near, *far)})
    if not names:
        return np.zeros((len(places), len(judge.labels)))
    said = dict(zip(names, _leanings(judge, names), strict=True))
    weights = figures().context
    rows = [weights.near * _strongest(near, said) + weights.far * _strongest(far, said) for near, far in places]
    return np.stack([np.broadcast_to(row, (len(judge.labels),)) for row in rows])


def among_rows(passages: Sequence[Passage], confidences: Array) -> Array:
    """What is added to the scores of table rows for what the other rows of their table turned out to be."""
    weights = figures().context
    tables: dict[tuple[object, ...], list[int]] = {}
    for i, passage in enumerate(passages):
        if passage.kind == "row" and not is_furniture(passage):
            place = passage.locator
            tables.setdefault((place.sheet, place.page, place.table, passage.heading), []).append(i)
    found = np.zeros_like(confidences)
    even = 1 / confidences.shape[1]
    for rows in tables.values():
        if len(rows) >= _ROWS_THAT_SAY:
            others = (confidences[rows].sum(axis=0) - confidences[rows]) / (len(rows) - 1)
            believed = (1 - weights.rows_doubt) * others + weights.rows_doubt * even
            found[rows] = weights.rows * np.log(believed / even)
    return found


_ROWS_THAT_SAY = 5  # fewer rows have no matter in common that could be told from chance


def _common(path: str, document: Document) -> tuple[str, ...]:
    parts = PurePosixPath(path.replace("!/", "/")).parts[_ABOVE:]
    return (document.title, *reversed(parts))


def _places(passage: Passage, common: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    inner = passage.heading[-1:]
    near = (*inner, passage.locator.sheet or "")
    far = (*passage.heading[:-1], *common)
    return tuple(n for n in near if n), tuple(n for n in dict.fromkeys(far) if n and n not in near)


def _strongest(names: Sequence[str], said: dict[str, Array]) -> Array | float:
    """What the name says that says most; the sum of two names would count one matter twice."""
    return max((said[name] for name in names), key=lambda row: float(row.max()), default=0.0)


def _leanings(judge: Judge, names: Sequence[str]) -> Array:
    """A row a name, over the judge's labels. Indicators that the names were not written for are reached as passages."""
    weights = figures().context
    codes = judge.transfer.reference_labels[: judge.transfer.known]
    if judge.unseen is None:
        found = headings.leaning(headings.reader(codes).shares(names), codes)
        return found[:, list(judge.transfer.source)]
    hints, _ = judge.scores(names)
    hints[:, -1] = 0.0
    return np.asarray(weights.unseen * np.maximum(hints, 0.0))
