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
SHORT = 24
WIDE = 400
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
        short = all(len(shown(row[at])) <= SHORT for row in rows)
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold", no_wrap=short)
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    console = Console(soft_wrap=False)
    if not console.is_terminal:  # a pipe has no width to keep to
        console = Console(width=max(WIDE, console.width))
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
    """Rows of ``TREND_COLUMNS`` as cross tables: a line per city, a column per period; years, halves and months apart.

    The reported growth stands behind the level.

    >>> row = ("芜湖", "地区生产总值", None, "年", 2023, "year", None, None, "level", 474107000000.0, "CNY", "eq", 5.7)
    >>> pivot([row])
    [('地区生产总值（CNY）', ['城市', '2023年'], [('芜湖', '4741.07亿 +5.7%')])]
    """
    named = [dict(zip(TREND_COLUMNS, row, strict=False)) for row in rows]
    said = [one for one in named if one["value"] is not None or one["growth_yoy"] is not None]
    units: dict[str, str] = {}
    for one in said:  # a growth without a level stands in the table of the level
        if one["unit"]:
            units.setdefault(_title(one), one["unit"])
    tables: dict[tuple[str, str, str], dict[str, dict[tuple[str, str], str]]] = {}
    for one in said:
        title = _title(one)
        unit = one["unit"] or units.get(title, "%")
        series = str(one["series"] or one["period_type"])
        period = (str(one["period_start"] or one["year"]), _period(one))
        tables.setdefault((title, unit, series), {}).setdefault(one["city"], {})[period] = _cell(one)
    answer = []
    for (title, unit, _), cities in sorted(tables.items(), key=lambda each: each[0][2] != "年"):  # whole years first
        periods = sorted({period for cells in cities.values() for period in cells})
        lines = [(city, *(cells.get(period, "") for period in periods)) for city, cells in cities.items()]
        answer.append((f"{title}（{unit}）", ["城市", *(label for _, label in periods)], lines))
    return answer


def _title(one: Mapping[str, Any]) -> str:
    return f"{one['indicator']}·{one['item']}" if one["item"] else str(one["indicator"])


def _period(one: Mapping[str, Any]) -> str:
    if one["series"]:
        return f"{one['year']}年" if one["series"] == "年" else f"{one['year']}年{one['series']}"
    return f"{one['period_start'] or ''}…{one['period_end'] or ''}"


def _cell(one: Mapping[str, Any]) -> str:
    parts = []
    if one["value"] is not None:
        parts.append(COMPARATORS.get(one["comparator"] or "eq", "") + shown(one["value"], one["unit"] or ""))
    if one["growth_yoy"] is not None:
        parts.append(f"{one['growth_yoy']:+.15g}%")
    return " ".join(parts)
