"""Which time a number belongs to: the last one stated before it, carried through the paragraph, else the page's own.

Times that are only compared with (比上年, 较2020年) govern nothing; 由…的 governs up to 提高到. A time not stated is null.
"""

from __future__ import annotations

import datetime as dt
import re

from parsers.model import Period
from parsers.stated import (
    NOTHING,
    PAST_YEAR,
    PLAN_NAMED,
    Stated,
    in_page_year,
    looks_back,
    plan_before,
    title_time,
    year_before,
)
from parsers.time_words import BRIEF, LAST_YEAR_WORDS, TimeWords, is_holiday, most_named_year

__all__ = ["NOTHING", "Stated", "Timeline"]

_BECAME = re.compile(
    r"到|至|转为|变为|调整为|变成|升为|降为|转成|基础上|增长|下降|增加|减少|提高|回落|加快|[，,]|(?<!分别)为"
)
_YEARLY = re.compile(r"^(?:截至|至|到|截止)?(?:全年|年末|年底|年内|当年|全年度|本年|年度|年终|期末)")
_LAST_YEAR = re.compile(r"^(?:截至)?上(?:一)?年")
_SAME_DAY = re.compile(r"^(?:截至|截止)?当[天日]$")
_THOSE_YEARS = re.compile(r"^(?:这|此|过去的?)?([两二三四五六七八九5])年(?:间|来|内|里)?$")
_PLAN_YEARS = re.compile('[“"]?(?:[八九]|十[一二三四五六]?)五[”"]?(?:时期|期间)?$')
_HOLIDAYS = frozenset({"假期", "假日期间", "节日期间", "节假日期间"})
_DIGITS = "零一二三四五六七八九"
_ENDS_AS_OF = re.compile(r"年[末底终]|期末")
_SINCE = re.compile(  # “三个一批”活动开展以来，…: since some day that is not told
    r"([^，,。；;\ue000\ue003]{2,24}?(?:开展|启动|实施|成立|运行|运营|开园|投产|投用|施行|出台|推行)以来)[，,]"
)
_REVIEWED = frozenset({"year", "half", "ytd"})
_LEAD = 300  # characters of a page that set its frame
_RUNNING = frozenset({"year", "ytd", "half", "quarter", "month", "since"})
_ONLY_HERE = frozenset({"目前", "截至目前", "如今", "现在", "当前", "眼下", "迄今", "至今", "截至发稿", "截至发稿时"})


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
        self._default = title_time(title, title_periods, published)
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
        self._of_plan = PLAN_NAMED.search(title) is not None
        if self._default is not None and self._default.last is not None:
            self._year = self._default.last.year
        else:
            self._year = most_named_year(body)
        self.backdrop = (
            looks_back(body, periods, published) if self._default is None and published is not None else None
        )

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
                and (period.type in BRIEF or _PLAN_YEARS.match(self._body[period.start : period.end]))
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
        if not self._goes_on(start):
            self._sentence = None
        self._from = None
        opening = self._masked[start : start + 30]
        if "以来" in opening and self._published is not None and (since := _SINCE.match(opening)):
            self._sentence = self._paragraph = Stated(since.group(1), None, self._published, "since")

    def _goes_on(self, start: int) -> bool:
        """Whether a sentence goes on about the time of the one before."""
        if self._body.startswith(("其中", "环比", "同比"), start):
            return True
        now = self._sentence
        if now is None or self._masked[start - 1 : start] not in {"；", ";"}:
            return False
        if now.type == "month":
            return self._is_part(now)
        return now.type == "as_of" and (now.text in _ONLY_HERE or (now.text or "").startswith("截"))

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
            words = TimeWords(self._body, self._masked, period, text)
            if words.say_nothing():
                continue
            stated = self._resolve(period, text)
            compared, last = words.compared(), words.before[-1:]
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
                and not words.equated()
                and not compared
            ):
                self._years = stated
            if text == "年初" and (year := self._this_year()) is not None:
                self.compared = Stated(text, None, dt.date(year - 1, 12, 31), "as_of")
                continue
            if (
                stated.first is None
                and stated.last is None
                and (period.type not in {"recurrent", "streak", "range"} or text in _HOLIDAYS)
            ):
                continue
            if words.in_bracket():
                one_off = stated
            elif compared and words.has_compared_value():
                self.compared = self._from = stated
            elif words.multiplied():
                self.compared = stated
            elif not compared and (
                text in LAST_YEAR_WORDS - {"去年"} or (_LAST_YEAR.match(text) and words.after[:1] == "为")
            ):
                self._from = stated
            elif (compared and period.type != "since") or (
                self.compared is not None and words.before.endswith("\ue000")
            ):
                self.compared = stated
            elif (last in {"由", "从"} and period.type not in {"since", "range", "streak"}) or (
                last in {"到", "至"} and self._runs_over_years() and words.has_value()
            ):
                self._from, one_off = stated, None
            elif "基础上" in words.after[:16]:
                one_off = stated
                if "\ue003" not in words.after[: words.after.index("基础上")]:
                    self.compared, one_off = stated, None
            elif (
                stated.first is not None
                and (period.type in BRIEF or period.type == "day")
                and self._published is not None
                and words.since_event()
            ):
                one_off = None
                self._main(Stated(text, stated.first, self._published, "since"), text, period.start)
            elif words.named():
                continue
            elif self._sentence is not None and words.before.endswith("其中") and not self._is_part(stated):
                one_off = self._up_to_now(stated, text)  # 累计建成1098万亩，其中今年新建126.8万亩
            elif period.type in {"recurrent", "streak"}:
                one_off = None if words.mean_growth() else stated
            elif words.of_event():
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

    def _is_initial(self, start: int) -> bool:
        """Whether a time opens its sentence, and so speaks for what follows; one inside a sentence speaks for its own."""
        return start - self._start <= 12 or self._masked[max(0, self._start - 1) : self._start] not in {"；", ";"}

    def _up_to_now(self, stated: Stated, text: str) -> Stated:
        """今年 beside 目前 or 截至10月底: the year so far."""
        now = self._sentence
        if text.startswith("今年") and now is not None and now.type == "as_of" and stated.first and now.last:
            return Stated(text, stated.first, now.last, "ytd")
        return stated

    def _main(self, stated: Stated, text: str, start: int) -> None:
        stated = self._up_to_now(stated, text)
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
        if stated.last is not None and stated.type in BRIEF and self._default is None:
            self._year = stated.last.year

    def _is_frame(self, stated: Stated, text: str) -> bool:
        """Whether a time near the top is what the whole page is about: a holiday, or the plan that its title names."""
        return is_holiday(stated.type, stated.first, stated.last, text) or (
            self._of_plan and _PLAN_YEARS.match(text.removesuffix("以来")) is not None
        )

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
        if is_holiday(whole.type, whole.first, whole.last, whole.text or ""):  # 大年初三 of the holidays
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
                stated.type in {"recurrent", "streak"} or _BECAME.search(between) or "，" in between or "," in between
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
        if (
            text in _HOLIDAYS
            and (frame := self._section or self._default)
            and is_holiday(frame.type, frame.first, frame.last, frame.text or "")
        ):
            return Stated(text, frame.first, frame.last, "range")
        if period.type == "range" and (those := _THOSE_YEARS.match(text)):
            years = self._years or plan_before(self._body, period.start)
            count = 5 if those.group(1) == "5" else _DIGITS.find(those.group(1).replace("两", "二"))
            if years is not None and years.first and years.last and years.last.year - years.first.year + 1 == count:
                return Stated(text, years.first, years.last, "range")
        if self._published is not None and self._published.month <= 3 and text in PAST_YEAR:
            before = self._published.year - 1
            return Stated(text, dt.date(before, 1, 1), dt.date(before, 12, 31), "year")
        now = self._sentence or self._paragraph or self._default
        if text.endswith("同期") and (year := re.match(r"(\d{4})年", text)):
            return year_before(text, now, int(year.group(1)))
        if period.first is None and period.last is None and text.endswith(("去年同期", "上年同期")):
            return year_before(text, now)
        return in_page_year(Stated(text, period.first, period.last, period.type), self._default)

    def _of_page_year(self, text: str) -> Stated | None:
        """全年, 年末 and 上年 in the year that the page or the sentence is about."""
        back = 1 if _LAST_YEAR.match(text) else 0
        if not back and not _YEARLY.match(text):
            return None
        now = self._sentence or self._paragraph or self.backdrop
        told = now.last if now is not None else None
        year = self._year
        if told is not None and (
            (back and (year is None or self._default is None))
            or (not back and year is not None and self._published is not None and told > self._published)
        ):
            year = told.year  # 下半年，…确保全年…: the year that the half lies in
        if year is None:
            return None
        last = dt.date(year - back, 12, 31)
        if _ENDS_AS_OF.search(text):
            return Stated(text, None, last, "as_of")
        return Stated(text, dt.date(last.year, 1, 1), last, "year")
