"""A real Dask scheduler and two workers on the loopback: the same bytes as a local run, though one worker dies."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.errors import UnusableOption
from pipeline.progress import Silent
from pipeline.run import run
from pipeline.settings import Options
from tests.test_run import same_always
from tests.workspaces import ROOT, small_workspace

pytestmark = [pytest.mark.cluster, pytest.mark.namespace, pytest.mark.timeout(240)]


@dataclass
class Cluster:
    address: str
    scheduler: "subprocess.Popen[str]"
    workers: "list[subprocess.Popen[str]]" = field(default_factory=list)


def start(*command: str, cwd: Path, wait_for: str) -> "tuple[subprocess.Popen[str], str]":
    """A process that has printed a line matching `wait_for`, and what the match caught."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__TICK__LIMIT": "60s"}
    process = subprocess.Popen(command, cwd=cwd, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(wait_for, line):
            return process, found[0]
    raise AssertionError(f"{command} ended before it was ready")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Workers see an empty folder where the workspace lies: an empty file system is mounted over it for them alone."""
    hidden = tmp_path / "workspace"
    hidden.mkdir()
    elsewhere = tmp_path / "worker"
    elsewhere.mkdir()
    python = sys.executable
    scheduler, address = start(
        *(python, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
        cwd=elsewhere,
        wait_for=r"tcp://127\.0\.0\.1:\d+",
    )
    made = Cluster(address, scheduler)
    try:
        for number in range(2):
            worker = f"{python} -m distributed.cli.dask_worker {address} --nthreads 1 --no-dashboard --name w{number}"
            process, _ = start(
                *("unshare", "--mount", "sh", "-c", f"mount -t tmpfs none '{hidden}' && exec {worker} --no-nanny"),
                cwd=elsewhere,
                wait_for="Registered to",
            )
            made.workers.append(process)
        yield made
    finally:
        for process in [*made.workers, scheduler]:
            process.kill()
            process.wait()
            assert process.stderr is not None
            process.stderr.close()


class KillsAWorker(Silent):
    """Kills the first worker once three files are read."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self.steps = cluster, 0

    def step(self, done: str = "") -> None:
        self.steps += 1
        if self.steps == 3:
            self._cluster.workers[0].kill()


def test_a_cluster_run_with_a_worker_killed_gives_the_bytes_of_a_local_run(cluster: Cluster, tmp_path: Path) -> None:
    names = ("机电学院党总支", "化工学院党总支", "外国语学院党总支", "艺术学院党总支")
    on_cluster = small_workspace(tmp_path / "workspace", names)
    local = tmp_path / "local"
    shutil.copytree(on_cluster, local)
    watcher = KillsAWorker(cluster)
    report = run(Options(on_cluster, cluster=cluster.address), watcher)
    assert report.published.failures == []
    assert watcher.steps > 3
    assert cluster.workers[0].poll() is not None
    run(Options(local, jobs=2), Silent())
    assert same_always(on_cluster / "outputs" / "2024") == same_always(local / "outputs" / "2024")


def test_a_cluster_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path)
    with pytest.raises(UnusableOption, match="连不上集群"):
        run(Options(workspace, cluster="tcp://127.0.0.1:9"), Silent())
    assert not (workspace / "outputs").exists()
