"""The dictionary: one meaning a column, schemas that follow, rows that fit."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pyarrow as pa
import pytest

from parsers.model import Document, Metric
from warehouse import tables


def test_every_column_is_described_in_both_languages() -> None:
    for each in tables.columns().values():
        assert each.zh
        assert each.en


def test_every_column_is_used_or_output() -> None:
    used = {name for each in tables.tables().values() for name in each.stored}
    assert used <= tables.columns().keys()


def test_values_of_the_parser_have_their_columns() -> None:
    assert set(Document.__slots__) - {"found_by"} <= set(tables.table("documents").stored)
    assert set(Metric._fields) <= set(tables.table("metrics").stored)


def test_to_arrow_fills_what_is_left_out_and_refuses_what_is_unknown() -> None:
    made = tables.to_arrow("metrics", [{"metric_id": "m", "value": 1, "period_end": dt.date(2024, 12, 31)}])
    assert made.schema == tables.arrow_schema("metrics")
    assert made["value"].to_pylist() == [1.0]
    assert made["unit"].to_pylist() == [None]
    with pytest.raises(ValueError, match="no column colour"):
        tables.to_arrow("metrics", [{"colour": "red"}])
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        tables.to_arrow("metrics", [{"value": "much"}])


def test_times_are_ours_whatever_the_host_says() -> None:
    code = "from warehouse.tables import now; print(now().isoformat())"
    here = tables.now()
    for zone in ("America/New_York", "UTC"):
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
        )
        there = dt.datetime.fromisoformat(done.stdout.strip())
        assert abs(there - here) < dt.timedelta(minutes=1)
