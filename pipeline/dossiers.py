"""One department at a time: its documents mapped, its events counted, its scores suggested.

A dossier is computed once a run, kept in the store, and fetched again when it is written, so that memory holds one
department however many there are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from pipeline import __version__, facts, intake, review, scoring
from pipeline.engine import Engine, content_key
from pipeline.evidence import evidence_of, mark_repeats
from pipeline.inventory import Inventory
from pipeline.mapping import LazyMapper
from pipeline.model import (
    Decision,
    DepartmentInfo,
    DepartmentScore,
    DepartmentSummary,
    Document,
    Dossier,
    Evidence,
    FileEntry,
    Guideline,
    decode,
    encode,
)
from pipeline.read import READER_VERSION
from pipeline.read.batch import read_file
from pipeline.scoring import Rubric
from pipeline.settings import Settings
from pipeline.workspace import Workspace


class Desk:
    """Makes and fetches dossiers. `settle` gives the scores their final grades before anything is written."""

    def __init__(
        self,
        engine: Engine,
        workspace: Workspace,
        settings: Settings,
        guideline: Guideline,
        rubric: Rubric,
        decisions: Sequence[Decision],
        year: int,
        mapper: LazyMapper,
        inventory: Inventory,
    ) -> None:
        self._engine, self._workspace, self._settings = engine, workspace, settings
        self._guideline, self._rubric, self._decisions = guideline, rubric, tuple(decisions)
        self._year, self._mapper, self._inventory = year, mapper, inventory
        self._grades: dict[str, DepartmentScore] = {}
        self._base = content_key(
            "dossier", __version__, READER_VERSION, encode((settings, guideline, rubric, self._decisions, year)), mapper.version
        )

    def dossier(self, info: DepartmentInfo) -> Dossier:
        """Everything known of one department, from the store where nothing it depends on has changed."""
        files = self._inventory.of(info.name)
        key = content_key(self._base, encode((info, files)))
        kept = self._engine.store.get(key)
        if kept is None:
            dossier = self._make(info, files)
            self._engine.store.put(key, encode(dossier))
        else:
            dossier = decode(kept, Dossier)
        settled = self._grades.get(info.name)
        return dossier if settled is None else replace(dossier, score=settled)

    def dossiers(self) -> Iterator[Dossier]:
        """All of them, in the order of the departments."""
        for info in self._inventory.departments:
            yield self.dossier(info)

    def scores(self) -> tuple[DepartmentScore, ...]:
        """The settled scores, in the order of the departments."""
        return tuple(self._grades.values())

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return self._decisions

    def settle(self, scores: Sequence[DepartmentScore]) -> None:
        """The scores as they stand after the whole school was looked at (quotas)."""
        self._grades = {score.name: score for score in scores}

    def _make(self, info: DepartmentInfo, files: tuple[FileEntry, ...]) -> Dossier:
        found = [e for entry in files if entry.status == "read" for e in self._evidence(info, entry)]
        evidence, _stale = review.honour(mark_repeats(found), self._decisions)
        evidence = review.assign_numbers(evidence, self._decisions)
        told = facts.find_facts(info, evidence, self._guideline, self._year)
        score = scoring.score_department(
            info, self._guideline, self._rubric, evidence, told, files, self._decisions, self._year
        )
        return Dossier(info, files, evidence, told, score)

    def _evidence(self, info: DepartmentInfo, entry: FileEntry) -> tuple[Evidence, ...]:
        source = self._inventory.sources[entry.path]
        load = partial(intake.load, self._workspace, reading=self._settings.reading)
        document = read_file(self._engine, self._settings, source, load)
        if not isinstance(document, Document):
            return ()
        filings = self._mapper.file(entry.path, document)
        return evidence_of(info.name, entry.path, document, filings, self._year)


def summary_of(dossier: Dossier) -> DepartmentSummary:
    """What the roll-up and the page keep of a dossier."""
    statuses = [e.status for e in dossier.evidence]
    held = [e.kind for e in dossier.facts.events if e.status == "held"]
    roles = [e.role for e in dossier.evidence if e.status == "accepted"]
    return DepartmentSummary(
        info=dossier.info,
        score=dossier.score,
        files=dossier.files,
        conflicts=dossier.facts.conflicts,
        notes=dossier.facts.notes,
        passages={"total": len(statuses), **_counted(statuses)},
        events=_counted(held),
        roles=_counted(roles),
    )


def _counted(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in sorted(set(values))}
