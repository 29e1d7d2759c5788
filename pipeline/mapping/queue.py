"""The order in which a person should look at doubtful passages: what could move the score most comes first."""

from collections.abc import Iterable, Mapping

from pipeline.model import Evidence


def review_order(
    evidence: Iterable[Evidence], points: Mapping[str, float], accepted: Mapping[str, int]
) -> list[Evidence]:
    """Passages of status `review`, the greatest effect first.

    The effect is the points at stake under the codes in question, each weighed with its probability, and shared among
    the passages that the indicator already has: the first evidence of an indicator decides about points, the tenth
    hardly. `points`: the full points of a code; `accepted`: accepted passages of that department by code.
    """
    waiting = [item for item in evidence if item.status == "review"]
    return sorted(waiting, key=lambda item: (-_effect(item, points, accepted), item.source, item.id))


def _effect(item: Evidence, points: Mapping[str, float], accepted: Mapping[str, int]) -> float:
    choices = [(a.code, a.confidence) for a in item.alternatives] or [(item.code, item.confidence)]
    stakes = [
        (share, points.get(code, 0.0) / (1 + accepted.get(code, 0))) if code is not None else (share, 0.0)
        for code, share in choices
    ]
    mean = sum(share * stake for share, stake in stakes)
    return sum(share * abs(stake - mean) for share, stake in stakes) + mean
