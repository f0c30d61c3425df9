"""A warehouse filled by a thousand small commits takes, after maintenance, the room of one filled by a few large ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse_rows import shard

from warehouse.catalog import forget
from warehouse.lake import begin_run, end_run, write_shard
from warehouse.maintain import maintain
from warehouse.settings import Settings

PER_COMMIT = 5


def filled(home: Path, commits: int, documents: int) -> Settings:
    """A warehouse with so many documents in so many commits."""
    settings = Settings(home=home)
    run = begin_run(settings, "1")
    step = documents // commits
    for at in range(0, documents, step):
        write_shard(settings, run, shard(range(at, at + step)))
    end_run(settings, run)
    return settings


def sizes(settings: Settings) -> tuple[int, int]:
    """Bytes of everything but the catalog's copy, and of the catalog alone."""
    forget(settings)
    found = {
        path: path.stat().st_size for path in settings.home.rglob("*") if path.is_file() and path.suffix != ".backup"
    }
    return sum(found.values()), found[settings.home / "catalog.sqlite"]


@pytest.mark.soak
def test_a_thousand_commits(tmp_path: Path) -> None:
    commits = 1000
    few, few_catalog = sizes(filled(tmp_path / "few", 1, commits * PER_COMMIT))
    many = filled(tmp_path / "many", commits, commits * PER_COMMIT)
    maintain(many)
    kept, kept_catalog = sizes(many)  # every commit of the last days can still be asked for
    maintain(many, retention_days=0)
    left, left_catalog = sizes(many)
    print(
        f"{commits} commits and maintenance beside one load: {kept / few:.3f}, the catalog {kept_catalog / few_catalog:.3f}; "
        f"past the retention {left / few:.3f}, the catalog {left_catalog / few_catalog:.3f}"
    )
    assert kept <= 1.3 * few
    assert left <= 1.3 * few
    assert left_catalog <= 1.3 * few_catalog
