"""A copy of the catalog file beside it: the one small file without which the data files say nothing."""

from __future__ import annotations

from pathlib import Path

from warehouse import sqlite_file
from warehouse.settings import Settings

__all__ = ["back_up_catalog", "backup_path"]


def backup_path(settings: Settings) -> Path | None:
    """Where the copy of the catalog file lies; None when a database server keeps the catalog.

    >>> backup_path(Settings(home=Path("/srv/news")))
    PosixPath('/srv/news/catalog.sqlite.backup')
    """
    path = settings.catalog_file
    return path.with_name(path.name + ".backup") if path else None


def back_up_catalog(settings: Settings) -> Path | None:
    """Copy the catalog file as it is at this moment, so that a lost or damaged one can be put back by the doctor."""
    source, target = settings.catalog_file, backup_path(settings)
    if source is None or target is None or not source.exists():
        return None
    fresh = target.with_name(target.name + ".new")
    fresh.unlink(missing_ok=True)
    sqlite_file.backup(source, fresh)
    fresh.replace(target)
    return target
