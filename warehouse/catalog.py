"""The door to the lake: DuckDB with its extensions from the installed wheels, the catalog attached, the tables in place.

Loading by path needs neither the network nor a home folder. Opening costs about 150 ms, so a process keeps what it opened.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import duckdb

from warehouse import sqlite_file
from warehouse.faults import WarehouseError, fault_of, first_line, told
from warehouse.locks import advisory_lock, file_lock
from warehouse.settings import Settings
from warehouse.tables import column, tables

__all__ = [
    "ATTEMPTS",
    "SCHEMA_VERSION",
    "WarehouseError",
    "forget",
    "new_connection",
    "open_lake",
    "quote",
    "retrying",
    "writing",
]

SCHEMA_VERSION = 1
"""Raised when a table changes in a way that older code must not write to. Added columns do not count."""

T = TypeVar("T")

ATTEMPTS = 11
PATIENCE_SECONDS = 120.0

_open: dict[tuple[int, Settings], duckdb.DuckDBPyConnection] = {}
_guard = threading.RLock()


def quote(text: str) -> str:
    """A text as an SQL literal.

    >>> quote("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _extension(name: str) -> Path:
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    folders = list(spec.submodule_search_locations or []) if spec else []
    path = [Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension" for folder in folders]
    found = [each for each in path if each.is_file()]
    if not found:
        raise WarehouseError(
            f"没有安装 DuckDB {duckdb.__version__} 的扩展 {name}："
            f"pip install duckdb-extension-{name.replace('_', '-')}=={duckdb.__version__}"
        )
    return found[0]


def new_connection(database: str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that never reaches for the network by itself, and prints nothing."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    connection = duckdb.connect(database, read_only=read_only, config=config)
    connection.execute("SET enable_progress_bar = false")  # it would write into what is printed
    return connection


def _attach(settings: Settings) -> duckdb.DuckDBPyConnection:
    connection = new_connection()
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET parquet_metadata_cache = true")  # a data file never changes
    connection.execute(f"SET memory_limit = {quote(settings.memory_limit)}")
    connection.execute(f"SET temp_directory = {quote(str(settings.home / 'tmp'))}")
    for name in ("postgres_scanner" if settings.is_postgres else "sqlite_scanner", "ducklake"):
        connection.execute(f"LOAD {quote(str(_extension(name)))}")
    if settings.is_remote:
        connection.execute(f"LOAD {quote(str(_extension('httpfs')))}")
        _object_store(connection, settings)
    else:
        Path(settings.data_path).mkdir(parents=True, exist_ok=True)
    if settings.catalog_file:
        settings.catalog_file.parent.mkdir(parents=True, exist_ok=True)
        _refuse_lost_catalog(settings, settings.catalog_file)
        if not settings.catalog_file.exists():
            sqlite_file.create(settings.catalog_file)
    # a warehouse that was moved as a whole has its data beside it still, wherever its catalog says they were
    moved = ", OVERRIDE_DATA_PATH true" if settings.data_path == Settings(settings.home).data_path else ""
    connection.execute(
        f"ATTACH {quote('ducklake:' + settings.catalog)} AS lake (DATA_PATH {quote(settings.data_path)}{moved})"
    )
    return connection


def _refuse_lost_catalog(settings: Settings, path: Path) -> None:
    """A new catalog over the data of a lost one would hide them all; that is for a person to decide."""
    if (not path.exists() or not path.stat().st_size) and not settings.is_remote:
        data = next(Path(settings.data_path).rglob("*.parquet"), None)
        if data is not None:
            raise WarehouseError(
                f"编目 {path} 不见了，而数据还在（{settings.data_path}）：运行 chengshu doctor --mend 放回备份，"
                "或用自己的备份恢复，或把数据移走重新开始"
            )


def _object_store(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    parts = ["TYPE s3", f"REGION {quote(settings.s3_region)}"]
    key, secret = os.environ.get("CHENGSHU_S3_KEY"), os.environ.get("CHENGSHU_S3_SECRET")
    if key and secret:
        parts += [f"KEY_ID {quote(key)}", f"SECRET {quote(secret)}"]
    if settings.s3_endpoint:
        host = settings.s3_endpoint.split("://")[-1].rstrip("/")
        plain = settings.s3_endpoint.startswith("http://")
        parts += [f"ENDPOINT {quote(host)}", "URL_STYLE 'path'", f"USE_SSL {'false' if plain else 'true'}"]
    connection.execute(f"CREATE OR REPLACE SECRET object_store ({', '.join(parts)})")


def _present(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Tables and their columns as they stand; an error where a newer version made them."""
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'lake' and schema_name = 'main'"
    ).fetchall()
    present: dict[str, set[str]] = {}
    for table_name, column_name in rows:
        present.setdefault(table_name, set()).add(column_name)
    if "meta" in present:
        found = connection.execute("select value from lake.meta where name = 'schema_version'").fetchone()
        if found and int(found[0]) > SCHEMA_VERSION:
            raise WarehouseError(
                f"这个仓库由更新的版本写成（结构 {found[0]}，本版本只认识到 {SCHEMA_VERSION}）：请安装新版的 chengshu"
            )
    return present


def _complete(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every table stands with every column, so that nothing need be made and nobody be waited for."""
    present = _present(connection)
    wanted = [each for each in tables().values() if each.layer == "lake"]
    return "meta" in present and all(set(each.stored) <= present.get(each.name, set()) for each in wanted)


def _make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create what is missing: tables of a new warehouse, columns that a newer dictionary added to an old one."""
    connection.execute("begin")
    present = _present(connection)
    if "meta" not in present:
        connection.execute("call lake.set_option('parquet_compression', 'zstd')")
        connection.execute("create table lake.meta (name varchar, value varchar)")
        connection.execute(
            "insert into lake.meta values ('schema_version', ?), ('warehouse_id', ?)",
            [str(SCHEMA_VERSION), secrets.token_hex(8)],
        )
    for each in tables().values():
        if each.layer != "lake":
            continue
        if each.name not in present:
            listed = ", ".join(f'"{name}" {column(name).sql_type}' for name in each.stored)
            connection.execute(f"create table lake.{each.name} ({listed})")
            continue
        for name in each.stored:
            if name not in present[each.name]:
                connection.execute(f'alter table lake.{each.name} add column "{name}" {column(name).sql_type}')
    connection.execute("commit")


def open_lake(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A cursor on the lake, attached as ``lake``, with all tables in place; close it when done.

    One database instance serves a process; each cursor is a transaction context of its own.
    """
    key = (os.getpid(), settings)
    with _guard:
        catalog = settings.catalog_file
        if key in _open and catalog is not None and not catalog.exists():
            forget(settings)  # somebody removed the warehouse under us
        if key not in _open:
            try:
                # two processes that make a new catalog at once: the second finds it made
                connection = retrying(lambda: _attach(settings), attempts=6, also="already exists")
            except (duckdb.Error, OSError) as error:
                raise WarehouseError(f"编目 {settings.catalog} 打不开：{first_line(error)}") from error
            if not retrying(lambda: _in_cursor(connection, _complete)):
                with _lock(connection, settings, "建表"):
                    retrying(lambda: _in_cursor(connection, _make_tables))
            _open[key] = connection
        return _open[key].cursor()


def _in_cursor(connection: duckdb.DuckDBPyConnection, work: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    cursor = connection.cursor()
    try:
        return work(cursor)
    finally:
        with contextlib.suppress(duckdb.Error):
            cursor.execute("rollback")
        cursor.close()


def forget(settings: Settings) -> None:
    """Close what this process has open of a warehouse (before it is moved, mended or removed)."""
    with _guard:
        connection = _open.pop((os.getpid(), settings), None)
        if connection is not None:
            connection.close()


def _lock(
    connection: duckdb.DuckDBPyConnection, settings: Settings, purpose: str
) -> contextlib.AbstractContextManager[None]:
    if settings.is_postgres:
        return advisory_lock(
            connection, settings.catalog.removeprefix("postgres:"), "write", settings.lock_wait_seconds
        )
    return file_lock(lock_path(settings), purpose, settings.lock_wait_seconds)


def lock_path(settings: Settings) -> Path:
    """The file of the one writer's lock, beside the catalog it guards."""
    catalog = settings.catalog_file
    return catalog.with_name(catalog.name + ".lock") if catalog else settings.home / "writer.lock"


@contextlib.contextmanager
def writing(settings: Settings, purpose: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Be the one writer: a cursor on the lake, under the lock, not yet in a transaction."""
    cursor = open_lake(settings)
    try:
        with _lock(cursor, settings, purpose):
            yield cursor
    finally:
        with contextlib.suppress(duckdb.Error):
            cursor.execute("rollback")
        cursor.close()


def retrying(work: Callable[[], T], attempts: int = ATTEMPTS, pause: float = 0.1, also: str = "") -> T:
    """Do ``work``; when it fails for a reason that passes by itself, wait a little, unevenly, and do it again.

    All attempts together wait about half a minute: longer than a server takes to restart; where each attempt is slow itself
    (a store that does not answer), no new one begins PATIENCE_SECONDS after the first failure. ``also`` names one more
    passing reason, for work where it is one. What is left in the end is told in words.
    """
    deadline = float("inf")
    for attempt in range(1, attempts + 1):
        try:
            return work()
        except (duckdb.Error, OSError) as error:
            fault = fault_of(error)
            passes = (fault is not None and fault.passes) or (also and also in str(error).lower())
            deadline = min(deadline, time.monotonic() + PATIENCE_SECONDS)
            if attempt == attempts or not passes or time.monotonic() > deadline:
                raise told(error) from error
            time.sleep(pause * 1.6**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads rivals, guards nothing
    raise AssertionError("unreachable")
