"""What scheduling costs on top: the Prefect flow against a real server, next to the plain parse of the same pages.

    nice python -m bench.flow [50000] [--rounds 1] [--executor processes] [--every 1] [--publish]

The pages, the plain parse and the watching of memory are those of ``bench.ingest``. The time of the flow is that of the call in a
process that has Prefect loaded, as a worker's has, from the first word with the server to the last: walk, parse, shards as tasks, artifacts,
events; with ``--publish`` the publish too. The server's own processor time is shown apart.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.ingest import beside_parse, show_growth, show_memory, watch, write_pages
from warehouse.settings import Settings


@contextmanager
def prefect_server(folder: Path) -> Iterator[int]:
    """A server of its own, reached by the environment; gives its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{os.environ['PREFECT_API_URL']}/health", timeout=2).close()
                break
            except OSError:
                time.sleep(1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(60)


def processor_seconds(pid: int) -> float:
    """What a running process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def flow_all(home: Path, folder: Path, executor: str, publish: bool) -> int:
    """The real thing."""
    from flows.ingest import ingest_flow

    began = time.perf_counter()
    done = ingest_flow([str(folder)], home=str(home), executor=executor, publish=publish)
    seconds = time.perf_counter() - began
    print(
        f"  of {seconds:.1f} s the ingest {done['seconds']:.1f}, the rest publish and artifacts; {done['metrics']:,} values",
        flush=True,
    )
    for problem in done["problems"]:
        print(" ", *problem)
    return int(done["documents"])


def load() -> int:
    """Bring the modules into memory, so that a first start from a cold disk is not counted."""
    import flows.ingest

    return len(flows.ingest.__name__)


def main() -> None:
    """Measure and print."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("count", type=int, nargs="?", default=50_000)
    asks.add_argument("--rounds", type=int, default=1)
    asks.add_argument("--executor", default="processes")
    asks.add_argument("--every", type=int, default=1, help="parse only every nth page for comparison")
    asks.add_argument("--publish", action="store_true", help="count the publish that follows too")
    asks.add_argument("--folder", type=Path, help="where the pages are kept, for another run")
    given = asks.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pages = folder / f"pages-{given.count}"
        paths = write_pages(folder / f"pages-{given.count}", given.count)
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(prefect_server(scratch / "prefect"))
        watch(load)
        ratios = []
        for number in range(given.rounds):
            home = scratch / f"home-{number}"
            print("load average", Path("/proc/loadavg").read_text(encoding="ascii").strip(), flush=True)
            before = processor_seconds(server)
            work = (flow_all, home, pages, given.executor, given.publish)
            parsed, done, (elapsed, cpu) = beside_parse(paths, given.executor, given.every, *work)
            asked = processor_seconds(server) - before
            ratios.append((1 / elapsed, 1 / cpu))
            print(
                f"parse {parsed.documents:,}: {parsed.seconds:.1f} s ({parsed.cpu:.1f} s cpu), flow {done.seconds:.1f} s "
                f"({done.cpu:.1f} s cpu, server {asked:.1f}): throughput {ratios[-1][0]:.1%} elapsed, {ratios[-1][1]:.1%} cpu",
                flush=True,
            )
            show_memory(done)
            show_growth(Settings(home=home))
        elapsed, cpu = (statistics.median(each[at] for each in ratios) for at in (0, 1))
        print(f"median throughput of the plain parse's: {elapsed:.1%} elapsed, {cpu:.1%} cpu")


if __name__ == "__main__":
    main()
