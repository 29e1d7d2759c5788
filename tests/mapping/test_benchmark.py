"""The figures of the classifier, departments and styles left out, with floors. They are printed in every run."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.guideline import load
from pipeline.mapping import calibrate, open_mapper
from pipeline.mapping import judge as judging
from pipeline.mapping.commands import evaluate
from pipeline.mapping.decide import verdict
from pipeline.mapping.examples import load_examples
from pipeline.mapping.judge import Lesson
from pipeline.mapping.report import Report, measure
from pipeline.model import Filing
from pipeline.settings import load_settings

DATA = Path(__file__).parent / "data"


def report(lesson: Lesson, year_end: bool) -> Report:
    """Every shipped example as it was filed while its fold was left out."""
    settings = load_settings().mapping
    gold, filings = [], []
    for row, example in enumerate(lesson.examples):
        if (example.style == "年终报送") == year_end:
            known = lesson.judge.known([example.text])[0]
            v = verdict(
                lesson.labels, np.asarray(lesson.confidences[row]), example.text, known, settings, lesson.judge.shifts()
            )
            filings.append(Filing(v.code, v.confidence, v.status, "model", "other", v.also, v.alternatives))
            gold.append((example.label, example.also))
    return measure(gold, filings)


@pytest.mark.parametrize(("year_end", "accuracy", "decided"), [(True, 0.93, 0.80), (False, 0.925, 0.80)])
def test_floors_with_departments_and_styles_left_out(
    lesson: Lesson, capsys: pytest.CaptureFixture[str], year_end: bool, accuracy: float, decided: float
) -> None:
    found = report(lesson, year_end)
    with capsys.disabled():
        print(
            f"\n归类（{'院系' if year_end else '文风'}留出）：准确率{found.accuracy:.3f} 宏F1 {found.macro_f1:.3f} "
            f"前三{found.within_three:.3f} 免人工{found.decided:.3f}（正确{found.decided_precision:.3f}）"
            f" ECE {found.calibration_error:.3f}"
        )
    assert found.accuracy >= accuracy
    assert found.within_three >= 0.975
    assert found.decided >= decided
    assert found.decided_precision >= 0.97
    assert found.calibration_error <= 0.05


@pytest.mark.parametrize(("name", "accuracy"), [("branch", 0.78), ("office-branch", 0.76)])
def test_a_guideline_never_seen_works_from_its_text_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, accuracy: float
) -> None:
    """`branch` served to weigh the ways of reaching an indicator's text, `office-branch` was only measured."""
    mapper = open_mapper(load(DATA / f"{name}-guideline.txt"), load_settings(), cache=tmp_path)
    found = evaluate(DATA / f"{name}-gold.jsonl", mapper)
    with capsys.disabled():
        print(
            f"\n未见过的指南（{name}）：准确率{found.accuracy:.3f} 前三{found.within_three:.3f} "
            f"免人工{found.decided:.3f}（正确{found.decided_precision:.3f}）"
        )
    assert found.accuracy >= accuracy
    assert found.within_three >= 0.87
    assert found.decided_precision >= 0.9


def test_the_shipped_calibration_was_measured_on_the_shipped_examples(lesson: Lesson) -> None:
    """Else run bench/mapping_words.py and `bench/mapping.py calibrate` again."""
    name = judging.fingerprint_of(load_examples())
    shipped = calibrate.shipped(name)
    assert shipped is not None
    again = calibrate.as_json(lesson.judge.calibration, name)
    assert calibrate.as_json(shipped, name).split("shifts")[0] == again.split("shifts")[0]
    assert shipped.shifts == pytest.approx(lesson.judge.calibration.shifts, abs=0.011)
