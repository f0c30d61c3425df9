"""The scheduled publish: the current state of the lake as plain Parquet and views, swapped in at once, then checked."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import announce, show_publish
from warehouse.publish import Published, publish
from warehouse.settings import Settings

__all__ = ["Published", "publish", "publish_flow", "publish_task"]


@task(name="publish", retries=3, retry_delay_seconds=[5, 30, 120], cache_policy=NO_CACHE, persist_result=False)
def publish_task(home: str | None = None) -> int:
    """Publish, show what was published, and raise the alarm for checks that found bad rows."""
    settings = Settings.load(home)
    logger = get_run_logger()
    published = publish(settings)
    logger.info("publish %d %s: %s", published.number, "new" if published.changed else "unchanged", published.counts)
    show_publish(settings, published)
    failed = {name: bad for name, bad in published.checks.items() if bad}
    if failed:
        logger.warning("checks found bad rows: %s", failed)
        announce("quality.failed", settings, failed)
    return published.number


@flow(name="chengshu-publish", validate_parameters=True, persist_result=False)
def publish_flow(home: str | None = None) -> dict[str, Any]:
    """Publish the warehouse at ``home``; where nothing has changed, nothing is done."""
    return {"number": publish_task(home)}
