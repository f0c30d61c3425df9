"""The marts: given rows, expected rows; the checks on rows made bad; the macros; the examples."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import duckdb
import pytest
import yaml

from warehouse import quality, query, views
from warehouse.catalog import new_connection
from warehouse.dimensions import DIMENSIONS, read_dimension
from warehouse.settings import Settings
from warehouse.tables import column, table, to_arrow

DOCUMENT = {
    "story_id": "d1",
    "source_uri": "/in/a.txt",
    "format": "text",
    "encoding": "utf-8",
    "title": "一篇报道",
    "published_at": dt.datetime.fromisoformat("2024-03-01 09:00:00"),
    "outlet": "萍乡日报",
    "city_code": "360300",
    "city": "萍乡市",
    "body": "全年生产总值1170亿元。",
    "body_chars": 13,
    "chrome_chars": 0,
    "parser_version": "1",
}
METRIC = {
    "document_id": "d1",
    "story_id": "d1",
    "region_code": "360300",
    "region": "萍乡市",
    "region_level": "city",
    "subject": "萍乡市",
    "subject_type": "city",
    "indicator_id": "gdp",
    "indicator_text": "生产总值",
    "kind": "level",
    "status": "actual",
    "value": 116000000000.0,
    "unit": "CNY",
    "value_text": "1160亿元",
    "comparator": "eq",
    "period_text": "2023年",
    "period_start": dt.date(2023, 1, 1),
    "period_end": dt.date(2023, 12, 31),
    "period_type": "year",
    "evidence": "全年生产总值1160亿元。",
    "char_start": 6,
    "char_end": 12,
    "rule_id": "test",
    "confidence": 0.9,
    "parser_version": "1",
}


@pytest.fixture(scope="module")
def base() -> duckdb.DuckDBPyConnection:
    """Empty tables, real indicators and places, all marts."""
    connection = new_connection()
    settings = Settings.load("unused", {})
    for name in views.BASE_TABLES:
        rows = read_dimension(name, settings.knowledge) if name in DIMENSIONS else to_arrow(name, [])
        connection.register("rows_given", rows.select(list(table(name).columns)))
        connection.execute(f"create table {name} as from rows_given")
    views.create_marts(connection)
    return connection


def fill(connection: duckdb.DuckDBPyConnection, given: dict[str, list[dict[str, Any]]]) -> None:
    documents = [{**DOCUMENT, **row} for row in given.get("documents", [])]
    published = {row["document_id"]: row["published_at"] for row in documents}
    metrics = [
        {"published_at": published.get(row.get("document_id", "d1")), **METRIC, **row}
        for row in given.get("metrics", [])
    ]
    for name, rows in (("documents", documents), ("metrics", metrics)):
        connection.execute(f"delete from {name}")
        connection.register("rows_given", to_arrow(name, rows).select(list(table(name).columns)))
        connection.execute(f"insert into {name} from rows_given")


def rows_of(connection: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, values or [])
    names = [each[0] for each in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def same(expected: Any, found: Any) -> bool:
    if isinstance(expected, float | int) and isinstance(found, float | int) and not isinstance(expected, bool):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(expected, dt.date) or isinstance(found, dt.date):
        return str(expected) == str(found)
    return bool(expected == found)


def matches(expected: dict[str, Any], row: dict[str, Any]) -> bool:
    return all(same(value, row[key]) for key, value in expected.items())


CASES = [(name, case) for name in views.MARTS for case in views.mart(name).tests]


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES])
def test_mart(base: duckdb.DuckDBPyConnection, name: str, case: dict[str, Any]) -> None:
    fill(base, case["given"])
    found = rows_of(base, f"from {name}")
    expected = case.get("expect", case.get("expect_contains"))
    for row in expected:
        hits = [each for each in found if matches(row, each)]
        assert len(hits) == 1, f"{row} has {len(hits)} rows among\n{yaml.safe_dump(found[:20], allow_unicode=True)}"
    if "expect" in case:
        assert len(found) == len(expected), yaml.safe_dump(found, allow_unicode=True)


@pytest.mark.parametrize("name", views.MARTS)
def test_every_mart_is_described_and_tested(name: str) -> None:
    described = views.mart(name)
    assert described.zh
    assert described.en
    assert described.tests
    assert views.mart_sql(name).startswith("-- ")


def test_every_output_column_is_described(base: duckdb.DuckDBPyConnection) -> None:
    for name in views.MARTS:
        for row in base.execute(f"describe {name}").fetchall():
            assert column(row[0]).zh, f"{name}.{row[0]}"


def test_no_mart_compares_every_row_with_every_other(base: duckdb.DuckDBPyConnection) -> None:
    said = [
        {"metric_id": f"{kind}-{type_}", "kind": kind, "period_type": type_}
        for kind in ("level", "growth_yoy", "rank", "gap_pp", "share", "change")
        for type_ in ("year", "ytd", "as_of")
    ]
    fill(base, {"documents": [{"document_id": "d1"}], "metrics": said})  # of nothing, nothing is planned
    published = new_connection()  # as readers have it: what a publish holds chosen are tables
    for name in (*views.BASE_TABLES, *views.CHOSEN):
        published.register("rows_given", base.execute(f"from {name}").to_arrow_table())
        published.execute(f"create table {name} as from rows_given")
    views.create_marts(published, chosen=True)
    plans = {name: published.execute(f"explain from {name}").fetchall()[0][1] for name in views.MARTS}
    slow = {(name, join) for name, plan in plans.items() for join in ("NL_JOIN", "CROSS_PRODUCT") if join in plan}
    assert not slow


def test_comments_are_in_the_database(base: duckdb.DuckDBPyConnection) -> None:
    views.comment(base)
    rows = base.execute(
        "select table_name, column_name from duckdb_columns() where comment is null and not internal "
        "and table_name <> 'rows_given'"
    ).fetchall()
    assert rows == []
    unsaid = base.execute(
        "select view_name from duckdb_views() where comment is null and not internal and view_name <> 'rows_given'"
    ).fetchall()
    assert unsaid == []


def series(connection: duckdb.DuckDBPyConnection) -> None:
    metrics = []
    for at, (code, city) in enumerate((("360300", "萍乡市"), ("361100", "上饶市"))):
        for year in (2022, 2023):
            period = {"period_start": dt.date(year, 1, 1), "period_end": dt.date(year, 12, 31)}
            metrics += [
                {"metric_id": f"l{at}{year}", "region_code": code, "region": city, **period, "value": 1e11 * (at + 1)},
                {
                    "metric_id": f"g{at}{year}",
                    "region_code": code,
                    "region": city,
                    **period,
                    "kind": "growth_yoy",
                    "unit": "%",
                    "value": 5.0 - at,
                    "value_text": f"{5 - at}%",
                },
            ]
    fill(connection, {"documents": [{"document_id": "d1"}], "metrics": metrics})


@pytest.mark.parametrize("name", ["地区生产总值", "GDP", "gdp", "Gross regional product"])
@pytest.mark.parametrize("cities", [["萍乡", "上饶"], ["360300", "上饶市"], ["萍乡市", "361100"]])
def test_trend_takes_any_name(base: duckdb.DuckDBPyConnection, name: str, cities: list[str]) -> None:
    series(base)
    found = rows_of(base, "from trend(?, cities := ?)", [name, cities])
    assert [(row["city"], row["year"], row["value"], row["growth_yoy"]) for row in found] == [
        ("萍乡市", 2022, 1e11, 5.0),
        ("萍乡市", 2023, 1e11, 5.0),
        ("上饶市", 2022, 2e11, 4.0),
        ("上饶市", 2023, 2e11, 4.0),
    ]
    assert {row["note"] for row in found} == {None}


def test_trend_of_all_cities_and_of_one_kind(base: duckdb.DuckDBPyConnection) -> None:
    series(base)
    assert len(rows_of(base, "from trend('gdp')")) == 4
    found = rows_of(base, "from trend('gdp', cities := ['上饶'], kind := 'growth_yoy')")
    assert [(row["year"], row["value"], row["unit"]) for row in found] == [(2022, 4.0, "%"), (2023, 4.0, "%")]


def test_misspelt_names_are_answered_with_the_nearest(base: duckdb.DuckDBPyConnection) -> None:
    series(base)
    (row,) = rows_of(base, "from trend('规上工业增价值')")
    assert "industrial_va_above_scale" in row["note"]
    (row,) = rows_of(base, "from trend('gpd')")
    assert "gdp" in row["note"]
    found = rows_of(base, "from trend('gdp', cities := ['萍乡', '上绕'])")
    assert "上饶" in found[0]["note"]
    assert [each["city"] for each in found[1:]] == ["萍乡市", "萍乡市"]
    (row,) = rows_of(base, "from compare('gdq', '2023')")
    assert "gdp" in row["note"]
    (row,) = rows_of(base, "from compare('gdp', '去年')")
    assert "2024" in row["note"]
    (row,) = rows_of(base, "from trend('exports', cities := ['萍乡'])")
    assert "没有" in row["note"]


@pytest.mark.parametrize("period", ["2023", "2023年", "2023年全年"])
def test_compare(base: duckdb.DuckDBPyConnection, period: str) -> None:
    series(base)
    found = rows_of(base, "from compare('GDP', ?)", [period])
    assert [(row["place"], row["city"], row["growth_place"]) for row in found] == [(1, "上饶市", 2), (2, "萍乡市", 1)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2024", ["年", "年末"]),
        ("2024年末", ["年末"]),
        ("2024年上半年", ["1-6月"]),
        ("2024H1", ["1-6月"]),
        ("2024年下半年", ["下半年"]),
        ("2024年前三季度", ["1-9月"]),
        ("2024年一季度", ["1-3月"]),
        ("2024Q1", ["1-3月"]),
        ("2024Q3", ["3季度"]),
        ("2024年三季度", ["3季度"]),
        ("2024年1-10月", ["1-10月"]),
        ("2024年1—8月", ["1-8月"]),
        ("2024年10月", ["10月"]),
        ("2024-09", ["9月"]),
        ("昨天", None),
    ],
)
def test_period_words(base: duckdb.DuckDBPyConnection, words: str, expected: list[str] | None) -> None:
    assert base.execute("select period_series(?)", [words]).fetchall() == [(expected,)]


def test_vintages_and_derived_read_what_their_views_say(base: duckdb.DuckDBPyConnection) -> None:
    sentence = "全年生产总值1160亿元，比上年增加50亿元。"
    increase = {"kind": "change", "value": 5e9, "value_text": "50亿元", "char_start": 18}
    metrics = [
        {"metric_id": "m1", "evidence": sentence},
        {"metric_id": "m2", "evidence": sentence, **increase},
        {"metric_id": "m3", "region_code": "361100", "region": "上饶市"},
        {"metric_id": "m4", "indicator_id": "exports", "indicator_text": "出口总额"},
    ]
    fill(base, {"documents": [{"document_id": "d1"}], "metrics": metrics})
    found = rows_of(base, "from vintages('地区生产总值', cities := ['萍乡'])")
    assert {row.pop("note") for row in found} == {None}
    assert found == rows_of(
        base, "from fact_vintages where city = '萍乡市' and indicator_id = 'gdp' order by kind, fact_id, choice_rank"
    )
    assert len(found) == 2
    assert "上饶" in rows_of(base, "from vintages('gdp', cities := ['上绕'])")[0]["note"]
    assert len(rows_of(base, "from vintages('gdp')")) == 3
    assert rows_of(base, "from derived(['萍乡'])") == rows_of(base, "from derived_facts")
    assert [row["value"] for row in rows_of(base, "from derived(['萍乡'])")] == [111e9]
    assert rows_of(base, "from derived(['上饶'])") == []


def test_evidence(base: duckdb.DuckDBPyConnection) -> None:
    fill(base, {"documents": [{"document_id": "d1"}], "metrics": [{"metric_id": "m1"}, {"metric_id": "m2"}]})
    (row,) = rows_of(base, "from evidence('m1')")
    assert (row["evidence"], row["outlet"], row["source_uri"]) == ("全年生产总值1160亿元。", "萍乡日报", "/in/a.txt")
    assert "生产总值" in row["context"]


BAD: dict[str, dict[str, Any]] = {
    "orphan_metrics": {"metrics": [{"metric_id": "m", "document_id": "nowhere"}]},
    "duplicate_documents": {"documents": [{"document_id": "d1"}, {"document_id": "d1"}]},
    "duplicate_metrics": {"metrics": [{"metric_id": "m"}, {"metric_id": "m"}]},
    "evidence_without_value": {"metrics": [{"metric_id": "m", "evidence": "另一句。"}]},
    "offsets_off": {"documents": [{"document_id": "d1"}], "metrics": [{"metric_id": "m", "char_start": 7}]},
    "period_reversed": {"metrics": [{"metric_id": "m", "period_end": dt.date(2022, 1, 1)}]},
    "period_after_publication": {
        "documents": [{"document_id": "d1"}],
        "metrics": [{"metric_id": "m", "period_start": dt.date(2030, 1, 1), "period_end": dt.date(2030, 12, 31)}],
    },
    "unknown_places": {"metrics": [{"metric_id": "m", "region_code": "999999"}]},
    "unknown_indicators": {"metrics": [{"metric_id": "m", "indicator_id": "happiness"}]},
    "unknown_words": {"metrics": [{"metric_id": "m", "kind": "guess"}]},
    "unit_against_kind": {"metrics": [{"metric_id": "m", "kind": "gap_pp"}]},
    "unit_against_indicator": {"metrics": [{"metric_id": "m", "unit": "t"}]},
    "value_missing": {"metrics": [{"metric_id": "m", "value": 9.0, "value_high": 8.0}]},
    "rank_not_whole": {"metrics": [{"metric_id": "m", "kind": "rank", "unit": "rank", "value": 0.5}]},
    "implausible_values": {"documents": [{"document_id": "d1"}], "metrics": [{"metric_id": "m", "value": 1.0}]},
    "year_below_year_to_date": {
        "documents": [{"document_id": "d1"}],
        "metrics": [
            {"metric_id": "m", "value": 1e11},
            {"metric_id": "n", "value": 2e11, "period_type": "ytd", "period_end": dt.date(2023, 9, 30)},
        ],
    },
    "empty_body": {"documents": [{"document_id": "d1", "body": " "}]},
}


@pytest.mark.parametrize("check", quality.checks(), ids=lambda check: check.name)
def test_check_finds_bad_rows_only(base: duckdb.DuckDBPyConnection, check: quality.Check) -> None:
    body = "全年生产总值1160亿元。"
    fill(base, {"documents": [{"document_id": "d1", "body": body}], "metrics": [{"metric_id": "m"}]})
    assert base.execute(check.sql).fetchall() == []
    if check.name in BAD:
        fill(base, BAD[check.name])
        assert len(base.execute(check.sql).fetchall()) == 1


def test_checks_without_a_bad_example_are_known() -> None:
    assert {check.name for check in quality.checks()} - BAD.keys() == {"duplicate_facts", "unfinished_runs"}


def test_unfinished_runs(base: duckdb.DuckDBPyConnection) -> None:
    rows = [
        {"run_id": "a", "started_at": dt.datetime.fromisoformat("2024-01-01"), "run_status": "running"},
        {"run_id": "b", "started_at": dt.datetime.fromisoformat("2024-01-02"), "run_status": "running"},
    ]
    base.register("rows_given", to_arrow("runs", rows))
    base.execute("delete from runs")
    base.execute("insert into runs from rows_given")
    (check,) = [each for each in quality.checks() if each.name == "unfinished_runs"]
    assert [row[0] for row in base.execute(check.sql).fetchall()] == ["a"]
    base.execute("delete from runs")


def test_twelve_examples() -> None:
    assert len(query.examples()) >= 12


@pytest.mark.parametrize("name", sorted(query.examples()))
def test_example_runs(base: duckdb.DuckDBPyConnection, name: str) -> None:
    series(base)
    base.execute(query.example(name)).fetchall()
    assert query.examples()[name]
