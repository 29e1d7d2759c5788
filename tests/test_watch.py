"""`watch` runs again when a file is dropped into inputs/."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workspaces import ROOT, small_workspace, write_docx

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def until(lines: Iterator[str], word: str) -> str:
    """Reads on until a line holds the word; the time limit of the test is the deadline."""
    for line in lines:
        if word in line:
            return line
    raise AssertionError(f"it ended without saying {word}")


def test_a_dropped_file_is_in_the_outputs_without_asking(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "pipeline", "watch", "--workspace", str(workspace), "--jobs", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert "2 个文件" in until(process.stdout, "个文件")
        until(process.stdout, "正在等待")
        write_docx(workspace / "inputs/submissions/机电学院党总支/补充.docx", ("2024年5月6日，书记讲党课，45人参加。",))
        assert "3 个文件" in until(process.stdout, "个文件")
        assert "补充.docx" in (workspace / "outputs/2024/run.json").read_text(encoding="utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
