"""What single sentences say: every case file in cases/ is one test."""

import tomllib
from pathlib import Path

import pytest

from tests.facts.material import facts, paragraph

CASES = sorted(Path(__file__).with_name("cases").glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_sentences_say_the_events_they_should(path: Path) -> None:
    wrong = []
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        found = facts([paragraph(case["text"])]).events
        told = sorted(f"{e.kind}|{e.subject}|{e.date or ''}|{e.status}" for e in found)
        if told != sorted(case["events"]):
            wrong.append((case["text"], told))
    assert not wrong


def test_there_are_cases() -> None:
    assert CASES
