"""How much a tenth of the doubtful passages, decided by a person, helps with the rest.

Two grounds, both with the examples of what is measured left out of the training:

- `corpus`: a workspace with answers, its files read as in a run;
- `examples`: each department and each style of the shipped examples, every passage standing alone, without table,
  heading or neighbours: what is learnt from the words of unrelated texts, and nothing else.

Passages are filed and scored as in a run, the doubtful ones put in the order of 审阅清单.xlsx, the first tenth of those
that have an answer decided by it, and everything is filed again. `wrong` counts the doubtful passages before;
`wrong_before` and `wrong_after` those that were not decided, before and after: what the decisions teach, apart from what
they decide themselves. `decided_precision` is that of what the program decides alone.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.mapping import folds, reference_guideline
from pipeline import guideline as guidelines
from pipeline import intake
from pipeline.dossiers import DossierOrder, Rules, make_dossier
from pipeline.inventory import entry_of
from pipeline.mapping import calibrate, open_mapper
from pipeline.mapping import examples as shipped
from pipeline.mapping import judge as judging
from pipeline.mapping.examples import NONE, Example, from_decisions
from pipeline.mapping.mapper import Mapper
from pipeline.model import Decision, DepartmentInfo, Document, Dossier, Evidence, FileEntry, Locator, Passage
from pipeline.read import read
from pipeline.review.tables import table_kind
from pipeline.scoring import load_rubric
from pipeline.scoring.rubric import default_rubric
from pipeline.settings import load_settings
from pipeline.text import fingerprint, normal
from pipeline.workspace import open_workspace
from pipeline.write.review_list import in_order

SHARE = 10  # one in ten is decided
_LONG = 20  # characters from which a passage may also be a part of the one that the answers name
_YEAR = 2024
Answers = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]  # by file: letters of a text, the codes right for it


@dataclass(frozen=True)
class Ground:
    """Departments with read files and answers. `mapper`: one that knows these decisions and none of the departments."""

    rules: Rules
    infos: Sequence[DepartmentInfo]
    files: Sequence[tuple[FileEntry, Document]]
    answers: Answers
    mapper: Callable[[Sequence[Decision]], Mapper]

    def filed(self, decisions: Sequence[Decision]) -> list[Dossier]:
        """All departments as a run files and scores them."""
        rules, mapper = replace(self.rules, decisions=tuple(decisions)), self.mapper(decisions)
        return [self._dossier(rules, info, mapper) for info in self.infos]

    def _dossier(self, rules: Rules, info: DepartmentInfo, mapper: Mapper) -> Dossier:
        own = [(entry, document) for entry, document in self.files if entry.department == info.name]
        order = DossierOrder(rules, info, tuple(entry for entry, _ in own), (), (), "")
        return make_dossier(order, {entry.path: document for entry, document in own}, mapper)

    def answer(self, item: Evidence) -> tuple[str, ...]:
        """The codes that are right for a passage, the label first; empty where nobody said."""
        text = normal(item.text)
        for wanted, codes in self.answers.get(item.source, ()):
            if text and (wanted in text or (len(text) > _LONG and text in wanted)):
                return codes
        return ()

    def wrong(self, item: Evidence) -> bool:
        """Whether a passage that has an answer is filed elsewhere."""
        return (item.code or NONE) not in self.answer(item)


def measured(ground: Ground) -> Counter[str]:
    """The counts of one ground."""
    before = ground.filed(())
    answered = [d.item for d in in_order(before, ground.rules.settings.review) if ground.answer(d.item)]
    decided = answered[: -(-len(answered) // SHARE)]
    after = ground.filed([_decision(n, item, ground.answer(item)[0]) for n, item in enumerate(decided, 1)])
    taught = {item.id for item in decided}
    now = {item.id: item for dossier in after for item in dossier.evidence}
    rest = [item for item in answered if item.id not in taught]
    return Counter(
        {
            "doubtful": len(answered),
            "wrong": sum(map(ground.wrong, answered)),
            "decided": len(decided),
            "rest": len(rest),
            "wrong_before": sum(map(ground.wrong, rest)),
            "wrong_after": sum(ground.wrong(now[item.id]) for item in rest),
            "still_doubtful": sum(now[item.id].status == "review" for item in rest),
            **_sure(ground, before, set(), "before"),
            **_sure(ground, after, taught, "after"),
        }
    )


def _sure(ground: Ground, dossiers: Sequence[Dossier], taught: set[str], when: str) -> dict[str, int]:
    sure = [
        item
        for dossier in dossiers
        for item in dossier.evidence
        if item.status in ("accepted", "none") and item.id not in taught and ground.answer(item)
    ]
    return {f"sure_{when}": len(sure), f"sure_wrong_{when}": sum(map(ground.wrong, sure))}


def _decision(number: int, item: Evidence, label: str) -> Decision:
    kind, code = ("none", None) if label == NONE else ("code", label)
    return Decision(
        f"审-{number:03d}",
        kind,  # type: ignore[arg-type]  # two of the kinds
        item.department,
        fingerprint(item.text),
        item.text,
        code,
        table=table_kind(item),
    )


def _figures(counted: Mapping[str, int]) -> dict[str, float]:
    """The counts with the shares that they give."""
    shares = {
        "share_wrong_before": counted["wrong_before"] / max(1, counted["rest"]),
        "share_wrong_after": counted["wrong_after"] / max(1, counted["rest"]),
        "decided_precision_before": 1 - counted["sure_wrong_before"] / max(1, counted["sure_before"]),
        "decided_precision_after": 1 - counted["sure_wrong_after"] / max(1, counted["sure_after"]),
    }
    return {**counted, **{name: round(share, 4) for name, share in shares.items()}}


# ---------------------------------------------------------------- a workspace with answers


def learning_of_corpus(inputs: Path, gold: Path) -> dict[str, float]:
    """`inputs` is the folder inputs/ of a workspace; `gold` holds passages.jsonl and events.jsonl."""
    place = open_workspace(inputs.parent)
    settings, guideline = load_settings(place.settings), guidelines.find(place)
    sources = intake.collect(place, settings)
    infos = intake.departments(place, sources)
    files = []
    for source in sources:
        if source.status is None:
            found = read(source.path, source.kind, intake.load(place, source), settings)
            if isinstance(found, Document):  # scans are left out: recognising them takes minutes
                files.append((entry_of(source, found), found))
    names = {info.name for info in infos}

    def mapper(decisions: Sequence[Decision]) -> Mapper:
        return open_mapper(guideline, settings, decisions, exclude_departments=names)

    rules = Rules(settings, guideline, load_rubric(place, guideline), (), guideline.year or _YEAR)
    return _figures(measured(Ground(rules, infos, files, _answers(gold), mapper)))


def _answers(gold: Path) -> Answers:
    """Rows and sentences of dated events have the event's answer."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for row in _lines(gold / "passages.jsonl"):
        text = normal(row.get("written") or row["text"])
        found.setdefault(row["source"], []).append((text, (row["label"], *row["also"])))
    for row in _lines(gold / "events.jsonl"):
        for mention in row["sources"]:
            found.setdefault(mention["source"], []).append((normal(mention["text"]), (row["code"],)))
    return found


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


# ---------------------------------------------------------------- passages that stand alone


def learning_of_examples() -> dict[str, float]:
    """All departments and styles of the shipped examples, one after the other left out."""
    counted: Counter[str] = Counter()
    for fold in (*folds(year_end=True), *folds(year_end=False)):
        counted.update(found := measured(_alone(fold)))
        print(fold, dict(found), file=sys.stderr, flush=True)
    return _figures(counted)


def _alone(fold: str) -> Ground:
    """The examples of one fold as a department that sent each in a file of its own."""
    guideline, settings = reference_guideline(), load_settings()
    everything = shipped.load_examples()
    others = [e for e in everything if e.fold != fold]
    files = [(_entry(fold, e), _document(e)) for e in everything if e.fold == fold]
    answers = {_path(fold, e): [(normal(e.text), (e.label, *e.also))] for e in everything if e.fold == fold}
    codes = {i.code for i in guideline.thirds()}
    calibration = calibrate.shipped(judging.fingerprint_of(everything))  # out of fold: measured once for all folds
    learnt = judging.learn(guideline, others, calibration=calibration)

    def mapper(decisions: Sequence[Decision]) -> Mapper:
        taught = from_decisions(decisions, codes)
        judge = judging.learn(guideline, [*others, *taught], calibration=learnt.calibration) if taught else learnt
        decided = {fingerprint(e.text): (e.label, e.id) for e in taught}
        return Mapper(guideline, settings, judge, decided, "")

    rules = Rules(settings, guideline, default_rubric(guideline), (), _YEAR)
    return Ground(rules, [DepartmentInfo(fold)], files, answers, mapper)


def _path(fold: str, example: Example) -> str:
    return f"inputs/submissions/{hashlib.sha256(f'{fold} {example.id} {example.text}'.encode()).hexdigest()[:16]}"


def _entry(fold: str, example: Example) -> FileEntry:
    return FileEntry(_path(fold, example), fold, "", 0, "docx", "read", None, 1, None)


def _document(example: Example) -> Document:
    return Document("", (Passage(example.text, Locator(paragraph=1), "paragraph", None, ()),), None)
