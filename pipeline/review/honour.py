"""What a person decided about a passage wins over the program, wherever the passage stands now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.model import Decision, Evidence
from pipeline.text import fingerprint


def honour(
    evidence: Iterable[Evidence], decisions: Sequence[Decision]
) -> tuple[tuple[Evidence, ...], tuple[Decision, ...]]:
    """The evidence as decided, and the decisions whose text no longer stands anywhere (stale)."""
    by_text = {(d.department, d.fingerprint): d for d in decisions if d.kind in ("code", "none", "strike")}
    met: set[str] = set()
    decided = []
    for item in evidence:
        decision = by_text.get((item.department, fingerprint(item.text)))
        if decision is not None:
            met.add(decision.id)
            item = _decided(item, decision)
        decided.append(item)
    stale = tuple(d for d in by_text.values() if d.id not in met)
    return tuple(decided), stale


def _decided(item: Evidence, decision: Decision) -> Evidence:
    if decision.kind == "code":
        return replace(item, code=decision.code, status="accepted", method="decision", confidence=1.0)
    return replace(item, code=None, also=(), status="none", method="decision", confidence=1.0)
