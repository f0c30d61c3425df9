"""The gazetteer: every province, prefecture and county with its code, its names old and new, and the unit above it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypeAlias

__all__ = [
    "LEVELS",
    "MUNICIPALITIES",
    "NATION",
    "Place",
    "Uses",
    "ancestors",
    "children",
    "code_of",
    "forms",
    "place",
    "places",
]

NATION = "100000"
MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000", "810000", "820000"})  # provinces that are cities
Uses: TypeAlias = tuple[tuple[str, str], ...]
LEVELS = ("nation", "province", "city", "county")


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative unit: GB/T 2260 code, full and short name, level, code of the unit above, former names.

    ``short_use`` says what the bare name needs to count: nothing (free), a context (near), the unit above right before it (never).
    ``pinyin`` is the short name's syllables; ``spelt`` the ways hosts and files write it. Abolished units are not ``current``.
    """

    code: str
    name: str
    short: str
    level: str
    parent: str
    former: tuple[str, ...]
    short_use: str
    pinyin: tuple[str, ...]
    spelt: tuple[str, ...]
    current: bool


@cache
def places() -> dict[str, Place]:
    """All places by code, from ``knowledge/places.csv``.

    >>> places()["360300"].name
    '萍乡市'
    """
    table = resources.files("parsers.knowledge").joinpath("places.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(table.splitlines()):
        found[row["code"]] = Place(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            level=row["level"],
            parent=row["parent"],
            former=tuple(filter(None, row["former"].split("|"))),
            short_use=row["short_use"],
            pinyin=tuple(row["pinyin"].split("|")[0].split()),
            spelt=tuple(spelling.replace(" ", "") for spelling in row["pinyin"].split("|")),
            current=row["status"] == "current",
        )
    for item in found.values():
        if (
            item.level not in LEVELS
            or item.short_use not in {"free", "near", "never"}
            or (item.parent or NATION) not in found
        ):
            raise ValueError(f"places.csv: {item.code} {item.name} has an unknown level, use or parent")
    return found


def place(code: str) -> Place | None:
    """The place of a six-digit code.

    >>> place("361100").short
    '上饶'
    """
    return places().get(code)


@cache
def ancestors(code: str) -> tuple[str, ...]:
    """Codes of the units above, the nearest first, without the nation.

    >>> ancestors("360313")
    ('360300', '360000')
    """
    above = []
    item = places().get(code)
    while item is not None and item.parent and item.parent != NATION:
        above.append(item.parent)
        item = places().get(item.parent)
    return tuple(above)


@cache
def children(code: str) -> tuple[str, ...]:
    """Codes of the current units directly below.

    >>> "360313" in children("360300")
    True
    """
    return tuple(item.code for item in places().values() if item.parent == code and item.current)


@cache
def forms() -> dict[str, Uses]:
    """Every form a place may be written in → (code, use), higher levels first; use is full, named, free, near or never."""
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    tops = {item.short for item in places().values() if item.level in {"province", "city"}}
    for item in places().values():
        use = "full"
        if item.name.endswith("区") and item.level == "county":
            # 城区 and 新城区 are common nouns; 西安区域 and 朝阳区 are foremost about the city 西安 and whoever is near
            use = "never" if _COMMON.fullmatch(item.name) else "named" if item.short in tops else "full"
        elif len(item.name) == 2:
            use = "named"
        if item.code != NATION:
            forms[item.name][item.code] = use
        if item.level != "county" or not _COMMON.fullmatch(
            item.short + "区"
        ):  # 丽江古城 is a sight, 古城区 the district
            forms[item.short].setdefault(item.code, item.short_use)
        for name in item.former:
            forms[name].setdefault(item.code, item.short_use if len(name) == 2 else "full")
    forms["我国"][NATION] = "free"
    order = {level: rank for rank, level in enumerate(LEVELS)}
    return {
        form: tuple(sorted(uses.items(), key=lambda pair: (order[places()[pair[0]].level], pair[0])))
        for form, uses in forms.items()
    }


_COMMON = re.compile(
    r"(?:[东西南北中新老古市港]?城?|城[东西南北中]|市中|郊|矿|港口|江[南北]|河[东西]|滨海新|站前|前进|新)区"
)


@cache
def code_of(name: str, within: str | None = None) -> str | None:
    """The code of a place's name, full, short or former, if there is only one (or only one within ``within``).

    >>> code_of("襄樊市"), code_of("鼓楼区"), code_of("鼓楼区", "320300")
    ('420600', None, '320302')
    """
    codes = [code for code, _ in forms().get(name, ())]
    if within:
        codes = [code for code in codes if code == within or within in ancestors(code)]
    if len(codes) > 1:
        exact = [code for code in codes if places()[code].name == name]
        codes = exact or [code for code in codes if places()[code].level == places()[codes[0]].level]
    return codes[0] if len(codes) == 1 else None
