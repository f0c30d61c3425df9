"""The facts chosen once, at publish, so that no reader weighs sources again: ``city_facts`` and ``conflicts`` as plain Parquet.

They lie in leaves: files that each hold some cities of a year, or some years, in the order of years. So a ranking of one year
reads a few files and passes the others over, and the news of a month, which speak of this year and the last, change few of them.
A publish chooses anew only among the values of a city, an indicator and a year of which something was said since the publish
before, and rewrites only the leaves that hold them; every other leaf is the same file as before. So the folder is plain and
current, and its cost follows from what changed.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse import quality, views
from warehouse.catalog import new_connection, quote
from warehouse.parts import link
from warehouse.settings import Settings

__all__ = ["TABLE", "Changed", "Leaf", "choose_leaves", "write_facts"]

TABLE = "city_facts"

Changed = tuple[str, str, int]
"""A city's code, an indicator and a year: the least among whose values the choice is made anew."""

LEAVES = 500
"""About so many leaves at most: each is a file that a question over all cities opens."""

LEAST_ROWS = 10_000
"""A leaf of fewer facts than this is not worth a file of its own."""

BYTES_PER_VALUE = 2_000
"""What a value that is weighed takes in memory, with its sentence and all that is made of it."""

KEY = "concat(lpad(year({0}period_end)::varchar, 4, '0'), '-', {0}city_code)"
"""What leaves are cut by: a city's year is never in two of them."""

VALUE_KEY = KEY.replace("city_code", "region_code")

ORDER = {
    TABLE: "indicator_id, kind, period_end, period_type, fact_id",
    "conflicts": "indicator_id, kind, fact_id, other_metric_id",
}
"""The order of rows within a city's year."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """The facts from the key ``first`` on to the next leaf: how many, and what the checks found in them."""

    first: str = ""
    rows: int = 0
    checks: dict[str, Any] = field(default_factory=dict)

    @property
    def file_name(self) -> str:
        """The name of its file in the folder of each table."""
        return f"facts-{self.first or 'first'}.parquet"

    def to_json(self) -> dict[str, Any]:
        """The leaf as a manifest keeps it."""
        return asdict(self)


def choose_leaves(sizes: Sequence[tuple[str, int]], limit: int, first: str = "") -> list[tuple[str, int]]:
    """Cut keys with their rows into leaves of at most ``limit`` rows (one key is never cut); the first begins at ``first``.

    >>> choose_leaves([("2023-110000", 60), ("2023-120000", 60), ("2024-110000", 10)], limit=100)
    [('', 60), ('2023-120000', 70)]
    """
    leaves = [(first, 0)]
    for key, rows in sizes:
        begin, held = leaves[-1]
        if held and held + rows > limit:
            leaves.append((key, rows))
        else:
            leaves[-1] = (begin, held + rows)
    return leaves


def write_facts(
    settings: Settings,
    folder: Path,
    before: Path | None,
    leaves: Sequence[Leaf],
    changed: Collection[Changed] | None,
) -> list[Leaf]:
    """Choose the facts of the publish in ``folder`` into folders beside its tables; returns the leaves.

    ``before`` is the folder of the publish before, ``leaves`` are its leaves, and ``changed`` says of what something was said
    since; without them all facts are chosen anew.
    """
    for name in views.CHOSEN:
        (folder / name).mkdir()
    with new_connection() as connection:
        connection.execute(f"set memory_limit = {quote(settings.memory_limit)}")
        connection.execute(f"set temp_directory = {quote(str(settings.home / 'tmp'))}")
        connection.execute("set parquet_metadata_cache = true")
        views.create_base_views(connection, folder)
        connection.execute(views.mart_sql("choice"))
        if before is None or changed is None:
            sizes = _sizes(connection)
            limit = max(LEAST_ROWS, sum(rows for _, rows in sizes) // LEAVES)
            jobs = [_Job(Leaf(first, rows), rows) for first, rows in choose_leaves(sizes, limit)]
            kept: list[Leaf] = []
        else:
            limit = max(LEAST_ROWS, sum(leaf.rows for leaf in leaves) // LEAVES)
            _note(connection, changed)
            jobs, kept = _touched(leaves, changed)
            for leaf in kept:
                for name in views.CHOSEN:
                    if (before / name / leaf.file_name).exists():
                        link(before / name / leaf.file_name, folder / name / leaf.file_name)
        firsts = sorted(leaf.first for leaf in (*kept, *(job.leaf for job in jobs)))
        ends = dict(zip(firsts, [*firsts[1:], None], strict=True))
        at_once = _bytes_allowed(connection) // BYTES_PER_VALUE
        writer = _Writer(connection, folder, before if changed is not None else None, ends, limit, at_once)
        return sorted([*kept, *writer.write(jobs)], key=lambda leaf: leaf.first)


@dataclass(frozen=True, slots=True)
class _Job:
    """A leaf to write: about how many values are weighed for it, and the cities and years that changed, if not all."""

    leaf: Leaf
    values: int
    asked: tuple[tuple[str, int], ...] = ()


def _bytes_allowed(connection: duckdb.DuckDBPyConnection) -> int:
    """The memory limit in bytes; DuckDB tells it as 488.2 MiB."""
    row = connection.execute("select current_setting('memory_limit')").fetchone()
    number, unit = str(row[0] if row else "").split()
    return int(float(number) * 1024 ** ("bytes", "KiB", "MiB", "GiB", "TiB").index(unit))


def _sizes(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """How many values there are of every city and year."""
    return connection.execute(
        f"select {VALUE_KEY.format('m.')} as key, count(*) from metrics as m "
        "where m.region_code is not null and m.indicator_id is not null and m.period_end is not null group by key order by key"
    ).fetchall()


def _note(connection: duckdb.DuckDBPyConnection, changed: Collection[Changed]) -> None:
    """Put what changed into the database."""
    columns = [list(column) for column in zip(*sorted(changed), strict=True)] or [[], [], []]
    connection.execute("create temp table changed (city_code varchar, indicator_id varchar, year bigint)")
    connection.execute("insert into changed select unnest(?), unnest(?), unnest(?)", columns)


def _touched(leaves: Sequence[Leaf], changed: Collection[Changed]) -> tuple[list[_Job], list[Leaf]]:
    """The leaves in which something changed, with the cities and years that did, and the others."""
    firsts = [leaf.first for leaf in leaves]
    found: dict[int, set[tuple[str, int]]] = {}
    for city, _, year in changed:
        at = bisect.bisect_right(firsts, f"{year:04d}-{city}") - 1
        found.setdefault(at, set()).add((city, year))
    jobs = [_Job(leaves[at], leaves[at].rows, tuple(sorted(found[at]))) for at in sorted(found)]
    return jobs, [leaf for at, leaf in enumerate(leaves) if at not in found]


def _within(key: str, first: str, end: str | None) -> str:
    return f"{key} >= {quote(first)}" + (f" and {key} < {quote(end)}" if end is not None else "")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes leaves, some at once: fetches their values, chooses among them, joins what stays of the publish before."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    before: Path | None
    ends: Mapping[str, str | None]
    limit: int
    at_once: int

    def write(self, jobs: Sequence[_Job]) -> list[Leaf]:
        """Write the leaves; returns them as they are now."""
        written: list[Leaf] = []
        together: list[_Job] = []
        for job in jobs:
            together.append(job)
            if sum(each.values for each in together) >= self.at_once or job is jobs[-1]:
                written += self._write_together(together)
                together = []
        return written

    def _write_together(self, jobs: Sequence[_Job]) -> list[Leaf]:
        self._make("given", "select m.* from metrics as m limit 0")
        if self.before is None:
            self._fetch_all(jobs[0].leaf.first, self.ends[jobs[-1].leaf.first])
        else:
            for job in jobs:
                self._fetch_changed(job)
        self._choose()
        self.connection.execute("drop table told")
        for name in views.CHOSEN:
            self._join(name, jobs)
            self.connection.execute(f"drop table fresh_{name}")
        self.connection.execute(f"create or replace temp view city_facts as from held_{TABLE}")
        found = quality.found_by_key(self.connection)
        return [leaf for job in jobs for leaf in self._write_leaf(job.leaf, found)]

    def _make(self, name: str, sql: str) -> None:
        self.connection.execute(f"create or replace temp table {name} as {sql}")

    def _fetch_all(self, first: str, end: str | None) -> None:
        """The values of neighbouring leaves; the bare range of days lets whole row groups be passed over."""
        self._make(
            "given",
            "select m.* from metrics as m where m.region_code is not null and m.indicator_id is not null "
            + (f"and m.period_end >= make_date({int(first[:4])}, 1, 1) " if first else "and m.period_end is not null ")
            + (f"and m.period_end <= make_date({int(end[:4])}, 12, 31) " if end is not None else "")
            + f"and {_within(VALUE_KEY.format('m.'), first, end)}",
        )

    def _fetch_changed(self, job: _Job) -> None:
        """Add the values of a leaf of which something changed, likewise."""
        cities, years = [city for city, _ in job.asked], [year for _, year in job.asked]
        self.connection.execute(
            "insert into given select m.* from metrics as m semi join changed as c "
            "on m.region_code = c.city_code and m.indicator_id = c.indicator_id and year(m.period_end) = c.year "
            f"where m.region_code between {quote(cities[0])} and {quote(cities[-1])} "
            f"and m.period_end between make_date({min(years)}, 1, 1) and make_date({max(years)}, 12, 31) "
            f"and {_within(VALUE_KEY.format('m.'), job.leaf.first, self.ends[job.leaf.first])}"
        )

    def _choose(self) -> None:
        """Weigh what was fetched: the facts and the conflicts of it."""
        given = (
            "with metrics as (select g.* from given as g), documents as (select d.document_id, d.outlet, d.title, "
            f"null::varchar as url, null::varchar as source_uri from main.documents as d), statements as ({views.mart_sql('statements')})"
        )
        self._make(
            "told", f"{given} select t.* from ({views.mart_sql('observations')}) as t where t.fact_id is not null"
        )
        self.connection.execute("drop table given")
        self._make("disputed", "select fact_id from told group by fact_id having max(lowest) > min(highest)")
        for name, observations in ((TABLE, "told"), ("conflicts", "told semi join disputed using (fact_id)")):
            told = f"with observations as (from {observations}), fact_vintages as ({views.mart_sql('fact_vintages')})"
            self._make(f"fresh_{name}", f"{told} select f.* from ({views.mart_sql(name)}) as f")

    def _join(self, name: str, jobs: Sequence[_Job]) -> None:
        """Put what was chosen beside what stays of the leaves as they were."""
        sql = f"select f.*, {KEY.format('f.')} as leaf_key from fresh_{name} as f"
        old = [self.before / name / job.leaf.file_name for job in jobs] if self.before is not None else []
        if present := ", ".join(quote(str(path)) for path in old if path.exists()):
            sql += (
                f" union all by name select f.*, {KEY.format('f.')} as leaf_key from read_parquet([{present}]) as f "
                "anti join changed as c on f.city_code = c.city_code and f.indicator_id = c.indicator_id "
                "and year(f.period_end) = c.year"
            )
        self._make(f"held_{name}", f"select * from ({sql}) order by leaf_key, {ORDER[name]}")

    def _write_leaf(self, leaf: Leaf, found: Mapping[str, Mapping[str, Any]]) -> list[Leaf]:
        """Write a leaf, or several in its place where it has grown too large."""
        sizes = self._sizes(TABLE, leaf.first, self.ends[leaf.first])
        total = sum(rows for _, rows in sizes)
        cuts = choose_leaves(sizes, self.limit, leaf.first) if total > 2 * self.limit else [(leaf.first, total)]
        ends = [*(first for first, _ in cuts[1:]), self.ends[leaf.first]]
        pieces = []
        for (first, rows), end in zip(cuts, ends, strict=True):
            within = _within("leaf_key", first, end)
            keys = [key for key, _ in sizes if key >= first and (end is None or key < end)]
            piece = Leaf(
                first,
                rows,
                {name: quality.added([by_key[key] for key in keys if key in by_key]) for name, by_key in found.items()},
            )
            for name in views.CHOSEN:
                # most leaves hold no conflict; the first is written all the same, as a view must know the columns
                if name == TABLE or not first or self._sizes(name, first, end):
                    self.connection.execute(
                        f"copy (select * exclude (leaf_key) from held_{name} where {within}) "
                        f"to {quote(str(self.folder / name / piece.file_name))} "
                        "(format parquet, compression zstd, row_group_size 122880)"
                    )
            pieces.append(piece)
        return pieces

    def _sizes(self, name: str, first: str, end: str | None) -> list[tuple[str, int]]:
        return self.connection.execute(
            f"select leaf_key, count(*) from held_{name} where {_within('leaf_key', first, end)} group by all order by all"
        ).fetchall()
