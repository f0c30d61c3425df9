"""Bodies and metadata: ours beside the peers', on the same pages, by the same scorer, in one run.

    nice python -m bench.extraction PAGES_DIR --labels LABELS.json [LABELS.json|DIR …] [--only NAME …] [--repeats N] [--worst N]

PAGES_DIR holds HTML files (bytes as found). A label is an object with ``file`` and any of ``body``, ``title``, ``published_at``,
``source``, ``editor``; a file holds a list of them, a folder one per file. Times are per page and core, the
best of as many runs for every reader (two unless told). Ratios are to the floor, which is lexbor parsing the page and visiting every text node.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

from bench.readers import FLOOR, OURS, PEERS, Reader, quiet
from bench.scoring import body_score, field_right
from parsers.decode import decode

FIELDS = ("title", "day", "minute", "source", "editor")


def read_labels(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """Labels by file name; what a later file says of a page is added to what an earlier one said."""
    labels: dict[str, dict[str, Any]] = defaultdict(dict)
    for path in paths:
        for part in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            found = json.loads(part.read_text(encoding="utf-8"))
            if path.is_dir() and isinstance(found, list):
                continue
            for label in found if isinstance(found, list) else [found]:
                partly = label.get("kind", "") == "chunks" or label.get("kind", "").endswith("prefix")
                fields = {k: v for k, v in label.items() if v not in (None, "") and not (k == "body" and partly)}
                labels[label["file"]] = {**fields, **labels[label["file"]]}
    return labels


def measure(reader: Reader, pages: dict[str, str], labels: dict[str, dict[str, Any]], repeats: int) -> dict[str, Any]:
    """Scores of one reader and its seconds over all pages; {} if it is not installed."""
    try:
        read = reader.make()
        read(next(iter(pages.values())))
    except ImportError as error:
        reader.missing = str(error)
        return {}
    except Exception:  # noqa: BLE001 - a peer may fail on the page it is warmed up with
        pass
    bodies: dict[str, tuple[float, float, float]] = {}
    fields: dict[str, list[bool]] = defaultdict(list)
    seconds = failed = 0.0
    for name, html in pages.items():
        taken = []
        for _ in range(repeats):
            started = time.perf_counter()
            try:
                body, meta = read(html)
            except Exception:  # noqa: BLE001 - whatever a peer raises, the page counts as not read
                body, meta = "", {}
                failed += 1 / repeats
            taken.append(time.perf_counter() - started)
        seconds += min(taken)
        label = labels.get(name, {})
        if label.get("body"):
            bodies[name] = body_score(label["body"], body or "")
        for field in reader.fields:
            source = "published_at" if field in {"day", "minute"} else field
            right = field_right(field, label[source], meta.get(source)) if source in label else None
            if right is not None:
                fields[field].append(right)
    return {"seconds": seconds, "bodies": bodies, "fields": fields, "failed": round(failed)}


def main() -> None:
    """Read the arguments, run the readers, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--labels", type=Path, nargs="+", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--worst", type=int, default=0, help="also print our N worst pages")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    quiet()
    labels = read_labels(args.labels)
    files = sorted(path for path in args.pages.iterdir() if path.name in labels and path.suffix in {".html", ".htm"})
    pages = {path.name: decode(path.read_bytes()).text for path in files}
    if not pages:
        sys.exit(f"no labelled page in {args.pages}")
    size = statistics.mean(len(text) for text in pages.values())
    print(
        f"{len(pages)} pages, {size / 1000:.0f} k characters each; {sum('body' in labels[n] for n in pages)} with a labelled body\n"
    )
    floor = measure(FLOOR, pages, {}, args.repeats)["seconds"]
    print("| reader | body F1 | P | R | < .80 | " + " | ".join(FIELDS) + " | pages/s | x floor | failed |")
    print("|---|" + "---|" * (len(FIELDS) + 7))
    print(f"| {FLOOR.name} | | | | | " + " | ".join("" for _ in FIELDS) + f" | {len(pages) / floor:.0f} | 1.0 | |")
    ours: dict[str, Any] = {}
    for reader in (OURS, *PEERS):
        if args.only and reader.name not in args.only:
            continue
        found = measure(reader, pages, labels, args.repeats)
        if not found:
            print(f"| {reader.name} | not installed: {reader.missing} |")
            continue
        ours = ours or found
        scores = list(found["bodies"].values())
        means = [statistics.mean(s[i] for s in scores) for i in (2, 0, 1)] if scores else [0.0, 0.0, 0.0]
        shares = [
            f"{sum(found['fields'][f]) / len(found['fields'][f]):.3f}" if found["fields"][f] else "" for f in FIELDS
        ]
        row = [*(f"{mean:.3f}" for mean in means), str(sum(s[2] < 0.8 for s in scores)), *shares]
        speed = [f"{len(pages) / found['seconds']:.1f}", f"{found['seconds'] / floor:.1f}", str(found["failed"])]
        print(f"| {reader.name} | " + " | ".join(row + speed) + " |", flush=True)
    for name, score in sorted(ours.get("bodies", {}).items(), key=lambda item: item[1][2])[: args.worst]:
        print(f"{score[2]:.3f} (P {score[0]:.3f} R {score[1]:.3f}) {name}")


if __name__ == "__main__":
    main()
