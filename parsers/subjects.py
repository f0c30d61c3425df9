"""Whose number it is: the place of the page unless the words name the nation, a province, another place, a firm, a park, a project, a branch."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.draft import BLANK, NUM, PLACE, TIME
from parsers.indicators import catalogue
from parsers.model import PlaceMention
from parsers.places import find_places, place

__all__ = ["Home", "Subject", "Subjects", "owner_of"]

_N = rf"[^，,。；;：:！？!?、\n\s“”{BLANK}{NUM}{PLACE}{TIME}]"  # a character of a name


@dataclass(frozen=True, slots=True)
class Subject:
    """The owner of a number; ``code`` only where it is a nation, province, city or county."""

    name: str | None
    type: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Home:
    """The place a page is about, and the province it lies in."""

    subject: Subject
    province: Subject | None
    is_region: bool


NATION = Subject("全国", "nation", "100000")
OTHER = Subject(None, "other", None)
_GENERIC = re.compile(
    r"(?P<nation>全国|我国|全中国)|(?P<province>全省|我省)|(?P<region>全区|我区|全自治区)"
    r"|(?P<county>全县|我县|本县)|(?P<own>全市|我市|本市|全州|我州|全盟|市本级|(?<!\w)市级(?!以上|及)|市直|全域|市区)"
)
_NOT_OWNER = re.compile(
    rf"(?:比|较|高于|低于|高出|快于|慢于|好于|优于|居|占|列|位列|位居|名列|排名|排|对|从|向|赴|在|与|和|入选|获|于|超过?|跻身|进入|除|至|到|往|来自|仅次于|连接|覆盖|销往|出口到?|输往|奔赴|为|占了|约占|仅占|相当于|面向|辐射|达到|接轨|融入|对接|[{PLACE}][、和与及])$"
)
_AFTER_REFERENCE = re.compile(rf"^(?:等(?![，,。])|[、和与及](?:全|[{PLACE}])|的?(?:平均|第|水平|首|前|比重|总量|唯一|最|性|各地|一半|知名|[0-9一二三四五六七八九十{NUM}]+(?:个|强|大)?)|[省市]?级|范围|名录|先进|知识|重点|示范|文明|优秀|卫生|双拥|劳动|人大|政协|两会|冠军|锦标|统一|综合|百|五一|工人|经济普查|人口普查|普查|农业普查|标准|专利|中小企业|智能制造|绿色|质量|科技|驰名|老字号|非物质|历史文化|级)")
_PARK = re.compile(rf"{_N}{{0,8}}?(?:经济技术开发区|经济开发区|高新技术产业开发区|高新技术开发区|经开区|高新区|工业园区|产业园区|开发区|综合保税区|综保区|保税港区|工业园|产业园|科技城新区)(?!域|等|企业|内|管)")
_NO_NAME = re.compile(r"^(?:其中|全市|全省|全国|全区|在|有|各|个|家|该|的|由|及|和|与|共|为|新|老|大|小|本|中国科学院?|人身险|财产险|财险|寿险|保险|公立|民营|综合|专科|乡镇|社区|妇幼|中医|三级|二级|三甲|商业|村镇|农村|政策性|外资|工商|股份制|证券|期货|基金|信托|小额贷款|融资担保|物业|旅游|建筑|电力|供水|燃气|公交|出租|快递|电信|移动|联通|广电|高等|职业|技工|科研|独立|普通|民办|公办|企业)*$")
_ORG_SUFFIX = re.compile(r"(?:有限责任公司|有限公司|股份公司|集团公司|公司|集团|研究院|研究所|实验室|工作站|科创中心|转化中心|创新中心|示范车间|智能工厂|大学|学院|医院|银行|机场|车间|工厂|合作社|电厂|钢厂|交易所|协会|纪念馆|博物馆|平台|港|实业|股份|科技|节点|大脑)$")
_BARE_PARKS = frozenset({"开发区", "工业园区", "产业园区", "工业园", "产业园", "高新区", "经开区", "经济开发区", "综合保税区"})
_ANY_PARK = re.compile(r"^.*(?:全市|全省|全国|我市|全区|省级|国家级|市级|县级|各|以上|重点|个|家|特色|产业集聚|所有)")
_ORG = re.compile(
    rf"{_N}{{0,16}}?(?:有限责任公司|有限公司|股份公司|集团公司|公司|集团(?!军)|研究院|研究所|实验室|工作站|科创中心|转化中心|创新中心|示范车间|智能工厂|大学|学院|医院|银行|机场|车间|工厂|合作社|电厂|钢厂|交易所|协会|美联储|纪念馆|博物馆|欢乐谷|平台|园区港|港(?=完成|货物|集装箱)|大脑|节点|辣椒城|实业|股份(?!制|合作|经济|企业|公司)|科技(?={NUM}|{TIME}|公司))"
)
_PLURAL = re.compile(
    r"^(?:.*(?:上市|规上|规模以上|民营|国有|龙头|重点|骨干|中小|小微|高新技术|各|多家|等|外资|控股|工业|家|所|个|类|级|一批|专业|分|子|生产性|开放|交易|创新|政务|服务|科创|共享|公共|融资|电商|物流|贷款|存款|商业|村镇|产业|公益|众创|金融机构|以上|高等|普通|独立|职业|老年|联合设立|建设|企业|国家|省|重点))(?:公司|集团|银行|大学|医院|研究院|实验室|学院|研究所|工厂|车间|平台|协会|机场|合作社|工作站|创新中心|智能工厂|博物馆|纪念馆|节点)$"
)
_PROJECT = re.compile(rf"(?:{_N}|[“”]){{0,20}}?(?:项目|基地|工程|生产线)(?=$|[，,、（(总一二三建从将于的达全预计可年投占首分从{NUM}{BLANK}{TIME}])")
_INDUSTRY = re.compile(
    rf"(?:{_N}|[“”]){{1,16}}?(?:产业链|产业集群|集群|赛道|产业|行业|低空经济|数字经济)(?=$|[，,{TIME}]|是|实现|集聚|拥有|完成|达|产值|营业收入|营收|销售收入|总产值|主营|规模|已|累计|年)"
)
_GENERIC_ORG = re.compile(rf"^[“”\s{TIME}，,]*(?:该|本|我们)?(?:公司|企业|集团|厂里|我们|团队|我家|工厂|车间|园区)(?!家|总数|数|等|户|利润|效益|发展)")
_LEAD_INDUSTRY = re.compile(rf"^[“”\s{TIME}，,]*(?P<name>[一-龥]{{2,10}}(?:产业|经济|产业链|集群|行业|赛道))(?=是|已成|已经|拥有|集聚|作为)")
_MACRO = frozenset(
    {
        "gdp", "industrial_va_above_scale", "fixed_asset_investment", "retail_sales", "public_budget_revenue", "public_budget_expenditure",
        "trade_total", "cpi", "ppi", "resident_population", "disposable_income", "disposable_income_urban", "disposable_income_rural",
        "gdp_per_capita", "tax_revenue", "primary_industry_va", "secondary_industry_va", "tertiary_industry_va", "industrial_investment",
        "private_investment", "realestate_investment", "urbanization_rate", "deposits_balance", "loans_balance", "little_giants",
        "digital_transformation_rate", "tourism_revenue", "fdi_actual",
    }
)  # fmt: skip
_COUNTED = frozenset({"industrial_enterprises_above_scale", "industrial_enterprises_new", "market_entities", "market_entities_new"})
_BRANCH = frozenset({"operating_revenue", "output_value", "industry_scale"})
_PROJECT_IDS = frozenset({"project_total_investment", "project_construction_duration"})
_TYPE = {"nation": "nation", "province": "province", "city": "city", "county": "county"}


def owner_of(code: str) -> Subject | None:
    """The place of a code as an owner."""
    here = place(code)
    return None if here is None else Subject(here.name, _TYPE[here.level], here.code)


def _home(city_code: str | None, national: bool) -> Home:
    here = owner_of(city_code) if city_code else None
    if here is None or here.code is None:
        return Home(NATION if national else OTHER, None, False)
    return Home(here, owner_of(here.code[:2] + "0000"), here.code[:2] in {"15", "45", "54", "64", "65"})


_NATIONAL = re.compile(r"全国|我国|国家统计局|海关总署|中国人民银行|央行|财政部|工信部|商务部|国务院|发展改革委")


_FIRM_OF = re.compile(r"^(?:推动|支持|带动|确保)?(?!.*(?:业|产业|经济|行业|链|全市|园|区|集群|类|市)(?:年|实现)?(?:营业|销售|主营|产值|总产))([一-龥A-Za-z]{2,12}?)年?(?:实现)?(?:营业收入|销售收入|主营业务收入|产值|营收)$")
_TRACK = re.compile(r"赛道|产业链|集群")
_PROGRAMME = re.compile(r"贷”|[贷金融]产品|信贷通|科贷通")
_FIRM = re.compile(r"集团|股份|公司|证券|球队|球员|基金")


class Subjects:
    """Keeps the owner while a body is read from left to right."""

    __slots__ = ("_body", "_county", "_default", "_masked", "_park", "_places", "_position", "_short", "_start", "home", "owner", "sentence")

    def __init__(self, body: str, masked: str, title: str, places: list[PlaceMention], city_code: str | None) -> None:
        self._body, self._masked, self._places = body, masked, places
        self.home = _home(city_code, bool(_NATIONAL.search(title + body[:300])) and not _FIRM.search(title + body[:80]))
        self._county: Subject | None = None
        self._position = 0
        self._start = 0
        self.owner: Subject | None = None
        self.sentence: Subject | None = None
        park = _PARK.search(re.split(r"[，：:！ ]", title)[0]) if title else None
        self._park = Subject(park.group(), "park", None) if park else None
        self._default = self._park or self.home.subject
        self._short = _short_names(masked)

    def new_line(self) -> None:
        """A new paragraph: owners do not carry over."""
        self.owner = None
        self.sentence = None

    def new_sentence(self, start: int, end: int, *, brief: bool) -> None:
        """A new sentence of the same paragraph; on a ``brief`` (a page about one period) firms and parks do not carry over."""
        self.sentence = None
        self._start = start
        if brief and self.owner is not None and self.owner.code is None:
            self.owner = None
        text = self._masked[start : min(end, start + 24)]
        if self.owner is None and _GENERIC_ORG.match(text):
            self.sentence = self.owner = Subject(None, "organization", None)
        elif lead := _LEAD_INDUSTRY.match(text):
            self.sentence = Subject(lead.group("name"), "industry", None)

    def read(self, start: int, end: int, name: str, kind: str) -> bool:
        """Take notice of the owners named in the body from ``start`` to ``end``; ``name`` names the number itself. True if any."""
        text = self._masked[start:end]
        found: tuple[int, Subject] | None = None
        for match in _GENERIC.finditer(text):
            if not _is_reference(text, match.start(), match.end()):
                subject = self._generic(match.lastgroup or "own")
                if subject is not None:
                    found = (match.start(), subject)
        places = self._places
        while self._position < len(places) and places[self._position].start < start:
            self._note(places[self._position])
            self._position += 1
        while self._position < len(places) and places[self._position].end <= end:
            mention = places[self._position]
            self._position += 1
            self._note(mention)
            at = mention.start - start
            if not _is_reference(text, at, mention.end - start) and (found is None or at > found[0]):
                subject = owner_of(mention.code)
                if subject is not None and not (kind in {"count", "rank"} and self.home.province is not None and subject.code == self.home.province.code != self.home.subject.code):
                    found = (at, subject)
        for pattern, kind_of in ((_PARK, "park"), (_ORG, "organization")):
            for match in pattern.finditer(text):
                if kind_of == "park" and _ANY_PARK.match(match.group()):
                    continue
                if (match.end() == len(text) and kind == "count") or (name.endswith(match.group()) and kind == "count") or _PLURAL.match(match.group()):
                    continue
                if _is_reference(text, match.start(), match.end()):
                    continue
                before = text[: match.start()].rstrip(PLACE)
                if before[-1:] in {"、", "和", "及", "与"}:
                    continue
                if kind_of == "park" and match.group() in _BARE_PARKS and len(before) == match.start():
                    continue
                if kind_of == "organization" and _NO_NAME.match(_ORG_SUFFIX.sub("", match.group())) and not (
                    match.start() and text[match.start() - 1] == PLACE
                ) and not (
                    match.group() == "公司" and (match.start() == 0 or text[match.start() - 1] in "，,。；“")
                ):
                    continue
                if match.group().endswith("人民银行"):
                    found = (match.start(), NATION)
                elif found is None or match.end() > found[0]:
                    found = (match.start(), Subject(self._body[start + match.start() : start + match.end()], kind_of, None))
        if self._short and (match := self._short.search(text)) and not _is_reference(text, match.start(), match.end()):
            if found is None or found[1].code is not None and match.start() >= found[0]:
                found = (match.start(), Subject(match.group(), "organization", None))
        if found is None:
            return False
        self.sentence = found[1]
        if found[1].code is None:
            self.owner = found[1]
        else:
            stays = (found[1].type == "county" and "全县" in text) or (found[1] == self.home.subject != self._default)
            self.owner = found[1] if stays else None
        return True

    def forget(self) -> None:
        """The firms just named were examples (华东铜箔等7家企业): the number is the page's own."""
        self.sentence = self.owner = None

    def _note(self, mention: PlaceMention) -> None:
        if mention.level == "county":
            self._county = owner_of(mention.code)

    def _generic(self, group: str) -> Subject | None:
        if group == "nation":
            return NATION
        if group == "province":
            return self.home.province
        if group == "region":
            return self.home.province if self.home.is_region else self._park
        if group == "county":
            return self.home.subject if self.home.subject.type == "county" else self._county
        return self.home.subject

    def of(self, start: int, end: int, draft_name: str, kind: str, indicator: str | None, carried: str | None) -> Subject:
        """The owner of the number that stands at ``end``, named after what the body says from ``start``."""
        text = self._masked[start:end]
        scope = catalogue()[indicator].scope if indicator else "city"
        if scope == "city" and indicator is not None and self.sentence is None and self.owner is not None and self.owner.type == "organization":
            self.owner = None
        if scope == "programme" and not _PROGRAMME.search(self._masked, self._start, end):
            scope = "city"
        if scope in {"company", "platform", "programme"} and (self.sentence or self.owner or self._default) == self.home.subject:
            return Subject(None, "other" if scope == "programme" else "organization", None)
        if indicator in _PROJECT_IDS:
            match = _PROJECT.search(text)
            self.sentence = Subject(match.group() if match else None, "project", None)
            return self.sentence
        if kind == "contribution" and carried == "industry_sector_va":
            return Subject(None, "industry", None)
        if indicator == "industry_sector_va" and _TRACK.search(draft_name):
            return Subject(draft_name, "industry", None)
        if indicator in _BRANCH or (indicator is None and "集群" in text):
            branch = _INDUSTRY.search(text)
            if branch:
                subject = Subject(branch.group(), "industry", None)
                self.sentence = self.owner = subject
                return subject
        if indicator in _COUNTED and self.sentence is not None and self.sentence.type == "organization":
            self.forget()
        if indicator in _MACRO:
            if self.sentence is not None and self.sentence.type in {"industry", "organization", "project"}:
                self.sentence = None
            self.owner = None
        subject = self.sentence or self.owner or self._default
        if indicator in _BRANCH and subject == self.home.subject and (firm := _FIRM_OF.match(draft_name)):
            return Subject(firm.group(1), "organization", None)
        return subject


_APPOSITION = re.compile(
    r"(?:企业|厂商|出货商|制造商|供应商|品牌|巨头|公司)[（(]?((?![^，。]{0,3}(?:新|产业|绿色|高端|清洁))[一-龥]{2,4}(?:能源|汽车|液压|茶业|重工|股份|科技|电子|材料|药业|集团|实业|铜箔|铝业|钢铁|化工|机械|医疗|生物|乳业|酒业|锂电|光电|通信|智能|食品|联合|医药|集成))"
)


def _short_names(body: str) -> re.Pattern[str] | None:
    """A pattern for the short names of firms that the body also names in full."""
    found = set()
    for match in re.finditer(r"([一-龥]{2,14})(?:股份有限公司|有限责任公司|有限公司)", body):
        name = re.sub(r"^.*(?:的|在|由|是|为|对|位于|走进|来到|省|市|县|区|及|和|与)", "", match.group(1))
        core = re.sub(r"(?:智能装备|暖通科技|科技|实业|股份|重工|新材料|汽车|集团|机械|材料|制造|电子|能源|药业|食品|茶业|智能|装备|装饰|工业|发展|控股)+$", "", name)
        if (prefix := find_places(core)) and prefix[0].start == 0:
            core = core[prefix[0].end :]
        if 2 <= len(core) <= 6:
            found.add(core[-4:] if len(core) > 4 else core)
    for match in _APPOSITION.finditer(body):
        found.add(match.group(1))
    if not found:
        return None
    return re.compile("|".join(re.escape(name) for name in sorted(found)))


def _is_reference(text: str, start: int, end: int) -> bool:
    return bool(_NOT_OWNER.search(text, max(0, start - 4), start) or _AFTER_REFERENCE.match(text[end : end + 6]))
