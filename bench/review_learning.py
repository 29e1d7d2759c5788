"""How much a tenth of the doubtful passages, decided by a person, helps with the rest.

Each year-end department in turn is unknown to the program: its examples are left out, its passages filed. The tenth of
the doubtful ones that the program is least sure of are decided by their labels and taught; the others are filed again.
`wrong` counts all doubtful passages before; `wrong_before` and `wrong_after` those that were not decided, before and
after: what the decisions taught, apart from what they decided themselves.
"""

from collections import Counter

from bench.mapping import folds, reference_guideline
from pipeline.mapping import examples as shipped
from pipeline.mapping import judge as judging
from pipeline.mapping.examples import NONE, Example, from_decisions
from pipeline.mapping.mapper import Mapper
from pipeline.model import Decision, Filing
from pipeline.settings import load_settings
from pipeline.text import fingerprint

SHARE = 10  # one in ten is decided


def learning() -> dict[str, float]:
    """Counts over all departments, and the share of wrong ones among the undecided before and after."""
    counted: Counter[str] = Counter()
    for fold in folds(year_end=True):
        counted.update(_department(fold))
    rest = counted["rest"]
    return {
        **counted,
        "share_wrong": round(counted["wrong"] / counted["doubtful"], 4),
        "share_wrong_before": round(counted["wrong_before"] / rest, 4),
        "share_wrong_after": round(counted["wrong_after"] / rest, 4),
    }


def _department(fold: str) -> dict[str, int]:
    guideline, settings = reference_guideline(), load_settings()
    everything = shipped.load_examples()
    others = [e for e in everything if e.fold != fold]
    held = [e for e in everything if e.fold == fold]
    rows = [(e.text, "", "") for e in held]
    before = Mapper(guideline, settings, judging.learn(guideline, others), {}, "").classify_all(rows)
    doubtful = sorted(
        (n for n, filing in enumerate(before) if filing.status == "review"), key=lambda n: (before[n].confidence, n)
    )
    decided = doubtful[: -(-len(doubtful) // SHARE)]
    taught = from_decisions([_decision(held[n]) for n in decided], {i.code for i in guideline.thirds()})
    after = Mapper(guideline, settings, judging.learn(guideline, [*others, *taught]), {}, "").classify_all(rows)
    rest = [n for n in doubtful if n not in set(decided)]
    return {
        "doubtful": len(doubtful),
        "wrong": sum(_wrong(held[n], before[n]) for n in doubtful),
        "decided": len(decided),
        "rest": len(rest),
        "wrong_before": sum(_wrong(held[n], before[n]) for n in rest),
        "wrong_after": sum(_wrong(held[n], after[n]) for n in rest),
        "still_doubtful": sum(after[n].status == "review" for n in rest),
    }


def _wrong(example: Example, filing: Filing) -> bool:
    return (filing.code or NONE) not in (example.label, *example.also)


def _decision(example: Example) -> Decision:
    kind, code = ("none", None) if example.label == NONE else ("code", example.label)
    return Decision(example.id, kind, example.dept, fingerprint(example.text), example.text, code)  # type: ignore[arg-type]  # two of the kinds
