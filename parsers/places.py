"""Which places a text names: provinces, prefectures and counties, by one pass of an automaton over all their names.

A city may be named with or without its suffix (萍乡市, 萍乡). A county's bare name, a homonym (鼓楼区) and a name that is also an
ordinary word (白银, 日照) count only where the caller's context or the text itself has named the unit above them.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources

import ahocorasick
import yaml

from parsers.model import PlaceMention

__all__ = ["Place", "ancestors", "children", "code_of", "find_places", "place", "places"]

NATION = "100000"
_LEVELS = ("nation", "province", "city", "county")


@dataclass(frozen=True, slots=True)
class Place:
    """One administrative unit: GB/T 2260 code, full and short name, level, code of the unit above, former names."""

    code: str
    name: str
    short: str
    level: str
    parent: str
    former: tuple[str, ...]
    short_use: str
    pinyin: tuple[str, ...]
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
            pinyin=tuple(row["pinyin"].split()),
            current=row["status"] == "current",
        )
    for item in found.values():
        if item.level not in _LEVELS or item.short_use not in {"free", "near", "never"} or (item.parent or NATION) not in found:
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
def _forms() -> dict[str, tuple[tuple[str, str], ...]]:
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
        forms[item.short].setdefault(item.code, item.short_use)
        for name in item.former:
            forms[name].setdefault(item.code, item.short_use if len(name) == 2 else "full")
    forms["我国"][NATION] = "free"
    order = {level: rank for rank, level in enumerate(_LEVELS)}
    return {
        form: tuple(sorted(uses.items(), key=lambda pair: (order[places()[pair[0]].level], pair[0]))) for form, uses in forms.items()
    }


_COMMON = re.compile(r"(?:[东西南北中新老古市港]?城?|城[东西南北中]|市中|郊|矿|港口|江[南北]|河[东西]|滨海新|站前|前进|新)区")


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    text = resources.files("parsers.knowledge").joinpath("place_traps.yaml").read_text(encoding="utf-8")
    for lines in yaml.safe_load(text).values():
        for line in lines:
            for word in str(line).split():
                automaton.add_word(word, (len(word), None))
    for form, uses in _forms().items():
        automaton.add_word(form, (len(form), uses))
    automaton.make_automaton()
    return automaton


# After a bare name: another unit's suffix (上饶县 is not 上饶), a road, an organisation that only bears the name.
_AFTER = re.compile(
    r"[东西南北中一二三环]{0,2}(?:路(?!桥)|街(?!道)|巷|大道|大街|大桥)|师范|理工|农业大|科技大|工业大|医科|[一-龥]{0,4}(?:大学|学院)|"
    r"银行|证券|股份|卫视|电视台|医院|机场|合作组织|农商|控股|"
    r"[^，。、；：！？\s的在与和及了将为从对向把由以等引进至有入中是](?:[^，。、；：！？\s的在与和及了将为从对向把由以等引进至入是]{0,12}?)"
    r"(?:有限公司|有限责任|股份有限|股份公司|集团(?!军))"
)
_SUFFIX = re.compile(r"(?:县(?![域级区市委])|区(?![域位块县间划级])|州(?![级市委])|省(?!级)|旗(?!舰|帜|下|县)|盟(?![友约誓])|市(?!场|值|面|民|况))")
_NOT_A_UNIT = re.compile(r"[域位块间划]")


def _context(province: str | None) -> set[str]:
    if not province or province not in places():
        if not province:
            return set()
        given = {code for code in (province[:4] + "00", province[:2] + "0000") if code in places()}
    else:
        given = {province, *ancestors(province)}
    return given - {NATION}


def _resolve(uses: tuple[tuple[str, str], ...], given: set[str], known: set[str], chain: str | None) -> str | None:
    """The one place that a form names here, or None: the unit above decides between homonyms."""
    best, best_score, tied = None, 0, False
    alone = len(uses) == 1
    for code, use in uses:
        above = ancestors(code)
        if chain is not None and chain in above:
            score = 9
        elif code in given or (above and above[0] in given and places()[code].level == "county"):
            score = 7
        elif code in known or (above and above[0] in known):
            score = 5
        elif above and above[-1] in known:
            score = 2
        else:
            score = 0
        if use == "never" and score < 9:
            continue
        if (use == "near" and score < 5) or (use == "named" and score < 2):
            continue
        if use == "free":
            score = max(score, 1) + 3
        elif use == "full" and score == 0:
            if not alone:
                continue
            score = 1
        if score > best_score:
            best, best_score, tied = code, score, False
        elif score == best_score and best is not None and code not in ancestors(best) and best not in above:
            tied = places()[code].level == places()[best].level
    return None if tied else best


def find_places(text: str, province: str | None = None) -> list[PlaceMention]:
    """Places named in ``text``, in order, without overlap; ``province`` is the code of the place the text is about, if known.

    >>> [(m.start, m.end, m.code) for m in find_places("上饶市和萍乡湘东区", "360000")]
    [(0, 3, '361100'), (4, 6, '360300'), (6, 9, '360313')]
    >>> find_places("北京大学在上海路")
    []
    """
    hits = [(end + 1 - size, -size, uses) for end, (size, uses) in _automaton().iter(text)]
    if not hits:
        return []
    hits.sort(key=lambda hit: hit[:2])
    given = _context(province)
    known = set(given)
    mentions: list[PlaceMention] = []
    taken = trapped = 0
    for start, negative, uses in hits:
        end = start - negative
        if uses is None:
            trapped = max(trapped, end)
            continue
        if start < taken or end <= trapped:
            continue
        chain = mentions[-1].code if mentions and mentions[-1].end == start else None
        code = _resolve(uses, given, known, chain)
        if code is None:
            continue
        item = places()[code]
        if item.name == text[start:end]:
            if item.name[-1] == "区" and _NOT_A_UNIT.match(text, end):
                continue
        elif code != NATION and (_AFTER.match(text, end) or _SUFFIX.match(text, end)):
            continue
        taken = end
        mentions.append(PlaceMention(start, end, code, item.level))
        if code not in known and code != NATION:
            known.add(code)
            known.update(ancestors(code))
    return mentions


@cache
def code_of(name: str, within: str | None = None) -> str | None:
    """The code of a place's name, full, short or former, if there is only one (or only one within ``within``).

    >>> code_of("襄樊市"), code_of("鼓楼区"), code_of("鼓楼区", "320300")
    ('420600', None, '320302')
    """
    codes = [code for code, _ in _forms().get(name, ())]
    if within:
        codes = [code for code in codes if code == within or within in ancestors(code)]
    if len(codes) > 1:
        exact = [code for code in codes if places()[code].name == name]
        codes = exact or [code for code in codes if places()[code].level == places()[codes[0]].level]
    return codes[0] if len(codes) == 1 else None
