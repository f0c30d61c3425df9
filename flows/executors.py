"""Where chunks are parsed: in this process, in a pool of processes, or on a Dask cluster. Configuration picks, code does not care.

A worker that dies takes no data with it: its chunk is parsed again, and a file that kills its worker or never ends is
singled out and refused, so that the run goes on.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol

from flows.work import Batch, Item, empty_batch, join, parse_chunk, reject_rows, warm_up
from parsers.model import Reject

__all__ = ["CHUNK_SECONDS", "Executor", "Pending", "make_executor"]

CHUNK_SECONDS = 600.0
"""No chunk takes this long, unless a page sends the parser astray; then its worker is ended and the page refused."""
ITEM_SECONDS = 300.0
KILLED = "解析此文件时进程被终止（可能耗尽内存）"


class Pending(Protocol):
    """A chunk under way: its result, when asked for."""

    def result(self) -> Batch:
        """Wait for the rows."""
        ...


class Executor(Protocol):
    """Takes chunks, gives their rows in the order in which they are asked for."""

    name: str
    workers: int

    def submit(self, items: Sequence[Item]) -> Pending:
        """Begin a chunk."""
        ...

    def close(self) -> None:
        """End what was started."""
        ...


class _Lazy:
    """A chunk that is parsed, once, when its result is asked for."""

    def __init__(self, call: Callable[[], Batch]) -> None:
        self._call = call
        self._batch: Batch | None = None

    def result(self) -> Batch:
        if self._batch is None:
            self._batch = self._call()
        return self._batch


class Inline:
    """Parses in this process: for small runs, tests and debuggers."""

    name = "inline"
    workers = 1

    def submit(self, items: Sequence[Item]) -> Pending:
        """Remember the chunk; it is parsed when asked for."""
        return _Lazy(lambda: parse_chunk(items))

    def close(self) -> None:
        """Nothing was started."""


class Processes:
    """A pool of spawned processes on this machine; started with the second chunk."""

    name = "processes"

    def __init__(self, workers: int | None = None, *, eager: bool = False) -> None:
        self.workers = max(1, workers or _cores())
        self._eager = eager
        self._first: _First | None = None
        self.pool: ProcessPoolExecutor | None = None

    def submit(self, items: Sequence[Item]) -> Pending:
        """Begin the chunk in the pool."""
        if self._first is None and not self._eager:
            self._first = _First(self, items)
            return self._first
        if self._first is not None:
            self._first.hand_over()
        return _InPool(self, items)

    def start(self, items: Sequence[Item]) -> Future[Batch]:
        """Hand a chunk to the pool, starting it if there is none."""
        if self.pool is None:
            context = multiprocessing.get_context("spawn")  # fork and threads (Arrow, DuckDB, Prefect) do not mix
            self.pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=warm_up)
        try:
            return self.pool.submit(parse_chunk, items)
        except BrokenProcessPool:
            self.end_pool()
            return self.start(items)

    def end_pool(self) -> None:
        """End the pool at once, workers that hang included."""
        pool, self.pool = self.pool, None
        if pool is not None:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)

    def close(self) -> None:
        """End the pool."""
        pool, self.pool = self.pool, None
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)


class _First:
    """The first chunk: parsed here if it stays the only one, which is done sooner than a pool is started; else in the pool."""

    def __init__(self, owner: Processes, items: Sequence[Item]) -> None:
        self._owner = owner
        self._items = items
        self._pending: Pending | None = None

    def hand_over(self) -> None:
        """There are more: begin in the pool, so that this process need not know what parsing needs."""
        if self._pending is None:
            self._pending = _InPool(self._owner, self._items)
        self._items = ()

    def result(self) -> Batch:
        if self._pending is None:
            items = self._items
            self._pending = _Lazy(lambda: parse_chunk(items))
        return self._pending.result()


class _InPool:
    """A chunk in the pool, which survives the pool's death."""

    def __init__(self, owner: Processes, items: Sequence[Item]) -> None:
        self._owner = owner
        self._items = items
        self._future = owner.start(items)
        self._pool = owner.pool
        self._batch: Batch | None = None

    def result(self) -> Batch:
        if self._batch is None:
            self._batch = self._wait()
            self._items = ()  # pages from archives are large: the rows hold them now
        return self._batch

    def _wait(self) -> Batch:
        # When a pool dies, every chunk in it fails, guilty or not: each is tried once more, and a chunk that fails
        # again is parsed file by file.
        for _ in range(2):
            try:
                return self._future.result(timeout=CHUNK_SECONDS)
            except (BrokenProcessPool, FutureTimeoutError, CancelledError):
                if self._owner.pool is self._pool:  # else an earlier chunk has ended the dead pool already
                    self._owner.end_pool()
                self._future = self._owner.start(self._items)
                self._pool = self._owner.pool
        return self._one_by_one()

    def _one_by_one(self) -> Batch:
        batches = []
        for item in self._items:
            alone = Processes(1, eager=True)
            try:
                batches.append(alone.start([item]).result(timeout=ITEM_SECONDS))
            except BrokenProcessPool:
                batches.append(_refuse(item, "killed_worker", KILLED))
            except FutureTimeoutError:
                batches.append(_refuse(item, "timeout", _stalled()))
            finally:
                alone.end_pool()
        return join(batches)


class _StalledError(Exception):
    """A chunk does not end."""


def _stalled() -> str:
    return f"解析超过 {ITEM_SECONDS:.0f} 秒，已放弃"


def _refuse(item: Item, code: str, reason: str) -> Batch:
    return empty_batch(rejects=reject_rows([(item.source_uri, Reject(None, "parse", code, reason))]))


class Dask:
    """A running Dask cluster; its workers need this package and, for plain files, the same paths."""

    name = "dask"

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra that few need
        except ImportError as error:
            raise RuntimeError("the dask executor needs: pip install 'chengshu[dask]'") from error
        connect: Any = Client
        self._client = connect(address, timeout="30s", set_as_default=False)
        self.workers = max(1, sum(self._client.nthreads().values()))

    def submit(self, items: Sequence[Item]) -> Pending:
        """Begin the chunk on the cluster; a lost worker's chunks are computed again by the scheduler."""
        future = self._begin(items)
        return _Lazy(lambda: self._take(future, items))

    def _begin(self, items: Sequence[Item]) -> Any:  # noqa: ANN401 - Dask has no types
        return self._client.submit(parse_chunk, list(items), pure=False, retries=3)

    def _take(self, future: Any, items: Sequence[Item]) -> Batch:  # noqa: ANN401 - Dask has no types
        from distributed import KilledWorker  # noqa: PLC0415 - an extra that few need

        try:
            batch = self._wait(future, ITEM_SECONDS if len(items) == 1 else CHUNK_SECONDS)
        except KilledWorker:  # several workers in turn died of this chunk
            refused = ("killed_worker", KILLED)
        except _StalledError:
            refused = ("timeout", _stalled())
        else:
            future.release()  # else the workers keep every result until the run's end
            return batch
        if len(items) == 1:
            return _refuse(items[0], *refused)
        return join([self._take(self._begin([item]), [item]) for item in items])  # which page is it?

    def _wait(self, future: Any, seconds: float) -> Batch:  # noqa: ANN401 - Dask has no types
        """The chunk's rows; a chunk that is under way at two looks in a row has stalled its worker, which is started anew."""
        looked = False
        while True:
            try:
                batch: Batch = future.result(timeout=seconds)
            except TimeoutError:
                workers = list(self._client.call_stack(keys=[future.key]))  # empty while the chunk waits for its turn
                if looked and workers:
                    future.cancel()
                    self._client.restart_workers(workers)
                    raise _StalledError from None
                looked = bool(workers)
            else:
                return batch

    def close(self) -> None:
        """Leave the cluster as it was."""
        self._client.close()


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_executor(name: str = "auto", workers: int | None = None) -> Executor:
    """Make the executor that a configuration names: auto, inline, processes, or ``dask:ADDRESS``.

    >>> make_executor("inline").name
    'inline'
    """
    if name == "auto":
        name = "processes" if (workers or _cores()) > 1 else "inline"
    if name == "inline":
        return Inline()
    if name == "processes":
        return Processes(workers)
    if name.startswith("dask:"):
        return Dask(name.removeprefix("dask:"))
    raise ValueError(f"unknown executor {name!r}: use auto, inline, processes or dask:ADDRESS")
