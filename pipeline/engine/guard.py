"""A guarded child: parsers of foreign files run in it, so that a crash, a hang or a glut of memory costs one file.

The child is long-lived and started with `subprocess`, which works the same inside a thread of ours and inside a
Dask worker (whose daemonic processes may not start `multiprocessing` children). Requests and replies are length-
prefixed frames over its pipes; a second thread watches the clock and the memory and kills the whole process tree.
"""

import os
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Literal

import psutil

_FRAME = struct.Struct("!QQ")
_WATCH_SECONDS = 0.1  # how often clock and memory are looked at: a tenth of a second is soon enough for both
_WHOLE_TREE = 5  # every fifth look counts descendants too: finding them means going through all processes


@dataclass(frozen=True, slots=True)
class Task:
    """One call: `function` is `package.module:name`, taking `(argument: bytes, data: bytes)` and returning bytes."""

    function: str
    argument: bytes
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may use: wall-clock seconds, and MiB of resident memory of the child with its descendants."""

    seconds: float
    memory_mib: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A task without a result: it died, ran out of time or memory, or raised.

    `detail` is for the log: the kind of exception with places in the code, or how the child ended; no message.
    """

    why: Literal["died", "time", "memory", "raised"]
    detail: str = ""


def write_frame(stream: IO[bytes], first: bytes, second: bytes) -> None:
    """Two byte strings as one frame."""
    stream.write(_FRAME.pack(len(first), len(second)))
    stream.write(first)
    stream.write(second)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next frame, or None where the other side is gone."""
    head = stream.read(_FRAME.size)
    if len(head) < _FRAME.size:
        return None
    first_size, second_size = _FRAME.unpack(head)
    first, second = stream.read(first_size), stream.read(second_size)
    return (first, second) if len(first) == first_size and len(second) == second_size else None


class Guard:
    """One child process that performs one task at a time; it is started when needed and replaced when it died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def perform(self, task: Task, limits: Limits) -> bytes | Broken:
        """The task's result, or why there is none. Never raises for what the task does."""
        child = self._started()
        assert child.stdin is not None and child.stdout is not None
        verdict: list[Literal["time", "memory"]] = []
        done = threading.Event()
        watcher = threading.Thread(target=_watch, args=(child, limits, done, verdict), daemon=True)
        watcher.start()
        try:
            write_frame(child.stdin, task.function.encode(), b"")
            write_frame(child.stdin, task.argument, task.data)
            reply = read_frame(child.stdout)
        except OSError:  # the pipe broke: the child is gone
            reply = None
        finally:
            done.set()
            watcher.join()
        if reply is None or verdict:
            self.close()
            return Broken(verdict[0]) if verdict else Broken("died", f"exit {child.returncode}")
        status, body = reply
        if status == b"memory":
            return Broken("memory")
        return body if status == b"ok" else Broken("raised", body.decode("utf-8", "replace"))

    def close(self) -> None:
        """Ends the child and everything it started."""
        if self._child is not None:
            _kill_tree(self._child)
            self._child = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [sys.executable, "-X", "utf8", "-m", "pipeline.engine.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        return self._child


def _watch(
    child: "subprocess.Popen[bytes]", limits: Limits, done: threading.Event, verdict: list[Literal["time", "memory"]]
) -> None:
    deadline = time.monotonic() + limits.seconds
    looks = 0
    while not done.wait(_WATCH_SECONDS):
        looks += 1
        if time.monotonic() > deadline:
            verdict.append("time")
        elif _resident(child.pid, looks % _WHOLE_TREE == 0) > limits.memory_mib * 2**20:
            verdict.append("memory")
        if verdict:
            _kill_tree(child)
            return


def _resident(pid: int, descendants: bool) -> int:
    total = 0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for one in [process, *(process.children(recursive=True) if descendants else ())]:
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


def _kill_tree(child: "subprocess.Popen[bytes]") -> None:
    with suppress(psutil.Error):
        for descendant in psutil.Process(child.pid).children(recursive=True):
            with suppress(psutil.Error):
                descendant.kill()
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
