"""Parse a chunk of files into Arrow tables: the unit of work that runs in this process, in a pool, or on a cluster.

Imports nothing of Prefect and nothing of the lake, so that a worker starts fast and needs no access to the catalog.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from flows.remote import NotReachable, is_url, open_url, words
from parsers import MAX_BYTES, PARSER_VERSION, Parsed, Reject, parse
from parsers.model import Metric
from warehouse.tables import arrow_schema, from_columns, now, table, to_arrow

__all__ = ["TABLES", "Batch", "Item", "empty_batch", "join", "parse_chunk", "reject_rows", "warm_up"]

READ_AT_ONCE = 16
TABLES = ("raw", "documents", "metrics", "rejects", "files")

DOCUMENT_COLUMNS = tuple(
    name
    for name in table("documents").stored
    if name not in {"story_id", "source_uri", "parser_version", "run_id", "ingested_at", "shard_id"}
)


@dataclass(frozen=True, slots=True)
class Item:
    """One page to read: a file by its path or address, or bytes already in hand (a member of an archive, a row of the warehouse).

    ``name`` is what the parser is told (a page's address or its file name); ``in_ledger`` is false where the bytes come
    from the warehouse itself.
    """

    source_uri: str
    name: str
    size: int
    mtime_ns: int
    path: str | None = None
    raw: bytes | None = None
    received_at: dt.datetime | None = None
    in_ledger: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows of one or many chunks, ready for the lake."""

    raw: pa.Table
    documents: pa.Table
    metrics: pa.Table
    rejects: pa.Table
    files: pa.Table
    size: int = 0


def parse_chunk(items: Sequence[Item]) -> Batch:
    """Read and parse some files; whatever cannot be read becomes a row of ``rejects``.

    >>> parse_chunk([Item("/no/such.txt", "such.txt", 1, 0, path="/no/such.txt")]).rejects["reason_code"].to_pylist()
    ['missing']
    """
    time = now()
    raws: list[dict[str, Any]] = []
    documents: list[dict[str, Any]] = []
    metrics: list[Metric] = []
    rejects: list[dict[str, Any]] = []
    files: list[dict[str, Any]] = []
    size = 0
    for item, (raw, refused) in zip(items, _read_all(items), strict=True):
        if raw is None:
            rejects.append(_reject_row(item.source_uri, refused, time))
            continue
        size += len(raw)
        parsed = Parsed(None, (), refused) if refused else parse(raw, item.name)
        document_id = parsed.document.document_id if parsed.document else parsed.reject and parsed.reject.document_id
        if item.in_ledger:
            files.append(
                {
                    "source_uri": item.source_uri,
                    "size": item.size,
                    "mtime_ns": item.mtime_ns,
                    "document_id": document_id,
                    "parser_version": PARSER_VERSION,
                    "seen_at": time,
                }
            )
        if parsed.document is None:
            rejects.append(_reject_row(item.source_uri, parsed.reject, time))
        else:
            documents.append(_document_row(parsed, item, time))
            metrics.extend(parsed.metrics)
        if parsed.document is not None or raw:  # refused bytes are kept too: a better parser may read them
            raws.append(
                {
                    "document_id": document_id,
                    "source_uri": item.source_uri,
                    "size": len(raw),
                    "sha256": document_id,
                    "received_at": item.received_at or time,
                    "bytes": raw,
                }
            )
    return Batch(
        to_arrow("raw", raws),
        to_arrow("documents", documents),
        _metric_table(metrics),
        to_arrow("rejects", rejects),
        to_arrow("files", files),
        size,
    )


def _read_all(items: Sequence[Item]) -> Iterator[tuple[bytes | None, Reject | None]]:
    """Read items one by one; those that lie elsewhere several at once, as the time goes into waiting for the first byte."""
    if not any(is_url(item.path) for item in items if item.path):
        yield from map(_read, items)
        return
    with ThreadPoolExecutor(READ_AT_ONCE) as readers:
        yield from readers.map(_read, items)


def _read(item: Item) -> tuple[bytes | None, Reject | None]:
    """The bytes of an item; without bytes, the reject that says why."""
    if item.raw is not None:
        return item.raw, None
    if item.path and is_url(item.path):
        return _fetch(item, item.path)
    try:
        with open(item.path or "", "rb") as file:  # noqa: PTH123 - as fast as it gets
            before = os.fstat(file.fileno())
            if before.st_size > MAX_BYTES:
                return None, _too_large(before.st_size)
            raw = file.read(MAX_BYTES + 1)
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        return None, Reject(None, "read", "missing", "文件已不存在")
    except PermissionError:
        return None, Reject(None, "read", "unreadable", "没有读取权限")
    except IsADirectoryError:
        return None, Reject(None, "read", "is_directory", "这是一个目录，不是文件")
    except OSError as error:
        return None, Reject(None, "read", "unreadable", f"无法读取：{error.strerror or error}")
    if (after.st_size, after.st_mtime_ns) != (item.size, item.mtime_ns) or len(raw) != item.size:
        # half a page would become a document of its own; left out of the ledger, the next run reads it whole
        return None, Reject(None, "read", "changing", "文件正在写入，下次运行再读")
    return raw, None


def _fetch(item: Item, url: str) -> tuple[bytes | None, Reject | None]:
    if item.size > MAX_BYTES:
        return None, _too_large(item.size)
    try:
        with open_url(url) as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, Reject(None, "read", "missing", "文件已不存在")
    except NotReachable as error:
        return None, Reject(None, "read", error.code, error.reason)
    except (OSError, ValueError) as error:
        return None, Reject(None, "read", "unreadable", f"无法读取：{words(error)}")
    if item.size and len(raw) != item.size:
        return None, Reject(None, "read", "changing", "文件正在写入，下次运行再读")
    return raw, None


def _too_large(size: int) -> Reject:
    return Reject(None, "read", "too_large", f"文件过大：{size >> 20} MiB，上限 {MAX_BYTES >> 20} MiB")


def _document_row(parsed: Parsed, item: Item, time: dt.datetime) -> dict[str, Any]:
    document = parsed.document
    row = {name: getattr(document, name) for name in DOCUMENT_COLUMNS}
    row["source_uri"] = item.source_uri
    row["parser_version"] = PARSER_VERSION
    row["ingested_at"] = time
    return row


def _metric_table(metrics: Sequence[Metric]) -> pa.Table:
    """Values column by column, as there are many; what they take from their document, the lake fills in."""
    return from_columns("metrics", len(metrics), dict(zip(Metric._fields, zip(*metrics, strict=True), strict=False)))


def _reject_row(source_uri: str, reject: Reject | None, time: dt.datetime) -> dict[str, Any]:
    reject = reject or Reject(None, "parse", "internal_error", "解析程序没有给出结果")
    return {
        "source_uri": source_uri,
        "document_id": reject.document_id,
        "stage": reject.stage,
        "reason_code": reject.reason_code,
        "reason": reject.reason,
        "first_seen": time,
        "last_seen": time,
        "attempts": 1,
    }


def reject_rows(refused: Iterable[tuple[str, Reject]]) -> pa.Table:
    """Rows of ``rejects`` for sources that never came to be parsed."""
    time = now()
    return to_arrow("rejects", [_reject_row(uri, reject, time) for uri, reject in refused])


def join(batches: Sequence[Batch]) -> Batch:
    """Put batches together in their order, copying nothing.

    >>> join([]).documents.num_rows
    0
    """
    tables = {name: pa.concat_tables([getattr(batch, name) for batch in batches] or [_none(name)]) for name in TABLES}
    return Batch(**tables, size=sum(batch.size for batch in batches))


def empty_batch(**tables: pa.Table) -> Batch:
    """A batch of the given tables, the others empty.

    >>> empty_batch().size
    0
    """
    return replace(join([]), **tables)


def _none(name: str) -> pa.Table:
    return arrow_schema(name).empty_table()


def warm_up() -> None:
    """Load the knowledge tables once, before the first chunk is timed."""
    parse("某市去年生产总值100亿元，增长5%。".encode(), "warm-up.txt")
