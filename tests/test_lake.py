"""The lake: exactly once, whole or not at all, one story one id. Real processes and real kills: tests/soak."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from warehouse_rows import document, shard, signature

from warehouse import lake
from warehouse.catalog import WarehouseError, forget, lock_path, open_lake, writing
from warehouse.lake import Shard, ShardCounts, begin_run, end_run, known_documents, known_files, read_raw, write_shard
from warehouse.locks import LockTimeoutError, file_lock, holder_of
from warehouse.maintain import maintain
from warehouse.settings import Settings
from warehouse.tables import to_arrow


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(home=tmp_path / "home", lock_wait_seconds=60)
    yield made
    forget(made)


def count(settings: Settings, table: str, where: str = "true") -> int:
    cursor = open_lake(settings)
    try:
        return int(cursor.execute(f"select count(*) from lake.{table} where {where}").fetchall()[0][0])
    finally:
        cursor.close()


def ask(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    cursor = open_lake(settings)
    try:
        return cursor.execute(sql).fetchall()
    finally:
        cursor.close()


def test_a_shard_is_written_once(settings: Settings) -> None:
    run = begin_run(settings, "1")
    first = write_shard(settings, run, shard(range(10)))
    assert first == ShardCounts(raw=10, documents=10, metrics=20, files=10)
    again = write_shard(settings, run, shard(range(5, 12)))
    assert again == ShardCounts(raw=2, documents=2, metrics=4, skipped=5, files=7)
    assert (count(settings, "documents"), count(settings, "metrics"), count(settings, "raw")) == (12, 24, 12)
    end_run(settings, run, seen=12, new=12, documents=12, metrics=24)
    ((status, seconds, seen),) = ask(settings, "select run_status, seconds, seen from lake.runs")
    assert status == "done"
    assert isinstance(seconds, float)
    assert seen == 12


def test_metrics_take_story_and_date_from_their_document(settings: Settings) -> None:
    write_shard(settings, begin_run(settings, "1"), shard(range(3)))
    rows = ask(
        settings,
        """select count(*) from lake.metrics m join lake.documents d using (document_id)
        where m.story_id = d.story_id and m.published_at = d.published_at and m.parser_version = d.parser_version""",
    )
    assert rows == [(6,)]


def test_a_content_found_twice_in_one_shard_is_one_document(settings: Settings) -> None:
    one, metrics = document(1)
    other = {**one, "source_uri": "/in/copy.txt"}
    given = Shard("1", documents=to_arrow("documents", [other, one]), metrics=to_arrow("metrics", [*metrics, *metrics]))
    assert write_shard(settings, begin_run(settings, "1"), given).documents == 1
    assert count(settings, "metrics") == 2


def test_a_newer_parser_replaces_documents_and_values_but_not_raw_and_story(settings: Settings) -> None:
    run = begin_run(settings, "1")
    write_shard(settings, run, shard(range(6)))
    stories = dict(ask(settings, "select document_id, story_id from lake.documents"))  # type: ignore[arg-type]
    counts = write_shard(settings, run, replace(shard(range(4), version="2", value=7.0), raw=shard(range(4)).raw))
    assert counts == ShardCounts(raw=0, documents=4, metrics=8, replaced=4, files=4)
    assert (count(settings, "documents"), count(settings, "metrics"), count(settings, "raw")) == (6, 12, 6)
    assert count(settings, "documents", "parser_version = '2'") == 4
    assert count(settings, "metrics", "value = 7e8") == 4
    assert dict(ask(settings, "select document_id, story_id from lake.documents")) == stories  # type: ignore[arg-type]
    assert count(settings, "replaced") == 4


def test_the_ledger_knows_files_and_documents(settings: Settings) -> None:
    run = begin_run(settings, "1")
    write_shard(settings, run, shard(range(3)))
    assert known_files(settings, "1") == {
        f"/in/{number}.txt": (len(document(number)[0]["body"]), number) for number in range(3)
    }
    assert known_files(settings, "2") == {}
    ids = [document(number)[0]["document_id"] for number in range(5)]
    assert known_documents(settings, "1", ids) == set(ids[:3])
    assert known_documents(settings, "2", ids) == set()
    assert known_documents(settings, "1", []) == set()


def test_a_changed_file_is_known_by_its_newest_entry(settings: Settings) -> None:
    run = begin_run(settings, "1")
    for size in (10, 20):
        row = {"source_uri": "/in/a", "size": size, "mtime_ns": size, "document_id": f"{size}"}
        write_shard(settings, run, Shard("1", files=to_arrow("files", [row])))
    assert known_files(settings, "1") == {"/in/a": (20, 20)}
    maintain(settings, retention_days=0)
    assert count(settings, "files") == 1
    assert known_files(settings, "1") == {"/in/a": (20, 20)}


def test_refusals_are_counted_not_repeated(settings: Settings) -> None:
    run = begin_run(settings, "1")
    bad = {"source_uri": "/in/x", "document_id": None, "stage": "decode", "reason_code": "empty", "reason": "空文件"}
    other = {**bad, "reason_code": "binary", "document_id": "abc"}
    for rows in ([bad], [bad, other], [bad]):
        write_shard(settings, run, Shard("1", rejects=to_arrow("rejects", rows)))
    found = ask(settings, "select reason_code, attempts, first_seen < last_seen from lake.rejects order by reason_code")
    assert found == [("binary", 1, False), ("empty", 3, True)]


def test_raw_bytes_come_back_for_a_reparse(settings: Settings) -> None:
    write_shard(settings, begin_run(settings, "1"), shard(range(5)))
    batches = list(read_raw(settings, batch=2))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    assert {raw for batch in batches for _, _, raw in batch} == {
        document(number)[0]["body"].encode() for number in range(5)
    }
    assert list(read_raw(settings, other_than="1")) == []
    write_shard(settings, begin_run(settings, "2"), replace(shard(range(2), version="2"), raw=shard(range(0)).raw))
    assert sum(len(batch) for batch in read_raw(settings, other_than="2")) == 3


def test_stories(settings: Settings) -> None:
    run = begin_run(settings, "1")
    page = [document(number)[0] for number in range(4)]
    page[1]["signature"] = signature(0, changed=10)  # a reprint: 54 of 64 values agree
    page[2]["signature"] = signature(0, changed=40)  # only 24 of 64: another article
    page[3]["signature"] = bytes(256)  # an empty text resembles nothing
    write_shard(settings, run, Shard("1", documents=to_arrow("documents", page[:1])))
    write_shard(settings, run, Shard("1", documents=to_arrow("documents", page[1:])))
    late, _ = document(9, signature=signature(0, changed=4))
    empty, _ = document(10, signature=bytes(256))
    write_shard(settings, run, Shard("1", documents=to_arrow("documents", [late, empty])))
    story = dict(ask(settings, "select document_id, story_id from lake.documents"))  # type: ignore[arg-type]
    first = page[0]["document_id"]
    assert [story[each["document_id"]] == first for each in page] == [True, True, False, False]
    assert story[late["document_id"]] == first
    assert story[page[2]["document_id"]] == page[2]["document_id"]
    assert story[empty["document_id"]] == empty["document_id"]


def test_stories_of_one_shard_do_not_depend_on_the_order_of_its_rows(tmp_path: Path) -> None:
    pages = [document(number, signature=signature(7, changed=number))[0] for number in range(6)]
    found = []
    for at, order in enumerate((pages, pages[::-1])):
        settings = Settings(home=tmp_path / str(at))
        write_shard(settings, begin_run(settings, "1"), Shard("1", documents=to_arrow("documents", order)))
        found.append(ask(settings, "select document_id, story_id from lake.documents order by all"))
        forget(settings)
    assert found[0] == found[1]
    assert len({story for _, story in found[0]}) == 1


def test_a_failed_write_leaves_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin_run(settings, "1")
    write_shard(settings, run, shard(range(2)))

    real = lake._insert

    def fail(cursor: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> int:
        if name == "files":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(cursor, name, rows)

    monkeypatch.setattr(lake, "_insert", fail)
    with pytest.raises(WarehouseError, match="磁盘满了"):
        write_shard(settings, run, shard(range(2, 4)))
    monkeypatch.undo()
    assert (count(settings, "documents"), count(settings, "metrics"), count(settings, "raw")) == (2, 4, 2)
    assert write_shard(settings, run, shard(range(4))).documents == 2


def test_contention_is_waited_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = begin_run(settings, "1")
    real, calls = lake._write, []

    def locked_twice(*given: object) -> ShardCounts:
        calls.append(1)
        if len(calls) < 3:
            raise duckdb.IOException("database is locked")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(lake, "_write", locked_twice)
    assert write_shard(settings, run, shard(range(3))).documents == 3
    assert len(calls) == 3


def test_the_lock_names_its_holder_and_is_given_up_at_last(settings: Settings) -> None:
    path = lock_path(settings)
    open_lake(settings).close()
    assert holder_of(path) is None
    with writing(settings, "test"):
        holder = holder_of(path)
        assert holder is not None
        assert (holder.pid, holder.purpose) == (os.getpid(), "test")
        with pytest.raises(LockTimeoutError, match=f"进程 {os.getpid()}"), file_lock(path, "other", 0.05):
            pass
    assert holder_of(path) is None


def test_a_warehouse_of_a_newer_version_is_refused(settings: Settings) -> None:
    with writing(settings, "test") as cursor:
        cursor.execute("update lake.meta set value = '999' where name = 'schema_version'")
    forget(settings)
    with pytest.raises(WarehouseError, match="更新的版本"):
        open_lake(settings)


def test_a_column_added_by_a_newer_dictionary_is_added_to_an_old_warehouse(settings: Settings) -> None:
    write_shard(settings, begin_run(settings, "1"), shard(range(2)))
    with writing(settings, "test") as cursor:
        cursor.execute("alter table lake.metrics drop column baseline")
    forget(settings)
    assert count(settings, "metrics", "baseline is null") == 4
    write_shard(settings, begin_run(settings, "1"), shard(range(2, 4)))
    assert count(settings, "metrics") == 8


def test_a_lost_catalog_is_not_replaced_by_an_empty_one(settings: Settings) -> None:
    write_shard(settings, begin_run(settings, "1"), shard(range(20)))
    forget(settings)
    for path in settings.home.glob("catalog.sqlite*"):
        path.unlink()
    with pytest.raises(WarehouseError, match="不见了，而数据还在"):
        open_lake(settings)


def test_a_warehouse_may_be_moved(settings: Settings, tmp_path: Path) -> None:
    write_shard(settings, begin_run(settings, "1"), shard(range(20)))
    forget(settings)
    settings.home.rename(tmp_path / "moved")
    moved = Settings(home=tmp_path / "moved")
    write_shard(moved, begin_run(moved, "1"), shard(range(10, 30)))
    assert count(moved, "metrics") == 60
    forget(moved)
    with pytest.raises(WarehouseError, match="CHENGSHU_DATA_PATH"):
        open_lake(replace(moved, data_path=f"{tmp_path}/elsewhere/"))


def test_maintenance_makes_many_small_files_few(settings: Settings) -> None:
    run = begin_run(settings, "1")
    for at in range(12):
        write_shard(settings, run, shard(range(at * 12, at * 12 + 12)))
    write_shard(settings, run, replace(shard(range(12), version="2"), raw=shard(range(0)).raw))
    before = whole_contents(settings)
    done = maintain(settings, retention_days=0)
    assert done.files_after < done.files_before
    assert done.files_after <= 12
    assert done.snapshots_expired > 10
    assert whole_contents(settings) == before
    assert write_shard(settings, run, shard(range(150, 160))).documents == 10


def whole_contents(settings: Settings) -> list[tuple[object, ...]]:
    return ask(settings, "select metric_id, value, parser_version, story_id, shard_id from lake.metrics order by all")
