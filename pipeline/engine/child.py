"""The guarded child's side: reads a task, performs it, replies, until its pipe closes.

Whatever a parser prints goes nowhere: the reply pipe is moved away from standard output first.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Callable

from pipeline.engine.guard import read_frame, write_frame

# One thread a child: the executor already runs one child a core.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def resolve(function: str) -> Callable[[bytes, bytes], bytes]:
    """`package.module:name` as the function itself."""
    module, _, name = function.partition(":")
    found: Callable[[bytes, bytes], bytes] = getattr(importlib.import_module(module), name)
    return found


def main() -> None:
    """Serves tasks until standard input ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    while (name := read_frame(sys.stdin.buffer)) is not None:
        request = read_frame(sys.stdin.buffer)
        if request is None:
            return
        try:
            body = resolve(name[0].decode())(*request)
            status = b"ok"
        except Exception:  # the border of the guard: any fault of a parser becomes a value on the other side
            body, status = traceback.format_exc().encode("utf-8", "replace"), b"raised"
        write_frame(replies, status, body)


if __name__ == "__main__":
    main()
