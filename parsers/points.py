"""Read one point of time: a year, half, quarter, running total (1-10月), month, week or day, alone or with its year.

Other ways to write a time are in ``parsers.daywords``; what bounds a point (截至, 以来, 末) and joins two to a range is the
business of ``parsers.periods``.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from parsers.days import (
    COUNT,
    DAY,
    MONTH,
    SEPARATOR,
    WEEKDAYS,
    YEAR,
    Days,
    Point,
    integer,
    month_end,
    months,
    one_day,
    third,
    week,
    year_of,
)
from parsers.daywords import read_counted, read_named, read_written
from parsers.festivals import festival_names

__all__ = ["read_point"]

_GENERAL: Final = re.compile(
    rf"""
    {YEAR}?
    (?:[ ]?的?(?:
       (?P<half>[上下]半年)
      |(?P<fq>[前头])(?P<fqn>[二三四两2-4])个?季度
      |(?P<q1>[一二三1-3])(?:季度)?{SEPARATOR}(?P<q2>[二三四2-4])季度
      |第?(?P<q>[一二三四1-4])季度
      |[前头](?P<fm>{COUNT})个?月(?!份)
      |后(?P<lm>{COUNT})个?月
      |第(?P<nm>{COUNT})个月
      |前(?P<fw>{COUNT})个?(?:周|星期)|最后(?P<lw>{COUNT})个?(?:周|星期)|最后[ ]?(?P<lw2>{COUNT})[ ]?周|第(?P<nw>{COUNT})个?(?:周|星期)
      |(?P<m1>{MONTH})月?份?{SEPARATOR}(?P<m2>{MONTH})月份?(?![0-9]|{DAY}[日号])
      |(?P<m>{MONTH})月(?:份|当月|单月)?
       (?:的?第(?P<mw>{COUNT})个?(?:周|星期)(?P<wd>[一二三四五六日天])?
         |前(?P<fd>{COUNT})[天日]
         |(?P<ten>[上中下]旬)
         |[ ]?(?P<d>{DAY})(?:[日号]|(?=$|[，。；、,;）)])))?
    ))?
    (?P<edge>年?[末底初])?
    """,
    re.VERBOSE,
)


def _latest(anchor: dt.date | None, first_month: int, *, ahead: bool = False) -> int | None:
    """The year whose month had begun at the anchor; with ``ahead`` the next one that had not ended."""
    if anchor is None:
        return None
    if ahead:
        return anchor.year if first_month >= anchor.month else anchor.year + 1
    return anchor.year if first_month <= anchor.month else anchor.year - 1


def _weeks_of_year(match: re.Match[str], year: int) -> Days | None:
    """第N周, 前N周, 最后N周 of a year, in whole weeks from Monday."""
    first = dt.date.fromisocalendar(year, 1, 1)
    count = dt.date(year, 12, 28).isocalendar()[1]
    if number := match["nw"]:
        return week(first + dt.timedelta(weeks=integer(number) - 1)) if 1 <= integer(number) <= count else None
    if number := match["fw"]:
        return week(first, integer(number)) if integer(number) <= count else None
    number = integer(match["lw"] or match["lw2"])
    return week(first + dt.timedelta(weeks=count - number), number) if number <= count else None


def _part_of_month(match: re.Match[str], year: int, month: int) -> Days | None:
    """Weeks, weekdays and thirds of a month."""
    first, last = dt.date(year, month, 1), month_end(year, month)
    if ten := match["ten"]:
        return third(first, ten)
    if days := match["fd"]:
        return first, first + dt.timedelta(days=min(integer(days), last.day) - 1), "range"
    day = WEEKDAYS.index(match["wd"]) + 1 if match["wd"] else 1
    date = first + dt.timedelta(days=(min(day, 7) - first.isoweekday()) % 7 + 7 * (integer(match["mw"]) - 1))
    return (date, date, "day") if match["wd"] else week(date)


_YEAR_GROUPS: Final = frozenset({"year", "short", "rel"})


def _general(match: re.Match[str], anchor: dt.date | None, inherited: int | None, *, ahead: bool) -> Days | None:
    """The days of a match of the general grammar; None where it holds nothing."""
    year, stated = year_of(match, anchor, inherited)
    last_read = match.lastgroup  # most points are a year, a month or a day
    if last_read in _YEAR_GROUPS:
        return months(year, 1, 12, "year")
    if last_read == "d":
        return one_day(year, integer(match["m"]), integer(match["d"]), anchor, stated=stated)
    if last_read == "m":
        month = integer(match["m"])
        return months(year if stated else _latest(anchor, month, ahead=ahead), month, month, "month")

    def of(month: int) -> int | None:
        return year if stated else _latest(anchor, month)

    if half := match["half"]:
        return months(of(3), 1, 6, "ytd") if half == "上半年" else months(of(6), 7, 12, "half")
    if match["fqn"]:
        last = integer(match["fqn"]) * 3
        return months(of(last), 1, last, "ytd")
    if match["q2"]:
        first, last = integer(match["q1"]) * 3 - 2, integer(match["q2"]) * 3
        return months(of(last), first, last, "ytd" if first == 1 else "range") if first < last - 2 else None
    if match["q"]:
        last = integer(match["q"]) * 3
        return months(of(last - 2), last - 2, last, "quarter")
    if match["fm"]:
        last = integer(match["fm"])
        return months(of(last), 1, last, "ytd") if 1 <= last <= 12 else None
    if match["lm"] or match["nm"]:
        count = integer(match["lm"] or match["nm"])
        if not stated or not 1 <= count <= 12:
            return None
        return months(year, 13 - count, 12, "range") if match["lm"] else months(year, count, count, "month")
    if match["m2"]:
        first, last = integer(match["m1"]), integer(match["m2"])
        return months(of(last), first, last, "ytd" if first == 1 else "range") if first < last else None
    if match["m"]:
        month = integer(match["m"])
        if match["d"]:
            return one_day(year, month, integer(match["d"]), anchor, stated=stated)
        if match["mw"] or match["fd"] or match["ten"]:
            then = year if stated else (anchor.year if anchor and match["mw"] else _latest(anchor, month))
            return _part_of_month(match, then, month) if then else (None, None, "range")
        return months(year if stated else _latest(anchor, month, ahead=ahead), month, month, "month")
    if match["nw"] or match["fw"] or match["lw"] or match["lw2"]:
        return _weeks_of_year(match, year) if year and stated else None
    if match["year"] or match["short"] or match["rel"]:
        return months(year, 1, 12, "year")
    return None


_LUNAR_DAYS: Final = frozenset("初廿")
_FIGURES: Final = frozenset("-/.0123456789")
_NAMED_FIRST: Final = frozenset(name[0] for name in festival_names()) | frozenset("双农阴闰正腊冬廿五大")


def _may_be_lunar(match: re.Match[str], text: str) -> bool:
    """Whether a month read may be one of the moon's: 八月十五, 8月初十."""
    month = match["m"]
    return month is not None and not (
        month.isascii() and text[match.end("m") + 1 : match.end("m") + 2] not in _LUNAR_DAYS
    )


def read_point(text: str, at: int, anchor: dt.date | None, *, inherited: int | None = None) -> Point | None:
    """The point of time that stands at ``text[at]``, if any; ``inherited``: the year that an earlier point stated.

    >>> point = read_point("2024年1-10月", 0, None)
    >>> point.first.isoformat(), point.last.isoformat(), point.type
    ('2024-01-01', '2024-10-31', 'ytd')
    """
    first = text[at : at + 1]
    if (
        first.isdigit()
        and (text[at + 4 : at + 5] in _FIGURES or "/" in text[at : at + 3])
        and (written := read_written(text, at))
    ):
        return written
    match = _GENERAL.match(text, at)
    if match is not None and match.end() - at == len(match["edge"] or ""):
        match = None
    if match is None or text[match.end() : match.end() + 1] in _NAMED_FIRST or _may_be_lunar(match, text):
        named = read_named(text, at, anchor, inherited)
        if named and (match is None or named.end >= match.end()):
            return named
    if match is None:
        return read_counted(text, at, anchor)
    if match["short"] and match["short"][:2] in ("五六", "六七", "七八", "八九", "四五"):
        return None  # 七八年: seven or eight years
    end, edge = match.end(), match["edge"]
    if edge:
        body = end - len(edge) > (match.end("year") + 1 if match["year"] else at)
        if (edge[0] == "年" and body and not match["rel"]) or text.startswith(
            ("期", "次", "级", "心", "步", "中", "始"), end
        ):
            end, edge = end - len(edge), None
    ahead = edge in ("末", "底") and text.startswith("前", end)
    days = _general(match, anchor, inherited, ahead=ahead)
    return Point(end, *days, bool(match["year"] or match["short"] or match["rel"]), edge) if days else None
