"""Publishing: the current state as plain Parquet in a numbered folder, the views over it, and ``current`` swapped to it.

The order makes it safe to die anywhere: a whole folder is renamed into place before anything points at it, the database is
replaced in one step, ``current`` last. Readers of an older publish keep it for the grace time.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import facts, parts, quality, views
from warehouse.backup import back_up_catalog
from warehouse.catalog import new_connection, open_lake, quote, retrying
from warehouse.dimensions import DIMENSIONS, read_dimension
from warehouse.locks import file_lock
from warehouse.parts import PARTED, Part
from warehouse.settings import Settings
from warehouse.tables import now, table, to_arrow

__all__ = ["Published", "clean_publishes", "current_manifest", "publish"]

WHOLE = ("rejects", "runs")
"""Small tables, written whole at every publish."""

FORMAT = 3
"""Raised whenever files of an earlier publish cannot be taken over; the next publish is then made anew from the lake."""


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
    with file_lock(settings.publish_path / "publish.lock", "发布", settings.lock_wait_seconds):
        began = time.monotonic()
        lake = open_lake(settings)
        try:
            before = current_manifest(settings)
            made = retrying(lambda: _publish(settings, lake, before))
        finally:
            lake.close()
        clean_publishes(settings)
        manifest, changed = made
        if changed:
            back_up_catalog(settings)
        number = int(manifest["number"])
        return Published(
            number,
            settings.publish_path / str(number),
            changed,
            dict(manifest["counts"]),
            time.monotonic() - began,
            dict(manifest["checks"]),
        )


def current_manifest(settings: Settings) -> dict[str, Any] | None:
    """What is published now: the manifest beside the tables, None before the first publish."""
    try:
        with (settings.publish_path / "current" / "manifest.json").open(encoding="utf-8") as file:
            manifest: dict[str, Any] = json.load(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return manifest if manifest.get("format") == FORMAT else None


def _publish(
    settings: Settings, lake: duckdb.DuckDBPyConnection, before: dict[str, Any] | None
) -> tuple[dict[str, Any], bool]:
    with contextlib.suppress(duckdb.Error):
        lake.execute("rollback")
    lake.execute("begin")  # one snapshot of the lake for all that follows
    try:
        dimensions = {name: read_dimension(name, settings.knowledge) for name in DIMENSIONS}
        state = _state(lake, dimensions)
        changed = before is None or _differs(lake, before, state) or not settings.database.exists()
        if before is not None and not changed:
            return before, False
        manifest = _build(settings, lake, before, state, dimensions)
    finally:
        lake.execute("rollback")
    _swap(settings, manifest)
    return manifest, True


def _state(lake: duckdb.DuckDBPyConnection, dimensions: dict[str, pa.Table]) -> dict[str, Any]:
    """What a publish depends on, apart from the rows themselves."""
    identity = lake.execute("select value from lake.meta where name = 'warehouse_id'").fetchone()
    last = lake.execute("select coalesce(max(shard_id), 0) from lake.shards").fetchone()
    digest = hashlib.sha256()
    for name in DIMENSIONS:
        digest.update(repr(dimensions[name].to_pydict()).encode())
    contract = json.dumps({name: [*table(name).columns, *table(name).sort] for name in (*PARTED, *WHOLE)})
    return {
        "warehouse_id": identity[0] if identity else None,
        "last_shard": int(last[0]) if last else 0,
        "dimensions": digest.hexdigest()[:16],
        "sql": views.sql_digest(),
        "contract": hashlib.sha256(contract.encode()).hexdigest()[:16],
    }


def _differs(lake: duckdb.DuckDBPyConnection, before: dict[str, Any], state: dict[str, Any]) -> bool:
    if any(before.get(key) != state[key] for key in ("warehouse_id", "dimensions", "sql", "contract")):
        return True
    row = lake.execute(
        "select count(*) from lake.shards where shard_id > ? and (documents > 0 or rejects > 0)", [before["last_shard"]]
    ).fetchone()
    return bool(row and row[0]) or int(before["last_shard"]) > int(state["last_shard"])


def _build(
    settings: Settings,
    lake: duckdb.DuckDBPyConnection,
    before: dict[str, Any] | None,
    state: dict[str, Any],
    dimensions: dict[str, pa.Table],
) -> dict[str, Any]:
    """Write the folder of the next publish, whole and checked, and rename it into place."""
    numbers = [int(each.name) for each in settings.publish_path.iterdir() if each.name.isdigit()]
    number = max(numbers, default=0) + 1
    building = settings.publish_path / f".building-{number}"
    for leftover in settings.publish_path.glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for name in views.BASE_TABLES:
        (building / name).mkdir(parents=True)
    for name, rows in dimensions.items():
        _write(rows, building / name)
    for name in WHOLE:
        listed = ", ".join(f'"{each}"' for each in table(name).columns)
        rows = lake.execute(f"select {listed} from lake.{name} order by {', '.join(table(name).sort)}").to_arrow_table()
        _write(rows, building / name)
    listed_parts = _parts(settings, lake, before, state, building)
    _write(to_arrow("data_quality", []), building / "data_quality")
    leaves = _facts(settings, lake, before, state, building)
    folder = settings.publish_path / str(number)
    building.rename(folder)  # nothing points there yet
    manifest = {
        "format": FORMAT,
        "number": number,
        "published_at": now().isoformat(sep=" ", timespec="seconds"),
        **state,
        "parts": [part.to_json() for part in listed_parts],
        "leaves": [leaf.to_json() for leaf in leaves],
        "counts": {
            "documents": sum(part.documents for part in listed_parts),
            "metrics": sum(part.metrics for part in listed_parts),
            **{
                name: pq.ParquetFile(next((folder / name).iterdir())).metadata.num_rows
                for name in (*WHOLE, *dimensions)
            },
        },
    }
    manifest["checks"] = _database(
        settings,
        folder / settings.database.name,
        manifest,
        [*(part.checks for part in listed_parts), *(leaf.checks for leaf in leaves)],
    )
    with (folder / "manifest.json").open("w", encoding="utf-8") as file:
        json.dump(manifest, file, ensure_ascii=False, indent=1)
    for inside, _, files in os.walk(folder):
        for each in files:
            parts.sync(Path(inside) / each)
        parts.sync(Path(inside))
    return manifest


def _write(rows: pa.Table, folder: Path) -> None:
    pq.write_table(rows, folder / "part-0.parquet", compression="zstd")


def _goes_on(before: dict[str, Any] | None, state: dict[str, Any]) -> bool:
    """Whether the commits are those that the publish before went through, and more."""
    return (
        before is not None
        and all(before.get(key) == state[key] for key in ("warehouse_id", "contract"))
        and int(before["last_shard"]) <= int(state["last_shard"])
    )


def _parts(
    settings: Settings,
    lake: duckdb.DuckDBPyConnection,
    before: dict[str, Any] | None,
    state: dict[str, Any],
    building: Path,
) -> list[Part]:
    """Link what can be kept, write what is new or spoilt; a part keeps the results of its checks."""
    source = settings.publish_path / str(before["number"]) if before else building
    usable = _goes_on(before, state)
    known = [Part(**entry) for entry in before["parts"]] if before is not None and usable else []
    since = int(before["last_shard"]) if before is not None and usable else 0
    shards = lake.execute(
        "select shard_id, documents from lake.shards where shard_id > ? order by shard_id", [since]
    ).fetchall()
    gone = lake.execute("select distinct document_id from lake.replaced where shard_id > ?", [since]).fetchall()
    dirty = parts.touched(lake, source, known, [row[0] for row in gone])
    kept, ranges = parts.plan(known, dirty, shards)
    result = list(kept)
    for part in kept:
        parts.link_part(source, building, part)
    for first, last in ranges:
        written = parts.write_part(lake, building, first, last)
        if written.documents:
            result.append(written)
    if not result:  # views need at least one file to know the columns
        for name in PARTED:
            listed = ", ".join(f'"{each}"' for each in table(name).columns)
            _write(lake.execute(f"select {listed} from lake.{name} limit 0").to_arrow_table(), building / name)
    result.sort(key=lambda part: part.first)
    rerun = before is None or before.get("sql") != state["sql"] or before.get("dimensions") != state["dimensions"]
    return [
        Part(part.first, part.last, part.documents, part.metrics, quality.found_in_part(building, part.file_name))
        if rerun or not part.checks
        else part
        for part in result
    ]


def _facts(
    settings: Settings,
    lake: duckdb.DuckDBPyConnection,
    before: dict[str, Any] | None,
    state: dict[str, Any],
    building: Path,
) -> list[facts.Leaf]:
    """Choose the facts: of what something came or went of since the publish before, else all."""
    if before is None or not _goes_on(before, state) or any(before[key] != state[key] for key in ("sql", "dimensions")):
        return facts.write_facts(settings, building, None, [], None)
    source = settings.publish_path / str(before["number"])
    since = int(before["last_shard"])
    what = (
        "select distinct region_code, indicator_id, year(period_end) from {} "
        "where region_code is not null and indicator_id is not null and period_end is not null and {}"
    )
    changed = set(lake.execute(what.format("lake.metrics", "shard_id > ?"), [since]).fetchall())
    gone = lake.execute("select distinct document_id from lake.replaced where shard_id > ?", [since]).fetchall()
    if gone:  # what their pages said before is in the publish before
        said = f"read_parquet({quote(str(source / 'metrics' / '*.parquet'))})"
        listed = [[row[0] for row in gone]]
        changed |= set(lake.execute(what.format(said, "document_id in (select unnest(?))"), listed).fetchall())
    leaves = [facts.Leaf(**entry) for entry in before["leaves"]]
    return facts.write_facts(settings, building, source, leaves, changed)


def _database(
    settings: Settings, path: Path, manifest: dict[str, Any], found_before: Sequence[Mapping[str, Any]]
) -> dict[str, int]:
    """Make the database over a folder; run the checks across rows in it, add what the others found, write ``data_quality``."""
    with new_connection(str(path)) as connection:
        connection.execute(f"set memory_limit = {quote(settings.memory_limit)}")
        connection.execute(f"set temp_directory = {quote(str(settings.home / 'tmp'))}")
        views.create_base_views(connection, path.parent)
        views.create_chosen_views(connection, path.parent)
        views.create_marts(connection, chosen=True)
        views.comment(connection)
        connection.execute(
            f"create view publish_info as select {int(manifest['number'])} as number, "
            f"timestamp {quote(manifest['published_at'])} as published_at, {quote(str(path.parent.absolute()))} as folder"
        )
        found = quality.summary([*found_before, quality.found_in_all(connection)])
        _write(to_arrow("data_quality", quality.rows_of(found)), path.parent / "data_quality")
        connection.execute("checkpoint")
    return {each.check.name: each.bad_rows for each in found}


def _swap(settings: Settings, manifest: dict[str, Any]) -> None:
    """Replace the database, then point ``current`` at the folder: one step each."""
    fresh = settings.database.with_name(f".{settings.database.name}.new")
    fresh.unlink(missing_ok=True)
    parts.link(settings.publish_path / str(manifest["number"]) / settings.database.name, fresh)
    fresh.replace(settings.database)
    link = settings.publish_path / ".current.new"
    link.unlink(missing_ok=True)
    link.symlink_to(str(manifest["number"]))
    link.replace(settings.publish_path / "current")
    parts.sync(settings.publish_path)


def clean_publishes(settings: Settings) -> None:
    """Remove publishes that were superseded longer than the grace time ago."""
    current = (settings.publish_path / "current").resolve().name
    if not settings.publish_path.is_dir():
        return
    numbers = sorted(int(each.name) for each in settings.publish_path.iterdir() if each.name.isdigit())
    deadline = time.time() - settings.publish_grace_hours * 3600
    for number, newer in itertools.pairwise(numbers):
        superseded = (settings.publish_path / str(newer)).stat().st_mtime
        if str(number) != current and superseded <= deadline:
            shutil.rmtree(settings.publish_path / str(number), ignore_errors=True)
