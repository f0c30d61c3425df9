"""What storing costs beside parsing: an ingest of made-up pages, next to parsing the same pages and keeping nothing.

    nice python -m bench.ingest [5000] [--rounds 3] [--executor auto] [--folder FOLDER]

The pages are drawn from the sentences of seeds/ with other figures in them: each is a content and a story of its own.
A round parses one half, ingests all, parses the other half, so that a drift of the machine's speed falls on both; of many pages
only every nth may be parsed (--every n), its time counted n times. The ratio is ingest over parse, of elapsed and of
processor time (the second holds on a busy machine); parsing is bytes to values, rows and Arrow tables belong to storing. Memory
is watched from outside, process by process.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import re
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from flows.executors import make_executor
from flows.load import CHUNK_FILES, ingest
from flows.work import warm_up
from parsers import parse
from warehouse.catalog import open_lake
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES_PER_FOLDER = 1000
TENTHS = 10

PAGE = """{city}新闻网
首页 新闻 时政 社会 民生 健康 教育 房产 汽车 旅游
当前位置：首页 > {city}新闻 > 正文
{title}
{year}-{month:02d}-{day:02d} {hour:02d}:{minute:02d} | 来源：{city}日报 | 作者：李三旺 | 点击：{number}

{body}

【编辑：赵敏】
上一篇：{city}市召开重点项目推进会 下一篇：全市天气晴好
关于我们 广告服务 联系方式 版权声明
"""


def sentences() -> list[str]:
    """The sentences of the seeds' bodies, in an order that is always the same."""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "seeds").iterdir()):
        if path.suffix in {".txt", ".html", ".htm"}:
            document = parse(path.read_bytes(), path.name).document
            if document is not None:
                found.update(dict.fromkeys(each for each in re.findall(r"[^。\n]{8,}。", document.body or "")))
    return list(found)


def page(number: int, pool: Sequence[str]) -> str:
    """A page in the shape of a text dump: some sentences of the pool, every figure but the years drawn anew."""
    draw = random.Random(number)
    city = draw.choice(("襄阳", "洛阳", "嘉兴", "芜湖", "烟台", "上饶", "萍乡", "绵阳", "柳州", "遵义", "徐州", "榆林"))
    year = draw.randint(2005, 2025)

    def other(match: re.Match[str]) -> str:
        said = match[0]
        if re.fullmatch(r"(19|20)\d\d", said):
            return str(year)
        return str(draw.randint(1, 9)) + "".join(str(draw.randint(0, 9)) for _ in said[1:])

    paragraphs = [
        "　　" + "".join(re.sub(r"\d+", other, each) for each in draw.sample(pool, draw.randint(2, 4)))
        for _ in range(draw.randint(2, 6))
    ]
    return PAGE.format(
        city=city, title=f"{city}{year}年经济运行观察之{number}", year=year, month=draw.randint(1, 12),
        day=draw.randint(1, 28), hour=draw.randint(6, 22), minute=draw.randint(0, 59), number=number,
        body="\n\n".join(paragraphs),
    )  # fmt: skip


def write_pages(folder: Path, count: int) -> list[Path]:
    """The first ``count`` pages as files, those that are there already left alone."""
    pool = sentences()
    paths = []
    for number in range(count):
        path = folder / f"{number // PAGES_PER_FOLDER:04d}" / f"{number:07d}.txt"
        if number % PAGES_PER_FOLDER == 0:
            path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(page(number, pool), encoding="utf-8")
        paths.append(path)
    return paths


def parse_only(paths: Sequence[Path], executor: str) -> int:
    """Parse, with as many processes as ingest would use, and drop what comes out."""
    workers = make_executor(executor).workers
    chunks = [paths[at : at + CHUNK_FILES] for at in range(0, len(paths), CHUNK_FILES)]
    if workers == 1:
        return sum(map(_parse_chunk, chunks))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=warm_up) as pool:
        return sum(pool.map(_parse_chunk, chunks))


def _parse_chunk(paths: Sequence[Path]) -> int:
    return sum(parse(path.read_bytes(), path.name).document is not None for path in paths)


def ingest_all(home: Path, folder: Path, executor: str) -> int:
    """The real thing."""
    return ingest(Settings(home=home), [folder], executor=executor).documents


@dataclass
class Watched:
    """What a process and those it started took."""

    seconds: float = 0.0
    cpu: float = 0.0
    documents: int = 0
    memory: list[tuple[float, int, int]] = field(default_factory=list)
    """(time, KiB of the process, KiB of the largest of those it started)"""

    def __add__(self, other: Watched) -> Watched:
        return Watched(self.seconds + other.seconds, self.cpu + other.cpu, self.documents + other.documents)


def _child(says: Connection, work: Callable[..., int], *given: object) -> None:
    began = time.perf_counter()
    documents = work(*given)
    seconds = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    says.send((seconds, sum(each.ru_utime + each.ru_stime for each in used), documents))


def watch(work: Callable[..., int], *given: object) -> Watched:
    """Do some work in a process of its own and watch it."""
    context = multiprocessing.get_context("spawn")
    hears, says = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(says, work, *given))
    process.start()
    says.close()
    assert process.pid is not None
    done, ended = Watched(), threading.Event()
    looker = threading.Thread(target=_look, args=(process.pid, done, ended))
    looker.start()
    try:
        done.seconds, done.cpu, done.documents = hears.recv()
    finally:
        ended.set()
        looker.join()
        process.join()
    return done


def _look(pid: int, into: Watched, ended: threading.Event) -> None:
    began = time.perf_counter()
    while not ended.wait(0.25):
        own, *others = [*_resident(pid), 0]
        into.memory.append((time.perf_counter() - began, own, max(others, default=0)))


def _resident(root: int) -> Iterator[int]:
    """Resident KiB of a process, then of each of its descendants."""
    parents, sizes = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "status").read_text(encoding="utf-8")
            except OSError:
                continue  # it has just ended
            parent, resident = (re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE) for name in ("PPid", "VmRSS"))
            parents[int(entry.name)] = int(parent[1]) if parent else 0
            sizes[int(entry.name)] = int(resident[1]) if resident else 0
    yield sizes.get(root, 0)
    for pid, size in sizes.items():
        above = parents[pid]
        while above and above != root:
            above = parents.get(above, 0)
        if above == root:
            yield size


def beside_parse(
    paths: Sequence[Path], executor: str, every: int, work: Callable[..., int], *given: object
) -> tuple[Watched, Watched, tuple[float, float]]:
    """Watch some work between the halves of a plain parse: the parse, the work, and work over parse of all pages (elapsed, processor)."""
    half = len(paths) // 2
    parsed = watch(parse_only, paths[:half:every], executor)
    done = watch(work, *given)
    parsed += watch(parse_only, paths[half::every], executor)
    assert done.documents == len(paths), done.documents
    share = parsed.documents / done.documents
    return parsed, done, (done.seconds * share / parsed.seconds, done.cpu * share / parsed.cpu)


def show_memory(done: Watched) -> None:
    """The highest marks, over the whole run and in each tenth of it: a flat row is what is wanted."""
    length = max(at for at, _, _ in done.memory) + 1e-9
    for name, column in (("ingest process", 1), ("largest worker", 2)):
        tenths = [0] * TENTHS
        for each in done.memory:
            tenth = int(each[0] / length * TENTHS)
            tenths[tenth] = max(tenths[tenth], int(each[column]))
        print(
            f"  {name}: peak {max(tenths) / 1024:.0f} MiB; by tenths {' '.join(f'{kib / 1024:.0f}' for kib in tenths)}"
        )


def show_growth(settings: Settings) -> None:
    """How fast the shards came, in each tenth of them: does storing grow dearer as the warehouse grows?"""
    lake = open_lake(settings)
    times = [row[0] for row in lake.execute("select seen_at from lake.shards order by shard_id").fetchall()]
    lake.close()
    gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
    if len(gaps) >= TENTHS:
        parts = [gaps[len(gaps) * at // TENTHS : len(gaps) * (at + 1) // TENTHS] for at in range(TENTHS)]
        print(f"  seconds a shard, by tenths: {' '.join(f'{statistics.median(part):.2f}' for part in parts)}")


def main() -> None:
    """Measure and print."""
    asks = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asks.add_argument("count", type=int, nargs="?", default=5000)
    asks.add_argument("--rounds", type=int, default=1)
    asks.add_argument("--executor", default="auto")
    asks.add_argument("--every", type=int, default=1, help="parse only every nth page for comparison")
    asks.add_argument("--folder", type=Path, help="where the pages are kept, for another run")
    given = asks.parse_args()
    with ExitStack() as stack:
        folder = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        paths = write_pages(folder / f"pages-{given.count}", given.count)
        size = sum(path.stat().st_size for path in paths)
        print(f"{given.count:,} pages, {size / given.count:,.0f} bytes each, executor {given.executor}")
        ratios = []
        for _ in range(given.rounds):
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder))) / "home"
            work = (ingest_all, home, folder / f"pages-{given.count}", given.executor)
            parsed, stored, ratio = beside_parse(paths, given.executor, given.every, *work)
            ratios.append(ratio)
            print(
                f"parse {parsed.documents:,}: {parsed.seconds:.1f} s ({parsed.cpu:.1f} s cpu), ingest {stored.seconds:.1f} s ({stored.cpu:.1f} s cpu): "
                f"ratio {ratios[-1][0]:.3f} elapsed, {ratios[-1][1]:.3f} cpu",
                flush=True,
            )
            show_memory(stored)
            show_growth(Settings(home=home))
        elapsed, cpu = (statistics.median(each[at] for each in ratios) for at in (0, 1))
        print(f"median ratio: {elapsed:.3f} elapsed, {cpu:.3f} cpu")


if __name__ == "__main__":
    main()
