"""Days, months and years: the plain calendar that reading times of a text rests on, and the words for a year."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable
from typing import Final, NamedTuple

from parsers.festivals import vocabulary
from parsers.numerals import parse_numeral

__all__ = [
    "COUNT", "DAY", "MONTH", "SEPARATOR", "WEEKDAYS", "YEAR", "Days", "Point", "any_of", "integer", "month_end", "months", "one_day",
    "shift", "third", "week", "year_of",
]  # fmt: skip

Days = tuple[dt.date | None, dt.date | None, str]


class Point(NamedTuple):
    """A point read: where it ends, its days and type, and how much of it the words themselves stated."""

    end: int
    first: dt.date | None
    last: dt.date | None
    type: str
    year_stated: bool
    edge: str | None = None


def any_of(words: Iterable[str]) -> str:
    """An alternation that prefers the longest word."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + ")"


_RELATIVE: Final[dict[str, int | None]] = vocabulary()["relative_years"]
MONTH: Final = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
DAY: Final = "(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
COUNT: Final = "(?:[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
SEPARATOR: Final = "(?:[ ]?[-－—–~～]{1,2}[ ]?|至|到)"
YEAR: Final = (
    r"(?:(?P<year>(?:19|20)[0-9]{2}|[一二][九零][零一二三四五六七八九]{2})[ ]?年度?"
    r"|(?P<short>(?<![0-9])(?:[0-9]{2}年(?=[0-9]{1,2}月)|0[0-9]年)|(?<![零一二三四五六七八九十])(?:三三|[四五六七八九][一二三四五六七八九零])年)"
    rf"|(?P<rel>{any_of(_RELATIVE)}))"
)
WEEKDAYS: Final = "一二三四五六日天"


def month_end(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, monthrange(year, month)[1])


def shift(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later (or earlier), cut to the month's length and the calendar's range.

    >>> shift(dt.date(2024, 1, 31), 1).isoformat()
    '2024-02-29'
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        return day
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def integer(numeral: str) -> int:
    """A whole number as written."""
    return int(numeral) if numeral.isdecimal() else int(parse_numeral(numeral))


def year_of(match: re.Match[str], anchor: dt.date | None, inherited: int | None) -> tuple[int | None, bool]:
    """The year a point states, and whether it states one at all (even one that only the article can settle)."""
    if year := match["year"]:
        return integer(year), True
    if short := match["short"]:
        two = int(parse_numeral(short[:2]))
        if anchor is None:
            return (1900 if two > 60 else 2000) + two, True
        year_then = anchor.year // 100 * 100 + two
        return year_then - (100 if year_then > anchor.year + 10 else 0), True
    if relative := match["rel"]:
        step = _RELATIVE[relative]
        return (anchor.year + step if anchor and step is not None else None), True
    return inherited, inherited is not None


def months(year: int | None, first: int, last: int, kind: str) -> Days:
    """From one month's first day to another's last; null where the year is not known."""
    if year is None:
        return None, None, kind
    return dt.date(year, first, 1), month_end(year, last), kind


def one_day(year: int | None, month: int, day: int, anchor: dt.date | None, *, stated: bool) -> Days | None:
    """A day; without a year the nearest one, half a year ahead being this year's still."""
    if day > monthrange(2024, month)[1]:
        return None
    if not stated and anchor:
        year = anchor.year - (month - anchor.month > 6) + (anchor.month - month > 9)
    if year is None:
        return None, None, "day"
    if day > monthrange(year, month)[1]:
        return None
    date = dt.date(year, month, day)
    return date, date, "day"


def week(monday: dt.date, weeks: int = 1) -> Days:
    """Whole weeks from a Monday."""
    return monday, monday + dt.timedelta(days=7 * weeks - 1), "range"


def third(first: dt.date, name: str) -> Days:
    """上旬, 中旬, 下旬."""
    if name[0] == "下":
        return first.replace(day=21), month_end(first.year, first.month), "range"
    begin = 1 if name[0] == "上" else 11
    return first.replace(day=begin), first.replace(day=begin + 9), "range"
