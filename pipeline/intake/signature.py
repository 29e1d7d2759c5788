"""What is kept of a document so that copies can be found without its text: hashes of its longer passages.

A passage's text is reduced to letters, digits and Chinese characters and cut into overlapping pieces (shingles); of
their hashes the least few are kept (MinHash with one hash function: Broder 1997). Two passages that share most of
these differ in a few words at most. Hashes are those of hashlib, so they are the same on every machine.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.intake.data import intake_data
from pipeline.model import Document, SourceFile
from pipeline.text import normal

_NO_MARK = 0xFFFFFFFF
_SKETCH = 12  # hashes that name a whole document: 96 hex digits, which fit into a cell
SAME_SKETCH = 0.75  # of them in common: a file saved again keeps nearly all, one with a third rewritten does not


@dataclass(frozen=True, slots=True)
class Signature:
    """One read document, as compared. Lists run parallel: passages in their order.

    `marks`: for each passage `[fingerprints] marks` hashes, big-endian uint32, ascending, the rest 0xFFFFFFFF.
    `weights`: characters of each passage. `places`: where each stands, one a line.
    """

    path: str
    department: str
    sha256: str
    title: str
    modified: str | None
    marks: bytes
    weights: tuple[int, ...]
    places: str
    passages: int = 0  # all of the document's, short ones too

    def place(self, passage: int) -> str:
        """Where the passage stands, as a clerk reads it."""
        return self.places.split("\n")[passage]


def signature(source: SourceFile, document: Document) -> Signature:
    """The signature of one read file."""
    texts = ((p.text, p.locator.chinese()) for p in document.passages if p.kind not in ("heading", "header", "comment"))
    return signature_of(source, document.title, document.modified, texts, len(document.passages))


def signature_of(
    source: SourceFile, title: str, modified: str | None, texts: Iterable[tuple[str, str]], passages: int
) -> Signature:
    """A signature from texts with their places."""
    data = intake_data().fingerprints
    marks: list[bytes] = []
    weights: list[int] = []
    places: list[str] = []
    for text, place in texts:
        plain = normal(text)
        if len(plain) < data.passage:
            continue
        if len(weights) == data.passages_each:
            break
        marks.append(_marks(plain, data.shingle, data.marks))
        weights.append(len(plain))
        places.append(place.replace("\n", " "))
    return Signature(
        path=source.path,
        department=source.department,
        sha256=source.sha256,
        title=title,
        modified=modified,
        marks=b"".join(marks),
        weights=tuple(weights),
        places="\n".join(places),
        passages=passages,
    )


def _marks(plain: str, shingle: int, keep: int) -> bytes:
    pieces = {plain[i : i + shingle] for i in range(len(plain) - shingle + 1)}
    least = sorted({_hash(piece) for piece in pieces})[:keep]
    return b"".join((*least, _NO_MARK.to_bytes(4, "big") * (keep - len(least))))


def _hash(piece: str) -> bytes:
    return hashlib.blake2b(piece.encode(), digest_size=4).digest()


def same_bytes(signatures: Sequence[Signature]) -> dict[str, list[Signature]]:
    """Signatures by the hash of their bytes, where more than one has it; each list sorted by path."""
    groups: dict[str, list[Signature]] = {}
    for one in sorted(signatures, key=lambda s: s.path):
        groups.setdefault(one.sha256, []).append(one)
    return {sha: group for sha, group in groups.items() if len(group) > 1}


def content_name(one: Signature) -> str:
    """Names what a file says: `<12 hex digits of its bytes>:<sketch of its longer passages>`, whatever it is called."""
    marks = np.frombuffer(one.marks, dtype=">u4")
    return f"{one.sha256[:12]}:{sketch(int(mark) for mark in marks if mark != _NO_MARK)}"


def sketch(hashes: Iterable[int]) -> str:
    """The least of these 32-bit hashes as hex digits, 8 each."""
    return "".join(f"{value:08x}" for value in sorted(set(hashes))[:_SKETCH])


def sketch_share(one: str, two: str) -> float:
    """How much of what two sketches were made of is the same, 0 to 1: of the least of both, those that both have."""
    first, second = ({text[i : i + 8] for i in range(0, len(text), 8)} for text in (one, two))
    least = sorted(first | second)[: max(len(first), len(second))]
    return sum(value in first and value in second for value in least) / max(1, len(least))
