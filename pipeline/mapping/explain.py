"""Why a passage went where it went, in Chinese sentences for `explain` and the reviewer's comment."""

from typing import Any

from pipeline.mapping.cues import Cue
from pipeline.mapping.decide import Verdict
from pipeline.mapping.examples import NONE
from pipeline.mapping.judge import Judge
from pipeline.mapping.roles import Judgement
from pipeline.model import Alternative, Guideline, Passage

_WORDS = 5  # words that an explanation names
_PIECE = 30  # characters of the nearest example that an explanation shows
_ROLES = {
    "profile": "基本情况", "done": "已做的工作", "result": "成效", "problem": "问题",
    "plan": "计划", "rule": "制度规定", "other": "其他",
}  # fmt: skip


def reasons(
    guideline: Guideline,
    judge: Judge,
    passage: Passage,
    features: Any,
    cue: Cue | None,
    found: Verdict,
    fault: str,
    role: Judgement,
) -> tuple[str, ...]:
    """What led there, what came second, and what the passage says."""
    told = []
    if cue is not None and cue.sure:
        told.append(f"{cue.where}写明了指标：“{cue.words}”。")
    elif fault:
        told.append(f"{fault}，不能据此归类。")
    else:
        words = judge.telling(features, passage.text, found.code or NONE, _WORDS)
        told.append(f"依据用词归入{_name(guideline, found.code)}" + (f"：{'、'.join(words)}。" if words else "。"))
        told.append(f"最相近的已知材料：“{judge.nearest(features, found.code or NONE)[:_PIECE]}…”。")
        if cue is not None:
            told.append(f"{cue.where}“{cue.words}”提示可能属于{'、'.join(cue.codes)}。")
    if len(found.alternatives) > 1:
        told.append("其次可能是" + _second(guideline, found.alternatives[1]) + "。")
    told.append(f"内容性质：{_ROLES[role.role]}" + (f"（“{role.words}”）。" if role.words else "。"))
    return tuple(told)


def _name(guideline: Guideline, code: str | None) -> str:
    if code is None:
        return "“不属于任何指标”"
    return f"{code}“{guideline.get(code).text[:24]}…”"


def _second(guideline: Guideline, alternative: Alternative) -> str:
    return f"{_name(guideline, alternative.code)}（把握{alternative.confidence:.0%}）"
