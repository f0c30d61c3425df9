"""Find time expressions and give each its first and last day, seen from the publish date.

What a text leaves open is left open: dates are None where no year is stated and the words alone do not settle it (全年, 年末,
上年, 同期: the article's own year decides, which only the reader of the whole article knows). Months, quarters and running totals
without a year (1-10月, 三季度) are the latest ones that had begun by the publish date. Without a publish date every
expression that needs one has null dates.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import yaml

from parsers.model import Period
from parsers.numerals import fold, parse_numeral

__all__ = ["find_periods"]


@cache
def vocabulary() -> dict[str, Any]:
    """The words of ``knowledge/periods.yaml``, checked."""
    source = resources.files("parsers.knowledge") / "periods.yaml"
    with source.open(encoding="utf-8") as handle:
        words: dict[str, Any] = yaml.safe_load(handle)
    if set(words["undated"].values()) - {"recurrent", "range", "year", "quarter", "month", "day", "half"}:
        raise ValueError("periods.yaml: unknown type under undated")
    return words


_WORDS: Final = vocabulary()
_RELATIVE: Final[dict[str, int | None]] = _WORDS["relative_years"]
_PLANS: Final[dict[str, int]] = _WORDS["plans"]
_EVENTS: Final[dict[str, dt.date]] = _WORDS["events"]
_UNDATED: Final[dict[str, str]] = _WORDS["undated"]
_NOW: Final[frozenset[str]] = frozenset(_WORDS["now"])


def _any(words: Any) -> str:  # noqa: ANN401
    """An alternation that prefers the longest word."""
    return "(?:" + "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w))) + ")"


_MONTH: Final = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_DAY: Final = "(?:[12][0-9]|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_COUNT: Final = "(?:[0-9]{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_SEP: Final = "(?:[-－—–~～]{1,2}|至|到)"
_POINT: Final = re.compile(
    rf"""
    (?:(?P<year>(?:19|20)[0-9]{{2}}|[一二][九〇零○][〇零○一二三四五六七八九]{{2}})[ ]?年(?:度)?
      |(?P<short>[0-9]{{2}})年(?=[0-9]{{1,2}}月)
      |(?P<rel>{_any(_RELATIVE)}))?
    (?:[ ]?的?(?:(?P<half>[上下]半年)
      |(?P<fq>[前头])(?P<fqn>[二三四两2-4])个?季度
      |(?P<q1>[一二三1-3])(?:季度)?{_SEP}(?P<q2>[二三四2-4])季度
      |第?(?P<q>[一二三四1-4])季度
      |[前头](?P<fm>{_COUNT})个?月
      |(?P<m1>{_MONTH})月?份?{_SEP}(?P<m2>{_MONTH})月份?(?!{_DAY}[日号])
      |(?P<m>{_MONTH})月(?P<part>份|当月|单月)?(?:[ ]?(?P<d>{_DAY})[日号])?
    ))?
    (?P<edge>[年]?[末底初])?
    """,
    re.VERBOSE,
)
_YEARS: Final = re.compile(f"((?:19|20)[0-9]{{2}})年?{_SEP}((?:19|20)?[0-9]{{2}})年")
_MORE_DAYS: Final = re.compile(f"{_SEP}(?:(?:(?P<y>(?:19|20)[0-9]{{2}})年)?(?P<m>{_MONTH})月)?(?P<d>{_DAY})[日号]")
_ISO: Final = re.compile("((?:19|20)[0-9]{2})([-/.])(1[0-2]|0?[1-9])\\2(3[01]|[12][0-9]|0?[1-9])(?![0-9])")
_STRETCH: Final = re.compile(
    f"(?P<lead>近|过去|最近|未来|今后|此后)?(?P<n>{_COUNT})(?P<half>半)?(?:个)?(?P<unit>年|月|季度|天|周)(?P<more>多|余)?(?P<tail>以来|来|内|间)?"
)
_STREAK: Final = re.compile(f"连续(?:[保实稳][^，。；]{{0,4}})?(?P<n>{_COUNT})(?:多|余)?(?:个)?(?P<unit>年|月|季度|天|周)(?!度)")
_PLAN: Final = re.compile(f"[“\"]?({_any(_PLANS)})[”\"]?(时期|期间|以来|末|初|前)(?!划)")
_EVENT: Final = re.compile(f"({_any(_EVENTS)})以来")
_AFTER: Final = re.compile("以来|来(?=[，,])|起|以后|之后|前|以前|之前")
_SAME: Final = re.compile("(?:去年|上年|上一年)同期|同期")
_BEFORE: Final = ("截至", "截止", "截止到", "截止至", "自", "从", "到", "至")
_UNDATED_RE: Final = re.compile(_any(list(_UNDATED) + list(_NOW)))
_START: Final = re.compile(
    "(?<![0-9.])[0-9]{1,4}(?=[ ]?年|月|[-－—–~～/.至到]{1,2}[0-9一二三四五六七八九十]|季度|个月|个季|天[来内]|周[来内])"
    "|[一二三四五六七八九十两]+(?=[年月季]|个[月季]|[至到—-][二三四]季|[〇零○])"
    "|[今去前明上下本当同全年近截目如现眼迄至每多历日自从到过最未此连常“十第党改新后大这次头]"
)


class _Day(NamedTuple):
    """A resolved point or stretch: its days, its type, and whether its year was settled by words or by the anchor."""

    first: dt.date | None
    last: dt.date | None
    type: str


def _end_of(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def _int(numeral: str) -> int:
    return int(parse_numeral(numeral))


def _year_of(match: re.Match[str], anchor: dt.date | None) -> tuple[int | None, bool]:
    """The year a point states, and whether it states one at all (even one that only the article can settle)."""
    if year := match["year"]:
        return _int(year) if year[0] in "12" else int(parse_numeral(year)), True
    if short := match["short"]:
        return (1900 if int(short) > 60 else 2000) + int(short), True
    if relative := match["rel"]:
        shift = _RELATIVE[relative]
        return (anchor.year + shift if anchor and shift is not None else None), True
    return None, False


def _latest(anchor: dt.date | None, first_month: int, *, ahead: bool = False) -> int | None:
    """The year whose month had begun at the anchor; with ``ahead`` the next one that had not ended."""
    if anchor is None:
        return None
    if ahead:
        return anchor.year if first_month >= anchor.month else anchor.year + 1
    return anchor.year if first_month <= anchor.month else anchor.year - 1


def _months(year: int | None, first: int, last: int, kind: str) -> _Day:
    if year is None:
        return _Day(None, None, kind)
    return _Day(dt.date(year, first, 1), _end_of(year, last), kind)


def _resolve(match: re.Match[str], anchor: dt.date | None, *, ahead: bool = False) -> _Day | None:
    """The days of one point (year, half, quarter, months, month, day); None where the match holds nothing."""
    year, stated = _year_of(match, anchor)
    if match["half"]:
        if match["half"] == "上半年":
            return _months(year if stated else _latest(anchor, 3), 1, 6, "ytd")
        return _months(year if stated else (_latest(anchor, 6)), 7, 12, "half")
    if match["fqn"]:
        last = _int(match["fqn"]) * 3
        return _months(year if stated else _latest(anchor, last), 1, last, "ytd")
    if match["q2"]:
        first, last = _int(match["q1"]) * 3 - 2, _int(match["q2"]) * 3
        return _months(year if stated else _latest(anchor, last), first, last, "ytd" if first == 1 else "range")
    if match["q"]:
        last = _int(match["q"]) * 3
        return _months(year if stated else _latest(anchor, last - 2), last - 2, last, "quarter")
    if match["fm"]:
        last = _int(match["fm"])
        return _months(year if stated else _latest(anchor, last), 1, last, "ytd") if 1 <= last <= 12 else None
    if match["m2"]:
        first, last = _int(match["m1"]), _int(match["m2"])
        if first > last:
            return None
        return _months(year if stated else _latest(anchor, last), first, last, "ytd" if first == 1 else "range")
    if match["m"]:
        month = _int(match["m"])
        if match["d"]:
            return _day(year, stated, month, _int(match["d"]), anchor)
        return _months(year if stated else _latest(anchor, month, ahead=ahead), month, month, "month")
    if stated:
        return _months(year, 1, 12, "year")
    return None


def _day(year: int | None, stated: bool, month: int, day: int, anchor: dt.date | None) -> _Day | None:
    if day > monthrange(2024, month)[1]:
        return None
    if not stated and anchor:
        # A day without a year is the nearest one: half a year ahead is still this year's.
        year = anchor.year
        if month - anchor.month > 6:
            year -= 1
        elif anchor.month - month > 9:
            year += 1
    if year is None:
        return _Day(None, None, "day")
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return _Day(date, date, "day")


def _back(anchor: dt.date, count: int, unit: str) -> dt.date:
    """The day ``count`` units before the anchor."""
    if unit in ("天", "周"):
        return anchor - dt.timedelta(days=count * (7 if unit == "周" else 1))
    months = count * {"年": 12, "季度": 3, "月": 1}[unit]
    total = anchor.year * 12 + anchor.month - 1 - months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9998:
        return anchor
    return dt.date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def _point(text: str, start: int, anchor: dt.date | None) -> Period | None:  # noqa: C901
    """A point or stretch with the words around it that bound it: 截至10月底, 2023年以来, 自2023年6月起连续26个月."""
    at = start
    lead = ""
    for word in ("截止到", "截止至", "截至", "截止", "自从", "自", "从", "到", "至"):
        if text.startswith(word, start):
            lead, at = word, start + len(word)
            break
    if years := _YEARS.match(text, at):
        first, last = int(years[1]), int(years[2])
        last = last if last > 99 else first // 100 * 100 + last
        if first < last:
            return Period(start if lead in ("自", "从") else at, years.end(), dt.date(first, 1, 1), dt.date(last, 12, 31), "range")
    match = _POINT.match(text, at)
    if not match or match.end() == at:
        return None
    end = match.end()
    edge = match["edge"]
    body = match["half"] or match["fqn"] or match["q2"] or match["q"] or match["fm"] or match["m2"] or match["m"]
    yearly = match["year"] or match["short"] or match["rel"]
    if edge and edge.startswith("年") and (body or yearly) and not (match["year"] or match["rel"]):
        edge, end = None, end - len(edge)
    if edge and (text.startswith(("期", "次", "级", "心", "步"), end) or (not body and not yearly and len(edge) == 1)):
        edge, end = None, end - len(edge or "")
    if not body and not yearly:
        if edge in ("年末", "年底", "年初") and (start == 0 or text[start - 1] not in "1234567890几多"):
            late = text.startswith("前", end)
            last_day = dt.date(anchor.year, 12, 31) if anchor and late and edge != "年初" else None
            return Period(start, end + late, None, last_day, "as_of")
        return None
    ahead = text.startswith("前", end) and edge in ("末", "底")
    day = _resolve(match, anchor, ahead=ahead)
    if day is None:
        return None
    first, last, kind = day
    if not body and text.startswith("同期", end):
        return Period(at, end + 2, None, None, "ytd")
    if kind == "day" and (more := _MORE_DAYS.match(text, end)):
        year = int(more["y"]) if more["y"] else (first.year if first else None)
        month = _int(more["m"]) if more["m"] else (first.month if first else _int(match["m"]))
        until = _day(year, year is not None, month, _int(more["d"]), anchor)
        if until:
            return Period(start if lead in ("自", "从") else at, more.end(), first, until.last if first else None, "range")
    if edge in ("末", "底", "年末", "年底"):
        return Period(start if lead in ("截至", "截止", "截止到", "截止至", "到", "至") else at, end + ahead, None, last, "as_of")
    if edge in ("初", "年初"):
        start_day = first
        if text.startswith("以来", end):
            return Period(at, end + 2, start_day, anchor, "since")
        return Period(at, end, None, start_day, "as_of")
    if text.startswith("以来", end):
        return Period(at, end + 2, first, anchor if first else None, "since")
    if lead.startswith("截"):
        return Period(start, end, None, last, "as_of")
    if lead == "到" and kind == "year" and match["year"] and text[start - 1 : start] not in ("达", "得", "看", "提"):
        return Period(start, end, None, last, "as_of")
    if text.startswith("起", end):
        if lead in ("自", "从") and (streak := _STREAK.match(text, end + 1)) and first:
            count, unit = _int(streak["n"]), streak["unit"]
            months = {"年": 12, "季度": 3, "月": 1}.get(unit)
            if months:
                total = first.year * 12 + first.month - 1 + count * months - 1
                return Period(start, streak.end(), first, _end_of(total // 12, total % 12 + 1), "range")
        begin = start if lead in ("自", "从") else at
        return Period(begin, end + 1, first, anchor if first and anchor and first <= anchor else None, "since")
    return Period(at, end, first, last, kind)


def _stretch(text: str, start: int, anchor: dt.date | None) -> Period | None:
    """N年来, 近N年, 连续N个月, 未来N年."""
    if streak := _STREAK.match(text, start):
        return Period(start, streak.end(), None, None, "streak")
    match = _STRETCH.match(text, start)
    if not match or not (match["lead"] or match["tail"]):
        return None
    if match["unit"] == "月" and "个" not in match.group():
        return None
    end = match.end()
    lead = match["lead"]
    if anchor is None:
        return Period(start, end, None, None, "range")
    count, unit = _int(match["n"]), match["unit"]
    if lead in ("未来", "今后", "此后"):
        return Period(start, end, anchor, _back(anchor, -count, unit), "range")
    return Period(start, end, _back(anchor, count, unit), anchor, "range")


def _fixed(text: str, start: int, anchor: dt.date | None) -> Period | None:
    """Plans, events, undated words and the words for now."""
    if plan := _PLAN.match(text, start):
        first = dt.date(_PLANS[plan[1]], 1, 1)
        last = dt.date(first.year + 4, 12, 31)
        if plan[2] == "以来":
            return Period(start, plan.end(), first, anchor, "since")
        if plan[2] == "末":
            return Period(start, plan.end(), None, last, "as_of")
        if plan[2] in ("初", "前"):
            return None
        return Period(start, plan.end(), first, last, "range")
    if event := _EVENT.match(text, start):
        return Period(start, event.end(), _EVENTS[event[1]], anchor, "since")
    if same := _SAME.match(text, start):
        return Period(start, same.end(), None, None, "ytd")
    if word := _UNDATED_RE.match(text, start):
        if word.group() in _NOW:
            return Period(start, word.end(), None, anchor, "as_of")
        return Period(start, word.end(), None, None, _UNDATED[word.group()])
    return None


def find_periods(text: str, anchor: dt.date | None) -> list[Period]:
    """Every time expression of a text, in text order, resolved against the day it was published.

    >>> for p in find_periods("2023年增长7.9%，今年1-10月增长8%", dt.date(2024, 11, 15)):
    ...     print(p.start, p.end, p.first, p.last, p.type)
    0 5 2023-01-01 2023-12-31 year
    13 20 2024-01-01 2024-10-31 ytd
    """
    if isinstance(anchor, dt.datetime):
        anchor = anchor.date()
    plain = fold(text) if re.search("[０-９]", text) else text
    found: list[Period] = []
    position = 0
    for candidate in _START.finditer(plain):
        start = candidate.start()
        if start < position:
            continue
        if iso := _ISO.match(plain, start):
            day = _day(int(iso[1]), True, int(iso[3]), int(iso[4]), None)
            period = Period(start, iso.end(), day.first, day.last, "day") if day else None
        else:
            period = _fixed(plain, start, anchor) or _point(plain, start, anchor) or _stretch(plain, start, anchor)
        if period:
            found.append(period)
            position = period.end
    return found
