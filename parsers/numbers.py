"""Read numbers as Chinese news writes them: Arabic, Chinese, financial (壹佰), mixed (1.2万亿), fractions, signs.

``parse_numeral`` turns one written number into a Decimal; ``find_numbers`` finds every plain number of a text. Quantities
(numbers with units, bounds and ranges) are the business of ``parsers.quantities``, which shares ``parse_numeral``.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Final

from parsers.model import Number

__all__ = ["find_numbers", "parse_numeral"]

# One table folds full-width forms, traditional and financial characters to plain ones, position by position,
# so that offsets in the folded text are offsets in the text as written.
_FOLD: Final = str.maketrans(
    "０１２３４５６７８９．，％－／＋ｋＫ"
    "壹壱貳贰弍參叁叄肆伍陸陆柒捌玖拾佰陌仟阡萬億〇○兩俩倆點負餘又Ｋ",
    "0123456789.,%-/+kk"
    "一一二二二三三三四五六六七八九十百百千千万亿零零两两两点负余又k",
)
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_BIG: Final = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_APPROXIMATE: Final = re.compile(r"[余多几來来\s]")
_TOKEN: Final = re.compile(r"[0-9.]+|[零一二三四五六七八九两]+|[十百千万亿兆]")


def fold(text: str) -> str:
    """Full-width, traditional and financial characters as plain ones; the length never changes.

    >>> fold("壹佰２０萬")
    '一百20万'
    """
    return text.translate(_FOLD)


def _digits(run: str) -> Decimal:
    """The value of a run of digits of one kind: ``0.5``, ``二〇``."""
    if run[0] in "0123456789.":
        return Decimal(run)
    return Decimal("".join(str(_DIGITS[c]) for c in run))


def _whole(text: str) -> Decimal:
    """The value of a folded number without sign and without 点."""
    total = section = Decimal(0)
    pending: Decimal | None = None
    last = 1
    short = False  # the pending digit follows its unit directly: 九百九 is 990, 一千零九 is 1009
    for token in _TOKEN.findall(text):
        if token in _SMALL:
            last = _SMALL[token]
            section += (pending or Decimal(1)) * last
            pending = None
        elif token in _BIG:
            last = _BIG[token]
            section += pending or 0
            pending = None
            if not section and not total:
                section = Decimal(1)
            # 一万亿: the unit multiplies all before it; 一亿三万: only its own section.
            if total < last or not section:
                total = (total + section) * last
            else:
                total += section * last
            section = Decimal(0)
        else:
            pending = _digits(token.lstrip("零") or "零")
            short = last >= 100 and len(token) == 1 and token not in "0123456789"
    if pending is not None:
        section += pending * last / 10 if short else pending
    return total + section


def parse_numeral(text: str) -> Decimal:
    """The value of one written number; words of vagueness inside it (余, 多, 几) are passed over.

    >>> parse_numeral("1.2万亿"), parse_numeral("三千五"), parse_numeral("负二点五"), parse_numeral("1,234")
    (Decimal('1200000000000.0'), Decimal('3500'), Decimal('-2.5'), Decimal('1234'))
    """
    plain = _APPROXIMATE.sub("", fold(text)).replace(",", "")
    negative = plain[:1] in "负-−" and plain != ""
    plain = plain.lstrip("负-−+")
    if plain.startswith("半"):
        plain = plain[1:]
        half = _whole(plain) / 2 if plain else Decimal("0.5")
        return -half if negative else half
    whole, point, decimals = plain.partition("点")
    value = _whole(whole)
    if point:
        fraction = "".join(c if c.isdigit() else str(_DIGITS.get(c, "")) for c in decimals if c not in "十百千万亿兆")
        if fraction:
            value += Decimal("0." + "".join(str(int(c)) for c in fraction))
        tail = "".join(c for c in decimals if c in "十百千万亿兆")
        if tail:
            value *= _whole("一" + tail) if tail[0] in "十百千" else _whole("1" + tail)
    return -value if negative else value


_CN: Final = r"零一二三四五六七八九两十百千万亿兆"
_PLAIN: Final = re.compile(
    rf"""
      (?:负|(?<![0-9A-Za-z.\-])-(?=[0-9.]))?
      (?:
        (?:[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?(?:[余多]?[{_CN}]+)*
        | [{_CN}]+(?:点[零一二三四五六七八九]+)?[万亿兆]*
      )
    """,
    re.VERBOSE,
)


def find_numbers(text: str) -> list[Number]:
    """Every plain number of a text, with its value.

    >>> [(n.start, n.end, str(n.value)) for n in find_numbers("由3万4000增至一百零五")]
    [(1, 7, '34000'), (9, 13, '105')]
    """
    found = []
    with localcontext() as context:
        context.prec = 40
        for match in _PLAIN.finditer(fold(text)):
            if not match.group().strip("万亿兆千百"):
                continue
            found.append(Number(match.start(), match.end(), parse_numeral(match.group())))
    return found
