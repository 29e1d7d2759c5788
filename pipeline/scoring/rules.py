"""The rule table: national and school rules beside the guideline's own, each with its source and level.

Only the guideline's own requirements are on by default; a clerk switches others on in the rubric.
"""

import tomllib
from dataclasses import replace
from functools import cache
from typing import get_args

from pipeline.model import Indicator, Period, Requirement
from pipeline.scoring.rubric import Rubric, Rule
from pipeline.settings import data_text


@cache
def default_rules() -> tuple[Rule, ...]:
    """The rules of data/rules.toml, all switched off."""
    return tuple(
        Rule(**{**row, "minimum": float(row["minimum"])}) for row in tomllib.loads(data_text("rules.toml"))["rule"]
    )


def with_rules(indicator: Indicator, rubric: Rubric) -> Indicator:
    """The indicator with the rules that the rubric switches on for it as further requirements."""
    more = tuple(_requirement(r) for r in rubric.rules if r.enabled and r.code == indicator.code)
    return replace(indicator, requirements=(*indicator.requirements, *more)) if more else indicator


def _requirement(rule: Rule) -> Requirement:
    period: Period | None = next((p for p in get_args(Period) if p == rule.period), None)
    return Requirement(
        id=f"{rule.code}#{rule.id}",
        kind="frequency",
        period=period or "year",
        minimum=rule.minimum,
        unit="次",
        text=f"{rule.text}（{rule.source}）"
        if rule.event in rule.text
        else f"{rule.event}：{rule.text}（{rule.source}）",
        subject=rule.subject,
    )
