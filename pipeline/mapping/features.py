"""Passages as sparse vectors: character n-grams and words, counted with numpy alone, so that start-up stays short.

Digits become one placeholder and blanks between Chinese characters go, for dates, amounts and justified lines say
nothing about the indicator. Each n-gram order is a block of its own, of unit length times the block's weight; order 0
are words, cut with the word list in `data/mapping-words.txt` (backward maximum matching), single characters the rest.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.settings import data_text

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

LONGEST = 4000  # characters that are read of one passage: a passage is a paragraph or a row, not a file
_NUMBER = re.compile(r"[0-9]+(?:[.,:/][0-9]+)*")
_BLANK_IN_CHINESE = re.compile(r"(?<=[^\x00-\xff])\s+(?=[^\x00-\xff])")
_BITS = 16  # a character's code point; the few beyond the basic plane share the last code
WORDS = 0  # the order that stands for words


@lru_cache(maxsize=8192)  # several models read the same passages
def canonical(text: str) -> str:
    """What the features see: NFKC, lower case, numbers as `0`, no blanks between Chinese characters."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST].replace("\0", " ")).lower()  # NUL parts texts below
    return _BLANK_IN_CHINESE.sub("", _NUMBER.sub("0", folded)).strip()


def _windows(texts: Sequence[str], order: int) -> tuple[Ints, Ints]:
    """The rows and keys of all n-grams of one order; a key packs the characters, the first highest."""
    if order == WORDS:
        return _words(texts)
    joined = "\0".join(texts)
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4").astype(np.int64)
    codes = np.minimum(codes, (1 << _BITS) - 1)
    rows = np.cumsum(codes == 0)
    length = len(codes) - order + 1
    if length <= 0:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys = np.zeros(length, np.int64)
    whole = np.ones(length, bool)
    for offset in range(order):
        part = codes[offset : offset + length]
        keys = (keys << _BITS) | part
        whole &= part != 0
    return rows[:length][whole].astype(np.int64), keys[whole]


@cache
def _lexicon() -> dict[str, int]:
    """Words and their keys, which begin beyond all characters."""
    return {word: serial + (1 << _BITS) for serial, word in enumerate(sorted(data_text("mapping-words.txt").split()))}


@cache
def _spelt() -> dict[int, str]:
    return {key: word for word, key in _lexicon().items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """A word's last two characters -> the lengths of the words that end so, longest first."""
    found: dict[str, set[int]] = {}
    for word in _lexicon():
        found.setdefault(word[-2:], set()).add(len(word))
    return {end: tuple(sorted(lengths, reverse=True)) for end, lengths in found.items()}


@lru_cache(maxsize=4096)
def _cut(text: str) -> tuple[int, ...]:
    """The keys of a text's words, the last first; kept, because several models read the same passage."""
    lexicon, lengths, top = _lexicon(), _lengths(), (1 << _BITS) - 1
    keys: list[int] = []
    end = len(text)
    while end > 0:
        step, key = 1, min(ord(text[end - 1]), top)
        for length in lengths.get(text[max(end - 2, 0) : end], ()):
            found = lexicon.get(text[end - length : end]) if length <= end else None
            if found is not None:
                step, key = length, found
                break
        keys.append(key)
        end -= step
    return tuple(keys)


def _words(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """The rows and keys of the words; a character that no word covers stands for itself."""
    cut = [_cut(text) for text in texts]
    rows = np.repeat(np.arange(len(texts), dtype=np.int64), [len(keys) for keys in cut])
    return rows, np.fromiter((key for keys in cut for key in keys), dtype=np.int64, count=len(rows))


@dataclass(frozen=True)
class Block:
    """One n-gram order: the known keys in rising order, their idf, and the block's weight."""

    order: int
    weight: float
    keys: Ints
    idf: Floats

    def transform(self, texts: Sequence[str]) -> Any:
        """A CSR matrix, rows of length `weight` (or empty)."""
        rows, keys = _windows(texts, self.order)
        place = np.searchsorted(self.keys, keys)
        place[place == len(self.keys)] = 0
        known = self.keys[place] == keys if len(self.keys) else np.zeros(len(keys), bool)
        width = max(len(self.keys), 1)
        return self.matrix(*np.unique(rows[known] * width + place[known], return_counts=True), len(texts))

    def matrix(self, cells: Ints, counts: Ints, texts: int) -> Any:
        """`cells`: row times the number of keys, plus the key's place, in rising order; how often each occurs."""
        row, column = np.divmod(cells, max(len(self.keys), 1))
        values = ((1 + np.log(counts)) * self.idf[column]).astype(np.float32)
        norms = np.sqrt(np.bincount(row, values.astype(np.float64) ** 2, texts))
        values *= (self.weight / np.maximum(norms, 1e-9))[row].astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=texts))])
        return sparse.csr_matrix((values, column, starts), shape=(texts, len(self.keys)))


@dataclass(frozen=True)
class Vectoriser:
    """The blocks side by side."""

    blocks: tuple[Block, ...]

    @property
    def square(self) -> float:
        """The squared length of a feature row."""
        return sum(block.weight**2 for block in self.blocks)

    @property
    def width(self) -> int:
        return sum(len(block.keys) for block in self.blocks)

    def transform(self, canonicals: Sequence[str]) -> Any:
        """CSR, one row a text; the texts are `canonical` already."""
        return sparse.hstack([block.transform(canonicals) for block in self.blocks], format="csr")

    def known(self, canonicals: Sequence[str], order: int) -> NDArray[np.float64]:
        """For every text the share of its n-grams of that order that the vocabulary has; 1 where it has none at all."""
        block = next(b for b in self.blocks if b.order == order)
        rows, keys = _windows(canonicals, order)
        place = np.minimum(np.searchsorted(block.keys, keys), max(len(block.keys) - 1, 0))
        hits = np.bincount(rows[block.keys[place] == keys], minlength=len(canonicals))
        return np.asarray((hits + 1.0) / (np.bincount(rows, minlength=len(canonicals)) + 1.0))

    def name(self, column: int) -> str:
        """The n-gram of a column, for explanations."""
        for block in self.blocks:
            if column < len(block.keys):
                return _text(int(block.keys[column]), block.order)
            column -= len(block.keys)
        raise IndexError(column)


def _text(key: int, order: int) -> str:
    if order == WORDS:
        return _spelt().get(key) or chr(key)
    mask = (1 << _BITS) - 1
    return "".join(chr((key >> (_BITS * (order - 1 - i))) & mask) for i in range(order))


def fit(canonicals: Sequence[str], weights: dict[int, float], least: int, most: float) -> tuple[Vectoriser, Any]:
    """Learn keys and idf; also the texts' own matrix. `least`: texts that an n-gram must stand in; `most`: the share of
    texts above which it says nothing. `weights`: order -> weight of its block."""
    blocks, matrices, texts = [], [], len(canonicals)
    for order, weight in sorted(weights.items()):
        rows, keys = _windows(canonicals, order)
        known, place = np.unique(keys, return_inverse=True)
        cells, counts = np.unique(rows * max(len(known), 1) + place, return_counts=True)
        row, column = np.divmod(cells, max(len(known), 1))
        frequency = np.bincount(column, minlength=len(known))
        kept = (frequency >= least) & (frequency <= most * texts)
        idf = np.log((1 + texts) / (1 + frequency[kept])) + 1
        block = Block(order, weight, known[kept], idf.astype(np.float32))
        blocks.append(block)
        staying = kept[column]
        renumbered = np.cumsum(kept) - 1
        cells = row[staying] * max(len(block.keys), 1) + renumbered[column[staying]]
        matrices.append(block.matrix(cells, counts[staying], texts))
    return Vectoriser(tuple(blocks)), sparse.hstack(matrices, format="csr")
