"""The vocabulary of units (``knowledge/units.csv``) and how written units become canonical ones.

Each row: the written form, its canonical unit, the factor to it, its kind, and the words it must not be the beginning of
(家 in 家庭). ``kind`` says how a form is read: ``unit``, ``count`` (a classifier), ``skip`` (a date, label or grade: no
quantity), ``arabic`` (only after Arabic digits), ``scaled`` (only after 万 or 亿), ``tenth`` (成, 折), and those that
``parsers.quantities`` settles by the words around: ``year``, ``place`` (位), ``point`` (点), ``half`` (个半月), ``list`` (强).
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

__all__ = ["PER_PATTERN", "UNITS", "UNIT_PATTERN", "Unit", "compound", "load_units"]

_KINDS: Final = frozenset(
    {"unit", "count", "skip", "arabic", "scaled", "tenth", "year", "place", "point", "half", "list", "phase"}
)


class Unit(NamedTuple):
    """A written unit: its canonical form, the factor to it, and how it is read."""

    unit: str
    factor: Decimal
    kind: str
    not_before: tuple[str, ...]
    not_before_chinese: tuple[str, ...]


@cache
def load_units() -> dict[str, Unit]:
    """The unit vocabulary by written form, checked.

    >>> load_units()["亩"].unit, load_units()["个百分点"].unit
    ('m2', 'pp')
    """
    found: dict[str, Unit] = {}
    with (resources.files("parsers.knowledge") / "units.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["form"] in found or row["kind"] not in _KINDS:
                raise ValueError(f"units.csv: {row['form']} is named twice or has an unknown kind")
            both, chinese = (tuple(w for w in row[c].split("|") if w) for c in ("not_before", "not_before_chinese"))
            found[row["form"]] = Unit(row["unit"], Decimal(row["factor"]), row["kind"], both, both + chinese)
    return found


UNITS: Final = load_units()


def _trie(words: list[str]) -> str:
    """A regular expression that matches the longest of the words without trying each in turn; heads that come first are tried first."""
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[:1], []).append(word[1:])
    ends = heads.pop("", None) is not None
    branches = [re.escape(head) + _trie(tails) for head, tails in heads.items()]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return body + "?" if ends else body


UNIT_PATTERN: Final = _trie(list(UNITS))

# What units are taken per. Areas, masses and the like are canonical too; counts of people and money stay as written.
_DENOMINATORS: Final = {
    "人": "person", "平方米": "m2", "天": "day", "日": "day", "年": "year", "月": "month", "小时": "hour", "分钟": "minute",
    "秒": "second", "升": "L",
}  # fmt: skip
_MEASURES: Final = ("平方公里", "立方米", "公顷", "亩", "吨", "千克", "公斤", "千瓦时", "公里", "米", "千瓦", "瓦")
_COUNTS: Final = (
    "万元",
    "亿元",
    "元",
    "万人",
    "千人",
    "百人",
    "户",
    "辆",
    "台",
    "次",
    "套",
    "件",
    "个",
    "头",
    "株",
    "桶",
    "平方厘米",
)
PER_PATTERN: Final = f"[/／](?:{_trie([*_DENOMINATORS, *_MEASURES, *_COUNTS])})|每(?:平方米|立方米|公斤|吨|千瓦时|度)"


def compound(unit: str, factor: Decimal, per: str) -> tuple[str, Decimal]:
    """The canonical form of 元/亩 and its like.

    >>> compound("CNY", Decimal(10000), "/万元"), compound("t", Decimal(1), "/公顷")
    (('CNY/万元', Decimal('10000')), ('t/m2', Decimal('0.0001')))
    """
    below = per[1:]
    if below in _DENOMINATORS:
        return f"{unit}/{_DENOMINATORS[below]}", factor
    known = UNITS.get(below)
    if below in _MEASURES and known and below != "平方公里":
        return f"{unit}/{known.unit}", factor / known.factor
    return f"{unit}/{'km2' if below == '平方公里' else below}", factor
