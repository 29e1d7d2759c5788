"""One executor for all tasks: local threads that each hold a guarded child, or a Dask cluster whose workers do.

Both are used through `concurrent.futures`, so what is computed, and how it is stored, is one code path.
"""

import atexit
import ctypes
import os
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil

from pipeline.engine.guard import Broken, Guard, Limits, Task
from pipeline.engine.program import build
from pipeline.engine.store import Store
from pipeline.errors import UnusableOption, UnusableWorkspace

A = TypeVar("A")
B = TypeVar("B")

_ARENA_MAX, _MMAP_THRESHOLD = -8, -3  # their numbers in malloc.h
_LARGE = 256 * 1024  # bytes; documents and dossiers are of this size, the values of every day are smaller

_local = threading.local()
_guards: list[Guard] = []
_guards_lock = threading.Lock()
_ending = threading.Event()  # the engine closes: tasks that still wait are not begun


def perform(task: Task, limits: Limits) -> bytes | Broken:
    """The task, in the guarded child of the thread that calls. This function is what travels to a cluster."""
    guard: Guard | None = getattr(_local, "guard", None)
    if guard is None:
        guard = _local.guard = Guard()
        with _guards_lock:
            _guards.append(guard)
    result: bytes | Broken = Broken("died")
    for _attempt in range(2):  # a child that dies of a file dies twice; one that was killed from outside costs nothing
        if not _ending.is_set():
            result = guard.perform(task, limits)
        if not isinstance(result, Broken) or result.why != "died":
            break
    return result


@atexit.register
def close_guards() -> None:
    """Ends every guarded child of this process."""
    with _guards_lock:
        while _guards:
            _guards.pop().close()


class Engine:
    """Submits tasks and keeps results by content. Made by `open_engine`.

    `work` is a folder for what is too large to be held; it goes with the engine, or where the run is killed, with the next.
    """

    def __init__(self, executor: Executor, here: Executor, jobs: int, store: Store, work: Path) -> None:
        self._executor, self._here = executor, here
        self._conductors = ThreadPoolExecutor(2 * jobs, thread_name_prefix="conductor")
        self._window = 4 * jobs
        self.jobs = jobs
        self.store = store
        self.work = work

    def submit(self, task: Task, limits: Limits) -> "Future[bytes | Broken]":
        """One task, to be performed under `limits` somewhere."""
        return self._executor.submit(perform, task, limits)

    def submit_here(self, task: Task, limits: Limits) -> "Future[bytes | Broken]":
        """One task on this machine, for those that read the store."""
        return self._here.submit(perform, task, limits)

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
        _ending.set()
        self._conductors.shutdown(wait=False, cancel_futures=True)
        self._here.shutdown(wait=False, cancel_futures=True)
        close_guards()


def default_jobs(memory_mib: int) -> int:
    """One job a core that this process may use, as long as each has `memory_mib` of the machine's memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fit: int = psutil.virtual_memory().total // (memory_mib * 2**20)
    return max(1, min(cores, fit))


@contextmanager
def open_engine(
    folder: Path, jobs: int = 0, cluster: str | None = None, fresh: bool = False, memory_mib: int = 1500
) -> Iterator[Engine]:
    """The engine of one run, its store in `folder`; `jobs` 0: `default_jobs`; `cluster`: a Dask scheduler's address."""
    _hand_memory_back()
    store = Store(folder / "store.sqlite", fresh=fresh)
    work = folder / "work"
    _ending.clear()
    try:
        _emptied(work)
        with _executors(jobs or default_jobs(memory_mib), cluster) as (executor, here, count):
            engine = Engine(executor, here, count, store, work)
            try:
                yield engine
            finally:
                engine.close()
    finally:
        store.close()
        shutil.rmtree(work, ignore_errors=True)


def _hand_memory_back() -> None:
    """glibc keeps what a thread has freed in an arena of its own: a dozen threads hoard. One arena; large blocks go back."""
    with suppress(OSError, AttributeError):  # another system's allocator
        mallopt = ctypes.CDLL("libc.so.6").mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, _LARGE)


def _emptied(work: Path) -> None:
    shutil.rmtree(work, ignore_errors=True)  # of a run that was killed
    try:
        work.mkdir(exist_ok=True)
    except OSError as error:
        raise UnusableWorkspace(
            f"写不进“{work.parent.name}”文件夹（{error.strerror}）：请检查工作文件夹是否只读、磁盘是否已满。"
        ) from error


@contextmanager
def _executors(jobs: int, cluster: str | None) -> Iterator[tuple[Executor, Executor, int]]:
    """Who performs tasks, who performs those that stay on this machine, and how many at a time."""
    if cluster is None:
        with ThreadPoolExecutor(jobs, thread_name_prefix="task") as executor:
            yield executor, executor, jobs
    else:
        with _cluster(cluster) as (executor, count), ThreadPoolExecutor(1, thread_name_prefix="task") as here:
            yield executor, here, count


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise UnusableOption(
            '没有安装集群组件：请运行 pip install "shuangchuang[cluster]" 后重试，或去掉 --cluster。'
        ) from error
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UnusableOption(
            f"连不上集群“{address}”：请检查调度器是否已启动、地址是否写对，或去掉 --cluster。"
        ) from error
    try:
        threads = sum(client.nthreads().values())
        if threads == 0:
            raise UnusableOption(f"集群“{address}”里没有工作节点：请先启动 dask worker 再运行，或去掉 --cluster。")
        _same_program(client)
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GiB"}):  # files travel in tasks
            yield client.get_executor(retries=3), threads
    finally:
        client.close()


def _same_program(client: Any) -> None:
    """Refuses workers on which another version would give other results."""
    remedy = "请在各节点安装与本机相同的版本，重启 dask worker 后再运行。"
    try:
        found = client.run(build)
    except Exception as error:  # whatever a worker raises arrives here; mostly that it lacks the package
        raise UnusableOption(f"集群的工作节点上没有装好双创（{type(error).__name__}）：{remedy}") from error
    other = sorted(name for name, made in found.items() if made != build())
    if other:
        raise UnusableOption(f"集群的工作节点 {'、'.join(other)} 上的双创或它的组件与本机版本不同：{remedy}")
