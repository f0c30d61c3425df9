"""The doctor: every ill that can be made here is named in words, with what to do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from warehouse_rows import shard

from warehouse.catalog import WarehouseError, forget, open_lake, writing
from warehouse.doctor import Finding, examine
from warehouse.lake import begin_run, end_run, write_shard
from warehouse.publish import publish
from warehouse.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(home=tmp_path / "home", lock_wait_seconds=5)
    yield made
    forget(made)


def fill(settings: Settings, numbers: range = range(20)) -> None:
    run = begin_run(settings, "1")
    write_shard(settings, run, shard(numbers))
    end_run(settings, run)


def told(settings: Settings, level: str, *, mend: bool = False) -> str:
    return "\n".join(f"{each.what} -> {each.remedy}" for each in examine(settings, mend=mend) if each.level == level)


def test_no_warehouse_yet_is_no_error(settings: Settings) -> None:
    assert [each.level for each in examine(settings)] == ["ok"]
    settings.home.mkdir()
    assert "还没有仓库" in told(settings, "ok")
    assert "编目" not in told(settings, "ok")
    assert not list(settings.home.iterdir())


def test_a_sound_one_has_no_complaints(settings: Settings) -> None:
    fill(settings)
    publish(settings)
    found = examine(settings)
    assert all(isinstance(each, Finding) for each in found)
    assert {each.level for each in found} <= {"ok", "warning"}
    assert "发布是最新的" in told(settings, "ok")


def test_what_is_not_published_is_said(settings: Settings) -> None:
    fill(settings)
    assert "还没有发布的数据" in told(settings, "warning")
    publish(settings)
    fill(settings, range(20, 30))
    assert "有 10 篇还没有发布" in told(settings, "warning")


def test_the_holder_of_the_lock_is_named(settings: Settings) -> None:
    fill(settings)
    with writing(settings, "a long import"):
        assert f"进程 {os.getpid()}（" in told(settings, "warning")
        assert "a long import" in told(settings, "warning")


def test_a_run_that_was_cut_off_is_named(settings: Settings) -> None:
    run = begin_run(settings, "1")
    assert run in told(settings, "warning")


def test_missing_data_files_are_counted(settings: Settings) -> None:
    fill(settings)
    next((settings.home / "lake").rglob("main/metrics/*.parquet")).unlink()
    assert "个数据文件中缺 1 个" in told(settings, "error")


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "是文件，不是目录" in told(Settings(home=tmp_path / "file"), "error")


def test_a_database_that_cannot_be_read(settings: Settings) -> None:
    fill(settings)
    done = publish(settings)
    (done.path / settings.database.name).write_bytes(b"no database at all" * 500)
    assert "读不出" in told(settings, "error")


@pytest.mark.parametrize("harm", ["gone", "truncated", "garbage"])
def test_a_harmed_catalog_is_named_and_put_back(settings: Settings, harm: str) -> None:
    fill(settings)
    publish(settings)
    fill(settings, range(20, 30))  # what the backup does not know
    forget(settings)
    catalog = settings.catalog_file
    assert catalog is not None
    size = catalog.stat().st_size
    for leftover in settings.home.glob("catalog.sqlite-*"):
        leftover.unlink()
    if harm == "gone":
        catalog.unlink()
    elif harm == "truncated":
        with catalog.open("r+b") as file:
            file.truncate(size // 3)
    else:
        catalog.write_bytes(b"garbage " * 900)
    with pytest.raises(WarehouseError, match="编目"):
        open_lake(settings)
    assert "doctor --mend" in told(settings, "error")
    assert "已放回备份" in told(settings, "warning", mend=True)
    fill(settings, range(30))  # the next run reads once more what the backup did not know
    cursor = open_lake(settings)
    assert cursor.execute("select count(*), count(distinct document_id) from lake.documents").fetchall() == [(30, 30)]
    cursor.close()
    assert publish(settings).counts["documents"] == 30


def test_without_a_backup_the_way_out_is_said(settings: Settings) -> None:
    fill(settings)
    forget(settings)
    for path in settings.home.glob("catalog.sqlite*"):
        path.unlink()
    assert "重新读取来源" in told(settings, "error", mend=True)


def test_a_full_disk_leaves_the_warehouse_whole(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(settings)
    usage = shutil.disk_usage(settings.home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10 * 1024**2))
    assert "只剩 10 MiB" in told(settings, "error")
