"""A number of a table as a draft: its name from row, column and caption, its unit and kind, and whether it can be so at all."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources

from parsers.draft import BLANK, NUM, PLACE, TIME, Draft
from parsers.indicators import catalogue
from parsers.model import Quantity
from parsers.subjects import Subject
from parsers.table_columns import Column, kind_of, measures, strip_marks, tidy, unit_of
from parsers.table_layout import Row, linked
from parsers.timeline import Stated

__all__ = ["Cell", "table_figure"]

_SHARE_NAME = re.compile(r"占比|比重|占有率|份额|城镇化率")
_RATE_NAME = re.compile(r"(?:率|比重|占比|强度|系数|比例|覆盖面|比)$")
_GROWTH_TAIL = re.compile(r"(?:同比|比上年)?(?:增长|增速|增幅)(?:速度|率)?$")
_SUFFIXES = (
    (re.compile(r"((?:常住|户籍)?总?人口)(?:数|总数)?$"), ""),
    (re.compile(r"((?:施工|竣工|销售|播种|种植|新开工|待售)?面积)$"), ""),
    (re.compile(r"(价格)(?:总水平|总?指数)?$"), ""),
    (re.compile(r"企业((?:单位)?数|个数)$"), ""),
    (re.compile(r"(?:生产总)(值)$"), "增加"),
    (re.compile(r"(?:总产)(量)?$"), "产量"),
    (re.compile(r"(投资|总产值|增加值|产值|消费支出|零售额|用电量|产量|余额|利润总额|营业收入|税收|贷款|存款)$"), ""),
)
_OF_MANY = {"major_projects_total_investment": "project_total_investment", "major_projects_completed_investment": None}
"""What the investment in many projects is of one."""
_MAY_BE_ROW = frozenset({"产量", "余额", "总产量", "增加值", "总值"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table with what its row, its column and the caption say of it."""

    start: int
    end: int
    value: Decimal
    suffix: str
    label: tuple[int, int]
    column: Column
    unit: str  # unit words of the row's level
    row: Row
    owner: Subject | None
    time: Stated | None
    per: str  # 每百户, where the caption says so
    wide: bool  # of a whole prefecture or more, as far as is known
    loose: bool  # the header had to be fitted to the row


def _suffix(around: str) -> str:
    for pattern, before in _SUFFIXES:
        if match := pattern.search(around):
            return before if before == "产量" else before + match.group(1)
    return around


def _name_of(cell: Cell, label: str) -> tuple[tuple[str, ...], str]:
    """Names of what a cell measures, the best first, and the noun that the row's name has been put before."""
    column = cell.column.name
    if cell.row.by_column:
        return (column or cell.row.around,), ""
    if re.match(r"(?:全体|城镇|城市|农村|乡村|城区)", column) and len(column) < 5:
        return (column + label,), ""
    if cell.row.child and cell.row.around and not column:
        noun = _suffix(cell.row.around)
        return (label + noun,), noun
    if column and not label.endswith(column) and not (measures(label) and column in _MAY_BE_ROW):
        noun = _suffix(column)
        if noun == "价格" and noun in label:  # 居民消费价格总指数 under 价格指数
            return (label,), ""
        return ((label + noun, label) if column in _MAY_BE_ROW else (label + noun,)), noun
    return (cell.row.around + label if cell.row.around == "人均" else label,), ""


def _unit_and_kind(cell: Cell, name: str) -> tuple[str, str, Decimal] | None:
    """The unit, kind and factor of a cell, or None if its unit is not told or does not go with its meaning."""
    meaning = cell.column.meaning
    one = Decimal(1)
    if meaning == "index":
        return ("index", "index", one) if not cell.suffix and 30 < cell.value < 400 else None
    if meaning.startswith("growth"):
        if cell.suffix == "倍" or cell.column.unit == "倍":
            return "times", meaning, one
        return ("pp", "change_pp", one) if "百分点" in cell.suffix else ("%", meaning, one)
    if meaning in {"share", "of_plan"}:
        return ("%", "ratio" if meaning == "of_plan" else "share", one) if cell.suffix in {"", "%"} else None
    if meaning in {"change_pp", "gap_pp"} or (
        meaning == "contribution" and "百分点" in (cell.suffix or cell.column.unit)
    ):
        return "pp", meaning, one
    if meaning == "contribution":
        return "%", meaning, one
    if "%" in (cell.suffix, cell.unit):
        if _GROWTH_TAIL.search(name):
            return "%", "growth_yoy", one
        if _RATE_NAME.search(name):
            return "%", "share" if _SHARE_NAME.search(name) else "ratio", one
        return (
            ("%", "growth_yoy", one) if linked(name, "%", "ratio") is None and linked(name, "%", "growth_yoy") else None
        )
    if cell.suffix:
        return None
    found = unit_of(cell.unit)
    if found is None:
        return None
    return found[0], "change" if meaning == "change" else kind_of(found[0]), found[1]


def table_figure(cell: Cell, body: str, masked: str) -> Draft | None:
    """The draft of a table cell; None if its unit or what it measures is not told, or if it cannot be so."""
    span = slice(*cell.label)
    shown = "".join(
        b if m == NUM else "" if m in {TIME, PLACE, BLANK} else m for b, m in zip(body[span], masked[span], strict=True)
    )
    label = strip_marks(tidy(shown)).lstrip("末")
    names, noun = _name_of(cell, label)
    found = _unit_and_kind(cell, names[0])
    if found is None or not names[0]:
        return None
    unit, kind, factor = found
    if grows := _GROWTH_TAIL.search(names[0]):
        names = (names[0][: grows.start()],)
    level = unit_of(cell.unit) if cell.unit != "%" else None
    indicator = None
    for name in names:
        if level is not None and kind not in {"level", "count", "index"}:
            indicator = linked(name, level[0], "level", noun)
        else:
            indicator = linked(name, unit, kind, noun)
        if indicator:
            break
    if cell.owner is not None and cell.owner.type == "project" and indicator in _OF_MANY:
        indicator = _OF_MANY[indicator]
    value = cell.value * factor
    if not _plausible(indicator, kind, unit, value, cell):
        return None
    if cell.per and kind in {"level", "count"}:
        indicator, kind, names = None, "ratio", (cell.per + names[0],)
    quantity = Quantity(cell.start, cell.end, value, None, unit, "eq")
    draft = Draft(
        quantity,
        cell.start,
        cell.end,
        unit,
        kind=kind,
        rule="table",
        name=names[0],
        indicator_id=indicator,
        subject=cell.owner,
    )
    if cell.time is not None and (cell.time.first or cell.time.last or cell.time.type in {"month", "quarter"}):
        draft.time = cell.time  # an undated 1-10月 is the page's own time, an undated 10月 may be a part of it
    draft.status = cell.column.status
    draft.baseline = cell.column.baseline
    return draft


@cache
def _ranges() -> dict[str, tuple[float | None, ...]]:
    """The least and the greatest level and growth of each indicator."""
    fields = ("plausible_min", "plausible_max", "growth_min", "growth_max")
    with resources.files("parsers.knowledge").joinpath("indicators.csv").open(encoding="utf-8") as file:
        return {
            row["indicator_id"]: tuple(float(row[f]) if row[f] else None for f in fields)
            for row in csv.DictReader(file)
        }


def _plausible(indicator: str | None, kind: str, unit: str, value: Decimal, cell: Cell) -> bool:
    """Whether a number may be what its place in the table makes it; far outside every known value it was read from a shifted row."""
    if kind == "share":
        return 0 <= value <= 100
    low, high, least, most = _ranges().get(indicator or "", (None,) * 4)
    if kind.startswith("growth") and unit == "%":
        if value < -100 or (indicator is None and cell.loose and value > 300):
            return False
        return (least is None or value >= 2 * Decimal(least)) and (most is None or value <= 3 * Decimal(most))
    if (
        kind in {"level", "count"}
        and indicator is not None
        and catalogue()[indicator].base_unit.split("/")[0] in {unit, "CNY"}
    ):
        return (low is None or not cell.wide or value >= Decimal(low) / 2) and (
            high is None or value <= Decimal(high) * 3
        )
    return True
