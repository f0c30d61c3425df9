"""The door to everything about places: the gazetteer, the places a text names, the city an article is about."""

from __future__ import annotations

from parsers.cities import City, city_of
from parsers.gazetteer import Place, ancestors, children, code_of, place, places
from parsers.mentions import find_places

__all__ = ["City", "Place", "ancestors", "children", "city_of", "code_of", "find_places", "place", "places"]
