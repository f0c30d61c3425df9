"""Read what a page keeps in its scripts: JSON-LD about the article, or the article itself where a script draws it."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["article_in_scripts", "linked_data", "moment_in_scripts"]

_STRING = re.compile(
    r"""["']?\b(?:content|article|body|text|html|detail|artibody|newsContent)\w*["']?\s*:\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')""",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    r"""["']?\b(?:publish|pub|release|show)_?(?:time|date)\w*["']?\s*:\s*["'](20\d\d[-/]\d{1,2}[-/]\d{1,2}[T\d: .+Z-]*)["']""",
    re.IGNORECASE,
)
_PROSE = re.compile("[，。！？；：、]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": ""}
_ENTITY = re.compile(r"&(lt|gt|quot|amp|#x3[cCeE]|#6[02]);")
_WANTED = ("headline", "datePublished", "articleSection", "url")
_ALSO = {"pubDate": "datePublished", "title": "headline"}
"""What Chinese search engines' own vocabularies call the same."""


def linked_data(scripts: list[str]) -> dict[str, str]:
    """The plain values of a page's JSON-LD scripts; broken JSON is passed over.

    >>> linked_data(['{"headline": "快讯", "author": {"name": "王一"}}'])
    {'headline': '快讯', 'author': '王一'}
    """
    found: dict[str, str] = {}
    for text in scripts:
        try:
            data = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _items(data):
            for key in (*_WANTED, *_ALSO):
                value = item.get(key)
                if isinstance(value, str) and value.strip():
                    found.setdefault(_ALSO.get(key, key), value.strip())
            name = _name(item.get("author"))
            if name:
                found.setdefault("author", name)
    return found


def _items(data: object) -> list[dict[str, Any]]:
    top = data if isinstance(data, list) else [data]
    found = [d for d in top if isinstance(d, dict)]
    for item in list(found):
        graph = item.get("@graph")
        if isinstance(graph, list):
            found.extend(d for d in graph if isinstance(d, dict))
    return [
        d
        for d in found
        if "rticle" in str(d.get("@type", "Article")) or "headline" in d or "datePublished" in d or "pubDate" in d
    ]


def _name(author: object) -> str | None:
    if isinstance(author, list):
        names = [n for n in map(_name, author) if n]
        return " ".join(names) or None
    if isinstance(author, dict):
        author = author.get("name")
    return author.strip() or None if isinstance(author, str) else None


def article_in_scripts(html: str) -> str | None:
    r"""The longest piece of Chinese prose that stands as a string in a script, as markup; None where there is none.

    >>> page = '<script>var d = {"content": "\\u003cp\\u003e' + "全市经济稳中向好，质量提升。" * 10 + '\\u003c/p\\u003e"}</script>'
    >>> article_in_scripts(page)[:12]
    '<p>全市经济稳中向好，'
    """
    best, weight = None, 8
    for match in _STRING.finditer(html):
        raw = match.group(1) or match.group(2) or ""
        if len(raw) < 100:
            continue
        text = _ENTITY.sub(_character, _ESCAPE.sub(_unescape, raw))
        marks = len(_PROSE.findall(text))
        if marks > weight:
            best, weight = text, marks
    return best


def moment_in_scripts(html: str) -> str | None:
    """When a script that draws the article says it appeared.

    >>> moment_in_scripts('<script>d = {"publishTime": "2024-02-01 08:30"}</script>')
    '2024-02-01 08:30'
    """
    match = _MOMENT.search(html)
    return match.group(1) if match else None


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _PLAIN.get(code, code)


def _character(match: re.Match[str]) -> str:
    code = match.group(1).lower()
    return {"lt": "<", "gt": ">", "quot": '"', "amp": "&", "#x3c": "<", "#x3e": ">", "#60": "<", "#62": ">"}[code]
