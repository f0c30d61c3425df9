"""Whom a sentence is about by its first words: a foreign country, a group of provinces, a person, a village that it goes to."""

from __future__ import annotations

import re

from parsers.draft import TIME
from parsers.homes import OTHER, Subject
from parsers.occasions import is_personal, village_at
from parsers.telling import basin_in, told_elsewhere

__all__ = ["EXAMPLES", "OUR_FIRM", "opened_by"]

EXAMPLES = re.compile(
    "等(?:[^，。；、]{0,8}(?:企业|公司|院校|机构|单位)(?:达到?|有|共|已|累计|超过?|突破|增至|近)*)?$"
)  # …等本地配套企业达480家
OUR_FIRM = re.compile(  # 公司, 该企业, 我们
    rf"^[“”\s{TIME}，,]*(?:该|本|我们)?(?:公司|企业|集团|厂里|我们|团队|我家|工厂|车间|园区)(?!家|总数|数|等|融资|研发|成本|税|负担|开办|用电|用能|数字化|减负|主体|直接|综合|技术|上云|开工|复工|信心|投资|引进|招|入库|创新|类|户|利润|亏损|效益|发展|养老|职工|退休|所得税|债券|存款|贷款|法人|年金|单位|登记|从业)"
)


def opened_by(masked: str, opening: str, *, is_city: bool) -> tuple[Subject, int] | None:
    """The owner that a sentence opens with, and where its name ends if a place is part of it; ``is_city``: on a city's page.

    >>> opened_by("他家去年收入3万元", "他家去年收入3万元", is_city=True)
    (Subject(name=None, type='other', code=None), 0)
    """
    owner = (told_elsewhere(masked) if is_city else None) or (OTHER if is_personal(masked) else basin_in(masked))
    return village_at(opening) if owner is None else (owner, 0)
