"""Show a run's progress to a person: a bar on a terminal, a line per shard elsewhere, one summary at the end."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.load import IngestResult
from flows.load import Progress as Done
from warehouse.quality import checks

__all__ = ["check_lines", "progress_bar", "summary"]


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
    members = f"（其中压缩包内 {result.members:,} 页）" if result.members else ""
    parts = [f"见到 {result.seen:,} 个文件", f"新读 {result.new:,} 页{members}", f"写入文档 {result.documents:,} 篇"]
    parts.append(f"数值 {result.metrics:,} 个")
    more = (("已知", result.known), ("重复内容", result.skipped), ("换新", result.replaced), ("拒收", result.rejects))
    parts += [f"{word} {count:,}" for word, count in more if count]
    if result.passed_over:
        parts.append(f"略过其他类型 {result.passed_over:,} 个")
    speed = f"，每秒 {result.new / result.seconds:,.0f} 页" if result.seconds > 1 and result.new else ""
    return "，".join(parts) + f"；用时 {result.seconds:.1f} 秒{speed}。"


def check_lines(found: Mapping[str, int]) -> Iterator[str]:
    """Say which checks of the data found bad rows, and where to look.

    >>> list(check_lines({"empty_body": 0})), next(check_lines({"empty_body": 2}))
    ([], '数据检查：正文为空，2 行（empty_body）')
    """
    named = {check.name: check.zh for check in checks()}
    bad = {name: count for name, count in found.items() if count}
    for name, count in bad.items():
        yield f"数据检查：{named.get(name, name)}，{count:,} 行（{name}）"
    if bad:
        yield '　　　　　详见 chengshu sql "from data_quality"'
