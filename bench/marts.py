"""What the marts cost: a ranking of one year and a trend of two cities, beside a bare GROUP BY over the same Parquet.

    nice python -m bench.marts [--rows 20000000] [--folder FOLDER] [--memory 2GB]

A publish of made-up rows is written directly (sorted Parquet in parts of 100,000 documents, 20 values each), then its facts
are chosen, then the questions are asked. Ratios are of best times in this one run. A folder that is given is kept and used again.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from warehouse import facts, views
from warehouse.catalog import new_connection, quote
from warehouse.dimensions import DIMENSIONS, read_dimension
from warehouse.settings import Settings
from warehouse.tables import column, table, to_arrow

DOCUMENTS_PER_PART = 100_000
VALUES_PER_DOCUMENT = 20

DRAWN = """
create or replace temp table drawn as
select
    number,
    sha256(number::varchar) as document_id,
    if(hash(number, 'again') % 4 = 0, sha256((number - 1)::varchar), sha256(number::varchar)) as story_id,
    city_codes[1 + (hash(number, 'city') % len(city_codes))::bigint] as code,
    2024 - floor(20 * power((hash(number, 'year') % 1000) / 1000.0, 1.6))::bigint as year,
    ['某市统计局', '某市人民政府', '某市日报', '某网', '某某晚报', '某新闻客户端'][1 + (hash(number, 'outlet') % 6)::bigint] as outlet
from range({first}, {last}) as r(number),
    (select list(code order by code) as city_codes from places where level = 'city' or code in ('110000', '120000', '310000', '500000'))
"""

DOCUMENTS = """
select
    document_id, story_id, '/in/' || number || '.html' as source_uri, 'html' as format, 'utf-8' as encoding,
    year || '年全市经济运行情况之' || number as title,
    make_timestamp(year + 1, 1 + (number % 12)::bigint, 1 + (number % 28)::bigint, 9, 30, 0.0) as published_at,
    outlet, code as city_code, 'https://news.example.net/' || number as url, year || '年的一篇报道。' as body,
    8 as body_chars, 0 as chrome_chars, '1' as parser_version
from drawn
"""

METRICS = """
with stated as (
    select
        d.*, v.nth, indicator_ids[1 + floor(len(indicator_ids) * power((hash(number, v.nth, 'i') % 10000) / 10000.0, 2))::bigint] as indicator_id,
        case when hash(number, v.nth, 'k') % 20 < 9 then 'level' when hash(number, v.nth, 'k') % 20 < 17 then 'growth_yoy'
            when hash(number, v.nth, 'k') % 20 = 17 then 'share' when hash(number, v.nth, 'k') % 20 = 18 then 'change' else 'rank' end as kind,
        case when hash(number, v.nth, 'p') % 20 < 8 then 'year' when hash(number, v.nth, 'p') % 20 < 16 then 'ytd' else 'month' end as period_type,
        2 + (hash(number, v.nth, 'm') % 10)::bigint as month
    from drawn as d, range({values}) as v(nth), (select list(indicator_id order by indicator_id) as indicator_ids from indicators)
),

timed as (
    select
        *,
        if(period_type = 'month', make_date(year, month, 1), make_date(year, 1, 1)) as period_start,
        if(period_type = 'year', make_date(year, 12, 31), last_day(make_date(year, month, 1))) as period_end,
        round((hash(code, indicator_id, kind, year, period_type) % 1000000) / 100.0 + if(hash(number, nth, 'w') % 20 = 0, 1, 0), 2) as amount
    from stated
)

select
    document_id[:20] || '-' || nth as metric_id, document_id, story_id,
    make_timestamp(year + 1, 1 + (number % 12)::bigint, 1 + (number % 28)::bigint, 9, 30, 0.0) as published_at,
    code as region_code, '某市' as region, if(hash(number, nth, 'l') % 5 = 0, 'county', 'city') as region_level, '全市' as subject,
    if(hash(number, nth, 's') % 10 = 0, 'organization', 'city') as subject_type, indicator_id, indicator_id as indicator_text, kind,
    if(hash(number, nth, 't') % 15 = 0, 'target', 'actual') as status,
    case kind when 'level' then amount * 1e8 when 'rank' then amount::bigint % 20 else amount % 20 end as value,
    case kind when 'level' then 'CNY' when 'rank' then 'rank' else '%' end as unit,
    amount || case kind when 'level' then '亿元' when 'rank' then '' else '%' end as value_text,
    if(hash(number, nth, 'c') % 12 = 0, 'gt', 'eq') as comparator, year || '年' as period_text,
    period_start, period_end, period_type, if(kind = 'rank', '全省', null) as rank_scope,
    year || '年，全市' || indicator_id || '为' || amount || '，比上年有所增长，其中第' || (nth + 1) || '项居全省前列。' as evidence,
    nth * 40 as char_start, nth * 40 + 6 as char_end, 'made' as rule_id, 0.9 as confidence, '1' as parser_version
from timed
"""

GROUP_BY = """
select region_code, indicator_id, kind, unit, period_type, period_start, period_end, count(*) as times, max(value) as value
from metrics
where status = 'actual' and region_level = 'city' and subject_type = 'city' and period_type = 'year' and period_end = date '2023-12-31'
group by all
"""

QUESTIONS = {
    "city_rank of 2023": "from city_rank where period_type = 'year' and period_end = date '2023-12-31'",
    "city_rank of GDP in 2023": "from city_rank where indicator_id = 'gdp' and period_type = 'year' and period_end = date '2023-12-31'",
    "trend of two cities": "from trend('gdp', cities := ['萍乡', '上饶'])",
    "compare": "from compare('gdp', '2023年')",
    "coverage": "from coverage",
}


def copy(connection: duckdb.DuckDBPyConnection, name: str, sql: str, path: Path) -> None:
    """Write rows as the publish does: all columns of the contract, in its order."""
    given = {row[0] for row in connection.execute(f"describe {sql}").fetchall()}
    listed = ", ".join(
        f'{each if each in given else "null"}::{column(each).sql_type} as "{each}"' for each in table(name).columns
    )
    connection.execute(
        f"copy (select {listed} from ({sql}) order by {', '.join(table(name).sort)}) to {quote(str(path))} "
        "(format parquet, compression zstd)"
    )


def generate(folder: Path, rows: int, settings: Settings) -> None:
    """Write the base tables of a publish of about so many values."""
    for name in views.BASE_TABLES:
        (folder / name).mkdir(parents=True)
    with new_connection() as connection:
        connection.execute(f"set memory_limit = {quote(settings.memory_limit)}")
        for name in views.BASE_TABLES:
            given = read_dimension(name, settings.knowledge) if name in DIMENSIONS else to_arrow(name, [])
            given = given.select(list(table(name).columns))
            if name in DIMENSIONS:
                connection.register(name, given)
            if name not in ("documents", "metrics"):
                pq.write_table(given, folder / name / "part-0.parquet")
        documents = rows // VALUES_PER_DOCUMENT
        for first in range(0, documents, DOCUMENTS_PER_PART):
            last = min(documents, first + DOCUMENTS_PER_PART)
            connection.execute(DRAWN.format(first=first, last=last))
            copy(connection, "documents", DOCUMENTS, folder / "documents" / f"part-{first:010d}.parquet")
            metrics = METRICS.format(values=VALUES_PER_DOCUMENT)
            copy(connection, "metrics", metrics, folder / "metrics" / f"part-{first:010d}.parquet")


def best(work: Callable[[], object], times: int = 3) -> float:
    """The least of some times in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def choose(folder: Path, settings: Settings) -> None:
    """Choose the facts of all rows, then once more those of a day's news: how long each takes, and how much memory."""
    known = folder / "leaves.json"
    if known.exists():
        leaves = [facts.Leaf(**entry) for entry in json.loads(known.read_text(encoding="utf-8"))]
    else:
        began = time.perf_counter()
        leaves = facts.write_facts(settings, folder, None, [], None)
        print(f"choose all facts               {time.perf_counter() - began:8.2f} s   {peak()}")
        known.write_text(json.dumps([leaf.to_json() for leaf in leaves]), encoding="utf-8")
    print(f"{len(leaves):,} leaves of {sum(leaf.rows for leaf in leaves):,} facts")
    with new_connection() as connection:
        path = quote(str(folder / "metrics" / "*.parquet"))
        for documents in (1, 100, 2_000):
            changed = connection.execute(
                f"select distinct region_code, indicator_id, year(period_end) from read_parquet({path}) where document_id in "
                f"(select sha256(number::varchar) from range({documents}) as r(number))"
            ).fetchall()
            again = folder.with_name(f"{folder.name}-again")
            again.mkdir()
            for name in views.BASE_TABLES:
                (again / name).symlink_to((folder / name).absolute())
            began = time.perf_counter()
            now = facts.write_facts(settings, again, folder, leaves, set(changed))
            seconds = time.perf_counter() - began
            shutil.rmtree(again)
            anew = len({leaf.first for leaf in now} - {leaf.first for leaf in leaves if leaf in now})
            print(
                f"again after {documents:5d} new documents  {seconds:7.2f} s   {len(changed):,} changed, {anew} leaves anew   {peak()}"
            )


def peak() -> str:
    """The most memory so far."""
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB"


def ask(folder: Path) -> None:
    """Ask the questions and print how they compare with the bare GROUP BY."""
    with new_connection() as connection:
        views.create_base_views(connection, folder)
        views.create_chosen_views(connection, folder)
        views.create_marts(connection, chosen=True)
        rows = connection.execute("select (select count(*) from metrics), (select count(*) from city_facts)").fetchall()
        print(f"{rows[0][0]:,} values, {rows[0][1]:,} facts")
        floor = best(lambda: connection.execute(f"create or replace temp table answer as {GROUP_BY}"))
        print(f"{'bare GROUP BY of 2023':30} {floor:8.3f} s")
        for name, question in QUESTIONS.items():
            sql = f"create or replace temp table answer as {question}"
            seconds = best(lambda sql=sql: connection.execute(sql))
            ((count,),) = connection.execute("select count(*) from answer").fetchall()
            print(f"{name:30} {seconds:8.3f} s   x {seconds / floor:5.2f}   {count:,} rows")


def main() -> None:
    """Generate, choose, ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--memory", default="2GB")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        settings = replace(Settings.load(scratch, {}), memory_limit=given.memory)
        folder = given.folder or Path(scratch) / "publish"
        if not folder.exists():
            began = time.perf_counter()
            generate(folder, given.rows, settings)
            print(f"generate                       {time.perf_counter() - began:8.2f} s")
        choose(folder, settings)
        ask(folder)


if __name__ == "__main__":
    main()
