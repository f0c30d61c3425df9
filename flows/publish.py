"""The scheduled publish: the current state of the lake as plain Parquet and views, swapped in at once, then checked."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import announce, show_publish
from warehouse.publish import Published, publish
from warehouse.query import connect
from warehouse.settings import Settings

__all__ = ["Published", "publish", "publish_flow", "publish_task"]


COUNTED_METRICS = 2_000_000
FIGURES = ("事实", "城市", "指标", "来源分歧", "修订")


@task(name="publish", retries=3, retry_delay_seconds=[5, 30, 120], cache_policy=NO_CACHE, persist_result=False)
def publish_task(home: str | None = None) -> tuple[int, dict[str, int]]:
    """Publish, show what was published, and raise the alarm for checks that found bad rows; returns the number and these checks."""
    settings = Settings.load(home)
    logger = get_run_logger()
    before = figures(settings)
    published = publish(settings)
    after = figures(settings) if published.changed else before
    logger.info("publish %d %s: %s", published.number, "new" if published.changed else "unchanged", published.counts)
    show_publish(settings, published, before, after)
    failed = {name: bad for name, bad in published.checks.items() if bad}
    if failed:
        logger.info("checks found bad rows: %s", failed)
        announce("quality.failed", settings, failed)
    return published.number, failed


def figures(settings: Settings) -> dict[str, int]:
    """How much is published: facts, conflicts, cities; nothing where there is no publish, or one too large to count by the way."""
    if not settings.database.exists():
        return {}
    with connect(settings) as connection:
        size = connection.execute("select count(*) from metrics").fetchone()
        if not size or size[0] > COUNTED_METRICS:
            return {}
        row = connection.execute(
            """
            select count(*), count(distinct city_code), count(distinct indicator_id),
                (select count(*) from conflicts where reading = 'conflict'), (select count(*) from conflicts where reading = 'revision')
            from city_facts
            """
        ).fetchone()
    return dict(zip(FIGURES, row or (), strict=False))


@flow(name="chengshu-publish", validate_parameters=True, persist_result=False)
def publish_flow(home: str | None = None) -> dict[str, Any]:
    """Publish the warehouse at ``home``; where nothing has changed, nothing is done."""
    number, failed = publish_task(home)
    return {"number": number, "checks": failed}
