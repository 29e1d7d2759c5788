"""Not one connection, in any command: in a network namespace that has no way out, and with every attempt written down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspaces import OFFICIAL, ROOT, small_workspace

pytestmark = [pytest.mark.namespace, pytest.mark.timeout(240)]

# put into every Python process, the guarded children too: what asks for a connection or a name is written down
TRAP = """
import os, sys
_LOG = os.environ["SHUANGCHUANG_TRAP"]
_ASKING = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
           "socket.gethostbyaddr", "socket.bind", "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect")
def _hook(event, arguments):
    if event in _ASKING and not (len(arguments) > 1 and isinstance(arguments[1], (str, bytes)) and event == "socket.connect"):
        with open(_LOG, "a", encoding="utf-8") as log:
            log.write(f"{event} {arguments[1:]!r}\\n")
sys.addaudithook(_hook)
"""
DRIVER = """
import json, sys
from click.testing import CliRunner
from pipeline.cli import main
found = []
for command in json.load(open(sys.argv[1], encoding="utf-8")):
    result = CliRunner().invoke(main, command)
    found.append([command[0], result.exit_code, result.output[-400:]])
print(json.dumps(found))
"""


def _isolated(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Python in an empty network namespace, with the trap in every process."""
    hooks = folder / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "sitecustomize.py").write_text(TRAP, encoding="utf-8")
    path = os.pathsep.join([str(hooks), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "SHUANGCHUANG_TRAP": str(folder / "trap.log"), "PYTHONUTF8": "1"}
    command = ["unshare", "-rn", sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def test_the_trap_sees_an_attempt_and_the_namespace_stops_it(tmp_path: Path) -> None:
    program = "import socket; s = socket.socket(); s.settimeout(2); s.connect(('192.0.2.1', 80))"
    done = _isolated(tmp_path, "-c", program)
    assert done.returncode != 0
    assert "unreachable" in done.stderr
    assert "socket.connect" in (tmp_path / "trap.log").read_text(encoding="utf-8")


def test_no_command_asks_for_a_connection(tmp_path: Path) -> None:
    root = small_workspace(tmp_path / "工作")
    passages = tmp_path / "passages.jsonl"
    passages.write_text(json.dumps({"id": "1", "text": "党总支专题研究意识形态工作。"}) + "\n", encoding="utf-8")
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        json.dumps({"id": "1", "text": "党总支专题研究意识形态工作。", "label": "2.1(1)"}) + "\n", encoding="utf-8"
    )
    here, guideline = ["--workspace", str(root)], str(OFFICIAL)
    commands = [
        ["run", *here, "--jobs", "1"],
        ["verify", *here],
        ["explain", "2-1-1-01", *here],
        ["review", "apply", *here],
        ["template", "check", *here],
        ["guideline", "show", guideline],
        ["guideline", "check", guideline],
        ["guideline", "diff", guideline, guideline],
        ["classify", "--guideline", guideline, str(passages), str(tmp_path / "labels.jsonl")],
        ["evaluate", "--guideline", guideline, str(gold)],
        ["doctor"],
        ["init", str(tmp_path / "新的")],
        ["purge", *here, "--yes"],
    ]
    listed = tmp_path / "commands.json"
    listed.write_text(json.dumps(commands), encoding="utf-8")
    done = _isolated(tmp_path, "-c", DRIVER, str(listed))
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert [f for f in found if f[1] not in (0, 1)] == []
    trap = tmp_path / "trap.log"
    assert not trap.exists() or trap.read_text(encoding="utf-8") == ""
