"""The time of a number as it was stated, and how one time follows from another: the year before, the page's own year, a plan's years."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from parsers.festivals import vocabulary
from parsers.model import Period
from parsers.time_words import BRIEF, is_holiday

__all__ = [
    "LAST_YEAR", "NOTHING", "PAST_YEAR", "PLAN_NAMED", "PLAN_YEARS", "Stated", "in_page_year", "looks_back", "those_years", "title_time",
    "year_before",
]  # fmt: skip

_STATES_YEAR = re.compile(r"\d{4}|今年|明年|去年|年[前后]|以来")
_REVIEWS = re.compile("政府工作报告|工作报告(?!会)")
_PLANS_OR_REVIEWS = re.compile(
    "工作报告(?!会)|计划|预算|目标|任务|安排|要点|重点|实事|方案|行动|草案|项目|部署|清单|预期"
)
_SIGNING = re.compile("[^，,：:！ ]{0,16}?(?:签约|开工)(?:仪式|活动)?")
PLAN_NAMED = re.compile('(?<![比较是与同于])[“"](?:[八九]|十[一二三四五六]?)五[”"]')
PLAN_YEARS = re.compile('[“"]?(?:[八九]|十[一二三四五六]?)五[”"]?(?:时期|期间)?$')
LAST_YEAR = re.compile(r"^(?:截至)?上(?:一)?年")
_THOSE_YEARS = re.compile(r"^(?:这|此|过去的?)?([两二三四五六七八九5])年(?:间|来|内|里)?$")
_DIGITS = "零一二三四五六七八九"
PAST_YEAR = frozenset({"过去一年", "一年来", "过去的一年"})


class Stated(NamedTuple):
    """The time of a number: its words, first and last day, type. All None where nothing is stated or carried."""

    text: str | None
    first: dt.date | None
    last: dt.date | None
    type: str | None


NOTHING = Stated(None, None, None, None)


def title_time(title: str, periods: list[Period], published: dt.date | None) -> Stated | None:
    """The time that a page's title states, which is the whole page's; of a work report it is the year looked back on."""
    for period in periods:
        words = title[period.start : period.end]
        if period.first is None or _SIGNING.match(title, period.end):
            continue
        is_begun = period.type == "year" and published is not None and period.first.year == published.year
        if is_begun and published is not None and published.month <= 4 and not _PLANS_OR_REVIEWS.search(title):
            continue  # 2026年“三农”工作会议召开: its figures are mostly of the year before
        if period.type not in BRIEF and not is_holiday(period.type, period.first, period.last, words):
            continue
        if (
            period.type == "year"
            and published is not None
            and published.month <= 4
            and period.first.year == published.year
            and _REVIEWS.search(title)
        ):  # the report's headings say where the plan of this year begins
            return _whole_year(words, published.year - 1)
        return Stated(words, period.first, period.last, period.type)
    return None


def looks_back(body: str, periods: list[Period], published: dt.date) -> Stated | None:
    """The year before, where a page of the first months speaks of no other time that has gone by."""
    year = published.year - 1
    last = dt.date(year, 12, 31)
    if published.month > 4:
        return None
    told = parts = 0
    for period in periods:
        if body[period.start : period.end] in PAST_YEAR:
            told += 1
        if period.last is None or period.type not in BRIEF:
            continue
        if period.type == "year" and period.last == last:
            told += 1
        elif period.last <= published and period.last.year > year:
            return None
        parts += period.last <= last and period.last.year == year and period.type != "year"
    return _whole_year(None, year) if told > 1 or (told and not parts) else None


def _whole_year(text: str | None, year: int) -> Stated:
    return Stated(text, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")


def _plan_before(body: str, offset: int) -> Stated | None:
    """The years of the five-year plan named last before ``offset``, though only by its name: “十四五”规划圆满收官。这五年，…."""
    named = [plan.group() for plan in PLAN_NAMED.finditer(body, 0, offset)]
    start = vocabulary()["plans"].get(named[-1][1:-1]) if named else None
    return start and Stated(named[-1], dt.date(start, 1, 1), dt.date(start + 4, 12, 31), "range")


def those_years(text: str, told: Stated | None, body: str, offset: int) -> Stated | None:
    """这五年: the run of years ``told`` last, or of the plan named before ``offset`` in the body, where it has as many.

    >>> told = Stated("2021—2025年", dt.date(2021, 1, 1), dt.date(2025, 12, 31), "range")
    >>> those_years("这五年", told, "", 0).last, those_years("三年来", told, "", 0)
    (datetime.date(2025, 12, 31), None)
    """
    those = _THOSE_YEARS.match(text)
    if those is None:
        return None
    years = told or _plan_before(body, offset)
    count = 5 if those.group(1) == "5" else _DIGITS.find(those.group(1).replace("两", "二"))
    if years is None or not years.first or not years.last or years.last.year - years.first.year + 1 != count:
        return None
    return Stated(text, years.first, years.last, "range")


def in_page_year(stated: Stated, page: Stated | None) -> Stated:
    """上半年 in a bulletin of last year is the bulletin's; so is 本年. ``page`` is the time that the page's title states."""
    if page is None or page.type != "year" or page.last is None or stated.last is None or stated.text is None:
        return stated
    year = page.last.year
    if stated.type not in BRIEF or stated.last.year != year + 1 or _STATES_YEAR.search(stated.text):
        return stated
    if stated.type == "year" and not stated.text.startswith("本年"):
        return stated
    first = stated.first.replace(year=stated.first.year - 1) if stated.first else None
    return Stated(stated.text, first, _in_year(stated.last, year), stated.type)


def year_before(text: str, now: Stated | None, year: int | None = None) -> Stated:
    """去年同期: the same days of the year before ``now``, or of ``year``."""
    if now is not None and now.type == "as_of" and now.last is not None:
        return Stated(text, None, _in_year(now.last, now.last.year - 1 if year is None else year), "as_of")
    if now is None or now.first is None or now.last is None:
        return Stated(text, None, None, None)
    back = 1 if year is None else now.last.year - year
    first = now.first.replace(year=now.first.year - back)
    return Stated(text, first, _in_year(now.last, now.last.year - back), now.type)


def _in_year(day: dt.date, year: int) -> dt.date:
    """The same day of another year; the 29th of February is the 28th."""
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)
