"""Which passages of which documents are the same but for a few words: an index of marks, never all pairs.

Passages that share one of their least marks meet in a group; within a group pairs are checked on all marks. Groups
that are too large (a form's fixed words), and texts that most departments have (a notice sent to all), are left out,
so the work grows with the number of passages: 100,000 documents of 60 passages are sorted once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.intake.data import Copying, Fingerprints, intake_data
from pipeline.intake.signature import Signature

_LEADING = (
    3  # marks that are indexed: two passages with 6 of 8 in common share one of the three least in 99 of 100 cases
)


@dataclass
class Overlap:
    """What two documents share: of each the passages (by number), as pairs in the order of the first."""

    first: Signature
    second: Signature
    pairs: list[tuple[int, int]] = field(default_factory=list)

    def share(self) -> float:
        """Of the shorter document's longer passages, by characters."""
        return max(self.share_of(self.first, 0), self.share_of(self.second, 1))

    def share_of(self, one: Signature, side: int) -> float:
        """How much of one document stands in the other."""
        same = {pair[side] for pair in self.pairs}
        total = sum(one.weights)
        return sum(one.weights[i] for i in same) / total if total else 0.0

    def longest(self) -> int:
        """Characters of the longest passage that both have."""
        return max((min(self.first.weights[a], self.second.weights[b]) for a, b in self.pairs), default=0)


def overlaps(signatures: Sequence[Signature], departments: int) -> list[Overlap]:
    """Every two documents that share a passage, in the order of the signatures; `departments`: how many there are."""
    data, copying = intake_data().fingerprints, intake_data().duplicates
    marks, owner, number = _table(signatures, data)
    if not len(marks):
        return []
    groups = [group for group in _groups(marks) if len(group) <= data.group * 8]
    names = [one.department for one in signatures]
    found: dict[tuple[int, int], Overlap] = {}
    seen: set[tuple[int, int]] = set()
    for group in groups:
        if _is_boilerplate([names[owner[i]] for i in group], departments, copying) or len(group) > data.group:
            continue
        for a, b in _matching(group, marks, owner, data, seen):
            pair = (int(owner[a]), int(owner[b]))
            overlap = found.setdefault(pair, Overlap(signatures[pair[0]], signatures[pair[1]]))
            overlap.pairs.append((int(number[a]), int(number[b])))
    for overlap in found.values():
        overlap.pairs.sort()
    return [found[pair] for pair in sorted(found)]


def _table(
    signatures: Sequence[Signature], data: Fingerprints
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """All passages as rows of marks, and which document and which of its passages each row is."""
    rows = [np.frombuffer(one.marks, dtype=">u4").reshape(-1, data.marks) for one in signatures]
    sizes = [len(row) for row in rows]
    marks = np.concatenate(rows).astype(np.uint32) if rows else np.zeros((0, data.marks), np.uint32)
    owner = np.repeat(np.arange(len(rows)), sizes)
    number = np.concatenate([np.arange(size) for size in sizes]) if rows else np.zeros(0, np.int64)
    return marks, owner, number


def _groups(marks: NDArray[np.uint32]) -> list[NDArray[np.int64]]:
    """Rows that share one of their leading marks, each group ascending, groups in the order of their marks."""
    keys = marks[:, :_LEADING].ravel()
    rows = np.repeat(np.arange(len(marks)), _LEADING)
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    ends = np.r_[starts[1:], len(keys)]
    many = (ends - starts) > 1
    return [rows[s:e] for s, e in zip(starts[many], ends[many], strict=True) if keys[s] != 0xFFFFFFFF]


def _is_boilerplate(departments: Sequence[str], all_departments: int, copying: Copying) -> bool:
    having = len(set(departments))
    return having >= copying.boilerplate_departments and having >= copying.boilerplate_share * all_departments


def _matching(
    group: NDArray[np.int64],
    marks: NDArray[np.uint32],
    owner: NDArray[np.int64],
    data: Fingerprints,
    seen: set[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Pairs of rows of different documents that share enough marks and were not found through another mark."""
    own = marks[group]
    equal = (own[:, None, :, None] == own[None, :, None, :]) & (own[:, None, :, None] != 0xFFFFFFFF)
    common = equal.any(axis=3).sum(axis=2)
    have = (own != 0xFFFFFFFF).sum(axis=1)
    needed = np.minimum(data.alike, np.minimum(have[:, None], have[None, :]))
    result = []
    for i, j in np.argwhere(np.triu(common >= needed, 1)):
        a, b = int(group[i]), int(group[j])
        if owner[a] != owner[b] and (a, b) not in seen:
            seen.add((a, b))
            result.append((a, b))
    return result
