"""The scorer that every reader of a page is measured with: 4-grams for bodies, exactness for fields."""

from __future__ import annotations

import re
from collections import Counter

_SPACE = re.compile(r"\s+")


def squeeze(text: object) -> str:
    """The text without white space; nothing for None."""
    return _SPACE.sub("", "" if text is None else str(text))


def grams(text: str, size: int = 4) -> Counter[str]:
    """Runs of four characters with their counts, white space ignored."""
    text = squeeze(text)
    return Counter(text[at : at + size] for at in range(max(1, len(text) - size + 1)))


def body_score(want: str, got: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of a body."""
    wanted, given = grams(want), grams(got)
    hit = (wanted & given).total()
    precision, recall = hit / max(1, given.total()), hit / max(1, wanted.total())
    return precision, recall, 2 * precision * recall / (precision + recall) if hit else 0.0


def field_right(name: str, want: str, got: object) -> bool | None:
    """Whether a field is right; a time to the minute if the label has one, and for ``day`` to the day. None: nothing to compare."""
    if name == "day":
        return want[:10] == str(got)[:10]
    if name == "minute":
        return want.replace("T", " ")[:16] == str(got).replace("T", " ")[:16] if len(want) > 10 else None
    return squeeze(want) == squeeze(got)
