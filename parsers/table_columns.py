"""What the header of a table's column says: what is measured, how it is stated, its unit, its time and whose it is.

Nothing is read from the numbers below. A header that can mean two things means nothing here: the column is left unread.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.periods import find_periods
from parsers.places import find_places
from parsers.quantities import find_quantities
from parsers.subjects import Subject, owner_of
from parsers.timeline import Stated

__all__ = [
    "BELOW",
    "TIME_WORDS",
    "Column",
    "kind_of",
    "measures",
    "place_named",
    "read_column",
    "so_far",
    "stated_in",
    "strip_marks",
    "tidy",
    "unit_of",
]

BELOW = "\v"
"""Parts the cells of a header that stand one above the other."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９％（）．＝＃：＋", "0123456789%().=#:+", " \t\u3000\xa0")
_REMARK = re.compile(r"\([^()]*\)")
_UNIT_WORDS = re.compile(r"\((?:计量)?(?:单位:?)?([^()]{1,14})\)?$|[,，、](%)$|(%)\)?$")
_POINTS = re.compile(r"百分点")
_CONTRIBUTION = re.compile(r"贡献率|拉动")
_OF_PLAN = re.compile(
    r"(?:完成|为|占|是).{0,6}(?:预算|计划|目标|任务).{0,2}(?:%|比例|进度|比重)|完成率|完成%|完成进度|进度%"
)
_SHARE = re.compile(r"比重|占比|构成|份额|^占.{2,10}%")
_GROWTH = re.compile(
    r"增长|增速|增幅|增减|±|\+/?-|升降|涨跌|涨幅|变动幅度|变化|同比|环比|比(?:上|去)年|[上去]年同期比|^%$|\(%\)$(?<=^\(%\))"
)
_AMOUNT = re.compile(r"增加额|增量|净增|增减[额量]|(?:比|较)[^,，]{0,4}年[初末底]?(?:净?增加|增减|新增)")
_UNSURE = re.compile(r"增减$|增减\(|增加|升降$")
_MOM = re.compile(r"环比|比上月|比上季")
_MEAN = re.compile(r"年均|年平均|平均增长|比20[12]\d年")
_SKIP = re.compile(
    r"序号|名次|位次|备注|代码|排名|排位|位数|说明|责任|时间$|日期|[上去]年(?:同[期月]|数|实绩|$|\()[^增比±]*$|年同[期月]数?$|可比口径"
)
_PROVINCE = re.compile(r"全(?:省|(区))(?:平均)?(?:水平)?")
_REGIONS = frozenset({"15", "45", "54", "64", "65"})  # 全区 is the whole autonomous region there, for a city of it
_GAP = re.compile(r"(?:比|较|高于|低于|与)(全省|全区|全国)")
_TARGET = re.compile(r"预算(?!收|支|的?%|会)|计划|目标|任务|预期")
_DONE = re.compile(r"执行|决算|完成|实际|实绩|入库")
_FORECAST = re.compile(r"预计|预测")
_RESIDENTS = re.compile(r"^(?:全体|城镇|城市|农村|乡村|城区)(?:居民)?$")
_NEUTRAL = re.compile(
    r"占.*(?:比重|比例|%)|(?:比|较)?[上去]年(?:[末底]|同[期月])?(?:止)?|绝对[数量值额]?|总量|数量|数值|指标值?|金额|实绩|实际数?|累计|本期|本年|本月|当月|当年|自年初|单位|计量|全年|全市|全县|全区|合计|总计|完成(?:情况|[数额值])?|"
    r"(?<!\d)(?:年|期|月|季)[末底]数?|现价|年度|(?:年初|调整)?预算数?|决算数?|执行数?|计划数?|目标值?|预计数?|比[上去]月|同比|环比|"
    r"增长(?:速度|率|幅度|情况)?|增速|增幅|增减|涨跌|幅度|变动|变化|预期|升降|±|-(?!\d)|[+/%=:;,，、]|比重|占比|构成|份额|名义|(?:比|较)?年初|净?增加[额量]?(?!值)|增量|净增|为|止|平均$|数$|值$"
)
TIME_WORDS = re.compile(
    r"\d{4}年?(?:[-—–~至]\d{4}年?)?|\d{1,2}(?:[-—–~至]\d{1,2})?月[份末底]?|[一二三四1-4]季度|[上下]半年|前三季度|第?[一二三四]季|年[末底]"
)
_DATED = re.compile(r"年|月|季|累计|\d{4}")
_RUNNING = re.compile(
    r"(?:(?:[本当自从]?年初?|1[-—–~至][本当]月)?(?:至今)?|[本当][月期][止末]?)累计|[本当]月止|(?<![-—–~至])([本当]月)"
)
_INDEX_BASE = re.compile(r"(?:以)?([^\v]*)(?:=|为)100")
_TO_MONTH = re.compile(r"月止")
_OF_YEAR = re.compile(r"年初|全年|年度")
_OWN_TIME = re.compile(r"\d月|\d{4}年|季度|半年")
_LEAD = re.compile(
    r"^(?:其中[:：]?|按[^:：]{2,8}分[:：]|在总计中[:：]?|[#*＊]+|[一二三四五六七八九十]+[、.．]|\d+(?:\.\d+)+[.、．]?|\d+[.、．](?!\d)|[-—]+|\([一二三四五六七八九十\d]+\)|[①-⑳]|注[:：])+"
)
_HEADS = re.compile(
    r"(?:收入|支出|投资|余额|存款|贷款|人口|面积|利润|税收|价格|总产|浓度|里程|长度|床位|用电|速度|强度|系数|密度|产值|增加值|总值|费用|指数|出栏|存栏|装机|容量|比重|消费|GDP|[额值量率数])$"
)
_MEASURES = frozenset(
    {"CNY", "USD", "HKD", "EUR", "t", "m2", "m3", "km", "kWh", "kW", "tce", "t.km", "person.km", "TEU", "kVA"}
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the noun its header gives ("" where it only says 绝对数 or 增速) and what its numbers are."""

    name: str
    meaning: str  # level, growth_yoy …, or "" where the column is not to be read
    unit: str  # unit words, "" where the header has none
    time: Stated | None = None
    owner: Subject | None = None
    status: str = "actual"
    running: bool = False  # 累计: from January to the row's month
    baseline: str | None = None  # what a gap is measured against


def tidy(cell: str) -> str:
    """A cell without blanks, in half-width signs.

    >>> tidy("指　标（％）")
    '指标(%)'
    """
    return "".join(cell.split()).translate(_FULL_WIDTH)


def measures(name: str) -> bool:
    """Whether a name ends in a word that says what is measured (增加值, 存款, 面积), not in a branch or a kind of people."""
    return bool(_HEADS.search(name))


def strip_marks(label: str) -> str:
    """A row's name without its marks, numbers and bracketed remarks.

    >>> strip_marks("其中:1.粮食(含薯类)")
    '粮食'
    """
    return _LEAD.sub("", _REMARK.sub("", _LEAD.sub("", label)))


@lru_cache(maxsize=4096)
def unit_of(words: str) -> tuple[str, Decimal] | None:
    """The canonical unit of unit words and the factor to it; None where they are no unit, or one that is not known.

    >>> unit_of("万元"), unit_of("亿片(只)"), unit_of("蒸发量吨")
    (('CNY', Decimal('10000')), ('片', Decimal('100000000')), None)
    """
    bare = _REMARK.sub("", words)
    found = find_quantities("1" + bare) if bare else []
    if len(found) != 1 or found[0].start > 0 or found[0].end != len(bare) + 1 or found[0].unit is None:
        return None
    return found[0].unit, found[0].value


def kind_of(unit: str) -> str:
    """The kind of a figure of this unit: level for what is measured, count for what is counted."""
    return "level" if unit in _MEASURES or "/" in unit else "count"


@lru_cache(maxsize=4096)
def place_named(name: str, city_code: str | None) -> Subject | None:
    """The nation, province, city or county that a name is, wholly; 全省 is the province of the page's city."""
    whole = _PROVINCE.fullmatch(name) if city_code else None
    if city_code and whole and (not whole.group(1) or (city_code[:2] in _REGIONS and city_code.endswith("00"))):
        return owner_of(f"{city_code[:2]}0000")
    for mention in find_places(name, city_code):
        if mention.start == 0 and mention.end == len(name):
            return owner_of(mention.code)
    return None


@lru_cache(maxsize=1024)
def stated_in(text: str, anchor: dt.date | None, year: int | None, about: dt.date | None = None) -> Stated | None:
    """The time a header or a row's name states; dates are None where it needs a year and there is none.

    >>> stated_in("2023年末", None, None)
    Stated(text='2023年末', first=None, last=datetime.date(2023, 12, 31), type='as_of')
    """
    if not _DATED.search(text):
        return None
    if not _OWN_TIME.search(text) and (match := _RUNNING.search(text)):  # seen from the page's own time
        if match.group(1):
            first = about.replace(day=1) if about else None
            return Stated(match.group(), first, about, "month")
        return Stated(match.group(), about.replace(month=1, day=1), about, "ytd") if about else None
    text = re.sub(r"(?<!\d)((?:19|20)\d\d)(?=$|[/\v])", r"\1年", text)
    for period in find_periods(text, dt.date(year, 12, 31) if year else anchor):
        first, last, words = period.first, period.last, text[period.start : period.end]
        if first is None and last is None and year and words[:2] in {"年末", "年底", "期末"}:
            last = dt.date(year, 12, 31)
        elif words[:2] in {"上年", "去年"}:
            continue
        if period.type in {"year", "half", "quarter", "month", "ytd", "as_of"}:
            return Stated(words, first, last, period.type)
    return None


def so_far(time: Stated) -> Stated:
    """The months of the year up to a month, as 累计 means it; any other time as it is.

    >>> so_far(Stated("10月", dt.date(2024, 10, 1), dt.date(2024, 10, 31), "month")).first
    datetime.date(2024, 1, 1)
    """
    if time.type != "month" or time.last is None:
        return time
    return Stated(time.text, time.last.replace(month=1, day=1), time.last, "ytd")


def _meaning(text: str, unit: str, table_units: tuple[str, ...]) -> str:
    """How a column states what it measures; "" where that is not clear."""
    if base := _INDEX_BASE.search(text):  # what last month or a fixed year is the base of has no name of its own
        return "index" if re.search(r"[上去]年", base.group(1)) else ""
    if _SKIP.search(text):
        return ""
    if _CONTRIBUTION.search(text):
        return "contribution"
    if _POINTS.search(text):
        return "gap_pp" if _GAP.search(text) else "change_pp"
    if _OF_PLAN.search(text):
        return "of_plan"
    if _SHARE.search(text) and ("构成" not in text or unit == "%"):
        return "share"
    if _GROWTH.search(text) or _AMOUNT.search(text):
        if _AMOUNT.search(text) and unit != "%":
            return "change" if unit or any(each != "%" for each in table_units) else ""
        if unit not in {"", "%", "‰", "倍"}:
            return "change"
        if not unit and _UNSURE.search(text) and "%" not in table_units and table_units:
            return ""
        if _MOM.search(text):
            return "growth_mom"
        return "growth" if _MEAN.search(text) else "growth_yoy"
    return "level"


@lru_cache(maxsize=4096)
def read_column(
    path: str,
    table_units: tuple[str, ...],
    *,
    anchor: dt.date | None = None,
    year: int | None = None,
    city_code: str | None = None,
    about: dt.date | None = None,
) -> Column:
    """The column under a header; ``path`` holds the cells above it from top to bottom, parted by ``BELOW``.

    >>> read_column("地区生产总值(亿元)", ())
    Column(name='地区生产总值', meaning='level', unit='亿元', time=None, owner=None, status='actual', running=False, baseline=None)
    >>> column = read_column(f"2024年{BELOW}比上年增长(%)", ())
    >>> column.name, column.meaning, column.time.text
    ('', 'growth_yoy', '2024年')
    """
    parts = path.split(BELOW)
    unit = ""
    for part in reversed(parts):
        if (match := _UNIT_WORDS.search(part)) and (words := match.group(1) or match.group(2) or match.group(3)):
            known = [word for word in re.split(r"[,，、;；]", words) if word in {"%", "‰", "±%"} or unit_of(word)]
            if known:
                unit = known[0].lstrip("±")
                break
    low = parts[-1]
    meaning = _meaning(low, unit, table_units)
    if meaning == "level" and len(parts) > 1:
        above = _meaning(BELOW.join(parts[:-1]), unit, table_units)
        meaning = above if above and not TIME_WORDS.fullmatch(low) else meaning
    if meaning == "level" and low == "%":
        meaning = "growth_yoy"
    if meaning == "index":
        path = BELOW.join(part for part in parts if not _INDEX_BASE.search(part))
    bare = _REMARK.sub("", path)
    status = "actual"
    if meaning == "level":
        status = (
            "target"
            if _TARGET.search(bare) and not _DONE.search(bare)
            else "forecast"
            if _FORECAST.search(bare)
            else status
        )
    names, owner = [], None
    for part in (_GAP.sub("", bare) if meaning == "gap_pp" else bare).split(BELOW):
        if (here := place_named(part, city_code)) is not None:
            owner = here
        elif _RESIDENTS.match(part):
            names.append(part)
        elif len(name := TIME_WORDS.sub("", _NEUTRAL.sub("", part))) > 1 and re.search(r"[一-龥A-Z]{2}", name):
            if (here := place_named(name, city_code)) is not None:  # 全省增速
                owner = here
            else:
                names.append(_whole_name(part, name))
    running = "累计" in path or bool(_TO_MONTH.search(path))
    time = stated_in(re.sub(r"(?:比|较|占)[^\v]*", "", path), anchor, year, about)
    if running and time is not None:
        time = so_far(time)
    elif status == "target" and time is None and year and _OF_YEAR.search(bare):
        time = Stated(f"{year}年", dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    gap = _GAP.search(path) if meaning == "gap_pp" else None
    return Column(
        "".join(dict.fromkeys(names)), meaning, unit, time, owner, status, running, gap.group(1) if gap else None
    )


def _whole_name(part: str, name: str) -> str:
    """The noun of a header: what is left of it, or the header itself where its tail only belongs to the noun (总量 in 用水总量)."""
    cut = re.sub(
        r"^.*\d[年月][份末底]?|[,，、±].*$|(?:比|较)?(?:[上去]年|同比|环比|增长|增速|增幅|占比|比重).*$", "", part
    ).strip("%-+:=")
    return cut if measures(cut) and len(cut) <= len(name) + 3 else name
