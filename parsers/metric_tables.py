"""Statistics tables in a body: one row a line, cells joined by tabs; captions, header rows and row names tell what each number is.

A row is read only if it has as many value cells as the header has columns, and a number only if its unit is told and what is
measured is named: a table that lost a cell on its way gives no figures rather than shifted ones.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from parsers.table_columns import BELOW, Column, measures, read_column, so_far, stated_in, strip_marks, tidy, unit_of
from parsers.table_figures import Cell, table_figure
from parsers.table_layout import LABEL, NUMBERED, TABLE_MARK, UNIT_COLUMN, Rows, column_paths, topic_of
from parsers.timeline import Stated

__all__ = ["Cell", "TableReader", "table_figure"]

_NUMBER = re.compile(r"([-+－—–﹣−]?)(\d[\d,，]*(?:\.\d+)?)(%|‰|倍|个?百分点)?")
_NONE = re.compile(r"[-－—–…./·]*|持平|\.{2,}|无|/")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_CAPTION_UNIT = re.compile(r"(?:计量)?单位[:：]\s*([^\s；;）)]{1,24}(?:\s*[、，,%％][^\s；;）)]{0,8})?)")
_BASE = re.compile(r"(?:[上去]年|[上去]年同[月期]|上月)(?:为|价格?=|=)100|=100|为100")
_ASIDE = re.compile(
    r"^(?:图|注|备注|说明|资料来源|数据来源|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])"
)
_PER_MANY = re.compile(r"每(?:一)?[百千万](?:户|人|名)(?:居民|家庭|城镇|农村)*")
_DATE_ROW = re.compile(
    r"(?:(?:19|20)\d\d年?)?(?:\d{1,2}(?:[-—–~至]\d{1,2})?月份?|[一二三四]季度|[上下]半年|前三季度|全年)?"
)
_UNIT_BEHIND = re.compile(r"\((?:单位:)?([^()]{1,14})\)$")
_NOTHING = Column("", "", "")
_STATED = re.compile(r"增|同比|环比|比上|±|\(|单位")
_PART = re.compile(r"其中|[#＃]|第?[一二三]产|\d{1,2}[.、．]|\(")
_GROWS = re.compile(r"(?:同比|比上年|较上年|累计)?(?:增长|增速|增幅|增长速度|同比)(?:率|情况)?")
_IN_ROW_TIME = re.compile(r"\d{4}年|\d月|年末|季度|半年")


class TableReader:
    """Reads consecutive table lines; ``end`` is told of every line of prose.

    ``published`` is the publish date, ``city_code`` the place the page is about, ``about`` the last day of the time it is
    about, where known: with them columns like 1-10月, 本月 or 年末数 get their dates. A table without a caption has the
    page's ``title`` for one.
    """

    __slots__ = (
        "_about",
        "_anchor",
        "_captions",
        "_city",
        "_columns",
        "_headers",
        "_named",
        "_paused",
        "_rows",
        "_seen",
        "_title",
        "_unit",
    )

    def __init__(
        self,
        published: dt.date | None = None,
        city_code: str | None = None,
        about: dt.date | None = None,
        title: str = "",
    ) -> None:
        self._anchor, self._city, self._about, self._title = about or published, city_code, about, title
        self._captions: list[str] = []
        self._forget()

    def _forget(self) -> None:
        self._headers: list[list[str]] = []
        self._columns: dict[tuple[int, int], list[Column]] = {}
        self._rows = Rows()
        self._named = "", (0, 0)  # the last row's name and where it stands
        self._unit = ""  # what the last row told that was no part of another
        self._seen = self._paused = False

    def end(self, line: str) -> None:
        """A line without tabs: short ones may be captions or one-celled rows; prose ends the table."""
        if len(line) > 60 or "。" in line:
            if self._captions:
                self._captions = []
            if self._headers:
                self._forget()
            return
        if self._seen and not TABLE_MARK.match(line) and "单位" not in line:
            self._paused = True
            self._captions = [*self._captions[-5:], line]
            return
        if self._seen:
            self._forget()
            self._captions = []
        if TABLE_MARK.match(line):
            self._captions = []
        self._captions = [*self._captions[-2:], line]

    def read(self, line: str, offset: int) -> list[Cell]:
        """The numbers of one line that starts at ``offset`` in the body; [] for a header, a caption or a row that is not whole."""
        raw = line.split("\t")
        cells = [tidy(cell) for cell in raw]
        numbers = [_NUMBER.fullmatch(cell) for cell in cells]
        if self._is_header(cells, numbers):
            self._header(cells, line)
            return []
        if not any(numbers):
            if cells[0] and not any(cells[1:]):
                self.end(raw[0])
            return []
        width = self._width()
        while width <= len(cells) - 1 and not cells[-1]:  # empty cells behind the last column
            cells.pop()
        starts = [offset]
        for cell in raw:
            starts.append(starts[-1] + len(cell) + 1)
        if self._paused:
            if not self._headers or not any(len(cells) == width for width, _ in self._columns):
                self._restart()
            elif measures(name := strip_marks(tidy(self._captions[-1]))):
                self._rows = Rows(name)
            self._paused = False
        self._seen = True
        step = self._block(len(cells))
        found: list[Cell] = []
        for at in range(0, len(cells), step):
            part = slice(at, at + step)
            found += self._read_row(raw[part], cells[part], numbers[part], starts[at : at + step], step)
        return found

    def _is_header(self, cells: list[str], numbers: list[re.Match[str] | None]) -> bool:
        if not any(numbers):
            filled = [cell for cell in cells if cell]
            return len(filled) > 1 and not any(_NONE.fullmatch(cell) for cell in filled)
        named = [cell for cell, number in zip(cells, numbers, strict=True) if cell and not number]
        years = [bool(_YEAR.fullmatch(cell)) for cell, number in zip(cells, numbers, strict=True) if number]
        return all(years) and (not named or bool(LABEL.search(named[0]))) and (len(years) > 1 or len(named) > 1)

    def _restart(self) -> None:
        captions = self._captions[-3:]
        self._forget()
        self._captions = captions

    def _header(self, cells: list[str], line: str) -> None:
        if caption := _CAPTION_UNIT.search(line):
            self._captions.append(caption.group())
            return
        if self._seen:
            self._restart()
        self._headers = [*self._headers[-2:], cells]
        self._columns = {}

    def _block(self, width: int) -> int:
        """The width of one of several tables that stand side by side under repeated headers, else the whole width."""
        half, odd = divmod(width, 2)
        rows = [row for row in self._headers if len(row) == width]
        beside = not odd and any(row[0] for row in rows) and all(row[:half] == row[half:] for row in rows)
        return half if beside else width

    def _read_row(
        self, raw: list[str], cells: list[str], numbers: list[re.Match[str] | None], starts: list[int], width: int
    ) -> list[Cell]:
        lead = 0
        while lead < len(cells) and not numbers[lead] and (lead == 0 or not _NONE.fullmatch(cells[lead])):
            lead += 1
        serial = (
            bool(numbers[0])
            and len(cells) > 2
            and not numbers[1]
            and len(cells[1]) > 1
            and not _NONE.fullmatch(cells[1])
        )
        if serial:
            lead = 1
            while lead < len(cells) and not numbers[lead] and not _NONE.fullmatch(cells[lead]):
                lead += 1
        year_row = bool(numbers[0] and _YEAR.fullmatch(cells[0])) and not serial
        lead = 1 if year_row else lead
        texts = [i for i in range(lead) if cells[i] and not (serial and i == 0)]
        unit_at = texts[-1] if len(texts) > 1 and self._is_unit(cells[texts[-1]]) else -1
        labels = [i for i in texts if i != unit_at]
        if not labels or (not raw[0] and not labels):
            return []
        label = labels[-1]
        values = list(range(lead, len(cells)))
        columns, loose = self._columns_for(len(values), width, lead)
        if not columns:
            return []
        units = self._caption_units()
        name = strip_marks(cells[label])
        unit = self._row_unit(cells, unit_at, label)
        if unit:
            self._unit = unit
        elif _PART.match(cells[label]) and any(
            numbers[i] and c.meaning == "level" and not c.unit for i, c in zip(values, columns, strict=True)
        ):
            unit = self._unit  # what the row it is part of told
        elif NUMBERED.match(cells[label]):
            self._unit = ""
        span = (starts[label], starts[label] + len(raw[label]))
        if _GROWS.fullmatch(name):
            name, span = self._named  # 增速, of the row above
        elif not year_row:
            self._named = name, span
        dated = year_row or bool(_DATE_ROW.fullmatch(name))
        row = self._rows.place(
            name,
            cells[label],
            unit=unit,
            topic=self._topic(),
            header=self._header_label(label, width),
            city=self._city,
            dated=dated,
        )
        of_row = stated_in(cells[label], self._anchor, self._title_year(), self._about) if dated else None
        per = next((match.group() for caption in self._captions if (match := _PER_MANY.search(caption))), "")
        found, latest, level = [], _latest(columns), _NOTHING
        for index, header in zip(values, columns, strict=True):
            column = self._meant(header, units)
            if column.meaning == "level":
                level = column
            elif column.meaning and not column.name:  # a growth of what stands in the level's column beside it
                column = replace(column, name=level.name, time=column.time or latest or level.time)
            number = numbers[index]
            if number is None or not column.meaning:
                continue
            owner = column.owner or row.owner
            found.append(
                Cell(
                    start=starts[index] + len(raw[index]) - len(raw[index].lstrip()) + (number[1] == "+"),
                    end=starts[index] + len(raw[index].rstrip()),
                    value=Decimal(number[2].replace(",", "").replace("，", ""))
                    * (-1 if number[1] not in {"", "+"} else 1),
                    suffix=number[3] or "",
                    label=span,
                    column=column,
                    unit=_unit_of(unit, column if column.meaning == "level" else level) or _only(units),
                    row=row,
                    owner=owner,
                    time=(so_far(of_row) if of_row and column.running else of_row)
                    or (None if _IN_ROW_TIME.search(name) else column.time or self._caption_time()),
                    per=per,
                    wide=owner.type == "city" if owner else self._city is None or self._city.endswith("00"),
                    loose=loose,
                )
            )
        return found

    def _row_unit(self, cells: list[str], unit_at: int, label: int) -> str:
        """The unit that the row itself names: in a cell of its own or behind its name."""
        if unit_at > 0:
            return cells[unit_at]
        match = _UNIT_BEHIND.search(cells[label])
        words = re.split(r"[,，、;；]", match.group(1)) if match else []
        return next((word for word in words if word == "%" or unit_of(word)), "")

    def _meant(self, column: Column, units: tuple[str, ...]) -> Column:
        """A column of which only the caption says how it states its numbers (各县区主要指标增速, 以上年为100)."""
        if column.meaning != "level" or column.unit:
            return column
        caption = "".join(self._captions)
        header = "".join(cell for row in self._headers for cell in row)
        if _BASE.search(caption) or _BASE.search(header):
            return replace(column, meaning="index")
        title = re.sub(r"[（(][^（()）]*[）)]|\s", "", "".join(self._told()))
        untold = not units and not column.name and not _STATED.search(header)  # only times above the numbers
        if untold or "%" in units or "%" in caption:
            if re.search(r"(?:增速|增长速度|增长|增幅|涨跌幅度)(?:情况|表|一览表)*(?:单位.*)?$", title) and set(
                units
            ) <= {"%"}:
                return replace(column, meaning="growth_yoy")
            if re.search(r"比重|占比", title) and set(units) == {"%"}:
                return replace(column, meaning="share")
        return column

    def _is_unit(self, cell: str) -> bool:
        if cell == "%" or unit_of(cell):
            return True
        return len(cell) < 8 and any(UNIT_COLUMN.fullmatch(name) for row in self._headers for name in row)

    def _columns_for(self, values: int, width: int, lead: int) -> tuple[list[Column], bool]:
        key = (width, lead)
        if key not in self._columns:
            rows = [row[:width] if row[:width] == row[width:] else row for row in self._headers]
            paths = column_paths(rows, values, width, lead)
            units, year = self._caption_units(), self._title_year()
            if not self._headers and values == 1:
                paths = ["绝对数"]
            apart = any("同月" in path and "100" in path for path in paths)
            self._columns[key] = _share_units(
                read_column(
                    f"累计{BELOW}{path}" if apart and "同期" in path else path,  # beside the index on the same month
                    units,
                    anchor=self._anchor,
                    year=year,
                    city_code=self._city,
                    about=self._about,
                )
                for path in paths
            )
        return self._columns[key], not any(len(row) in {width, 2 * width} for row in self._headers)

    def _width(self) -> int:
        """The width of the header without the empty cells at its end; a great one where there is no header."""
        filled = (i + 1 for row in self._headers for i, cell in enumerate(row) if cell)
        return max(filled, default=99)

    def _header_label(self, label: int, width: int) -> str:
        """What stands over the rows' names, with the shortest captions."""
        over = next((row[label] for row in self._headers if len(row) >= width and row[label]), "")
        over = over or next((row[0] for row in self._headers if row and row[0]), "")
        return over + "".join(c for c in self._captions if len(c) < 5)

    def _caption_units(self) -> tuple[str, ...]:
        for caption in reversed(self._captions):
            if match := _CAPTION_UNIT.search(caption):
                return tuple(
                    word.lstrip("±")
                    for word in re.split(r"[、，,/]", tidy(match.group(1)))
                    if word in {"%", "±%"} or unit_of(word)
                )
        for row in self._headers[:1]:
            if row and (match := _UNIT_BEHIND.search(row[0])) and unit_of(match.group(1)):  # 项目（亿元）
                return (match.group(1),)
        title = tidy("".join(self._captions))
        if match := re.search(r"\(([^()]{1,8})\)$", title):
            return tuple(word for word in re.split(r"[、，,/]", match.group(1)) if word == "%" or unit_of(word))
        return ()

    def _title_year(self) -> int | None:
        for caption in reversed(self._captions):
            if match := re.search(r"(?<!\d)((?:19|20)\d\d)年", caption):
                return int(match.group(1))
        return self._about.year if self._about else None

    def _caption_time(self) -> Stated | None:
        """年末 in a caption: the header's columns then state what stood at the end of the year."""
        for caption in self._told():
            if re.search(r"年[末底]", caption):
                return stated_in(tidy(caption), self._anchor, self._title_year())
        return None

    def _told(self) -> list[str]:
        """The captions that say more than the unit; the page's title where there are none."""
        return [caption for caption in self._captions if not _CAPTION_UNIT.match(caption)] or [self._title]

    def _topic(self) -> str:
        for caption in reversed(self._told()):
            if not _ASIDE.match(caption) and (topic := topic_of(caption)):
                return topic
        return ""


def _share_units(columns: Iterable[Column]) -> list[Column]:
    """The columns, those of an aggregate's parts with its unit, as 第一产业 beside 地区生产总值(亿元)."""
    unit, shared = "", []
    for column in columns:
        if column.meaning == "level" and not column.unit and _PART.match(column.name):
            column = replace(column, unit=unit)  # noqa: PLW2901
        elif column.meaning == "level":
            unit = column.unit
        shared.append(column)
    return shared


def _unit_of(row: str, level: Column) -> str:
    """The unit of a level: the row's, but the column's where it names what it measures (面积（千公顷） beside 万吨)."""
    return level.unit if level.unit not in {"", "%"} and (level.name or not row) else row or level.unit


def _only(units: tuple[str, ...]) -> str:
    """The one unit of levels that a caption names (%, if it names no other); "" where it names several."""
    amounts = [unit for unit in units if unit != "%"]
    return amounts[0] if len(amounts) == 1 else "%" if units == ("%",) else ""


def _latest(columns: list[Column]) -> Stated | None:
    """The last of several times that columns state: what a growth behind them belongs to; None if each has its growth."""
    meanings = "".join(column.meaning[:1] for column in columns if column.meaning)
    if meanings == "lg" * (len(meanings) // 2):
        return None
    order = [column.time for column in columns if column.time is not None and column.meaning == "level"]
    times = set(order)
    dated = [time for time in times if time.last is not None]
    if len(times) < 2 or len(dated) < len(times):
        return next(iter(times)) if len(times) == 1 else None
    return max(dated, key=lambda time: (time.last or dt.date.min, order.index(time)))
