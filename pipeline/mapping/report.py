"""What `evaluate` reports: how often the mapper is right, and whether it knows when it is not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.mapping.examples import NONE
from pipeline.model import Filing

_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_BINS = 10


@dataclass(frozen=True)
class Bin:
    """One row of the reliability table: how sure the mapper said it was, and how often it was right."""

    low: float
    count: int
    said: float
    right: float


@dataclass(frozen=True)
class Report:
    """Shares are 0 to 1. `accuracy` counts the label or a code accepted equally; `exact` the label alone."""

    passages: int
    accuracy: float
    exact: float
    macro_f1: float
    within_three: float
    decided: float
    decided_precision: float
    accepted: float
    accepted_precision: float
    precision_at: tuple[tuple[float, float], ...]
    reliability: tuple[Bin, ...]
    calibration_error: float
    confusions: tuple[tuple[str, str, int], ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json` and for comparisons."""
        from dataclasses import asdict

        return asdict(self)

    def lines(self) -> list[str]:
        """The report as the clerk reads it."""
        return [
            f"共{self.passages}段",
            f"准确率 accuracy {self.accuracy:.3f}（只认首选标签 {self.exact:.3f}）",
            f"宏平均 macro-F1 {self.macro_f1:.3f}",
            f"前三位含正确答案 top-3 {self.within_three:.3f}",
            f"无需人工 decided {self.decided:.3f}，其中正确 {self.decided_precision:.3f}"
            f"（采纳 {self.accepted:.3f}，其中正确 {self.accepted_precision:.3f}）",
            "把握最大的部分中正确的比例 precision at share:",
            *(f"  最有把握的 {share:.0%}：{precision:.3f}" for share, precision in self.precision_at),
            f"可靠性 reliability（期望校准误差 ECE {self.calibration_error:.3f}）:",
            *(
                f"  {b.low:.1f}–{b.low + 1 / _BINS:.1f}：{b.count:>5}段，自报 {b.said:.3f}，实际 {b.right:.3f}"
                for b in self.reliability
            ),
            "最常混淆 confusions（应为 → 判为）:",
            *(f"  {label} → {given}：{count}" for label, given, count in self.confusions),
        ]


def measure(gold: Sequence[tuple[str, tuple[str, ...]]], filings: Sequence[Filing]) -> Report:
    """`gold`: label and codes accepted equally, parallel to `filings`."""
    given = [filing.code or NONE for filing in filings]
    right = [code in (label, *also) for (label, also), code in zip(gold, given, strict=True)]
    three = [
        any((a.code or NONE) in (label, *also) for a in filing.alternatives[:3]) or is_right
        for (label, also), filing, is_right in zip(gold, filings, right, strict=True)
    ]
    settled = [g if is_right else label for (label, _), g, is_right in zip(gold, given, right, strict=True)]
    decided = [i for i, filing in enumerate(filings) if filing.status in ("accepted", "none")]
    accepted = [i for i, filing in enumerate(filings) if filing.status == "accepted"]
    bins = _reliability(filings, right)
    wrong = Counter((label, g) for (label, _), g, ok in zip(gold, given, right, strict=True) if not ok)
    count = len(gold)
    return Report(
        passages=count,
        accuracy=_mean(right),
        exact=_mean([label == g for (label, _), g in zip(gold, given, strict=True)]),
        macro_f1=macro_f1(settled, given),
        within_three=_mean(three),
        decided=len(decided) / max(count, 1),
        decided_precision=_mean([right[i] for i in decided]),
        accepted=len(accepted) / max(count, 1),
        accepted_precision=_mean([right[i] for i in accepted]),
        precision_at=_precision_at(filings, right),
        reliability=bins,
        calibration_error=sum(b.count * abs(b.said - b.right) for b in bins) / max(count, 1),
        confusions=tuple(
            (label, g, n) for (label, g), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:15]
        ),
    )


def macro_f1(wanted: Sequence[str], given: Sequence[str]) -> float:
    """The mean F1 over the indicators that occur in `wanted`; `none` is left out of the mean, not of the errors."""
    scores = []
    for label in sorted(set(wanted) - {NONE}):
        hits = sum(w == g == label for w, g in zip(wanted, given, strict=True))
        scores.append(2 * hits / (wanted.count(label) + given.count(label)))
    return sum(scores) / len(scores) if scores else 0.0


def _precision_at(filings: Sequence[Filing], right: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    order = sorted(range(len(filings)), key=lambda i: (-filings[i].confidence, i))
    return tuple(
        (share, _mean([right[i] for i in order[: max(1, round(share * len(order)))]])) for share in _SHARES if order
    )


def _reliability(filings: Sequence[Filing], right: Sequence[bool]) -> tuple[Bin, ...]:
    table: dict[int, list[int]] = {}
    for i, filing in enumerate(filings):
        table.setdefault(min(int(filing.confidence * _BINS), _BINS - 1), []).append(i)
    return tuple(
        Bin(k / _BINS, len(rows), sum(filings[i].confidence for i in rows) / len(rows), _mean([right[i] for i in rows]))
        for k, rows in sorted(table.items())
    )


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0
