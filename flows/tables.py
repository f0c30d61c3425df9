"""Rows as people and programs read them: a table in the terminal, CSV, JSON; a series as a cross table of cities."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["as_csv", "as_json", "as_table", "examples", "pivot", "shown"]

EXAMPLES = Path(__file__).resolve().parent.parent / "sql" / "examples"
SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
PLAIN_UNITS = frozenset({"%", "pp", "rank", ""})


@cache
def examples() -> dict[str, str]:
    """The named queries that ship with the project, by name."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.sql"))}


def shown(value: object, unit: str | None = None) -> str:
    """A value as people write it.

    >>> shown(430260000000.0, "CNY"), shown(11.6, "%"), shown(None)
    ('4302.6亿', '11.6', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        if unit is not None and unit not in PLAIN_UNITS:
            for scale, word in SCALES:
                if abs(value) >= scale and scale < 1e12:
                    return f"{value / scale:.10g}{word}"
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds")
    return str(value)


def as_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table; numbers to the right, Chinese aligned."""
    from rich.console import Console  # noqa: PLC0415 - only for tables
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False, header_style="bold")
    for at, name in enumerate(names):
        right = any(isinstance(row[at], int | float) and not isinstance(row[at], bool) for row in rows)
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    console = Console(soft_wrap=False)
    if not console.is_terminal:  # a pipe has no width to keep to
        console = Console(width=max(200, console.width))
    console.print(table)
    print(f"（{len(rows):,} 行）")


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    r"""Rows as CSV.

    >>> as_csv(["a"], [(1,), (None,)])
    'a\n1\n""\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def as_json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a JSON array of objects.

    >>> as_json(["城市"], [("芜湖",)])
    '[{"城市": "芜湖"}]'
    """
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, default=str)


def pivot(
    rows: Sequence[tuple[str, str, str, str, float | None, str | None]],
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Rows (city, period, period_type, kind, value, unit) as a cross table: a line per period, a column per city.

    >>> pivot([("芜湖", "2023", "year", "level", 474107000000.0, "CNY"), ("襄阳", "2023", "year", "level", 5.8e11, "CNY")])
    (['时期', '类别', '单位', '芜湖', '襄阳'], [('2023', 'level', 'CNY', '4741.07亿', '5800亿')])
    """
    cities = sorted({row[0] for row in rows})
    lines: dict[tuple[str, str, str, str], dict[str, str]] = {}
    for city, period, period_type, kind, value, unit in rows:
        lines.setdefault((period_type, kind, unit or "", period), {})[city] = shown(value, unit or "")
    table = [
        (period, kind, unit, *(values.get(city, "") for city in cities))
        for (_, kind, unit, period), values in sorted(lines.items())
    ]
    return ["时期", "类别", "单位", *cities], table
