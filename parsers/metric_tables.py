"""Statistics tables in a body: one row a line, cells joined by tabs; the header tells unit and meaning of each column."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Cell", "TableReader"]

_NUMBER = re.compile(r"^[-－—–]?\d[\d,，]*(?:\.\d+)?%?$")
_UNIT = re.compile(r"[（(](?:单位[:：])?([^（()）]{1,10})[）)]")
_CAPTION_UNIT = re.compile(r"单位[:：]\s*([^\s，,；;）)]{1,12})")
_GROWTH = re.compile(r"增长|增速|±|比上年|同比|增幅|%|％")
_SHARE = re.compile(r"比重|占比|构成")
_SKIP = re.compile(r"序号|名次|位次|备注|代码")
_UNIT_COLUMN = re.compile(r"^(?:计量)?单位$")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table: where it stands, its row's name, its unit words, and what its column says it is."""

    start: int
    end: int
    name: str
    unit_words: str
    column: str
    meaning: str
    place: str


class TableReader:
    """Reads consecutive table lines; a line without tabs ends the table."""

    __slots__ = ("_caption_unit", "_header", "_parent", "_unit_column")

    def __init__(self) -> None:
        self._header: list[str] = []
        self._caption_unit = ""
        self._parent = ""
        self._unit_column = -1

    def end(self, line: str) -> None:
        """A line of prose: forget the table; remember a caption's unit."""
        self._header = []
        self._parent = ""
        self._unit_column = -1
        match = _CAPTION_UNIT.search(line)
        self._caption_unit = match.group(1) if match else ""

    def read(self, line: str, offset: int) -> list[Cell]:
        """The cells of one line that starts at ``offset`` in the body, or [] for a header or a caption."""
        cells = line.split("\t")
        stripped = [cell.strip() for cell in cells]
        numeric = [bool(_NUMBER.match(cell)) for cell in stripped]
        if not any(numeric):
            if caption := _CAPTION_UNIT.search(line):
                self._caption_unit = caption.group(1)
            if sum(1 for cell in stripped if cell) > 1:
                self._header = stripped
                self._unit_column = next((i for i, cell in enumerate(stripped) if _UNIT_COLUMN.match(cell)), -1)
            elif stripped:
                self._parent = stripped[0]
            return []
        if all(numeric) or numeric[0]:
            return []
        name = stripped[0]
        found = []
        unit_words = ""
        if match := _UNIT.search(name):
            unit_words = match.group(1)
        if 0 <= self._unit_column < len(stripped):
            unit_words = stripped[self._unit_column]
        at = offset
        for index, (cell, is_number) in enumerate(zip(cells, numeric, strict=True)):
            if is_number and index:
                column = self._header[index] if index < len(self._header) else ""
                if not _SKIP.search(column):
                    found.append(self._cell(cell, at, name, unit_words, column, index))
            at += len(cell) + 1
        return found

    def _cell(self, cell: str, at: int, name: str, unit_words: str, column: str, index: int) -> Cell:
        start = at + len(cell) - len(cell.lstrip())
        end = at + len(cell.rstrip())
        if _SHARE.search(column):
            meaning = "share"
        elif _GROWTH.search(column):
            meaning = "growth"
        elif not column and index > 1:
            meaning = "unknown"
        else:
            meaning = "level"
        if not unit_words and (match := _UNIT.search(column)):
            unit_words = match.group(1)
        return Cell(start, end, name, unit_words or self._caption_unit, column, meaning, "")
