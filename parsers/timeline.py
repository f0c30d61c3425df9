"""Which time a number belongs to: the last one stated before it, carried through the paragraph, else the page's own.

Times that are only compared with (比上年, 较2020年) govern nothing; 由…的 governs up to 提高到. A time not stated is null.
"""

from __future__ import annotations

import datetime as dt
import re

from parsers.draft import NUM, TIME
from parsers.frames import Frame
from parsers.model import Period
from parsers.stated import (
    LAST_YEAR,
    NOTHING,
    PAST_YEAR,
    PLAN_YEARS,
    Stated,
    in_page_year,
    those_years,
    year_before,
)
from parsers.time_words import BRIEF, LAST_YEAR_WORDS, TimeWords, is_holiday

__all__ = ["NOTHING", "YEAR_END", "Stated", "Timeline"]

_BECAME = re.compile(
    r"到|至|转为|变为|调整为|变成|升为|降为|转成|基础上|增长|下降|增加|减少|提高|回落|加快|[，,]|(?<!分别)为"
)
_SAME_DAY = re.compile(r"^(?:截至|截止)?当[天日]$")
YEAR_END = re.compile("[年期][末底终]")
_HOLIDAYS = frozenset({"假期", "假日期间", "节日期间", "节假日期间"})
_SINCE = re.compile(  # “三个一批”活动开展以来，…: since some day that is not told
    rf"([^，,。；;{TIME}{NUM}]{{2,24}}?(?:开展|启动|实施|成立|运行|运营|开园|投产|投用|施行|出台|推行)以来)[，,]"
)
_THIS_ONE = re.compile("(?:此次|本次|这次)(?:集中)?(?:签约|开工|活动|仪式|推介|招聘|洽谈|对接|发布)")
_NEAR = 200  # characters: an event told of so shortly before is meant by 此次
_RUNNING = frozenset({"year", "ytd", "half", "quarter", "month", "since"})
_ONLY_HERE = frozenset({"目前", "截至目前", "如今", "现在", "当前", "眼下", "迄今", "至今", "截至发稿", "截至发稿时"})
_HAVE_NO_DAYS = frozenset({"recurrent", "streak", "range"})


class Timeline:
    """Walks a body's times in text order; ask ``at`` for every number from left to right."""

    __slots__ = (
        "_body",
        "_day",
        "_day_at",
        "_event_at",
        "_from",
        "_initial",
        "_masked",
        "_paragraph",
        "_periods",
        "_position",
        "_published",
        "_running",
        "_start",
        "compared",
        "event",
        "frame",
        "inherited",
        "pending",
        "point",
        "sentence",
        "years",
    )

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
        self._body, self._masked, self._published = body, masked, published
        self._periods = [*periods, Period(len(body) + 1, len(body) + 1, None, None, "end")]  # nothing reaches the last
        self.frame = Frame(body, periods, title, title_periods, published)
        self._position = 0  # of the next period
        self._start = 0  # of the sentence
        self._initial = True  # whether its time opens it
        self._paragraph: Stated | None = None  # the time that the paragraph goes on about
        self._from: Stated | None = None  # the time of the next number alone: 由2020年的…提高到…
        self._running: Stated | None = None  # the last one of the paragraph that is no point in time
        self._day: Stated | None = None  # the day stated last, for 当天
        self._day_at = self._event_at = 0  # where it ends, where the event's time begins
        self.sentence: Stated | None = None  # the time stated in this sentence so far
        self.inherited = False  # … or in the sentence before, which it goes on about (其中…)
        self.pending: list[Stated] = []  # the main times between the last two numbers, for lists (一季度、二季度…分别)
        self.compared: Stated | None = None  # what the next number is compared with
        self.event: Stated | None = None  # the time of what is held, opened or put into use
        self.point: Stated | None = None  # the last point in time that the paragraph stated (截至10月底), for stocks
        self.years: Stated | None = None  # the run of years (2021—2025年, “十四五”时期) that the page stated last

    def new_line(self) -> None:
        """A new paragraph: what the last one stated does not carry over."""
        self._paragraph = None
        self._running = None
        self.point = self.event = None
        self.new_sentence()
        self.sentence = None

    def new_article(self, start: int) -> None:
        """Another article of the same page: the times told so far are not its own."""
        self.frame.new_article(start)
        self.years = self._day = None

    def heading(self, text: str, start: int) -> None:
        """A heading: the time that it states is its section's."""
        self.frame.heading(text, start, self._periods[self._position :])

    def new_sentence(self, start: int = 0) -> None:
        """A new sentence of the same paragraph."""
        self._start = start
        self._initial = True
        if not self._goes_on(start):
            self.sentence = None
        self.inherited = self.sentence is not None
        self._from = None
        opening = self._masked[start : start + 30]
        if "以来" in opening and self._published is not None and (since := _SINCE.match(opening)):
            self.sentence = self._paragraph = Stated(since.group(1), None, self._published, "since")
        elif self._day is not None and start < self._day_at + _NEAR and _THIS_ONE.match(opening):
            self.sentence = self._paragraph = self._day  # 2月20日，…签约仪式举行。此次集中签约项目42个

    def _goes_on(self, start: int) -> bool:
        """Whether a sentence goes on about the time of the one before."""
        if self._body.startswith(("其中", "环比", "同比"), start):
            return True
        now = self.sentence
        if now is None or self._masked[start - 1 : start] not in {"；", ";"}:
            return False
        if now.type == "month":
            return self._is_part(now)
        return now.type == "as_of" and (now.text in _ONLY_HERE or (now.text or "").startswith("截"))

    def at(self, number_start: int, between: str) -> Stated:
        """The time that governs the number at ``number_start``; ``between`` is the masked text since the number before."""
        had = self._from
        if not self._initial and (";" in between or "；" in between):
            if self._paragraph is self.sentence:
                self._paragraph = None
            self.sentence = None
        self.skip_to(number_start)
        if self._from is not None:
            stated = self._from
            if stated is had and (
                stated.type in {"recurrent", "streak"} or _BECAME.search(between) or "，" in between or "," in between
            ):
                self._from = None
            else:
                return stated
        return self.sentence or self._paragraph or self.frame.section or self.frame.page or NOTHING

    def running(self) -> Stated:
        """The last time stated that is no point in time."""
        return self._running or self.frame.section or self.frame.page or NOTHING

    def words(self, start: int, end: int) -> str:
        """The words as written, times among them."""
        return self._body[start:end]

    def peek(self, start: int, end: int) -> Stated | None:
        """The first main time that begins in ``start``..``end``, without moving on."""
        for period in self._periods[self._position :]:
            if period.start >= end:
                return None
            if period.start >= start and period.first is not None:
                return self._resolve(period, self._body[period.start : period.end])
        return None

    def skip_to(self, offset: int) -> None:
        """Take notice of the times up to ``offset``, which is at the next number or where its sentence or line ends."""
        periods = self._periods
        self.compared = None
        self.pending = []
        one_off: Stated | None = None
        while (period := periods[self._position]).end <= offset:
            self._position += 1
            text = self._body[period.start : period.end]
            words = TimeWords(self._body, self._masked, period, text)
            if words.say_nothing() and not self._is_years_own(text):
                continue
            stated, compared = self._resolve(period, text), words.compared()
            if stated.last is not None and words.of_budget():
                stated = Stated(text, stated.last, stated.last.replace(month=12, day=31), "year")
            if stated.first is not None:
                if stated.type == "month" and self._body.startswith(("止", "份止"), period.end):
                    stated = Stated(text, stated.first.replace(month=1), stated.last, "ytd")
                elif stated.type == "day":
                    self._day, self._day_at = stated, period.end
                elif stated.type == "range" and not compared and _is_run_of_years(words):
                    self.years = stated
            if text == "年初" and (year := self.frame.year(self.sentence or self._paragraph)) is not None:
                self.compared = Stated(text, None, dt.date(year - 1, 12, 31), "as_of")
            elif (
                stated.first is not None
                or stated.last is not None
                or (period.type in _HAVE_NO_DAYS and text not in _HOLIDAYS)
            ):
                one_off = self._govern(stated, period, words, one_off, compared=compared)
        if one_off is not None:
            self._from = one_off

    def _govern(
        self, stated: Stated, period: Period, words: TimeWords, one_off: Stated | None, *, compared: bool
    ) -> Stated | None:
        """Let a time govern what its words say; returned is the one that holds for the next number alone, up to now ``one_off``."""
        text = words.text
        if words.in_bracket() or words.newly():
            return stated  # （上半年增长4.1%）
        if self._is_base(stated, period, words, compared=compared):
            return one_off
        if self._is_start(period, words):
            self._from = stated
            return None
        if "基础上" in words.after[:16]:
            if NUM in words.after[: words.after.index("基础上")]:
                return stated  # 在2020年12.6亿元的基础上
            self.compared = stated
            return None
        if (
            stated.first is not None
            and (period.type in BRIEF or period.type == "day")
            and self._published is not None
            and words.since_event()
        ):
            self._state(Stated(text, stated.first, self._published, "since"), text, period.start)
            return None
        if words.named():
            return one_off
        if self.sentence is not None and words.before.endswith("其中") and not self._is_part(stated):
            return self._up_to_now(stated, text)  # 累计建成1098万亩，其中今年新建126.8万亩
        if period.type in {"recurrent", "streak"}:
            return None if words.mean_growth() else stated
        if words.of_event():
            self.event, self._event_at = stated, period.start
            return one_off
        self._state(stated, text, period.start)
        return None

    def _is_base(self, stated: Stated, period: Period, words: TimeWords, *, compared: bool) -> bool:
        """Whether something is compared with a time, which is kept for it; a value of its own may follow (比2019年的138家)."""
        if compared and words.has_compared_value():
            self.compared = self._from = stated
        elif words.multiplied():
            self.compared = stated
        elif not compared and (
            words.text in LAST_YEAR_WORDS - {"去年"} or (LAST_YEAR.match(words.text) and words.after[:1] == "为")
        ):
            self._from = stated
        elif (compared and period.type != "since") or (
            self.compared is not None and words.before.rstrip("、和与及").endswith(TIME)
        ):
            self.compared = stated
        else:
            return False
        return True

    def _is_start(self, period: Period, words: TimeWords) -> bool:
        """Whether a time is only that of the value that a change sets out from, or reaches in a run of years: 由2020年的…, 到2021年的…."""
        last = words.before[-1:]
        if last in {"由", "从"} and period.type not in {"since", "range", "streak"}:
            return True
        return last in {"到", "至"} and self._runs_over_years() and words.has_value()

    def _runs_over_years(self) -> bool:
        """Whether the paragraph or section is about a run of years, so that one year's value (到2021年的…) is its own alone."""
        whole = self._paragraph or self.frame.section
        return whole is not None and whole.type in {"range", "since"} and whole.first is not None

    def _state(self, stated: Stated, text: str, start: int) -> None:
        """A time that governs what follows it, in its sentence, its paragraph or further."""
        stated = self._up_to_now(stated, text)
        now = self.sentence
        if (
            stated.type == "as_of"
            and now is not None
            and now.type == "since"
            and "日" in (now.text or "")
            and now.first
            and stated.last
            and stated.last > now.first
        ):  # 自1月20日…以来，截至2月5日
            stated = Stated(text, now.first, stated.last, "range")
        self.pending.append(stated)
        self._initial = start - self._start <= 12
        self._from = None
        self.sentence = stated
        self.inherited = False
        if text in _ONLY_HERE:
            self._paragraph = None
        elif not self._is_part(stated) and self._is_initial(start):
            self._paragraph = stated
        if self.frame.page is None:
            self.frame.notice(stated, text, start, initial=self._initial)
        if stated.type == "as_of" and text not in _ONLY_HERE:
            self.point = stated
        if stated.type in _RUNNING:
            self._running = stated

    def _is_initial(self, start: int) -> bool:
        """Whether a time opens its sentence, and so speaks for what follows; one inside a sentence speaks for its own."""
        return start - self._start <= 12 or self._masked[max(0, self._start - 1) : self._start] not in {"；", ";"}

    def _up_to_now(self, stated: Stated, text: str) -> Stated:
        """今年 beside 目前 or 截至10月底: the year so far."""
        now = self.sentence
        if (
            text.startswith("今年")
            and now is not None
            and now.type == "as_of"
            and stated.first
            and now.last
            and now.last.year == stated.first.year
        ):
            return Stated(text, stated.first, now.last, "ytd")
        return stated

    def _is_part(self, stated: Stated) -> bool:
        """Whether a time is only the last part of the one that runs through the paragraph (其中6月份)."""
        whole = self._paragraph or self.frame.section or self.frame.page
        if whole is None or whole.last is None or stated.last is None:
            return False
        if is_holiday(whole.type, whole.first, whole.last, whole.text or ""):  # 大年初三 of the holidays
            return (
                whole.first is not None and whole.first <= (stated.first or stated.last) and stated.last <= whole.last
            )
        return (
            stated.type in {"month", "quarter"} and whole.type in {"ytd", "year", "half"} and whole.last == stated.last
        )

    def _is_years_own(self, text: str) -> bool:
        """Whether 当年 is the year of what the sentence told to be held or put into use."""
        return text == "当年" and self.event is not None and self._event_at >= self._start

    def _resolve(self, period: Period, text: str) -> Stated:
        """The days of a time that only the page tells: 全年, 当天, 假期, 这五年, 去年同期."""
        now = self.sentence or self._paragraph
        is_bare = period.first is None and period.last is None
        if is_bare and not text.endswith("同期"):
            expected = self._body.endswith(("预计", "预计，"), 0, period.start)
            if (stated := self.frame.in_year(text, now, expected=expected)) is not None:
                return stated
        if self._day is not None and _SAME_DAY.match(text):
            return self._day
        if self._is_years_own(text) and self.event is not None and self.event.last is not None:
            last = self.event.last.replace(month=12, day=31)  # 2022年5月投产，当年实现产值4.1亿元
            return Stated(text, last.replace(month=1, day=1), last, "year")
        if (
            text in _HOLIDAYS
            and (frame := self.frame.section or self.frame.page)
            and is_holiday(frame.type, frame.first, frame.last, frame.text or "")
        ):
            return Stated(text, frame.first, frame.last, "range")
        if period.type == "range" and (years := those_years(text, self.years, self._body, period.start)):
            return years
        if self._published is not None and self._published.month <= 3 and text in PAST_YEAR:
            before = self._published.year - 1
            return Stated(text, dt.date(before, 1, 1), dt.date(before, 12, 31), "year")
        if text.endswith("同期") and (year := re.match(r"(\d{4})年", text)):
            return year_before(text, now or self.frame.page, int(year.group(1)))
        if is_bare and text.endswith(("去年同期", "上年同期")):
            return year_before(text, now or self.frame.page)
        told = self.frame.section or self.frame.page
        return in_page_year(Stated(text, period.first, period.last, period.type), told)


def _is_run_of_years(words: TimeWords) -> bool:
    """Whether a range is of years told by their numbers or as a plan's (2021—2025年), which 这五年 may mean."""
    text = words.text
    return NUM not in text and (text[:1].isdigit() or PLAN_YEARS.match(text) is not None) and not words.equated()
