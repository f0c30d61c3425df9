"""Owners that are places: the nation, a province, a city, a county, and the place a page is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from parsers.draft import NUM, PLACE
from parsers.places import place

__all__ = [
    "COUNTED",
    "GROUP_OF_PLACES",
    "MACRO",
    "NATION",
    "OTHER",
    "PLACE_HAS",
    "WHOLE_PLACE",
    "Home",
    "Subject",
    "home_of",
    "owner_of",
    "speaks_of_nation",
]

_NATIONAL = re.compile(r"全国|我国|国家统计局|海关总署|中国人民银行|央行|财政部|工信部|商务部|国务院|发展改革委")
_SOURCE = re.compile("(?:记者)?(?:今天|近日)?从[^，。]{2,20}(?:获悉|了解到)")  # 记者从国铁集团获悉
_FIRM = re.compile(r"集团|股份|公司|证券|球队|球员|基金")
WHOLE_PLACE = re.compile(f"全市|全省|全国|我市|全县|全区|[{PLACE}]")
GROUP_OF_PLACES = re.compile(
    rf"[{PLACE}][、和][{PLACE}]+[^，,；。]{{0,4}}合计|[东南西北中]部(?:县|市|地区|片区)[^，,。]{{0,2}}、"
)
PLACE_HAS = re.compile(
    f"(?:全[市县区省]|我[市县])[^。；]{{0,4}}[有建][^。；]{{2,16}}企业{NUM}|(?:产业|集群)(?:已|共|现)?(?:集聚|聚集|拥有|有)[^。；{NUM}]{{0,8}}{NUM}|企业[达有共]+{NUM}"
)  # 全市有种子企业84家，年加工能力…
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


class Subject(NamedTuple):
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
    return _NATIONAL.search(title + body[:300]) is not None and not _FIRM.search(title + _SOURCE.sub("", body[:80]))
