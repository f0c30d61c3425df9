"""The one door: what goes wrong is a reject with a reason, never an exception; the same bytes always give the same values."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from parsers import Parsed, parse
from parsers.version import digest
from tests.conftest import page


def reason(raw: bytes) -> str:
    parsed = parse(raw, "a.txt")
    assert parsed.document is None
    assert parsed.metrics == ()
    assert parsed.reject is not None
    assert parsed.reject.document_id == hashlib.sha256(raw).hexdigest()
    assert parsed.reject.reason
    assert "\n" not in parsed.reject.reason
    return parsed.reject.reason_code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 stream", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "binary"),
        (bytes(range(256)) * 64, "binary"),
    ],
)
def test_what_is_no_page_is_refused_with_a_reason(raw: bytes, code: str) -> None:
    assert reason(raw) == code


def test_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsers, "MAX_BYTES", 100)
    assert reason(b"x" * 101) == "too_large"


@pytest.mark.parametrize(
    ("error", "code"),
    [(RecursionError, "too_deep"), (MemoryError, "out_of_memory"), (ZeroDivisionError, "internal_error")],
)
def test_a_failing_stage_becomes_a_reject(monkeypatch: pytest.MonkeyPatch, error: type[Exception], code: str) -> None:
    def fail(_text: str) -> None:
        raise error("first line\nsecond line")

    monkeypatch.setattr(parsers, "read_page", fail)
    assert reason(page().encode()) == code


def test_a_page_becomes_a_document_with_metrics() -> None:
    parsed = parse(page().encode(), "xiangyang.txt")
    document = parsed.document
    assert parsed.reject is None
    assert document is not None
    assert (document.title, str(document.published_at), document.outlet) == (
        "襄阳第1号经济快报",
        "2024-02-02 09:30:00",
        "襄阳日报",
    )
    assert (document.city_code, document.format, document.encoding) == ("420600", "text", "utf-8")
    assert document.body_chars == len(document.body)
    gdp = [m for m in parsed.metrics if m.indicator_id == "gdp" and m.kind == "level"]
    assert [(m.value, m.unit, m.region_code) for m in gdp] == [(582780000000.0, "CNY", "420600")]


def test_spans_point_at_their_words() -> None:
    parsed = parse(page().encode(), "a.txt")
    assert parsed.document is not None
    assert parsed.metrics
    for metric in parsed.metrics:
        assert parsed.document.body[metric.char_start : metric.char_end] == metric.value_text
    assert len({m.metric_id for m in parsed.metrics}) == len(parsed.metrics)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_changes_nothing_but_the_identity(encoding: str) -> None:
    def values(parsed: Parsed) -> list[tuple[object, ...]]:
        return [m[2:] for m in parsed.metrics]

    plain, other = parse(page().encode(), "a.txt"), parse(page().encode(encoding), "a.txt")
    assert other.document is not None
    assert plain.document is not None
    assert other.document.body == plain.document.body
    assert values(other) == values(plain)


def test_the_same_bytes_give_the_same_values() -> None:
    raw = page().encode()
    assert parse(raw, "a.txt") == parse(raw, "a.txt")


def test_deep_nesting_and_long_lines_do_no_harm() -> None:
    for raw in (b"<div>" * 20_000 + page().encode(), ("数" * 300_000 + page()).encode(), b"9" * 200_000):
        assert isinstance(parse(raw, "a.html"), Parsed)


def test_the_version_follows_the_rules_and_the_knowledge(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", parsers.PARSER_VERSION)
    (tmp_path / "knowledge").mkdir()
    rule, table = tmp_path / "rule.py", tmp_path / "knowledge" / "units.csv"
    seen = set()
    for rule_text, table_text in ((b"a = 1\n", b"x\n"), (b"a = 2\n", b"x\n"), (b"a = 2\n", b"y\n")):
        rule.write_bytes(rule_text)
        table.write_bytes(table_text)
        seen.add(digest(tmp_path))
    assert len(seen) == 3
    table.write_bytes(b"y\r\n")
    (tmp_path / "note.md").write_bytes(b"no rule")
    assert digest(tmp_path) in seen


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_an_answer(raw: bytes) -> None:
    parsed = parse(raw, "a.bin")
    assert (parsed.document is None) == (parsed.reject is not None)
    if parsed.reject:
        assert parsed.reject.reason_code != "internal_error", parsed.reject.reason


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table><tr><td>",
        "</td></tr></table>",
        "<script>",
        "<!--",
        "襄阳市",
        "2023年",
        "增长5.2%",
        "亿元",
        "\n",
        "&#x4e00;",
        "<",
        "0",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_markup_gives_an_answer(text: str) -> None:
    parsed = parse(text.encode(), "a.html")
    if parsed.reject:
        assert parsed.reject.reason_code != "internal_error", parsed.reject.reason
    elif parsed.document:
        for metric in parsed.metrics:
            assert parsed.document.body[metric.char_start : metric.char_end] == metric.value_text
