"""Find the plain numbers of a text: Arabic, Chinese, financial (壹佰), mixed (1.2万亿), fractions, money in characters.

Quantities (numbers with units, bounds and ranges) are the business of ``parsers.quantities``.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Final

from parsers.model import Number
from parsers.numerals import parse_numeral, smooth

__all__ = ["find_numbers"]

_DIGIT: Final = "零一二三四五六七八九"
_CHINESE: Final = f"[{_DIGIT}两十百千万亿兆]"
_ARABIC: Final = r"(?:(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|(?<![0-9.])[0-9]+)(?:\.[0-9]+(?!\.?[0-9]))?|[0-9]+)"
# A number of either script, with scales, inner 余/多 and 点: the body of plain numbers and of both sides of a fraction.
_BODY: Final = (
    rf"(?:(?:半百|{_ARABIC}(?:[余多几]*{_CHINESE}(?:[余多几]+[万亿])?[0-9]*)*|{_CHINESE}+(?:[余多几]+[万亿]+)?(?:[0-9]+{_CHINESE}*)*)"
    rf"(?:点[{_DIGIT}]+)?[万亿兆]*)"
)
_PATTERN: Final = re.compile(
    rf"""
      (?P<sign>负|(?<![0-9A-Za-z.\-)])-(?=[0-9.]))?
      (?:
        (?P<money>{_BODY})[元圆](?:(?P<jiao>[{_DIGIT}])角)?(?:零?(?P<fen>[{_DIGIT}])分)?(?<=[角分])
        | (?P<power>{_ARABIC})\^(?P<exponent>-*[0-9]+(?:\.[0-9]+)?)
        | (?P<float>{_ARABIC})e(?P<ten>[+-]?[0-9]+)(?![0-9A-Za-z])
        | (?P<mixed>[0-9]+)[ ](?P<up>[0-9]+)/(?P<down>[0-9]+)(?![/0-9])
        | (?P<over>[0-9]+(?:\.[0-9]+)?)/(?P<under>[0-9]+)(?![/0-9])
        | (?:(?P<and>{_BODY})又)?(?P<bottom>{_BODY})分之(?P<minus>负?)(?P<top>{_BODY})
        | (?P<thousands>{_ARABIC})k(?![A-Za-z])
        | (?P<dozens>{_BODY})打(?![\u4e00-\u9fff](?<![苹蘋鸡啤]))
        | (?P<decimal>(?<![0-9.])\.[0-9]+)(?![.0-9])
        | (?P<plain>{_BODY})
      )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Characters that are numerals in accounts and parts of words everywhere else: 登陆, 拾取, 放肆.
_WORDY: Final = frozenset("陆肆拾伍佰仟")
# Words that begin with a numeral and hold no number.
_NAMES: Final = (
    "四川",
    *(
        f"一{c}"
        for c in (
            "切",
            "些",
            "直",
            "定",
            "般",
            "样",
            "起",
            "旦",
            "致",
            "律",
            "向",
            "贯",
            "同",
            "体",
            "边",
            "再",
            "折",
            "美元",
        )
    ),
)


def _value(match: re.Match[str]) -> Decimal | None:
    """The value of one match; None where the characters only look like a number."""
    found = match.groupdict()
    if found["money"]:
        cents = sum(
            Decimal(parse_numeral(found[part])) * unit
            for part, unit in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01")))
            if found[part]
        )
        return parse_numeral(found["money"]) + cents
    if found["power"]:
        exponent = found["exponent"]
        power = Decimal(exponent.lstrip("-")) * (-1) ** exponent.count("-")
        base = parse_numeral(found["power"])
        return base**power if base and abs(power) < 1000 else None
    if found["float"]:
        return parse_numeral(found["float"]).scaleb(int(found["ten"])) if len(found["ten"]) < 4 else None
    if found["mixed"]:
        return (
            Decimal(found["mixed"]) + Decimal(found["up"]) / Decimal(found["down"]) if Decimal(found["down"]) else None
        )
    if found["over"]:
        return Decimal(found["over"]) / Decimal(found["under"]) if Decimal(found["under"]) else None
    if found["bottom"]:
        top = parse_numeral(found["top"])
        if found["bottom"] == "百":
            return top  # a percentage is read as its points
        bottom = parse_numeral(found["bottom"])
        whole = parse_numeral(found["and"]) if found["and"] else Decimal(0)
        return whole + (-top if found["minus"] else top) / bottom if bottom else None
    if found["thousands"]:
        return parse_numeral(found["thousands"]) * 1000
    if found["dozens"]:
        return parse_numeral(found["dozens"]) * 12
    return Decimal(found["decimal"]) if found["decimal"] else parse_numeral(found["plain"])


def find_numbers(text: str) -> list[Number]:
    """Every plain number of a text, with its value.

    >>> [(n.start, n.end, str(n.value)) for n in find_numbers("由3万4000增至一百零五")]
    [(1, 7, '34000'), (9, 13, '105')]
    """
    even = smooth(text)
    found: list[Number] = []
    with localcontext() as context:
        context.prec = 40
        position = 0
        while match := _PATTERN.search(even.text, position):
            start, end = match.span()
            position = end
            body = match["plain"]
            if body:
                if "十千" in body:
                    end = position = match.start("plain") + body.index("十千") + 1
                    body = body[: body.index("十千") + 1]
                    position += 1
                if (
                    not body.strip("万亿兆百")
                    or (
                        len(body) == 2
                        and body[0] == body[1]
                        and body[0] in _DIGIT
                        and even.text[start - 1 : start].isalpha()
                    )
                    or even.text.startswith(_NAMES, start)
                ):
                    continue
                at, until = even.span(start, end)
                if (
                    until - at == 1
                    and text[at] in _WORDY
                    and (text[:at][-1:].isalpha() or text[until : until + 1].isalpha())
                ):
                    continue
            value = parse_numeral(body) if body else _value(match)
            if value is None:
                continue
            at, until = even.span(start, end)
            found.append(Number(at, until, -value if match["sign"] else value))
    return found
