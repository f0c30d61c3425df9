"""Read sources that have an address instead of a path: ``s3://bucket/prefix`` with what is installed, all others with fsspec.

S3 is reached with the keys and the endpoint of the warehouse's own object store (``CHENGSHU_S3_…``); without them AWS's usual ways
hold (``AWS_…``, profiles, roles). Workers open addresses themselves, so that pages do not pass through the process that ingests.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import os
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, NamedTuple, Protocol, cast

import pyarrow.fs as arrow_fs

from warehouse.settings import Settings

__all__ = ["Entry", "NotReachable", "Store", "is_url", "open_url", "store_of", "words"]

BUFFER_BYTES = 1 << 20
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
MARKS = ("mtime", "LastModified", "last_modified", "updated", "modified", "created")
TAGS = ("ETag", "etag", "content-md5", "md5Hash", "sha256")
"""What file systems call the time of the last change, and what stands for the content where they tell no time."""


class NotReachable(Exception):  # noqa: N818 - told to people as a problem, not as an error
    """An address that cannot be read with what is installed or configured: a code for machines, a line for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Entry(NamedTuple):
    """An object or a folder: its address, its size, and a number that changes when it does (its time, else its tag)."""

    url: str
    size: int
    mark: int
    folder: bool


class Store(Protocol):
    """A file system behind addresses."""

    def name(self, url: str) -> str:
        """An address as this file system writes it."""
        ...

    def info(self, url: str) -> Entry | None:
        """What lies at an address, None for nothing."""
        ...

    def list(self, url: str) -> Iterator[Entry]:
        """What lies in a folder, in no order."""
        ...

    def open(self, url: str) -> IO[bytes]:
        """A stream that can be sought in."""
        ...


def is_url(source: str) -> bool:
    """Whether a source is an address and no path.

    >>> is_url("s3://news/2024"), is_url("/data/2024"), is_url("C:/data")
    (True, False, False)
    """
    return URL.match(source) is not None


def open_url(url: str) -> IO[bytes]:
    """Open what lies at an address."""
    return store_of(url).open(url)


def store_of(url: str) -> Store:
    """The file system that an address belongs to; raises ``NotReachable``."""
    return _store(url.split("://", 1)[0].lower(), os.environ.get("CHENGSHU_S3_KEY"), Settings.load())


@functools.lru_cache(maxsize=8)
def _store(scheme: str, key: str | None, settings: Settings) -> Store:
    return _S3(key, settings) if scheme in {"s3", "s3a"} else _Fsspec(scheme)


class _S3:
    def __init__(self, key: str | None, settings: Settings) -> None:
        given: dict[str, Any] = {}
        if key:
            given |= {"access_key": key, "secret_key": os.environ.get("CHENGSHU_S3_SECRET", "")}
        if settings.s3_endpoint:
            scheme, _, host = settings.s3_endpoint.rpartition("://")
            given |= {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"}
        if key or settings.s3_endpoint:
            given["region"] = settings.s3_region
        self._fs = arrow_fs.S3FileSystem(connect_timeout=10, request_timeout=60, **given)

    def name(self, url: str) -> str:
        return f"s3://{_path(url)}"

    def info(self, url: str) -> Entry | None:
        found = self._fs.get_file_info(_path(url))
        return None if found.type == arrow_fs.FileType.NotFound else _entry(found)

    def list(self, url: str) -> Iterator[Entry]:
        for found in self._fs.get_file_info(arrow_fs.FileSelector(_path(url))):
            yield _entry(found)

    def open(self, url: str) -> IO[bytes]:
        return _buffered(self._fs.open_input_file(_path(url)))


def _path(url: str) -> str:
    return url.split("://", 1)[1].rstrip("/")


def _entry(found: Any) -> Entry:  # noqa: ANN401 - Arrow has no types
    folder = found.type == arrow_fs.FileType.Directory
    return Entry(f"s3://{found.path}", 0 if folder else found.size, found.mtime_ns or 0, folder)


class _Fsspec:
    def __init__(self, scheme: str) -> None:
        try:
            import fsspec  # noqa: PLC0415 - an extra that few need
        except ImportError:
            raise NotReachable(
                "needs_fsspec", f"读取 {scheme}:// 需要 fsspec：pip install 'chengshu[remote]'"
            ) from None
        try:
            self._fs: Any = fsspec.filesystem(scheme)
        except ImportError as error:
            raise NotReachable("needs_package", f"读取 {scheme}:// 还需要安装一个包：{error}") from None
        except ValueError:
            raise NotReachable("unknown_scheme", f"不认识的地址类型：{scheme}://") from None

    def name(self, url: str) -> str:
        return str(self._fs.unstrip_protocol(self._fs._strip_protocol(url)))  # noqa: SLF001 - fsspec has no other way

    def info(self, url: str) -> Entry | None:
        try:
            return self._entry(self._fs.info(url))
        except FileNotFoundError:
            return None

    def list(self, url: str) -> Iterator[Entry]:
        for found in self._fs.ls(url, detail=True):
            entry = self._entry(found)
            if entry.url.rstrip("/") != url.rstrip("/"):  # object stores list a folder's own marker too
                yield entry

    def open(self, url: str) -> IO[bytes]:
        return cast("IO[bytes]", self._fs.open(url, "rb"))

    def _entry(self, found: Mapping[str, Any]) -> Entry:
        url = self._fs.unstrip_protocol(found["name"])
        return Entry(url, int(found.get("size") or 0), mark_of(found), found["type"] == "directory")


def mark_of(found: Mapping[str, Any]) -> int:
    """A number that changes with the object, from whatever its file system tells of it.

    >>> mark_of({"mtime": 1.5}), mark_of({"LastModified": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)}), mark_of({})
    (1500000000, 1704067200000000000, 0)
    >>> mark_of({"ETag": "a"}) == mark_of({"ETag": "b"})
    False
    """
    for name in MARKS:
        value = found.get(name)
        if isinstance(value, str):
            try:
                value = dt.datetime.fromisoformat(value)
            except ValueError:
                continue
        if isinstance(value, dt.datetime):
            value = (value if value.tzinfo else value.replace(tzinfo=dt.UTC)).timestamp()
        if isinstance(value, int | float) and value:
            return int(value * 1_000_000) * 1000
    for name in TAGS:
        if found.get(name):
            return int.from_bytes(hashlib.blake2b(str(found[name]).encode(), digest_size=7).digest())
    return 0


def words(error: Exception) -> str:
    """Say in one line why an address could not be read."""
    if isinstance(error, NotReachable):
        return error.reason
    if isinstance(error, PermissionError):
        return "没有权限"
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0][:200]


def _buffered(stream: Any) -> IO[bytes]:  # noqa: ANN401 - Arrow has no types
    """Read in pieces of a MiB: an archive asks for a few bytes at a time, and each would be a request of its own."""
    return cast("IO[bytes]", io.BufferedReader(stream, BUFFER_BYTES))
