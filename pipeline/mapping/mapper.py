"""Files the passages of one document: cues first, then the classifier with the passage's place, then the thresholds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.mapping import context
from pipeline.mapping import judge as judging
from pipeline.mapping.cues import Cue, Cues
from pipeline.mapping.decide import Verdict, unreadable, verdict
from pipeline.mapping.examples import NONE, from_decisions
from pipeline.mapping.explain import reasons
from pipeline.mapping.figures import figures
from pipeline.mapping.furniture import is_furniture
from pipeline.mapping.judge import Judge
from pipeline.mapping.roles import Judgement, leanings
from pipeline.mapping.roles import judge as role_of
from pipeline.model import Alternative, Decision, Document, Filing, Guideline, Passage
from pipeline.settings import Settings
from pipeline.text import fingerprint

_FURNITURE = ("heading", "header", "comment")


@dataclass(frozen=True)
class Mapper:
    """Files passages under one guideline's indicators. Pure: the same passages give the same filings."""

    guideline: Guideline
    settings: Settings
    judge: Judge
    decided: dict[str, tuple[str, str]]  # fingerprint -> (label, the decision's id)
    version: str

    @cached_property
    def _cues(self) -> Cues:
        return Cues(self.guideline)

    def file(self, path: str, document: Document) -> tuple[Filing, ...]:
        """One filing a passage, parallel to `document.passages`. `path` is the file's name inside the workspace."""
        return self._file(path, document, explained=True)

    def _file(self, path: str, document: Document, explained: bool) -> tuple[Filing, ...]:
        passages = document.passages
        if not passages:
            return ()
        cues = [self._cues.find(passage) for passage in passages]
        texts = [passage.text for passage in passages]
        scores, features = self.judge.scores(texts)
        named = (PurePosixPath(path).name, document.title)
        scores = self._in_context(scores, path, document, cues)
        confidences = self.judge.confidences(scores, texts)
        if path:  # rows given one by one stand in no table
            scores = scores + context.among_rows(passages, confidences)
            confidences = self.judge.confidences(scores, texts)
        known = self.judge.known(texts)
        tells = leanings(texts)
        shifts, limits = self.judge.shifts(), self.settings.mapping
        filings = []
        for i, passage in enumerate(passages):
            found = verdict(self.judge.labels, confidences[i], passage.text, known[i], limits, shifts)
            row = features[i] if explained else None
            filings.append(self._filing(passage, cues[i], found, known[i], named, tells[i], row))
        return tuple(filings)

    def classify(self, text: str, heading: str = "", doc: str = "") -> Filing:
        """One passage on its own."""
        return self.classify_all([(text, heading, doc)], explained=True)[0]

    def classify_all(self, rows: Sequence[tuple[str, str, str]], explained: bool = False) -> tuple[Filing, ...]:
        """Passages `(text, heading, doc)` that stand alone, in the same order; `why` only where asked for."""
        from pipeline.model import Locator

        filings: list[Filing] = []
        for start in range(0, len(rows), _BATCH):
            part = rows[start : start + _BATCH]
            passages = tuple(
                Passage(
                    text,
                    Locator(),
                    "row" if " | " in text else "paragraph",
                    None,
                    tuple(name for name in (doc, heading) if name),
                )
                for text, heading, doc in part
            )
            filings += self._file("", Document("", passages, None), explained)
        return tuple(filings)

    def _in_context(
        self, scores: NDArray[np.float64], path: str, document: Document, cues: Sequence[Cue | None]
    ) -> NDArray[np.float64]:
        """The scores moved by the names above a passage, and by cues that leave several codes open."""
        weights = figures().context
        moved = scores + context.pushes(self.judge, path, document)
        for i, cue in enumerate(cues):
            if cue is not None and not cue.sure:
                moved[i, [self.judge.labels.index(code) for code in cue.codes]] += weights.cue
        return moved

    def _filing(
        self,
        passage: Passage,
        cue: Cue | None,
        found: Verdict,
        known: float,
        named: tuple[str, str],
        tells: NDArray[np.float64],
        features: Any,
    ) -> Filing:
        places = (*named, *passage.heading, *(passage.columns or ()), passage.locator.sheet or "")
        if passage.kind in _FURNITURE or is_furniture(passage):
            role = role_of(passage.text, places, filed=False, leaning=tells).role
            why = ("标题、落款、表头、会议要素一类的文字不作为佐证。",)
            return Filing(None, _FURNITURE_SURE, "none", "layout", role, (), (Alternative(None, _FURNITURE_SURE),), why)
        decided = self.decided.get(fingerprint(passage.text)) if self.decided else None
        if decided is not None:
            code = None if decided[0] == NONE else decided[0]
            role = role_of(passage.text, places, filed=code is not None, leaning=tells).role
            why = (f"复核人员已就这段文字作出决定（{decided[1]}）。",)
            return Filing(
                code, 1.0, "accepted" if code else "none", "decision", role, (), (Alternative(code, 1.0),), why
            )
        if cue is not None and cue.sure:
            found = _by_cue(cue, found)
        judged = role_of(passage.text, places, filed=found.code is not None, leaning=tells)
        return Filing(
            code=found.code,
            confidence=found.confidence,
            status=found.status,
            method=cue.method if cue is not None and cue.sure else "model",
            role=judged.role,
            also=found.also,
            alternatives=found.alternatives,
            why=self._why(passage, cue, found, known, judged, features),
        )

    def _why(
        self, passage: Passage, cue: Cue | None, found: Verdict, known: float, role: Judgement, features: Any
    ) -> tuple[str, ...]:
        if features is None:
            return ()
        fault = unreadable(passage.text, known)
        return reasons(self.guideline, self.judge, passage, features, cue, found, fault, role)


_FURNITURE_SURE = 0.99
_CUE_SURE = 0.97  # measured on guideline-shaped tables: the source is rarely wrong about its own row
_BATCH = 2000  # passages a time: keeps the feature matrix within a few dozen MiB


def _by_cue(cue: Cue, found: Verdict) -> Verdict:
    """What the source names stands first; the classifier's choices follow."""
    left = (1 - _CUE_SURE) / max(sum(a.confidence for a in found.alternatives), 1e-9)
    rest = tuple(
        replace(a, confidence=round(a.confidence * left, 4)) for a in found.alternatives if a.code != cue.codes[0]
    )
    ranked = (Alternative(cue.codes[0], _CUE_SURE), *rest)[:5]
    return Verdict(cue.codes[0], _CUE_SURE, "accepted", cue.codes[1:], ranked)


def open_mapper(
    guideline: Guideline,
    settings: Settings,
    decisions: Sequence[Decision] = (),
    cache: Path | None = None,
    exclude_departments: Collection[str] = (),
) -> Mapper:
    """Learn the mapper (a few seconds), or take it from the folder `cache`, where it is kept under what it was learnt
    from. `exclude_departments`: examples of these are left out, to measure honestly."""
    name = judging.key(guideline, decisions, exclude_departments)
    path = cache / f"mapper-{name}.npz" if cache is not None else None
    judge = judging.restore(path, guideline) if path is not None else None
    if judge is None:
        judge = judging.build(guideline, decisions, exclude_departments)
        if path is not None:
            for old in sorted(path.parent.glob("mapper-*.npz")):
                old.unlink(missing_ok=True)
            judging.store(judge, path)
    taught = from_decisions(decisions, frozenset(judge.labels))
    decided = {fingerprint(example.text): (example.label, example.id) for example in taught}
    return Mapper(guideline, settings, judge, decided, name)


class LazyMapper:
    """A mapper that is learnt when the first file asks for it: a run that finds everything in its store never does."""

    def __init__(
        self, guideline: Guideline, settings: Settings, decisions: Sequence[Decision] = (), cache: Path | None = None
    ) -> None:
        self._guideline, self._settings, self._decisions, self._cache = guideline, settings, decisions, cache

    @cached_property
    def version(self) -> str:
        """Names everything that filings depend on besides the file itself."""
        return judging.key(self._guideline, self._decisions)

    @cached_property
    def _mapper(self) -> Mapper:
        return open_mapper(self._guideline, self._settings, self._decisions, self._cache)

    def file(self, path: str, document: Document) -> tuple[Filing, ...]:
        """As `Mapper.file`."""
        return self._mapper.file(path, document)
