"""Whom a sentence is about by its first words: a foreign country, a group of provinces, a person, a village that it goes to."""

from __future__ import annotations

import re

from parsers.draft import TIME
from parsers.homes import OTHER, Subject
from parsers.occasions import is_personal, village_at
from parsers.telling import basin_in, told_elsewhere

__all__ = ["EXAMPLES", "OUR_FIRM", "maker_of", "opened_by"]

EXAMPLES = re.compile(
    "等(?:[^，。；、]{0,8}(?:企业|公司|院校|机构|单位)(?:达到?|有|共|已|累计|超过?|突破|增至|近)*)?$"
)  # …等本地配套企业达480家
OUR_FIRM = re.compile(  # 公司, 该企业, 我们
    rf"^[“”\s{TIME}，,]*(?:该|本|我们)?(?:公司|企业|集团|厂里|我们|团队|我家|工厂|车间|园区)(?!、|家|总数|数|等|融资|研发|成本|税|负担|开办|用电|用能|数字化|减负|主体|直接|综合|技术|上云|开工|复工|信心|投资|引进|招|入库|创新|类|户|利润|亏损|效益|发展|养老|职工|退休|所得税|债券|存款|贷款|法人|年金|单位|登记|从业)"
)

_PRODUCT = re.compile(  # 一台重达80吨的盾构机，正在某某公司的总装线上
    "“?一[台艘架辆套列枚][^，。；]{2,30}，[^，。；在从自]{0,8}(?:在|从|自)(?P<firm>[^，。；的在]{2,24}?(?:公司|集团|厂))(?:的?[^，。；的]{0,6}?(?:[总产配装水]线|车间|厂房|厂区|船坞|船台|码头|基地)|下线|交付)"
)


def maker_of(body: str, start: int, end: int) -> Subject | None:
    """The firm at whose works the product stands that the sentence ``start``..``end`` of a body opens with.

    >>> text = "一艘长80米的科考船，正从城北船舶公司的船坞驶出"
    >>> maker_of(text, 0, len(text)).name
    '城北船舶公司'
    """
    found = _PRODUCT.match(body, start, end)
    return Subject(found["firm"], "organization", None) if found else None


def opened_by(masked: str, opening: str, *, is_city: bool) -> tuple[Subject, int] | None:
    """The owner that a sentence opens with, and where its name ends if a place is part of it; ``is_city``: on a city's page.

    >>> opened_by("他家去年收入3万元", "他家去年收入3万元", is_city=True)
    (Subject(name=None, type='other', code=None), 0)
    """
    owner = (told_elsewhere(masked) if is_city else None) or (OTHER if is_personal(masked) else basin_in(masked))
    return village_at(opening) if owner is None else (owner, 0)
