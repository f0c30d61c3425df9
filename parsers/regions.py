"""Find the box of a page that holds the article: where the running text is, once links, menus and teasers are weighed off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.dom import NO_BOXES
from parsers.lexicon import lexicon
from parsers.shapes import byline_kind, opens_text, squeeze, strong_byline
from parsers.titles import clean_head_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.blocks import Page

__all__ = ["Surroundings", "find_region", "place_of_title"]

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


def _boxes_round(parents: Sequence[int], box: int) -> set[int]:
    found = set()
    while box >= 0:
        found.add(box)
        box = parents[box]
    return found


class Surroundings:
    """What is known of the boxes round a block, found out only where text stands."""

    __slots__ = ("_anchors", "_bad", "_captions", "_names", "_parents", "_tags", "_totals")

    def __init__(self, page: Page, totals: Sequence[float], anchor: int) -> None:
        self._parents, self._tags, self._names = page.boxes or NO_BOXES
        self._totals = totals
        # The boxes round the first running text after the headline.
        self._anchors = _boxes_round(self._parents, page.blocks[anchor].box) if anchor >= 0 else set()
        self._bad: dict[int, bool] = {-1: False, 0: False}
        self._captions: dict[int, bool] = {}

    def bad(self, box: int) -> bool:
        """Whether a box, or one round it, is named for something else than the article and holds little of the text."""
        path = []
        bad = self._bad
        while box not in bad:
            path.append(box)
            box = self._parents[box]
        known = bad[box]
        while path:
            box = path.pop()
            known = bad[box] = known or self._named_badly(box)
        return known

    def _named_badly(self, box: int) -> bool:
        if self._tags[box] not in _APART:
            name = self._names[box]
            if len(name) < 2 or not _names_chrome(name):
                return False
        if self._anchors:
            return box not in self._anchors
        return self._totals[box] <= 0.5 * self._totals[0]

    def anchored(self, box: int) -> bool:
        """Whether the first running text after the headline stands in a box."""
        return box in self._anchors

    def caption(self, box: int) -> bool:
        """Whether a box is a picture's caption or a summary before the text."""
        known = self._captions.get(box)
        if known is None:
            name = self._names[box]
            known = self._tags[box] == "figcaption" or (len(name) > 1 and _CAPTION_BOX.search(name) is not None)
            self._captions[box] = known
        return known


def place_of_title(page: Page) -> int:
    """The first block that shows what the title element says; -1 where none does."""
    said = squeeze(page.head.title or "")
    if len(said) < 4 or page.boxes is None:
        return -1
    name = squeeze(clean_head_title(page.head.title or ""))
    for i, (text, _, link) in enumerate(page.blocks):
        size = len(text)
        if 4 <= size <= 120 and link * 2 <= size and size * 5 >= len(name) * 2:
            flat = squeeze(text)
            if flat == name or (size >= 6 and flat in said):
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


def find_region(page: Page, weights: list[float], title_at: int) -> tuple[int, int, Surroundings]:
    """First and last + 1 block of the article's box. ``weights`` (running text of each block) are lowered where boxes say so."""
    blocks = page.blocks
    parents, tags, names = page.boxes or NO_BOXES
    raw = [0.0] * len(parents)
    links = [0] * len(parents)
    for (text, box, link), weight in zip(blocks, weights, strict=True):
        if weight:
            raw[box] += weight
        elif link * 2 > len(text):
            links[box] += link
    totals = [0.0] * len(parents)
    for i in range(len(parents) - 1, 0, -1):  # children come after their parents
        parent = parents[i]
        if raw[i]:
            raw[parent] += raw[i]
        if links[i]:
            links[parent] += links[i]
    if not raw[0]:
        return 0, len(blocks), Surroundings(page, raw, -1)
    anchor = _first_text_after(page, weights, title_at)
    around = Surroundings(page, raw, anchor)
    # Right under headline and byline nothing but the article can stand, however much prose comes after it.
    near = (
        anchor >= 0
        and anchor - title_at <= 25
        and any(strong_byline(b.text) >= 0.9 for b in blocks[title_at + 1 : anchor])
    )
    # Where the text goes on right after its first paragraph, the article's box holds both.
    follow = -1
    for i in range(anchor + 1, min(anchor + 3, len(blocks))) if anchor >= 0 else ():
        if weights[i] or blocks[i].link * 2 > len(blocks[i].text):
            follow = i if weights[i] else -1
            break
    both = _boxes_round(parents, blocks[follow].box) if follow >= 0 and not around.bad(blocks[follow].box) else None
    for i, weight in enumerate(weights):
        if weight:
            box = blocks[i].box
            if around.bad(box):
                weight *= 0.05  # noqa: PLW2901 - the lowered weight is what counts from here on
            if i < title_at:
                weight *= 0.2  # noqa: PLW2901
            weights[i] = weight
            totals[box] += weight
    children: dict[int, list[int]] = {}
    for i in range(len(parents) - 1, 0, -1):
        if totals[i]:
            totals[parents[i]] += totals[i]
            children.setdefault(parents[i], []).append(i)

    def value(box: int) -> float:
        # Lists of teasers have as much link text as prose; an article has little.
        total = totals[box]
        if near and around.anchored(box):
            return total * 20.0
        return total * (total / (total + links[box] + 1.0)) ** 2 * (4.0 if around.anchored(box) else 1.0)

    here = 0
    while True:
        inner = [c for c in children.get(here, ()) if tags[c] not in _LEAF_TAGS]
        if not inner:
            break
        values = {c: value(c) for c in inner}
        best = max(inner, key=lambda c: (values[c], -c))
        loose = sum(totals[c] for c in children[here] if tags[c] in _LEAF_TAGS)
        own = totals[here] - sum(totals[c] for c in children[here])
        share = values[best] / (sum(values.values()) + loose + own)
        if share < 0.5:
            break
        if share < 0.85:
            # What stands beside the best box may be more of the same article: paragraphs, or boxes like it.
            kin = (tags[best], names[best])
            same = sum(
                totals[c]
                for c in children[here]
                if c != best and (tags[c] in _LEAF_TAGS or (tags[c], names[c]) == kin or c not in children)
            )
            if same > 0.6 * (totals[here] - totals[best]):
                break
        if best not in children and share < 0.97:
            break  # a paragraph in a div of its own
        if both is not None and around.anchored(best) and best not in both:
            break
        here = best
    stop = here + 1  # boxes of one subtree stand in a row
    while stop < len(parents) and parents[stop] >= here:
        stop += 1
    held = [i for i, b in enumerate(blocks) if here <= b[1] < stop]
    return held[0], held[-1] + 1, around
