"""Find time expressions and give each its first and last day, seen from the publish date.

A month without a year takes the year that its sentence told before. What a text leaves open is left open: dates are None where no year is stated and the words alone do not settle it (全年, 年末,
上年, 同期: the article's own year decides, which only the reader of the whole article knows). Months, quarters and running totals
without a year (1-10月, 三季度) are the latest ones that had begun by the publish date. Without a publish date every
expression that needs one has null dates.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from parsers.days import COUNT, SEPARATOR, Point, any_of, month_end, shift
from parsers.festivals import festival_names, lunar_day, vocabulary
from parsers.model import Period
from parsers.numerals import parse_numeral, smooth
from parsers.points import read_point

__all__ = ["find_periods"]

_WORDS: Final = vocabulary()
_PLANS: Final[dict[str, int]] = _WORDS["plans"]
_EVENTS: Final[dict[str, dt.date]] = _WORDS["events"]
_UNDATED: Final[dict[str, str]] = _WORDS["undated"]
_NOW: Final[frozenset[str]] = frozenset(_WORDS["now"])
_PAST: Final = frozenset({"过去", "最近"})
_MONTHS: Final = {"年": 12, "季度": 3, "月": 1}

_YEARS: Final = re.compile(
    f"((?:19|20)[0-9]{{2}})年?(?:{SEPARATOR}|/(?=20..学年))((?:19|20)?[0-9]{{2}})(?:年(?![0-9]{{1,2}}月)|(?P<season>学年度?|年?(?:采暖|供暖|供热)[季期])|(?=$|[，。；、）)]))"
)
_BARE_YEAR: Final = re.compile("(?:19|20)[0-9]{2}(?![0-9年.])")
_BARE_DAY: Final = re.compile("([12][0-9]|3[01]|[1-9])[日号]")
_NEW_YEAR_DAY: Final = re.compile("(?:正月|大年)?初([一二三四五六七八九十])")
_YEAR_BEFORE: Final = re.compile(f"((?:19|20)[0-9]{{2}})(?={SEPARATOR}(?:[0-9]{{2}}|[0-9]{{4}})年[0-9]{{1,2}}月)")
_UNTIL: Final = re.compile(f"(?:(?:起|开始|启动)[，,]?)?{SEPARATOR}")
_STRETCH: Final = re.compile(
    f"(?P<lead>近|过去|最近|未来|今后|此后|后|这|此)?(?:的)?(?P<n>{COUNT})(?P<half>半)?(?:个)?(?P<unit>年|月|季度|天|周|(?<=[24680])小时)(?P<more>多|余)?(?P<tail>以来|来|内|间)?"
)
_STREAK: Final = re.compile(
    f"连续(?:[保实稳][^，。；0-9]{{0,4}})?(?P<n>{COUNT})(?:多|余)?(?:个)?(?P<unit>年|月|季度|天|周)(?!度)"
)
_PLAN: Final = re.compile(f'[“"]?({any_of(_PLANS)})[”"]?(时期|期间|以来|末|前[两三四]年)(?!划)')
_EVENT: Final = re.compile(f"({any_of(_EVENTS)})以来")
_SAME: Final = re.compile("(?:去年|上年|上一年)同期|同期")
_UNDATED_WORD: Final = re.compile(any_of(list(_UNDATED) + list(_NOW)) + "(?!经济新闻|位置)")
_LEAD: Final = re.compile("截止到|截止至|截至|截止|自从|自|从|到|至")
_YEAR_EDGE_NOT: Final = ("预算", "计划", "奖")  # 年初预算, 年终奖 name things
_YEAR_EDGE: Final = re.compile("年(?:末|底|初|终)")

_NUMBER: Final = "[0-9一二两三四五六七八九十]"
_HOURS: Final = "凌晨|清晨|早晨?|上午|中午|下午|傍晚|晚间?|深夜|夜间|午夜"
_SAID: Final = f"{_HOURS}|[至到—](?:[12][0-9]|3[01]|[1-9])日|称|说|在|将|起|批准|发生|的(?:统计|数据|报告)|宣布|发布|公布|表示|电|讯|报道|召开|举行|获悉|公开|印发|消息|介绍|对外|从|，"
_DATE: Final = "([12][0-9]|3[01]|[1-9])日"
_NEWS_DAY: Final = re.compile(f"{_DATE}(?:(?:{_HOURS})?[至到—]{_DATE}(?:{_HOURS})?|(?={_SAID}))")
# What time expressions begin with: the first character, then what may follow it, each alternative beginning with one
# character or set. Every other place in a text is passed over at once.
_HEADS: Final[dict[str, list[str]]] = {
    "0-9": [
        f"[0-9](?<![0-9.]..)日(?:{_SAID})", f"日(?<![0-9.]..)(?:{_SAID})",
        "[0-9](?<![0-9.]..)[0-9]{0,2}(?:[ ]?年|月|[ ]?[-－—–~～/至到]{1,2}[ ]?[0-9一二三四五六七八九十]|(?<=[12][09][0-9]{2})\\.[0-9]|季度|/20[0-9]{2}学年|个月|个季|天[来内后]|周[来内]|世纪|[0-9]{4}(?![0-9]))",
        "年(?<![0-9.]..)", "月(?<![0-9.]..)", "[-－—–~～/至到](?<![0-9.]..)[-－—–~～/至到 ]?[0-9一二三四五六七八九十]", "季(?<![0-9.]..)度",
        "个(?<![0-9.]..)[月季]", "天(?<![0-9.]..)[来内后]", "周(?<![0-9.]..)[来内]", "世(?<![0-9.]..)纪",
    ],
    "一二三四五六七八九": [
        "[零一二三四五六七八九十][零一二三四五六七八九十]{0,2}(?:年|月|季度|个月|个季|周内|世纪|天后)", "年", "月", "季度", "个[月季]",
        "周内", "世纪", "天后", "[至到—-][二三四]季", "[至到—-][0-9一二三四五六七八九十]{1,2}月", "十年代",
    ],
    "两": ["年", "个[月季]", "周内", "天后"],
    "十": ["[一二三四五六七八九](?:年|月|个月|五|天后|世纪)", "年", "月", "个月", "五", "天后", "九大", "八大", "[-—至到][0-9一二三十]+月"],
    "今去明后前次上本当同全近每历常": ["年"],
    "明昨后今当全每前": ["天"],
    "多": ["年来"], "大": ["前年", "大后天", "后天", "年三十", "年初[一二三四五六七八九十]"], "后": [f"{_NUMBER}{_NUMBER}?年", f"{_NUMBER}个?月"],
    "前头": [f"{_NUMBER}[一二三四五六七八九0-9]?个?[月季]"],
    "上下": ["半年", "半月", "个", "月", "周", "星期", "礼拜", "季", "[上下]周", "一年", "世纪"],
    "本": ["月", "季度", "周"], "这此": [f"{_NUMBER}年"], "这": ["个月"], "当": ["月", "日", "季", "前", "晚"], "同": ["期"],
    "近": ["几年", f"{_NUMBER}"], "年": ["[末底初终内均]"], "截": ["[至止]"], "目": ["前"], "如": ["今"], "现": ["在"], "眼": ["下"],
    "迄": ["今"], "至": ["今", "[0-9][0-9]{3}年"], "每": ["[月日周季]"], "日月": ["均"], "次": ["日"],
    "自从": [f"{_NUMBER}", "[今去明上前本当年“目党从]"], "到": ["[0-9][0-9]{3}年", "[0-9][0-9]?月", "[今明去]年", "“"],
    "过": ["去"], "最": ["近"], "未": ["来"], "此": ["后"], "连": ["续"], "第": ["[一二三四1-4]季"],
    '“"': ['十[一二三四五六]?五[”"]?[时期以末前]', '[八九]五[”"]?[时期以末]'], "党": ["的[十二]"], "假": ["期(?<![暑寒年休病产婚长请]假期)", "日期间"], "节": ["日期间", "假日期间"], "改": ["革开"], "新": ["中国", "的一年"], "二": ["十大"], "农阴": ["历"],
    "闰": ["[一二三四五六七八九十]"], "正腊冬": ["月"], "廿": ["[一二三四五六七八九]"], "元": ["[至到—－-][0-9一二三四五六七八九十]{1,2}月", "月"], "周": ["[一二三四五六日天]"], "星": ["期"], "礼": ["拜"],
}  # fmt: skip


def _members(chars: str) -> str:
    """The characters that a set like ``[0-4年]``, or a plain character, stands for."""
    spans = re.findall("(.)-(.)|(.)", chars[1:-1]) if chars[0] == "[" else [("", "", chars)]
    return "".join(one or "".join(map(chr, range(ord(low), ord(high) + 1))) for low, high, one in spans)


def _start_pattern() -> re.Pattern[str]:
    """One pattern that tests the first character, then the second one, and only where both may begin a time what goes on."""
    heads_of: dict[str, str] = {}
    for heads, alternatives in _HEADS.items():
        for alternative in alternatives:
            heads_of[alternative] = heads_of.get(alternative, "") + _members(f"[{heads}]")
    for name in festival_names() | {"五一", "双节", "民国", "康熙", "雍正", "乾隆", "光绪", "宣统"}:
        heads_of[name[1:]] = heads_of.get(name[1:], "") + name[0]
    by_second: dict[str, list[str]] = {}
    for alternative, heads in heads_of.items():
        second = re.match(r"\[[^]]*\]|.", alternative)
        assert second
        for char in _members(second.group()):
            by_second.setdefault(char, []).append(f"(?<=[{heads}].){alternative[second.end() :]}")
    alike: dict[str, str] = {}
    for char, branches in by_second.items():
        goes_on = "|".join(sorted(branches))
        alike[goes_on] = alike.get(goes_on, "") + char
    firsts, seconds = (re.escape("".join(sorted(set("".join(chars))))) for chars in (heads_of.values(), by_second))
    # Digits mostly stand inside of numbers: they get a branch of their own.
    digits, others = (
        "|".join(
            f"[{re.escape(chars)}](?:{goes_on})"
            for goes_on, chars in sorted(alike.items())
            if chars.isdecimal() == wanted
        )
        for wanted in (True, False)
    )
    return re.compile(f"[{firsts}](?=[{seconds}])(?=(?=[0-9])(?:{digits})|(?![0-9])(?:{others}))")


_START: Final = _start_pattern()


# 提高到2023年的512家: a value moves up to that year's, there is no aim at its end.
_NO_AIM: Final = frozenset("达得看提加高大升降少长低缩扩增复")


def _until(text: str, at: int, first: Point, anchor: dt.date | None) -> Point | None:
    """The second point of a range: one in full, or only a year or a day."""
    second = read_point(text, at, anchor, inherited=first.first.year if first.first else None)
    if second is not None:
        return second
    if first.type == "month" and (year := _BARE_YEAR.match(text, at)):
        return Point(year.end(), dt.date(int(year[0]), 1, 1), dt.date(int(year[0]), 12, 31), "year", year_stated=True)
    if first.type == "day" and first.first and (lunar := _NEW_YEAR_DAY.match(text, at)):  # 除夕到初六
        last = lunar_day((first.first + dt.timedelta(days=1)).year, 1, int(parse_numeral(lunar[1])))
        return Point(lunar.end(), last, last, "day", year_stated=False)
    if first.type == "day" and (day := _BARE_DAY.match(text, at)):
        last = None
        if first.first and first.first.day <= int(day[1]) <= month_end(first.first.year, first.first.month).day:
            last = first.first.replace(day=int(day[1]))
        return Point(day.end(), last, last, "day", year_stated=False)
    return None


def _range(text: str, begin: int, point: Point, anchor: dt.date | None) -> Period | None:
    """Two points joined: 2017年8月11日至8月22日, 前年11月到去年3月."""
    until = _UNTIL.match(text, point.end)
    if not until or point.edge:
        return None
    second = _until(text, until.end(), point, anchor)
    if second is None or second.edge or second.type == "as_of":
        return None
    if point.type == "year" and second.type in ("month", "ytd", "quarter") and not second.year_stated:
        return None
    last = second.last
    if point.first and last and last < point.first:
        if second.year_stated:
            return None
        last = shift(last, 12)
    end = second.end + 2 * text.startswith("结束", second.end) + text.startswith("止", second.end)
    if point.first is None or last is None:
        return Period(begin, end, None, None, "range")
    return Period(begin, end, point.first, last, "range")


def _point(text: str, start: int, anchor: dt.date | None, year: int | None) -> Period | None:
    """A point or range with the words around it that bound it: 截至10月底, 2023年以来, 自2023年6月起连续26个月."""
    lead, at = "", start
    if text[start] in "截自从到至" and (word := _LEAD.match(text, start)):
        lead, at = word.group(), word.end()
    first_char = text[at : at + 1]
    if first_char in "12" and first_char and (years := _YEARS.match(text, at)):
        first, last = int(years[1]), int(years[2])
        last = last if last > 99 else first // 100 * 100 + last
        if first < last:
            begin, season = start if lead in ("自", "从") else at, years["season"]
            if season and season[0] != "学":  # its days are each city's own
                return Period(begin, years.end(), None, None, "range")
            days = (
                (dt.date(first, 9, 1), dt.date(last, 8, 31))
                if season
                else (dt.date(first, 1, 1), dt.date(last, 12, 31))
            )
            return Period(begin, years.end(), *days, "range")
    if first_char == "年" and (edge := _YEAR_EDGE.match(text, at)):
        if start and text[start - 1] in "1234567890几多周":
            return None
        if text.startswith(_YEAR_EDGE_NOT, edge.end()):
            return None
        before = text.startswith("前", edge.end()) and not edge.group().endswith("初")
        if text.startswith("以来", edge.end()):
            return Period(at, edge.end() + 2, dt.date(anchor.year, 1, 1) if anchor else None, anchor, "since")
        end = edge.end() + before
        return Period(
            start if lead.startswith("截") or lead == "到" else at,
            end,
            None,
            dt.date(anchor.year, 12, 31) if anchor and before else None,
            "as_of",
        )
    point = read_point(text, at, anchor, inherited=year)
    if point is None and first_char in "12" and (bare := _YEAR_BEFORE.match(text, at)):
        point = Point(bare.end(), dt.date(int(bare[1]), 1, 1), dt.date(int(bare[1]), 12, 31), "year", year_stated=True)
    if point is None:
        return None
    end, first_day, last_day, kind = point.end, point.first, point.last, point.type
    if kind == "year" and text.startswith(("年内", "全年"), end):
        end += 2
    if kind == "year" and text.startswith("同期", end):
        return Period(at, end + 2, None, None, "ytd")
    if joined := _range(text, start if lead in ("自", "从", "自从") else at, point, anchor):
        return joined
    if point.edge in ("末", "底", "年末", "年底"):
        ahead = text.startswith("前", end)
        return Period(start if lead and lead[0] in "截到至" else at, end + ahead, None, last_day, "as_of")
    if point.edge:
        if text.startswith("以来", end):
            return Period(at, end + 2, first_day, anchor if first_day else None, "since")
        return Period(at, end, None, first_day, "as_of")
    if text.startswith(("以来", "至今"), end):
        return Period(start if lead in ("自", "从") else at, end + 2, first_day, anchor if first_day else None, "since")
    if lead.startswith("截") or (lead == "到" and kind == "year" and text[start - 1 : start] not in _NO_AIM):
        return Period(start, end, None, last_day, "as_of")
    if text.startswith("起", end) and not text.startswith(("起重", "起点", "起草", "起步"), end):
        begin = start if lead in ("自", "从") else at
        streak = _STREAK.match(text, end + 1)
        if streak and first_day and streak["unit"] in _MONTHS:
            until = shift(first_day, int(parse_numeral(streak["n"])) * _MONTHS[streak["unit"]]) - dt.timedelta(days=1)
            return Period(begin, streak.end(), first_day, until, "range")
        return Period(
            begin, end + 1, first_day, anchor if first_day and anchor and first_day <= anchor else None, "since"
        )
    if (
        kind in ("day", "range")
        and text[end : end + 1] == "后"
        and first_day
        and anchor
        and text[at] not in "0123456789"
        and text[end - 1] in "节期"
    ):
        return Period(at, end + 1, None, anchor, "range")  # 春节后
    return Period(at, end, first_day, last_day, kind)


def _stretch(text: str, start: int, anchor: dt.date | None) -> Period | None:
    """N年来, 近N年, 连续N个月, 未来N年."""
    if streak := _STREAK.match(text, start):
        return Period(start, streak.end(), None, None, "streak")
    match = _STRETCH.match(text, start)
    if (
        not match
        or not (match["lead"] or match["tail"])
        or (match["unit"] == "小时" and match["lead"] not in _PAST)
        or (match["unit"] == "月" and "个" not in match.group())
    ):
        return None
    end, lead, unit = match.end(), match["lead"], match["unit"]
    if anchor is None:
        return Period(start, end, None, None, "range")
    count = int(parse_numeral(match["n"]))
    months = count * _MONTHS.get(unit, 0)
    days = dt.timedelta(days=count * {"天": 1, "周": 7, "小时": 1 / 24}.get(unit, 0))
    if lead == "后":
        return Period(start, end, anchor + dt.timedelta(days=1), shift(anchor, months) + days, "range")
    if lead in ("未来", "今后", "此后"):
        return Period(start, end, anchor, shift(anchor, months) + days, "range")
    if lead in ("这", "此"):  # the last whole years, unless the article says which
        if unit != "年" or count < 3:
            return None
        year = anchor.year - (anchor.month <= 6)
        return Period(start, end, dt.date(year - count + 1, 1, 1), dt.date(year, 12, 31), "range")
    if match["more"] and months:  # 一年多来: since some day longer ago
        return Period(start, end, None, anchor, "range")
    return Period(start, end, shift(anchor, -months) - days, anchor, "range")


def _news_day(text: str, start: int, anchor: dt.date | None) -> Period | None:
    """14日宣布 in a dispatch: the last such day up to the publish date."""
    match = _NEWS_DAY.match(text, start)
    if match is None or text[start - 1 : start] in _NO_NEWS_DAY:
        return None
    day = int(match[1])
    if anchor is None:
        return Period(start, match.end(), None, None, "day")
    ahead = text.startswith("将", match.end())
    month = anchor if ahead or day <= anchor.day else shift(anchor.replace(day=1), -1)
    if ahead and day < anchor.day:
        month = shift(anchor.replace(day=1), 1)
    if day > month_end(month.year, month.month).day:
        return None
    first = month.replace(day=day)
    if match[2] is None:
        return Period(start, match.end(), first, first, "day")
    more = int(match[2]) - day
    return Period(start, match.end(), first, first + dt.timedelta(days=more), "range") if more > 0 else None


def _fixed(text: str, start: int, anchor: dt.date | None) -> Period | None:
    """Plans, events, undated words and the words for now."""
    if text[start] == "元" and (jan := _FROM_JANUARY.match(text, start)):
        if anchor is None:
            return Period(start, jan.end(), None, None, "ytd")
        month = int(parse_numeral(jan[1])) if jan[1] else 1
        if not 1 <= month <= 12:
            return None
        year = anchor.year if month <= anchor.month else anchor.year - 1
        return Period(start, jan.end(), dt.date(year, 1, 1), month_end(year, month), "ytd" if month > 1 else "month")
    if text.startswith("新的一年", start):
        if anchor is None:
            return Period(start, start + 4, None, None, "year")
        year = anchor.year + (anchor.month >= 10)
        return Period(start, start + 4, dt.date(year, 1, 1), dt.date(year, 12, 31), "year")
    if plan := _PLAN.match(text, start):
        first = dt.date(_PLANS[plan[1]], 1, 1)
        years = "两三四".index(plan[2][1]) + 2 if plan[2][0] == "前" else 5
        last = dt.date(first.year + years - 1, 12, 31)
        if plan[2] == "以来":
            return Period(start, plan.end(), first, anchor, "since")
        return Period(
            start, plan.end(), None if plan[2] == "末" else first, last, "as_of" if plan[2] == "末" else "range"
        )
    if event := _EVENT.match(text, start):
        return Period(start, event.end(), _EVENTS[event[1]], anchor, "since")
    if same := _SAME.match(text, start):
        return Period(start, same.end(), None, None, "ytd")
    if word := _UNDATED_WORD.match(text, start):
        if word.group() in _NOW:
            return Period(start, word.end(), None, anchor, "as_of")
        return Period(start, word.end(), None, None, _UNDATED[word.group()])
    return None


# A year told carries through its sentence: 2023年增长7%，其中12月份增长9%. A year only compared with does not.
_TELLING: Final = frozenset({"year", "half", "quarter", "month", "ytd", "day"})
_STATES_YEAR: Final = re.compile("(?:19|20)[0-9]{2}|[今去明前]年|[一二][九零]")
_COMPARED: Final = frozenset("比较与同跟于对从由自")
_SENTENCE_END: Final = re.compile("[。！？\n]")
_FROM_JANUARY: Final = re.compile(
    "元(?<![0-9万亿百千十美日欧港单公纪]元)(?:[至到—－-]+([0-9]{1,2}|[一二三四五六七八九十]{1,2})月份?|月份?(?![饼圆]))"
)
_DIGITS: Final = frozenset("0123456789")
_DONE: Final = frozenset("成产用运工营标")  # 建成后年产值 is no 后年
_NO_NEWS_DAY: Final = frozenset("期达超-－—–~～至到、.月/第每满近约共第")
_FIXED_FIRST: Final = frozenset('“"元八九十党改新二同每年月日常历近多全当次去上假节') | {word[0] for word in _NOW}


def find_periods(text: str, anchor: dt.date | None) -> list[Period]:
    """Every time expression of a text, in text order, resolved against the day it was published.

    >>> for p in find_periods("2023年增长7.9%，今年1-10月增长8%", dt.date(2024, 11, 15)):
    ...     print(p.start, p.end, p.first, p.last, p.type)
    0 5 2023-01-01 2023-12-31 year
    12 19 2024-01-01 2024-10-31 ytd
    """
    if isinstance(anchor, dt.datetime):
        anchor = anchor.date()
    even = smooth(text)
    plain = even.text
    found: list[Period] = []
    position = 0
    told: Period | None = None  # the last period that states its year
    for candidate in _START.finditer(plain):
        start = candidate.start()
        if (
            start < position
            or (plain[start] == "前" and plain[start - 1 : start] == "提")
            or (plain.startswith("后年", start) and plain[start - 1 : start] in _DONE)
        ):
            continue
        if told and _SENTENCE_END.search(plain, told.end, start):
            told = None
        period = _fixed(plain, start, anchor) if plain[start] in _FIXED_FIRST else None
        if period is None:
            period = _point(plain, start, anchor, told.first.year if told and told.first else None)
            if period and told and period.last and told.first and period.last < told.first:
                period = _point(plain, start, anchor, None)  # 2023年12月签约，1月开工: the months wrapped round
            if (
                period
                and period.type in _TELLING
                and period.first
                and _STATES_YEAR.search(plain, period.start, period.end)
            ):
                told = period if plain[period.start - 1 : period.start] not in _COMPARED else told
        if period is None and plain[start] in _DIGITS:
            period = _news_day(plain, start, anchor)
        if period is None:
            period = _stretch(plain, start, anchor)
        if period:
            found.append(period)
            position = period.end
    if even.at is None:
        return found
    return [Period(*even.span(p.start, p.end), p.first, p.last, p.type) for p in found]
