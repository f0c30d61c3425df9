"""Two readers, one walk: what lexbor reads of a page, bs4 reads too, and the article is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.blocks import read_page
from parsers.chrome import strip_chrome
from parsers.decode import decode
from parsers.dom import read_tree

SEEDS = sorted((Path(__file__).parent.parent / "seeds").rglob("*.html"))
PAGES = {
    "article": """<!DOCTYPE html><html><head><title>开局良好_要闻</title><meta charset="utf-8"></head><body>
        <div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">要闻</a></li></ul></div>
        <h1>开局良好</h1><p class="info">2024-02-01 08:30 来源：芜湖日报</p>
        <div id="zoom"><p>全市<strong>工业</strong>增长7.1%，<span>服务业</span>增长4.6%。</p><p>出口增长8.1%，进口增长2.2%。</p>
        <table><tbody><tr><th>指标</th><th>增速</th></tr><tr><td>出口</td><td>8.1</td></tr></tbody></table></div>
        <div class="footer"><a href="x">联系我们</a></div></body></html>""",
    "lines": "<html><body><div>第一行，有逗号。<br/>第二行，也有。<br>第三行&nbsp;&lt;5%。</div></body></html>",
    "hidden": "<html><body><p>看得见，听得到。</p><p style='display:none'>看不见。</p><!-- 注 --><script>1<2</script></body></html>",
    "lists": "<html><body><ul><li>甲<ul><li>乙</li></ul></li><li>丙 <em>丁</em></li></ul><dl><dt>戊</dt><dd>己</dd></dl></body></html>",
    "gaps": "<html><body><table><tr><th></th><th>单位</th><th>产量</th></tr><tr><td>钢材</td><td><p></p></td><td>12.5</td></tr>"
    "<tr><td>水泥</td><td>&nbsp;</td><td><img src='a'></td></tr></table><p>完。</p></body></html>",
}


@pytest.mark.parametrize("name", PAGES)
def test_both_readers_give_the_same_blocks(name: str) -> None:
    lexbor, soup = read_tree(PAGES[name]), read_tree(PAGES[name], "bs4")
    assert [b.text for b in lexbor.blocks] == [b.text for b in soup.blocks]
    assert lexbor.meta == soup.meta
    assert lexbor.title == soup.title


@pytest.mark.parametrize("name", PAGES)
def test_both_readers_give_the_same_rows(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lexbor = read_page(PAGES[name])
    monkeypatch.setattr("parsers.blocks.read_tree", lambda html, **more: read_tree(html, "bs4", **more))
    soup = read_page(PAGES[name])
    assert [b.text for b in lexbor.blocks] == [b.text for b in soup.blocks]
    assert [b.text for b in lexbor.lines] == [b.text for b in soup.lines]


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name)
def test_both_readers_see_the_same_text_in_the_seeds(path: Path) -> None:
    html = decode(path.read_bytes()).text
    lexbor = "".join("".join(b.text for b in read_tree(html).blocks).split())
    soup = "".join("".join(b.text for b in read_tree(html, "bs4").blocks).split())
    assert lexbor == soup


@pytest.mark.parametrize("path", SEEDS, ids=lambda p: p.name)
def test_the_text_of_a_page_and_its_dump_give_the_same_article(path: Path) -> None:
    page = read_page(decode(path.read_bytes()).text)
    dump = read_page("\n".join(b.text for b in page.blocks))
    whole, plain = strip_chrome(page).body, strip_chrome(dump).body
    shared = set(whole.split("\n")) & set(plain.split("\n"))
    assert len(shared) >= 0.8 * len(set(whole.split("\n")))


def test_bs4_steps_in_where_lexbor_cannot_be_asked() -> None:
    page = read_page("<html><body><p>全市增长5%，好\ud800。</p></body></html>")
    assert [b.text.replace("\ud800", "") for b in page.blocks] == ["全市增长5%，好。"]
