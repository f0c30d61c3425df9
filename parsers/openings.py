"""Whom a sentence is about by its first words: a foreign country, a group of provinces, a person, a village that it goes to."""

from __future__ import annotations

from parsers.homes import OTHER, Subject
from parsers.occasions import is_personal, village_at
from parsers.telling import basin_in, told_elsewhere

__all__ = ["opened_by"]


def opened_by(masked: str, opening: str, *, is_city: bool) -> tuple[Subject, int] | None:
    """The owner that a sentence opens with, and where its name ends if a place is part of it; ``is_city``: on a city's page.

    >>> opened_by("他家去年收入3万元", "他家去年收入3万元", is_city=True)
    (Subject(name=None, type='other', code=None), 0)
    """
    owner = (told_elsewhere(masked) if is_city else None) or (OTHER if is_personal(masked) else basin_in(masked))
    return village_at(opening) if owner is None else (owner, 0)
