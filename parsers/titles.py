"""Find the headline: the visible line that the page's own title, its markup and its place agree on."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

from parsers.blocks import Page
from parsers.dom import NO_BOXES
from parsers.lexicon import lexicon, sites
from parsers.shapes import byline_kind, squeeze, strong_byline

__all__ = ["Title", "find_title"]

_SEPARATOR = re.compile(r"\s*(?:[_|｜]+|--+|—{2,}|\s[-–—·:]\s|[-–—](?=[^-–—]{2,20}$)|[«»<>]|丨(?=[^丨]{2,10}$))\s*")
_MARKUP = re.compile(r"<[^<>]{1,20}>|&(?:nbsp|quot|ldquo|rdquo|amp|lt|gt|mdash|middot);")
_HEADLINE_BOX = re.compile(
    r"(?<![a-z])(?:title|tit|headline|bt|biaoti|arti?cle-?title|newstitle|main-?title|h1)(?![a-z])|[-_]title|title[-_]|tit$|title$"
)
_SIDE_BOX = re.compile(r"sub-?tit|futi|fbt|logo|nav|menu|column|channel|site-?name|related|side|hot|rank|list")
_NAMES_SITE = re.compile(
    r"(?:网|政府|(?<![新开结布格定棋全大变破])局|门户|频道|日报|晚报|官网|首页|新闻网|人大|客户端|委员会|信息公开|政务公开)$"
)
_TABLE_TITLE = re.compile(r"(?:^|\t)(?:标\s*题|信息名称|文件名称|名\s*称)\s*[:：\t]\s*([^\t]{6,100})")
_HEADINGS = {"h1": 3.0, "h2": 1.6, "h3": 1.2, "h4": 0.8, "h5": 0.4, "h6": 0.4}


class Title(NamedTuple):
    """The headline, the first and last block that show it (-1 where none does), and how it was found."""

    text: str | None
    first: int
    last: int
    found_by: str


def find_title(page: Page, lead: int, byline: int) -> Title:
    """Headline of a page whose article begins at block ``lead`` and whose byline stands at block ``byline`` (or -1)."""
    return _in_html(page, lead, byline) if page.format == "html" else _in_text(page, lead, byline)


def clean_head_title(text: str) -> str:
    """The title element without the site's and the column's names.

    >>> clean_head_title("全市生产总值增长5%_要闻_芜湖新闻网")
    '全市生产总值增长5%'
    >>> clean_head_title("1-10月全市投资稳中趋优")
    '1-10月全市投资稳中趋优'
    """
    text = " ".join(_MARKUP.sub(" ", text).split())
    pieces = [p for p in _SEPARATOR.split(text) if p]
    if len(pieces) < 2:
        return text
    suffix = sites().title_suffix
    spans = []
    at = 0
    for piece in pieces:
        at = text.index(piece, at)
        spans.append((at, at + len(piece)))
        at += len(piece)
    first, last = 0, len(pieces) - 1
    while (
        last > first
        and len(pieces[last]) <= 24
        and (suffix.fullmatch(pieces[last]) or text[spans[last - 1][1] : spans[last][0]].strip() == "_")
        and len(pieces[last]) < sum(map(len, pieces[first:last]))
    ):
        last -= 1
    while first < last and _NAMES_SITE.search(pieces[first]) and len(pieces[first]) < len(pieces[last]):
        first += 1
    return text[spans[first][0] : spans[last][1]].strip()


def _in_html(page: Page, lead: int, byline: int) -> Title:
    head = page.head
    names = sites().meta["title"]
    stated = [head.meta[n] for n in names if n in head.meta]
    if "headline" in head.linked:
        stated.append(head.linked["headline"])
    stated += _named_in_table(page, lead)
    said = [squeeze(_MARKUP.sub("", s)) for s in [*stated, head.title or ""] if s]
    best, best_at, best_score = None, -1, 1.5
    blocks = page.blocks
    parents, tags, box_names = page.boxes or NO_BOXES
    end = min(len(blocks), max(lead + 2, 1))
    for i in range(max(0, lead - 100), end):
        text, box, link = blocks[i]
        size = len(text)
        if not 4 <= size <= 120 or (link * 2 > size and tags[box] not in ("h1", "h2")):
            continue
        if i < lead - 40 and tags[box] != "h1" and not (head.title and text in head.title):
            continue
        flat = squeeze(text)
        score = 0.0
        for s in said:
            if len(flat) >= 4 and flat in s:
                score = max(score, 3.0 * len(flat) / max(len(s), 1) + (1.5 if s.startswith(flat) else 0.5))
            elif s and s in flat and len(s) > 6:
                score = max(score, 3.5 * len(s) / len(flat))
        x = box
        for _ in range(3):
            if x <= 0:
                break
            tag, name = tags[x], box_names[x]
            score += _HEADINGS.get(tag, 0.0)
            if name and _HEADLINE_BOX.search(name):
                score += 1.0
                if _SIDE_BOX.search(name):
                    score -= 1.2
            if tag in _HEADINGS:
                break
            x = parents[x]
        if score <= 0.5:
            continue
        if byline >= 0 and abs(byline - i) <= 3:
            score += 0.8
        if _NAMES_SITE.search(flat) and size < 16:
            score -= 2.0
        if byline_kind(text) or "。" in text:
            score -= 2.5
        score -= min(1.0, 0.02 * max(0, lead - i))
        if score > best_score:
            best, best_at, best_score = text, i, score
    if best is None or not _agrees(best, said):
        shared = _shared(page, end, said)
        if shared is not None:
            return shared
    if best is None:
        for how, value in [("meta", s) for s in stated] + [("head", head.title or "")]:
            cleaned = clean_head_title(value)
            if len(cleaned) >= 4 and not (_NAMES_SITE.search(cleaned) and len(cleaned) < 14):
                if byline >= 0 and len(cleaned) < 12 and sites().title_suffix.fullmatch(cleaned):
                    shown = _in_text(page, lead, byline)
                    if shown.text and len(shown.text) >= 8:
                        return shown  # the site's name in the place of a title
                return Title(cleaned, -1, -1, how)
        return _in_text(page, lead, byline) if byline >= 0 else Title(None, -1, -1, "none")
    first, last = _joined(page, best_at, said)
    lines = [blocks[i].text for i in range(first, last + 1)]
    text = "".join(lines) if any("".join(lines) in s for s in [*stated, head.title or ""]) else " ".join(lines)
    flat = squeeze(text)
    for value in [*stated, clean_head_title(head.title or "")]:
        bare = squeeze(value)
        if len(bare) > 6 and bare != flat and flat.endswith(bare) and len(flat) - len(bare) <= 6:
            return Title(value, first, last, "block and head")  # 原创, 图集 and the like glued to the headline
    return Title(_MARKUP.sub("", text).strip(), first, last, "block")


def _named_in_table(page: Page, lead: int) -> list[str]:
    """What the index table above an official document calls it (标题：…)."""
    for i in range(max(0, lead - 40), lead):
        match = _TABLE_TITLE.search(page.blocks[i].text)
        if match:
            return [match.group(1).strip()]
    return []


def _agrees(text: str, said: list[str]) -> bool:
    flat = squeeze(text)
    return any(flat in s or s in flat for s in said)


def _shared(page: Page, end: int, said: list[str]) -> Title | None:
    """The part that a heading and the page's title share, where each has something of its own round it."""
    tags = (page.boxes or NO_BOXES).tags
    for i in range(end):
        text, box, _ = page.blocks[i]
        if not 10 <= len(text) <= 120 or tags[box] not in ("h1", "h2", "h3"):
            continue
        for other in said:
            match = SequenceMatcher(None, text, other, autojunk=False).find_longest_match()
            if match.size >= 10 and match.size * 10 >= len(text) * 6:
                return Title(text[match.a : match.a + match.size].strip(), i, i, "block and head")
    return None


def _joined(page: Page, at: int, said: list[str]) -> tuple[int, int]:
    """A headline broken into lines: neighbours in the same box that the page's title goes on with."""
    blocks = page.blocks
    first = last = at
    heading = (page.boxes or NO_BOXES).tags[blocks[at].box] == "h1"
    whole = squeeze(blocks[at].text)
    while last + 1 < len(blocks) and blocks[last + 1].box == blocks[at].box:
        following = blocks[last + 1].text
        if byline_kind(following) or strong_byline(following) >= 0.9:
            break
        more = whole + squeeze(following)
        if not any(more in s for s in said) and not (heading and len(more) < 80 and last - at < 2):
            break
        whole, last = more, last + 1
    while first > 0 and blocks[first - 1].box == blocks[at].box:
        more = squeeze(blocks[first - 1].text) + whole
        if not any(more in s for s in said):
            break
        whole, first = more, first - 1
    return first, last


_YEAR_BEHIND = re.compile(r"((?:.*\D)?((?:19|20)\d\d)年.*\S)\s+\2")
"""A headline that shows its year once more behind it, as a badge."""
_NAV = re.compile(r"(?:[^\s|·丨/]{1,8}[\s|·丨/]+){3,}[^\s|·丨/]{1,8}$")
_HEADLINE_MARKS = re.compile("[：，！？“”—、|｜%]|\\d")
_ITEM = re.compile(r"[•·●▪■◆※★☆>]|（[一二三四五六七八九十]{1,3}）|[\u4e00-\u9fa5]{4,6}\s*[:：]\s*\S{0,6}$")
_DOCUMENT = re.compile("公报|报告|草案|情况")
_MENU_WORD = re.compile(
    r"^(?:首页|网站首页|新闻|要闻|时政|广告|登录|注册|搜索|手机版|客户端|微博|微信|抖音|English|无障碍.{0,4}|.{2,8}(?:新闻网|视听网|APP|日报|晚报|电视台|发布|人民政府|门户网站|政府网))$"
)


def _is_crumbs(text: str) -> bool:
    match = lexicon().drop.match(text) if len(text) <= 90 else None
    return match is not None and match.lastgroup == "crumbs"


def _in_text(page: Page, lead: int, byline: int) -> Title:
    """In a dump the headline is the last line before the byline that is no menu, or the line after it."""
    blocks = page.blocks
    rules = lexicon()

    def fits(i: int) -> bool:
        text = blocks[i].text
        return (
            4 <= len(text) <= 90
            and "\t" not in text
            and not byline_kind(text)
            and strong_byline(text) < 0.9
            and not rules.drop.match(text)
            and not rules.tail.match(text)
            and not _NAV.search(text)
            and not _MENU_WORD.match(text)
            and not _ITEM.match(text)
            and (not rules.issuer.match(text) or _DOCUMENT.search(text) is not None)
            and not (text.endswith("。") and len(text) > 30)
        )

    for name in _named_in_table(page, lead):
        return Title(name, -1, -1, "index table")
    best, best_at = 0.0, -1
    anchor = byline if byline >= 0 else lead
    # No headline stands above the breadcrumb.
    crumbs = max((i for i in range(max(0, anchor - 8), anchor) if _is_crumbs(blocks[i].text)), default=-1)
    for i in range(max(0, anchor - 8), min(lead, anchor + 8)):
        if i == byline or not fits(i):
            continue
        text = blocks[i].text
        size = len(text)
        score = 1.0 if size >= 9 else 0.6 if size >= 6 else 0.35
        if _HEADLINE_MARKS.search(text):
            score += 0.3
        if _NAMES_SITE.search(text):
            score -= 0.6
        if text[0] in "—–-":
            score -= 0.6  # a subtitle
        if i < crumbs:
            score -= 0.8
        score -= 0.12 * (anchor - i) if i < anchor else 0.25 + 0.15 * (i - anchor)
        if score > best:
            best, best_at = score, i
    if best_at < 0:
        return Title(None, -1, -1, "none")
    how = "before byline" if byline >= 0 and best_at < byline else "after byline" if byline >= 0 else "before text"
    text = blocks[best_at].text
    if best_at and ("》" in text) > ("《" in text) and "《" in blocks[best_at - 1].text:
        return Title(blocks[best_at - 1].text + text, best_at - 1, best_at, how)  # a headline in two lines
    below = blocks[best_at + 1].text if best_at + 1 < min(lead, len(blocks)) else ""
    if below[:1] in ("—", "―") and 6 <= len(below) <= 40 and fits(best_at + 1):
        return Title(text + below, best_at, best_at + 1, how)  # a subtitle
    badge = _YEAR_BEHIND.fullmatch(text)
    return Title(badge.group(1) if badge else text, best_at, best_at, how)
