"""Housekeeping: small files merged, old snapshots let go, the ledger thinned; alone, under both locks.

Readers of the lake keep what they read for the retention; readers of a publish for its grace time. Nothing that is published
changes by it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import sqlite_file
from warehouse.backup import back_up_catalog
from warehouse.catalog import quote, retrying, writing
from warehouse.locks import file_lock
from warehouse.publish import clean_publishes, current_manifest
from warehouse.settings import Settings

__all__ = ["Maintained", "maintain"]


@dataclass(frozen=True, slots=True)
class Maintained:
    """What housekeeping did: data files and bytes before and after, snapshots let go, ledger rows dropped, the time it took."""

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    snapshots_expired: int
    ledger_rows_dropped: int
    seconds: float


def maintain(settings: Settings, retention_days: float | None = None) -> Maintained:
    """Keep the warehouse small and fast; snapshots younger than ``retention_days`` stay for time travel."""
    began = time.monotonic()
    days = settings.retention_days if retention_days is None else retention_days
    with (
        file_lock(settings.publish_path / "publish.lock", "维护", settings.lock_wait_seconds),
        writing(settings, "维护") as lake,
    ):
        files_before, bytes_before = _size(settings, lake)
        dropped = retrying(lambda: _thin(settings, lake))
        expired = retrying(lambda: _compact(lake, days))
        back_up_catalog(settings)  # the copy before it names files that go now
        retrying(lambda: _clean(settings, lake, days))
        files_after, bytes_after = _size(settings, lake)
        clean_publishes(settings)
        shutil.rmtree(settings.home / "tmp", ignore_errors=True)
        if settings.catalog_file is not None:
            sqlite_file.vacuum(settings.catalog_file)
        back_up_catalog(settings)
    return Maintained(
        files_before, files_after, bytes_before, bytes_after, expired, dropped, round(time.monotonic() - began, 3)
    )


def _size(settings: Settings, lake: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Files and bytes under the data path: of a local one as they lie there, of a remote one as the catalog counts them."""
    if not settings.is_remote:
        sizes = [each.stat().st_size for each in Path(settings.data_path).rglob("*.parquet")]
        return len(sizes), sum(sizes)
    row = lake.execute("select sum(file_count), sum(file_size_bytes) from ducklake_table_info('lake')").fetchone()
    return (int(row[0] or 0), int(row[1] or 0)) if row else (0, 0)


def _thin(settings: Settings, lake: duckdb.DuckDBPyConnection) -> int:
    """Drop what nobody asks for again: ledger entries that a newer one of the same file replaced, replacements long published."""
    with contextlib.suppress(duckdb.Error):
        lake.execute("rollback")
    lake.execute("begin")
    row = lake.execute(
        """
        delete from lake.files as f using (
            select source_uri, max(seen_at) as seen_at from lake.files group by source_uri having count(*) > 1
        ) as newest
        where f.source_uri = newest.source_uri and f.seen_at < newest.seen_at
        """
    ).fetchone()
    manifest = current_manifest(settings)
    if manifest is not None:
        lake.execute("delete from lake.replaced where shard_id <= ?", [int(manifest["last_shard"])])
    repeated = lake.execute("select count(*) - count(distinct (band, story_id)) from lake.bands").fetchone()
    if repeated and repeated[0]:
        lake.execute("create or replace temp table kept_bands as select distinct band, story_id from lake.bands")
        lake.execute("delete from lake.bands")
        lake.execute("insert into lake.bands from kept_bands order by band, story_id")
        lake.execute("drop table kept_bands")
    lake.execute("commit")
    return int(row[0]) if row else 0


def _compact(lake: duckdb.DuckDBPyConnection, days: float) -> int:
    """Write out inlined rows, apply deletes, merge small files; then let go what is older than the retention.

    In one thread: of some 300 compactions under load two were ended by a fault of DuckDB's worker threads (nothing was lost).
    """
    lake.execute("set threads = 1")
    try:
        for call in (
            "flush_inlined_data('lake')",
            "rewrite_data_files('lake', delete_threshold => 0.0)",
            "merge_adjacent_files('lake')",
        ):
            lake.execute(f"call ducklake_{call}").fetchall()
    finally:
        with contextlib.suppress(duckdb.Error):  # what went wrong before is what is told
            lake.execute("reset threads")
    now = dt.datetime.now(dt.UTC)
    before = quote((now - dt.timedelta(days=days)).isoformat())
    # a result that is not read to its end is not committed, hence fetchall
    expired = lake.execute(f"call ducklake_expire_snapshots('lake', older_than => {before}::timestamptz)").fetchall()
    return len(expired)


def _clean(settings: Settings, lake: duckdb.DuckDBPyConnection, days: float) -> None:
    """Remove files that no snapshot needs, and after a day what a killed writer left behind.

    On one machine nothing long reads the lake now, as publishes wait for the same lock; of other machines nobody knows, so
    where they share a catalog a merged file stays for a day.
    """
    day = dt.datetime.now(dt.UTC) - dt.timedelta(days=min(days, 1.0))
    of_a_day = f"older_than => {quote(day.isoformat())}::timestamptz"
    everything = "cleanup_all => true"
    merged = of_a_day if settings.is_postgres and days > 0 else everything
    lake.execute(f"call ducklake_cleanup_old_files('lake', {merged})").fetchall()
    left = of_a_day if days > 0 else everything
    lake.execute(f"call ducklake_delete_orphaned_files('lake', {left})").fetchall()
