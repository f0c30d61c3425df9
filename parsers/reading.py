"""Walk a body from left to right and turn its numbers into drafts: lines, sentences, what carries on, what is no figure at all."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import zip_longest

from parsers.draft import NUM, Draft, mask, unmark
from parsers.figures import is_label
from parsers.indicators import catalogue, link
from parsers.linking import PARTNER, VA, Surroundings
from parsers.lists import distribute, share_unit, triples
from parsers.metric_tables import TableReader, table_figure
from parsers.model import Quantity
from parsers.naming import name_number
from parsers.periods import find_periods
from parsers.phrases import any_of
from parsers.places import find_places
from parsers.quantities import find_quantities
from parsers.settling import Settling, is_annual
from parsers.statuses import Statuses
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
_RATE_FROM = re.compile("(?:增速|增幅|降幅|涨幅)(?:已|则)?[由从]")
_LISTING = re.compile("^(?:分.{1,8}看|其中|按.{1,8}分)[，,]?|(?:如下|情况|完成情况)$|主要")
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
_ARTICLE = re.compile(r"^[一1](?![0-9.])")
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
        self.quoted = False
        self.ahead = self.chained = False
        self.within = ""
        self.section_mom = self.section_target = False
        self.yearly = False
        self.announced: Draft | None = None
        self.statuses = Statuses(body, title, self.timeline, published)
        self.settling = Settling(self.timeline, published)

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
            self.settling.new_line()
            self.statuses.inherited = "target" if self.section_target else None
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
                self.statuses.inherited = "target"
            if first < at:
                self._read_sentence(begin, stop, quantities[first:at])
            else:
                self.subjects.read(begin, stop, "")
            self.timeline.skip_to(stop)
            self.chained = text.endswith(("；", ";"))
            if not self.chained and not self.section_target:
                self.statuses.inherited = None

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
        self.statuses.new_sentence(masked, start, end)
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
            if self.statuses.inherited == "forecast" and self.timeline.pending():
                self.statuses.inherited = None  # 预计全年增长6%；前三季度，投资增长8%
            if _MOM.search(segment):
                self.mom = True
            elif self.mom and (self.timeline.pending() or _YOY.search(segment)):
                self.mom = False
            if not (group and self._goes_on(draft, group[-1], segment)):
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
            settled = self.statuses.tell(draft, masked, start, min(after_end, draft.end + 24))
            if (
                self.timeline.backdrop is not None
                and draft.status == "actual"
                and (draft.time or NOTHING) == NOTHING
                and draft.subject is not None
                and draft.subject.code is not None
                and is_annual(draft)
                and "已" not in body[start : draft.start]
            ):
                draft.time = self.timeline.backdrop
            if "+after" in draft.rule and (stated := self._time_after(draft, after_end)) is not None:
                draft.time, settled = stated, True
            if not settled:
                before = group[-1] if group else None
                self.settling.settle(draft, before, masked, named=named, chained=self.chained, quoted=self.quoted)
                self.settling.spread(draft, group)
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
            self.statuses.inherited = (
                kept[-1].status
                if (self._goes_past(kept[-1]) and self.timeline.own() is not None) or self.statuses.inherited
                else None
            )
        self.drafts += kept

    def _goes_on(self, draft: Draft, before: Draft, segment: str) -> bool:
        """Whether a number only continues the one before it (3.2亿元、4.5亿元; 由60条增加到150条); then it is told like that one."""
        if _same_unit(draft, before):
            listed = _CONTINUED.match(segment) is not None
            if listed and not (before.kind == "count" and _NOUN.match(self.masked, draft.end)):
                _continue(draft, before)
                return True
            if (
                before.kind in {"share", "ratio", "level", "count"}
                or (before.kind == "growth_yoy" and _RATE_FROM.search(before.clause))
            ) and _TO_ONLY.match(segment):
                _continue(draft, before)
                draft.listed = False
                return True
        if draft.unit != "%":
            return False
        if before.unit == "%" and before.kind.startswith("growth") and (turn := _TURN.fullmatch(segment)):
            _continue(draft, before)
            draft.sign = -1 if turn.lastgroup == "fall" else 1
            return True
        if before.kind == "change" and _OR.fullmatch(segment):
            _continue(draft, before)
            draft.kind, draft.unit, draft.listed = "growth", "%", False
            return True
        return False

    @staticmethod
    def _goes_past(draft: Draft) -> bool:
        """Whether the status of a number may hold after a ；: a target's, and that of a place's year: 预计全年…增长6%；…."""
        if draft.status == "forecast":
            return is_annual(draft) and draft.subject is not None and draft.subject.code is not None
        return draft.status == "target"

    def _has_no_base(self, draft: Draft) -> bool:
        """Whether nothing says that a growth is measured from a year before: no time at all, or a stretch of years."""
        time = draft.time or NOTHING
        if _YOY.search(draft.clause):
            return False
        if time.type in {"since", "range"} and time.first is not None and time.last is not None:
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
        self.settling.remember(draft)
        if draft.indicator_id in VA or draft.name.endswith("工业增加值"):
            self.branches = True
        elif draft.indicator_id is not None and catalogue()[draft.indicator_id].sector != "工业":
            self.branches = False

    def _time_after(self, draft: Draft, end: int) -> Stated | None:
        """A time between a number and the noun after it: 7家企业被列入2024年…名录."""
        stop = _COMMA.search(self.masked, draft.end, end)
        return self.timeline.peek(draft.end, stop.start() if stop else end)

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
