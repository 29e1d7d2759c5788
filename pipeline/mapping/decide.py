"""From probabilities to a filing: accepted, review or none, second codes, and texts that nobody could judge."""

import re
from collections.abc import Mapping as Map
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.mapping.examples import NONE
from pipeline.mapping.figures import figures
from pipeline.model import Alternative, EvidenceStatus
from pipeline.settings import Mapping

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_JUDGED = 5  # alternatives that are kept, and what the contract allows


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be filed: `code` None belongs to no indicator."""

    code: str | None
    confidence: float
    status: EvidenceStatus
    also: tuple[str, ...]
    alternatives: tuple[Alternative, ...]


def unreadable(text: str, known: float) -> str:
    """Why nobody should judge this text by its words, in Chinese; empty where it can be judged."""
    limits = figures().decide
    solid = len("".join(text.split()))
    found = _CHINESE.findall(text)
    chinese = len(found)
    if len(set(found)) < limits.short:
        return "有效汉字太少"
    if chinese < limits.garbled * solid and chinese < limits.short * 5:
        return "汉字所占比例太低"
    if known < limits.known:
        return "用字与已知材料相差太大，可能是识别错误"
    return ""


def verdict(
    labels: tuple[str, ...],
    confidences: NDArray[np.float64],
    text: str,
    known: float,
    settings: Mapping,
    shifts: Map[str, float],
) -> Verdict:
    """The thresholds `accept` and `none` (settings, [mapping]) decide what needs no person, each code's shifted by what
    was measured for it."""
    limits = figures().decide
    order = np.argsort(-confidences, kind="stable")[:_JUDGED]
    reason = unreadable(text, known)
    top = labels[order[0]]
    scale = 1.0
    if reason:
        scale = min(1.0, 0.4 / float(confidences[order[0]]))
    ranked = tuple(
        Alternative(None if labels[j] == NONE else labels[j], round(float(confidences[j]) * scale, 4)) for j in order
    )
    sure = ranked[0].confidence
    shift = shifts.get(top, 0.0)
    if top == NONE or reason == "有效汉字太少":
        status: EvidenceStatus = "none" if sure >= settings.none + shift or reason == "有效汉字太少" else "review"
    else:
        status = "accepted" if sure >= settings.accept + shift and len(text) <= limits.long else "review"
    if reason == "有效汉字太少":
        ranked = (Alternative(None, min(sure, 0.4)), *(a for a in ranked if a.code is not None))[:_JUDGED]
        return Verdict(None, ranked[0].confidence, status, (), ranked)
    also = tuple(
        a.code for a in ranked[1:3] if a.code and top != NONE and a.confidence >= limits.also and sure < settings.accept
    )
    return Verdict(ranked[0].code, sure, status, also, ranked)
