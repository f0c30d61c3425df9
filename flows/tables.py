"""Rows as people and programs read them: a table in the terminal, CSV, JSON; a series as a cross table of cities."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["TREND_COLUMNS", "as_csv", "as_json", "as_table", "pivot", "shown"]

SCALES = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))
TREND_COLUMNS = (
    "city", "indicator", "item", "series", "year", "period_type", "period_start", "period_end", "kind", "value", "unit",
    "comparator", "growth_yoy",
)  # fmt: skip
COMPARATORS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "approx": "约"}
PLAIN_UNITS = frozenset({"%", "pp", "rank", ""})


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


def pivot(rows: Sequence[Sequence[Any]]) -> list[tuple[str, list[str], list[tuple[Any, ...]]]]:
    """Rows of ``TREND_COLUMNS`` as cross tables, one per indicator and unit: a line per period, a column per city.

    The reported growth stands behind the level, in brackets.

    >>> row = ("芜湖", "地区生产总值", None, "年", 2023, "year", None, None, "level", 474107000000.0, "CNY", "eq", 5.7)
    >>> pivot([row])
    [('地区生产总值（CNY）', ['时期', '芜湖'], [('2023年', '4741.07亿（+5.7%）')])]
    """
    tables: dict[tuple[str, str], dict[tuple[str, Any, str], dict[str, str]]] = {}
    for row in rows:
        one = dict(zip(TREND_COLUMNS, row, strict=False))
        title = one["indicator"] + (f"·{one['item']}" if one["item"] else "")
        period = _period(one)
        series = (str(one["series"] or one["period_type"]), str(one["period_start"] or one["year"]), period)
        cells = tables.setdefault((title, one["unit"] or "%"), {}).setdefault(series, {})
        cells[one["city"]] = _cell(one)
    answer = []
    for (title, unit), lines in tables.items():
        cities = sorted({city for cells in lines.values() for city in cells})
        table = [(key[2], *(cells.get(city, "") for city in cities)) for key, cells in sorted(lines.items())]
        answer.append((f"{title}（{unit}）", ["时期", *cities], table))
    return answer


def _period(one: Mapping[str, Any]) -> str:
    if one["series"]:
        return f"{one['year']}年" if one["series"] == "年" else f"{one['year']}年{one['series']}"
    return f"{one['period_start'] or ''}…{one['period_end'] or ''}"


def _cell(one: Mapping[str, Any]) -> str:
    bound = COMPARATORS.get(one["comparator"] or "eq", "")
    value = bound + shown(one["value"], one["unit"] or "") if one["value"] is not None else ""
    growth = one["growth_yoy"]
    return value + (f"（{growth:+.15g}%）" if growth is not None else "")
