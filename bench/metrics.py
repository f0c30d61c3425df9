"""Speed of our finders beside the peers' on the same texts: characters a second, in one run.

    nice python -m bench.metrics TEXT… [--slow-chars 20000]

TEXT are UTF-8 text files, or JSON files with a ``body``, read one by one. Slow peers get only the first of them, up to ``--slow-chars`` characters.
What the peers find is counted too, to show that they were at work; whether it is right is not measured here.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import logging
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ANCHOR = dt.date(2024, 11, 15)
Finder = Callable[[str], int]


def ours() -> dict[str, Finder]:
    """Our finders: text → how many things were found."""
    from parsers.metrics import find_metrics
    from parsers.numbers import find_numbers
    from parsers.periods import find_periods
    from parsers.places import find_places
    from parsers.quantities import find_quantities

    anchor = dt.datetime.combine(ANCHOR, dt.time())
    return {
        "find_numbers": lambda text: len(find_numbers(text)),
        "find_quantities": lambda text: len(find_quantities(text)),
        "find_periods": lambda text: len(find_periods(text, ANCHOR)),
        "find_places": lambda text: len(find_places(text)),
        "find_metrics": lambda text: len(find_metrics(text, "0" * 64, None, anchor, None)),
    }


def jionlp() -> dict[str, Finder]:
    """JioNLP's money and time extractors, sentence by sentence, as its guide says."""
    import jionlp as jio

    now = time.mktime(ANCHOR.timetuple())

    def money(text: str) -> int:
        return sum(len(jio.ner.extract_money(line, with_parsing=True)) for line in text.split("\n") if line)

    def times(text: str) -> int:
        return sum(
            len(jio.ner.extract_time(line, time_base=now, with_parsing=True)) for line in text.split("\n") if line
        )

    return {"JioNLP money + time": lambda text: money(text) + times(text)}


def recognizers() -> dict[str, Finder]:
    """Recognizers-Text, six Chinese models."""
    from recognizers_date_time import recognize_datetime
    from recognizers_number import recognize_number, recognize_ordinal, recognize_percentage
    from recognizers_number_with_unit import recognize_currency, recognize_dimension

    models = (recognize_number, recognize_ordinal, recognize_percentage, recognize_currency, recognize_dimension)
    now = dt.datetime.combine(ANCHOR, dt.time())

    def find(text: str) -> int:
        found = 0
        for line in filter(None, text.split("\n")):
            found += sum(len(model(line, "zh-cn")) for model in models)
            found += len(recognize_datetime(line, "zh-cn", reference=now))
        return found

    return {"Recognizers-Text, six models": find}


def rate(finder: Finder, texts: list[str], repeats: int) -> tuple[float, int]:
    """Characters a second, and how much was found in the last run."""
    best, found = float("inf"), 0
    for _ in range(repeats):
        started = time.perf_counter()
        found = sum(map(finder, texts))
        best = min(best, time.perf_counter() - started)
    return sum(map(len, texts)) / best, found


def first(texts: list[str], size: int) -> list[str]:
    """The first texts, up to ``size`` characters in all."""
    part: list[str] = []
    for text in texts:
        part.append(text[: size - sum(map(len, part))])
    return [text for text in part if text]


def main() -> None:
    """Read the texts, run every finder, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--slow-chars", type=int, default=20_000)
    args = parser.parse_args()
    from parsers import IS_COMPILED

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    bodies = []
    for path in args.texts:
        text = path.read_text(encoding="utf-8")
        bodies.append(json.loads(text).get("body") or "" if path.suffix == ".json" else text)
    part = first(bodies, args.slow_chars)
    print(
        f"{sum(map(len, bodies))} characters; {sum(map(len, part))} of them for the peers; ours {'compiled' if IS_COMPILED else 'not compiled'}\n\n| finder | characters/s | ours are faster by | found |\n|---|---|---|---|"
    )
    speeds: dict[str, float] = {}
    for name, finder in ours().items():
        finder(bodies[0][:2000])
        speeds[name], found = rate(finder, bodies, 3)
        print(f"| {name} | {speeds[name]:,.0f} | | {found} |", flush=True)
    for make, against in ((jionlp, "find_metrics"), (recognizers, "find_metrics")):
        try:
            finders = make()
        except ImportError as error:
            print(f"| {make.__name__} | not installed: {error} |")
            continue
        for name, finder in finders.items():
            finder(part[0][:500])
            speed, found = rate(finder, part, 1)
            print(f"| {name} | {speed:,.0f} | {against} {speeds[against] / speed:.0f} x | {found} |", flush=True)


if __name__ == "__main__":
    main()
