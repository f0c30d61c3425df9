"""Our own reading of a page and the peers', under one call: decoded HTML in, body and fields out.

A reader that is not installed is left out by name. All are given the same decoded text, so that no one is judged by its decoding.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Reading = tuple[str, dict[str, Any]]
_TAGS = re.compile(r"<[^>]+>")


@dataclass
class Reader:
    """A named reader, made when first asked for; ``fields`` are those it gives at all."""

    name: str
    make: Callable[[], Callable[[str], Reading]]
    fields: tuple[str, ...] = ()
    missing: str = field(default="", init=False)


def _chengshu() -> Callable[[str], Reading]:
    from parsers.blocks import read_page
    from parsers.chrome import strip_chrome
    from parsers.metadata import read_metadata

    def read(html: str) -> Reading:
        page = read_page(html)
        article = strip_chrome(page)
        found = read_metadata(page, article, "")
        return article.body, {
            "title": found.title,
            "source": found.outlet,
            "editor": found.editor,
            "published_at": found.published_at,
        }

    return read


def _lexbor() -> Callable[[str], Reading]:
    from selectolax.lexbor import LexborHTMLParser

    def read(html: str) -> Reading:
        root = LexborHTMLParser(html).root
        if root is not None:
            for node in root.traverse(include_text=True):
                if node.tag == "-text":
                    _ = node.text_content
        return "", {}

    return read


def _trafilatura(fast: bool) -> Callable[[], Callable[[str], Reading]]:
    def make() -> Callable[[str], Reading]:
        from trafilatura import bare_extraction

        def read(html: str) -> Reading:
            found = bare_extraction(html, fast=fast, with_metadata=True, include_comments=False)
            if found is None:
                return "", {}
            return found.text or "", {"title": found.title, "published_at": found.date}

        return read

    return make


def _resiliparse() -> Callable[[str], Reading]:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda html: (extract_plain_text(html, main_content=True, links=False, alt_texts=False), {})


def _readability() -> Callable[[str], Reading]:
    from lxml import html as lxml_html
    from readability import Document

    def read(html: str) -> Reading:
        page = Document(html)
        return lxml_html.fromstring(page.summary()).text_content(), {"title": page.short_title()}

    return read


def _magic() -> Callable[[str], Reading]:
    from lxml import html as lxml_html
    from magic_html import GeneralExtractor

    extractor = GeneralExtractor()

    def read(html: str) -> Reading:
        found = extractor.extract(html, base_url="http://example.com/a.html")
        body = found.get("html") or ""
        return (lxml_html.fromstring(body).text_content() if body.strip() else ""), {"title": found.get("title")}

    return read


def _gne() -> Callable[[str], Reading]:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def read(html: str) -> Reading:
        found = extractor.extract(html)
        return found["content"], {"title": found["title"], "published_at": found["publish_time"].replace("/", "-")}

    return read


def _newspaper() -> Callable[[str], Reading]:
    import newspaper

    def read(html: str) -> Reading:
        page = newspaper.Article("http://example.com/a.html", language="zh", fetch_images=False)
        page.download(input_html=html)
        page.parse()
        return page.text, {"title": page.title, "published_at": page.publish_date}

    return read


def _goose() -> Callable[[str], Reading]:
    from goose3 import Goose
    from goose3.text import StopWordsChinese

    extractor = Goose(
        {
            "stopwords_class": StopWordsChinese,
            "enable_image_fetching": False,
            "use_meta_language": False,
            "target_language": "zh",
        }
    )

    def read(html: str) -> Reading:
        found = extractor.extract(raw_html=html)
        return found.cleaned_text, {"title": found.title, "published_at": found.publish_date}

    return read


def _justext() -> Callable[[str], Reading]:
    import justext

    def read(html: str) -> Reading:
        # lengths for a script without spaces, as its stop-word density says nothing here
        paragraphs = justext.justext(
            html, frozenset(), length_low=20, length_high=60, stopwords_low=0, stopwords_high=0, no_headings=True
        )
        return "\n".join(p.text for p in paragraphs if not p.is_boilerplate), {}

    return read


FLOOR = Reader("lexbor: parse and visit", _lexbor)
OURS = Reader("chengshu", _chengshu, ("title", "day", "minute", "source", "editor"))
PEERS = (
    Reader("trafilatura", _trafilatura(fast=False), ("title", "day")),
    Reader("trafilatura (fast)", _trafilatura(fast=True), ("title", "day")),
    Reader("resiliparse", _resiliparse),
    Reader("readability-lxml", _readability, ("title",)),
    Reader("magic-html", _magic, ("title",)),
    Reader("gne", _gne, ("title", "day", "minute")),
    Reader("newspaper4k", _newspaper, ("title", "day", "minute")),
    Reader("goose3", _goose, ("title", "day")),
    Reader("jusText", _justext),
)


def quiet() -> None:
    """Peers log much about pages they cannot read; a page not read is scored as empty."""
    logging.disable(logging.CRITICAL)
