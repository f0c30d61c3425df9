"""Publishing: what is there is current and whole at every moment, costs what changed, and lives as long as its readers."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from warehouse_rows import document, shard

from warehouse import parts, views
from warehouse.catalog import WarehouseError, forget, new_connection
from warehouse.doctor import examine
from warehouse.lake import Shard, begin_run, write_shard
from warehouse.locks import holder_of
from warehouse.maintain import maintain
from warehouse.parts import Part
from warehouse.publish import Published, publish
from warehouse.quality import run_checks
from warehouse.query import connect
from warehouse.settings import Settings
from warehouse.tables import table, to_arrow

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    made = Settings(home=tmp_path / "home", lock_wait_seconds=60)
    yield made
    forget(made)


def put(settings: Settings, numbers: range, version: str = "1", **changes: object) -> None:
    given = shard(numbers, version, **changes)
    if version != "1":
        given = replace(given, raw=shard(range(0)).raw)
    write_shard(settings, begin_run(settings, version), given)


def published(settings: Settings, name: str) -> list[tuple[object, ...]]:
    folder = settings.publish_path / "current" / name
    return duckdb.connect().execute(f"from read_parquet('{folder}/*.parquet') order by all").fetchall()


def test_an_empty_warehouse_can_be_published_and_asked(settings: Settings) -> None:
    done = publish(settings)
    assert (done.changed, done.counts["documents"], done.counts["metrics"]) == (True, 0, 0)
    with connect(settings) as connection:
        assert connection.execute("select count(*) from city_facts").fetchall() == [(0,)]
        assert "没有" in str(connection.execute("select note from trend('gdp')").fetchall())


def test_nothing_published_yet_is_said(settings: Settings) -> None:
    with pytest.raises(WarehouseError, match="还没有发布的数据"):
        connect(settings)


def test_published_parquet_has_the_contract_columns_and_all_rows(settings: Settings) -> None:
    put(settings, range(8))
    done = publish(settings)
    assert done.counts["documents"] == 8
    assert done.counts["metrics"] == 16
    for name in ("documents", "metrics", "rejects", "runs", "indicators", "places", "data_quality"):
        files = sorted((settings.publish_path / "current" / name).iterdir())
        assert files
        assert all(pq.read_schema(path).names == list(table(name).columns) for path in files)
    assert all(row[2] for row in published(settings, "metrics"))  # story_id
    assert {name: bad for name, bad in done.checks.items() if bad and name.startswith(("off", "evid", "orphan"))} == {}


def test_nothing_new_is_recognised(settings: Settings) -> None:
    put(settings, range(4))
    first = publish(settings)
    again = publish(settings)
    assert (again.changed, again.number, again.counts) == (False, first.number, first.counts)
    put(settings, range(4))  # the same documents once more
    assert not publish(settings).changed
    settings.database.unlink()
    assert publish(settings).changed


def test_new_knowledge_is_news(settings: Settings, tmp_path: Path) -> None:
    put(settings, range(4))
    publish(settings)
    other = replace(settings, knowledge=tmp_path)
    (tmp_path / "indicators.csv").write_text(
        "indicator_id,name_zh,name_en,default_scope\ngdp,总产值,Output,city\n", encoding="utf-8"
    )
    assert publish(other).changed
    with connect(other) as connection:
        assert connection.execute("select distinct indicator from city_facts").fetchall() == [("总产值",)]
    forget(other)


def test_new_rows_become_a_part_and_old_parts_are_linked(settings: Settings) -> None:
    put(settings, range(40))
    first = publish(settings)
    old = next((first.path / "metrics").iterdir())
    put(settings, range(40, 44))
    second = publish(settings)
    assert second.counts["documents"] == 44
    assert (second.path / "metrics" / old.name).stat().st_ino == old.stat().st_ino
    assert len(list((second.path / "metrics").iterdir())) == 2
    assert len(published(settings, "metrics")) == 88


def test_a_part_with_replaced_documents_is_written_anew(settings: Settings) -> None:
    put(settings, range(40))
    publish(settings)
    put(settings, range(40, 44))
    publish(settings)
    put(settings, range(3), version="2", value=9.0)
    done = publish(settings)
    assert done.counts["documents"] == 44
    rows = published(settings, "documents")
    assert len({row[0] for row in rows}) == len(rows) == 44
    assert sum(row[16 + 4] == "2" for row in rows) == 3
    assert len([row for row in published(settings, "metrics") if row[13] == 9e8]) == 3


def test_many_publishes_keep_few_parts(settings: Settings) -> None:
    run = begin_run(settings, "1")
    for at in range(5):
        write_shard(settings, run, shard(range(at * 4, at * 4 + 4)))
        done = publish(settings)
    assert done.counts["documents"] == 20
    assert len(list((done.path / "documents").iterdir())) <= 2


def test_plan_cuts_a_first_load_and_leaves_large_parts_alone() -> None:
    kept, ranges = parts.plan([], set(), [(1, 60), (2, 60), (3, 0), (4, 30)], limit=100)
    assert (kept, ranges) == ([], [(1, 1), (2, 4)])
    large = Part(1, 9, documents=90)
    assert parts.plan([large], set(), [(10, 60)], limit=100) == ([large], [(10, 10)])
    assert parts.plan([large], {1}, [], limit=100) == ([], [(1, 9)])
    assert parts.plan([large], set(), []) == ([large], [])


def test_publish_goes_on_after_maintenance(settings: Settings) -> None:
    put(settings, range(20))
    put(settings, range(20, 30))
    publish(settings)
    before = published(settings, "metrics")
    maintain(settings, retention_days=0)
    assert not publish(settings).changed
    assert published(settings, "metrics") == before
    put(settings, range(5), version="2")
    maintain(settings, retention_days=0)
    done = publish(settings)
    assert done.changed
    assert done.counts["documents"] == 30
    assert sum(row[20] == "2" for row in published(settings, "documents")) == 5


def test_an_open_reader_keeps_its_publish_and_a_new_one_sees_the_new(settings: Settings) -> None:
    put(settings, range(4))
    publish(settings)
    with connect(settings) as old:
        put(settings, range(4, 8))
        publish(settings)
        assert old.execute("select count(*) from documents").fetchall() == [(4,)]
        with connect(settings) as new:
            assert new.execute("select count(*) from documents").fetchall() == [(8,)]


def test_old_publishes_go_after_their_grace_time(settings: Settings) -> None:
    brief = replace(settings, publish_grace_hours=0.0)
    for at in range(2):
        put(brief, range(at * 4, at * 4 + 4))
        publish(brief)
    assert [each.name for each in settings.publish_path.iterdir() if each.name.isdigit()] == ["2"]
    put(settings, range(8, 12))
    publish(settings)
    assert sorted(each.name for each in settings.publish_path.iterdir() if each.name.isdigit()) == ["2", "3"]
    forget(brief)


def test_views_work_from_any_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(settings, range(4))
    publish(settings)
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert connection.execute("select count(*) from city_facts").fetchall() == [(8,)]
        said = connection.execute("select comment from duckdb_columns() where table_name = 'city_facts'").fetchall()
        assert all(text and " | " in text for (text,) in said)


def test_checks_can_be_run_again(settings: Settings) -> None:
    put(settings, range(4))
    done = publish(settings)
    assert {found.check.name: found.bad_rows for found in run_checks(settings)} == done.checks
    one, metrics = document(50)
    metrics[0]["evidence"] = "没有数字的一句。"
    bad = Shard("1", documents=to_arrow("documents", [one]), metrics=to_arrow("metrics", metrics))
    write_shard(settings, begin_run(settings, "1"), bad)
    assert publish(settings).checks["evidence_without_value"] == 1
    with connect(settings) as connection:
        ((example,),) = connection.execute(
            "select example from data_quality where check_name = 'evidence_without_value'"
        ).fetchall()
    assert json.loads(example)[0]["metric_id"] == metrics[0]["metric_id"]


PUBLISHER = """
import sys
from pathlib import Path
from warehouse_rows import shard
from warehouse.lake import begin_run, write_shard
from warehouse.maintain import maintain
from warehouse.publish import Published, publish
from warehouse.settings import Settings
settings = Settings(home=Path(sys.argv[1]), lock_wait_seconds=60)
run = begin_run(settings, "1")
print("ready", flush=True)
for at in range(int(sys.argv[2]), int(sys.argv[2]) + 100, 10):
    write_shard(settings, run, shard(range(at, at + 10)))
    publish(settings)
    if at % 30 == 20:
        maintain(settings, retention_days=1)
"""

READER = """
import sys, time
from pathlib import Path
from warehouse.query import connect
from warehouse.settings import Settings
settings = Settings(home=Path(sys.argv[1]))
print("ready", flush=True)
reads = 0
while not Path(sys.argv[2]).exists():
    with connect(settings) as connection:
        ((documents, metrics, orphans, number),) = connection.execute('''
            select (select count(*) from documents), (select count(*) from metrics),
                (select count(*) from metrics anti join documents using (document_id)), (select number from publish_info)
        ''').fetchall()
    assert metrics == 2 * documents and orphans == 0 and documents % 10 == 0, (documents, metrics, orphans, number)
    reads += 1
    time.sleep(0.1)
print(reads, flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_publishers_leave_every_publish_readable(settings: Settings, tmp_path: Path) -> None:
    put(settings, range(10))
    publish(settings)
    stop = tmp_path / "stop"
    reader = start(READER, settings.home, stop)
    draw = random.Random(3)
    for attempt in range(4):
        process = start(PUBLISHER, settings.home, attempt * 100)
        with contextlib.closing(process.stdout):  # type: ignore[type-var]
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(draw.uniform(0.1, 1.2))
            process.send_signal(signal.SIGKILL)
            process.wait()
        counts = published(settings, "documents"), published(settings, "metrics")
        assert len(counts[1]) == 2 * len(counts[0])
    stop.touch()
    out, _ = reader.communicate(timeout=60)
    assert reader.returncode == 0
    assert int(out.split()[1]) > 3
    assert holder_of(settings.publish_path / "publish.lock") is None
    put(settings, range(500, 510))
    done = publish(settings)
    assert done.counts["metrics"] == 2 * done.counts["documents"]
    assert not list(settings.publish_path.glob(".building*"))
    assert not [each for each in examine(settings) if each.level == "error"]


def facts(settings: Settings) -> list[tuple[object, ...]]:
    """What is chosen in the publish: as its files say, as its views say, and as the same SQL chooses from its rows now."""
    with connect(settings) as connection:
        held = {name: connection.execute(f"from {name} order by all").fetchall() for name in views.CHOSEN}
    with new_connection() as connection:
        views.create_base_views(connection, (settings.publish_path / "current").resolve())
        views.create_marts(connection)
        for name in views.CHOSEN:
            assert published(settings, name) == held[name]
            assert connection.execute(f"from {name} order by all").fetchall() == held[name]
    return held["city_facts"]


def leaves(done: Published) -> dict[str, int]:
    """The files of facts and their identity on the disk."""
    return {path.name: path.stat().st_ino for path in (done.path / "city_facts").iterdir()}


@pytest.fixture
def small_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.facts.LEAST_ROWS", 4)
    monkeypatch.setattr("warehouse.facts.BYTES_PER_VALUE", 50_000_000)  # some ten values at once


@pytest.mark.usefixtures("small_leaves")
def test_facts_are_chosen_anew_only_where_something_was_said(settings: Settings) -> None:
    put(settings, range(12))  # each of another city or year
    before = leaves(publish(settings))
    assert len(before) > 4
    facts(settings)
    put(settings, range(14, 15))  # one city and one year
    after = leaves(publish(settings))
    facts(settings)
    assert after.keys() == before.keys()
    assert len([name for name, inode in before.items() if after[name] != inode]) == 1
    put(settings, range(15, 60))
    publish(settings)
    facts(settings)


@pytest.mark.usefixtures("small_leaves")
def test_a_leaf_that_grows_is_split_and_its_checks_stay_with_its_rows(settings: Settings) -> None:
    put(settings, range(4), value=1e-6)  # far below what is plausible
    first = publish(settings)
    assert len(leaves(first)) <= 2
    assert first.checks["implausible_values"] == 4
    put(settings, range(4, 12))  # other cities and years
    second = publish(settings)
    assert len(leaves(second)) > 3
    assert second.checks["implausible_values"] == 4
    assert {found.check.name: found.bad_rows for found in run_checks(settings)} == second.checks
    facts(settings)


@pytest.mark.usefixtures("small_leaves")
def test_conflicts_come_and_go_with_what_is_said(settings: Settings) -> None:
    put(settings, range(12))  # each of another city or year
    publish(settings)
    one, metrics = document(3, value=77.0)
    other = {**one, "document_id": "f" * 64, "signature": None}
    said = [{**each, "document_id": "f" * 64, "metric_id": f"other-{each['kind']}"} for each in metrics]
    given = Shard("1", documents=to_arrow("documents", [other]), metrics=to_arrow("metrics", said))
    before = len(published(settings, "conflicts"))
    write_shard(settings, begin_run(settings, "1"), given)
    publish(settings)
    facts(settings)
    assert len(published(settings, "conflicts")) == before + 2  # level and growth
    given = Shard("2", documents=to_arrow("documents", [other]), metrics=to_arrow("metrics", []))
    write_shard(settings, begin_run(settings, "2"), given)
    publish(settings)
    facts(settings)
    assert len(published(settings, "conflicts")) == before


def test_a_fact_that_a_newer_parser_takes_back_is_gone(settings: Settings) -> None:
    put(settings, range(8))
    publish(settings)
    before = facts(settings)
    one, metrics = document(3)
    metrics[0]["indicator_id"] = "exports"
    given = Shard("2", documents=to_arrow("documents", [one]), metrics=to_arrow("metrics", metrics[:1]))
    write_shard(settings, begin_run(settings, "2"), given)
    publish(settings)
    after = facts(settings)
    assert {row[5] for row in after} == {"gdp", "exports"}
    assert len(after) == len(before) - 1


def test_facts_are_taken_over_when_only_a_refusal_came(settings: Settings) -> None:
    put(settings, range(8))
    first = publish(settings)
    bad = {"source_uri": "/in/x", "stage": "decode", "reason_code": "empty", "reason": "空文件"}
    write_shard(settings, begin_run(settings, "1"), Shard("1", rejects=to_arrow("rejects", [bad])))
    second = publish(settings)
    assert second.changed
    assert leaves(second) == leaves(first)
    facts(settings)
