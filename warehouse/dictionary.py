"""docs/dictionary.md, made from the dictionary, the marts, the checks and the indicators: ``python -m warehouse.dictionary``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from warehouse import quality, query, views
from warehouse.catalog import new_connection
from warehouse.dimensions import DIMENSIONS, read_dimension
from warehouse.export import WARNINGS
from warehouse.settings import PACKAGE_ROOT, Settings
from warehouse.tables import column, table, tables, to_arrow

__all__ = ["dictionary", "main"]

PUBLISHED = ("documents", "metrics", "rejects", "runs", "indicators", "places", "data_quality")


def _lines(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [line(headers), "|" + " --- |" * len(headers), *(line(row) for row in rows), ""]


def _columns(names: Iterable[str]) -> list[str]:
    rows = []
    for name in names:
        said = column(name)
        rows.append([f"`{name}`", said.type, said.zh + (f"（{said.unit}）" if said.unit else ""), said.en])
    return _lines(["column", "type", "含义", "meaning"], rows)


def _outputs() -> dict[str, list[str]]:
    """The output columns of every view, asked of an empty database."""
    with new_connection() as connection:
        for name in views.BASE_TABLES:
            connection.register("given", to_arrow(name, []).select(list(table(name).columns)))
            connection.execute(f"create table {name} as from given")
        views.create_marts(connection)
        return {name: [row[0] for row in connection.execute(f"describe {name}").fetchall()] for name in views.MARTS}


def dictionary() -> str:
    """The whole text of docs/dictionary.md."""
    text = [
        "# 数据字典 · Data dictionary",
        "",
        (
            "Made by `python -m warehouse.dictionary`; edit `warehouse/tables.yaml`, `sql/` and the knowledge instead. "
            "Times are China Standard Time without a zone. `char_start` and `char_end` are half-open offsets into `documents.body`."
        ),
        "",
        "## 表 · Tables",
        "",
    ]
    for name in PUBLISHED:
        said = table(name)
        text += [f"### {name}", "", f"{said.zh} · {said.en}. Key: {', '.join(f'`{key}`' for key in said.key)}.", ""]
        text += _columns(said.columns)
    text += ["### 仓库内部 · Inside the lake only", ""]
    text += _lines(
        ["table", "含义", "meaning", "columns"],
        [
            [name, said.zh, said.en, ", ".join(f"`{each}`" for each in said.stored)]
            for name, said in tables().items()
            if name not in PUBLISHED
        ],
    )
    text += ["## 视图 · Views", ""]
    for name, outputs in _outputs().items():
        described = views.mart(name)
        text += [f"### {name}", "", f"{described.zh} · {described.en}.", ""]
        text += [f"- 注意：{WARNINGS[key]}" for key in described.warnings] + ([""] if described.warnings else [])
        text += _columns(outputs)
    text += ["## 宏 · Macros", "", *(f"- `{name}`: {said}" for name, said in views.MACROS.items()), ""]
    text += ["## 问题 · Questions (`chengshu sql NAME`)", ""]
    text += [*(f"- `{name}`: {asked}" for name, asked in query.examples().items()), ""]
    text += ["## 检查 · Checks", ""]
    text += _lines(
        ["check", "severity", "检查什么", "what it finds"],
        [[check.name, check.severity, check.zh, check.en] for check in quality.checks()],
    )
    text += ["## 指标 · Indicators", ""]
    knowledge = Settings.load("unused", {}).knowledge
    text += _lines(
        ["indicator_id", "指标", "name", "单位 · unit", "别名 · aliases"],
        [
            [
                f"`{row['indicator_id']}`",
                row["name_zh"] or "",
                row["name_en"] or "",
                row["base_unit"] or "",
                (row["aliases_zh"] or "").replace("|", "、"),
            ]
            for row in read_dimension(DIMENSIONS[0], knowledge).to_pylist()
        ],
    )
    return "\n".join(text).rstrip() + "\n"


def main(path: Path = PACKAGE_ROOT / "docs" / "dictionary.md") -> int:
    """Write the file anew; 1 when it was not current, for use before a commit."""
    text = dictionary()
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return int(before != text)


if __name__ == "__main__":
    sys.exit(main())
