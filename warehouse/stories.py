"""Which articles are one story: locality-sensitive hashing over the signatures that the parser made.

A signature is a MinHash: two bodies agree in a share of its values equal to the share of word pieces they have in common.
Cut into bands, signatures that agree in one whole band become candidates; the agreement over all values decides.
The story takes the name of its first member and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["SAME_STORY", "Assigned", "agreement", "assign", "band_keys"]

SAME_STORY = 0.42
"""Share of equal MinHash values from which two articles are one story: a shortened reprint with its own head and tail stays above it,
two bulletins written to one template fall below."""

BAND_THRESHOLD = 0.42
"""Similarity at which a pair becomes a candidate with even odds; not above SAME_STORY, so that few true pairs are overlooked."""

Values = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.int64]


def _values(signature: bytes | None) -> Values | None:
    """The MinHash values; None for a missing signature or one of an empty text, which resembles nothing."""
    if not signature or len(signature) % 4:
        return None
    values = np.frombuffer(signature, dtype="<u4")
    return None if (values == values[0]).all() else values


def _rows_per_band(length: int) -> int:
    return min(range(1, length + 1), key=lambda rows: abs((rows / length) ** (1 / rows) - BAND_THRESHOLD))


def band_keys(signatures: Sequence[bytes | None]) -> list[Keys]:
    """The hashes of each signature's bands, as 64-bit signed integers; none for a text too short to compare.

    >>> [len(keys) for keys in band_keys([bytes(range(256)) * 2, b"", None])]
    [32, 0, 0]
    """
    keys = [np.empty(0, dtype=np.int64) for _ in signatures]
    by_length: dict[int, list[int]] = {}
    for at, signature in enumerate(signatures):
        if _values(signature) is not None:
            by_length.setdefault(len(signature or b"") // 4, []).append(at)
    for length, places in by_length.items():
        rows = _rows_per_band(length)
        count = length // rows
        values = np.frombuffer(b"".join(signatures[at] or b"" for at in places), dtype="<u4").reshape(-1, length)
        bands = values[:, : count * rows].reshape(-1, count, rows).astype(np.uint64)
        key = np.broadcast_to(np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15), bands.shape[:2])
        for step in range(rows):
            key = (key ^ bands[:, :, step]) * np.uint64(0xBF58476D1CE4E5B9)
            key ^= key >> np.uint64(29)
        for at, found in zip(places, key.view(np.int64), strict=True):
            keys[at] = found
    return keys


def agreement(one: bytes | None, other: bytes | None) -> float:
    """The share of values in which two signatures agree.

    >>> agreement(bytes(range(16)), bytes(range(12)) + b"zzzz")
    0.75
    """
    a, b = _values(one), _values(other)
    if a is None or b is None or len(a) != len(b):
        return 0.0
    return float((a == b).mean())


@dataclass(frozen=True, slots=True)
class Assigned:
    """The story of each document, and the bands of the stories that begin here."""

    story_of: dict[str, str]
    bands: list[tuple[str, Keys]]


def assign(
    documents: Sequence[tuple[str, bytes | None]],
    kept: Mapping[str, str],
    stories_at: Callable[[Keys], Iterable[tuple[int, str]]],
    signatures_of: Callable[[list[str]], Iterable[tuple[str, bytes | None]]],
) -> Assigned:
    """Give every document its story: the one it has (``kept``), the most similar known one, or a new one of its own.

    ``stories_at`` looks up band keys, ``signatures_of`` the signatures of first members; both ask the lake once.
    """
    keys = band_keys([signature for _, signature in documents])
    every, times = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *keys]), return_counts=True)
    index: dict[int, list[str]] = {}
    for key, story in stories_at(every) if len(every) and len(kept) < len(documents) else ():
        index.setdefault(key, []).append(story)
    members = sorted({story for stories in index.values() for story in stories})
    first: dict[str, bytes | None] = dict(signatures_of(members)) if members else {}
    shared = {*index, *every[times > 1].tolist()}  # the few keys by which anything is found at all
    story_of: dict[str, str] = {}
    bands: list[tuple[str, Keys]] = []
    for (document_id, signature), own in zip(documents, keys, strict=True):
        meeting = [key for key in own.tolist() if key in shared]
        story = kept.get(document_id, "")
        if not story:
            candidates = {each for key in meeting for each in index.get(key, ())}
            scored = [(agreement(signature, first.get(each)), each) for each in sorted(candidates)]
            best = max(scored, key=lambda pair: pair[0], default=(0.0, document_id))
            story = best[1] if best[0] >= SAME_STORY else document_id
        story_of[document_id] = story
        if story == document_id:
            first[document_id] = signature
            for key in meeting:
                index.setdefault(key, []).append(document_id)
            if len(own):
                bands.append((document_id, own))
    return Assigned(story_of, bands)
