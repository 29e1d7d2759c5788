"""Indicators that no example was labelled with, reached from their text alone.

Three things say that a passage belongs under a text: shared words (TF-IDF over the same n-grams as the classifier's),
the same likeness to the reference's indicators (what the classifier makes of the passage and of the text, compared by
angle), and shared notions of the field (`mapping-vocabulary.toml`). Each alone is weak and they err differently; their
weights are in `mapping.toml`, measured on a branch guideline and on reference indicators whose examples were withheld.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.mapping import classifier, features
from pipeline.mapping.figures import figures
from pipeline.settings import data_text

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Unseen:
    """Scores passages against texts; columns are the new indicators in the guideline's order."""

    texts: Any  # CSR, the texts' features
    placed: Any  # CSR, the same with the second level's text added
    profiles: Array
    notions: Array
    judged: int  # how many of the classifier's labels a profile is made of: the reference's codes
    square: float  # the squared length of a feature row

    def scores(self, matrix: Any, base: Array, canonical: Sequence[str]) -> Array:
        """`matrix`: the passages' features; `base`: the classifier's scores of them."""
        weight = figures().unseen
        words = np.asarray((matrix @ self.texts.T).todense()) / self.square
        place = np.asarray((matrix @ self.placed.T).todense()) / self.square
        alike = profiles(base, self.judged) @ self.profiles.T
        shared = _unit(notions(canonical)) @ self.notions.T
        return np.asarray(
            weight.scale * (words + weight.place * place + weight.profile * alike + weight.notions * shared)
        )


def prepare(
    texts: Sequence[str],
    seconds: Sequence[str],
    vectoriser: features.Vectoriser,
    model: classifier.Machine,
    judged: int,
) -> Unseen:
    """`texts` of the new indicators, `seconds`: the text of the level above each; `judged`: the reference's codes."""
    own = [features.canonical(text) for text in texts]
    placed = [features.canonical(text + second) for text, second in zip(texts, seconds, strict=True)]
    matrix = vectoriser.transform(own)
    return Unseen(
        matrix,
        vectoriser.transform(placed),
        profiles(model.scores(matrix), judged),
        _unit(notions(own)),
        judged,
        vectoriser.square,
    )


def profiles(base: Array, judged: int) -> Array:
    """Unit rows: how much a text reminds the classifier of each reference indicator."""
    return _unit(np.maximum(base[:, :judged] - figures().unseen.floor, 0.0))


def notions(canonical: Sequence[str]) -> Array:
    """How often each notion of the field is named, damped, rarer notions counting more."""
    rows = np.zeros((len(canonical), len(_vocabulary())))
    for i, text in enumerate(canonical):
        for k, words in enumerate(_vocabulary()):
            rows[i, k] = sum(word in text for word in words)
    return np.log1p(rows)


@cache
def _vocabulary() -> tuple[tuple[str, ...], ...]:
    table = tomllib.loads(data_text("mapping-vocabulary.toml"))["notions"]
    return tuple(tuple(features.canonical(word) for word in words) for words in table.values())


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))
