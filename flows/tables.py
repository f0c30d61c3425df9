"""Rows as people and programs read them: a table in the terminal, or one line a value where it does not fit; CSV; JSON."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import shutil
import sys
from collections.abc import Sequence
from typing import Any, Literal

from flows.amounts import day_or_time

__all__ = ["as_crosstab", "as_csv", "as_json", "as_table", "shown", "vertical", "width"]

FOLDED = 36
"""A long text may be folded to a column of this width before the rows are turned on their side."""
PIPE_WIDTH = 200
GAP = 3


def shown(value: object) -> str:
    """A value as a person reads it.

    >>> shown(430260000000.0), shown(11.6), shown(None), shown(dt.datetime(2024, 1, 9))
    ('430260000000', '11.6', '', '2024-01-09')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return day_or_time(value)
    return str(value)


def width() -> int:
    """How wide a table may be: the terminal's width; a pipe has none, but people read there too."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return PIPE_WIDTH


def as_table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A table as text, Chinese aligned, numbers to the right.

    Where it is too wide even with long texts folded, every row stands on its side: see ``vertical``.
    """
    texts = [[shown(value) for value in row] for row in rows]
    widths = _widths(names, texts)
    room = width()
    if _total([min(each, FOLDED) for each in widths]) > room:
        return vertical(names, texts)
    right = [
        any(isinstance(each, int | float) and not isinstance(each, bool) for each in column)
        for column in zip(*rows, strict=True)
    ]
    drawn = _drawn(
        names, texts, right or [False] * len(names), [each > FOLDED for each in widths], min(_total(widths), room)
    )
    return f"{drawn}\n（{len(rows):,} 行）"


def as_crosstab(names: Sequence[str], rows: Sequence[Sequence[str]], fixed: int) -> str:
    """A cross table: the first ``fixed`` columns name a line, the others are cut into tables below one another if too wide."""
    widths = _widths(names, rows)
    room = width()
    cuts: list[list[int]] = [[]]
    for at in range(fixed, len(names)):
        if cuts[-1] and _total(widths[:fixed] + [widths[each] for each in (*cuts[-1], at)]) > room:
            cuts.append([])
        cuts[-1].append(at)
    tables = []
    for cut in cuts:
        columns = [*range(fixed), *cut]
        lines = [[row[at] for at in columns] for row in rows if len(cuts) == 1 or any(row[at] for at in cut)]
        total = _total([widths[at] for at in columns])
        right = [at >= fixed for at in columns]
        tables.append(_drawn([names[at] for at in columns], lines, right, [False] * len(columns), total))
    return "\n\n".join(tables)


def _widths(names: Sequence[str], texts: Sequence[Sequence[str]]) -> list[int]:
    from rich.cells import cell_len  # noqa: PLC0415 - only for tables

    return [max(cell_len(each) for each in column) for column in zip(names, *texts, strict=True)]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * (len(widths) - 1)


def _drawn(
    names: Sequence[str], texts: Sequence[Sequence[str]], right: Sequence[bool], folded: Sequence[bool], total: int
) -> str:
    from rich.console import Console  # noqa: PLC0415 - only for tables
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for name, to_the_right, may_fold in zip(names, right, folded, strict=True):
        justify: Literal["left", "right"] = "right" if to_the_right else "left"
        table.add_column(Text(name), justify=justify, overflow="fold", no_wrap=not may_fold)
    for line in texts:
        table.add_row(*(Text(each) for each in line))
    out = io.StringIO()  # not to the terminal itself: rich would end the program where a pipe closes
    Console(file=out, width=total, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def vertical(names: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """Rows on their side: a line a value, empty ones left out.

    >>> print(vertical(["城市", "value"], [["芜湖", "1"]]))
    ── 第 1 行 ──
    城市   芜湖
    value  1
    （1 行）
    """
    from rich.cells import cell_len  # noqa: PLC0415 - only for tables

    widest = max((cell_len(name) for name in names), default=0)
    lines = []
    for number, row in enumerate(texts, 1):
        lines.append(f"── 第 {number} 行 ──")
        for name, value in zip(names, row, strict=True):
            if value:
                lines.append(f"{name}{' ' * (widest - cell_len(name))}  {' '.join(value.split())}")
    return "\n".join([*lines, f"（{len(texts):,} 行）"])


def as_csv(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    r"""Rows as CSV.

    >>> as_csv(["a"], [(1,), (None,)])
    'a\n1\n""\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return out.getvalue()


def as_json(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a JSON array of objects.

    >>> as_json(["城市"], [("芜湖",)])
    '[{"城市": "芜湖"}]'
    """
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, default=str)
