"""The dictionary of the warehouse, read from ``tables.yaml``: one description of every column, from which all forms of it follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import yaml

__all__ = [
    "TIME_ZONE",
    "YAML_LOADER",
    "Column",
    "Table",
    "arrow_schema",
    "column",
    "columns",
    "fill",
    "from_columns",
    "now",
    "one_each",
    "table",
    "tables",
    "to_arrow",
]

TIME_ZONE = dt.timezone(dt.timedelta(hours=8))
"""China Standard Time. There is no summer time, so a fixed offset needs no time zone database."""

ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int64": pa.int64(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "bool": pa.bool_(),
    "binary": pa.binary(),
}
YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Safe loading, ten times faster where the C library is there."""

SQL_TYPES = {
    "string": "varchar",
    "int64": "bigint",
    "double": "double",
    "date": "date",
    "timestamp": "timestamp",
    "bool": "boolean",
    "binary": "blob",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its type, unit and meaning in both languages."""

    name: str
    type: str
    zh: str
    en: str
    unit: str | None = None

    @property
    def sql_type(self) -> str:
        """The type in DuckDB."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its key, the columns that are published and those that stay inside the lake."""

    name: str
    layer: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    internal: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()

    @property
    def stored(self) -> tuple[str, ...]:
        """All columns as stored in the lake."""
        return self.columns + self.internal


@cache
def _dictionary() -> tuple[dict[str, Column], dict[str, Table]]:
    with Path(__file__).with_name("tables.yaml").open(encoding="utf-8") as file:
        content = yaml.load(file, Loader=YAML_LOADER)  # noqa: S506 - a safe loader either way
    described = {name: Column(name=name, **entry) for name, entry in content["columns"].items()}
    listed = {
        name: Table(
            name,
            entry["layer"],
            entry["zh"],
            entry["en"],
            key=tuple(entry["key"]),
            columns=tuple(entry["columns"]),
            internal=tuple(entry.get("internal", ())),
            sort=tuple(entry.get("sort", ())),
        )
        for name, entry in content["tables"].items()
    }
    for one in described.values():
        if one.type not in ARROW_TYPES:
            raise ValueError(f"tables.yaml: column {one.name} has an unknown type {one.type!r}")
    for each in listed.values():
        unknown = [name for name in (*each.stored, *each.key, *each.sort) if name not in described]
        if unknown:
            raise ValueError(f"tables.yaml: table {each.name} lists columns nobody describes: {', '.join(unknown)}")
    return described, listed


def columns() -> Mapping[str, Column]:
    """Every described column, by name."""
    return _dictionary()[0]


def column(name: str) -> Column:
    """The description of one column.

    >>> column("value_high").type
    'double'
    """
    return _dictionary()[0][name]


def tables() -> Mapping[str, Table]:
    """Every table, by name."""
    return _dictionary()[1]


def table(name: str) -> Table:
    """The description of one table.

    >>> table("metrics").key
    ('metric_id',)
    """
    return _dictionary()[1][name]


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table as stored in the lake, internal columns last.

    >>> arrow_schema("replaced").names
    ['document_id', 'shard_id']
    """
    return pa.schema([pa.field(each, ARROW_TYPES[column(each).type]) for each in table(name).stored])


def to_arrow(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the named table; what a row leaves out is null, what the table does not know is an error.

    >>> to_arrow("replaced", [{"document_id": "ab"}]).to_pylist()
    [{'document_id': 'ab', 'shard_id': None}]
    """
    schema = arrow_schema(name)
    given = list(rows)
    unknown = sorted({key for row in given for key in row} - set(schema.names))
    if unknown:
        raise ValueError(f"table {name} has no column {', '.join(unknown)}")
    arrays = [pa.array([row.get(field.name) for row in given], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def from_columns(name: str, rows: int, given: Mapping[str, Any]) -> pa.Table:
    """Like ``to_arrow`` for values that stand in columns (sequences or arrays) already, several times as fast.

    >>> from_columns("replaced", 2, {"document_id": ["ab", "cd"]}).to_pylist()
    [{'document_id': 'ab', 'shard_id': None}, {'document_id': 'cd', 'shard_id': None}]
    """
    schema = arrow_schema(name)
    unknown = sorted(set(given) - set(schema.names))
    if unknown:
        raise ValueError(f"table {name} has no column {', '.join(unknown)}")
    arrays = [
        pa.array(given[field.name], type=field.type) if field.name in given else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def fill(rows: pa.Table, **given: Any) -> pa.Table:  # noqa: ANN401 - whatever Arrow can hold
    """Rows with some columns set: to one value for all, or to a list or array of values.

    >>> fill(to_arrow("replaced", [{"document_id": "ab"}]), shard_id=7).to_pylist()
    [{'document_id': 'ab', 'shard_id': 7}]
    """
    for name, value in given.items():
        at = rows.schema.get_field_index(name)
        field = rows.schema.field(at)
        if isinstance(value, pa.Array | pa.ChunkedArray):
            values = value
        elif isinstance(value, list):
            values = pa.array(value, type=field.type)
        else:
            values = pa.repeat(pa.scalar(value, type=field.type), rows.num_rows)
        rows = rows.set_column(at, field, values)
    return rows


def one_each(rows: pa.Table, key: str, *order: str, last: bool = False) -> pa.Table:
    """One row of each ``key``: the first (or ``last``) by ``order``. Unchanged where none is repeated, as is usual.

    >>> one_each(to_arrow("replaced", [{"document_id": "a", "shard_id": at} for at in (2, 1)]), "document_id", "shard_id").to_pylist()
    [{'document_id': 'a', 'shard_id': 1}]
    """
    if pc.count_distinct(rows[key], mode="all").as_py() == rows.num_rows:
        return rows
    ordered = rows.sort_by([(each, "descending" if last else "ascending") for each in order])
    firsts = pa.table({"key": ordered[key], "at": range(ordered.num_rows)}).group_by("key").aggregate([("at", "min")])
    return ordered.take(firsts["at_min"].sort())


def now() -> dt.datetime:
    """The time now as stored everywhere: China Standard Time without a zone."""
    return dt.datetime.now(TIME_ZONE).replace(tzinfo=None)
