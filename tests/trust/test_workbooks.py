"""A hostile workbook costs a sentence, wherever a person hands it in: no crash, no hour, no gigabyte."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.engine import Broken, Limits, Task
from pipeline.engine.guard import Guard
from tests.trust.workbooks import PLACES, bombs
from tests.workspaces import small_workspace

BOMBS = bombs()
LIMITS = Limits(seconds=60, memory_mib=600)  # a child with every library imported has 150 MiB


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    one = Guard()
    yield one
    one.close()


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("place", PLACES)
def test_a_hostile_workbook_gives_a_sentence(guard: Guard, place: str, bomb: str) -> None:
    body = guard.perform(Task("tests.trust.workbooks:open_task", place.encode(), BOMBS[bomb]), LIMITS)
    assert not isinstance(body, Broken), body
    assert body.decode().endswith("。")


@pytest.mark.parametrize(
    ("name", "command", "exit_code"),
    [
        ("departments.xlsx", ["run"], 2),
        ("rubric.xlsx", ["run"], 2),
        ("decisions.xlsx", ["run"], 2),
        ("勘误.xlsx", ["run"], 2),
        ("reviewed/改.xlsx", ["review", "apply"], 1),
    ],
)
def test_the_command_names_the_file_and_ends_as_promised(
    tmp_path_factory: pytest.TempPathFactory, name: str, command: list[str], exit_code: int
) -> None:
    root = small_workspace(tmp_path_factory.mktemp("炸弹"), learnt=False)
    path = root / "inputs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(BOMBS["zip bomb"])
    if command != ["run"]:
        (root / "outputs" / "2024").mkdir(parents=True)
        (root / "outputs" / "2024" / "run.json").write_text('{"files": []}', encoding="utf-8")
    told = CliRunner().invoke(main, [*command, "--workspace", str(root), "--year", "2024"])
    assert told.exit_code == exit_code, told.output
    assert path.name in told.output
    assert "Traceback" not in told.output
    if command == ["run"]:
        assert not (root / "outputs").exists()


def test_a_returned_file_that_keeps_the_program_busy_costs_only_itself(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, learnt=False)
    (root / "outputs" / "2024").mkdir(parents=True)
    (root / "outputs" / "2024" / "run.json").write_text('{"files": []}', encoding="utf-8")
    (root / "inputs" / "settings.toml").write_text("[reading]\nseconds_per_file = 0.01\n", encoding="utf-8")
    (root / "inputs" / "reviewed").mkdir()
    (root / "inputs" / "reviewed" / "改.xlsx").write_bytes(BOMBS["zip bomb"])
    told = CliRunner().invoke(main, ["review", "apply", "--workspace", str(root), "--json"])
    assert told.exit_code == 1
    assert "用时过长" in told.output
    assert (root / "inputs" / "decisions.xlsx").is_file()
