"""From scores to confidences that mean what they say.

The scores of the examples with their fold (department or style) left out, and whether they were right, teach two
things: a temperature that turns a row of scores into shares, and a logistic curve that turns the best score, its lead,
the passage's length and the share of known words into the probability that the first label is right (Platt scaling
with a few more inputs). Both are learnt again whenever the examples change.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.mapping.figures import Thresholds
from pipeline.settings import data_text

Array = NDArray[np.float64]

_TEMPERATURES = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)
_SHRINK = 1e-3  # keeps the curve finite where a fold happens to be right throughout
_STEPS = 50


@dataclass(frozen=True)
class Calibration:
    """`temperature` in units of the scores; `curve` weighs the inputs of `_inputs`, centred and scaled.

    `handicap` is taken off `none` when the first label is chosen, not when the others are ranked.
    """

    handicap: float
    temperature: float
    curve: Array
    centre: Array
    scale: Array
    shifts: dict[str, float]  # label -> how far its threshold of accepting lies from the common one

    def confidences(self, scores: Array, lengths: Array, known: Array, none: int) -> Array:
        """Rows of probabilities over all labels, the best one's being the calibrated confidence."""
        shares = _softmax(scores, self.temperature)
        fair = handicapped(scores, none, self.handicap)
        first = np.argmax(fair, axis=1)
        rows = np.arange(len(scores))
        inputs = (_inputs(fair, lengths, known, none, self.temperature) - self.centre) / self.scale
        top = _sigmoid(np.column_stack([np.ones(len(inputs)), inputs]) @ self.curve)
        rest = shares.copy()
        rest[rows, first] = 0.0
        rest *= ((1 - top) / np.maximum(rest.sum(axis=1), 1e-12))[:, None]
        rest = np.minimum(rest, top[:, None])  # nothing that came second is surer than the first
        rest[rows, first] = top
        return rest


def handicapped(scores: Array, none: int, handicap: float) -> Array:
    """The scores that decide which label comes first."""
    fair = scores.copy()
    fair[:, none] -= handicap
    return fair


def learn(
    scores: Array, right: NDArray[np.bool_], lengths: Array, known: Array, none: int, importance: Array, handicap: float
) -> Calibration:
    """`scores` out of fold, handicapped; `right`: the best one was the label, or a code accepted equally."""
    temperature = max(_TEMPERATURES, key=lambda t: _likelihood(_softmax(scores, t), right, importance))
    inputs = _inputs(scores, lengths, known, none, temperature)
    centre, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), 1e-9)
    design = np.column_stack([np.ones(len(inputs)), (inputs - centre) / scale])
    return Calibration(handicap, temperature, _logistic(design, right.astype(float), importance), centre, scale, {})


def shifts(labels: Sequence[str], confidences: Array, right: NDArray[np.bool_], wanted: Thresholds) -> dict[str, float]:
    """Thresholds by label where the examples are enough: half the way from the common threshold to the lowest at which
    the precision is reached (a few right ones are assumed beforehand, so that luck decides nothing)."""
    first, sure = confidences.argmax(axis=1), confidences.max(axis=1)
    found = {}
    for place, label in enumerate(labels):
        rows = np.flatnonzero(first == place)
        if len(rows) < wanted.least:
            continue
        reached = [
            t for t in np.arange(wanted.low, wanted.high, _STEP) if _precise(right[rows[sure[rows] >= t]], wanted)
        ]
        lowest = float(reached[0]) if reached else wanted.high
        found[label] = round((lowest - wanted.common) / 2, 3)
    return found


def _precise(right: NDArray[np.bool_], wanted: Thresholds) -> bool:
    assumed = wanted.least / 2
    return bool((right.sum() + wanted.precision * assumed) / (len(right) + assumed) >= wanted.precision)


_STEP = 0.02


def shipped(fingerprint: str) -> Calibration | None:
    """What was measured on the shipped examples; None where it was measured on others."""
    table = json.loads(data_text("mapping-calibration.json"))
    if table["examples"] != fingerprint:
        return None
    curve, centre, scale = (np.asarray(table[name], dtype=np.float64) for name in ("curve", "centre", "scale"))
    return Calibration(table["handicap"], table["temperature"], curve, centre, scale, table["shifts"])


def as_json(calibration: Calibration, fingerprint: str) -> str:
    """What `shipped` reads, rounded to what means something."""
    lists = {name: [round(float(v), 6) for v in getattr(calibration, name)] for name in ("curve", "centre", "scale")}
    table = {
        "examples": fingerprint, "handicap": calibration.handicap, "temperature": calibration.temperature, **lists,
        "shifts": calibration.shifts,
    }  # fmt: skip
    return json.dumps(table, indent=1) + "\n"


def _inputs(scores: Array, lengths: Array, known: Array, none: int, temperature: float) -> Array:
    ordered = -np.partition(-scores, 2, axis=1)[:, :3]
    ordered.sort(axis=1)
    best, second = ordered[:, 2], ordered[:, 1]
    share = _softmax(scores, temperature).max(axis=1)
    odds = np.log(np.clip(share, 1e-6, 1 - 1e-6) / np.clip(1 - share, 1e-6, 1))
    first_none = (np.argmax(scores, axis=1) == none).astype(float)
    lead = best - second
    return np.column_stack([odds, best, lead, first_none, first_none * lead, np.log1p(lengths), known])


def _likelihood(shares: Array, right: NDArray[np.bool_], importance: Array) -> float:
    top = np.clip(shares.max(axis=1), 1e-6, 1 - 1e-6)
    return float(np.average(np.where(right, np.log(top), np.log(1 - top)), weights=importance))


def _logistic(design: Array, wanted: Array, importance: Array) -> Array:
    weights = np.zeros(design.shape[1])
    shrink = _SHRINK * len(design) * np.eye(design.shape[1])
    for _ in range(_STEPS):
        p = _sigmoid(design @ weights)
        slope = design.T @ (importance * (p - wanted)) + shrink @ weights
        curve = (design * (importance * p * (1 - p))[:, None]).T @ design + shrink
        step = np.linalg.solve(curve, slope)
        weights -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return weights


def _softmax(scores: Array, temperature: float) -> Array:
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))
