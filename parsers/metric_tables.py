"""Statistics tables in a body: one row a line, cells joined by tabs; captions and header rows tell unit and meaning of each column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.draft import Draft, unmark
from parsers.indicators import link
from parsers.places import find_places
from parsers.quantities import find_quantities
from parsers.subjects import Subject

__all__ = ["Cell", "TableReader", "table_figure"]

_NUMBER = re.compile(r"^[-－—–]?\d[\d,，]*(?:\.\d+)?[%％]?$")
_NONE = re.compile(r"^(?:[-－—–…\.·/]+|—+|——|持平|…+)?$")
_UNIT = re.compile(r"[（(](?:单位[:：])?([^（()）]{1,10})[）)]")
_CAPTION_UNIT = re.compile(r"单位[:：]\s*([^\s，,；;）)]{1,12})")
_GROWTH = re.compile(r"增长|增速|±|比上年|比去年|同比|增幅|增减|^%$|^[（(]?[%％][）)]?$")
_SHARE = re.compile(r"比重|占比|构成|份额")
_SKIP = re.compile(r"序号|名次|位次|备注|代码|排名|排位")
_UNIT_COLUMN = re.compile(r"^(?:计量)?单\s*位$")
_BLANKS = re.compile(r"[\s　]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number in a table: where it stands, its row's and its column's name, its unit words, and what its column says it is."""

    start: int
    end: int
    row: str
    row_start: int
    column: str
    unit_words: str
    meaning: str


class TableReader:
    """Reads consecutive table lines; ``end`` is told of every line of prose."""

    __slots__ = ("_caption_unit", "_headers", "_seen")

    def __init__(self) -> None:
        self._headers: list[list[str]] = []
        self._caption_unit = ""
        self._seen = False

    def end(self, line: str) -> None:
        """A line of prose: forget the table; remember a caption's unit."""
        if self._headers:
            self._headers = []
        self._seen = False
        if "单位" in line:
            match = _CAPTION_UNIT.search(line)
            self._caption_unit = match.group(1) if match else ""

    def read(self, line: str, offset: int) -> list[Cell]:
        """The cells of one line that starts at ``offset`` in the body, or [] for a header or a caption."""
        cells = line.split("\t")
        plain = [_BLANKS.sub("", cell) for cell in cells]
        numeric = [bool(_NUMBER.match(cell)) for cell in plain]
        if not any(numeric):
            if caption := _CAPTION_UNIT.search(line):
                self._caption_unit = caption.group(1)
            elif any(plain):
                if self._seen:
                    self._headers, self._seen = [], False
                self._headers = [*self._headers[-2:], plain]
            return []
        if numeric[0] or not plain[0]:
            return []
        self._seen = True
        unit_column = next((i for row in self._headers for i, cell in enumerate(row) if _UNIT_COLUMN.match(cell)), -1)
        values = [i for i in range(1, len(cells)) if i != unit_column and (numeric[i] or _NONE.match(plain[i]))]
        columns = self._columns(len(values), len(cells), unit_column)
        unit_words = plain[unit_column] if 0 < unit_column < len(plain) else ""
        if not unit_words and (match := _UNIT.search(plain[0])):
            unit_words = match.group(1)
        starts = [offset]
        for cell in cells:
            starts.append(starts[-1] + len(cell) + 1)
        found = []
        for index, column in zip(values, columns, strict=True):
            if numeric[index] and not _SKIP.search(column):
                cell = cells[index]
                start = starts[index] + len(cell) - len(cell.lstrip())
                end = starts[index] + len(cell.rstrip())
                found.append(self._cell(start, end, cells[0], offset, column, unit_words, first=index == values[0]))
        return found

    def _columns(self, values: int, width: int, unit_column: int) -> list[str]:
        """The name of every value column, from one header row or two."""
        rows = [row for row in self._headers if sum(map(bool, row)) > 0]
        for row in reversed(rows):  # a header as wide as the table
            if len(row) == width and sum(map(bool, row[1:])) >= values:
                return [cell for i, cell in enumerate(row) if 0 < i != unit_column][:values]
        names = [[cell for cell in row if cell and not _UNIT_COLUMN.match(cell)] for row in rows]
        for upper, lower in zip(reversed([[], *names[:-1]]), reversed(names), strict=True):
            for tops in (upper, upper[1:]):
                if tops and len(tops) * 2 == values == len(lower):
                    return [f"{tops[i // 2]}/{name}" for i, name in enumerate(lower)]
                if tops and len(tops) * 2 == values == len(lower) * 2:
                    return [part for top, low in zip(tops, lower, strict=True) for part in (top, f"{top}/{low}")]
            if len(lower) == values:
                return lower
            if len(lower) == values + 1:
                return lower[1:]
        return [""] * values

    def _cell(self, start: int, end: int, row: str, row_start: int, column: str, unit_words: str, *, first: bool) -> Cell:
        tail = column.rsplit("/", 1)[-1]
        if _SHARE.search(tail):
            meaning = "share"
        elif _GROWTH.search(tail):
            meaning = "growth"
        elif column or first:
            meaning = "level"
        else:
            meaning = "unknown"
        if match := _UNIT.search(column):
            if meaning == "level":
                unit_words = unit_words or match.group(1)
            column = _UNIT.sub("", column)
        if not unit_words and re.search(r"增长|增速", row) and "%" in row:
            unit_words = "%"
        return Cell(start, end, row, row_start, column, unit_words or self._caption_unit, meaning)


_ROW_MARKS = re.compile(r"^(?:其中[:：]?|[#＃*＊]|[一二三四五六七八九十]+、|\d+[.、]|[-—]|[（(][一二三四五六七八九十\d]+[）)])+")
_GROWTH_ROW = re.compile(r"(?:同比|比上年)?(?:增长|增速|增幅)(?:率)?$")


def table_figure(cell: Cell, body: str, masked: str) -> Draft | None:
    """The draft of a table cell: named by its row, or by its column where the row is a place; None if its unit is not told."""
    if cell.meaning == "unknown":
        return None
    text = body[cell.start : cell.end]
    found = find_quantities(text + cell.unit_words) if cell.meaning == "level" else find_quantities(text)
    if len(found) != 1 or found[0].start > 0:
        return None
    quantity = found[0]
    place = _place_named(cell.row.strip())
    if place is not None:
        name = re.sub(r"/.*|\s", "", cell.column)
    else:
        name = unmark(masked[cell.row_start : cell.row_start + len(cell.row)])
    name = _ROW_MARKS.sub("", re.sub(r"[（(][^（()）]*[）)]|\s", "", name)).lstrip("末")
    grows = _GROWTH_ROW.search(name)
    kind = {"growth": "growth_yoy", "share": "share"}.get(cell.meaning, "level")
    unit = quantity.unit if kind == "level" else "%"
    if unit is None:
        return None
    if kind == "level" and unit in {"%", "‰"}:
        kind = "growth_yoy" if grows else "ratio"
    name = name[: grows.start()] if grows else name
    indicator, _ = link(name, unit, kind)
    return Draft(quantity, cell.start, cell.end, unit, kind=kind, rule="table", name=name, indicator_id=indicator, subject=place)


def _place_named(name: str) -> Subject | None:
    for mention in find_places(name):
        if mention.start == 0 and mention.end == len(name):
            return Subject(name, mention.level, mention.code)
    return None
