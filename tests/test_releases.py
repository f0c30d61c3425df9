"""Warehouses of released versions, kept as these wrote them: the code of today reads, fills, rereads and publishes each."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from flows.load import ingest, outdated, reparse
from parsers import PARSER_VERSION
from tests.conftest import page
from warehouse.catalog import forget, open_lake
from warehouse.doctor import examine
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.settings import Settings

KEPT = sorted((Path(__file__).parent / "warehouses").glob("*.zip"))


def test_there_is_one() -> None:
    assert KEPT


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_warehouse_of_a_released_version(kept: Path, tmp_path: Path, inbox: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with zipfile.ZipFile(kept) as file:
        file.extractall(settings.home)
    newest = max((settings.publish_path).iterdir(), key=lambda path: path.name)
    (settings.publish_path / "current").symlink_to(newest.name)
    before = json.loads((newest / "manifest.json").read_text(encoding="utf-8"))["counts"]

    def count(query: str) -> int:
        lake = open_lake(settings)
        try:
            return int(lake.execute(query).fetchall()[0][0])
        finally:
            lake.close()

    assert count("select count(*) from lake.documents") == before["documents"]
    assert count("select count(*) from lake.metrics") == before["metrics"]
    assert count("select count(*) from lake.raw where bytes is not null") == before["documents"]
    stories = count("select count(distinct story_id) from lake.documents")
    assert outdated(settings) in {0, before["documents"]}
    assert not [each for each in examine(settings) if each.level == "error" and "chengshu.duckdb" not in each.what]

    (inbox / "known.txt").write_text(page(1), encoding="utf-8")
    (inbox / "new.txt").write_text(page(77), encoding="utf-8")
    read = ingest(settings, [inbox], executor="inline")
    assert (read.documents - read.replaced, read.rejects) == (1, 0)
    reparse(settings, executor="inline")
    assert outdated(settings) == 0
    assert count("select count(distinct document_id) from lake.documents") == before["documents"] + 1
    assert count("select count(*) from lake.documents") == before["documents"] + 1
    assert count("select count(distinct story_id) from lake.documents") == stories
    assert count(f"select count(*) from lake.metrics where parser_version <> '{PARSER_VERSION}'") == 0

    assert publish(settings).counts["documents"] == before["documents"] + 1
    maintain(settings, retention_days=0)
    assert not publish(settings).changed
    assert not [each for each in examine(settings) if each.level == "error"]
    forget(settings)
