"""Link the words that name a number to an indicator: the longest alias at the head of the phrase decides, and the unit must fit.

A phrase is read from its end (its head): tails that name nothing (总量, 增速) are set aside, the longest alias that ends the
phrase is taken, and what stands before it must be a modifier that leaves the indicator what it is, unless the indicator is
open to any modifier (产量, 营业收入). A phrase that fails so is tried once more without the words that may stand inside a name
(实现, 累计, 协同), and then by the patterns of ``name_pattern``. Otherwise there is no link: null rather than wrong.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from parsers.finding import Finder
from parsers.gazetteer import forms
from parsers.owners import find_owners, words_of
from parsers.phrases import any_of, peel, words

__all__ = [
    "Indicator",
    "catalogue",
    "find_alias",
    "fits",
    "heads",
    "is_alias",
    "link",
    "link_head",
    "link_right",
    "normalise",
]

_REMARK = re.compile(r"[（(][^）)]*[）)]")
_FILLER = rf"(?:“[^“”\"]{{1,10}}[”\"]|\"[^“”\"]{{1,10}}[”\"]|{any_of('fillers').pattern})"
_FILLERS = re.compile(rf"{_FILLER}{_FILLER}*(?=.)")
_QUOTES = re.compile("[“”\"‘’'「」『』 　]")
_BOUNDARY = "的、，,；;：:。—（）()"
_OWNER_ENDS = "区县镇乡港"
_OF_OTHERS = (  # 惠及企业, 亩均税收: no measure of the whole
    "惠及", "服务", "覆盖", "涉及", "帮助", "资助", "亩均", "户均", "人均", "店均", "件均", "单均", "村均", "校均",
)  # fmt: skip
_OF_PLACE = frozenset(words_of("facilities_of_place").split("|"))  # 大同|古城|接待游客
_OWNERS = frozenset({"organization", "park", "other", "reference"})
_ANY = frozenset(
    {"growth_yoy", "growth_mom", "growth", "change_pp", "gap_pp", "contribution", "rank", "streak", "share", "ratio"}
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of ``indicators.csv``: what is measured, in which dimension, and whether any modifier may stand before its name."""

    id: str
    name: str
    dimension: str
    base_unit: str
    kind: str
    is_open: bool
    new_id: str
    stock_flow: str
    sector: str
    scope: str
    right_pattern: str
    name_pattern: str


@dataclass(frozen=True, slots=True)
class _Names:
    indicators: dict[str, Indicator]
    aliases: dict[str, tuple[str, ...]]
    shares: dict[str, str]
    exact: frozenset[str]
    own_unit: frozenset[str]
    sizes: dict[str, tuple[int, ...]]  # how long the names are that end in two characters, the longest first


@cache
def catalogue() -> dict[str, Indicator]:
    """All indicators by id.

    In ``aliases_zh`` a leading = marks an alias that must be the whole name, ~ one that needs the indicator's own unit.
    """
    return _names().indicators


@cache
def _names() -> _Names:
    indicators: dict[str, Indicator] = {}
    aliases: dict[str, list[str]] = {}
    shares: dict[str, str] = {}
    exact: set[str] = set()
    own_unit: set[str] = set()
    path = resources.files("parsers.knowledge").joinpath("indicators.csv")
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ind = row["indicator_id"]
            indicators[ind] = Indicator(
                ind,
                row["name_zh"],
                row["dimension"],
                row["base_unit"],
                row["typical_kind"],
                row["modifiers"] == "open",
                row["new_id"],
                row["stock_flow"],
                row["sector"],
                row["default_scope"],
                row["right_pattern"],
                row["name_pattern"],
            )
            for alias in [row["name_zh"], *row["aliases_zh"].split("|")]:
                key = normalise(alias.lstrip("=~"))
                if alias.startswith("="):
                    exact.add(key)
                elif alias.startswith("~"):
                    own_unit.add(key)
                if key and ind not in aliases.setdefault(key, []):
                    aliases[key].append(ind)
            for alias in row["share_aliases_zh"].split("|"):
                if key := normalise(alias):
                    shares.setdefault(key, ind)
                    aliases.setdefault(key, [])
    known = {k: tuple(v) or (shares[k],) for k, v in aliases.items()}
    known.update((normalise(name), ()) for name in words("no_indicator"))
    sizes: dict[str, set[int]] = {}
    for name in known:
        sizes.setdefault(name[-2:], set()).add(len(name))
    by_ending = {ending: tuple(sorted(lengths, reverse=True)) for ending, lengths in sizes.items()}
    return _Names(indicators, known, shares, frozenset(exact), frozenset(own_unit), by_ending)


def normalise(text: str) -> str:
    """A name without quotes, blanks and bracketed remarks, 规模以上 and 规模 of industry written short, as the alias table is keyed.

    >>> normalise('“新三样” 出口')
    '新三样出口'
    """
    plain = _QUOTES.sub("", _REMARK.sub("", text) if "(" in text or "（" in text else text)
    return plain.replace("规模以上", "规上").replace("规模工业", "规上工业") if "规模" in plain else plain


def is_alias(name: str) -> bool | None:
    """Whether a name as it stands is one of an indicator's; None where it is known to be of none (轻工业).

    >>> is_alias("外贸规模"), is_alias("规模"), is_alias("轻工业")
    (True, False, None)
    """
    ids = _names().aliases.get(normalise(name))
    return None if ids == () else bool(ids)


_COUNTS = frozenset({"count", "person"})
_DIMENSIONS = {
    "CNY": "currency", "USD": "currency", "HKD": "currency", "EUR": "currency",
    "%": "percent", "‰": "ratio", "t": "mass", "m2": "area", "m3": "volume", "km": "length", "kWh": "energy", "kW": "power",
    "tce": "energy", "day": "time", "month": "time", "year": "time", "t.km": "mass_length", "person.km": "person_length",
    "人": "person", "人次": "count", "index": "index", "rank": "rank", "times": "ratio",
}  # fmt: skip


def _fits(indicator: Indicator, unit: str | None, kind: str) -> bool:
    """Whether a value of this unit and kind can be one of this indicator."""
    if unit is None or unit == "rank":
        return True
    if unit == "TEU":
        return indicator.base_unit == unit
    if kind in _ANY and unit in {"%", "pp", "rank", "times", "doublings", "month", "quarter", "year", "‰"}:
        if kind in {"share", "ratio"}:
            return unit == "times" or indicator.dimension in {"percent", "ratio"} or kind == "share"
        return True
    if "/" in unit:
        return indicator.base_unit == unit.replace("USD", "CNY") or indicator.dimension == "ratio"
    dimension = _DIMENSIONS.get(unit, "count")
    if indicator.base_unit == "varies":
        if unit in {"种", "家", "户", "项"}:
            return False
        return dimension in {"mass", "count", "power", "energy", "area", "volume", "length"}
    if indicator.dimension == "ratio" and indicator.base_unit.split("/")[0] == unit:
        return True
    if dimension in _COUNTS and indicator.dimension in _COUNTS:
        if "人次" in {unit, indicator.base_unit}:  # no firms (20家景区接待游客), but persons: 发送旅客3万人
            return indicator.base_unit == "人次" and unit in {"人", "人次"}
        return (unit == "人") == (indicator.base_unit == "人")
    return dimension == indicator.dimension


def fits(indicator_id: str, unit: str | None, kind: str) -> bool:
    """Whether a value of ``unit`` and ``kind`` can be one of the indicator.

    >>> fits("project_start_rate", "m2", "level"), fits("grain_area", "m2", "level")
    (False, True)
    """
    return _fits(catalogue()[indicator_id], unit, kind)


def _choose(ids: tuple[str, ...], unit: str | None, kind: str, prefer: str | None) -> str | None:
    table = _names().indicators
    fitting = [i for i in ids if _fits(table[i], unit, kind)]
    if not fitting:
        return None
    return prefer if prefer in fitting else fitting[0]


@lru_cache(maxsize=1 << 16)
def link(phrase: str, unit: str | None, kind: str, prefer: str | None = None) -> tuple[str | None, str]:
    """The indicator that ``phrase`` names for a value of ``unit`` and ``kind``, and the alias it was known by.

    >>> link("全市规上工业增加值", "%", "growth_yoy")
    ('industrial_va_above_scale', '规上工业增加值')
    >>> link("规上制造业企业数智化改造率", "%", "ratio")[0]
    'digital_transformation_rate'
    >>> link("民营企业的增加值", "%", "growth_yoy")[0]
    'private_industrial_va'
    >>> link("发行新增政府专项债券", "CNY", "level")[0]
    'special_bonds'
    >>> link("资源税", "CNY", "level")[0] is None
    True
    """
    text = normalise(phrase)
    found, alias = _by_alias(text, unit, kind, prefer)
    if found is not None or not text or (alias and not _names().aliases[alias]):
        return found, alias
    return _broken(phrase, unit, kind, prefer) or _by_pattern(text, unit, kind) or (None, alias)


def _broken(phrase: str, unit: str | None, kind: str, prefer: str | None) -> tuple[str, str] | None:
    """The indicator whose alias other words have come into: 民营企业的增加值, 老旧小区“3+N”协同改造."""
    cuts = list(_FILLERS.finditer(phrase, 1))
    if not cuts:
        return None
    found, alias = _by_alias(normalise(phrase[0] + _FILLERS.sub("", phrase[1:])), unit, kind, prefer)
    tail = normalise(phrase[cuts[-1].end() :])
    return (found, alias) if found is not None and len(alias) > len(tail) else None


def _by_pattern(text: str, unit: str | None, kind: str) -> tuple[str, str] | None:
    """The indicator whose ``name_pattern`` the end of the name fits: 争取…补助资金."""
    pattern, ids = _name_patterns()
    match = pattern.search(text)
    if match is None:
        return None
    chosen = ids[match.lastindex or 0]
    return (chosen, match.group()) if _fits(_names().indicators[chosen], unit, kind) else None


@cache
def _name_patterns() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """All name patterns in one, and the indicator of each of its groups."""
    rows = [i for i in _names().indicators.values() if i.name_pattern]
    return re.compile("|".join(f"(?:{i.name_pattern})$()" for i in rows)), ("", *(i.id for i in rows))


def _by_alias(text: str, unit: str | None, kind: str, prefer: str | None) -> tuple[str | None, str]:
    names = _names()
    wholes = words("wholes")
    while text:
        for size in names.sizes.get(text[-2:], ()):
            alias = text[-size:]
            ids = names.aliases.get(alias)
            if ids is None or size > len(text):
                continue
            if not ids:
                return None, alias
            if alias in names.own_unit and kind not in {"level", "count", "change"}:
                continue
            if alias in names.shares and kind != "share" and unit not in {"%", "pp"}:
                continue
            per_head = unit is not None and "/" in unit and ("每万人" in alias or "每千人" in alias)
            chosen = _choose(ids, unit.split("/")[0] if unit and per_head else unit, kind, prefer)
            if chosen is None:
                continue
            rest = text[:-size]
            if alias[0] in "市省县区州" and rest.endswith(("全", "我", "本", "该")):
                continue  # 全市|重点项目, not 市重点项目
            if rest.endswith(_OF_OTHERS):
                return None, alias
            if chosen == "industrial_product_output" and _ends_in(rest.rstrip("总"), words("farm")):
                return None, alias
            if not rest or rest[-1] in _BOUNDARY or (names.indicators[chosen].is_open and alias not in names.exact):
                return chosen, alias
            if alias not in names.exact and (
                _ends_in(rest, words("verbs")) or (rest[-1] in _OWNER_ENDS and "级" not in rest and "以上" not in rest)
            ):
                return chosen, alias
            rest, _ = peel(rest, words("neutral"), 8)
            if not rest or rest[-1] in _BOUNDARY or _ends_in(rest, words("verbs")) or rest in forms():
                return chosen, alias
            if _is_owner(rest, alias):
                return chosen, alias
            return None, alias
        shorter, taken = peel(text, wholes, 5, 1)
        if not taken or shorter == text:
            return None, ""
        text = shorter.rstrip("和与及、")
    return None, ""


@cache
def _beginnings() -> dict[str, tuple[str, ...]]:
    """What stands before each ending of two characters or more in the names, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(_names().aliases, key=lambda name: (-len(name), name)):
        for at in range(2, len(name) - 1):
            found.setdefault(name[at:], []).append(name[:at])
    return {head: tuple(before) for head, before in found.items()}


@cache
def heads() -> frozenset[str]:
    """All endings of names that ``link_head`` knows.

    >>> "存栏" in heads(), "的存栏" in heads()
    (True, False)
    """
    return frozenset(_beginnings())


@lru_cache(maxsize=1 << 14)
def link_head(head: str, topic: str, unit: str | None, kind: str, *, leading: bool = False) -> str | None:
    """The indicator that ``head`` ends the name of and ``topic`` has the beginning of: 生猪出栏…，年末存栏.

    >>> link_head("存栏", "全市生猪出栏", "头", "count"), link_head("存栏", "羊出栏", "头", "count")
    ('hogs_stock', None)
    """
    for before in _beginnings().get(head, ()):
        if (topic.startswith(before) if leading else before in topic) and (
            found := _choose(_names().aliases[before + head], unit, kind, None)
        ):
            return found
    return None


def _is_owner(words_before: str, alias: str) -> bool:
    """Whether a name that owns figures stands before an alias: 云冈石窟|接待游客, 公司|出口额; 民营企业|出口额 is of another kind."""
    return words_before in _OF_PLACE or any(
        owner.start == 0 and owner.end == len(words_before) and owner.kind in _OWNERS
        for owner in find_owners(words_before + alias)
    )


def _ends_in(text: str, vocabulary: frozenset[str]) -> bool:
    return any(text[-size:] in vocabulary for size in range(min(4, len(text)), 0, -1))


@lru_cache(maxsize=1 << 10)
def _right_patterns(unit: str | None, kind: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = (i for i in _names().indicators.values() if i.right_pattern and _fits(i, unit, kind))
    return tuple((re.compile(i.right_pattern), i.id) for i in rows)


def link_right(text: str, unit: str | None, kind: str) -> str | None:
    """The indicator that a count is known by from what its things do: 28家机构和企业入驻.

    >>> link_right("机构和企业入驻", "家", "count")
    'resident_institutions'
    """
    return next((indicator for pattern, indicator in _right_patterns(unit, kind) if pattern.search(text)), None)


@cache
def _alias_finder() -> tuple[Finder, list[str]]:
    aliases = list(_names().aliases)
    return Finder(aliases), aliases


@lru_cache(maxsize=1 << 15)
def find_alias(text: str, unit: str | None, kind: str) -> tuple[str | None, str]:
    """The indicator whose alias opens ``text`` (after neutral words), for numbers that stand before what they count.

    >>> find_alias("制造业重点产业链现代化水平全面提升", "条", "count")
    ('key_industry_chains', '制造业重点产业链')
    """
    names = _names()
    text = normalise(text)
    best: tuple[int, int, str] | None = None
    finder, aliases = _alias_finder()
    for number, start, end in finder.hits(text):
        if best is None or start < best[0] or (start == best[0] and end > best[1]):
            if start > 12:
                break
            ids = names.aliases[aliases[number]]
            if not ids or _choose(ids, unit, kind, None):
                best = (start, end, aliases[number])
    if best is None:
        return None, ""
    chosen = _choose(names.aliases[best[2]], unit, kind, None)
    before = text[: best[0]]
    if before and not (chosen and names.indicators[chosen].is_open) and before not in words("neutral"):
        left, _ = peel(before, words("neutral"), 8)
        if (
            left
            and left[-1] not in _BOUNDARY
            and not _ends_in(left, words("verbs"))
            and best[2][:2] not in words("verbs")
        ):
            return None, ""
    return chosen, best[2]
