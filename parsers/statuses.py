"""Whether a number is a fact, a target or a forecast: the cues before it, the words behind it, and where its time lies."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from parsers.draft import PLACE, TIME, Draft
from parsers.kinds import status_cues, status_of
from parsers.timeline import NOTHING, Stated, Timeline

__all__ = ["Statuses"]

_LEADING = re.compile(f"[{TIME}{PLACE}，,]|全[市省年国]|初步")
_WILL = re.compile(r"[^，,。；;\ue003]{0,16}?(?<![即必或])将(?=于|在|陆续|全部|\ue000)")
_HABIT = re.compile("(?<![将拟])每年安排[^，,。；]{0,6}$")
_FROM_HERE = re.compile(r"(?<!预期)(?<!预测)(?:由|从)(?:目前的?|现在的?|\ue000+的?)?(?:约|近|不足)?$")
_DONE = re.compile(r"完成(?!数)|执行|实现|达到?|已|签约|开工|举行|新增|印发|出台")
_BEGUN = re.compile("已|签约|开工|举行|印发|出台")
_FUTURE_WORD = re.compile(r"^(?:到|至)?(?:明年|下半年|新的一年)")
_GOAL = re.compile(r"(?:以上|左右)?的?(?:年度|年初|全年|预期|增长|既定|规划)*(?:目标|预期)(?!任务)")
_GOAL_HEADS = frozenset("以左的")
_SHORT_GOAL_HEADS = _GOAL_HEADS | {"目"}  # 投资620亿元目标; 击中40个目标 is none
_STATES_YEAR = re.compile("\\d{4}|[今去明前]年|年[前后]")
_BARE_YEAR = re.compile(r"(?:截至)?(?:全年|年末|年底)$")


class _Outlook(NamedTuple):
    """What a time says of the status of its numbers: whether it lies ahead or is a plan's year; and the time that a fact of it has."""

    time: Stated
    ahead: bool
    planned: bool
    finished: Stated


class Statuses:
    """Tells the status of a body's numbers, from left to right; what a status says of a number's time, it sets."""

    __slots__ = ("_body", "_cues", "_is_draft_budget", "_outlook", "_published", "_timeline", "inherited", "whole")

    def __init__(self, body: str, title: str, timeline: Timeline, published: dt.date | None) -> None:
        self._body, self._timeline, self._published = body, timeline, published
        self._is_draft_budget = "预算" in title and any(word in title for word in ("草案", "编制", "安排"))
        self._cues: list[tuple[int, str]] = []
        self._outlook = self._outlook_of(NOTHING)  # what the time of the last number says
        self.inherited: str | None = None  # the status of the clause before ；, or of the section
        self.whole = "actual"  # the status of what the sentence before began with, whose parts may follow (其中)

    def new_line(self, section: str | None) -> None:
        """A new paragraph of a section that is of plans, or not."""
        self.inherited, self.whole = section, "actual"

    def tell_parts(self) -> None:
        """A sentence that opens with 其中 goes on with the status of the whole."""
        if self.whole != "actual":
            self.inherited = self.whole

    def new_sentence(self, masked: str, start: int, end: int) -> None:
        """Find the cues of a sentence."""
        self._cues = status_cues(masked, start, end)

    def opens_with_forecast(self, masked: str, start: int) -> bool:
        """Whether the sentence at ``start`` expects all it tells of (预计全年…), not one figure alone (全市GDP预计增长…)."""
        at = next((at for at, cue in self._cues if cue == "forecast"), start)
        return masked[at + 2 : at + 3] == "，" or len(_LEADING.sub("", masked[start:at])) < 2  # 文旅局预测，…

    def tell(self, draft: Draft, masked: str, start: int, end: int) -> bool:
        """Set the status of ``draft``, whose sentence begins at ``start`` and whose words end before ``end``; True if its time is settled by that."""
        if masked.find("将", draft.end, end) >= 0 and (ahead := _WILL.match(masked, draft.end, end)):
            draft.status = "target"
            stated = self._timeline.peek(draft.end, ahead.end() + 12)
            draft.time = stated or draft.time
            return stated is not None
        draft.status = self._of(draft, masked, start, end)
        if draft.status == "actual" and draft.time is not None:
            draft.time = self._look(draft.time).finished
        return False

    def _look(self, time: Stated) -> _Outlook:
        """What a time says by itself; most numbers share it with the one before."""
        if time is not self._outlook.time:
            self._outlook = self._outlook_of(time)
        return self._outlook

    def _outlook_of(self, time: Stated) -> _Outlook:
        return _Outlook(time, self._lies_ahead(time), self._is_planned(time), self._finished(time))

    def _of(self, draft: Draft, masked: str, start: int, end: int) -> str:
        time = draft.time or NOTHING
        outlook = self._look(time)
        status = status_of(self._cues, draft.end, outlook.ahead, self.inherited)
        if status == "budget":
            in_bracket = masked[draft.start - 1 : draft.start] in {"（", "("}
            if draft.kind == "level" and not in_bracket:
                return "target"
            status = "actual"
        if draft.rule.startswith("goal"):
            if self._published is not None:
                draft.time = self._looks_to(draft, time)
            return "target"
        if masked[draft.end : draft.end + 1] in (
            _GOAL_HEADS if draft.kind == "count" else _SHORT_GOAL_HEADS
        ) and _GOAL.match(masked, draft.end, end):
            status = "target"
        if self._published is None:
            return status
        if status == "actual":
            done = _DONE if self._published.month > 2 else _BEGUN
            planned = outlook.planned and not done.search(masked, max(start, draft.start - 24), draft.start)
            return "target" if planned else "actual"
        draft.status = status
        if status == "target" and time.type == "recurrent" and self._is_habit(draft, start):
            return "actual"
        time = draft.time = self._looks_to(draft, time)
        if _FROM_HERE.search(masked, max(start, draft.start - 6), draft.start):
            return "actual"
        if status == "target" and "拟安排" in masked[max(start, draft.start - 4) : draft.start]:
            if self._published.month <= 4:  # the budget of the year that has just begun
                year = self._published.year
                draft.time = Stated(None, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
            return status
        if status == "target" and time.last is not None and time.last <= self._published and time.type != "day":
            clause = masked.rfind("，", start, draft.start) + 1
            if (
                clause
                and any(cue == "will" and clause <= at < draft.start for at, cue in self._cues)
                and TIME not in masked[clause : draft.start]
            ):
                draft.time = NOTHING  # 今年5月获批…，将带动500家企业: what it will do has no time
                return status
            return "actual"
        return status

    def _looks_to(self, draft: Draft, time: Stated) -> Stated:
        """将在三年内 lies ahead; 全年 in a plan without a year is the year of publishing, in a January's review the one before."""
        assert self._published is not None
        if time.type == "range" and time.last == self._published and time.first and (time.text or "").endswith("内"):
            return Stated(time.text, self._published, self._published + (self._published - time.first), "range")
        if time.text == "今年" and time.type == "ytd" and time.first:  # beside 截至目前: what is planned is of the year
            return Stated(time.text, time.first, time.first.replace(month=12, day=31), "year")
        if (
            time.type in {"month", "quarter", "range"}
            and time.first
            and time.last
            and not _STATES_YEAR.search(time.text or "")
            and time.last.year == self._published.year - 1
            and (self._published - time.last).days > 120
        ):  # 四季度再开工20个, told in August
            return Stated(time.text, _next_year(time.first), _next_year(time.last), time.type)
        is_past = time.last is None or time.last < self._published
        if is_past and "全年" in self._body[draft.sentence[0] : draft.start]:
            year = self._published.year - self._reviews(draft)
            return Stated("全年", dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
        return time

    def _is_habit(self, draft: Draft, start: int) -> bool:
        """Whether what is set aside every year is a fact: 每年安排5亿元; 到2027年，每年安排 and 将每年安排 are not."""
        if _HABIT.search(self._body, max(start, draft.start - 10), draft.start) is None:
            return False
        own = self._timeline.sentence
        return own is None or (own.last is not None and self._published is not None and own.last <= self._published)

    def _reviews(self, draft: Draft) -> bool:
        """Whether what a place expects of 全年 is of the year just over: its figures are not out yet in January."""
        assert self._published is not None
        of_place = draft.subject is not None and draft.subject.code is not None
        return draft.status == "forecast" and self._published.month <= 2 and of_place and self.inherited != "target"

    def _finished(self, time: Stated) -> Stated:
        """A fact of 全年 or 年末 without a year is of the last finished one."""
        if self._published is None or time.last is None or time.last <= self._published:
            return time
        if not _BARE_YEAR.match(time.text or ""):
            return time
        if self._published.month >= 11 and time.last.year == self._published.year:
            return time
        back = dt.date(time.last.year - 1, 12, 31)
        return Stated(time.text, time.first and dt.date(back.year, 1, 1), back, time.type)

    def _is_planned(self, time: Stated) -> bool:
        """A whole year named by its number, on a page of that year's first months, is still ahead."""
        if self._published is None or time.type != "year" or time.last is None or time.text is None:
            return False
        if time.last.year != self._published.year or self._published.month > (8 if self._is_draft_budget else 4):
            return False
        return time.text[:2] == "20" or time.text.startswith("本年")

    def _lies_ahead(self, time: Stated) -> bool:
        if time.last is None or self._published is None or time.text is None:
            return False
        if time.text.endswith("前") and time.last > self._published:
            return True  # 年底前入库项目400个
        return time.last.year > self._published.year or (
            time.text[:1] in "到至明下新" and bool(_FUTURE_WORD.match(time.text))
        )


def _next_year(day: dt.date) -> dt.date:
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
