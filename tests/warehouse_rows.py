"""Rows for tests of the warehouse, made without a parser: every document has its own body, and values that are really in it."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from typing import Any

import numpy as np

from warehouse.catalog import open_lake
from warehouse.doctor import examine
from warehouse.lake import Shard
from warehouse.settings import Settings
from warehouse.tables import to_arrow

CITIES = (("360300", "萍乡市"), ("361100", "上饶市"), ("340200", "芜湖市"), ("320300", "徐州市"))


def signature(seed: int, changed: int = 0) -> bytes:
    """A MinHash of 64 values; ``changed`` of them differ from the one of the same seed."""
    values = np.random.default_rng(seed).integers(0, 2**32, 64, dtype=np.uint32)
    if changed:
        values[:changed] = np.random.default_rng(seed + 10_000_000).integers(0, 2**32, changed, dtype=np.uint32)
    return values.astype("<u4").tobytes()


def document(number: int, *, value: float | None = None, **changes: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A document about one city with two values: its GDP of a year, and the growth."""
    draw = random.Random(number)
    code, city = CITIES[number % len(CITIES)]
    year = 2018 + number % 6
    level = value if value is not None else draw.randrange(10000, 600000) / 100
    level_text, growth_text = f"{level:.2f}亿元", f"{draw.randrange(10, 99) / 10}%"
    filler = "".join(chr(0x4E00 + draw.randrange(2000)) for _ in range(200))
    body = f"{year}年，{city}地区生产总值{level_text}，增长{growth_text}。\n{filler}"
    document_id = hashlib.sha256(f"raw {number}".encode()).hexdigest()
    page = {
        "document_id": document_id,
        "source_uri": f"/in/{number}.txt",
        "format": "text",
        "encoding": "utf-8",
        "title": f"{city}{year}年经济运行",
        "published_at": dt.datetime.combine(dt.date(year + 1, 1 + number % 12, 2), dt.time(8, 30)),
        "outlet": "某市日报",
        "city_code": code,
        "city": city,
        "province_code": code[:2] + "0000",
        "province": None,
        "body": body,
        "body_chars": len(body),
        "chrome_chars": 40,
        "signature": signature(number),
        **changes,
    }
    shared = {
        "document_id": document_id,
        "region_code": code,
        "region": city,
        "region_level": "city",
        "subject": city,
        "subject_type": "city",
        "indicator_id": "gdp",
        "indicator_text": "地区生产总值",
        "status": "actual",
        "comparator": "eq",
        "period_text": f"{year}年",
        "period_start": dt.date(year, 1, 1),
        "period_end": dt.date(year, 12, 31),
        "period_type": "year",
        "evidence": body.split("\n", maxsplit=1)[0],
        "rule_id": "test",
        "confidence": 0.9,
    }
    values = [("level", level * 1e8, "CNY", level_text), ("growth_yoy", float(growth_text[:-1]), "%", growth_text)]
    metrics = []
    for kind, number_said, unit, text in values:
        start = body.index(text)
        metrics.append(
            {
                **shared,
                "metric_id": f"{document_id[:20]}-{start}-{kind}",
                "kind": kind,
                "value": number_said,
                "unit": unit,
                "value_text": text,
                "char_start": start,
                "char_end": start + len(text),
            }
        )
    return page, metrics


def shard(numbers: range, version: str = "1", rejects: list[dict[str, Any]] | None = None, **changes: Any) -> Shard:
    """The documents of some numbers as one shard, with their raw bytes and ledger entries."""
    pages = [document(number, **changes) for number in numbers]
    documents = [page for page, _ in pages]
    raw = [
        {
            "document_id": page["document_id"],
            "source_uri": page["source_uri"],
            "size": len(page["body"]),
            "bytes": page["body"].encode("utf-8"),
        }
        for page in documents
    ]
    files = [
        {
            "source_uri": page["source_uri"],
            "size": len(page["body"]),
            "mtime_ns": number,
            "document_id": page["document_id"],
        }
        for number, page in zip(numbers, documents, strict=True)
    ]
    return Shard(
        version,
        to_arrow("raw", raw),
        to_arrow("documents", documents),
        to_arrow("metrics", [metric for _, metrics in pages for metric in metrics]),
        to_arrow("rejects", rejects or []),
        to_arrow("files", files),
    )


def stored(settings: Settings) -> int:
    """How many documents a warehouse holds, each of them once."""
    lake = open_lake(settings)
    try:
        ((rows, ids),) = lake.execute("select count(*), count(distinct document_id) from lake.documents").fetchall()
    finally:
        lake.close()
    assert rows == ids
    return int(rows)


def errors(settings: Settings) -> str:
    """What the doctor says is wrong, with its remedies."""
    return "\n".join(f"{each.what} -> {each.remedy}" for each in examine(settings) if each.level == "error")
