"""What a second core and a second machine bring: the same chunks on every executor, one after the other, round by round.

    nice python -m bench.executors [4000] [--rounds 3] [--without-dask]

Pages are those of ``bench.ingest``. ``processes`` is set beside ``inline``, Dask with two workers beside Dask with one; scheduler and
workers are processes of their own on this machine. Pools and clusters are up and warm before the clock starts. The ratios mean
something only where two cores are free: the load average is shown, and the processor time that all took together.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.ingest import write_pages
from flows.executors import Dask, Executor, Inline, Pending, Processes
from flows.load import CHUNK_FILES
from flows.work import Item

UNDER_WAY = 32
"""Chunks begun ahead, about as many as an ingest has."""


def chunks(paths: Sequence[Path]) -> list[list[Item]]:
    """The pages as an ingest cuts them."""
    items = []
    for path in paths:
        status = path.stat()
        items.append(Item(str(path), path.name, status.st_size, status.st_mtime_ns, path=str(path)))
    return [items[at : at + CHUNK_FILES] for at in range(0, len(items), CHUNK_FILES)]


def seconds(pool: Executor, work: Sequence[Sequence[Item]]) -> float:
    """Parse all chunks and drop the rows."""
    began = time.perf_counter()
    waiting: deque[Pending] = deque()
    for each in work:
        waiting.append(pool.submit(each))
        if len(waiting) >= UNDER_WAY:
            waiting.popleft().result()
    while waiting:
        waiting.popleft().result()
    return time.perf_counter() - began


@contextmanager
def cluster(workers: int) -> Iterator[Dask]:
    """A Dask cluster of real processes on this machine."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scheduler.json"
        started = [_start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))]
        try:
            while not file.exists() or not file.read_text(encoding="utf-8").strip():
                time.sleep(0.1)
            address = json.loads(file.read_text(encoding="utf-8"))["address"]
            for number in range(workers):
                place = str(Path(folder) / str(number))
                started.append(
                    _start("dask_worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", place)
                )
            pool = Dask(address)
            pool._client.wait_for_workers(workers)  # noqa: SLF001
            yield pool
            pool.close()
        finally:
            for process in reversed(started):
                process.kill()
                process.wait(20)


def _start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments, "--no-dashboard"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))


@contextmanager
def own_pool(pool: Executor) -> Iterator[Executor]:
    """A pool of this machine."""
    yield pool
    pool.close()


def main() -> None:
    """Measure and print."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("count", type=int, nargs="?", default=4000)
    asks.add_argument("--rounds", type=int, default=3)
    asks.add_argument("--without-dask", action="store_true")
    asks.add_argument("--folder", type=Path, help="where the pages are kept, for another run")
    given = asks.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        work = chunks(write_pages(folder / f"pages-{given.count}", given.count))
        pairs = [("inline", "processes")] + ([] if given.without_dask else [("one Dask worker", "two Dask workers")])
        for pair in pairs:
            ratios = []
            for _ in range(given.rounds):
                taken = []
                for name in pair:
                    pools = {
                        "inline": lambda: own_pool(Inline()),
                        "processes": lambda: own_pool(Processes(2, eager=True)),
                    }
                    make = pools.get(name, lambda name=name: cluster(1 if name.startswith("one") else 2))
                    with make() as pool:
                        seconds(pool, work[:8])
                        taken.append(seconds(pool, work))
                ratios.append(taken[0] / taken[1])
                load = Path("/proc/loadavg").read_text(encoding="ascii").split()[0]
                print(
                    f"{pair[0]} {taken[0]:.1f} s, {pair[1]} {taken[1]:.1f} s: {ratios[-1]:.2f} times (load {load})",
                    flush=True,
                )
            print(f"median: {pair[1]} {statistics.median(ratios):.2f} times {pair[0]}", flush=True)


if __name__ == "__main__":
    main()
