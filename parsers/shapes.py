"""What a single line looks like: running text, a byline, a headline, a line of chrome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.lexicon import lexicon

if TYPE_CHECKING:
    from parsers.dom import Block

__all__ = [
    "DATE",
    "byline_kind",
    "feed_line",
    "figure",
    "heading",
    "opens_text",
    "prose",
    "row_of_table",
    "squeeze",
    "strong_byline",
    "textual",
]

_MARKS = re.compile("[，。！？；、：]")
_SENTENCES = re.compile("[。！？；]")
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d\s?(?:[-/.]\s?\d{1,2}\s?[-/.月]|年\s?\d{1,2}\s?[月.])\s?\d{1,2}(?!\d)"
)  # but 2024年1-10月
_LABELLED = re.compile(
    r"(?:来\s*源|发布(?:时间|日期)|发布于|时\s*间|日\s*期|作\s*者|记\s*者|编\s*辑|点\s*击|浏\s*览|阅\s*读|字\s*[体号]|最后更新|发布机构|供稿)[^:：，。\s]{0,3}\s*[:：]"
)
_CLOCK = re.compile(
    r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?[\s,，T]*(?:\S{2,3}\s?)?(?:上午|下午)?\s?\d{1,2}[:：]\d{2}"
)
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节部分篇]|[0-9]{1,2}[.、．]|【)"
)
_SPACE = re.compile(r"[\s\u3000“”\"‘’'「」]+")
_FEED = re.compile(
    r"\d\s*(?:小时|小時|分钟|分鐘|天|日|秒|周|个月)之?前$|^[\[(（]?(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\])）]?$"
)
_FIGURE = re.compile(r"[-+－]?\d[\d,，.]*\s*(?:%|‰|倍)?|[—–-]{1,2}|…")
_DIGIT = re.compile("[0-9]")
_VALUE = re.compile(r"[：:].{0,20}\d")
_TEASER = re.compile(
    r"(?:\.{3}|…)\s*(?:【详细】|\[详细\]|详细|\[更多\]|更多|查看|全文)?\s*>*$|(?:【详细】|\[详细\]|查看全文|阅读全文)$"
)


def squeeze(text: str) -> str:
    """Text without white space and quotes, for comparing lines.

    >>> squeeze("“双千亿” 之路")
    '双千亿之路'
    """
    return _SPACE.sub("", text)


def prose(block: Block, linked: bool) -> float:
    """Characters of running text in a block; 0 for links, labels, headlines. ``linked``: the page tells links apart."""
    text, _, link = block
    size = len(text)
    own = size - link
    if (
        own < 8
        or link > own
        or not _MARKS.search(text)
        or "\t" in text
        or _TEASER.search(text, size - 12 if size > 12 else 0)
    ):
        return 0.0
    if not linked and "。" not in text and (own > 70 or own < 16) and text[-1] not in "：；”…！？":
        return 0.0  # headlines of a menu that were copied into one line
    return float(own)


def opens_text(text: str, weight: float) -> bool:
    """Whether a line may open an article: a sentence, not a headline with a comma in it.

    >>> opens_text("一季度，全市生产总值增长5%。", 16.0), opens_text("开局良好，全市生产总值增长5%", 15.0)
    (True, False)
    """
    if weight < 12:
        return False
    if text[-1] in "。；：”…）)":
        return weight >= 14 or text[-1] == "。"
    return weight >= 70 or (weight >= 45 and "。" in text)


def byline_kind(text: str) -> str | None:
    """Which field of a byline a line begins with (date, source, author, ago, editor, clicks, tools, index), or None.

    >>> byline_kind("2024-02-01 来源：芜湖日报"), byline_kind("2024年2月1日，全市召开大会。")
    ('date', None)
    """
    size = len(text)
    if size > 240:
        return None
    match = lexicon().byline.match(text)
    if match is None:
        return None
    kind = match.lastgroup
    if (
        kind in ("date", "ago", "clicks", "tools")
        and len(_MARKS.findall(text, match.end())) - text.count("：") > 0
        and not _LABELLED.search(text)
    ):
        return None
    if kind == "tools" and size > 40 and not _LABELLED.search(text):
        return None
    if kind in ("date", "ago") and size > match.end() + 30 and not _LABELLED.search(text):
        return None
    if size > 50 and text[-1] == "。" and kind not in ("source", "index"):
        return None
    return kind


def strong_byline(text: str) -> float:
    """How surely a line is the article's byline: labels and a clock time beside a date count."""
    if len(text) > 240:
        return 0.0
    score = 0.0
    labels = len(_LABELLED.findall(text))
    if _CLOCK.search(text):
        score += 1.3
    elif DATE.search(text):
        score += 1.0 if len(text) < 60 or labels else 0.4
    score += min(labels, 3) * 0.6
    if score and len(_SENTENCES.findall(text)) > 1:
        score -= 1.5
    if score and text[-1] == "。" and len(text) > 40:
        score -= 1.0
    return score


def heading(text: str) -> bool:
    """Whether a line has the shape of a numbered heading."""
    return _HEADING.match(text) is not None


def feed_line(text: str) -> bool:
    """Whether a line belongs to a stream of other articles: an age, a bare time.

    >>> feed_line("法新社·2 天前"), feed_line("2019-08-06 11:36:21"), feed_line("两年前")
    (True, True, False)
    """
    return len(text) <= 60 and _FEED.search(text) is not None


def figure(text: str) -> bool:
    """Whether a line is a plain figure, as in the cell of a table: ``12.8``, ``-3.4%``, ``—``."""
    return len(text) <= 16 and _FIGURE.fullmatch(text) is not None


def textual(text: str) -> bool:
    """Whether a short line may be text: it ends as a clause does, or gives a value to a label (``成人票原价：160元``)."""
    return text[-1] in "，。！？；：…” " or _VALUE.search(text) is not None


def row_of_table(text: str) -> bool:
    """Whether a line is a row of figures: cells between tabs, one of them with a digit."""
    return "\t" in text and _DIGIT.search(text) is not None
