"""A number on its way to a Metric, and the marks that hide what has been understood already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from parsers.model import Period, PlaceMention, Quantity
    from parsers.subjects import Subject
    from parsers.timeline import Stated

__all__ = ["BLANK", "NAME_CHAR", "NUM", "PLACE", "TIME", "Draft", "mask", "unmark"]

TIME, PLACE, BLANK, NUM = "\ue000", "\ue001", "\ue002", "\ue003"
NAME_CHAR = rf"[^，,。；;：:！？!?、\n\s“”{BLANK}{NUM}{PLACE}{TIME}]"  # in a pattern: a character of a name
_BRACKETS = re.compile(  # begins with one set: the search skips to these characters
    rf"[（(\[［〔①-⑳—](?:(?<=[（(])[^（）()\n{NUM}]*[）)]|(?<=[\[［〔])[\d{NUM}]{{1,2}}[\]］〕]|(?<=[①-⑳])|(?<=—) ?[\d{NUM}]{{1,3}} ?—)"
)


@dataclass(slots=True)
class Draft:
    """What is known so far of one number; ``start`` and ``end`` are offsets in the body."""

    quantity: Quantity
    start: int
    end: int
    unit: str | None
    sentence: tuple[int, int] = (0, 0)
    kind: str = "level"
    sign: int = 1
    rule: str = ""
    name: str = ""
    indicator_id: str | None = None
    clause: str = ""
    subject: Subject | None = None
    time: Stated | None = None
    status: str = "actual"
    scope: str | None = None
    comparator: str | None = None
    baseline: str | None = None
    scale: float = 1.0
    listed: bool = False
    owner_end: int = 0


def mask(body: str, periods: list[Period], places: list[PlaceMention], quantities: list[Quantity]) -> str:
    """The body with times, places, numbers, bracketed remarks and marks of footnotes replaced by marks of the same length."""
    spans = [(q.start, q.end, NUM) for q in quantities]
    for p in periods:  # 自2023年6月起连续26个月: the number at the end is a figure of its own
        run = body.find("连续", p.start, p.end)
        spans.append((p.start, p.end if run < 0 else run, TIME))
    spans += [(p.start, p.end, PLACE) for p in places]
    spans.sort(key=lambda span: (span[0], -span[1]))
    out, at = [], 0
    for start, end, mark in spans:
        if end <= at:
            continue
        begin = max(start, at)
        out.append(body[at:begin])
        out.append(mark * (end - begin))
        at = end
    out.append(body[at:])
    return _BRACKETS.sub(lambda match: BLANK * len(match.group()), "".join(out))


def unmark(text: str) -> str:
    r"""Masked text without the marks of times, places and remarks.

    >>> unmark("\ue001\ue001工业\ue002投资")
    '工业投资'
    """
    return text.replace(TIME, "").replace(PLACE, "").replace(BLANK, "")
