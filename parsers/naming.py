"""What a number is called, from the words before and after it, and with that its kind; ``parsers.linking`` finds its indicator."""

from __future__ import annotations

import re

from parsers.clauses import BLANKS, SHARE, take_apart
from parsers.draft import BLANK, PLACE, Draft, unmark
from parsers.indicators import catalogue, link
from parsers.kinds import Wording, judge
from parsers.linking import CUES, NEW, Surroundings, link_number
from parsers.listings import follows, is_listing
from parsers.phrases import any_of, headed, peel
from parsers.plants import makes
from parsers.projects import BUILT_WITH
from parsers.timeline import Stated

__all__ = ["name_number"]

_GOES_ON = re.compile("力争|争取|确保|奋斗|冲刺|这一数字|这个数字|这一增速|变为|定格|修订为|调整为|回升[至到]")
_LISTED = frozenset({"", "市", "县", "区", "城市", "县市", "企业", "位"})
_NAMED_AFTER = re.compile(r"[（(](?:即|指|均为|为)?([一-龥]{4,14})[）)]")
_WHOLE_INDUSTRY = re.compile("^(?:全市|全省|全国|全区|全县|我市|地区)?工业(?:经济|生产)?$")
_AMONG = re.compile(
    r"在(?P<rivals>[^，,。；;、在\n]{2,20}?(?:市|州|县|区|省|城市|园区|开发区|企业|地市|市州))(?:中|里)(?:的)?(?:位次|排名|总量|规模|增量|增速|增幅|涨幅|降幅)?(?:位?居|排名?|排在|列|位列|名列)*第?$"
)
_OF_ALL = re.compile("(全[国省区州市县])[^，,。；]{0,8}?(?:市|州|县|区|省|城市|园区)(?:中|里)[，,][^，,。；]{0,16}第?$")
_RISES_TO = re.compile("(?:上|跃|提|攀|晋|进|下|回|退)?(?:升|降|位|提升|前移|跃居|落|进)(?:至|到|为)")
_RIVALS = re.compile(rf"^[一-龥{PLACE}]{{1,6}}(?:中|里)(?:的)?(?:位次|增速|总量)?(?:位|排|列|居|名列)")
_IN_SET = re.compile(rf"在(?:[全各][国省市区州]|[{PLACE}]|长三角|珠三角)*$")
_SIDE = re.compile(
    "(?:全市|全省|全区|全县|市级|市本级|本级|区级|县级|中心城区|市区|安排|当年|本年)*(?P<side>收入|支出)(?:预算)?"
)
_SIDE_ENDS = frozenset("入出算")
_ACCOUNT = re.compile(
    r"(?:^|[\n。；])\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]+\s*)?(?:全市|市级|市本级)?(一般公共预算|政府性基金预算|政府性基金|国有资本经营预算|社会保险基金预算|社会保险基金)(?:收支|预算|执行|完成|安排|情况|方面)*\s*[。：:，\n]"
)
_TOLD_ACCOUNT = re.compile(
    r"(?<![占入比])(一般公共预算|政府性基金预算|政府性基金|国有资本经营预算|社会保险基金预算|社会保险基金)(?:收入|支出)(?!的|比)"
)
_OF_INCOME = re.compile(r"(?:工资性?|经营性?净?|财产性?净?|转移性?净?)收入$")
_ECONOMY = re.compile(r"^(?:全市|全省|全国|地区|我市|全部)?(?:经济|GDP|地区生产总值|生产总值)(?:增长)?$")
_PER, _PER_NAMES = headed(
    mu="亩均|每亩|平均亩产|单产|亩产|一亩(?:地|田)?(?:能|可)?(?:纯收|净收|收入|增收|赚)",
    t="每吨",
    wan="每万人(?!次)|万人(?!次)",
    qian="每千人|每千名[一-龥]{1,6}人|千人",
    minute="每分钟",
    m2="每平方?米",
    person="人均|每人",
    household="户均|每户",
    billion="每十亿元",
    hundred="每百户",
)
_PER_MANY = {"billion": "十亿元", "hundred": "百户"}
_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_STATE = re.compile(r"开工(?!建)|竣工|新?签约|引进|新引进")
_BEGUN = re.compile(r"(?<=新)(?:签约|开工)")
_WIDE = {
    "中国": "全国",
    "国内": "全国",
    "全国": "全国",
    "全省": "全省",
    "全球": "全球",
    "世界": "全球",
    "亚洲": "亚洲",
    "全市": "全市",
    "全区": "全区",
}
_EDITION = re.compile(r"^(?:.*(?:发布|公布)的)?(?:[\d—-]{4,9}年?度?)?的?")
_YOY = any_of("yoy")
_TAKES = re.compile(r"从[^。；]{2,16}到|用时|工期|只?用了?$|仅用|耗时|建设周期")
_WORKS = re.compile(r"项目|工程|开工|投产|建设|建成|拿地|打桩|封顶|签约|落地|工期")
_DONE_IN = re.compile(r"^(?:内|就|便|时间)?(?:完成|建成|竣工|投产|封顶|交付)")
_OF_YEAR = frozenset({"年度", "全年", "年初", "调整", "变动", "当年"})
_LENDS = re.compile("贷|融资|授信|担保|信用|银行|金融|惠企资金")
_PER_PERSON = frozenset({"level", "change"})
_OPENS = frozenset("（(")
_PROGRESS = re.compile("[时间]序?进度")
_AHEAD_OF = re.compile("[时间]序?进度|年[度初]?(?:投资)?(?:计划|目标|任务)")
_HOURS = ("小时", "分钟", "秒")
_NO_YEAR = frozenset({"production_efficiency", "production_cost", "output_per_worker", "production_capacity"})

_OF_PLANT = re.compile(
    "(?:单位产品|产品|综合|生产)能耗$|良品?率$|用工$|成本$|次品率$|周期$|人工$|损耗$|废品率$"
)  # before and after


def _is_far(compared: Stated, time: Stated, clause: str) -> bool:
    """Whether a growth is measured from further back than a year."""
    if compared.last is None or ("同期" in clause and "年同期" not in clause):
        return False
    if time.last is None:
        return True
    return time.last.year - compared.last.year > 1


def _takes(segment: str, span: str) -> bool:
    """Whether a stretch of days or more is how long a project took: 从打桩到首卷下线仅238天; a train's 用时 is none."""
    if span.endswith(_HOURS):
        return False
    found = _TAKES.search(segment)
    return found is not None and (found.group()[0] == "从" or bool(_WORKS.search(segment)))


def name_number(draft: Draft, around: Surroundings, body: str) -> None:
    """Fill in name, kind, sign, indicator, rank scope and baseline of ``draft``."""
    words = take_apart(around.segment, draft.unit)
    clause, prior, name, own, verbs = words.clause, words.prior, words.name, words.own, words.verbs
    base = around.start + words.at
    if words.scope is not None:
        draft.scope = body[base + words.scope[0] : base + words.scope[1]].strip("第")
    if words.baseline is not None:
        draft.baseline = body[base + words.baseline[0] : base + words.baseline[1]]
    if words.exceeds:
        draft.comparator = "gt"
    if draft.unit == "rank":
        if (
            draft.scope is None
            and around.carry is not None
            and (among := _AMONG.search(body, max(0, draft.start - 32), draft.start))
        ):
            draft.scope, name, own = among.group("rivals"), "", ""
        elif draft.scope is None and (whole := _OF_ALL.search(body, max(0, draft.start - 40), draft.start)):
            draft.scope = whole.group(1)  # 全省11个设区市中，我市GDP增速排第5
        elif (
            draft.scope is None
            and around.carry is not None
            and (
                _RISES_TO.fullmatch(clause)
                or (around.segment[:1] == "、" and around.carry.unit == "rank" and body[draft.start] == "第")
            )
        ):
            draft.scope = around.carry.scope  # 投资增速居全省第三、社零增速居第四
    elif (
        "在" in clause[-6:] and _IN_SET.search(clause) and _RIVALS.match(around.after)
    ):  # 在17个市州中排名第四: how many rivals there are
        draft.kind, draft.rule, draft.owner_end = "count", "rivals", draft.start
        return
    draft.owner_end = draft.start if words.owner_end is None else base + words.owner_end
    if draft.unit is None and name.endswith("指数") and (draft.quantity.value > 50 or "价格" not in name):
        draft.unit = "index"  # 居民消费价格指数为100.3
    share, contribution = words.share, words.contribution
    plain = body[base : base + len(clause)]
    if BLANK in clause:
        plain = _BRACKET.sub("", plain)
    if " " in plain or "\u3000" in plain:
        plain = BLANKS.sub("", plain)
    is_far = around.compared is not None and _is_far(around.compared, around.time, plain)
    rate_before = around.carry is not None and around.carry.unit in {"%", "pp"} and around.segment[:1] != "。"
    number, after = body[draft.start : draft.end], unmark(around.after[:12])
    draft.kind, draft.sign, rule = judge(
        draft.unit, Wording(plain, words, number, after, around.mom, is_far, rate_before)
    )
    draft.rule, draft.clause = rule, plain
    if draft.kind == "ratio" and rule == "rate" and "定格" in plain and "增速" in prior:
        draft.kind = "growth_yoy"
    if contribution:
        _link_aggregate(draft, words.aggregate, name, around)
        return
    if draft.rule == "level_rate":
        draft.unit = "pp"
    _per(draft, plain)
    if (
        draft.kind == "count"
        and around.segment[:1] == "、"
        and around.carry is not None
        and (around.carry.unit or "").endswith(("/千人", "/万人", "/百户"))
    ):  # 每千人口拥有执业医师3.6人、注册护士4.4人
        draft.unit, draft.kind = f"{draft.unit}/{(around.carry.unit or '')[-2:]}", "ratio"
    if words.ranking is not None:
        draft.indicator_id, draft.name = "list_ranking", name
        if draft.kind == "rank":
            draft.scope = _EDITION.sub("", body[base + words.ranking[0] : base + words.ranking[1]])
        draft.name = draft.name or draft.scope or plain
        return
    if draft.unit == "rank" and (
        is_listing(draft, name, plain, body, measured=follows(around, prior))
        or (name in _LISTED and around.carry is not None and around.carry.indicator_id == "list_ranking")
    ):
        draft.indicator_id, draft.name = "list_ranking", name or plain
        if draft.scope is None and draft.kind == "rank" and not name and around.carry is not None:
            draft.scope = around.carry.scope
        elif draft.scope is not None and (
            around.carry is None or draft.scope != around.carry.scope
        ):  # the list's own name is no set of rivals
            draft.scope = next((wide for word, wide in _WIDE.items() if draft.scope.startswith(word)), draft.scope)
        return
    if name[-1:] in _SIDE_ENDS and (side := _SIDE.fullmatch(name)):
        account = _account(body, draft.start)
        if account is not None:
            draft.name = f"{account}{side.group('side')}"
            draft.rule += "+side"
            if "计" not in clause[-6:]:  # 收入总计, 合计: with what was handed over and down
                draft.indicator_id = link(draft.name, draft.unit, draft.kind)[0]
            return
    if share and (found := _whole_share(draft, name, clause, around)):
        draft.indicator_id, draft.name = found, name or (around.carry.name if around.carry else "")
    elif rule == "goal_economy":
        draft.indicator_id, draft.name = "gdp", "经济"  # 完成5.5%左右的经济增长目标
    elif rule == "of_plan":
        _plan_share(draft, name, around)
    else:
        link_number(draft, name, own, prior, around)
    if (
        draft.indicator_id is None
        and body[draft.end : draft.end + 1] in _OPENS
        and (told := _NAMED_AFTER.match(body, draft.end))
    ):
        draft.indicator_id = link(told.group(1), draft.unit, draft.kind)[0]  # 财政收入171.3亿元（一般公共预算收入）
    if (
        draft.unit == "CNY"
        and draft.indicator_id is None
        and plain.endswith(("投资", "斥资"))
        and BUILT_WITH.match(around.after)
    ):
        draft.indicator_id = "project_total_investment"
    makes(draft, plain, body, around)
    if (
        draft.kind == "duration"
        and draft.indicator_id is None
        and (_takes(around.segment, body[draft.start : draft.end]) or _DONE_IN.match(around.after))
    ):
        draft.indicator_id = "project_construction_duration"
    if (
        draft.kind == "duration"
        and draft.indicator_id
        and catalogue()[draft.indicator_id].kind == "level"
        and catalogue()[draft.indicator_id].base_unit == "day"
        and draft.indicator_id != "project_construction_duration"
    ):
        draft.kind = "level"
    if draft.kind == "ratio" and rule == "rate" and _grows(around.carry, plain) and (not name or _GOES_ON.search(name)):
        draft.kind = "growth_yoy"
    if draft.unit == "℃" and plain.endswith("零下"):
        draft.sign = -1
    if "至少" in verbs and draft.quantity.comparator == "eq":
        draft.comparator = "ge"
    if (
        draft.kind == "gap_pp"
        and around.carry is not None
        and "investment" in (around.carry.indicator_id or "")
        and (_AHEAD_OF if around.carry.kind == "level" else _PROGRESS).search(draft.baseline or "")
    ):  # 占年度计划的48.6%，快于序时进度6.9个百分点; 完成投资86亿元，超年度计划3个百分点
        draft.indicator_id = "investment_completion_rate"
    _new_sibling(draft, plain)
    if draft.indicator_id == "loan_enterprises" and not _LENDS.search(body, max(0, draft.start - 80), draft.end + 16):
        draft.indicator_id = None  # 发放稳岗返还资金…，惠及企业3800家
    if draft.unit == "CNY":
        _per_person_too(draft, around)
    if (
        draft.kind == "change"
        and draft.rule.endswith("+carried")
        and around.carry is not None
        and (around.carry.unit or "").startswith((f"{draft.unit}/m2", f"{draft.unit}/万人", f"{draft.unit}/千人"))
    ):
        draft.unit, draft.scale = around.carry.unit, around.carry.scale  # 亩产446公斤，同比提高7公斤
    if draft.kind == "ratio" and rule == "rate" and _is_share(draft, around.carry):
        draft.kind = "share"
    if (
        draft.kind == "growth_yoy"
        and (draft.indicator_id in _NO_YEAR or (draft.indicator_id is None and _OF_PLANT.search(draft.name)))
        and not _YOY.search(plain)
    ):
        draft.kind = "growth"


def _is_share(draft: Draft, carry: Draft | None) -> bool:
    """森林覆盖率 is a share by what it measures; 占比连续五年保持在八成 goes on about one."""
    if draft.indicator_id is not None and catalogue()[draft.indicator_id].kind == "share":
        return True
    return carry is not None and carry.kind == "streak" and bool(re.search("比重|占比|份额", carry.clause))


def _account(body: str, at: int) -> str | None:
    """The budget that a heading or the opening of a sentence just before ``at`` speaks of: 1.一般公共预算。全市收入完成….

    >>> _account("1.一般公共预算。全市收入完成220.6亿元", 14)
    '一般公共预算'
    """
    told = _TOLD_ACCOUNT.findall(body, max(body.rfind("\n", 0, at) + 1, at - 300), at)
    spoken = told or _ACCOUNT.findall(body, max(0, at - 600), at)
    return spoken[-1] if spoken else None


def _grows(carry: Draft | None, clause: str) -> bool:
    """Whether the number before was a growth and this one goes on: 增速连续5个季度保持在8%以上, 这一数字变为8.1%."""
    if carry is None:
        return False
    return (
        bool(re.search(r"增速|增幅|增长率", carry.clause))
        if carry.kind == "streak"
        else _GOES_ON.search(clause) is not None and carry.kind == "growth_yoy"
    )


def _whole_share(draft: Draft, name: str, clause: str, around: Surroundings) -> str | None:
    """民生支出占一般公共预算支出比重 is an indicator of its own: numerator, 占, denominator."""
    match = SHARE.search(clause)
    if match is None:
        return None
    whole, _ = peel(unmark(clause[match.end() :]), CUES)
    numerator = name or (around.carry.name if around.carry else "")
    found, alias = link(f"{numerator}占{whole}比重", draft.unit, "share")
    return found if found and "占" in alias else None


def _plan_share(draft: Draft, name: str, around: Surroundings) -> None:
    """完成年度计划的82.3%: of investment a rate of its own, of revenue and spending none."""
    carry = around.carry
    if carry is not None and carry.indicator_id and "investment" in carry.indicator_id:
        draft.indicator_id = "investment_completion_rate"
    if carry is not None and (
        not name or name in _OF_YEAR or name.endswith(("预算", "计划", "任务", "目标", "年度", "预算数", "计划数"))
    ):
        name = carry.name
    draft.name = f"{name}完成预算"


def _link_aggregate(draft: Draft, aggregate: str, name: str, around: Surroundings) -> None:
    target, _ = peel(aggregate, CUES)
    if not target:  # 拉动规上工业增长1.9个百分点；…，下拉1.1个百分点; …，贡献率超过四成
        draft.indicator_id = around.pulled
    elif _ECONOMY.match(target):
        draft.indicator_id = "gdp"
    elif _WHOLE_INDUSTRY.match(target):
        draft.indicator_id = "industrial_va_above_scale"
    else:
        draft.indicator_id, _ = link(target, None, "contribution")
    whose = name or (around.carry.name if around.carry else "")
    draft.name = f"{whose}对{target}" if target else f"{whose}贡献{'率' * (draft.unit == '%')}"


def _per(draft: Draft, clause: str) -> None:
    """Turn 每亩, 每吨, 每万人 … into a unit per something, in base units."""
    if draft.unit is None or "/" in draft.unit or draft.unit in {"%", "pp", "rank", "times", "‰"}:
        return
    match = _PER.search(clause)
    if match is None:
        return
    per = _PER_NAMES[match.lastindex or 0]
    if per == "mu" and draft.unit in {"CNY", "t", "USD", "m3"}:
        draft.unit, draft.scale = f"{draft.unit}/m2", 3 / 2000
        draft.kind = "ratio" if draft.kind == "level" else draft.kind
    elif per in {"t", "m2"} and draft.unit in {"CNY", "USD"}:
        draft.unit, draft.kind = f"{draft.unit}/{per}", "ratio" if draft.kind == "level" else draft.kind
    elif per == "wan" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/万人", "ratio"
    elif per == "qian" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/千人", "ratio"
    elif per == "minute" and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/minute", "ratio"
    elif per in _PER_MANY and draft.kind == "count":
        draft.unit, draft.kind = f"{draft.unit}/{_PER_MANY[per]}", "ratio"
    elif per == "household" and draft.unit == "CNY" and draft.kind in _PER_PERSON:
        draft.unit, draft.kind = "CNY/户", "ratio" if draft.kind == "level" else draft.kind
    elif per == "person" and draft.unit in {"CNY", "USD", "m2"} and draft.kind in _PER_PERSON:
        draft.unit = f"{draft.unit}/person"


def _per_person_too(draft: Draft, around: Surroundings) -> None:
    """人均可支配收入…，其中工资性收入3216元; 城市低保标准每人每月860元，农村达到700元: a person's money goes on as that."""
    carry = around.carry
    if carry is None or draft.kind not in _PER_PERSON or draft.quantity.value > 10**6:
        return
    part = "其中" in around.segment or around.segment[:1] == "、"  # 人均消费支出2.8万元，其中食品支出9100元、居住6200元
    if (
        (carry.unit == "CNY/person" or (carry.unit == "USD" and "人均" in carry.name))
        and (
            draft.rule.endswith("+carried")
            or ("每人" in carry.clause and len(draft.name) < 7)
            or (part and draft.quantity.value < 4 * carry.quantity.value)
        )
    ) or (_OF_INCOME.search(draft.name) and ("人均" in carry.name or _OF_INCOME.search(carry.name))):
        draft.unit = "CNY/person"


def _new_sibling(draft: Draft, clause: str) -> None:
    """规上工业企业 are a stock; 新增 or 净增规上工业企业 are what came in; 新开工 and 签约 name a project's state."""
    if draft.indicator_id in {"projects_over_100m", "major_projects"} and draft.kind == "count":
        state = _STATE.search(clause)
        if state:
            draft.indicator_id = {"开工": "projects_started", "竣工": "projects_completed"}.get(
                state.group()[-2:], "signed_projects"
            )
        return
    if draft.indicator_id in {"projects_over_1bn", "projects_over_5bn"} and (begun := _BEGUN.search(clause)):
        draft.indicator_id = "signed_projects" if begun.group() == "签约" else "projects_started"
        return
    if draft.indicator_id and draft.kind in {"count", "change", "level"} and NEW.search(clause):
        sibling = catalogue()[draft.indicator_id].new_id
        if sibling:
            draft.indicator_id = sibling
