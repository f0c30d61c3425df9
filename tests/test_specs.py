"""Every case of tests/specs/*.yaml: a text, what is to be found in it, no more and no less.

A spec file is named after its stage (``quantities.yaml``, ``quantities_tables.yaml``); it is a list of
``{input: …, context: {…}, expect: [{…}, …]}``. An expected item names the fields it is sure of; the fields of ``DEFAULTS`` hold
where it names none. With ``partial: true`` other items may stand between the expected ones. A new stage is one function in ``STAGES``: from input and context to a list of found items as dicts.
Files whose top is no list belong to a test module of their own.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

SPECS = Path(__file__).parent / "specs"
PUBLISHED = dt.date(2024, 11, 15)
Found = list[dict[str, Any]]


def numbers(text: str, _context: dict[str, Any]) -> Found:
    from parsers.numbers import find_numbers

    return [{"text": text[n.start : n.end], "value": n.value} for n in find_numbers(text)]


def quantities(text: str, _context: dict[str, Any]) -> Found:
    from parsers.quantities import find_quantities

    return [
        {
            "text": text[q.start : q.end],
            "value": q.value,
            "high": q.value_high,
            "unit": q.unit,
            "comparator": q.comparator,
        }
        for q in find_quantities(text)
    ]


def periods(text: str, context: dict[str, Any]) -> Found:
    from parsers.periods import find_periods

    found = find_periods(text, context.get("anchor", PUBLISHED))
    return [{"text": text[p.start : p.end], "first": p.first, "last": p.last, "type": p.type} for p in found]


def places(text: str, context: dict[str, Any]) -> Found:
    from parsers.places import find_places

    return [{"text": text[p.start : p.end], "code": p.code, "level": p.level} for p in find_places(text, **context)]


def metrics(body: str, context: dict[str, Any]) -> Found:
    """Context: title, published (a date or time), city (its code). Fields are those of the metrics table."""
    from parsers.metrics import find_metrics

    published = context.get("published", PUBLISHED)
    if published is not None and not isinstance(published, dt.datetime):
        published = dt.datetime.combine(published, dt.time(8, 30))
    rows = find_metrics(body, "0" * 64, context.get("title"), published, context.get("city"))
    assert all(body[row.char_start : row.char_end] == row.value_text for row in rows)
    return [row._asdict() for row in rows]


def metadata(page: str, context: dict[str, Any]) -> Found:
    """Context: name (of the file). One item: the fields of the document."""
    from parsers import parse

    document = parse(page.encode("utf-8"), context.get("name", "page.html")).document
    return [] if document is None else [{name: getattr(document, name) for name in document.__slots__}]


STAGES: dict[str, Callable[[str, dict[str, Any]], Found]] = {
    "numbers": numbers,
    "quantities": quantities,
    "periods": periods,
    "places": places,
    "metrics": metrics,
    "metadata": metadata,
}
DEFAULTS: dict[str, dict[str, Any]] = {"quantities": {"high": None, "comparator": "eq"}}


def stage_of(path: Path) -> str:
    return path.stem.split("_")[0]


def cases() -> list[Any]:
    found = []
    for path in sorted(SPECS.glob("*.yaml")):
        specs = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(specs, list):
            stage = stage_of(path)
            found += [
                pytest.param(stage, spec, id=f"{path.stem}:{number}:{str(spec['input'])[:24]!r}")
                for number, spec in enumerate(specs, 1)
            ]
    return found


def same(found: Any, expected: Any) -> bool:
    """Numbers are equal to nine digits; everything else exactly."""
    if isinstance(expected, int | float) and not isinstance(expected, bool) and found is not None:
        return abs(float(found) - expected) <= 1e-9 * max(abs(float(found)), abs(expected))
    return bool(found == expected)


def fits(item: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(same(item[name], value) for name, value in wanted.items())


@pytest.mark.parametrize(("stage", "spec"), cases())
def test_spec(stage: str, spec: dict[str, Any]):
    assert set(spec) <= {"input", "context", "expect", "why", "partial"}, "a spec has input, context, expect"
    found = STAGES[stage](spec["input"], spec.get("context") or {})
    expected = [{**DEFAULTS.get(stage, {}), **item} for item in spec["expect"]]
    if spec.get("partial"):
        rest = iter(found)
        missing = [wanted for wanted in expected if not any(fits(item, wanted) for item in rest)]
        assert not missing, found
        return
    shown = [
        {name: item[name] for name in (expected[i] if i < len(expected) else item)} for i, item in enumerate(found)
    ]
    assert len(found) == len(expected), shown
    for item, wanted in zip(shown, expected, strict=True):
        assert fits(item, wanted), (item, wanted)


def test_every_list_of_specs_has_its_stage():
    unknown = {
        path.name
        for path in SPECS.glob("*.yaml")
        if stage_of(path) not in STAGES and isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), list)
    }
    assert not unknown
