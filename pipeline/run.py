"""The main job, as a table of contents: read, map, score, write, prove.

`run` reads inputs/ of one workspace and writes outputs/YYYY/ as the contract says. Each step is one call; what a step
keeps of a department lies in the store, so memory does not grow with the number of departments.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline import guideline as guidelines
from pipeline import intake, review, scoring, write
from pipeline.dossiers import Desk, Rules
from pipeline.engine import open_engine
from pipeline.engine.lock import only_run
from pipeline.engine.log import AuditLog
from pipeline.errors import Exit, UnusableGuideline
from pipeline.inventory import Inventory, read_submissions
from pipeline.model import Guideline, Problem
from pipeline.progress import Progress
from pipeline.publish import Published, Publisher
from pipeline.settings import Options, load_settings
from pipeline.verify.prove import Job, prove_changed
from pipeline.workspace import open_workspace


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did, for the closing account and the exit code."""

    year: int
    inventory: Inventory
    published: Published
    timings: dict[str, float]
    unheeded: tuple[Problem, ...] = ()  # decisions that could not be carried out

    @property
    def exit_code(self) -> Exit:
        """1 where a person must look at something: a failed file, a missing department, an output left open …"""
        found = self.inventory.findings or self.published.findings or self.unheeded
        return Exit.FINDINGS if found else Exit.DONE


def run(options: Options, progress: Progress) -> RunReport:
    """The whole main job; raises `errors.Unusable` before anything is written where it cannot begin."""
    clock = Clock()
    workspace = open_workspace(options.workspace)
    settings = load_settings(workspace.settings)
    guideline = guidelines.find(workspace)
    year = year_of(options, guideline)
    rubric = scoring.load_rubric(workspace, guideline)
    carried = review.Carried() if options.without_decisions else review.recall(workspace, guideline, year)
    decisions = carried.all
    templates = write.open_templates(workspace)
    intake.departments(workspace, ())  # a roster that cannot be used is refused before anything is written
    log = AuditLog()
    with (
        only_run(workspace.store),
        open_engine(
            workspace.store, options.jobs, options.cluster, options.fresh, settings.reading.memory_mib
        ) as engine,
    ):
        publisher = Publisher(workspace, year, engine, settings, rubric, templates, log)
        desk = Desk(engine, workspace, Rules(settings, guideline, rubric, decisions, year), log)
        desk.learn()
        with clock.stage("read"):
            inventory = read_submissions(engine, workspace, settings, decisions, progress, log)
        with clock.stage("map"):
            scores = desk.scores(inventory, progress)
        with clock.stage("score"):
            desk.settle(review.decided_grades(scoring.settle_grades(scores, rubric), decisions))
        with clock.stage("write"):
            names = {info.name for info in inventory.departments}
            edition = publisher.edition(guideline, inventory, decisions, options, review.unheeded(carried, names, ()))
            published = publisher.publish(desk, edition, inventory, progress)
        with clock.stage("verify"):
            job = Job(workspace, desk.rules, templates, published.folder)
            published.failures += prove_changed(job, engine, desk, inventory, edition, progress).told()
        stale = [decision for summary in published.summaries for decision in summary.stale]
        unheeded = review.unheeded(carried, names, stale)
        publisher.close(edition, inventory, clock.timings, unheeded)
    return RunReport(year, inventory, published, clock.timings, unheeded)


def year_of(options: Options, guideline: Guideline) -> int:
    """The year asked for, else the one in the guideline's title; never the clock's."""
    year = options.year or guideline.year
    if year is None:
        raise UnusableGuideline("指南的标题里没有年份：请用 --year 指明，例如 --year 2024。")
    return year


class Clock:
    """Wall-clock seconds of each stage, and `total`."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self._stages[name] = time.perf_counter() - begun

    @property
    def timings(self) -> dict[str, float]:
        total = time.perf_counter() - self._start
        return {name: round(seconds, 3) for name, seconds in {**self._stages, "total": total}.items()}
