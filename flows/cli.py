"""The command line: every step of the pipeline by hand, with no Prefect server needed.

Exit codes: 0 fine (what is refused is a row in ``rejects``, no failure), 1 failed (one line says why), 2 a wrong call, to which
naming only sources that do not exist belongs. Heavy modules are imported by the command that needs them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.showing import (
    Format,
    end,
    ingest_as_flow,
    print_lines,
    print_rows,
    publish_and_tell,
    show_trend,
    tell,
    tell_outdated,
)
from flows.terminal import Command, Group, UserError, run, text

if TYPE_CHECKING:
    import duckdb

    from warehouse.settings import Settings

__all__ = ["app", "main"]

app = typer.Typer(
    help="城数：把中国城市新闻变成可以比较的城市数据。\n\n示例：chengshu ingest 收件目录 && chengshu publish && chengshu trend 地区生产总值",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    cls=Group,
)
command = partial(app.command, cls=Command)
_state: dict[str, str | None] = {"home": None}
SHOWN_ROWS = 200

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="输出格式：table、csv 或 json")]
ExecutorOption = Annotated[str, typer.Option(help="解析方式：auto、inline、processes 或 dask:地址")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="进程数（默认等于处理器核数）")]


@app.callback()
def _globals(
    home: Annotated[
        str | None, typer.Option("--home", help="仓库所在目录（默认取环境变量 CHENGSHU_HOME，再默认 ./data）")
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option("--version", help="显示版本", is_eager=True, callback=lambda asked: _version() if asked else None),
    ] = False,
) -> None:
    _state["home"] = home


def _version() -> None:
    from importlib import metadata

    from parsers import IS_COMPILED, PARSER_VERSION

    print(f"chengshu {metadata.version('chengshu')}，解析器 {PARSER_VERSION}{'（已编译）' if IS_COMPILED else ''}")
    raise typer.Exit


def _settings() -> Settings:
    from warehouse.settings import Settings

    return Settings.load(_state["home"])


@command()
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="来源", help="文件、目录、通配符、s3:// 等地址；zip/tar/gz/zst 压缩包、JSON Lines、WARC/WACZ"
        ),
    ],
    *,
    executor: ExecutorOption = "auto",
    workers: WorkersOption = None,
    publish: Annotated[bool, typer.Option("--publish", help="读完即发布")] = False,
    flow: Annotated[bool, typer.Option("--flow", help="作为 Prefect 流程运行（有新内容即发布）")] = False,
) -> None:
    """读取新文件入库；已知的文件不再打开，每个内容只入库一次。

    示例：chengshu ingest seeds/ '归档/*.zip' --publish
    """
    settings = _settings()
    _check_executor(executor)
    if flow:
        ingest_as_flow(settings, sources, executor, workers)
        return
    from flows.load import ingest as load
    from flows.progress import progress_bar

    with progress_bar() as bar:
        result = load(settings, sources, executor=executor, workers=workers, on_progress=bar)
    tell(settings, result)
    if publish and (result.run_id is not None or not settings.database.exists()):
        publish_and_tell(settings)
    end(result)


def _check_executor(name: str) -> None:
    if name not in {"auto", "inline", "processes"} and not name.startswith("dask:"):
        raise typer.BadParameter(
            f"未知的解析方式 {name!r}：可用 auto、inline、processes、dask:地址", param_hint="--executor"
        )


@command()
def publish() -> None:
    """把当前数据发布为 Parquet 和 chengshu.duckdb（一次性切换，读者不受影响）。

    示例：chengshu publish
    """
    publish_and_tell(_settings())


@command()
def trend(
    indicator: Annotated[str, typer.Argument(metavar="指标", help="指标的中文名、英文名或代码", callback=text)],
    *,
    city: Annotated[list[str] | None, typer.Option("--city", "-c", help="城市，可写多次；不写则列出全部城市")] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            help="时期：year、half、quarter、month、ytd、as_of、all，或一个序列如 1-6月、年末；表格默认先列全年",
            callback=text,
        ),
    ] = None,
    kind: Annotated[
        str | None, typer.Option(help="只看一种数值类别，如 growth_yoy（默认：水平与同比增速并列）", callback=text)
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """按城市、按时期列出一个指标。

    示例：chengshu trend 地区生产总值 --city 芜湖 --city 襄阳
    """
    show_trend(
        _database(), indicator, [text(each) or "" for each in city or []], period=period, kind=kind, output=output
    )


@command(context_settings={"ignore_unknown_options": True})  # a query may begin with a comment: -- …
def sql(
    query: Annotated[
        str | None, typer.Argument(metavar="查询", help="SQL 语句，或示例查询的名字；不写则列出示例")
    ] = None,
    *,
    output: FormatOption = Format.TABLE,
    limit: Annotated[int, typer.Option(min=1, help="表格最多显示的行数")] = SHOWN_ROWS,
) -> None:
    """在已发布的数据上查询（只读）。

    示例：chengshu sql "from city_facts limit 5"
    """
    from warehouse.query import example, examples

    query = text(query)
    named = examples()
    if query is None:
        print_rows(["名字", "内容"], list(named.items()), output)
        return
    if query not in named and query.isidentifier():
        raise UserError(f"没有名为 {query} 的示例查询；有：{'、'.join(named)}")
    with _database() as connection:
        cursor = connection.execute(example(query) if query in named else query)
        if cursor.description is None:
            return
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchmany(limit + 1) if output is Format.TABLE else cursor.fetchall()
    print_rows(names, rows[:limit] if output is Format.TABLE else rows, output)
    if output is Format.TABLE and len(rows) > limit:
        print(f"……只显示前 {limit} 行（--limit 可改）")


@command()
def explain(
    target: Annotated[
        str, typer.Argument(metavar="数值或文件", help="数值标识 metric_id（可只写开头），或一个原始文件")
    ],
) -> None:
    """说明一个数值从哪里来，或一个文件是怎样读的：保留和去掉的段落、规则、带标记的原句。

    示例：chengshu explain seeds/own01_wuhu_2021_review.txt
    """
    from flows.explain import explain_file, explain_metric

    path = Path(target).expanduser()
    if path.is_file():
        print_lines(explain_file(path))
        return
    if path.is_dir():
        raise UserError(f"{target} 是目录，请给一个文件")
    if not _settings().database.exists():
        raise UserError(f"没有文件 {target}，也还没有发布的数据可查")
    with _database() as connection:
        print_lines(explain_metric(connection, target))


@command()
def export(
    *,
    to: Annotated[Path | None, typer.Option(help="输出目录（默认仓库下的 exports/）")] = None,
    portable: Annotated[bool, typer.Option("--portable", help="另做一个内含数据的 .duckdb，可带走")] = False,
) -> None:
    """导出 xlsx、CSV 和 datapackage.json，供 Excel 与 BI 使用。

    示例：chengshu export --portable
    """
    settings = _settings()
    _needs_publish(settings)
    from warehouse.export import export as run

    for path in run(settings, to, portable=portable):
        print(path)


@command()
def report() -> None:
    """生成一个自包含的 HTML 报告：图表、排名、分歧和证据。

    示例：chengshu report
    """
    settings = _settings()
    _needs_publish(settings)
    from warehouse.report import report as run

    print(f"报告：{run(settings)}")


@command()
def reparse(
    *,
    executor: ExecutorOption = "auto",
    workers: WorkersOption = None,
    publish: Annotated[bool, typer.Option("--publish", help="读完即发布")] = False,
) -> None:
    """解析器升级后，把仓库中保存的原文重读一遍，逐篇替换。

    示例：chengshu reparse --publish
    """
    settings = _settings()
    _check_executor(executor)
    from flows.load import reparse as run
    from flows.progress import progress_bar

    with progress_bar("重读") as bar:
        result = run(settings, executor=executor, workers=workers, on_progress=bar)
    if result.run_id is None:
        print("所有原文都已由当前解析器读过，没有要做的。")
    else:
        tell(settings, result)
        if publish:
            publish_and_tell(settings)


@command()
def diff(
    before: Annotated[str, typer.Argument(metavar="前一次", help="较早的运行 run_id")],
    after: Annotated[str, typer.Argument(metavar="后一次", help="较晚的运行 run_id")],
    *,
    output: FormatOption = Format.TABLE,
) -> None:
    """比较两次运行之间数据的变化：新增、消失、改变的数值，按指标列出。

    示例：chengshu diff 20260101T000000-aaaaaaaa 20260102T000000-bbbbbbbb
    """
    from warehouse.diff import diff as run

    names, rows = run(_settings(), before, after)
    print_rows(names, rows, output)


@command()
def doctor(*, mend: Annotated[bool, typer.Option("--mend", help="能安全修复的，一并修复")] = False) -> None:
    """检查仓库：锁、磁盘、目录、版本；说明问题和办法。

    示例：chengshu doctor --mend
    """
    from warehouse.doctor import examine

    settings = _settings()
    findings = examine(settings, mend=mend)
    for finding in findings:
        print(f"[{finding.level}] {finding.what}" + (f"　办法：{finding.remedy}" if finding.remedy else ""))
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)
    tell_outdated(settings)


@command()
def maintain() -> None:
    """合并小文件、清理过期的快照和旧发布。

    示例：chengshu maintain
    """
    from warehouse.maintain import maintain as run

    done = run(_settings())
    written = "（小批写入的数据已成文件）" if done.files_after > done.files_before else ""
    print(
        f"维护完成：数据文件 {done.files_before:,} → {done.files_after:,} 个{written}，"
        f"{done.bytes_before / 1048576:,.1f} → {done.bytes_after / 1048576:,.1f} MiB，"
        f"放掉旧快照 {done.snapshots_expired:,} 个、过时的文件记录 {done.ledger_rows_dropped:,} 条；用时 {done.seconds:.1f} 秒"
    )


def _needs_publish(settings: Settings) -> None:
    if not settings.database.exists():
        raise UserError(f"{settings.home} 里还没有发布的数据：先运行 chengshu ingest 和 chengshu publish")


def _database() -> duckdb.DuckDBPyConnection:
    settings = _settings()
    _needs_publish(settings)
    from warehouse.query import connect

    return connect(settings)


def main() -> None:
    """Run the command line."""
    run(app, "chengshu")


if __name__ == "__main__":
    main()
