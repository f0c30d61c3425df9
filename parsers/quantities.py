"""Find quantities: numbers with their units, in canonical units, with the bound the words around them state.

Reading is anchored on the characters a number can begin with, so that cost grows with the numbers of a text. A quantity's
span covers number and unit (8.5亿次, 20余台(套), 第二, -0.35%), never the words of the bound before it (超, 近, 约). Dates, clock
times, identifiers (5G, G60), document and telephone numbers and ordinals that are no ranks give nothing. A number without
a unit is kept with ``unit=None``: table cells need it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from parsers.bounds import comparator
from parsers.labels import is_label, skip_figures
from parsers.measures import bare, measured
from parsers.model import Quantity
from parsers.numerals import CHINESE, parse_numeral, smooth
from parsers.ranks import read_doubling, read_ordinal, read_top, read_word
from parsers.units import PER_PATTERN, UNIT_PATTERN, UNITS

__all__ = ["find_quantities"]

_ONE: Final = Decimal(1)
_TEN_THOUSAND: Final = Decimal(10) ** 4
_SCALES: Final = {
    small + big: Decimal(a * b)
    for small, a in (("", 1), ("十", 10), ("百", 100), ("千", 1000))
    for big, b in (("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12))
    if small + big
}
_SCALE: Final = "[十百千]?(?:万亿|万|亿)|千(?!分)|百(?!分)"
_NUMERAL: Final = "(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]+)(?:\\.[0-9]+)?"
_PAREN: Final = "(?:[（(][套个家次件条处县片项户人台辆份种所][)）])?"
_UNIT: Final = f"({UNIT_PATTERN})({PER_PATTERN})?{_PAREN}"
_READ: Final = re.compile(
    f"({_NUMERAL})(?:[ ]?([余多来])?({_SCALE})?([余多])?[ ]?{_UNIT}|([余多])?({_SCALE})([余多])?)?"
)
_READ_CHINESE: Final = re.compile(f"(半|[{CHINESE}]+(?:点[{CHINESE}]+)?)([余多])?{_UNIT}")
_READ_CHINESE_RANGE: Final = re.compile(f"([{CHINESE}]+)(?:[-—－~～至到])([{CHINESE}]+)([余多])?{_UNIT}")
_FRACTION: Final = re.compile(f"([{CHINESE}]+|[0-9]+)分之(负?(?:{_NUMERAL}k?|[{CHINESE}]+(?:点[{CHINESE}]+)?))")
# A number, or the first character of a word that is one; what begins so and goes on otherwise is passed over here.
_START: Final = re.compile(
    f"[0-9{CHINESE}第前翻首榜过半持对]"
    f"(?:(?<=[0-9])[0-9]*|(?<=[{CHINESE}])[{CHINESE}]*|(?<=[第前])(?=[0-9{CHINESE}])|(?<=首)(?=位)|(?<=榜)(?=首)|(?<=过)(?=半)|(?<=持)(?=平)"
    "|(?<=对)(?=折)|(?<=[翻半]))"
)
_PLUS: Final = frozenset("+＋")
_MINUS: Final = frozenset("-－−负")
_JOINTS: Final = frozenset("-－—–~～至到")
_SEPARATOR: Final = re.compile("[-－—–~～]{1,2}|至|到")
_RATIO: Final = re.compile("[:：∶︰]".join(["([0-9]+(?:\\.[0-9]+)?)"] * 2) + "(?:[:：∶︰]([0-9]+(?:\\.[0-9]+)?))?")
_NO_DURATION: Final = re.compile("[代级度底末初货终]|[0-9]{1,2}月|来|以来|前(?!三)|后|行动|规划|计划|攻坚|期|平均")
_PART: Final = re.compile("([1-9])/([2-9]|10)(?=的|以上|左右|(?<=[短过超近约占为达少低降长].{3})(?:[，。；、]|$))")
_SIGNED: Final = frozenset({"%", "‰", "pp", "CNY", "USD", "℃", "times", "index", None})


# A quantity with the factor of its scale and unit, for sharing with a bare number before it.
_Found: TypeAlias = tuple[Quantity, Decimal]


def _decimal(numeral: str) -> Decimal:
    return (
        Decimal(numeral.replace(",", "").replace("，", "")) if "," in numeral or "，" in numeral else Decimal(numeral)
    )


def _ratio(match: re.Match[str], out: list[_Found]) -> None:
    """The parts of 10.4:39.5:50.1 (a structure, in %) or 2.01:1; clock times and scores are nothing."""
    parts = [Decimal(p) for p in match.groups() if p]
    if len(parts) == 2 and match.group(2) == "1" and "." in match.group(1):  # 城乡收入比2.01:1
        out.append((Quantity(match.start(), match.end(), parts[0], None, "times", "eq"), _ONE))
        return
    structure = len(parts) == 3 and abs(sum(parts, Decimal(0)) - 100) <= 1
    if structure or any("." in p for p in match.groups() if p):
        for group, value in enumerate(parts, 1):
            out.append((Quantity(*match.span(group), value, None, "%" if structure else None, "eq"), _ONE))


class _Written(NamedTuple):
    """The first number of what may be a range, as written."""

    start: int
    low: Decimal
    scale: str | None
    unit: str | None
    per: str | None


def _range(text: str, one: _Written, joint: str, second: re.Match[str], out: list[_Found]) -> int | None:
    """Read 3%-5%, 85亿—90亿元, 300至500万元; returns where reading goes on, None where the two are no range."""
    start, low, scale, unit, per = one
    upper, in1, scale_b, in2, unit_b, per_b, in3, scale_c, in4 = second.groups()
    scale_b = scale_b or scale_c
    end = second.end()
    if unit_b and text.startswith(UNITS[unit_b].not_before or ("\0",), end):
        unit_b = per_b = None
        end = second.end(1)
    kind_b = UNITS[unit_b].kind if unit_b else None
    dated = kind_b == "skip" or (kind_b == "year" and len(upper) == 4)
    if unit is None and (
        dated or (unit_b is None and not scale and low == int(low) and 1900 <= low < 2100 and len(upper) == 4)
    ):
        return end
    before = text[start - 1 : start]
    dash = joint not in ("至", "到")
    # 由60条到150条 is a change; 7.15%——2022年 and 5-3 are no ranges either.
    change = unit is not None and (before in ("由", "从") or unit_b is None)
    if not dated and not change and (unit is None or unit_b is None or UNITS[unit].unit == UNITS[unit_b].unit):
        factor_b = _SCALES[scale_b] if scale_b else _ONE
        if scale:
            low *= _SCALES[scale]
        elif unit is None and before not in ("从", "由"):
            low *= factor_b
        high = _decimal(upper) * factor_b
        shown = unit_b or unit
        if low < high:
            inner = bool(in1 or in2 or in3 or in4)
            if shown:
                quantity = measured(text, start, end, low, high, unit=shown, per=per_b or per, inner=inner)
            else:
                quantity = bare(text, start, end, low, high, inner=inner)
            if quantity and (shown or scale or scale_b or not dash or not is_label(text, start, end)):
                out.append((quantity, _ONE))
            return end
    return end if dash and unit is None and unit_b is None else None  # 5-3, 0791-8888: scores and codes


def _arabic(text: str, start: int, out: list[_Found]) -> int:
    """Read what begins with an Arabic digit; returns where reading goes on."""
    read = _READ.match(text, start)
    if not read:
        return start + 1
    numeral, in1, scale, in2, unit, per, in3, scale2, in4 = read.groups()
    number_end, end = read.end(1), read.end()
    after = text[number_end : number_end + 1]
    if end == number_end or unit is None:
        # What is no plain number: ratios and clocks, dates, telephone numbers, fractions.
        if after and after in ":：∶︰" and (ratio := _RATIO.match(text, start)):
            _ratio(ratio, out)
            return ratio.end()
        if after == "/" and (part := _PART.match(text, start)) and int(part[1]) < int(part[2]):
            value = Decimal(part[1]) * 100 / Decimal(part[2])
            out.append((Quantity(start, part.end(), value, None, "%", comparator(text, start, part.end(), "%")), _ONE))
            return part.end()
        odd = (after and after in "-—－/.") or "." in numeral or len(numeral) == 11
        if odd and (figures := skip_figures(text, start)) is not None:
            return figures
    elif after == "分" and (fraction := _FRACTION.match(text, start)):
        return _fraction(text, fraction, out)
    scale = scale or scale2
    inner = bool(in1 or in2 or in3 or in4)
    form = name = None
    if unit:
        form = UNITS[unit]
        name, kind = form.unit, form.kind
        if form.not_before and text.startswith(form.not_before, end):
            unit = per = form = name = None
            end = read.end(3) if scale else read.end(2) if in1 else number_end
        elif (
            kind == "skip"
            or (kind == "scaled" and not scale)
            or (
                kind == "year"
                and not scale
                and (max(map(len, numeral.split("."))) > 3 or numeral[0] == "0" or _NO_DURATION.match(text, end))
            )
        ):
            return end
    before = text[start - 1] if start else ""
    plus = before in _PLUS and name in ("%", "pp") and not text[start - 2 : start - 1].isascii()
    if before.isascii() and before and not plus:
        if before in "%=&?":
            return end  # inside an address
        # G60, v1.2 are names; GDP2.5% is a number after a word.
        worded = name in ("%", "CNY", "pp", "USD") and text[start - 2 : start].isalpha()
        if (before.isalnum() or before in "._+#") and not worded:
            return end
    low = _decimal(numeral)
    factor = _SCALES[scale] if scale else _ONE
    if (
        text[end : end + 1] in _JOINTS
        and (separator := _SEPARATOR.match(text, end))
        and (second := _READ.match(text, separator.end()))
    ):
        written = _Written(start, low, scale, unit, per)
        after_range = _range(text, written, separator.group(), second, out)
        if after_range is not None:
            return after_range
    if unit is None and not scale and is_label(text, start, end):
        return end
    if before in _MINUS and name in _SIGNED:
        previous = text[start - 2] if start > 1 else " "
        if not ((previous.isascii() and previous.isalnum()) or previous in "）)%％正-－—"):
            low, start = -low, start - 1
    if plus:  # 同比+3.6%
        start -= 1
    if scale:
        low *= factor
    if unit:
        quantity = measured(text, start, end, low, None, unit=unit, per=per, inner=inner)
    else:
        quantity = bare(text, start, end, low, None, inner=inner)
    if quantity:
        out.append((quantity, factor * form.factor if form else factor))
        return quantity.end
    return end


def _fraction(text: str, match: re.Match[str], out: list[_Found]) -> int:
    """百分之七, 四分之一: in percent."""
    start, end = match.span()
    bottom = Decimal(100) if match[1] == "百" else parse_numeral(match[1])
    numeral = match[2].removesuffix("k")
    vague = re.fullmatch("[一二三四五六七八九]{2}十|[二三四五六七八九]{2}", numeral)
    if bottom and not vague and (bottom <= 100 or str(bottom).strip("0") == "1"):
        top = Decimal(100) if numeral == "百" else parse_numeral(numeral) * (1000 if match[2].endswith("k") else 1)
        out.append((Quantity(start, end, top * 100 / bottom, None, "%", comparator(text, start, end, "%")), _ONE))
    return end


# Before a Chinese numeral these make a word, a label or an ordinal of it: 统一, 每一, “四大….
_NO_COUNT_AFTER: Final = frozenset("统唯某每同任另单专划不逐第几数之“‘《其为新")
_ENDS: Final = ("，", "。", "；", "、", "！", "）", "大关", ",")
_NO_CHINESE: Final = frozenset({"skip", "arabic", "scaled", "point"})


def _passed(text: str, start: int, end: int, numeral: str) -> bool:
    """Whether 百亿元 is a mark that was passed (货值突破百亿元，) and no threshold of a class (百亿元企业)."""
    said = text[start - 2 : start] in ("突破", "超过", "达到", "迈上") or text[start - 1 : start] in ("超", "逾")
    return said and len(numeral) > 1 and (text[end : end + 1] in ("", "\n") or text.startswith(_ENDS, end))


def _chinese(text: str, start: int, out: list[_Found]) -> int:
    """Read what begins with a Chinese numeral: only with a unit, or as a fraction, is it a quantity."""
    if text.startswith("一半", start):
        quantity, end = read_word(text, start)
        out.extend([(quantity, _ONE)] if quantity else [])
        return end
    fraction = _FRACTION.match(text, start)
    if fraction:
        return _fraction(text, fraction, out)
    high: Decimal | None = None
    if read := _READ_CHINESE.match(text, start):
        numeral, inner, unit, per = read.groups()
    elif read := _READ_CHINESE_RANGE.match(text, start):
        numeral, upper, inner, unit, per = read.groups()
        high = parse_numeral(upper)
    else:
        return start + 1
    _, _, kind, _, not_before = UNITS[unit]
    end = read.end()
    before = text[start - 1 : start]
    following = text[end : end + 1]
    if (
        kind in _NO_CHINESE
        or (before in _NO_COUNT_AFTER and before and (before not in "其为新之" or numeral == "一"))
        or (numeral[0] in "百千万亿零" and kind != "list" and not _passed(text, start, end, numeral))
        or (not_before and text.startswith(not_before, end))
        or (kind == "year" and (len(numeral) == 4 or _NO_DURATION.match(text, end)))
        or (kind == "phase" and numeral != "两" and before not in tuple("分共为续"))
        or (numeral == "一" and following in ("一", "两", unit[-1]))
        or (numeral == "二" and kind == "count")
        or (numeral == "一" and unit in ("批", "段", "步", "轮", "场", "道", "片"))
        or text.startswith("最后", start - 2)
    ):
        return end
    if len(numeral) in (2, 3) and numeral[0] in "一二三四五六七八" and numeral[1] in "二三四五六七八九":
        # 四五千: from four to five thousand
        low, high = parse_numeral(numeral[0] + numeral[2:]), parse_numeral(numeral[1:])
        if kind == "tenth" and unit == "折":
            low, high = parse_numeral(numeral[:2]), None
    else:
        low = parse_numeral(numeral)
        if (
            high is not None
            and low < 10
            and numeral[-1] not in "十百千万亿"
            and len(upper) == 2
            and upper[1] in "十百千万亿"
            and upper[0] != "十"
        ):
            low *= parse_numeral("一" + upper[1:])  # 两到三万: the scale is shared
        elif high is not None and upper[-1] in "万亿" and numeral[-1] not in "万亿":
            low *= parse_numeral("一" + upper[-1])
    if high is not None and high <= low:
        return end
    quantity = measured(text, start, end, low, high, unit=unit, per=per, inner=bool(inner))
    if quantity:
        out.append((quantity, _ONE))
        return quantity.end
    return end


def _half(text: str, start: int, out: list[_Found]) -> int:
    """半年, 半数 and 半折."""
    if text.startswith("半折", start):
        out.append((Quantity(start, start + 2, Decimal(50), None, "%", comparator(text, start, start + 2, "%")), _ONE))
        return start + 2
    quantity, end = read_word(text, start)
    if quantity:
        out.append((quantity, _ONE))
    return end


_READERS: Final = {"半": _half} | dict.fromkeys("0123456789", _arabic) | dict.fromkeys(CHINESE, _chinese)
_WORDS: Final = {"第": read_ordinal, "前": read_top, "翻": read_doubling} | dict.fromkeys("首榜过持对", read_word)
_SHARE: Final = re.compile("[、和与及](?:[\\u4e00-\\u9fff]{0,6})")


def find_quantities(text: str) -> list[Quantity]:
    """Every quantity of a text, in text order.

    >>> for q in find_quantities("工业增长7.9%，超30余家企业"):
    ...     print(q.start, q.end, q.value, q.unit, q.comparator)
    4 8 7.9 % eq
    10 14 30 家 gt
    """
    even = smooth(text)
    plain = even.text
    out: list[_Found] = []
    position = 0
    for candidate in _START.finditer(plain):
        start, end = candidate.span()
        start = max(start, position)
        while start < end:
            first = plain[start]
            if reader := _READERS.get(first):
                start = reader(plain, start, out)
            else:
                quantity, start = _WORDS[first](plain, start)
                if quantity:
                    out.append((quantity, _ONE))
            position = start
    found = _shared(plain, out)
    if even.at is None:
        return found
    return [Quantity(*even.span(q.start, q.end), q.value, q.value_high, q.unit, q.comparator) for q in found]


def _shared(text: str, found: list[_Found]) -> list[Quantity]:
    """Give a bare number the unit that its list ends with: 高于全国0.4、全省0.1个百分点."""
    quantities = [quantity for quantity, _ in found]
    for i in range(len(found) - 2, -1, -1):
        here, there = quantities[i], quantities[i + 1]
        if here.unit not in (None, "个") or there.unit is None or there.start - here.end > 8:
            continue
        between = text[here.end : there.start]
        factor = found[i + 1][1]
        if here.unit is None and between in ("、", "和", "与", "及", "或"):
            if found[i][1] != 1 and factor >= _TEN_THOUSAND:
                factor = _ONE  # 3亿、5亿元: each with its own scale
        elif not (there.unit == "pp" or (there.unit == "%" and here.unit is None)) or not _SHARE.fullmatch(between):
            continue
        high = here.value_high * factor if here.value_high is not None else None
        quantities[i] = Quantity(here.start, here.end, here.value * factor, high, there.unit, here.comparator)
        found[i] = quantities[i], factor
    return quantities
