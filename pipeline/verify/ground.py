"""Texts compared character by character where it matters, and not where writers may differ.

White space, punctuation, full and half width do not count; letters, digits and signs do, and so do a decimal point, a
hyphen or a comma between digits: `3.5` is not `35`, `1，2` is not `12`.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_JOINS = ".:/~-"
_DASHES = dict.fromkeys("‐‑‒–—―−－", "-") | {"～": "~", "〜": "~", "∼": "~"}
_ALIKE = str.maketrans(_DASHES | {"○": "〇", "Ｏ": "O"})
_PIECES = re.compile(r"(?<=[。！？；!?;])")
_TOKEN = re.compile(r"\d+(?:[.:/~-]\d+)*%?|[A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ground:
    """A text to find others in: its comparable form, and the place of each character in the text itself."""

    text: str
    form: str
    at: tuple[int, ...]

    def holds(self, part: str) -> bool:
        """Whether every sentence of `part` stands here, each a whole run of clauses, figures uncut."""
        pieces = [form for piece in _PIECES.split(part) if (form := comparable(piece))]
        return bool(pieces) and all(self._stands(piece) for piece in pieces)

    def holds_beginning(self, part: str) -> bool:
        """As `holds`, for words that were cut off somewhere, even within a figure."""
        form = comparable(part)
        return bool(form) and self._stands(form, whole=False)

    def _stands(self, piece: str, whole: bool = True) -> bool:
        start = self.form.find(piece)
        while start >= 0:
            last = self.at[start + len(piece) - 1]
            if self._free(self.at[start] - 1) and (not whole or self._free(last + 1)):
                return True
            start = self.form.find(piece, start + 1)
        return False

    def _free(self, place: int) -> bool:
        """Whether no word runs on at this place of the text."""
        if not 0 <= place < len(self.text):
            return True
        return unicodedata.category(self.text[place]) not in ("Lo", "Ll", "Lu", "Lt", "Lm", "Nd", "Nl", "Mn", "Mc")


@lru_cache(maxsize=4096)
def ground(text: str) -> Ground:
    """`text` made ready to find others in."""
    form: list[str] = []
    at: list[int] = []
    waiting: tuple[str, int] | None = None  # a separator behind a digit: it counts if a digit follows
    for place, original in enumerate(text):
        for char in unicodedata.normalize("NFKC", original.translate(_ALIKE)).lower():
            kind = unicodedata.category(char)[0]
            if kind in "LNM" or (kind == "S" and char not in "|~`^"):
                if waiting is not None and char.isdigit():
                    form.append(waiting[0])
                    at.append(waiting[1])
                waiting = None
                form.append(char)
                at.append(place)
            elif char == "%" and form and form[-1].isdigit():
                form.append(char)
                at.append(place)
            elif form and form[-1].isdigit():
                join = char if char in _JOINS else "_"
                if waiting is None or waiting[0] == "_":
                    waiting = (join, place)
    return Ground(text, "".join(form), tuple(at))


def comparable(text: str) -> str:
    """The comparable form of a text."""
    return ground(text).form


def nearest(part: str, texts: Iterable[str], least: float, whole: bool = False) -> str:
    """The text that is most like `part`, somewhere in it or as a `whole`; "" where none is by `least` per cent."""
    from rapidfuzz import fuzz, process

    form = comparable(part)
    candidates = [text for text in texts if whole or 2 * len(comparable(text)) >= len(form)]
    found = process.extractOne(
        form,
        [comparable(text) for text in candidates],
        scorer=fuzz.ratio if whole else fuzz.partial_ratio,
        score_cutoff=least,
    )
    return candidates[found[2]] if found is not None else ""


def differences(printed: str, original: str) -> tuple[tuple[str, str], ...]:
    """What is printed and what the original has instead, word by word, figures whole; what surrounds it is left out."""
    mine, theirs = _tokens(printed), _tokens(_window(printed, original))
    matcher = difflib.SequenceMatcher(None, mine, theirs, autojunk=False)
    changed = [(mine[a:b], theirs[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    return tuple(("".join(a), "".join(b)) for a, b in changed)


def _tokens(text: str) -> list[str]:
    return [t for t in _TOKEN.findall(unicodedata.normalize("NFKC", text.translate(_ALIKE))) if comparable(t)]


def _window(printed: str, original: str) -> str:
    """The part of the original that is most like what is printed."""
    from rapidfuzz import fuzz

    if len(original) <= len(printed) * 1.3:
        return original
    found = fuzz.partial_ratio_alignment(printed, original)
    if found is None:
        return original
    start, end = found.dest_start, found.dest_end
    while start > 0 and original[start - 1].isdigit():
        start -= 1
    while end < len(original) and original[end].isdigit():
        end += 1
    return original[start:end]


def any_holds(part: str, texts: Sequence[str]) -> bool:
    """Whether one of the texts holds all of `part`."""
    return any(ground(text).holds(part) for text in texts)
