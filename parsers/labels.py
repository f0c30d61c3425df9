"""What has digits and is no quantity: dates in figures, clock times, telephone numbers, captions, identifiers, labels.

The readers of quantities ask here before they take a number without a unit for one.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_label", "skip_figures"]

_DATE: Final = re.compile("(?:19|20)[0-9]{2}(?:([-/])[0-9]{1,2}(?:\\1[0-9]{1,2})?|\\.[0-9]{1,2}\\.[0-9]{1,2})(?![0-9])")
_PHONE: Final = re.compile(
    "0[0-9]{2,3}[-—－][0-9]{7,8}|1[3-9][0-9]{9}(?![0-9.])|[48]00[-—－][0-9]{3,4}[-—－][0-9]{3,4}"
)
_NAMED: Final = re.compile(
    "(?:代码|邮编|编码|电话|热线|传真|编号|证号|许可|号码|微信|QQ|ISBN|ISSN|[Nn]o|[图表]|专栏|附件|视角|案例|例|页码?"
    "|[第〔\\[“‘《+#×])[^，。；、0-9]{0,3}$"
)
_AFTER: Final = re.compile("[〕\\]+号后a-zA-Z]|比[0-9]|[、)）](?![0-9])|热线|平台|\\.(?![0-9])")
_MONTHS: Final = re.compile("(?:[、和][0-9]{1,2}){1,5}[月日号]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_LIST_MARK: Final = frozenset("、)）.")


def skip_figures(text: str, start: int) -> int | None:
    """Where a date or a telephone number that begins at ``start`` ends.

    >>> skip_figures("2024-11-15发布", 0), skip_figures("7.9", 0)
    (10, None)
    """
    for pattern in (_DATE, _PHONE):
        if found := pattern.match(text, start):
            return found.end()
    return None


def is_label(text: str, start: int, end: int) -> bool:
    """Whether the bare number ``text[start:end]`` numbers or names something: 图1, 1、, “1269”, 股票代码600104.

    >>> is_label("（见图1）", 3, 4), is_label("占比达到35，", 4, 6)
    (True, False)
    """
    before = text[start - 1 : start]
    if before == "为" and text[start:end] in ("1", "100") and text[end : end + 1] in ("）", ")"):
        return True  # （以上年同期为100）
    if text[end : end + 1] in ("、", "和") and _MONTHS.match(text, end):
        return True  # 4、5、6月
    if _AFTER.match(text, end) and (text[end] not in _LIST_MARK or before in ("", "\n", "（", "(")):
        return True
    if text[start] == "0" and end - start > 1 and text[start + 1] != ".":
        return True
    if before in ("/", "×", "*") or (before == "比" and text[start - 2 : start - 1].isdigit()):
        return True
    if end - start == 4 and text[start : start + 2] in ("19", "20") and _HAN.match(text, end):
        return True  # 2024世界… names an event of that year
    if end - start == 6 and before in ("（", "(") and text[end : end + 1] in ("）", ")", "."):
        return True  # a stock code
    return _NAMED.search(text, max(0, start - 12), start) is not None
