"""The days of festivals, holidays and the lunar calendar (1900-2098).

The months of every lunar year are in ``knowledge/lunar.csv``; festivals, solar terms and the pattern of public holidays
in ``knowledge/periods.yaml``.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

__all__ = ["festival_day", "festival_names", "holiday", "lunar_day", "lunar_month", "vocabulary"]


@cache
def vocabulary() -> dict[str, Any]:
    """The words of ``knowledge/periods.yaml``, checked."""
    with (resources.files("parsers.knowledge") / "periods.yaml").open(encoding="utf-8") as handle:
        words: dict[str, Any] = yaml.safe_load(handle)
    if set(words["undated"].values()) - {"recurrent", "range", "year", "quarter", "month", "day", "half", "ytd"}:
        raise ValueError("periods.yaml: unknown type under undated")
    return words


class _LunarYear(NamedTuple):
    first: dt.date
    leap: int
    days: tuple[int, ...]


@cache
def _lunar_years() -> dict[int, _LunarYear]:
    with (resources.files("parsers.knowledge") / "lunar.csv").open(encoding="utf-8") as handle:
        return {
            int(row["year"]): _LunarYear(
                dt.date.fromisoformat(row["new_year"]),
                int(row["leap_month"] or 0),
                tuple(map(int, row["month_days"].split())),
            )
            for row in csv.DictReader(handle)
        }


def lunar_month(year: int, month: int, *, leap: bool = False) -> tuple[dt.date, dt.date] | None:
    """First and last solar day of a lunar month.

    >>> lunar_month(2024, 1)[0].isoformat()
    '2024-02-10'
    """
    known = _lunar_years().get(year)
    if known is None or not 1 <= month <= 12 or (leap and known.leap != month):
        return None
    index = month - 1 + (1 if known.leap and (month > known.leap or leap) else 0)
    first = known.first + dt.timedelta(days=sum(known.days[:index]))
    return first, first + dt.timedelta(days=known.days[index] - 1)


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> dt.date | None:
    """The solar day of a lunar one.

    >>> lunar_day(2012, 1, 15).isoformat()
    '2012-02-06'
    """
    days = lunar_month(year, month, leap=leap)
    if days is None or not 1 <= day <= (days[1] - days[0]).days + 1:
        return None
    return days[0] + dt.timedelta(days=day - 1)


@cache
def festival_names() -> frozenset[str]:
    """Every name of a day."""
    kinds = vocabulary()["festivals"]
    return frozenset(name for kind in kinds.values() for name in kind)


def festival_day(name: str, year: int) -> dt.date | None:
    """The day of a festival or solar term in a year.

    >>> festival_day("春节", 2019).isoformat(), festival_day("母亲节", 2021).isoformat(), festival_day("芒种", 2021).isoformat()
    ('2019-02-05', '2021-05-09', '2021-06-05')
    """
    if not 1900 < year < 2098:
        return None
    kinds = vocabulary()["festivals"]
    if day := kinds["solar"].get(name):
        return dt.date(year, *day)
    if day := kinds["lunar"].get(name):
        return lunar_day(year, *day)
    if day := kinds["moving"].get(name):
        month, number, weekday = day
        first = dt.date(year, month, 1)
        return first + dt.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (number - 1))
    if day := kinds["terms"].get(name):
        month, constant = day
        if year < 2000:
            return None  # the constants are the century's
        since = year - 2000
        leaps = (since - 1) // 4 if month < 3 else since // 4
        return dt.date(year, month, int(0.2422 * since + constant) - leaps)
    if name in kinds["eve"]:
        following = lunar_day(year + 1, 1, 1)
        return following - dt.timedelta(days=1) if following else None
    return None


@cache
def _holidays() -> dict[tuple[str, int], tuple[dt.date, dt.date]]:
    """The public holidays as the State Council set them, by name and year (元旦 by the new year)."""
    with (resources.files("parsers.knowledge") / "holidays.csv").open(encoding="utf-8") as handle:
        return {
            (row["holiday"], int(row["year"])): (
                dt.date.fromisoformat(row["first"]),
                dt.date.fromisoformat(row["last"]),
            )
            for row in csv.DictReader(handle)
        }


_OTHER_NAMES = {"劳动节": "五一", "双节": "国庆"}


def holiday(name: str, year: int) -> tuple[dt.date, dt.date] | None:
    """First and last day of a public holiday: as it was set for that year, else by its pattern where that is fixed.

    >>> [day.isoformat() for day in holiday("五一", 2023)], [day.isoformat() for day in holiday("国庆节", 2005)]
    (['2023-04-29', '2023-05-03'], ['2005-10-01', '2005-10-07'])
    """
    short = "国庆" if "国庆" in name else _OTHER_NAMES.get(name, name.removesuffix("节") if name != "春节" else name)
    if known_days := _holidays().get((short, year)):
        return known_days
    patterns = vocabulary()["holidays"].get(short)
    day = dt.date(year, 5, 1) if name == "五一" else festival_day(name, year)
    if not patterns or day is None:
        return None
    known = [since for since in patterns if since <= year]
    if not known:
        return None
    before, after = patterns[max(known)]
    return day + dt.timedelta(days=before), day + dt.timedelta(days=after)
