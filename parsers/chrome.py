"""Tell the article from what the page wraps round it, and say for every block why it stays or goes.

HTML: the box that holds the prose is found first, then head and tail are trimmed inside it. Text dumps have no boxes:
their region is the whole page. What follows is the same for both: byline, lead, tail marks, odd lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.blocks import Block, Page
from parsers.dumps import CAPTIONS, find_byline, find_end, find_lead, find_tables, weigh_rows
from parsers.lexicon import lexicon
from parsers.refusals import judge
from parsers.regions import Surroundings, find_region, place_of_title
from parsers.shapes import byline_kind, heading, prose, squeeze, strong_byline
from parsers.titles import Title, find_title

__all__ = ["Article", "Verdict", "judge", "strip_chrome"]


class Verdict(NamedTuple):
    """Whether a block is article text, by which rule, and how sure (1 certain, 0 a guess)."""

    block: Block
    keep: bool
    rule_id: str
    score: float


class Article(NamedTuple):
    """The article's text, the rule on every block, and where its parts stand (block indices, -1 for none)."""

    body: str
    blocks: tuple[Block, ...] = ()
    rules: tuple[str, ...] = ()
    scores: tuple[float, ...] = ()
    title: Title = Title(None, -1, -1, "none")
    byline: int = -1
    first: int = -1
    last: int = -1

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every block with whether it stays, by which rule, and how sure."""
        rows = zip(self.blocks, self.rules, self.scores, strict=True)
        return tuple(Verdict(block, rule == _KEPT, rule, score) for block, rule, score in rows)


_KEPT = "article"
_REMARKS = re.compile(r"[:：\[—–-]|[版页][)）】]$")
_REMARK = re.compile(r"[（(][^）)]{1,8}[）)]$")
_INDEX_ROW = re.compile(
    r"(?:(?:信息)?来源|索引号|(?:发布|发文|公开|成文|生成)(?:机构|机关|单位|部门|日期|时间)|(?:发文)?[文字]号|内容概述|主题词|主题分类|公开目录|信息分类|有效性|时效性?|名称|标题)\t"
)
"""Rows of the table above an official document that says what it is."""
_CREDIT = re.compile(r"记者|通讯员|作者|编辑|整理|供稿|[摄图](?:影|片)?[)）]?$")
_MARKS = re.compile("[，。！？；：、\\s“”…]+")
_LEAD = 40
"""Characters of running text that make a line above them a heading."""
_WORDS = 16
"""Characters of a line of a few words, as buttons and names of columns are."""
_CONTENTS = 8
"""Headings that make a table of contents."""
_SURE = 1.6
"""What a line must score to be the byline of a text far below it: a date and a label at the least."""
_LONG_TAIL_STARTS = frozenset("【（([版免特法郑声本凡以转未如若原©Cc附上下新主承技网扫")
"""How long lines of rights, attachments and neighbours begin; others are not worth a look."""


def strip_chrome(page: Page) -> Article:
    r"""The article of a page.

    >>> from parsers.blocks import read_page
    >>> dump = "首页 > 要闻\n开局良好\n2024-02-01 来源：芜湖日报\n一季度，全市生产总值增长5%，高于全国，也高于全省平均水平。\n相关阅读\n其他新闻"
    >>> article = strip_chrome(read_page(dump))
    >>> article.body
    '一季度，全市生产总值增长5%，高于全国，也高于全省平均水平。'
    >>> article.title.text, [v.rule_id for v in article.verdicts if not v.keep]
    ('开局良好', ['before_title', 'title', 'byline', 'related', 'after_end'])
    >>> [v.rule_id for v in strip_chrome(read_page("首页 > 要闻\n1/6")).verdicts]
    ['no_article', 'no_article']
    """
    blocks = page.blocks
    if not blocks:
        return Article("")
    return _Stripper(page).run()


def _again(flat: str, said: str) -> bool:
    """Whether a line shows the headline or a part of it once more, perhaps with a remark in brackets."""
    flat = _REMARK.sub("", flat).removeprefix("关于")
    return len(flat) >= 4 and (flat in said or said in flat)


class _Stripper:
    """One page on its way to an article."""

    __slots__ = ("blocks", "boxes", "cells", "page", "rules", "scores", "shown", "table", "tabular", "texts", "weights")

    def __init__(self, page: Page) -> None:
        self.shown = page.blocks
        self.page = page = page._replace(blocks=page.lines)
        self.blocks = page.blocks
        self.boxes: Surroundings | None = None
        self.rules: list[str] = [""] * len(page.blocks)
        self.table: set[int] = set()  # lines of tables in a dump
        self.cells: set[int] | None = None  # and in a page, where they were needed
        self.scores: list[float] = [0.0] * len(page.blocks)
        self.texts: list[str] = [b.text for b in page.blocks]
        linked = page.format == "html"
        self.weights = [prose(b, linked) if len(b[0]) - b[2] >= 8 else 0.0 for b in page.blocks]
        self.tabular = weigh_rows(page.blocks, self.weights)

    def run(self) -> Article:
        if self.page.boxes is not None:
            title_at = place_of_title(self.page)
            start, end, self.boxes = find_region(self.page, self.weights, title_at)
            lead = find_lead(self.texts, self.weights, max(start, title_at + 1), end)
            lead = self._lead_below_byline(lead, end)
            byline = self._byline_before(lead)
        else:
            start, end = 0, len(self.blocks)
            byline, lead = find_byline(self.texts, self.weights)
            if byline < 0 < lead:
                byline = self._byline_before_contents(lead)
        if lead < 0:
            byline = self._byline_before(len(self.blocks))
            title = find_title(self.page, len(self.blocks), byline)
            for i in range(len(self.blocks)):
                rule = "title" if title.first <= i <= title.last else "byline" if i == byline else "no_article"
                self._drop(i, rule, 0.8)
            return self._article(title, byline, 0, 0)
        title = find_title(self.page, lead, byline)
        if self.tabular:
            start = min(start, max(0, lead - CAPTIONS))
        first = self._first(start, lead, byline, title)
        last = self._last(first, lead, end)
        self._odd_lines(first, last)
        self._abstract(first, last)
        self._trim_ends(first, last)
        return self._article(title, byline, first, last)

    # -- head --------------------------------------------------------------------------------------------------

    def _byline_before(self, lead: int) -> int:
        """The line nearest before the lead that says when, whence and by whom; -1 where none does."""
        best, found = 0.0, -1
        for i in range(lead - 1, max(-1, lead - 25), -1):
            text, _, link = self.blocks[i]
            score = strong_byline(text)
            if not score:
                continue
            if byline_kind(text):
                score += 0.5
            if link * 2 > len(text) or lexicon().issuer.match(text):
                continue
            score -= 0.03 * (lead - i)
            if score > best and score >= 0.9:
                best, found = score, i
        return found

    def _lead_below_byline(self, lead: int, end: int) -> int:
        """The lead, or the text below the byline where a notice or a summary stands between headline and byline."""
        for i in range(lead + 1, min(lead + 3, end)) if lead >= 0 else ():
            text = self.texts[i]
            if strong_byline(text) < 1 or len(text) > 80 or lexicon().issuer.match(text) or self.weights[i]:
                continue
            below = find_lead(self.texts, self.weights, i + 1, min(i + 6, end))
            if below >= 0 and sum(self.weights[below:end]) > 2 * sum(self.weights[lead:i]):
                return below
        return lead

    def _byline_before_contents(self, lead: int) -> int:
        """The byline of a long document whose table of contents parts it from the text; -1 where there is none."""
        headings = 0
        for i in range(lead - 1, -1, -1):
            text = self.texts[i]
            if heading(text):
                headings += 1
            elif headings >= _CONTENTS and strong_byline(text) >= _SURE and byline_kind(text):
                return i if headings * 2 >= lead - i else -1
        return -1

    def _first(self, start: int, lead: int, byline: int, title: Title) -> int:
        rules = lexicon()
        first = max(start, title.last + 1 if title.last < lead else lead)
        if byline >= 0:
            first = max(first, byline + 1)
        if title.first < 0 and byline < 0 and not self.boxes:
            first = lead
            while first > start and heading(self.texts[first - 1]):
                first -= 1
        said = squeeze(title.text) if title.text else ""
        for i in range(first):
            rule = "before_article"
            if title.first <= i <= title.last:
                rule = "title"
            elif i == byline or (i > title.last and byline_kind(self.texts[i])):
                rule = "byline"
            elif i < title.first:
                rule = "before_title"
            self._drop(i, rule, 0.9)
        # After the byline: its further lines, the title once more, issuer and date.
        chrome = first
        for i in range(first, lead):
            text, _, link = self.blocks[i]
            if len(text) > 240:
                break
            flat = squeeze(text)
            if byline_kind(text):
                self._drop(i, "byline", 0.9)
            elif "\t" in text and _INDEX_ROW.match(text):
                self._drop(i, "index", 0.8)
            elif said and not heading(text) and _again(flat, said):
                self._drop(i, "title_again", 0.9)
            elif rules.issuer.match(text):
                self._drop(i, "issuer", 0.8)
            elif rules.drop.match(text) or (rules.tail.match(text) and len(text) < 40):
                self._drop(i, "head_line", 0.7)
            elif link * 2 > len(text):
                self._drop(i, "links", 0.8)
            if self.rules[i] in ("byline", "head_line"):
                chrome = i
        # No article begins above the last line of chrome before its text.
        for i in range(first, chrome):
            if len(self.texts[i]) <= _WORDS and not self.weights[i] and not heading(self.texts[i]):
                self._drop(i, "head_line", 0.6)
        return first

    # -- tail --------------------------------------------------------------------------------------------------

    def _last(self, first: int, lead: int, end: int) -> int:
        """One past the last block that may belong to the article."""
        rules = lexicon()
        if not self.boxes:
            self.table = find_tables(self.texts, self.weights, lead, end)
            whole, end = end, find_end(self.texts, self.weights, lead, end, self.table)
            for i in range(end, min(end + 8, whole)):
                match = rules.tail.match(self.texts[i])
                rule = match.lastgroup if match else byline_kind(self.texts[i])
                if rule:
                    self._drop(i, rule, 0.8)
        total = sum(self.weights[first:end]) or 1.0
        before = 0.0
        for i in range(first, end):
            text = self.texts[i]
            size = len(text)
            sentence = self.weights[i] >= 40 and text[-1] in "。”"
            if (
                before
                and not self.rules[i]
                and size <= 400
                and i not in self.table
                and not (sentence and text[0] not in _LONG_TAIL_STARTS)
            ):
                short = size <= 60 or text[0] in _LONG_TAIL_STARTS
                match = rules.tail.match(text) if short else None
                rule = match.lastgroup if match else None
                if rule and size > 60 and rule not in ("rights", "attachments", "neighbours"):
                    rule = None
                if rule is None and size <= 120:
                    kind = byline_kind(text)
                    if kind in ("editor", "source", "clicks", "tools") and (size <= 60 or self.weights[i] < 10):
                        rule = kind
                if rule:
                    rest = total - before
                    strong = rule in ("editor", "comments", "rights", "neighbours")
                    if rule == "related" and not self.boxes and before > 100:
                        strong = not any(self.weights[i + 1 : i + 6])  # a list follows, not more of the article
                    if rest < total * (0.5 if strong else 0.3) or (strong and not self.boxes and before > 100):
                        for k in range(i, end):
                            self._drop(k, "after_end", 0.8)
                        self.rules[i] = rule
                        return i
                    self._drop(i, rule, 0.6)
            before += self.weights[i]
        return end

    # -- middle ------------------------------------------------------------------------------------------------

    def _odd_lines(self, first: int, last: int) -> None:
        rules = lexicon()
        boxes = self.boxes
        captions = []
        for i in range(first, last):
            if self.rules[i] or i in self.table:
                continue
            text, box, link = self.blocks[i]
            size = len(text)
            if size <= 50 or (
                size <= 160 and (text[0] in "▲△▼↑↓■□◆(（【图资配视数供您当现" or text[-1] in ")）摄影片图发")
            ):
                match = rules.drop.match(text)
                rule = match.lastgroup if match else None
                if rule == "number" and self.boxes and i in self._cells(first, last):
                    continue
                if rule is None and text[-1] in "摄影图片发）)。" and rules.credit.match(text):
                    rule = "caption"
                if rule == "caption" and self._subheading(i, last):
                    continue
                if rule:
                    self._drop(i, rule, 0.8)
                    if rule == "caption":
                        captions.append(i)
                    continue
            if link * 10 > size * 6 and (size < 60 or link > size * 0.9):
                self._drop(i, "links", 0.8)
            elif boxes and boxes.bad(box):
                self._drop(i, "box", 0.7)
            elif boxes and boxes.caption(box) and not (i == first and self.weights[i] > 200):
                self._drop(i, "caption", 0.7)
                captions.append(i)
        # A page of pictures whose text is its captions keeps them.
        shown = sum(self.weights[i] for i in captions)
        if shown and shown > sum(self.weights[i] for i in range(first, last) if not self.rules[i]):
            for i in captions:
                self.rules[i] = ""
        # What hangs after the last running text: issuer, date, author lines.
        for i in range(last - 1, first - 1, -1):
            if self.rules[i]:
                continue
            text = self.texts[i]
            if len(text) > 60 or not (rules.issuer.match(text) or byline_kind(text)):
                break
            self._drop(i, "signature", 0.6)

    def _subheading(self, i: int, last: int) -> bool:
        """Whether a line with a mark before it heads the text that follows, and is no caption and no name of an author."""
        text = self.texts[i]
        if text[0] not in "■□◆" or not 6 <= len(text) <= 40 or _CREDIT.search(text):
            return False
        return i + 1 < last and self.weights[i + 1] >= _LEAD

    def _cells(self, first: int, last: int) -> set[int]:
        """Lines of tables that a page shows cell by cell, outside of any table: looked for only where a lone figure stands."""
        if self.cells is None:
            self.cells = find_tables(self.texts, self.weights, first, last)
        return self.cells

    def _abstract(self, first: int, last: int) -> None:
        """Drop a summary above the text that says in its own words what the next paragraphs say again."""
        kept = [i for i in range(first, min(last, first + 12)) if not self.rules[i]]
        if len(kept) < 3 or not 16 <= len(self.texts[kept[0]]) <= 200 or self.texts[kept[0]][-1] not in "。！？…":
            return
        pieces = [p[k : k + 4] for p in _MARKS.split(self.texts[kept[0]]) for k in range(len(p) - 3)]
        again = "".join(self.texts[i] for i in kept[1:])
        room = len(pieces) // 5
        for piece in pieces:
            if piece not in again:
                room -= 1
                if room < 0:
                    return
        self._drop(kept[0], "abstract", 0.7)

    def _trim_ends(self, first: int, last: int) -> None:
        """Cut editor and source remarks off the end of paragraphs."""
        tail = [i for i in range(first, last) if not self.rules[i]][-3:]
        for i in range(first, last):
            if self.rules[i] or (self.texts[i][-1] not in ")）】]—" and i not in tail):
                continue
            text = self.texts[i]
            if not _REMARKS.search(text, max(0, len(text) - 60)):
                continue
            for _ in range(3):
                for _rule, pattern in lexicon().trim:
                    match = pattern.search(text, max(0, len(text) - 120))
                    if match and match.start() > 0:
                        text = text[: match.start()]
                        break
                else:
                    break
            self.texts[i] = text.rstrip()

    # -- result ------------------------------------------------------------------------------------------------

    def _drop(self, i: int, rule: str, score: float) -> None:
        if not self.rules[i]:
            self.rules[i] = rule
            self.scores[i] = score

    def _article(self, title: Title, byline: int, first: int, last: int) -> Article:
        rules, scores = self.rules, self.scores
        kept = [i for i in range(first, last) if not rules[i]]
        for i in kept:
            rules[i], scores[i] = _KEPT, 0.9
        for i, rule in enumerate(rules):
            if not rule:
                rules[i], scores[i] = ("outside" if i < first else "after_end"), 0.8
        texts = self.texts
        if self.shown is not self.blocks:  # the rows once more with their empty cells, but for what was cut off
            pairs = zip(texts, self.blocks, self.shown, strict=True)
            texts = [shown.text if text == line.text else text for text, line, shown in pairs]
        body = "\n".join([texts[i] for i in kept])
        first, last = (kept[0], kept[-1]) if kept else (first, last)
        return Article(body, self.shown, tuple(rules), tuple(scores), title, byline, first, last)
