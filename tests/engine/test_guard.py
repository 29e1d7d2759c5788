"""A misbehaving task costs itself alone: the batch goes on, and says why the one has no result."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.engine import Broken, Engine, Limits, Task, open_engine

LIMITS = Limits(seconds=20, memory_mib=400)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine(tmp_path, jobs=2, cluster=None, fresh=False) as opened:
        yield opened


def saboteur(name: str, argument: bytes = b"") -> Task:
    return Task(f"tests.saboteurs:{name}", argument, b"!")


def test_a_task_that_prints_still_gives_its_result(engine: Engine) -> None:
    assert engine.submit(saboteur("echo", b"ok"), LIMITS).result() == b"ok!"


@pytest.mark.parametrize(
    ("name", "limits", "why"),
    [
        ("die", LIMITS, "died"),
        ("hang", Limits(seconds=0.5, memory_mib=400), "time"),
        ("glut", Limits(seconds=20, memory_mib=150), "memory"),
        ("fail", LIMITS, "raised"),
    ],
)
def test_a_saboteur_is_a_value_and_the_next_task_succeeds(engine: Engine, name: str, limits: Limits, why: str) -> None:
    result = engine.submit(saboteur(name), limits).result()
    assert isinstance(result, Broken)
    assert result.why == why
    assert engine.submit(saboteur("echo", b"on"), LIMITS).result() == b"on!"


def test_one_dead_child_loses_no_other_task(engine: Engine) -> None:
    names = ["echo", "die", "echo", "echo", "die", "echo"]
    results = [f.result() for f in [engine.submit(saboteur(n, b"x"), LIMITS) for n in names]]
    assert [r == b"x!" for r in results] == [n == "echo" for n in names]


def test_results_come_in_order_however_long_each_takes(engine: Engine) -> None:
    def conduct(number: int) -> bytes | Broken:
        return engine.submit(saboteur("echo", str(number).encode()), LIMITS).result()

    assert list(engine.each(conduct, range(40))) == [f"{n}!".encode() for n in range(40)]


def test_items_are_taken_only_a_window_ahead(engine: Engine) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    results = engine.each(lambda number: number, items())
    assert next(results) == 0
    assert len(taken) <= 8 * engine.jobs


def test_a_child_ended_from_outside_costs_nothing(engine: Engine, tmp_path: Path) -> None:
    task = saboteur("die_once", str(tmp_path / "died").encode())
    assert engine.submit(task, LIMITS).result() == b"!"


def test_what_went_wrong_is_told_by_places_in_the_code_and_without_the_message(engine: Engine) -> None:
    result = engine.submit(saboteur("fail"), LIMITS).result()
    assert isinstance(result, Broken)
    assert result.detail.startswith("ValueError < saboteurs.py:")
    assert "a fault of a parser" not in result.detail
    assert str(Path(__file__).parent) not in result.detail


def test_children_end_when_the_run_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipeline.engine import Limits, Task, open_engine\n"
        "with open_engine(Path(sys.argv[1]), jobs=1) as engine:\n"
        "    engine.submit(Task('tests.saboteurs:echo', b''), Limits(60, 400)).result()\n"
        "    future = engine.submit(Task('tests.saboteurs:hang', b''), Limits(600, 400))\n"
        "    print('hangs', flush=True)\n"
        "    future.result()\n"
    )
    run = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b"hangs\n"
    children = psutil.Process(run.pid).children(recursive=True)
    assert children
    run.kill()
    run.stdout.close()
    run.wait()
    _gone, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []


def test_what_a_killed_run_has_laid_aside_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "rows").write_bytes(b"left by a run that was killed")
    with open_engine(tmp_path, jobs=1) as engine:
        assert list(engine.work.iterdir()) == []
    assert not (tmp_path / "work").exists()
