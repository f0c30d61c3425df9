"""What an operator sees of a run in the Prefect UI, and the events that automations act on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.assets import Asset, AssetProperties, add_asset_metadata, materialize
from prefect.cache_policies import NO_CACHE
from prefect.events import emit_event

from flows.load import IngestResult, Progress
from flows.progress import summary
from flows.remote import is_url
from warehouse.catalog import open_lake
from warehouse.publish import Published
from warehouse.settings import Settings

__all__ = [
    "ProgressArtifact",
    "announce",
    "asset_key",
    "lineage",
    "show_ingest",
    "show_publish",
    "source_key",
    "sudden_rejects",
]

SHOWN_REJECTS = 200
FEW = 20
"""So few new pages say nothing about a share."""
JUMP, JUMP_SHARE = 3.0, 0.1
"""Rejects jump when their share is so many times the usual, and so large."""
PAST_RUNS = 50
MAX_KEY = 512


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
        reasons = reject_reasons(settings, result)
        create_table_artifact(
            [{"原因": code, "数量": count, "例": example} for code, count, example in reasons],
            key=f"chengshu-{what}-reject-reasons",
            description=f"拒收 {result.rejects:,} 个，按原因",
        )
        shown = [{"来源": uri, "原因": code, "说明": reason} for uri, code, reason in result.problems[:SHOWN_REJECTS]]
        create_table_artifact(
            shown, key=f"chengshu-{what}-rejects", description=f"共拒收 {result.rejects:,} 个，示前 200 个"
        )


def reject_reasons(settings: Settings, result: IngestResult) -> list[tuple[str, int, str]]:
    """Why a run refused what it refused: code, how often, one example; the most frequent first."""
    lake = open_lake(settings)
    try:
        return lake.execute(
            """
            select reason_code, count(*) as times, min(reason || '：' || source_uri)
            from lake.rejects where last_seen >= (select started_at from lake.runs where run_id = ?)
            group by reason_code order by times desc, reason_code
            """,
            [result.run_id],
        ).fetchall()
    finally:
        lake.close()


def sudden_rejects(settings: Settings, result: IngestResult) -> dict[str, Any] | None:
    """What to say when a run refused far more than is usual: a site has changed, or error pages were saved; else None."""
    if result.new < FEW or result.rejects < JUMP_SHARE * result.new:
        return None
    lake = open_lake(settings)
    try:
        row = lake.execute(
            """
            select coalesce(sum(rejects), 0), coalesce(sum(new), 0) from (
                select rejects, new from lake.runs
                where started_at < (select max(r.started_at) from lake.runs as r where r.run_id = ?) and new > 0
                order by started_at desc limit ?
            )
            """,
            [result.run_id, PAST_RUNS],
        ).fetchone()
    finally:
        lake.close()
    rejects, new = row or (0, 0)
    usual = rejects / new if new >= FEW else JUMP_SHARE / JUMP
    if result.rejects / result.new < JUMP * usual:
        return None
    reasons = "、".join(f"{code} {count}" for code, count, _ in reject_reasons(settings, result)[:5])
    return {"rejects": result.rejects, "new": result.new, "usual": f"{usual:.1%}", "reasons": reasons}


def lineage(settings: Settings, name: str, upstream: Iterable[str], facts: Mapping[str, Any]) -> None:
    """Tell Prefect that the warehouse's ``name`` (lake, publish) was made from ``upstream``: one small task, whatever the size of the run."""

    @materialize(
        Asset(key=asset_key(settings, name), properties=AssetProperties(name=f"{settings.home.name} {name}")),
        by="chengshu",
        name=f"asset-{name}",
        asset_deps=[Asset(key=key) for key in upstream],
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    def record() -> None:
        add_asset_metadata(asset_key(settings, name), dict(facts))

    record()


def asset_key(settings: Settings, name: str) -> str:
    """The key of a part of a warehouse.

    >>> asset_key(Settings.load("/srv/城市 news"), "lake")
    'chengshu:///srv/城市_news/lake'
    """
    return _key(f"chengshu://{settings.home}/{name}")


def source_key(source: str) -> str:
    """The key of a source: its address, or its path as one.

    >>> source_key("s3://news/in*"), source_key("/data/a b?.txt")
    ('s3://news/in*', 'file:///data/a_b_.txt')
    """
    return _key(source if is_url(source) else f"file://{os.path.abspath(source)}")  # noqa: PTH100 - it may be a pattern


def _key(address: str) -> str:
    return re.sub(r"[^\w:/.*@=+~-]", "_", address)[:MAX_KEY]  # what Prefect takes in a key


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
