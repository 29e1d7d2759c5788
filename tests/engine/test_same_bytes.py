"""The same inputs give the same bytes, whatever the machine's clock, zone, language, folder, hash seed and jobs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_run import same_always
from tests.workspaces import ROOT, small_workspace

NAMES = ("机电学院党总支", "化工学院党总支")
# Python reads this module at its start, in the run and in its children: every look at the clock is years off and jumps.
CLOCK = """
import datetime, random, time
real, jumps = time.time, random.Random(5)
time.time = lambda: real() + jumps.randint(-3, 9) * 31_536_000
for name in ("localtime", "gmtime"):
    setattr(time, name, lambda seconds=None, ask=getattr(time, name): ask(time.time() if seconds is None else seconds))
class Meta(type):
    def __instancecheck__(cls, value): return isinstance(value, plain)
plain = datetime.datetime
class Jumping(plain, metaclass=Meta):
    @classmethod
    def now(cls, tz=None): return plain.fromtimestamp(time.time(), tz)
    @classmethod
    def utcnow(cls): return plain.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)
    today = now
datetime.datetime = Jumping
"""


def outputs(workspace: Path, jobs: int, **environment: str) -> dict[str, bytes]:
    command = [sys.executable, "-m", "pipeline", "run", "--workspace", str(workspace), "--jobs", str(jobs)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return same_always(workspace / "outputs" / "2024")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_workspace(tmp_path_factory.mktemp("inputs"), NAMES)


@pytest.fixture(scope="module")
def usual(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    workspace = Path(shutil.copytree(inputs, tmp_path_factory.mktemp("usual") / "workspace"))
    return outputs(workspace, 2, PYTHONHASHSEED="1", TZ="UTC")


@pytest.mark.slow
def test_jobs_folder_hash_seed_zone_language_and_file_times_change_nothing(
    inputs: Path, usual: dict[str, bytes], tmp_path: Path
) -> None:
    workspace = tmp_path / "另一个 文件夹"
    for path in sorted((inputs / "inputs").rglob("*"), reverse=True):  # another order, and times of long ago
        if path.is_file():
            copy = workspace / path.relative_to(inputs)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            os.utime(copy, (10**8, 10**8))
    changed = outputs(workspace, 3, PYTHONHASHSEED="4242", TZ="Asia/Shanghai", LC_ALL="C", LANG="C")
    assert changed.keys() == usual.keys()
    assert [name for name in usual if changed[name] != usual[name]] == []


@pytest.mark.slow
def test_a_clock_that_is_wrong_and_jumps_changes_nothing(inputs: Path, usual: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(CLOCK, encoding="utf-8")
    workspace = Path(shutil.copytree(inputs, tmp_path / "workspace"))
    changed = outputs(workspace, 1, PYTHONPATH=f"{tmp_path / 'clock'}{os.pathsep}{ROOT}")
    assert [name for name in usual if changed.get(name) != usual[name]] == []
