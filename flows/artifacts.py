"""What an operator sees of a run in the Prefect UI, and the events that automations act on."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.events import emit_event

from flows.load import IngestResult, Progress
from flows.progress import summary
from warehouse.publish import Published
from warehouse.settings import Settings

__all__ = ["ProgressArtifact", "announce", "show_ingest", "show_publish"]

SHOWN_REJECTS = 200


class ProgressArtifact:
    """The bar in the UI; moved once a shard, as each move is a call to the server."""

    def __init__(self, key: str) -> None:
        self._id: UUID | None = None
        self._key = key
        self._shards = -1

    def show(self, done: Progress) -> None:
        """Move the bar."""
        if done.shards == self._shards:
            return
        self._shards = done.shards
        percent = 100.0 * done.files / done.total if done.total else 0.0
        if self._id is None:
            created = create_progress_artifact(percent, key=self._key, description="已读文件的百分比")
            self._id = cast("UUID", created)  # not a coroutine: flows here are synchronous
        else:
            update_progress_artifact(self._id, min(percent, 100.0))

    def finish(self) -> None:
        """Fill the bar."""
        if self._id is not None:
            update_progress_artifact(self._id, 100.0)


def show_ingest(settings: Settings, result: IngestResult, what: str = "ingest") -> None:
    """Leave the run's summary, and its rejects as a table."""
    rows = [
        ("运行", result.run_id or "（没有新文件）"),
        ("见到的文件", f"{result.seen:,}"),
        ("其中已入库", f"{result.known:,}"),
        ("新读", f"{result.new:,}（{result.bytes / 1048576:,.1f} MiB）"),
        ("写入文档", f"{result.documents:,}"),
        ("写入数值", f"{result.metrics:,}"),
        ("替换旧版", f"{result.replaced:,}"),
        ("内容重复", f"{result.skipped:,}"),
        ("拒收", f"{result.rejects:,}"),
        ("分片", f"{result.shards:,}"),
        ("用时", f"{result.seconds:.1f} 秒"),
        ("仓库", f"`{settings.home}`"),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in rows)
    create_markdown_artifact(f"# {summary(result)}\n\n| 项目 | 值 |\n|---|---|\n{table}\n", key=f"chengshu-{what}")
    if result.problems:
        shown = [{"来源": uri, "原因": code, "说明": reason} for uri, code, reason in result.problems[:SHOWN_REJECTS]]
        create_table_artifact(
            shown, key=f"chengshu-{what}-rejects", description=f"共拒收 {result.rejects:,} 个，示前 200 个"
        )


def show_publish(settings: Settings, published: Published, before: dict[str, int], after: dict[str, int]) -> None:
    """Leave the published counts, what has become more or less by them, and which checks found bad rows."""
    lines = [f"| {name} | {count:,} | |" for name, count in published.counts.items()]
    lines += [f"| {name} | {count:,} | {count - before.get(name, 0):+,} |" for name, count in after.items()]
    failed = {name: bad for name, bad in published.checks.items() if bad}
    verdict = "全部通过" if not failed else "、".join(f"{name}（{bad} 行）" for name, bad in failed.items())
    create_markdown_artifact(
        f"# 第 {published.number} 次发布{'' if published.changed else '（没有变化）'}\n\n"
        "| 项目 | 数量 | 变化 |\n|---|---|---|\n"
        + "\n".join(lines)
        + f"\n\n数据检查：{verdict}\n\n`{settings.database}`\n",
        key="chengshu-publish",
    )


def announce(event: str, settings: Settings, payload: dict[str, Any]) -> None:
    """Emit ``chengshu.<event>`` for the warehouse, so that an automation can act on it."""
    resource = {"prefect.resource.id": f"chengshu.warehouse.{settings.home.name}", "chengshu.home": str(settings.home)}
    emit_event(event=f"chengshu.{event}", resource=resource, payload=payload)
