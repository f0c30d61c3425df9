"""Raw bytes of a news file in, its article and every figure it states out: the one door to the parsing stages.

Pure: no files but the project's own knowledge tables, no clock, no network. The same bytes and name always give the same values.
"""

from __future__ import annotations

import hashlib

from parsers.version import IS_COMPILED, PARSER_VERSION

# isort: split
# What is compiled of another version is out of the way only now.
from parsers.blocks import read_page
from parsers.chrome import judge, strip_chrome
from parsers.decode import BINARY, decode
from parsers.metadata import read_metadata, site_names
from parsers.metrics import find_metrics
from parsers.model import Document, Metric, Parsed, Reject
from parsers.places import city_of
from parsers.story import signature

__all__ = ["IS_COMPILED", "MAX_BYTES", "PARSER_VERSION", "Document", "Metric", "Parsed", "Reject", "parse"]

MAX_BYTES = 64 * 1024 * 1024
"""A news page of more than this is none; archives are opened member by member before they come here."""

LOOK_AT = 65536
"""Code points looked at to tell a text from garbage."""


def parse(raw: bytes, name: str) -> Parsed:
    """Read one raw file; whatever is wrong with it comes back as a ``Reject``, never as an exception.

    1. refuse what cannot be a page: empty or too large
    2. decode the bytes (UTF-8, GB18030, …); refuse what is no text
    3. read the text as blocks, from HTML or from a plain dump
    4. strip the chrome: what is left is the article's body; refuse what is no article
    5. read the page's metadata: title, time, outlet, author, editor, clicks
    6. find the city that the article is about
    7. find the figures in the body
    8. put the document together

    >>> parse(b"", "a.txt").reject.reason_code
    'empty'
    """
    document_id = hashlib.sha256(raw).hexdigest()
    try:
        refused = _refuse(raw)
        if refused is not None:
            return _rejected(document_id, "read", *refused)
        return _read(raw, name, document_id)
    except RecursionError:
        return _rejected(document_id, "parse", "too_deep", "页面嵌套过深，无法解析")
    except MemoryError:
        return _rejected(document_id, "parse", "out_of_memory", "内存不足，无法解析这个文件")
    except Exception as error:  # noqa: BLE001 - one bad page must never stop a run; the reject carries its cause
        cause = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return _rejected(document_id, "parse", "internal_error", f"解析程序出错（{cause}），请报告此文件")


def _read(raw: bytes, name: str, document_id: str) -> Parsed:
    """Steps 2 to 8 of ``parse``, for bytes that look like text."""
    decoded = decode(raw)
    if decoded.encoding == BINARY:
        return _rejected(document_id, "decode", "binary", f"二进制文件，不是文字（{decoded.problem}）")
    if _is_garbage(decoded.text):
        return _rejected(document_id, "decode", "undecodable", "内容不是任何已知编码的文字")
    page = read_page(decoded.text)
    article = strip_chrome(page)
    refused = judge(page, article)
    if refused is not None:
        return _rejected(document_id, refused.stage, refused.reason_code, refused.reason)
    metadata = read_metadata(page, article, name)
    city = city_of(metadata.title, metadata.outlet, article.body, metadata.url, name, sites=site_names(page))
    metrics = find_metrics(
        article.body, document_id, metadata.title, metadata.published_at, city.city_code if city else None
    )
    document = Document(
        document_id=document_id,
        format=page.format,
        encoding=decoded.encoding,
        title=metadata.title,
        published_at=metadata.published_at,
        outlet=metadata.outlet,
        author=metadata.author,
        editor=metadata.editor,
        clicks=metadata.clicks,
        section=metadata.section,
        url=metadata.url,
        city_code=city.city_code if city else None,
        city=city.city if city else None,
        province_code=city.province_code if city else None,
        province=city.province if city else None,
        body=article.body,
        body_chars=len(article.body),
        chrome_chars=sum(len(v.block.text) for v in article.verdicts if not v.keep),
        signature=signature(article.body),
        found_by=_found_by(metadata.found_by, city.method if city else None, decoded.problem),
    )
    return Parsed(document, tuple(metrics), None)


def _found_by(metadata: dict[str, str], city: str | None, problem: str | None) -> dict[str, str]:
    """Which rule read each column of the document, and what was wrong with its bytes."""
    more = {"city_code": city, "encoding_problem": problem}
    return {**metadata, **{key: value for key, value in more.items() if value}}


def _refuse(raw: bytes) -> tuple[str, str] | None:
    r"""Say why these bytes cannot be a page: (reason_code, a line for people), or None.

    >>> _refuse(b" \n")
    ('empty', '文件里只有空白')
    >>> _refuse("城市".encode()) is None
    True
    """
    if not raw:
        return "empty", "空文件，没有任何内容"
    if len(raw) > MAX_BYTES:
        return "too_large", f"文件过大：{len(raw) / 1048576:.0f} MiB，上限 {MAX_BYTES // 1048576} MiB"
    if not raw.strip():
        return "empty", "文件里只有空白"
    return None


def _is_garbage(text: str) -> bool:
    r"""Whether a decoded text is mostly no text: control characters, replacement marks, private code points.

    >>> _is_garbage("全市生产总值"), _is_garbage("\ufffd\x01\x02\ufffd")
    (False, True)
    """
    head = text[:LOOK_AT]
    bad = sum(1 for c in head if c == "\ufffd" or (c < " " and c not in "\t\n\r\f\v") or "\ue000" <= c <= "\uf8ff")
    return bad * 10 > len(head)


def _rejected(document_id: str, stage: str, reason_code: str, reason: str) -> Parsed:
    return Parsed(None, (), Reject(document_id, stage, reason_code, reason))
