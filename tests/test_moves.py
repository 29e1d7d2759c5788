"""scores.json is written and read back a department at a time, and means the same as written at once."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import DepartmentInfo, DepartmentScore, DepartmentSummary, IndicatorScore
from pipeline.moves import Before, changes_of, moved_evidence
from pipeline.publish import dump, scores_json, scores_lines, with_files


def summary(name: str, total: float = 0.0, evidence: tuple[str, ...] = ()) -> DepartmentSummary:
    indicator = IndicatorScore("1.1(1)", 5.0, None, 2.5, 2.5, reasons=("“{”和换行\n",), evidence=evidence)
    score = DepartmentScore(name, total, 0.0, None, (indicator,))
    return DepartmentSummary(DepartmentInfo(name), score, (), (), (), {}, {}, {})


@given(st.lists(st.text(min_size=1, max_size=12), max_size=5, unique=True))
def test_written_in_pieces_it_is_what_is_written_at_once(names: list[str]) -> None:
    pieces = b"".join(scores_lines(summary(name) for name in names))
    assert pieces == dump({"departments": [scores_json(summary(name)) for name in names]})


def test_each_department_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    names = ["机电学院", '带"引号"的学院', "艺术学院"]
    path.write_bytes(b"".join(scores_lines(summary(name, n) for n, name in enumerate(names))))
    before = Before(path)
    assert before.names() == set(names)
    assert [before.get(name) for name in names] == [scores_json(summary(name, n)) for n, name in enumerate(names)]
    assert before.get("没有的学院") is None


def test_a_file_that_is_absent_or_another_s_is_no_run_before(tmp_path: Path) -> None:
    assert not Before(tmp_path / "scores.json")
    (tmp_path / "scores.json").write_text('{"departments": [{"name": "x"}]}', encoding="utf-8")
    assert not Before(tmp_path / "scores.json")
    (tmp_path / "scores.json").write_bytes(b"  {\nbroken")
    assert not Before(tmp_path / "scores.json")


def test_evidence_that_came_or_went_is_named_with_its_file() -> None:
    old, new = scores_json(summary("机电学院", 1, ("E1", "E2"))), scores_json(summary("机电学院", 2, ("E2", "E3")))
    assert moved_evidence(old, new) == {"E1", "E3"}
    rows = changes_of("机电学院", old, new, {"E1": "a.docx", "E3": "b.docx"}, ())
    assert [(row["what"], row["before"], row["after"]) for row in rows] == [("total", 1.0, 2.0)]


def test_files_are_listed_as_if_the_whole_was_written_at_once() -> None:
    assert b"".join(with_files({"year": 2024, "files": [], "version": "1"}, ())) == dump(
        {"year": 2024, "files": [], "version": "1"}
    )
    assert json.loads(b"".join(with_files({"files": []}, ()))) == {"files": []}
