"""The nightly maintenance: merge small files, expire old snapshots, clean up; alone, under the writer's lock."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import announce
from warehouse.maintain import maintain
from warehouse.settings import Settings

__all__ = ["maintain", "maintain_flow"]


@task(name="maintain", retries=2, retry_delay_seconds=[60, 600], cache_policy=NO_CACHE, persist_result=False)
def _maintain_task(home: str | None) -> dict[str, Any]:
    done = maintain(Settings.load(home))
    return asdict(done) if is_dataclass(done) and not isinstance(done, type) else {"result": str(done)}


@flow(name="chengshu-maintain", validate_parameters=True, persist_result=False)
def maintain_flow(home: str | None = None) -> dict[str, Any]:
    """Maintain the warehouse at ``home``."""
    done = _maintain_task(home)
    get_run_logger().info("maintained: %s", done)
    announce("maintain.finished", Settings.load(home), {name: str(value) for name, value in done.items()})
    return done
