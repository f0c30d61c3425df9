"""Walk a page's tree once, in document order, and cut it into blocks of text with the boxes they stand in.

Lexbor reads the markup; bs4 stands in where lexbor cannot. Both go through the same walk, which needs only
``tag``, ``child``, ``next``, ``text_content`` and ``attributes`` of a node.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import bs4
from bs4.element import NavigableString, PreformattedString
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from parsers.columns import join_broken
from parsers.spans import Spans, read_spans

__all__ = ["NO_BOXES", "Block", "Boxes", "Mark", "Tree", "read_tree"]


class Block(NamedTuple):
    """A run of text between two block borders: a line of the page as a reader sees it.

    A named tuple, not a dataclass: a page has hundreds, and these are made five times as fast.
    ``box`` is the index of the box it stands in (-1 in text dumps); ``link`` counts its characters inside links,
    white space included.
    """

    text: str
    box: int
    link: int


class Boxes(NamedTuple):
    """The block-level elements in document order: parent's index (-1 for the root), tag, class and id in lower case.

    Three lists instead of one of objects: they are walked upwards for every block. Boxes without text outside links
    have no name here, as nobody asks for it.
    """

    parents: Sequence[int]
    tags: Sequence[str]
    names: Sequence[str]


NO_BOXES = Boxes((), (), ())
"""What a text dump has."""


class Mark(NamedTuple):
    """What an element says in an attribute instead of its text: the moment behind a ``time`` element."""

    name: str
    text: str
    block: int


class Tree(NamedTuple):
    """What the walk gives: blocks and boxes in document order, marks, what the head says."""

    blocks: list[Block]
    boxes: Boxes
    marks: list[Mark]
    meta: dict[str, str]
    title: str | None
    canonical: str | None
    linked: list[str]
    spans: Spans


class _Node(Protocol):
    @property
    def tag(self) -> str | None: ...
    @property
    def tag_id(self) -> int: ...
    @property
    def child(self) -> Any: ...  # noqa: ANN401 - the next node of whichever reader
    @property
    def next(self) -> Any: ...  # noqa: ANN401
    @property
    def is_empty_text_node(self) -> bool: ...
    @property
    def text_content(self) -> str | None: ...
    @property
    def attributes(self) -> Mapping[str, str | None]: ...


_TEXT, _BLOCK, _PART, _BREAK, _SKIP, _LINK, _INLINE, _SPAN, _TIME, _META, _TITLE, _LINKED, _SCRIPT = range(13)
_KIND_OF_TAG = {
    "-text": _TEXT,
    "br": _BREAK,
    "hr": _BREAK,
    "a": _LINK,
    "span": _SPAN,
    "time": _TIME,
    "meta": _META,
    "title": _TITLE,
    "link": _LINKED,
    "script": _SCRIPT,
}
_KIND_OF_TAG |= dict.fromkeys(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 head header html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul "
    "caption".split(),
    _BLOCK,
)
# Parts of lists and tables are hidden with the whole, so their styles are not looked at.
_KIND_OF_TAG |= dict.fromkeys(("li", "dd", "dt", "td", "th", "tr", "tbody", "thead", "tfoot"), _PART)
_KIND_OF_TAG |= dict.fromkeys(
    "style noscript template iframe svg select option textarea button input object embed canvas audio video map math "
    "picture datalist base -comment".split(),
    _SKIP,
)


def _tag_ids() -> dict[str, int]:
    """Lexbor's number of each tag that matters: comparing numbers is twice as fast as making strings."""
    names = [n for n in _KIND_OF_TAG if n[0] != "-" and n not in ("html", "head", "body", "caption")]
    inner = "".join(f"<{n}></{n}>" for n in names if n not in ("table", "tbody", "thead", "tfoot", "tr", "td", "th"))
    table = "<table><caption>c</caption><thead><tr><th>h</th></tr></thead><tbody><tr><td>d</td></tr></tbody><tfoot><tr></tr></tfoot></table>"
    ids: dict[str, int] = {}
    for markup in (f"<body>{table}<!--c-->{inner}", *(f"<body><{n}></{n}>" for n in names)):
        stack: list[Any] = [LexborHTMLParser(markup).root]
        while stack:
            node = stack.pop()
            ids.setdefault(node.tag, node.tag_id)
            child = node.child
            while child is not None:
                stack.append(child)
                child = child.next
    return ids


_IDS = _tag_ids()
_TAGS = {number: tag for tag, number in _IDS.items()}
_KINDS = {_IDS[tag]: kind for tag, kind in _KIND_OF_TAG.items() if tag in _IDS}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTHING = re.compile("(?!)")
_SPAN_WORD = re.compile("(?:col|row)span", re.IGNORECASE)


class _SoupNode:
    """A bs4 node that the walk can read as if it were lexbor's."""

    __slots__ = ("_node",)

    def __init__(self, node: Any) -> None:  # noqa: ANN401 - bs4 says little of its types
        self._node = node

    @property
    def tag(self) -> str:
        if isinstance(self._node, PreformattedString):
            return "-comment"
        return "-text" if isinstance(self._node, NavigableString) else str(self._node.name).lower()

    @property
    def tag_id(self) -> int:
        return _IDS.get(self.tag, -1)

    @property
    def child(self) -> _SoupNode | None:
        contents = getattr(self._node, "contents", None)
        return _SoupNode(contents[0]) if contents else None

    @property
    def next(self) -> _SoupNode | None:
        following = self._node.next_sibling
        return None if following is None else _SoupNode(following)

    @property
    def is_empty_text_node(self) -> bool:
        return not str(self._node).strip()

    @property
    def text_content(self) -> str:
        return str(self._node)

    @property
    def attributes(self) -> dict[str, str]:
        return {k: " ".join(v) if isinstance(v, list) else v for k, v in self._node.attrs.items()}


def read_tree(html: str, reader: str = "lexbor", everything: bool = False) -> Tree:
    """Blocks and boxes of a page; ``reader`` is lexbor, or bs4 for the same by the slow and lenient way.

    ``everything``: also what the markup hides until a script shows it.

    >>> tree = read_tree("<div class=a><p>一<b>二</b></p>三<br>四</div>")
    >>> [b.text for b in tree.blocks]
    ['一二', '三', '四']
    """
    if reader == "lexbor":
        try:
            root: Any = LexborHTMLParser(html).root
        except (SelectolaxError, ValueError):  # lone surrogates cannot even be handed to lexbor
            root = None
        if root is not None:
            return _walk(root, everything, _SPAN_WORD.search(html) is not None)
    soup = _SoupNode(bs4.BeautifulSoup(html, "html.parser"))
    return _walk(soup, everything, _SPAN_WORD.search(html) is not None)


def _walk(root: _Node, everything: bool, spanned: bool) -> Tree:
    """Visit every node under ``root`` once; ``spanned``: some cell may span several columns or rows."""
    blocks: list[Block] = []
    parents, tags = [-1], ["html"]  # of the boxes
    said: list[Any] = [root]  # their attributes, or the nodes where nobody has asked for these yet
    marks: list[Mark] = []
    meta: dict[str, str] = {}
    title: str | None = None
    canonical: str | None = None
    linked: list[str] = []  # JSON-LD
    pieces: list[str] = []  # text of the block that is open
    box = 0
    link = 0  # characters inside links of the open block
    links = 0  # depth of open links
    kind_of, hidden = _KINDS.get, (_NOTHING if everything else _HIDDEN).search
    tag_of, text_id, pre_id = _TAGS, _IDS["-text"], _IDS["pre"]
    new, block_type = tuple.__new__, Block
    stack: list[tuple[Any, int, int]] = []
    node: Any = root.child
    while True:
        if node is None:
            if not stack:
                break
            node, kind, outer = stack.pop()
            if kind == _LINK:
                links -= 1
            elif kind == _BLOCK:
                if pieces:
                    text = " ".join("".join(pieces).split())
                    if text:
                        blocks.append(new(block_type, (text, box, link)))
                    pieces = []
                    link = 0
                box = outer
            node = node.next
            continue
        tag_id = node.tag_id
        if tag_id == text_id:  # half of all nodes
            if node.is_empty_text_node:  # white space between elements: half of all text nodes
                if pieces:
                    pieces.append(" ")
            else:
                text = node.text_content
                pieces.append(text)
                if links:
                    link += len(text)
            node = node.next
            continue
        kind = kind_of(tag_id, _INLINE)
        if kind == _SKIP:
            node = node.next
            continue
        child = node.child
        if kind <= _BREAK:
            if pieces:
                text = " ".join("".join(pieces).split())
                if text:
                    blocks.append(new(block_type, (text, box, link)))
                pieces = []
                link = 0
            if child is None:
                if kind == _PART:  # an empty cell holds its place in the row
                    parents.append(box)
                    tags.append(tag_of[tag_id])
                    said.append(node)
                node = node.next
                continue
            if kind == _BLOCK:
                attributes = node.attributes
                style = attributes.get("style")
                if style is not None and ("none" in style or "hidden" in style) and hidden(style):
                    node = node.next
                    continue
                said.append(attributes)
            else:
                said.append(node)
            parents.append(box)
            tags.append(tag_of[tag_id])
            if tag_id == pre_id:
                paragraphs = _paragraphs(node)
                if paragraphs:
                    blocks.extend([Block(text, len(parents) - 1, 0) for text in paragraphs])
                    node = node.next
                    continue
            if child.tag_id == text_id and child.next is None:  # a paragraph, a cell: one text and nothing else
                if not child.is_empty_text_node:
                    text = " ".join(child.text_content.split())
                    if text:  # no-break spaces are nothing either
                        blocks.append(new(block_type, (text, len(parents) - 1, len(text) if links else 0)))
                node = node.next
                continue
            stack.append((node, _BLOCK, box))
            box = len(parents) - 1
            node = child
            continue
        if kind == _META:
            _read_meta(node.attributes, meta)
        elif kind == _LINKED:
            if node.attributes.get("rel") == "canonical":
                canonical = canonical or node.attributes.get("href")
        elif kind == _TITLE:
            if title is None and child is not None:
                title = " ".join((child.text_content or "").split())
            child = None
        elif kind == _SCRIPT:
            if child is not None and "ld+json" in (node.attributes.get("type") or ""):
                linked.append(child.text_content or "")
            child = None
        elif kind == _TIME and node.attributes.get("datetime"):
            marks.append(Mark("datetime", node.attributes["datetime"] or "", len(blocks)))
        if child is None:
            node = node.next
            continue
        if kind == _SPAN:
            style = node.attributes.get("style")
            if style is not None and ("none" in style or "hidden" in style) and hidden(style):
                node = node.next
                continue
        if child.tag_id == text_id and child.next is None:  # most links and spans hold one text and nothing else
            if not child.is_empty_text_node:
                text = child.text_content
                pieces.append(text)
                if kind == _LINK or links:
                    link += len(text)
            elif pieces:
                pieces.append(" ")
            node = node.next
            continue
        if kind == _LINK:
            links += 1
        stack.append((node, kind, 0))
        node = child
    if pieces:
        text = " ".join("".join(pieces).split())
        if text:
            blocks.append(Block(text, box, link))
    spans = read_spans(tags, said) if spanned else {}
    boxes = Boxes(parents, tags, _names(blocks, parents, said))
    return Tree(blocks, boxes, marks, meta, title, canonical, linked, spans)


def _paragraphs(node: _Node) -> list[str]:
    """The paragraphs of preformatted text, whose lines may be broken at a width; none where markup breaks them."""
    pieces: list[str] = []
    stack = [node.child]
    while stack:
        child = stack.pop()
        if child is None:
            continue
        stack.append(child.next)
        kind = _KINDS.get(child.tag_id, _INLINE)
        if kind in (_BLOCK, _PART, _BREAK):
            return []
        if kind == _TEXT:
            pieces.append(child.text_content or "")
        elif kind not in (_SKIP, _SCRIPT):
            stack.append(child.child)
    return join_broken("".join(pieces).splitlines())


def _read_meta(attributes: Mapping[str, str | None], meta: dict[str, str]) -> None:
    key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
    value = attributes.get("content")
    if key and value:
        meta.setdefault(key.lower(), value.strip())


def _names(blocks: list[Block], parents: list[int], said: list[Any]) -> list[str]:
    """Class and id of the boxes that text outside links stands in; ``said`` as the walk left it."""
    names = [""] * len(parents)
    known = [False] * len(parents)
    known[0] = True
    for text, box, link in blocks:
        if link * 2 > len(text):
            continue
        while not known[box]:
            known[box] = True
            attributes = said[box]
            if type(attributes) is not dict:
                attributes = attributes.attributes
            if attributes:
                names[box] = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
            box = parents[box]  # noqa: PLW2901 - climbing
    return names
