"""Tables that came with one cell a line: where their rows begin and end, so that they are read like rows of cells between tabs.

A table is known by its header, which begins with the name of the first column (指标, 项目), and by rows that all have as many
numbers; a row that has not is left out, as is a table whose header has not as many cells.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from parsers.model import Quantity

__all__ = ["flat_rows"]

_FEWEST = 6  # numbers on lines of their own that make it worth looking for a table
_LINE = re.compile(r"[^\n]+")
_VALUE = re.compile(r"\s*(?:[-+－—–]?\d[\d,]*(?:\.\d+)?[%‰]?|[-—–…]{1,2}|持平)\s*")
_NO_CELL = re.compile("[。；！？\t]")
_FIRST_COLUMN = re.compile(
    r"[\s　]*(?:指[\s　]*标|项[\s　]*目|产[\s　]*品|名[\s　]*称|类[\s　]*别|税[\s　]*种|品[\s　]*种|商[\s　]*品)"
)
_LONGEST = 30  # characters of a cell


class _Group(NamedTuple):
    """Lines of text and the lines of numbers behind them, each with its start and end."""

    texts: list[tuple[int, int]]
    values: list[tuple[int, int]]


def flat_rows(body: str, quantities: list[Quantity]) -> dict[int, int]:
    r"""Where each row of such tables begins, and where it ends; the header is a row too.

    >>> from parsers.quantities import find_quantities
    >>> text = "表1 收入\n指标\n总量（亿元）\n增长%\n税收\n62.4\n-3.3\n契税\n2.6\n1.9\n罚没收入\n2.7\n4.1"
    >>> [text[start:end].split() for start, end in flat_rows(text, find_quantities(text)).items()][:2]
    [['指标', '总量（亿元）', '增长%'], ['税收', '62.4', '-3.3']]
    """
    alone = sum(
        q.unit is None and body[q.start - 1 : q.start] in "\n-－" and body[q.end : q.end + 1] in {"", "\n"}
        for q in quantities
    )
    rows: dict[int, int] = {}
    if alone >= _FEWEST:
        for groups in _runs(body):
            rows.update(_rows_of(groups, body))
    return rows


def _runs(body: str) -> list[list[_Group]]:
    """The runs of short lines without a sentence in them, as groups of names and numbers."""
    runs: list[list[_Group]] = [[]]
    texts: list[tuple[int, int]] = []
    values: list[tuple[int, int]] = []
    for line in _LINE.finditer(body):
        if _VALUE.fullmatch(body, *line.span()):
            values.append(line.span())
            continue
        if values:
            runs[-1].append(_Group(texts, values))
            texts, values = [], []
        if line.end() - line.start() > _LONGEST or _NO_CELL.search(body, *line.span()):
            texts = []
            if runs[-1]:
                runs.append([])
        elif texts and body[line.start()] in "（(" and body[line.end() - 1] in "）)":
            texts[-1] = texts[-1][0], line.end()  # 比上年增长 over （%）
        else:
            texts.append(line.span())
    if values:
        runs[-1].append(_Group(texts, values))
    return [run for run in runs if len(run) > 2]


def _rows_of(groups: list[_Group], body: str) -> dict[int, int]:
    """The rows of one run; none where it has no header of its own, or no common number of cells."""
    width, alike = Counter(len(group.values) for group in groups).most_common(1)[0]
    named = Counter(len(group.texts) for group in groups[1:]).most_common(1)[0][0]
    rows: dict[int, int] = {}
    if named not in {1, 2} or alike < 3:
        return rows
    for texts, values in groups:
        first = len(texts) - named - (width + named)
        if first >= 0 and _FIRST_COLUMN.match(body, texts[first][0]):
            rows[texts[first][0]] = texts[-named - 1][1]
        if rows and len(values) == width and len(texts) >= named:
            rows[texts[-named][0]] = values[-1][1]
    return rows
