"""Figures told within a part of a place (民营经济, the trade with one country or of one kind of firms) are none of the whole's."""

from __future__ import annotations

import re

from parsers.draft import Draft
from parsers.linking import PARTNER

__all__ = ["Part"]

_PRIVATE = re.compile("民营经济|非公有制|非公经济|县域经济|私营经济|个体私营")
_TRADE_OF_SOME = frozenset({"trade_private_enterprises", "trade_general", "trade_processing", "trade_belt_road"})
_SECTOR_DRAWS = re.compile("业(?:引资|吸收外资|吸引外资|[利使]用外资)")
_PARTS = {  # what an aggregate is broken down into: no figures of the whole city
    "sectors": frozenset(
        {"primary_industry_va", "secondary_industry_va", "tertiary_industry_va", "industry_va_all", "construction_va"}
    ),
    "trade": frozenset({"exports", "imports", "trade_total"}),
}


class Part:
    """The part that a sentence has come to tell of."""

    __slots__ = ("_told_of",)

    def __init__(self) -> None:
        self._told_of = ""  # the aggregate whose parts are told of

    def end(self) -> None:
        """Another sentence: it tells of the whole again."""
        self._told_of = ""

    def set_apart(self, draft: Draft) -> None:
        """What is told within a part of the place (民营经济, exports to one country) is no figure of the whole."""
        if ("经" in draft.name or "非公" in draft.name) and _PRIVATE.search(draft.name):
            self._told_of = "sectors"
        elif draft.indicator_id in _TRADE_OF_SOME or (
            draft.indicator_id is None
            and "口" in draft.clause
            and (PARTNER.search(draft.clause) or draft.name.endswith("企业进出口"))
        ):
            self._told_of = "trade"
        elif (
            self._told_of
            and draft.indicator_id in _PARTS[self._told_of]
            and "+carried" not in draft.rule
            and (self._told_of == "sectors" or (len(draft.name) <= 4 and "全" not in draft.clause))
        ):
            draft.indicator_id = None

    @staticmethod
    def of_sector(group: list[Draft], opening: str) -> None:
        """What a sentence tells of one sector's foreign investment is none of the whole's: 高技术产业引资增长较快，实际使用外资12亿元."""
        if "资" in opening and _SECTOR_DRAWS.search(opening):
            for draft in group:
                if draft.indicator_id == "fdi_actual":
                    draft.indicator_id = None
