"""Owners that are places: the nation, a province, a city, a county, and the place a page is about."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.draft import PLACE
from parsers.phrases import headed
from parsers.places import place

__all__ = [
    "COUNTED",
    "MACRO",
    "NATION",
    "OTHER",
    "WHOLE_PLACE",
    "Home",
    "Subject",
    "home_of",
    "owner_of",
    "speaks_of_nation",
    "told_of",
]

_NATIONAL = re.compile(r"全国|我国|国家统计局|海关总署|中国人民银行|央行|财政部|工信部|商务部|国务院|发展改革委")
_AT_HOME = re.compile(f"我国|中国|全国|[{PLACE}]")
_FIRM = re.compile(r"集团|股份|公司|证券|球队|球员|基金")
_ABROAD, _ = headed(
    abroad="(?<![对与同和向往从自赴在访、])(?:美国|英国|法国|德国|意大利|西班牙|俄罗斯|乌克兰|日本|韩国|朝鲜|印度|巴基斯坦|伊朗|以色列|加沙|土耳其|加拿大|墨西哥|巴西|阿根廷|澳大利亚|新西兰|南非|埃及"
    "|泰国|越南|菲律宾|马来西亚|印尼|印度尼西亚|新加坡|缅甸|柬埔寨|欧盟|北约|联合国|荷兰|瑞士|瑞典|波兰|希腊|叙利亚|也门|沙特|阿富汗|古巴|委内瑞拉)"
)
WHOLE_PLACE = re.compile(f"全市|全省|全国|我市|全县|全区|[{PLACE}]")
MACRO = frozenset(  # what a whole place has: no firm, project or industry owns them
    {
        "gdp", "industrial_va_above_scale", "fixed_asset_investment", "retail_sales", "public_budget_revenue", "public_budget_expenditure",
        "trade_total", "cpi", "ppi", "resident_population", "disposable_income", "disposable_income_urban", "disposable_income_rural",
        "gdp_per_capita", "tax_revenue", "primary_industry_va", "secondary_industry_va", "tertiary_industry_va", "industrial_investment",
        "private_investment", "realestate_investment", "urbanization_rate", "deposits_balance", "loans_balance", "little_giants",
        "digital_transformation_rate", "tourism_revenue", "fdi_actual",
    }
)  # fmt: skip
COUNTED = frozenset(  # … and no firm
    {"industrial_enterprises_above_scale", "industrial_enterprises_new", "market_entities", "market_entities_new"}
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The owner of a number; ``code`` only where it is a nation, province, city or county."""

    name: str | None
    type: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Home:
    """The place a page is about, and the province it lies in."""

    subject: Subject
    province: Subject | None
    is_region: bool


NATION = Subject("全国", "nation", "100000")
OTHER = Subject(None, "other", None)
_TYPE = {"nation": "nation", "province": "province", "city": "city", "county": "county"}


def owner_of(code: str) -> Subject | None:
    """The place of a code as an owner."""
    here = place(code)
    return None if here is None else Subject(here.name, _TYPE[here.level], here.code)


def home_of(city_code: str | None, national: bool) -> Home:
    """The home of a page of a city; without one the nation where the page speaks of it."""
    here = owner_of(city_code) if city_code else None
    if here is None or here.code is None:
        return Home(NATION if national else OTHER, None, False)
    return Home(here, owner_of(here.code[:2] + "0000"), here.code[:2] in {"15", "45", "54", "64", "65"})


def speaks_of_nation(title: str, body: str) -> bool:
    """Whether a page that is of no city is the nation's: its figures, not those of a firm or a team.

    >>> speaks_of_nation("8月份全国消费品市场", ""), speaks_of_nation("某某股份有限公司公告", "")
    (True, False)
    """
    return _NATIONAL.search(title + body[:300]) is not None and not _FIRM.search(title + body[:80])


def told_of(sentence: str) -> Subject | None:
    """Of whom a masked sentence of a national page tells: the nation, another one, or None where it does not say."""
    if _AT_HOME.search(sentence):
        return NATION
    return OTHER if _ABROAD.search(sentence) else None
