"""One writer at a time: a file lock on one machine, an advisory lock in PostgreSQL when many machines share a catalog.

The kernel releases both when their holder dies, so no stale lock ever has to be broken. The file names the holder in words,
for the doctor to read; it is information, the lock itself is the kernel's.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from warehouse.faults import told
from warehouse.tables import now

__all__ = ["Holder", "LockTimeoutError", "advisory_holder", "advisory_lock", "file_lock", "holder_of"]

POLL_SECONDS = 0.02


class LockTimeoutError(RuntimeError):
    """Somebody else kept the lock longer than we were willing to wait."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process, machine, since when, and for what."""

    pid: int
    host: str
    since: str
    purpose: str

    def __str__(self) -> str:
        return f"进程 {self.pid or '?'}（{self.purpose}；机器 {self.host}，{self.since} 起）"


def _read_holder(path: Path) -> Holder | None:
    try:
        with path.open(encoding="utf-8") as file:
            return Holder(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None  # nobody has written it yet, or is writing it just now


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock at ``path`` at this moment; None when it is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _read_holder(path) or Holder(0, "?", "?", "?")
    else:
        return None
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def file_lock(path: Path, purpose: str, wait_seconds: float) -> Iterator[None]:
    """Hold the lock at ``path`` for the length of the block, waiting for others at most ``wait_seconds``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise told(error) from error
    try:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if error.errno not in (errno.EAGAIN, errno.EACCES):
                    raise
                if time.monotonic() >= deadline:
                    raise LockTimeoutError(
                        f"仓库正由{_read_holder(path) or '另一个进程'}占用，等了 {wait_seconds:g} 秒（{path}）"
                    ) from None
                time.sleep(POLL_SECONDS)
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": now().isoformat(sep=" ", timespec="seconds"),
            "purpose": purpose,
        }
        with contextlib.suppress(OSError):  # a full disk takes the name of the holder away, not the lock
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(holder).encode("utf-8"), 0)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _advisory_key(purpose: str) -> int:
    return zlib.crc32(f"chengshu:{purpose}".encode())


def advisory_holder(connection: duckdb.DuckDBPyConnection, database: str, purpose: str) -> str | None:
    """Who holds PostgreSQL's advisory lock for ``purpose``, asked of the attached ``database``; None when it is free."""
    query = f"""
        select a.pid, coalesce(host(a.client_addr), ''), to_char(a.xact_start at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')
        from pg_locks as l join pg_stat_activity as a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = {_advisory_key(purpose)}
    """
    row = connection.execute("select * from postgres_query(?, ?)", [database, query]).fetchone()
    return f"数据库会话 {row[0]}（{'机器 ' + row[1] if row[1] else '本机'}，{row[2]} 起）" if row else None


@contextlib.contextmanager
def advisory_lock(connection: duckdb.DuckDBPyConnection, dsn: str, purpose: str, wait_seconds: float) -> Iterator[None]:
    """Hold PostgreSQL's advisory lock for ``purpose`` on a connection of its own for the length of the block.

    A separate attachment keeps the lock's session apart from the catalog's, so that a rolled-back write does not drop it.
    """
    key = _advisory_key(purpose)
    name = f"lock_{key}_{time.monotonic_ns()}"
    cursor = connection.cursor()
    cursor.execute(f"ATTACH '{dsn.replace(chr(39), chr(39) * 2)}' AS {name} (TYPE postgres)")
    try:
        cursor.execute("begin")
        deadline = time.monotonic() + wait_seconds
        while True:
            row = cursor.execute(
                f"select * from postgres_query('{name}', 'select pg_try_advisory_xact_lock({key})')"
            ).fetchone()
            if row and row[0]:
                break
            if time.monotonic() >= deadline:
                holder = advisory_holder(cursor, name, purpose) or "另一台机器"
                raise LockTimeoutError(f"仓库正由{holder}写入，等了 {wait_seconds:g} 秒")
            time.sleep(POLL_SECONDS * 5)
        yield
    finally:
        with contextlib.suppress(duckdb.Error):
            cursor.execute("rollback")
        with contextlib.suppress(duckdb.Error):
            cursor.execute(f"DETACH {name}")
        cursor.close()
