"""`classify` and `evaluate` on JSON Lines."""

import json
from pathlib import Path

import pytest

from pipeline.errors import UnusableOption
from pipeline.mapping import classify, evaluate
from pipeline.mapping.mapper import Mapper
from pipeline.mapping.queue import review_order
from pipeline.mapping.report import macro_f1, measure
from pipeline.model import Alternative, Evidence, Filing, Locator


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_classify_answers_every_line_in_order(mapper: Mapper, tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": 7, "text": "党费收缴台账每月核对一次，组织关系转接按时办结。"},
        {"id": "b", "text": ""},
        {"id": "c", "text": "见佐证材料。", "heading": "4.5(1) 组织员"},
    )
    assert classify(source, tmp_path / "out.jsonl", mapper) == 3
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [7, "b", "c"]
    assert [row["code"] for row in rows] == ["4.2(2)", None, "4.5(1)"]
    for row in rows:
        assert set(row) == {"id", "code", "confidence", "status", "alternatives"}
        assert row["alternatives"][0]["code"] == row["code"]
        assert 0 <= row["confidence"] <= 1


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"id": 1, "text": 3}'])
def test_a_faulty_line_is_named(mapper: Mapper, tmp_path: Path, line: str) -> None:
    (tmp_path / "in.jsonl").write_text(f'{{"id": 0, "text": "好"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(UnusableOption, match="第2行"):
        classify(tmp_path / "in.jsonl", tmp_path / "out.jsonl", mapper)
    assert not (tmp_path / "out.jsonl").exists()


def test_evaluate_counts_codes_accepted_equally(mapper: Mapper, tmp_path: Path) -> None:
    text = "党费收缴台账每月核对一次，组织关系转接按时办结。"
    gold = write(tmp_path / "gold.jsonl", {"id": 1, "text": text, "label": "4.1(3)", "also": ["4.2(2)"]})
    found = evaluate(gold, mapper)
    assert (found.accuracy, found.exact, found.passages) == (1.0, 0.0, 1)
    assert any("ECE" in line for line in found.lines())


def test_macro_f1_is_the_mean_over_indicators() -> None:
    assert macro_f1(["a", "a", "b", "none"], ["a", "b", "b", "a"]) == pytest.approx((0.5 + 2 / 3) / 2)


def test_calibration_error_of_a_boaster() -> None:
    sure = Filing("a", 0.95, "accepted", "model", "done", (), (Alternative("a", 0.95),))
    found = measure([("a", ()), ("b", ())], [sure, sure])
    assert found.calibration_error == pytest.approx(0.45)
    assert found.confusions == (("b", "a", 1),)


def test_the_queue_begins_where_points_hang_on_it() -> None:
    def waiting(name: str, code: str) -> Evidence:
        return Evidence(
            name, "甲", "a.docx", Locator(paragraph=1), "…", None, (), "done", code, (), None, 0.6, "review", "model", (),
            alternatives=(Alternative(code, 0.6), Alternative(None, 0.4)),
        )  # fmt: skip

    rows = [waiting("E1", "1.1(1)"), waiting("E2", "4.5(1)"), waiting("E3", "4.1(4)")]
    points = {"1.1(1)": 4.0, "4.5(1)": 4.0, "4.1(4)": 1.0}
    assert [e.id for e in review_order(rows, points, {"1.1(1)": 9})] == ["E2", "E3", "E1"]
