"""What a number is: level, growth, share, gap, rank …; its sign; and whether it is a fact, a target or a forecast.

Decided from the unit and from the words on both sides, never from the size of the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from parsers.phrases import any_of, headed, words

if TYPE_CHECKING:
    from parsers.clauses import Words

__all__ = ["EARLIER", "LEVELS", "Kind", "Wording", "change_of", "judge", "status_cues", "status_of"]

LEVELS = frozenset({"CNY", "USD", "HKD", "EUR", "t", "m2", "m3", "km", "kWh", "kW", "tce", "t.km", "person.km", "TEU"})
_SPANS = frozenset({"day", "month", "quarter", "year"})
_OF_PLAN = re.compile(
    r"(?:完成|占|为|达到?|是)?(?:全)?(?:年初|年度|调整后?|汇编|变动|当年|全年|预期|目标|任务|收入|支出|的|总)*(?:预算|计划|任务|目标|预期)(?:数|任务|目标)?的?$"
)
_PLAN_ENDS = ("预算", "计划", "任务", "目标", "预期", "数")
_MOVES = re.compile(
    r"(?:前移|后移|上升|提升|跃升|晋升|进位|攀升|前进|提高|下降|下滑|退位|退后|上移|下移|赶超进位|(?<![挺跻迈跨])进)(?:了|约|近|超|再)?$"
)
_MOVES_DOWN = re.compile(r"(?:后移|下降|下滑|退位|退后|下移)了?$")
_DOWN_PULL = re.compile(r"下拉|拉低|拖累")
_LESS = re.compile(r"(?:低于|慢于|落后于?|少于|[低慢少短差])(?:[^，,]*)$")
_DISTANCE = re.compile("(?:差距|差|剪刀差”?)(?:分别)?(?:约|仅)?(?:为|是|达到?)$")
_COUNTED = frozenset("个家种类项户只")
_WHICH = re.compile("的(?:行业|企业|产品|品种|城市|县区)?(?:共|仅)?(?:有|达)?$")
_SHARE_NAME = re.compile(
    r"亏损面|占比|比重|占有率|份额|城镇化率|增长面|占股|持股|投入强度|研发强度|覆盖面|下降面|老龄化率$|税比$"
)
_PART_OF = re.compile(r"^(?:以上|左右|以下)?(?:的|投向|依赖|由|来自|用于|出口|销往|实现)")
_GIVES = re.compile("贡献了?(?:全[市省县区国])?(?:约|近|超过?)?$")
_GOES_TO = re.compile(r"^(?:以上|左右|以下)?(?:投向|依赖|来自|由|用于|出口|销往|外销)")
_NO_NAME = frozenset({"", "全市", "全省", "全国", "全区", "全县", "我市", "我省"})
_RATE_AFTER = re.compile(r"(?:以上|左右)?的[^，,。；\ue003]{0,8}?(?:增幅|增速|增长率|涨幅|降幅)")
_GROWTH_AFTER = re.compile("(?:以上|左右)的?(?:较快|高速|快速|稳定|平稳)?增长(?!目标|预期)")
_GOAL = re.compile(r"(?:以上|左右)?的?(?:年度|年初|全年|预期|增长|既定|规划)*(?:目标|预期)")
_ECONOMY_GOAL = re.compile(r"(?:以上|左右)?的?(?:全年)?(?:经济|GDP|(?:地区)?生产总值)增长(?:的|预期)*目标")
_RATE_OF = re.compile(r"(?:增速|增幅|占比|比重|[率])(?:与|和|同|较|比)")
_SINCE = re.compile(r"(?:比|较)(?:年初|上年末|上年底|去年底|去年末|上月末|年初时)[^，,]{0,3}新增(?:约|近|超)?$")
_NET = re.compile(r"净增|净减|净流入")


_TO_THEN = re.compile(  # 增至2020年底的1326家, 提升到9月末的81%: the level then, no change
    r"[增升降减提高少加大展长跌涨缩]了?(?:至|到)(?:\d{2,4}年|\d{1,2}月|[上去今前]|目前|现在|当前|年)[^，,至到]{0,8}的(?:约|近|超)?$"
)
_OTHER_BASE = re.compile(r"(?:比|较)[^，,同年月]{0,8}(?:标准|平均水平|计划|预算|目标|定额)[^，,]{0,4}$")


# before what was done, or at other times: 比改造前提高三成, 比平时翻了两番
EARLIER = re.compile(
    "(?:比|较)(?:[^，,比较同年月]{2,6}(?<![以之此目])前|[之此以]前|平时|平日|往常|往日|以往|过去|原来|原先)"
)
_CUT = re.compile(r"(?:^|[全年再一律平均、])(?:压减|压缩|压降|削减|缩减|精简)(?![^，,]*(?:率|比重|占))[^，,]{2,16}$")
_PER_HUNDRED = re.compile("每[百千万]元")  # 每百元营业收入中的成本
_SAME_AS = re.compile("^(?:与|和|同|跟)[^，,]{2,12}的$")
_RATE_WITH = re.compile(r"(?:增速|增幅|涨幅|降幅|占比|比重|[率])(?:与|和|同|跟)(?:全国|全省|全区|全市)[^，,]{0,8}$")


class Wording(NamedTuple):
    """The words at a number, taken apart: what ``judge`` decides from."""

    clause: str  # the number's own, as written
    words: Words
    number: str
    after: str = ""
    mom: bool = False  # whether growth is over the month before
    far_base: bool = False  # whether it is compared with what is further back than a year
    rate_before: bool = False  # whether the number before was in percent


Kind: TypeAlias = tuple[str, int, str]  # the kind, the sign the words give, and the rule that decided


_GROW, _FALL = words("grow"), words("fall")
_TO = words("to") - {"达", "为", "达到"}


def change_of(verbs: tuple[str, ...]) -> int:
    """+1 or -1 where the word of change nearest to the number says by how much; 0 where there is none or it says 'to'."""
    for verb in verbs:
        if verb in _GROW:
            return 1
        if verb in _FALL:
            return -1
        if verb in _TO:
            return 0
    return 0


_YOY, _MOM, _AVERAGE = any_of("yoy"), any_of("mom"), any_of("average")


def _growth(w: Wording) -> str:
    if _MOM.search(w.clause):
        return "growth_mom"
    if (
        _AVERAGE.search(w.clause.replace("全年平均", ""))
        or w.far_base
        or _OTHER_BASE.search(w.clause)
        or EARLIER.search(w.clause)
    ):
        return "growth"
    if w.mom and not _YOY.search(w.clause):
        return "growth_mom"
    return "growth_yoy"


def judge(unit: str | None, w: Wording) -> Kind:
    """The kind of a number of ``unit`` from its wording.

    >>> from parsers.clauses import take_apart
    >>> clause = "规上工业增加值同比增长"
    >>> judge("%", Wording(clause, take_apart(clause, "%"), "7.9%"))
    ('growth_yoy', 1, 'growth')
    """
    change = 0 if "的" in w.clause[-2:] and _TO_THEN.search(w.clause) else w.words.change
    if change and unit in _COUNTED and "的" in w.clause[-6:] and _WHICH.search(w.clause):
        change = 0  # 价格上涨的有9个
    if w.words.contribution and unit in {"%", "pp", "‰"}:
        return "contribution", -1 if _DOWN_PULL.search(w.clause) or change < 0 else 1, "contribution"
    if unit in {"%", "‰"}:
        return _percentage(w, change)
    if unit == "pp":
        if not w.words.gap and _DISTANCE.search(w.clause):  # 与全国差距为0.4个百分点
            return "gap_pp", 1, "gap"
        if w.words.gap:
            return "gap_pp", -1 if _LESS.search(w.clause) else 1, "gap"
        return "change_pp", change or (-1 if _LESS.search(w.clause) else 1), "pp"
    if unit == "times":
        if change or w.after.startswith(("增长", "提升", "的增长", "以上增长")):
            return _growth(w), change or 1, "growth_times"
        return "ratio", 1, "times"
    if unit == "doublings":
        return "growth_yoy" if _YOY.search(w.clause) else "growth", 1, "doublings"
    if unit == "rank":
        if not w.number.startswith("第") and _MOVES.search(w.clause):
            return "change", -1 if _MOVES_DOWN.search(w.clause) else 1, "rank_move"
        return "rank", 1, "rank"
    if w.clause.endswith("连续") and (unit in _SPANS or unit == "次"):
        return "streak", 1, "streak"
    if unit in _SPANS or unit == "minute":
        return "change" if change else "duration", change or 1, "duration"
    if unit == "index":
        return ("change", change, "index_change") if change else ("index", 1, "index")
    if change:
        return "change", change, "change"
    if ("净" in w.clause and _NET.search(w.clause)) or ("新增" in w.clause[-4:] and _SINCE.search(w.clause)):
        return "change", -1 if "净减" in w.clause else 1, "net_change"
    if w.words.gap and re.search(r"[多少高低]$", w.clause):
        return "change", -1 if _LESS.search(w.clause) else 1, "difference"
    if unit == "CNY" and _PER_HUNDRED.search(w.clause):
        return "ratio", 1, "rate"
    if unit is not None and "/" in unit:
        return "level" if unit in {"CNY/person", "USD/person", "ug/m3", "CNY/人"} else "ratio", 1, "rate"
    return "level" if unit in LEVELS else "count", 1, "level"


def _percentage(w: Wording, change: int) -> Kind:
    if w.clause.rstrip("的").endswith(_PLAN_ENDS) and _OF_PLAN.search(w.clause):
        return "ratio", 1, "of_plan"
    if w.words.share and not change:
        return "share", 1, "share"
    if w.number[0] in "-－−负+＋" and (_YOY.search(w.clause[-5:]) or _MOM.search(w.clause[-4:])):
        return _growth(w), 1, "growth"
    if _GROWTH_AFTER.match(w.after):
        return _growth(w), 1, "growth"
    if _RATE_AFTER.match(w.after):
        return "growth_yoy", -1 if "降幅" in w.after else 1, "growth_rate"
    if not change and _ECONOMY_GOAL.match(w.after):
        return "growth_yoy", 1, "goal_economy"
    if _GOAL.match(w.after):
        return "growth_yoy" if change or w.rate_before else "ratio", change or 1, "goal"
    if not change and w.rate_before and not w.after and _SAME_AS.search(w.clause):  # 与前三季度的1.3%持平
        return _growth(w), 1, "growth_rate"
    if "持平" in w.number:
        if _RATE_WITH.search(w.clause):
            return "gap_pp", 1, "level_rate"
        if _RATE_OF.search(w.clause):
            return "change_pp", 1, "level_rate"
        if not w.words.name and w.rate_before and not re.search("环比|同比", w.clause):
            return "change_pp", 1, "level_rate"
        return _growth(w), 1, "level_growth"
    if not change and not w.words.gap and _CUT.search(w.clause):  # 压减一般性支出10%
        return _growth(w), -1, "growth"
    if change and not (w.words.verbs and w.words.verbs[0] in {"增速", "增幅", "降幅"} and w.words.gap):
        return _growth(w), change, "growth"
    if w.words.gap:
        return "growth", -1 if _LESS.search(w.clause) else 1, "relative"
    if re.search(r"增速|增幅|增长率(?<!自然增长率)|涨幅|升幅|增长(?:目标|预期)", w.clause[-12:]):
        return _growth(w), 1, "growth_rate"
    if re.search(r"降幅|跌幅", w.clause[-12:]):
        return _growth(w), -1, "growth_rate"
    if (
        _SHARE_NAME.search(w.words.name)
        or _SHARE_NAME.search(w.clause[-12:])
        or (w.words.name in _NO_NAME and _PART_OF.match(w.after))
        or _GOES_TO.match(w.after)
        or "贡献了" in w.clause
        or _GIVES.search(w.clause)
    ):
        return "share", 1, "share"
    return "ratio", 1, "rate"


_WILL_DO = any_of("will").pattern
_TARGET = (
    rf"按照?(?:计划|规划|方案)(?=[，,])|力争|争取(?=到|实现|达|突破|完成)|(?<![动坚项施育养造才作])(?<!三年)(?<!五年)(?<!研发)(?<!发展)(?<!提升)计划(?!深入|全面|持续|首次)(?=总?投资|完|建|用|年内|今|明|全年|整治|更新|加装|[\ue000\ue003]|{_WILL_DO})"
    r"|(?<!完成)(?<!任务)(?<!占)(?<!超)(?<![超于过]年度)(?<!于)目标(?=为|是|定|：|确定|任务为|在|[\ue003])|(?<!通胀)(?<!利率)预期目标|(?<!平均)预期(?=[^，,。；\ue003]{0,6}增长|达|实现|完成|目标|为|[\ue003])|规划(?=建设(?!面积|用地)|到|总(?!面积|用地|占地)|新|[\ue000])|冲刺"
    rf"|(?<![的即或必])将(?!生产[线成总周效能基车]|供应[链商]|服务[业网对]|投资[方者]|共[同有享]|分[类布公]|为[了数]|向[阳导])(?=(?:{_WILL_DO}))"
    rf"|(?<!已)(?<!累计)安排(?![^，,。；\ue003]{{0,14}}(?:项目|工程)[共达为]{{0,2}}\ue003)(?=[^，,。；]{{0,14}}[\ue003])|(?<=支出)安排|(?<![主重需只纲摘必简概提天日])要(?=达到|实现|突破|完成|确保|迈上|新增|力争|在|新培育|{_WILL_DO})|确保(?!了)|努力(?=实现|完成|使)|奋斗目标|不低于.{{0,6}}目标|启动建设|下一步|(?:会议|方案|通知|意见|规划|报告)要求(?=[，,：])|(?:新增|引进|培育|建成|完成|签约|开工)[^，,。；\ue003]{{0,14}}(?:不少于|不低于)(?=[\ue003])|(?<![和、及虚模])拟(?=[\ue003]|建|用|{_WILL_DO})|(?<!持续)(?<!成功)(?<!精心)打造(?=[^，,。；]{{0,60}}[\ue003])|年底前|提出(?=全年|到)"
)
_FORECAST = r"预计(?!转移性|执行数|完成数|可用财力|结[转余])|预测|有望|届时|(?:达产|建成|投产|投用|竣工|运营|完工|落成)后(?![^。；将可]{0,40}比(?:改造|技改|投[产用]|过去|以前|之前|原来|原先)[前的提增减缩降]?)|通车后(?=[^。；将]{0,30}缩短)|预估|预期值|预期中值|估计|或将|(?:增长|增速|增幅|通胀|涨幅)(?:预期|预测)值?(?=[由从])|可能将|预将|保守估算|可(?=达[^，,。；]{0,3}[\ue003]|实现|年产|新增|带动|吸纳|形成)|全面达产"
_BASE = r"同比|比上年|比去年|较上年|较去年"
_BUDGET = r"批准的|年初预算(?!的)|代编预算|预算代编|(?:收入|支出)预算(?=[数为合\ue003])|(?<=[入出])调整为|预算调整为|执行中调整为|支出预算(?=由)|汇总(?=[^。；]{0,30}[\ue003])|(?<=[入出])合计(?=[^。；]{0,60}(?:执行中|调整为))"
_DONE = r"(?<=[入出])(?:实际完成|实际执行|完成|执行)(?=[\ue003])"
_ACTUAL = r"实际执行|了(?<=[备入成现增放]了)(?=[^，,。；]{0,10}[\ue003])|执行中(?=新增|增加|减少)|造成|遇难|受伤|坠毁|发生(?=[^，。]{0,8}[\ue003])|连续|截至|目前已|已(?!规划|知|列入|纳入|明确|确定|计划)|实际完成|累计完成|今年以来|(?<=[\ue000])(?:累计|完成|实现)"
_CUES, _CUE_NAMES = headed(target=_TARGET, forecast=_FORECAST, actual=_ACTUAL, budget=_BUDGET, done=_DONE, base=_BASE)


# 项目36个，年度计划投资50亿元，其中工业项目20个: the list goes on about the projects
_PLANNED_BY_YEAR = re.compile("计划(?:完成)?投资\ue003+[，,][^。；\ue003]{0,40}?(?=其中)")
_BY_THEN = re.compile("[到至]\ue000+$")
_BARE_DONE = frozenset({"累计", "完成", "实现"})
_AHEAD = frozenset({"target", "forecast"})


def status_cues(masked: str, start: int, end: int) -> list[tuple[int, str]]:
    """Where a masked sentence says that what follows is a target, a forecast or a fact."""
    cues: list[tuple[int, str]] = []
    for match in _CUES.finditer(masked, start, end):
        at, name = match.start(), _CUE_NAMES[match.lastindex or 0]
        if name == "base":  # 预计同比增长8%: of one clause with what lies ahead it says nothing
            if not cues or "，" not in masked[cues[-1][0] : at]:
                continue
            name = "actual"
        elif match.group() == "将":
            name = "will"
        elif match.group() in _BARE_DONE and cues and cues[-1][1] in _AHEAD and at - cues[-1][0] < 8:
            continue  # 确保全年完成1900亿元, 预计全年完成1900亿元
        elif match.group() in _BARE_DONE and cues and cues[-1][1] in _AHEAD and _BY_THEN.search(masked, start, at):
            continue  # 今年拟新建充电桩260个，到年底实现总数达1800个
        cues.append((at, name))
        if (
            match.group() == "计划"
            and (parts := _PLANNED_BY_YEAR.match(masked, at, end))
            and all(masked.startswith("计划总投资", cue) for cue, _ in cues[:-1])
        ):
            cues.append((parts.end(), "whole"))
    return cues


def status_of(cues: list[tuple[int, str]], at: int, future: bool, inherited: str | None) -> str:
    """actual, target, budget (a target even of a past year) or forecast for the number at ``at``: the last cue before it decides.

    ``future`` says that the number's stated time lies after the page's year, ``inherited`` what the clause before ； was.

    >>> status_of([(7, "target")], 20, True, None)
    'target'
    """
    status = inherited or "actual"
    for position, name in cues:
        if position >= at:
            break
        if name == "will":
            status = "forecast" if status == "forecast" else "target"
        elif name == "whole":
            status = inherited or "actual"
        elif name != "done":
            status = name
        elif status == "budget":
            status = "actual"
    return "target" if future and status == "actual" else status
