"""The tables that facts are read against, indicators and places, taken from the knowledge that the parser reads too."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from warehouse.tables import table, to_arrow

__all__ = ["DIMENSIONS", "read_dimension"]

DIMENSIONS = ("indicators", "places")

NUMBERS = {"plausible_min", "plausible_max", "growth_min", "growth_max"}


NEEDS_ITEM = ("必须带", "带级别", "带类型", "带学段")
"""What the notes of indicators say where the id alone is no single thing."""


def _needs_item(row: dict[str, str]) -> bool:
    """Whether the id alone is no single thing: revenue of whom, value added of which branch, schools of which stage."""
    note = row.get("definition_note", "")
    return row.get("default_scope", "city") != "city" or any(words in note for words in NEEDS_ITEM)


def read_dimension(name: str, knowledge: Path) -> pa.Table:
    """A dimension as an Arrow table; a missing file gives an empty one, as a warehouse without knowledge still holds its rows."""
    path = knowledge / f"{name}.csv"
    wanted = table(name).columns
    rows: list[dict[str, Any]] = []
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line in csv.DictReader(file):
                row: dict[str, Any] = {
                    key: (line.get(key) or "").strip() or None for key in wanted if key != "needs_item"
                }
                for key in NUMBERS & set(wanted):
                    row[key] = float(row[key]) if row[key] else None
                if "needs_item" in wanted:
                    row["needs_item"] = _needs_item(line)
                rows.append(row)
    rows.sort(key=lambda row: str(row[table(name).key[0]]))
    return to_arrow(name, rows)
