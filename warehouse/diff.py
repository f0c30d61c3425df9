"""What changed in the data between two runs: values that came, went or became others, by indicator, through time travel."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.catalog import open_lake, retrying
from warehouse.faults import WarehouseError
from warehouse.settings import Settings

__all__ = ["diff"]

NAMES = ["indicator_id", "kind", "added", "gone", "changed", "unchanged"]


def _snapshot(lake: duckdb.DuckDBPyConnection, run_id: str) -> int:
    """The state of the lake right after the last commit of a run."""
    known = lake.execute("select count(*) from lake.runs where run_id = ?", [run_id]).fetchall()
    if not known[0][0]:
        raise WarehouseError(f'没有名为 {run_id} 的运行；有哪些，见 chengshu sql "select run_id, started_at from runs"')
    rows = lake.execute("select max(snapshot_id) from ducklake_snapshots('lake') where author = ?", [run_id]).fetchall()
    if rows[0][0] is None:
        raise WarehouseError(f"运行 {run_id} 没有写入什么，或它的状态已过保留期，不在了")
    return int(rows[0][0])


def diff(settings: Settings, before: str, after: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Compare the values as they stood after two runs; returns column names and one row per indicator and kind."""
    return NAMES, retrying(lambda: _compare(settings, before, after), also="cannot open file")


def _compare(settings: Settings, before: str, after: str) -> list[tuple[Any, ...]]:
    lake = open_lake(settings)
    try:
        old, new = _snapshot(lake, before), _snapshot(lake, after)
        return lake.execute(
            f"""
            with old as (select * from lake.metrics at (version => {old})),
                new as (select * from lake.metrics at (version => {new})),
                paired as (
                    select
                        coalesce(n.indicator_id, o.indicator_id) as indicator_id,
                        coalesce(n.kind, o.kind) as kind,
                        o.metric_id is null as is_added,
                        n.metric_id is null as is_gone,
                        (o.value, o.value_high, o.unit, o.indicator_id, o.status, o.comparator, o.region_code, o.subject_type,
                            o.period_start, o.period_end, o.period_type)
                        is distinct from
                        (n.value, n.value_high, n.unit, n.indicator_id, n.status, n.comparator, n.region_code, n.subject_type,
                            n.period_start, n.period_end, n.period_type) as is_other
                    from old as o full outer join new as n on o.metric_id = n.metric_id
                )
            select indicator_id, kind, count(*) filter (where is_added), count(*) filter (where is_gone),
                count(*) filter (where is_other and not is_added and not is_gone), count(*) filter (where not is_other)
            from paired
            group by indicator_id, kind
            having bool_or(is_other)
            order by indicator_id nulls last, kind
            """
        ).fetchall()
    finally:
        lake.close()
