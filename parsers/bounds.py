"""What the words directly at a number make of it: an exact value, a bound, or an approximation."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["comparator"]

_BEFORE: Final = {
    "超": "gt", "超过": "gt", "超过了": "gt", "超出": "gt", "突破": "gt", "突破了": "gt", "逾": "gt", "高于": "gt", "多于": "gt",
    "大于": "gt", "首破": "gt", "超越": "gt", "迈上": "gt", "迈过": "gt", "跨越": "gt", "跨过": "gt", "站上": "gt",
    "跨上": "gt",
    "冲上": "gt",
    "登上": "gt",
    "首超": "gt",
    "冲破": "gt", "跃上": "gt",
    "早于": "eq", "不低于": "ge", "不少于": "ge", "不小于": "ge", "至少": "ge", "不下": "ge", "不下于": "ge", "最少": "ge",
    "近": "lt", "接近": "lt", "将近": "lt", "近乎": "lt", "不足": "lt", "不到": "lt", "低于": "lt", "少于": "lt", "小于": "lt",
    "不满": "lt", "不及": "lt", "未达": "lt", "不超过": "le", "不超": "le", "不高于": "le", "不大于": "le", "不多于": "le",
    "最多": "le", "至多": "le", "不超出": "le", "约": "approx", "大约": "approx", "大概": "approx", "左右": "approx",
    # Words that only end like one of the above.
    "最近": "eq", "附近": "eq", "临近": "eq", "邻近": "eq", "靠近": "eq", "节约": "eq", "合约": "eq", "预约": "eq", "签约": "eq",
    "履约": "eq", "赶超": "eq", "反超": "eq",
}  # fmt: skip
_BEFORE_LAST: Final = frozenset(word[-1] for word in _BEFORE)
_AFTER: Final = {
    "以上": "gt",
    "以内": "le",
    "之内": "le",
    "以下": "lt",
    "左右": "approx",
    "上下": "approx",
    "开外": "gt",
    "之多": "eq",
    "及以": "gt",
}
_AFTER_FIRST: Final = frozenset(word[0] for word in _AFTER) | {"余", "多", "有", "还"}
_ROUND: Final = frozenset("成倍半番")  # 六成多, 两倍多
_SHORT_OF: Final = re.compile("(?:不足|不到|未及)[^，。；、：]{1,12}的$")  # 不足2019年同期的三成
# 约 with a verb between it and the number (约占全国的八分之一).
_ABOUT: Final = re.compile("(?<![节契公预制合违签条履])约(?:[占为合达是有]|相当于|等于)[^，。；、：0-9]{0,8}$")
_TIMES: Final = frozenset({"year", "month", "day", "quarter"})


def comparator(text: str, start: int, end: int, unit: str | None, *, inner: bool = False) -> str:
    """What the words around ``text[start:end]`` say of it; ``inner``: 余 or 多 stood between number and unit.

    >>> comparator("总量突破5000亿元", 4, 10, "CNY"), comparator("力争达到8%以上", 4, 6, "%"), comparator("近三年", 1, 3, "year")
    ('gt', 'gt', 'eq')
    """
    before = text[start - 1 : start]
    if before in _BEFORE_LAST:
        for length in (3, 2, 1):
            found = _BEFORE.get(text[start - length : start]) if start >= length else None
            if found == "lt" and before == "近" and unit in _TIMES:
                break  # 近三年 names a stretch of time, not a number just below three
            if found:
                return found
    if inner:
        return "gt"
    after = text[end : end + 1]
    if after in _AFTER_FIRST:
        if found := _AFTER.get(text[end : end + 2]):
            return found
        if (
            after == "余"
            or (after == "多" and (unit in _TIMES or text[end - 1] in _ROUND))
            or text.startswith("有余", end)
            or (text[end - 1] in _ROUND and text.startswith("还多", end))
        ):
            return "gt"
    if before == "的" and _SHORT_OF.search(text, max(0, start - 18), start):
        return "lt"
    if text.find("约", start - 11 if start > 11 else 0, start) >= 0 and _ABOUT.search(text, max(0, start - 13), start):
        return "approx"
    return "eq"
