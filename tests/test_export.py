"""What leaves the warehouse: workbook, CSV, description, portable database, report, dictionary, comparison of runs."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import pytest
from warehouse_rows import document, shard

from warehouse import dictionary
from warehouse.catalog import WarehouseError, forget
from warehouse.diff import diff
from warehouse.export import EXPORTED, WARNINGS, export, safe_text
from warehouse.lake import Shard, begin_run, end_run, write_shard
from warehouse.maintain import maintain
from warehouse.publish import publish
from warehouse.report import mark, report, script_json
from warehouse.settings import PACKAGE_ROOT, Settings
from warehouse.tables import to_arrow
from warehouse.views import MARTS, mart

NASTY = '=HYPERLINK("http://x","点我")</script><script>window.pwned=1</script>{{data}}<img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    made = Settings(home=tmp_path_factory.mktemp("export") / "home")
    run = begin_run(made, "1")
    write_shard(made, run, shard(range(24)))
    page, metrics = document(100, title=NASTY, outlet=NASTY, source_uri=f"/in/{NASTY}.txt")
    for metric in metrics:
        metric["indicator_text"] = NASTY
        metric["evidence"] = f"{NASTY}{metric['value_text']}"
    refused = {"source_uri": "/in/=1+1", "stage": "decode", "reason_code": "empty", "reason": "+cmd|'/c calc'!A0"}
    write_shard(
        made,
        run,
        Shard(
            "1",
            documents=to_arrow("documents", [page]),
            metrics=to_arrow("metrics", metrics),
            rejects=to_arrow("rejects", [refused]),
        ),
    )
    end_run(made, run)
    publish(made)
    yield made
    forget(made)


@pytest.fixture(scope="module")
def exported(settings: Settings) -> Path:
    export(settings, portable=True)
    return settings.exports_path


def test_every_file_is_there(exported: Path) -> None:
    names = {path.name for path in exported.iterdir()}
    assert names == {
        "chengshu.xlsx",
        "datapackage.json",
        "chengshu-portable.duckdb",
        *(f"{name}.csv" for name in EXPORTED),
    }


def test_csv_is_what_excel_expects_and_duckdb_reads_back(settings: Settings, exported: Path) -> None:
    path = exported / "city_facts.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = duckdb.connect().execute(f"select count(*), round(sum(value)) from read_csv('{path}')").fetchall()
    with duckdb.connect(str(settings.database), read_only=True) as connection:
        assert back == connection.execute("select count(*), round(sum(value)) from city_facts").fetchall()


def test_no_cell_is_a_formula(exported: Path) -> None:
    for name in EXPORTED:
        with (exported / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if re.match(r"[=@\t\r]|[+-][^0-9]", cell)]
    book = openpyxl.load_workbook(exported / "chengshu.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert any(NASTY in str(cell.value) for row in book["各次公布"].iter_rows() for cell in row)
    book.close()


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|x", "'+cmd|x"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-3.2%", "-3.2%"),
        ("-3.2个百分点", "-3.2个百分点"),
        ("+5亿元", "+5亿元"),
        ("\t=1", "'\t=1"),
        ("萍乡=好", "萍乡=好"),
    ],
)
def test_safe_text(text: str, safe: str) -> None:
    assert safe_text(text) == safe


def test_the_workbook_explains_itself(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "chengshu.xlsx")
    assert book.sheetnames == ["说明", *EXPORTED.values()]
    said = " ".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row)
    assert "不要相加" in said
    assert "metric_id" in said
    sheet = book["序列"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    header = [cell.value for cell in sheet[1]]
    year = sheet.cell(2, header.index("year") + 1).value
    assert isinstance(year, int)
    book.close()


def test_the_description_fits_the_files(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in package["resources"]] == list(EXPORTED)
    for resource in package["resources"]:
        content = (exported / resource["path"]).read_bytes()
        assert "/" not in resource["path"]
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        header = next(csv.reader([content.decode("utf-8-sig").splitlines()[0]]))
        assert [field["name"] for field in resource["schema"]["fields"]] == header
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])


def test_the_portable_database_needs_nothing_beside_it(exported: Path, tmp_path: Path) -> None:
    away = shutil.copy(exported / "chengshu-portable.duckdb", tmp_path / "away.duckdb")
    with duckdb.connect(str(away), read_only=True) as connection:
        assert "parquet" not in str(connection.execute("select sql from duckdb_views() where not internal").fetchall())
        found = connection.execute("select count(*) from trend('GDP', cities := ['萍乡'])").fetchall()
        assert found[0][0] > 3
        assert connection.execute("select comment from duckdb_tables() where table_name = 'metrics'").fetchall()[0][0]


def test_exports_are_repeatable(settings: Settings, exported: Path, tmp_path: Path) -> None:
    export(settings, tmp_path / "again")
    for path in (tmp_path / "again").iterdir():
        if path.suffix != ".xlsx":
            assert path.read_bytes() == (exported / path.name).read_bytes()


def test_export_without_a_publish_says_so(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="还没有发布的数据"):
        export(Settings(home=tmp_path / "none"))


class Page(HTMLParser):
    """Collects what a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.tags: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")
        self.fetched += [str(value) for name, value in attrs if name in {"src", "href", "data"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as the base class has it
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.scripts[-1] += data


def test_the_report_is_one_file_that_runs_nothing_but_its_own(settings: Settings) -> None:
    path = report(settings)
    text = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(text)
    assert page.fetched == []
    assert page.handlers == []
    assert page.tags.count("script") == 3
    assert "img" not in page.tags
    assert "window.pwned=1" not in "".join(page.scripts[1:])
    data = json.loads(page.scripts[0])
    assert data["series"][0]["name"] == "地区生产总值"
    assert any("<mark>" in said["html"] for said in data["evidence"].values())
    assert report(settings).read_text(encoding="utf-8") == text


def test_a_report_of_nothing_is_a_page_too(tmp_path: Path) -> None:
    empty = Settings(home=tmp_path / "home")
    publish(empty)
    assert "还没有城市数据" in report(empty).read_text(encoding="utf-8")
    forget(empty)


def test_marks_and_scripts_are_escaped() -> None:
    assert mark("<b>5%</b>&", "5%") == "&lt;b&gt;<mark>5%</mark>&lt;/b&gt;&amp;"
    assert mark("没有", "5%") == "没有"
    assert mark("5%和5%", "5%", 3) == "5%和<mark>5%</mark>"
    assert "<" not in script_json({"a": "</script>\u2028"})
    assert json.loads(script_json({"a": "</script>\u2028"})) == {"a": "</script>\u2028"}


def test_vendored_script_is_the_one_named() -> None:
    folder = PACKAGE_ROOT / "warehouse" / "vendor"
    said = (folder / "SOURCE").read_text(encoding="utf-8")
    assert hashlib.sha256((folder / "echarts.common.min.js").read_bytes()).hexdigest() in said
    for name in ("LICENSE", "LICENSE-d3", "NOTICE"):
        assert (folder / name).stat().st_size > 100


def test_the_dictionary_is_current() -> None:
    path = PACKAGE_ROOT / "docs" / "dictionary.md"
    assert path.read_text(encoding="utf-8") == dictionary.dictionary(), "run `python -m warehouse.dictionary`"


def test_warnings_are_of_the_vocabulary() -> None:
    for name in MARTS:
        assert set(mart(name).warnings) <= WARNINGS.keys()


def test_diff_of_two_runs(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    first = begin_run(settings, "1")
    write_shard(settings, first, shard(range(20)))
    second = begin_run(settings, "2")
    write_shard(settings, second, replace(shard(range(5), "2"), raw=shard(range(0)).raw))
    third = begin_run(settings, "2")
    write_shard(settings, third, shard(range(20, 24), "2"))
    idle = begin_run(settings, "2")
    assert diff(settings, first, second)[1] == []  # the same values, read again
    names, rows = diff(settings, first, third)
    assert names == ["indicator_id", "kind", "added", "gone", "changed", "unchanged"]
    assert rows == [("gdp", "growth_yoy", 4, 0, 0, 20), ("gdp", "level", 4, 0, 0, 20)]
    with pytest.raises(WarehouseError, match="没有名为 nobody 的运行"):
        diff(settings, "nobody", first)
    with pytest.raises(WarehouseError, match="没有写入什么"):
        diff(settings, first, idle)
    maintain(settings, retention_days=0)
    with pytest.raises(WarehouseError, match="已过保留期"):
        diff(settings, first, second)
    forget(settings)
