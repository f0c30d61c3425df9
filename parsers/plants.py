"""What a plant can make (年产能, 达产后可年产, 日处理) and what it makes (公司年产轴承3000万套)."""

from __future__ import annotations

import re

from parsers.draft import Draft
from parsers.owners import words_of
from parsers.phrases import any_of
from parsers.topics import Surroundings

__all__ = ["makes", "of_owner"]

_MADE_YEARLY = re.compile(r"年产(?!值|业|量|销)")
_COULD = re.compile("年可?(?:加工|处理|生产)|可年(?:加工|处理|生产)")
_ONCE = re.compile("(?:达产|投产|建成|投用|达效|完工|竣工)后")
_HANDLED_DAILY = re.compile(r"日(?:处理|加工)(?!量)")
_CAN_BE_MADE = re.compile(
    r"后|[可能]年产|设计|规划|计划|预计|将|拟|形成|具备|建设|[新在扩]建|建[有成]|新上|引进|生产线|项目|工程|[一二三]期|满产|达产|投资"
)
_PLANT = re.compile("项目|生产线|工程|基地|装置|产能|车间|工厂|能力|规模")
_FARM = any_of("farm")
_AIRPORTS = tuple(words_of("airports").split("|"))
_MAKERS = frozenset({"organization", "park"})
_HEAPS = frozenset({"t", "m3"})
_MONEY = frozenset({"CNY", "USD", "人", "户"})


def makes(draft: Draft, clause: str, body: str, around: Surroundings) -> None:
    """Tell the capacity of a plant by the words of its sentence.

    What a plant that runs makes in a year has no indicator until its owner is known.
    """
    if draft.kind not in {"count", "level"} or draft.indicator_id not in {None, "industrial_product_output"}:
        return
    if "年产能" in clause or ("日" in clause and draft.unit in _HEAPS and _HANDLED_DAILY.search(clause)):
        draft.indicator_id = "production_capacity"
    elif _COULD.search(clause) is not None and _ONCE.search(body, draft.sentence[0], draft.start) is not None:
        draft.indicator_id = "production_capacity"  # 投产后，年可加工干茶8000吨
    elif (made := _MADE_YEARLY.search(clause)) is not None:
        first, last = draft.sentence
        bare = len(clause) - made.end() < 2  # 年产20万吨纯碱、5万吨烧碱等项目
        if _CAN_BE_MADE.search(body, first, draft.start) or (bare and _PLANT.search(body, draft.end, last)):
            draft.indicator_id = "production_capacity"
        else:
            draft.indicator_id = None
            draft.rule += "+made"
    elif around.segment[:1] == "、" and draft.unit not in _MONEY and (carry := around.carry) is not None:
        if carry.indicator_id == "production_capacity":  # 可年产铜箔3万吨、铜板带5万吨
            draft.indicator_id = carry.indicator_id
        elif carry.rule.endswith("+made"):
            draft.rule += "+made"


def of_owner(draft: Draft) -> None:
    """What only the owner tells: goods that a firm makes in a year are industrial output, unless it grows them; an airport's passengers."""
    owner = draft.subject
    if owner is None or draft.indicator_id is not None:
        return
    if draft.rule.endswith("+made"):
        if owner.type in _MAKERS and not _FARM.search(draft.name):
            draft.indicator_id = "industrial_product_output"
    elif draft.name.endswith("旅客吞吐量") and (owner.name or "").endswith(_AIRPORTS):
        words = draft.name.removesuffix("旅客吞吐量").removesuffix("年").removesuffix("全")
        if not words or (owner.name or "").endswith(words):
            draft.indicator_id = "airport_passengers"
