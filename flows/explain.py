"""Show why: how a file was read stage by stage, or where a published value comes from, with the rules that fired."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from flows.amounts import amount, day_or_time, period_name
from parsers import Metric, Parsed, parse
from parsers.blocks import read_page
from parsers.chrome import strip_chrome
from parsers.decode import decode

__all__ = ["explain_file", "explain_metric", "mark"]

SHOWN_CHARS = 70
METADATA = (
    ("title", "标题"), ("published_at", "时间"), ("outlet", "来源"), ("author", "作者"), ("editor", "编辑"),
    ("clicks", "点击"), ("section", "栏目"), ("url", "网址"), ("city", "城市"),
)  # fmt: skip

WORDS = (
    ("indicator_text", "指标原文"), ("subject", "主体"), ("period_text", "时期原文"), ("rank_scope", "排名范围"),
    ("baseline", "比较基准"),
)  # fmt: skip


def mark(sentence: str, spans: Iterable[tuple[int, int]]) -> str:
    """Set marks round spans of a sentence; of spans that overlap, the first in order is kept.

    >>> mark("增长5%和6%。", [(2, 4), (5, 7)])
    '增长【5%】和【6%】。'
    """
    out, at = [], 0
    for start, end in sorted(spans):
        if start < at:
            continue
        out += [sentence[at:start], "【", sentence[start:end], "】"]
        at = end
    return "".join([*out, sentence[at:]])


def explain_file(path: Path) -> Iterator[str]:
    """Tell line by line how a file is read: kept and dropped blocks, metadata, then every sentence with its values."""
    raw = path.read_bytes()
    parsed = parse(raw, path.name)
    decoded = decode(raw)
    yield f"文件　{path}"
    yield f"编码　{decoded.encoding}" + (f"（{decoded.problem}）" if decoded.problem else "")
    page = read_page(decoded.text)
    verdicts = strip_chrome(page).verdicts
    kept = sum(v.keep for v in verdicts)
    yield f"格式　{page.format}；{len(verdicts)} 块，保留 {kept}，去掉 {len(verdicts) - kept}"
    if parsed.document is None:
        reject = parsed.reject
        yield f"拒收　{reject.stage}/{reject.reason_code}：{reject.reason}" if reject else "拒收"
    yield ""
    for verdict in verdicts:
        text = " ".join(verdict.block.text.split())
        shown = text if len(text) <= SHOWN_CHARS else text[:SHOWN_CHARS] + "…"
        yield f"{'留' if verdict.keep else '去'} {verdict.score:4.2f} {verdict.rule_id:<24} {shown}"
    if parsed.document is None:
        return
    yield ""
    document = parsed.document
    for name, label in METADATA:
        value = getattr(document, name)
        if isinstance(value, dt.datetime):
            value = day_or_time(value)
        rule = document.found_by.get("city_code" if name == "city" else name, "")
        yield f"{label}　{value if value is not None else '—'}" + (
            f"　〔{rule}〕" if rule and value is not None else ""
        )
    yield ""
    yield from _sentences(parsed, document.body)


def _sentences(parsed: Parsed, body: str) -> Iterator[str]:
    """The sentences that state values, in the order of the body, with a line for each value."""
    groups: dict[str, list[Metric]] = defaultdict(list)
    for metric in sorted(parsed.metrics, key=lambda m: (m.char_start, m.char_end)):
        groups[metric.evidence].append(metric)
    if not groups:
        yield "正文里没有读出数值。"
    for evidence, metrics in groups.items():
        first = body.rfind(evidence, 0, metrics[0].char_start + len(evidence))
        spans = [(m.char_start - first, m.char_end - first) for m in metrics] if first >= 0 else []
        yield mark(evidence, [(a, b) for a, b in spans if 0 <= a < b <= len(evidence)]).replace("\n", " ")
        for metric in metrics:
            yield "    " + _line({name: getattr(metric, name) for name in Metric._fields})
        yield ""


def _line(row: Mapping[str, Any]) -> str:
    high = f"—{amount(row['value_high'], row['unit'])}" if row["value_high"] is not None else ""
    comparator = "" if row["comparator"] == "eq" else f" {row['comparator']}"
    period = period_name(row["period_type"], row["period_start"], row["period_end"])
    what = row["indicator_id"] or f"?{row['indicator_text'] or ''}"
    where = row["region"] or row["subject"] or "?"
    return (
        f"{row['value_text']} → {what}·{row['kind']}·{row['status']}{comparator} "
        f"{amount(row['value'], row['unit'])}{high}｜{where}（{row['subject_type']}）｜{period}"
        f"｜{row['rule_id']} {row['confidence']:.2f}｜{row['metric_id']}"
    )


def explain_metric(connection: duckdb.DuckDBPyConnection, metric_id: str) -> Iterator[str]:
    """Tell where a published value comes from: its words, its page, its rule, and the other values of the sentence."""
    cursor = connection.execute(
        "select * from metrics where metric_id = ? or starts_with(metric_id, ?)", [metric_id] * 2
    )
    names = [column[0] for column in cursor.description or []]
    found = cursor.fetchall()
    if not found:
        raise LookupError(f"没有这个数值：{metric_id}")
    if len(found) > 1:
        raise LookupError(f"有 {len(found)} 个数值的标识以 {metric_id} 开头，请写长一些")
    row = dict(zip(names, found[0], strict=True))
    document = connection.execute(
        "select title, outlet, published_at, url, source_uri, body, story_id from documents where document_id = ?",
        [row["document_id"]],
    ).fetchone()
    if document is None:
        raise LookupError(f"没有这个数值的文档：{row['document_id']}")
    title, outlet, published_at, url, source_uri, body, story_id = document
    yield f"标题　{title or '—'}"
    yield f"来源　{outlet or '—'}　{day_or_time(published_at)}"
    if url:
        yield f"网址　{url}"
    yield f"文件　{source_uri}"
    same = connection.execute("select count(*) from documents where story_id = ?", [story_id]).fetchone()
    if same and same[0] > 1:
        yield f"同稿　{same[0]} 篇"
    yield ""
    first = body.rfind(row["evidence"], 0, row["char_start"] + len(row["evidence"]))
    span = (row["char_start"] - first, row["char_end"] - first)
    yield mark(row["evidence"], [span] if first >= 0 and span[0] >= 0 else []).replace("\n", " ")
    yield "    " + _line(row)
    for name, label in WORDS:
        if row[name]:
            yield f"    {label}　{row[name]}"
    yield f"    位置　正文第 {row['char_start']}–{row['char_end']} 字；规则 {row['rule_id']}；解析器 {row['parser_version']}"
    others = connection.execute(
        "select * from metrics where document_id = ? and evidence = ? and metric_id <> ? order by char_start",
        [row["document_id"], row["evidence"], row["metric_id"]],
    ).fetchall()
    if others:
        yield ""
        yield "同一句中的其他数值："
        for other in others:
            yield "    " + _line(dict(zip(names, other, strict=True)))
