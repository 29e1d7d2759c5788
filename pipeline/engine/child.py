"""The guarded child's side: reads a task, performs it, replies, until its pipe closes.

Whatever a parser prints goes nowhere: the reply pipe is moved away from standard output first. A child whose parent
was killed ends itself, however busy it is.
"""

import importlib
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable

from pipeline.engine.guard import read_frame, write_frame

# One thread a child: the executor already runs one child a core.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


_FRAMES = 4  # the innermost places: what a developer needs to find a fault
_PARENT_SECONDS = 1.0  # a child outlives a killed parent by a second at most


def resolve(function: str) -> Callable[[bytes, bytes], bytes]:
    """`package.module:name` as the function itself."""
    module, _, name = function.partition(":")
    found: Callable[[bytes, bytes], bytes] = getattr(importlib.import_module(module), name)
    return found


def places(error: BaseException) -> str:
    """What went wrong and where in the code, innermost last, without the message: that may quote a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames[1:]]
    return " < ".join([type(error).__name__, *reversed(at[-_FRAMES:])])


def _module(file: str) -> str:
    """A source file below the package or library it belongs to; never a path of this machine."""
    parts = file.replace("\\", "/").split("/")
    for home in ("site-packages", "pipeline"):
        if home in parts:
            return "/".join(parts[parts.index(home) + (home == "site-packages") :])
    return parts[-1]


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os._exit(1)


def main() -> None:
    """Serves tasks until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which ends its children itself
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (name := read_frame(sys.stdin.buffer)) is not None:
        request = read_frame(sys.stdin.buffer)
        if request is None:
            return
        try:
            body = resolve(name[0].decode())(*request)
            status = b"ok"
        except MemoryError:
            body, status = b"", b"memory"
        except Exception as error:  # the border of the guard: any fault of a parser becomes a value on the other side
            body, status = places(error).encode("utf-8", "replace"), b"raised"
        write_frame(replies, status, body)


if __name__ == "__main__":
    main()
