"""The rule table: off by default, each with its source; switched on, each branch is asked by itself."""

from dataclasses import replace

from pipeline.facts.data import kind_named
from pipeline.scoring.rules import default_rules
from pipeline.scoring.words import PERIODS
from tests.facts.material import ledger
from tests.scoring.school import RUBRIC, indicator, scored

BRANCHES = ledger(
    "支部换届", "党支部名称|类型|本届选举时间", "教工第一党支部|教工|2023.3.1", "学生第一党支部|学生|2023.3.1"
)
MEETINGS = ledger(
    "党员大会",
    "日期|党支部|内容",
    *(f"2024-{m:02d}-08|教工第一党支部|第{m}次" for m in (2, 5, 8, 11)),
    *(f"2024-{m:02d}-09|学生第一党支部|第{m}次" for m in (2, 5, 11)),
)


def test_every_rule_is_off_and_names_its_source_its_level_and_a_kind_that_is_known() -> None:
    rules = default_rules()
    assert len({r.id for r in rules}) == len(rules) > 8
    for rule in rules:
        assert not rule.enabled
        assert rule.source
        assert rule.level in ("国家", "校级")
        assert rule.sure  # none was compared with the official text yet, and each says so
        assert rule.period in PERIODS.values()
        assert kind_named(rule.event) is not None


def test_a_rule_that_is_off_asks_nothing() -> None:
    score = indicator(scored([*BRANCHES, *MEETINGS]), "2.2(1)")
    assert score.requirements == ()


def test_a_rule_that_is_on_is_decided_for_each_branch() -> None:
    rule = replace(default_rules()[0], enabled=True, code="2.2(1)")
    score = indicator(scored([*BRANCHES, *MEETINGS], rubric=replace(RUBRIC, rules=(rule,))), "2.2(1)")
    verdicts = {v.id.rsplit("/", 1)[-1]: v for v in score.requirements}
    assert verdicts["教工第一党支部"].met is True
    assert (verdicts["学生第一党支部"].met, verdicts["学生第一党支部"].missing) == (False, ("第三季度",))
    assert rule.source in verdicts["学生第一党支部"].text
