"""One run at a time on a workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import UnusableWorkspace


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Holds the workspace for this process; raises UnusableWorkspace where another run holds it."""
    lock = FileLock(folder / "run.lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise UnusableWorkspace("另一次运行正在处理这个工作文件夹：请等它结束后再运行。") from error
    except OSError as error:
        raise UnusableWorkspace(
            f"写不进“{folder.name}”文件夹（{error.strerror}）：请检查工作文件夹是否只读、磁盘是否已满。"
        ) from error
    try:
        yield
    finally:
        lock.release()
