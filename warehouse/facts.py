"""The facts chosen once, at publish, so that no reader weighs sources again: ``city_facts`` as Parquet beside the tables.

One file a province. A publish chooses anew only among the values of a city and an indicator of which something was said since
the publish before; the other facts are taken over, and a province of which nothing was said keeps its file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import duckdb

from warehouse import views
from warehouse.catalog import new_connection, quote
from warehouse.parts import link
from warehouse.settings import Settings

__all__ = ["TABLE", "Pair", "choose_batches", "write_facts"]

TABLE = "city_facts"

Pair = tuple[str, str]
"""A city's code and an indicator: the least among whose values the choice is made anew."""

ORDER = "indicator_id, city_code, kind, period_type, period_end, period_start, unit, item, rank_scope, against, fact_id"

VALUES_AT_ONCE = 500_000
"""Values that are weighed in one pass: about 300 MB in memory with their sentences."""

EMPTY = "facts-none.parquet"


def write_facts(
    settings: Settings, folder: Path, target: Path, before: Path | None, changed: Collection[Pair] | None
) -> None:
    """Choose the facts of the publish in ``folder`` into the folder ``target``.

    ``before`` holds the facts of the publish before and ``changed`` the pairs of which something was said since;
    without them all facts are chosen anew.
    """
    target.mkdir()
    with new_connection() as connection:
        connection.execute(f"set memory_limit = {quote(settings.memory_limit)}")
        connection.execute(f"set temp_directory = {quote(str(settings.home / 'tmp'))}")
        connection.execute("set preserve_insertion_order = false")
        views.create_base_views(connection, folder)
        connection.execute(views.mart_sql("choice"))
        narrowed = ""
        if before is not None and changed is not None:
            narrowed = _note(connection, changed)
            touched = {_name(city[:2]) for city, _ in changed}
            for path in before.iterdir():
                if path.name not in touched | {EMPTY}:
                    link(path, target / path.name)
        else:
            before = None
        sizes = connection.execute(
            f"select m.region_code[:2], count(*) from metrics as m {narrowed} where m.region_code is not null group by 1 order by 1"
        ).fetchall()
        for provinces in choose_batches(sizes):
            _choose(connection, provinces, narrowed, before, target)
        if not any(target.iterdir()):  # a view needs at least one file to know the columns
            _write(connection, f"{_chosen('where false')} limit 0", target / EMPTY)


def choose_batches(sizes: Sequence[tuple[str, int]], limit: int = VALUES_AT_ONCE) -> list[list[str]]:
    """Cut provinces ``(code, values)`` into batches of at most ``limit`` values (one province is never cut).

    >>> choose_batches([("11", 60), ("12", 60), ("13", 10)], limit=100)
    [['11'], ['12', '13']]
    """
    batches: list[list[str]] = []
    held = 0
    for province, values in sizes:
        if batches and held + values <= limit:
            batches[-1].append(province)
            held += values
        else:
            batches.append([province])
            held = values
    return batches


def _note(connection: duckdb.DuckDBPyConnection, changed: Collection[Pair]) -> str:
    """Put the changed pairs into the database; returns the join that narrows values to them."""
    pairs = sorted(changed)
    connection.execute("create temp table changed (city_code varchar, indicator_id varchar)")
    connection.execute(
        "insert into changed select unnest(?), unnest(?)", [[city for city, _ in pairs], [each for _, each in pairs]]
    )
    return "semi join changed as c on m.region_code = c.city_code and m.indicator_id = c.indicator_id"


def _name(province: str) -> str:
    return f"facts-{province}.parquet"


def _chosen(narrowed: str) -> str:
    """The SQL of the facts of some values, which are picked at the Parquet files, before anything is computed of them."""
    return f"""
        with metrics as (select m.* from main.metrics as m {narrowed}),
        statements as ({views.mart_sql("statements")})
        select * from ({views.mart_sql("city_facts")})
    """


def _choose(
    connection: duckdb.DuckDBPyConnection, provinces: Sequence[str], narrowed: str, before: Path | None, target: Path
) -> None:
    """Choose the facts of some provinces in one pass, and write each province's beside those of it that stay."""
    within = f"m.region_code between {quote(provinces[0])} and {quote(provinces[-1] + '9999')}"
    connection.execute(f"create or replace temp table fresh as {_chosen(f'{narrowed} where {within}')}")
    for province in provinces:
        sql = f"from fresh where city_code[:2] = {quote(province)}"
        old = before / _name(province) if before is not None else None
        if old is not None and old.exists():
            kept = f"select f.* from read_parquet({quote(str(old))}) as f anti join changed as c using (city_code, indicator_id)"
            sql = f"{kept} union all by name {sql}"
        _write(connection, sql, target / _name(province))


def _write(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    connection.execute(
        f"copy (select * from ({sql}) order by {ORDER}) to {quote(str(path))} "
        "(format parquet, compression zstd, row_group_size 122880)"
    )
