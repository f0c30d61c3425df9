"""Writing to the lake: one transaction a shard over all tables, exactly once per content and parser version.

DuckLake has no unique constraints, so there is one writer at a time (``warehouse.locks``) and what is already there is
looked up inside the transaction that adds to it. A process killed at any moment leaves whole shards or nothing of them.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse import stories
from warehouse.catalog import ATTEMPTS, open_lake, retrying, writing
from warehouse.settings import Settings
from warehouse.tables import arrow_schema, fill, from_columns, now, one_each, table

__all__ = [
    "Shard",
    "ShardCounts",
    "ask",
    "begin_run",
    "end_run",
    "known_documents",
    "known_files",
    "read_raw",
    "write_shard",
]


def _empty(name: str) -> pa.Table:
    return arrow_schema(name).empty_table()


@dataclass(frozen=True, slots=True)
class Shard:
    """What is written in one transaction. Tables have the schemas of ``tables.arrow_schema``; unused ones stay empty."""

    parser_version: str
    raw: pa.Table = field(default_factory=lambda: _empty("raw"))
    documents: pa.Table = field(default_factory=lambda: _empty("documents"))
    metrics: pa.Table = field(default_factory=lambda: _empty("metrics"))
    rejects: pa.Table = field(default_factory=lambda: _empty("rejects"))
    files: pa.Table = field(default_factory=lambda: _empty("files"))


@dataclass(frozen=True, slots=True)
class ShardCounts:
    """What a shard changed. ``skipped`` counts documents that this parser version had already written."""

    raw: int = 0
    documents: int = 0
    metrics: int = 0
    replaced: int = 0
    skipped: int = 0
    rejects: int = 0
    files: int = 0

    def __add__(self, other: ShardCounts) -> ShardCounts:
        return ShardCounts(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def begin_run(settings: Settings, parser_version: str) -> str:
    """Open a run and return its id, which sorts by time."""
    started = now()
    run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"

    def work() -> None:
        with writing(settings, "登记运行") as lake:
            lake.execute(
                "insert into lake.runs (run_id, started_at, parser_version, run_status) values (?, ?, ?, 'running')",
                [run_id, started, parser_version],
            )

    retrying(work)
    return run_id


def end_run(
    settings: Settings,
    run_id: str,
    *,
    seen: int = 0,
    new: int = 0,
    documents: int = 0,
    metrics: int = 0,
    rejects: int = 0,
    run_status: str = "done",
    note: str | None = None,
    attempts: int = ATTEMPTS,
) -> None:
    """Close a run with its counts; the duration is taken from when it began."""
    ended = now()

    def work() -> None:
        with writing(settings, "结束运行") as lake:
            lake.execute(
                """
                update lake.runs
                set ended_at = ?, run_status = ?, seen = ?, new = ?, documents = ?, metrics = ?, rejects = ?, note = ?,
                    seconds = date_diff('millisecond', started_at, ?::timestamp) / 1000.0
                where run_id = ?
                """,
                [ended, run_status, seen, new, documents, metrics, rejects, note, ended, run_id],
            )

    retrying(work, attempts)


def ask(
    settings: Settings, query: str, values: Sequence[object] = (), document_ids: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Rows of the lake, with ``document_ids`` as the table ``asked``.

    Maintenance may merge a file away between the look into the catalog and the reading of it; then the question is asked again.
    """

    def work() -> list[tuple[Any, ...]]:
        lake = open_lake(settings)
        try:
            lake.register("asked", pa.table({"document_id": pa.array(document_ids, type=pa.string())}))
            return lake.execute(query, list(values)).fetchall()
        finally:
            lake.close()

    return retrying(work, also="cannot open file")


def known_files(settings: Settings, parser_version: str) -> dict[str, tuple[int, int]]:
    """The ledger: ``source_uri -> (size, mtime_ns)`` of what this parser version has read, the newest entry of each."""
    rows = ask(
        settings,
        """
        select source_uri, arg_max(size, seen_at), arg_max(mtime_ns, seen_at)
        from lake.files where parser_version = ? and size is not null and mtime_ns is not null
        group by source_uri
        """,
        [parser_version],
    )
    return {uri: (size, mtime) for uri, size, mtime in rows}


def known_documents(settings: Settings, parser_version: str, document_ids: Iterable[str]) -> set[str]:
    """Those of ``document_ids`` that this parser version has already read, into a document or a reject."""
    asked = sorted(set(document_ids))
    if not asked:
        return set()
    rows = ask(
        settings,
        """
        select document_id from asked where document_id in
            (select document_id from lake.documents where parser_version = $1
             union all select document_id from lake.files where parser_version = $1)
        """,
        [parser_version],
        asked,
    )
    return {row[0] for row in rows}


def read_raw(
    settings: Settings, other_than: str | None = None, batch: int = 200
) -> Iterator[list[tuple[str, str, bytes]]]:
    """The kept originals as batches of ``(document_id, source_uri, bytes)``, in the order of their ids.

    With ``other_than`` only those that this parser version has not read yet: what is left to do for a reparse.
    """
    ids = [
        row[0]
        for row in ask(
            settings,
            """
            select distinct document_id from lake.raw where $1 is null or document_id not in
                (select document_id from lake.documents where parser_version = $1
                 union all select document_id from lake.files where parser_version = $1 and document_id is not null)
            order by document_id
            """,
            [other_than],
        )
    ]
    for at in range(0, len(ids), batch):
        yield ask(
            settings,
            "select document_id, source_uri, bytes from lake.raw semi join asked using (document_id) order by document_id",
            document_ids=ids[at : at + batch],
        )


def write_shard(settings: Settings, run_id: str, shard: Shard) -> ShardCounts:
    """Write a shard in one transaction and say what it changed; what is already there is left alone.

    A document that another parser version wrote is replaced together with its metrics; its raw bytes and its story stay.
    """

    def work() -> ShardCounts:
        with writing(settings, f"写入运行 {run_id} 的分片") as lake:
            lake.execute("begin")
            counts = _write(lake, run_id, shard, now())
            # the snapshot carries the run's name, by which two runs can be compared later
            lake.execute("call ducklake_set_commit_message('lake', $1, 'shard')", [run_id])
            lake.execute("commit")
            return counts

    return retrying(work)


def _write(lake: duckdb.DuckDBPyConnection, run_id: str, shard: Shard, at: dt.datetime) -> ShardCounts:
    shard_id = int(_one(lake, "select coalesce(max(shard_id), 0) + 1 from lake.shards"))
    given = one_each(shard.documents, "document_id", "source_uri")
    known = {
        document_id: (version, story)
        for document_id, version, story in _of_documents(
            lake, "documents", "document_id, parser_version, story_id", given["document_id"]
        )
    }
    is_fresh = [
        each not in known or known[each][0] != shard.parser_version for each in given["document_id"].to_pylist()
    ]
    fresh = given if all(is_fresh) else given.filter(pa.array(is_fresh, type=pa.bool_()))
    replaced = [each for each in fresh["document_id"].to_pylist() if each in known]
    raw = _insert_raw(lake, shard.raw, at)
    documents = metrics = 0
    if fresh.num_rows:
        fresh = _assign_stories(lake, fresh, {document_id: known[document_id][1] for document_id in replaced})
        if replaced:
            _remove(lake, replaced, shard_id)
        wrote = {"parser_version": shard.parser_version, "shard_id": shard_id}
        documents = _insert(lake, "documents", fill(fresh, run_id=run_id, ingested_at=at, **wrote))
        metrics = _insert(lake, "metrics", fill(_of_fresh(shard.metrics, fresh), **wrote))
    rejects, first_rejects = _upsert_rejects(lake, shard.rejects, at) if shard.rejects.num_rows else (0, 0)
    ledger = one_each(shard.files, "source_uri", "mtime_ns", "document_id", last=True)
    files = _insert(
        lake, "files", fill(ledger, parser_version=shard.parser_version, run_id=run_id, seen_at=at, shard_id=shard_id)
    )
    if raw or documents or rejects or files:
        lake.execute(
            "insert into lake.shards values (?, ?, ?, ?, ?, ?)",
            [shard_id, run_id, at, documents, metrics, first_rejects],
        )
    return ShardCounts(raw, documents, metrics, len(replaced), given.num_rows - fresh.num_rows, rejects, files)


def _one(lake: duckdb.DuckDBPyConnection, query: str, values: Sequence[object] = ()) -> int:
    row = lake.execute(query, list(values)).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _of_documents(
    lake: duckdb.DuckDBPyConnection, name: str, listed: str, document_ids: pa.ChunkedArray
) -> list[tuple[Any, ...]]:
    """Columns of a table's rows about some documents."""
    lake.register("asked_ids", pa.table({"document_id": document_ids}))
    return lake.execute(f"select {listed} from lake.{name} semi join asked_ids using (document_id)").fetchall()


def _insert(lake: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> int:
    """Add rows as they are: prepared in memory, as what costs in a large statement here are sorts and joins of texts."""
    if rows.num_rows:
        lake.register("new_rows", rows)
        lake.execute(f"insert into lake.{name} ({_names(name)}) select {_names(name)} from new_rows")
    return int(rows.num_rows)


def _insert_raw(lake: duckdb.DuckDBPyConnection, given: pa.Table, at: dt.datetime) -> int:
    known = [row[0] for row in _of_documents(lake, "raw", "document_id", given["document_id"])]
    new = given.filter(pc.invert(pc.is_in(given["document_id"], pa.array(known, type=pa.string())))) if known else given
    new = one_each(new, "document_id", "source_uri")
    received = pc.coalesce(new["received_at"], pa.scalar(at, pa.timestamp("us")))
    return _insert(lake, "raw", fill(new, sha256=pc.coalesce(new["sha256"], new["document_id"]), received_at=received))


def _of_fresh(metrics: pa.Table, fresh: pa.Table) -> pa.Table:
    """The values of the documents that are written, with what they take from these."""
    row = pc.index_in(metrics["document_id"], value_set=fresh["document_id"].combine_chunks())
    if row.null_count:
        metrics, row = metrics.filter(pc.is_valid(row)), pc.drop_null(row)
    published = pc.coalesce(metrics["published_at"], fresh["published_at"].take(row))
    filled = fill(metrics, story_id=fresh["story_id"].take(row), published_at=published)
    return one_each(filled, "metric_id", "char_start", "value")


def _assign_stories(lake: duckdb.DuckDBPyConnection, fresh: pa.Table, kept: dict[str, str]) -> pa.Table:
    """The rows with their stories; the bands of stories that begin here are stored."""

    def stories_at(keys: stories.Keys) -> Iterable[tuple[int, str]]:
        lake.register("asked_bands", pa.table({"band": keys}))
        return lake.execute("select band, story_id from lake.bands semi join asked_bands using (band)").fetchall()

    def signatures_of(ids: list[str]) -> Iterable[tuple[str, bytes | None]]:
        return [
            (row[0], row[1])
            for row in _of_documents(lake, "documents", "document_id, signature", pa.chunked_array([ids]))
        ]

    # oldest first, so that a story's name does not depend on who parsed first
    ordered = fresh.select(["document_id", "signature", "published_at"]).sort_by(
        [("published_at", "ascending"), ("document_id", "ascending")]
    )
    pairs = list(zip(ordered["document_id"].to_pylist(), ordered["signature"].to_pylist(), strict=True))
    assigned = stories.assign(pairs, kept, stories_at, signatures_of)
    if assigned.bands:
        keys = np.concatenate([each for _, each in assigned.bands])
        order = np.argsort(keys, kind="stable")
        of = np.repeat(np.arange(len(assigned.bands)), [len(each) for _, each in assigned.bands])
        names = pa.array([story for story, _ in assigned.bands]).take(of[order])
        _insert(lake, "bands", from_columns("bands", len(keys), {"band": keys[order], "story_id": names}))
    return fill(fresh, story_id=[assigned.story_of[each] for each in fresh["document_id"].to_pylist()])


def _remove(lake: duckdb.DuckDBPyConnection, replaced: list[str], shard_id: int) -> None:
    lake.register("gone", pa.table({"document_id": pa.array(replaced, type=pa.string())}))
    lake.execute("delete from lake.metrics where document_id in (select document_id from gone)")
    lake.execute("delete from lake.documents where document_id in (select document_id from gone)")
    lake.execute("insert into lake.replaced select document_id, ? from gone", [shard_id])


def _upsert_rejects(lake: duckdb.DuckDBPyConnection, given: pa.Table, at: dt.datetime) -> tuple[int, int]:
    """Count a refusal seen before instead of repeating it; returns all and those never seen before."""
    key = ", ".join(table("rejects").key)
    lake.register("new_rejects", given)
    lake.execute(
        f"""
        create or replace temp table merged_rejects as
        with given as (
            select {key}, any_value(reason) as reason, count(*) as attempts from new_rejects group by {key}
        ), before as (
            select source_uri, document_id, stage, reason_code, min(first_seen) as first_seen, sum(attempts) as attempts
            from lake.rejects where source_uri in (select source_uri from given) group by {key}
        )
        select g.source_uri, g.document_id, g.stage, g.reason_code, g.reason,
            coalesce(b.first_seen, $1) as first_seen, $1::timestamp as last_seen,
            g.attempts + coalesce(b.attempts, 0) as attempts, b.source_uri is not null as again
        from given g left join before b on b.source_uri is not distinct from g.source_uri
            and b.document_id is not distinct from g.document_id
            and b.stage is not distinct from g.stage and b.reason_code is not distinct from g.reason_code
        """,
        [at],
    )
    all_of_them = _one(lake, "select count(*) from merged_rejects")
    again = _one(lake, "select count(*) from merged_rejects where again")
    if again:
        lake.execute(
            """
            delete from lake.rejects r where exists (
                select 1 from merged_rejects m where m.again and m.source_uri is not distinct from r.source_uri
                    and m.document_id is not distinct from r.document_id
                    and m.stage is not distinct from r.stage and m.reason_code is not distinct from r.reason_code)
            """
        )
    if all_of_them:
        lake.execute(
            f"insert into lake.rejects ({_names('rejects')}) select {_names('rejects')} from merged_rejects "
            f"order by {key}"
        )
    return all_of_them, all_of_them - again


def _names(name: str) -> str:
    return ", ".join(f'"{each}"' for each in table(name).stored)
