"""Which time a number belongs to: the last one stated before it, carried through the paragraph, else the page's own.

Times that are only compared with (比上年, 较2020年) govern nothing; 由…的 governs up to 提高到. A time not stated is null.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from parsers.draft import BLANK
from parsers.festivals import vocabulary
from parsers.model import Period

__all__ = ["NOTHING", "Stated", "Timeline"]

_COMPARED = re.compile(
    r"(?:比|较|与|同|跟|相比|相较于?|相对于?|对比|高于|低于|扭转了?|延续了?|改变了?|自|仅次于|超过)$"
)
_COMPARING = frozenset("比较与同跟于对转续自过了变")  # what _COMPARED ends in
_EQUATING = frozenset("是为于到达占至足")  # what _MULTIPLE_OF ends in
_LIST_ENDS = frozenset("录单榜强版奖号")
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于|约为|达到?|恢复至|恢复到|占|仅为|不足|不到)$")
_TIMES = re.compile(r"的|[^，,。；;\d]{0,12}的[约近]?[\d.]+倍")
_LAST_WORDS = frozenset({"上年", "去年", "上年度", "以前年度", "上一年"})
_NOUN_OF_LAST = re.compile(r"^(?:结转|结余|滚存|完成数|执行数|预算数|实际|决算|基数|快报|年报)")
_STATES_YEAR = re.compile(r"\d{4}|今年|明年|去年|年[前后]|以来")
_NAMED_YEAR = re.compile(r"((?:1(?<!\d1)9|2(?<!\d2)0)\d\d)年(?!度?(?:版|名录))")
_LIST_YEAR = re.compile(
    r"^度?(?:全国|全省|国家级?|省级?|世界|中国)?[^，,。；、\ue003]{0,12}?(?:名录|名单|榜单|百强榜?|排行榜|五百强|版|[^金补]奖(?![金补励])|称号)"
)
_BATCH = re.compile(r"度?(?:首批|第[一二三四五六七八九十\d]+[批届轮期])")
_OWN_NUMBER = re.compile(r"^的约?\d")
_OWN_AFTER = re.compile(r"^约?\d")
_AND = re.compile("(?:与|和|同|较|比)$")
_COMPARED_FAR = re.compile(r"(?<![占对环同])[比较][^，,。；;\ue000\ue003]{1,12}的?$")
_COMPARES = re.compile(r"^(?:同期|水平|底|末)?的?[^，,。；\ue003]{0,6}?(?:增|降|减|提高|回落|扩大|收窄|高|低|多|少|翻)")
_WAS = re.compile(r"^为")
_BECAME = re.compile(
    r"到|至|转为|变为|调整为|变成|升为|降为|转成|基础上|增长|下降|增加|减少|提高|回落|加快|[，,]|(?<!分别)为"
)
_YEARLY = re.compile(r"^(?:截至|至|到|截止)?(?:全年|年末|年底|年内|当年|全年度|本年|年度|年终|期末)")
_LAST_YEAR = re.compile(r"^(?:截至)?上(?:一)?年")
_SAME = frozenset({"同期", "当月", "当期", "本期", "单月", "当季", "其间", "期间", "当年"})
_REMARK = re.compile(r"[比较与同按]|[^）)]{0,20}下同|不含|[^）)]{0,12}口径")
_DAY_NAMES = frozenset({"今天", "明天", "昨天", "后天", "今日", "明日"})
_PER_DAY = frozenset({"日均", "月均"})
_OF_PLAN = re.compile("的?(?:目标|任务|计划|预期|预算)")
_REVIEWS = re.compile("政府工作报告|工作报告(?!会)")
_PAST_YEAR = frozenset({"过去一年", "一年来", "过去的一年"})
_IN_BRACKET = re.compile("[^（）()，,。]{0,12}\ue003+[^（）()，,。]{0,4}[）)]")
_SAME_DAY = re.compile(r"^(?:截至|截止)?当[天日]$")
_THOSE_YEARS = re.compile(r"^(?:这|此|过去的?)?([两二三四五六七八九5])年(?:间|来|内|里)?$")
_PLAN_YEARS = re.compile('[“"]?(?:[八九]|十[一二三四五六]?)五[”"]?(?:时期|期间)?$')
_PLAN_NAMED = re.compile('(?<![比较是与同于])[“"](?:[八九]|十[一二三四五六]?)五[”"]')
_HOLIDAYS = frozenset({"假期", "假日期间", "节日期间", "节假日期间"})
_HOLIDAY = re.compile("节|国庆|五一|元旦|清明|端午|中秋|除夕|假")
_DIGITS = "零一二三四五六七八九"
_SINCE_EVENT = re.compile(
    r"^[^，,。；;\ue003]{0,10}?(?:成立|设立|启动|实施|开工|投产|运营|建成|创办|开通|上市|建市|挂牌|落户|试点)以来"
)
_NAMED_EVENT = re.compile(
    r"^[^，,。；;\ue003]{0,20}?(?:仪式|会|论坛|活动)[^，,。；;\ue003]{0,6}?(?:举行|召开|举办|开幕)"
)
_CEREMONY = re.compile(  # 2023年第一季度重大项目集中签约仪式 is a name
    r"(?:(?!举办|召开|组织|开展|参加|承办)[^，,。；;\ue003]){0,20}?(?:仪式|大会|发布会|推介会|洽谈会|博览会)(?![^，,。]{0,4}\ue003)"
)
_SIGNING = re.compile("[^，,：:！ ]{0,16}?(?:签约|开工)(?:仪式|活动)?")
_ENDS_AS_OF = re.compile(r"年[末底终]|期末")
_REVIEWED = frozenset({"year", "half", "ytd"})
_LEAD = 300  # characters of a page that set its frame
_FLEETING = frozenset({"recurrent", "streak"})
_BRIEF = frozenset({"year", "half", "quarter", "ytd", "month"})
_RUNNING = frozenset({"year", "ytd", "half", "quarter", "month", "since"})
_MEAN_GROWTH = re.compile(r"^(?:年均|年平均|平均每年)[^，,。]{0,6}(?:增长|递增|增速|下降|提高)")
_EVENT = re.compile(
    r"^(?:前|起)?[^，,。；;\ue003]{0,4}?(?:(?:投产|投用|竣工(?:验收)?|验收|挂牌|上市|通车|通航|完工|启用|开幕|开业|开园|落户|成立|建成)(?=[，,、。；;的后]|$)|召开|举行|发布|印发|公布|宣布|电[，,]|讯)"
)
_ONLY_HERE = frozenset({"目前", "截至目前", "如今", "现在", "当前", "眼下", "迄今", "至今", "截至发稿", "截至发稿时"})


class Stated(NamedTuple):
    """The time of a number: its words, first and last day, type. All None where nothing is stated or carried."""

    text: str | None
    first: dt.date | None
    last: dt.date | None
    type: str | None


NOTHING = Stated(None, None, None, None)


class Timeline:
    """Walks a body's times in text order; ask ``at`` for every number from left to right."""

    __slots__ = (
        "_body",
        "_day",
        "_default",
        "_from",
        "_initial",
        "_masked",
        "_of_plan",
        "_opening",
        "_paragraph",
        "_pending",
        "_periods",
        "_point",
        "_position",
        "_published",
        "_running",
        "_section",
        "_sentence",
        "_start",
        "_year",
        "_years",
        "backdrop",
        "compared",
    )  # fmt: skip

    def __init__(
        self,
        body: str,
        masked: str,
        periods: list[Period],
        title: str,
        title_periods: list[Period],
        *,
        published: dt.date | None,
    ) -> None:
        self._published = published
        self._body, self._masked, self._periods = body, masked, periods
        self._position = 0
        self._paragraph: Stated | None = None
        self._sentence: Stated | None = None
        self._from: Stated | None = None
        self._pending: list[Stated] = []
        self._default: Stated | None = None
        self._running: Stated | None = None
        self._point: Stated | None = None
        self._section: Stated | None = None
        self._opening: Stated | None = None
        self._start = 0
        self._initial = True
        self._year: int | None = None
        self._day: Stated | None = None
        self._years: Stated | None = None
        self.compared: Stated | None = None
        self._of_plan = _PLAN_NAMED.search(title) is not None
        for period in title_periods:
            if self._default is None and period.first is not None and not _SIGNING.match(title, period.end):
                words = title[period.start : period.end]
                if period.type in _BRIEF or _is_holiday(period, words):
                    self._default = Stated(words, period.first, period.last, period.type)
        now = self._default
        if (
            now is not None
            and now.type == "year"
            and now.last is not None
            and published is not None
            and now.last.year == published.year
            and published.month <= 4
            and _REVIEWS.search(title)
        ):  # the work report of a year looks back on the year before; its headings say where the plan begins
            year = now.last.year - 1
            self._default = Stated(now.text, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
        if self._default is not None and self._default.last is not None:
            self._year = self._default.last.year
        else:
            self._year = _most_named_year(body)
        self.backdrop = self._looks_back() if self._default is None and published is not None else None

    def _looks_back(self) -> Stated | None:
        """The year before, where a page of the first months speaks of no other time that has gone by."""
        assert self._published is not None
        year = self._published.year - 1
        last = dt.date(year, 12, 31)
        if self._published.month > 4:
            return None
        told = parts = 0
        for period in self._periods:
            if self._body[period.start : period.end] in _PAST_YEAR:
                told += 1
            if period.last is None or period.type not in _BRIEF:
                continue
            if period.type == "year" and period.last == last:
                told += 1
            elif period.last <= self._published and period.last.year > year:
                return None
            parts += period.last <= last and period.last.year == year and period.type != "year"
        return Stated(None, dt.date(year, 1, 1), last, "year") if told > 1 or (told and not parts) else None

    @property
    def has_default(self) -> bool:
        """Whether the page itself is about one stated time."""
        return self._default is not None

    def new_line(self) -> None:
        """A new paragraph: what the last one stated does not carry over."""
        self._paragraph = None
        self._running = None
        self._point = None
        self.new_sentence()
        self._sentence = None

    def end_line(self, *, figures: bool) -> None:
        """The end of a line: the time it opened with speaks for those after it, where it stated no figures of its own."""
        if self._opening is None:
            return
        if figures:
            self.backdrop = self._opening
        else:
            self._section = self._opening
        self._opening = None

    def end_section(self) -> None:
        """A heading of plans: the section's time is over."""
        self._section = self.backdrop = None

    def heading(self, text: str, start: int) -> None:
        """A heading that states a time (2023年工作回顾) speaks for its section."""
        for period in self._periods[self._position :]:
            if period.start >= start + len(text):
                break
            if (
                period.start >= start
                and period.first is not None
                and (period.type in _BRIEF or _PLAN_YEARS.match(self._body[period.start : period.end]))
            ):
                self._section = Stated(
                    text[period.start - start : period.end - start], period.first, period.last, period.type
                )
                if period.last is not None:
                    self._year = period.last.year

    def new_sentence(self, start: int = 0) -> None:
        """A new sentence of the same paragraph."""
        self._start = start
        self._initial = True
        goes_on = self._body.startswith(("其中", "环比", "同比"), start) or (
            self._masked[start - 1 : start] in {"；", ";"}
            and self._sentence is not None
            and self._sentence.type == "month"
            and self._is_part(self._sentence)
        )
        if not goes_on:
            self._sentence = None
        self._from = None

    def skip_to(self, offset: int) -> None:
        """Take notice of the times before ``offset`` that no number asked for."""
        self._advance(offset)

    def pending(self) -> list[Stated]:
        """The main times that stand between the last two numbers, for lists of times (一季度、二季度 … 分别)."""
        return self._pending

    def _advance(self, offset: int) -> None:
        periods = self._periods
        self.compared = None
        self._pending = []
        one_off: Stated | None = None
        while self._position < len(periods) and periods[self._position].end <= offset:
            period = periods[self._position]
            self._position += 1
            text = self._body[period.start : period.end]
            if (
                text in _SAME
                or text in _PER_DAY
                or (
                    text[0] == "每"
                    and (
                        self._body.startswith("每人", period.start - 2)
                        or self._body[period.end : period.end + 1].isdigit()
                    )
                )
                or (text == "年均" and self._body.startswith(("浓度", "气温", "降水", "值"), period.end))
            ):
                continue
            if self._in_remark(period.start) or (
                text in _DAY_NAMES and "“" in self._body[max(0, period.start - 6) : period.start]
            ):
                continue
            stated = self._resolve(period, text)
            if (
                stated.type == "month"
                and stated.first is not None
                and self._body.startswith(("止", "份止"), period.end)
            ):
                stated = Stated(text, stated.first.replace(month=1), stated.last, "ytd")
            if stated.type == "day" and stated.first is not None:
                self._day = stated
            elif (
                stated.type == "range"
                and stated.first is not None
                and "\ue003" not in text
                and (text[:1].isdigit() or _PLAN_YEARS.match(text))
                and not _MULTIPLE_OF.search(self._masked, max(0, period.start - 4), period.start)
                and not _COMPARED.search(self._masked, max(0, period.start - 4), period.start)
            ):
                self._years = stated
            before = self._masked[max(0, period.start - 4) : period.start]
            after = self._masked[period.end : period.end + 24]
            if text == "年内" and after.startswith(("首次", "新高", "最", "首度", "第")):
                continue
            if text == "全年" and _OF_PLAN.match(after):
                continue
            if text in _LAST_WORDS and _NOUN_OF_LAST.match(after):
                continue
            if text == "年初" and (year := self._this_year()) is not None:
                self.compared = Stated(text, None, dt.date(year - 1, 12, 31), "as_of")
                continue
            if (
                stated.first is None
                and stated.last is None
                and (period.type not in {"recurrent", "streak", "range"} or text in _HOLIDAYS)
            ):
                continue
            last = before[-1:]
            since_event = "以来" in after and _SINCE_EVENT.match(after) is not None
            compared = not since_event and (
                (last in _COMPARING and _COMPARED.search(before) is not None)
                or self._is_far_compared(period.start, after)
            )
            own = self._body[period.end : period.end + 8]
            if self._masked[period.start - 1 : period.start] in {"（", "("} and _IN_BRACKET.match(after):
                one_off = stated  # （上半年增长4.1%）
            elif compared and (_OWN_NUMBER.match(own) or (_AND.search(before) and _OWN_AFTER.match(own))):
                self.compared = self._from = stated
            elif (
                last in _EQUATING
                and _MULTIPLE_OF.search(before)
                and _TIMES.match(self._body[period.end : period.end + 24])
            ):
                self.compared = stated
            elif not compared and (text in _LAST_WORDS - {"去年"} or (_LAST_YEAR.match(text) and _WAS.match(after))):
                self._from = stated
            elif (compared and period.type != "since") or (self.compared is not None and before.endswith("\ue000")):
                self.compared = stated
            elif (last in {"由", "从"} and period.type not in {"since", "range", "streak"}) or (
                last in {"到", "至"} and self._runs_over_years() and _OWN_NUMBER.match(own)
            ):
                self._from, one_off = stated, None
            elif "基础上" in after[:16]:
                one_off = stated
                if "\ue003" not in after[: after.index("基础上")]:
                    self.compared, one_off = stated, None
            elif (
                stated.first is not None
                and (period.type in _BRIEF or period.type == "day")
                and self._published is not None
                and since_event
            ):
                one_off = None
                self._main(Stated(text, stated.first, self._published, "since"), text, period.start)
            elif (not _LIST_ENDS.isdisjoint(after) and _LIST_YEAR.match(after)) or (
                period.type == "year" and _BATCH.match(after)
            ):
                continue
            elif period.type in _FLEETING:
                one_off = None if _MEAN_GROWTH.match(text + after) else stated
            elif (
                (period.type in _BRIEF and _CEREMONY.match(after))
                or (
                    period.type in {"day", "month", "year", "as_of"}
                    and not text.startswith(("全", "截"))
                    and not text.endswith("前")
                    and _EVENT.match(after)
                )
                or (period.type in _BRIEF and _NAMED_EVENT.match(after))
            ):
                continue
            else:
                one_off = None
                self._main(stated, text, period.start)
        if one_off is not None:
            self._from = one_off

    def _runs_over_years(self) -> bool:
        """Whether the paragraph or section is about a run of years, so that one year's value (到2021年的…) is its own alone."""
        whole = self._paragraph or self._section
        return whole is not None and whole.type in {"range", "since"} and whole.first is not None

    def _is_far_compared(self, start: int, after: str) -> bool:
        """Whether a time is compared with over some words: 比…的2023年增长."""
        window = self._masked[max(0, start - 14) : start]
        return ("比" in window or "较" in window) and bool(
            _COMPARED_FAR.search(self._masked, max(0, start - 14), start) and _COMPARES.match(after)
        )

    def _in_remark(self, start: int) -> bool:
        """Whether a time stands in a bracket that states a basis: （较上年，下同）."""
        if self._masked[start] != BLANK:
            return False
        opening = max(self._body.rfind("（", 0, start), self._body.rfind("(", 0, start))
        return bool(_REMARK.match(self._body, opening + 1))

    def _is_initial(self, start: int) -> bool:
        """Whether a time opens its sentence, and so speaks for what follows; one inside a sentence speaks for its own."""
        return start - self._start <= 12 or self._masked[max(0, self._start - 1) : self._start] not in {"；", ";"}

    def _main(self, stated: Stated, text: str, start: int) -> None:
        if (
            text.startswith("今年")
            and self._sentence is not None
            and self._sentence.type == "as_of"
            and stated.first
            and self._sentence.last
        ):
            stated = Stated(text, stated.first, self._sentence.last, "ytd")
        if (
            stated.type == "as_of"
            and self._sentence is not None
            and self._sentence.type == "since"
            and "日" in (self._sentence.text or "")
            and self._sentence.first
            and stated.last
            and stated.last > self._sentence.first
        ):  # 自1月20日…以来，截至2月5日
            stated = Stated(text, self._sentence.first, stated.last, "range")
        self._pending.append(stated)
        self._initial = start - self._start <= 12
        self._from = None
        self._sentence = stated
        if text in _ONLY_HERE:
            self._paragraph = None
        elif not self._is_part(stated) and self._is_initial(start):
            self._paragraph = stated
        if self._default is None and start < _LEAD and self._initial and self._is_frame(stated, text):
            self._section = stated
        elif self._default is None and self._reviews(stated, start):
            self._opening = stated
        if stated.type == "as_of" and text not in _ONLY_HERE:
            self._point = stated
        if stated.type in _RUNNING:
            self._running = stated
        if stated.last is not None and stated.type in _BRIEF and self._default is None:
            self._year = stated.last.year

    def _is_frame(self, stated: Stated, text: str) -> bool:
        """Whether a time near the top is what the whole page is about: a holiday, or the plan that its title names."""
        return _is_holiday(stated, text) or (self._of_plan and _PLAN_YEARS.match(text.removesuffix("以来")) is not None)

    def _reviews(self, stated: Stated, start: int) -> bool:
        """Whether a time opens its line and is recent: the paragraphs after it go on about it (2025年，在市委坚强领导下…)."""
        if stated.last is None or self._published is None:
            return False
        if stated.type not in _REVIEWED and not _PLAN_YEARS.match(stated.text or ""):
            return False
        if not 0 <= (self._published - stated.last).days <= 400:
            return False
        return self._body.rfind("\n", 0, start) + 1 >= start - 4

    def _is_part(self, stated: Stated) -> bool:
        """Whether a time is only the last part of the one that runs through the paragraph (其中6月份)."""
        whole = self._paragraph or self._section or self._default
        if whole is None or whole.last is None or stated.last is None:
            return False
        if _is_holiday(whole, whole.text or ""):  # 大年初三 of the holidays
            return (
                whole.first is not None and whole.first <= (stated.first or stated.last) and stated.last <= whole.last
            )
        return (
            stated.type in {"month", "quarter"} and whole.type in {"ytd", "year", "half"} and whole.last == stated.last
        )

    def running(self) -> Stated:
        """The last time stated that is no point in time."""
        return self._running or self._section or self._default or NOTHING

    def _this_year(self) -> int | None:
        now = self._sentence or self._paragraph or self._section or self._default
        return now.last.year if now is not None and now.last is not None else self._year

    def at(self, number_start: int, between: str) -> Stated:
        """The time that governs the number at ``number_start``; ``between`` is the masked text since the number before."""
        had = self._from
        if not self._initial and (";" in between or "；" in between):
            if self._paragraph is self._sentence:
                self._paragraph = None
            self._sentence = None
        self._advance(number_start)
        if self._from is not None:
            stated = self._from
            if stated is had and (
                stated.type in _FLEETING or _BECAME.search(between) or "，" in between or "," in between
            ):
                self._from = None
            else:
                return stated
        return self._sentence or self._paragraph or self._section or self._default or NOTHING

    def section(self) -> Stated | None:
        """The time that the section's heading or lead stated."""
        return self._section

    def years(self) -> Stated | None:
        """The run of years (2021—2025年, “十四五”时期) that the page stated last."""
        return self._years

    def point(self) -> Stated | None:
        """The last point in time that the paragraph stated (截至10月底), for stocks."""
        return self._point

    def peek(self, start: int, end: int) -> Stated | None:
        """The first main time that begins in ``start``..``end``, without moving on."""
        for period in self._periods[self._position :]:
            if period.start >= end:
                return None
            if period.start >= start and period.first is not None:
                return self._resolve(period, self._body[period.start : period.end])
        return None

    def own(self) -> Stated | None:
        """The time stated in this sentence so far."""
        return self._sentence

    def _resolve(self, period: Period, text: str) -> Stated:
        if period.first is None and period.last is None and not text.endswith("同期"):
            stated = self._of_page_year(text)
            if stated is not None:
                return stated
        if self._day is not None and _SAME_DAY.match(text):
            return self._day
        if text in _HOLIDAYS and (frame := self._section or self._default) and _is_holiday(frame, frame.text or ""):
            return Stated(text, frame.first, frame.last, "range")
        if period.type == "range" and (those := _THOSE_YEARS.match(text)):
            years = self._years or self._plan_before(period.start)
            count = 5 if those.group(1) == "5" else _DIGITS.find(those.group(1).replace("两", "二"))
            if years is not None and years.first and years.last and years.last.year - years.first.year + 1 == count:
                return Stated(text, years.first, years.last, "range")
        if self._published is not None and self._published.month <= 3 and text in _PAST_YEAR:
            before = self._published.year - 1
            return Stated(text, dt.date(before, 1, 1), dt.date(before, 12, 31), "year")
        if text.endswith("同期") and (year := re.match(r"(\d{4})年", text)):
            return self._year_before(text, int(year.group(1)))
        if period.first is None and period.last is None and text.endswith(("去年同期", "上年同期")):
            return self._year_before(text)
        return self._in_page_year(Stated(text, period.first, period.last, period.type), period)

    def _of_page_year(self, text: str) -> Stated | None:
        """全年, 年末 and 上年 in the year that the page or the sentence is about."""
        back = 1 if _LAST_YEAR.match(text) else 0
        if not back and not _YEARLY.match(text):
            return None
        now = self._sentence or self._paragraph or self.backdrop
        told = now.last if now is not None else None
        year = self._year
        if told is not None and (
            (back and year is None)
            or (not back and year is not None and self._published is not None and told > self._published)
        ):
            year = told.year  # 下半年，…确保全年…: the year that the half lies in
        if year is None:
            return None
        last = dt.date(year - back, 12, 31)
        if _ENDS_AS_OF.search(text):
            return Stated(text, None, last, "as_of")
        return Stated(text, dt.date(last.year, 1, 1), last, "year")

    def _plan_before(self, offset: int) -> Stated | None:
        """The years of the five-year plan named last before ``offset``, though only by its name: “十四五”规划圆满收官。这五年，…."""
        named = [plan.group() for plan in _PLAN_NAMED.finditer(self._body, 0, offset)]
        start = vocabulary()["plans"].get(named[-1][1:-1]) if named else None
        return start and Stated(named[-1], dt.date(start, 1, 1), dt.date(start + 4, 12, 31), "range")

    def _in_page_year(self, stated: Stated, period: Period) -> Stated:
        """上半年 in a bulletin of last year is the bulletin's; so is 本年."""
        year = (
            self._default.last.year
            if self._default is not None and self._default.type == "year" and self._default.last
            else None
        )
        if year is None or stated.last is None or stated.text is None or _STATES_YEAR.search(stated.text):
            return stated
        if period.type not in {"year", "half", "quarter", "ytd", "month"} or stated.last.year != year + 1:
            return stated
        if period.type == "year" and not stated.text.startswith("本年"):
            return stated
        first = stated.first.replace(year=stated.first.year - 1) if stated.first else None
        day = 28 if (stated.last.month, stated.last.day) == (2, 29) else stated.last.day
        return Stated(stated.text, first, stated.last.replace(year=year, day=day), stated.type)

    def _year_before(self, text: str, year: int | None = None) -> Stated:
        now = self._sentence or self._paragraph or self._default
        if now is None or now.first is None or now.last is None:
            return Stated(text, None, None, None)
        back = 1 if year is None else now.last.year - year
        last_day = 28 if (now.last.month, now.last.day) == (2, 29) else now.last.day
        return Stated(
            text,
            now.first.replace(year=now.first.year - back),
            now.last.replace(year=now.last.year - back, day=last_day),
            now.type,
        )


def _is_holiday(time: Period | Stated, text: str) -> bool:
    """Whether a time is a public holiday of some days: “五一”假期, 国庆假期."""
    return (
        time.type == "range"
        and time.first is not None
        and time.last is not None
        and (time.last - time.first).days < 11
        and _HOLIDAY.search(text) is not None
    )


def _most_named_year(body: str) -> int | None:
    """The year a page names most often, at least three times and more than half of all: for 全年 and 年末 without a year."""
    counts: dict[str, int] = {}
    for match in _NAMED_YEAR.finditer(body):
        counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    if not counts:
        return None
    year, most = max(sorted(counts.items()), key=lambda item: item[1])
    return int(year) if most >= 3 and most * 2 > sum(counts.values()) else None
