"""Projects that are counted: their state (签约, 开工), some of those just counted, and what is invested in them."""

from __future__ import annotations

import re

from parsers.draft import Draft, unmark
from parsers.indicators import link
from parsers.topics import Surroundings

__all__ = ["MANY_PROJECTS", "begun", "is_class", "part_of_projects", "state_of"]

MANY_PROJECTS = frozenset(
    {"major_projects", "projects_over_100m", "projects_started", "signed_projects", "projects_completed"}
)
_LARGE = ("projects_over_1bn", "projects_over_5bn")
_STATE = re.compile(r"(?:集中|新|正式|陆续|全部)?(?P<state>开工|竣工|投产|签约)(?:建设|投产|仪式|活动)*(?:举行)?$")
_STATES = {
    "开工": "projects_started",
    "竣工": "projects_completed",
    "投产": "projects_completed",
    "签约": "signed_projects",
}
_STARTS = {"新开工": "projects_started", "新开工项目": "projects_started", "竣工": "projects_completed"}
_PARTS = re.compile(r"[，,；;：:（(]|——")
_INVESTED = frozenset({"投资", "投资额"})


def state_of(prior: str) -> str | None:
    """第二批重点项目集中开工，18个项目: the indicator of the projects that are counted.

    >>> state_of("第二批重点项目集中开工，")
    'projects_started'
    """
    for part in reversed(_PARTS.split(prior)):
        if state := _STATE.search(unmark(part)):
            return _STATES[state.group("state")]
    return None


def begun(clause: str, before: str, around: Surroundings) -> str | None:
    """新开工47个 behind projects, by the name ``before`` or in the paragraph, is a count of them."""
    of_projects = "项目" in before or around.projects is not None
    return _STARTS.get(clause.rstrip("了共")) if of_projects else None


def part_of_projects(draft: Draft, name: str, around: Surroundings) -> bool:
    """Link some of the projects just counted, and what is invested in them: 签约项目120个，其中化工项目30个、投资96亿元."""
    carry = around.carry
    if draft.unit == "CNY" and name in _INVESTED and carry is not None and carry.rule.endswith("+part"):
        signed = carry.indicator_id in {"signed_projects", "signed_investment"}
        draft.indicator_id = "signed_investment" if signed else "major_projects_total_investment"
    elif draft.kind == "count" and _is_part(around):
        if draft.unit == "个" and name.endswith("亿元"):  # 其中50亿元以上1个
            large = link(f"{name}以上项目", draft.unit, draft.kind)[0]
            draft.indicator_id = large if large in _LARGE else around.projects
        elif name.endswith("项目"):
            draft.indicator_id = around.projects
    if draft.indicator_id is None:
        return False
    draft.rule += "+part"
    return True


def is_class(draft: Draft, around: Surroundings) -> bool:
    """Whether projects of a size are some of those just counted: 集中开工项目41个，其中亿元以上项目32个."""
    sized = draft.indicator_id == "projects_over_100m" or draft.indicator_id in _LARGE
    return sized and draft.kind == "count" and _is_part(around)


def _is_part(around: Surroundings) -> bool:
    """Whether what is counted are some of the projects before: 其中 says so, or a list goes on."""
    if around.projects is None or "其中" in around.segment or "包括" in around.segment:
        return around.projects is not None
    carry = around.carry
    if carry is None or around.segment[:1] not in {"、", "，", "；"}:
        return False
    listed = carry.kind == "count" and carry.indicator_id in {around.projects, *_LARGE}
    return carry.rule.endswith("+part") or (listed and around.segment[0] == "、")
