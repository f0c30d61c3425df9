"""Work on the catalog's SQLite file in a process of its own.

DuckDB brings its own SQLite. Two copies of SQLite in one process do not see each other's locks (the kernel keeps them by
process), and closing one drops those of the other: so Python's ``sqlite3`` never opens the catalog where DuckDB may have it
open. This file is run as a script by the functions in it, and imports nothing else of the warehouse.
"""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

__all__ = ["backup", "create", "vacuum", "what_is_wrong"]

WAIT_SECONDS = 30.0


def create(path: Path) -> None:
    """Make an empty file that keeps a write-ahead log, so that readers of the catalog never meet a writer's lock."""
    _ask("create", path)


def vacuum(path: Path) -> bool:
    """Give back free pages; False when somebody was reading just then."""
    return _ask("vacuum", path) == ""


def backup(path: Path, target: Path) -> None:
    """Copy a file as it is at one moment, while others go on writing."""
    wrong = _ask("backup", path, target)
    if wrong:
        raise OSError(f"编目 {path} 复制不成：{wrong}")


def what_is_wrong(path: Path) -> str | None:
    """What is wrong with a catalog file, in SQLite's words; None when it is whole."""
    return _ask("check", path) or None


def _ask(task: str, *paths: Path) -> str:
    done = subprocess.run(  # noqa: S603 - this very file, with paths as arguments
        [sys.executable, "-I", "-S", str(Path(__file__).resolve()), task, *map(str, paths)],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=20 * WAIT_SECONDS,
        check=False,
    )
    return done.stdout.strip() or (done.stderr.strip() if done.returncode else "")


def _check(path: str) -> str:
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as database:
        row = database.execute("pragma quick_check(1)").fetchone()
        tables = database.execute("select count(*) from sqlite_master where name like 'ducklake%'").fetchone()
    if row is None or row[0] != "ok":
        return str(row[0]).splitlines()[-1] if row else "unreadable"
    return "" if tables[0] else "it holds no catalog"


def _do(task: str, path: str, target: str = "") -> str:
    if task == "check":
        return _check(path)
    with contextlib.closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as database:
        if task == "create":
            database.execute("pragma journal_mode = wal")
        elif task == "vacuum":
            database.execute("vacuum")
            database.execute("pragma wal_checkpoint(truncate)")
        elif task == "backup":
            with contextlib.closing(sqlite3.connect(target)) as copy:
                database.backup(copy)
                copy.execute("pragma journal_mode = delete")
    return ""


if __name__ == "__main__":
    try:
        print(_do(*sys.argv[1:]))
    except sqlite3.Error as problem:
        print(problem)
