"""The words round a number, read once from ``knowledge/phrases.yaml`` into sets and matchers."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib import resources

import yaml

__all__ = ["any_of", "headed", "peel", "stems", "words"]


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


@cache
def _last_of(vocabulary: frozenset[str]) -> frozenset[str]:
    """The characters that the words of a vocabulary end in."""
    return frozenset(word[-1] for word in vocabulary)


@lru_cache(maxsize=1 << 16)
def peel(text: str, vocabulary: frozenset[str], longest: int = 6, most: int = 99) -> tuple[str, tuple[str, ...]]:
    """Take words of ``vocabulary`` off the end of ``text``: what is left, and the words (``most`` of them), last first.

    >>> peel("出口总额同比增长了", frozenset({"同比", "增长", "增长了"}))
    ('出口总额', ('增长了', '同比'))
    """
    taken: list[str] = []
    last = _last_of(vocabulary)
    end = len(text)
    while end and text[end - 1] in last and len(taken) < most:
        for size in range(min(longest, end), 0, -1):
            word = text[end - size : end]
            if word in vocabulary:
                taken.append(word)
                end -= size
                break
        else:
            break
    return text[:end], tuple(taken)


_BEHIND = re.compile(r"\(\?<([=!])([^()]*)\)")


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern: what stands between its bars outside of brackets."""
    parts, depth, in_set = [""], 0, False
    for char in pattern:
        if char == "|" and not depth and not in_set:
            parts.append("")
            continue
        in_set = char == "[" or (in_set and char != "]")
        depth += 0 if in_set else (char == "(") - (char == ")")
        parts[-1] += char
    return parts


def _closing(text: str) -> int:
    """Where the bracket that opens a text closes."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth:
            return at
    raise ValueError(f"{text} has an open bracket")


def _heads(branch: str) -> list[tuple[str, str]]:
    """The characters a branch may begin with, each with the rest of it; what the branch looks back for, it does behind them."""
    behind = ""
    while look := _BEHIND.match(branch):
        behind, branch = behind + look.group(), branch[look.end() :]
    if branch.startswith("(?:"):
        end = _closing(branch)
        heads = [(head, rest + branch[end + 1 :]) for part in _branches(branch[3:end]) for head, rest in _heads(part)]
    elif branch.startswith("["):
        chars, _, rest = branch[1:].partition("]")
        heads = [(head, rest) for head in chars]
    else:
        heads = [(branch[:1], branch[1:])]
    if any(not head or head in r"\^$.|?*+()-" or rest.startswith(("?", "*", "+", "{")) for head, rest in heads):
        raise ValueError(f"{branch} begins with no plain character")
    return [(head, _BEHIND.sub(rf"(?<\g<1>(?:\g<2>){head})", behind) + rest) for head, rest in heads]


def headed(**named: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """The pattern ``(?P<name>…)|(?P<name>…)``, sorted by first characters, so that a search skips to the next of them at once.

    The second value gives the name for the ``lastindex`` of a match.

    >>> pattern, names = headed(nation="全国", own="全市|(?<!城)市级")
    >>> [(match.group(), names[match.lastindex]) for match in pattern.finditer("全国和全市，市级，城市级")]
    [('全国', 'nation'), ('全市', 'own'), ('市级', 'own')]
    """
    tails: dict[str, list[tuple[str, str]]] = {}
    for name, pattern in named.items():
        for branch in _branches(pattern):
            for head, rest in _heads(branch):
                tails.setdefault(head, []).append((rest, name))
    names = ("", *(name for group in tails.values() for _, name in group))
    text = "|".join(f"{head}(?:{'|'.join(rest + '()' for rest, _ in group)})" for head, group in tails.items())
    return re.compile(text), names


_PLAIN = re.compile(r"(?:[^\\^$.|?*+()\[\]{}](?![?*+{]))*")


def stems(*patterns: str) -> set[str]:
    """The plain words that the alternatives of patterns begin with: where none of them stands, none of the patterns matches.

    >>> sorted(stems("全国|(?<!城)市级", "(?:开发|工业)园?区"))
    ['全国', '工业', '市级', '开发']
    """
    found = set()
    for pattern in patterns:
        for branch in _branches(pattern):
            for head, rest in _heads(branch):
                after = rest
                while after.startswith("(?<"):
                    after = after[_closing(after) + 1 :]
                plain = _PLAIN.match(after)
                found.add(head + (plain.group() if plain else ""))
    return found
