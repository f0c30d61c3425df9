"""Many machines: a Dask cluster of real processes, alone and with the catalog in PostgreSQL and pages and data in an object store."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.executors import Dask
from flows.load import ingest
from flows.work import Batch, Item, parse_chunk
from parsers import parse
from tests.conftest import page
from tests.test_remote import environment  # noqa: F401 - a fixture
from warehouse.catalog import forget, open_lake
from warehouse.publish import publish
from warehouse.settings import Settings


class cluster:  # noqa: N801 - used as a function
    """A Dask scheduler and two workers as processes of their own."""

    def __init__(self, folder: Path, nanny: str = "--no-nanny") -> None:
        self.folder = folder
        self.nanny = nanny
        self.processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> tuple[str, list[subprocess.Popen[bytes]]]:
        file = self.folder / "scheduler.json"
        self._start(
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            str(file),
        )
        for _ in range(300):
            if file.exists() and file.read_text(encoding="utf-8").strip():
                break
            time.sleep(0.1)
        address = json.loads(file.read_text(encoding="utf-8"))["address"]
        for number in range(2):
            self._start(
                "distributed.cli.dask_worker", address, "--nthreads", "1", self.nanny, "--no-dashboard",
                "--local-directory", str(self.folder / f"worker{number}"),
            )  # fmt: skip
        return address, self.processes[1:]

    def _start(self, module: str, *args: str) -> None:
        variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}
        command = [sys.executable, "-m", module, *args]
        self.processes.append(
            subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait(20)


def run_with_a_kill(settings: Settings, source: str, folder: Path) -> Any:
    """Ingest on two workers, one of which is killed when the first shard is written."""
    killed = []
    with cluster(folder) as (address, workers):

        def kill_one(progress: Any) -> None:
            if progress.shards == 1 and not killed:
                workers[0].kill()
                killed.append(1)

        result = ingest(settings, [source], executor=f"dask:{address}", shard_bytes=1, on_progress=kill_one)
        assert killed
        assert workers[0].wait(20) == -9
    return result


def whole(settings: Settings, pages: int) -> None:
    """That every page is there once, with all of its values."""
    values = 0
    for number in range(pages):
        values += len(parse(page(number).encode(), f"{number:03d}.txt").metrics)
    lake = open_lake(settings)
    try:
        found = lake.execute(
            """
            select (select count(*) from lake.documents), (select count(distinct document_id) from lake.documents),
                (select count(*) from lake.raw), (select count(*) from lake.files),
                (select count(*) from lake.metrics), (select count(distinct metric_id) from lake.metrics)
            """
        ).fetchall()
    finally:
        lake.close()
    assert found == [(pages, pages, pages, pages, values, values)]


def test_workers_may_die(settings: Settings, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.load.CHUNK_FILES", 2)
    for number in range(60):
        (inbox / f"{number:03d}.txt").write_text(page(number), encoding="utf-8")
    result = run_with_a_kill(settings, str(inbox), tmp_path)
    assert (result.documents, result.rejects) == (60, 0)
    whole(settings, 60)


def test_dask_postgres_and_object_store_together(
    environment: dict[str, str],  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages and data in S3, the catalog in PostgreSQL, two workers of which one is killed: nothing is lost or doubled."""
    import boto3

    monkeypatch.setenv("CHENGSHU_DATA_PATH", "s3://lake/cluster/")
    monkeypatch.setenv("CHENGSHU_CATALOG", other_database(environment["CHENGSHU_CATALOG"]))
    client = boto3.client(
        "s3",
        endpoint_url=environment["CHENGSHU_S3_ENDPOINT"],
        aws_access_key_id=environment["CHENGSHU_S3_KEY"],
        aws_secret_access_key=environment["CHENGSHU_S3_SECRET"],
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="inbox")
    for number in range(120):
        client.put_object(Bucket="inbox", Key=f"2024/{number:03d}.txt", Body=page(number).encode())
    monkeypatch.setattr("flows.load.CHUNK_FILES", 4)
    settings = Settings.load(tmp_path / "home")
    result = run_with_a_kill(settings, "s3://inbox/2024", tmp_path)
    assert (result.documents, result.rejects) == (120, 0)
    whole(settings, 120)
    assert ingest(settings, ["s3://inbox/2024"], executor="inline").run_id is None
    assert publish(settings).counts["documents"] == 120
    forget(settings)


def other_database(uri: str) -> str:
    """A database of its own on the same server."""
    import duckdb

    from warehouse.catalog import _extension, quote

    with duckdb.connect() as connection:
        connection.execute(f"load {quote(str(_extension('postgres_scanner')))}")
        connection.execute(f"attach {quote(uri)} as server (type postgres)")
        connection.execute("call postgres_execute('server', 'create database cluster', use_transaction := false)")
    place, _, more = uri.partition("?")
    return f"{place.rpartition('/')[0]}/cluster?{more}"


@pytest.mark.parametrize(
    ("hurt", "code"), [(lambda: os._exit(9), "killed_worker"), (lambda: time.sleep(600), "timeout")]
)
def test_a_page_that_kills_or_stalls_its_worker_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hurt: Callable[[], None], code: str
) -> None:
    def parse_or_be_hurt(items: list[Item]) -> Batch:
        if any(item.name == "poison.txt" for item in items):
            hurt()
        return parse_chunk(items)

    monkeypatch.setattr("flows.executors.parse_chunk", parse_or_be_hurt)
    for name in ("CHUNK_SECONDS", "ITEM_SECONDS"):
        monkeypatch.setattr(f"flows.executors.{name}", 4.0)
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")  # as each takes a worker's start
    with cluster(tmp_path, "--nanny") as (address, _workers):
        pool = Dask(address)
        try:
            items = [Item(f"/{n}", n, 1, 0, raw=page(3).encode()) for n in ("a.txt", "poison.txt", "b.txt")]
            batch = pool.submit(items).result()
        finally:
            pool.close()
    assert batch.rejects["reason_code"].to_pylist() == [code]
    assert batch.rejects["source_uri"].to_pylist() == ["/poison.txt"]
    assert batch.documents.num_rows == 2
