"""What the soak does to a warehouse, each in a process of its own that may be killed at any moment; and what must then be true.

Processes come from a fork server that has the modules loaded but nothing open, so that a kill costs the chore and not the start.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import flows.load
import flows.pieces
import flows.work
from parsers import parse
from tests.conftest import page
from warehouse.catalog import open_lake
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.query import connect
from warehouse.settings import Settings

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload([__name__])

CHORES = ("ingest", "ingest", "ingest", "publish", "publish", "maintain", "reparse")
"""What may be killed, as often as it is named here."""

READ = """
select
    (select number from publish_info), (select count(*) from documents), (select count(distinct document_id) from documents),
    (select count(*) from metrics), (select count(distinct metric_id) from metrics),
    (select count(*) from metrics anti join documents using (document_id)),
    (select count(*) from city_facts anti join metrics using (metric_id)),
    (select count(*) from (select distinct fact_id from fact_vintages) as v full join city_facts using (fact_id)
        where v.fact_id is null or city_facts.fact_id is null)
"""

KEPT = """
select
    (select count(*) from lake.documents), (select count(distinct document_id) from lake.documents),
    (select count(*) from lake.raw), (select count(distinct document_id) from lake.raw),
    (select count(*) from lake.documents anti join lake.raw using (document_id)),
    (select count(*) from lake.documents anti join lake.files using (document_id)),
    (select count(*) from lake.metrics), (select count(distinct metric_id) from lake.metrics),
    (select count(*) from lake.metrics as m anti join lake.documents as d
        on m.document_id = d.document_id and m.parser_version = d.parser_version and m.shard_id = d.shard_id)
"""


def fill(inbox: Path, first: int, last: int) -> None:
    """Put pages into the inbox, each with a content of its own."""
    for number in range(first, last):
        (inbox / f"{number:05d}.txt").write_text(page(number), encoding="utf-8")


def expected(first: int, last: int) -> dict[str, int]:
    """How many values each page has, asked of the parser itself."""
    found = {}
    for number in range(first, last):
        parsed = parse(page(number).encode(), f"{number:05d}.txt")
        assert parsed.document is not None
        found[parsed.document.document_id] = len(parsed.metrics)
    return found


def do(chore: str, home: Path, inbox: Path, version: str, started: Connection | None = None) -> None:
    """Do one chore to its end, as a process of its own would."""
    settings = Settings(home=home, lock_wait_seconds=120, publish_grace_hours=0.1)
    modules = (flows.load, flows.pieces, flows.work)
    before = [vars(module)["PARSER_VERSION"] for module in modules]
    try:
        for module in modules:
            module.PARSER_VERSION = version  # type: ignore[attr-defined]
        if started is not None:
            started.send("started")
        if chore == "ingest":
            flows.load.ingest(settings, [inbox], executor="inline", shard_bytes=1)
        elif chore == "reparse":
            flows.load.reparse(settings, executor="inline", shard_bytes=1)
        elif chore == "publish":
            publish(settings)
        else:
            maintain(settings, retention_days=1)
    finally:  # the tests call this in their own process too
        for module, old in zip(modules, before, strict=True):
            module.PARSER_VERSION = old  # type: ignore[attr-defined]


def read(home: Path, pipe: Connection) -> None:
    """Read what is published, again and again until told to stop; say how often and how many publishes were seen."""
    settings = Settings(home=home)
    reads, numbers = 0, set()
    while not pipe.poll(0.05):
        with connect(settings) as connection:
            ((number, documents, ids, metrics, metric_ids, orphans, lost, left_out),) = connection.execute(
                READ
            ).fetchall()
        assert (documents, metrics, orphans, lost, left_out) == (ids, metric_ids, 0, 0, 0), (
            f"publish {number}: {documents, ids, metrics, metric_ids, orphans, lost, left_out}"
        )
        reads += 1
        numbers.add(number)
    pipe.send((reads, len(numbers)))


def start(target: object, *arguments: object) -> BaseProcess:
    """A process that does one thing."""
    process = context.Process(target=target, args=arguments)  # type: ignore[arg-type]
    process.start()
    return process


def whole(settings: Settings) -> dict[str, int]:
    """That nothing in the lake is doubled or half there; how many values each document has."""
    lake = open_lake(settings)
    try:
        ((documents, ids, raw, raw_ids, no_raw, no_file, metrics, metric_ids, orphans),) = lake.execute(KEPT).fetchall()
        counts = dict(
            lake.execute(
                "select d.document_id, count(m.metric_id) from lake.documents as d "
                "left join lake.metrics as m on d.document_id = m.document_id group by d.document_id"
            ).fetchall()
        )
    finally:
        lake.close()
    assert (documents, raw, metrics) == (ids, raw_ids, metric_ids), "doubled"
    assert (no_raw, no_file, orphans) == (0, 0, 0), "half"
    return counts
