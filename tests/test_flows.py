"""Runs: everything once, nothing twice, whatever dies on the way; the same through Prefect."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import executors, work
from flows.executors import Processes, make_executor
from flows.load import IngestResult, ingest, outdated, reparse
from flows.work import Item, empty_batch, join, parse_chunk
from parsers import PARSER_VERSION
from tests.conftest import page
from warehouse.catalog import open_lake
from warehouse.lake import ShardCounts
from warehouse.settings import Settings

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def own_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser's own version, whatever a long run before has set: workers know no other."""
    for module in ("flows.load", "flows.work", "flows.pieces"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", PARSER_VERSION)


def rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    lake = open_lake(settings)
    try:
        return lake.execute(query).fetchall()
    finally:
        lake.close()


def counts(settings: Settings) -> tuple[int, int, int]:
    (found,) = rows(
        settings,
        "select count(*), count(distinct document_id), (select count(*) from lake.metrics) from lake.documents",
    )
    return found


def load(settings: Settings, *sources: Path | str, **more: Any) -> IngestResult:
    return ingest(settings, sources, executor="inline", **more)


def test_a_second_run_does_nothing_twice(settings: Settings, write: Write, inbox: Path) -> None:
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        write(name)
    first = load(settings, inbox)
    assert (first.seen, first.new, first.documents, first.rejects) == (3, 3, 3, 0)
    assert first.metrics > 0
    before = counts(settings)
    second = load(settings, inbox)
    assert second.run_id is None
    assert (second.seen, second.known, second.new) == (3, 3, 0)
    assert counts(settings) == before
    assert len(rows(settings, "from lake.runs")) == 1


def test_known_files_are_not_opened(
    settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt")
    load(settings, inbox)
    monkeypatch.setattr(work, "_read", lambda _item: pytest.fail("a known file was opened"))
    assert load(settings, inbox).new == 0


def test_the_same_content_is_one_document(settings: Settings, write: Write, inbox: Path) -> None:
    write("a.txt", page(1))
    write("b.txt", page(1))
    result = load(settings, inbox)
    assert counts(settings)[:2] == (1, 1)
    assert result.new == 2
    assert load(settings, inbox).run_id is None


def test_a_moved_file_is_known_by_its_content(
    settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.txt")
    load(settings, inbox)
    path.rename(inbox / "renamed.txt")
    monkeypatch.setattr(work, "_read", lambda _item: pytest.fail("a moved file was parsed again"))
    load(settings, inbox)
    assert counts(settings)[:2] == (1, 1)
    assert load(settings, inbox).run_id is None


def test_bad_input_is_refused_with_a_row_each_and_the_rest_is_read(
    settings: Settings, write: Write, inbox: Path
) -> None:
    write("good.txt")
    write("empty.txt", b"")
    write("binary.bin", bytes(range(256)) * 40)
    (inbox / "folder.html").mkdir()
    sources = [inbox, inbox / "folder.html", inbox / "missing.txt"]
    result = load(settings, *sources)
    assert result.documents == 1
    found = dict(rows(settings, "select reason_code, source_uri from lake.rejects"))
    assert set(found) == {"empty", "binary", "is_directory", "missing"}
    again = load(settings, *sources)
    assert again.rejects == 2  # what is no file has no mark in the ledger and is reported again
    assert rows(settings, "select attempts from lake.rejects where reason_code = 'missing'") == [(2,)]


def test_permission_errors_are_rejects(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    batch = parse_chunk([Item("/a.txt", "a.txt", 1, 0, path="/a.txt")])
    assert batch.rejects["reason_code"].to_pylist() == ["unreadable"]
    assert batch.files.num_rows == 0


def test_a_file_that_is_being_written_waits_for_the_next_run(settings: Settings, write: Write, inbox: Path) -> None:
    path = write("a.txt")
    status = path.stat()
    item = Item(str(path), "a.txt", status.st_size - 5, status.st_mtime_ns, path=str(path))
    assert parse_chunk([item]).rejects["reason_code"].to_pylist() == ["changing"]
    assert load(settings, inbox, settle_seconds=3600).run_id is None
    assert load(settings, inbox).documents == 1


def test_archives_are_known_when_all_of_them_is_written(settings: Settings, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "a.zip", "w") as archive:
        for number in range(5):
            archive.writestr(f"{number}.txt", page(number))
    lines = [
        {"url": f"http://www.example.com/{n}.html", "text": page(n), "fetched_at": "2024-03-01T00:00:00Z"}
        for n in (7, 8)
    ]
    (inbox / "b.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    result = load(settings, inbox)
    assert (result.documents, result.rejects) == (7, 0)
    assert rows(settings, "select source_uri from lake.documents where source_uri like '%a.zip!/3.txt'")
    assert rows(settings, "select count(*) from lake.raw where received_at = timestamp '2024-03-01 08:00:00'") == [(2,)]
    assert load(settings, inbox).run_id is None


def test_many_small_shards_make_the_same_warehouse(
    settings: Settings, write: Write, inbox: Path, tmp_path: Path
) -> None:
    for number in range(12):
        write(f"{number}.txt")
    other = Settings(home=tmp_path / "other")
    one = load(settings, inbox)
    many = load(other, inbox, shard_bytes=1)
    assert (one.shards, many.documents) == (1, 12)
    same = "select document_id, title, body, city_code, published_at from lake.documents order by all"
    assert rows(settings, same) == rows(other, same)
    same = "select * exclude (story_id, shard_id) from lake.metrics order by metric_id"
    assert rows(settings, same) == rows(other, same)


def test_a_run_that_dies_goes_on_where_it_stopped(
    settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.load.CHUNK_FILES", 2)
    for number in range(8):
        write(f"{number}.txt")

    def die_at_three(number: int, do: Callable[[], ShardCounts]) -> ShardCounts:
        if number == 3:
            raise KeyboardInterrupt
        return do()

    with pytest.raises(KeyboardInterrupt):
        load(settings, inbox, shard_bytes=1, commit=die_at_three)
    assert 0 < counts(settings)[0] < 8
    assert rows(settings, "select run_status from lake.runs") == [("failed",)]
    load(settings, inbox)
    assert counts(settings)[:2] == (8, 8)


def test_a_failed_write_is_retried_without_parsing_again(
    settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt")
    calls = []
    real = executors.parse_chunk
    monkeypatch.setattr(executors, "parse_chunk", lambda items: calls.append(1) or real(items))

    def twice(_number: int, do: Callable[[], ShardCounts]) -> ShardCounts:
        do()
        return do()

    load(settings, inbox, commit=twice)
    assert calls == [1]
    assert counts(settings)[0] == 1


def test_reparse_replaces_rows_and_spares_the_files(
    settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.txt")
    write("empty.bin", b"\0\1\2" * 500)
    load(settings, inbox)
    before = counts(settings)
    assert reparse(settings, executor="inline").run_id is None
    for module in ("flows.load", "flows.work", "flows.pieces"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", "next")
    assert outdated(settings) == 1
    result = reparse(settings, executor="inline")
    assert outdated(settings) == 0
    assert (result.seen, result.documents, result.replaced, result.rejects) == (2, 1, 1, 1)
    assert counts(settings) == before
    assert rows(settings, "select distinct parser_version from lake.metrics") == [("next",)]
    assert reparse(settings, executor="inline").run_id is None
    assert load(settings, inbox).run_id is None


@pytest.mark.parametrize("executor", ["processes", "inline"])
def test_executors_give_the_same_rows(write: Write, inbox: Path, executor: str) -> None:
    for number in range(30):
        write(f"{number:02d}.txt")
    items = [Item(str(p), p.name, p.stat().st_size, p.stat().st_mtime_ns, path=str(p)) for p in sorted(inbox.iterdir())]
    chunks = [items[at : at + 6] for at in range(0, 30, 6)]
    pool = make_executor(executor, 2)
    try:
        batch = join([pending.result() for pending in [pool.submit(chunk) for chunk in chunks]])
    finally:
        pool.close()
    expected = join([parse_chunk(chunk) for chunk in chunks])
    for name in ("documents", "metrics"):
        got, want = getattr(batch, name), getattr(expected, name)
        drop = [column for column in ("ingested_at",) if column in got.column_names]
        assert got.drop_columns(drop).to_pylist() == want.drop_columns(drop).to_pylist()


def _die(_items: object) -> None:
    os._exit(9)


def _sleep(_items: object) -> None:
    time.sleep(60)


@pytest.mark.parametrize(("hurt", "code", "seconds"), [(_die, "killed_worker", 100.0), (_sleep, "timeout", 1.0)])
def test_a_page_that_kills_or_stalls_its_worker_is_refused(
    monkeypatch: pytest.MonkeyPatch, hurt: Callable[[object], None], code: str, seconds: float
) -> None:
    monkeypatch.setattr(executors, "parse_chunk", hurt)
    monkeypatch.setattr(executors, "warm_up", os.getpid)
    monkeypatch.setattr(executors, "CHUNK_SECONDS", seconds)
    monkeypatch.setattr(executors, "ITEM_SECONDS", seconds)
    pool = Processes(1, eager=True)
    try:
        batch = pool.submit([Item("/a.txt", "a.txt", 1, 0, path="/a.txt")]).result()
    finally:
        pool.end_pool()
    assert batch.rejects["reason_code"].to_pylist() == [code]


def test_unknown_executors_are_named() -> None:
    with pytest.raises(ValueError, match="auto, inline, processes"):
        make_executor("threads")


def test_empty_batches_join() -> None:
    assert join([empty_batch(), empty_batch()]).documents.num_rows == 0


KILLED = """
import sys
from pathlib import Path
import flows.load
from flows.load import ingest
flows.load.CHUNK_FILES = 2
from warehouse.settings import Settings
if __name__ == "__main__":
    ingest(Settings(home=Path(sys.argv[1])), [sys.argv[2]], executor="processes", workers=2, shard_bytes=1)
"""


def test_a_killed_process_loses_and_doubles_nothing(
    settings: Settings, write: Write, inbox: Path, tmp_path: Path
) -> None:
    for number in range(200):
        write(f"{number:03d}.txt")
    script = tmp_path / "run.py"
    script.write_text(KILLED, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
    for wait in (1.5, 2.5):
        command = [sys.executable, str(script), str(settings.home), str(inbox)]
        with subprocess.Popen(command, env=environment, start_new_session=True) as process:
            time.sleep(wait)
            os.killpg(process.pid, 9)
    load(settings, inbox)
    assert counts(settings)[:2] == (200, 200)
    assert rows(settings, "select count(*) - count(distinct metric_id) from lake.metrics") == [(0,)]


@pytest.fixture
def prefect_home(prefect_server: str, settings: Settings) -> str:
    assert prefect_server
    return str(settings.home)


def test_the_flow_ingests_publishes_and_leaves_artifacts(
    prefect_home: str, settings: Settings, write: Write, inbox: Path
) -> None:
    from prefect.client.orchestration import get_client

    from flows.artifacts import asset_key
    from flows.ingest import ingest_flow

    write("a.txt")
    write("empty.txt", b"")
    first = ingest_flow([str(inbox)], home=prefect_home, executor="inline")
    assert (first["documents"], first["rejects"], first["publish"], first["checks"]) == (1, 1, 1, {})
    second = ingest_flow([str(inbox)], home=prefect_home, executor="inline")
    assert second["run_id"] is None
    assert "publish" not in second
    with get_client(sync_client=True) as client:
        artifacts = {artifact.key: str(artifact.data) for artifact in client.read_artifacts()}
        tasks = [run.name.rsplit("-", 1)[0] for run in client.read_task_runs()]
        for _ in range(60):  # events travel behind the run
            asked = client.request("POST", "/events/filter", json={"limit": 50}).json()["events"]
            events = {(event["event"], event["resource"]["prefect.resource.id"]): event for event in asked}
            made = events.get(("prefect.asset.materialization.succeeded", asset_key(settings, "publish")))
            if made:
                break
            time.sleep(0.5)
    what = {"", "-progress", "-rejects", "-reject-reasons"}
    assert {f"chengshu-ingest{each}" for each in what} | {"chengshu-publish"} <= set(artifacts)
    assert "empty" in artifacts["chengshu-ingest-reject-reasons"]
    assert {"shard", "asset-lake", "asset-publish"} <= set(tasks)
    assert made
    assert asset_key(settings, "lake") in str(made["related"])
    warehouse = f"chengshu.warehouse.{settings.home.name}"
    assert {("chengshu.ingest.finished", warehouse), ("chengshu.ingest.new", warehouse)} <= set(events)


def test_the_command_line_runs_the_flow(prefect_home: str, write: Write, inbox: Path) -> None:
    from typer.testing import CliRunner

    from flows.cli import app

    write("a.txt")
    command = ["--home", prefect_home, "ingest", "--flow", "--executor", "inline", str(inbox)]
    first, second = (CliRunner().invoke(app, command) for _ in range(2))
    assert first.exit_code == second.exit_code == 0
    assert "写入文档 1 篇" in first.output
    assert "已发布：第 1 次" in first.output
    assert "什么也没有重做" in second.output


def test_the_flow_retries_a_shard(
    prefect_home: str, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import flows.ingest
    import flows.load

    write("a.txt")
    real, calls = flows.load.write_shard, []

    def fail_once(*args: Any) -> ShardCounts:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("the disk was away")
        return real(*args)

    monkeypatch.setattr(flows.load, "write_shard", fail_once)
    monkeypatch.setattr(flows.ingest, "exponential_backoff", lambda _factor: lambda retries: [0.1] * retries)
    result = flows.ingest.ingest_flow([str(inbox)], home=prefect_home, executor="inline", publish=False)
    assert (result["documents"], len(calls)) == (1, 2)


def test_backfill_takes_a_range_of_days(prefect_home: str, settings: Settings, write: Write, inbox: Path) -> None:
    from flows.ingest import backfill_flow

    old, new = write("old.txt"), write("new.txt")
    os.utime(old, (1704067200, 1704067200))  # 2024-01-01 08:00 in China
    result = backfill_flow(
        [str(inbox)], first="2024-01-01", last="2024-01-01", home=prefect_home, executor="inline", publish=False
    )
    assert result["documents"] == 1
    assert rows(settings, "select source_uri from lake.documents") == [(str(old),)]
    assert new.exists()


def test_reparse_and_maintain_flows_run(
    prefect_home: str, settings: Settings, write: Write, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.maintain import maintain_flow
    from flows.publish import publish_flow
    from flows.reparse import reparse_flow

    write("a.txt")
    load(settings, inbox)
    for module in ("flows.load", "flows.work", "flows.pieces"):
        monkeypatch.setattr(f"{module}.PARSER_VERSION", "next")
    assert reparse_flow(home=prefect_home, executor="inline")["replaced"] == 1
    assert publish_flow(home=prefect_home)["number"] >= 1
    assert maintain_flow(home=prefect_home) is not None


def test_a_jump_of_rejects_is_told(settings: Settings, write: Write, inbox: Path) -> None:
    from flows.artifacts import sudden_rejects

    for number in range(30):
        write(f"{number}.txt")
    write("empty0.txt", b"")
    assert sudden_rejects(settings, load(settings, inbox)) is None
    for number in range(30, 60):
        write(f"{number}.txt", b"" if number % 2 else None)
    told = sudden_rejects(settings, load(settings, inbox))
    assert told is not None
    assert told | {"usual": ""} == {"rejects": 15, "new": 30, "usual": "", "reasons": "empty 15"}
    assert told["usual"].startswith("3.")
    for number in range(60, 90):
        write(f"{number}.txt", b"" if number % 2 else None)
    assert sudden_rejects(settings, load(settings, inbox)) is None  # by now it is usual


def test_automations_are_what_prefect_takes() -> None:
    from flows.automations import automations

    found = automations("00000000-0000-0000-0000-000000000000")
    assert len({each.name for each in found}) == len(found) == 4
    assert {name for each in found for name in each.trigger.expect} >= {
        "chengshu.ingest.new",
        "chengshu.quality.failed",
    }


def test_deployments_name_what_exists() -> None:
    import importlib

    import yaml
    from prefect import Flow

    root = Path(__file__).resolve().parent.parent
    content = yaml.safe_load((root / "prefect.yaml").read_text(encoding="utf-8"))
    names = [deployment["name"] for deployment in content["deployments"]]
    assert names == ["ingest", "publish", "maintain", "reparse", "backfill"]
    for deployment in content["deployments"]:
        path, name = deployment["entrypoint"].split(":")
        flow = getattr(importlib.import_module(path.removesuffix(".py").replace("/", ".")), name)
        assert isinstance(flow, Flow)
        assert set(deployment["parameters"]) <= set(flow.parameters.properties)
        assert deployment["description"]
        for schedule in deployment.get("schedules", []):
            assert schedule["timezone"] == "Asia/Shanghai"
    assert content["deployments"][0]["concurrency_limit"]["collision_strategy"] == "CANCEL_NEW"


def test_results_are_plain_values() -> None:
    json.dumps(dataclasses.asdict(IngestResult(None)))
