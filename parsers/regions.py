"""Find the box of a page that holds the article: where the running text is, once links, menus and teasers are weighed off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.lexicon import lexicon
from parsers.shapes import byline_kind, opens_text, squeeze, strong_byline

if TYPE_CHECKING:
    from parsers.blocks import Page

__all__ = ["Boxes", "find_region", "place_of_title"]

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
_CAPTION_BOX = re.compile(
    r"(?<!no)caption|pic-?(?:desc|txt|title|info)|img-?(?:desc|txt|title|info|text)|photo-?(?:desc|txt|info)|zhaiyao|daodu|summary|abstract"
)
_ABSTRACT = re.compile(r"[\[(（【]?(?:内容)?(?:摘\s*要|导\s*读|提\s*要|核心提示|编者按|原标题)")
_WORD = re.compile("[a-z]+")
_APART = frozenset(("nav", "footer", "aside"))


def _names_chrome(name: str) -> bool:
    words = lexicon()
    return not words.box_words.isdisjoint(_WORD.findall(name)) or words.box_parts.search(name) is not None


class Boxes:
    """What is known of a page's boxes, asked for only where text stands."""

    __slots__ = ("_anchors", "_bad", "_captions", "boxes", "totals")

    def __init__(self, page: Page, totals: list[float], anchor: int) -> None:
        self.boxes = page.boxes
        self.totals = totals
        self._anchors: set[int] = set()  # the boxes round the first running text after the headline
        box = page.blocks[anchor].box if anchor >= 0 else -1
        while box >= 0:
            self._anchors.add(box)
            box = self.boxes[box].parent
        self._bad: dict[int, bool] = {-1: False, 0: False}
        self._captions: dict[int, bool] = {}

    def bad(self, box: int) -> bool:
        """Whether a box, or one round it, is named for something else than the article and holds little of the text."""
        known = self._bad.get(box)
        if known is None:
            parent, tag, name = self.boxes[box]
            known = tag in _APART or (len(name) > 1 and _names_chrome(name))
            if known and (
                box in self._anchors if self._anchors else self.totals[box] > 0.5 * self.totals[0]
            ):
                known = False
            known = self._bad[box] = known or self.bad(parent)
        return known

    def anchored(self, box: int) -> bool:
        """Whether the first running text after the headline stands in a box."""
        return box in self._anchors

    def caption(self, box: int) -> bool:
        """Whether a box is a picture's caption or a summary before the text."""
        known = self._captions.get(box)
        if known is None:
            _, tag, name = self.boxes[box]
            known = self._captions[box] = tag == "figcaption" or (
                len(name) > 1 and _CAPTION_BOX.search(name) is not None
            )
        return known


def place_of_title(page: Page) -> int:
    """The first block that shows what the title element says; -1 where none does."""
    said = squeeze(page.head.title or "")
    if len(said) < 6:
        return -1
    for i, (text, box, link) in enumerate(page.blocks):
        size = len(text)
        if 6 <= size <= 120 and link * 2 <= size and squeeze(text) in said and size * 5 >= len(said) * 2:
            if page.boxes[box].tag != "title":
                return i
    return -1


def _first_text_after(page: Page, weights: list[float], title_at: int) -> int:
    """The first running text that follows the headline closely; -1 where none does."""
    if title_at < 0:
        return -1
    for i in range(title_at + 1, min(len(weights), title_at + 40)):
        text = page.blocks[i].text
        if weights[i] and opens_text(text, weights[i]) and not byline_kind(text) and not _ABSTRACT.match(text):
            return i
    return -1


def find_region(page: Page, weights: list[float], title_at: int) -> tuple[int, int, Boxes]:
    """First and last + 1 block of the article's box. ``weights`` (running text of each block) are lowered where boxes say so."""
    boxes, blocks = page.boxes, page.blocks
    raw = [0.0] * len(boxes)
    links = [0] * len(boxes)
    for (text, box, link), weight in zip(blocks, weights, strict=True):
        if weight:
            raw[box] += weight
        elif link * 2 > len(text):
            links[box] += link
    for i in range(len(boxes) - 1, 0, -1):  # children come after their parents
        parent = boxes[i][0]
        raw[parent] += raw[i]
        links[parent] += links[i]
    if not raw[0]:
        return 0, len(blocks), Boxes(page, raw, -1)
    anchor = _first_text_after(page, weights, title_at)
    known = Boxes(page, raw, anchor)
    # Right under headline and byline nothing but the article can stand, however much prose comes after it.
    near = (
        anchor >= 0
        and anchor - title_at <= 25
        and any(strong_byline(b.text) >= 0.9 for b in blocks[title_at + 1 : anchor])
    )
    totals: dict[int, float] = {}
    for i, weight in enumerate(weights):
        if not weight:
            continue
        here = blocks[i].box
        if known.bad(here):
            weight *= 0.05  # noqa: PLW2901 - the lowered weight is what counts from here on
        if i < title_at:
            weight *= 0.2  # noqa: PLW2901
        weights[i] = weight
        while here >= 0:
            totals[here] = totals.get(here, 0.0) + weight
            here = boxes[here].parent
    children: dict[int, list[int]] = {}
    for box in totals:
        children.setdefault(boxes[box].parent, []).append(box)

    def value(box: int) -> float:
        # Lists of teasers have as much link text as prose; an article has little.
        total = totals[box]
        if near and known.anchored(box):
            return total * 20.0
        return total * (total / (total + links[box] + 1.0)) ** 2 * (4.0 if known.anchored(box) else 1.0)

    here = 0
    while True:
        inner = [c for c in children.get(here, ()) if boxes[c].tag not in _LEAF_TAGS]
        if not inner:
            break
        values = {c: value(c) for c in inner}
        best = max(inner, key=lambda c: (values[c], -c))
        loose = sum(totals[c] for c in children[here] if boxes[c].tag in _LEAF_TAGS)
        own = totals[here] - sum(totals[c] for c in children[here])
        share = values[best] / (sum(values.values()) + loose + own)
        if share < 0.5 or (share < 0.85 and _one_text(boxes, here, best, children, totals)):
            break
        if best not in children and share < 0.97:
            break  # a paragraph in a div of its own
        here = best
    stop = here + 1  # boxes of one subtree stand in a row
    while stop < len(boxes) and boxes[stop][0] >= here:
        stop += 1
    held = [i for i, b in enumerate(blocks) if here <= b[1] < stop]
    return held[0], held[-1] + 1, known


def _one_text(
    boxes: tuple[object, ...], here: int, best: int, children: dict[int, list[int]], totals: dict[int, float]
) -> bool:
    """Whether what stands beside the best box is more of the same article: paragraphs, or boxes like it."""
    _, tag, name = boxes[best]  # type: ignore[misc]
    same = 0.0
    for child in children[here]:
        _, other_tag, other_name = boxes[child]  # type: ignore[misc]
        if child != best and (
            other_tag in _LEAF_TAGS or (other_tag == tag and other_name == name) or child not in children
        ):
            same += totals[child]
    return same > 0.6 * (totals[here] - totals[best])
