"""Bind every number of an article to its indicator, kind, place, period and words.

The reading is anchored on the numbers (``parsers.reading``): what stands between one number and the next names it, or it goes
on about the number before. Here the finished drafts become rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import lru_cache

from parsers.draft import Draft
from parsers.indicators import catalogue
from parsers.model import Metric
from parsers.reading import read_body
from parsers.timeline import NOTHING

__all__ = ["find_metrics"]

_LEAD = re.compile(
    r"^(?:[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|[●①-⑳、，,。：:；)）的]|\d{1,2}[．.、]|全[市省县州区]|我市|本市|共有(?!制)|拥有|实现|完成|累计|其中|加上|减去|为|达|占|有(?![效色机线])|共|将|拟?安排|预计|提前下达|下达|提前|成功|力争|确保|分别(?!为))+(?=.{2})"
)
_TAIL = re.compile("(?<=.{2})(?:执行数?|安排|预算安排)$")
_TAIL_ENDS = frozenset("行数排")
_ADJUSTED = re.compile("同口径|扣除|剔除|还原")
_PART = re.compile("市本级|市直|市级|本级|省级|区级|县级|城镇|农村|乡村|民营|非公|私人|外商|港澳台|国内游客|入境|其中")


def find_metrics(
    body: str, document_id: str, title: str | None, published_at: dt.datetime | None, city_code: str | None
) -> list[Metric]:
    """All stated values of a body in text order.

    ``city_code`` is the place the page is about (None: the nation or none); times without a year are read from ``published_at``.

    >>> text = "2023年,全市规上工业增加值同比增长7.9%,比全省高0.6个百分点。"
    >>> for m in find_metrics(text, "x", None, dt.datetime(2024, 2, 1), "360300"):
    ...     print(m.indicator_id, m.kind, m.value, m.unit, m.region, m.period_start)
    industrial_va_above_scale growth_yoy 7.9 % 萍乡市 2023-01-01
    industrial_va_above_scale gap_pp 0.6 pp 萍乡市 2023-01-01
    """
    drafts = read_body(body, title or "", published_at.date() if published_at else None, city_code)
    return [_metric(body, document_id, draft) for draft in drafts]


def _unit(draft: Draft) -> str | None:
    """The unit as the indicator states it: 人均 figures per person, counts per 万人."""
    indicator = catalogue().get(draft.indicator_id or "")
    if indicator is None or "/" not in indicator.base_unit or draft.kind not in {"level", "count", "ratio"}:
        return draft.unit
    if draft.unit == "USD" and indicator.base_unit == "CNY/person":
        return "USD/person"
    return indicator.base_unit if indicator.base_unit.split("/")[0] == draft.unit else draft.unit


def _confidence(draft: Draft) -> float:
    """How sure the link is: less for a part (市本级, 农村) under the name of the whole, and for a growth on another basis (同口径)."""
    if draft.indicator_id is None:
        return 0.6
    if draft.kind == "growth_yoy" and _ADJUSTED.search(draft.clause):
        return 0.7
    part = _PART.search(draft.name)
    return 0.7 if part and part.group() not in catalogue()[draft.indicator_id].name else 0.9


def _plain(name: str) -> str:
    """A name without what only leads up to it: 全市, 其中, 实现."""
    lead = _LEAD.match(name)
    return name[lead.end() :] if lead else name


@lru_cache(maxsize=1 << 14)
def _text(name: str) -> str | None:
    """A name as the row shows it: 完成一般公共预算收入 is 一般公共预算收入."""
    shown = _plain(name)
    if shown[-1:] in _TAIL_ENDS:
        shown = _TAIL.sub("", shown)
    shown = shown.rstrip("、，,：:的和与及（(") or name
    if "”" in shown and "“" not in shown:
        shown = "“" + shown  # “三保”支出
    return shown if any(map(str.isalnum, shown)) else None


def _metric(body: str, document_id: str, draft: Draft) -> Metric:
    quantity, subject = draft.quantity, draft.subject
    value, high = float(quantity.value), quantity.value_high
    factor = draft.sign * draft.scale
    owner, owner_type, owner_code = (subject.name, subject.type, subject.code) if subject else (None, "other", None)
    words, first, last, period_type = draft.time or NOTHING
    start, end = draft.sentence
    return Metric(  # in the order of its fields: naming them would take as long as all the rest
        hashlib.sha256(f"{document_id}:{draft.start}:{draft.kind}".encode()).hexdigest()[:24],
        document_id,
        owner_code,  # the region
        owner if owner_code else None,
        owner_type if owner_code else None,
        owner,
        owner_type,
        draft.indicator_id,
        _text(draft.name),
        draft.kind,
        draft.status,
        value * factor,
        None if high is None else float(high) * factor,
        _unit(draft),
        body[draft.start : draft.end],
        draft.comparator or quantity.comparator,
        words,
        None if first and last and first > last else first,
        last,
        "range" if period_type == "streak" else period_type,
        draft.scope,
        draft.baseline,
        body[start:end].strip("。！？；!?; \n"),
        draft.start,
        draft.end,
        draft.rule,
        _confidence(draft),
    )
