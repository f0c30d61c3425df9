"""Find many words in one pass over a text, or patterns that begin with them: the cost grows with the text, not with the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ahocorasick_rs import AhoCorasick

from parsers.phrases import headed, stems

__all__ = ["Anchors", "Finder"]

_LONE_SURROGATES: Final = re.compile(f"[{chr(0xD800)}-{chr(0xDFFF)}]")


class Finder:
    """Finds every word of a vocabulary wherever it stands, inside of others too.

    >>> Finder(["萍乡", "萍乡市", "市"]).hits("在萍乡市")
    [(0, 1, 3), (1, 1, 4), (2, 3, 4)]
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._automaton = AhoCorasick(words, store_patterns=False)

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """(number of the word, start, end) of every place, by its end, then the longest word first."""
        try:
            return self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:  # half a character, which an escape (\ud800) can make: no word has one
            return self._automaton.find_matches_as_indexes(_LONE_SURROGATES.sub("\ufffd", text), overlapping=True)


class Anchors:
    """Patterns whose alternatives begin with plain words, found together: each is only tried where one of its words stands.

    >>> anchors = Anchors(place={"nation": "全国", "own": "全市|(?<!城)市级"}, lies={"lies": "位于"})
    >>> found = anchors.find("全国和全市，市级，位于城市级")
    >>> [(kind, match.group()) for kind, match in found.each("place")], [match.start() for _, match in found.each("lies")]
    ([('nation', '全国'), ('own', '全市'), ('own', '市级')], [9])
    """

    def __init__(self, **patterns: Mapping[str, str]) -> None:
        self.patterns = {name: headed(**kinds) for name, kinds in patterns.items()}
        owners: dict[str, set[str]] = {}
        for name, kinds in patterns.items():
            for stem in stems(*kinds.values()):
                owners.setdefault(stem, set()).add(name)
        self._finder = Finder(owners)
        self._owners = [tuple(sorted(names)) for names in owners.values()]

    def find(self, text: str) -> Found:
        """Where the patterns may begin in a text."""
        starts: dict[str, list[int]] = {name: [] for name in self.patterns}
        for word, start, _ in self._finder.hits(text):
            for name in self._owners[word]:
                starts[name].append(start)
        return Found(self, text, starts)


class Found:
    """What one pass of ``Anchors`` found in a text."""

    def __init__(self, anchors: Anchors, text: str, starts: dict[str, list[int]]) -> None:
        self._anchors = anchors
        self._text = text
        self._starts = starts

    def each(self, name: str) -> Iterator[tuple[str, re.Match[str]]]:
        """The matches of a pattern from left to right, without overlap, each with its kind."""
        pattern, kinds = self._anchors.patterns[name]
        end = 0
        for start in sorted(self._starts[name]):
            if start >= end and (match := pattern.match(self._text, start)):
                yield kinds[match.lastindex or 0], match
                end = match.end()
