"""Loans with a name of their own (“政采贷”): they own what is lent under them."""

from __future__ import annotations

import re

from parsers.draft import NUM, TIME
from parsers.homes import WHOLE_PLACE

__all__ = ["loan_before", "tells_of_loan"]

_LOAN = re.compile(
    rf"(?:^|[，,。；;]|(?P<made>推出的|创新的|开发的|设立的))(?P<name>“[一-龥]{{1,8}}贷”)(?=[{NUM}{TIME}已累共为]|$|(?(made)，))"
)
_PROGRAMME = re.compile(r"贷”|[贷金融]产品|信贷通|科贷通")
_GRANTED = re.compile("[发投]放“[^”]{1,8}贷”")  # what all banks of the place granted, not a product's own figures


def loan_before(masked: str, start: int, end: int) -> str | None:
    """The loan that opened a clause of the masked sentence from ``start`` and is still told of at ``end``.

    >>> text = "“政采贷”已为中小企业融资"
    >>> loan_before(text, 0, len(text)), loan_before("全市" + text + "，全市贷款", 0, 20)
    ('“政采贷”', None)
    """
    found = _LOAN.search(masked, start, end)
    return None if found is None or WHOLE_PLACE.search(masked, found.end(), end) else found.group("name")


def tells_of_loan(masked: str, start: int, end: int) -> bool:
    """Whether a masked sentence tells of a loan's own figures, not of what all banks of a place granted.

    >>> tells_of_loan("“科技贷”为企业融资", 0, 10), tells_of_loan("发放“科技贷”", 0, 7)
    (True, False)
    """
    return _PROGRAMME.search(masked, start, end) is not None and not _GRANTED.search(masked, start, end)
