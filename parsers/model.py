"""The values that cross the borders of the parsing stages: plain, frozen, without behaviour.

Offsets are half-open, in code points. Times are China Standard Time without a zone. Field names are the column names of
``warehouse/tables.yaml``, so that a row is made by naming nothing twice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

__all__ = [
    "Document",
    "Metric",
    "Number",
    "Parsed",
    "Period",
    "PlaceMention",
    "Quantity",
    "Reject",
]


class Number(NamedTuple):
    """A number as written: ``text[start:end]``, its value, with 万/亿 multiplied out."""

    start: int
    end: int
    value: Decimal


class Quantity(NamedTuple):
    """A number (or range) with its unit: ``text[start:end]`` covers both, nothing more.

    ``value`` is in the canonical unit (CNY, m2, t …), percentages in points. ``unit`` is None for a bare number.
    ``comparator`` is what the words at the number say: eq, gt, ge, lt, le or approx.
    """

    start: int
    end: int
    value: Decimal
    value_high: Decimal | None
    unit: str | None
    comparator: str


class Period(NamedTuple):
    """A time expression: ``text[start:end]``, its first and last day (both inclusive; None where open or not stated).

    ``type`` is year, half, quarter, month, ytd, since, as_of, range, day, recurrent, or streak (连续3年: no dates).
    """

    start: int
    end: int
    first: dt.date | None
    last: dt.date | None
    type: str


class PlaceMention(NamedTuple):
    """A place named in a text. ``code`` is the six-digit adcode (100000 the nation), ``level`` nation, province, city or county."""

    start: int
    end: int
    code: str
    level: str


@dataclass(frozen=True, slots=True)
class Document:
    """One raw file as read: its article, and what the page says of it."""

    document_id: str
    format: str
    encoding: str
    title: str | None
    published_at: dt.datetime | None
    outlet: str | None
    author: str | None
    editor: str | None
    clicks: int | None
    section: str | None
    url: str | None
    city_code: str | None
    city: str | None
    province_code: str | None
    province: str | None
    body: str
    body_chars: int
    chrome_chars: int
    signature: bytes
    found_by: dict[str, str] = field(default_factory=dict)


class Metric(NamedTuple):  # made by the thousand: a named tuple costs a third of a frozen dataclass
    """One stated value. ``body[char_start:char_end] == value_text``, always."""

    metric_id: str
    document_id: str
    region_code: str | None
    region: str | None
    region_level: str | None
    subject: str | None
    subject_type: str
    indicator_id: str | None
    indicator_text: str | None
    kind: str
    status: str
    value: float
    value_high: float | None
    unit: str | None
    value_text: str
    comparator: str
    period_text: str | None
    period_start: dt.date | None
    period_end: dt.date | None
    period_type: str | None
    rank_scope: str | None
    baseline: str | None
    evidence: str
    char_start: int
    char_end: int
    rule_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reject:
    """Why nothing could be read: a code for machines (``stage``, ``reason_code``) and a line for people."""

    document_id: str | None
    stage: str
    reason_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What ``parse`` gives: a document with its metrics, or a reject; never an exception."""

    document: Document | None
    metrics: tuple[Metric, ...]
    reject: Reject | None
