"""Reading what is published, for everybody who only asks."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.catalog import new_connection
from warehouse.faults import WarehouseError
from warehouse.settings import PACKAGE_ROOT, Settings

__all__ = ["connect", "example", "examples"]


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published database; it keeps its publish while a newer one takes the place.

    Opened by the path inside its publish: a process that still holds the database before it would be given that one again
    under the common path, as DuckDB shares what it has open.
    """
    inside = (settings.publish_path / "current").resolve() / settings.database.name
    if not inside.exists():
        raise WarehouseError(f"{settings.home} 里还没有发布的数据：先运行 chengshu publish")
    return new_connection(str(inside), read_only=True)


def _folder() -> Path:
    return PACKAGE_ROOT / "sql" / "examples"


def examples() -> dict[str, str]:
    """The questions that come with the warehouse: name and what is asked, from the first line of each file."""
    found = {}
    for path in sorted(_folder().glob("*.sql")):
        with path.open(encoding="utf-8") as file:
            found[path.stem] = file.readline().removeprefix("--").strip()
    return found


def example(name: str) -> str:
    """The SQL of one of the questions.

    >>> example("no_such_question")
    Traceback (most recent call last):
    KeyError: 'no_such_question'
    """
    path = _folder() / f"{name}.sql"
    if name not in examples():
        raise KeyError(name)
    return path.read_text(encoding="utf-8")
