"""One executor for all tasks: local threads that each hold a guarded child, or a Dask cluster whose workers do.

Both are used through `concurrent.futures`, so what is computed, and how it is stored, is one code path.
"""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pipeline.engine.guard import Broken, Guard, Limits, Task
from pipeline.engine.store import Store
from pipeline.errors import UnusableOption

A = TypeVar("A")
B = TypeVar("B")

_local = threading.local()
_guards: list[Guard] = []
_guards_lock = threading.Lock()


def perform(task: Task, limits: Limits) -> bytes | Broken:
    """The task, in the guarded child of the thread that calls. This function is what travels to a cluster."""
    guard: Guard | None = getattr(_local, "guard", None)
    if guard is None:
        guard = _local.guard = Guard()
        with _guards_lock:
            _guards.append(guard)
    return guard.perform(task, limits)


@atexit.register
def close_guards() -> None:
    """Ends every guarded child of this process."""
    with _guards_lock:
        while _guards:
            _guards.pop().close()


class Engine:
    """Submits tasks and keeps results by content. Made by `open_engine`."""

    def __init__(self, executor: Executor, jobs: int, store: Store) -> None:
        self._executor = executor
        self._conductors = ThreadPoolExecutor(4 * jobs, thread_name_prefix="conductor")
        self._window = 8 * jobs
        self.jobs = jobs
        self.store = store

    def submit(self, task: Task, limits: Limits) -> "Future[bytes | Broken]":
        """One task, to be performed under `limits` somewhere."""
        return self._executor.submit(perform, task, limits)

    def each(self, function: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
        """`function` of every item, in order, some ahead at a time so that memory does not grow with the batch.

        `function` only conducts: it submits tasks and waits for them; the work itself is done by the executor.
        """
        waiting: deque[Future[B]] = deque()
        try:
            for item in items:
                waiting.append(self._conductors.submit(function, item))
                if len(waiting) >= self._window:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """Waits for nothing: what is under way is dropped, its child ended."""
        self._conductors.shutdown(wait=False, cancel_futures=True)
        close_guards()


@contextmanager
def open_engine(store_folder: Path, jobs: int, cluster: str | None, fresh: bool) -> Iterator[Engine]:
    """The engine of one run: `jobs` 0 means one a core; `cluster` is a Dask scheduler's address."""
    store = Store(store_folder / "store.sqlite", fresh=fresh)
    try:
        if cluster is None:
            count = jobs or os.cpu_count() or 1
            with ThreadPoolExecutor(count, thread_name_prefix="task") as executor:
                engine = Engine(executor, count, store)
                try:
                    yield engine
                finally:
                    engine.close()
                    executor.shutdown(wait=False, cancel_futures=True)
        else:
            with _cluster(cluster) as (executor, count):
                engine = Engine(executor, count, store)
                try:
                    yield engine
                finally:
                    engine.close()
    finally:
        store.close()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client
    except ImportError as error:
        raise UnusableOption('没有安装集群组件：请运行 pip install "shuangchuang[cluster]" 后重试，或去掉 --cluster。') from error
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UnusableOption(f"连不上集群“{address}”：请检查调度器是否已启动、地址是否写对，或去掉 --cluster。") from error
    try:
        threads = sum(client.nthreads().values())
        if threads == 0:
            raise UnusableOption(f"集群“{address}”里没有工作节点：请先启动 dask worker 再运行，或去掉 --cluster。")
        yield client.get_executor(retries=3), threads
    finally:
        client.close()
