"""Walk a body from left to right and turn its numbers into drafts: lines, sentences, what carries on from one number to the next."""

from __future__ import annotations

import datetime as dt
import re

from parsers.draft import NUM, Draft, mask, unmark
from parsers.figures import is_label, states_nothing
from parsers.flat_tables import flat_rows
from parsers.going_on import after_contribution, back_to, goes_on, is_anew
from parsers.headings import NOTE, NOTES, announce, opens_ahead, reviews, sets_out, sets_targets
from parsers.indicators import catalogue
from parsers.linking import MANY_PROJECTS, VA, Surroundings
from parsers.lists import distribute, share_unit, triples
from parsers.metric_tables import TableReader, table_figure
from parsers.model import Quantity
from parsers.naming import name_number
from parsers.parts import Part
from parsers.periods import find_periods
from parsers.phrases import any_of
from parsers.places import find_places
from parsers.plants import of_owner
from parsers.quantities import find_quantities
from parsers.settling import Settling, goes_past
from parsers.spreading import draw_out, looks_back, spread
from parsers.statuses import Statuses
from parsers.subjects import Subjects, owner_of
from parsers.timeline import NOTHING, Stated, Timeline

__all__ = ["read_body"]

_BOUNDARY = re.compile(r"\s*[#*=]{3,}\s*")  # between two articles of a page
_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[^。！？；!?]+(?:[。！？；!?]+[”’」』）)]*)?")
_AFTER_NOUN = re.compile(r"[、，,；;。]|和|及|与|以及")
_COMMA = re.compile(r"[，,；;]")
_QUOTE = re.compile(r"^[“‘][^”’]{14}")
_IMPERATIVE = re.compile(
    r"^(?:压减|盘活|化解|改造|组织|举办|打造|扩大|提高|完善|优化|开展|争创|支持|推动|确保|加快|力争|实施|抓好|推进|培育|引进|新增|建设|完成|新建|继续|全力|深入|坚持|强化|突出|着力|要)"
)
_ENUMERATED = re.compile(r"^[“\s]*[一二三四五六七八九]是")
_MOM, _YOY = any_of("mom"), any_of("yoy")
_PRICES = frozenset({"可比", "不变价"})  # 70年来，按可比价计算增长320倍: over the years


def read_body(body: str, title: str, published: dt.date | None, city_code: str | None) -> list[Draft]:
    """The drafts of all numbers of a body that are figures, in text order."""
    quantities = find_quantities(body)
    return _Reader(body, quantities, title, published, city_code).read() if quantities else []


class _Reader:
    """One walk over a body; what it keeps is what later numbers may go on about."""

    def __init__(
        self, body: str, quantities: list[Quantity], title: str, published: dt.date | None, city_code: str | None
    ) -> None:
        self.body, self.quantities, self.title, self.published = body, quantities, title, published
        periods = find_periods(body, published)
        self.places = find_places(body, city_code)
        self.masked = mask(body, periods, self.places, quantities)
        self.timeline = Timeline(body, self.masked, periods, title, find_periods(title, published), published=published)
        self.subjects = Subjects(body, self.masked, title, self.places, city_code)
        self.statuses = Statuses(body, title, self.timeline, published)
        self.settling = Settling(self.timeline, published)
        self.drafts: list[Draft] = []
        self.whole: Draft | None = None  # the last number that was named and is no part (其中) of another
        self.around = Surroundings()
        self.topic: Draft | None = None  # what the heading right above names: 固定资产投资
        self.announced: Draft | None = None  # what the line above names for those below: 2024年主要农产品产量：
        self.part = Part()
        self.section_mom = False  # whether growth in the section is over the month before
        self.mom_aside = False  # whether one over the month before was told beside one over the year before
        self.section_target = False  # whether the section is of plans
        self.ahead = False  # whether the last sentence ended with a target
        self.chained = False  # whether the sentence goes on after a ；
        self.backdrop: Stated | None = None  # the time looked back on, once the paragraph told a figure of it
        self.quoted = False  # whether it is speech
        self.yearly = False  # whether the paragraph told a growth over the year before

    def read(self) -> list[Draft]:
        """Every line: tables by the table reader, headings, prose sentence by sentence."""
        tables = TableReader(self.published, self.subjects.home.subject.code, self.timeline.running().last, self.title)
        quantities, at = self.quantities, 0
        rows, read_to = flat_rows(self.body, quantities), 0
        for line in _LINE.finditer(self.masked):
            start, end = line.span()
            if end - start < 12 and NOTES.match(self.body[start:end]):
                break
            if NOTE.match(self.body[start : start + 6]):
                continue
            if start < read_to:  # a further cell of a row that is read
                continue
            end = read_to = rows.get(start, end)
            first = at
            while at < len(quantities) and quantities[at].start < end:
                at += 1
            self.timeline.new_line()
            text = self.body[start:end].replace("\n", "\t")
            is_item = self.subjects.new_line(start, self.masked[start:end]) and "\t" not in text  # no row of a table is
            if is_item or "### " in text:
                self._new_article(start)
            self.settling.new_line()
            self.around.mom = self.section_mom
            self.yearly = False
            self.around.projects = None
            self.statuses.new_line("target" if self.section_target else None)
            if "\t" in text:
                self._read_row(start, text, tables)
            else:
                tables.end(text)
                if first < at:
                    self._read_line(start, end, quantities[first:at])
                else:
                    self._read_heading(start, text)
            self.timeline.skip_to(end)
            self.timeline.frame.end_line(figures=first < at)
        return self.drafts

    def _new_article(self, start: int) -> None:
        """Another article of the page, set off by marks (###), or another item of a digest."""
        self.timeline.new_article(start)
        self.section_target = self.section_mom = False

    def _read_row(self, start: int, line: str, tables: TableReader) -> None:
        """A row of a table."""
        for cell in tables.read(line, start):
            draft = table_figure(cell, self.body, self.masked)
            if draft is not None:
                if draft.time is None and draft.indicator_id != "project_total_investment":
                    draft.time = self.timeline.at(draft.start, "")
                draft.subject = draft.subject or self.subjects.home.subject
                draft.sentence = (start, start + len(line))
                self.drafts.append(draft)
        self.timeline.skip_to(start + len(line))

    def _read_heading(self, start: int, line: str) -> None:
        """A line without numbers: it may say what the section under it is of."""
        if _BOUNDARY.fullmatch(line):
            self._new_article(start)
            return
        is_short = len(line) < 40
        if is_short and "。" not in line:
            self.section_mom = bool(_MOM.search(line))
            if sets_targets(line):
                if not self.section_target:  # a heading under that of the plans goes on about their year
                    self.timeline.frame.end_section()
                self.section_target = True
            elif reviews(line):
                self.section_target = False
            self.timeline.heading(line, start)
        elif sets_out(line, self.published):
            self.section_target = True
            self.timeline.heading(line, start)
        announces = is_short and line.rstrip().endswith(("：", ":"))
        masked = self.masked[start : start + len(line)]
        self.announced = announce(masked) if announces else None
        if not announces:
            self.around.carry = self.around.first = self.topic = announce(masked, whole=True)
        self.subjects.read(start, start + len(line), "")

    def _read_line(self, start: int, end: int, quantities: list[Quantity]) -> None:
        """A line of prose, sentence by sentence."""
        if end - start > 60:
            self.announced = None
        elif self.body[end - 1] in "：:" and sets_targets(self.body[start:end]):
            self.section_target = True  # 重点抓好以下八方面工作：
            self.statuses.inherited = "target"
        if self.announced is not None or self.timeline.frame.page is None:
            self.around.carry = self.announced or self.topic
        self.topic = None
        self.around.open_line(unmark(self.masked[start : start + 24]), dated=self.timeline.frame.page is not None)
        at = 0
        for sentence in _SENTENCE.finditer(self.masked, start, end):
            text, (begin, stop), first = sentence.group(), sentence.span(), at
            while at < len(quantities) and quantities[at].start < stop:
                at += 1
            if "是" in text[:8] and _ENUMERATED.match(text):
                self.timeline.new_line()
            self.timeline.new_sentence(begin)
            self.subjects.new_sentence(begin, stop, brief=self.timeline.frame.page is not None, chained=self.chained)
            if not self.chained and not text.startswith("其中"):
                self.part.end()
            if self.mom_aside and not self.chained:
                self.around.mom, self.mom_aside = self.section_mom, False
            self.quoted = bool(_QUOTE.match(text))
            if text.startswith("其中"):
                self.statuses.tell_parts()
            if (self.ahead and _IMPERATIVE.match(text)) or opens_ahead(self.body[begin : begin + 8], self.published):
                self.statuses.inherited = "target"
            if first < at:
                self._read_sentence(begin, stop, quantities[first:at])
            else:
                self.subjects.read(begin, stop, "")
                if begin == start:  # 2.固定资产投资。同比增长4.1%
                    self.around.carry = announce(text, whole=True)
            self.timeline.skip_to(stop)
            self.chained = text.endswith(("；", ";"))
            if not self.chained:
                self.statuses.inherited = "target" if self.section_target else None

    def _read_sentence(self, start: int, end: int, quantities: list[Quantity]) -> None:
        """The numbers of a sentence: each is dated, named, owned and settled, then what they share is told apart."""
        drafts = self._drafts_of(start, end, quantities)
        if not drafts:
            self.ahead = False
            return
        masked, body = self.masked, self.body
        share_unit(drafts, masked)
        around = self.around
        around.opening = unmark(masked[start : start + 16])
        told = around.carry if self.chained else None
        self.statuses.new_sentence(masked, start, end)
        group: list[Draft] = []
        times: dict[int, list[Stated]] = {}
        last_end = start
        next_starts = [draft.start for draft in drafts[1:]] + [end]
        for draft, after_end in zip(drafts, next_starts, strict=True):
            before = group[-1] if group else None
            if before and "+after" in before.rule and (cut := _AFTER_NOUN.search(masked, last_end, draft.start)):
                last_end = cut.start()
            segment = masked[last_end : draft.start]
            self._date(draft, before, segment)
            if before is None or not goes_on(draft, before, segment, masked):
                times[len(group)] = self.timeline.pending
                around.segment, around.start = segment, last_end
                around.after = masked[draft.end : min(after_end, draft.end + 32)]
                around.time, around.compared = draft.time or NOTHING, self.timeline.compared
                around.chained = self.chained and before is None
                if self.whole is not None and is_anew(segment, around.carry, chained=around.chained):
                    around.carry = self.whole
                name_number(draft, around, body)
                back_to(draft, group)
                if before is not None:
                    after_contribution(draft, before)
            named = self._own(draft, segment, last_end, after_end)
            self._settle(draft, group, after_end, named=named)
            self.part.set_apart(draft)
            group.append(draft)
            last_end = draft.end
            self._remember(draft)
        self.ahead = group[-1].status == "target"
        self.statuses.whole = group[0].status
        triples(group, masked, body)
        if len(times) < len(group):
            distribute(group, masked, times, self.places, owner_of, told=told)
        self.part.of_sector(group, around.opening)
        self._keep(group)

    def _drafts_of(self, start: int, end: int, quantities: list[Quantity]) -> list[Draft]:
        """The numbers of a sentence that are no labels; a bound that belongs to a name is a word of it: 10亿元以上项目."""
        masked, body = self.masked, self.body
        span = start, end
        drafts, words, at = [], [], 0
        for q in quantities:
            if not is_label(q, body, masked, start, end):
                drafts.append(Draft(q, q.start, q.end, q.unit, span))
            elif masked[q.start] == NUM:
                words += [masked[at : q.start], body[q.start : q.end]]
                at = q.end
        if words:
            self.masked = "".join([*words, masked[at:]])
        return drafts

    def _date(self, draft: Draft, before: Draft | None, segment: str) -> None:
        """Which time governs a number, and what that time ends: a forecast, growth over the month before."""
        if before and before.kind == "streak" and draft.unit == "rank" and not _COMMA.search(segment):
            draft.time = before.time  # 连续5年居全省第1位
            self.timeline.skip_to(draft.start)
        else:
            draft.time = self.timeline.at(draft.end if segment.endswith("连续") else draft.start, segment)
        if self.statuses.inherited == "forecast" and self.timeline.pending:
            self.statuses.inherited = None  # 预计全年增长6%；前三季度，投资增长8%
        if _MOM.search(segment):
            self.around.mom = True
            self.mom_aside = before is not None and before.kind == "growth_yoy"  # 同比增长8%，环比增长3%: no more of it
        elif self.around.mom and (self.timeline.pending or _YOY.search(segment)):
            self.around.mom = False

    def _own(self, draft: Draft, segment: str, last_end: int, after_end: int) -> bool:
        """Whose a number is; True if an owner is named right before it."""
        named = not (draft.listed and draft.kind == "gap_pp") and self.subjects.read(
            last_end, draft.owner_end or draft.start, draft.kind
        )
        if "等" in segment[-20:]:
            self.subjects.forget_examples(segment, draft.start, named=named)
        if draft.unit == "rank" and self.masked[draft.end : draft.end + 1] == "的":
            self.subjects.read(draft.end + 1, min(after_end, draft.end + 16), "rank")
        draft.subject = self.subjects.of(
            last_end,
            draft.start,
            name=draft.name,
            kind=draft.kind,
            indicator=draft.indicator_id,
            carried=self.around.carry.indicator_id if self.around.carry else None,
        )
        of_owner(draft)
        if (
            not named
            and draft.rule.endswith("+side")
            and self.around.carry is not None
            and "（其中" not in self.masked[max(0, draft.start - 240) : draft.start]
        ):
            draft.subject = self.subjects.sentence = self.around.carry.subject  # 高新区一般公共预算收入…。支出…
        return named

    def _settle(self, draft: Draft, group: list[Draft], after_end: int, *, named: bool) -> None:
        """Whether a number is a fact, whether its time can be its own, whether its growth is over a year."""
        settled = self.statuses.tell(draft, self.masked, draft.sentence[0], min(after_end, draft.end + 24))
        if (
            group
            and draft.status == "actual"
            and draft.kind in {"change", "growth_yoy"}
            and group[-1].status == "forecast"
            and draft.rule.endswith("+carried")
            and not self.timeline.pending
        ):
            draft.status = "forecast"  # 预计平均亩产460公斤，同比提高7公斤
        if (
            self.timeline.frame.backdrop is not None
            and "已" not in self.body[draft.sentence[0] : draft.start]
            and looks_back(draft, self.backdrop, planned=self.statuses.inherited == "target")
        ):
            draft.time = self.backdrop = self.timeline.frame.backdrop
        if "+after" in draft.rule and (stated := self._time_after(draft, after_end)) is not None:
            draft.time, settled = stated, True
        if not settled:
            before = group[-1] if group else None
            self.settling.settle(draft, before, self.masked, named=named, chained=self.chained, quoted=self.quoted)
            spread(draft, group, self.timeline)
            draw_out(draft, before, self.masked, self.published)
        if draft.kind == "growth_yoy":
            if not self.yearly and self._has_no_base(draft):
                draft.kind = "growth"
            else:
                self.yearly = True

    def _time_after(self, draft: Draft, end: int) -> Stated | None:
        """A time between a number and the noun after it: 7家企业被列入2024年…名录."""
        stop = _COMMA.search(self.masked, draft.end, end)
        return self.timeline.peek(draft.end, stop.start() if stop else end)

    def _has_no_base(self, draft: Draft) -> bool:
        """Whether nothing says that a growth is measured from a year before: no time at all, or a stretch of years."""
        time = draft.time or NOTHING
        if (base := _YOY.search(draft.clause)) and (base[0] not in _PRICES or time.type not in {"since", "range"}):
            return False
        if time.type in {"since", "range"} and time.first is not None and time.last is not None:
            return (time.last - time.first).days > 400 and (
                not draft.rule.endswith("+carried") or time == self.timeline.sentence
            )
        if draft.rule.endswith("+carried") or draft.indicator_id is not None:
            return False
        return time.last is None and self.timeline.frame.page is None

    def _remember(self, draft: Draft) -> None:
        """What the next number may go on about."""
        if draft.kind == "contribution":
            self.around.pulled = draft.indicator_id
        if (
            draft.kind == "contribution"
            or "序时进度" in draft.name
            or "时间进度" in draft.name
            or draft.rule.startswith("of_plan")
            or not (draft.indicator_id or draft.name)
        ):
            return
        self.around.carry = draft
        if "其中" not in self.masked[draft.sentence[0] : draft.start]:
            self.whole = draft
        self.around.first = self.around.first or draft
        if draft.kind == "count" and draft.indicator_id in MANY_PROJECTS and not draft.rule.endswith("+part"):
            self.around.projects = draft.indicator_id
        self.settling.remember(draft)
        if draft.indicator_id in VA or draft.name.endswith("工业增加值"):
            self.around.branches = True
        elif draft.indicator_id is not None and catalogue()[draft.indicator_id].sector != "工业":
            self.around.branches = False

    def _keep(self, group: list[Draft]) -> None:
        """The numbers of a sentence that are figures; their status may hold after a ；."""
        for draft in group:
            if draft.unit is None and draft.indicator_id == "urban_rural_income_ratio":
                draft.unit = "times"
                draft.kind = "change" if draft.kind == "change" else "ratio"
        kept = [draft for draft in group if not states_nothing(draft, self.body, self.masked)]
        if not kept:
            return
        last = kept[-1]
        if self.statuses.inherited or (
            goes_past(last)
            and self.timeline.sentence is not None
            and (last.status != "forecast" or self.statuses.opens_with_forecast(self.masked, last.sentence[0]))
        ):
            self.statuses.inherited = last.status
        else:
            self.statuses.inherited = None
        self.drafts += kept
