"""What a page says about its article: title, time, outlet, author, editor, clicks, column, address, and how each was found.

The visible byline comes first; meta values and JSON-LD fill what it leaves open, or give the minute to its day.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise
from typing import NamedTuple

from parsers.blocks import Page
from parsers.bylines import Byline, are_persons, read_byline, read_reporters, read_site_beside_date
from parsers.chrome import Article
from parsers.dates import read_moment
from parsers.lexicon import sites
from parsers.titles import clean_head_title

__all__ = ["Metadata", "read_metadata", "site_names"]

_CRUMBS = re.compile(
    r"^(?:(?:您|你)?(?:现在|当前|目前)?(?:的)?(?:所在)?位置\s*[:：]?\s*)?(?:[^\s>＞»›/|]{0,12}首\s*页|[^\s>＞»›/|]{2,12}(?:网|政府|首页))\s*(?:>+|＞|»|›|/|→|--?)\s*(.{2,80})$"
)
_PARTS = re.compile(r"[\s_|｜丨—–-]+")
_CRUMB_MARK = re.compile(r"\s*(?:>+|＞|»|›|→|/|--?)\s*")
_HERE = frozenset(("正文", "内容", "详情", "详细内容", "文章内容"))
_PAPER = re.compile(
    r"^([\u4e00-\u9fa5]{1,8}(?:日报|晚报|早报|晨报|都市报|商报|时报))(?:数字报(?:刊|纸)?|电子(?:报|版)|数字版)?\s*(?:[-_|—]|$)"
)
_BARE_LABELS = frozenset(
    "来源 信息来源 发布机构 发布单位 发布部门 发布日期 发布时间 发文机关 发文机构 发文单位 发文日期 公开机构 公开日期 索引号 文号 公开目录 "
    "信息分类 主题分类".split()
)
_INDEX = 14
"""Lines above the headline's own that an index table may take."""
_URL_DATE = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")


_PUBLISHER = re.compile(
    r"(?!下载|打开|安装|手机)[\u4e00-\u9fa5A-Za-z]+(?:[日晚早晨商]报|都市报|时报|快报|电视台|融媒体?|融媒体中心|传媒|发布|客户端|新闻网)"
)
_OWNER = re.compile(
    r"(?:主办|主管|承办|版权所有)(?:单位|者)?\s*[:：©\s]\s*([\u4e00-\u9fa5]{4,30})|([\u4e00-\u9fa5]{4,30}?)\s*(?:版权所有|主办)"
)
_FOOT = 30
"""Last lines of a page where its owner is named."""


class Metadata(NamedTuple):
    """The columns of ``documents`` that come from the page itself; ``found_by`` says for each column where from."""

    title: str | None
    published_at: dt.datetime | None
    outlet: str | None
    author: str | None
    editor: str | None
    clicks: int | None
    section: str | None
    url: str | None
    found_by: dict[str, str]


def read_metadata(page: Page, article: Article, name: str) -> Metadata:
    r"""Metadata of a page whose article is known; ``name`` (file name or address) gives the last resort for url and date.

    >>> from parsers.blocks import read_page
    >>> from parsers.chrome import strip_chrome
    >>> page = read_page("首页 > 要闻\n开局良好\n2024-02-01 08:30  来源：芜湖日报  点击：12\n一季度，全市生产总值增长5%，高于全国。\n（责编：王一）")
    >>> data = read_metadata(page, strip_chrome(page), "a.txt")
    >>> data.title, str(data.published_at), data.outlet, data.editor, data.clicks
    ('开局良好', '2024-02-01 08:30:00', '芜湖日报', '王一', 12)
    """
    page = page._replace(blocks=page.lines)
    found: dict[str, str] = {}
    byline = _byline_of(page, article)
    meta = page.head.meta
    names = sites().meta
    if article.title.text:
        found["title"] = article.title.found_by
    url = _url(page, name, found)
    published_at = _published_at(page, article, byline, url or name, found)
    outlet = _first_of(
        byline.outlet, byline.publisher, [meta[n] for n in names["outlet"] if n in meta], "outlet", found
    )
    if outlet is None:
        outlet = _paper(page.head.title or "", found) or _outlet_line(page, article, found)
    editor = byline.editor
    author = byline.author
    if author and outlet and len(author) > len(outlet):
        author = author.removesuffix(outlet)  # glued to it
    if author:
        found["author"] = "byline"
    else:
        author = read_reporters(article.body)
        if author:
            found["author"] = "text"
        else:
            stated = [meta[n] for n in names["author"] if n in meta] + [page.head.linked.get("author", "")]
            author = next((s for s in stated if s != editor and are_persons(s)), None)
            if author:
                found["author"] = "meta"
    if editor:
        found["editor"] = "byline"
    if byline.clicks is not None:
        found["clicks"] = "byline"
    return Metadata(
        title=article.title.text,
        published_at=published_at,
        outlet=outlet,
        author=author,
        editor=editor,
        clicks=byline.clicks,
        section=_section(page, article, found),
        url=url,
        found_by=found,
    )


def site_names(page: Page) -> list[str]:
    """What the page calls its site and the owner of it.

    >>> from parsers.blocks import read_page
    >>> site_names(read_page("<title>全市经济开局良好_芜湖新闻网</title><p>增长5%。</p><p>主办：芜湖日报社</p>"))
    ['芜湖新闻网', '芜湖日报社']
    """
    names = [page.head.meta[n] for n in sites().meta["site"] if n in page.head.meta]
    title = page.head.title or ""
    names += [n for n in _PARTS.split(title.replace(clean_head_title(title), "")) if n]
    for block in page.blocks[-_FOOT:]:
        names += [own or whose for own, whose in _OWNER.findall(block.text)]
    return names


def _byline_of(page: Page, article: Article) -> Byline:
    """Everything the lines round the article say, nearest the headline first, then those after it."""
    blocks = page.blocks
    first, last = article.first, article.last
    anchor = article.title.first if article.title.first >= 0 else article.byline
    start = max(0, min(anchor if anchor >= 0 else first, first) - 6)
    title = article.title
    # The byline itself first, then what follows the headline, then what stands before it.
    order = [i for i in range(start, min(max(first, 0), len(blocks))) if not title.first <= i <= title.last]
    order.sort(key=lambda i: (i != article.byline, i < title.first, i))
    head = [blocks[i].text for i in order if len(blocks[i].text) <= 300]
    head += _index_lines([block.text for block in blocks[max(0, start - _INDEX) : max(0, first)]])
    tail = [
        blocks[i].text
        for i in range(max(first, 0), min(last + 1, len(blocks)))
        if article.rules[i] != "article" and len(blocks[i].text) <= 200
    ]
    tail += [blocks[i].text for i in range(last + 1, min(len(blocks), last + 16)) if len(blocks[i].text) <= 300]
    ends = [blocks[i].text[-80:] for i in range(max(first, last - 2), last + 1)] if first >= 0 else []
    return read_byline(head, tail, ends)


def _index_lines(texts: list[str]) -> list[str]:
    """The fields of an index table whose labels and values stand on lines of their own, each as one line."""
    return [
        f"{label}：{value}"
        for label, value in pairwise(texts)
        if label in _BARE_LABELS and 2 <= len(value) <= 30 and value not in _BARE_LABELS
    ]


def _first_of(
    said: str | None, publisher: str | None, stated: list[str], column: str, found: dict[str, str]
) -> str | None:
    if said:
        found[column] = "byline"
        return said
    if publisher:
        found[column] = "publisher"
        return publisher
    for value in stated:
        if 2 <= len(value) <= 30 and not value.startswith("http"):
            found[column] = "meta"
            return value
    return None


def _paper(title: str, found: dict[str, str]) -> str | None:
    """The newspaper that a page of its electronic edition names first in its title (芜湖日报数字报-开局良好)."""
    match = _PAPER.match(title)
    if match is None:
        return None
    found["outlet"] = "head"
    return match.group(1)


def _outlet_line(page: Page, article: Article, found: dict[str, str]) -> str | None:
    """A publisher that stands on a line of its own between headline and text, or the site itself beside the date."""
    for i in range(article.title.last + 1, max(article.first, 0)) if article.title.last >= 0 else ():
        text = page.blocks[i].text
        if 4 <= len(text) <= 16 and _PUBLISHER.fullmatch(text):
            found["outlet"] = "line"
            return text
    lines = [block.text for block in page.blocks[max(article.title.first, 0) : max(article.first, 0)]]
    site = read_site_beside_date(lines, [n for n in site_names(page) if 4 <= len(n) <= 16])
    if site:
        found["outlet"] = "site"
    return site


def _published_at(
    page: Page, article: Article, byline: Byline, address: str, found: dict[str, str]
) -> dt.datetime | None:
    meta = page.head.meta
    stated = [m for m in (read_moment(meta[n]) for n in sites().meta["published_at"] if n in meta) if m]
    linked = read_moment(page.head.linked.get("datePublished", ""))
    if linked:
        stated.append(linked)
    shown = byline.published_at
    if shown is None:
        for mark in page.marks:
            if mark.block <= max(article.last, article.first) + 3:
                shown = read_moment(mark.text)
                if shown:
                    break
    if shown is not None:
        found["published_at"] = "byline"
        if shown.hour == shown.minute == 0:
            for moment in stated:
                if moment.date() == shown.date() and (moment.hour or moment.minute):
                    found["published_at"] = "byline and meta"
                    return moment
        return shown
    if stated:
        found["published_at"] = "meta"
        return stated[0]
    for block in page.blocks[max(0, article.first - 10) : article.last + 10]:
        if len(block.text) <= 40 and "20" in block.text:
            shown = read_moment(block.text)
            if shown is not None:
                found["published_at"] = "line"
                return shown
    match = _URL_DATE.search(address)
    if match:
        found["published_at"] = "url"
        return dt.datetime(int(match.group(1)), int(match.group(2)), int(match.group(3)))  # noqa: DTZ001 - CST without a zone
    return None


def _section(page: Page, article: Article, found: dict[str, str]) -> str | None:
    end = article.first if article.first >= 0 else len(page.blocks)
    for i in range(max(0, end - 40), end):
        text = page.blocks[i].text
        if len(text) > 90:
            continue
        match = _CRUMBS.match(text)
        if match:
            parts = [
                p
                for p in _CRUMB_MARK.split(match.group(1))
                if p and p.partition(" ")[0] not in _HERE and p != article.title.text
            ]
            if parts and len(parts[-1]) <= 20:
                found["section"] = "breadcrumb"
                return parts[-1]
    for name in sites().meta["section"]:
        value = page.head.meta.get(name)
        if value and len(value) <= 30:
            found["section"] = "meta"
            return value
    return None


def _url(page: Page, name: str, found: dict[str, str]) -> str | None:
    stated = [
        page.head.canonical or "",
        *(page.head.meta.get(n, "") for n in sites().meta["url"]),
        page.head.linked.get("url", ""),
    ]
    for value in stated:
        if value.startswith(("http://", "https://", "//")) and len(value) > 12:
            found["url"] = "head"
            return "https:" + value if value.startswith("//") else value
    if name.startswith(("http://", "https://")):
        found["url"] = "name"
        return name
    return None
