"""What breaks under a warehouse: each time one clear message, nothing lost, and the next run heals."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from warehouse_rows import errors, shard, stored

from warehouse.catalog import forget
from warehouse.faults import FAULTS, WarehouseError, fault_of
from warehouse.lake import Shard, begin_run, known_files, write_shard
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.settings import Settings
from warehouse.tables import fill


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, of a few megabytes: a real one, so that the kernel itself says no."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m", "none", tmp_path], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("a small file system may only be mounted by root")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def remount(path: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", path], check=True)


def heavy(numbers: range) -> Shard:
    """Documents whose originals do not get smaller."""
    plain = shard(numbers)
    return replace(plain, raw=fill(plain.raw, bytes=[random.Random(at).randbytes(60_000) for at in numbers]))


def count(settings: Settings) -> tuple[int, int]:
    return stored(settings), len(known_files(settings, "1"))


def test_a_full_disk(small_disk: Path) -> None:
    settings = Settings(home=small_disk / "home", lock_wait_seconds=5)
    run = begin_run(settings, "1")
    written = 0
    full = None
    while full is None:
        try:
            written += write_shard(settings, run, heavy(range(written, written + 10))).documents
        except WarehouseError as error:
            full = error
    assert written
    assert re.match(r"磁盘(满了|读写出错)：.*已提交的都在", str(full))
    assert "只剩 0 MiB" in errors(settings)
    for work in (publish, maintain):
        with pytest.raises(WarehouseError, match=r"^磁盘(满了|读写出错)"):
            work(settings)
    remount(small_disk, "size=64m")
    assert count(settings) == (written, written)
    write_shard(settings, run, heavy(range(written + 10)))
    assert count(settings) == (written + 10, written + 10)
    assert publish(settings).counts["documents"] == written + 10
    maintain(settings, retention_days=0)
    forget(settings)


def test_a_folder_that_cannot_be_written(small_disk: Path) -> None:
    settings = Settings(home=small_disk / "home", lock_wait_seconds=5)
    write_shard(settings, begin_run(settings, "1"), shard(range(20)))
    forget(settings)
    remount(small_disk, "ro")
    for work in (lambda: begin_run(settings, "1"), lambda: publish(settings), lambda: maintain(settings)):
        with pytest.raises(WarehouseError, match="没有权限，或磁盘只读"):
            work()
    assert "当前用户不能写" in errors(settings)
    remount(small_disk, "rw")
    write_shard(settings, begin_run(settings, "1"), shard(range(30)))
    assert count(settings) == (30, 30)
    forget(settings)


@pytest.mark.parametrize(
    ("text", "said", "passes"),
    [
        ('Could not write file "x.parquet": No space left on device', "磁盘满了", False),
        ("database or disk is full", "磁盘满了", False),
        ("attempt to write a readonly database", "没有权限，或磁盘只读", False),
        (
            'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
            "数据库服务器连不上",
            True,
        ),
        ('connection to server at "db" failed: FATAL:  password authentication failed', "数据库服务器拒绝登录", False),
        ("HTTP GET error reading 's3://x' (HTTP 503 Slow Down)", "对象存储没有应答或出错", True),
        ("HTTP GET error reading 's3://x' (HTTP 403 Forbidden)", "对象存储拒绝访问", False),
        ("database disk image is malformed", "编目已损坏", False),
        ('Cannot open file "a.parquet": No such file or directory', "缺数据文件", False),
        ("Transaction conflict - attempting to insert", "与别的写入相撞", True),
    ],
)
def test_kinds(text: str, said: str, passes: bool) -> None:
    fault = fault_of(OSError(text))
    assert fault is not None
    assert (fault.said, fault.passes) == (said, passes)


def test_every_fault_says_what_to_do() -> None:
    assert all(fault.said and fault.remedy and fault.signs for fault in FAULTS)
    assert all(sign == sign.lower() for fault in FAULTS for sign in fault.signs)
    assert fault_of(OSError("nothing known")) is None
    assert fault_of(ValueError("disk is full")) is None
