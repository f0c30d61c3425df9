"""Read what is new and commit it shard by shard: the whole of an ingest or a reparse, with no Prefect in sight.

While one shard is written the first pages of the next are being parsed; memory holds no more than that, however long the run.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flows.discover import Found, Problem, discover
from flows.executors import Executor, Pending, make_executor
from flows.pieces import Piece, found_pieces, from_warehouse
from flows.work import Batch, Item, empty_batch, join, reject_rows
from parsers import PARSER_VERSION
from parsers.model import Reject
from warehouse.catalog import ATTEMPTS
from warehouse.lake import Shard, ShardCounts, ask, begin_run, end_run, known_files, read_raw, write_shard
from warehouse.settings import Settings
from warehouse.tables import to_arrow

__all__ = ["Commit", "IngestResult", "Plan", "Progress", "ingest", "outdated", "reparse"]

SHARD_BYTES = 8 * 1024 * 1024
SHARD_FILES = 4000
AHEAD = 2
"""A shard is written once one part in so many of the next has been handed to the workers: enough to keep them busy meanwhile."""
CHUNK_BYTES = 512 * 1024
CHUNK_FILES = 64
COUNTED_AHEAD = 500_000
"""So many new files are counted before reading begins, for a bar that knows its end; of more the end is not known."""
SHOWN_PROBLEMS = 200


@dataclass(slots=True)
class Progress:
    """How far a run is; ``total`` is None while the walk still goes on."""

    total: int | None = None
    files: int = 0
    bytes: int = 0
    documents: int = 0
    metrics: int = 0
    rejects: int = 0
    shards: int = 0


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What a run did. ``run_id`` is None when there was nothing to do, and then nothing was written."""

    run_id: str | None
    seen: int = 0
    known: int = 0
    passed_over: int = 0
    new: int = 0
    members: int = 0
    bytes: int = 0
    documents: int = 0
    metrics: int = 0
    replaced: int = 0
    skipped: int = 0
    rejects: int = 0
    shards: int = 0
    seconds: float = 0.0
    problems: tuple[tuple[str, str, str], ...] = ()
    """(source_uri, reason_code, reason) of the first 200 rejects. ``new`` counts pages that were read, ``members`` those of archives."""


@dataclass(slots=True)
class Plan:
    """A shard under way: chunks that are being parsed, and rows that need no parsing."""

    number: int
    chunks: list[Pending] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    refused: list[tuple[str, Reject]] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    bytes: int = 0
    files: int = 0

    def __bool__(self) -> bool:
        return bool(self.chunks or self.refused or self.ledger)


Commit = Callable[[int, Callable[[], ShardCounts]], ShardCounts]
"""Calls ``work()`` for shard ``number``; a scheduler wraps this to retry and to record it."""
OnProgress = Callable[[Progress], None]


def _just_do_it(_number: int, work: Callable[[], ShardCounts]) -> ShardCounts:
    return work()


def _quiet(_progress: Progress) -> None:
    pass


def ingest(
    settings: Settings,
    sources: Iterable[str | os.PathLike[str]],
    *,
    executor: str = "auto",
    workers: int | None = None,
    shard_bytes: int = SHARD_BYTES,
    settle_seconds: float = 0.0,
    modified: tuple[float, float] | None = None,
    commit: Commit = _just_do_it,
    on_progress: OnProgress = _quiet,
) -> IngestResult:
    """Read every new file of ``sources`` into the warehouse, each exactly once; a killed run is simply run again.

    Files changed in the last ``settle_seconds`` are left for the next run, as someone may still be writing them.
    ``modified`` takes only files changed within these two times (seconds since 1970).
    """
    started = time.perf_counter()
    known = known_files(settings, PARSER_VERSION)
    tally: dict[str, int] = {}
    walk: Iterator[Found | Problem] = discover(sources, known, skip={str(settings.home.absolute())}, tally=tally)
    if settle_seconds or modified:
        latest = time.time() - settle_seconds
        first, last = modified or (0.0, latest)
        walk = _within(walk, first * 1e9, min(last, latest) * 1e9)
    ahead, walk, total = _count(walk)
    progress = Progress(total=total)
    on_progress(progress)
    if not ahead:
        return _nothing(tally, started)
    pieces = found_pieces(settings, walk, set(known.values()))
    run = _Run(settings, make_executor(executor, workers), commit, on_progress, progress)
    return run.carry_out(pieces, shard_bytes, tally, started)


def reparse(
    settings: Settings,
    *,
    executor: str = "auto",
    workers: int | None = None,
    shard_bytes: int = SHARD_BYTES,
    commit: Commit = _just_do_it,
    on_progress: OnProgress = _quiet,
) -> IngestResult:
    """Read the kept originals again with the parser of today, replacing rows document by document.

    Only what this parser version has not read is read, so an interrupted reparse goes on where it stopped.
    """
    started = time.perf_counter()
    batches = read_raw(settings, PARSER_VERSION)
    first = next(batches, None)
    progress = Progress()
    on_progress(progress)
    tally = {"seen": 0, "known": 0, "passed_over": 0}
    if first is None:
        return _nothing(tally, started)
    run = _Run(settings, make_executor(executor, workers), commit, on_progress, progress)
    return run.carry_out(from_warehouse(settings, first, batches, tally), shard_bytes, tally, started)


def outdated(settings: Settings) -> int:
    """How many documents were last read by another version of the parser than this one; nothing where there is no warehouse."""
    if settings.catalog_file is not None and not settings.catalog_file.exists():
        return 0
    rows = ask(settings, "select count(*) from lake.documents where parser_version <> ?", [PARSER_VERSION])
    return int(rows[0][0])


def _within(walk: Iterator[Found | Problem], first_ns: float, last_ns: float) -> Iterator[Found | Problem]:
    for found in walk:
        if isinstance(found, Problem) or first_ns <= found.mtime_ns <= last_ns:
            yield found


def _count(walk: Iterator[Found | Problem]) -> tuple[bool, Iterator[Found | Problem], int | None]:
    """Walk ahead as far as memory allows: is there anything, all of it, and how much (None: more than was counted)."""
    ahead = []
    for found in walk:
        ahead.append(found)
        if len(ahead) >= COUNTED_AHEAD:
            break
    else:
        return bool(ahead), iter(ahead), len(ahead)

    def all_of_it() -> Iterator[Found | Problem]:
        yield from ahead
        ahead.clear()
        yield from walk

    return True, all_of_it(), None


class _Run:
    """One run: cuts the pages into chunks and shards, keeps the workers busy, commits in order."""

    def __init__(
        self, settings: Settings, pool: Executor, commit: Commit, on_progress: OnProgress, progress: Progress
    ) -> None:
        self.settings = settings
        self.pool = pool
        self.commit = commit
        self.on_progress = on_progress
        self.progress = progress
        self.counts = ShardCounts()
        self.problems: list[tuple[str, str, str]] = []
        self.run_id = ""
        self.read = 0
        self.members = 0

    def carry_out(
        self, pieces: Iterator[Piece], shard_bytes: int, tally: dict[str, int], started: float
    ) -> IngestResult:
        try:
            self.run_id = begin_run(self.settings, PARSER_VERSION)
            try:
                for plan in self._plans(pieces, shard_bytes):
                    self._commit(plan)
            except BaseException as error:
                with contextlib.suppress(Exception):  # what stopped the run may stop this too; the first reason is told
                    self._end(tally, "failed", f"{type(error).__name__}: {error}"[:500], attempts=1)
                raise
            self._end(tally, "done", None)
        finally:
            self.pool.close()
        return _result(self, tally, started)

    def _end(self, tally: dict[str, int], status: str, note: str | None, attempts: int = ATTEMPTS) -> None:
        end_run(
            self.settings,
            self.run_id,
            seen=tally["seen"],
            new=self.read,
            documents=self.counts.documents,
            metrics=self.counts.metrics,
            rejects=self.progress.rejects,
            run_status=status,
            note=note,
            attempts=attempts,
        )

    def _plans(self, pieces: Iterator[Piece], shard_bytes: int) -> Iterator[Plan]:
        """The shards one after the other, each when the next has begun."""
        plan, chunk, weight = Plan(1), list[Item](), 0
        whole: Plan | None = None
        for piece in pieces:
            if isinstance(piece, Item):
                chunk.append(piece)
                weight += piece.size
                if weight >= CHUNK_BYTES or len(chunk) >= CHUNK_FILES:
                    self._submit(plan, chunk, weight)
                    chunk, weight = [], 0
            elif isinstance(piece, dict):
                plan.ledger.append(piece)
            else:
                plan.refused.append(piece)
            if plan.bytes >= shard_bytes or plan.files >= SHARD_FILES or len(plan.ledger) >= SHARD_FILES * 10:
                if chunk:  # a page and its row in the ledger belong into one transaction
                    self._submit(plan, chunk, weight)
                    chunk, weight = [], 0
                if whole:
                    yield whole
                whole, plan = plan, Plan(plan.number + 1)
            elif whole and (plan.bytes * AHEAD >= shard_bytes or plan.files * AHEAD >= SHARD_FILES):
                yield whole
                whole = None
        if chunk:
            self._submit(plan, chunk, weight)
        if whole:
            yield whole
        if plan:
            yield plan

    def _submit(self, plan: Plan, chunk: Sequence[Item], weight: int) -> None:
        plan.chunks.append(self.pool.submit(chunk))
        plan.sizes.append(len(chunk))
        self.read += len(chunk)
        self.members += sum(item.raw is not None and item.in_ledger for item in chunk)
        plan.bytes += weight
        plan.files += len(chunk)

    def _commit(self, plan: Plan) -> None:
        gathered: list[Batch] = []

        def work() -> ShardCounts:
            if not gathered:  # a retry writes again, it does not parse again
                gathered.append(self._gather(plan))
            batch = gathered[0]
            shard = Shard(PARSER_VERSION, batch.raw, batch.documents, batch.metrics, batch.rejects, batch.files)
            return write_shard(self.settings, self.run_id, shard)

        self.counts = self.counts + self.commit(plan.number, work)
        self._note_problems(gathered[0])
        self.progress.shards += 1
        self.on_progress(self.progress)

    def _gather(self, plan: Plan) -> Batch:
        batches = []
        for pending, files in zip(plan.chunks, plan.sizes, strict=True):
            batch = pending.result()
            batches.append(batch)
            self._count(batch, files)
        extra = empty_batch(rejects=reject_rows(plan.refused), files=to_arrow("files", plan.ledger))
        self._count(extra, len(plan.refused))
        plan.chunks.clear()
        return join([*batches, extra])

    def _count(self, batch: Batch, files: int) -> None:
        progress = self.progress
        progress.files += files
        progress.bytes += batch.size
        progress.documents += batch.documents.num_rows
        progress.metrics += batch.metrics.num_rows
        progress.rejects += batch.rejects.num_rows
        self.on_progress(progress)

    def _note_problems(self, batch: Batch) -> None:
        room = SHOWN_PROBLEMS - len(self.problems)
        for row in batch.rejects.slice(0, max(room, 0)).to_pylist():
            self.problems.append((row["source_uri"], row["reason_code"], row["reason"]))


def _nothing(tally: dict[str, int], started: float) -> IngestResult:
    return IngestResult(
        None, tally["seen"], tally["known"], tally["passed_over"], seconds=time.perf_counter() - started
    )


def _result(run: _Run, tally: dict[str, int], started: float) -> IngestResult:
    progress, counts = run.progress, run.counts
    return IngestResult(
        run.run_id,
        seen=tally["seen"],
        known=tally["known"],
        passed_over=tally["passed_over"],
        new=run.read,
        members=run.members,
        bytes=progress.bytes,
        documents=counts.documents,
        metrics=counts.metrics,
        replaced=counts.replaced,
        skipped=counts.skipped,
        rejects=progress.rejects,
        shards=progress.shards,
        seconds=time.perf_counter() - started,
        problems=tuple(run.problems),
    )
