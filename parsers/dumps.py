"""Where an article begins and ends among the lines of a text dump, which has no boxes to tell: by shape and by words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.dom import Block
from parsers.lexicon import lexicon
from parsers.shapes import byline_kind, feed_line, figure, heading, opens_text, row_of_table, strong_byline, textual

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

__all__ = ["CAPTIONS", "find_byline", "find_end", "find_lead", "find_tables", "weigh_rows"]

CAPTIONS = 3
"""Lines above a table that may be its captions and its header."""
_LINES = 4
"""Rows that make a table, its header among them."""
_MOSTLY = 2
"""How many times more rows of figures than running text a page holds that is a table with little round it."""
_ROW = 70.0
"""What a row of figures weighs there: a full line of text, which may open the article."""

_BYLINE = 1.6
"""What a line scores that is no running text, whatever stands before its date and labels."""


def find_lead(texts: Sequence[str], weights: Sequence[float], start: int, end: int) -> int:
    """The first block of running text."""
    rules = lexicon()
    fallback = -1
    for i in range(start, end):
        weight = weights[i]
        if weight < 12:
            continue
        text = texts[i]
        if (
            len(text) < 240
            and not row_of_table(text)
            and (
                byline_kind(text)
                or rules.tail.match(text)
                or rules.drop.match(text)
                or rules.issuer.match(text)
                or strong_byline(text) >= _BYLINE
            )
        ):
            continue
        if opens_text(text, weight):
            return i
        if fallback < 0 and weight >= 20:
            fallback = i
    return fallback


def find_byline(texts: Sequence[str], weights: Sequence[float]) -> tuple[int, int]:
    """Byline and lead of a dump: the first line that is surely a byline and has running text after it.

    Comments and lists of links carry dates too, but stand after the article: a later line must be much surer.
    """
    best, found = 0.0, (-1, -1)
    for i, text in enumerate(texts):
        score = strong_byline(text)
        if score < 0.9:
            continue
        if feed_line(text) and any(map(feed_line, [*texts[max(0, i - 3) : i], *texts[i + 1 : i + 4]])):
            continue  # one of many in a list of other articles
        end = min(i + 20, len(texts))
        lead = find_lead(texts, weights, i + 1, end)
        if lead < 0:
            # An article of very short lines still ends them with commas and stops.
            loose = [k for k in range(i + 1, end) if (weights[k] or textual(texts[k])) and not byline_kind(texts[k])]
            if len(loose) < 4 or sum(len(texts[k]) for k in loose) < 40:
                continue
            lead = loose[0]
        mass = sum(weights[lead : lead + 12])
        score += 0.5 * (byline_kind(text) is not None) + min(mass, 200.0) / 200.0 - 0.04 * (lead - i)
        if score > best + (0.9 if found[0] >= 0 else 0.0):
            best, found = score, (i, lead)
    if found[0] >= 0:
        return found
    return -1, find_lead(texts, weights, 0, len(texts))


def find_end(texts: Sequence[str], weights: Sequence[float], lead: int, end: int, table: Container[int]) -> int:
    """One past the line where the run of prose that begins at the lead has gathered most, short lines counting against it."""
    rules = lexicon()
    best = total = 0.0
    last = lead
    bare = 0  # lines of chrome in a row
    for i in range(lead, end):
        text, weight = texts[i], weights[i]
        if i in table:
            bare = 0
        elif feed_line(text):
            total -= 150.0
            bare += 2
        elif rules.tail.match(text):
            total -= 80.0
            bare += 2
        elif weight >= 12:
            total += min(weight, 150.0)
            bare = 0
        elif heading(text) or textual(text):
            bare = 0
        else:
            total -= 14.0
            bare += 1
        if total >= best:
            best, last = total, i
        elif bare >= 10 + best / 200 or total < 0.8 * best - 400.0:
            break
    while last + 1 < end and last + 1 in table:
        last += 1
    return last + 1


def weigh_rows(blocks: Sequence[Block], weights: list[float]) -> bool:
    r"""Make rows of figures weigh as text where they are a page's substance, as an office's monthly table; whether they are.

    >>> rows = [Block(f"{name}\t亿元\t812.6\t5.3", 1, 0) for name in ("工业投资", "民间投资", "出口总额", "税收收入")]
    >>> weights = [0.0] * 4
    >>> weigh_rows(rows, weights), weights
    (True, [70.0, 70.0, 70.0, 70.0])
    """
    lines = [i for i, block in enumerate(blocks) if "\t" in block.text and not block.link]
    rows = [i for i in lines if row_of_table(blocks[i].text)]
    if len(rows) < 2 or len(lines) < _LINES:
        return False
    mostly = sum(len(blocks[i].text) for i in rows) > _MOSTLY * sum(weights, 0.0)
    if not mostly and find_lead([block.text for block in blocks], weights, 0, len(blocks)) >= 0:
        return False
    for i in rows:
        weights[i] = _ROW
    return True


def find_tables(texts: Sequence[str], weights: Sequence[float], start: int, end: int) -> set[int]:
    """Find tables: rows with tabs and figures, or runs of short lines with many plain figures among them."""
    table: set[int] = set()
    i = start
    while i < end:
        k = i
        figures = 0
        rows: list[int] = []
        while k < end and (row_of_table(texts[k]) or (len(texts[k]) <= 40 and not weights[k])):
            figures += figure(texts[k])
            if row_of_table(texts[k]):
                rows.append(k)
            k += 1
        if k - i >= 6 and figures * 10 >= (k - i) * 3:
            table.update(range(i, k))
        elif rows:
            # The heads of a table and the captions between tables have no figures.
            table.update(range(max(i, rows[0] - CAPTIONS), rows[-1] + 1))
        i = max(k, i + 1)
    return table
