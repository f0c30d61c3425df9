"""The sample news in seeds/ is data that other tests and the first run stand on: it must be complete, dated and coded as said."""

from __future__ import annotations

import csv
import hashlib
import re
from datetime import datetime
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
NOT_NEWS = {"README.md", "manifest.csv"}


def manifest() -> list[dict[str, str]]:
    with (SEEDS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = manifest()
GOOD = [row for row in ROWS if not row["file"].startswith("bad/")]
BAD = {row["file"]: row for row in ROWS if row["file"].startswith("bad/")}


def raw(row: dict[str, str]) -> bytes:
    return (SEEDS / row["file"]).read_bytes()


def test_manifest_lists_every_file_once() -> None:
    found = {path.relative_to(SEEDS).as_posix() for path in SEEDS.rglob("*") if path.is_file()} - NOT_NEWS
    listed = [row["file"] for row in ROWS]
    assert len(listed) == len(set(listed))
    assert set(listed) == found


def test_readme_lists_every_file_and_says_that_figures_are_invented() -> None:
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert "虚构" in readme
    assert "invented" in readme
    assert [row["file"] for row in ROWS if f"| {row['file']} |" not in readme] == []


def test_enough_files_cities_provinces_and_years_for_a_trend() -> None:
    cities = {row["city_code"] for row in GOOD if row["city_code"].endswith("00")}
    years = {row["published_at"][:4] for row in GOOD}
    assert len(GOOD) >= 44
    assert len(cities) >= 12
    assert len({code[:2] for code in cities}) >= 6
    assert years >= {"2021", "2022", "2023", "2024", "2025"}
    series = {code: {row["published_at"][:4] for row in GOOD if row["city_code"] == code} for code in cities}
    assert sum(len(seen) >= 4 for seen in series.values()) >= 5


def test_both_formats_and_both_encodings_are_there() -> None:
    html = [row for row in GOOD if row["file"].endswith((".html", ".htm"))]
    text = [row for row in GOOD if row["file"].endswith(".txt")]
    assert len(html) >= 20
    assert len(text) >= 20
    assert sum(row["encoding"] == "gb18030" for row in html) >= 4
    assert any(row["encoding"] == "gb18030" for row in text)


@pytest.mark.parametrize("row", GOOD, ids=lambda row: row["file"])
def test_a_good_file_decodes_as_its_encoding_says_and_shows_its_date(row: dict[str, str]) -> None:
    data = raw(row)
    page = data.decode(row["encoding"])
    if row["encoding"] == "gb18030":
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")
        if "<meta" in page.lower():
            assert "charset=gb2312" in page
    when = datetime.fromisoformat(row["published_at"])
    day = rf"{when.year}\s*[-/年.]\s*0?{when.month}\s*[-/月.]\s*0?{when.day}(?!\d)"
    assert re.search(day, page), "the page shows no such date"
    if (when.hour, when.minute) != (0, 0):
        assert re.search(rf"0?{when.hour}:{when.minute:02d}", page), "the page shows no such time"
    assert len(re.findall(r"[一-鿿]", page)) >= 200


def test_no_two_files_hold_the_same_bytes() -> None:
    digests = [hashlib.sha256(raw(row)).hexdigest() for row in ROWS]
    assert len(digests) == len(set(digests))


def test_the_bad_files_are_bad_as_their_names_say() -> None:
    assert raw(BAD["bad/empty.txt"]) == b""
    for name, encoding in (("bad/truncated_utf8.txt", "utf-8"), ("bad/truncated_gb18030.html", "gb18030")):
        data = raw(BAD[name])
        with pytest.raises(UnicodeDecodeError) as problem:
            data.decode(encoding)
        assert problem.value.start >= len(data) - 3, "only the last character is cut"
    with pytest.raises(UnicodeDecodeError):
        raw(BAD["bad/damaged_bytes.txt"]).decode("utf-8")
    garbage = raw(BAD["bad/garbage.bin"])
    for encoding in ("utf-8", "gb18030", "big5"):
        with pytest.raises(UnicodeDecodeError):
            garbage.decode(encoding)
    links = raw(BAD["bad/list_page.html"]).decode("utf-8")
    assert links.count("<li>") >= 5
    assert "<p" not in links


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("own06_xuzhou_machinery.txt", "own07_xuzhou_machinery_repost.txt"),
        ("yantai_2023_trillion.txt", "yantai_2023_trillion_repost.html"),
    ],
)
def test_a_republished_article_keeps_most_sentences_but_not_the_page(first: str, second: str) -> None:
    pages = [(SEEDS / name).read_bytes().decode("utf-8") for name in (first, second)]
    clauses = [{part for part in re.split(r"[，。；、：\s<>]", page) if len(part) >= 6} for page in pages]
    shared = clauses[0] & clauses[1]
    assert len(shared) / min(map(len, clauses)) >= 0.5
    assert clauses[0] - clauses[1]
    assert clauses[1] - clauses[0]
