"""Where things stand in a table: the cells above each column, the row that a row is part of, what the caption says of all.

Header rows are flattened in many ways (spanned cells repeated, left empty or lost); a layout that can be taken in two ways
gives no columns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from parsers.indicators import link
from parsers.subjects import Subject
from parsers.table_columns import BELOW, TIME_WORDS, measures, place_named, tidy, unit_of

__all__ = ["LABEL", "NUMBERED", "TABLE_MARK", "UNIT_COLUMN", "Row", "Rows", "column_paths", "linked", "topic_of"]

LABEL = re.compile(
    r"指标|项目|名称|类别|产品|行业|地区|区域|县区|区县|县市区?|市州|城市|单位|年份|年度|月份|时间|序号|编号|科目|品种|种类|分类|类型|企业|内容|国别|分组|门类|区、?县|县\(|县[、(]市"
)
_PLACES = re.compile(
    r"地区|区域|县区|区县|县市|市州|城市$|辖区|区、?县|县\(|县[、(]市|国家|国别|乡镇|街道|园区|市县|各市"
)
_OWNERS = (("organization", re.compile(r"企业名|公司|^企业$|单位名")), ("project", re.compile(r"项目名|工程名")))
UNIT_COLUMN = re.compile(r"(?:计量)?单位")
TABLE_MARK = re.compile(r"^[附续]?表\s?(?:\d{1,2}?(?=\s*(?:19|20)\d\d年)|[0-9０-９一二三四五六七八九十]{0,3}(?!\d))")
_TOTAL = re.compile(r"^(?:合计|总计|总量|总值|全市|全市合计|全市总计|全县|全区|全州|小计|本市|总额|总数)$")
_BRANCH = re.compile(
    r"(?:业|产业|企业|工业|经济|类|型|户|制|部门|行业|其他|其它|以上|以下|[男女]性|城镇|乡村|农村|城市)$"
)
_TOPIC_END = re.compile(
    r"(?:主要)?(?:情况|一览|统计)?表$|(?:完成|变动|增长|发展)?情况$|(?:及其?|和|与)?(?:增长速度|增速|增长|构成|增长情况|比重|变动)$|(?:比上年)?(?:涨跌)?幅度$|主要(?:指标|数据)$|见?下表$|(?<=人口)数$"
)
_TOPIC_START = re.compile(
    r"^.*?(?:各?分(?:月份?|季度|行业|区县|县区|地区|县市区?|类别|类|品种)|各(?:县区|区县|县\(?市、?区\)?|地区|县市区?|市州|类)|全[市省县区州]|八大类|其中)"
)
_PRODUCTS = re.compile(r"^.*主要(?:工业|农)?产品(?=产量)")
_ONE_WAY = frozenset({"出口", "进口", "出口总额", "进口总额", "货物出口", "货物进口"})
_FLOWS = _ONE_WAY | {"进出口"}
_OF_ANY = "industrial_product_output"  # the output of whatever product
NUMBERED = re.compile(r"[一二三四五六七八九十]+、")
_TIME_ONLY = re.compile(r"(?:20\d\d年?)?(?:\d{1,2}(?:[-—–~至]\d{1,2})?月)?(?:累计|全年)?")
_MEASURED = re.compile(r"[(（]|企业[个数]|单位数")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is: part of another, a place's, a total, a time's."""

    around: str
    child: bool
    owner: Subject | None
    by_column: bool
    dated: bool


class Rows:
    """What the rows so far say of the next: the row it is part of."""

    __slots__ = ("_child", "_numbered", "_parent", "_unit")

    def __init__(self, parent: str = "") -> None:
        self._parent, self._unit = parent, ""
        self._child = self._numbered = False

    def place(self, name: str, label: str, *, unit: str, topic: str, header: str, city: str | None, dated: bool) -> Row:
        """Where a row stands: a place's, a total, a time's, part of the row above, or on its own."""
        if dated and name:
            return Row(topic, child=False, owner=None, by_column=True, dated=True)
        if _TOTAL.match(name):
            return Row(topic, child=False, owner=None, by_column=True, dated=False)
        place = place_named(name, city) if len(name) < 12 else None
        if place is None and _PLACES.search(header):
            place = Subject(name, "park" if re.search(r"[区园]$", name) else "other", None)
        if place is not None:
            return Row(topic, child=False, owner=place, by_column=True, dated=False)
        for kind, pattern in _OWNERS:
            if pattern.search(header) and not measures(name):
                return Row(topic, child=False, owner=Subject(name, kind, None), by_column=True, dated=False)
        numbered = bool(NUMBERED.match(label))
        under = self._numbered and not numbered  # 一、人均可支配收入, and the rows without a number below it
        stands = measures(name) or self._stands(name, unit)
        if (
            stands
            and self._parent in _ONE_WAY
            and (self._child or label != name)
            and not measures(name)
            and name not in _FLOWS
        ):
            stands = False  # 一般贸易 under 出口 is the exports' part of it
        around = self._parent if self._parent and unit == self._unit else topic
        if stands:
            self._child = False
            if (measures(name) or name in _FLOWS) and not under:
                self._parent, self._unit, self._numbered = name, unit, numbered
            per_head = "人均" in around and around != name and "人均" not in name
            return Row("人均" if per_head else "", child=False, owner=None, by_column=False, dated=False)
        self._child = label != name or under or self._child or bool(_BRANCH.search(name))
        return Row(around, child=self._child or bool(topic), owner=None, by_column=False, dated=False)

    def _stands(self, name: str, unit: str) -> bool:
        """Whether a row's name alone names an indicator."""
        if _BRANCH.search(name):
            return False
        words = unit_of(unit) if unit else None
        return not (unit and words is None) and linked(name, words[0] if words else None, "level") is not None


def column_paths(headers: list[list[str]], values: int, width: int, lead: int) -> list[str]:
    """The cells above every value column, from top to bottom and parted by ``BELOW``; [] where they cannot be told."""
    rows = [row for row in headers if any(row)]
    if not rows:
        return []
    if len(rows[-1]) == width and (len(rows) == 1 or _over_names(rows[-1][:lead], rows[-2])):
        spread = [""] * values
        for row in rows[:-1]:
            if len(row) == width:
                above = row[lead:]
                for i in range(1, values):
                    above[i] = above[i] or above[i - 1] * bool(rows[-1][lead + i])
                spread = [f"{a}{BELOW}{b}" if a and b else a or b for a, b in zip(spread, above, strict=True)]
        last = rows[-1][lead:]
        whole = [a if a == b else f"{a}{BELOW}{b}" if a and b else a or b for a, b in zip(spread, last, strict=True)]
        if all(whole):
            return whole
    names = [[cell for cell in row if cell and not UNIT_COLUMN.fullmatch(cell)] for row in rows]
    lower = names[-1]
    for tops in [names[-2][labels:] for labels in range(min(lead, 2) + 1)] if len(names) > 1 else ():
        if tops and len(tops) * 2 == values == len(lower) * 2:
            return [part for top, low in zip(tops, lower, strict=True) for part in (top, f"{top}{BELOW}{low}")]
        if tops and len(lower) == values and values % len(tops) == 0 and (len(tops) == 1 or not _labels(tops[0])):
            return [f"{tops[i * len(tops) // values]}{BELOW}{low}" for i, low in enumerate(lower)]
        if len(tops) > 1 and len(lower) + len(tops) - 1 == values and not _labels(tops[0]):
            wide = [i for i, top in enumerate(tops) if _TIME_ONLY.fullmatch(top)]
            if len(wide) == 1:
                return [*tops[: wide[0]], *(f"{tops[wide[0]]}{BELOW}{low}" for low in lower), *tops[wide[0] + 1 :]]
    if len(names) > 1 and len([top for top in names[-2] if TIME_WORDS.fullmatch(top)]) > 1:
        return []  # which columns each of several times stands over is not known
    if len(lower) == values and not (len(rows) == 1 and LABEL.match(lower[0]) and not _MEASURED.search(lower[0])):
        return lower
    for labels in (1, 2, 3):
        if len(lower) == values + labels and labels <= max(lead, 1) and all(LABEL.search(c) for c in lower[:labels]):
            return lower[labels:]
    return []


def _over_names(cells: list[str], above: list[str]) -> bool:
    """Whether the first cells of a lower header row stand over the rows' names: empty, labels, or said again from above."""
    return all(not cell or cell in above or LABEL.search(cell) for cell in cells)


def _labels(head: str) -> bool:
    """Whether a column's head says that the column holds the rows' names (地区), not what is measured (地区生产总值)."""
    return bool(LABEL.match(head)) and not measures(re.sub(r"\([^()]*\)", "", head))


@lru_cache(maxsize=1024)
def topic_of(caption: str) -> str:
    """What a caption says the whole table measures; "" where it names several things or only a field (主要经济指标).

    >>> topic_of("表5 2025年分行业固定资产投资（不含农户）增长速度")
    '固定资产投资'
    """
    text = re.sub(r"(?:计量)?单位.*$|\([^()]*\)|（[^（）]*）", "", tidy(TABLE_MARK.sub("", caption)))
    text = re.sub(
        r"(?:截至)?\d{4}年(?:\d{1,2}(?:[-—–~至]\d{1,2})?月)?[末底]?|[上下]半年|[一二三四]季度|前三季度|以上年.*$",
        "",
        text,
    )
    text = re.sub(r"^[:：]?(?:\d+个(?:大中)?城市|[一-龥]{1,7}?[市县州盟](?!场))", "", text)
    text = _PRODUCTS.sub("", _TOPIC_START.sub("", text)).strip(":：，,")
    before = None
    while before != text:
        before, text = text, _TOPIC_END.sub("", text)
    if re.search(r"[、，,和及]|主要", text):
        return ""
    return text if measures(text) else ""


@lru_cache(maxsize=8192)
def linked(name: str, unit: str | None, kind: str, noun: str = "") -> str | None:
    """The indicator of a name; of one put before a noun only if the whole is known, not the noun alone (食品 + 价格)."""
    indicator, alias = link(name, unit, kind) if name else (None, "")
    if name.startswith(("其他", "其它")):
        return None
    known = not noun or name == noun or len(alias) > len(noun) or indicator == _OF_ANY
    return indicator if known else None
