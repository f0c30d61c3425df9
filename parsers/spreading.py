"""A time drawn out from what was told: the years of a mean, 今年 up to the day of publishing, the year that 到2022年 reached."""

from __future__ import annotations

import datetime as dt
import re

from parsers.draft import Draft
from parsers.linking import NEW
from parsers.settling import CAME, is_annual, is_flow, is_open
from parsers.timeline import NOTHING, Stated, Timeline

__all__ = ["draw_out", "looks_back", "spread"]

_OVER_YEARS = re.compile(
    "(?:年均|年平均|年复合)(?:增长|增速|增幅|递增|下降|提高|增加)|[两三四五]年(?:来|间)?(?:累计|共计?)"
)
_COUNTED_YEARS = re.compile("([三四五六七八九])年年均")
_FEW = "零一两三四五六七八九"
_BUILT = re.compile("(?<!累计)建成")
_TOTAL = re.compile("累计|总数|总量")
_NEW = re.compile(f"{NEW.pattern}|新建|新改建|新认定|新开工")
_AT_ONCE = re.compile("(?:共|累计|实现)?(?:增长|提高|上升|下降|增加)了?")
_AMOUNTS = frozenset({"CNY", "USD", "t"})
_RUNNING = frozenset({"year", "ytd", "half", "quarter", "month", "since"})
_IS_DONE = re.compile("已|累计|完成")
_REACHED = re.compile(r"[到至]20\d\d年$")


def looks_back(draft: Draft, told: Stated | None, *, planned: bool) -> bool:
    """Whether a place's yearly figure without a time is of the time that the page looks back on.

    ``told``: that time, once the paragraph told a figure of it, so that its other amounts are of it too; ``planned``: plans are told of.
    """
    if draft.status == "target" or (draft.status == "forecast" and planned) or (draft.time or NOTHING) != NOTHING:
        return False
    if draft.subject is None or draft.subject.code is None:
        return False
    return is_annual(draft) or (told is not None and (draft.unit in _AMOUNTS or draft.kind == "growth_yoy"))


def draw_out(draft: Draft, before: Draft | None, masked: str, published: dt.date | None) -> None:
    """今年 of what came about so far ends with the day of publishing; what runs through a year that was reached (到2022年) is of that year."""
    time = draft.time or NOTHING
    if draft.status != "actual" or time.last is None or published is None:
        return
    if time.text == "今年" and time.type == "year" and time.last > published:
        last = (before.time if before is not None else None) or NOTHING
        is_carried = last.text == "今年" and last.type == "ytd" and "+" in draft.rule
        came = CAME if published.month > 4 else _IS_DONE  # in the first months it may be a plan
        if came.search(masked, draft.sentence[0], draft.start) or is_carried:
            draft.time = Stated(time.text, time.first, published, "ytd")
    elif (
        time.type == "as_of"
        and _REACHED.match(time.text or "")
        and time.last <= published
        and (is_flow(draft) or draft.kind == "growth_yoy")
    ):
        draft.time = Stated(time.text, time.last.replace(month=1, day=1), time.last, "year")


def spread(draft: Draft, group: list[Draft], timeline: Timeline) -> None:
    """A mean growth runs over the years told before; a total after what was new is as of the end.

    ``group`` are the numbers before in the sentence: 从2015年的…到2020年的…，年均增长; 新增86家，总数达603家.
    """
    time = draft.time or NOTHING
    if draft.kind == "growth" and group and draft.rule.endswith("+list"):
        draft.time = group[-1].time  # 五年年均增长6.5%和8.4%
    elif draft.kind == "growth" and _OVER_YEARS.search(
        words := timeline.words(draft.start - len(draft.clause) - 3, draft.start)
    ):
        draft.time = _mean_over(words, time, group, timeline) or draft.time
    elif (
        draft.kind == "growth_yoy"
        and group
        and group[-1].unit == "year"
        and _AT_ONCE.fullmatch(timeline.words(group[-1].end, draft.start))
    ):
        draft.kind, draft.time = "growth", NOTHING  # 五年增长4.4倍
    elif draft.kind == "gap_pp" and group and group[-1].kind == "growth" and not timeline.pending:
        draft.time = group[-1].time  # 四年年均增长5.8%，高于全省1.1个百分点
    elif group and group[-1].unit == "year" and draft.clause.startswith("累计") and time.type == "year" and time.last:
        first = time.last.year - int(group[-1].quantity.value) + 1  # 实际利用外资五年累计达到4.2亿美元
        draft.time = Stated(time.text, dt.date(first, 1, 1), time.last, "range")
    elif draft.kind in {"count", "level", "rank"} and draft.status == "actual" and time.type in _RUNNING and group:
        as_of = Stated(time.text, None, time.last, "as_of")
        is_total = draft.kind != "rank" and _TOTAL.search(draft.clause) is not None
        if not is_total and group[-1].time == as_of:  # 总数达到96家，其中科创板22家，居省会城市第二
            of_it = draft.kind == "rank" or draft.clause.startswith("其中")
            is_total = draft.clause[:1] == "、" or (of_it and draft.indicator_id == group[-1].indicator_id)
        if (
            is_total
            and time.last is not None
            and any(_NEW.search(d.clause) or (d.unit == draft.unit and _BUILT.search(d.clause)) for d in group)
        ):
            draft.time = as_of


def _mean_over(words: str, time: Stated, group: list[Draft], timeline: Timeline) -> Stated | None:
    """The years that a yearly mean is taken over."""
    counted = _COUNTED_YEARS.search(words)
    if counted and time.type == "year" and time.last is not None:
        first = time.last.year - _FEW.index(counted[1]) + 1
        return Stated(counted[0], dt.date(first, 1, 1), time.last, "range")
    ends = [d.time.last for d in group[-2:] if d.time is not None and d.time.type == "year" and d.time.last]
    if len(ends) == 2 and ends[1].year - ends[0].year > 1:
        return Stated(None, dt.date(ends[0].year + 1, 1, 1), ends[1], "range")
    section = timeline.frame.section
    years = section if section is not None and is_open(section) else timeline.years
    if time.type not in {"year", "as_of", None} or years is None or years.first is None or years.last is None:
        return None
    return years if time.last is None or years.first <= time.last <= years.last else None
