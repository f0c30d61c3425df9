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


def filled(home: Path, commits: int, documents: int) -> tuple[int, int]:
    """Bytes on disk, and of the catalog alone, of a warehouse with so many documents in so many commits."""
    settings = Settings(home=home)
    run = begin_run(settings, "1")
    step = documents // commits
    for at in range(0, documents, step):
        write_shard(settings, run, shard(range(at, at + step)))
    end_run(settings, run)
    if commits > 1:
        maintain(settings)
    forget(settings)
    sizes = {path: path.stat().st_size for path in home.rglob("*") if path.is_file() and path.suffix != ".backup"}
    return sum(sizes.values()), sizes[home / "catalog.sqlite"]


@pytest.mark.soak
def test_a_thousand_commits(tmp_path: Path) -> None:
    commits = 1000
    few, few_catalog = filled(tmp_path / "few", 1, commits * PER_COMMIT)
    many, many_catalog = filled(tmp_path / "many", commits, commits * PER_COMMIT)
    print(
        f"{commits} commits and maintenance: {many / few:.3f} times one load, the catalog {many_catalog / few_catalog:.3f}"
    )
    assert many <= 1.3 * few
    assert many_catalog <= 1.3 * few_catalog
