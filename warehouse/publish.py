"""Publishing: the current state as plain Parquet in a numbered folder, ``current`` swapped to it, and the views over it."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from warehouse.catalog import open_lake, quote
from warehouse.locks import file_lock
from warehouse.settings import Settings
from warehouse.tables import table

__all__ = ["PUBLISHED_TABLES", "Published", "publish"]

PUBLISHED_TABLES = ("documents", "metrics", "rejects", "runs")


@dataclass(frozen=True, slots=True)
class Published:
    """One publish: its number and folder, whether it is new, rows per table, how long it took, bad rows per check."""

    number: int
    path: Path
    changed: bool
    counts: dict[str, int]
    seconds: float
    checks: dict[str, int]


def publish(settings: Settings) -> Published:
    """Publish the current state of the lake, unless what is published is current already."""
    began = time.monotonic()
    with file_lock(settings.publish_path / "publish.lock", "publish", settings.lock_wait_seconds):
        numbers = [int(each.name) for each in settings.publish_path.iterdir() if each.name.isdigit()]
        number = max(numbers, default=0) + 1
        target = settings.publish_path / str(number)
        lake = open_lake(settings)
        counts = {}
        try:
            lake.execute("begin")
            for name in PUBLISHED_TABLES:
                folder = target / name
                folder.mkdir(parents=True)
                listed = ", ".join(f'"{each}"' for each in table(name).columns)
                row = lake.execute(
                    f"copy (select {listed} from lake.{name} order by {', '.join(table(name).sort)}) "
                    f"to {quote(str(folder / 'part-0.parquet'))} (format parquet, compression zstd)"
                ).fetchone()
                counts[name] = int(row[0]) if row else 0
            lake.execute("commit")
        finally:
            lake.close()
        link = settings.publish_path / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(str(number))
        link.replace(settings.publish_path / "current")
        for old in numbers[:-1]:
            shutil.rmtree(settings.publish_path / str(old), ignore_errors=True)
    return Published(number, target, changed=True, counts=counts, seconds=time.monotonic() - began, checks={})
