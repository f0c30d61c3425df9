"""Find quantities: numbers with their units, in canonical units, with the bound the words around them state.

One regular expression, anchored on the characters a number can begin with, reads number, scale and unit at once; the unit
vocabulary is ``knowledge/units.csv``. A quantity's span covers number and unit (8.5亿次, 20余台(套), 第二), never the words of
the bound before it (超, 近, 约). Dates, clock times, identifiers (5G, G60), document and telephone numbers and ordinals
that are no ranks (第一产业) give nothing. A number without a unit is kept with ``unit=None``: table cells need it.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from parsers.model import Quantity
from parsers.numbers import fold, parse_numeral

__all__ = ["find_quantities"]


class Unit(NamedTuple):
    """A written unit: its canonical form, the factor to it, and how it is read."""

    unit: str
    factor: Decimal
    kind: str
    not_before: tuple[str, ...]
    not_before_chinese: tuple[str, ...]


@cache
def units() -> dict[str, Unit]:
    """The unit vocabulary by written form."""
    source = resources.files("parsers.knowledge") / "units.csv"
    with source.open(encoding="utf-8", newline="") as handle:
        return {
            row["form"]: Unit(
                row["unit"],
                Decimal(row["factor"]),
                row["kind"],
                tuple(row["not_before"].split("|")) if row["not_before"] else (),
                tuple(row["not_before_chinese"].split("|")) if row["not_before_chinese"] else (),
            )
            for row in csv.DictReader(handle)
        }


_UNITS: Final = units()


def _trie(words: list[str]) -> str:
    """A regular expression that matches the longest of the words, without trying each in turn."""
    tree: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}

    def build(node: dict) -> str:  # type: ignore[type-arg]
        branches = [re.escape(char) + build(child) for char, child in sorted(node.items()) if char]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return body + "?" if "" in node else body

    return build(tree)


_UNIT: Final = _trie(list(_UNITS))
_SCALES: Final = {
    "十": Decimal(10), "百": Decimal(100), "千": Decimal(1000), "十万": Decimal(10**5), "百万": Decimal(10**6),
    "千万": Decimal(10**7), "万": Decimal(10**4), "十亿": Decimal(10**9), "百亿": Decimal(10**10), "千亿": Decimal(10**11),
    "亿": Decimal(10**8), "万亿": Decimal(10**12), "十万亿": Decimal(10**13), "百万亿": Decimal(10**14),
    "千万亿": Decimal(10**15),
}  # fmt: skip
_CN: Final = "一二两三四五六七八九十百千万亿零〇"
_SCALE: Final = "[十百千]?(?:万亿|万|亿)|[千百]"
_NUMERAL: Final = "(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]+)(?:\\.[0-9]+)?"
_PER: Final = (
    "[/／每](?:平方米|平方公里|立方米|公顷|人|亩|吨|千克|公斤|升|万元|亿元|元|万人|千人|百人|户|辆|台|小时|分钟|秒|天|日|月|年|次|千瓦时|公里|米|千瓦|瓦|套|件|个|头|株)"
)
_TAIL: Final = f"(?:[ ]?([余多来])?({_SCALE})?([余多])?[ ]?({_UNIT})({_PER})?|([余多])?({_SCALE})([余多])?)?"
_READ: Final = re.compile(f"({_NUMERAL}){_TAIL}")
_READ_CN: Final = re.compile(f"(半|[{_CN}]+(?:点[{_CN}]+)?)([余多])?({_UNIT})({_PER})?")
_READ_CN_RANGE: Final = re.compile(f"([{_CN}]+)(?:[-—－~～至到])([{_CN}]+)({_UNIT})({_PER})?")
_FRACTION: Final = re.compile(f"([{_CN}]+|[0-9]+)分之(负?(?:[{_CN}]+(?:点[{_CN}]+)?|{_NUMERAL}))")
_START: Final = re.compile(f"[0-9]+|[{_CN}]+|[第前翻首榜过半持]")
_SEPARATOR: Final = re.compile("[-－—–~～]{1,2}|至|到")
_DATE: Final = re.compile("[0-9]{4}([-/.])[0-9]{1,2}(?:\\1[0-9]{1,2})?(?![0-9])(?!\\.[0-9])")
_CLOCK: Final = re.compile("[0-9]{1,2}[:：][0-5][0-9](?:[:：][0-5][0-9])?(?![0-9.:：])")
_RATIO: Final = re.compile("([0-9]+(?:\\.[0-9]+)?)[:：∶︰]([0-9]+(?:\\.[0-9]+)?)(?:[:：∶︰]([0-9]+(?:\\.[0-9]+)?))?")
_PHONE: Final = re.compile("0[0-9]{2,3}[-—－][0-9]{7,8}|1[3-9][0-9]{9}(?![0-9.])|[48]00[-—－][0-9]{3,4}[-—－][0-9]{3,4}")
_LABEL_BEFORE: Final = re.compile("(?:代码|邮编|编码|电话|热线|传真|编号|证号|许可证|备|号码|微信|QQ|ISBN|ISSN|[Nn]o)[^，。；、0-9]{0,4}$")
_RANKISH: Final = re.compile("[移升降进退跃列居]|提高|提升|位次|名次|下滑|第")

_PRE: Final = {
    "超": "gt", "超过": "gt", "超过了": "gt", "超出": "gt", "突破": "gt", "突破了": "gt", "逾": "gt", "高于": "gt", "多于": "gt",
    "大于": "gt", "首破": "gt", "超越": "gt",
    "不低于": "ge", "不少于": "ge", "不小于": "ge", "至少": "ge", "不下": "ge", "不下于": "ge",
    "近": "lt", "接近": "lt", "将近": "lt", "近乎": "lt", "不足": "lt", "不到": "lt", "低于": "lt", "少于": "lt", "小于": "lt",
    "不满": "lt", "不及": "lt",
    "不超过": "le", "不超": "le", "不高于": "le", "不大于": "le", "不多于": "le", "最多": "le", "至多": "le",
    "约": "approx", "大约": "approx", "大概": "approx", "左右": "approx",
    "最近": "eq", "附近": "eq", "临近": "eq", "邻近": "eq", "靠近": "eq", "节约": "eq", "合约": "eq", "预约": "eq",
}  # fmt: skip
_PRE_LAST: Final = frozenset(word[-1] for word in _PRE)
_POST: Final = {"以上": "gt", "以内": "le", "之内": "le", "以下": "lt", "左右": "approx", "上下": "approx"}
_POST_FIRST: Final = frozenset("以之左上余多")
_ABOUT: Final = re.compile("(?<![节契公预制合违签条])约(?:[占为合达是]|相当于)[^，。；、：0-9]{0,8}$")
_LENGTHS_OF_TIME: Final = frozenset({"year", "month", "day", "quarter"})


def _comparator(text: str, start: int, end: int, inner: bool, unit: str | None) -> str:
    """What the words around a number say of it."""
    before = text[start - 1 : start]
    if before in _PRE_LAST:
        for length in (3, 2, 1):
            found = _PRE.get(text[start - length : start]) if start >= length else None
            if found:
                if found == "lt" and before == "近" and unit in _LENGTHS_OF_TIME:
                    break  # 近三年 names a stretch of time, not a number just below three
                return found
    if inner:
        return "gt"
    after = text[end : end + 1]
    if after in _POST_FIRST:
        if found := _POST.get(text[end : end + 2]):
            return found
        if after == "余" or (after == "多" and unit in _LENGTHS_OF_TIME):
            return "gt"
    if start and "约" in text[max(0, start - 10) : start] and _ABOUT.search(text, max(0, start - 12), start):
        return "approx"
    return "eq"


def _decimal(numeral: str) -> Decimal:
    return Decimal(numeral.replace(",", "").replace("，", ""))


def _blocked(words: tuple[str, ...], text: str, end: int) -> bool:
    """Whether what follows makes the unit part of a longer word (家 in 家庭)."""
    return bool(words) and text.startswith(words, end)


class _Found(NamedTuple):
    """A quantity with the scale that was written at it, for sharing with a bare number before it."""

    quantity: Quantity
    scale: Decimal


_PER_FACTOR: Final = {"人": "person", "平方米": "m2", "天": "day", "日": "day", "年": "year", "月": "month", "小时": "hour", "分钟": "minute", "秒": "second"}


def _compound(unit: str, factor: Decimal, per: str) -> tuple[str, Decimal]:
    """The canonical form of 元/亩 and its like: money and mass per area or mass in base units, other parts as written."""
    below = per[1:]
    if below in _PER_FACTOR:
        return f"{unit}/{_PER_FACTOR[below]}", factor
    known = _UNITS.get(below)
    if known and known.kind == "unit" and known.unit in ("m2", "t", "m3", "km", "kWh", "kW"):
        return f"{unit}/{known.unit}", factor / known.factor
    return f"{unit}/{below}", factor


_CURRENCY_BEFORE: Final = {"港币": "HKD", "港元": "HKD", "美元": "USD", "美金": "USD", "欧元": "EUR"}
_SIGNS: Final = {"¥": "CNY", "￥": "CNY", "$": "USD", "＄": "USD", "€": "EUR"}


def _quantity(
    text: str, start: int, end: int, low: Decimal, high: Decimal | None, unit: str | None, per: str | None, inner: bool
) -> Quantity | None:
    """Multiply out the unit and settle what depends on the words around; None where the words name no quantity."""
    if unit is None:
        sign = _SIGNS.get(text[start - 1 : start])
        if sign:
            return Quantity(start, end, low, high, sign, _comparator(text, start - 1, end, inner, sign))
        return Quantity(start, end, low, high, None, _comparator(text, start, end, inner, None))
    form = _UNITS[unit]
    name, factor, kind = form.unit, form.factor, form.kind
    if kind == "place":
        name = "rank" if _RANKISH.search(text, max(0, start - 8), start) else "人"
    elif kind == "point" and low == low.to_integral_value() and low <= 24 and not re.search("[涨跌升降报于]", text[max(0, start - 4) : start]):
        return None
    elif kind == "half":
        low += Decimal("0.5")
    elif kind == "list":
        return Quantity(start, end, low, high, name, "le")
    if text[end : end + 1] == "半" and name in ("year", "times") and text[end + 1 : end + 2] != "年":
        low, end = low + Decimal("0.5"), end + 1
    if name == "CNY":
        name = _CURRENCY_BEFORE.get(text[start - 2 : start], name)
        if other := _CURRENCY_BEFORE.get(text[end : end + 2]):
            name, end = other, end + 2
    if per:
        name, factor = _compound(name, factor, per)
    if factor != 1:
        low *= factor
        high = high * factor if high is not None else None
    return Quantity(start, end, low, high, name, _comparator(text, start, end, inner, name))


def _arabic(text: str, start: int, out: list[_Found]) -> int:  # noqa: C901
    """Read what begins with an Arabic digit; returns where reading goes on."""
    before = text[start - 1] if start else ""
    read = _READ.match(text, start)
    assert read
    numeral, in1, scale, in2, unit, per, in3, scale2, in4 = read.groups()
    after = text[read.end(1) : read.end(1) + 1]
    if after and after in ":：∶︰" and (ratio := _RATIO.match(text, start)):
        parts = [_decimal(p) for p in ratio.groups() if p]
        if len(parts) == 3 and abs(sum(parts) - 100) <= 1 or any("." in p for p in ratio.groups() if p):
            for group in (1, 2, 3):
                if ratio.group(group):
                    a, b = ratio.span(group)
                    out.append(_Found(Quantity(a, b, _decimal(ratio.group(group)), None, None, "eq"), Decimal(1)))
        return ratio.end()
    if after and after in "-—－/." or "." in numeral:
        if (date := _DATE.match(text, start)) and 1900 <= int(numeral[:4]) <= 2100 and (date.group(1) != "." or date.group().count(".") == 2):
            return date.end()
        if phone := _PHONE.match(text, start):
            return phone.end()
    elif len(numeral) == 11 and _PHONE.match(text, start):
        return read.end(1)
    scale = scale or scale2
    inner = bool(in1 or in2 or in3 or in4)
    end = read.end()
    if unit:
        form = _UNITS[unit]
        if form.kind == "skip" or form.kind == "quarter":
            return end
        if _blocked(form.not_before, text, end):
            unit = per = None
            end = read.end(3) if scale else read.end(1)
            inner = bool(in1)
        elif form.kind == "year" and not scale and (len(numeral) == 4 or numeral[0] == "0" or re.match("[0-9]{1,2}月|[代级度底末初货终]|行动|规划", text[end : end + 3])):
            return end
        elif form.kind in ("minute",) or (form.kind == "scaled" and not scale) or form.kind == "label":
            return end
    if before and before.isascii() and (before.isalnum() or before in "._+#"):
        if not unit or _UNITS[unit].unit not in ("%", "CNY", "pp", "USD"):
            return end
    low = _decimal(numeral)
    high: Decimal | None = None
    factor = _SCALES[scale] if scale else Decimal(1)
    separator = _SEPARATOR.match(text, end)
    if separator and (second := _READ.match(text, separator.end())):
        numeral2, in1, scale_b, in2, unit2, per2, in3, scale_c, in4 = second.groups()
        scale_b = scale_b or scale_c
        if unit2 and _blocked(_UNITS[unit2].not_before, text, second.end()):
            unit2 = per2 = None
        kind2 = _UNITS[unit2].kind if unit2 else None
        if kind2 in ("skip", "quarter") or (kind2 == "year" and len(numeral2) == 4):
            return second.end()
        if not unit and len(numeral) == 4 and len(numeral2) == 4 and numeral[:2] in ("19", "20") and not unit2:
            return second.end()
        change = before in "由从自" and before and unit and unit2
        if (unit is None or unit2 is None or _UNITS[unit].unit == _UNITS[unit2].unit) and not change and (unit or unit2 or separator.group() not in ("-", "－")):
            factor2 = _SCALES[scale_b] if scale_b else Decimal(1)
            low2 = low * (factor if scale or unit else factor2)
            high = _decimal(numeral2) * factor2
            if unit2 is None and scale_b is None and unit is not None:
                high *= factor
            if high > low2:
                unit3 = unit2 or unit
                end = second.end() if unit2 or scale_b or unit is None else second.end(1)
                quantity = _quantity(text, start, end, low2, high, unit3, per2 or per, bool(in1 or in2 or in3 or in4))
                if quantity:
                    out.append(_Found(quantity, factor2))
                return end
            high = None
        elif not unit and not unit2:
            return second.end()
    if unit is None and not scale:
        following = text[end : end + 1]
        if following and ((following.isascii() and following.isalpha()) or following in "〕]+后+号"):
            return end
        if before in "〔[“‘《+#" and before:
            return end
        if _LABEL_BEFORE.search(text, max(0, start - 12), start) or text.startswith(("热线", "平台", "便民"), end):
            return end
        if len(numeral) == 6 and before in "（(" and before and following in "）).":
            return end
    if before in "-－−负" and before:
        previous = text[start - 2] if start > 1 else ""
        if not (previous.isascii() and previous.isalnum()) and previous not in "）)%正-－" or not previous:
            if unit is None or _UNITS[unit].unit in ("%", "‰", "pp", "CNY", "USD", "℃", "times", "index"):
                low, start = -low, start - 1
    quantity = _quantity(text, start, end, low * factor, None, unit, per, inner)
    if quantity:
        out.append(_Found(quantity, factor))
        return quantity.end
    return end


_NOT_AFTER: Final = frozenset("统唯某每同任进另单专划不逐万第之“‘《")


def _chinese(text: str, start: int, out: list[_Found]) -> int:
    """Read what begins with a Chinese numeral: only with a unit, or as a fraction, is it a quantity."""
    before = text[start - 1] if start else ""
    fraction = _FRACTION.match(text, start)
    if fraction:
        bottom = Decimal(100) if fraction.group(1) == "百" else parse_numeral(fraction.group(1))
        if bottom:
            value = parse_numeral(fraction.group(2)) * 100 / bottom
            out.append(_Found(Quantity(start, fraction.end(), value, None, "%", _comparator(text, start, fraction.end(), False, "%")), Decimal(1)))
        return fraction.end()
    read = _READ_CN.match(text, start)
    low: Decimal
    high: Decimal | None = None
    if read:
        numeral, inner, unit, per = read.groups()
    else:
        read = _READ_CN_RANGE.match(text, start)
        if not read:
            return start + 1 if text[start] != "百" else start + 1
        numeral, upper, unit, per = read.groups()
        inner = None
        high = parse_numeral(upper)
    form = _UNITS[unit]
    end = read.end()
    if before in _NOT_AFTER and before:
        return end
    if form.kind in ("skip", "quarter", "arabic", "minute", "label", "scaled", "point"):
        return end
    if numeral[0] in "百千万亿零〇" and form.kind != "list":
        return end
    if form.kind == "year" and (len(numeral) == 4 or re.match("[代级度底末初货终]|行动|规划|计划|攻坚", text[end : end + 2])):
        return end
    if _blocked(form.not_before_chinese or form.not_before, text, end) or _blocked(form.not_before, text, end):
        return end
    if numeral == "一" and text[end : end + 1] in ("一", "两"):
        return end
    if len(numeral) >= 2 and numeral[0] in "一二三四五六七八" and numeral[1] in "二三四五六七八九" and len(numeral) in (2, 3):
        # 四五千: from four to five thousand
        low, high = parse_numeral(numeral[0] + numeral[2:]), parse_numeral(numeral[1:])
    else:
        low = parse_numeral(numeral)
    if high is not None and high <= low:
        return end
    quantity = _quantity(text, start, end, low, high, unit, per, bool(inner))
    if quantity:
        out.append(_Found(quantity, Decimal(1)))
        return quantity.end
    return end


_ORDINAL: Final = re.compile("第([0-9]+|[一二三四五六七八九十百]+)(位|名)?")
_TOP: Final = re.compile("前([0-9]+|[一二三四五六七八九十百]+)(位|名|强|甲)?")
_DOUBLING: Final = re.compile("翻了?([一二两三四五六七八九十]|[0-9.]+)?(番|倍)")
_WORDS: Final = re.compile("首位|榜首|过半|半年|半数|持平|一半")
_RANK_BEFORE: Final = re.compile(
    "(?:[居位列排]|全[国省市区球县州]|世界|同期|行业|地区|总量|增速|增幅|保持|[升跃晋]至|[升跃晋]到|均为|中部|西部|东部|并列)[^，。；、]{0,5}$"
)
_RANK_NOT: Final = re.compile(
    "产业|次|届|季|期|批|条|章|节|款|项|号|轮|版|集|页|天|年|阶段|课|代|人民|中学|小学|医院|人称|方|时间|书记|线|手|者|阵|梯|要务|动力"
    "|责任|资源|生产力|步|站|关|师|道|部|生态|标准|所|党|个|中|幼|实验|粮|水|建|工程|村|组|局|车间|分|副|食|任|夫人|台|桶|股东|艘|支|颗|座|只|辆|架|家|楼|种|层|类|例|笔"
)


def _ordinal(text: str, start: int, out: list[_Found]) -> int:
    """第N as a rank; 第一产业, 第五次, 第三条 are none."""
    match = _ORDINAL.match(text, start)
    if not match:
        return start + 1
    end = match.end()
    if not match.group(2):
        if _RANK_NOT.match(text, end):
            return end
        following = text[end : end + 1]
        if following.isascii() and following.isalnum():
            return end
        if following not in "，。；、,;.大的）)”！： \n\t和及" and not _RANK_BEFORE.search(text, max(0, start - 12), start):
            return end
        if following == "的" or (text[start - 1 : start] == "“"):
            return end
    out.append(_Found(Quantity(start, end, parse_numeral(match.group(1)), None, "rank", "eq"), Decimal(1)))
    return end


def _top(text: str, start: int, out: list[_Found]) -> int:
    """前N, 前N名, 前N强 as a rank of at most N; 前三季度 and 前4个月 are periods."""
    match = _TOP.match(text, start)
    if not match:
        return start + 1
    number, noun = match.groups()
    if noun is None:
        if number[0] in "0123456789" or text.startswith(tuple("个季月年天日周期大%.家条批轮届次者"), match.end()):
            return start + 1
        if not re.match("[，。；、,;.）)”！ \n\t]|的|之|行列|$", text[match.end() : match.end() + 2]):
            return match.end()
    out.append(_Found(Quantity(start, match.end(), parse_numeral(number), None, "rank", "le"), Decimal(1)))
    return match.end()


def _doubling(text: str, start: int, out: list[_Found]) -> int:
    """翻番, 翻两番, 翻了一倍: doublings, or times where 倍 is counted."""
    match = _DOUBLING.match(text, start)
    if not match:
        return start + 1
    number, word = match.groups()
    unit = "times" if number and word == "倍" else "doublings"
    value = parse_numeral(number) if number else Decimal(1)
    end = match.end()
    out.append(_Found(Quantity(start, end, value, None, unit, _comparator(text, start, end, False, unit)), Decimal(1)))
    return end


def _word(text: str, start: int, out: list[_Found]) -> int:
    """The words that are numbers: 首位, 过半, 半年, 持平."""
    match = _WORDS.match(text, start)
    if not match:
        return start + 1
    word, end = match.group(), match.end()
    quantity: Quantity | None = None
    if word in ("首位", "榜首"):
        if text[end : end + 1] not in ("度", "产"):
            quantity = Quantity(start, end, Decimal(1), None, "rank", "eq")
    elif word == "过半":
        quantity = Quantity(start, end, Decimal(50), None, "%", "gt")
    elif word in ("半数", "一半"):
        quantity = Quantity(start, end, Decimal(50), None, "%", _comparator(text, start, end, False, "%"))
    elif word == "半年" and text[start - 1 : start] not in ("上", "下", "前", "后") and not text.startswith(("报", "度"), end):
        quantity = Quantity(start, end, Decimal(6), None, "month", _comparator(text, start, end, False, "month"))
    elif word == "持平":
        quantity = Quantity(start, end, Decimal(0), None, "%", "approx")
    if quantity:
        out.append(_Found(quantity, Decimal(1)))
    return end


_READERS: Final = (
    dict.fromkeys("0123456789", _arabic)
    | dict.fromkeys(_CN, _chinese)
    | {"第": _ordinal, "前": _top, "翻": _doubling}
    | dict.fromkeys("首榜过半持", _word)
)
_FULL_WIDTH: Final = re.compile("[０-９．]")
_SHARE: Final = re.compile("[、和与及](?:全国|全省|全市|全区|[\\u4e00-\\u9fff]{0,6})")


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity of a text, in text order.

    >>> for q in find_quantities("工业增长7.9%，超30余家企业"):
    ...     print(q.start, q.end, q.value, q.unit, q.comparator)
    4 8 7.9 % eq
    10 14 30 家 gt
    """
    plain = fold(text) if _FULL_WIDTH.search(text) else text
    out: list[_Found] = []
    position = 0
    for candidate in _START.finditer(plain):
        start, end = candidate.span()
        start = max(start, position)
        while start < end:
            if plain[start] == "一" and plain.startswith("一半", start):
                start = position = _word(plain, start, out)
            else:
                start = position = _READERS[plain[start]](plain, start, out)
    return _shared(plain, out)


def _shared(text: str, found: list[_Found]) -> list[Quantity]:
    """Give a bare number the unit that its list ends with: 高于全国0.4、全省0.1个百分点."""
    quantities = [f.quantity for f in found]
    for i in range(len(found) - 2, -1, -1):
        here, there = quantities[i], quantities[i + 1]
        if here.unit is None and there.unit is not None and there.start - here.end <= 8:
            between = text[here.end : there.start]
            direct = between in ("、", "和", "与", "及", "或")
            if direct or (there.unit in ("pp", "%") and _SHARE.fullmatch(between)):
                quantities[i] = _with_unit(here, there, found[i + 1].scale if found[i].scale == 1 else Decimal(1))
    return quantities


def _with_unit(here: Quantity, there: Quantity, scale: Decimal) -> Quantity:
    factor = scale
    unit = there.unit
    for form in _UNITS.values():
        if form.unit == unit and form.factor != 1 and form.kind == "unit":
            break
    return Quantity(here.start, here.end, here.value * factor, here.value_high, unit, here.comparator)
