"""The published Parquet in parts that are written once: what a publish costs follows from what changed, not from the history.

A part holds the rows of a range of commits, sorted for scans. A publish links the parts it can keep from the publish before,
rewrites those in which a document was replaced, and writes the new commits as one more part; small parts at the end are
merged with it, so that their number grows with the logarithm of the rows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from warehouse.catalog import quote
from warehouse.tables import table

__all__ = ["PARTED", "Part", "choose_ranges", "link", "link_part", "plan", "sync", "touched", "write_part"]

PARTED = ("documents", "metrics")

DOCUMENTS_PER_PART = 1_000_000
"""Few and large parts, so that the values of a city and a year lie together and a question about them reads little else."""

MERGE_RATIO = 2
"""A part no larger than this many times what follows it is merged into it."""

ROW_GROUP = {"documents": 8_192, "metrics": 16_384}
"""Values are sorted by city and period: a row group is about one city in a large part, and is passed over when another is asked."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of the commits ``first`` to ``last``: how many, and what the checks of single rows found in them."""

    first: int
    last: int
    documents: int = 0
    metrics: int = 0
    checks: dict[str, Any] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """The name of its file in every table's folder."""
        return f"part-{self.first:08d}-{self.last:08d}.parquet"

    def to_json(self) -> dict[str, Any]:
        """The part as a manifest keeps it."""
        return asdict(self)


def choose_ranges(shards: Sequence[tuple[int, int]], limit: int = DOCUMENTS_PER_PART) -> list[tuple[int, int]]:
    """Cut commits ``(shard_id, documents)`` into ranges of at most ``limit`` documents (one commit is never cut).

    >>> choose_ranges([(1, 60), (2, 60), (3, 10)], limit=100)
    [(1, 1), (2, 3)]
    """
    ranges: list[tuple[int, int]] = []
    held = 0
    for shard_id, documents in shards:
        if ranges and held + documents <= limit:
            ranges[-1] = (ranges[-1][0], shard_id)
            held += documents
        else:
            ranges.append((shard_id, shard_id))
            held = documents
    return ranges


def plan(
    parts: Sequence[Part], dirty: set[int], shards: Sequence[tuple[int, int]], limit: int = DOCUMENTS_PER_PART
) -> tuple[list[Part], list[tuple[int, int]]]:
    """Which parts are kept as they are, and which ranges of commits are written; ``dirty`` holds first commits of spoilt parts.

    >>> old = [Part(1, 9, documents=900), Part(10, 10, documents=100)]
    >>> plan(old, set(), [(11, 100)])
    ([Part(first=1, last=9, documents=900, metrics=0, checks={})], [(10, 11)])
    """
    kept = list(parts)
    ranges: list[tuple[int, int]] = []
    fresh = [each for each in shards if each[1] > 0]
    if fresh:
        size = sum(documents for _, documents in fresh)
        first = fresh[0][0]
        last = fresh[-1][0]
        if size > limit:
            ranges = choose_ranges(fresh, limit)
        else:
            while kept and kept[-1].documents <= MERGE_RATIO * size and kept[-1].documents + size <= limit:
                absorbed = kept.pop()
                first, size = absorbed.first, size + absorbed.documents
            ranges = [(first, last)]
    rewritten = [(part.first, part.last) for part in kept if part.first in dirty]
    return [part for part in kept if part.first not in dirty], rewritten + ranges


def touched(
    connection: duckdb.DuckDBPyConnection, folder: Path, parts: Sequence[Part], gone: Sequence[str]
) -> set[int]:
    """The first commits of the parts that hold a document whose rows have been replaced since."""
    if not gone or not parts:
        return set()
    by_file = {part.file_name: part.first for part in parts}
    pattern = quote(str(folder / "documents" / "*.parquet"))
    rows = connection.execute(
        f"select distinct parse_filename(filename) from read_parquet({pattern}, filename = true) "
        "where document_id in (select unnest(?))",
        [list(gone)],
    ).fetchall()
    return {by_file[row[0]] for row in rows if row[0] in by_file}


def write_part(lake: duckdb.DuckDBPyConnection, folder: Path, first: int, last: int) -> Part:
    """Write the rows of some commits, as they are now, into the folders of their tables."""
    part = Part(first, last)
    counts: dict[str, int] = {}
    for name in PARTED:
        listed = ", ".join(f'"{each}"' for each in table(name).columns)
        order = ", ".join(table(name).sort)
        path = folder / name / part.file_name
        row = lake.execute(
            f"copy (select {listed} from lake.{name} where shard_id between {first} and {last} order by {order}) "
            f"to {quote(str(path))} (format parquet, compression zstd, row_group_size {ROW_GROUP[name]})"
        ).fetchone()
        counts[name] = int(row[0]) if row else 0
    if not counts["documents"]:  # all of it has been replaced; an empty file helps nobody
        for name in PARTED:
            (folder / name / part.file_name).unlink(missing_ok=True)
    return replace(part, documents=counts["documents"], metrics=counts["metrics"])


def link_part(source: Path, target: Path, part: Part) -> None:
    """Take a part over from an earlier publish: the same file under a second name, a copy where links are impossible."""
    for name in PARTED:
        link(source / name / part.file_name, target / name / part.file_name)


def link(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system cannot, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk before something points at it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
