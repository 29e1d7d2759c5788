"""Outputs are written whole or not at all: a temporary file in the same folder, fsync, rename."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PARTIAL = ".写入中-"  # how a file that is not complete yet begins its name


def write_whole(path: Path, data: bytes) -> Path:
    """Writes `data` to `path`, or beside it as `…（新）` where the file is open elsewhere; returns where it went.

    Raises OSError (a full disk, no permission) with the old file untouched. Equal bytes are left alone.
    """
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return path
    with whole_file(path) as (stream, placed):
        stream.write(data)
    return placed[0]


@contextmanager
def whole_file(path: Path, before: Callable[[], None] | None = None) -> Iterator[tuple[IO[bytes], list[Path]]]:
    """A stream that becomes `path` when the block ends well; the list then holds where it went.

    `before` is called once everything is on the disk and the old file is about to be replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=PARTIAL, suffix=".tmp", dir=path.parent)
    temporary, placed = Path(name), [path]
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream, placed
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        if before is not None:
            before()
        placed[0] = _replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _replace(temporary: Path, path: Path) -> Path:
    try:
        temporary.replace(path)
    except PermissionError:
        if not path.is_file():
            raise
        beside = path.with_name(f"{path.stem}（新）{path.suffix}")
        temporary.replace(beside)
        return beside
    beside = path.with_name(f"{path.stem}（新）{path.suffix}")
    beside.unlink(missing_ok=True)
    return path
