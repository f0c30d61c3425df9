"""A series as people compare it: a line per city, a column per period, unit and kind said once over the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.amounts import KINDS, period_name, series_name, signed, unit_scale

__all__ = ["PERIODS", "TREND_COLUMNS", "Table", "choose", "crosstabs", "of_period", "rest_words", "said"]

TREND_COLUMNS = (
    "city", "indicator", "item", "series", "year", "period_type", "period_start", "period_end", "kind", "value", "unit",
    "comparator", "growth_yoy",
)  # fmt: skip
PERIODS = {
    "year": "year", "年": "year", "年度": "year", "half": "half", "半年": "half", "quarter": "quarter", "季度": "quarter",
    "month": "month", "月": "month", "月度": "month", "ytd": "ytd", "累计": "ytd", "as_of": "as_of", "时点": "as_of",
    "all": "all", "全部": "all",
}  # fmt: skip
"""What ``--period`` understands beside the name of one series (1-6月, 年末, 4季度 …)."""
PERIOD_WORDS = {
    "year": "年", "half": "半年", "quarter": "季度", "month": "月", "ytd": "累计", "as_of": "时点",
}  # fmt: skip
OTHER = "其他时段"
MAIN_KINDS = frozenset({None, "level", "count", "index"})
FIRST = ("年", "年末")
COMPARATORS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "approx": "约"}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One cross table: its title with unit, the names of its columns, its lines."""

    title: str
    names: list[str]
    lines: list[tuple[Any, ...]]


def said(rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Rows of ``TREND_COLUMNS`` that state something, each with the series it belongs to."""
    named = [dict(zip(TREND_COLUMNS, row, strict=False)) for row in rows]
    stated = [one for one in named if one["value"] is not None or one["growth_yoy"] is not None]
    for one in stated:
        one["series"] = one["series"] or series_name(one["period_type"], one["period_start"], one["period_end"])
    return stated


def of_period(row: Row, period: str) -> bool:
    """Whether a row is of this kind of period, or of the series of this name.

    >>> row = {"period_type": "ytd", "series": "1-6月"}
    >>> of_period(row, "累计"), of_period(row, "1-6月"), of_period(row, "year"), of_period(row, "all")
    (True, True, False, True)
    """
    wanted = PERIODS.get(period, period)
    return wanted in {"all", row["period_type"], row["series"]}


def choose(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """What is shown first, and the rest: whole years (else year ends, else the longest series) of the indicator itself."""
    main = [one for one in rows if one["item"] is None and one["kind"] in MAIN_KINDS] or list(rows)
    counts = Counter(one["series"] for one in main)
    chosen = next((name for name in FIRST if name in counts), None) or counts.most_common(1)[0][0]
    first = [one for one in main if one["series"] == chosen]
    kept = {id(one) for one in first}
    return first, [one for one in rows if id(one) not in kept]


def rest_words(rows: Sequence[Row]) -> str:
    """What else there is, counted by kind of period.

    >>> rest_words([{"period_type": "ytd", "kind": None, "item": None}, {"period_type": "year", "kind": "ratio", "item": "x"}])
    '累计 1、年·比率·分项 1'
    """
    counts = Counter(
        PERIOD_WORDS.get(one["period_type"], OTHER)
        + (f"·{KINDS.get(one['kind'], one['kind'])}" if one["kind"] not in MAIN_KINDS else "")
        + ("·分项" if one["item"] else "")
        for one in rows
    )
    return "、".join(f"{word} {count:,}" for word, count in counts.most_common())


def crosstabs(rows: Sequence[Row], kind: str | None = None) -> list[Table]:
    """Cross tables of rows: years, quarters and months apart, units apart, the reported growth behind the level.

    >>> row = ("芜湖", "地区生产总值", None, "年", 2023, "year", None, None, "level", 474107000000.0, "CNY", "eq", 5.7)
    >>> crosstabs(said([row]))
    [Table(title='地区生产总值（年；单位：亿元，同比 %）', names=['城市', '2023年'], lines=[('芜湖', '4741.07 +5.7')])]
    """
    units: dict[tuple[str, Any], str] = {}
    for one in rows:  # a growth without a level stands in the table of the level
        if one["unit"] and one["kind"] in MAIN_KINDS:
            units.setdefault((one["indicator"], one["item"]), one["unit"])
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    for one in rows:
        unit = one["unit"] or units.get((one["indicator"], one["item"]), "")
        what = "" if one["kind"] in MAIN_KINDS and kind is None else str(one["kind"])
        groups.setdefault((one["indicator"], one["period_type"] or "", what, unit), []).append(one)
    order = [*PERIOD_WORDS, ""]
    ordered = sorted(
        groups.items(),
        key=lambda each: (each[0][0], order.index(each[0][1] if each[0][1] in order else ""), each[0][2]),
    )
    return [_table(*key, members) for key, members in ordered]


def _table(indicator: str, period_type: str, kind: str, unit: str, rows: Sequence[Row]) -> Table:
    series = rows[0]["series"]
    if any(one["series"] != series for one in rows):
        series = PERIOD_WORDS.get(period_type, OTHER)
    values = [one["value"] for one in rows if one["value"] is not None]
    scale, word = unit_scale(values, unit)
    growth = any(one["growth_yoy"] is not None for one in rows)
    told = [f"单位：{word}"] if values and word else []
    if growth:
        told.append("同比 %")
    kinds = f"·{KINDS.get(kind, kind)}" if kind else ""
    title = f"{indicator}{kinds}（{'；'.join([series, '，'.join(told)] if told else [series])}）"
    items = any(one["item"] for one in rows)
    cells: dict[tuple[str, ...], dict[tuple[str, str], str]] = {}
    for one in rows:
        line = (one["city"], one["item"] or "") if items else (one["city"],)
        cells.setdefault(line, {})[_period(one)] = _cell(one, scale, kind)
    periods = sorted({period for line in cells.values() for period in line})
    names = ["城市", "分项"] if items else ["城市"]
    lines = [(*line, *(found.get(period, "") for period in periods)) for line, found in cells.items()]
    return Table(title, [*names, *(label for _, label in periods)], lines)


def _period(one: Row) -> tuple[str, str]:
    """What a period is sorted by, and its heading."""
    if one["period_end"] is None:
        name = f"{one['year']}年" if one["series"] == "年" else f"{one['year']}年{one['series']}"
        return str(one["year"]), name
    return str(one["period_end"]), period_name(one["period_type"], one["period_start"], one["period_end"])


def _cell(one: Mapping[str, Any], scale: float, kind: str) -> str:
    parts = []
    if one["value"] is not None:
        sign = "+" if signed(kind) else ""
        parts.append(COMPARATORS.get(one["comparator"] or "eq", "") + f"{one['value'] / scale:{sign}.10g}")
    if one["growth_yoy"] is not None:
        growth = one["growth_yoy"]
        parts.append(f"{growth:+.1f}" if round(growth, 1) == growth else f"{growth:+.10g}")
    return " ".join(parts)
