"""Names that may own a number, found once in a body: firms, parks, and the words for the page's own places (全市, 全省).

Anchored on the endings (公司, 开发区): only where one stands is the name before it read. The words are ``knowledge/owners.yaml``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import yaml

from parsers.draft import BLANK, NUM, PLACE, TIME
from parsers.finding import Anchors, Found
from parsers.places import find_places

__all__ = [
    "OF_A_PROJECT",
    "SIGHTS_OF_PLACE",
    "TERMINALS",
    "Owner",
    "find_owners",
    "find_single",
    "firm_in",
    "is_reference",
    "marks_in",
    "short_names",
    "words_of",
]


class Owner(NamedTuple):
    """A mention: ``kind`` is organization, park, project, other, a word of place (nation, province, region, county, own), or reference (该项目)."""

    start: int
    end: int
    kind: str


@cache
def _words(name: str) -> list[str]:
    text = resources.files("parsers.knowledge").joinpath("owners.yaml").read_text(encoding="utf-8")
    lines: dict[str, list[str]] = yaml.safe_load(text)
    return sorted((word for line in lines[name] for word in line.split()), key=lambda word: (-len(word), word))


def _any(name: str) -> str:
    return "|".join(map(re.escape, _words(name)))


def words_of(*names: str) -> str:
    """The words of the named lists as alternatives of a pattern, the longest first."""
    return "|".join(map(re.escape, sorted({w for name in names for w in _words(name)}, key=lambda w: (-len(w), w))))


BRANCH = re.compile(words_of("branches"))
NAME_LEADS = re.compile(f"(?:{words_of('name_leads')})+")
_PLACE_WORDS = {
    "nation": "全国|我国|全中国",
    "province": "全省|我省",
    "region": "全区|我区|全自治区",
    "local": rf"(?<![^，。；：\n{TIME}])当地(?!时间|居民|媒体|警方|政府|村民|群众|人|的|公安|市场)",
    "county": "全县|我县|本县|该县|该区(?!域|间|块|段|位)",
    "own": rf"全市|各县区|各县市|各区县|县级财政|区级财政|我市|本市|全州|我州|全盟|市本级|(?<!\w)市级(?!以上|及)|市直|全域|市区|(?<=，)(?:各县|县区|区县)[{BLANK}]*(?={NUM})",
}
_OPENS = f"，,。；;：:\n{TIME}"
_MEETS = ("举行", "召开", "举办")
_ADVERBS = f"(?:[{TIME}，]|{_any('adverbs')})*"
_ENDINGS = {
    "reference": rf"(?<![^{_OPENS}“”！？])(?:公司(?!制|债|法人|等|总数|数|治理)|项目(?={_any('project_after')}|{_any('project_goes_on')}|投资{NUM})|企业(?={_any('firm_goes_on')}|{TIME})|产业(?=链?(?:{_any('industry_goes_on')}))|(?:{_any('referred')})(?={_any('facility_goes_on')}|{TIME}))"
    rf"|(?:该|这[个家座项])(?:[^，,。；;：:！？!?、“”的\n{NUM}{PLACE}]{{1,12}}的)?(?:{_any('referred')}|{_any('referred_after_this')})(?!{_any('facility_after')}|机械|技术)",
    "park": f"(?:{_any('parks')})(?!域|等|企业|内|管(?!委会))",
    "facility": f"(?:{_any('facilities')})(?!{_any('facility_after')})",
    "station": f"(?:{_any('facilities_of_place')})(?!{_any('facility_after')})|站(?={_ADVERBS}(?:发送|到发|运送)旅客)",
    "project": f"项目(?={_any('project_after')})",
    "other": f"村(?={words_of('villages')}|{TIME})|[镇乡](?={words_of('towns')}|{TIME}|(?![村镇企级域贤土化的党纪政人居])[一-龥]{{2,8}}{NUM})|街道(?={words_of('towns')}|{TIME})|社区(?={words_of('towns')})|[该全][镇乡村]",
    "works": rf"(?:{_any('works')})(?:工程|{PLACE}*段)?(?=[{BLANK}{TIME}]*(?:{_any('works_after')}|[长高宽]约?{NUM}))|[一二三四]期项目(?={_ADVERBS}(?:投资|总投资))|(?:运河|隧道|大桥|水库|枢纽|灌区|高铁)(?={_ADVERBS}(?:完成投资|建成后|通航后|通车后))",
    "customs": f"关区(?=进口|出口|进出口|通关|整体)|海关(?={_ADVERBS}(?:{_any('customs_after')}))",
    "organization": rf"(?:{_any('firms')})(?!化[^工肥学])|银行(?!机构|业|卡|账户|贷|存|系统|间|承兑)|(?<![贸海河市省国])(?<!贸易)港(?={_ADVERBS}(?:完成|货物|集装箱|(?:累计)?开行|[共现拥]*有[^，。；{NUM}]{{0,8}}(?:泊位|码头|航线)|新[开增][^，。；{NUM}]{{0,8}}航线))|股份(?!制|合作|经济|企业|公司|有限)|科技(?={NUM}|公司)|城(?=年?交易)",
    "short": rf"(?:{_any('short_tails')})(?={TIME}|{_any('short_goes_on')})",
    "sight": rf"(?:{_any('sights')})(?=(?:、[一-龥]{{2,8}}?)*{_ADVERBS}接待)",
    "event": rf"(?:{_any('events')})(?={_ADVERBS}(?:接待|吸引|迎来))",
}
TERMINALS = tuple(  # a port, an airport: what its name ends in, what it counts
    (tuple(_words(names)), re.compile(f"^(?!.*(?:民航|航空|全[市省国区])).*(?:{_any(figures)})"))
    for names, figures in (("airports", "airport_figures"), ("ports", "port_figures"))
)
_NAME = rf"[^，,。；;：:！？!?、“”— \t\n　的{BLANK}{NUM}{PLACE}{TIME}]"
_LOCATED = re.compile(  # 位于甲县的乙丙生化，全年加工玉米…
    rf"[^，,。；;：:“”\n]{{1,20}}?的[{PLACE}]*(?:(?P<project>{_NAME}{{2,20}}?(?:项目|工程|基地|生产线))|(?P<organization>{_NAME}{{3,20}}?))(?=[，,{TIME}])"
)
_NO_OWNER = re.compile(
    "^(?:我|全|本|这|该|一)|(?:[区市县村镇乡地省人山岛湾河湖城们户路街桥道]|企业|公司|产品|小区|社区|产业|行业|园)$|一片|正在|已|开始|迎来|运往"
)
_NO_HEAD = frozenset("跟的到将由在从对向把仅为以和与及各《（(")
_NO_MANY = _NO_HEAD | frozenset("全各")
_STOPS = frozenset(f"，,。；;：:！？!?、“”—（( +＋\t\n　{BLANK}{NUM}{PLACE}{TIME}")
OF_A_PROJECT = re.compile(f"(?:{_any('project_after')})(?!供应|保障|指标|需求|审批)")
_PRODUCT = re.compile(f"(?:{_any('products')})$|^(?:{_any('firm_trades')})$")
_BEFORE_LIES = _STOPS | frozenset("在进到")
_PARK_KIND = re.compile(f"{_any('park_kinds')}")
_NEW_TOWN = re.compile("[是为在了到老]|城市|高铁|建设|打造|开发|起步|片区")
_FIRM_KIND = re.compile(f"(?:{_any('firm_kinds')})$")
_COMMON = re.compile(f"^(?:{_any('firm_common')})*$")
_TAKEN = re.compile(f"{_any('firm_taken')}")
_PROJECT_KIND = re.compile(f"{_any('project_kinds')}")
_TOWN_GOES_ON = re.compile(f"{_any('towns')}|{TIME}")
_VILLAGE_KIND = re.compile(f"(?:{_any('village_kinds')})$")
_WORKS = re.compile("(?:迁建|改扩建|扩建|改造|新建|一期|二期|三期|建设)+(?:工程|项目)")
_WORKS_HEADS = frozenset("迁改扩新一二三建")
_WORKS_KIND = re.compile(rf"(?:{_any('works_kinds')})$|全[市省国县区]")
_NO_PART = re.compile(  # what ends before the name of a firm: 十年前带领|某某集团
    "(?<![华有作])为|(?<!自)由|从(?!化)|在(?!线)|的|了|(?<![通])过(?!滤)|把|被|将(?!军)|给(?![水排])|让|带领|率领|调派|选派|以及|要(?=[建调推支])|拟(?=[建与向收])"
)
_VAGUE = re.compile("许多|一批|一些|多家|几家|某些|[一二三四五六七八九十两]$")
_SHORT_COMMON = re.compile(f"{_any('short_kinds')}|(?:{_any('short_endings')})$")
_FACILITY_KIND = re.compile(f"(?:{_any('facility_kinds')})$")
SIGHTS_OF_PLACE = frozenset(_words("sights_of_place"))
_FACILITY_COMMON = re.compile(f"^(?:{_any('firm_common')}|{_any('facility_kinds')})*$")
_BEFORE = re.compile(rf"(?:{_any('reference_before')}|[{PLACE}][、和与及])$")
_AFTER = re.compile(
    rf"等(?![，,。])|[、和与及](?:全|[{PLACE}])|的?(?:{_any('reference_after')}|[0-9一二三四五六七八九十]+(?:个|强|大))"
)
_LENGTH = {
    "park": 8, "organization": 16, "facility": 12, "station": 8, "project": 20, "other": 6, "customs": 0, "reference": 0,
    "works": 14, "short": 8, "sight": 6, "event": 8,
}  # fmt: skip
_SAID_AS = {"event": "other", "works": "project"}
_PARK_SORT = re.compile(
    "(?:绿色|生态|特色|智慧|零碳|低碳|循环|示范|现代|农业|科技|文化|产业|双创|各类|国家级?|省级?|市级?)+"
)
_LISTED = frozenset({"facility", "park", "organization"})
_AS_SAID = frozenset({"park", "project", "other", "reference"})


def find_owners(masked: str, marks: Found | None = None) -> list[Owner]:
    """All mentions in a masked body that own what they stand before, in text order; ``marks``: what ``MARKS`` found there."""
    marks = marks or MARKS.find(masked)
    found = [
        Owner(match.start(), match.end(), kind)
        for kind, match in marks.each("place")
        if not is_reference(masked, match.start(), match.end())
    ]
    last = 0
    for kind, match in marks.each("ending"):
        start = match.start()
        lowest = max(last, start - _LENGTH[kind])
        while start > lowest and masked[start - 1] not in _STOPS:
            start -= 1
        last = match.end()
        if kind == "event" and found and found[-1].end == match.start():  # 古城灯会
            found[-1] = Owner(found[-1].start, match.end(), "other")
            continue
        if kind == "park" and found and found[-1].end == start and found[-1].kind == "organization":
            found[-1] = Owner(found[-1].start, match.end(), "park")  # 大兴国际机场临空经济区
            continue
        if kind == "short":
            start = _short_start(masked, start, lowest)
        elif kind == "organization":
            start = max((cut.end() for cut in _NO_PART.finditer(masked, start + 1, match.start())), default=start)
        if masked[match.end() : match.end() + 1] in _WORKS_HEADS and (works := _WORKS.match(masked, match.end())):
            if kind == "organization" and start < match.start():
                found.append(Owner(start, works.end(), "project"))  # 天水机场迁建工程
            continue
        if kind == "reference" or _is_name(masked, start, match.start(), match.end(), kind):
            said = _SAID_AS.get(kind, kind if kind in _AS_SAID else "organization")
            found.append(Owner(start, match.end(), said))
    for _, lies in marks.each("lies"):
        if lies.start() and masked[lies.start() - 1] not in _BEFORE_LIES:
            continue
        located = _LOCATED.match(masked, lies.end())
        if located is not None and not _NO_OWNER.search(located.group(kind := located.lastgroup or "")):
            found.append(Owner(*located.span(kind), kind))
    found.sort()
    return found


def _short_start(masked: str, start: int, lowest: int) -> int:
    """A short name goes on before a place inside it: 华谊钦州基地."""
    begin = start
    while begin > lowest and masked[begin - 1] == PLACE:
        begin -= 1
    while begin > lowest and masked[begin - 1] not in _STOPS:
        begin -= 1
    return start if begin == start or masked[begin] == PLACE else begin


def _is_name(masked: str, start: int, ending: int, end: int, kind: str) -> bool:
    before = masked[max(0, start - 20) : start]
    bare = before.rstrip(PLACE)
    name = masked[start:ending]
    follows = kind in _LISTED and bare[-2:-1] == NUM == masked[end : end + 1]  # 甲景区17.2万人次、乙景区12.9万人次
    if (bare[-1:] in {"、", "和", "及", "与"} and not follows) or is_reference(masked, start, end):
        return False
    if before[-1:] == NUM and kind == "facility" and not follows:  # 建设8座瓦斯发电站
        return False
    if kind == "park":
        if follows:
            return not _PARK_SORT.fullmatch(name) and not _PARK_KIND.search(name)  # 绿色工厂185家、绿色工业园区13个
        if masked[ending:end] == "新区" and (len(name) < 2 or _NEW_TOWN.search(name)):
            return False
        if bare.endswith(("位于", "地处", "坐落于", "坐落在", "落户")) and masked[end : end + 1] == "，":
            return False
        if bare[-1:] == "在" and masked.startswith(_MEETS, end):  # 开工仪式在德阳高新区举行
            return False
        return not _PARK_KIND.search(name) and bool(name or bare != before or not before or before[-1] in _OPENS)
    if kind == "other":
        if masked[ending] in "该全":
            return masked[ending] == "该" or not name or bare != before
        if masked[ending] == "社" and bare == before and not {"镇", "道"} & set(name):
            return False
        if masked[ending] in "镇乡" and not _TOWN_GOES_ON.match(masked, end) and (bare == before or len(name) > 3):
            return False  # 甲县红岩镇甜瓜面积; without its county only before a verb
        if masked[ending] != "村" and bare and bare[-1] not in _OPENS:
            return False
        return (
            len(name) > 1
            and name[0] not in _NO_HEAD
            and (not _VILLAGE_KIND.search(name) or (len(name) == 2 and bare != before and masked[ending] in "镇乡"))
            and not _TAKEN.search(name)
        )
    if kind == "project":
        return len(name) > 1 and not _PROJECT_KIND.search(name)
    if kind == "short":
        return (not bare or bare[-1] in _OPENS) and len(name) > 1 and not _SHORT_COMMON.search(name)
    if not name and kind in {"facility", "sight"}:
        return bare != before and masked[ending:end] in SIGHTS_OF_PLACE
    if kind in {"sight", "event"}:
        return (not bare or bare[-1] in _OPENS) and name[:1] not in _NO_MANY and not _FACILITY_COMMON.match(name)
    if kind == "customs":
        return bare != before or not before or before[-1] in _OPENS
    if kind == "works":
        return name[:1] not in _NO_HEAD and not _WORKS_KIND.search(name) and (len(name) > 1 or bare != before)
    if kind in {"facility", "station"}:
        if name[:1] in _NO_HEAD or _TAKEN.search(name):
            return False
        if kind == "station" and not name:
            return bare != before
        return not _FACILITY_COMMON.match(name) and not _FACILITY_KIND.search(name)
    if (
        name[:1] == "的"
        or (_FIRM_KIND.search(name) and not _is_the_citys(name, masked[ending], before))
        or _TAKEN.search(name)
        or _VAGUE.search(name)
    ):
        return False
    if not _COMMON.match(name) or bare != before:
        return True
    return masked[start:end] == "公司" and (not before or before[-1] in "，,。；“\n")


def _is_the_citys(name: str, ending: str, before: str) -> bool:
    """Whether a name that ends like a kind of institution is one all the same: 市综合金融服务平台, 墨子博物馆."""
    if name[-1] == "子":
        return ending != "公"
    if ending in "博纪美" and before[-1:] == PLACE:
        return True  # 柳州工业博物馆
    return name[0] == "市" and len(name) > 4 and name[1] not in "级属直场" and (not before or before[-1] in _OPENS)


_SINGLE = re.compile(
    rf"(?<=一家)[一-龥]{{0,10}}?(?:企业|公司|{words_of('shops')})(?=的?(?:{words_of('speaks_for_firm', 'speaks_for_any')})|[，,去今]|年[产销营均]|日[均产]|现有|拥有|员工|累计|出口|投资)"
)
_BEFORE_SINGLE = re.compile("(?:^|[，,。；;：:！？!?“” \t\n　在的]|其中|[市县区镇乡村街路])$")


def find_single(body: str) -> list[Owner]:
    """Firms without a name: 城东一家纺织企业负责人.

    >>> find_single("城东区一家纺织企业负责人说")
    [Owner(start=5, end=9, kind='organization')]
    """
    if "一家" not in body:
        return []
    return [
        Owner(match.start(), match.end(), "organization")
        for match in _SINGLE.finditer(body)
        if _BEFORE_SINGLE.search(body, max(0, match.start() - 6), match.start() - 2)
    ]


def is_reference(masked: str, start: int, end: int) -> bool:
    """Whether a place or firm at ``start``..``end`` is compared with or ranked in, rather than owning what follows."""
    while start and masked[start - 1] == PLACE and masked[start] == PLACE:
        start -= 1  # 在山东济南
    if masked[end : end + 1] == "，" and masked[max(0, start - 2) : start] in {"。在", "\n在", "在"}:
        return False
    return bool(_BEFORE.search(masked, max(0, start - 4), start) or _AFTER.match(masked, end, end + 6))


_FULL = re.compile(r"([一-龥]{2,14})(?:股份有限公司|有限责任公司|有限公司)")
_GROUP_LEAD = f"[，,。、：“\n{PLACE}{TIME}与和是]"
_GROUP = re.compile(
    rf"集团(?:(?<={_GROUP_LEAD}([一-龥]{{3}})集团)|(?<={_GROUP_LEAD}([一-龥]{{2}})集团))(?!公司|有限|股份|化|军)"
)
_TRADES = re.compile(_any("firm_trades"))
_LEAD = re.compile(r"^.*(?:的|在|由|是|为|对|位于|走进|来到|省|市|县|区|及|和|与)")
_TAILS = re.compile(f"(?:{_any('firm_tails')})+$")
MARKS = Anchors(
    place=_PLACE_WORDS,
    ending=_ENDINGS,
    lies={"lies": "位于|坐落|落户|地处|扎根|落地"},
    brand={"brand": _any("brands")},
    abroad={"abroad": _any("abroad")},
)


@lru_cache(maxsize=1)
def marks_in(masked: str) -> Found:
    """What ``MARKS`` finds in a masked body, which several ask for."""
    return MARKS.find(masked)


_APPOSITION = re.compile(
    rf"(?:企业|厂商|出货商|制造商|供应商|品牌|巨头|公司)[（(]?((?![^，。]{{0,3}}(?:新|产业|绿色|高端|清洁))[一-龥]{{2,4}}(?:{_any('firm_lines')}))"
)


def short_names(masked: str, marks: Found | None = None) -> re.Pattern[str] | None:
    """A pattern for the short names of firms: those the body names in full or introduces (龙头企业徐工集团), and those everybody knows.

    >>> short_names("恒川智能装备有限公司去年扩建，恒川的订单翻番").pattern
    '恒川'
    """
    found = set()
    companies = (match for line in masked.split("\n") if "有限" in line for match in _FULL.finditer(line))
    for match in companies:
        core = _TAILS.sub("", _LEAD.sub("", match.group(1)))
        if (prefix := find_places(core)) and prefix[0].start == 0:
            core = core[prefix[0].end :]
        if 2 <= len(core) <= 6:
            found.add(core[-4:])
    found.update(match.group(1) for match in _APPOSITION.finditer(masked))
    groups = (match.group(match.lastindex or 0) for match in _GROUP.finditer(masked))
    found.update(name for name in groups if not _TRADES.search(name))
    found.update(match.group() for _, match in (marks or MARKS.find(masked)).each("brand"))
    return re.compile("|".join(map(re.escape, sorted(found)))) if found else None


_FIRM_OF = re.compile(
    r"^(?:推动|支持|带动|确保|力争|要)*(?!.*全[市省国区县州]|我[市省]|综合|年均|平均|累计|预计|年度|竣工|主要|其中|全部|限上|规上)(?!.*(?:业|产业|经济|行业|链|全市|园|区|集群|类|市)(?:年|实现)?(?:营业|营收|销售|主营|产值|总产))((?:(?!实现|新增|完成|增加|创造)[一-龥A-Za-z]){2,12}?)(?:年|综合)?(?:实现)?(?:营业收入|销售收入|主营业务收入|产值|营收)$"
)


def firm_in(name: str) -> str | None:
    """The firm that a number's name begins with: 华东铜箔营业收入; 铜箔产值 is of goods.

    >>> firm_in("永达铜箔营业收入"), firm_in("全市营业收入"), firm_in("茶叶产值")
    ('永达铜箔', None, None)
    """
    firm = _FIRM_OF.match(name)
    return None if firm is None or _PRODUCT.search(firm.group(1)) else firm.group(1)
