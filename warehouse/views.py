"""The SQL of ``sql/marts`` put into a database: views, macros, and what every column means, in Chinese and English."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from warehouse.catalog import quote
from warehouse.settings import PACKAGE_ROOT
from warehouse.tables import YAML_LOADER, column, columns, table

__all__ = [
    "BASE_TABLES",
    "CHOSEN",
    "MARTS",
    "Mart",
    "create_base_views",
    "create_chosen_views",
    "create_marts",
    "mart",
    "mart_sql",
    "sql_digest",
]

SQL_FOLDER = PACKAGE_ROOT / "sql"

BASE_TABLES = ("documents", "metrics", "rejects", "runs", "indicators", "places", "data_quality")
"""What the views stand on: one Parquet folder each."""

MARTS = (
    "indicator_names",
    "city_names",
    "statements",
    "observations",
    "city_facts",
    "fact_vintages",
    "city_trend",
    "city_rank",
    "derived_facts",
    "conflicts",
    "coverage",
)
"""The views in the order in which they build on each other."""

CHOSEN = ("city_facts", "conflicts")
"""Views that a publish holds as Parquet, computed once (see ``warehouse.facts``)."""

INCLUDE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Mart:
    """A view's description from its ``.yml``: what a row is, warnings, and the tests with given and expected rows."""

    name: str
    zh: str
    en: str
    warnings: tuple[str, ...]
    tests: tuple[Mapping[str, Any], ...]


@cache
def mart(name: str) -> Mart:
    """The description of one view.

    >>> mart("city_facts").name
    'city_facts'
    """
    with (SQL_FOLDER / "marts" / f"{name}.yml").open(encoding="utf-8") as file:
        entry = yaml.load(file, Loader=YAML_LOADER)  # noqa: S506 - a safe loader either way
    return Mart(name, entry["zh"], entry["en"], tuple(entry.get("warnings", ())), tuple(entry.get("tests", ())))


@cache
def mart_sql(name: str) -> str:
    """The text of one file of ``sql/marts``; ``{{other}}`` is replaced by that file's text."""
    text = (SQL_FOLDER / "marts" / f"{name}.sql").read_text(encoding="utf-8")
    return INCLUDE.sub(lambda found: mart_sql(found.group(1)).strip(), text)


def sql_digest() -> str:
    """A digest of all SQL and of the dictionary: when it changes, the database is made anew."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(
        [*SQL_FOLDER.rglob("*.sql"), *SQL_FOLDER.rglob("*.yml"), Path(__file__).with_name("tables.yaml")]
    ):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def create_base_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Views over the Parquet of one publish, by absolute paths, so that they work from any folder."""
    for name in BASE_TABLES:
        # qualified, because inside a macro a bare name would mean the macro's parameter
        listed = ", ".join(f'p."{each}"' for each in table(name).columns)
        pattern = quote(str(folder.absolute() / name / "*.parquet"))
        connection.execute(f"create or replace view {name} as select {listed} from read_parquet({pattern}) as p")


def create_chosen_views(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Views over what a publish holds chosen already."""
    for name in CHOSEN:
        pattern = quote(str(folder.absolute() / name / "*.parquet"))
        connection.execute(f"create or replace view {name} as select p.* from read_parquet({pattern}) as p")


def create_marts(connection: duckdb.DuckDBPyConnection, *, chosen: bool = False) -> None:
    """All views and macros over what is there already: the base tables and, if ``chosen``, those of ``CHOSEN`` too."""
    connection.execute(mart_sql("choice"))
    for name in MARTS:
        if not (chosen and name in CHOSEN):
            connection.execute(f"create or replace view {name} as {mart_sql(name)}")
    connection.execute(mart_sql("macros"))


def comment(connection: duckdb.DuckDBPyConnection) -> None:
    """Write what each table and column means into the database itself, where every SQL tool shows it."""
    held = {
        row[0] for row in connection.execute("select table_name from duckdb_tables() where not internal").fetchall()
    }
    meanings = [(name, table(name).zh, table(name).en) for name in BASE_TABLES]
    meanings += [(name, mart(name).zh, mart(name).en) for name in MARTS]
    said = [
        f"comment on {'table' if name in held else 'view'} {name} is {quote(f'{zh} | {en}')}"
        for name, zh, en in meanings
    ]
    known = columns()
    for table_name, column_name in connection.execute(
        "select table_name, column_name from duckdb_columns() where database_name = current_database() and not internal"
    ).fetchall():
        if column_name in known:
            text = f"{column(column_name).zh} | {column(column_name).en}"
            said.append(f'comment on column {table_name}."{column_name}" is {quote(text)}')
    said += [f"comment on macro table {name} is {quote(text)}" for name, text in MACROS.items()]
    connection.execute("begin; " + "; ".join(said) + "; commit")


MACROS = {
    "trend": "一个指标的城市序列：from trend('规上工业增加值', cities := ['萍乡','上饶'])；kind 可选 | One indicator over time, by city",
    "compare": "一个指标某期的城市对比：from compare('地区生产总值', '2024年') | Cities side by side for one period",
    "vintages": "一个指标的历次公布：from vintages('地区生产总值', cities := ['萍乡']) | Every report of an indicator, in the order of use",
    "derived": "几个城市的推算值：from derived(['萍乡','上饶']) | What follows from what the reports of some cities say",
    "evidence": "一个数值的出处：from evidence('…') | Where a value was read: its sentence, page and offsets",
}
