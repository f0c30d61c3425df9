"""Read a moment as pages and their meta values write it, in China Standard Time."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["AGO", "MOMENT", "read_moment"]

MOMENT = re.compile(
    r"(?<![\d])(?P<year>(?:19|20)\d\d)\s*(?:[-/.－–]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.－–]|月)\s*(?P<day>\d{1,2})(?!\d)\s*(?:日|号)?"
    r"(?:[\s,，T]*(?:星期|周|週|礼拜)?[一二三四五六日天]?[\s|]*(?P<half>上午|下午|晚上|AM|PM)?\s*(?P<hour>[01]?\d|2[0-4])\s*(?:[:：]|时|点)\s*(?P<minute>[0-5]\d)(?:\s*(?:[:：]|分)\s*(?P<second>[0-5]\d)?)?"
    r"(?:\.\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
AGO = re.compile(r"刚刚|半小时前|\d{1,3}\s*(?:分钟|小时|天|周)之?前|(?:今天|昨天|前天)\s*\d{1,2}[:：]\d{2}")
"""How long ago a page says it appeared, which dates nothing."""
_COMPACT = re.compile(r"^\s*(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:([01]\d|2[0-3])([0-5]\d)([0-5]\d)?)?\s*$")
_CHINA = dt.timezone(dt.timedelta(hours=8))


def read_moment(text: str) -> dt.datetime | None:
    """The first date in a text, with its time of day if it has one; None where there is none or it cannot be.

    >>> read_moment("发布时间：2024年11月15日 17:21")
    datetime.datetime(2024, 11, 15, 17, 21)
    >>> read_moment("2024-05-09T14:27:02Z")
    datetime.datetime(2024, 5, 9, 22, 27, 2)
    >>> read_moment("2024-13-40") is None
    True
    """
    for match in MOMENT.finditer(text):
        moment = moment_of(match)
        if moment is not None:
            return moment
    compact = _COMPACT.match(text)
    if compact:
        return _datetime(*(int(g) for g in compact.groups(default="0")))
    return None


def moment_of(match: re.Match[str]) -> dt.datetime | None:
    """The moment that a match of ``MOMENT`` stands for."""
    year, month, day, half, hour, minute, second, zone = match.group(
        "year", "month", "day", "half", "hour", "minute", "second", "zone"
    )
    hours = int(hour or 0)
    if half and half.lower() in ("下午", "晚上", "pm") and hours < 12:
        hours += 12
    if hours == 24:
        hours = 0
    moment = _datetime(int(year), int(month), int(day), hours, int(minute or 0), int(second or 0))
    if moment is not None and zone:
        if zone in "Zz":
            offset = dt.timedelta(0)
        else:
            digits = zone.replace(":", "")
            offset = dt.timedelta(hours=int(digits[:3]), minutes=int(digits[0] + digits[3:5]))
        if abs(offset) < dt.timedelta(hours=24):
            moment = moment.replace(tzinfo=dt.timezone(offset)).astimezone(_CHINA).replace(tzinfo=None)
    return moment


def _datetime(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *second: int) -> dt.datetime | None:
    try:
        return dt.datetime(year, month, day, hour, minute, second[0] if second else 0)  # noqa: DTZ001 - China Standard Time without a zone
    except ValueError:
        return None
