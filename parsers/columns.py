"""Lines that were broken: tables copied cell by cell are put back into rows, preformatted lines into paragraphs.

A row is one or two lines of words (name, unit) and then as many lines of figures as the table has columns; three rows of one
shape make a table. The lines before the first row are its head, in one level or two (a name over 绝对量, 增速).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["join_broken", "join_cells"]

_FIGURE = re.compile(r"[-+－]?\d[\d,，]*(?:\.\d+)?(?:%|％)?|[—–－\-―/]+|…+|\.{3,}")
_PROSE = re.compile(r"[。；！？]|[^，]{30}")
_CAPTION = re.compile(r"^(?:表|附表|图)\s*\d|单位[：:]|^[一二三四五六七八九十]+、|^[（(][一二三四五六七八九十]+[）)]")
_MOST = 12
"""Columns of figures a table may have."""
_FEWEST_ROWS = 3
_INDENT = re.compile(r"\u3000| {2}|\t")
_GAP = re.compile(r"\S(?:\s{2,}|\u3000)\S")
_WIDTH = 30
"""Characters from which a preformatted line may go on in the next."""


def join_cells(lines: Sequence[str]) -> list[str]:
    r"""The lines with the cells of such tables joined by tabs, all others as they are.

    >>> join_cells(["指标", "1—10月", "增长(%)", "出口", "566.2", "18.6", "进口", "228.4", "3.7", "用电量", "—", "8.4"])
    ['指标\t1—10月\t增长(%)', '出口\t566.2\t18.6', '进口\t228.4\t3.7', '用电量\t—\t8.4']
    """
    figure = [_FIGURE.fullmatch(line) is not None for line in lines]
    out: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        if figure[at] and at and not figure[at - 1]:
            while end < len(lines) and figure[end]:
                end += 1
        columns = end - at
        found = None
        if 1 <= columns <= _MOST:
            found = next((t for t in (1, 2) if _is_table(lines, figure, at - t, t, columns)), None)
        if found is None:
            out.append(lines[at])
            at += 1
            continue
        width = found + columns
        rows = _rows(lines, figure, at - found, found, columns)
        del out[len(out) - found :]
        head = _head(out, found, columns)
        out.extend(head)
        first = at - found
        out.extend("\t".join(lines[k : k + width]) for k in range(first, first + rows * width, width))
        at = first + rows * width
    return out


def _is_table(lines: Sequence[str], figure: Sequence[bool], start: int, words: int, columns: int) -> bool:
    """Whether rows enough follow each other; one column alone must show decimals, for headlines stand under whole numbers."""
    rows = _rows(lines, figure, start, words, columns)
    if rows < _FEWEST_ROWS or columns > 1:
        return rows >= _FEWEST_ROWS
    cells = lines[start + words : start + rows * (words + 1) : words + 1]
    return sum("." in cell or "%" in cell for cell in cells) * 2 >= len(cells)


def _rows(lines: Sequence[str], figure: Sequence[bool], start: int, words: int, columns: int) -> int:
    """How many rows of ``words`` lines of words and ``columns`` lines of figures follow each other from ``start``."""
    rows = 0
    width = words + columns
    while start >= 0 and start + width <= len(lines):
        cells = figure[start : start + width]
        if any(cells[:words]) or not all(cells[words:]) or (start + width < len(lines) and figure[start + width]):
            break
        if any(_PROSE.search(line) or "\t" in line for line in lines[start : start + words]):
            break
        rows += 1
        start += width
    return rows


def _head(out: list[str], words: int, columns: int) -> list[str]:
    """Take the lines of the head off ``out``: its rows; one row of all of them where they are too many to tell which is which."""
    size = 0
    while size < len(out) and size < 3 * (words + columns) and not _stops(out[-1 - size]):
        size += 1
    below = out[len(out) - columns :]
    if columns > 2 and columns % 2 == 0 and len(set(below)) == 2:
        top = words + columns // 2
    else:
        top, below = words + columns, []
    if size < len(below) + top:
        return []
    if size > len(below) + top + 1:
        top, below = size, []
    start = len(out) - len(below) - top
    head = ["\t".join(out[start : start + top])]
    del out[start:]
    return [*head, "\t".join(below)] if below else head


def _stops(line: str) -> bool:
    return "\t" in line or len(line) > 24 or bool(_PROSE.search(line) or _CAPTION.search(line))


def join_broken(lines: Sequence[str]) -> list[str]:
    """The paragraphs of preformatted lines, which may be broken at a width; rows with gaps in them stay apart.

    >>> join_broken(["　　一季度，全市生产总值达到1052.3亿元，按不变价格计算，同比增", "长5.6%。", "　　投资增长7%。"])
    ['一季度，全市生产总值达到1052.3亿元，按不变价格计算，同比增长5.6%。', '投资增长7%。']
    """
    indented = sum(_INDENT.match(line) is not None for line in lines) > 1
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        text = " ".join(line.split())
        row = _GAP.search(line.strip()) is not None
        if text and goes_on and not row and not (indented and _INDENT.match(line)):
            between_words = text[0].isascii() and paragraphs[-1][-1].isascii()
            paragraphs[-1] += f" {text}" if between_words else text
        elif text:
            paragraphs.append(text)
        goes_on = len(text) >= _WIDTH and text[-1] not in "。！？；：”" and not row
    return paragraphs
