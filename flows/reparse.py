"""The reparse by hand: read the kept originals again with the parser of today, then publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from prefect import flow, get_run_logger

from flows.artifacts import announce, show_ingest
from flows.ingest import shard_commit, watched
from flows.load import reparse
from flows.progress import summary
from flows.publish import publish_task
from warehouse.settings import Settings

__all__ = ["reparse", "reparse_flow"]


@flow(name="chengshu-reparse", validate_parameters=True, persist_result=False)
def reparse_flow(
    *, home: str | None = None, executor: str = "auto", workers: int | None = None, publish: bool = True
) -> dict[str, Any]:
    """Read again what today's parser version has not read; rows are replaced document by document."""
    settings = Settings.load(home)
    logger = get_run_logger()
    result = watched(
        "chengshu-reparse-progress",
        lambda show: reparse(settings, executor=executor, workers=workers, commit=shard_commit(), on_progress=show),
    )
    logger.info(summary(result))
    show_ingest(settings, result, "reparse")
    announce("reparse.finished", settings, {"documents": result.documents, "rejects": result.rejects})
    if publish and result.run_id is not None:
        publish_task(str(settings.home))
    return {name: value for name, value in asdict(result).items() if name != "problems"}
