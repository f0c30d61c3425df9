"""Walk a body from left to right and turn its numbers into drafts: lines, sentences, what carries on, what is no figure at all."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import zip_longest

from parsers.draft import NUM, TIME, Draft, mask, unmark
from parsers.figures import is_label
from parsers.indicators import catalogue, link
from parsers.kinds import status_cues, status_of
from parsers.linking import NEW, PARTNER, VA, Surroundings
from parsers.lists import distribute, share_unit, triples
from parsers.metric_tables import TableReader, table_figure
from parsers.model import Quantity
from parsers.naming import name_number
from parsers.periods import find_periods
from parsers.phrases import any_of
from parsers.places import find_places
from parsers.quantities import find_quantities
from parsers.subjects import Subjects, owner_of
from parsers.timeline import NOTHING, Stated, Timeline

__all__ = ["read_body"]

_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^。！？；!?]+(?:[。！？；!?]+[”’」』）)]*)?")
_CONTINUED = re.compile(r"^个?(?:[、/]|和|及|与|以及|至|或)+(?:[\ue001\ue002]|全国|全省|全区|全市|平均|水平)*的?$")
_TO_ONLY = re.compile(
    r"^(?:左右|以上|以下)?(?:进一步|大幅|稳步|逐步|快速)?(?:提高|提升|上升|下降|降低|降|升|增加|增长|增|调整|缩小|扩大|回落|减少|减|压缩|缩短|跃升|攀升|变|转|上调|下调|收窄|压减|延长)(?:到|至|为|成)(?:了|约|近|超)?$"
)
_TURN = re.compile(f"(?:和|、|与|及)(?:(?P<fall>{any_of('fall').pattern})|{any_of('grow').pattern})")
_OR = re.compile("[，,]?(?:或|即|约合)")
_NOUN = re.compile(r"[“]?(?![和及与])[一-龥]")
_TARGET_HEADING = re.compile(
    r"(?:主要|预期|发展|工作|年度|重点)(?:预期)?目标|目标任务|预算安排|收支预算|预算草案$|重点工作$|工作(?:安排|打算|计划|重点)|下一步"
)
_SETS_OUT = re.compile(  # a paragraph without figures that opens the plans of a year
    r"\s*(?:(20\d\d)年|今年|新的一年|明年|下一步|下阶段)[，,]?[^。；]{0,30}?(?:将|重点抓好|要(?:重点|着力|全力|坚持|抓好|做好)|力争|总体要求|主要目标|工作思路|重点工作)"
)
_AHEAD = re.compile("(?:(下半年)|新的一年|下一步|下阶段|接下来)[，,]")
_REVIEW_HEADING = re.compile("回顾|完成情况|执行情况|运行情况|总体情况|取得|成效|成就|亮点")
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．])")
_AFTER_NOUN = re.compile(r"[、，,；;。]|和|及|与|以及")
_WILL = re.compile(r"[^，,。；;\ue003]{0,16}?(?<![即必或])将(?=于|在|陆续|全部|\ue000)")
_FROM_HERE = re.compile(r"(?:由|从)(?:目前的?|现在的?|\ue000+的?)?(?:约|近|不足)?$")
_DONE = re.compile(r"完成(?!数)|执行|实现|达到?|已|签约|开工|举行|新增|印发|出台")
_BEGUN = re.compile("已|签约|开工|举行|印发|出台")
_RATE_FROM = re.compile("(?:增速|增幅|降幅|涨幅)(?:已|则)?[由从]")
_LISTING = re.compile("^(?:分.{1,8}看|其中|按.{1,8}分)[，,]?|(?:如下|情况|完成情况)$|主要")
_SOLD_TO = re.compile("(?:销往|出口到|远销|遍布|辐射|覆盖)(?:全球|世界|海外|全国)?(?:约|近|超过?)?$")
_COUNTRIES = re.compile("(?:国家|省|城市|地区)")
_DATED = re.compile(f"{TIME}的(?:约|近)?$")
_UNDATED = re.compile(  # what a project has, not what came about in a time
    "占地(?!区|方)|用地(?<!建设用地|供应用地)(?!供应|出让|指标)|建筑面积|设计年?产能|达产后|投产后|建成后|达效后|可年产"
)
_STATES = frozenset({"level", "count", "ratio", "rank", "index"})
_CAME = re.compile(
    "[新净]增|累计|建成|完成|新[建改引签]|改造|实施|发放|引进|培育|投入|争取|筹集|统筹|减[税免]|输转|创(?!新)|落户|签约|开工|投产|获|拨付|化解|安置|转移|实现|脱贫|退出|关停|投放|举办|接待|开行|治理|修复"
)
_IN_BRACKET = re.compile(f"[（(](?:同比|比上年)?[^）)，,{TIME}]{{0,4}}")
_DATED_ENDS = frozenset("的约近")
_STAYS = re.compile("(?:稳定|保持|维持|稳)在")
_OVER_YEARS = re.compile("(?:年均|年平均|年复合)(?:增长|增速|增幅|递增|下降|提高|增加)|[两三四五]年(?:来|间)?累计")
_NEW = re.compile(f"{NEW.pattern}|新建|新改建|新认定|新开工")
_COUNTED_YEARS = re.compile("([三四五六七八九])年年均")
_FEW = "零一两三四五六七八九"
_TOTAL = re.compile("累计|总数|总量")
_STOCK_NAME = re.compile("余额|存贷比|保有量|存栏|(?:电话|宽带|互联网|手机)用户|[存贷]款增速")
_FLOW_NAME = re.compile("出栏|产量|销量|客运量|货运量|吞吐量")
_STATED = re.compile(f"(?<![比较同与{TIME}]){TIME}")
_RUNS = frozenset({"year", "ytd", "half", "quarter"})
_RUNNING = _RUNS | {"month", "since"}
_NOTES = re.compile(r"^(?:注释?|指标解释|名词解释|附注|说明|主要统计指标解释)\s*[：:]?\s*$")
_NOTE = re.compile(r"^\s*(?:注\s*[：:]|\[\d+\]|[①-⑳]|注释\s*[：:])")
_SMALL = re.compile(r"[两二三四五六七八九]\D")
_COMMA = re.compile(r"[，,；;]")
_QUOTE = re.compile(r"^[“‘][^”’]{14}")
_IMPERATIVE = re.compile(
    r"^(?:压减|盘活|化解|改造|组织|举办|打造|扩大|提高|完善|优化|开展|争创|支持|推动|确保|加快|力争|实施|抓好|推进|培育|引进|新增|建设|完成|新建|继续|全力|深入|坚持|强化|突出|着力|要)"
)
_ENUMERATED = re.compile(r"^[“\s]*[一二三四五六七八九]是")
_MOM, _YOY = any_of("mom"), any_of("yoy")
_FUTURE_WORD = re.compile(r"^(?:到|至)?(?:明年|下半年|新的一年)")
_ARTICLE = re.compile(r"^[一1](?![0-9.])")
_HAS = re.compile(r"拥有|累计|[共现建设存尚]有|保有|有效")
_PRIVATE = re.compile("民营经济|非公有制|非公经济|县域经济|私营经济|个体私营")
_PARTS = {  # what an aggregate is broken down into: no figures of the whole city
    "sectors": frozenset(
        {"primary_industry_va", "secondary_industry_va", "tertiary_industry_va", "industry_va_all", "construction_va"}
    ),
    "trade": frozenset({"exports", "imports", "trade_total"}),
}
_HEADS = frozenset({"头", "只", "羽", "匹"})
_TELLS_SPAN = re.compile(
    "每|平均|停留|最快|最短|缩短|压缩|用时|寿命|审批|办结|办理|时间|时长|时限|周期|车程|航程|工期|历时|耗时|为期|封闭|施工|不超过|不到|只需|仅需|需要|期限|周转"
)
_GOAL = re.compile(r"(?:以上|左右)?的(?:年度|年初|全年|预期|增长|既定|规划)*(?:目标|预期)(?!任务)")
_GOAL_HEADS = frozenset("以左的")
_BARE_YEAR = re.compile(r"(?:截至)?(?:全年|年末|年底)$")
_STOCK_KINDS = frozenset({"ratio", "share"})
_OPEN_RANGE = frozenset({"since", "range"})


def read_body(body: str, title: str, published: dt.date | None, city_code: str | None) -> list[Draft]:
    """The drafts of all numbers of a body that are figures, in text order."""
    return _Reader(body, title, published, city_code).read()


class _Reader:
    """One walk over a body."""

    def __init__(self, body: str, title: str, published: dt.date | None, city_code: str | None) -> None:
        self.body = body
        self.published = published
        self.drafts: list[Draft] = []
        self.quantities = find_quantities(body)
        if not self.quantities:
            return
        self.periods = find_periods(body, published)
        places = self.places = find_places(body, city_code)
        self.masked = mask(body, self.periods, places, self.quantities)
        self.timeline = Timeline(
            body, self.masked, self.periods, title, find_periods(title, published), published=published
        )
        self.subjects = Subjects(body, self.masked, title, places, city_code)
        self.carry: Draft | None = None
        self.pulled: str | None = None
        self.branches = False
        self.mom = False
        self.inherited: str | None = None
        self.quoted = False
        self.ahead = self.peeked = self.chained = False
        self.within = ""
        self.cues: list[tuple[int, str]] = []
        self.told_at_home: dict[Stated, bool] = {}  # times of the paragraph: whether a place stated them, or a firm
        self.section_mom = self.section_target = False
        self.yearly = False
        self.announced: Draft | None = None
        self.drafts_budget = "预算" in title and any(word in title for word in ("草案", "编制", "安排"))

    def read(self) -> list[Draft]:
        """Every line: tables by the table reader, prose sentence by sentence."""
        if not self.quantities:
            return []
        tables = TableReader(self.published, self.subjects.home.subject.code, self.timeline.running().last)
        at = 0
        quantities = self.quantities
        for line in _LINE.finditer(self.masked):
            start, end = line.span()
            if end - start < 12 and _NOTES.match(self.body[start:end]):
                break
            if _NOTE.match(self.body[start : start + 6]):
                continue
            first = at
            while at < len(quantities) and quantities[at].start < end:
                at += 1
            self.timeline.new_line()
            self.subjects.new_line()
            self.mom = self.section_mom
            self.yearly = False
            self.told_at_home = {}
            self.inherited = "target" if self.section_target else None
            text = self.body[start:end]
            if "\t" in text:
                self._read_row(start, text, tables)
            else:
                tables.end(text)
                self._read_line(start, end, quantities[first:at])
            self.timeline.skip_to(end)
            self.timeline.end_line(figures=first < at)
        return self.drafts

    def _read_line(self, start: int, end: int, quantities: list[Quantity]) -> None:
        at = 0
        if not quantities:
            heading = self.body[start:end]
            self.announced = None
            if end - start < 40 and "。" not in heading:
                self.section_mom = bool(_MOM.search(heading))
                if _TARGET_HEADING.search(heading):
                    self.section_target = True
                    self.timeline.end_section()
                elif _REVIEW_HEADING.search(heading) or not _NUMBERED.match(heading):
                    self.section_target = False
                self.timeline.heading(heading, start)
            elif self._sets_out(heading):
                self.section_target = True
                self.timeline.heading(heading, start)
            if heading.rstrip().endswith(("：", ":")) and end - start < 40:
                self._announce(heading)
            self.subjects.read(start, end, "")
            return
        if end - start > 60:
            self.announced = None
        if self.announced is not None or not self.timeline.has_default:
            self.carry = self.announced
        for sentence in _SENTENCE.finditer(self.masked, start, end):
            text, (begin, stop), first = sentence.group(), sentence.span(), at
            while at < len(quantities) and quantities[at].start < stop:
                at += 1
            if "是" in text[:8] and _ENUMERATED.match(text):
                self.timeline.new_line()
            self.timeline.new_sentence(begin)
            self.subjects.new_sentence(begin, stop, brief=self.timeline.has_default, chained=self.chained)
            if not self.chained and not text.startswith("其中"):
                self.within = ""
            self.quoted = bool(_QUOTE.match(text))
            if (self.ahead and _IMPERATIVE.match(text)) or self._opens_ahead(self.body[begin : begin + 8]):
                self.inherited = "target"
            if first < at:
                self._read_sentence(begin, stop, quantities[first:at])
            else:
                self.subjects.read(begin, stop, "")
            self.timeline.skip_to(stop)
            self.chained = text.endswith(("；", ";"))
            if not self.chained and not self.section_target:
                self.inherited = None

    def _opens_ahead(self, sentence: str) -> bool:
        """Whether a sentence opens with what is still to come: 下半年，…; 新的一年，…."""
        opens = _AHEAD.match(sentence)
        return opens is not None and (opens[1] is None or (self.published is not None and self.published.month <= 8))

    def _sets_out(self, line: str) -> bool:
        """Whether a line opens the plans of a year that has not gone by: 2025年，我市将重点抓好以下工作."""
        plans = _SETS_OUT.match(line)
        if plans is None or self.published is None or (plans[1] and int(plans[1]) < self.published.year):
            return False
        return self.published.month <= 4 or not (plans[1] or line.lstrip().startswith("今年"))

    def _announce(self, heading: str) -> None:
        """2024年主要农产品产量： names and dates the lines that follow."""
        name = unmark(mask(heading, find_periods(heading, self.published), find_places(heading, None), [])).rstrip(
            "：: 。"
        )
        name = _LISTING.sub("", name)
        found, alias = link(name, None, "growth_yoy")
        if found or name.endswith(("产量", "产值", "增加值", "投资", "收入")):
            quantity = Quantity(0, 0, Decimal(0), None, None, "eq")
            self.announced = Draft(quantity, 0, 0, None, kind="change", name=alias or name, indicator_id=found)

    def _read_sentence(self, start: int, end: int, quantities: list[Quantity]) -> None:
        masked, body = self.masked, self.body
        group: list[Draft] = []
        times: dict[int, list[Stated]] = {}
        last_end = start
        drafts, words, at = [], [], 0
        for q in quantities:
            if not is_label(q, body, masked, start, end):
                drafts.append(Draft(q, q.start, q.end, q.unit, sentence=(start, end)))
            elif masked[q.start] == NUM:  # a bound that belongs to a name is a word of it: 10亿元以上项目
                words += [masked[at : q.start], body[q.start : q.end]]
                at = q.end
        if words:
            self.masked = masked = "".join([*words, masked[at:]])
        share_unit(drafts, masked)
        opening = unmark(masked[start : start + 16]) if drafts else ""
        self.cues = status_cues(masked, start, end)
        for draft, following in zip_longest(drafts, drafts[1:]):
            after_end = following.start if following else end
            if group and "+after" in group[-1].rule and (cut := _AFTER_NOUN.search(masked, last_end, draft.start)):
                last_end = cut.start()
            segment = masked[last_end : draft.start]
            if group and group[-1].kind == "streak" and draft.unit == "rank" and not _COMMA.search(segment):
                draft.time = group[-1].time
                self.timeline.skip_to(draft.start)
            else:
                draft.time = self.timeline.at(draft.end if segment.endswith("连续") else draft.start, segment)
            if _MOM.search(segment):
                self.mom = True
            elif self.mom and (self.timeline.pending() or _YOY.search(segment)):
                self.mom = False
            if (
                group
                and _same_unit(draft, group[-1])
                and _CONTINUED.match(segment)
                and not (group[-1].kind == "count" and _NOUN.match(masked, draft.end))
            ):
                _continue(draft, group[-1])
            elif (
                group
                and _same_unit(draft, group[-1])
                and (
                    group[-1].kind in {"share", "ratio", "level", "count"}
                    or (group[-1].kind == "growth_yoy" and _RATE_FROM.search(group[-1].clause))
                )
                and _TO_ONLY.match(segment)
            ):
                _continue(draft, group[-1])
                draft.listed = False
            elif (
                group
                and draft.unit == group[-1].unit == "%"
                and group[-1].kind.startswith("growth")
                and (turn := _TURN.fullmatch(segment))
            ):
                _continue(draft, group[-1])
                draft.sign = -1 if turn.lastgroup == "fall" else 1
            elif group and draft.unit == "%" and group[-1].kind == "change" and _OR.fullmatch(segment):
                _continue(draft, group[-1])
                draft.kind, draft.unit, draft.listed = "growth", "%", False
            else:
                times[len(group)] = list(self.timeline.pending())
                around = Surroundings(
                    segment,
                    last_end,
                    masked[draft.end : min(after_end, draft.end + 32)],
                    self.carry,
                    self.branches,
                    self.mom,
                    self.timeline.compared,
                    draft.time or NOTHING,
                    self.pulled,
                    opening,
                )
                name_number(draft, around, body)
            named = not (draft.listed and draft.kind == "gap_pp") and self.subjects.read(
                last_end, draft.owner_end or draft.start, draft.kind
            )
            if segment.endswith("等"):
                self.subjects.forget()
            carried = self.carry.indicator_id if self.carry else None
            if draft.unit == "rank" and masked[draft.end : draft.end + 1] == "的":
                self.subjects.read(draft.end + 1, min(after_end, draft.end + 16), "rank")
            draft.subject = self.subjects.of(
                last_end, draft.start, name=draft.name, kind=draft.kind, indicator=draft.indicator_id, carried=carried
            )
            self.peeked = False
            draft.status = self._status(draft, start, min(after_end, draft.end + 24))
            if draft.status == "actual":
                draft.time = self._finished(draft.time or NOTHING)
            if (
                self.timeline.backdrop is not None
                and draft.status == "actual"
                and (draft.time or NOTHING) == NOTHING
                and draft.subject is not None
                and draft.subject.code is not None
                and self._is_annual(draft)
                and "已" not in body[start : draft.start]
            ):
                draft.time = self.timeline.backdrop
            if "+after" in draft.rule and (stated := self._time_after(draft, after_end)) is not None:
                draft.time, self.peeked = stated, True
            if not self.peeked:
                self._settle(draft, named, group[-1] if group else None)
                self._spread(draft, group)
            if draft.kind == "growth_yoy":
                if not self.yearly and self._has_no_base(draft):
                    draft.kind = "growth"
                else:
                    self.yearly = True
            if ("经" in draft.name or "非公" in draft.name) and _PRIVATE.search(draft.name):
                self.within = "sectors"
            elif draft.indicator_id is None and "口" in draft.clause and PARTNER.search(draft.clause):
                self.within = "trade"
            elif (
                draft.indicator_id in _PARTS.get(self.within, ())
                and "+carried" not in draft.rule
                and (self.within == "sectors" or len(draft.name) <= 4)
            ):
                draft.indicator_id = None
            group.append(draft)
            last_end = draft.end
            self._remember(draft)
        self.ahead = bool(group) and group[-1].status == "target"
        triples(group, masked, body)
        distribute(group, masked, times, self.places, owner_of)
        kept = [draft for draft in group if not self._is_nothing(draft)]
        if kept:
            self.inherited = (
                kept[-1].status
                if (kept[-1].status == "target" and self.timeline.own() is not None) or self.inherited
                else None
            )
        self.drafts += kept

    def _has_no_base(self, draft: Draft) -> bool:
        """Whether nothing says that a growth is measured from a year before: no time at all, or a stretch of years."""
        time = draft.time or NOTHING
        if _YOY.search(draft.clause):
            return False
        if time.type in _OPEN_RANGE and time.first is not None and time.last is not None:
            return (time.last - time.first).days > 400 and (
                not draft.rule.endswith("+carried") or time == self.timeline.own()
            )
        if draft.rule.endswith("+carried") or draft.indicator_id is not None:
            return False
        return time.last is None and not self.timeline.has_default

    def _remember(self, draft: Draft) -> None:
        """What the next number may go on about."""
        if draft.kind == "contribution":
            self.pulled = draft.indicator_id
        if (
            draft.kind == "contribution"
            or "序时进度" in draft.name
            or "时间进度" in draft.name
            or draft.rule.startswith("of_plan")
            or not (draft.indicator_id or draft.name)
        ):
            return
        self.carry = draft
        if draft.time is not None and draft.subject is not None:
            self.told_at_home.setdefault(draft.time, draft.subject.code is not None)
        if draft.indicator_id in VA or draft.name.endswith("工业增加值"):
            self.branches = True
        elif draft.indicator_id is not None and catalogue()[draft.indicator_id].sector != "工业":
            self.branches = False

    def _time_after(self, draft: Draft, end: int) -> Stated | None:
        """A time between a number and the noun after it: 7家企业被列入2024年…名录."""
        stop = _COMMA.search(self.masked, draft.end, end)
        return self.timeline.peek(draft.end, stop.start() if stop else end)

    def _status(self, draft: Draft, start: int, end: int) -> str:
        masked = self.masked
        time = draft.time or NOTHING
        if masked.find("将", draft.end, end) >= 0 and (ahead := _WILL.match(masked, draft.end, end)):
            stated = self.timeline.peek(draft.end, ahead.end() + 12)
            if stated is not None:
                draft.time = stated
                self.peeked = True
            return "target"
        status = status_of(self.cues, draft.end, self._lies_ahead(time), self.inherited)
        if status == "budget":
            return (
                "target"
                if draft.kind == "level" and masked[draft.start - 1 : draft.start] not in {"（", "("}
                else "actual"
            )
        if draft.rule.startswith("goal"):
            return "target"
        if masked[draft.end : draft.end + 1] in _GOAL_HEADS and _GOAL.match(masked, draft.end, end):
            status = "target"
        if status != "actual" and self.published is not None:
            self._look_ahead(draft, time)
            time = draft.time or NOTHING
        if (
            status == "actual"
            and self._is_draft_budget(time)
            and not (_DONE if self.published and self.published.month > 2 else _BEGUN).search(
                masked, max(start, draft.start - 24), draft.start
            )
        ):
            return "target"
        if status == "actual" or self.published is None:
            return status
        if _FROM_HERE.search(masked, max(start, draft.start - 6), draft.start):
            return "actual"
        if status == "target" and time.last is not None and time.last <= self.published and time.type != "day":
            clause = masked.rfind("，", start, draft.start) + 1
            if (
                any(cue == "will" and clause <= at < draft.start for at, cue in self.cues)
                and clause
                and TIME not in masked[clause : draft.start]
            ):
                draft.time = NOTHING  # 今年5月获批…，将带动500家企业: what it will do has no time
                return status
            return "actual"
        return status

    def _look_ahead(self, draft: Draft, time: Stated) -> None:
        """将在三年内 lies ahead; 全年 in a plan without a year is the year of publishing."""
        assert self.published is not None
        if time.type == "range" and time.last == self.published and time.first and (time.text or "").endswith("内"):
            draft.time = Stated(time.text, self.published, self.published + (self.published - time.first), "range")
        elif (time.last is None or time.last < self.published) and "全年" in self.body[draft.sentence[0] : draft.start]:
            year = self.published.year
            draft.time = Stated("全年", dt.date(year, 1, 1), dt.date(year, 12, 31), "year")

    def _finished(self, time: Stated) -> Stated:
        """A fact of 全年 or 年末 without a year is of the last finished one."""
        if (
            self.published is None
            or time.last is None
            or time.last <= self.published
            or not _BARE_YEAR.match(time.text or "")
        ):
            return time
        if self.published.month >= 11 and time.last.year == self.published.year:
            return time
        back = dt.date(time.last.year - 1, 12, 31)
        return Stated(time.text, time.first and dt.date(back.year, 1, 1), back, time.type)

    def _is_draft_budget(self, time: Stated) -> bool:
        """A whole year named by its number, on a page of that year's first months, is still ahead."""
        if self.published is None or time.type != "year" or time.last is None or time.text is None:
            return False
        if time.last.year != self.published.year or self.published.month > (8 if self.drafts_budget else 4):
            return False
        return time.text[:2] == "20" or time.text.startswith("本年")

    def _lies_ahead(self, time: Stated) -> bool:
        if time.last is None or self.published is None or time.text is None:
            return False
        return time.last.year > self.published.year or (
            time.text[:1] in "到至明下新" and bool(_FUTURE_WORD.match(time.text))
        )

    def _settle(self, draft: Draft, named: bool, before: Draft | None) -> None:
        """Take back a carried time where it cannot be the number's own."""
        time = draft.time or NOTHING
        own = self.timeline.own()
        subject = draft.subject
        compared = self.timeline.compared
        if (
            before is not None
            and self.masked[before.end] in "（("
            and _IN_BRACKET.fullmatch(self.masked, before.end, draft.start)
        ):
            draft.time = before.time  # 2023年的8911.6亿元（增长7.0%）
            return
        if (
            draft.kind == "change"
            and time.type == "as_of"
            and compared is not None
            and compared.last is not None
            and time.last is not None
            and (time.last.month, time.last.day) != (12, 31)
            and compared.last.month == 12
        ):  # 较去年底净增94家: what the year has brought so far
            draft.time = Stated(time.text, compared.last + dt.timedelta(days=1), time.last, "ytd")
            return
        if (
            draft.indicator_id in {"project_total_investment", "project_construction_duration"}
            or draft.kind == "duration"
        ):
            if own is None or draft.status == "actual":
                draft.time = NOTHING
            return
        if (
            _is_open(time)
            and draft.kind in _STOCK_KINDS
            and draft.unit != "times"
            and not draft.rule.startswith("of_plan")
        ):
            draft.time = NOTHING
            return
        if (
            draft.status == "forecast"
            and time.last is not None
            and self.published
            and not (time.type == "year" and time == self.timeline.section())
            and time.last <= self.published
            and TIME not in self.masked[before.end if before else draft.sentence[0] : draft.start]
        ):
            draft.time = NOTHING
            return
        if _UNDATED.search(draft.clause) and TIME not in self.masked[draft.start - len(draft.clause) - 2 : draft.start]:
            draft.time = NOTHING
            return
        if (
            own is None
            and _is_open(time)
            and subject is not None
            and subject.code is not None
            and not self.told_at_home.get(time, True)
        ):  # 近五年来，研究院…。全市高新技术企业512家: another owner's stretch of time
            draft.time = NOTHING
            return
        if (
            own is None
            and _is_open(time)
            and time == self.timeline.section()
            and draft.kind in _STATES
            and not self._is_flow(draft)
            and not _CAME.search(self.masked, draft.sentence[0] if before is None else before.end, draft.start)
        ):  # a review of years tells what is, too: 公路总里程突破1.3万公里
            draft.time = before.time if before is not None and draft.unit == "times" else NOTHING
            return
        if before is not None and before.kind == "streak" and _STAYS.search(self.masked, before.end, draft.start):
            draft.time = NOTHING  # 连续9年稳定在200亿斤以上
            return
        if own is not None or (
            self.masked[draft.start - 1 : draft.start] in _DATED_ENDS
            and _DATED.search(self.masked, max(draft.sentence[0], draft.start - 4), draft.start)
        ):
            return
        if draft.status == "forecast" and time.text != "全年":
            draft.time = NOTHING
        elif (
            draft.rule.endswith("+carried")
            and draft.kind.startswith("growth")
            and before is not None
            and "as_of" in {time.type, (before.time or NOTHING).type}
            and not _STATED.search(self.masked, before.end, draft.start)
        ):
            draft.time = before.time
        elif draft.kind == "count" and self._is_state(draft, time, first=before is None and not self.chained):
            draft.time = NOTHING
        elif time.type == "as_of" and draft.status == "actual" and self._is_flow(draft):
            draft.time = self.timeline.running()
        elif (
            time.type == "as_of"
            and self.timeline.has_default
            and not self.chained
            and not self._is_stock(draft)
            and not _HAS.search(self.masked, draft.sentence[0], draft.start)
        ):
            draft.time = before.time if before is not None else self.timeline.running()
        elif time.type in {"ytd", "year"} and self._is_stock(draft) and (point := self.timeline.point()) is not None:
            draft.time = point
        elif self.quoted:
            draft.time = NOTHING
        elif not self.timeline.has_default and named and subject is not None and subject.code is None:
            draft.time = NOTHING
            self.timeline.new_line()

    def _spread(self, draft: Draft, group: list[Draft]) -> None:
        """A mean growth runs over the years told before (从2015年的…到2020年的…，年均增长); a total after what was new is as of the end."""
        time = draft.time or NOTHING
        as_of = Stated(time.text, None, time.last, "as_of")
        if "年" in draft.clause and _OVER_YEARS.search(draft.clause):
            ends = [d.time for d in group[-2:] if d.time is not None and d.time.type == "year"]
            section = self.timeline.section()
            years = section if section is not None and _is_open(section) else self.timeline.years()
            count = _COUNTED_YEARS.search(draft.clause)
            if count and time.type == "year" and time.last is not None:
                first = time.last.year - _FEW.index(count[1]) + 1
                draft.time = Stated(count[0], dt.date(first, 1, 1), time.last, "range")
            elif len(ends) == 2 and ends[0].last and ends[1].last and ends[1].last.year - ends[0].last.year > 1:
                draft.time = Stated(None, dt.date(ends[0].last.year + 1, 1, 1), ends[1].last, "range")
            elif (
                time.type in {"year", "as_of", None}
                and years is not None
                and years.first
                and years.last
                and (time.last is None or years.first <= time.last <= years.last)
            ):
                draft.time = years
        elif (
            draft.kind in {"count", "level"}
            and time.last is not None
            and time.type in _RUNNING
            and draft.status == "actual"
            and (_TOTAL.search(draft.clause) or (draft.clause[:1] == "、" and group and group[-1].time == as_of))
            and any(_NEW.search(d.clause) for d in group)
        ):
            draft.time = as_of

    def _is_stock(self, draft: Draft) -> bool:
        if draft.status != "actual":
            return False
        indicator = catalogue().get(draft.indicator_id or "")
        return _STOCK_NAME.search(draft.name) is not None if indicator is None else indicator.stock_flow == "stock"

    def _is_state(self, draft: Draft, time: Stated, *, first: bool) -> bool:
        """A count that holds at the time of writing, though a period was told before: 销往30余个国家, 集聚企业200家."""
        if _COUNTRIES.match(self.masked, draft.end) and _SOLD_TO.search(
            self.masked, max(draft.sentence[0], draft.start - 10), draft.start
        ):
            return True
        return (
            first
            and draft.unit == "家"
            and draft.indicator_id is None
            and draft.status == "actual"
            and time.type in _RUNS
            and not self.timeline.has_default
        )

    def _is_annual(self, draft: Draft) -> bool:
        """Whether the number is of an indicator that runs through a year."""
        indicator = catalogue().get(draft.indicator_id or "")
        return (
            indicator is not None
            and indicator.stock_flow == "flow"
            and draft.kind in {"level", "growth_yoy", "share", "rank", "gap_pp"}
        )

    def _is_flow(self, draft: Draft) -> bool:
        """Whether the number is of something that runs through a period, so that a carried 年末 is not its time."""
        indicator = catalogue().get(draft.indicator_id or "")
        if indicator is not None and indicator.stock_flow:
            return indicator.stock_flow == "flow"
        if draft.rule.endswith("+carried") and draft.kind.startswith("growth"):
            return True
        return (draft.unit in {"t", "kWh", "人次", "CNY"} and "余额" not in draft.name) or _FLOW_NAME.search(
            draft.name
        ) is not None

    def _is_nothing(self, draft: Draft) -> bool:
        if draft.unit is None:
            if draft.indicator_id == "urban_rural_income_ratio":
                draft.unit = "times"
                draft.kind = "change" if draft.kind == "change" else "ratio"
                return False
            return not draft.listed or draft.indicator_id is None
        text = self.body[draft.start : draft.end]
        if draft.kind == "count" and draft.indicator_id is None and _SMALL.match(text):
            return True
        if draft.kind == "count" and _ARTICLE.match(text) and text[0] == "一":
            return draft.indicator_id is None or draft.unit not in {"个", "家", "所"}
        if draft.kind == "level" and draft.indicator_id is None and text[0] == "一" and draft.unit in {"km", "m2", "t"}:
            return True
        if (
            draft.kind == "duration"
            and draft.indicator_id is None
            and not _TELLS_SPAN.search(self.masked, max(draft.sentence[0], draft.start - 16), draft.end + 8)
        ):
            return True
        return draft.kind == "duration" and text[0] == "一" and draft.unit not in {"month", "day"}

    def _read_row(self, start: int, line: str, tables: TableReader) -> None:
        for cell in tables.read(line, start):
            draft = table_figure(cell, self.body, self.masked)
            if draft is not None:
                draft.time = draft.time or self.timeline.at(draft.start, "")
                draft.subject = draft.subject or self.subjects.home.subject
                draft.sentence = (start, start + len(line))
                self.drafts.append(draft)
        self.timeline.skip_to(start + len(line))


def _is_open(time: Stated) -> bool:
    """Whether a time only says since when: 2019年以来, 五年来; a holiday or a month is a time of its own."""
    if time.type not in _OPEN_RANGE:
        return False
    return time.first is None or time.last is None or (time.last - time.first).days > 45


def _same_unit(draft: Draft, before: Draft) -> bool:
    if draft.unit in _HEADS and before.unit in _HEADS:
        return True
    return draft.unit is None or draft.unit == before.unit or draft.quantity.unit == before.quantity.unit


def _continue(draft: Draft, before: Draft) -> None:
    """A further number of a list: all as before but the value."""
    draft.kind, draft.rule, draft.listed = before.kind, before.rule.split("+")[0] + "+list", True
    draft.sign, draft.name, draft.indicator_id, draft.clause = (
        before.sign,
        before.name,
        before.indicator_id,
        before.clause,
    )
    draft.scope, draft.baseline, draft.scale = before.scope, before.baseline, before.scale
    if draft.unit is None or draft.quantity.unit == before.quantity.unit:
        draft.unit = before.unit
