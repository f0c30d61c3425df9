"""What a number is called, from the words before and after it, and with that its kind and its indicator."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.draft import BLANK, NUM, PLACE, TIME, Draft, unmark
from parsers.indicators import catalogue, find_alias, link, link_right
from parsers.kinds import Wording, judge
from parsers.phrases import any_of, peel, words
from parsers.timeline import Stated

__all__ = ["VA", "Surroundings", "name_number"]

_BOUNDARY = re.compile(r"[，,；;：:（(——]+|^[、和及与]+(?=.)|、(?=增长|下降|同比|环比|居|列|占|高于|低于|比|较|位居|前移|回落|提高)")
_COMPARED_TIME = re.compile(rf"(?:比|较|与|同|跟|相较于?|相比于?|由|从)?{TIME}+(?:{BLANK}*)(?:实际|预算|完成数|执行数)?(?:相比|同期|末|底|度)*的?")
_SPAN_MEAN = re.compile(r"(?:[两三四五六七八九十]|\d+|\ue003+)?年(?:平均|均)(?:每年)?|年均|年平均|平均每年")
_GAP = re.compile(
    r"(?:分别|均|也)?(?:(?<![同环占对])比|较|相较)(?P<than>[^，,]{1,28}?)(?:平均)?(?:水平|增速|增幅)?(?:分别|要|还)*(?:高出|(?<![提])高|(?<![降减])低|(?<![加])快|慢|多|少|短|(?<!增)长)(?:出|了)?(?:约|近|超)?$"
    r"|(?:分别|均|也|明显|大幅|继续)*(?P<way>高于|低于|高出|快于|慢于|(?<!或)好于|优于|领先于?|超过|超出|落后于?|少于|多于)(?P<ref>[^，,]{1,24}?)(?:平均)?(?:水平|增速|增幅|值|平均值)?(?:分别)?(?:约|近|超)?$"
)
_TIME_ONLY = re.compile(rf"^(?:{TIME}|{BLANK})+|上年|去年|同期|上月|上季|快报|年初")
_SCOPE = re.compile(
    rf"(?:稳居|稳列|位居|位列|位次居|排名居?|排在|排|居|列|名列|跃居|跃升至|升至|升到|保持|继续保持|继续居|跻身|进入|入选|获评|进位至|上升至|为|达到|占据|登上|领跑|在|的|^|[、，])*"
    rf"(?P<scope>全国|全省|全区|全市|全州|全球|世界|国内|行业|我省|我市|全县|中国|亚洲|东北|中部|西部|长三角|同类|[一二两三四五六七八九十\d{NUM}]+县[一二两三四五六七八九十\d{NUM}]+区|[{PLACE}]+)(?P<more>[^，,；;。]{{0,14}}?)(?:排名|排|列|位列|居|中)*(?:并列)?$"
)
_SHARE = re.compile(rf"(?<!抢)(?<!侵)占(?!地(?!区|方)|领|用|线|道|比(?!重)|有率)(?:到|了|据|全部)?")
_CONTRIBUTION = re.compile(
    r"对(?P<to>[^，,]*?)(?:的)?(?:增长|增收|增产|扩大|上涨|下降)*的?(?:贡献率|贡献度|贡献)"
    r"|(?P<pull>拉动|下拉|影响|上拉|拉低|带动|拖累)(?P<of>[^，,]*?)(?:增长|增速|上涨|下降|回落|上升|下跌|增幅)*(?:约)?(?:分别)?(?:约|近|超|达)?$"
)
_ECONOMY = re.compile(r"^(?:全市|全省|全国|地区|我市|全部)?(?:经济|GDP|地区生产总值|生产总值)(?:增长)?$")
_COUNT_STOP = re.compile(rf"[，,；;：:。！？!?、（(\n{NUM}{BLANK}]")
_JUNK_LEAD = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|[●①②③④⑤⑥⑦⑧⑨]|其中|同时|此外|另外|并|且|而|但|以及|按[^，,]{1,8}计算|按[^，,]{0,8}价格?|(?:比|较)(?=.{2})|初步核算|据[^，,]{1,8}统计|受[^，,]{0,20}(?:带动|影响|拉动))+")
_BY_AREA = frozenset({"城市", "农村", "乡村"})
_PER = re.compile(r"(?P<mu>亩均|每亩|平均亩产|单产|亩产)|(?P<t>每吨)|(?P<wan>每?万人(?!次))|(?P<qian>每?千人)|(?P<minute>每分钟)|(?P<person>人均|每人)")
_BLANKS = re.compile(r"[\s　]+")
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_PART = re.compile(r"(?:以上|左右|以下|多)?的([一-龥“”]{2,10}?)(?=[、，,；;。和及与]|$)")
_NUMBER_TAIL = re.compile(r"^(?:以上|以下|左右|以内|上下|之间|不等|之多)(?=[，,、；;和及与])")
_TIMES_OF = re.compile(r"(?:是|为|相当于|约为|达到?|超过?)(?P<of>[^，,]{1,24})的?(?:约|近|超)?$")
_STATE = re.compile(r"开工(?!建)|竣工|新?签约|引进|新引进")
_WIDE = {"中国": "全国", "国内": "全国", "全国": "全国", "全省": "全省", "全球": "全球", "世界": "全球", "亚洲": "亚洲", "全市": "全市", "全区": "全区"}
_LIST_WORDS = re.compile(r"考评|考核|榜单|排行榜|百强榜|名单|评选")
_LIST_NOUN = re.compile(r"(?:商|企业|城市|品牌|榜|园区|开发区|县市|百强)$")
_MADE_YEARLY = re.compile(r"年产(?!值|业|量|销)")
_NEW = re.compile(r"新增|净增|新登记|新设|新上市|新培育|新入库")
_HEADS = re.compile(
    r"(?:增加值|产量|产值|投资|支出|收入|零售额|进出口|出口|进口|项目|价格|面积|企业|利润|用电量|销量|余额|税收|交易额|装机容量|发电量|占比|率)$"
)
_BRANCH_NAME = re.compile(r"(?:业|产业|行业|制造|赛道|集群|产业链|经济|工业|品|类)$")
VA = frozenset(
    {
        "industrial_va_above_scale", "industry_sector_va", "equipment_manufacturing_va", "hightech_manufacturing_va", "hightech_industry_va",
        "industry_va_all", "manufacturing_va_above_scale", "mining_va_above_scale", "utilities_va_above_scale", "energy_intensive_va",
        "strategic_emerging_va", "private_industrial_va",
    }
)  # fmt: skip
_VERBS = words("verbs")
_THREE = re.compile(r"三次产业|一、二、三|[、，,]三产业")
_AFTER_TIME = re.compile(rf"(?<![比较与同跟于由从{TIME}]){TIME}+(?!末|底|同期)([^{TIME}]+)$")
_CLAUSE_END = re.compile(r"[，,；;。]")
_CHANGES = words("grow", "fall")
_SECTORS = frozenset({"primary_industry_va", "secondary_industry_va", "tertiary_industry_va"})
_CUES = words("grow", "fall", "to", "copula", "yoy", "mom", "average")
_LEAD = words("neutral")
_WHOLES = words("wholes")
_YOY = any_of("yoy")
_TAKES = re.compile(r"从[^。；]{2,16}到|用时|工期|只?用了?$|仅用|耗时|建设周期")
_DONE_IN = re.compile(r"^(?:内|就|便|时间)?(?:完成|建成|竣工|投产|封顶|交付)")
_NO_YEAR = frozenset({"production_efficiency", "production_cost", "output_per_worker"})


_STOCK_OF = {i.new_id: i.id for i in catalogue().values() if i.new_id}


class Surroundings(NamedTuple):
    """Where a number stands: masked text since the number before it, where that starts, the masked text after, what carries on."""

    segment: str
    start: int
    after: str
    carry: Draft | None
    branches: bool
    mom: bool
    compared: Stated | None
    time: Stated


def _far(compared: Stated | None, time: Stated, clause: str) -> bool:
    """Whether a growth is measured from further back than a year."""
    if compared is None or compared.last is None or "同期" in clause and "年同期" not in clause:
        return False
    if time.last is None:
        return True
    return time.last.year - compared.last.year > 1


def _tidy(text: str) -> str:
    return _BLANKS.sub("", unmark(text))


def _rate_before(around: Surroundings) -> bool:
    return around.carry is not None and around.carry.unit in {"%", "pp"} and not around.segment.startswith("。")


def name_number(draft: Draft, around: Surroundings, body: str) -> None:
    """Fill in name, kind, sign, indicator, rank scope and baseline of ``draft``."""
    segment, start = around.segment, around.start
    if tail := _NUMBER_TAIL.match(segment):
        segment, start = segment[tail.end() :], start + tail.end()
    cut = 0
    for boundary in _BOUNDARY.finditer(segment):
        if boundary.end() < len(segment) or boundary.start() > 0:
            cut = boundary.end()
    clause, prior = segment[cut:], segment[:cut]
    base = start + cut
    named = clause
    share = contribution = False
    aggregate = ""
    if draft.unit == "rank" and (match := _SCOPE.search(clause)):
        draft.scope = body[base + match.start("scope") : base + match.end("more")].strip("第")
        named = clause[: match.start()]
    elif draft.unit in {"%", "‰", "pp"} and (match := _CONTRIBUTION.search(clause)):
        aggregate = unmark(match.group("to") or match.group("of") or "")
        contribution = not (match.group("pull") == "带动" and draft.unit == "%")
        if contribution:
            named = clause[: match.start()]
    elif draft.unit in {"%", "‰"} and (match := _SHARE.search(clause)):
        share = not re.search(r"预算(?!收入|支出)|计划|任务|目标", clause[match.end() :])
        if share:
            named = clause[: match.start()]
    elif draft.unit == "times" and (match := _TIMES_OF.search(clause)):
        draft.baseline = body[base + match.start("of") : base + match.end("of")].rstrip("的")
        named = clause[: match.start()]
    draft.owner_end = draft.start if named is clause else base + len(named)
    gap = None
    if not share and not contribution and (gap := _GAP.search(clause)):
        group = "than" if gap.group("than") else "ref"
        reference = gap.group(group)
        draft.baseline = body[base + gap.start(group) : base + gap.end(group)]
        if draft.unit == "rank":
            gap = None
        else:
            named = clause[: gap.start()]
            draft.owner_end = base + gap.start()
            if _TIME_ONLY.search(reference) and draft.unit not in {"CNY", "USD"}:
                gap = None
    if (late := _AFTER_TIME.search(named)) and peel(_tidy(late.group(1)), _CUES)[0]:
        named = late.group(1)
    text = _SPAN_MEAN.sub("", _tidy(_COMPARED_TIME.sub("", named)).replace(NUM, ""))
    name, verbs = (text, []) if text.endswith("自然增长率") else peel(text, _CUES)
    if gap is None and named is not clause:
        _, verbs = peel(_tidy(_COMPARED_TIME.sub("", clause)), _CUES)
    name = _JUNK_LEAD.sub("", name.strip("“”\"‘’ 　—-·、"))
    plain = _BLANKS.sub("", _BRACKET.sub("", body[base : base + len(clause)]))
    wording = Wording(
        plain, name, verbs, body[draft.start : draft.end], gap is not None, share, contribution,
        around.mom, _far(around.compared, around.time, plain), _rate_before(around), unmark(around.after[:8]),
    )  # fmt: skip
    kind = judge(draft.unit, wording)
    draft.kind, draft.sign, draft.rule, draft.clause = kind.kind, kind.sign, kind.rule, plain
    if contribution:
        _link_aggregate(draft, aggregate, name, around)
        return
    if draft.rule == "level_rate":
        draft.unit = "pp"
    _per(draft, plain)
    if draft.unit == "rank" and _is_listing(draft, name, plain, body):
        draft.indicator_id, draft.name = "list_ranking", name or plain
        if draft.scope is not None:  # the list's own name is no set of rivals
            draft.scope = next((wide for word, wide in _WIDE.items() if draft.scope.startswith(word)), draft.scope)
        return
    if share and (found := _whole_share(draft, name, clause, around)):
        draft.indicator_id, draft.name = found, name or (around.carry.name if around.carry else "")
    elif kind.rule == "of_plan":
        _plan_share(draft, name, around)
    else:
        _link(draft, name, prior, around)
    if draft.kind in {"count", "level"} and draft.indicator_id in {None, "industrial_product_output"} and _MADE_YEARLY.search(plain):
        draft.indicator_id = "production_capacity"
    if draft.kind == "duration" and draft.indicator_id is None and (_TAKES.search(around.segment) or _DONE_IN.match(around.after)):
        draft.indicator_id = "project_construction_duration"
    _new_sibling(draft, plain)
    if draft.kind == "growth_yoy" and draft.indicator_id in _NO_YEAR and not _YOY.search(plain):
        draft.kind = "growth"


def _is_listing(draft: Draft, name: str, clause: str, body: str) -> bool:
    """A place in a published list (百强, 考评) is not a rank of an indicator."""
    if body[draft.start : draft.end].endswith("强") or _LIST_WORDS.search(clause[-16:]):
        return True
    if draft.scope is None or not _LIST_NOUN.search(draft.scope):
        return False
    return not name or link(name, "rank", "rank")[0] is None


def _whole_share(draft: Draft, name: str, clause: str, around: Surroundings) -> str | None:
    """民生支出占一般公共预算支出比重 is an indicator of its own: numerator, 占, denominator."""
    match = _SHARE.search(clause)
    if match is None:
        return None
    whole, _ = peel(unmark(clause[match.end() :]), _CUES)
    numerator = name or (around.carry.name if around.carry else "")
    found, alias = link(f"{numerator}占{whole}比重", draft.unit, "share")
    return found if found and "占" in alias else None


def _plan_share(draft: Draft, name: str, around: Surroundings) -> None:
    """完成年度计划的82.3%: of investment a rate of its own, of revenue and spending none."""
    carry = around.carry
    if carry is not None and carry.indicator_id and "investment" in carry.indicator_id:
        draft.indicator_id = "investment_completion_rate"
    draft.name = f"{name or (carry.name if carry else '')}完成预算"


def _link_aggregate(draft: Draft, aggregate: str, name: str, around: Surroundings) -> None:
    target, _ = peel(aggregate, _CUES)
    if _ECONOMY.match(target):
        draft.indicator_id = "gdp"
    else:
        draft.indicator_id, _ = link(target, None, "contribution")
    draft.name = f"{name or (around.carry.name if around.carry else '')}对{target}"


def _per(draft: Draft, clause: str) -> None:
    """Turn 每亩, 每吨, 每万人 … into a unit per something, in base units."""
    match = _PER.search(clause)
    if match is None or draft.unit is None or "/" in draft.unit or draft.unit in {"%", "pp", "rank", "times", "‰"}:
        return
    if match.lastgroup == "mu" and draft.unit in {"CNY", "t", "USD", "m3"}:
        draft.unit, draft.scale = f"{draft.unit}/m2", 3 / 2000
        draft.kind = "ratio" if draft.kind == "level" else draft.kind
    elif match.lastgroup == "t" and draft.unit in {"CNY", "USD"}:
        draft.unit, draft.kind = f"{draft.unit}/t", "ratio"
    elif match.lastgroup == "wan" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/万人", "ratio"
    elif match.lastgroup == "qian" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/千人", "ratio"
    elif match.lastgroup == "minute" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/minute", "ratio"
    elif match.lastgroup == "person" and draft.unit in {"CNY", "USD", "m2"} and draft.kind == "level":
        draft.unit = f"{draft.unit}/person"


def _new_sibling(draft: Draft, clause: str) -> None:
    """规上工业企业 are a stock; 新增 or 净增规上工业企业 are what came in; 新开工 and 签约 name a project's state."""
    if draft.indicator_id in {"projects_over_100m", "major_projects"} and draft.kind == "count":
        state = _STATE.search(clause)
        if state:
            draft.indicator_id = {"开工": "projects_started", "竣工": "projects_completed"}.get(state.group()[-2:], "signed_projects")
        return
    if draft.indicator_id and draft.kind in {"count", "change", "level"} and _NEW.search(clause):
        sibling = catalogue()[draft.indicator_id].new_id
        if sibling:
            draft.indicator_id = sibling


def _right(draft: Draft, after: str) -> str:
    stop = _COUNT_STOP.search(after)
    text = unmark(after[: stop.start()] if stop else after).lstrip("的")
    return "" if text[:2] in _CHANGES else text


def _link(draft: Draft, name: str, prior: str, around: Surroundings) -> None:
    unit, kind, carry = draft.unit, draft.kind, around.carry
    if _THREE.search(name):  # the members of the list get their own names
        draft.name = name
        return
    lead, _ = peel(name, _LEAD, 8)
    rest, _ = peel(lead, _WHOLES, 5)
    prefer = _preference(around)
    if rest:
        found, alias = link(name, unit, kind, prefer)
        if found is None and (around.branches or carry is not None):
            found = _complete(name, draft, carry, around.branches)
        if found is not None and not _borrowed(found, alias, kind, around):
            draft.indicator_id, draft.name = found, name
            return
        if found is not None:
            draft.name = name
            return
    right = _right(draft, around.after)
    if kind == "count" and rest and right and (found := _verb_and_noun(rest, right, unit, kind)):
        draft.indicator_id, draft.name, draft.rule = found, rest[-2:] + right[:6], draft.rule + "+after"
        return
    if kind == "count" and (found := link_right(_CLAUSE_END.split(around.after, maxsplit=1)[0], unit, kind)):
        draft.indicator_id, draft.name, draft.rule = found, right or name, draft.rule + "+after"
        return
    if kind in {"count", "level", "change"} and right:
        found, alias = find_alias(right, unit, kind)
        if found and (not rest or kind == "count" or around.after[:1] == "的" or rest[-2:] in _VERBS or right.startswith(alias)):
            draft.indicator_id, draft.name, draft.rule = found, alias, draft.rule + "+after"
            return
    if kind == "share" and (not rest or rest == "贡献") and (part := _PART.match(around.after)):
        found, _ = link(unmark(part.group(1)), unit, kind)
        draft.indicator_id, draft.name, draft.rule = found, part.group(1), draft.rule + "+after"
        return
    if not rest:
        found = _from_prior(draft, prior, prefer)
        if found:
            return
        if carry is not None and _carries(draft, carry, right, prior):
            draft.name, draft.indicator_id = carry.name, carry.indicator_id
            draft.rule += "+carried"
            if draft.kind == "count" and carry.indicator_id and (stock := _STOCK_OF.get(carry.indicator_id)) and not _NEW.search(draft.clause):
                draft.indicator_id = stock
            return
    draft.name = name or right


def _borrowed(found: str, alias: str, kind: str, around: Surroundings) -> bool:
    """A bare branch (采矿业, 第三产业) in a list of profits or investment is measured by the list's head, not in value added."""
    carry = around.carry
    if not kind.startswith("growth") or (found not in VA and found not in _SECTORS) or alias.endswith(("值", "增速", "工业", "增")):
        return False
    if carry is None or carry.indicator_id is None or around.branches:
        return False
    return carry.indicator_id not in VA and carry.indicator_id not in _SECTORS and carry.indicator_id != "gdp"


def _verb_and_noun(verb: str, noun: str, unit: str | None, kind: str) -> str | None:
    """整合 50余家 企业: verb and noun round the number name it together."""
    for size in range(min(8, len(noun)), 1, -1):
        found, alias = link(verb[-2:] + noun[:size], unit, kind)
        if found and len(alias) == size + 2:
            return found
    return None


def _preference(around: Surroundings) -> str | None:
    """总投资 is a project's own unless many projects have just been counted."""
    carry = around.carry
    if carry is not None and carry.kind == "count" and carry.indicator_id in {"major_projects", "projects_over_100m", "projects_started"}:
        return "major_projects_total_investment"
    return "project_total_investment"


def _from_prior(draft: Draft, prior: str, prefer: str | None) -> bool:
    """The name may stand a comma earlier: 规上工业增加值，按可比价格计算，增长 …"""
    parts = re.split(r"[，,；;：:（(]|——", prior)
    for part in reversed(parts):
        phrase, _ = peel(unmark(_COMPARED_TIME.sub("", part)).strip("、和及与"), _CUES)
        if not phrase:
            continue
        found, alias = link(phrase, draft.unit, draft.kind, prefer)
        if found and len(alias) >= 2:
            draft.indicator_id, draft.name, draft.rule = found, phrase, draft.rule + "+before"
            return True
    return False


def _carries(draft: Draft, carry: Draft, right: str, prior: str) -> bool:
    """Whether a number without a name of its own goes on about the number before."""
    if draft.kind in {"count", "level"}:
        if right and not right.startswith(("以上", "左右", "以内", "大关", "关口", "台阶", "目标")):
            return False
        if carry.kind in {"count", "level", "change"}:
            same = carry.unit == draft.unit or {carry.unit, draft.unit} <= {"CNY", "USD", "CNY/person", "USD/person"}
            return same
        return not prior.strip("，,、和及与") or draft.unit in {"CNY", "USD"}
    return True


def _complete(name: str, draft: Draft, carry: Draft | None, branches: bool) -> str | None:
    """Finish an elliptic name with the head of the one before: 汽车产量 …，其中新能源汽车 …；增加值 …，机械行业增长 …"""
    if carry is not None and name in _BY_AREA and carry.indicator_id == "cpi":
        return "cpi"
    if _HEADS.search(name):
        return None
    if branches and draft.kind in {"growth_yoy", "growth_mom", "growth", "change_pp"} and _BRANCH_NAME.search(name):
        found, _ = link(name + "增加值", draft.unit, draft.kind)
        return found if found in VA else "industry_sector_va"
    if carry is None or carry.indicator_id is None:
        return None
    if name == "支出" and carry.name.endswith("收入"):
        return link(carry.name[:-2] + name, draft.unit, draft.kind)[0]
    for size in range(min(len(carry.name) - 1, 12), 1, -1):
        found, alias = link(name + carry.name[-size:], draft.unit, draft.kind)
        if found and len(alias) > size:
            return found if found != carry.indicator_id else None
    return None
