"""Two runs on one workspace: the second is told, in a sentence, and touches nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.engine.lock import only_run
from pipeline.errors import UnusableWorkspace
from tests.test_run import run
from tests.workspaces import small_workspace


def test_a_second_run_is_refused_while_the_first_holds_the_workspace(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from pipeline.engine.lock import only_run\n"
            "with only_run(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()",
            str(tmp_path),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None and holder.stdout is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(UnusableWorkspace, match="另一次运行"), only_run(tmp_path):
        pass
    holder.stdin.close()
    holder.stdout.close()
    holder.wait()
    with only_run(tmp_path):
        pass


def test_the_command_is_refused_too_and_writes_nothing(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    work = workspace / ".shuangchuang" / "work"
    work.mkdir()
    (work / "rows").write_bytes(b"what the first run has laid aside")
    with only_run(workspace / ".shuangchuang"):
        result = run(workspace)
    assert result.exit_code == 2
    assert "另一次运行" in result.stderr
    assert not (workspace / "outputs").exists()
    assert (work / "rows").is_file()
