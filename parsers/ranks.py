"""Numbers in words: ranks (第二, 前三, 首位, 百强) and the words that are a value by themselves (翻番, 过半, 持平).

Each reader gets the text and where its first character stands, and returns the quantity it found, if any, with the place
where reading goes on.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from parsers.bounds import comparator
from parsers.model import Quantity
from parsers.numerals import parse_numeral

__all__ = ["read_doubling", "read_ordinal", "read_top", "read_word"]

_NUMERAL: Final = "([0-9]{1,4}|[一二三四五六七八九十百]+)"
_ORDINAL: Final = re.compile(f"第{_NUMERAL}(名次|位次|位|名)?")
_TOP: Final = re.compile(f"前{_NUMERAL}(位|名|强|甲)?")
_TOP_NOT: Final = tuple("个季月年天日周期大%％.家条批轮届次者人种")
_DOUBLING: Final = re.compile("翻(?:了)?([一二两三四五六七八九十]|[0-9.]+)?(番|倍)")
_PLACE_BEFORE: Final = re.compile("(?:[居列占位]|全[国省市区球县州]|世界|行业)于?[^，。；、]{0,4}$")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_WORD: Final = re.compile("首位|榜首|过半|半年|半数|对折|持平|一半")
# Where places are spoken of: 居全省第二, 总量稳居…, 增速跃居….
_SCOPE: Final = re.compile(
    "(?:[居位列排]|全[国省市区球县州]|世界|同期|行业|地区|总量|增速|增幅|保持|[升跃晋退降]至|[升跃晋退降]到|均为|[中西东]部|并列)[^，。；、]{0,5}$"
)
# Ordinals that count something else: 第一产业, 第五次, 第三条.
_NO_RANK: Final = re.compile(
    "[次届季期批条章节款项号轮版集页天年课代线手者阵梯步站关师道部所党个中幼粮水建村组局分副食任台桶艘支颗座只辆架家楼种层类例笔枪桥回卷集幕篇场人把根棒块封炉车炮环份段套遍口届间店档天]"
    "|产业|阶段|人民|小学|医院|人称|方|时间|书记|要务|动力|责任|资源|生产力|生态|标准|实验|工程|车间|夫人|股东|高级|职业|师范|印象|反应|选择|现场|落点"
)
_LIST: Final = re.compile("(?:、[一二三四五六七八九十]|[和与及至到-][一二三四五六七八九十第])+")


def read_ordinal(text: str, start: int) -> tuple[Quantity | None, int]:
    """第N where it is a place in a ranking.

    >>> read_ordinal("居全省第二，", 3)[0].value, read_ordinal("第二产业增长", 0)[0]
    (Decimal('2'), None)
    """
    match = _ORDINAL.match(text, start)
    if not match:
        return None, start + 1
    end = match.end()
    if not match[2]:
        following = text[end : end + 1]
        if following == "、" and (listed := _LIST.match(text, end)):
            return None, listed.end()
        if (
            _NO_RANK.match(text, end)
            or text[start - 1 : start] in ("“", "《", "（")
            or (following.isascii() and following.isalnum())
        ):
            return None, end
        if following not in "，。；、,;.大）)”！： \n\t和及" and not _SCOPE.search(text, max(0, start - 12), start):
            return None, end
        if following and following in "：、." and (start == 0 or text[start - 1] == "\n"):
            return None, end  # 第一、 opens a paragraph
        if following == "，" and text[start - 1 : start] in ("", "\n", "。", "；", "：", ">"):
            return None, end  # 第三，坚持…
    return Quantity(start, end, parse_numeral(match[1]), None, "rank", "eq"), end


def read_top(text: str, start: int) -> tuple[Quantity | None, int]:
    """前N, 前N名, 前N强 as a place of N or better; 前三季度 and 前4个月 are periods.

    >>> read_top("增速居全省前三。", 5)[0].comparator, read_top("前三季度增长", 0)[0]
    ('le', None)
    """
    match = _TOP.match(text, start)
    if not match:
        return None, start + 1
    number, noun = match.groups()
    end = match.end()
    if noun is None and (number[0] in "0123456789" or text.startswith(_TOP_NOT, end)):
        # 前4个月, 前10%: the number begins no rank; a period swallows it whole, so that it is no duration either.
        period = re.compile("个?(?:多)?[月季年天周日]度?|大|者").match(text, end)
        return None, period.end() if period else start + 1
    if number in ("一", "1") or (noun == "位" and number in ("两", "二", "2")):
        return None, end  # 前一位, 前两位: those before
    if noun is None and not re.match("[，。；、,;.）)”！ \n\t的之列]|行列|$", text[end : end + 2]):
        return None, end
    return Quantity(start, end, parse_numeral(number), None, "rank", "le"), end


def read_doubling(text: str, start: int) -> tuple[Quantity | None, int]:
    """翻番, 翻一番, 翻两番, 翻倍 as doublings; 翻了3倍 as times.

    >>> read_doubling("实现翻两番", 2)[0].value
    Decimal('2')
    """
    match = _DOUBLING.match(text, start)
    if not match:
        return None, start + 1
    number, word = match.groups()
    end = match.end()
    unit = "times" if word == "倍" and number not in (None, "一", "1") else "doublings"
    value = parse_numeral(number) if number and number.strip(".") and number.count(".") < 2 else Decimal(1)
    return Quantity(start, end, value, None, unit, comparator(text, start, end, unit)), end


def read_word(text: str, start: int) -> tuple[Quantity | None, int]:
    """首位, 过半, 半年, 持平 and their like.

    >>> read_word("民企占比过半", 4)[0].comparator
    'gt'
    """
    match = _WORD.match(text, start)
    if not match:
        return None, start + 1
    word, end = match.group(), match.end()
    if word == "过半" and text.startswith("数", end):
        return None, start + 1  # 超过半数: the word is 半数
    quantity: Quantity | None = None
    if word in ("首位", "榜首"):
        place = _PLACE_BEFORE.search(text, max(0, start - 8), start) or not _HAN.match(text, end)
        if (
            place
            and not text.startswith(("度", "产"), end)
            and text[start - 1 : start] not in ("“", "第", "在", "放")
            and text[start - 2 : start] != "置于"
        ):
            quantity = Quantity(start, end, Decimal(1), None, "rank", "eq")
    elif word == "过半":
        if text[start - 1 : start] not in ("已", "超", "时", "间", "任", "务", "年", "程"):
            quantity = Quantity(start, end, Decimal(50), None, "%", "gt")
    elif word in ("半数", "一半", "对折"):
        quantity = Quantity(start, end, Decimal(50), None, "%", comparator(text, start, end, "%"))
    elif word == "半年":
        if text[start - 1 : start] not in ("上", "下", "前", "后", "每", "个") and not text.startswith(
            ("报", "度", "来", "经济", "工作"), end
        ):
            quantity = Quantity(start, end, Decimal(6), None, "month", comparator(text, start, end, "month"))
    elif not text.startswith(("稳", "衡", "均", "缓"), end):
        quantity = Quantity(
            start,
            end,
            Decimal(0),
            None,
            "%",
            "approx" if text[start - 2 : start] in ("基本", "大致", "大体", "总体") else "eq",
        )
    return quantity, end
