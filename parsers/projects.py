"""Projects as owners: the one that a total investment or a time of building is told of."""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.draft import BLANK, NAME_CHAR, NUM, PLACE, TIME
from parsers.homes import WHOLE_PLACE
from parsers.owners import words_of

__all__ = [
    "BUILDING",
    "BUILT_WITH",
    "ONCE_BUILT",
    "PROJECT_IDS",
    "Project",
    "is_once_built",
    "project_at",
    "project_behind",
]

_PROJECT = re.compile(
    rf"(?!一般|各类|所有)(?:{NAME_CHAR}|[“”]){{0,20}}?(?:项目|基地|工程|生产线)(?=$|[，,、（(总一二三建从将于的达全预计可年投占首分从{NUM}{BLANK}{TIME}])"
)
_PROJECT_AFTER = re.compile(  # 总投资80亿元的某某项目
    rf"{NUM}+(?:以上|左右)?的((?!一般|各类|所有|重大|重点|{NUM})(?:{NAME_CHAR}|[“”{PLACE}]){{2,24}}?(?:项目|工程|(?:{words_of('works')})(?!工程|项目)))(?!库|{NUM}|[总数网]|签约|集中|里程)"
)
BUILT_WITH = re.compile(  # 投资4.6亿元建成的某某加工园
    rf"{NUM}*(?:以上|左右)?(?:在{PLACE}+)?(?:兴建|新建|建成|建设|打造|修建|改造|建起)的((?:{NAME_CHAR}|[“”{PLACE}]){{3,24}}?)(?=[，,])"
)
ONCE_BUILT = re.compile("(?:达产|投产|建成|投用|达效)后|可实现年|可年产|可形成年产")
_COUNTED = re.compile(f"项目(?:共|有|总数)*{NUM}+[，,、；]")  # 项目21个，; no 项目6台机组
BUILDING = re.compile("项目|工程|工期|建设|投资")

PROJECT_IDS = frozenset({"project_total_investment", "project_construction_duration"})


class Project(NamedTuple):
    """A project by its name; ``end``: where the name ends that stands behind the number, else 0."""

    name: str
    end: int


def project_at(masked: str, body: str, start: int, end: int) -> Project | None:
    """The project named right behind the number at ``end`` (总投资80亿元的某某项目), or else before it, from ``start`` on.

    >>> text = f"总投资{NUM}的城北储能项目已开工"
    >>> project_at(text, text, 0, 3)
    Project(name='城北储能项目', end=11)
    >>> text = f"投资{NUM}建成的城东加工园，"
    >>> project_at(text, text, 0, 2)
    Project(name='城东加工园', end=11)
    """
    if behind := project_behind(masked, body, end):
        return behind
    before = _PROJECT.search(masked[start:end])
    name = before.group().lstrip("的") if before else ""
    return None if name in {"", "项目", "工程"} else Project(name, 0)


def project_behind(masked: str, body: str, end: int) -> Project | None:
    """The project or the works named right behind the number at ``end``: 全长46公里的环湖绿道."""
    behind = _PROJECT_AFTER.match(masked, end) or BUILT_WITH.match(masked, end)
    return Project(body[behind.start(1) : behind.end(1)], behind.end(1)) if behind else None


def is_once_built(masked: str, sentence: int, start: int, end: int) -> bool:
    """Whether the words from ``start`` tell what one project will bring (达产后, 可实现年产值), not those the ``sentence`` counted.

    >>> one, many = "投资10亿元，达产后", f"项目{NUM}，达产后"
    >>> is_once_built(one, 0, 0, len(one)), is_once_built(many, 0, 0, len(many))
    (True, False)
    """
    return (
        ONCE_BUILT.search(masked, start, end) is not None
        and not WHOLE_PLACE.search(masked, start, end)
        and not _COUNTED.search(masked, sentence, end)
    )
