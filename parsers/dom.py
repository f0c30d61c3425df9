"""Walk a page's tree once, in document order, and cut it into blocks of text with the boxes they stand in.

Lexbor reads the markup; bs4 stands in where lexbor cannot. Both go through the same walk, which needs only
``tag``, ``child``, ``next``, ``text_content`` and ``attributes`` of a node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

import bs4
from selectolax.lexbor import LexborHTMLParser

__all__ = ["Block", "Box", "Mark", "Tree", "read_tree"]


class Block(NamedTuple):
    """A run of text between two block borders: a line of the page as a reader sees it.

    A named tuple, not a dataclass: a page has hundreds, and these are made five times as fast.
    ``box`` is the index of the box it stands in (-1 in text dumps); ``link`` counts its characters inside links.
    """

    text: str
    box: int
    link: int


class Box(NamedTuple):
    """A block-level element: its parent's index, its tag, and its class and id in lower case."""

    parent: int
    tag: str
    name: str


class Mark(NamedTuple):
    """An inline element whose class, id or itemprop says what it holds (source, author, time …)."""

    name: str
    text: str
    block: int


class Tree(NamedTuple):
    """What the walk gives: blocks and boxes in document order, marks, the head's meta values, titles and links."""

    blocks: list[Block]
    boxes: list[Box]
    marks: list[Mark]
    meta: dict[str, str]
    title: str | None
    canonical: str | None


class _Node(Protocol):
    @property
    def tag(self) -> str | None: ...
    @property
    def child(self) -> Any: ...
    @property
    def next(self) -> Any: ...
    @property
    def text_content(self) -> str | None: ...
    @property
    def attributes(self) -> Mapping[str, str | None]: ...


_TEXT, _BLOCK, _BREAK, _SKIP, _LINK, _INLINE, _MARKED, _META, _TITLE, _LINKED = range(10)
_KINDS = {"-text": _TEXT, "br": _BREAK, "hr": _BREAK, "a": _LINK, "meta": _META, "title": _TITLE, "link": _LINKED}
_KINDS |= dict.fromkeys(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul caption".split(),
    _BLOCK,
)
_KINDS |= dict.fromkeys(
    "script style noscript template iframe frame frameset svg select option textarea button input object embed canvas "
    "audio video map math picture datalist base -comment !doctype -doctype -document -cdata-section".split(),
    _SKIP,
)
_KINDS |= dict.fromkeys(("span", "em", "i", "time", "font", "label", "small"), _MARKED)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TELLING = re.compile(
    r"sourc|origin|from|laiyuan|\bly\b|autho|zuozhe|edit|bianji|time|date|publish|click|hits|view|read|count|title|headline",
    re.IGNORECASE,
)


class _SoupNode:
    """A bs4 node that the walk can read as if it were lexbor's."""

    __slots__ = ("_node",)

    def __init__(self, node: Any) -> None:
        self._node = node

    @property
    def tag(self) -> str:
        if isinstance(self._node, bs4.element.PreformattedString):
            return "-comment"
        return "-text" if isinstance(self._node, bs4.NavigableString) else str(self._node.name).lower()

    @property
    def child(self) -> _SoupNode | None:
        contents = getattr(self._node, "contents", None)
        return _SoupNode(contents[0]) if contents else None

    @property
    def next(self) -> _SoupNode | None:
        following = self._node.next_sibling
        return None if following is None else _SoupNode(following)

    @property
    def text_content(self) -> str:
        return str(self._node)

    @property
    def attributes(self) -> dict[str, str]:
        return {k: " ".join(v) if isinstance(v, list) else v for k, v in self._node.attrs.items()}


def read_tree(html: str, reader: str = "lexbor") -> Tree:
    """Blocks and boxes of a page; ``reader`` is lexbor, or bs4 for the same by the slow and lenient way.

    >>> tree = read_tree("<div class=a><p>一<b>二</b></p>三<br>四</div>")
    >>> [b.text for b in tree.blocks]
    ['一二', '三', '四']
    """
    if reader == "lexbor":
        root: Any = LexborHTMLParser(html).root
        if root is not None:
            return walk(root)
    return walk(_SoupNode(bs4.BeautifulSoup(html, "html.parser")))


def walk(root: _Node) -> Tree:
    """Visit every node under ``root`` once."""
    blocks: list[Block] = []
    boxes: list[Box] = [Box(-1, "html", "")]
    marks: list[Mark] = []
    meta: dict[str, str] = {}
    title: str | None = None
    canonical: str | None = None
    pieces: list[str] = []  # text of the block that is open
    box = 0
    link = 0  # characters inside links of the open block
    links = 0  # depth of open links
    kinds = _KINDS
    stack: list[tuple[Any, int, Any]] = []
    node: Any = root.child
    while True:
        if node is None:
            if not stack:
                break
            node, kind, saved = stack.pop()
            if kind == _BLOCK:
                if pieces:
                    text = " ".join("".join(pieces).split())
                    if text:
                        blocks.append(Block(text, box, min(link, len(text))))
                    pieces.clear()
                    link = 0
                box = saved
            elif kind == _LINK:
                links -= 1
            elif kind == _MARKED:
                name, start, block = saved
                if block == len(blocks) and start < len(pieces):
                    marks.append(Mark(name, " ".join("".join(pieces[start:]).split()), block))
            node = node.next
            continue
        tag = node.tag
        kind = kinds.get(tag, _INLINE)
        if kind == _TEXT:
            text = node.text_content
            if text:
                if links:
                    link += len(text.strip())
                    pieces.append(text)
                elif pieces or not text.isspace():
                    pieces.append(text)
            node = node.next
            continue
        if kind == _SKIP:
            node = node.next
            continue
        saved = None
        if kind == _BLOCK:
            if pieces:
                text = " ".join("".join(pieces).split())
                if text:
                    blocks.append(Block(text, box, min(link, len(text))))
                pieces.clear()
                link = 0
            child = node.child
            if child is None:
                node = node.next
                continue
            attributes = node.attributes
            name = ""
            if attributes:
                style = attributes.get("style")
                if style and "n" in style and _HIDDEN.search(style):
                    node = node.next
                    continue
                name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
            saved = box
            boxes.append(Box(box, tag, name))
            box = len(boxes) - 1
        elif kind == _BREAK:
            if pieces:
                text = " ".join("".join(pieces).split())
                if text:
                    blocks.append(Block(text, box, min(link, len(text))))
                pieces.clear()
                link = 0
            node = node.next
            continue
        else:
            child = node.child
            if kind == _LINK:
                links += child is not None
            elif kind == _MARKED and child is not None:
                attributes = node.attributes
                if attributes:
                    style = attributes.get("style")
                    if style and "n" in style and _HIDDEN.search(style):
                        node = node.next
                        continue
                    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('itemprop') or ''}"
                    if tag == "time" and attributes.get("datetime"):
                        marks.append(Mark("datetime", attributes["datetime"] or "", len(blocks)))
                    if name != "  " and _TELLING.search(name):
                        saved = (name.lower(), len(pieces), len(blocks))
                if saved is None:
                    kind = _INLINE
            elif kind == _META:
                attributes = node.attributes
                key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
                value = attributes.get("content")
                if key and value:
                    meta.setdefault(key.lower(), value.strip())
            elif kind == _TITLE:
                if title is None and child is not None:
                    title = " ".join((child.text_content or "").split())
                node = node.next
                continue
            elif kind == _LINKED:
                attributes = node.attributes
                if attributes.get("rel") == "canonical":
                    canonical = canonical or attributes.get("href")
        if child is None:
            node = node.next
            continue
        stack.append((node, kind, saved))
        node = child
    if pieces:
        text = " ".join("".join(pieces).split())
        if text:
            blocks.append(Block(text, box, min(link, len(text))))
    return Tree(blocks, boxes, marks, meta, title, canonical)
