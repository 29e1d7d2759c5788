"""What moved since the run before: its scores.json and evidence.jsonl, read a department at a time."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline import scoring
from pipeline.model import Decision

_OPENS, _CLOSES = b"  {", (b"  }", b"  },")  # a department's lines in scores.json as `publish` writes it


class Before:
    """scores.json of the run before: where each department stands in it. Empty where there is none, or another's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        with suppress(OSError, ValueError):
            self._find()

    def _find(self) -> None:
        start = position = 0
        with self._path.open("rb") as lines:
            for line in lines:
                bare = line.rstrip()
                if bare == _OPENS:
                    start = position
                elif position == start + len(_OPENS) + 1 and start:
                    name = json.loads(b"{" + bare.rstrip(b",") + b"}")["name"]
                elif bare in _CLOSES and start:
                    self._places[name] = (start, position + 3 - start)
                position += len(line)

    def __bool__(self) -> bool:
        return bool(self._places)

    def names(self) -> set[str]:
        """The departments of that run."""
        return set(self._places)

    def get(self, name: str) -> dict[str, Any] | None:
        """A department's scores, or None."""
        if name not in self._places:
            return None
        start, length = self._places[name]
        with self._path.open("rb") as stream:
            stream.seek(start)
            found: dict[str, Any] = json.loads(stream.read(length))
        return found


def evidence_lines(folder: Path) -> Iterator[dict[str, Any]]:
    """The lines of a run's evidence.jsonl, one at a time; none where there is no run to read."""
    with suppress(OSError, ValueError), (folder / "evidence.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def moved_evidence(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> set[str]:
    """Ids of evidence that carries an indicator or verdict in one of a department's two scores and not in the other."""

    def carried(scores: Mapping[str, Any] | None) -> set[tuple[str, str]]:
        return {
            (place["code" if "code" in place else "id"], ident)
            for indicator in (scores or {}).get("indicators", ())
            for place in (indicator, *indicator["requirements"])
            for ident in place["evidence"]
        }

    return {ident for _place, ident in carried(before) ^ carried(after)}


def changes_of(
    name: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    sources: Mapping[str, str],
    decisions: Sequence[Decision],
) -> list[dict[str, Any]]:
    """Rows of changes.json for one department. `sources`: evidence id -> path, of both runs."""
    old, new = ({"departments": [scores] if scores else []} for scores in (before, after))
    return scoring.changes(old, new, sources, decisions)
