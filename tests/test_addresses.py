"""Sources at addresses: objects of a real S3 server on this machine, and any other file system by fsspec."""

from __future__ import annotations

import io
import sys
import tarfile
import time
import urllib.request
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import remote, work
from flows.archives import Member, read_members
from flows.discover import Found, Problem, discover
from flows.load import ingest
from flows.work import Item, parse_chunk
from tests.conftest import page
from warehouse.catalog import open_lake
from warehouse.settings import Settings

Put = Callable[..., None]


def names(found: object) -> list[str]:
    return [each.source_uri.removeprefix("s3://news/") for each in found if isinstance(each, Found)]


def problems(found: object) -> list[str]:
    return [each.reason_code for each in found if isinstance(each, Problem)]


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    moto = pytest.importorskip("moto.server", reason="needs an S3 server: pip install -e '.[test]'")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHENGSHU_S3_ENDPOINT", f"http://{host}:{port}")
        patch.setenv("CHENGSHU_S3_KEY", "key")
        patch.setenv("CHENGSHU_S3_SECRET", "secret-word")
        yield f"http://{host}:{port}"
    remote._store.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.stop()


@pytest.fixture
def put(store: str) -> Put:
    """Make the bucket anew, empty; ``put("in/a.txt", "text")`` lays an object into it."""
    import boto3

    with urllib.request.urlopen(urllib.request.Request(f"{store}/moto-api/reset", method="POST")):
        pass
    client = boto3.client(
        "s3",
        endpoint_url=store,
        aws_access_key_id="key",
        aws_secret_access_key="secret-word",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="news")

    def one(key: str, content: str | bytes = "x") -> None:
        client.put_object(Bucket="news", Key=key, Body=content if isinstance(content, bytes) else content.encode())

    return one


def test_a_prefix_is_walked_like_a_folder(put: Put) -> None:
    for key in (
        "in/b.txt",
        "in/a.html",
        "in/sub/c.txt",
        "in/sub/deep/d.txt",
        "in/style.css",
        "in/.hidden.txt",
        "out.txt",
    ):
        put(key)
    put("in/marker/", b"")
    tally: dict[str, int] = {}
    found = list(discover(["s3://news/in", "s3://news/in/a.html", "s3://news/in/"], tally=tally))
    assert names(found) == ["in/a.html", "in/b.txt", "in/sub/c.txt", "in/sub/deep/d.txt"]
    assert tally["seen"] == 4
    assert names(discover(["s3://news"]))[-1] == "in/sub/deep/d.txt"
    assert names(discover(["s3://news/in/style.css"])) == ["in/style.css"]


def test_globs_of_objects(put: Put) -> None:
    for key in ("2023/a.txt", "2024/b.txt", "2024/c.html", "2024/05/d.txt", "notes/e.txt"):
        put(key)
    assert names(discover(["s3://news/20*/*.txt"])) == ["2023/a.txt", "2024/b.txt"]
    assert names(discover(["s3://news/2024/**/*.txt"])) == ["2024/b.txt", "2024/05/d.txt"]
    assert names(discover(["s3://news/20[!2]3"])) == []
    assert names(discover(["s3://news/n*"])) == ["notes/e.txt"]
    assert problems(discover(["s3://news/x*", "s3://n*/x"])) == ["no_match", "no_match"]


def test_each_bad_address_has_one_clear_line(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put("in/a.txt")
    bad = ["s3://news/none", "s3://nobucket/in", "nosuch://a/b"]
    found = list(discover(bad))
    assert problems(found) == ["missing", "missing", "unknown_scheme"]
    monkeypatch.setenv("CHENGSHU_S3_ENDPOINT", "http://127.0.0.1:9")
    found += discover(["s3://news/in"])
    assert problems(found)[-1] == "unreadable"
    for problem in found:
        assert isinstance(problem, Problem)
        assert problem.reason
        assert "\n" not in problem.reason
        assert "secret-word" not in problem.reason
    monkeypatch.setitem(sys.modules, "fsspec", None)
    remote._store.cache_clear()
    (missing,) = discover(["memory://x"])
    assert isinstance(missing, Problem)
    assert "pip install 'chengshu[remote]'" in missing.reason
    remote._store.cache_clear()


def test_objects_are_read_once_and_again_when_they_change(
    put: Put, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        put(f"in/{number:02d}.txt", page(number))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("m.txt", page(50))
    put("in/more.zip", packed.getvalue())
    put("in/empty.txt", b"")
    first = ingest(settings, ["s3://news/in"], executor="processes", workers=2)
    assert (first.seen, first.documents, first.rejects) == (22, 21, 1)
    with monkeypatch.context() as patch:
        for module in (work, remote):
            patch.setattr(module, "open_url", lambda _url: pytest.fail("a known object was opened"))
        again = ingest(settings, ["s3://news/in"], executor="inline")
    assert (again.run_id, again.known) == (None, 22)
    time.sleep(1.1)  # the store tells times to the second
    put("in/03.txt", page(103))
    assert ingest(settings, ["s3://news/in"], executor="inline").new == 1
    lake = open_lake(settings)
    uris = {row[0] for row in lake.execute("select source_uri from lake.documents").fetchall()}
    lake.close()
    assert {"s3://news/in/00.txt", "s3://news/in/more.zip!/m.txt"} <= uris


def test_an_object_that_is_gone_or_was_replaced_is_refused(put: Put) -> None:
    put("a.txt", "12345")
    items = [Item(f"s3://news/{name}", name, 4, 1, path=f"s3://news/{name}") for name in ("a.txt", "gone.txt")]
    batch = parse_chunk(items)
    assert batch.rejects["reason_code"].to_pylist() == ["changing", "missing"]
    assert batch.files.num_rows == 0
    huge = Item("s3://news/a.txt", "a.txt", 1 << 40, 1, path="s3://news/a.txt")
    assert parse_chunk([huge]).rejects["reason_code"].to_pylist() == ["too_large"]


def test_archives_at_addresses_are_read_as_streams(put: Put) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for number in range(3):
            raw = page(number).encode()
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    put("a.tar.gz", made.getvalue())
    put("b.zip", b"PK\x03\x04 not a zip")
    good, bad = discover(["s3://news"])
    assert isinstance(good, Found)
    assert isinstance(bad, Found)
    members = [each for each in read_members(good) if isinstance(each, Member)]
    assert [member.source_uri for member in members] == [f"s3://news/a.tar.gz!/{n}.txt" for n in range(3)]
    assert problems(read_members(bad)) == ["broken_archive"]


def test_any_file_system_of_fsspec(settings: Settings) -> None:
    fsspec: Any = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    for name in ("in/a.txt", "in/sub/b.txt"):
        memory.pipe(f"/{name}", page(len(name)).encode())
    result = ingest(settings, ["memory://in"], executor="inline")
    assert (result.documents, result.rejects) == (2, 0)
    assert ingest(settings, ["memory://in"], executor="inline").run_id is None
    assert names(discover(["memory://in/**/*.txt"])) == ["memory:///in/a.txt", "memory:///in/sub/b.txt"]
    assert problems(discover(["memory://none"])) == ["missing"]
    memory.store.clear()


def test_addresses_of_files_are_paths(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (found,) = discover([f"file://{tmp_path}/a.txt"])
    assert isinstance(found, Found)
    assert found.source_uri == str(tmp_path / "a.txt")
