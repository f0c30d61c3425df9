"""From a number and its written unit to a quantity: multiplied out, and what hangs on the words around settled.

位 is a place or a person, 点 a point of an index or of the clock, 元 the currency named beside it; a length of time before 来 or 前
is part of a period and no quantity.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from parsers.bounds import comparator
from parsers.model import Quantity
from parsers.numerals import parse_numeral
from parsers.units import UNITS, compound

__all__ = ["bare", "measured"]

_ONE: Final = Decimal(1)
_COMPUTES: Final = re.compile("算力|智算|超算")  # 算力规模达1850P; 1080P is a picture
_PLACES: Final = re.compile("[移升降进退跃列居]|提高|提升|位次|名次|下滑|第")
_PEOPLE: Final = re.compile("[\u4e00-\u9fff]{0,6}?(?:人口|群众|居民|学生|职工|农民|党员|劳动力|游客|市民)")
_POINTS: Final = re.compile("[涨跌升降报于]")
_PERIOD_AFTER: Final = re.compile("以?来|前(?![三0-9])|后|平均")
_MONEY_BEFORE: Final = {"港币": "HKD", "港元": "HKD", "美元": "USD", "美金": "USD", "欧元": "EUR", "日元": "JPY"}
_SIGNS: Final = {"¥": "CNY", "￥": "CNY", "$": "USD", "＄": "USD", "€": "EUR"}
_COINS: Final = re.compile("又?(?:([0-9一二两三四五六七八九])[角毛])?零?(?:([0-9一二两三四五六七八九])美?分)?钱?")
_CIRCLE: Final = re.compile("[^，。；、0-9]{0,8}圈")  # 15分钟便民生活圈 is a name
_AS_WRITTEN: Final = frozenset({"unit", "count", "scaled"})  # the words around do not tell how these are meant
_DURATIONS: Final = frozenset({"year", "month", "quarter", "day"})


def bare(text: str, start: int, end: int, low: Decimal, high: Decimal | None, *, inner: bool) -> Quantity:
    """A number without a unit; a currency sign before it is one, and people may be counted without 人: 11.3万贫困人口."""
    name = _SIGNS.get(text[start - 1 : start]) if start else None
    sign = bool(name)
    if name is None and text[end - 1] in "万亿" and _PEOPLE.match(text, end):
        name = "人"
    return Quantity(start, end, low, high, name, comparator(text, start - sign, end, name, inner=inner))


def measured(
    text: str, start: int, end: int, low: Decimal, high: Decimal | None, *, unit: str, per: str | None, inner: bool
) -> Quantity | None:
    """Multiply out the unit and settle what depends on the words around; None where they name no quantity."""
    name, factor, kind, _, _ = UNITS[unit]
    if unit == "P" and not _COMPUTES.search(text, max(0, start - 14), end + 6):
        return None
    if kind in _AS_WRITTEN:
        pass
    elif kind == "place":
        name = "rank" if _PLACES.search(text, max(0, start - 8), start) else "人"
    elif kind == "point":
        whole = low == low.to_integral_value()
        if whole and low <= 24 and (high is not None or not _POINTS.search(text, max(0, start - 4), start)):
            return None
    elif kind == "half":
        low += Decimal("0.5")
    elif kind == "list":
        return Quantity(start, end, low, high, name, "le")
    elif kind == "tenth":
        if low >= 10 and unit == "折":
            factor = _ONE
        elif low > 10:
            return None
        if text[end : end + 1] in "一二三四五六七八九半" and not text.startswith(("一", "半年"), end) and text[end:]:
            low, end = low + (Decimal("0.5") if text[end] == "半" else parse_numeral(text[end]) / 10), end + 1
    if name in _DURATIONS:
        if unit in ("分钟", "小时") and _CIRCLE.match(text, end):
            return None
        if _PERIOD_AFTER.match(text, end) or text[start - 1 : start] in ("前", "头"):
            return None
        if text[end : end + 1] == "半" and text[end + 1 : end + 2] != "年":
            low, end = low + Decimal("0.5"), end + 1
    elif unit == "块" and (coins := _COINS.match(text, end)) and coins[1]:
        low += sum(parse_numeral(coin) / tens for coin, tens in ((coins[1], 10), (coins[2], 100)) if coin)
        name, end = "CNY", coins.end()
    elif name in ("CNY", "USD"):
        before = _MONEY_BEFORE.get(text[start - 2 : start].strip())
        if before and name == "CNY":
            name = before
        elif other := _MONEY_BEFORE.get(text[end : end + 2]):
            name, end = other, end + 2
        coins = _COINS.match(text, end)
        if coins and (coins[1] or coins[2]):
            low += sum(parse_numeral(coin) / tens for coin, tens in ((coins[1], 10), (coins[2], 100)) if coin)
            end = coins.end()
    if per:
        name, factor = compound(name, factor, per)
    if factor != 1:
        low *= factor
        high = high * factor if high is not None else None
    return Quantity(start, end, low, high, name, comparator(text, start, end, name, inner=inner))
