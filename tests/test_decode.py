"""Bytes to text: whatever the page declares, whatever happened to it on the way."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.decode import BINARY, decode

TEXT = "全市生产总值增长5.2%，比一季度加快0.3个百分点。其中，工业增加值增长7.1%，服务业增加值增长4.6%。"
TRADITIONAL = "全市經濟運行總體平穩，工業增加值增長百分之七，對外貿易發展良好，居民收入同步增長。" * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "utf-16", "utf-32"])
def test_reads_every_encoding_of_chinese_pages(encoding: str) -> None:
    decoded = decode(TEXT.encode(encoding))
    assert decoded.text == TEXT
    assert decoded.problem is None


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_reads_utf16_without_a_mark(encoding: str) -> None:
    page = f"<html><head><title>快讯</title></head><body><p>{TEXT}</p></body></html>"
    assert decode(page.encode(encoding)).text == page


@pytest.mark.parametrize(("written", "declared"), [("gb18030", "utf-8"), ("utf-8", "gb2312"), ("gb18030", "gb2312")])
def test_the_bytes_decide_not_the_declaration(written: str, declared: str) -> None:
    page = f'<meta charset="{declared}"><p>{TEXT}镕㸆</p>'
    assert decode(page.encode(written)).text == page


def test_big5_is_read_where_it_is_declared() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>{TRADITIONAL}</p>'
    decoded = decode(page.encode("big5"))
    assert decoded.text == page
    assert decoded.encoding == "big5hkscs"


def test_declared_big5_that_is_gb_is_read_as_gb() -> None:
    page = f'<meta charset="big5"><p>{TEXT * 3}</p>'
    assert decode(page.encode("gb18030")).text == page


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_text_cut_in_a_character_keeps_the_rest(encoding: str) -> None:
    decoded = decode((TEXT + "增长").encode(encoding)[:-1])
    assert decoded.text == TEXT + "增"
    assert decoded.problem


def test_a_few_bad_bytes_do_not_turn_utf8_into_nonsense() -> None:
    raw = (TEXT * 5).encode()
    damaged = raw[:300] + b"\xff\xfe\xfa" + raw[300:]
    decoded = decode(damaged)
    assert decoded.encoding == "utf-8"
    assert "服务业增加值" in decoded.text
    assert decoded.problem is not None
    assert "UTF-8" in decoded.problem


def test_stray_nul_bytes_are_taken_out() -> None:
    decoded = decode(TEXT.encode() + b"\x00" + TEXT.encode())
    assert decoded.text == TEXT * 2
    assert decoded.problem


@pytest.mark.parametrize("wrong", ["gb18030", "cp1252"])
def test_mojibake_is_read_back(wrong: str) -> None:
    raw = (TEXT * 3).encode()
    garbled = (
        raw.decode("gb18030", "replace")
        if wrong == "gb18030"
        else "".join(bytes([b]).decode("cp1252") if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b) for b in raw)
    )
    decoded = decode(garbled.encode())
    assert "其中，工业增加值" in decoded.text
    assert decoded.problem is not None


def test_lost_characters_are_reported() -> None:
    assert decode("全市锟斤拷增长".encode()).problem is not None
    assert decode("这把锟铻剑".encode()).problem is None


@pytest.mark.parametrize(
    "raw", [b"%PDF-1.7\n", b"PK\x03\x04\x14\x00\x06\x00\xff\xfe", b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256)) * 4]
)
def test_what_is_no_text_is_called_binary(raw: bytes) -> None:
    assert decode(raw).encoding == BINARY


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_raise(raw: bytes) -> None:
    decoded = decode(raw)
    assert isinstance(decoded.text, str)


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=60))
@settings(max_examples=100, deadline=None)
def test_utf8_chinese_comes_back_as_it_was(text: str) -> None:
    assert decode(("，" + text).encode()).text == "，" + text
