"""run.log ties every document to its run: what was read, decided and written, by which version, with hashes."""

import hashlib
import json
from pathlib import Path

from tests.verify.school import call, outputs
from tests.workspaces import small_workspace

NAME = "机电学院党总支"


def test_the_log_has_the_hash_of_every_original_and_every_document(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, (NAME,))
    assert call("run", root, "--jobs", "1").exit_code == 0
    lines = [json.loads(line) for line in (outputs(root) / "run.log").read_text(encoding="utf-8").splitlines()]
    run = json.loads((outputs(root) / "run.json").read_text(encoding="utf-8"))
    assert all({"时间", "动作"} <= line.keys() for line in lines)
    read = {line["文件"]: line["散列"] for line in lines if line["动作"] == "读取"}
    assert read == {file["path"]: file["sha256"] for file in run["files"]}
    written = {line["文件"]: line["散列"] for line in lines if line["动作"] == "写出"}
    for path in outputs(root).rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.name != "run.log":
            assert written[name] == hashlib.sha256(path.read_bytes()).hexdigest(), name
    (end,) = [line for line in lines if line["动作"] == "完成"]
    assert (end["运行"], end["版本"]) == (run["run"], run["version"])


def test_the_log_repeats_no_passage(tmp_path: Path) -> None:
    root = small_workspace(tmp_path, (NAME,))
    assert call("run", root, "--jobs", "1").exit_code == 0
    log = (outputs(root) / "run.log").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (outputs(root) / "evidence.jsonl").read_text(encoding="utf-8").splitlines()]
    assert not [row["text"] for row in rows if len(row["text"]) > 12 and row["text"] in log]
