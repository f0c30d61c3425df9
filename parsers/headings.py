"""What a line says of the lines after it: that they are plans, a review, the notes; what they are figures of."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from parsers.draft import Draft, unmark
from parsers.indicators import link, normalise
from parsers.linking import own_words
from parsers.model import Quantity

__all__ = ["NOTE", "NOTES", "announce", "opens_ahead", "reviews", "sets_out", "sets_targets"]

NOTES = re.compile(r"^(?:注释?|指标解释|名词解释|附注|说明|主要统计指标解释)\s*[：:]?\s*$")
NOTE = re.compile(r"^\s*(?:注\s*[：:]|\[\d+\]|[①-⑳]|注释\s*[：:])")
_TARGETS = re.compile(
    r"(?:主要|预期|发展|工作|年度|重点)(?:预期)?目标|目标任务|预算安排|收支预算|预算草案(?:编制|安排|情况|$)|预算编制(?:情况|说明)|重点工作$|(?:抓好|做好|推进|实施)[^，。：；]{0,12}(?:工作|任务|工程|行动)[：:]$|工作(?:安排|打算|计划|重点)|下一步"
)
_REVIEW = re.compile("回顾|完成情况|执行情况|运行情况|总体情况|取得|成效|成就|亮点")
_NUMBERED = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．])")
_LONGEST = 24  # characters of a line or sentence that may only name what the next tells of
_ITEM = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．]+)?\s*")
_SETS_OUT = re.compile(  # a paragraph without figures that opens the plans of a year
    r"\s*(?:(20\d\d)年|今年|新的一年|明年|下一步|下阶段)[，,]?[^。；]{0,30}?(?:将|重点抓好|要(?:重点|着力|全力|坚持|抓好|做好)|力争|总体要求|主要目标|工作思路|重点工作)"
)
_AHEAD = re.compile("(?:(下半年)|新的一年|下一步|下阶段|接下来)[，,]")
_LISTING = re.compile("^(?:分.{1,8}看|其中|按.{1,8}分)[，,]?|(?:如下|情况|完成情况)$|主要")


def sets_targets(heading: str) -> bool:
    """Whether the section under a heading is of targets.

    >>> sets_targets("二、2025年主要目标"), sets_targets("一、2024年工作回顾")
    (True, False)
    """
    return _TARGETS.search(heading) is not None


def reviews(heading: str) -> bool:
    """Whether a heading ends the targets above it: it looks back, or is none of their numbered points, nor opens a list.

    >>> reviews("一、2024年工作回顾"), reviews("（一）做强工业"), reviews("主要支出如下：")
    (True, False, False)
    """
    goes_on = _NUMBERED.match(heading) or heading.rstrip().endswith(("：", ":"))
    return _REVIEW.search(heading) is not None or not goes_on


def sets_out(line: str, published: dt.date | None) -> bool:
    """Whether a line opens the plans of a year that has not gone by.

    >>> sets_out("2025年，我市将重点抓好以下工作", dt.date(2025, 1, 9))
    True
    """
    plans = _SETS_OUT.match(line)
    if plans is None or published is None or (plans[1] and int(plans[1]) < published.year):
        return False
    return published.month <= 4 or not (plans[1] or line.lstrip().startswith("今年"))


def opens_ahead(sentence: str, published: dt.date | None) -> bool:
    """Whether a sentence opens with what is still to come; 下半年 is so up to August.

    >>> opens_ahead("下半年，全市", dt.date(2024, 7, 20)), opens_ahead("下半年，全市", dt.date(2024, 12, 30))
    (True, False)
    """
    opens = _AHEAD.match(sentence)
    return opens is not None and (opens[1] is None or (published is not None and published.month <= 8))


def announce(heading: str, *, whole: bool = False) -> Draft | None:
    """What a masked heading names that the lines after it are of, as a draft they go on about: 2024年主要农产品产量：.

    With ``whole`` only where the heading is an indicator's name and no more: 2.固定资产投资.

    >>> announce("2.固定资产投资", whole=True).indicator_id, announce("二、扩大工业投资", whole=True)
    ('fixed_asset_investment', None)
    """
    if whole and len(heading) >= _LONGEST:
        return None
    name = _LISTING.sub("", _ITEM.sub("", unmark(heading).rstrip("：: 。")))
    found, alias = link(name, None, "growth_yoy")
    if not found and not name.endswith(("产量", "产值", "增加值", "投资", "收入")):
        return None
    if whole and (not found or len(alias) < len(normalise(own_words(name)))):
        return None
    quantity = Quantity(0, 0, Decimal(0), None, None, "eq")
    return Draft(quantity, 0, 0, None, kind="change", name=alias or name, indicator_id=found)
