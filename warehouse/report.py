"""One HTML file that says what is in the warehouse: charts, places, disagreements, and the sentence behind every number.

It works without a network and runs nothing but its own script. What pages said is escaped wherever it is put.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from warehouse.publish import current_manifest
from warehouse.query import connect
from warehouse.settings import Settings
from warehouse.tables import column, columns

__all__ = ["mark", "report", "script_json"]

INDICATORS = 12
CITIES = 24
"""Lines beyond this number cannot be told apart; the cities with most points are drawn."""
TABLE_ROWS = 40
SHORT = 8
"""Texts up to this length are not broken into lines."""
PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def script_json(value: object) -> str:
    r"""A value as JSON that may stand inside a script element, whatever text it holds.

    >>> print(script_json("</script>"))
    "\u003c/script\u003e"
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=str)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def mark(evidence: str, value_text: str, at: int | None = None) -> str:
    """A sentence as HTML with its value marked: the one at offset ``at``, else the first.

    >>> mark("增长<5%", "5%")
    '增长&lt;<mark>5%</mark>'
    >>> mark("1家和1家", "1家", 3)
    '1家和<mark>1家</mark>'
    """
    if at is None or evidence[at : at + len(value_text)] != value_text:
        at = evidence.find(value_text)
    if at < 0 or not value_text:
        return html.escape(evidence)
    end = at + len(value_text)
    return f"{html.escape(evidence[:at])}<mark>{html.escape(evidence[at:end])}</mark>{html.escape(evidence[end:])}"


def report(settings: Settings) -> Path:
    """Write the report over what is published; returns its path."""
    manifest = current_manifest(settings) or {}
    with connect(settings) as connection:
        content = _content(connection, manifest)
    # one pass, so that nothing put in is read for placeholders again
    page = PLACEHOLDER.sub(lambda found: content[found.group(1)], _file("report.html"))
    settings.reports_path.mkdir(parents=True, exist_ok=True)
    path = settings.reports_path / "chengshu.html"
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(page, encoding="utf-8")
    fresh.replace(path)
    return path


def _content(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> dict[str, str]:
    series, evidence = _series(connection)
    conflicts = _ask(
        connection,
        f"""
        select city, indicator, kind, period_end, reading, value_text, outlet, other_value_text, other_outlet,
            other_published_at::date as other_published_at
        from conflicts order by abs(relative_difference) desc nulls last, city, indicator, period_end, other_metric_id
        limit {TABLE_ROWS}
        """,
    )
    derived = _with_units(
        _ask(
            connection,
            f"""
            select derivation, region, indicator, period_end, value, low, high, unit, city, evidence
            from derived_facts order by indicator, period_end desc, region, derived_id limit {TABLE_ROWS}
            """,
        )
    )
    coverage = _ask(
        connection,
        """
        select city, min(year) as first_year, max(year) as last_year, sum(facts)::bigint as facts,
            max(indicators) as indicators, sum(confirmed_facts)::bigint as confirmed_facts,
            sum(disputed_facts)::bigint as disputed_facts
        from coverage group by city order by facts desc, city
        """,
    )
    quality = _ask(
        connection,
        "select check_name, severity, description_zh, bad_rows from data_quality order by bad_rows desc, check_name",
    )
    rejects = _ask(
        connection,
        """
        select stage, reason_code, any_value(reason) as reason, count(*) as rejects, max(last_seen) as last_seen
        from rejects group by stage, reason_code order by rejects desc, stage, reason_code
        """,
    )
    counts = manifest.get("counts", {})
    labels = (("documents", "篇文档"), ("metrics", "个数值"), ("rejects", "条拒收"))
    return {
        "published": html.escape(
            f"第 {manifest.get('number', '')} 次发布　{manifest.get('published_at', '')}（北京时间）"
        ),
        "counts": "".join(f"<div class=card><b>{int(counts.get(key, 0)):,}</b>{label}</div>" for key, label in labels)
        + f"<div class=card><b>{len(coverage[1]):,}</b>个城市</div>",
        "data": script_json({"series": series, "evidence": evidence, "scales": SCALES}),
        "echarts": _file("vendor/echarts.common.min.js"),
        "script": _file("report.js"),
        "conflicts": _table(conflicts, "没有超出四舍五入的分歧。"),
        "derived": _table(derived, "没有可推算的值。"),
        "coverage": _table(coverage, "还没有城市数据。"),
        "quality": _table(quality, "没有检查。"),
        "rejects": _table(rejects, "没有拒收的文件。"),
    }


Rows = tuple[list[str], list[tuple[Any, ...]]]


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    cursor = connection.execute(sql)
    return [each[0] for each in cursor.description or []], cursor.fetchall()


def _series(connection: duckdb.DuckDBPyConnection) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The yearly series of the indicators that most cities have, and what stands behind every point."""
    names, rows = _ask(
        connection,
        f"""
        with yearly as (
            select *, case series when '年末' then '年末' else '年' end as which from city_trend
            where series in ('年', '年末') and not is_gap and item is null
        ), chosen as (
            select indicator_id, which, count(distinct city_code) as cities, count(*) as points
            from yearly group by indicator_id, which
            order by cities desc, points desc, indicator_id limit {INDICATORS}
        ), drawn as (
            select y.*, c.cities, c.points, dense_rank() over (partition by y.indicator_id order by n.points desc, y.city_code) as place
            from yearly y join chosen c using (indicator_id, which)
            join (select indicator_id, city_code, count(*) as points from yearly group by all) n using (indicator_id, city_code)
        )
        select indicator_id, indicator, which, city, year, value, unit, comparator, growth_yoy, agreement, metric_id,
            growth_metric_id
        from drawn where place <= {CITIES} order by cities desc, points desc, indicator_id, city_code, year, unit
        """,
    )
    series: dict[tuple[str, str], dict[str, Any]] = {}
    wanted: set[str] = set()
    for row in rows:
        point = dict(zip(names, row, strict=True))
        key = (point["indicator_id"], point["unit"] or "")
        entry = series.setdefault(
            key, {"id": point["indicator_id"], "name": point["indicator"], "unit": point["unit"], "points": []}
        )
        entry["points"].append(
            [
                point[each]
                for each in (
                    "city",
                    "year",
                    "value",
                    "growth_yoy",
                    "comparator",
                    "agreement",
                    "metric_id",
                    "growth_metric_id",
                )
            ]
        )
        wanted.update(each for each in (point["metric_id"], point["growth_metric_id"]) if each)
    return _whole(series.values()), _evidence(connection, wanted)


def _whole(series: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A series that is known by its growth alone joins the series of the same indicator that has levels."""
    listed = list(series)
    with_unit = {entry["id"]: entry for entry in listed if entry["unit"]}
    whole = []
    for entry in listed:
        target = None if entry["unit"] else with_unit.get(entry["id"])
        if target is None:
            whole.append(entry)
        else:
            target["points"].extend(entry["points"])
    return whole


def _evidence(connection: duckdb.DuckDBPyConnection, wanted: set[str]) -> dict[str, dict[str, Any]]:
    rows = connection.execute(
        """
        select m.metric_id, m.evidence, m.value_text, d.title, d.outlet, d.published_at::date, d.source_uri, d.url,
            substr(d.body, greatest(1, m.char_start + 1 - length(m.evidence))::bigint, (m.char_start)::bigint) as before_it,
            least(m.char_start, length(m.evidence)) as reach
        from metrics as m join documents as d on m.document_id = d.document_id
        where m.metric_id in (select unnest(?)) order by m.metric_id
        """,
        [sorted(wanted)],
    ).fetchall()
    return {
        row[0]: {
            "html": mark(row[1] or "", row[2] or "", _offset(row[1] or "", row[8] or "", row[9] or 0)),
            "title": row[3],
            "outlet": row[4],
            "date": row[5],
            "source": row[7] or row[6],
        }
        for row in rows
    }


def _offset(evidence: str, before: str, reach: int) -> int | None:
    """Where in its sentence a value stands, from the text right before it: the longest of its ends that begins the sentence."""
    before = before[:reach]
    return next(
        (size for size in range(len(before), -1, -1) if evidence.startswith(before[len(before) - size :])), None
    )


SCALES = {
    "CNY": (1e8, "亿元"),
    "USD": (1e8, "亿美元"),
    "人": (1e4, "万人"),
    "t": (1e4, "万吨"),
    "m2": (1e4, "万平方米"),
    "kWh": (1e8, "亿千瓦时"),
    "CNY/person": (1, "元/人"),
    "rank": (1, "位"),
    "pp": (1, "个百分点"),
}
"""Canonical units as people write them, for charts and tables alike."""


def _rounded(value: float) -> float:
    return round(value, 2 if abs(value) >= 100 else 4)


def _with_units(rows: Rows) -> Rows:
    """Values in the units that people write: 343,898,000,000 CNY becomes 3,438.98 亿元."""
    names, lines = rows
    amounts = {names.index(each) for each in ("value", "low", "high")}
    unit = names.index("unit")
    scaled = []
    for line in lines:
        scale, written = SCALES.get(line[unit], (1, line[unit]))
        scaled.append(
            tuple(
                written if at == unit else _rounded(value / scale) if at in amounts and value is not None else value
                for at, value in enumerate(line)
            )
        )
    return names, scaled


WORDS = {
    "kind": {
        "level": "水平",
        "count": "数量",
        "growth_yoy": "同比",
        "growth_mom": "环比",
        "growth": "增速",
        "change": "增量",
        "change_pp": "百分点变动",
        "gap_pp": "百分点差距",
        "share": "占比",
        "contribution": "贡献",
        "ratio": "比率",
        "rank": "位次",
        "streak": "连续",
        "duration": "时长",
        "index": "指数",
    },
    "reading": {"revision": "修订", "same_document": "同文不同值", "conflict": "不一致"},
    "severity": {"error": "错误", "warning": "提示"},
    "stage": {
        "discover": "查找",
        "archive": "压缩包",
        "read": "读取",
        "decode": "解码",
        "blocks": "分段",
        "chrome": "正文",
        "parse": "解析",
    },
}
"""Words of the contract as readers of the report see them; a word that is not here stays as it is."""


def _cell(name: str, value: object) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, dt.date):
        return f"<td class=short>{value:%Y-%m-%d}</td>"
    if name in WORDS:
        value = WORDS[name].get(str(value), value)
    if isinstance(value, float):
        return f"<td class=number>{html.escape(f'{value:,.10g}')}</td>"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<td class=number>{value}</td>" if "year" in name else f"<td class=number>{value:,}</td>"
    text = str(value)
    return f"<td{' class=short' if len(text) <= SHORT else ''}>{html.escape(text)}</td>"


def _table(rows: Rows, empty: str) -> str:
    names, lines = rows
    if not lines:
        return f"<p class=quiet>{html.escape(empty)}</p>"
    return _html_table(names, lines)


def _html_table(names: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    figures = [any(isinstance(line[at], int | float) for line in lines) for at in range(len(names))]
    head = "".join(
        f'<th{" class=number" if figure else ""} title="{html.escape(column(name).en) if name in columns() else ""}">{html.escape(_label(name))}</th>'
        for name, figure in zip(names, figures, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(_cell(name, value) for name, value in zip(names, line, strict=True)) + "</tr>"
        for line in lines
    )
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


LABELS = {
    "first_year": "起",
    "last_year": "止",
    "description_zh": "检查什么",
    "rejects": "件数",
    "kind": "类别",
    "severity": "程度",
    "reading": "关系",
    "value": "推算值",
    "unit": "单位",
    "low": "下界",
    "high": "上界",
    "city": "城市",
    "region": "地区",
    "derivation": "方法",
    "period_end": "期末",
    "value_text": "采用值",
    "outlet": "来源",
    "other_value_text": "另一值",
    "other_outlet": "另一来源",
    "other_published_at": "另一报道",
    "confirmed_facts": "两稿以上",
    "disputed_facts": "不一致",
}


def _label(name: str) -> str:
    """The short Chinese name of a column: its description up to the first mark."""
    if name in LABELS:
        return LABELS[name]
    return re.split(r"[（：，、；\s]", column(name).zh)[0] if name in columns() else name
