"""From the reference guideline, which the shipped labels mean, to the guideline in use.

An indicator whose text is the reference's, whatever its code, takes the reference's scores as they are; so do reworded
and moved ones. An indicator that is new is reached from its text alone: by the words it shares with the passage, and by
what the classifier makes of both (a passage and an indicator that remind it of the same reference indicators belong
together).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from pipeline.mapping.examples import NONE, Example, Reference, reference
from pipeline.model import Guideline
from pipeline.text import normal

Array = NDArray[np.float64]

SAME = (
    75.0  # per cent of characters in common and in order; the 2023 and 2024 wordings of one indicator share 80 and more
)


@dataclass(frozen=True)
class Transfer:
    """`labels`: the guideline's codes and `none`. `reference_labels`: what the classifier is learnt with: the
    reference's codes, `none`, and the guideline's new codes. `source[j]`: the reference column label j takes."""

    labels: tuple[str, ...]
    reference_labels: tuple[str, ...]
    source: tuple[int, ...]
    new: tuple[int, ...]  # places in `labels` of indicators that no reference indicator matches
    texts: dict[str, str]  # label the classifier knows -> the indicator's text
    above: tuple[str, ...]  # the second level's text of every new indicator
    known: int  # how many of `reference_labels` are the reference's codes; `none` follows them

    def to_reference(self, example: Example) -> Example:
        """A decision's code, which is the guideline's own, as the classifier's label; shipped examples as they are."""
        if example.fold != "decisions":
            return example
        place = self.labels.index(example.label)
        return replace(example, label=self.reference_labels[self.source[place]])

    def clauses(self, at: re.Pattern[str]) -> list[Example]:
        """The indicators' own text, clause by clause, as examples."""
        return [
            Example(f"{label}#{serial}", clause, label, (), "", "指南", "paragraph", "", "指南", "indicators")
            for label, text in sorted(self.texts.items())
            for serial, clause in enumerate(
                [text, *(part for part in at.split(text) if len(part) >= 6 and part != text)]
            )
        ]

    def scores(self, base: Array) -> Array:
        """The classifier's scores, over `labels`."""
        return base[:, list(self.source)]


def transfer(guideline: Guideline, known: Sequence[Reference] | None = None) -> Transfer:
    """Match the guideline's third level with the reference's, each of which is used once, best matches first."""
    thirds = guideline.thirds()
    known = reference() if known is None else known
    pairs = sorted(
        ((fuzz.ratio(normal(third.text), normal(old.text)), -j, -k)
         for j, third in enumerate(thirds) for k, old in enumerate(known)),
        reverse=True,
    )  # fmt: skip
    matched: dict[int, int] = {}
    for share, minus_j, minus_k in pairs:
        j, k = -minus_j, -minus_k
        if share >= SAME and j not in matched and k not in matched.values():
            matched[j] = k
    new = tuple(j for j in range(len(thirds)) if j not in matched)
    reference_labels = (*(old.code for old in known), NONE, *(f"新{thirds[j].code}" for j in new))
    place = {label: i for i, label in enumerate(reference_labels)}
    source = [matched[j] if j in matched else place[f"新{third.code}"] for j, third in enumerate(thirds)]
    texts = {old.code: old.text for old in known}
    texts |= {known[k].code: thirds[j].text for j, k in matched.items()}
    texts |= {f"新{thirds[j].code}": thirds[j].text for j in new}
    parents = {i.code: i.text for i in guideline.indicators}
    above = tuple(parents.get(thirds[j].parent or "", "") for j in new)
    return Transfer(
        (*(t.code for t in thirds), NONE), reference_labels, (*source, place[NONE]), new, texts, above, len(known)
    )
