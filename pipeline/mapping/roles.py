"""What a passage says (CONTRACT: `role`): profile, done, result, problem, plan, rule, other.

Two views add up: a small kernel ridge regression over words, character pairs and the patterns' hits, learnt from
`data/mapping-role-examples.toml`, and the patterns themselves with their weights, of the passage's words and of its
place (`data/mapping-roles.toml`).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.mapping import classifier, features
from pipeline.mapping.classifier import Array
from pipeline.model import Role
from pipeline.settings import data_text

ROLES: tuple[Role, ...] = ("rule", "plan", "problem", "result", "done", "profile", "other")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The role, and the words that led there (empty where the document's kind alone did)."""

    role: Role
    words: str


@dataclass(frozen=True)
class _Patterns:
    words: tuple[tuple[Role, re.Pattern[str], float], ...]
    places: tuple[tuple[Role, re.Pattern[str], float], ...]
    rules: float
    hits: float
    ridge: float
    orders: dict[int, float]


@dataclass(frozen=True)
class _Learnt:
    vectoriser: features.Vectoriser
    machine: classifier.Machine


@cache
def _patterns() -> _Patterns:
    table = tomllib.loads(data_text("mapping-roles.toml"))

    def rows(name: str) -> tuple[tuple[Role, re.Pattern[str], float], ...]:
        return tuple((row["role"], re.compile(row["pattern"]), float(row["weight"])) for row in table[name])

    figure = table["figures"]
    return _Patterns(
        rows("words"),
        rows("places"),
        float(figure["rules"]),
        float(figure["hits"]),
        float(figure["ridge"]),
        {int(order): float(weight) for order, weight in figure["orders"].items()},
    )


def shipped() -> tuple[tuple[str, Role, str], ...]:
    """The labelled passages: kind of writing, role, text."""
    table = tomllib.loads(data_text("mapping-role-examples.toml"))
    return tuple((kind, role, text) for kind, roles in table.items() for role, texts in roles.items() for text in texts)


@cache
def _learnt() -> _Learnt:
    return learn(shipped())[0]


def learn(examples: Sequence[tuple[str, Role, str]]) -> tuple[_Learnt, Array]:
    """The classifier of roles, and the scores of its examples with their kind of writing left out."""
    known = _patterns()
    texts = [text for _, _, text in examples]
    canonical = [features.canonical(text) for text in texts]
    vectoriser, _ = features.fit(canonical, known.orders, 2, 0.6)
    wanted = classifier.targets([(role, ()) for _, role, _ in examples], ROLES, 0.0)
    hits = _hits(texts)
    fitted = classifier.learn(
        _matrix(texts, hits, vectoriser), wanted, ROLES, known.ridge, 1.0, vectoriser.square, np.ones(len(texts)),
        [kind for kind, _, _ in examples],
    )  # fmt: skip
    assert fitted.out_of_fold is not None
    return _Learnt(vectoriser, fitted.model), fitted.out_of_fold + _said(hits)


def _hits(texts: Sequence[str]) -> Array:
    """How often each pattern of words occurs, twice at most: a row a text."""
    patterns = _patterns().words
    hits = [[min(len(pattern.findall(text[:_LONGEST])), 2) for _, pattern, _ in patterns] for text in texts]
    return np.asarray(hits, dtype=np.float64).reshape(len(texts), len(patterns))


def _said(hits: Array) -> Array:
    """What the patterns add to the scores, a column a role."""
    known = _patterns()
    weights = [[known.rules * weight * (role == r) for r in ROLES] for role, _, weight in known.words]
    return np.asarray(hits @ np.asarray(weights))


def _matrix(texts: Sequence[str], hits: Array, vectoriser: features.Vectoriser) -> Any:
    words = vectoriser.transform([features.canonical(text[:_LONGEST]) for text in texts])
    return sparse.hstack([words, (_patterns().hits * hits).astype(np.float32)], format="csr")


def leanings(texts: Sequence[str]) -> Array:
    """The scores by the texts alone, the patterns' included: a row a text, a column a role in the order of `ROLES`."""
    if not texts:
        return np.zeros((0, len(ROLES)))
    found, hits = _learnt(), _hits(texts)
    return found.machine.scores(_matrix(texts, hits, found.vectoriser)) + _said(hits)


def judge(text: str, places: Sequence[str], filed: bool, leaning: Array | None = None) -> Judgement:
    """`places`: file name, document title, sheet, headings, column names. `filed`: it belongs to an indicator; what
    does not, and tells of something done, is `other`. `leaning`: the text's row of `leanings`, where it is at hand."""
    known = _patterns()
    weights = dict(zip(ROLES, leanings([text])[0] if leaning is None else leaning, strict=True))
    joined = "\n".join(places)
    for role, pattern, weight in known.places:
        if pattern.search(joined):
            weights[role] += known.rules * weight
    best = max(ROLES[:-1] if filed else ROLES, key=lambda role: weights[role])
    return Judgement("other", "") if best == "done" and not filed else Judgement(best, _words(text, best))


def _words(text: str, best: Role) -> str:
    """The first words of the text that speak for the role."""
    found = (p.search(text[:_LONGEST]) for role, p, _ in _patterns().words if role == best)
    return next((hit[0] for hit in found if hit), "")


_LONGEST = 2000  # the tense of a passage shows in its first sentences
