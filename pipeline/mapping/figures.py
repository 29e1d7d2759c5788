"""The figures of the mapping, from `data/mapping.toml`, where each has its reason beside it."""

import tomllib
from dataclasses import dataclass
from functools import cache

import msgspec

from pipeline.settings import data_text


@dataclass(frozen=True, kw_only=True)
class Features:
    """What the classifier is learnt with (`[features]`)."""

    least: int
    most: float
    ridge: float
    offset: float
    also_share: float
    indicator_share: float
    decision_share: float
    none_handicap: float
    orders: dict[int, float]


@dataclass(frozen=True, kw_only=True)
class Context:
    """How far a passage's place moves its scores (`[context]`)."""

    near: float
    far: float
    none: float
    temperature: float
    ridge: float
    own: float
    second: float
    doubt: float
    rows: float
    rows_doubt: float
    unseen: float
    cue: float


@dataclass(frozen=True, kw_only=True)
class Unseen:
    """How indicators without examples are reached (`[unseen]`)."""

    place: float
    profile: float
    notions: float
    floor: float
    scale: float
    own: float
    start: float
    rise: float


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """How thresholds of single indicators are found (`[thresholds]`)."""

    common: float
    precision: float
    least: int
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Decide:
    """When a passage is not judged at all (`[decide]`)."""

    also: float
    long: int
    garbled: float
    known: float
    short: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    features: Features
    context: Context
    unseen: Unseen
    decide: Decide
    thresholds: Thresholds


@cache
def figures() -> Figures:
    """The shipped figures."""
    return msgspec.convert(tomllib.loads(data_text("mapping.toml")), Figures, strict=False)
