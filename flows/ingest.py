"""The scheduled ingest: take whatever is new, commit it, publish it. Prefect drives; ``flows.load`` does the work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.tasks import exponential_backoff

from flows.artifacts import (
    ProgressArtifact,
    announce,
    asset_key,
    lineage,
    show_ingest,
    source_key,
    sudden_rejects,
)
from flows.load import Commit, IngestResult, Progress, ingest
from flows.progress import progress_bar, summary
from flows.publish import publish_task
from warehouse.lake import ShardCounts
from warehouse.settings import Settings

__all__ = ["IngestResult", "backfill_flow", "ingest", "ingest_flow", "shard_commit", "watched"]


def shard_commit() -> Commit:
    """Wrap each shard in a Prefect task of its own: recorded, retried with back-off, its result nothing but counts."""
    logger = get_run_logger()

    def commit(number: int, work: Callable[[], ShardCounts]) -> ShardCounts:
        # the work is closed over, not passed: Prefect would walk through every table of an argument
        @task(
            name="shard",
            task_run_name=f"shard-{number}",
            retries=4,
            retry_delay_seconds=exponential_backoff(2),
            retry_jitter_factor=0.5,
            cache_policy=NO_CACHE,
            persist_result=False,
        )
        def shard() -> dict[str, int]:
            return asdict(work())

        counts = ShardCounts(**shard())
        logger.info(
            "shard %d: %s", number, ", ".join(f"{k} {v}" for k, v in asdict(counts).items() if v) or "nothing new"
        )
        return counts

    return commit


def watched(key: str, run: Callable[[Callable[[Progress], None]], IngestResult]) -> IngestResult:
    """Do a run with a bar in the terminal and one in the UI."""
    artifact = ProgressArtifact(key)
    with progress_bar() as bar:

        def show(done: Progress) -> None:
            bar(done)
            artifact.show(done)

        result = run(show)
    artifact.finish()
    return result


@flow(name="chengshu-ingest", validate_parameters=True, persist_result=False)
def ingest_flow(
    sources: list[str],
    *,
    home: str | None = None,
    executor: str = "auto",
    workers: int | None = None,
    settle_seconds: float = 0.0,
    publish: bool = True,
) -> dict[str, Any]:
    """Read every new file of ``sources`` into the warehouse at ``home`` and publish if anything came.

    Run it as often as you like: what is known is not opened, what was cut off is done again, nothing is doubled.
    """
    settings = Settings.load(home)
    logger = get_run_logger()
    result = watched(
        "chengshu-ingest-progress",
        lambda show: ingest(
            settings,
            sources,
            executor=executor,
            workers=workers,
            settle_seconds=settle_seconds,
            commit=shard_commit(),
            on_progress=show,
        ),
    )
    return _finish(settings, sources, result, logger.info, publish=publish)


@flow(name="chengshu-backfill", validate_parameters=True, persist_result=False)
def backfill_flow(
    sources: list[str],
    *,
    first: str = "1970-01-01",
    last: str = "9999-12-31",
    home: str | None = None,
    executor: str = "auto",
    workers: int | None = None,
    publish: bool = True,
) -> dict[str, Any]:
    """Read the new files of ``sources`` that were last changed between two days (both included, China Standard Time)."""
    settings = Settings.load(home)
    logger = get_run_logger()
    result = watched(
        "chengshu-backfill-progress",
        lambda show: ingest(
            settings,
            sources,
            executor=executor,
            workers=workers,
            modified=day_range(first, last),
            commit=shard_commit(),
            on_progress=show,
        ),
    )
    return _finish(settings, sources, result, logger.info, publish=publish)


def day_range(first: str, last: str) -> tuple[float, float]:
    """Two days, both included, as seconds since 1970.

    >>> day_range("2024-01-01", "2024-01-01")
    (1704038400.0, 1704124799.999999)
    """
    zone = dt.timezone(dt.timedelta(hours=8))
    start = dt.datetime.combine(dt.date.fromisoformat(first), dt.time.min, zone)
    end = dt.datetime.combine(dt.date.fromisoformat(last), dt.time.max, zone)
    return start.timestamp(), end.timestamp()


def _finish(
    settings: Settings, sources: list[str], result: IngestResult, log: Callable[[str], None], *, publish: bool
) -> dict[str, Any]:
    """Show and announce a run, and publish if it brought anything."""
    log(summary(result))
    show_ingest(settings, result)
    counts = {name: value for name, value in asdict(result).items() if name != "problems"}
    announce("ingest.finished", settings, counts)
    if result.documents:
        announce("ingest.new", settings, counts)
        lineage(settings, "lake", map(source_key, sources), counts)
    sudden = sudden_rejects(settings, result)
    if sudden:
        announce("rejects.jumped", settings, sudden)
    counts["problems"] = result.problems
    if publish and (result.run_id is not None or not settings.database.exists()):
        counts["publish"], counts["checks"] = publish_task(str(settings.home))
        lineage(settings, "publish", [asset_key(settings, "lake")], {"number": counts["publish"]})
    return counts
