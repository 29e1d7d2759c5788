"""`purge` removes a year's outputs and the working store after a question; originals stay."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.engine.lock import only_run
from tests.test_run import files_under
from tests.workspaces import small_workspace


def purge(workspace: Path, *options: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, ["purge", "--workspace", str(workspace), *options], input=answer)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = small_workspace(tmp_path, learnt=False)
    for year in (2023, 2024):
        (root / "outputs" / str(year)).mkdir(parents=True)
        (root / "outputs" / str(year) / "run.json").write_text("{}")
    (root / ".shuangchuang").mkdir()
    (root / ".shuangchuang" / "store.sqlite").write_bytes(b"kept")
    return root


def test_a_no_leaves_everything(workspace: Path) -> None:
    before = files_under(workspace)
    result = purge(workspace, answer="n\n")
    assert result.exit_code == 0
    assert str(workspace / "outputs" / "2024") in result.output
    after = files_under(workspace)
    after.pop(".shuangchuang/run.lock", None)
    assert after == before


@pytest.mark.parametrize("how", ["option", "answer"])
def test_a_yes_removes_that_year_and_the_store_and_no_original(workspace: Path, how: str) -> None:
    originals = files_under(workspace / "inputs")
    result = purge(workspace, "--yes") if how == "option" else purge(workspace, answer="y\n")
    assert result.exit_code == 0
    assert not (workspace / "outputs" / "2024").exists()
    assert not (workspace / ".shuangchuang").exists()
    assert (workspace / "outputs" / "2023" / "run.json").is_file()
    assert files_under(workspace / "inputs") == originals


def test_while_a_run_is_at_work_nothing_is_removed(workspace: Path) -> None:
    with only_run(workspace / ".shuangchuang"):
        result = purge(workspace, "--yes")
    assert result.exit_code == 2
    assert "另一次运行" in result.output
    assert (workspace / "outputs" / "2024" / "run.json").is_file()
