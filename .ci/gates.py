"""Measure the whole way from page to published row against hand-made labels, and refuse to be worse than before.

The labels lie beside the checkout (../shared). The floors in tests/gold/floors.json only go up: ``--raise`` writes what
was reached now, never less than what stands there. ``--misses N`` shows what was wrong.
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "tests" / "gold" / "floors.json"
HEADLINES = ROOT / "tests" / "gold" / "bulletins_headlines.csv"
LABELLED = ("corpus/raw", "written", "seeds")
ARTICLES = ("000_", "003_")
Figures = dict[str, float]


def collect(folder: Path) -> int:
    """Lay every labelled page into one folder, under the name its label knows; returns how many there are."""
    wanted = set()
    for path in (SHARED / "gold").glob("*.json"):
        content = json.loads(path.read_text(encoding="utf-8"))
        wanted |= {each["file"] for each in (content if isinstance(content, list) else [content])}
    return lay(wanted, folder)


def lay(wanted: set[str], folder: Path) -> int:
    """Lay pages into a folder, from wherever they lie, packed or not."""
    folder.mkdir(parents=True)
    found = 0
    for name in sorted(wanted):
        for place in LABELLED:
            plain, packed = SHARED / place / name, SHARED / place / f"{name}.xz"
            if plain.is_file():
                shutil.copyfile(plain, folder / name)
            elif packed.is_file():
                (folder / name).write_bytes(lzma.decompress(packed.read_bytes()))
            else:
                continue
            found += 1
            break
        else:
            print(f"gates: no page for the label of {name}")
    return found


def flatten(pages: Path, folder: Path) -> None:
    """The same pages as plain text, the way a browser copies them."""
    html = [str(page) for page in sorted(pages.iterdir()) if page.suffix != ".txt"]
    subprocess.run([sys.executable, SHARED / "tools" / "flatten.py", folder, *html], check=True)
    for page in pages.glob("*.txt"):
        shutil.copyfile(page, folder / page.name)


def publish(pages: Path, home: Path) -> Path:
    """Take the pages through the product's own commands; returns the published folder."""
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), "ingest", str(pages), "--publish"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"gates: ingest failed\n{done.stdout}{done.stderr}")
    return home / "publish" / "current"


def run_tool(name: str, *args: object, misses: int) -> str:
    command = [sys.executable, str(SHARED / "tools" / name), *map(str, args), "--misses", str(misses)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        sys.exit(f"gates: {name} failed\n{done.stdout}{done.stderr}")
    return done.stdout


def score(gold: Path, published: Path, *args: object, misses: int) -> Figures:
    """Figures of score.py: body, metadata, detection, tuples."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "score.json"
        text = run_tool("score.py", gold, published, *args, "--json", out, misses=misses)
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))["report"]
    if misses:
        print(text)
    figures = {f"{part}_f1": report[part]["f1"] for part in ("body", "detection")}
    figures |= {
        name: report[name] for name in ("detection_recall_tier_A", "value_unit_f1", "tuple_f1", "tuple_recall_tier_A")
    }
    for name, share in report["metadata"].items():
        right, asked = map(int, share.split("/"))
        figures[f"metadata_{name}"] = round(right / max(asked, 1), 4)
    return figures


def score_pages(published: Path, *args: object, misses: int) -> Figures:
    gold = SHARED / "gold"
    text = run_tool(
        "score_pages.py", gold / "pages_body.json", gold / "pages_meta.json", published, *args, misses=misses
    )
    if misses:
        print(text)
    figures = {}
    for name, value in re.findall(r"^(\w+): \d+/\d+ = ([\d.]+)$", text, re.MULTILINE):
        figures[name] = float(value)
    body = re.search(r"^body of .*? F1 ([\d.]+)(?:; recall .*? ([\d.]+))?$", text, re.MULTILINE)
    if body:
        figures["body_f1"] = float(body[1])
        if body[2]:
            figures["body_recall_partly_labelled"] = float(body[2])
    return figures


def score_peers(misses: int) -> Figures:
    text = run_tool("score_peers.py", SHARED / "peer_suites" / "cases.json", misses=misses)
    if misses:
        print(text)
    found = re.findall(r"^(.+): \d+/\d+ = ([\d.]+)$", text, re.MULTILINE)
    return {name.replace(" ", "_"): float(value) for name, value in found}


def score_headlines(work: Path, misses: int) -> Figures:
    """Headline figures of yearly bulletins: how many are found, and of these how often the first row said is the right one."""
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    lay({each["file"] for each in truth}, work / "bulletins")
    published = publish(work / "bulletins", work / "home_bulletins")
    rows = duckdb.sql(
        f"""
        select d.source_uri, year(m.period_end), m.region_code, m.indicator_id, if(m.kind = 'count', 'level', m.kind), m.unit, m.value, m.evidence
        from read_parquet('{published}/metrics/*.parquet') as m
        join (select document_id, source_uri from read_parquet('{published}/documents/*.parquet')) as d using (document_id)
        where m.status = 'actual' and month(m.period_end) = 12 and day(m.period_end) = 31
            and (m.period_start is null or m.period_start = make_date(year(m.period_end), 1, 1))
        order by d.source_uri, m.char_start, m.kind
        """
    ).fetchall()
    said: dict[tuple[str, ...], list[tuple[float, str]]] = {}
    for uri, year, region, indicator, kind, unit, value, evidence in rows:
        key = (Path(uri).name, str(year), region, indicator, kind, unit if kind == "level" else "")
        said.setdefault(key, []).append((value, evidence))
    found = right = 0
    for one in truth:
        kind = one["kind"]
        key = (
            one["file"],
            one["year"],
            one["city_code"],
            one["indicator_id"],
            kind,
            one["unit"] if kind == "level" else "",
        )
        values = said.get(key, [])
        holds = bool(values) and math.isclose(values[0][0], float(one["value"]), rel_tol=1e-6, abs_tol=1e-6)
        found += bool(values)
        right += holds
        if not holds and misses > 0:
            misses -= 1
            print(f"headlines: {one['file']} {one['indicator_id']} {kind} {one['value']}: {values[:1] or 'not found'}")
    print(f"headlines: of {len(truth)} figures {found} found, {right} of these right")
    return {"found": round(found / len(truth), 4), "right_of_found": round(right / max(found, 1), 4)}


def measure(work: Path, misses: int) -> dict[str, Figures]:
    """All figures, by gate."""
    began = time.perf_counter()
    count = collect(work / "pages")
    gold = SHARED / "gold"
    articles = work / "articles"
    articles.mkdir()
    for path in gold.glob("*.json"):
        if path.name.startswith(ARTICLES):
            shutil.copyfile(path, articles / path.name)
    published = publish(work / "pages", work / "home")
    print(f"gates: {count} labelled pages read and published in {time.perf_counter() - began:.1f} s")
    flatten(work / "pages", work / "text")
    as_text = publish(work / "text", work / "home_text")
    return {
        "two_articles": score(articles, published, misses=misses),
        "gold": score(gold, published, misses=misses),
        "gold_as_text": score(gold, as_text, "--as-text", misses=0),
        "pages": score_pages(published, misses=misses),
        "pages_as_text": score_pages(as_text, "--as-text", misses=0),
        "peers": score_peers(misses),
        "headlines": score_headlines(work, misses),
    }


def compare(figures: dict[str, Figures], floors: dict[str, Figures]) -> tuple[int, int]:
    """Print every figure beside its floor; returns how many hold and how many do not."""
    passed = failed = 0
    for gate, values in figures.items():
        for name, value in values.items():
            floor = floors.get(gate, {}).get(name)
            holds = floor is None or value >= floor - 1e-9
            passed += holds
            failed += not holds
            beside = "no floor" if floor is None else f"floor {floor:.4f}"
            print(f"{'  ' if holds else '! '}{gate:<14} {name:<36} {value:.4f}  {beside}{'' if holds else '  WORSE'}")
    for gate, values in floors.items():
        for name in values:
            if name not in figures.get(gate, {}):
                failed += 1
                print(f"! {gate:<14} {name:<36} not measured any more")
    return passed, failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raise", dest="lift", action="store_true", help="write what was reached as the new floors")
    parser.add_argument("--misses", type=int, default=0, help="show so many misses of each scorer")
    parser.add_argument("--keep", type=Path, help="work in this folder and leave it")
    args = parser.parse_args()
    floors: dict[str, Figures] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    os.environ.setdefault("PYTHONUTF8", "1")
    with tempfile.TemporaryDirectory(prefix="gates-") as folder:
        if args.keep:
            shutil.rmtree(args.keep, ignore_errors=True)
        work = args.keep or Path(folder) / "work"
        work.mkdir(parents=True)
        figures = measure(work, args.misses)
    passed, failed = compare(figures, floors)
    if args.lift:
        for gate, values in figures.items():
            kept = floors.setdefault(gate, {})
            for name, value in values.items():
                # a hundredth of room: one label in a thousand may turn over when another cause is mended
                kept[name] = max(math.floor(value * 100 + 1e-9) / 100, kept.get(name, 0.0))
        FLOORS.parent.mkdir(parents=True, exist_ok=True)
        FLOORS.write_text(json.dumps(floors, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"floors written to {FLOORS.relative_to(ROOT)}")
    print(f"gates: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
