"""The words of page chrome and of site habits, loaded once from ``chrome.yaml`` and ``sites.yaml`` and compiled."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import yaml

__all__ = ["Lexicon", "Sites", "lexicon", "sites"]


class Lexicon(NamedTuple):
    """Compiled patterns of ``chrome.yaml``; where a list has rule ids, they are the names of the groups."""

    box_words: frozenset[str]
    box_parts: re.Pattern[str]
    article_boxes: re.Pattern[str]
    byline: re.Pattern[str]
    tail: re.Pattern[str]
    drop: re.Pattern[str]
    credit: re.Pattern[str]
    issuer: re.Pattern[str]
    trim: tuple[tuple[str, re.Pattern[str]], ...]


class Sites(NamedTuple):
    """What ``sites.yaml`` knows of families of sites."""

    outlet_endings: tuple[str, ...]
    title_suffix: re.Pattern[str]
    meta: dict[str, tuple[str, ...]]


def _load(name: str) -> dict[str, Any]:
    with resources.files("parsers.knowledge").joinpath(name).open(encoding="utf-8") as file:
        data = yaml.safe_load(file)
    if not isinstance(data, dict):
        raise TypeError(f"{name} is no mapping")
    return data


def _named(rules: dict[str, str]) -> str:
    return "|".join(f"(?P<{rule_id}>{pattern})" for rule_id, pattern in rules.items())


@cache
def lexicon() -> Lexicon:
    """The chrome lexicon.

    >>> lexicon().tail.match("相关阅读").lastgroup
    'related'
    """
    data = _load("chrome.yaml")
    return Lexicon(
        box_words=frozenset(data["box_words"].split()),
        box_parts=re.compile("|".join(data["box_parts"])),
        article_boxes=re.compile("|".join(data["article_boxes"])),
        byline=re.compile(_named(data["byline"]), re.IGNORECASE),
        tail=re.compile(_named(data["tail"]), re.IGNORECASE),
        drop=re.compile("(?:" + _named(data["drop"]) + r")\s*$", re.IGNORECASE),
        credit=re.compile(data["credit"]),
        issuer=re.compile("(?:" + "|".join(data["issuer"]) + r")\s*$"),
        trim=tuple((rule_id, re.compile(pattern)) for rule_id, pattern in data["trim"].items()),
    )


@cache
def sites() -> Sites:
    """The habits of sites.

    >>> "网" in sites().outlet_endings
    True
    """
    data = _load("sites.yaml")
    return Sites(
        outlet_endings=tuple(data["outlet_endings"]),
        title_suffix=re.compile("(?:" + "|".join(data["title_suffixes"]) + ")$"),
        meta={key: tuple(names) for key, names in data["meta"].items()},
    )
