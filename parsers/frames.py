"""The time that more than a paragraph is about: the page's own, a section's, the one that an opening line sets for those after it."""

from __future__ import annotations

import datetime as dt
import re

from parsers.model import Period
from parsers.stated import LAST_YEAR, PLAN_NAMED, PLAN_YEARS, Stated, looks_back, title_time
from parsers.time_words import BRIEF, is_holiday, most_named_year

__all__ = ["Frame"]

_YEARLY = re.compile(r"^(?:截至|至|到|截止)?(?:全年|年末|年底|年内|当年|全年度|本年|年度|年终|期末)")
_ENDS_AS_OF = re.compile(r"年[末底终]|期末")
_SOURCE = re.compile(
    "[^。；\n]*?(?:发布|获悉|显示|消息|统计|介绍|通报|分析|了解到)[^，。；\n]{0,8}[，,：:]"
)  # 据市统计局消息，
_REVIEWED = frozenset({"year", "half", "ytd"})
_LEAD = 300  # characters of an article that set its frame


class Frame:
    """Keeps the times of a page and its sections while the body is read from left to right."""

    __slots__ = ("_body", "_is_of_plan", "_opening", "_published", "_top", "_year", "backdrop", "page", "section")

    def __init__(
        self, body: str, periods: list[Period], title: str, title_periods: list[Period], published: dt.date | None
    ) -> None:
        self._body, self._published = body, published
        self._is_of_plan = PLAN_NAMED.search(title) is not None
        self._top = 0  # where the article begins
        self._opening: Stated | None = None  # the time that the line opened with
        self.page = title_time(title, title_periods, published)  # the time that the title states
        self.section: Stated | None = None  # the time that the section's heading or the lead stated
        self.backdrop: Stated | None = None  # the time looked back on: for yearly figures without a time
        if self.page is None and published is not None:
            self.backdrop = looks_back(body, periods, published)
        self._year = self.page.last.year if self.page is not None and self.page.last else most_named_year(body)

    def heading(self, text: str, start: int, periods: list[Period]) -> None:
        """A heading at ``start`` that states one of the ``periods`` (2023年工作回顾) speaks for its section."""
        for period in periods:
            if period.start >= start + len(text):
                break
            if period.start < start or period.first is None:
                continue
            words = self._body[period.start : period.end]
            if period.type in BRIEF or PLAN_YEARS.match(words):
                self.section = Stated(words, period.first, period.last, period.type)
                if period.last is not None:
                    self._year = period.last.year

    def end_section(self) -> None:
        """A heading of plans, another article: the section's time is over."""
        self.section = self.backdrop = None

    def new_article(self, start: int) -> None:
        """Another article of the page, which has a lead of its own."""
        self.end_section()
        self._top = start

    def notice(self, stated: Stated, text: str, start: int, *, initial: bool) -> None:
        """On a page without a time of its own: a time that governs what follows, ``initial`` if it opens its sentence."""
        if (
            start < self._top + _LEAD
            and self._is_frame(stated, text)
            and (initial or (self._body[start - 1] in "，,：:" and self._is_told(start)))
        ):
            self.section = stated
        elif self._reviews(stated, start):
            self._opening = stated
        if stated.last is not None and stated.type in BRIEF:
            self._year = stated.last.year

    def end_line(self, *, figures: bool) -> None:
        """The end of a line: the time it opened with speaks for those after it, where it stated no figures of its own."""
        if self._opening is None:
            return
        if figures:
            self.backdrop = self._opening
        else:
            self.section = self._opening
        self._opening = None

    def _is_frame(self, stated: Stated, text: str) -> bool:
        """Whether a time near the top is what the whole page is about: a holiday, or the plan that its title names."""
        is_near = stated.last is None or self._published is None or (self._published - stated.last).days < 200
        return (is_near and is_holiday(stated.type, stated.first, stated.last, text)) or (
            self._is_of_plan and PLAN_YEARS.match(text.removesuffix("以来")) is not None
        )

    def _is_told(self, start: int) -> bool:
        """Whether only who tells it stands before a time in its sentence: 10月9日，记者从市文旅局获悉，国庆假期."""
        opening = max(self._body.rfind("\n", 0, start), self._body.rfind("。", 0, start)) + 1
        return start - opening < 50 and _SOURCE.fullmatch(self._body, opening, start) is not None

    def _reviews(self, stated: Stated, start: int) -> bool:
        """Whether a time opens its line and is recent: the paragraphs after it go on about it (2025年，在市委坚强领导下…)."""
        if stated.last is None or self._published is None:
            return False
        if stated.type not in _REVIEWED and not PLAN_YEARS.match(stated.text or ""):
            return False
        if not 0 <= (self._published - stated.last).days <= 400:
            return False
        line = self._body.rfind("\n", 0, start) + 1
        return line >= start - 4 or (line >= start - 40 and _SOURCE.fullmatch(self._body, line, start) is not None)

    def year(self, now: Stated | None) -> int | None:
        """The year that ``now`` is in, or else the page."""
        now = now or self.section or self.page
        return now.last.year if now is not None and now.last is not None else self._year

    def in_year(self, text: str, now: Stated | None, *, expected: bool = False) -> Stated | None:
        """全年, 年末 and 上年 in the year that the page, or ``now``, is about; None for other words.

        What is ``expected`` (预计全年…) is so before the year is over, whatever year the title sets out for.
        """
        back = 1 if LAST_YEAR.match(text) else 0
        if not back and not _YEARLY.match(text):
            return None
        now = now or self.backdrop
        told = now.last if now is not None else None
        year = self._year
        if told is not None and (
            (back and (year is None or self.page is None))
            or (not back and year is not None and self._published is not None and told > self._published)
        ):
            year = told.year  # 下半年，…确保全年…: the year that the half lies in
        if expected and self._published is not None and year is not None and self._published.month > 6:
            year = min(year, self._published.year)
        if year is None:
            return None
        last = dt.date(year - back, 12, 31)
        if _ENDS_AS_OF.search(text):
            return Stated(text, None, last, "as_of")
        return Stated(text, dt.date(last.year, 1, 1), last, "year")
