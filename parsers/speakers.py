"""Whose words are told: the firm or village of the speaker, named before a quote, behind it, or before what he says."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.owners import words_of
from parsers.phrases import headed

__all__ = ["Speech", "find_speeches"]


class Speech(NamedTuple):
    """What is said stands in ``start``..``end``; its ``unit`` is named in ``named``..``named_end`` (empty: the one named before), ``kind`` is organization or other."""

    start: int
    end: int
    named: int
    named_end: int
    kind: str


_SAYS = "(?:说|介绍|表示|坦言|直言|感慨|称|告诉)"
_TITLES, _TITLE_KINDS = headed(
    firm=words_of("speaks_for_firm"), any=words_of("speaks_for_any"), village=words_of("speaks_for_village")
)
_SAID = re.compile(rf"[^，,。；;：:！？!?“”\n]{{0,8}}{_SAYS}[^，,。；;：:！？!?“”\n]{{0,4}}[，,：:]")
_SPOKEN = re.compile("[，。！？…；]")
_FIRM_LIKE = re.compile(f"(?:企业|公司|商户|{words_of('firms', 'facilities', 'facilities_of_place', 'shops')}|海关)$")
_OFFICE = re.compile(
    "(?:[局委办厅部科处署]|政府|办公室|委员会|协会|学会|商会|联合会|促进会|管委会|指挥部|部门|项目|乡镇|街道)$"
)
_LEAD = re.compile("(?:在|据|来自|对于|对|而|随后|记者从)+")
_VILLAGE = re.compile("(?:[村镇乡屯寨组]|社区|街道)$")
_ROLE = re.compile(
    "(?:生产|研发|技术|销售|运营|品牌|市场|财务|人力|副|该|我们|公司|企业|集团|车间|总装|焊装|涂装|冲压|装配|项目|执行|常务|首席|工厂|我家)+$"
)
_OWN_ROLE = re.compile(
    "(?:生产|研发|技术|销售|运营|品牌|市场|财务|人力|关务|行政|前台|客房|大堂|餐饮|值班|外贸|采购|质量|项目)+$"
)
_CUT = re.compile("[。！？!?”\n]")
_CLOSE = re.compile("”")
_STOPS = frozenset("，,。；;：:！？!?、“” \t\n　")
_FAR, _LONG = 60, 24  # how far behind a quote its speaker may be named, and how long the name of a unit


def find_speeches(body: str) -> list[Speech]:
    """What firms and villagers say in a body, in text order.

    >>> text = "“去年种了300亩，卖了20万元。”江口县红岩村村民李四说。"
    >>> [(text[s.start : s.end], text[s.named : s.named_end], s.kind) for s in find_speeches(text)]
    [('“去年种了300亩，卖了20万元。”', '江口县红岩村', 'other')]
    """
    found: list[Speech] = []
    quoted = 0  # where the last quote that has its speaker ends
    for title in _TITLES.finditer(body) if "”" in body or "说" in body or "介绍" in body or "表示" in body else ():
        at = title.start()
        close = body.rfind("”", max(quoted, at - _FAR), at) + 1
        behind = close > quoted and not any(mark in body[close:at] for mark in "。！？“\n")
        said = _SAID.match(body, title.end())
        if not behind and said is None:
            continue
        kind = _TITLE_KINDS[title.lastindex or 0]
        opened = body.rfind("“", 0, close) if behind else -1
        if behind and (opened < 0 or close - opened < 10 or not _SPOKEN.search(body, opened, close)):
            behind = False
        if behind and kind == "village" and at == close:
            stop = _CUT.search(body, close)
            found.append(Speech(opened, stop.start() if stop else len(body), at, at, "other"))
            quoted = close
            continue
        unit = (at, at, "organization") if behind and at == close and kind == "firm" else _unit(body, at, kind)
        if unit is None:
            continue
        if behind:
            found.append(Speech(opened, close, *unit))
            quoted = close
        if said is not None:
            inner = body.startswith("“", said.end())
            stop = (_CLOSE if inner else _CUT).search(body, said.end())
            end = stop.start() + inner if stop else len(body)
            found.append(Speech(title.end(), end, *unit))
            quoted = max(quoted, end) if inner else quoted
    return sorted(found)


def _unit(body: str, at: int, kind: str) -> tuple[int, int, str] | None:
    """The firm or village a title at ``at`` belongs to."""
    end = at - body.startswith("的", at - 1)
    start, lowest = end, max(0, end - _LONG)
    while start > lowest and body[start - 1] not in _STOPS:
        start -= 1
    if lead := _LEAD.match(body, start, end):
        start = lead.end()
    if end - start < 2 or _ROLE.match(body, start, end) or _OFFICE.search(body, max(start, end - 8), end):
        return None
    if (role := _OWN_ROLE.search(body, start, end)) and role.start() - start > 1:
        end = role.start()
    if kind == "village":
        return (start, end, "other") if _VILLAGE.search(body, max(start, end - 2), end) else None
    if kind == "firm" or _FIRM_LIKE.search(body, max(start, end - 8), end):
        return start, end, "organization"
    return None
