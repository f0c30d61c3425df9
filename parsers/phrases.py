"""The words round a number, read once from ``knowledge/phrases.yaml`` into sets and matchers."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

import yaml

__all__ = ["any_of", "peel", "words"]


@cache
def _phrases() -> dict[str, list[str]]:
    text = resources.files("parsers.knowledge").joinpath("phrases.yaml").read_text(encoding="utf-8")
    return {name: [word for line in lines for word in line.split()] for name, lines in yaml.safe_load(text).items()}


@cache
def words(*names: str) -> frozenset[str]:
    """The words of the named lists.

    >>> "下降" in words("fall")
    True
    """
    return frozenset(word for name in names for word in _phrases()[name])


@cache
def any_of(*names: str) -> re.Pattern[str]:
    """A pattern that finds any word of the named lists, the longest first."""
    return re.compile("|".join(re.escape(word) for word in sorted(words(*names), key=lambda w: (-len(w), w))))


@lru_cache(maxsize=1 << 16)
def peel(text: str, vocabulary: frozenset[str], longest: int = 6, most: int = 99) -> tuple[str, tuple[str, ...]]:
    """Take words of ``vocabulary`` off the end of ``text``: what is left, and the words (``most`` of them), last first.

    >>> peel("出口总额同比增长了", frozenset({"同比", "增长", "增长了"}))
    ('出口总额', ('增长了', '同比'))
    """
    taken: list[str] = []
    end = len(text)
    while end and len(taken) < most:
        for size in range(min(longest, end), 0, -1):
            word = text[end - size : end]
            if word in vocabulary:
                taken.append(word)
                end -= size
                break
        else:
            break
    return text[:end], tuple(taken)
