"""Read one point of time, written in any of the ways news has for it, and resolve it against the publish date.

``read_point`` knows years, halves, quarters, running totals (1-10月), months, days, weeks, decades, reigns, lunar dates and
festivals. What bounds a point (截至, 以来, 末) and joins two to a range is the business of ``parsers.periods``.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable
from typing import Final, NamedTuple

from parsers.festivals import festival_day, festival_names, holiday, lunar_day, lunar_month, vocabulary
from parsers.numerals import parse_numeral

__all__ = ["COUNT", "SEPARATOR", "Point", "any_of", "month_end", "read_point", "shift"]


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


_WORDS: Final = vocabulary()
_RELATIVE: Final[dict[str, int | None]] = _WORDS["relative_years"]
_ERAS: Final[dict[str, int]] = _WORDS["eras"]
_MONTH: Final = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY: Final = "(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
COUNT: Final = "(?:[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
SEPARATOR: Final = "(?:[ ]?[-－—–~～]{1,2}[ ]?|至|到)"
_YEAR: Final = (
    r"(?:(?P<year>(?:19|20)[0-9]{2}|[一二][九零][零一二三四五六七八九]{2})[ ]?年度?"
    r"|(?P<short>(?<![0-9])(?:[0-9]{2}年(?=[0-9]{1,2}月)|0[0-9]年)|(?<![零一二三四五六七八九十])(?:三三|[四五六七八九][一二三四五六七八九零])年)"
    rf"|(?P<rel>{any_of(_RELATIVE)}))"
)
_GENERAL: Final = re.compile(
    rf"""
    {_YEAR}?
    (?:[ ]?的?(?:
       (?P<half>[上下]半年)
      |(?P<fq>[前头])(?P<fqn>[二三四两2-4])个?季度
      |(?P<q1>[一二三1-3])(?:季度)?{SEPARATOR}(?P<q2>[二三四2-4])季度
      |第?(?P<q>[一二三四1-4])季度
      |[前头](?P<fm>{COUNT})个?月(?!份)
      |后(?P<lm>{COUNT})个?月
      |第(?P<nm>{COUNT})个月
      |前(?P<fw>{COUNT})个?(?:周|星期)|最后(?P<lw>{COUNT})个?(?:周|星期)|最后[ ]?(?P<lw2>{COUNT})[ ]?周|第(?P<nw>{COUNT})个?(?:周|星期)
      |(?P<m1>{_MONTH})月?份?{SEPARATOR}(?P<m2>{_MONTH})月份?(?![0-9]|{_DAY}[日号])
      |(?P<m>{_MONTH})月(?:份|当月|单月)?
       (?:的?第(?P<mw>{COUNT})个?(?:周|星期)(?P<wd>[一二三四五六日天])?
         |前(?P<fd>{COUNT})[天日]
         |(?P<ten>[上中下]旬)
         |[ ]?(?P<d>{_DAY})(?:[日号]|(?=$|[，。；、,;）)])))?
    ))?
    (?P<edge>(?:年?[末底初]))?
    """,
    re.VERBOSE,
)
_NEAR: Final = re.compile(
    rf"(?P<way>上上|下下|上|下|本|这)(?:一)?个?(?:(?P<half>半年)|(?P<halfmonth>半月)|(?P<unit>月|季度|季|周|星期|礼拜)(?:周)?(?P<wd>[一二三四五六日天](?![个次期批]))?)"
    rf"(?P<d>{_DAY}[日号])?(?P<edge>[末底初]|[上中下]旬)?"
)
_ISO: Final = re.compile(r"((?:19|20)[0-9]{2})([-/.])(1[0-2]|0?[1-9])\2(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_COMPACT: Final = re.compile(r"((?:19|20)[0-9]{2})()(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9.]|[十百千万亿个家元人名户件项吨台辆])")
_SLASHED: Final = re.compile(r"(3[01]|[12][0-9]|0?[1-9])/(1[0-2]|0?[1-9])/((?:19|20)[0-9]{2})(?![0-9])")
_YEAR_MONTH: Final = re.compile(r"((?:19|20)[0-9]{2})[.](0[1-9]|1[0-2])(?=[-—至到])")
_DECADE: Final = re.compile(r"(?:(?P<century>[0-9]{1,2}|十[一二三四五六七八九]|二十一?)世纪|(?P<last>上个?世纪))?(?P<tens>[1-9]0|[一二三四五六七八九]?十)年代(?:初|中期|末|后期|以来)?")
_ERA: Final = re.compile(rf"(?P<era>{any_of(_ERAS)})(?P<n>{COUNT}|元)年(?:(?P<m>{_MONTH})月)?")
_FESTIVAL: Final = re.compile(
    rf"{_YEAR}?的?(?:农历|阴历)?(?:(?P<name>{any_of(festival_names() | {'五一'})})(?P<tail>假期|长假|小长假|黄金周|期间|节日期间)?)"
)
_LUNAR_DAY: Final = "初[一二三四五六七八九十]|十[一二三四五六七八九]|廿[一二三四五六七八九]|二十[一二三四五六七八九]?|三十|[0-9]{1,2}[日号]"
_LUNAR: Final = re.compile(
    rf"{_YEAR}?(?P<word>农历|阴历)?(?P<leap>闰)?(?P<m>正月|腊月|冬月|{_MONTH}月)(?P<d>{_LUNAR_DAY})?|(?P<only>廿[一二三四五六七八九])(?![一-龥])"
)
_RELATIVE_DAY: Final = re.compile("(?P<far>大*)(?P<way>[前后昨今明])天(?![河津])|(?P<n>[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一两三四五六七八九])天后|(?P<all>全天)(?![候时])")
_WEEKDAY: Final = re.compile("(?:周|星期|礼拜)([一二三四五六日天])(?![年岁期边围到全个])")
_WEEKDAYS: Final = "一二三四五六日天"
_NEVER_BARE: Final = frozenset({"清明", "端午", "中秋", "元宵", "重阳", "七夕", "小年", "五一", "雨水", "大雪", "小雪", "小满", "立春", "白露", "大寒", "小寒", "大暑", "小暑", "谷雨", "霜降", "惊蛰", "春分", "秋分"})


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


def _int(numeral: str) -> int:
    return int(parse_numeral(numeral))


def _year(match: re.Match[str], anchor: dt.date | None, inherited: int | None) -> tuple[int | None, bool]:
    """The year a point states, and whether it states one at all (even one that only the article can settle)."""
    if year := match["year"]:
        return int(parse_numeral(year)), True
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


def _latest(anchor: dt.date | None, first_month: int, *, ahead: bool = False) -> int | None:
    """The year whose month had begun at the anchor; with ``ahead`` the next one that had not ended."""
    if anchor is None:
        return None
    if ahead:
        return anchor.year if first_month >= anchor.month else anchor.year + 1
    return anchor.year if first_month <= anchor.month else anchor.year - 1


def _months(year: int | None, first: int, last: int, kind: str) -> tuple[dt.date | None, dt.date | None, str]:
    if year is None:
        return None, None, kind
    return dt.date(year, first, 1), month_end(year, last), kind


_Days = tuple[dt.date | None, dt.date | None, str]


def _one_day(year: int | None, month: int, day: int, anchor: dt.date | None, *, stated: bool) -> _Days | None:
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


def _week(monday: dt.date, weeks: int = 1) -> _Days:
    return monday, monday + dt.timedelta(days=7 * weeks - 1), "range"


def _weeks_of_year(match: re.Match[str], year: int) -> _Days | None:
    """第N周, 前N周, 最后N周 of a year, in whole weeks from Monday."""
    first = dt.date.fromisocalendar(year, 1, 1)
    count = dt.date(year, 12, 28).isocalendar()[1]
    if number := match["nw"]:
        return _week(first + dt.timedelta(weeks=_int(number) - 1)) if 1 <= _int(number) <= count else None
    if number := match["fw"]:
        return _week(first, _int(number)) if _int(number) <= count else None
    number = _int(match["lw"] or match["lw2"])
    return _week(first + dt.timedelta(weeks=count - number), number) if number <= count else None


def _part_of_month(match: re.Match[str], year: int, month: int) -> _Days | None:
    """Weeks, weekdays and thirds of a month."""
    first, last = dt.date(year, month, 1), month_end(year, month)
    if ten := match["ten"]:
        return _third(first, ten)
    if days := match["fd"]:
        return first, first + dt.timedelta(days=min(_int(days), last.day) - 1), "range"
    day = _WEEKDAYS.index(match["wd"]) + 1 if match["wd"] else 1
    date = first + dt.timedelta(days=(min(day, 7) - first.isoweekday()) % 7 + 7 * (_int(match["mw"]) - 1))
    return (date, date, "day") if match["wd"] else _week(date)


def _third(first: dt.date, name: str) -> _Days:
    """上旬, 中旬, 下旬."""
    if name[0] == "下":
        return first.replace(day=21), month_end(first.year, first.month), "range"
    begin = 1 if name[0] == "上" else 11
    return first.replace(day=begin), first.replace(day=begin + 9), "range"


def _general(match: re.Match[str], anchor: dt.date | None, inherited: int | None, *, ahead: bool) -> _Days | None:
    """The days of a match of the general grammar; None where it holds nothing."""
    year, stated = _year(match, anchor, inherited)

    def of(month: int) -> int | None:
        return year if stated else _latest(anchor, month)

    if half := match["half"]:
        return _months(of(3), 1, 6, "ytd") if half == "上半年" else _months(of(6), 7, 12, "half")
    if match["fqn"]:
        last = _int(match["fqn"]) * 3
        return _months(of(last), 1, last, "ytd")
    if match["q2"]:
        first, last = _int(match["q1"]) * 3 - 2, _int(match["q2"]) * 3
        return _months(of(last), first, last, "ytd" if first == 1 else "range") if first < last - 2 else None
    if match["q"]:
        last = _int(match["q"]) * 3
        return _months(of(last - 2), last - 2, last, "quarter")
    if match["fm"]:
        last = _int(match["fm"])
        return _months(of(last), 1, last, "ytd") if 1 <= last <= 12 else None
    if match["lm"] or match["nm"]:
        count = _int(match["lm"] or match["nm"])
        if not stated or not 1 <= count <= 12:
            return None
        return _months(year, 13 - count, 12, "range") if match["lm"] else _months(year, count, count, "month")
    if match["m2"]:
        first, last = _int(match["m1"]), _int(match["m2"])
        return _months(of(last), first, last, "ytd" if first == 1 else "range") if first < last else None
    if match["m"]:
        month = _int(match["m"])
        if match["d"]:
            return _one_day(year, month, _int(match["d"]), anchor, stated=stated)
        if match["mw"] or match["fd"] or match["ten"]:
            then = year if stated else (anchor.year if anchor and match["mw"] else _latest(anchor, month))
            return _part_of_month(match, then, month) if then else (None, None, "range")
        return _months(year if stated else _latest(anchor, month, ahead=ahead), month, month, "month")
    if match["nw"] or match["fw"] or match["lw"] or match["lw2"]:
        return _weeks_of_year(match, year) if year and stated else None
    if match["year"] or match["short"] or match["rel"]:
        return _months(year, 1, 12, "year")
    return None


def _near(match: re.Match[str], anchor: dt.date) -> _Days | None:
    """上月, 本季度, 下周六: counted from the anchor."""
    way = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}[match["way"]]
    if match["half"]:
        year, half = divmod(anchor.year * 2 + (anchor.month > 6) + way, 2)
        return _months(year, half * 6 + 1, half * 6 + 6, "half")
    if match["halfmonth"]:
        first = anchor.replace(day=1)
        return (first, first.replace(day=15), "range") if way < 0 else (first.replace(day=16), month_end(first.year, first.month), "range")
    unit = match["unit"]
    if unit in ("季度", "季"):
        year, quarter = divmod(anchor.year * 4 + (anchor.month - 1) // 3 + way, 4)
        return _months(year, quarter * 3 + 1, quarter * 3 + 3, "quarter")
    if unit == "月":
        first = shift(anchor.replace(day=1), way)
        if match["d"]:
            return _one_day(first.year, first.month, _int(match["d"][:-1]), anchor, stated=True)
        if edge := match["edge"]:
            if edge == "初":
                return first, first.replace(day=5), "range"
            if edge.endswith("旬"):
                return _third(first, edge)
            return None, month_end(first.year, first.month), "as_of"
        return _months(first.year, first.month, first.month, "month")
    monday = anchor + dt.timedelta(days=7 * way - anchor.weekday())
    if match["wd"]:
        day = monday + dt.timedelta(days=min(_WEEKDAYS.index(match["wd"]), 6))
        return day, day, "day"
    return _week(monday)


def _named(text: str, at: int, anchor: dt.date | None, inherited: int | None) -> Point | None:
    """Festivals and lunar dates."""
    if match := _FESTIVAL.match(text, at):
        year, stated = _year(match, anchor, inherited)
        name, tail, end = match["name"], match["tail"], match.end()
        lunar_word = "历" in match.group()
        if (stated or tail or lunar_word or name not in _NEVER_BARE or end - at == len(text)) and not re.match("[路街村桥镇上诗]", text[end : end + 1]):
            year = year if stated else (anchor.year if anchor else None)
            if tail and tail not in ("期间", "节日期间"):
                days = holiday(name, year) if year else None
                if days and not stated and anchor and days[0] > anchor + dt.timedelta(days=60):
                    days = holiday(name, days[0].year - 1)
                return Point(end, *(days or (None, None)), "range", stated)
            day = festival_day(name, year) if year else None
            if day and not stated and anchor and day > anchor + dt.timedelta(days=183):
                day = festival_day(name, day.year - 1)
            return Point(end, day, day, "day", stated)
    if (match := _LUNAR.match(text, at)) and (match["word"] or match["only"] or match["m"] in ("正月", "腊月", "冬月") or (match["d"] or "")[:1] in "初廿" and match["d"] or match.group().endswith("八月十五")):
        year, stated = _year(match, anchor, inherited)
        year = year if stated else (anchor.year if anchor else None)
        if year is None:
            return Point(match.end(), None, None, "day" if match["d"] else "month", stated)
        if match["only"]:
            return Point(match.end(), *([lunar_day(year, anchor.month if anchor else 1, 20 + _int(match["only"][1]))] * 2), "day", False)
        name = match["m"][:-1]
        month = {"正": 1, "冬": 11, "腊": 12}.get(name) or _int(name)
        if match["d"]:
            written = match["d"].removeprefix("初").rstrip("日号")
            number = 20 + _int(written[1]) if written[0] == "廿" else _int(written)
            day = lunar_day(year, month, number, leap=bool(match["leap"]))
            return Point(match.end(), day, day, "day", stated)
        if match["leap"] and not stated and anchor:
            year = next((y for y in range(anchor.year, anchor.year - 40, -1) if lunar_month(y, month, leap=True)), year)
        days = lunar_month(year, month, leap=bool(match["leap"]))
        return Point(match.end(), *(days or (None, None)), "month", stated)
    return None


def _written(text: str, at: int) -> Point | None:
    """Dates in figures: 2024-11-15, 20241115, 15/11/2024, 2008.03-."""
    for pattern in (_ISO, _COMPACT):
        if match := pattern.match(text, at):
            days = _one_day(int(match[1]), int(match[3]), int(match[4]), None, stated=True)
            return Point(match.end(), *days, True) if days else None
    if match := _SLASHED.match(text, at):
        days = _one_day(int(match[3]), int(match[2]), int(match[1]), None, stated=True)
        return Point(match.end(), *days, True) if days else None
    if match := _YEAR_MONTH.match(text, at):
        return Point(match.end(), *_months(int(match[1]), int(match[2]), int(match[2]), "month"), True)
    return None


def _counted(text: str, at: int, anchor: dt.date | None) -> Point | None:
    """Decades, reigns, weekdays, 后天."""
    if match := _DECADE.match(text, at):
        century = _int(match["century"]) - 1 if match["century"] else 19
        first = century * 100 + _int(match["tens"])
        return Point(match.end(), dt.date(first, 1, 1), dt.date(first + 9, 12, 31), "range", True) if 999 < first < 2100 else None
    if match := _ERA.match(text, at):
        year = _ERAS[match["era"]] + (1 if match["n"] == "元" else _int(match["n"]))
        month = _int(match["m"]) if match["m"] else 0
        return Point(match.end(), *_months(year, month or 1, month or 12, "month" if month else "year"), True)
    if anchor is None:
        return None
    if match := _NEAR.match(text, at):
        days = _near(match, anchor)
        return Point(match.end(), *days, True) if days else None
    if match := _RELATIVE_DAY.match(text, at):
        way = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}.get(match["way"] or "今", 0)
        count = int(parse_numeral(match["n"])) if match["n"] else way + len(match["far"] or "") * (1 if way > 0 else -1)
        day = anchor + dt.timedelta(days=count)
        return Point(match.end(), day, day, "day", True)
    if match := _WEEKDAY.match(text, at):
        day = anchor + dt.timedelta(days=(min(_WEEKDAYS.index(match[1]), 6) - anchor.weekday()) % 7)
        return Point(match.end(), day, day, "day", True)
    return None


_FIGURES: Final = frozenset("-/.0123456789")
_NAMED_FIRST: Final = frozenset(name[0] for name in festival_names()) | frozenset("农阴闰正腊冬廿五")


def read_point(text: str, at: int, anchor: dt.date | None, *, inherited: int | None = None) -> Point | None:
    """The point of time that stands at ``text[at]``, if any; ``inherited``: the year that an earlier point stated.

    >>> point = read_point("2024年1-10月", 0, None)
    >>> point.first.isoformat(), point.last.isoformat(), point.type
    ('2024-01-01', '2024-10-31', 'ytd')
    """
    first = text[at : at + 1]
    if first.isdigit() and (text[at + 4 : at + 5] in _FIGURES or "/" in text[at : at + 3]) and (written := _written(text, at)):
        return written
    match = _GENERAL.match(text, at)
    if match is None or match.end() == at or match.end() - at == len(match["edge"] or ""):
        match = None
    if match is None or text[match.end() : match.end() + 1] in _NAMED_FIRST or match["m"]:
        named = _named(text, at, anchor, inherited)
        if named and (match is None or named.end >= match.end()):
            return named
    if match is None:
        return _counted(text, at, anchor)
    if match["short"] and match["short"][:2] in ("五六", "六七", "七八", "八九", "四五"):
        return None  # 七八年: seven or eight years
    end, edge = match.end(), match["edge"]
    body = end - (len(edge) if edge else 0) > (match.end("year") + 1 if match["year"] else at) or match["rel"]
    if edge and ((edge[0] == "年" and (body and not match["rel"])) or text.startswith(("期", "次", "级", "心", "步", "中", "始"), end)):
        edge, end = None, end - len(edge)
    ahead = edge in ("末", "底") and text.startswith("前", end)
    days = _general(match, anchor, inherited, ahead=ahead)
    return Point(end, *days, bool(match["year"] or match["short"] or match["rel"]), edge) if days else None
