"""Labelled passages that ship with the program, and what a reviewer's decisions add to them.

Every file in `pipeline/data/examples/` holds one example a line, all written for this project. Their labels are codes
of the guideline in `pipeline/data/mapping.toml` (the reference guideline); another guideline is reached by `transfer`.
Unreviewed output of the program never becomes an example.
"""

import json
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from pipeline.model import Decision
from pipeline.settings import data_text
from pipeline.text import fingerprint

NONE = "none"


@dataclass(frozen=True, slots=True)
class Example:
    """A passage and the code that it belongs under (`none`: no indicator); `also` are codes accepted equally.

    `fold` names what is left out together in cross-validation: a department, or a style of writing.
    """

    id: str
    text: str
    label: str
    also: tuple[str, ...]
    dept: str
    doc: str
    kind: str
    difficulty: str
    style: str
    fold: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An indicator of the guideline that the shipped examples are labelled with."""

    code: str
    text: str


_OWN_FOLD = 100  # a department with this many examples is left out by itself; the rest go by style


def load_examples(exclude_departments: Collection[str] = ()) -> tuple[Example, ...]:
    """All shipped examples in the order of file names and lines, without those of the departments named."""
    rows: list[tuple[str, dict[str, object]]] = []
    folder = resources.files("pipeline").joinpath("data", "examples")
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".jsonl")), key=lambda f: f.name):
        lines = file.read_text(encoding="utf-8").splitlines()
        rows += [(file.name.removesuffix(".jsonl"), json.loads(line)) for line in lines if line.strip()]
    return _examples(rows, exclude_departments)


def read_examples(lines: Iterable[str], name: str = "") -> tuple[Example, ...]:
    """Examples from JSON lines of the same form; only `text` and `label` are required."""
    return _examples([(name, json.loads(line)) for line in lines if line.strip()], ())


def _examples(rows: Sequence[tuple[str, dict[str, object]]], exclude: Collection[str]) -> tuple[Example, ...]:
    sizes: dict[str, int] = {}
    for _, row in rows:
        sizes[str(row.get("dept", ""))] = sizes.get(str(row.get("dept", "")), 0) + 1
    found = []
    for serial, (name, row) in enumerate(rows):
        dept, style = str(row.get("dept", "")), str(row.get("style", ""))
        if dept and dept in exclude:
            continue
        also = row.get("also")
        found.append(
            Example(
                id=str(row.get("id", f"{name}-{serial}")),
                text=str(row["text"]),
                label=str(row["label"] or NONE),
                also=tuple(str(code) for code in also) if isinstance(also, list) else (),
                dept=dept,
                doc=str(row.get("doc", "")),
                kind=str(row.get("kind", "paragraph")),
                difficulty=str(row.get("difficulty", "")),
                style=style,
                fold=dept if dept and sizes[dept] >= _OWN_FOLD else f"{name}/{style}",
            )
        )
    return tuple(found)


@cache
def reference() -> tuple[Reference, ...]:
    """The third-level indicators that the shipped labels mean."""
    table = tomllib.loads(data_text("mapping-reference.toml"))
    return tuple(Reference(code, text) for code, text in table["indicators"].items())


def from_decisions(decisions: Sequence[Decision], codes: Collection[str]) -> tuple[Example, ...]:
    """What reviewers decided about passages, the latest decision on a text last and alone.

    Only `code` and `none` decisions with the passage's text teach; a code that the guideline lacks teaches nothing.
    """
    latest: dict[str, Example] = {}
    for decision in decisions:
        label = NONE if decision.kind == "none" else decision.code
        if decision.kind not in ("code", "none") or not decision.text or label is None:
            continue
        if label != NONE and label not in codes:
            continue
        key = decision.fingerprint or fingerprint(decision.text)
        latest.pop(key, None)
        latest[key] = Example(
            decision.id, decision.text, label, (), decision.department, "", "paragraph", "", "复核", "decisions"
        )
    return tuple(latest.values())
