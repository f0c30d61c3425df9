"""Which indicator a number's name means, when the words right before it do not say it all: the noun after, the clause before, what carries on."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.counted_projects import MANY_PROJECTS, begun, is_class, part_of_projects, state_of
from parsers.draft import BLANK, NUM, TIME, Draft, unmark
from parsers.indicators import catalogue, find_alias, is_alias, link, link_head, link_right
from parsers.phrases import peel, words
from parsers.topics import (
    GOES_ON,
    MANY,
    MEMBERS,
    TRADE,
    VA,
    Surroundings,
    borrowed,
    carried_id,
    in_context,
    in_setting,
    invested_in,
    is_lent_too,
    is_member,
    of_what_was_counted,
    topic_of,
)

__all__ = [
    "AS_TOLD",
    "COMPARED_TIME",
    "CUES",
    "MANY_PROJECTS",
    "NEW",
    "PARTNER",
    "STOCK_OF",
    "VA",
    "Surroundings",
    "branch_of",
    "link_number",
    "own_words",
    "without_praise",
]

AS_TOLD = "(?:年?初|预计|实际|预算|代编|调整|汇编|完成|执行|决算|快报|同口径)*数"  # 比上年预计执行数下降3%
COMPARED_TIME = re.compile(
    rf"(?:(?:比|较|与|同|跟|相较于?|相比于?){TIME}+{AS_TOLD}|(?:比|较|与|同|跟|相较于?|相比于?|由|从)?{TIME}+(?:{BLANK}*)(?:实际|预算)?)(?:相比|同期|末|底|度)*的?"
)
_STOPS = frozenset(f"，,；;：:。！？!?、（(）)\n{NUM}{BLANK}")
_COUNT_STOP = re.compile(f"[{''.join(sorted(_STOPS))}]")
_PART = re.compile(r"(?:以上|左右|以下|多)?的([A-Z一-龥“”]{2,10}?)(?=[、，,；;。和及与由]|来自|出自|产自|产于|$)")
_BANKS = {"存款": "deposits_balance", "贷款": "loans_balance"}
NEW = re.compile(r"新增|净增|新登记|新设|新上市|新培育|新入库")
_HEADS = re.compile(
    r"(?:增加值|产量|产值|投资|支出|收入|零售额|进出口|出口|进口|项目|价格|面积|企业|利润|用电量|销量|余额|税收|交易额|装机容量|发电量|占比|率)$"
)
_BRANCH_NAME = re.compile(r"(?:业|产业|行业|制造|赛道|集群|产业链|经济|工业|品|类)$")
_PARTS = re.compile(r"[，,；;：:（(]|——")
_INDUSTRY = re.compile("^[^，,]{2,8}(?:行业|制造业|产业)$")
_BASIS = re.compile(r"^按(?=.{4})|(?:决算|核算|统计|同|可比)?口径$")
_FIRMS = re.compile("(?:企业|机构|个体工商户|单位)$")
_PRAISE = re.compile(
    "(?:首次|一举|成功)?(?:突破|迈过|跨过|跨上|迈上)[^，,]{0,6}(?:大关|台阶|关口)|(?:再|均|双双|继续|持续)*(?:创(?:下|出)?(?:历史|同期|近年来?|年内)*(?:新高|最好水平|新纪录)|稳步增长|向好|保持(?:稳定|平稳|较快|良好)?增长(?:势头|态势)?|增势喜人"
    "|实现(?:两位数|较快|快速|平稳|正|大幅)?增长|(?:持续|逐月|逐季|稳步)(?:回升|回暖|走高|攀升|加快|提升|恢复)|平稳(?:运行|增长)|较快增长|快速增长|(?:增长|增势|发展|势头)(?:迅猛|强劲|迅速|良好)|稳中[有向][升进好]|企稳回升|恢复性增长|生产加快恢复|取得新突破|再上新台阶|运行平稳|增长较快)$"
)
_SIDE = re.compile("(收入|支出)(?:预算)?(?:合计|总计)?")
_OTHER_SECTOR = re.compile("服务业|建筑业|批发|零售业|金融业|文化企业|房地产")
PARTNER = re.compile(
    r"(?:(?:^|[，,；市])(?:其中)?(?:与|同(?!期|比))|(?<![针面相绝应反])对)(?!外|全[国省市区]|经济)[^，,]{2,24}?(?:进出口|出口|进口)"
)
_STEPS = re.compile("^[千百十]?亿?元?级?(?:整数)?(?:关口|台阶|大关)")
_BUNDLE = re.compile(r"^(?:建设)?项目(?=计划|总|共|涉|协议|合同|年|$|[，,])")
_DID = re.compile(
    "^(?:已|均|都)?(?:完成(?!投资|产值|营业|工业|税|进出口|出口|利润|销售|总产值)|通过|获评|获得|享受|参与|参加|接入|上云|入选|纳入|列入|建立|停产|复工|复产|实现(?=盈利|扭亏|上云|转型|数字化)|亏损)"
)
_WHOLE_OF = re.compile("全[市省国区县]|[共现]有|拥有|对")
_BARE_HEADS = frozenset({"产量", "总产量", "面积", "播种面积", "种植面积"})
_PART_OF_IT = re.compile("^[，,]其中[:：，,]?[^，,。；;]{2,12}占(?:比)?(?:近|超|约|达|到)*$")
_RUNS_ON = re.compile(
    r"^[，,](?P<what>[^，,。；;]{2,24}?)(?:增速|增幅)?(?:均|都|始终|一直|稳定)?(?:保持|实现|呈现?|位居|位列|稳居|居|列|正增长|两位数增长)"
)
_GIVES = re.compile("贡献了?(?:全[市省县区国])?(?:约|近|超过?)?$")
_FOR = re.compile("(?:惠及|服务|帮助|走访|覆盖|助力)了?(?:全市|各类|约|近|超)*$")
_PAID = re.compile("补贴|补助|资金|津贴|金额?$|贷款?$|贷”$|消费券")
_VERBS = words("verbs")
_THREE = re.compile(r"三次产业|一、二、三|[、，,]三产业")
_FOR_PEOPLE = re.compile(
    "(?:以上|左右)?(?:的[^，,。；]{0,8}(?:支出|财力|资金))?(?:都|均)?(?:用于|投向|投入)(?:保障|改善|和)*民生"
)
_SPENT = re.compile("财政|公共预算")
_RISES = frozenset({"growth_yoy", "growth", "growth_mom", "change_pp"})
_CLAUSE_ENDS = frozenset("，,；;。")
_CLAUSE_END = re.compile(r"[，,；;。]")
_CHANGES = words("grow", "fall")
CUES = words("grow", "fall", "to", "copula", "yoy", "mom", "average")
_LEAD = words("neutral")
_WHOLES = words("wholes")
_BRANCHES = words("branches")
STOCK_OF = {i.new_id: i.id for i in catalogue().values() if i.new_id}


def link_number(draft: Draft, name: str, rest: str, prior: str, around: Surroundings) -> None:
    """Fill in the indicator and the name of ``draft``, whose words are ``name`` (its own: ``rest``), after the clauses ``prior``."""
    unit, kind, carry = draft.unit, draft.kind, around.carry
    if "每百户" in draft.clause:
        draft.name = name or _right(around.after)
        return
    if ("产业" in name and _THREE.search(name)) or "一、二、三" in name:  # the members of the list get their own names
        draft.name = name
        return
    if carry is not None and (member := MEMBERS.get((carry.indicator_id, name))):
        draft.name, draft.indicator_id = name, member
        return
    if kind in _RISES and name in _BANKS and carry is not None and "存贷款" in carry.name:
        draft.name, draft.indicator_id = name, _BANKS[name]  # 存贷款余额增长9.8%，其中存款增长9.3%
        return
    if kind == "share" and _FOR_PEOPLE.match(unmark(around.after)) and _SPENT.search(draft.clause + around.after):
        draft.indicator_id, draft.name = "livelihood_expenditure", "民生支出"
        return
    prefer = _preference(carry)
    if rest:
        found, alias = link(name, unit, kind, prefer)
        if found is None and (around.branches or carry is not None):
            found = _complete(name, draft, carry, around.branches)
        if found is None and name.endswith("工业增加值") and peel(name[:-5], _BRANCHES)[1]:
            found = alias = "industry_sector_va"  # 石化工业增加值
        if found is not None and carry is not None and around.segment[:1] in GOES_ON:
            found = in_context(found, alias, carry)
        if len(name) <= 8 and (topic := topic_of(name, found, alias, draft, around)):
            found, alias = topic, name
        elif found is not None:
            found = in_setting(found, name, alias, draft, around)
        if found in TRADE and (partner := PARTNER.search(draft.clause) or (len(name) <= 4 and PARTNER.search(prior))):
            found, draft.name = (
                ("trade_belt_road" if "一带一路" in partner.group() and found == "trade_total" else None),
                name,
            )
            draft.indicator_id = found
            return
        if (
            found == "industrial_profit_above_scale"
            and len(name) <= 6
            and carry is not None
            and _OTHER_SECTOR.search(carry.name)
        ):
            found = None
        if found is not None and not borrowed(found, alias, kind, around):
            if found != "land_area" or not of_what_was_counted(name, around):
                draft.indicator_id = found
            draft.name = name
            if is_class(draft, around):
                draft.rule += "+part"
            return
        if found is not None:
            draft.name = name
            if invested := invested_in(found, name, around):  # 固定资产投资增长6%，其中第一产业增长18%
                draft.indicator_id, draft.name = invested, f"{name}投资"
            return
        if part_of_projects(draft, name, around):
            draft.name = name
            return
        if is_lent_too(name, around):
            draft.indicator_id, draft.name = "loans_granted", name
            return
    right = _right(around.after)
    if kind == "count" and unit == "个" and _STEPS.match(right):  # 经济总量连跨9个百亿台阶: what climbs them goes on
        if rest:
            draft.name, draft.indicator_id = name, link(name, None, "growth")[0]
        draft.rule += "+steps"
        return
    if kind == "count" and not rest and _BUNDLE.match(right) and (state := state_of(prior)):
        draft.indicator_id, draft.name, draft.rule = state, "项目", draft.rule + "+after"
        return
    if not rest and carry is not None:
        if (
            name in _BARE_HEADS
            and around.goes_on()
            and not MANY.search(carry.name)
            and (known := link_head(name, carry.name, unit, kind))
        ):  # 粮食播种面积…、产量…
            draft.indicator_id, draft.name = known, name
            return
        if kind == "count" and (known := begun(draft.clause, carry.name, around)):
            draft.indicator_id, draft.name = known, draft.clause  # 省市重点项目完成投资…；新开工47个
            return
    if kind == "streak" and not rest and (runs := _RUNS_ON.match(around.after)):
        draft.name = unmark(runs.group("what"))
        draft.indicator_id, draft.rule = link(draft.name, unit, kind)[0], draft.rule + "+after"
        return
    if kind == "count" and rest and right and (found := _verb_and_noun(rest, right, unit, kind)):
        draft.indicator_id, draft.name, draft.rule = found, rest[-2:] + right[:6], draft.rule + "+after"
        return
    if (
        kind == "count"
        and around.after[:1] not in _CLAUSE_ENDS
        and (found := link_right(_CLAUSE_END.split(around.after, maxsplit=1)[0], unit, kind))
    ):
        draft.indicator_id, draft.name, draft.rule = found, right or name, draft.rule + "+after"
        return
    if kind in {"count", "level", "change"} and right:
        found, alias = find_alias(right, unit, kind)
        found = in_setting(found, right, alias, draft, around) if found else None
        if (
            found
            and kind == "count"
            and catalogue()[found].stock_flow == "stock"
            and not _WHOLE_OF.search(draft.clause)
        ):
            at = right.find(alias)
            if (unit in {"家", "户"} and _FOR.search(draft.clause)) or (
                at >= 0 and _DID.match(right[at + len(alias) :])
            ):
                draft.name = right
                return
        if found and (
            not rest
            or kind == "count"
            or around.after[:1] == "的"
            or rest[-2:] in _VERBS
            or draft.clause[-2:] in _VERBS
            or right.startswith(alias)
        ):
            draft.indicator_id, draft.name, draft.rule = found, alias, draft.rule + "+after"
            return
    if kind == "share" and (not rest or _GIVES.search(draft.clause)) and (part := _PART.match(around.after)):
        found, _ = link(unmark(part.group(1)), unit, kind)
        draft.indicator_id, draft.name, draft.rule = found, part.group(1), draft.rule + "+after"
        return
    if kind == "count" and _FIRMS.search(name):
        draft.name = name
        return
    if not rest:
        if _from_prior(draft, prior, prefer, branches=around.branches):
            return
        if carry is not None and _carries(draft, carry, right, prior):
            draft.name, draft.indicator_id = carry.name, carried_id(draft, carry)
            draft.rule += "+carried"
            if carry.indicator_id is None and (carry.kind == "duration" or carry.unit == "笔"):
                draft.indicator_id = link(carry.name, unit, kind)[0]  # 一般公共预算收入五年累计完成568.3亿元
            if (
                draft.kind == "count"
                and carry.indicator_id
                and (stock := STOCK_OF.get(carry.indicator_id))
                and not NEW.search(draft.clause)
            ):
                draft.indicator_id = stock
            return
    if (
        kind == "share"
        and carry is not None
        and carry.kind in {"level", "growth_yoy"}
        and not name.endswith("收入")
        and _PART_OF_IT.match(around.segment)
    ):
        draft.indicator_id = carry.indicator_id  # 完成工业投资89.7亿元，其中动力电池产业占52.4%
    if draft.indicator_id is not None or not is_member(draft, name, around):
        draft.name = name or right


def _verb_and_noun(verb: str, noun: str, unit: str | None, kind: str) -> str | None:
    """整合 50余家 企业: verb and noun round the number name it together."""
    for size in range(min(8, len(noun)), 1, -1):
        found, alias = link(verb[-2:] + noun[:size], unit, kind)
        if found and len(alias) == size + 2:
            return found
    return None


@lru_cache(maxsize=1 << 15)
def own_words(name: str) -> str:
    """What is left of a name without the words that name nothing by themselves (总量, 增速, 全市); "" where it is no name."""
    lead, _ = peel(name, _LEAD, 8)
    return peel(lead, _WHOLES, 5)[0] or (
        name if any(is_alias(name[at:]) for at in range(len(name) - 3)) else ""  # 外贸规模, 新增规上企业
    )


def _preference(carry: Draft | None) -> str:
    """总投资 is a project's own unless many projects have just been counted."""
    if (
        carry is not None
        and carry.kind == "count"
        and (carry.indicator_id in MANY_PROJECTS or (carry.name.endswith("项目") and carry.quantity.value > 1))
    ):
        return "major_projects_total_investment"
    return "project_total_investment"


def _from_prior(draft: Draft, prior: str, prefer: str, *, branches: bool) -> bool:
    """Name ``draft`` from the clauses before its own; True if one of them names it."""
    named = _named_before(prior, draft.unit, draft.kind, prefer, branches)
    if named is None:
        return False
    draft.indicator_id, draft.name = named
    draft.rule += "+before"
    return True


@lru_cache(maxsize=1 << 14)
def _named_before(prior: str, unit: str | None, kind: str, prefer: str, va: bool) -> tuple[str | None, str] | None:
    """The indicator and its name a comma earlier, as in 规上工业增加值，按可比价格计算，增长7.9%."""
    parts = _PARTS.split(prior)
    for part in reversed(parts):
        phrase, _ = peel(_PRAISE.sub("", _BASIS.sub("", _untimed(part).strip("、和及与"))), CUES)
        if not phrase:
            continue
        found, alias = link(phrase, unit, kind, prefer)
        if found and len(alias) >= 2:
            return found, phrase
        if kind in _RISES and len(phrase) >= 4 and _HEADS.search(phrase):  # 农业保险保费收入突破亿元大关，增长42%
            return None, phrase
        if va and kind in _RISES and _INDUSTRY.search(phrase) and is_alias(phrase) is not None:
            return branch_of(phrase, unit, kind), phrase  # 其中，医药行业增势强劲，增速达12%
    if kind in _RISES:
        text = next((text for part in reversed(parts) if (text := _untimed(part))), "")
        found, alias = find_alias(text, unit, kind) if len(text) > 3 else (None, "")
        if found and len(alias) >= 4:  # 固定资产投资扭转了下滑势头，增长5.3%
            return found, alias
    return None


def without_praise(clause: str) -> str:
    """A clause without what it says of how things went: 风电、太阳能发电装机实现两位数增长."""
    return _PRAISE.sub("", clause)


def _untimed(text: str) -> str:
    """Words without their marks and without the times they are compared with."""
    return unmark(COMPARED_TIME.sub("", text) if TIME in text else text)


def _carries(draft: Draft, carry: Draft, right: str, prior: str) -> bool:
    """Whether a number without a name of its own goes on about the number before."""
    if draft.kind in {"count", "level"}:
        if right and not right.startswith(("以上", "左右", "以内", "大关", "关口", "台阶", "目标")):
            return False
        if carry.rule.endswith("+steps"):
            return True
        if not carry.end:  # a heading names it
            return link(carry.name, draft.unit, draft.kind)[0] == carry.indicator_id
        if carry.kind in {"count", "level", "change"}:
            paid = carry.unit == "笔" or (carry.unit in {"户", "人", "人次", "家"} and _PAID.search(carry.name))
            if paid and draft.unit == "CNY":  # 发放“人才贷”279笔、14.13亿元, 租赁补贴628户、216万元
                return not prior.strip("，,、和及与")
            return carry.unit == draft.unit or {carry.unit, draft.unit} <= {"CNY", "USD", "CNY/person", "USD/person"}
        return not prior.strip("，,、和及与") or draft.unit in {"CNY", "USD"}
    return True


def _complete(name: str, draft: Draft, carry: Draft | None, branches: bool) -> str | None:
    """Finish an elliptic name with the head of the one before: 汽车产量 …，其中新能源汽车 … is its 产量 too."""
    if carry is not None and (side := _SIDE.fullmatch(name)) and _SIDE.search(carry.name):
        return link(_SIDE.sub(side.group(1), carry.name, count=1), draft.unit, draft.kind)[0]
    if _HEADS.search(name):
        return None
    if (
        branches
        and draft.kind in {"growth_yoy", "growth_mom", "growth", "change_pp"}
        and (bool(_BRANCH_NAME.search(name)) or peel(name, _BRANCHES)[1] != ())
        and is_alias(name) is not None
    ):
        return branch_of(name, draft.unit, draft.kind)
    if carry is None or carry.indicator_id is None:
        return None
    if (way := carry.name[:2]) in {"出口", "进口"}:  # 出口机电产品…，其中太阳能电池
        return link(name + way, draft.unit, draft.kind)[0]
    found = _with_head_of(carry.name[1:][-12:], name, draft.unit, draft.kind)
    return found if found != carry.indicator_id else None


@lru_cache(maxsize=1 << 14)
def _with_head_of(told: str, name: str, unit: str | None, kind: str) -> str | None:
    """The indicator that a name is finished to by the end of the one told before: 新能源汽车, after 汽车|产量."""
    for at in range(len(told) - 1):
        found, alias = link(name + told[at:], unit, kind)
        if found and len(alias) > len(told) - at:
            return found
    return None


def branch_of(name: str, unit: str | None, kind: str) -> str:
    """The indicator of a branch named alone in a list of value added: 装备制造、食品饮料分别增长….

    >>> branch_of("装备制造", "%", "growth_yoy"), branch_of("食品饮料", "%", "growth_yoy")
    ('equipment_manufacturing_va', 'industry_sector_va')
    """
    for ending in ("增加值", "业增加值"):
        found, _ = link(name + ending, unit, kind)
        if found in VA:
            return found
    return "industry_sector_va"


def _right(after: str) -> str:
    if after[:1] in _STOPS:
        return ""
    stop = _COUNT_STOP.search(after)
    text = unmark(after[: stop.start()] if stop else after).lstrip("的")
    return "" if text[:2] in _CHANGES else text
