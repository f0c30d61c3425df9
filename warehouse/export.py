"""Files for people who do not write SQL: one workbook, CSV that Excel reads, a description of both, a database to carry away.

Text from the web goes into cells as text: nothing a page says can become a formula.
"""

from __future__ import annotations

import csv
import datetime as dt
import functools
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import xlsxwriter

from warehouse import views
from warehouse.catalog import new_connection, quote
from warehouse.publish import current_manifest
from warehouse.query import connect
from warehouse.settings import Settings
from warehouse.tables import Column, column, columns, table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["EXPORTED", "WARNINGS", "export", "safe_text"]

EXPORTED = {
    "city_trend": "序列",
    "city_facts": "事实",
    "city_rank": "对比",
    "fact_vintages": "各次公布",
    "conflicts": "修订与分歧",
    "derived_facts": "推算",
    "coverage": "覆盖",
    "data_quality": "数据检查",
    "indicators": "指标表",
}
"""What is exported, with the name of its sheet."""

WARNINGS = {
    "mixed_units": "不同单位（如元与美元、累计与全年）各占一行，不要相加。",
    "do_not_sum": "分项、累计与重复公布的数值都在其中，不要求和。",
    "bounds_are_not_values": "comparator 不是 eq 的只是界限（超、近、约），不是准确值。",
    "growth_is_reported_not_computed": "增速为公布值，不由两期水平推算：水平会修订且按现价，增速多按可比价。",
    "gaps_are_rows": "is_gap 为真的行表示这一期没有数据。",
    "place_counts_only_cities_present": "place 只在本库已有城市之间排位；报道所称位次见 reported_ranks。",
    "derived_not_stated": "推算值不是原文，low 与 high 为四舍五入允许的范围。",
    "reprints_included": "转载未去重。",
}
"""The vocabulary of usage warnings that the marts' descriptions choose from."""

XLSX_ROWS = 1_048_575
XLSX_CHARS = 32_767
FETCH = 5_000

FORMULA = re.compile(r"[=@\t\r]|[+\-](?![0-9.,]+(?:%|‰)?\D{0,8}$)")


def safe_text(text: str) -> str:
    """A text as a CSV cell that no spreadsheet takes for a formula; negative numbers stay as they are.

    >>> safe_text("=1+1"), safe_text("-3.2%"), safe_text("萍乡")
    ("'=1+1", '-3.2%', '萍乡')
    """
    return "'" + text if FORMULA.match(text) else text


def export(settings: Settings, to: Path | None = None, *, portable: bool = False) -> list[Path]:
    """Write workbook, CSV and datapackage.json (and a portable database) of what is published; returns the files."""
    target = to or settings.exports_path
    target.mkdir(parents=True, exist_ok=True)
    manifest = current_manifest(settings) or {}
    written: list[Path] = []
    with connect(settings) as connection:
        written.append(_replace(target / "chengshu.xlsx", lambda path: _workbook(connection, path, manifest)))
        tables_written = []
        for name in EXPORTED:
            path = _replace(target / f"{name}.csv", functools.partial(_csv, connection, name))
            tables_written.append((name, path))
            written.append(path)
        package = _package(connection, tables_written, manifest)
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    written.append(_replace(target / "datapackage.json", lambda path: path.write_text(text, encoding="utf-8")))
    if portable:
        written.append(_replace(target / "chengshu-portable.duckdb", lambda path: _portable(settings, path, manifest)))
    return written


def _replace(path: Path, write: Callable[[Path], object]) -> Path:
    """Write beside the old file and put the new one in its place in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    write(fresh)
    fresh.replace(path)
    return path


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    order = "check_name" if name == "data_quality" else "all"
    cursor = connection.cursor().execute(f"select * from {name} order by {order}")
    names = [each[0] for each in cursor.description or []]

    def fetched() -> Iterator[tuple[Any, ...]]:
        while batch := cursor.fetchmany(FETCH):
            yield from batch

    return names, fetched()


def _plain(value: object) -> object:
    """A value as a file for people holds it: no infinities, no seconds that nobody gave."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _csv(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    names, rows = _rows(connection, name)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for row in rows:
            writer.writerow([safe_text(value) if isinstance(value, str) else _plain(value) for value in row])


def _workbook(connection: duckdb.DuckDBPyConnection, path: Path, manifest: dict[str, Any]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        made = dt.datetime.fromisoformat(str(manifest.get("published_at", "2000-01-01 00:00:00")))
        book.set_properties({"title": "城数", "created": made})
        head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        times = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        _explain(book.add_worksheet("说明"), manifest, head, wrap)
        for name, title in EXPORTED.items():
            sheet = book.add_worksheet(title)
            names, rows = _rows(connection, name)
            sheet.freeze_panes(1, 0)
            for at, each in enumerate(names):
                sheet.set_column(at, at, _width(each))
            sheet.write_row(0, 0, names, head)
            last = 0
            for number, row in enumerate(rows, start=1):
                if number >= XLSX_ROWS:
                    sheet.write_string(number, 0, f"只到第 {XLSX_ROWS} 行，其余见 {name}.csv")
                    break
                last = number
                for at, value in enumerate(row):
                    _cell(sheet, number, at, value, times)
            sheet.autofilter(0, 0, last, len(names) - 1)


def _width(name: str) -> int:
    known = columns().get(name)
    if name in {"evidence", "title", "description_zh", "description_en", "example", "definition_note", "aliases_zh"}:
        return 40
    return 19 if known is not None and known.type == "timestamp" else 14


def _cell(sheet: Worksheet, row: int, at: int, value: object, times: Format) -> None:
    """One value in its own type; text always as text."""
    value = _plain(value)
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, at, value[:XLSX_CHARS])
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, at, value, times)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, at, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value)


def _explain(sheet: Worksheet, manifest: dict[str, Any], head: Format, wrap: Format) -> None:
    """The sheet that is read first: what this is, what not to do with it, what every column means."""
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 2, 60, wrap)
    lines = [
        ("城数", f"第 {manifest.get('number', '')} 次发布，{manifest.get('published_at', '')}（北京时间）"),
        ("每个数值", "都由一篇报道的原句读出：metric_id 可用 chengshu explain 查到原句和原文位置。"),
        ("单位", "数值一律为基准单位：元、吨、平方米……；百分数以点计（7.9 即 7.9%）；下降为负。"),
        *((f"注意 {key}", text) for key, text in WARNINGS.items()),
    ]
    at = 0
    for at, (key, text) in enumerate(lines):
        sheet.write_string(at, 0, key)
        sheet.write_string(at, 1, text)
    at += 2
    for title, name in ((title, name) for name, title in EXPORTED.items()):
        described = views.mart(name) if name in views.MARTS else table(name)
        sheet.write_string(at, 0, title, head)
        sheet.write_string(at, 1, f"{name}：{described.zh}", head)
        sheet.write_string(at, 2, described.en, head)
        at += 1
    at += 1
    sheet.write_row(at, 0, ["字段", "含义", "Meaning"], head)
    for field in columns().values():
        at += 1
        sheet.write_string(at, 0, field.name)
        sheet.write_string(at, 1, field.zh + (f"（{field.unit}）" if field.unit else ""))
        sheet.write_string(at, 2, field.en)


FRICTIONLESS = {
    "string": "string",
    "int64": "integer",
    "double": "number",
    "date": "date",
    "timestamp": "datetime",
    "bool": "boolean",
}


def _field(described: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": described.name,
        "type": FRICTIONLESS[described.type],
        "title": described.zh,
        "description": described.en,
    }
    if described.type == "timestamp":
        field["format"] = "%Y-%m-%d %H:%M:%S"
    if described.type == "bool":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    if described.unit:
        field["unit"] = described.unit
    return field


def _package(
    connection: duckdb.DuckDBPyConnection, written: Sequence[tuple[str, Path]], manifest: dict[str, Any]
) -> dict[str, Any]:
    """The Frictionless description: every file by its relative path with size and digest, every column with its meaning."""
    resources = []
    for name, path in written:
        described = views.mart(name) if name in views.MARTS else table(name)
        names = [row[0] for row in connection.execute(f"describe {name}").fetchall()]
        content = path.read_bytes()
        resources.append(
            {
                "name": name,
                "path": path.name,
                "title": described.zh,
                "description": described.en,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig",
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "schema": {"fields": [_field(column(each)) for each in names], "missingValues": [""]},
                "warnings": [WARNINGS[key] for key in getattr(described, "warnings", ())],
            }
        )
    return {
        "profile": "tabular-data-package",
        "name": "chengshu",
        "title": "城数：城市新闻里的城市数据",
        "version": str(manifest.get("number", "")),
        "created": str(manifest.get("published_at", "")).replace(" ", "T") + "+08:00",
        "resources": resources,
    }


def _portable(settings: Settings, path: Path, manifest: dict[str, Any]) -> None:
    """A database with the tables inside, which needs nothing beside it."""
    folder = (settings.publish_path / "current").resolve()
    with new_connection(str(path)) as connection:
        connection.execute(f"set memory_limit = {quote(settings.memory_limit)}")
        connection.execute(f"set temp_directory = {quote(str(settings.home / 'tmp'))}")
        for name in (*views.BASE_TABLES, *views.CHOSEN):
            pattern = quote(str(folder / name / "*.parquet"))
            connection.execute(f"create table {name} as from read_parquet({pattern})")
        views.create_marts(connection, chosen=True)
        views.comment(connection)
        connection.execute(
            f"create view publish_info as select {int(manifest.get('number', 0))} as number, "
            f"timestamp {quote(str(manifest.get('published_at')))} as published_at, null::varchar as folder"
        )
        connection.execute("checkpoint")
