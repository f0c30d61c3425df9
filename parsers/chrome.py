"""Tell the article from what the page wraps round it, and say for every block why it stays or goes.

HTML: the box that holds the prose is found first, then head and tail are trimmed inside it. Text dumps have no boxes:
their region is the whole page. What follows is the same for both: byline, lead, tail marks, odd lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.blocks import Block, Page
from parsers.decode import BINARY, Decoded
from parsers.lexicon import lexicon
from parsers.model import Reject
from parsers.titles import Title, find_title, squeeze

__all__ = ["Article", "Verdict", "judge", "strip_chrome"]


class Verdict(NamedTuple):
    """Whether a block is article text, by which rule, and how sure (1 certain, 0 a guess)."""

    block: Block
    keep: bool
    rule_id: str
    score: float


class Article(NamedTuple):
    """The article's text, the verdict on every block, and where its parts stand (block indices, -1 for none)."""

    body: str
    verdicts: tuple[Verdict, ...]
    title: Title = Title(None, -1, -1, "none")
    byline: int = -1
    first: int = -1
    last: int = -1


_MARKS = re.compile("[，。！？；、]")
_SENTENCE = re.compile("[。！？；…”]$|[。！？；]")
_CAPTION_BOX = re.compile(
    r"caption|pic-?(?:desc|txt|title|info)|img-?(?:desc|txt|title|info|text)|photo-?(?:desc|txt|info)|zhaiyao|daodu|summary|abstract|lead-?in"
)
_STRONG_BYLINE = re.compile(
    r"(?:来\s*源|发布(?:时间|日期)|时\s*间|日期|作\s*者|编\s*辑|点击|浏览|阅读|字体|字号)\s*[:：数量次]|(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?\s+\d{1,2}:\d{2}"
)
_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_LEAF_TAGS = frozenset(
    (
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "dd",
        "dt",
        "pre",
        "tr",
        "blockquote",
        "figure",
        "figcaption",
        "ul",
        "ol",
        "tbody",
    )
)
_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十]{1,3}[章节部分])"
)


def strip_chrome(page: Page) -> Article:
    """The article of a page.

    >>> from parsers.blocks import read_page
    >>> dump = "首页 > 要闻\\n开局良好\\n2024-02-01 来源：芜湖日报\\n一季度，全市生产总值增长5%，高于全国，也高于全省平均水平。\\n相关阅读\\n其他新闻"
    >>> article = strip_chrome(read_page(dump))
    >>> article.body
    '一季度，全市生产总值增长5%，高于全国，也高于全省平均水平。'
    >>> article.title.text, [v.rule_id for v in article.verdicts if not v.keep]
    ('开局良好', ['before_title', 'title', 'byline', 'related', 'after_end'])
    """
    blocks = page.blocks
    if not blocks:
        return Article("", ())
    return _Stripper(page).run()


class _Stripper:
    """One page on its way to an article."""

    __slots__ = ("blocks", "boxes", "page", "rules", "scores", "texts", "weights")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.blocks = page.blocks
        self.boxes = page.boxes
        self.rules: list[str] = [""] * len(page.blocks)
        self.scores: list[float] = [0.0] * len(page.blocks)
        self.texts: list[str] = [b.text for b in page.blocks]
        self.weights = [_prose(b) for b in page.blocks]

    def run(self) -> Article:
        start, end = self._region() if self.boxes else (0, len(self.blocks))
        lead = self._lead(start, end)
        if lead < 0:
            return self._article(Title(None, -1, -1, "none"), -1, 0, 0)
        byline = self._byline(lead)
        title = find_title(self.page, lead, byline)
        first = self._first(start, lead, byline, title)
        last = self._last(first, end)
        self._odd_lines(first, last, title)
        self._trim_ends(first, last)
        return self._article(title, byline, first, last)

    # -- where the prose is ------------------------------------------------------------------------------------

    def _region(self) -> tuple[int, int]:
        """First and last + 1 block of the box that holds the article."""
        boxes, weights = self.boxes, self.weights
        totals: dict[int, float] = {}
        paths: dict[int, bool] = {}
        bad_box = lexicon().boxes.search
        for i, weight in enumerate(weights):
            if not weight:
                continue
            box = self.blocks[i].box
            if self._is_bad(box, paths, bad_box):
                weights[i] = weight = weight * 0.05
            while box >= 0:
                totals[box] = totals.get(box, 0.0) + weight
                box = boxes[box].parent
        if not totals:
            return 0, len(self.blocks)
        children: dict[int, list[int]] = {}
        for box in totals:
            children.setdefault(boxes[box].parent, []).append(box)
        here = 0
        while True:
            inner = [c for c in children.get(here, ()) if boxes[c].tag not in _LEAF_TAGS]
            if not inner:
                break
            best = max(inner, key=lambda c: (totals[c], -c))
            share = totals[best] / totals[here]
            if share < 0.6 or (share < 0.85 and self._is_one_text(here, best, children, totals)):
                break
            if best not in children and share < 0.97:
                break  # a paragraph in a div of its own
            here = best
        inside = [False] * len(boxes)
        inside[here] = True
        for i in range(here + 1, len(boxes)):
            inside[i] = boxes[i].parent >= 0 and inside[boxes[i].parent]
        held = [i for i, b in enumerate(self.blocks) if inside[b.box]]
        return held[0], held[-1] + 1

    def _is_bad(self, box: int, paths: dict[int, bool], search: object) -> bool:
        known = paths.get(box)
        if known is None:
            parent, tag, name = self.boxes[box]
            known = tag in ("nav", "footer", "aside") or bool(name.strip() and search(name))  # type: ignore[operator]
            if not known and parent > 0:
                known = self._is_bad(parent, paths, search)
            paths[box] = known
        return known

    def _is_one_text(self, here: int, best: int, children: dict[int, list[int]], totals: dict[int, float]) -> bool:
        """Whether what stands beside the best box is more of the same article: paragraphs, or boxes like it."""
        tag, name = self.boxes[best].tag, self.boxes[best].name
        same = 0.0
        for child in children[here]:
            if child != best and (
                self.boxes[child].tag in _LEAF_TAGS
                or (self.boxes[child].tag == tag and self.boxes[child].name == name)
                or child not in children
            ):
                same += totals[child]
        rest = totals[here] - totals[best]
        return same > 0.6 * rest

    # -- head --------------------------------------------------------------------------------------------------

    def _lead(self, start: int, end: int) -> int:
        """The first block of running text."""
        rules = lexicon()
        fallback = -1
        for i in range(start, end):
            weight = self.weights[i]
            if weight < 8:
                continue
            text = self.texts[i]
            if len(text) < 200 and (
                rules.byline.match(text) or rules.tail.match(text) or rules.drop.match(text) or rules.issuer.match(text)
            ):
                continue
            if fallback < 0 and weight >= 15:
                fallback = i
            if weight >= 40 or (weight >= 18 and text[-1] in "。！？；：”"):
                return i
        return fallback

    def _byline(self, lead: int) -> int:
        """The line nearest before the lead that says when, whence and by whom; -1 where none does."""
        rules = lexicon()
        best, found = 0.0, -1
        for i in range(lead - 1, max(-1, lead - 25), -1):
            text = self.texts[i]
            if len(text) > 200:
                continue
            match = rules.byline.match(text)
            score = 0.0
            if match and match.lastgroup in ("date", "source", "author", "editor", "clicks"):
                score = 1.0
            if _DATE.search(text):
                score += 1.0 if len(text) < 60 else 0.6
            if _STRONG_BYLINE.search(text):
                score += 0.8
            if self.blocks[i].link * 2 > len(text):
                score = 0.0
            score -= 0.02 * (lead - i)
            if score > best and score >= 0.9:
                best, found = score, i
        return found

    def _first(self, start: int, lead: int, byline: int, title: Title) -> int:
        rules = lexicon()
        first = max(start, title.last + 1 if title.last < lead else lead)
        if byline >= 0:
            first = max(first, byline + 1)
        if title.first < 0 and byline < 0 and not self.boxes:
            first = lead
            while first > start and _HEADING.match(self.texts[first - 1]):
                first -= 1
        said = squeeze(title.text) if title.text else ""
        for i in range(first):
            rule = "before_article"
            if title.first <= i <= title.last:
                rule = "title"
            elif i == byline or (i > title.last and rules.byline.match(self.texts[i])):
                rule = "byline"
            elif i < title.first:
                rule = "before_title"
            self._drop(i, rule, 0.9)
        # After the byline: its further lines, the title once more, issuer and date.
        for i in range(first, lead):
            text = self.texts[i]
            if len(text) > 160:
                break
            match = rules.byline.match(text)
            flat = squeeze(text)
            if match:
                self._drop(i, "byline", 0.9)
            elif said and len(flat) >= 4 and (flat in said or said in flat):
                self._drop(i, "title_again", 0.9)
            elif rules.issuer.match(text):
                self._drop(i, "issuer", 0.8)
            elif rules.drop.match(text) or (rules.tail.match(text) and len(text) < 40):
                self._drop(i, "head_line", 0.7)
            elif self.blocks[i].link * 2 > len(text):
                self._drop(i, "links", 0.8)
            elif not self.boxes and byline < 0 and title.first < 0:
                self._drop(i, "before_article", 0.5)
        return first

    # -- tail --------------------------------------------------------------------------------------------------

    def _last(self, first: int, end: int) -> int:
        """One past the last block that may belong to the article."""
        rules = lexicon()
        total = sum(self.weights[first:end]) or 1.0
        before = 0.0
        for i in range(first, end):
            text = self.texts[i]
            size = len(text)
            if before and not self.rules[i] and size <= 400:
                match = rules.tail.match(text)
                rule = match.lastgroup if match else None
                if rule and size > 60 and rule not in ("rights", "attachments", "neighbours"):
                    rule = None
                if rule is None and size <= 120:
                    match = rules.byline.match(text)
                    if (
                        match
                        and match.lastgroup in ("editor", "source", "clicks", "tools")
                        and (size <= 60 or self.weights[i] < 10)
                    ):
                        rule = match.lastgroup
                if rule:
                    rest = total - before
                    strong = rule in ("editor", "comments", "rights", "neighbours")
                    if rest < total * (0.5 if strong else 0.3) or (strong and not self.boxes and before > 150):
                        for k in range(i, end):
                            self._drop(k, "after_end", 0.8)
                        self.rules[i] = rule
                        return i
                    self._drop(i, rule, 0.6)
            before += self.weights[i]
        return end

    def _odd_lines(self, first: int, last: int, title: Title) -> None:
        rules = lexicon()
        paths: dict[int, bool] = {}
        captions: dict[int, bool] = {}
        for i in range(first, last):
            if self.rules[i]:
                continue
            text, box, link = self.blocks[i]
            size = len(text)
            if size <= 160:
                match = rules.drop.match(text)
                if match:
                    self._drop(i, match.lastgroup or "drop", 0.8)
                    continue
            if link * 10 > size * 6 and (size < 60 or link > size * 0.9):
                self._drop(i, "links", 0.8)
                continue
            if box > 0:
                if self._is_bad(box, paths, lexicon().boxes.search):
                    self._drop(i, "box", 0.7)
                    continue
                caption = captions.get(box)
                if caption is None:
                    tag, name = self.boxes[box].tag, self.boxes[box].name
                    caption = captions[box] = tag == "figcaption" or bool(name.strip() and _CAPTION_BOX.search(name))
                if caption:
                    self._drop(i, "caption", 0.7)
        # What hangs after the last running text: issuer, date, author lines.
        for i in range(last - 1, first - 1, -1):
            if self.rules[i]:
                continue
            text = self.texts[i]
            if len(text) <= 60 and (rules.issuer.match(text) or rules.byline.match(text)):
                self._drop(i, "signature", 0.6)
                continue
            break

    def _trim_ends(self, first: int, last: int) -> None:
        """Cut editor and source remarks off the end of paragraphs."""
        tail = [i for i in range(first, last) if not self.rules[i]][-3:]
        for i in range(first, last):
            if self.rules[i] or self.texts[i][-1] not in ")）】]" and i not in tail:
                continue
            text = self.texts[i]
            for _ in range(3):
                for _rule, pattern in lexicon().trim:
                    match = pattern.search(text)
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
        kept = []
        verdicts = []
        for i, block in enumerate(self.blocks):
            rule = self.rules[i]
            if first <= i < last and not rule:
                kept.append(i)
                verdicts.append(Verdict(block, True, "article", 0.9))
            else:
                verdicts.append(
                    Verdict(block, False, rule or ("outside" if i < first else "after_end"), self.scores[i] or 0.8)
                )
        body = "\n".join(self.texts[i] for i in kept)
        return Article(body, tuple(verdicts), title, byline, kept[0] if kept else first, kept[-1] if kept else last)


def _prose(block: Block) -> float:
    """Characters of running text in a block: none where it is a link or has no punctuation."""
    text, _, link = block
    own = len(text) - link
    if own < 8:
        return 0.0
    marks = len(_MARKS.findall(text))
    if marks == 0:
        return 0.0
    if link * 2 > len(text):
        return 0.0
    return float(own)


_ERROR = re.compile(
    r"(?:404|403|502|503)\b.{0,20}(?:not found|forbidden|error|错误)|页面(?:不存在|未找到|找不到|已删除|走丢)|您访问的页面|文章(?:不存在|已被?删除|已下线)|请(?:先)?登录后|付费(?:阅读|内容|文章)|开通会员|访问(?:受限|过于频繁|被拒绝)|安全验证|验证码|请开启\s?JavaScript|enable javascript|checking your browser",
    re.IGNORECASE,
)
_LIST_SHAPE = 0.6


def judge(page: Page, article: Article, decoded: Decoded | None = None) -> Reject | None:
    """Say why a page gives no document: binary, empty, an error page, a list of links, a stub; None when it is an article.

    >>> from parsers.blocks import read_page
    >>> page = read_page("<html><body><p>404 Not Found</p></body></html>")
    >>> judge(page, strip_chrome(page)).reason_code
    'not_news'
    """
    if decoded is not None and decoded.encoding == BINARY:
        return Reject(None, "decode", "binary", decoded.problem or "bytes that are no text")
    if not page.blocks:
        return Reject(None, "blocks", "empty", "页面里没有任何文字")
    body = squeeze(article.body)
    shown = "".join(b.text for b in page.blocks[:60])[:3000]
    if len(body) < 400 and _ERROR.search((page.head.title or "") + shown):
        return Reject(None, "chrome", "not_news", "是出错、登录或付费提示页，不是新闻")
    prose = len(_MARKS.findall(body))
    linked = sum(b.link for b in page.blocks)
    total = sum(len(b.text) for b in page.blocks)
    if len(body) >= 80 and prose >= 2:
        return None
    rows = sum(1 for b in page.blocks if 8 <= len(b.text) <= 80 and b.link * 10 >= len(b.text) * 6)
    dated = sum(1 for b in page.blocks if len(b.text) <= 80 and _DATE.search(b.text))
    if len(body) < 80 and (rows >= 15 or (rows >= 8 and linked > total * _LIST_SHAPE) or dated >= 8):
        return Reject(None, "chrome", "list_page", "是新闻列表页，没有一篇正文")
    if len(body) < 20 or prose == 0:
        return Reject(None, "chrome", "no_article", "页面里没有正文（只有导航、链接或空白）")
    return None
