"""The classifier with its calibration: texts in, calibrated probabilities over one guideline's indicators out.

`build` learns it from the shipped examples, the indicators' own text and the reviewers' decisions; `store` and
`restore` keep it in a cache folder, for learning takes seconds and a run needs it at once.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from pipeline.mapping import calibrate, classifier, features
from pipeline.mapping.examples import NONE, Example, Reference, from_decisions, load_examples
from pipeline.mapping.figures import figures
from pipeline.mapping.telling import words_of
from pipeline.mapping.transfer import Transfer, transfer
from pipeline.mapping.unseen import Unseen, prepare
from pipeline.model import Decision, Guideline, encode
from pipeline.settings import data_text

_NOT_JUDGED = ("indicators", "decisions")  # folds that teach but do not measure
_READ_BY_RULES = ("mapping-roles.toml", "mapping-role-examples.toml", "mapping-furniture.toml")
_PIECES = 24  # n-grams that an explanation is put together from
VERSION = "2"  # changes when the same examples lead to other scores
_CLAUSE = re.compile(r"(?<=[。；;])")


@dataclass(frozen=True)
class Judge:
    """Everything that is learnt. `labels` are the guideline's codes and `none`; `known` counts known pairs of characters."""

    labels: tuple[str, ...]
    vectoriser: features.Vectoriser
    model: classifier.Machine
    calibration: calibrate.Calibration
    transfer: Transfer
    unseen: Unseen | None  # None where every indicator is known from the reference
    texts: tuple[str, ...]  # of the examples, in the machine's order

    def scores(self, texts: Sequence[str]) -> tuple[classifier.Array, Any]:
        """Scores over `labels`, and the features they come from."""
        canonical = [features.canonical(text) for text in texts]
        matrix = self.vectoriser.transform(canonical)
        base = self.model.scores(matrix)
        scores = self.transfer.scores(base)
        if self.unseen is not None:
            new = list(self.transfer.new)
            scores[:, new] = figures().unseen.own * np.maximum(scores[:, new], 0.0) + self.unseen.scores(
                matrix, base, canonical
            )
        return scores, matrix

    def confidences(self, scores: classifier.Array, texts: Sequence[str]) -> classifier.Array:
        """Calibrated probabilities; the greatest of a row is how sure its first label is."""
        lengths = np.asarray([float(min(len(text), features.LONGEST)) for text in texts])
        known = np.asarray(self.known(texts))
        confidences = self.calibration.confidences(scores, lengths, known, self.labels.index(NONE))
        return confidences if self.unseen is None else _carefully(confidences, scores, self.transfer.new)

    def shifts(self) -> dict[str, float]:
        """By the guideline's codes: how far the threshold of accepting lies from the common one."""
        known = self.transfer.reference_labels
        by_label = self.calibration.shifts
        return {
            code: by_label[known[source]]
            for code, source in zip(self.labels, self.transfer.source, strict=True)
            if known[source] in by_label
        }

    def column(self, label: str) -> int:
        """The classifier's column that this label of the guideline takes."""
        return self.transfer.source[self.labels.index(label)]

    def telling(self, row: Any, text: str, label: str, most: int) -> list[str]:
        """The words of a text that raise this label's score most against the other labels' mean; `row` holds the
        text's features, one row of what `scores` returned."""
        gains = row.data * self._leanings(row, label)
        order = np.argsort(-gains, kind="stable")[:_PIECES]
        pieces = [(self.vectoriser.name(int(row.indices[i])), float(gains[i])) for i in order if gains[i] > 0]
        return words_of(pieces, features.canonical(text), most)

    def nearest(self, row: Any, label: str) -> str:
        """The example that speaks most for this label."""
        return self.texts[self.model.nearest(row, self.column(label))]

    def _leanings(self, row: Any, label: str) -> classifier.Array:
        """How far each feature of the row leans to the label: the examples' pull, first order of the kernel."""
        place = self.column(label)
        pull = self.model.pull[:, place] - self.model.pull.mean(axis=1)
        return np.asarray(self._by_feature[row.indices] @ pull, dtype=np.float64)

    @cached_property
    def _by_feature(self) -> Any:
        return self.model.examples.tocsr()

    def known(self, texts: Sequence[str]) -> list[float]:
        """The share of a text's character pairs that some example has too, 0 to 1."""
        return _known(self.vectoriser, [features.canonical(text) for text in texts])


def _known(vectoriser: features.Vectoriser, canonical: Sequence[str]) -> list[float]:
    return [float(share) for share in vectoriser.known(canonical, 2)]


def _carefully(confidences: classifier.Array, scores: classifier.Array, new: Sequence[int]) -> classifier.Array:
    """Where a new indicator comes first, the curve for unseen indicators says how sure that is."""
    figure = figures().unseen
    first = confidences.argmax(axis=1)
    careful = confidences.copy()
    ordered = np.sort(scores, axis=1)
    lead = ordered[:, -1] - ordered[:, -2]
    sure = 1 / (1 + np.exp(-(figure.start + figure.rise * lead)))
    for i in np.flatnonzero(np.isin(first, list(new))):
        rest = 1 - confidences[i, first[i]]
        careful[i] *= (1 - sure[i]) / max(rest, 1e-9)
        careful[i] = np.minimum(careful[i], sure[i])
        careful[i, first[i]] = sure[i]
    return careful


def build(guideline: Guideline, decisions: Sequence[Decision] = (), exclude: Collection[str] = ()) -> Judge:
    """Learn from all examples but those of the departments in `exclude`."""
    return learn(guideline, (*load_examples(exclude), *from_decisions(decisions, _codes(guideline))))


def learn(
    guideline: Guideline,
    examples: Sequence[Example],
    known: Sequence[Reference] | None = None,
    calibration: calibrate.Calibration | None = None,
) -> Judge:
    """Learn from these examples (reference labels; decisions carry the guideline's own codes). How sure the scores are
    is `calibration`, else taken from `data/mapping-calibration.json` where it was measured on the same examples, else
    measured now."""
    shipped = calibration or calibrate.shipped(fingerprint_of(examples))
    if shipped is None:
        return lesson(guideline, examples, known).judge
    rows = _rows(guideline, examples, known)
    return _judge(rows, _fit(rows, folds=False)[0], shipped)


@dataclass(frozen=True)
class Lesson:
    """A judge, and how it filed the shipped examples with their own fold left out."""

    judge: Judge
    examples: tuple[Example, ...]
    confidences: classifier.Array  # a row an example, over the classifier's labels
    labels: tuple[str, ...]


def lesson(guideline: Guideline, examples: Sequence[Example], known: Sequence[Reference] | None = None) -> Lesson:
    """Learn, and keep what the cross-validation found."""
    figure = figures().features
    rows = _rows(guideline, examples, known)
    fitted, scores = _fit(rows, folds=True)
    assert scores is not None
    labels = rows.carried.reference_labels
    judged = [i for i, row in enumerate(rows.rows) if row.fold not in _NOT_JUDGED]
    held = tuple(rows.rows[i] for i in judged)
    scores, none = scores[judged], labels.index(NONE)
    lengths = np.asarray([float(min(len(row.text), features.LONGEST)) for row in held])
    share = np.asarray(_known(rows.vectoriser, [rows.canonical[i] for i in judged]))
    fair = calibrate.handicapped(scores, none, figure.none_handicap)
    right = np.asarray([labels[j] in (row.label, *row.also) for row, j in zip(held, fair.argmax(axis=1), strict=True)])
    importance = np.asarray([_importance(row) for row in held])
    calibration = calibrate.learn(fair, right, lengths, share, none, importance, figure.none_handicap)
    confidences = calibration.confidences(scores, lengths, share, none)
    shifts = calibrate.shifts(labels, confidences, right, figures().thresholds)
    calibration = replace(calibration, shifts=shifts)
    return Lesson(_judge(rows, fitted, calibration), held, confidences, labels)


@dataclass(frozen=True)
class _Rows:
    """What is learnt from, as features."""

    carried: Transfer
    rows: tuple[Example, ...]
    canonical: list[str]
    vectoriser: features.Vectoriser
    matrix: Any


def _rows(guideline: Guideline, examples: Sequence[Example], known: Sequence[Reference] | None) -> _Rows:
    figure = figures().features
    carried = transfer(guideline, known)
    rows = (*(carried.to_reference(example) for example in examples), *carried.clauses(_CLAUSE))
    canonical = [features.canonical(row.text) for row in rows]
    return _Rows(carried, rows, canonical, *features.fit(canonical, figure.orders, figure.least, figure.most))


def _fit(rows: _Rows, folds: bool) -> tuple[classifier.Machine, classifier.Array | None]:
    figure = figures().features
    labels = rows.carried.reference_labels
    wanted = classifier.targets([(row.label, row.also) for row in rows.rows], labels, figure.also_share)
    importance = np.asarray([_importance(row) for row in rows.rows])
    fitted = classifier.learn(
        rows.matrix, wanted, labels, figure.ridge, figure.offset, rows.vectoriser.square, importance,
        [row.fold for row in rows.rows] if folds else None,
    )  # fmt: skip
    return fitted.model, fitted.out_of_fold


def _judge(rows: _Rows, model: classifier.Machine, calibration: calibrate.Calibration) -> Judge:
    carried, vectoriser = rows.carried, rows.vectoriser
    texts = tuple(row.text.replace("\0", " ") for row in rows.rows)
    unseen = _unseen(carried, vectoriser, model)
    return Judge(carried.labels, vectoriser, model, calibration, carried, unseen, texts)


def fingerprint_of(examples: Sequence[Example]) -> str:
    """Names the shipped examples among these and the figures that they are learnt with."""
    digest = hashlib.sha256(f"{VERSION}\0{data_text('mapping.toml')}\0{data_text('mapping-words.txt')}".encode())
    digest.update(repr([e for e in examples if e.fold not in _NOT_JUDGED]).encode())
    return digest.hexdigest()[:20]


def _unseen(carried: Transfer, vectoriser: features.Vectoriser, model: classifier.Machine) -> Unseen | None:
    if not carried.new:
        return None
    texts = [carried.texts[carried.reference_labels[carried.source[j]]] for j in carried.new]
    return prepare(texts, carried.above, vectoriser, model, carried.reference_labels.index(NONE))


def _importance(row: Example) -> float:
    figure = figures().features
    return {"indicators": figure.indicator_share, "decisions": figure.decision_share}.get(row.fold, 1.0)


def _codes(guideline: Guideline) -> frozenset[str]:
    return frozenset(i.code for i in guideline.thirds())


# ---------------------------------------------------------------- keeping what was learnt


def key(guideline: Guideline, decisions: Sequence[Decision] = (), exclude: Collection[str] = ()) -> str:
    """Names what `build` would learn: the guideline's texts, the examples, the decisions that teach, the figures."""
    taught = from_decisions(decisions, _codes(guideline))
    names = ("mapping.toml", "mapping-words.txt", "mapping-calibration.json", "mapping-headings.toml", *_READ_BY_RULES)
    digest = hashlib.sha256("\0".join((VERSION, *(data_text(name) for name in names))).encode())
    digest.update(encode([(i.code, i.level, i.text) for i in guideline.indicators]))
    digest.update(repr(load_examples(exclude)).encode())
    digest.update(repr(taught).encode())
    return digest.hexdigest()[:20]


def store(judge: Judge, path: Path) -> None:
    """Write what was learnt as one .npz without pickles; the same judge gives the same bytes."""
    from pipeline.engine.atomic import write_whole

    buffer = io.BytesIO()
    blocks: dict[str, Any] = {f"keys{b.order}": b.keys for b in judge.vectoriser.blocks}
    blocks |= {f"idf{b.order}": b.idf for b in judge.vectoriser.blocks}
    np.savez(
        buffer,
        orders=np.asarray([(b.order, b.weight) for b in judge.vectoriser.blocks]),
        data=judge.model.examples.data,
        indices=judge.model.examples.indices,
        indptr=judge.model.examples.indptr,
        pull=judge.model.pull,
        base=judge.model.base,
        texts=np.frombuffer("\0".join(judge.texts).encode(), dtype=np.uint8),
        handicap=np.asarray(judge.calibration.handicap),
        temperature=np.asarray(judge.calibration.temperature),
        shifted=np.asarray(list(judge.calibration.shifts), dtype=np.str_),
        shifts=np.asarray(list(judge.calibration.shifts.values()), dtype=np.float64),
        curve=judge.calibration.curve,
        centre=judge.calibration.centre,
        scale=judge.calibration.scale,
        **blocks,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, buffer.getvalue())


def restore(path: Path, guideline: Guideline) -> Judge | None:
    """The inverse of `store`; None where the file is absent or damaged (then it is learnt again)."""
    if not path.is_file():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            carried = transfer(guideline)
            blocks = tuple(
                features.Block(int(order), float(weight), kept[f"keys{int(order)}"], kept[f"idf{int(order)}"])
                for order, weight in kept["orders"]
            )
            vectoriser = features.Vectoriser(blocks)
            shape = (vectoriser.width, len(kept["pull"]))
            columns = sparse.csr_matrix((kept["data"], kept["indices"], kept["indptr"]), shape=shape)
            model = classifier.Machine(
                carried.reference_labels,
                columns,
                kept["pull"],
                kept["base"],
                vectoriser.square,
                figures().features.offset,
            )
            texts = tuple(kept["texts"].tobytes().decode().split("\0"))
            calibration = calibrate.Calibration(
                float(kept["handicap"]),
                float(kept["temperature"]),
                kept["curve"],
                kept["centre"],
                kept["scale"],
                dict(zip(kept["shifted"].tolist(), kept["shifts"].tolist(), strict=True)),
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Judge(carried.labels, vectoriser, model, calibration, carried, _unseen(carried, vectoriser, model), texts)
