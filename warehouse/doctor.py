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
from warehouse.catalog import forget, open_lake, writing
from warehouse.faults import WarehouseError, fault_of, first_line
from warehouse.locks import LockTimeoutError, advisory_holder, holder_of
from warehouse.publish import current_manifest
from warehouse.quality import checks
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
    if any(each.level == "error" for each in findings):
        return findings
    if _is_new(settings):
        return findings if not settings.home.exists() else [*findings, _none_yet(settings)]
    findings += _catalog_file(settings, mend=mend)
    if any(each.level == "error" for each in findings):
        return findings
    try:
        lake = open_lake(settings)
    except (WarehouseError, LockTimeoutError, duckdb.Error) as error:
        return [*findings, _unreadable("仓库打不开", error)]
    try:
        findings += [Finding("ok", f"编目：{settings.catalog}"), *_server_lock(settings, lake)]
        findings += [*_data_files(settings, lake), *_runs(lake)]
        findings += _published(settings, lake)
    except duckdb.Error as error:
        findings.append(_unreadable("仓库读不出", error))
    finally:
        lake.close()
    return findings


def _none_yet(settings: Settings) -> Finding:
    return Finding("ok", f"{settings.home} 里还没有仓库", "运行 chengshu ingest 来源，即建一个")


def _unreadable(said: str, error: Exception) -> Finding:
    """An error of the layers below, kept in their words so that it can be looked up; one that is told in words says what to do."""
    if isinstance(error, WarehouseError | LockTimeoutError):
        return Finding("error", f"{said}：{error}")
    fault = fault_of(error)
    if fault is None:
        return Finding(
            "error", f"{said}：{first_line(error)}", "再运行一次；仍不行，就把这段话和目录原样留着，去问维护者"
        )
    return Finding("error", f"{said}：{fault.said}（{first_line(error)}）", fault.remedy)


def _folder(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.exists():
        yield _none_yet(settings)
        return
    if not home.is_dir():
        yield Finding("error", f"{home} 是文件，不是目录", "用 --home 或 CHENGSHU_HOME 另指一个目录")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Finding("error", f"{home} 当前用户不能写", "给当前用户写的权限，或另选一个目录")
        return
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES_ERROR:
        yield Finding("error", f"{home} 只剩 {free // 1024**2} MiB 空间", "先腾出空间，再运行")
    elif free < FREE_BYTES_WARNING:
        yield Finding("warning", f"{home} 只剩 {free // 1024**2} MiB 空间", "尽快腾出空间")
    else:
        yield Finding("ok", f"{home}：可写，剩余 {free // 1024**3} GiB")


def _is_new(settings: Settings) -> bool:
    """Whether there is nothing here yet, which looking at it must not change."""
    path = settings.catalog_file
    if path is None or path.exists():
        return False
    return settings.is_remote or next(Path(settings.data_path).rglob("*.parquet"), None) is None


def _lock(settings: Settings) -> Iterator[Finding]:
    for path, task in (
        (catalog.lock_path(settings), "写入"),
        (settings.publish_path / "publish.lock", "发布"),
    ):
        with contextlib.suppress(OSError):
            holder = holder_of(path)
            if holder is None:
                continue
            yield Finding(
                "warning",
                f"{task}锁由{holder}持有",
                "等它做完；若已卡死，结束那个进程即可，锁随之放开，数据不会丢",
            )


def _server_lock(settings: Settings, lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    holder = advisory_holder(lake, "__ducklake_metadata_lake", "write") if settings.is_postgres else None
    if holder is not None:
        yield Finding(
            "warning",
            f"写入锁由{holder}持有",
            "等它做完；若那台机器已不在，在数据库里用 pg_terminate_backend 结束这个会话，锁随之放开，数据不会丢",
        )


def _catalog_file(settings: Settings, *, mend: bool) -> Iterator[Finding]:
    path = settings.catalog_file
    if path is None:
        return
    wrong = sqlite_file.what_is_wrong(path) if path.exists() else "文件不见了"
    if wrong is None:
        return
    backup = backup_path(settings)
    if backup is None or not backup.exists() or sqlite_file.what_is_wrong(backup) is not None:
        yield Finding(
            "error",
            f"编目 {path} 已损坏（{wrong}），旁边也没有完好的备份",
            f"用自己的备份恢复它，或把 {settings.data_path} 移走，再用 chengshu ingest 重新读取来源",
        )
        return
    if not mend:
        yield Finding(
            "error",
            f"编目 {path} 已损坏（{wrong}）",
            f"运行 chengshu doctor --mend，放回 {backup.name}；备份之后的内容，下次 ingest 会重新读取",
        )
        return
    forget(settings)
    damaged = path.exists()
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        if leftover.exists():
            leftover.replace(leftover.with_name(leftover.name + ".damaged"))
    shutil.copy2(backup, path)
    with writing(
        settings, "修复"
    ) as lake:  # commits are numbered anew from here, so nothing published may be built upon
        lake.execute("update lake.meta set value = ? where name = 'warehouse_id'", [secrets.token_hex(8)])
    yield Finding(
        "warning",
        f"编目损坏过（{wrong}），已放回备份" + (f"；损坏的文件留作 {path.name}.damaged" if damaged else ""),
        "再运行一次 chengshu ingest，备份里没有的会重新读取",
    )


def _data_files(settings: Settings, lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    named, missing = _named_and_missing(settings, lake)
    if missing:  # unless maintenance has merged and removed them meanwhile
        named, missing = _named_and_missing(settings, lake)
    if missing:
        yield Finding(
            "error",
            f"{len(named):,} 个数据文件中缺 {len(missing):,} 个，第一个是 {missing[0]}",
            "用备份恢复；没有备份，就把仓库移走，再用 chengshu ingest 重新读取来源",
        )
    else:
        yield Finding("ok", f"数据文件 {len(named):,} 个，都在")


def _named_and_missing(settings: Settings, lake: duckdb.DuckDBPyConnection) -> tuple[set[str], list[str]]:
    """The data files that the catalog names, and those of them that are not there."""
    named: set[str] = set()
    for (name,) in lake.execute(
        "select table_name from duckdb_tables() where database_name = 'lake' and schema_name = 'main'"
    ).fetchall():
        for row in lake.execute(f"select data_file, delete_file from ducklake_list_files('lake', '{name}')").fetchall():
            named.update(each for each in row if each)
    if settings.is_remote:
        there = {row[0] for row in lake.execute("from glob(?)", [f"{settings.data_path}**"]).fetchall()}
        return named, sorted(named - there)
    return named, sorted(each for each in named if not Path(each).exists())


def _runs(lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = lake.execute(
        "select run_id, started_at from lake.runs where ended_at is null order by started_at desc limit 5"
    ).fetchall()
    for run_id, started in rows:
        yield Finding(
            "warning",
            f"运行 {run_id}（{started:%Y-%m-%d %H:%M} 开始）没有结束",
            "若已不在运行，再运行一次，会从断处接着做",
        )
    refused = lake.execute("select count(*) from lake.rejects").fetchone()
    if refused and refused[0]:
        yield Finding("ok", f"拒收 {refused[0]:,} 条", '原因见 chengshu sql "from rejects"')


def _published(settings: Settings, lake: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    manifest = current_manifest(settings)
    if manifest is None or not settings.database.exists():
        yield Finding("warning", "还没有发布的数据", "运行 chengshu publish")
        return
    try:
        with connect(settings) as connection:
            row = connection.execute("select number from publish_info").fetchone()
            connection.execute("select count(*) from documents").fetchone()
    except (WarehouseError, duckdb.Error) as error:
        yield Finding(
            "error",
            f"{settings.database.name} 读不出：{str(error).splitlines()[0]}",
            f"删掉 {settings.database}，再运行 chengshu publish，会重新生成",
        )
        return
    if row and row[0] != manifest["number"]:
        yield Finding("warning", "数据库和 Parquet 目录不是同一次发布", "运行 chengshu publish")
    newer = lake.execute(
        "select coalesce(sum(documents), 0) from lake.shards where shard_id > ?", [manifest["last_shard"]]
    ).fetchone()
    if newer and newer[0]:
        yield Finding("warning", f"有 {newer[0]:,} 篇还没有发布", "运行 chengshu publish")
    else:
        yield Finding("ok", f"发布是最新的：第 {manifest['number']} 次，{manifest['published_at']}")
    bad = {name: count for name, count in manifest["checks"].items() if count}
    if bad:
        named = {check.name: check.zh for check in checks()}
        listed = "、".join(f"{named.get(name, name)} {count:,} 行（{name}）" for name, count in sorted(bad.items()))
        yield Finding("warning", f"数据检查有发现：{listed}", '见 chengshu sql "from data_quality where bad_rows > 0"')
