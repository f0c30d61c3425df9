"""A fingerprint that near-duplicates share: the same story on another site, with a cut paragraph, with another headline.

A MinHash over the body's five-character pieces and its numbers. Numbers weigh more, as they tell two reports written to one
template apart (this month's from last month's, this city's from the next one's), while a reprint keeps them.

Measured on reprints, on bulletins of different cities and years, and on copies with paragraphs cut or numbers changed:
reprints agree in 0.54 and more of the values, unrelated articles in 0.13 and less, a template filled with other numbers in 0.3.
Own arithmetic, as datasketch's MinHash takes 2 ms for 2,000 characters and 0.7 s to import; this takes a tenth of either.
"""

from __future__ import annotations

import re
import unicodedata
import zlib

import numpy as np
import numpy.typing as npt

__all__ = ["VALUES", "signature", "similarity"]

VALUES = 128
"""Values in a signature. Its bytes are these as little-endian uint32, nothing else."""

_PIECE = 5
_NUMBER_WEIGHT = 24  # how many pieces one number is worth
_NOISE = re.compile(r"[^\w.]+|_|(?<!\d)\.|\.(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SHIFT = np.uint64(32)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread every bit over the word (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_FACTORS = (_mix(np.arange(1, VALUES + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> _SHIFT).astype(
    np.uint32
)[:, None]
_FACTORS |= np.uint32(1)


def _minima(pieces: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """For each of the hash functions (a multiplication in 32 bits) the least value that any piece takes."""
    spread = (_mix(pieces) >> _SHIFT).astype(np.uint32)
    least = np.full(VALUES, 0xFFFFFFFF, dtype=np.uint32)
    for at in range(0, len(spread), 1024):  # slices that stay in the cache
        np.minimum(least, (_FACTORS * spread[at : at + 1024]).min(axis=1), out=least)
    return least


def signature(body: str) -> bytes:
    """The fingerprint of a body: 128 little-endian uint32, or nothing for an empty body.

    >>> one = signature("上半年，全市实现地区生产总值1826.4亿元，同比增长5.7%，比一季度加快0.3个百分点。")
    >>> two = signature("上半年全市实现地区生产总值1826.4亿元, 同比增长5.7%，比一季度加快0.3个百分点")
    >>> len(one), similarity(one, two)
    (512, 1.0)
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", body)).lower()
    if not text:
        return b""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    size = min(_PIECE, len(points))
    pieces = points[: len(points) - size + 1].copy()
    for step in range(1, size):
        pieces = pieces * np.uint64(0x9E3779B97F4A7C15) + points[step : len(points) - size + 1 + step]
    least = _minima(pieces)
    # A number counts with the character before and after it. Dividing the hash makes the token as likely to be the least as
    # that many tokens would be.
    numbers = {text[max(0, found.start() - 1) : found.end() + 1] for found in _NUMBER.finditer(text)}
    if numbers:
        tokens = np.array(
            sorted(zlib.crc32(number.encode("utf-8", "surrogatepass")) for number in numbers), dtype=np.uint64
        )
        least = np.minimum(least, _minima(tokens + np.uint64(1 << 40)) // np.uint32(_NUMBER_WEIGHT))
    return least.astype("<u4").tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """The share of values in which two signatures agree; 0 where either is of an empty body.

    >>> round(similarity(signature("今日天气晴朗"), signature("全市签约项目36个")), 1)
    0.0
    """
    if not one or len(one) != len(other):
        return 0.0
    return float((np.frombuffer(one, dtype="<u4") == np.frombuffer(other, dtype="<u4")).mean())
