"""Whose words are told: the firm or village of the speaker, named before a quote, behind it, or before what he says."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.owners import words_of

__all__ = ["Speech", "find_speeches"]


class Speech(NamedTuple):
    """What is said stands in ``start``..``end``; its ``unit`` is named in ``named``..``named_end``, ``kind`` is organization or other."""

    start: int
    end: int
    named: int
    named_end: int
    kind: str


_SAYS = "(?:说|介绍|表示|坦言|直言|感慨|称|告诉)"
_WHO = re.compile(
    rf"(?P<unit>[^，,。；;：:！？!?、“”\s]{{2,24}}?)的?(?:(?P<firm>{words_of('speaks_for_firm')})|(?P<any>{words_of('speaks_for_any')})|(?P<village>{words_of('speaks_for_village')}))"
)
_VILLAGER = re.compile(words_of("speaks_for_village"))
_QUOTE = re.compile("“([^“”\n]{8,})”")
_SPOKEN = re.compile("[，。！？…；]")
_SAID = re.compile(rf"[^，,。；;：:！？!?“”\n]{{0,8}}{_SAYS}[^，,。；;：:！？!?“”\n]{{0,4}}[，,：:]")
_AHEAD = re.compile(rf"{_SAYS}[^。！？“”\n]{{0,6}}[，,：:]$")
_FIRM_LIKE = re.compile(f"(?:企业|公司|商户|{words_of('firms', 'facilities', 'facilities_of_place', 'shops')}|海关)$")
_OFFICE = re.compile(
    "(?:[局委办厅部科处署]|政府|办公室|委员会|协会|学会|商会|联合会|促进会|管委会|指挥部|部门|项目|乡镇|街道)$"
)
_LEAD = re.compile("^(?:在|据|来自|对于|对|而|随后|记者从)")
_VILLAGE = re.compile("(?:[村镇乡屯寨组]|社区|街道)$")
_ROLE = re.compile(
    "(?:生产|研发|技术|销售|运营|品牌|市场|财务|人力|副|该|我们|公司|企业|集团|车间|项目|执行|常务|首席|工厂|我家)+$"
)
_CUT = re.compile("[。！？!?”\n]")


def find_speeches(body: str) -> list[Speech]:
    """What firms and villagers say in a body, in text order.

    >>> text = "“去年种了300亩，卖了20万元。”江口县红岩村村民李四说。"
    >>> [(text[s.start : s.end], text[s.named : s.named_end], s.kind) for s in find_speeches(text)]
    [('“去年种了300亩，卖了20万元。”', '江口县红岩村', 'other')]
    """
    found = []
    for quote in _QUOTE.finditer(body) if "”" in body else ():
        if not _SPOKEN.search(quote.group(1)):
            continue
        stop = _CUT.search(body, quote.end(), quote.end() + 60)
        if _VILLAGER.match(body, quote.end()):
            found.append(Speech(quote.start(), stop.start() if stop else len(body), quote.end(), quote.end(), "other"))
            continue
        behind = _WHO.search(body, quote.end(), stop.start() if stop else min(len(body), quote.end() + 60))
        speech = _speech(behind, quote.start(), quote.end()) if behind else None
        if speech is None and _AHEAD.search(body, max(0, quote.start() - 16), quote.start()):
            lead = max(body.rfind(mark, 0, quote.start()) for mark in "。！？”\n") + 1
            *_, who = [None, *_WHO.finditer(body, max(lead, quote.start() - 60), quote.start())]
            speech = _speech(who, quote.start(), quote.end()) if who else None
        if speech is not None:
            found.append(speech)
    for who in _WHO.finditer(body):
        if _SAID.match(body, who.end()):
            stop = _CUT.search(body, who.end())
            speech = _speech(who, who.end(), stop.start() if stop else len(body))
            if speech is not None:
                found.append(speech)
    return sorted(found)


def _speech(who: re.Match[str], start: int, end: int) -> Speech | None:
    named, named_end = who.span("unit")
    if lead := _LEAD.match(who.group("unit")):
        named += lead.end()
    unit = who.string[named:named_end]
    if len(unit) < 2 or _ROLE.match(unit) or _OFFICE.search(unit):
        return None
    if who.group("village"):
        return Speech(start, end, named, named_end, "other") if _VILLAGE.search(unit) else None
    if who.group("firm") or _FIRM_LIKE.search(unit):
        return Speech(start, end, named, named_end, "organization")
    return None
