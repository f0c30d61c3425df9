"""What the commands print, and how they run what they print: results of runs, publishes and checks, rows, series."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer

from flows.terminal import UserError

if TYPE_CHECKING:
    import duckdb

    from flows.load import IngestResult
    from warehouse.settings import Settings

__all__ = [
    "Format", "end", "ingest_as_flow", "print_lines", "print_rows", "publish_and_tell", "show_trend", "tell", "tell_outdated",
]  # fmt: skip

SHOWN_PROBLEMS = 20


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def ingest_as_flow(settings: Settings, sources: Sequence[str], executor: str, workers: int | None) -> None:
    """Ingest by the Prefect flow and tell of it as of any other run."""
    print(f"读取 {'、'.join(sources)}（启动 Prefect 流程，需几秒）", flush=True)
    # on a busy machine Prefect's own server takes longer than the 20 seconds it is given
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "300")
    from flows.ingest import ingest_flow
    from flows.load import IngestResult

    state = ingest_flow(
        [_absolute(source) for source in sources],
        home=str(settings.home),
        executor=executor,
        workers=workers,
        return_state=True,
    )
    if not state.is_completed():
        raise UserError(f"流程没有完成：{state.message}")
    counts: dict[str, Any] = state.result()
    number, checks = counts.pop("publish", None), counts.pop("checks", {})
    result = IngestResult(**counts)
    tell(settings, result)
    if number is not None:
        print(f"已发布：第 {number} 次，{settings.publish_path / 'current'}")
        _tell_checks(checks)
    end(result)


def _absolute(source: str) -> str:
    return os.path.abspath(os.path.expanduser(source))  # noqa: PTH100, PTH111 - a glob is no path


def tell(settings: Settings, result: IngestResult) -> None:
    """Print what was refused, then what was done, in one line."""
    from flows.progress import summary

    for uri, code, reason in result.problems[:SHOWN_PROBLEMS]:
        print(f"拒收　{uri}：{reason}（{code}）", file=sys.stderr)
    if result.rejects > SHOWN_PROBLEMS:
        print(f"……共拒收 {result.rejects:,} 个，全部在 rejects 表中", file=sys.stderr)
    print(summary(result))
    print(f"仓库：{settings.home}")
    tell_outdated(settings)


def tell_outdated(settings: Settings) -> None:
    """Print how many documents wait for a reparse."""
    from flows.load import outdated

    count = outdated(settings)
    if count:
        print(f"另有 {count:,} 篇由旧版解析器读过，用 chengshu reparse 重读", file=sys.stderr)


def end(result: IngestResult) -> None:
    """Leave with 2 where the caller named nothing that exists; bad files are rows in ``rejects``, not failures."""
    absent = {"missing", "no_match"}
    if not result.seen and result.problems and all(code in absent for _, code, _ in result.problems):
        raise typer.Exit(2)


def publish_and_tell(settings: Settings) -> None:
    """Publish and print what is published, and where."""
    from warehouse.publish import publish as run

    published = run(settings)
    counts = "，".join(f"{name} {count:,}" for name, count in published.counts.items())
    word = "已发布" if published.changed else "没有变化，仍为"
    print(f"{word}：第 {published.number} 次（{counts}）；用时 {published.seconds:.1f} 秒")
    print(f"数据：{settings.publish_path / 'current'}　数据库：{settings.database}")
    _tell_checks(published.checks)


def _tell_checks(found: Mapping[str, int]) -> None:
    from flows.progress import check_lines

    print_lines(check_lines(found))


def show_trend(
    connection: duckdb.DuckDBPyConnection,
    indicator: str,
    cities: Sequence[str],
    *,
    period: str | None,
    kind: str | None,
    output: Format,
) -> None:
    """Print one indicator: as cross tables, whole years first, or as rows for programs."""
    from flows.crosstab import TREND_COLUMNS, choose, crosstabs, of_period, rest_words, said
    from flows.tables import as_crosstab

    with connection:
        cursor = connection.execute(
            f"select {', '.join(TREND_COLUMNS)}, note from trend(?, cities := ?, kind := ?)",
            [indicator, list(cities) or None, kind],
        )
        rows = cursor.fetchall()
    for row in rows:
        if row[0] is None:
            print(row[-1], file=sys.stderr)
    found = [row for row in rows if row[0] is not None]
    if output is not Format.TABLE:
        kept = [row for row in found if period is None or any(of_period(one, period) for one in said([row]))]
        print_rows([*TREND_COLUMNS, "note"], kept, output)
        raise typer.Exit(0 if kept else 1)
    stated = said(found)
    if not stated:
        raise typer.Exit(1)
    if period is None:
        first, rest = choose(stated)
    else:
        first, rest = [one for one in stated if of_period(one, period)], []
        if not first:
            raise UserError(f"没有“{period}”的数据；有：{'、'.join(sorted({one['series'] for one in stated}))}")
    tables = crosstabs(first, kind)
    for number, table in enumerate(tables):
        print(("\n" if number else "") + table.title)
        print(as_crosstab(table.names, table.lines, table.names.index("分项") + 1 if "分项" in table.names else 1))
    if rest:
        print(
            f"另有 {len(rest):,} 个数值（{rest_words(rest)}）：用 --period all 全部列出，或 --period quarter、month、ytd、1-6月 等"
        )


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they come."""
    for line in lines:
        print(line)


def print_rows(names: Sequence[str], rows: Sequence[Sequence[Any]], output: Format) -> None:
    """Print rows in the format asked for."""
    from flows.tables import as_csv, as_json, as_table

    if output is Format.CSV:
        sys.stdout.write(as_csv(names, rows))
    elif output is Format.JSON:
        print(as_json(names, rows))
    else:
        print(as_table(names, rows))
