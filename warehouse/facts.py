"""The facts chosen once, at publish, so that no reader weighs sources again: ``city_facts`` as Parquet beside the tables.

One file a province. A publish chooses anew only among the values of a city and an indicator of which something was said since
the publish before; the other facts are taken over, and a province of which nothing was said keeps its file.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from warehouse import views
from warehouse.catalog import new_connection, quote
from warehouse.parts import link
from warehouse.settings import Settings

__all__ = ["TABLE", "Pair", "write_facts"]

TABLE = "city_facts"

Pair = tuple[str, str]
"""A city's code and an indicator: the least among whose values the choice is made anew."""

ORDER = "indicator_id, city_code, kind, period_type, period_end, period_start, unit, item, rank_scope, against, fact_id"

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
        views.create_marts(connection)
        if before is None or changed is None:
            rows = connection.execute(
                "select distinct region_code[:2] from metrics where region_code is not null order by 1"
            ).fetchall()
            for (province,) in rows:  # one after the other, so that no more than one has to fit into memory
                within = f"where m.region_code between {quote(province)} and {quote(province + '9999')}"
                _write(connection, _chosen(within), target / _name(province))
        else:
            _renew(connection, target, before, changed)
        if not any(target.iterdir()):  # a view needs at least one file to know the columns
            _write(connection, "select * from city_facts limit 0", target / EMPTY)


def _name(province: str) -> str:
    return f"facts-{province}.parquet"


def _chosen(narrowed: str) -> str:
    """The SQL of the facts of some values; these are picked at the Parquet files, before anything is computed of them."""
    return f"""
        with metrics as (select m.* from main.metrics as m {narrowed}),
        statements as ({views.mart_sql("statements")})
        select * from ({views.mart_sql("city_facts")})
    """


def _renew(connection: duckdb.DuckDBPyConnection, target: Path, before: Path, changed: Collection[Pair]) -> None:
    """Choose the facts of the changed pairs, all in one pass, and put them beside those that stay."""
    connection.execute("create temp table changed (city_code varchar, indicator_id varchar)")
    touched = sorted({city[:2] for city, _ in changed})
    for path in before.iterdir():
        if path.name != EMPTY and path.name not in map(_name, touched):
            link(path, target / path.name)
    if not changed:
        return
    pairs = sorted(changed)
    connection.execute(
        "insert into changed select unnest(?), unnest(?)", [[city for city, _ in pairs], [each for _, each in pairs]]
    )
    chosen = _chosen("semi join changed as c on m.region_code = c.city_code and m.indicator_id = c.indicator_id")
    connection.execute(f"create temp table fresh as {chosen}")
    for province in touched:
        sql = f"from fresh where city_code[:2] = {quote(province)}"
        old = before / _name(province)
        if old.exists():
            sql = f"select f.* from read_parquet({quote(str(old))}) as f anti join changed as c using (city_code, indicator_id) union all by name {sql}"
        _write(connection, sql, target / _name(province))


def _write(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> None:
    connection.execute(
        f"copy (select * from ({sql}) order by {ORDER}) to {quote(str(path))} "
        "(format parquet, compression zstd, row_group_size 122880)"
    )
