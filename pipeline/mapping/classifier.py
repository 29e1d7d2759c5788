"""Kernel ridge regression on sparse features: one least-squares score for every label.

The kernel is the square of the features' likeness plus a constant: it weighs pairs of words too, which was measured
better than single words on departments and on styles left out. Least squares were measured better than logistic
regression, are deterministic, are learnt in seconds, and give the scores of every left-out group in closed form, without learning again:
for a group G, the residual out of fold is inv(H_GG) @ alpha_G, with H the inverse of the regularised kernel
(Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10.3, for blocks).
"""

import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, lapack

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Machine:
    """`scores = kernel(features, examples) @ pull + base`; a column a label, in the order of `labels`.

    `examples`: CSR, a column an example. `square`: the squared length of a feature row; `offset`: the constant.
    """

    labels: tuple[str, ...]
    examples: Any
    pull: NDArray[np.float32]
    base: NDArray[np.float32]
    square: float
    offset: float

    def scores(self, features: Any) -> Array:
        """One row a passage."""
        found = np.empty((features.shape[0], len(self.labels)))

        def fill(rows: slice) -> None:
            found[rows] = kernel(features[rows] @ self.examples, self.square, self.offset) @ self.pull + self.base

        _by_rows(fill, features.shape[0])
        return found

    def nearest(self, row: Any, label: int) -> int:
        """The example that raises this label's score of the one row most."""
        return int(np.argmax(kernel(row @ self.examples, self.square, self.offset)[0] * self.pull[:, label]))


@dataclass(frozen=True)
class Fitted:
    """The model, and the scores of its own examples with their fold left out (None where nobody asked for them)."""

    model: Machine
    out_of_fold: Array | None


_ROWS = 500  # passages a time: their likeness to all examples is a dense matrix
_THREADS = 4  # more wait for memory, not for processors


def _by_rows(fill: Callable[[slice], None], rows: int) -> None:
    """Slices of rows side by side: products of sparse matrices hold no interpreter lock."""
    slices = [slice(start, start + _ROWS) for start in range(0, rows, _ROWS)]
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as threads:
        deque(threads.map(fill, slices), maxlen=0)  # raises what a thread raised


def _likenesses(features: Any, square: float, offset: float) -> Array:
    """The kernel of the rows with one another: the upper half, noughts below, for it is symmetric."""
    found = np.zeros((features.shape[0], features.shape[0]))

    def fill(rows: slice) -> None:
        found[rows, rows.start :] = kernel(features[rows] @ features[rows.start :].T, square, offset)

    _by_rows(fill, features.shape[0])
    return found


def kernel(products: Any, square: float, offset: float) -> Array:
    """From the products of feature rows (sparse) to likenesses; 1 for equal rows."""
    dense = np.asarray(products.todense(), dtype=np.float64)
    dense /= square * (1 + offset)
    dense += offset / (1 + offset)
    return np.square(dense, out=dense)


def targets(rows: Sequence[tuple[str, tuple[str, ...]]], labels: Sequence[str], also_share: float) -> Array:
    """One at the label, `also_share` at the codes accepted equally, else nought."""
    place = {label: i for i, label in enumerate(labels)}
    wanted = np.zeros((len(rows), len(labels)))
    for i, (label, also) in enumerate(rows):
        for code in also:
            if code in place:
                wanted[i, place[code]] = also_share
        if label in place:
            wanted[i, place[label]] = 1.0
    return wanted


def learn(
    features: Any,
    wanted: Array,
    labels: Sequence[str],
    ridge: float,
    offset: float,
    square: float,
    importance: Array,
    folds: Sequence[str] | None,
) -> Fitted:
    """Weighted kernel ridge; an example of importance 2 counts as if it stood there twice. `folds` None: no scores out
    of fold, which take most of the time."""
    base = np.average(wanted, axis=0, weights=importance)
    matrix = _likenesses(features, square, offset)
    matrix[np.diag_indices_from(matrix)] += ridge / importance
    factor, _ = cho_factor(matrix.T, lower=True, overwrite_a=True)  # by columns: it needs no copy
    alpha = cho_solve((factor, True), wanted - base)
    out = None if folds is None else wanted - _residuals(factor, alpha, folds)
    pull, common = (np.round(values, _DIGITS).astype(np.float32) for values in (alpha, base))
    return Fitted(Machine(tuple(labels), features.T.tocsr(), pull, common, square, offset), out)


_DIGITS = 5  # what lies beyond differs between processors and means nothing


def _residuals(factor: Array, alpha: Array, folds: Sequence[str]) -> Array:
    """Target less score for every example with its fold left out; `factor`: lower Cholesky factor, which is lost."""
    root, failed = lapack.dtrtri(factor, lower=1, overwrite_c=1)
    assert not failed  # a factor's diagonal is positive
    for column in range(1, len(root)):
        root[:column, column] = 0.0  # what stands there is no part of the factor
    residuals = np.empty_like(alpha)
    fold_of = np.asarray(folds)
    for fold in sorted(set(folds)):
        group = np.flatnonzero(fold_of == fold)
        columns = root[group[0] :, group]  # above a row's own place the factor is empty
        residuals[group] = np.linalg.solve(columns.T @ columns, alpha[group])
    return residuals
