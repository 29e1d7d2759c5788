"""Every folder under examples/ is a guideline whose tree and requirements are known; every one under refused/ is none."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import UnusableGuideline
from pipeline.guideline import as_json, load
from pipeline.model import Guideline

HERE = Path(__file__).parent


def _file(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.stem == "guideline")


@cache
def _loaded(folder: Path) -> Guideline:
    return load(_file(folder))


def _cases(name: str) -> list[Any]:
    return [pytest.param(folder, id=folder.name) for folder in sorted((HERE / name).iterdir()) if folder.is_dir()]


def test_there_are_examples_of_every_format_and_many_layouts() -> None:
    suffixes = [_file(folder).suffix for folder in (HERE / "examples").iterdir()]
    assert set(suffixes) == {".docx", ".pdf", ".xlsx", ".txt"}
    assert len(suffixes) >= 12


@pytest.mark.parametrize("folder", _cases("examples"))
def test_example_gives_exactly_its_tree(folder: Path) -> None:
    answer = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    guideline = _loaded(folder)
    got = [{"code": i.code, "text": i.text, "full": i.full} for i in guideline.indicators]
    assert (guideline.title, guideline.year) == (answer["title"], answer["year"])
    assert got == answer["indicators"]


@pytest.mark.parametrize("folder", _cases("examples"))
def test_example_gives_exactly_its_requirements(folder: Path) -> None:
    answer = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    got = [
        {"code": i.code, "kind": r.kind, "period": r.period, "minimum": r.minimum}
        for i in _loaded(folder).indicators
        for r in i.requirements
    ]
    assert got == answer["requirements"]


@pytest.mark.parametrize("folder", _cases("examples"))
def test_requirements_quote_the_guideline_and_have_ids(folder: Path) -> None:
    for indicator in _loaded(folder).indicators:
        for number, requirement in enumerate(indicator.requirements, start=1):
            assert requirement.id == f"{indicator.code}#{number}"
            assert requirement.text
            assert requirement.text in indicator.text
            assert requirement.subject in indicator.text


@pytest.mark.parametrize("folder", _cases("refused"))
def test_what_is_no_guideline_is_refused_in_one_sentence(folder: Path) -> None:
    with pytest.raises(UnusableGuideline) as refusal:
        load(_file(folder))
    sentence = str(refusal.value)
    assert (folder / "expected.txt").read_text(encoding="utf-8").strip() in sentence
    assert "\n" not in sentence
    assert sentence.count("。") == 1


def test_all_forms_of_the_official_guideline_are_one_guideline() -> None:
    forms = [as_json(_loaded(folder)) for folder in sorted((HERE / "examples").glob("官方*"))]
    assert len(forms) == 5
    assert [len([i for i in forms[0]["indicators"] if i["level"] == level]) for level in (1, 2, 3)] == [5, 12, 39]
    assert all(form["indicators"] == forms[0]["indicators"] for form in forms)
