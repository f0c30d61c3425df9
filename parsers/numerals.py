"""Turn one written number into its value, and a text into a form in which numbers are written one way.

``smooth`` folds full-width, traditional and financial characters and closes the gaps inside numbers that a line break,
a space or an invisible character tore apart; it keeps the way back to the offsets of the text as written.
``parse_numeral`` reads a single number: Arabic, Chinese, mixed (3万4000, 1.2万亿), with a sign.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["CHINESE", "Smooth", "fold", "parse_numeral", "smooth"]

# The characters of Chinese numbers after folding.
CHINESE: Final = "零一二两三四五六七八九十百千万亿"

# Position by position, so that offsets in the folded text are offsets in the text as written.
_FROM: Final = "０１２３４５６７８９．％－／＋Ｋｋ〇○萬億兩倆俩點負個幾圓對後週壹"
_TO: Final = "0123456789.%-/+kk零零万亿两两两点负个几圆对后周一"
_FOLD: Final = str.maketrans(_FROM, _TO)
_FOLD_ONE: Final = dict(zip(_FROM, _TO, strict=True))
_FOLDABLE: Final = re.compile(f"[{_FROM}]")
# Characters of accounts. Alone they are parts of common words (队伍, 收拾, 大陆): only beside their like are they numerals.
_ACCOUNTS: Final = str.maketrans(
    "壹壱貳贰弍參叁叄肆伍陸陆柒捌玖拾佰陌仟阡餘", "一一二二二三三三四五六六七八九十百百千千余"
)
_RUN: Final = f"[貳贰弍參叁叄肆伍陸陆柒捌玖拾佰仟{CHINESE}]"
_ACCOUNT: Final = re.compile(
    "[貳贰弍參叁叄肆伍陸陆柒捌玖拾佰陌仟阡]"
    f"(?:(?<![拾佰仟])(?=[拾佰仟万亿百千零点元圆角貳贰參叁叄肆伍陸陆柒捌玖]|[ ]点){_RUN}*"
    f"|(?<=[拾佰仟])(?<![收朝掇].)(?=[ ]?分[ ]?之|{_RUN}){_RUN}*"
    f"|(?<=[点之{CHINESE}元圆角].)(?=[点分角{CHINESE}]|$){_RUN}*|(?<=^.)$|(?<=是.)$)"
)
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_BIG: Final = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_VAGUE: Final = re.compile(r"[余多几来\s,，+]")
_PIECE: Final = re.compile(r"[0-9.]+|[零一二三四五六七八九两]+|[十百千万亿兆]")

_QUOTED_FEAST: Final = re.compile(
    "“(五一|十一|国庆|端午|清明|中秋|春节|元旦|双节|中秋国庆|国庆中秋)”(?=假|小长假|期间|黄金周|，)"
)
_STRONG: Final = "(?:[万亿]|%|‰|个?百分点)"
_WIDE: Final = f"[{CHINESE}点]"
_HIDDEN: Final = "\u00ad\u200b-\u200d\u2060\ufeff"
# Gaps inside a number: after the point, before the scale, within digits at the end of a full line, in spaced Chinese numerals.
# Every branch looks back from the first gap character, so that the search can skip from one such character to the next.
_GAP: Final = re.compile(
    f"[{_HIDDEN} \\n](?:"
    f"(?<=[{_HIDDEN}])[{_HIDDEN}]*"
    r"|(?<=\n)(?:(?<=[^\s][0-9]\.\n)(?=[0-9])"
    rf"|(?<=[^\s][0-9]\n)(?=\.[0-9]|{_STRONG})"
    rf"|(?<=[^\s，。；：0-9A-Za-z]{{15}}[0-9]\n)(?=[0-9]+(?:\.[0-9]+)?{_STRONG})"
    rf"|(?<=[^\s，。；：0-9A-Za-z]{{15}}[0-9][0-9]\n)(?=[0-9]+(?:\.[0-9]+)?{_STRONG}))"
    rf"|(?<= )(?:(?<={_WIDE} )[ ]*(?=(?:{_WIDE}|[几余又成折]|分|个[ ]?百))|(?<=[又分几余百之个] )[ ]*(?=(?:{_WIDE}|分|之|负|百|[万亿]))"
    r"|(?<=成 )(?=[一二三四五六七八九](?![一-龥]))|(?<=[0-9] )[ ]*(?=[万亿](?![一-龥]))|(?<=[0-9万千百] )[ ]*(?=分[ ]*之)"
    r"|(?<=[一-龥 0-9][0-9]\. )(?=[0-9]{1,2}%)|(?<=[0-9], )(?=[0-9]{3}(?:,[0-9]{3})*(?:\.[0-9]+)?[元万亿])"
    r"|(?<=[万千百] )(?=[0-9][千百])|(?<=[0-9] )[ ]*(?=个[ ]?百[ ]?分)))"
)
# Whether there is any gap at all: each search begins with a literal or a set, which is what makes it cheap.
_INVISIBLE: Final = re.compile(f"[{_HIDDEN}]")
_TORN: Final = re.compile("\n(?<=[0-9.]\n)[0-9.万亿%‰个百]")
_SPACED: Final = re.compile(
    " (?<=[零一二两三四五六七八九十百千万亿点分几余又之个负成0-9.,] ) *[零一二两三四五六七八九十百千万亿点成折分几余又之个负0-9]"
)


class Smooth(NamedTuple):
    """A text made even; ``at[i]`` is where its character i stands in the original (None: nothing moved)."""

    text: str
    at: list[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        r"""The original offsets of a span of the smooth text.

        >>> smooth("增长7.\n9%").span(2, 6)
        (2, 7)
        """
        if self.at is None:
            return start, end
        return self.at[start], self.at[end - 1] + 1


def fold(text: str) -> str:
    """Full-width, traditional and financial characters as plain ones; the length never changes.

    >>> fold("贰佰２０萬"), fold("队伍收拾")
    ('二百20万', '队伍收拾')
    """
    # Most texts hold few such characters: replacing them one by one is many times faster than translating every one.
    plain = _FOLDABLE.sub(lambda match: _FOLD_ONE[match.group()], text)
    if not _ACCOUNT.search(plain):
        return plain
    return _ACCOUNT.sub(lambda match: match.group().translate(_ACCOUNTS), plain)


@lru_cache(maxsize=4)  # quantities and periods of one body are asked for one after the other
def smooth(text: str) -> Smooth:
    r"""The text with numbers written one way and without gaps.

    >>> smooth("达6.\n5％").text
    '达6.5%'
    """
    if "”假" in text or "”小长假" in text or "”期间" in text or "”黄金周" in text or "五一”，" in text:
        text = _QUOTED_FEAST.sub("\u200b\\1\u200b", text)
    plain = fold(text)
    if not (_TORN.search(plain) or _SPACED.search(plain) or _INVISIBLE.search(plain)):
        return Smooth(plain, None)
    kept: list[str] = []
    at: list[int] = []
    last = 0
    for gap in _GAP.finditer(plain):
        kept.append(plain[last : gap.start()])
        at.extend(range(last, gap.start()))
        last = gap.end()
    if not kept:
        return Smooth(plain, None)
    kept.append(plain[last:])
    at.extend(range(last, len(plain)))
    return Smooth("".join(kept), at)


def _digits(run: str) -> Decimal:
    """The value of a run of digits of one kind: ``0.5``, ``二零``."""
    if run[0] in "0123456789.":
        return Decimal(run)
    return Decimal("".join(str(_DIGITS[c]) for c in run))


def _whole(text: str) -> Decimal:
    """The value of a folded number without sign and without 点."""
    total = section = Decimal(0)
    pending: Decimal | None = None
    last = 1
    short = False  # the pending digit follows its unit directly: 九百九 is 990, 一千零九 is 1009
    for piece in _PIECE.findall(text):
        if piece in _SMALL:
            last = _SMALL[piece]
            section += (pending or Decimal(1)) * last
            pending = None
        elif piece in _BIG:
            last = _BIG[piece]
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
            pending = _digits(piece.lstrip("零") or "零")
            short = last >= 100 and len(piece) == 1 and piece not in "0123456789"
    if pending is not None:
        section += pending * last / 10 if short else pending
    return total + section


@lru_cache(maxsize=1 << 12)  # the same few numerals come again and again: 两, 三, 十
def parse_numeral(text: str) -> Decimal:
    """The value of one written number; words of vagueness inside it (余, 多, 几) are passed over.

    >>> parse_numeral("1.2万亿"), parse_numeral("三千五"), parse_numeral("负二点五"), parse_numeral("1,234")
    (Decimal('1200000000000.0'), Decimal('3500'), Decimal('-2.5'), Decimal('1234'))
    """
    plain = _VAGUE.sub("", text.translate(_FOLD).translate(_ACCOUNTS))
    negative = plain[:1] in ("负", "-", "−")
    plain = plain.lstrip("负-−")
    if plain.startswith("半"):
        value = _whole(plain[1:]) / 2 if plain[1:] else Decimal("0.5")
        return -value if negative else value
    whole, _, decimals = plain.partition("点")
    value = _whole(whole)
    digits = decimals.rstrip("十百千万亿兆")
    if digits:
        value += Decimal(
            "0." + "".join(c if c.isascii() else str(_DIGITS[c]) for c in digits if c not in "十百千万亿兆")
        )
    for unit in decimals[len(digits) :]:
        value *= _SMALL.get(unit) or _BIG[unit]
    return -value if negative else value
