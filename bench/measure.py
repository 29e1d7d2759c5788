"""Runs a command and watches it: wall clock, the peak of its own memory, and the peak of the processes it started."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

_LOOK_SECONDS = 0.5  # peaks are kept by the system: looking more often finds no more and costs what is measured
_MIB = 2**20


@dataclass(frozen=True)
class Measured:
    """Seconds and MiB. `main`: the process itself; `child`: the largest process it started; `code`: its exit code."""

    seconds: float
    main: float
    child: float
    code: int


def measured(command: list[str], cwd: Path) -> Measured:
    """The command's figures; its output goes nowhere."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    main = child = 0.0
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            main = max(main, peak(watched))
            child = max([child, *(peak(other) for other in watched.children(recursive=True))])
        except psutil.Error:  # it ended between two looks
            pass
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    return Measured(time.perf_counter() - begin, main, child, process.returncode)


def peak(process: psutil.Process) -> float:
    """The most resident memory a process has had, in MiB, where the system tells (Linux); else what it has now."""
    status = Path(f"/proc/{process.pid}/status")
    try:
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return float(process.memory_info().rss) / _MIB
