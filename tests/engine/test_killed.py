"""Killed at any moment, the next run ends in the same bytes as an undisturbed one; interrupted, it says so and ends."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.test_run import same_always
from tests.workspaces import ROOT, SUMMARY, learnt_only, small_workspace, write_docx

NAMES = ("机电学院党总支", "化工学院党总支")


def dying_run(fatal: int, workspace: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tests.dying", str(fatal), str(workspace)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_ten_random_moments_the_next_run_gives_the_bytes_of_an_undisturbed_one(tmp_path: Path) -> None:
    undisturbed = small_workspace(tmp_path / "undisturbed", NAMES[:1])
    first = dying_run(0, undisturbed)
    assert first.returncode == 0, first.stderr
    expected = same_always(undisturbed / "outputs" / "2024")
    dice = random.Random(2024)
    workspace = tmp_path / "disturbed"
    shutil.copytree(undisturbed, workspace, ignore=shutil.ignore_patterns("outputs"))
    extra = workspace / "inputs" / "submissions" / NAMES[0] / "补充.docx"
    for number, fatal in enumerate(dice.sample(range(2, int(first.stdout)), 10)):
        # something to do in every run: a file that is another each time, and a store that has lost what was read
        write_docx(extra, (*SUMMARY, f"2024年5月{number + 1}日，党总支书记讲专题党课，45人参加。"))
        learnt_only(workspace / ".shuangchuang" / "store.sqlite")
        assert dying_run(fatal, workspace).returncode == -signal.SIGKILL
    extra.unlink()
    last = dying_run(0, workspace)
    assert last.returncode == 0, last.stderr
    assert same_always(workspace / "outputs" / "2024") == expected


@pytest.mark.slow
def test_ctrl_c_ends_the_run_with_130_and_leaves_no_process(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path, NAMES)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pipeline", "run", "--workspace", str(workspace), "--jobs", "2"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "归类" in line:
            break
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    told = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == 130
    assert "再运行一次" in told
    assert "Traceback" not in told
    assert children
    _gone, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
