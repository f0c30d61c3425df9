"""Title, time, outlet, persons and clicks, as pages of many sites write them."""

from __future__ import annotations

import datetime as dt

import pytest

from parsers import parse
from parsers.blocks import read_page
from parsers.bylines import read_byline
from parsers.chrome import strip_chrome
from parsers.dates import read_moment
from parsers.metadata import Metadata, read_metadata
from parsers.titles import clean_head_title

at = dt.datetime.fromisoformat
PROSE = "".join(
    f"<p>{p}</p>"
    for p in (
        "一季度，全市生产总值达到1052.3亿元，同比增长5.6%，增速高于全省平均水平。",
        "分产业看，第二产业增加值增长6.4%，第三产业增加值增长5.2%，农业生产形势稳定。",
    )
)


def read(html: str, name: str = "a.html") -> Metadata:
    page = read_page(html)
    return read_metadata(page, strip_chrome(page), name)


def page(
    info: str, head: str = "<title>开局良好_江城新闻网</title>", title: str = "<h1>开局良好</h1>", tail: str = ""
) -> str:
    return f"<html><head>{head}</head><body>{title}<div>{info}</div><div id=zoom>{PROSE}{tail}</div></body></html>"


@pytest.mark.parametrize(
    ("line", "when", "outlet", "clicks"),
    [
        ("发布时间:2024-11-15 17:21:29 来源: 萍乡日报 点击: 123", "2024-11-15 17:21:29", "萍乡日报", 123),
        ("2025-10-11 01:13:54  |  来 源:上饶日报  |  点击:", "2025-10-11 01:13:54", "上饶日报", None),
        (
            "发布时间：2023-11-21 10:05来源：芜湖市统计局浏览次数：字体：大 中 小",
            "2023-11-21 10:05:00",
            "芜湖市统计局",
            None,
        ),
        ("来源：柳州日报 | 2024年08月02日 09:27 | 作者：覃科 | 编辑：韦莉", "2024-08-02 09:27:00", "柳州日报", None),
        ("2023/6/9 14:02:00    江苏工业在线    编辑：王宁", "2023-06-09 14:02:00", "江苏工业在线", None),
        (
            "【信息来源：江城市统计局】【作者：】【信息时间：2026-05-12 10:17 阅读次数：35 】【字号 大 中 小】",
            "2026-05-12 10:17:00",
            "江城市统计局",
            35,
        ),
        ("来源：江城市统计局2026-04-30", "2026-04-30 00:00:00", "江城市统计局", None),
        ("信息来源：市财政局 发布日期：2024-1-5 浏览次数：1,206 次", "2024-01-05 00:00:00", "市财政局", 1206),
        (
            "日期： 2026-07-15 浏览量：418 来源：江城市财政局 责任编辑：李玉 文字大小： 大 中 小",
            "2026-07-15 00:00:00",
            "江城市财政局",
            418,
        ),
        ("2019-09-07 13:43:45 来源: 证券周刊 举报", "2019-09-07 13:43:45", "证券周刊", None),
        ("发布机构\t市统计局\t发文日期\t2026-05-27", "2026-05-27 00:00:00", "市统计局", None),
        ("本文来源于国家统计局 2024-05-11 09:36:26", "2024-05-11 09:36:26", "国家统计局", None),
        ("发布于：2024年5月9日 下午2:05 阅读 3.2万", "2024-05-09 14:05:00", None, 32000),
    ],
)
def test_bylines(line: str, when: str, outlet: str | None, clicks: int | None) -> None:
    byline = read_byline([line], [], [])
    assert (str(byline.published_at), byline.outlet or byline.publisher, byline.clicks) == (when, outlet, clicks)


@pytest.mark.parametrize(
    ("line", "editor"),
    [
        ("（责任编辑：李娜）", "李娜"),
        ("【编辑:刘阳】", "刘阳"),
        ("编辑：韩佳 张红", "韩佳 张红"),
        ("责任编辑：杨倩_NF4425", "杨倩"),
        ("[责任编辑：黄南 PN269]", "黄南"),
        ("责编：李明 审核：王强 监制：赵刚", "李明"),
        ("作者/编辑：倪轩 责任编辑：杨格", "杨格"),
        ("编审：王强", None),
        ("选稿：曾明", None),
        ("责任编辑：admin", None),
    ],
)
def test_editors(line: str, editor: str | None) -> None:
    assert read_byline([], [line], []).editor == editor


def test_dates_of_other_things_are_not_the_date_of_publication() -> None:
    assert read_byline(["成文日期：2024-01-05 发布日期：2024-01-09"], [], []).published_at == at("2024-01-09")
    assert read_byline(["——2024年1月20日在江城市第五届人民代表大会上", "2024-02-01"], [], []).published_at == at(
        "2024-02-01"
    )
    assert read_byline(["生成日期：2024-01-05"], [], []).published_at == at("2024-01-05")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-09T22:30:00+08:00", at("2024-05-09 22:30:00")),
        ("2024-05-09T14:30:00.000Z", at("2024-05-09 22:30:00")),
        ("2024.5.9", at("2024-05-09")),
        ("2024年05月09日 星期四 上午8:05", at("2024-05-09 08:05:00")),
        ("20240509223015", at("2024-05-09 22:30:15")),
        ("2024-02-30", None),
        ("没有日期", None),
    ],
)
def test_moments(text: str, moment: dt.datetime | None) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        ("全市生产总值增长5%_要闻_江城新闻网", "全市生产总值增长5%"),
        ("全市生产总值增长5%-江城市人民政府", "全市生产总值增长5%"),
        ("全市生产总值增长5% | 江城市统计局", "全市生产总值增长5%"),
        ("1-10月全市投资稳中趋优", "1-10月全市投资稳中趋优"),
        ("稳中向好开新局——江城经济发展回眸", "稳中向好开新局——江城经济发展回眸"),
        ("江城新闻网", "江城新闻网"),
    ],
)
def test_head_titles(title: str, clean: str) -> None:
    assert clean_head_title(title) == clean


def test_the_headline_is_neither_the_site_nor_the_column() -> None:
    info = "2024-04-20 来源：江城日报"
    assert read(page(info)).title == "开局良好"
    assert read(page(info, head="<title>江城市财政局</title>")).title == "开局良好"
    assert read(page(info, title="<h1>江城新闻网</h1><h2>要闻</h2><div class=tit>开局良好</div>")).title == "开局良好"
    assert (
        read(
            page(info, head="<title>开局良好——江城经济观察_网</title>", title="<h1>开局良好<br>——江城经济观察</h1>")
        ).title
        == "开局良好——江城经济观察"
    )
    assert (
        read(
            page(
                info,
                head="<title>(某省)江城市2024年统计公报-公报库</title>",
                title="<h1><a>江城市2024年统计公报</a> 2024</h1>",
            )
        ).title
        == "江城市2024年统计公报"
    )


def test_the_page_gives_the_day_and_meta_the_minute() -> None:
    head = '<title>开局良好</title><meta name="PubDate" content="{}">'
    info = "来源：江城日报 2024-04-20"
    assert read(page(info, head=head.format("2024-04-20 09:12:33"))).published_at == at("2024-04-20 09:12:33")
    assert read(page(info, head=head.format("2024-05-01 09:12"))).published_at == at("2024-04-20")
    assert read(page("来源：江城日报", head=head.format("2024-04-20 09:12"))).published_at == at("2024-04-20 09:12")


def test_the_address_dates_a_page_that_says_nothing() -> None:
    assert read(page(""), name="http://www.jc.cn/2024/0420/1.html").published_at == at("2024-04-20")


def test_a_list_above_does_not_lend_its_dates() -> None:
    above = "<ul><li>另一则消息 发布时间：2024-06-01</li><li>再一则消息 发布时间：2024-05-31</li></ul>"
    data = read(page("日期：2024-04-20 来源：江城日报", title=f"{above}<h1>开局良好</h1>"))
    assert data.published_at == at("2024-04-20")


def test_outlet_falls_back_to_the_publisher_then_to_meta() -> None:
    assert read(page("发布机构：江城市统计局 发布日期：2024-04-20 来源：")).outlet == "江城市统计局"
    assert (
        read(page("2024-04-20", head='<title>开局良好</title><meta name="ContentSource" content="江城日报">')).outlet
        == "江城日报"
    )
    assert read(page("2024-04-20 09:00")).outlet is None


def test_an_electronic_newspaper_names_itself_in_its_title() -> None:
    html = "<title>江城日报数字报-开局良好</title><h1>开局良好</h1><p>2024年02月09日</p><div>{}</div>"
    assert read(html.format(PROSE)).outlet == "江城日报"
    assert read(html.replace("江城日报数字报-开局良好", "开局良好_江城日报").format(PROSE)).outlet is None


def test_an_index_table_of_single_lines() -> None:
    dump = "索引号\n0152-0019\n发布机构\n江城市财政局\n公开目录\n政府预算\n发布日期\n2024-02-05\n文号\n浏览量\n开局良好的一年\n"
    data = read(dump + PROSE.replace("<p>", "").replace("</p>", "\n"), "a.txt")
    assert (data.outlet, str(data.published_at)) == ("江城市财政局", "2024-02-05 00:00:00")


def test_authors() -> None:
    assert read(page("2024-04-20 来源：江城日报 作者：王晓 李明")).author == "王晓 李明"
    assert read(page("2024-04-20", head='<title>开局良好</title><meta name="author" content="江城网">')).author is None
    told = page("2024-04-20").replace("<p>一季度", "<p>江城日报讯（记者 陈婷 李勇）一季度")
    assert read(told).author == "陈婷 李勇"


def test_section_and_address() -> None:
    crumbs = "<div>当前位置：<a href=/>首页</a> &gt; <a href=/a>统计分析</a> &gt; 正文</div><h1>开局良好</h1>"
    data = read(
        page(
            "2024-04-20",
            head='<title>开局良好</title><link rel="canonical" href="http://tjj.jc.gov.cn/1.html">',
            title=crumbs,
        )
    )
    assert (data.section, data.url) == ("统计分析", "http://tjj.jc.gov.cn/1.html")


def test_found_by_names_a_way_for_every_value() -> None:
    data = read(page("2024-04-20 来源：江城日报 点击：3", tail="<p>（责编：李明）</p>"))
    filled = {k for k in ("title", "published_at", "outlet", "editor", "clicks") if getattr(data, k) is not None}
    assert filled == {"title", "published_at", "outlet", "editor", "clicks"}
    assert filled <= set(data.found_by)


@pytest.mark.parametrize(
    ("info", "field", "value"),
    [
        ("2024-04-20 09:12 作者：王一 分类：外贸 3条评论", "author", "王一"),
        ("2024-04-20 09:12 文/王一", "author", "王一"),
        ("2024-04-20 09:12 文｜记者 王一", "author", "王一"),
        ("2024-04-20 09:12 编辑 | 李二", "editor", "李二"),
        ("2024-04-20 09:12 | 来自: 江城日报", "outlet", "江城日报"),
        ("江城融媒 2小时前 1,894阅读 16评论", "outlet", "江城融媒"),
        ("江城融媒 2小时前 1,894阅读 16评论", "clicks", 1894),
        ("2024-04-20 19:051.3万阅读", "clicks", 13000),
        ("2024-04-20 19:05 860次阅读", "clicks", 860),
        ("2024-04-20 19:05 阅读 2.4k", "clicks", 2400),
        ("2024-04-20 来源:江城日报 责任编辑:李二 我来说两句", "editor", "李二"),
        ("2024-04-20 采写 | 王一 实习生 张三", "author", "王一"),
        ("2024-04-20 作者：王一 通讯员 张三", "author", "王一"),
        ("2024-04-20 采写：江城见习记者 王一", "author", "王一"),
        ("江城日报 记者 王一 通讯员 李二 2024-04-20", "author", "王一"),
        ("2024-04-20　来源：江城日报　记者 王一　编辑 李二", "editor", "李二"),
        ("2024-04-20　来源：江城日报　记者 王一　编辑 李二", "author", "王一"),
        ("<p>江城晚报</p><p>2024-04-20 19:05 发布于：江城</p>", "outlet", "江城晚报"),
    ],
)
def test_fields_of_sites_with_other_labels(info: str, field: str, value: object) -> None:
    assert getattr(read(page(info)), field) == value


def test_a_byline_inside_the_headline_is_no_part_of_it() -> None:
    data = read(page("", title="<h1>开局良好<br><span>2024-04-20 09:12:33 来源：江城日报 点击：15</span></h1>"))
    assert (data.title, data.published_at, data.outlet, data.clicks) == (
        "开局良好",
        at("2024-04-20 09:12:33"),
        "江城日报",
        15,
    )


def test_a_subtitle_below_the_headline_of_a_dump() -> None:
    data = read(
        "首页\n黑土地上机声隆隆\n——江城春耕见闻\n2024-04-20 09:12 来源：江城日报\n"
        + PROSE.replace("<p>", "").replace("</p>", "\n")
    )
    assert data.title == "黑土地上机声隆隆——江城春耕见闻"


def test_the_vocabulary_of_a_search_engine_dates_a_page() -> None:
    script = '<script type="application/ld+json">{"@context": "x", "title": "开局良好", "pubDate": "2024-04-20T09:12:00"}</script>'
    assert read(page("2小时前", head="<title>开局良好</title>" + script)).published_at == at("2024-04-20 09:12")


def test_the_owner_of_a_site_tells_the_city() -> None:
    html = page("2024-04-20 09:12 来源：市统计局", tail="<p>主办：芜湖市人民政府办公室</p>")
    document = parse(html.encode(), "a.html").document
    assert document is not None
    assert (document.city_code, document.found_by["city_code"]) == ("340200", "site")


def test_a_signature_below_the_text_names_the_author() -> None:
    assert read(page("2024-04-20 09:12", tail="<p>（记者 王一）</p>")).author == "王一"


def test_the_name_of_a_site_is_no_headline() -> None:
    shown = "<p align=center><font size=5>全市重点工程完成投资91.5亿元</font></p>"
    data = read(page("江城新闻网 2024-04-20 浏览次数：15", head="<title>江城新闻</title>", title=shown))
    assert data.title == "全市重点工程完成投资91.5亿元"


def test_a_site_glued_to_the_author_is_the_outlet() -> None:
    data = read(page("文/王一江城观察2024-04-20 09:12", head="<title>全市经济开局良好_江城观察</title>"))
    assert (data.author, data.outlet) == ("王一", "江城观察")


def test_a_line_of_the_reporter_below_the_text() -> None:
    assert read(page("2024-04-20 09:12", tail="<p>江城日报记者 王一 文/图</p>")).author == "王一"
    assert read(page("2024-04-20 09:12", tail="<p>江城日报记者 王一 摄</p>")).author is None
