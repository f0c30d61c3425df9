"""What is wrong with a warehouse and what to do about it, in words; mends what can be mended without a decision."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse import catalog, sqlite_file
from warehouse.backup import backup_path
from warehouse.catalog import WarehouseError, forget, open_lake, writing
from warehouse.locks import LockTimeoutError, holder_of
from warehouse.publish import current_manifest
from warehouse.query import connect
from warehouse.settings import Settings

__all__ = ["Finding", "examine"]

FREE_BYTES_WARNING = 2 * 1024**3
FREE_BYTES_ERROR = 200 * 1024**2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``level`` ok, warning or error; what was found; what to do about it."""

    level: str
    what: str
    remedy: str = ""


def examine(settings: Settings, *, mend: bool = False) -> list[Finding]:
    """Look at folder, lock, catalog, data files and publish, in this order; a broken one ends what builds on it."""
    findings = [*_folder(settings), *_lock(settings)]
    if any(each.level == "error" for each in findings) or _is_new(settings):
        return findings
    findings += _catalog_file(settings, mend=mend)
    if any(each.level == "error" for each in findings):
        return findings
    try:
        lake = open_lake(settings)
    except (WarehouseError, LockTimeoutError, duckdb.Error) as error:
        return [*findings, Finding("error", str(error).splitlines()[0], _remedy_for(str(error)))]
    try:
        findings += [Finding("ok", f"catalog: {settings.catalog}"), *_data_files(settings, lake), *_runs(lake)]
        findings += _published(settings, lake)
    except duckdb.Error as error:
        findings.append(
            Finding("error", f"the lake cannot be read: {str(error).splitlines()[0]}", _remedy_for(str(error)))
        )
    finally:
        lake.close()
    return findings


def _remedy_for(text: str) -> str:
    lowered = text.lower()
    for phrase, remedy in (
        ("newer version", "install the newer version of chengshu"),
        ("no space", "free some space, then run again: nothing half-written is kept"),
        ("connect", "see that the database server runs and CHENGSHU_CATALOG names it rightly"),
        ("malformed", "run `chengshu doctor --mend`: it puts the catalog's backup back"),
        ("not a database", "run `chengshu doctor --mend`: it puts the catalog's backup back"),
        ("permission", "give this user the right to write in the folder"),
        ("not installed", "install the pinned packages again"),
    ):
        if phrase in lowered:
            return remedy
    return "run again; if it stays, keep this message and the folder as they are and ask"


def _folder(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.exists():
        yield Finding("ok", f"no warehouse at {home} yet", "`chengshu ingest SOURCE` makes one")
        return
    if not home.is_dir():
        yield Finding("error", f"{home} is a file, not a folder", "name another folder by --home or CHENGSHU_HOME")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Finding(
            "error", f"{home} cannot be written by this user", "give this user the right, or choose another home"
        )
        return
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES_ERROR:
        yield Finding("error", f"only {free // 1024**2} MiB are free at {home}", "free some space, then run again")
    elif free < FREE_BYTES_WARNING:
        yield Finding("warning", f"only {free // 1024**2} MiB are free at {home}", "free some space soon")
    else:
        yield Finding("ok", f"{home}: writable, {free // 1024**3} GiB free")


def _is_new(settings: Settings) -> bool:
    """Whether there is nothing here yet, which looking at it must not change."""
    path = settings.catalog_file
    if path is None or path.exists():
        return False
    return settings.is_remote or next(Path(settings.data_path).rglob("*.parquet"), None) is None


def _lock(settings: Settings) -> Iterator[Finding]:
    for path, task in (
        (catalog.lock_path(settings), "write"),
        (settings.publish_path / "publish.lock", "publish"),
    ):
        with contextlib.suppress(OSError):
            holder = holder_of(path)
            if holder is None:
                continue
            yield Finding(
                "warning",
                f"the {task} lock is held by {holder}",
                "wait for it; if that process is stuck, end it: the lock goes with it and nothing is lost",
            )


def _catalog_file(settings: Settings, *, mend: bool) -> Iterator[Finding]:
    path = settings.catalog_file
    if path is None:
        return
    wrong = sqlite_file.what_is_wrong(path) if path.exists() else "it is gone"
    if wrong is None:
        return
    backup = backup_path(settings)
    if backup is None or not backup.exists() or sqlite_file.what_is_wrong(backup) is not None:
        yield Finding(
            "error",
            f"the catalog {path} is damaged ({wrong}) and there is no sound backup beside it",
            f"restore it from your own backup, or move {settings.data_path} away and ingest the sources again",
        )
        return
    if not mend:
        yield Finding(
            "error",
            f"the catalog {path} is damaged ({wrong})",
            f"run `chengshu doctor --mend`: it puts back {backup.name}; what came later is read again by the next ingest",
        )
        return
    forget(settings)
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if leftover.exists():
            leftover.replace(leftover.with_name(leftover.name + ".damaged"))
    shutil.copy2(backup, path)
    with writing(
        settings, "mend"
    ) as lake:  # commits are numbered anew from here, so nothing published may be built upon
        lake.execute("update lake.meta set value = ? where name = 'warehouse_id'", [secrets.token_hex(8)])
    yield Finding(
        "warning",
        f"the catalog was damaged ({wrong}); its backup is in place again, the damaged file is kept as {path.name}.damaged",
        "run the ingest again: what the backup does not know is read once more",
    )


def _data_files(settings: Settings, lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    if settings.is_remote:
        return
    missing: list[str] = []
    count = 0
    for (name,) in lake.execute(
        "select table_name from duckdb_tables() where database_name = 'lake' and schema_name = 'main'"
    ).fetchall():
        for row in lake.execute(f"select data_file, delete_file from ducklake_list_files('lake', '{name}')").fetchall():
            for each in row:
                if each:
                    count += 1
                    if not Path(each).exists():
                        missing.append(each)
    if missing:
        yield Finding(
            "error",
            f"{len(missing)} of {count} data files are missing, the first: {missing[0]}",
            "restore them from a backup; without one, move the warehouse away and ingest the sources again",
        )
    else:
        yield Finding("ok", f"{count} data files, all in place")


def _runs(lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = lake.execute(
        "select run_id, started_at from lake.runs where ended_at is null order by started_at desc limit 5"
    ).fetchall()
    for run_id, started in rows:
        yield Finding(
            "warning",
            f"run {run_id}, begun {started:%Y-%m-%d %H:%M}, has not ended",
            "if it runs no more, start it again: it goes on where it was cut off",
        )
    refused = lake.execute("select count(*) from lake.rejects").fetchone()
    if refused and refused[0]:
        yield Finding("ok", f"{refused[0]} entries in rejects", '`chengshu sql "from rejects"` says why')


def _published(settings: Settings, lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    manifest = current_manifest(settings)
    if manifest is None or not settings.database.exists():
        yield Finding("warning", "nothing is published", "run `chengshu publish`")
        return
    try:
        with connect(settings) as connection:
            row = connection.execute("select number from publish_info").fetchone()
            connection.execute("select count(*) from documents").fetchone()
    except (WarehouseError, duckdb.Error) as error:
        yield Finding(
            "error",
            f"{settings.database.name} cannot be read: {str(error).splitlines()[0]}",
            f"remove {settings.database} and run `chengshu publish`: it is made anew",
        )
        return
    if row and row[0] != manifest["number"]:
        yield Finding("warning", "the database and the Parquet folder are of two publishes", "run `chengshu publish`")
    newer = lake.execute(
        "select coalesce(sum(documents), 0) from lake.shards where shard_id > ?", [manifest["last_shard"]]
    ).fetchone()
    if newer and newer[0]:
        yield Finding("warning", f"{newer[0]} documents are not published yet", "run `chengshu publish`")
    else:
        yield Finding("ok", f"publish {manifest['number']} of {manifest['published_at']} is current")
    bad = {name: count for name, count in manifest["checks"].items() if count}
    if bad:
        listed = ", ".join(f"{name} {count}" for name, count in sorted(bad.items()))
        yield Finding(
            "warning", f"checks found rows: {listed}", '`chengshu sql "from data_quality where bad_rows > 0"`'
        )
