"""Checks of the published rows: every file of ``sql/checks`` is a query that returns bad rows; none is a pass.

A check says in its first lines what it looks for, how bad a find is, and its scope: ``part`` looks at the rows of a document
and is run once over every part of the Parquet, ``leaf`` at the facts of a city's year and is run once over every leaf of
them, ``all`` looks across all rows and is run at every publish.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse.catalog import WarehouseError, new_connection, quote
from warehouse.query import connect
from warehouse.settings import PACKAGE_ROOT, Settings
from warehouse.tables import table

__all__ = [
    "Check",
    "Found",
    "added",
    "checks",
    "found_by_key",
    "found_in_all",
    "found_in_part",
    "run_checks",
    "summary",
]

EXAMPLES = 5
HEADER = re.compile(r"^-- (zh|en|severity|scope): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, what it looks for in both languages, ``error`` or ``warning``, its scope, its query."""

    name: str
    zh: str
    en: str
    severity: str
    scope: str
    sql: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: how many bad rows, and some of them as JSON."""

    check: Check
    bad_rows: int
    example: str | None


@cache
def checks() -> tuple[Check, ...]:
    """All checks, by name.

    >>> all(check.severity in {"error", "warning"} for check in checks())
    True
    """
    listed = []
    for path in sorted((PACKAGE_ROOT / "sql" / "checks").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        said = dict(HEADER.findall(text))
        missing = {"zh", "en", "severity", "scope"} - said.keys()
        if missing or said["severity"] not in {"error", "warning"} or said["scope"] not in {"part", "leaf", "all"}:
            raise WarehouseError(f"{path.name}: the header must say zh, en, severity and scope")
        listed.append(Check(path.stem, said["zh"], said["en"], said["severity"], said["scope"], text))
    return tuple(listed)


def _find(connection: duckdb.DuckDBPyConnection, check: Check) -> tuple[int, list[Any]]:
    row = connection.execute(
        f"select count(*), min(to_json(b)::varchar, {EXAMPLES}) from ({check.sql}\n) as b"
    ).fetchone()
    if row is None or not row[0]:
        return 0, []
    return int(row[0]), [json.loads(each) for each in row[1]]


def found_in_part(folder: Path, file_name: str) -> dict[str, Any]:
    """What the checks of single rows find in one part, as the manifest keeps it."""
    with new_connection() as connection:
        for name in ("documents", "metrics"):
            path = quote(str(folder / name / file_name))
            connection.execute(f"create view {name} as from read_parquet({path})")
        for name in ("indicators", "places"):
            path = quote(str(folder / name / "*.parquet"))
            connection.execute(f"create view {name} as from read_parquet({path})")
        return {check.name: _find(connection, check) for check in checks() if check.scope == "part"}


def found_by_key(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, tuple[int, list[Any]]]]:
    """What the checks of facts find in ``city_facts``, for each of its ``leaf_key``."""
    found = {}
    for check in checks():
        if check.scope == "leaf":
            rows = connection.execute(
                f"select k.leaf_key, count(*), min(to_json(b)::varchar, {EXAMPLES}) from ({check.sql}\n) as b "
                "inner join (select distinct f.fact_id, f.leaf_key from city_facts as f) as k on b.fact_id = k.fact_id group by all"
            ).fetchall()
            found[check.name] = {
                key: (int(bad), [json.loads(each) for each in examples]) for key, bad, examples in rows
            }
    return found


def found_in_all(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, list[Any]]]:
    """What the checks across rows find in a database with all views."""
    return {check.name: _find(connection, check) for check in checks() if check.scope == "all"}


def added(results: Sequence[tuple[int, list[Any]]]) -> tuple[int, list[Any]]:
    """What a check found here and there, as one result."""
    return sum(bad for bad, _ in results), [row for _, examples in results for row in examples][:EXAMPLES]


def summary(results: Sequence[Mapping[str, Any]]) -> list[Found]:
    """Results of parts, of leaves and of the whole added up, one entry per check."""
    listed = []
    for check in checks():
        bad, examples = added([result[check.name] for result in results if check.name in result])
        text = json.dumps(examples, ensure_ascii=False, sort_keys=True) if examples else None
        listed.append(Found(check, bad, text))
    return listed


def rows_of(found: Sequence[Found]) -> list[dict[str, Any]]:
    """The findings as rows of the table ``data_quality``."""
    return [
        {
            "check_name": each.check.name,
            "severity": each.check.severity,
            "description_zh": each.check.zh,
            "description_en": each.check.en,
            "bad_rows": each.bad_rows,
            "example": each.example,
        }
        for each in found
    ]


def run_checks(settings: Settings) -> list[Found]:
    """Run every check anew over what is published, without the results kept from the publish."""
    with connect(settings) as connection:
        results = {check.name: _find(connection, check) for check in checks()}
    assert set(table("data_quality").key) == {"check_name"}
    return summary([results])
