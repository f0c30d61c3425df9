"""Which places a text names, by one pass of an automaton over all their names.

A city may be named with or without its suffix (萍乡市, 萍乡). A county's bare name, a homonym (鼓楼区) and a name that is also an
ordinary word (白银, 日照) count only where the caller's context or the text itself has named the unit above them.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import yaml

from parsers.finding import Finder
from parsers.gazetteer import NATION, Place, Uses, ancestors, forms, places
from parsers.model import PlaceMention

__all__ = ["find_places"]


@cache
def _forms() -> tuple[Finder, list[Uses | None]]:
    """What finds all forms and traps, and the uses of each; a trap has none."""
    text = resources.files("parsers.knowledge").joinpath("place_traps.yaml").read_text(encoding="utf-8")
    traps = [word for lines in yaml.safe_load(text).values() for line in lines for word in str(line).split()]
    known: dict[str, Uses | None] = {**dict.fromkeys(traps), **forms()}
    return Finder(known), list(known.values())


# After a bare name: another unit's suffix (上饶县 is not 上饶), a road, an organisation that only bears the name.
_AFTER = re.compile(
    r"[东西南北中一二三环]{0,2}(?:路(?!桥)|街(?!道)|巷|大道|大街|大桥)|师范|理工|农业大|科技大|工业大|医科|[一-龥]{0,4}(?:大学|学院)|"
    r"银行|证券|股份|卫视|电视台|医院|机场|合作组织|农商|控股|"
    r"[^，。、；：！？\s的在与和及了将为从对向把由以等引进至有入中是](?:[^，。、；：！？\s的在与和及了将为从对向把由以等引进至入是]{0,12}?)"
    r"(?:有限公司|有限责任|股份有限|股份公司|集团(?!军))"
)
_SUFFIX = re.compile(
    r"(?:县(?![域级区市委])|区(?![域位块县间划级])|州(?![级市委])|省(?!级)|旗(?!舰|帜|下|县)|盟(?![友约誓])|市(?!场|值|面|民|况))"
)
_TOWN = re.compile(r"镇(?![江海康村级域坪雄远宁安巴原平赉沅])|乡(?!村)|村(?![级庄民镇])|街道|社区|屯|舰|·")
_NATURE = re.compile(r"[江河湖山岛峡](?![西东南北])|石窟|石刻|大佛|古城|寺(?!庙)")
_WATER = re.compile(
    "水质|两岸|沿岸|流域|干流|支流|上游|下游|游轮|游船|畔|边"
)  # the river, not the county named after it
_FOREIGN = re.compile(r"[里罗斯茨苏尔拉纳尼亚塔巴奥大]")  # 佛罗里|达州, 哥罗|德州
_NOT_A_UNIT = re.compile(r"[域位块间划]")


def _stands(text: str, start: int, end: int, item: Place) -> bool:
    """Whether the words around a form leave it a place: not a road, a company, a town, another unit's name."""
    if text[start:end] == item.name:
        return not (item.name[-1] == "区" and _NOT_A_UNIT.match(text, end))
    if item.code == NATION:
        return True
    if _AFTER.match(text, end) or _SUFFIX.match(text, end) or _TOWN.match(text, end):
        return False
    if text[end - 1] == "州" and end - start == 2 and start and _FOREIGN.match(text, start - 1):
        return False
    if item.level != "county":
        return True
    return not (_NATURE.match(text, end) or (text[end - 1] in "江河湖" and _WATER.match(text, end)))


_REACH = 40  # a county's bare name must stand this close to its city's
_NEEDED = {"full": 1, "free": 1, "named": 2, "near": 5, "never": 9}  # how strong the context must be, see _resolve


def _context(province: str | None) -> set[str]:
    if not province or province not in places():
        if not province:
            return set()
        given = {code for code in (province[:4] + "00", province[:2] + "0000") if code in places()}
    else:
        given = {province, *ancestors(province)}
    return given - {NATION}


def _resolve(  # noqa: PLR0917 - one call site, all of them needed
    uses: Uses, start: int, given: set[str], home: str | None, known: dict[str, int], chain: str | None
) -> str | None:
    """The one place that a form names here, or None: the unit above decides between homonyms.

    ``given`` are the caller's place ``home`` and the units above it; ``known`` says where in the text a place was last named; ``chain`` is the place that ends where this one starts.
    """
    best, best_score, tied = None, 0, False
    top = uses[0][0] if len(uses) == 1 or places()[uses[0][0]].level != places()[uses[1][0]].level else None
    for code, use in uses:
        item, above = places()[code], ancestors(code)
        over = above[0] if above else ""
        if chain is not None and chain in above:
            score = 9
        elif code in given or over == home or (over in given and item.level == "county"):
            score = 7
        elif code in known or start - known.get(over, -_REACH) < _REACH:
            score = 5
        elif above and above[-1] in known:
            score = 2
        else:
            score = 1 if use == "free" or (use == "full" and code == top) else 0
        if score < _NEEDED[use]:
            continue
        if use == "free":
            score += 5
        if score > best_score:
            best, best_score, tied = code, score, False
        elif score == best_score and best is not None:
            tied = item.level == places()[best].level
    return None if tied else best


def _hits(text: str) -> list[tuple[int, int, Uses | None]]:
    """Every form in the text as (start, −size, uses), the leftmost and then the longest first; uses is None for a trap."""
    finder, uses = _forms()
    hits = sorted((start, start - end, form) for form, start, end in finder.hits(text))
    return [(start, negative, uses[form]) for start, negative, form in hits]


def find_places(text: str, province: str | None = None) -> list[PlaceMention]:
    """Places named in ``text``, in order, without overlap; ``province`` is the code of the place the text is about, if known.

    >>> [(m.start, m.end, m.code) for m in find_places("上饶市和萍乡湘东区", "360000")]
    [(0, 3, '361100'), (4, 6, '360300'), (6, 9, '360313')]
    >>> find_places("北京大学在上海路")
    []
    """
    hits = _hits(text)
    given = _context(province)
    known: dict[str, int] = {}
    mentions: list[PlaceMention] = []
    taken = trapped = 0
    for start, negative, uses in hits:
        end = start - negative
        if uses is None:
            trapped = max(trapped, end)
            continue
        if start < taken or end <= trapped:
            continue
        chain = mentions[-1].code if taken == start and mentions else None
        code = _resolve(uses, start, given, province, known, chain)
        if code is None or not _stands(text, start, end, places()[code]):
            continue
        taken = end
        mentions.append(PlaceMention(start, end, code, places()[code].level))
        if code != NATION:
            known[code] = end
            known.update((above, end) for above in ancestors(code))
    return mentions
