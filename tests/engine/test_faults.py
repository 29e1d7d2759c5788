"""Full disk, read-only folders, files that are locked: the rest is complete, and it is said."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.test_run import run, same_always
from tests.workspaces import ROOT, small_workspace, write_docx

NAME = "机电学院党总支"


def apart(script: str, *arguments: object) -> Any:
    """What a script prints as JSON; it runs with mounts of its own, which nobody else sees."""
    command = ["unshare", "--mount", sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# A disk of few MiB; a first run; a second with more to write and no room; a third with room again.
FULL_DISK = """
import json, shutil, subprocess, sys
from pathlib import Path
from tests.test_run import files_under, run, same_always
ready, disk = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "none", str(disk)], check=True)
shutil.copytree(ready, disk, dirs_exist_ok=True)
outputs = disk / "outputs" / "2024"
first = run(disk)
assert first.exit_code == 0, first.output
old = files_under(outputs)
shutil.copytree(sys.argv[3], disk / "inputs/submissions/机电学院党总支/补充")
with (disk / "filler").open("wb") as filler:
    filler.write(bytes(shutil.disk_usage(disk).free - 60_000))
full = run(disk)
new = files_under(outputs)
(disk / "filler").unlink()
last = run(disk)
print(json.dumps({
    "code": full.exit_code, "told": full.output,
    "debris": [name for name in new if ".写入中" in name],
    "left": sorted(name for name in old if new.get(name) == old[name]),
    "lost": sorted(set(old) - set(new)),
    "torn": [name for name in new if name.endswith(".json") and not new[name].rstrip().endswith((b"}", b"]"))],
    "last": last.exit_code, "after": {k: v.hex() for k, v in same_always(outputs).items()},
}))
"""


@pytest.mark.slow
@pytest.mark.namespace
def test_a_full_disk_leaves_the_old_outputs_and_says_so(tmp_path: Path) -> None:
    ready, disk, more = small_workspace(tmp_path / "ready"), tmp_path / "disk", tmp_path / "more"
    disk.mkdir()
    for number in range(20):
        days = [f"2024年{n % 12 + 1}月{n % 28 + 1}日" for n in range(40)]
        told = tuple(f"{day}，第{number}党支部专题研究意识形态工作，{n + 5}人参加。" for n, day in enumerate(days))
        write_docx(more / f"补充{number}.docx", told)
    full = apart(FULL_DISK, ready, disk, more)
    assert full["code"] == 1
    assert "磁盘空间" in full["told"]
    assert "Traceback" not in full["told"]
    assert "evidence.jsonl" in full["left"]
    assert (full["debris"], full["lost"], full["torn"]) == ([], [], [])
    assert full["last"] == 0
    shutil.copytree(more, ready / "inputs/submissions" / NAME / "补充")
    assert run(ready).exit_code == 0
    expected = same_always(ready / "outputs" / "2024")
    assert {name: bytes.fromhex(data) for name, data in full["after"].items()} == expected


READ_ONLY = """
import json, subprocess, sys
from pathlib import Path
from tests.test_run import run
workspace, folder = Path(sys.argv[1]), Path(sys.argv[2])
subprocess.run(["mount", "--bind", str(folder), str(folder)], check=True)
subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
result = run(workspace)
print(json.dumps({"code": result.exit_code, "told": result.output}))
"""


@pytest.mark.namespace
@pytest.mark.parametrize("folder", ["outputs", ".shuangchuang"])
def test_a_folder_that_cannot_be_written_ends_with_2_and_nothing_is_written(tmp_path: Path, folder: str) -> None:
    workspace = small_workspace(tmp_path)
    (workspace / "outputs").mkdir()
    told = apart(READ_ONLY, workspace, workspace / folder)
    assert told["code"] == 2
    assert folder in told["told"]
    assert "只读" in told["told"]
    assert list((workspace / "outputs").iterdir()) == []


@pytest.mark.namespace
@pytest.mark.slow
def test_inputs_are_never_written_to(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    told = apart(READ_ONLY, workspace, workspace / "inputs")
    assert told["code"] == 0, told["told"]


@pytest.mark.slow
def test_an_output_open_in_word_is_left_and_the_new_one_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = small_workspace(tmp_path)
    assert run(workspace).exit_code == 0
    summary = workspace / "outputs/2024" / NAME / "2024年度双创工作总结.docx"
    old = summary.read_bytes()
    write_docx(
        workspace / "inputs/submissions" / NAME / "补充.docx", ("2024年5月6日，党总支书记讲专题党课，45人参加。",)
    )
    real = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if summary in (self, Path(target)):
            raise PermissionError(13, "in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    result = run(workspace)
    monkeypatch.undo()
    beside = summary.with_name("2024年度双创工作总结（新）.docx")
    assert result.exit_code == 1
    assert beside.name in result.output
    assert summary.read_bytes() == old != beside.read_bytes()
    new = beside.read_bytes()
    assert run(workspace).exit_code == 0
    assert summary.read_bytes() == new
    assert not beside.exists()


def refusing(name: str, looks: int) -> Callable[..., int]:
    """`os.open` on a system where, after so many looks, one file is held by another program."""
    real, left = os.open, [looks]

    def opened(path: Any, *flags: int, **options: Any) -> int:
        if os.fspath(path).endswith(name):
            left[0] -= 1
            if left[0] < 0:
                raise PermissionError(13, "in use")
        return real(path, *flags, **options)

    return opened


@pytest.mark.parametrize("looks", [0, 1], ids=["from the start", "once it is to be read"])
def test_a_file_that_cannot_be_opened_is_named_and_read_once_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looks: int
) -> None:
    workspace = small_workspace(tmp_path)
    write_docx(
        workspace / "inputs/submissions" / NAME / "补充.docx", ("2024年5月6日，党总支书记讲专题党课，45人参加。",)
    )
    monkeypatch.setattr(os, "open", refusing("补充.docx", looks))
    result = run(workspace)
    monkeypatch.undo()
    assert result.exit_code == 1
    assert "补充.docx" in result.output
    files = json.loads((workspace / "outputs/2024/run.json").read_text(encoding="utf-8"))["files"]
    assert {file["path"].rsplit("/", 1)[-1]: file["status"] for file in files} == {
        "补充.docx": "failed",
        "年度总结.docx": "read",
        "意识形态台账.xlsx": "read",
    }
    assert run(workspace).exit_code == 0
    files = json.loads((workspace / "outputs/2024/run.json").read_text(encoding="utf-8"))["files"]
    assert {file["status"] for file in files} == {"read"}
