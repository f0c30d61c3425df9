"""Values, units, periods and times as people write them in Chinese."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable

__all__ = ["KINDS", "amount", "day_or_time", "period_name", "series_name", "signed", "unit_scale"]

UNITS = {
    "CNY": "元", "USD": "美元", "HKD": "港元", "EUR": "欧元", "JPY": "日元", "CNY/person": "元", "USD/person": "美元",
    "t": "吨", "tce": "吨标准煤", "kWh": "千瓦时", "kW": "千瓦", "m2": "平方米", "m3": "立方米", "km": "公里", "TEU": "标准箱",
    "ug/m3": "微克/立方米", "mg/m3": "毫克/立方米", "pp": "个百分点", "times": "倍", "rank": "位", "index": "点",
    "day": "天", "month": "个月", "quarter": "个季度", "year": "年",
}  # fmt: skip
"""Canonical units that are not Chinese words already."""
SCALES = ((1e8, "亿"), (1e4, "万"))
UNSCALED = frozenset({"%", "‰", "pp", "times", "rank", "index", "year", "month", "day", ""})
KINDS = {
    "level": "水平", "count": "数量", "growth_yoy": "同比", "growth_mom": "环比", "growth": "增速", "change": "增量",
    "change_pp": "百分点变动", "gap_pp": "百分点差距", "share": "占比", "contribution": "贡献", "ratio": "比率",
    "rank": "位次", "streak": "连续", "duration": "时长", "index": "指数",
}  # fmt: skip
SIGNED = frozenset({"growth_yoy", "growth_mom", "growth", "change", "change_pp", "gap_pp"})


def unit_scale(values: Iterable[float], unit: str | None) -> tuple[float, str]:
    """The unit in which a column of values is written, and what a value is divided by for it.

    >>> unit_scale([430260000000.0], "CNY"), unit_scale([36000.0], "CNY/person"), unit_scale([5.0], "%")
    ((100000000.0, '亿元'), (1.0, '元'), (1.0, '%'))
    """
    unit = unit or ""
    word = UNITS.get(unit, unit)
    if unit not in UNSCALED and "/" not in unit:
        largest = max((abs(value) for value in values), default=0.0)
        for scale, name in SCALES:
            if largest >= scale:
                return scale, name + word
    return 1.0, word


def amount(value: float, unit: str | None) -> str:
    """One value with its unit.

    >>> amount(430260000000.0, "CNY"), amount(11.6, "%")
    ('4,302.6亿元', '11.6%')
    """
    scale, word = unit_scale([value], unit)
    return f"{value / scale:,.10g}{word}"


def signed(kind: str | None) -> bool:
    """Whether a kind of value is a movement, which is written with its sign."""
    return kind in SIGNED


def day_or_time(value: dt.datetime | None) -> str:
    """A page's time; midnight stands where the page knows only a day.

    >>> day_or_time(dt.datetime(2024, 1, 9)), day_or_time(dt.datetime(2024, 1, 9, 8, 30))
    ('2024-01-09', '2024-01-09 08:30:00')
    """
    if value is None:
        return "时间未述"
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")


def series_name(period_type: str | None, start: dt.date | None, end: dt.date | None) -> str:
    """The series that a period belongs to: what is compared from year to year.

    >>> series_name("ytd", dt.date(2024, 1, 1), dt.date(2024, 6, 30)), series_name("as_of", None, dt.date(2024, 12, 31))
    ('1-6月', '年末')
    """
    if end is None:
        return "时期未述"
    match period_type:
        case "year" if start == dt.date(end.year, 1, 1) and end == dt.date(end.year, 12, 31):
            return "年"
        case "half":
            return "下半年" if end.month > 6 else "上半年"
        case "quarter":
            return f"{(end.month + 2) // 3}季度"
        case "month":
            return f"{end.month}月"
        case "ytd":
            return f"1-{end.month}月"
        case "as_of":
            return "年末" if (end.month, end.day) == (12, 31) else "时点"
    return "其他时段"


def period_name(period_type: str | None, start: dt.date | None, end: dt.date | None) -> str:
    """A period in words.

    >>> period_name("month", dt.date(2022, 11, 1), dt.date(2022, 11, 30)), period_name("as_of", None, dt.date(2024, 6, 30))
    ('2022年11月', '2024年6月末')
    >>> period_name("range", dt.date(2021, 2, 9), dt.date(2022, 2, 9))
    '2021-02-09 至 2022-02-09'
    """
    series = series_name(period_type, start, end)
    if end is None:
        return "时期未述" if start is None else f"{start} 起"
    if series == "年":
        return f"{end.year}年"
    if series == "时点":
        last = end.day == calendar.monthrange(end.year, end.month)[1]
        return f"{end.year}年{end.month}月末" if last else str(end)
    if series != "其他时段":
        return f"{end.year}年{series}"
    return str(end) if start in {None, end} else f"{start} 至 {end}"
