"""What a passage's place says about its indicator: headings, sheet, title, file and folder names.

A small kernel ridge regression of its own, learnt from `data/mapping-headings.toml`, reads them: short names are too
unlike passages for the classifier of passages. A name that it does not understand is silent and moves nothing.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from pipeline.mapping import classifier, features
from pipeline.mapping.classifier import Array
from pipeline.mapping.figures import figures
from pipeline.settings import data_text

SILENT = "silent"
_ORDERS = {0: 0.8, 1: 0.5, 2: 0.8, 3: 0.4}
_ORNAMENT = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+[、.章节]|[(（][一二三四五六七八九十0-9]+[)）]|[0-9]+(?:[.\-_][0-9]+)*[、.)）_\s-]?)+"
    r"|[12][0-9]{3}(?:[-—~至][0-9]{4})?(?:学?年度?)?|[(（][^）)]{0,12}[)）]|\.[a-z]{2,5}$|第[一二三四1-4]季度|[上下]半年"
)


@dataclass(frozen=True)
class Reader:
    """Names to shares: a row a name, a column a reference code, the last one `silent`."""

    vectoriser: features.Vectoriser
    machine: classifier.Machine

    def shares(self, names: Sequence[str]) -> Array:
        """Rows of probabilities."""
        return softened(self.machine.scores(self.vectoriser.transform([plain(name) for name in names])))


def plain(name: str) -> str:
    """A name without numbering, years, brackets and a file's suffix."""
    return features.canonical(_ORNAMENT.sub("", _ORNAMENT.sub("", name.lower())).strip(" 　、，。：:-_"))


def softened(scores: Array) -> Array:
    """Scores to shares."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / figures().context.temperature)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def known() -> tuple[tuple[str, str], ...]:
    """The shipped names with what they say: `(name, reference code or SILENT)`."""
    table = tomllib.loads(data_text("mapping-headings.toml"))
    told = [(name, code) for code, names in table["headings"].items() for name in names]
    return (*told, *((name, SILENT) for name in table[SILENT]))


@cache
def reader(codes: tuple[str, ...]) -> Reader:
    """Learn to read names (a few hundredths of a second)."""
    return learn(codes, known())[0]


def learn(codes: tuple[str, ...], names: Sequence[tuple[str, str]]) -> tuple[Reader, Array]:
    """The reader, and the shares of every name with itself left out."""
    labels = (*codes, SILENT)
    texts = [plain(name) for name, _ in names]
    vectoriser, matrix = features.fit(texts, _ORDERS, 1, 1.0)
    wanted = classifier.targets([(label, ()) for _, label in names], labels, 0.0)
    fitted = classifier.learn(
        matrix, wanted, labels, figures().context.ridge, figures().features.offset,
        vectoriser.square, np.ones(len(texts)), texts,
    )  # fmt: skip
    assert fitted.out_of_fold is not None
    return Reader(vectoriser, fitted.model), softened(fitted.out_of_fold)


def leaning(shares: Array, codes: Sequence[str]) -> Array:
    """How many times likelier each code is than if nothing were known, as logarithms; a silent name gives zeros.

    A heading heads a chapter: part of what it says goes to the neighbours on the second and the first level, part of it
    is doubted. The last column is `none`: furniture stands under every heading.
    """
    weights = figures().context
    silent, told = shares[:, -1:], shares[:, :-1]
    even = 1 / (len(codes) + 1)
    first = 1 - weights.own - weights.second
    spread = weights.own * told + weights.second * told @ _kin(codes, 3) + first * told @ _kin(codes, 1)
    spread = (1 - weights.doubt) * spread + weights.doubt * even * (1 - silent)
    both = np.concatenate([(1 - weights.none) * spread, weights.none * (1 - silent)], axis=1)
    return np.asarray(np.log((both + silent * even) / even))


def _kin(codes: Sequence[str], letters: int) -> Array:
    """Rows of equal shares over the codes that begin alike: `1.2` names the second level, `1` the first."""
    kin = np.asarray([[a[:letters] == b[:letters] for b in codes] for a in codes], dtype=np.float64)
    return np.asarray(kin / kin.sum(axis=1, keepdims=True))
