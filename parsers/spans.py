"""Cells of HTML tables that span several columns or rows: how far each reaches, and where the cells beside and below them stand.

A row then has a place for every column, so that each figure stands under its own head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Spans", "read_spans", "spread"]

Spans = Mapping[int, tuple[int, int]]
"""By box: the columns and rows of the cells that take more than one."""
_WIDEST = 100
"""More columns or rows than a cell of a real table spans."""


def read_spans(tags: Sequence[str], said: Sequence[Any]) -> Spans:
    """How many columns and rows a cell takes, for those that take more than one.

    ``said`` holds the attributes of each box, or the node that has them.

    >>> read_spans(["tr", "td", "td"], [{}, {"colspan": "2"}, {"rowspan": "all"}])
    {1: (2, 1)}
    """
    spans = {}
    for box, tag in enumerate(tags):
        if tag in ("td", "th"):
            attributes = said[box] if type(said[box]) is dict else said[box].attributes
            span = _count(attributes.get("colspan")), _count(attributes.get("rowspan"))
            if span != (1, 1):
                spans[box] = span
    return spans


def _count(written: str | None) -> int:
    """The number of a span as the page writes it; 1 for what is none."""
    digits = (written or "").strip()[:4]
    return min(max(int(digits), 1), _WIDEST) if digits.isdecimal() else 1


def spread(cells: Mapping[int, list[int]], parents: Sequence[int], spans: Spans) -> dict[int, list[int]]:
    """The cells of every row with the boxes of none in the places that a cell beside or above them spans.

    Such a place is named by the box before it, as the cells of a row stand in order; in front of all it is the row's own.
    ``cells`` holds the boxes of each row's cells by the row's box.

    >>> spread({2: [3, 4], 5: [6]}, [-1, 0, 1, 2, 2, 1, 5], {3: (1, 2), 4: (2, 1)})  # a label beside two rows
    {2: [3, 4, 4], 5: [5, 6]}
    """
    placed: dict[int, list[int]] = {}
    # Of every group of rows: the columns that cells above reach into, and for how many rows more.
    hanging: dict[int, dict[int, int]] = {}
    for row, own in cells.items():
        above = hanging.get(parents[row], {})
        places: list[int] = []
        below = {column: rows - 1 for column, rows in above.items() if rows > 1}
        # Rows that all cells span are none.
        idle = 0 if above else min((spans.get(cell, (1, 1))[1] for cell in own), default=1) - 1
        for cell in own:
            while len(places) in above:
                places.append(places[-1] if places else row)
            columns, rows = spans.get(cell, (1, 1))
            if rows - idle > 1:
                below.update(dict.fromkeys(range(len(places), len(places) + columns), rows - idle - 1))
            places.append(cell)
            places.extend([cell] * (columns - 1))
        while len(places) in above:
            places.append(places[-1] if places else row)
        placed[row] = places
        hanging[parents[row]] = below
    return placed
