"""Say why a page gives no document: binary, empty, an error page, a list of links, a stub."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.decode import BINARY, Decoded
from parsers.model import Reject
from parsers.shapes import DATE, row_of_table, squeeze

if TYPE_CHECKING:
    from parsers.blocks import Page
    from parsers.chrome import Article

__all__ = ["judge"]

_MARKS = re.compile("[，。！？；、]")
_ERROR = re.compile(
    r"(?:404|403|502|503)\b.{0,20}(?:not found|forbidden|error|错误)|页面(?:不存在|未找到|找不到|已删除|走丢)|您访问的页面|文章(?:不存在|已被?删除|已下线)|请(?:先)?登录后|访问(?:受限|过于频繁|被拒绝)|安全验证|验证码|请开启\s?JavaScript|enable javascript|checking your browser",
    re.IGNORECASE,
)
_PAYWALL = re.compile(r"付费(?:阅读|内容|文章)|开通会员")
_LIST_SHAPE = 0.6


def judge(page: Page, article: Article, decoded: Decoded | None = None) -> Reject | None:
    """Say why a page gives no document: binary, empty, an error page, a list of links, a stub; None when it is an article.

    >>> from parsers.blocks import read_page
    >>> from parsers.chrome import strip_chrome
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
    prose = len(_MARKS.findall(body)) + sum(map(row_of_table, article.body.split("\n")))
    told = article.title.text is not None and article.byline >= 0
    # Forms for comments ask for a 验证码 too: what has a headline, a byline and sentences is no page of an error.
    error = None if told and len(body) >= 80 and prose >= 3 else _ERROR.search((page.head.title or "") + shown)
    if len(body) < 400 and (error or _PAYWALL.search(shown)):
        return Reject(None, "chrome", "not_news", "是出错、登录或付费提示页，不是新闻")
    linked = sum(b.link for b in page.blocks)
    total = sum(len(b.text) for b in page.blocks)
    if len(body) >= 80 and prose >= 2:
        return None
    rows = sum(1 for b in page.blocks if 8 <= len(b.text) <= 80 and b.link * 10 >= len(b.text) * 6)
    dated = sum(1 for b in page.blocks if 8 < len(b.text) <= 80 and DATE.search(b.text))
    if (
        len(body) < 80
        and not told
        and (rows >= 15 or (rows >= 8 and linked > total * _LIST_SHAPE) or min(rows, dated) >= 5 or dated >= 8)
    ):
        return Reject(None, "chrome", "list_page", "是新闻列表页，没有一篇正文")
    if len(body) < 20 or prose == 0:
        return Reject(None, "chrome", "no_article", "页面里没有正文（只有导航、链接或空白）")
    return None
