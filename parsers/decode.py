"""Turn the bytes of a page into text, whatever the page declares about itself.

Chinese pages lie about their encoding (gb2312 for GB18030, utf-8 for GBK), so the bytes decide: strict UTF-8 first,
which hardly ever fits by chance, then the Chinese encodings by how like Chinese their result reads.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

__all__ = ["BINARY", "Decoded", "decode"]

BINARY = "binary"
"""The ``encoding`` of bytes that are no text at all."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xfd7zXZ", "xz data"),
    (b"BZh", "bzip2 data"),
    (b"Rar!", "a RAR file"),
    (b"7z\xbc\xaf", "a 7z file"),
    (b"RIFF", "a media file"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
)
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_COMMON = frozenset(
    "的一是不在了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经市新业日月，。、：；"
)
"""Characters that every Chinese text is full of: the measure of a right decoding."""
_COMMON_TRADITIONAL = frozenset(
    "的一是不在了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經市新業日月，。、：；"
)
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN_MOJIBAKE = re.compile("[\u00c2-\u00ef][\u0080-\u00bf\u0152-\u2122]")
_HEAD = 30_000
"""Characters in which a text that is scrambled throughout shows it."""
_SAMPLE = 60_000
"""Bytes looked at when encodings are compared; a page says in its first part what it is written in."""


class Decoded(NamedTuple):
    """The text, the encoding that gave it, and in human words what was damaged (None when nothing was)."""

    text: str
    encoding: str
    problem: str | None


def decode(raw: bytes) -> Decoded:
    """Text of any bytes; never raises, damage is told in ``problem``.

    >>> decode("芜湖市".encode("gb18030"))
    Decoded(text='芜湖市', encoding='gb18030', problem=None)
    >>> decode("芜湖市统计局".encode()[:-1]).problem
    'cut off in the middle of a character'
    >>> decode(b"%PDF-1.7 ...").encoding
    'binary'
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _strictly_or_replacing(raw[len(bom) :], encoding)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(raw, error)
    if b"\x00" in raw:
        return _with_nulls(raw)
    return _unscrambled(text)


def _not_utf8(raw: bytes, error: UnicodeDecodeError) -> Decoded:
    kind = _kind_of_binary(raw)
    if kind:
        return Decoded("", BINARY, kind)
    if b"\x00" in raw:
        return _with_nulls(raw)
    if error.end >= len(raw) - 1 and error.start >= len(raw) - 3 and error.start > 0:
        return Decoded(raw[: error.start].decode("utf-8"), "utf-8", "cut off in the middle of a character")
    # A few bad bytes inside a UTF-8 page: GB18030 would "succeed" on such a page and give nonsense.
    sample = raw[:_SAMPLE]
    as_utf8 = sample.decode("utf-8", "replace")
    wrong = as_utf8.count("\ufffd")
    if wrong * 12 < len(_HAN.findall(as_utf8)):
        text = raw.decode("utf-8", "replace")
        return Decoded(text, "utf-8", f"{text.count(chr(0xFFFD))} places with bytes that are not UTF-8")
    return _chinese(raw)


def _chinese(raw: bytes) -> Decoded:
    """Read as GB18030 or Big5: Big5 only where it is declared or GB18030 fails, and only where it reads better."""
    sample = raw[:_SAMPLE]
    declared = _DECLARED.search(sample[:4096])
    if not (declared and declared.group(1).lower().startswith(b"big5")):
        try:
            return _unscrambled(raw.decode("gb18030"), "gb18030")
        except UnicodeDecodeError:
            pass
    simplified = _likeness(sample.decode("gb18030", "replace"), _COMMON)
    traditional = _likeness(sample.decode("big5hkscs", "replace"), _COMMON_TRADITIONAL)
    return _strictly_or_replacing(raw, "big5hkscs" if traditional > simplified else "gb18030")


def _likeness(text: str, common: frozenset[str]) -> float:
    foreign = [c for c in text if c > "\x7f"]
    if not foreign:
        return 0.0
    return (sum(c in common for c in foreign) - 3 * text.count("\ufffd")) / len(foreign)


def _strictly_or_replacing(raw: bytes, encoding: str) -> Decoded:
    try:
        return _unscrambled(raw.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 4 and error.start > 0:
            return Decoded(
                raw[: error.start].decode(encoding, "replace"), encoding, "cut off in the middle of a character"
            )
    text = raw.decode(encoding, "replace")
    return Decoded(text, encoding, f"{text.count(chr(0xFFFD))} places with bytes that are not {encoding}")


def _with_nulls(raw: bytes) -> Decoded:
    """NUL bytes: UTF-16 without a mark, a text with a few stray ones, or no text at all."""
    head = raw[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if min(even, odd) * 4 < max(even, odd) or even + odd == 0:
        # Chinese text itself has few zero bytes, its markup and digits have one in two.
        encoding = "utf-16-le" if odd > even else "utf-16-be"
        text = raw.decode(encoding, "replace")
        plain = sum(c.isprintable() or c.isspace() for c in text[:4096])
        if plain > 0.95 * len(text[:4096]) and (_HAN.search(text) or "<" in text):
            return _strictly_or_replacing(raw, encoding)
    if raw.count(0) * 50 > len(raw):
        return Decoded("", BINARY, "bytes that are no text")
    cleaned = decode(raw.replace(b"\x00", b""))
    return cleaned._replace(problem=cleaned.problem or f"{raw.count(0)} NUL bytes taken out")


def _kind_of_binary(raw: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if raw.startswith(magic):
            return kind
    # Control characters other than white space do not occur in pages; in compressed data they are everywhere.
    head = raw[:4096]
    control = sum(head.count(bytes([c])) for c in (1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 18, 19, 20))
    return "bytes that are no text" if control * 50 > len(head) else None


def _unscrambled(text: str, encoding: str = "utf-8") -> Decoded:
    """Undo a text that was read in the wrong encoding before it was saved (中国 as ä¸­å›½ or 涓浗)."""
    if text.startswith("%PDF-"):
        return Decoded("", BINARY, "a PDF file")
    if text.find("锛", 0, _HEAD) >= 0 and "銆" in text and text.count("锛") > text.count("，"):
        # 锛 and 銆 begin the punctuation of UTF-8 bytes that were read as GBK.
        repaired = text.replace("\ufffd", "?").encode("gb18030", "replace").decode("utf-8", "replace")
        if _likeness(repaired[:_HEAD], _COMMON) > _likeness(text[:_HEAD], _COMMON):
            return Decoded(repaired, encoding, "UTF-8 that was saved as if it were GBK; read back")
    if text.find("ï", 0, _HEAD) >= 0 and "ã" in text and len(_LATIN_MOJIBAKE.findall(text)) > 20:
        repaired = _bytes_of_latin(text).decode("utf-8", "replace")
        if repaired.count("\ufffd") * 5 < len(_HAN.findall(repaired)):
            return Decoded(repaired, encoding, "UTF-8 that was saved as if it were Latin-1; read back")
    if "锟" in text or "\ufffd" in text:
        holes = text.count("锟斤拷") + text.count("\ufffd")
        if not holes:
            return Decoded(text, encoding, None)
        return Decoded(text, encoding, f"{holes} characters were lost before the page was saved")
    return Decoded(text, encoding, None)


def _bytes_of_latin(text: str) -> bytes:
    """Bytes behind Windows-1252 characters; the five that it lacks stand for themselves."""
    parts = []
    for char in text:
        try:
            parts.append(char.encode("cp1252"))
        except UnicodeEncodeError:
            parts.append(char.encode("latin-1", "replace"))
    return b"".join(parts)
