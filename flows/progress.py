"""Show a run's progress to a person: a bar on a terminal, a line per shard elsewhere, one summary at the end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.load import IngestResult
from flows.load import Progress as Done

__all__ = ["progress_bar", "summary"]


@contextlib.contextmanager
def progress_bar(label: str = "读取") -> Iterator[Callable[[Done], None]]:
    """A bar on a terminal; nothing where the output goes to a file or a log."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    columns = (
        SpinnerColumn("line"),
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, note="")

        def show(done: Done) -> None:
            note = f"文档 {done.documents:,} · 数值 {done.metrics:,} · 拒收 {done.rejects:,}"
            bar.update(task, completed=done.files, total=done.total, note=note)

        yield show


def summary(result: IngestResult) -> str:
    """Say in one line what a run did.

    >>> summary(IngestResult(None, seen=3, known=3))
    '没有新文件：见到 3 个，全部已入库，什么也没有重做。'
    """
    if result.run_id is None:
        return f"没有新文件：见到 {result.seen:,} 个，全部已入库，什么也没有重做。"
    parts = [f"见到 {result.seen:,} 个文件", f"新读 {result.new:,} 个", f"写入文档 {result.documents:,} 篇"]
    parts.append(f"数值 {result.metrics:,} 个")
    more = (("已知", result.known), ("重复内容", result.skipped), ("换新", result.replaced), ("拒收", result.rejects))
    parts += [f"{word} {count:,}" for word, count in more if count]
    if result.passed_over:
        parts.append(f"略过其他类型 {result.passed_over:,} 个")
    speed = f"，每秒 {result.new / result.seconds:,.0f} 个" if result.seconds > 1 else ""
    return "，".join(parts) + f"；用时 {result.seconds:.1f} 秒{speed}。"
