"""Whether the time that carries on to a number can be its own: what came about in it, what only is, what another owner did."""

from __future__ import annotations

import datetime as dt
import re

from parsers.draft import TIME, Draft
from parsers.indicators import catalogue
from parsers.industries import MADE_BY
from parsers.phrases import headed
from parsers.projects import BUILDING, PROJECT_IDS
from parsers.time_words import is_holiday
from parsers.timeline import NOTHING, YEAR_END, Stated, Timeline

__all__ = ["CAME", "Settling", "goes_past", "is_annual", "is_flow", "is_open"]

_COUNTRIES = re.compile("(?:国家|省|城市|地区)")
_REACHES = re.compile("(?:集群|平台|中心|基地|园区|实验室|品牌|机构|产业)(?:总数|数量)?已?(?:达到?|[共拥]?有)$")
_OF_YEAR_END = re.compile(r"(?:\d{4}|[去上前])年[末底终]")
_SOLD_TO = re.compile("(?:销往|出口到|远销|遍布|辐射|覆盖)(?:全球|世界|海外|全国)?(?:约|近|超过?)?$")
_STATED = re.compile(f"(?<![比较同与{TIME}]){TIME}")
_RUNS = frozenset({"year", "ytd", "half", "quarter"})
_RUNNING = _RUNS | {"month", "since"}
_HAS = re.compile(r"拥有|累计|[共现建设存尚]有|保有|有效")
_RATIOS = frozenset({"ratio", "share"})
_OPEN_RANGE = frozenset({"since", "range"})
_UNDATED, _ = headed(  # what a project has, not what came about in a time
    has="全长|埋深|主跨|设计(?:时速|库容|通航|日|使用|标准|水深|荷载)|可(?:容纳|停放|同时)|占地(?!区|方)|(?:总|规划|项目|一期|二期|三期|净)用地(?!供应|出让|指标)|(?<=^)用地(?!供应|出让|指标)|建筑面积|设计年?产能|达产后|投产后|建成后|达效后|可年产"
)
_ONCE = re.compile("(?:达产|投产|建成|投用|达效)后[，,]")
_STANDS = re.compile("现存|现有|[共全]线?设|设有|建有|馆藏|(?:总|展览|建筑|景区|规划|用地)面积")
_PRICE = re.compile("门票|票价|售价(?!格指数)|定价|奖金|押金|租金|每[个项份].{0,4}奖")
_LENGTHS = frozenset({"km", "m2", "m3"})
_TAKE_PART = re.compile("[^，,。；\ue003]{0,14}?(?:参赛|参加|参展|参会|出席|竞技|角逐|同场|报名)")
_STATES = frozenset({"level", "count", "ratio", "rank", "index"})
CAME = re.compile(
    "[新净]增|累计|建成|完成|新[建改引签投]|改造|实施|发放|引进|培育|投入|争取|筹集|统筹|减[税免]|输转|创(?!新)|落户|签约|开工|投产|获|拨付|化解|安置|转移|实现|脱贫|退出|关停|投放|举办|接待|开行|治理|修复"
)
_STANDING = frozenset("家个所处座张人户辆名条册台部艘位") | {"km"}  # what there is at a year's end is counted in
_ARRIVED = re.compile(
    "招[生收]|毕业|签订|出版|演出|认证|登记|销售|成交|死亡|出生|诊疗|入院|出院|受理|选[育派]|资助|救助"
)
_LASTS = re.compile(r"(?<=\ue000)安排|现有")
_IN_BRACKET = re.compile(f"[（(](?:同比|比上年)?[^）)，,{TIME}]{{0,4}}")
_DATED_ENDS = frozenset("的约近")
_DATED = re.compile(f"{TIME}的(?:约|近)?$")
_ADMITTED = re.compile("认定|备案|授予|评定|获批")  # into a stock, within the year
_STAYS = re.compile("(?:稳定|保持|维持|稳)在")
_THAN_THEN = re.compile("同比[多少]增")
_STOCK_NAME = re.compile(
    "(?:一般|专项|政府|隐性)债务$|余额|存贷比|账户数|保有量|存栏|(?:电话|宽带|互联网|手机)用户|[存贷]款增速"
)
_LENT = re.compile("发放|新增|投放|落实|协调|办理|获|申请|提供|授信|转贷|续贷|偿还")
_FLOW_NAME = re.compile("出栏|出生|死亡|产量|销量|客运量|货运量|吞吐量|均价")


class Settling:
    """Settles the times of a body's numbers, from left to right, once their names, kinds and statuses are known."""

    __slots__ = ("_of_year", "_published", "_state", "_timeline", "_told_at_home")

    def __init__(self, timeline: Timeline, published: dt.date | None) -> None:
        self._timeline, self._published = timeline, published
        self._told_at_home: dict[Stated, bool] = {}
        self._state: Draft | None = None  # the last number of a firm or a platform that only is
        self._of_year = False  # whether the paragraph went on from what there was at a moment to what a year brought

    def new_line(self) -> None:
        """A new paragraph: who tells its times is open."""
        self._told_at_home = {}
        self._of_year = False

    def remember(self, draft: Draft) -> None:
        """Take notice of who told a time first: a place, or a firm."""
        if draft.time is not None and draft.subject is not None:
            self._told_at_home.setdefault(draft.time, draft.subject.code is not None)

    def settle(
        self, draft: Draft, before: Draft | None, masked: str, *, named: bool, chained: bool, quoted: bool
    ) -> None:
        """Take back a carried time where it cannot be the number's own.

        ``named``: an owner stands right before; ``chained``: the sentence goes on after a ；; ``quoted``: it is speech.
        """
        time, own = draft.time or NOTHING, self._timeline.sentence
        if time == own and (
            self._runs_on(draft, before, masked) if time.type == "as_of" else self._is_stock_in(draft, time)
        ):
            own = None
        if (
            before is not None
            and masked[before.end] in "（("
            and _IN_BRACKET.fullmatch(masked, before.end, draft.start)
        ):
            draft.time = before.time  # 2023年的8911.6亿元（增长7.0%）
        elif (
            draft.status == "actual"
            and self._published is not None
            and time.first is not None
            and time.first > self._published
        ):
            draft.time = NOTHING  # a fact of a time still to come: …，预计9月投产。6家企业抢着要地
        elif before is not None and before.kind == draft.kind == "change" and _THAN_THEN.search(draft.clause):
            draft.time = before.time  # 比年初新增1187亿元，同比多增46亿元
        elif draft.kind == "change" and (since := self._since_year_end(time)) is not None:
            draft.time = since
        elif draft.indicator_id == "major_projects_annual_plan" and time.type == "day" and time.last is not None:
            year = time.last.year  # 5月8日集中开工项目36个，年度计划投资62亿元
            draft.time = Stated("年度", dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
        elif (
            own is None
            and self._timeline.event is not None
            and (
                draft.kind == "count" and self._timeline.event.type == "day" and _TAKE_PART.match(masked, draft.end)
                if draft.status == "actual"
                else "届时" in draft.clause and self._timeline.event.type == "year"
            )
        ):
            draft.time = self._timeline.event  # 今天举行…，190支队伍参赛; 预计明年投产，届时年产值40亿元
        elif (draft.kind == "duration" and "天数" not in draft.name) or draft.indicator_id in PROJECT_IDS:
            if own is None or draft.status == "actual":
                draft.time = NOTHING
        elif self._is_timeless(draft, time, before, masked, chained=chained):
            draft.time = NOTHING
        elif own is None and self._only_is(draft, time, before, masked):
            draft.time = before.time if before is not None and draft.unit == "times" else NOTHING
        elif own is None and self._is_anothers(draft, time, masked):
            draft.time = NOTHING
        elif before is not None and before.kind == "streak" and _STAYS.search(masked, before.end, draft.start):
            draft.time = NOTHING  # 连续9年稳定在200亿斤以上
        elif own is None and not _is_dated(draft, masked):
            carried = self._carried(draft, time, before, masked, chained=chained)
            if carried is not None:
                draft.time = carried
            elif quoted:
                draft.time = NOTHING
            elif (
                named
                and not chained
                and self._timeline.frame.page is None
                and draft.subject is not None
                and draft.subject.code is None
                and draft.subject.type != "park"
                and not (  # a page on a holiday tells of its sights and stations too
                    time == self._timeline.frame.section
                    and is_holiday(time.type, time.first, time.last, time.text or "")
                )
            ):
                draft.time = NOTHING
                self._timeline.new_line()

    def _runs_on(self, draft: Draft, before: Draft | None, masked: str) -> bool:
        """Whether a flow is told behind a stock of the year's end: 年末共有规上工业企业238家，实现营业收入…; 年末结余…。其中：收入…."""
        if self._timeline.inherited and YEAR_END.match((draft.time or NOTHING).text or ""):
            return is_flow(draft)
        indicator = catalogue().get(draft.indicator_id or "")
        return (
            before is not None
            and (before.kind == "count" or before.time != draft.time)
            and draft.kind == "level"
            and indicator is not None
            and indicator.stock_flow == "flow"
            and YEAR_END.match((draft.time or NOTHING).text or "") is not None
            and TIME not in masked[before.end : draft.start]
        )

    def _is_stock_in(self, draft: Draft, time: Stated) -> bool:
        """Whether a stock is told behind a flow's year, while the paragraph is of a point: 本年新注册汽车…。其中：汽车保有量…."""
        timeline = self._timeline
        return timeline.inherited and time.type in {"ytd", "year"} and timeline.point is not None and _is_stock(draft)

    def _since_year_end(self, time: Stated) -> Stated | None:
        """较去年底净增94家: what the year has brought so far."""
        compared = self._timeline.compared
        if time.type != "as_of" or time.last is None or compared is None or compared.last is None:
            return None
        if (time.last.month, time.last.day) == (12, 31) or compared.last.month != 12:
            return None
        return Stated(time.text, compared.last + dt.timedelta(days=1), time.last, "ytd")

    def _is_timeless(self, draft: Draft, time: Stated, before: Draft | None, masked: str, *, chained: bool) -> bool:
        """Whether a number has no time though one was told: a ratio since years, a forecast of what is past, a project's area."""
        if is_open(time) and draft.kind in _RATIOS and _holds_now(draft) and not draft.rule.startswith("of_plan"):
            of_this_year = time == self._timeline.sentence and (time.text or "").startswith("今年")
            return not (of_this_year and draft.kind == "share")  # 今年以来，民生支出…，占…的70%
        if (
            draft.status == "forecast"
            and time.last is not None
            and self._published is not None
            and time.last <= self._published
            and not (time.type == "year" and (time.text == "全年" or time == self._timeline.frame.section))
            and TIME not in masked[before.end if before else draft.sentence[0] : draft.start]
            and not (before is not None and before.status == "forecast" and before.time == time)
            and not (chained and time.type in _RUNNING and _of_place(draft))
        ):
            return True
        if (
            time.last is not None
            and (time.type == "day" or is_holiday(time.type, time.first, time.last, time.text or ""))
            and self._timeline.sentence is None
            and (
                _STANDS.search(draft.clause)
                or _PRICE.search(draft.clause)
                or (draft.unit in _LENGTHS and masked.startswith("的", draft.end))
            )
        ):
            return True  # 今天…贯通。全线设车站8座; 国庆假期，…。景区现存古建筑120处
        if draft.status != "actual" and (once := _ONCE.search(masked, draft.sentence[0], draft.start)):
            return TIME not in masked[once.end() : draft.start]  # 二期投产后，年产值…
        return (
            _UNDATED.search(draft.clause) is not None
            and TIME not in masked[draft.start - len(draft.clause) - 2 : draft.start]
        )

    def _only_is(self, draft: Draft, time: Stated, before: Draft | None, masked: str) -> bool:
        """Whether a stretch of time is another owner's (近五年来，研究院…。全市512家), or a review of years tells what only is."""
        if not is_open(time):
            return False
        subject = draft.subject
        if subject is not None and subject.code is not None and not self._told_at_home.get(time, True):
            of_this_year = (time.text or "").startswith("今年") and CAME.search(masked, draft.sentence[0], draft.start)
            return not of_this_year
        return (  # 公路总里程突破1.3万公里
            time == self._timeline.frame.section
            and draft.kind in _STATES
            and not is_flow(draft)
            and not CAME.search(masked, draft.sentence[0] if before is None else before.end, draft.start)
        )

    def _is_anothers(self, draft: Draft, time: Stated, masked: str) -> bool:
        """Whether a time that an earlier sentence told is not this number's: a project's after the city's, or what goes on for years.

        前三季度，…。总投资36亿元的某某项目已完成投资11亿元; 去年以来，…。市财政每年安排5亿元…，设立30亿元的基金;
        今年1—8月，…。全国六成的核电产品由德阳制造.
        """
        if draft.subject is not None and draft.subject.type == "project":
            if time.type == "day":
                return True  # 5月8日，…开工。项目建设生产线8条
            of_it = "已" in draft.clause or "累计" in draft.clause or BUILDING.search(masked, *draft.sentence)
            return bool(of_it) and time.type != "as_of" and self._told_at_home.get(time, False)
        if self._timeline.frame.page is not None:
            return False
        if draft.kind == "share" and MADE_BY.match(masked, draft.start):
            return True
        return is_open(time) and _LASTS.search(masked, draft.sentence[0], draft.start) is not None

    def _carried(
        self, draft: Draft, time: Stated, before: Draft | None, masked: str, *, chained: bool
    ) -> Stated | None:
        """The time for a number that none was told for in its sentence; None where the carried one may stay."""
        timeline = self._timeline
        if draft.status == "forecast" and time.text != "全年":
            ahead = time.last is not None and self._published is not None and time.last > self._published
            if chained and time.type in _RUNNING and _of_place(draft):
                return None  # 预计上半年生产总值增长6%；投资增长8%
            return None if ahead and time.type == "year" and _of_place(draft) else NOTHING
        if (
            draft.rule.endswith("+carried")
            and draft.kind.startswith("growth")
            and before is not None
            and "as_of" in {time.type, (before.time or NOTHING).type}
            and not _STATED.search(masked, before.end, draft.start)
        ):
            return before.time or NOTHING
        if (
            before is not None
            and (before.time or NOTHING) == NOTHING
            and (draft.kind == "rank" or (before is self._state and before.subject == draft.subject))
            and not _STATED.search(masked, before.end, draft.start)
        ):
            self._state = draft
            return NOTHING  # 平台累计注册企业5.8万家，帮助2.3万家企业获得授信
        if draft.kind == "count" and self._is_state(draft, time, masked, first=before is None and not chained):
            of_firm = draft.subject is not None and draft.subject.code is None and draft.subject.name is not None
            self._state = draft if of_firm and time != self._timeline.frame.section else None
            return NOTHING
        if time.type == "as_of":
            if draft.status == "actual" and is_flow(draft):
                self._of_year = True
                running = timeline.running()
                if running == NOTHING and time.last is not None and _OF_YEAR_END.search(time.text or ""):
                    return Stated(time.text, time.last.replace(month=1, day=1), time.last, "year")
                return running
            if (
                timeline.frame.page is not None
                and not chained
                and not _is_stock(draft)
                and not _HAS.search(masked, draft.sentence[0], draft.start)
                and (self._of_year or not _there_is(draft, masked))
            ):
                self._of_year = True
                return (before.time or NOTHING) if before is not None else timeline.running()
        elif time.type in {"ytd", "year"} and _is_stock(draft) and not _ADMITTED.search(draft.clause):
            return timeline.point
        return None

    def _is_state(self, draft: Draft, time: Stated, masked: str, *, first: bool) -> bool:
        """A count that holds at the time of writing, though a period was told before: 销往30余个国家, 集聚企业200家."""
        if _COUNTRIES.match(masked, draft.end) and _SOLD_TO.search(
            masked, max(draft.sentence[0], draft.start - 10), draft.start
        ):
            return True
        return (
            first
            and (
                (draft.unit == "家" and draft.indicator_id is None)
                or (draft.unit == "个" and _REACHES.search(draft.clause) is not None and not CAME.search(draft.clause))
            )
            and draft.status == "actual"
            and time.type in _RUNS
            and self._timeline.frame.page is None
        )


def is_annual(draft: Draft) -> bool:
    """Whether the number is of an indicator that runs through a year."""
    indicator = catalogue().get(draft.indicator_id or "")
    return (
        indicator is not None
        and indicator.stock_flow == "flow"
        and draft.kind in {"level", "growth_yoy", "share", "rank", "gap_pp"}
    )


def _holds_now(draft: Draft) -> bool:
    """Whether a ratio is of what is so at a moment (城乡收入比3.02:1), not of what it was before (为2020年的2.1倍)."""
    return draft.unit != "times" or draft.indicator_id == "urban_rural_income_ratio"


def goes_past(draft: Draft) -> bool:
    """Whether the status of a number may hold after a ；: a target's, and that of a place's year: 预计全年…增长6%；…."""
    if draft.status == "forecast":
        if draft.subject is None or draft.subject.code is None or draft.kind == "duration":
            return False
        return is_annual(draft) or draft.subject.type in {"city", "county"}
    return draft.status == "target"


def _is_dated(draft: Draft, masked: str) -> bool:
    """Whether a time stands right before the number: 2020年的838家."""
    return (
        masked[draft.start - 1 : draft.start] in _DATED_ENDS
        and _DATED.search(masked, max(draft.sentence[0], draft.start - 4), draft.start) is not None
    )


def _is_stock(draft: Draft) -> bool:
    """Whether the number is of what there is at a moment: 余额, 常住人口."""
    if draft.status != "actual":
        return False
    indicator = catalogue().get(draft.indicator_id or "")
    return _names_stock(draft.name) if indicator is None else indicator.stock_flow == "stock"


def _there_is(draft: Draft, masked: str) -> bool:
    """Whether a number counts what there is at a moment: 年末…。三级医院15家, no 招生3.6万人 and nothing that came about."""
    return (
        draft.unit in _STANDING
        and _ARRIVED.search(masked, *draft.sentence) is None
        and not CAME.search(masked, *draft.sentence)
    )


def _of_place(draft: Draft) -> bool:
    """Whether a number is a place's, with a region of its own."""
    return draft.subject is not None and draft.subject.code is not None


def _names_stock(name: str) -> bool:
    """Whether a name without an indicator is of what there is at a moment: 企业存款, 中长期贷款; 发放贷款 is not."""
    if name.endswith(("存款", "贷款")):
        return _LENT.search(name) is None
    return _STOCK_NAME.search(name) is not None


def is_flow(draft: Draft) -> bool:
    """Whether the number is of something that runs through a period, so that a carried 年末 is not its time."""
    indicator = catalogue().get(draft.indicator_id or "")
    if indicator is not None and indicator.stock_flow:
        return indicator.stock_flow == "flow"
    if draft.rule.endswith("+carried") and draft.kind.startswith("growth"):
        return True
    if draft.unit in {"t", "kWh", "人次", "CNY"} and not _names_stock(draft.name):
        return True
    return _FLOW_NAME.search(draft.name) is not None


def is_open(time: Stated) -> bool:
    """Whether a time only says since when: 2019年以来, 五年来; a holiday or a month is a time of its own."""
    if time.type not in _OPEN_RANGE or (time.text or "").endswith("学年"):
        return False
    return time.first is None or time.last is None or (time.last - time.first).days > 45
