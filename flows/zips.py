"""Read a zip member by member without holding its directory: ``zipfile`` keeps an object for every member, a million of them a GiB."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import IO

__all__ = ["Zip"]

PIECE = 1 << 16
NO_MEMBERS = b"PK\x05\x06" + bytes(18)
"""The smallest zip there is."""
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
ENTRY = struct.Struct("<4s6H3L5H2L")
UNKNOWN = 0xFFFFFFFF
"""Stands where a number needs 64 bits and is told in the extra field."""


class Zip:
    """An open zip: iterate over it for the members, ``open`` one of them to read it.

    >>> [info.filename for info in Zip(io.BytesIO(NO_MEMBERS))]
    []
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._first, self._end, self._shift = _directory(file)
        # zipfile opens any member it is given the header of; the directory of its own is left empty
        self._opener = zipfile.ZipFile(io.BytesIO(NO_MEMBERS))
        self._opener.fp = file

    def __iter__(self) -> Iterator[zipfile.ZipInfo]:
        at, piece, begin = self._first, b"", self._first
        while at + ENTRY.size <= self._end:
            if at - begin + ENTRY.size + 3 * 0xFFFF > len(piece) and begin + len(piece) < self._end:
                begin, piece = at, _read_at(self._file, at, min(PIECE + 3 * 0xFFFF, self._end - at))
            fields = ENTRY.unpack_from(piece, at - begin)
            if fields[0] != b"PK\x01\x02":
                raise zipfile.BadZipFile("the directory is damaged")
            name_size, extra_size, note_size = fields[10:13]
            name_at = at - begin + ENTRY.size
            name, extra = piece[name_at : name_at + name_size], piece[name_at + name_size :][:extra_size]
            yield _info(fields, name, extra, self._shift)
            at += ENTRY.size + name_size + extra_size + note_size

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        """The member's bytes, unpacked and checked as they are read."""
        return self._opener.open(info)


def _read_at(file: IO[bytes], at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _directory(file: IO[bytes]) -> tuple[int, int, int]:
    """Where the directory begins and ends, and by how much all positions are off (a zip behind a program that unpacks it)."""
    size = file.seek(0, io.SEEK_END)
    tail_at = max(0, size - END.size - 0xFFFF)
    tail = _read_at(file, tail_at, size - tail_at)
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found + END.size > len(tail):
        raise zipfile.BadZipFile("File is not a zip file")
    _, _, _, _, _, length, offset, _ = END.unpack_from(tail, found)
    end = tail_at + found
    if end >= LOCATOR_64.size:
        locator = LOCATOR_64.unpack(_read_at(file, end - LOCATOR_64.size, LOCATOR_64.size))
        if locator[0] == b"PK\x06\x07":
            end -= LOCATOR_64.size + END_64.size
            fields = END_64.unpack(_read_at(file, end, END_64.size))
            if fields[0] != b"PK\x06\x06":
                raise zipfile.BadZipFile("the 64-bit directory is damaged")
            length, offset = fields[8:10]
    first = end - length
    if first < 0 or first < offset:
        raise zipfile.BadZipFile("the directory is damaged")
    return first, end, first - offset


def _info(fields: tuple[int, ...], name: bytes, extra: bytes, shift: int) -> zipfile.ZipInfo:
    flags, method = fields[3:5]
    crc, packed, size = fields[7:10]
    offset = fields[16]
    info = zipfile.ZipInfo(name.decode("utf-8" if flags & 0x800 else "cp437", "replace"))
    wide = _wide(extra)
    size, packed, offset = (next(wide, UNKNOWN) if each == UNKNOWN else each for each in (size, packed, offset))
    info.filename = info.orig_filename  # zipfile cuts names at a NUL; ours are judged whole
    info.flag_bits, info.compress_type, info.CRC = flags, method, crc
    info.compress_size, info.file_size, info.header_offset = packed, size, offset + shift
    return info


def _wide(extra: bytes) -> Iterator[int]:
    """The 64-bit numbers of an extra field, in their order."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            for part in range(at + 4, min(at + 4 + size, len(extra)) - 7, 8):
                yield struct.unpack_from("<Q", extra, part)[0]
            return
        at += 4 + size
