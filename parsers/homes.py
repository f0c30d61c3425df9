"""Owners that are places: the nation, a province, a city, a county, and the place a page is about."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.places import place

__all__ = ["NATION", "OTHER", "Home", "Subject", "home_of", "owner_of"]


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
