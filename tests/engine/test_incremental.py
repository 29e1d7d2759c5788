"""What has not changed is not done again; what has changed is done, and nothing else; nothing stale is believed."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engine import Engine, build
from pipeline.read.batch import reader
from tests.test_run import run, same_always
from tests.workspaces import small_workspace, write_docx

NAMES = ("机电学院党总支", "化工学院党总支", "外国语学院党总支")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = small_workspace(tmp_path_factory.mktemp("done"), NAMES)
    assert run(workspace).exit_code == 0
    return workspace


@pytest.fixture
def workspace(done: Path, tmp_path: Path) -> Path:
    """A workspace whose last run is the one over the same files."""
    return Path(shutil.copytree(done, tmp_path / "copy"))


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator["Counter[str]"]:
    """What tasks were given to children, by name."""
    counted: Counter[str] = Counter()
    for method in ("submit", "submit_here"):
        real = getattr(Engine, method)

        def submit(self: Engine, task: object, limits: object, real: object = real) -> object:
            counted[task.function.rsplit(":")[-1]] += 1  # type: ignore[attr-defined]
            return real(self, task, limits)  # type: ignore[operator]

        monkeypatch.setattr(Engine, method, submit)
    yield counted


def test_a_second_run_with_nothing_changed_starts_no_child(workspace: Path, tasks: "Counter[str]") -> None:
    before = same_always(workspace / "outputs" / "2024")
    assert run(workspace).exit_code == 0
    assert tasks == {}
    assert same_always(workspace / "outputs" / "2024") == before


def test_file_times_never_count(workspace: Path, tasks: "Counter[str]") -> None:
    for number, path in enumerate(sorted((workspace / "inputs").rglob("*"))):
        os.utime(path, (10**9 + number, 4 * 10**9 - number))
    assert run(workspace).exit_code == 0
    assert tasks == {}


@pytest.mark.slow
def test_one_changed_file_costs_its_own_reading_and_its_own_department(workspace: Path, tasks: "Counter[str]") -> None:
    write_docx(
        workspace / "inputs/submissions/机电学院党总支/补充.docx", ("2024年5月6日，党总支书记讲专题党课，45人参加。",)
    )
    assert run(workspace).exit_code == 0
    assert tasks["read_task"] <= 1 + 3  # the new file; the proof opens the three of its department again
    assert (tasks["write_task"], tasks["school_task"]) == (1, 1)
    assert tasks["dossier_task"] <= 2  # the second where the child has to be told first what was learnt
    assert tasks["learn_task"] == 0


def test_a_document_that_is_gone_is_made_again_with_the_same_bytes(workspace: Path, tasks: "Counter[str]") -> None:
    outputs = workspace / "outputs" / "2024"
    before = same_always(outputs)
    (outputs / "机电学院党总支" / "补充材料清单.docx").unlink()
    assert run(workspace).exit_code == 0
    assert (tasks["write_task"], tasks["school_task"], tasks["dossier_task"]) == (1, 0, 0)
    assert same_always(outputs) == before


@pytest.mark.slow
def test_fresh_ignores_what_is_kept(workspace: Path, tasks: "Counter[str]") -> None:
    before = same_always(workspace / "outputs" / "2024")
    assert run(workspace, "--fresh").exit_code == 0
    assert tasks["read_task"] >= 2 * len(NAMES)
    assert tasks["learn_task"] == 1
    assert same_always(workspace / "outputs" / "2024") == before


@pytest.mark.slow
def test_what_another_version_has_kept_is_not_believed(
    workspace: Path, tasks: "Counter[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engine.program._versions", lambda: ("pypdfium2 another",))
    build.cache_clear()
    try:
        assert run(workspace).exit_code == 0
    finally:
        monkeypatch.undo()
        build.cache_clear()
    assert tasks["read_task"] >= 2 * len(NAMES)


def test_a_change_of_the_program_s_own_files_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "docx.py").write_text("one = 1\n")
    monkeypatch.setattr("pipeline.engine.program._ROOT", tmp_path)
    build.cache_clear()
    first = build("read")
    (tmp_path / "read" / "docx.py").write_text("one = 2\n")
    build.cache_clear()
    assert build("read") != first
    build.cache_clear()


def test_a_file_that_failed_for_want_of_libreoffice_is_read_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", str(tmp_path / "nowhere"))
    without = reader()
    (tmp_path / "soffice").touch()
    monkeypatch.setenv("SHUANGCHUANG_SOFFICE", str(tmp_path / "soffice"))
    assert reader() != without
