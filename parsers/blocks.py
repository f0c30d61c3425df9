"""One representation for HTML pages and plain-text dumps: a sequence of blocks, with the boxes they stand in.

A block is a line as a reader sees it: a paragraph, a heading, a list item, a table row (every cell of it, joined by tabs:
empty ones too, or the figures behind them would stand under the wrong heads).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from parsers.columns import join_cells
from parsers.dom import Block, Boxes, Mark, Tree, read_tree
from parsers.scripts import article_in_scripts, linked_data, moment_in_scripts
from parsers.spans import Spans, spread

__all__ = ["Block", "Boxes", "Head", "Mark", "Page", "read_page"]

_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|div|meta|table|article|section|p|span|br)\b[^<>]*>", re.IGNORECASE
)
_INVISIBLE = "\u200b\u200d\ufeff"
_LOOK_AT = 20_000
"""Characters searched for markup: a page that has none by then is a text dump."""
_LITTLE = 120
"""Characters of prose under which a page may keep its article in a script."""
_MARKS = ("，", "。", "\\uff0c", "\\uFF0C", "\\u3002")
"""What running text in a script is full of, as written there: without any, the script need not be read."""
_LONE = 60
"""Characters up to which the only filled cell of a row is a cell (一、生产总值); above it is a paragraph."""
_CAPTION = re.compile(r"单位\s*[:：]|。")
"""What the only filled cell of a row says to the whole table."""
_GAP = re.compile("\t{2,}")
_SPACED = re.compile(r"(?<=[^\d\s:：.,，。、-])(?: [-－]?\d[\d,]*(?:\.\d+)?%?){2,}$")
"""The figures of a row whose cells are parted by blanks."""


class Head(NamedTuple):
    """What a page says about itself outside its visible text."""

    title: str | None = None
    meta: dict[str, str] = {}  # noqa: RUF012 - never written to
    canonical: str | None = None
    linked: dict[str, str] = {}  # noqa: RUF012 - JSON-LD and the like: headline, datePublished, author …


class Page(NamedTuple):
    """A page as blocks in reading order; text dumps have no ``boxes`` and no ``marks``.

    ``lines`` are the blocks once more as the rules that tell lines apart read them: rows of tables without their empty
    cells, and those of a dump that lost its tabs with tabs before their figures.
    """

    format: str
    blocks: tuple[Block, ...]
    head: Head
    boxes: Boxes | None = None
    marks: tuple[Mark, ...] = ()
    lines: tuple[Block, ...] = ()


def read_page(text: str) -> Page:
    r"""Blocks of a page, HTML or a text dump; never raises.

    >>> read_page("芜湖新闻网\n\n　　全市生产总值增长5%。\n").blocks[1].text
    '全市生产总值增长5%。'
    >>> page = read_page("<title>快讯</title><table><tr><td>指标</td><td>增速</td></tr></table>")
    >>> page.format, page.head.title, page.blocks[0].text
    ('html', '快讯', '指标\t增速')
    """
    for char in _INVISIBLE:
        if char in text:
            text = text.replace(char, "")
    if _HTML.search(text, 0, _LOOK_AT):
        return _read_html(text)
    blocks, lines = _settle(_read_lines(text))
    return Page("text", blocks, Head(), lines=tuple(map(_spaced, lines)))


def _read_html(html: str) -> Page:
    tree = read_tree(html)
    if _lacks_prose(tree.blocks) and any(mark in html for mark in _MARKS):
        whole = read_tree(html, everything=True)
        if not _lacks_prose(whole.blocks):
            tree = whole  # an article that stays hidden until a script shows it
    if _lacks_prose(tree.blocks) and any(mark in html for mark in _MARKS):
        hidden = article_in_scripts(html)
        if hidden:
            tree = _append(tree, read_tree(hidden))
            tree.meta.setdefault("pubtime", moment_in_scripts(html) or "")
    linked = linked_data(tree.linked)
    joined = _join_rows(tree.blocks, tree.boxes, tree.spans)
    if joined is tree.blocks:
        blocks = lines = tuple(joined)
    else:
        blocks, lines = _settle(joined)
    head = Head(tree.title, tree.meta, tree.canonical, linked)
    return Page("html", blocks, head, tree.boxes, tuple(tree.marks), lines)


def _lacks_prose(blocks: list[Block]) -> bool:
    prose = 0
    for text, _, link in blocks:
        if "。" in text or "，" in text:
            prose += len(text) - link
            if prose >= _LITTLE:
                return False
    return True


def _append(tree: Tree, more: Tree) -> Tree:
    """The blocks of a second tree after those of the first, in a box of their own."""
    shift = len(tree.boxes.parents)
    parents = [*tree.boxes.parents, *(p + shift if p >= 0 else 0 for p in more.boxes.parents)]
    spans = {**tree.spans, **{box + shift: span for box, span in more.spans.items()}}
    boxes = Boxes(parents, [*tree.boxes.tags, *more.boxes.tags], [*tree.boxes.names, *more.boxes.names])
    blocks = tree.blocks + [b._replace(box=b.box + shift) for b in more.blocks]
    return tree._replace(blocks=blocks, boxes=boxes, spans=spans)


def _read_lines(text: str) -> list[Block]:
    lines = []
    for line in text.splitlines():
        clean = (
            "\t".join([" ".join(cell.split()) for cell in line.split("\t")]) if "\t" in line else " ".join(line.split())
        )
        if clean and not clean.isspace():
            lines.append(clean)
    return [Block(line, -1, 0) for line in join_cells(lines)]


def _settle(blocks: list[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The blocks with every cell of their rows, and the same without the empty cells.

    The only words of a row are a cell of it where it stands among the rows of a table; in a dump, where tabs also indent
    lines, it must be as wide as one of them.
    """
    shown, lines = blocks, blocks
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and "\t" in blocks[end].text:
            end += 1
        if end > at:
            rows = blocks[at:end]
            plain = [b._replace(text=_GAP.sub("\t", b.text.strip("\t"))) for b in rows]
            if plain != rows:
                if shown is blocks:
                    shown, lines = list(blocks), list(blocks)
                widths = {b.text.count("\t") for b, p in zip(rows, plain, strict=True) if "\t" in p.text}
                lines[at:end] = plain
                shown[at:end] = [
                    b if "\t" in p.text or _is_cell(p.text, b, widths) else p for b, p in zip(rows, plain, strict=True)
                ]
        at = end + 1
    whole = tuple(shown)
    return whole, whole if lines is shown else tuple(lines)


def _spaced(line: Block) -> Block:
    """A line of a dump; a row of figures whose cells are parted by blanks gets tabs before them (钢材 万吨 12.5 -3.4)."""
    text = line.text
    if not text[-1].isdigit() and text[-1] != "%":
        return line
    match = _SPACED.search(text)
    if match is None:
        return line
    return line._replace(text=text[: match.start()] + match.group().replace(" ", "\t"))


def _is_cell(only: str, row: Block, widths: set[int]) -> bool:
    """Whether the only words of a row are a cell, not a paragraph or a caption; ``widths``: of the full rows round it."""
    if len(only) > _LONE or _CAPTION.search(only):
        return False
    return row.text.count("\t") in widths or (bool(widths) and row.box >= 0)


def _join_rows(blocks: list[Block], boxes: Boxes, spans: Spans) -> list[Block]:
    """Make one block of each row of a data table; layout tables keep their blocks apart."""
    parents, tags, _ = boxes
    if "tr" not in tags:
        return blocks
    row_of = [-1] * len(parents)
    layout: set[int] = set()  # rows that hold a table of their own
    cells: dict[int, list[int]] = {}
    for i, tag in enumerate(tags):
        parent = parents[i]
        if tag == "tr":
            row_of[i] = i
            cells[i] = []
        elif parent >= 0:
            row = row_of[i] = row_of[parent]
            if row == parent and tag in ("td", "th"):
                cells[row].append(i)
            if tag == "table" and row >= 0:
                row_of[i] = -1
                while row >= 0 and row not in layout:
                    layout.add(row)
                    parent = parents[row]
                    row = row_of[parent] if parent >= 0 else -1
    if spans:
        cells = spread(cells, parents, spans)
    joined: list[Block] = []
    start = 0
    while start < len(blocks):
        row = row_of[blocks[start].box]
        if row < 0 or row in layout:
            joined.append(blocks[start])
            start += 1
            continue
        end = start + 1
        while end < len(blocks) and row_of[blocks[end].box] == row:
            end += 1
        joined.extend(_row(blocks[start:end], row, cells[row], parents))
        start = end
    return joined


def _row(found: list[Block], row: int, cells: Sequence[int], parents: Sequence[int]) -> list[Block]:
    """One block for a row, unless a cell holds so much that the table is only there for the layout.

    ``cells`` are the boxes of all its cells, the empty ones too, and what ``spread`` put between them; text may stand in a
    row outside of them.
    """
    texts: list[str] = []
    filled = 0
    ahead = 0  # the first cell that is not reached yet
    last = -1
    for text, box, _ in found:
        cell = box
        while parents[cell] != row and parents[cell] >= 0:
            cell = parents[cell]
        if cell == last:
            texts[-1] += " " + text
        else:
            while ahead < len(cells) and cells[ahead] < cell:
                texts.append("")
                ahead += 1
            ahead += ahead < len(cells) and cells[ahead] == cell
            texts.append(text)
            filled += 1
        last = cell
    if filled == 1 and len(found) > 1:
        return found
    if len(found) > filled + 6 and max(map(len, texts)) > 200:
        return found
    if filled > 1 or len(set(cells)) > 1:  # a caption that spans the whole table has no columns
        texts.extend([""] * (len(cells) - ahead))
    return [Block("\t".join(texts), row, sum(b.link for b in found))]
