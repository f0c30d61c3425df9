"""Which city an article is about, told from its outlet, its title, its dateline, its text and its host.

Every source votes; a vote for a county is also one for its city. A city is the answer only if the text itself bears it out:
a local paper prints national news too, and a company's or the nation's news names many cities without being about one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from parsers.gazetteer import MUNICIPALITIES, NATION, ancestors, code_of, place, places
from parsers.mentions import find_places
from parsers.model import PlaceMention

__all__ = ["City", "city_of"]

_LEAD = 400  # characters at the start of a text, where an article says what it is about


@dataclass(frozen=True, slots=True)
class City:
    """The place an article is about, and the evidence that decided. A county's or a province's own code stands in ``city_code``."""

    city_code: str
    city: str
    province_code: str | None
    province: str | None
    method: str


_DATELINE = re.compile(
    r"^[\s（(]*(?:本报|本刊|新华社|中新网|中新社|人民网|央广网)?\s?([一-龥]{2,8}?)(?:\d{1,2}月\d{1,2}日)?[电讯]\s?[（(]"
)
_OUTLET_END = re.compile(
    r"(?:日报|晚报|晨报|早报|时报|周报|报|发布|新闻|传媒|融媒|电视|广播|网|在线|政府|统计|财政|海关|市|交警|文旅)"
)
_OFFICE = re.compile(r"(?:统计局|财政局|税务局|海关|发展改革委|发展和改革委员会|商务局|人民政府|调查队)(?:办公室)?$")
_COUNTY_OUTLET = re.compile(
    r"(?:日报|发布|融媒|传媒中心|政府|统计|财政)"
)  # 华龙网 and 新民晚报 are not of 华龙区 and 新民市
_LOCAL = {
    "city": re.compile(
        r"全市|我市|本市|市委|市政府|市人民政府|市人大|市统计局|市财政局|全州|我州|州委|州政府|全盟|盟委|各县区|各区县|各县市"
    ),
    "county": re.compile(r"全县|我县|本县|县委|县政府|县人民政府|县统计局|县财政局|全旗|旗委"),
    "province": re.compile(
        r"全省|我省|本省|省委|省政府|省人民政府|省统计局|全自治区|自治区党委|自治区政府|自治区人民政府"
    ),
}
_NATIONAL = re.compile(
    r"全国|我国|国务院|国家统计局|海关总署|财政部|商务部|中国人民银行|外交部|国家发展改革委|国家发改委|美联储|美国|证监会|上交所|深交所|A股|证券代码|上市公司|股东|证券时报"
)


def _city_level(code: str) -> str | None:
    """The city (or municipality, or directly governed county) that a code belongs to; None for provinces and the nation."""
    item = place(code)
    if item is None or code == NATION:
        return None
    if code in MUNICIPALITIES or item.level == "city":
        return code
    if item.level == "county":
        parent = place(item.parent)
        return item.parent if parent and (parent.level == "city" or parent.code in MUNICIPALITIES) else code
    return None


def _province_of(code: str) -> str | None:
    return code if code.endswith("0000") else next((c for c in ancestors(code) if c.endswith("0000")), None)


@cache
def _hosts() -> dict[str, tuple[str, ...]]:
    """Pinyin and initials of city names → codes, as hosts write them (hami.gov.cn, wlmq.gov.cn)."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for item in places().values():
        if item.level in {"city", "province"} and item.pinyin:
            for spelling in item.spelt:
                hosts[spelling].append(item.code)
            if len(item.pinyin) > 1:
                hosts["".join(s[0] for s in item.pinyin)].append(item.code)
    return {label: tuple(codes) for label, codes in hosts.items()}


_WORD = re.compile(r"(?<![a-z])[a-z]{4,}(?![a-z])")
_HOST_WORDS = re.compile(r"(?:news|xinwen|xww|xw|rb|wb|daily|gov|online|tv|radio|fb|stats|tjj|czj|[0-9])+$")


def _spelled(url: str | None, name: str | None) -> frozenset[str]:
    """Cities that the host or the file's name may be spelled after: full pinyin or, on a gov.cn host, initials."""
    host = urlsplit(url or "").hostname or ""
    codes: set[str] = set()
    for label in host.split(".")[:-1]:
        bare = _HOST_WORDS.sub("", label) or label
        for form in (label, bare):
            if len(form) > 3 or (host.endswith(".gov.cn") and len(form) > 1):
                codes.update(_hosts().get(form, ()))
    for word in _WORD.findall((name or "").lower()):
        codes.update(_hosts().get(word, ()))
    return frozenset(codes)


def _outlet_code(outlet: str | None) -> str | None:
    """The place that an outlet's name begins with: 上饶日报, 黄石市财政局, 日照网."""
    if not outlet:
        return None
    found = find_places(outlet)
    if found and found[0].code != NATION:
        return found[-1].code if all(m.level != "nation" for m in found) else found[0].code
    for size in (5, 4, 3, 2):
        if _OUTLET_END.match(outlet, size):
            code = code_of(outlet[:size])
            item = place(code) if code else None
            if item and (
                item.level in {"city", "province"} or (item.level == "county" and _COUNTY_OUTLET.match(outlet, size))
            ):
                return item.code
    return None


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the sources say: codes as named, city-level votes, and how often the text speaks of 全市, 全县, 全省, 全国."""

    title: tuple[str, ...]
    outlet: str | None
    site: str | None
    hosts: frozenset[str]
    dateline: str | None
    mentions: list[PlaceMention]
    words: dict[str, int]
    national: int
    length: int
    office: bool  # the outlet is an office of its place, which tells of nothing else


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _site_code(names: Sequence[str]) -> str | None:
    """The city or county that a site names itself after: 宜昌市人民政府, 长沙统计信息网."""
    for site in names:
        found = [m for m in find_places(site) if m.start == 0 and m.level in {"city", "county"}]
        if found:
            return found[0].code
    return None


def _gather(
    title: str | None, outlet: str | None, body: str, url: str | None, name: str | None, *, sites: Sequence[str]
) -> _Evidence:
    home = _outlet_code(outlet)
    site = None if home else _site_code(sites)
    in_title = [m.code for m in find_places(title or "", home) if m.code != NATION]
    line = _DATELINE.match(body)
    at_line = find_places(line.group(1), home) if line else []
    context = next((c for c in (*in_title, home, *(m.code for m in at_line)) if c), None)
    mentions = [m for m in find_places(body, context) if m.code != NATION]
    if not in_title and mentions:  # a county's bare name in the title counts once the text has said which county it is
        most, _ = min(Counter(m.code for m in mentions).items(), key=lambda pair: (-pair[1], pair[0]))
        in_title = [m.code for m in find_places(title or "", most) if m.code != NATION]
    return _Evidence(
        title=_unique(in_title),
        outlet=home,
        site=site,
        hosts=_spelled(url, name),
        dateline=at_line[-1].code if at_line and at_line[-1].code != NATION else None,
        mentions=mentions,
        words={level: len(pattern.findall(f"{title}\n{body}")) for level, pattern in _LOCAL.items()},
        national=len(_NATIONAL.findall(body)) + 3 * len(_NATIONAL.findall(title or "")),
        length=len(body),
        office=bool(outlet and _OFFICE.search(outlet)),
    )


def _weights(found: _Evidence, level: Callable[[str], str | None]) -> Counter[str]:
    """Mentions by the unit that ``level`` makes of a code; the beginning of the text counts more."""
    weights: Counter[str] = Counter()
    for mention in found.mentions:
        code = level(mention.code)
        if code:
            weights[code] += 3 if mention.start < _LEAD // 2 else 2 if mention.start < _LEAD else 1
    return weights


def _answer(code: str, method: str) -> City:
    province = _province_of(code)
    return City(code, places()[code].name, province, places()[province].name if province else None, method)


def city_of(
    title: str | None,
    outlet: str | None,
    body: str,
    url: str | None = None,
    name: str | None = None,
    *,
    sites: Sequence[str] = (),
) -> City | None:
    """The city an article is about, or the county or province it is about as a whole; None for national and company news.

    ``sites`` are the names that the page gives its site and its owner; they stand in for an outlet without a place.

    >>> city = city_of("上半年经济运行简析", "上饶市统计局", "上半年，全市地区生产总值1826.4亿元，增长5.7%。")
    >>> city.city_code, city.city, city.province
    ('361100', '上饶市', '江西省')
    >>> city_of("4月全国CPI同比上涨0.3%", "国家统计局", "4月份，全国居民消费价格同比上涨0.3%。") is None
    True
    """
    found = _gather(title, outlet, body, url, name, sites=sites)
    city = _city(found)
    province = _whole_province(found, city)
    if province:
        return _answer(*province)
    if city is None:
        return None
    return _answer(*(_county(found, city[0]) or city))


def _city(found: _Evidence) -> tuple[str, str] | None:
    """The city-level unit that most sources point to and the text bears out, with the source that decided."""
    weights = _weights(found, _city_level)
    total = sum(weights.values())
    votes: dict[str, float] = {code: 3.0 * weight / total for code, weight in weights.items()}
    in_title = _unique(c for c in map(_city_level, found.title) if c)
    outlet = _city_level(found.outlet) if found.outlet else None
    line = _city_level(found.dateline) if found.dateline else None
    code: str | None
    for code in in_title:
        votes[code] = votes.get(code, 0) + (4 if len(in_title) == 1 else 2 if len(in_title) == 2 else 1)
    site = _city_level(found.site) if found.site else None
    for code, weight in ((outlet, 3), (line, 2), (site, 1)):
        if code:
            votes[code] = votes.get(code, 0) + weight
    hosts = [code for code in found.hosts if _city_level(code) == code]
    for code in hosts:
        if code in votes or len(hosts) == 1:
            votes[code] = votes.get(code, 0) + 1
    if not votes:
        return None
    code = min(votes, key=lambda c: (-votes[c], c))
    weight, share = weights[code], weights[code] / total if total else 0.0
    local = found.words["city"]
    if in_title == (code,):
        return (code, "title") if weight or local or outlet == code or not found.mentions else None
    if found.national > 3 + 2 * local + weight:
        return None
    if outlet == code and (local or share >= 0.4 or (found.office and not found.mentions and not found.national)):
        return code, "outlet"
    if site == code and local:
        return code, "site"
    named = sum(_city_level(mention.code) == code for mention in found.mentions)
    if line == code and (local or (named >= 3 and share >= 0.6)):
        return code, "dateline"
    if code in hosts and (local or share >= 0.6) and (weight or len(hosts) == 1):
        return code, "host"
    if share >= 0.5 and (
        (local >= 3 and named >= 2) or (named >= 3 and weight >= 6 and 1000 * weight >= 2 * found.length)
    ):
        return code, "text"
    return None


def _whole_province(found: _Evidence, city: tuple[str, str] | None) -> tuple[str, str] | None:
    """The province, if the article is about all of it rather than about one of its cities."""
    if city and (city[1] == "title" or city[0] in MUNICIPALITIES):
        return None
    home = found.outlet if city is None and found.office and not found.national else None
    if home and home.endswith("0000") and all(m.code == home or home in ancestors(m.code) for m in found.mentions):
        return home, "outlet"
    weights = _weights(found, lambda code: code if code.endswith("0000") and code not in MUNICIPALITIES else None)
    cities = _weights(found, _city_level)
    if not weights:
        return None
    code, weight = min(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    if city and weight <= cities[city[0]]:
        return None
    local = found.words["province"]
    share = weight / sum(weights.values())
    if found.title == (code,) and (local or weight >= 4):
        return code, "title"
    if found.national > 3 + 2 * local + weight:
        return None
    if found.outlet == code and (local >= 2 or (local and share >= 0.6)):
        return code, "outlet"
    if local >= 2 and share >= 0.6 and weight >= 6:
        return code, "text"
    return None


def _county(found: _Evidence, city: str) -> tuple[str, str] | None:
    """The county under ``city``, if the article is about it alone."""
    weights = _weights(found, lambda code: code if code == city or city in ancestors(code) else None)
    counties = {code: weight for code, weight in weights.items() if code != city}
    in_title = [code for code in found.title if code != city and city in ancestors(code)]
    code = in_title[0] if len(in_title) == 1 else min(counties, key=lambda c: (-counties[c], c), default="")
    if not code or len(in_title) > 1:
        return None
    own, wide = found.words["county"], found.words["city"]
    if places()[code].name.endswith("市") and found.outlet != city:  # 昆山市 speaks of 全市 too
        own, wide = own + wide, 0
    share = counties.get(code, 0) / (sum(weights.values()) or 1)
    if in_title:
        return (code, "title") if own > wide or (wide == 0 and share >= 0.5) else None
    if city in found.title or own <= wide:
        return None
    if found.outlet == code and share >= 0.3:
        return code, "outlet"
    return (code, "text") if own >= 2 and share >= 0.6 else None
