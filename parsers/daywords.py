"""Times written in other ways than year, quarter and month: festivals, lunar dates, weekdays, decades, dates in figures."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from parsers.days import (
    COUNT,
    DAY,
    MONTH,
    WEEKDAYS,
    YEAR,
    Days,
    Point,
    any_of,
    integer,
    month_end,
    months,
    one_day,
    shift,
    third,
    week,
    year_of,
)  # fmt: skip
from parsers.festivals import festival_day, festival_names, holiday, lunar_day, lunar_month, vocabulary

__all__ = ["read_counted", "read_named", "read_written"]

_ERAS: Final[dict[str, int]] = vocabulary()["eras"]
_NEAR: Final = re.compile(
    rf"(?P<way>上上|下下|上|下|本|这)(?:一)?个?(?:(?P<half>半年)|(?P<halfmonth>半月)|(?P<unit>月|季度|季|周|星期|礼拜)(?:周)?(?P<wd>[一二三四五六日天](?![个次期批]))?)"
    rf"(?P<d>{DAY}[日号])?(?P<edge>[末底初]|[上中下]旬)?"
)
_ISO: Final = re.compile(r"((?:19|20)[0-9]{2})([-/.])(1[0-2]|0?[1-9])\2(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_COMPACT: Final = re.compile(
    r"((?:19|20)[0-9]{2})()(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9.]|[十百千万亿个家元人名户件项吨台辆])"
)
_SLASHED: Final = re.compile(r"(3[01]|[12][0-9]|0?[1-9])/(1[0-2]|0?[1-9])/((?:19|20)[0-9]{2})(?![0-9])")
_YEAR_MONTH: Final = re.compile(r"((?:19|20)[0-9]{2})[.](0[1-9]|1[0-2])(?=[-—至到])")
_DECADE: Final = re.compile(
    r"(?:(?P<century>[0-9]{1,2}|十[一二三四五六七八九]|二十一?)世纪|(?P<last>上个?世纪))?(?P<tens>[1-9]0|[一二三四五六七八九]?十)年代(?:初|中期|末|后期|以来)?"
)
_ERA: Final = re.compile(rf"(?P<era>{any_of(_ERAS)})(?P<n>{COUNT}|元)年(?:(?P<m>{MONTH})月)?")
_BOTH: Final = "双节|国庆节?[、和]?中秋节?|中秋节?[、和]?国庆节?"
_FESTIVAL: Final = re.compile(
    rf"{YEAR}?的?(?:农历|阴历)?(?:(?P<name>{_BOTH}|{any_of(festival_names() | {'五一'})})(?P<tail>假期|长假|小长假|黄金周|期间|节日期间)?)"
)
_LUNAR_DAY: Final = "初[一二三四五六七八九十]|十[一二三四五六七八九]|廿[一二三四五六七八九]|二十[一二三四五六七八九]?|三十|[0-9]{1,2}[日号]"
_LUNAR: Final = re.compile(
    rf"{YEAR}?(?P<word>农历|阴历)?(?P<leap>闰)?(?P<m>正月|腊月|冬月|大年(?=初)|{MONTH}月)(?P<d>{_LUNAR_DAY})?|(?P<only>廿[一二三四五六七八九])(?![一-龥])"
)
_RELATIVE_DAY: Final = re.compile(
    "(?P<far>大*)(?P<way>[前后昨今明])天(?![河津])|(?P<n>[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一两三四五六七八九])天后|(?P<all>全天)(?![候时])"
)
_WEEKDAY: Final = re.compile("(?:周|星期|礼拜)([一二三四五六日天])(?![年岁期边围到全个])")
# Names that are common words or parts of names too: only beside a year, 节 or 假期 do they name a day.
_NEVER_BARE: Final = frozenset(
    "清明 端午 中秋 元宵 重阳 七夕 小年 五一 雨水 大雪 小雪 小满 立春 白露 大寒 小寒 大暑 小暑 谷雨 霜降 惊蛰 春分 秋分".split()
)


_DAYS_OFF: Final = frozenset({"五一", "国庆", "国庆节", "春节", "端午", "清明", "中秋"})
_CLOSES: Final = frozenset("，,")


def _near(match: re.Match[str], anchor: dt.date) -> Days | None:
    """上月, 本季度, 下周六: counted from the anchor."""
    way = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}[match["way"]]
    if match["half"]:
        year, half = divmod(anchor.year * 2 + (anchor.month > 6) + way, 2)
        return months(year, half * 6 + 1, half * 6 + 6, "half")
    if match["halfmonth"]:
        first = anchor.replace(day=1)
        return (
            (first, first.replace(day=15), "range")
            if way < 0
            else (first.replace(day=16), month_end(first.year, first.month), "range")
        )
    unit = match["unit"]
    if unit in ("季度", "季"):
        year, quarter = divmod(anchor.year * 4 + (anchor.month - 1) // 3 + way, 4)
        return months(year, quarter * 3 + 1, quarter * 3 + 3, "quarter")
    if unit == "月":
        first = shift(anchor.replace(day=1), way)
        if match["d"]:
            return one_day(first.year, first.month, integer(match["d"][:-1]), anchor, stated=True)
        if edge := match["edge"]:
            if edge == "初":
                return first, first.replace(day=5), "range"
            if edge.endswith("旬"):
                return third(first, edge)
            return None, month_end(first.year, first.month), "as_of"
        return months(first.year, first.month, first.month, "month")
    monday = anchor + dt.timedelta(days=7 * way - anchor.weekday())
    if match["wd"]:
        day = monday + dt.timedelta(days=min(WEEKDAYS.index(match["wd"]), 6))
        return day, day, "day"
    return week(monday)


def _holiday_near(name: str, anchor: dt.date) -> tuple[dt.date, dt.date] | None:
    """The last holiday of a name that had begun by the anchor, or begins within three weeks."""
    for year in (anchor.year + 1, anchor.year, anchor.year - 1):
        days = holiday(name, year)
        if days and days[0] <= anchor + dt.timedelta(days=21):
            return days
    return None


def read_named(text: str, at: int, anchor: dt.date | None, inherited: int | None) -> Point | None:
    """Festivals, holidays and lunar dates."""
    if match := _FESTIVAL.match(text, at):
        year, stated = year_of(match, anchor, inherited)
        name, tail, end = match["name"], match["tail"], match.end()
        lunar_word = "历" in match.group()
        this_one = text[max(0, at - 2) : at] in {"这个", "本次"}
        if not tail and name in _DAYS_OFF and (this_one or stated) and text[end : end + 1] in _CLOSES:
            tail = "假期"  # 这个“五一”，…
        if (
            (stated or tail or lunar_word or name not in _NEVER_BARE or end - at == len(text))
            and (tail or name != "双节")
            and not re.match("[路街村桥镇上诗]", text[end : end + 1])
        ):
            year = year if stated else (anchor.year if anchor else None)
            if tail:
                days = (
                    (holiday(name, year) if stated or anchor is None else _holiday_near(name, anchor)) if year else None
                )
                if days or tail not in ("期间", "节日期间"):
                    return Point(end, days[0] if days else None, days[1] if days else None, "range", stated)
            day = festival_day(name, year) if year else None
            if day and not stated and anchor and day > anchor + dt.timedelta(days=183):
                day = festival_day(name, year - 1) if year else None
            return Point(end, day, day, "day", stated)
    if (match := _LUNAR.match(text, at)) and (
        match["word"]
        or match["only"]
        or match["m"] in ("正月", "腊月", "冬月", "大年")
        or ((match["d"] or "")[:1] in "初廿" and match["d"])
        or match.group().endswith("八月十五")
    ):
        year, stated = year_of(match, anchor, inherited)
        year = year if stated else (anchor.year if anchor else None)
        if year is None:
            return Point(match.end(), None, None, "day" if match["d"] else "month", stated)
        if match["only"]:
            only = lunar_day(year, anchor.month if anchor else 1, 20 + integer(match["only"][1]))
            return Point(match.end(), only, only, "day", year_stated=False)
        name = match["m"][:-1]
        month = {"正": 1, "大": 1, "冬": 11, "腊": 12}.get(name) or integer(name)
        if match["d"]:
            written = match["d"].removeprefix("初").rstrip("日号")
            number = 20 + integer(written[1]) if written[0] == "廿" else integer(written)
            day = lunar_day(year, month, number, leap=bool(match["leap"]))
            return Point(match.end(), day, day, "day", stated)
        if match["leap"] and not stated and anchor:
            year = next((y for y in range(anchor.year, anchor.year - 40, -1) if lunar_month(y, month, leap=True)), year)
        days = lunar_month(year, month, leap=bool(match["leap"]))
        return Point(match.end(), days[0] if days else None, days[1] if days else None, "month", stated)
    return None


def read_written(text: str, at: int) -> Point | None:
    """Dates in figures: 2024-11-15, 20241115, 15/11/2024, 2008.03-."""
    for pattern in (_ISO, _COMPACT):
        if match := pattern.match(text, at):
            days = one_day(int(match[1]), int(match[3]), int(match[4]), None, stated=True)
            return Point(match.end(), *days, True) if days else None
    if match := _SLASHED.match(text, at):
        days = one_day(int(match[3]), int(match[2]), int(match[1]), None, stated=True)
        return Point(match.end(), *days, True) if days else None
    if match := _YEAR_MONTH.match(text, at):
        return Point(match.end(), *months(int(match[1]), int(match[2]), int(match[2]), "month"), True)
    return None


def read_counted(text: str, at: int, anchor: dt.date | None) -> Point | None:
    """Decades, reigns, weekdays, 后天."""
    if match := _DECADE.match(text, at):
        century = integer(match["century"]) - 1 if match["century"] else 19
        first = century * 100 + integer(match["tens"])
        return (
            Point(match.end(), dt.date(first, 1, 1), dt.date(first + 9, 12, 31), "range", True)
            if 999 < first < 2100
            else None
        )
    if match := _ERA.match(text, at):
        year = _ERAS[match["era"]] + (1 if match["n"] == "元" else integer(match["n"]))
        month = integer(match["m"]) if match["m"] else 0
        return Point(match.end(), *months(year, month or 1, month or 12, "month" if month else "year"), True)
    if anchor is None:
        return None
    if match := _NEAR.match(text, at):
        days = _near(match, anchor)
        return Point(match.end(), *days, True) if days else None
    if match := _RELATIVE_DAY.match(text, at):
        way = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}.get(match["way"] or "今", 0)
        count = integer(match["n"]) if match["n"] else way + len(match["far"] or "") * (1 if way > 0 else -1)
        day = anchor + dt.timedelta(days=count)
        return Point(match.end(), day, day, "day", True)
    if match := _WEEKDAY.match(text, at):
        day = anchor + dt.timedelta(days=(min(WEEKDAYS.index(match[1]), 6) - anchor.weekday()) % 7)
        return Point(match.end(), day, day, "day", True)
    return None
