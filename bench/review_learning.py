"""How much a tenth of the doubtful passages, decided by a person, helps with the rest.

Two grounds, both with the examples of what is measured left out of the training:

- `corpus`: a workspace with answers. Its departments are filed and scored as in a run, the doubtful passages put in
  the order of 审阅清单.xlsx, the first tenth of those that have an answer decided by it, and everything is filed again;
- `examples`: each department and each style of the shipped examples, every passage standing alone, without file, table
  or heading: what is learnt from the words of unrelated texts, and nothing else.

`wrong` counts the doubtful passages before; `wrong_before` and `wrong_after` those that were not decided, before and
after: what the decisions teach, apart from what they decide themselves. `decided_precision` is that of what the program
decides alone.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.mapping import folds, reference_guideline
from pipeline import guideline as guidelines
from pipeline import intake
from pipeline.dossiers import DossierOrder, Rules, make_dossier
from pipeline.inventory import entry_of
from pipeline.mapping import examples as shipped
from pipeline.mapping import judge as judging
from pipeline.mapping import open_mapper
from pipeline.mapping.examples import NONE, Example, from_decisions
from pipeline.mapping.mapper import Mapper
from pipeline.model import Decision, Document, Dossier, Evidence, FileEntry, Filing
from pipeline.read import read
from pipeline.review.tables import table_kind
from pipeline.scoring import load_rubric
from pipeline.settings import load_settings
from pipeline.text import fingerprint, normal
from pipeline.workspace import open_workspace
from pipeline.write.review_list import in_order

SHARE = 10  # one in ten is decided
_LONG = 20  # characters from which a passage may also be a part of the one that the answers name


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
    ground = _Ground(inputs, gold)
    before = ground.filed(())
    answered = [d.item for d in in_order(before, ground.rules.settings.review) if ground.answer(d.item)]
    decided = answered[: -(-len(answered) // SHARE)]
    after = ground.filed([_decision(n, item, ground.answer(item)[0]) for n, item in enumerate(decided, 1)])
    taught = {item.id for item in decided}
    now = {item.id: item for dossier in after for item in dossier.evidence}
    rest = [item for item in answered if item.id not in taught]
    return _figures(
        {
            "doubtful": len(answered),
            "wrong": sum(ground.wrong(item) for item in answered),
            "decided": len(decided),
            "rest": len(rest),
            "wrong_before": sum(ground.wrong(item) for item in rest),
            "wrong_after": sum(ground.wrong(now[item.id]) for item in rest),
            "still_doubtful": sum(now[item.id].status == "review" for item in rest),
            **_sure(ground, before, set(), "before"),
            **_sure(ground, after, taught, "after"),
        }
    )


def _sure(ground: "_Ground", dossiers: Sequence[Dossier], taught: set[str], when: str) -> dict[str, int]:
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


class _Ground:
    """A workspace with answers, filed as often as asked for."""

    def __init__(self, inputs: Path, gold: Path) -> None:
        place = open_workspace(inputs.parent)
        settings, guideline = load_settings(place.settings), guidelines.find(place)
        assert guideline.year is not None
        self.rules = Rules(settings, guideline, load_rubric(place, guideline), (), guideline.year)
        self._answers = _answers(gold)
        self._infos = intake.departments(place, sources := intake.collect(place, settings))
        self._files: list[tuple[FileEntry, Document]] = []
        for source in sources:
            if source.status is None:
                found = read(source.path, source.kind, intake.load(place, source), settings)
                if isinstance(found, Document):  # scans are left out: recognising them takes minutes
                    self._files.append((entry_of(source, found), found))

    def filed(self, decisions: Sequence[Decision]) -> list[Dossier]:
        """All departments as a run files and scores them; their own examples teach nothing."""
        rules = replace(self.rules, decisions=tuple(decisions))
        names = {info.name for info in self._infos}
        mapper = open_mapper(rules.guideline, rules.settings, rules.decisions, exclude_departments=names)
        return [self._dossier(rules, name, mapper) for name in sorted(names)]

    def _dossier(self, rules: Rules, name: str, mapper: Mapper) -> Dossier:
        own = [(entry, document) for entry, document in self._files if entry.department == name]
        info = next(info for info in self._infos if info.name == name)
        order = DossierOrder(rules, info, tuple(entry for entry, _ in own), (), (), "")
        return make_dossier(order, {entry.path: document for entry, document in own}, mapper)

    def answer(self, item: Evidence) -> tuple[str, ...]:
        """The codes that are right for a passage, the label first; empty where nobody said."""
        text = normal(item.text)
        for wanted, codes in self._answers.get(item.source, ()):
            if text and (wanted in text or (len(text) > _LONG and text in wanted)):
                return codes
        return ()

    def wrong(self, item: Evidence) -> bool:
        """Whether a passage that has an answer is filed elsewhere."""
        return (item.code or NONE) not in self.answer(item)


def _answers(gold: Path) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """By file: the texts that have an answer, and the answer. Rows and sentences of dated events have that of the event."""
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
        counted.update(_fold(fold))
    return _figures(counted)


def _fold(fold: str) -> dict[str, int]:
    guideline, settings = reference_guideline(), load_settings()
    everything = shipped.load_examples()
    others = [e for e in everything if e.fold != fold]
    held = [e for e in everything if e.fold == fold]
    rows = [(e.text, "", "") for e in held]
    judge = judging.learn(guideline, others)
    before = Mapper(guideline, settings, judge, {}, "").classify_all(rows)
    doubtful = sorted(
        (n for n, filing in enumerate(before) if filing.status == "review"), key=lambda n: (before[n].confidence, n)
    )
    decided = doubtful[: -(-len(doubtful) // SHARE)]
    taught = from_decisions([_told(held[n]) for n in decided], {i.code for i in guideline.thirds()})
    learnt = judging.learn(guideline, [*others, *taught], calibration=judge.calibration)
    after = Mapper(guideline, settings, learnt, {}, "").classify_all(rows)
    rest = [n for n in doubtful if n not in set(decided)]
    sure_before = [n for n in range(len(held)) if before[n].status != "review"]
    sure_after = [n for n in range(len(held)) if after[n].status != "review" and n not in set(decided)]
    return {
        "doubtful": len(doubtful),
        "wrong": sum(_misfiled(held[n], before[n]) for n in doubtful),
        "decided": len(decided),
        "rest": len(rest),
        "wrong_before": sum(_misfiled(held[n], before[n]) for n in rest),
        "wrong_after": sum(_misfiled(held[n], after[n]) for n in rest),
        "still_doubtful": sum(after[n].status == "review" for n in rest),
        "sure_before": len(sure_before),
        "sure_wrong_before": sum(_misfiled(held[n], before[n]) for n in sure_before),
        "sure_after": len(sure_after),
        "sure_wrong_after": sum(_misfiled(held[n], after[n]) for n in sure_after),
    }


def _misfiled(example: Example, filing: Filing) -> bool:
    return (filing.code or NONE) not in (example.label, *example.also)


def _told(example: Example) -> Decision:
    kind, code = ("none", None) if example.label == NONE else ("code", example.label)
    return Decision(example.id, kind, example.dept, fingerprint(example.text), example.text, code)  # type: ignore[arg-type]  # two of the kinds
