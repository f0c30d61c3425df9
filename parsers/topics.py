"""What a short name means after what was spoken of: 年末存栏 after hogs, 总投资 of signed projects, 采矿业 in a list of profits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from parsers.draft import Draft
from parsers.indicators import catalogue, fits, heads, link, link_head
from parsers.owners import find_owners
from parsers.phrases import any_of
from parsers.timeline import NOTHING, Stated

__all__ = [
    "GOES_ON",
    "MANY",
    "MEMBERS",
    "TRADE",
    "VA",
    "Surroundings",
    "borrowed",
    "carried_id",
    "in_context",
    "in_setting",
    "invested_in",
    "is_lent_too",
    "is_member",
    "of_what_was_counted",
    "topic_of",
]

TRADE = frozenset({"trade_total", "exports", "imports"})
_OTHER_MEASURE = re.compile("(?:利润|利润总额|投资|用电量|税收|营业收入|产量|产值)$")
_VERB_HEADS = frozenset("合共累实完全")
_LEADING_VERB = re.compile("^(?:合计|共计|共|累计|实现|完成|全部)+")
GOES_ON = "，,、；;（(和及与"
MANY = re.compile(r"[、和及与]")
_Known: TypeAlias = dict[tuple[str | None, str], str]
MEMBERS: _Known = {  # what a bare word is among those just told: 经营主体32万户，其中企业7万户
    ("cpi", "城市"): "cpi",
    ("cpi", "农村"): "cpi",
    ("cpi", "乡村"): "cpi",
    **{("listed_companies", board): "listed_companies" for board in ("主板", "创业板", "科创板", "北交所")},
    ("market_entities", "企业"): "enterprises_registered",
    ("deposits_balance", "贷款"): "loans_balance",
    ("loans_balance", "存款"): "deposits_balance",
    **{("engel_coefficient", who): "engel_coefficient" for who in ("城镇", "农村", "城镇居民", "农村居民")},
    **{("disposable_income", who): "disposable_income_urban" for who in ("城镇", "城镇居民", "城镇常住居民")},
    **{("disposable_income", who): "disposable_income_rural" for who in ("农村", "农村居民", "农村常住居民")},
    ("disposable_income_urban", "农村"): "disposable_income_rural",
    ("disposable_income_urban", "农村居民"): "disposable_income_rural",
}
_POWER = {"kW": re.compile("装机(?:容量)?$"), "kWh": re.compile("(?:发电|用电)量$")}
_OWNERS = frozenset({"park", "organization"})
_TRADERS = re.compile("(?:企业|民企|外企|国企)(?:数量?)?$")
_INVESTED = frozenset({"major_projects_total_investment", "project_total_investment"})
_COMPLETED = frozenset({"major_projects_completed_investment", "major_projects_annual_plan"})
_IS_MADE = re.compile("产(?!业|权|销)|下线")
_OUTPUT = re.compile("总?产量?")
_REGISTERED = frozenset({"individual_businesses", "enterprises_registered"})
_NEWLY = re.compile("新登记|新设|注销|新增(?:经营|市场)主体")
_STATES = frozenset({"开工", "新开工", "竣工", "竣工投产", "建成投产", "签约"})
_SERVED = frozenset({"惠及企业", "服务企业"})
_CALLED_ON = re.compile("信访|来访|热线|咨询|窗口|门诊|就诊|救助")
_WHOLE = re.compile("全[市省县区]|我[市省县区]")
_HANDLED = re.compile("开办|办理|审批|办结|通关|登记|办事|受理|注册|网办|车程|全程|出行|通行|行程")
_LENT = re.compile("贷|融资|授信|放款|信用|担保")
_FARM = any_of("farm")
_CONVERSIONS = re.compile("改造|技改|数转|转型")
_GRADE = re.compile("[2-5]?A+级|[一二三]级")
VA = frozenset(
    {
        "industrial_va_above_scale", "industry_sector_va", "equipment_manufacturing_va", "hightech_manufacturing_va", "hightech_industry_va",
        "industry_va_all", "manufacturing_va_above_scale", "mining_va_above_scale", "utilities_va_above_scale", "energy_intensive_va",
        "strategic_emerging_va", "private_industrial_va",
    }
)  # fmt: skip
_BRANCH_OF = re.compile("工业[^，,增]{2,6}(?:产业|行业)")  # 工业新兴产业发展迅速，增加值增长11%
_OF_INDUSTRY = re.compile("(?:全[市省区县州]|我[市县区]|期末|年末|[共现]有|在库)*(?:规上|规模以上|规模)工业(?!增加值)")
_BY_PLACE = re.compile("分[^，,。]{0,4}(?:县|区|市|级次|地)[^，,。]{0,6}看[，,]")
_SECTORS = frozenset({"primary_industry_va", "secondary_industry_va", "tertiary_industry_va"})


@dataclass(slots=True)
class Surroundings:
    """Where a number stands and what carries on to it; the reader keeps one and moves it from number to number."""

    segment: str = ""  # masked text since the number before it
    start: int = 0  # where that begins
    after: str = ""  # the masked text after it
    time: Stated = NOTHING
    compared: Stated | None = None  # the time it is compared with
    opening: str = ""  # what its sentence opens with
    lead: str = ""  # what its paragraph opens with
    chained: bool = False  # whether it is the first after a ；
    carry: Draft | None = None  # the last number that was named
    branches: bool = False  # whether industries are told of, so that 化工行业 is one
    mom: bool = False  # whether growth is over the month before
    pulled: str | None = None  # the indicator that the last contribution was to
    projects: str | None = None  # the indicator of the projects that the paragraph counted last
    first: Draft | None = None  # the first number that the section named

    def open_line(self, lead: str, *, dated: bool) -> None:
        """A paragraph by places or levels (分县区看，…) goes on about the section's whole, not its last part, on a page of one time."""
        self.lead, self.pulled = lead, None
        if dated and lead.startswith("分") and self.first is not None and _BY_PLACE.match(lead):
            self.carry = self.first

    def goes_on(self) -> bool:
        """Whether the number's words follow others of the same breath: after a comma, a ；, 和."""
        return self.segment[:1] in GOES_ON or (self.chained and "，" not in self.segment)


def borrowed(found: str, alias: str, kind: str, around: Surroundings) -> bool:
    """A bare branch (采矿业, 第三产业) in a list of profits or investment is measured by the list's head, not in value added."""
    carry = around.carry
    if carry is not None and found in VA and not alias.endswith("值") and _OTHER_MEASURE.search(carry.name):
        return True
    if (
        not kind.startswith("growth")
        or (found not in VA and found not in _SECTORS)
        or alias.endswith(("值", "增速", "工业", "增"))
    ):
        return False
    if carry is None or carry.indicator_id is None or around.branches:
        return False
    return carry.indicator_id not in VA and carry.indicator_id not in _SECTORS and carry.indicator_id != "gdp"


def invested_in(found: str, name: str, around: Surroundings) -> str | None:
    """The investment in one of the three sectors, where they are named alone behind what is invested."""
    carry = around.carry
    if found not in _SECTORS or carry is None or not carry.name.endswith("投资"):
        return None
    return link(f"{name}投资", None, "growth_yoy")[0]


def topic_of(name: str, found: str | None, alias: str, draft: Draft, around: Surroundings) -> str | None:
    """What a bare head means behind what was spoken of: 生猪出栏…，年末存栏; 商品房销售面积…、销售额; 民营企业…家，合计进出口.

    A head that names an indicator of its own keeps it, unless that is open to all modifiers or was told of firms just counted.
    """
    carry = around.carry
    head = _LEADING_VERB.sub("", name) if name[0] in _VERB_HEADS else name
    if head not in heads():
        return None
    if found in {None, "output_value"} and head.endswith("产值") and around.lead.startswith("建筑业"):
        return "construction_output"
    if found in {None, "operating_revenue"} and _tells_of_industry(around):
        known = link(f"规上工业{head}", draft.unit, draft.kind)[0]  # 规模以上工业企业产销率98%，实现主营业务收入…
        if known is not None:
            return known
    if found is None:
        if (
            len(head) <= 4
            and not _BRANCH_OF.match(around.opening)
            and (known := link_head(head, around.opening, draft.unit, draft.kind, leading=True))
        ):
            return known
    elif alias != head.removeprefix("总") or not (
        catalogue()[found].is_open or (found in TRADE and carry is not None and _TRADERS.search(carry.name))
    ):
        return None
    if (
        carry is None
        or MANY.search(carry.name)
        or (carry.kind == "count" and ("投资" in head or head.endswith("项目")))
        or (found is not None and not around.goes_on())
    ):
        return None
    if carry.name.endswith(head):  # 第三产业投资…。产业投资…: a name of its own
        return None
    known = link_head(head, carry.name, draft.unit, draft.kind)
    return None if known in TRADE else known


def _tells_of_industry(around: Surroundings) -> bool:
    """Whether the sentence opens with the industry above the threshold, or goes on about it behind a ；."""
    if _OF_INDUSTRY.match(around.opening):
        return True
    known = catalogue().get((around.carry.indicator_id or "") if around.carry is not None else "")
    return known is not None and known.sector == "工业" and _OF_INDUSTRY.match(around.lead) is not None


def in_context(found: str, alias: str, carry: Draft) -> str | None:
    """What a short name means after what was told: 总投资 of signed projects, 5A级 of logistics firms, 发明专利 of applications."""
    if carry.kind == "count":
        if found in _INVESTED and carry.indicator_id == "signed_projects":
            return "signed_investment"
        if found in _COMPLETED and _CONVERSIONS.search(carry.name):
            return None
        if alias == "发明专利" and "申请" in carry.name:
            return None
    if _GRADE.fullmatch(alias) and carry.indicator_id != found and "景" not in carry.name:
        return None
    return found


def in_setting(found: str, name: str, alias: str, draft: Draft, around: Surroundings) -> str | None:
    """What a name means only where its like is told of: 汽车 is output, 已开工 are projects, 惠及企业 borrow; None elsewhere."""
    carry = around.carry
    before = carry.name if carry is not None else ""
    if found in _REGISTERED and (_NEWLY.search(before) and around.segment[:1] in GOES_ON):
        return None  # 新登记经营主体1.3万户，其中个体工商户8600户: not all there are
    if found == "industrial_product_output":  # 夏粮播种面积…，总产量…
        return None if _FARM.search(before) and _OUTPUT.fullmatch(_LEADING_VERB.sub("", name)) else found
    if alias == "发明专利" and found == "invention_patents_granted":
        owned = "拥有" in draft.clause or (carry is not None and "专利" in before and "拥有" in carry.clause)
        return "invention_patents_valid" if owned else found
    told = f"{around.lead}，{around.opening}，{draft.clause}，{before}"
    if found.endswith("_output"):
        goes_on = carry is not None and (carry.indicator_id or "").endswith("_output")
        known = draft.unit == "%" or goes_on or "产" in alias or "出货" in alias or bool(_IS_MADE.search(told))
    elif alias in _STATES:
        known = (around.projects is not None or "项目" in told or "工程" in told) and draft.unit in {"个", "项"}
    elif alias == "计划投资":  # 今年全市计划投资12亿元: no project's
        known = "项目" in told or not _WHOLE.search(draft.clause)
    elif found == "project_construction_duration":  # 开办企业平均用时0.4天 is no work's
        known = _HANDLED.search(around.segment) is None
    elif alias == "接待":  # 某某景区接待3.1万人次
        known = draft.unit == "人次" and not _CALLED_ON.search(told)
    elif found == "loan_enterprises" and alias in _SERVED:
        known = bool(_LENT.search(told) or _LENT.search(around.segment))
    else:
        return found
    return found if known else None


def of_what_was_counted(name: str, around: Surroundings) -> bool:
    """新建达标区11个，总面积25平方公里: theirs, not the city's."""
    carry = around.carry
    return (
        name == "总面积"
        and carry is not None
        and carry.kind == "count"
        and carry.indicator_id is None
        and around.segment[:1] in GOES_ON
    )


def is_lent_too(name: str, around: Surroundings) -> bool:
    """Whether a loan stands in a list of what was lent: 累计发放再贷款80亿元、减碳贷款12亿元."""
    carry = around.carry
    listed = carry is not None and carry.indicator_id == "loans_granted" and around.segment[:1] == "、"
    return listed and name.endswith("贷款")


def carried_id(draft: Draft, carry: Draft) -> str | None:
    """The indicator that a number without a name has from the one before, if it can have it.

    A share of the market is none of an output (年产纱线30万吨，占全国市场的四成), an area no rate (开工率81.7%，建成9.8万亩).
    """
    if draft.kind == "share" and "市场" in draft.clause:
        return None
    misfit = draft.kind in {"level", "count"} and carry.unit == "%" and carry.indicator_id is not None
    return None if misfit and not fits(carry.indicator_id or "", draft.unit, draft.kind) else carry.indicator_id


def is_member(draft: Draft, name: str, around: Surroundings) -> bool:
    """Name a part of what was just told that only says whose or which it is; True if it is one.

    完成工业投资286亿元，其中经开区86亿元; 清洁能源装机206万千瓦，其中水电46万千瓦、光伏133万千瓦.
    """
    carry = around.carry
    if carry is None or not name or around.segment[:1] not in GOES_ON or draft.kind not in {"level", "count"}:
        return False
    listed = "其中" in around.segment or carry.rule.endswith("+owned")
    if listed and draft.unit == carry.unit and _names_owner(name):
        draft.name, draft.indicator_id, draft.rule = carry.name, carry.indicator_id, f"{draft.rule}+owned"
        return True
    heads_of = _POWER.get(draft.unit or "")
    if heads_of is None or len(name) > 5 or heads_of.search(name) or (head := heads_of.search(carry.name)) is None:
        return False
    draft.name = name + head.group()
    draft.indicator_id = link(draft.name, draft.unit, draft.kind)[0]
    return True


def _names_owner(name: str) -> bool:
    """Whether a name is nothing but a park's or a firm's."""
    return any(owner.end - owner.start == len(name) and owner.kind in _OWNERS for owner in find_owners(name))
