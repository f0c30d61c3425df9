"""Read the pages inside archives as streams: zip, tar, compressed files, JSON Lines, WARC and WACZ; here or at an address.

A 1 GB archive needs no more memory than its largest page. What is unsafe or broken becomes a ``Problem`` for that member;
the rest of the archive is still read. Nothing is ever unpacked to disk, so a member's name can do no harm, but a name that
tries to (``../../etc``) is refused all the same.
"""

from __future__ import annotations

import bz2
import codecs
import datetime as dt
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

import pyarrow as pa

from flows.discover import Found, Problem
from flows.remote import NotReachable, is_url, open_url, words
from flows.zips import Zip

__all__ = ["MAX_DEPTH", "MAX_MEMBERS", "MAX_MEMBER_BYTES", "MAX_RATIO", "Member", "read_members"]

MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_MEMBERS = 5_000_000
MAX_RATIO = 500
"""A member that unpacks to more than this many times its packed size (and to more than a MiB) is a bomb, not a page."""
MAX_NAME = 1024
MAX_DEPTH = 2
"""An archive inside an archive is opened, one inside that is not."""
MEBIBYTE = 1 << 20
UNPACK: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".zst": lambda file: io.BufferedReader(pa.CompressedInputStream(file, "zstd"), MEBIBYTE),
}
WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst")
TOLD_BY_BYTES = frozenset({"utf-8", "gb2312", "gbk", "gb18030", "ascii", "iso8859-1", "cp1252"})
"""Encodings that the parser knows by the bytes, and those that servers name for want of a better."""
CHINA = dt.timezone(dt.timedelta(hours=8))

BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError)
"""What the archive readers raise for damaged, encrypted or truncated input."""


@dataclass(frozen=True, slots=True)
class Member:
    """A page inside an archive, with what the archive says of it."""

    source_uri: str
    name: str
    raw: bytes
    url: str | None = None
    fetched_at: dt.datetime | None = None


def read_members(found: Found) -> Iterator[Member | Problem]:
    """Give the pages of one archive in the order in which they lie in it; member URIs are ``archive!/member``."""
    try:
        with open_url(found.path) if is_url(found.path) else open(found.path, "rb") as file:
            yield from _open(found.source_uri, file, found.path.lower(), 1, found.size)
    except (PermissionError, FileNotFoundError) as error:
        yield Problem(found.source_uri, "unreadable", f"无法读取：{error.strerror or words(error)}")
    except NotReachable as error:
        yield Problem(found.source_uri, error.code, error.reason)
    except BROKEN as error:
        yield Problem(found.source_uri, "broken_archive", f"压缩包损坏或无法读取：{_short(error)}")


def _open(uri: str, file: IO[bytes], name: str, depth: int, size: int | None) -> Iterator[Member | Problem]:
    packing = name[name.rfind(".") :]
    inner = name.removesuffix(packing) if packing in UNPACK else name
    if name.endswith((".zip", ".wacz")):
        yield from _zip(uri, file, depth, web=name.endswith(".wacz"))
    elif name.endswith((".tgz", ".tzst")) or inner.endswith(".tar"):
        yield from _tar(uri, _unpacked(file, ".zst") if name.endswith("zst") else file, depth)
    elif inner.endswith(".warc"):
        yield from _warc(uri, file)
    elif inner.endswith((".jsonl", ".ndjson")):
        with _unpacked(file, packing) as stream:
            yield from _json_lines(uri, stream)
    else:
        yield from _compressed(uri, file, packing, size)


def _unpacked(file: IO[bytes], packing: str) -> IO[bytes]:
    """What a compressed file holds, as a stream; the file itself if it is not compressed."""
    return cast("IO[bytes]", UNPACK[packing](file)) if packing in UNPACK else file


def _zip(uri: str, file: IO[bytes], depth: int, *, web: bool) -> Iterator[Member | Problem]:
    """Read a zip; of a web archive's (WACZ) only the records, not the indexes and page lists made from them."""
    archive = Zip(file)
    for count, info in enumerate(archive):
        name = _zip_name(info)
        if name.endswith("/") or _is_junk(name):
            continue
        if web and not (name.startswith("archive/") and name.lower().endswith(WARC_SUFFIXES)):
            continue
        member = f"{uri}!/{name}"
        problem = _refuse(member, name, 0 if web else info.file_size, info.compress_size, count)
        if problem is None and info.flag_bits & 1:
            problem = Problem(member, "encrypted", "压缩包成员已加密，无法读取")
        if problem is not None:
            yield problem
            if problem.reason_code == "too_many_members":
                return
            continue
        try:
            with archive.open(info) as stream:
                yield from _member(member, name, stream, depth, info.file_size)
        except (*BROKEN, NotImplementedError) as error:
            yield Problem(member, "broken_member", f"压缩包成员损坏：{_short(error)}")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Read a member's name: without the UTF-8 flag, Chinese tools wrote GBK, which ``zipfile`` shows as cp437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _tar(uri: str, stream: IO[bytes], depth: int) -> Iterator[Member | Problem]:
    with tarfile.open(fileobj=stream, mode="r|*") as archive:
        for count, info in enumerate(archive):
            if not info.isfile() or _is_junk(info.name):
                continue
            name = os.fsencode(info.name).decode("utf-8", "backslashreplace")
            member = f"{uri}!/{name}"
            problem = _refuse(member, name, info.size, None, count)
            if problem is not None:
                yield problem
                if problem.reason_code == "too_many_members":
                    return
                continue
            inner = archive.extractfile(info)
            if inner is not None:
                yield from _member(member, name, inner, depth, info.size)
            archive.members = []  # type: ignore[attr-defined]  # else the reader keeps every header it has met


def _member(uri: str, name: str, stream: IO[bytes], depth: int, size: int) -> Iterator[Member | Problem]:
    """Give one member, or what lies inside it if it is an archive of its own."""
    lower = name.lower()
    nested = lower.endswith((*UNPACK, ".jsonl", ".ndjson", ".warc"))
    if lower.endswith((".zip", ".wacz", ".tar", ".tgz", ".tzst", *(f".tar{each}" for each in UNPACK))):
        yield Problem(uri, "nested_archive", "压缩包里还有压缩包，请先解开")
    elif nested and depth < MAX_DEPTH:
        yield from _open(uri, stream, lower, depth + 1, size)
    elif nested:
        yield Problem(uri, "nested_archive", "压缩包里还有压缩包，请先解开")
    else:
        raw = stream.read(MAX_MEMBER_BYTES + 1)
        if len(raw) > MAX_MEMBER_BYTES or len(raw) > max(size, 0):
            yield Problem(uri, "too_large", f"成员解开后超过其声明的大小或 {MAX_MEMBER_BYTES // MEBIBYTE} MiB 上限")
        else:
            yield Member(uri, name, raw)


def _compressed(uri: str, file: IO[bytes], packing: str, packed: int | None) -> Iterator[Member | Problem]:
    """Read one compressed page."""
    with _unpacked(file, packing) as stream:
        raw = stream.read(MAX_MEMBER_BYTES + 1)
    name = uri[: -len(packing)].rsplit("/", 1)[-1]
    problem = _refuse(uri, name, len(raw), packed, 0)
    yield problem or Member(uri, name, raw)


def _json_lines(uri: str, stream: IO[bytes]) -> Iterator[Member | Problem]:
    """Read a crawler's dump: one object a line with ``html`` or ``text``, and ``url`` and ``fetched_at`` if it has them."""
    for number in range(1, MAX_MEMBERS):
        line = stream.readline(MAX_MEMBER_BYTES + 1)
        if not line:
            return
        member = f"{uri}!/{number}"
        if len(line) > MAX_MEMBER_BYTES:
            yield Problem(
                member, "too_large", f"第 {number} 行超过 {MAX_MEMBER_BYTES // MEBIBYTE} MiB 上限，其后不再读取"
            )
            return
        if line.strip():
            yield _json_line(member, number, line)


def _json_line(member: str, number: int, line: bytes) -> Member | Problem:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return Problem(member, "bad_json", f"第 {number} 行不是有效的 JSON")
    page = record.get("html") or record.get("text") if isinstance(record, dict) else None
    if not isinstance(page, str):
        return Problem(member, "no_page", f"第 {number} 行没有 html 或 text 字段")
    url = record.get("url")
    url = url if isinstance(url, str) and url else None
    return Member(member, url or f"{number}.txt", page.encode("utf-8", "replace"), url, _time(record.get("fetched_at")))


def _warc(uri: str, file: IO[bytes]) -> Iterator[Member | Problem]:
    """Read the pages among a web archive's responses; each keeps its target URI and fetch date."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - an extra that few need
    except ImportError:
        yield Problem(uri, "needs_fastwarc", "读取 WARC 需要 fastwarc：pip install 'chengshu[archives]'")
        return
    for number, record in enumerate(ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False), 1):
        member = f"{uri}!/{number}"
        size = record.content_length
        if size > MAX_MEMBER_BYTES:
            yield Problem(member, "too_large", f"网页超过 {MAX_MEMBER_BYTES // MEBIBYTE} MiB 上限")
            continue
        record.freeze()
        if record.content_length < size or "Content-Length" not in record.headers:
            yield Problem(member, "broken_member", f"第 {number} 条记录不完整，其后不再读取")
            return
        record.parse_http(auto_decode="all")
        kind = (record.http_content_type or "text/html").lower()
        status = record.http_headers.status_code if record.http_headers else None
        if not kind.startswith(("text/html", "text/plain", "application/xhtml")) or (status or 200) // 100 != 2:
            continue  # a picture, a style sheet, a redirection, an error page
        raw = record.reader.read(MAX_MEMBER_BYTES + 1)
        if len(raw) > MAX_MEMBER_BYTES:  # the record was packed
            yield Problem(member, "too_large", f"网页超过 {MAX_MEMBER_BYTES // MEBIBYTE} MiB 上限")
            continue
        url = record.headers.get("WARC-Target-URI")
        raw = _in_charset(raw, record.http_charset)
        yield Member(member, url or str(number), raw, url, _time(record.headers.get("WARC-Date")))


def _in_charset(raw: bytes, charset: str | None) -> bytes:
    """A page in UTF-8 where only the server told its encoding, and it is one that bytes alone do not give away.

    The bytes are kept as they came wherever the parser reads them right by itself: UTF-8, the GB family, pages that declare.

    >>> _in_charset("臺北市".encode("big5"), "big5").decode()
    '臺北市'
    """
    try:
        codec = codecs.lookup(charset or "utf-8").name
        if codec in TOLD_BY_BYTES or b"charset" in raw[:4096].lower():
            return raw
        return raw.decode(codec).encode()
    except (LookupError, UnicodeError):
        return raw


def _refuse(uri: str, name: str, size: int, packed: int | None, count: int) -> Problem | None:
    """Say why a member may not be read, from its header alone."""
    if count >= MAX_MEMBERS:
        return Problem(uri, "too_many_members", f"压缩包成员超过 {MAX_MEMBERS} 个，其后不再读取")
    if len(name) > MAX_NAME:
        return Problem(uri[:MAX_NAME], "unsafe_name", f"成员名过长（{len(name)} 个字符）")
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or "\0" in name:
        return Problem(uri.replace("\0", ""), "unsafe_name", "成员名指向压缩包之外，已拒绝")
    if size > MAX_MEMBER_BYTES:
        return Problem(
            uri, "too_large", f"成员过大：{size / MEBIBYTE:.0f} MiB，上限 {MAX_MEMBER_BYTES // MEBIBYTE} MiB"
        )
    if packed is not None and size > MEBIBYTE and size > MAX_RATIO * max(packed, 1):
        return Problem(uri, "bomb", f"疑似压缩炸弹：解开后是压缩大小的 {size // max(packed, 1)} 倍")
    return None


def _is_junk(name: str) -> bool:
    """Whether a member is what an operating system leaves in archives, not a page.

    >>> _is_junk("__MACOSX/._a.txt"), _is_junk("a.txt")
    (True, False)
    """
    last = name.rstrip("/").rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or (last.startswith(".") and last != "..") or last == "Thumbs.db"


def _time(value: object) -> dt.datetime | None:
    """Read an ISO time (or seconds since 1970) as China Standard Time without a zone.

    >>> _time("2024-11-15T09:21:29Z")
    datetime.datetime(2024, 11, 15, 17, 21, 29)
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value, CHINA).replace(tzinfo=None)
        if isinstance(value, str):
            time = dt.datetime.fromisoformat(value.strip())
            return time.astimezone(CHINA).replace(tzinfo=None) if time.tzinfo else time
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
