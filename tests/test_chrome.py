"""The article and nothing else: every kind of chrome that wraps Chinese news pages, each with the rule that drops it."""

from __future__ import annotations

import pytest

from parsers.blocks import read_page
from parsers.chrome import Article, strip_chrome
from parsers.decode import decode
from parsers.refusals import judge

FIRST = "一季度，全市生产总值达到1052.3亿元，按不变价格计算，同比增长5.6%，增速高于全省平均水平。"
SECOND = "分产业看，第一产业增加值增长3.1%，第二产业增加值增长6.4%，第三产业增加值增长5.2%。"
THIRD = "下一步，全市将锚定全年目标，抓项目、促消费、稳外贸，推动经济持续回升向好。"
BODY = [FIRST, SECOND, THIRD]
PARAGRAPHS = "".join(f"<p>　　{p}</p>" for p in BODY)


def article_of(page: str) -> Article:
    return strip_chrome(read_page(page))


def lines(page: str) -> list[str]:
    return article_of(page).body.split("\n")


def site(article: str, beside: str = "", after: str = "", title: str = "开局良好_要闻_江城新闻网") -> str:
    return f"""<html><head><title>{title}</title></head><body>
    <div class="nav"><a href="/">首页</a><a href="/a">要闻</a><a href="/b">县区</a></div>
    <div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/a">要闻</a> &gt; 正文</div>
    <div class="main"><div class="left">{article}</div><div class="side">{beside}</div></div>
    {after}<div class="footer"><p>版权所有 江城日报社，未经授权不得转载。江ICP备00000000号</p></div></body></html>"""


HEAD = "<h1>开局良好</h1><div class=info>2024-04-20 09:12 来源：江城日报 【字体：大 中 小】</div>"


def test_a_plain_page() -> None:
    assert lines(site(f"{HEAD}<div class=content>{PARAGRAPHS}</div>")) == BODY


@pytest.mark.parametrize(
    "tail",
    [
        "<p>（责任编辑：李明）</p>",
        "<p>编辑：李明 审核：王强</p>",
        "<div>上一篇：<a href=x>县区经济稳中有进</a></div><div>下一篇：没有了</div>",
        "<h3>相关阅读</h3><ul><li><a href=x>全市出口增长两成</a></li><li><a href=y>新城区重点项目开工</a></li></ul>",
        "<div class=share>分享到：<a>微信</a><a>微博</a></div>",
        "<p>附件：<a href=a.xls>主要指标.xls</a></p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<p>声明：本网转载文章版权归原作者所有，如有侵权请联系我们。</p>",
        "<p>[1] [2] 下一页 全文阅读</p>",
        "<div class=comment><h4>网友评论</h4><p>写得真好，家乡越来越好了，为家乡点赞，希望大家都来看看。</p></div>",
        "<p>(数据来源：江城市统计局)</p>",
        "<p>打印 关闭</p>",
        "<p>江城市统计局</p><p>2024年4月20日</p>",
    ],
)
def test_what_follows_the_article_goes(tail: str) -> None:
    assert lines(site(f"{HEAD}<div class=content>{PARAGRAPHS}{tail}</div>")) == BODY


@pytest.mark.parametrize(
    "end",
    [
        "【编辑:刘阳】",
        " (数据来源:江城市委宣传部) 【编辑:刘阳】",
        "（责编：刘阳）",
        " 编辑：刘阳",
        " 责任编辑：刘阳 审核：王强",
        "—12—",
    ],
)
def test_what_hangs_on_the_last_paragraph_goes(end: str) -> None:
    page = site(f"{HEAD}<div>{PARAGRAPHS[: -len('</p>')]}{end}</p></div>")
    assert lines(page) == BODY


def test_a_remark_of_the_article_itself_stays() -> None:
    assert (
        lines(site(f"{HEAD}<div>{PARAGRAPHS}<p>全年目标不变。（江城市发改局）</p></div>"))[-1]
        == "全年目标不变。（江城市发改局）"
    )


@pytest.mark.parametrize(
    "extra",
    [
        "<p>开局良好</p>",
        "<p>江城市统计局 国家统计局江城调查队</p><p>2024年4月20日</p>",
        "<p>——2024年1月20日在江城市第五届人民代表大会第三次会议上</p><p>江城市财政局局长 李明</p>",
        "<p>分享到：</p><p>用微信扫码二维码</p>",
        "<figure><img src=a.jpg><figcaption>图为装配车间，工人正在作业。</figcaption></figure>",
    ],
)
def test_what_stands_between_byline_and_text_goes(extra: str) -> None:
    assert lines(site(f"{HEAD}<div>{extra}{PARAGRAPHS}</div>")) == BODY


def test_headings_and_tables_inside_stay() -> None:
    table = "<table><tr><td>指标</td><td>增速</td></tr><tr><td>出口</td><td>8.1</td></tr></table>"
    page = site(
        f"{HEAD}<div><p>一、总体情况</p><p>{FIRST}</p><p>二、分产业看</p><p>{SECOND}</p>{table}<p>{THIRD}</p></div>"
    )
    assert lines(page) == ["一、总体情况", FIRST, "二、分产业看", SECOND, "指标\t增速", "出口\t8.1", THIRD]


def test_rows_of_a_table_keep_their_empty_cells() -> None:
    table = (
        "<table><tr><td></td><td>总量</td><td>增速</td></tr><tr><td>零售额</td><td></td><td>4.1</td></tr>"
        "<tr><td>收入</td><td>12.5</td><td></td></tr></table>"
    )
    page = site(f"{HEAD}<div><p>{FIRST}</p><p>{SECOND}</p>{table}<p>{THIRD}</p></div>")
    assert lines(page) == [FIRST, SECOND, "\t总量\t增速", "零售额\t\t4.1", "收入\t12.5\t", THIRD]


FIGURES = [
    "年份\t生产总值（亿元）\t增速（%）",
    *(f"{year}\t{year - 1600}.4\t5.{year % 10}" for year in range(2018, 2025)),
]
TABLE = "<table>" + "".join(f"<tr><td>{row.replace(chr(9), '</td><td>')}</td></tr>" for row in FIGURES) + "</table>"


def test_a_page_that_is_a_table_of_figures_is_an_article() -> None:
    page = site(f"{HEAD}<div><p>单位：亿元</p>{TABLE}</div>")
    assert lines(page) == ["单位：亿元", *FIGURES]
    read = read_page(page)
    assert judge(read, strip_chrome(read)) is None
    dump = [
        "江城网 >> 数据",
        "江城市2024年1-10月主要指标",
        "2024-11-20 来源：江城市统计局",
        *FIGURES,
        "版权所有 江城市统计局",
    ]
    article = article_of("\n".join(dump))
    assert article.title.text == dump[1]
    assert article.body.split("\n") == FIGURES


def test_a_few_rows_beside_links_are_no_article() -> None:
    quotes = "<table>" + "<tr><td>沪指</td><td>3201.5</td></tr>" * 3 + "</table>"
    ranks = "<table>" + "<tr><td><a href=x>江城市第1期简报</a></td><td>2024-01-02</td></tr>" * 9 + "</table>"
    assert lines(site(f"{HEAD}<div>{PARAGRAPHS}</div>", beside=TABLE)) == BODY
    assert lines(site(f"{HEAD}<div></div>", beside=quotes + ranks)) == [""]


def test_empty_cells_beside_the_byline_and_the_paragraphs_do_not_hide_them() -> None:
    page = site(
        f"<table><tr><td></td><td>{HEAD}</td><td></td></tr></table><table><tr><td></td><td>{FIRST}</td><td></td></tr>"
        f"<tr><td></td><td>{SECOND}</td><td></td></tr><tr><td></td><td>{THIRD}</td><td></td></tr>"
        "<tr><td></td><td>【打印】</td><td>【关闭】</td></tr></table>"
    )
    assert lines(page) == BODY


def test_captions_inside_the_text_go() -> None:
    page = site(
        f"{HEAD}<div><p>{FIRST}</p><p>图为江城港集装箱码头。 记者 李明 摄</p><p>{SECOND}</p><p>{THIRD}</p></div>"
    )
    assert lines(page) == BODY


def test_a_page_of_pictures_keeps_its_captions() -> None:
    captions = [f"4月{d}日，游客在江城市湿地公园赏花，春色正浓，游人如织。 新华社记者 李明 摄" for d in range(1, 5)]
    page = site(f"{HEAD}<div>{''.join(f'<p>{c}</p>' for c in captions)}</div>")
    assert lines(page) == captions


def test_a_short_article_beats_a_long_column_of_teasers() -> None:
    teasers = "".join(
        f"<li><h3><a href=x>县区动态第{i}期</a></h3><p>这里是另一篇报道的提要，讲的是别处的事，与本文无关，请勿当作正文收入，共{i}条。</p></li>"
        for i in range(30)
    )
    page = site(f"{HEAD}<div class=text><p>{FIRST}</p></div>", beside=f"<ul>{teasers}</ul>")
    assert lines(page) == [FIRST]


def test_comments_do_not_outweigh_the_article() -> None:
    comments = "".join(
        f"<div class=tie><p>第{i}条留言，说了很多很多的话，希望大家都能看到，一起讨论这件事。</p></div>"
        for i in range(60)
    )
    assert lines(site(f"{HEAD}<div>{PARAGRAPHS}</div><div class=comments>{comments}</div>")) == BODY


def test_an_article_in_a_layout_table() -> None:
    page = site(
        f"<table><tr><td>{HEAD}</td></tr><tr><td>{PARAGRAPHS}</td></tr><tr><td>【打印】【关闭】</td></tr></table>"
    )
    assert lines(page) == BODY


def test_paragraphs_split_by_breaks() -> None:
    assert lines(site(f"{HEAD}<div class=con>{'<br><br>　　'.join(BODY)}</div>")) == BODY


def test_every_paragraph_in_a_box_of_its_own() -> None:
    assert (
        lines(
            site(HEAD + "<div>" + "".join(f"<section><section><p>{p}</p></section></section>" for p in BODY) + "</div>")
        )
        == BODY
    )


def test_a_box_named_like_chrome_that_holds_the_article_is_kept() -> None:
    assert lines(site(f"{HEAD}<div class='share-content related'>{PARAGRAPHS}</div>")) == BODY


DUMP = [
    "江城新闻网",
    "首页 要闻 县区 专题",
    "首页 > 要闻 > 正文",
    "开局良好",
    "2024-04-20 09:12  来源：江城日报  点击：12",
]


@pytest.mark.parametrize(
    "tail",
    [
        ["【责任编辑：李明】", "上一篇：县区经济稳中有进", "下一篇：没有了"],
        ["每日推荐", "全市出口增长21.3%", "新城区重点项目集中开工 总投资86亿元"],
        ["（责编：李明）", "[1] [2] 下一页  全文阅读", "猜你喜欢", "江城GDP增长5.6% 居全省第二"],
        ["扫一扫在手机打开当前页", "附件：主要指标.xls（12KB）", "Copyright 2024 江城新闻网 江ICP备00000000号"],
        ["热点新闻", "01 全市一季度进出口增长12%", "02 港口吞吐量创新高", "联系电话：0000-0000000"],
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n　　"])
def test_dumps(tail: list[str], gap: str) -> None:
    article = article_of("\n".join(DUMP) + gap + gap.join(BODY) + "\n" + "\n".join(tail))
    assert article.body.split("\n") == BODY
    assert article.title.text == "开局良好"


def test_a_dump_with_the_headline_after_the_byline() -> None:
    article = article_of(
        "江城日报 客户端 微博\n江城网 >> 正文\n2024年04月20日 09:12  来源：江城日报\n开局良好 稳中有进\n阅读：12\n"
        + "\n".join(BODY)
    )
    assert article.title.text == "开局良好 稳中有进"
    assert article.body.split("\n") == BODY


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("江城市2023年统计公报 2023", "江城市2023年统计公报"),
        ("江城2023年展望 2024", "江城2023年展望 2024"),
        ("开局 2024", "开局 2024"),
    ],
)
def test_a_year_shown_again_behind_the_headline_of_a_dump_is_a_badge(line: str, title: str) -> None:
    article = article_of("\n".join(["江城网 >> 正文", line, "2024-04-20 09:12 来源：江城日报", *BODY]))
    assert article.title.text == title


def test_a_table_copied_cell_by_cell_stays_in_the_dump() -> None:
    cells = [
        "指标",
        "总量",
        "增速（%）",
        "工业增加值",
        "102.4",
        "7.1",
        "固定资产投资",
        "—",
        "4.2",
        "出口",
        "36.5",
        "8.1",
    ]
    article = article_of("\n".join([*DUMP, FIRST, SECOND, *cells, THIRD]))
    rows = ["\t".join(cells[k : k + 3]) for k in range(0, len(cells), 3)]
    assert article.body.split("\n") == [FIRST, SECOND, *rows, THIRD]


def test_figures_copied_cell_by_cell_stay_in_the_page() -> None:
    cells = "".join(f"<p>{c}</p>" for c in ["产品", "产量", "增长%", "钢材", "12.5", "-3.4", "水泥", "376.33", "4.2"])
    page = site(f"{HEAD}<div><p>{FIRST}</p><p>{SECOND}</p>{cells}<p>{THIRD}</p></div>")
    assert lines(page)[2:-1] == ["产品", "产量", "增长%", "钢材", "12.5", "-3.4", "水泥", "376.33", "4.2"]


def test_rows_parted_by_blanks_do_not_end_the_dump() -> None:
    heads = ["项目 播种面积", "（万亩）", "比上年增长", "（%）", "产 量", "（万吨）", "比上年增长", "（%）"]
    rows = [f"{name} 314.26 -3.6 155.22 0.2%" for name in ("粮食", "# 小麦", "油料", "蔬菜", "瓜果", "甜菜", "棉花")]
    dump = ["开局良好", "2024-04-20 09:12 来源：江城日报", FIRST, *heads, *rows, SECOND, THIRD]
    assert lines("\n".join(dump)) == [FIRST, *heads, *rows, SECOND, THIRD]


def test_a_table_of_contents_does_not_part_the_byline_from_the_text() -> None:
    contents = [f"（{n}）关于2023年预算第{n}部分的说明" for n in "一二三四五六七八九"] * 3
    dump = [
        "预算编制说明",
        "来源：市财政局 时间：2024-04-20 09:12:00 访问量：0",
        "目 录",
        *contents,
        FIRST,
        SECOND,
        THIRD,
    ]
    article = article_of("\n".join(dump))
    assert (article.title.text, article.byline) == ("预算编制说明", 1)
    assert article.body.split("\n") == ["目 录", *contents, *BODY]


def test_a_marked_heading_is_no_caption() -> None:
    page = site(
        f"{HEAD}<div><p>{FIRST}</p><p>◆工业保持增长</p><p>{SECOND}</p><p>■ 本报记者 王一</p><p>{THIRD}</p></div>"
    )
    assert lines(page) == [FIRST, "◆工业保持增长", SECOND, THIRD]


def test_rows_that_describe_the_document_go() -> None:
    index = ["索引号\t7197-GK\t发布日期\t2024-04-20 09:12", "来源\t市财政局", f"内容概述\t{SECOND}"]
    assert lines("\n".join(["开局良好", *index, FIRST, SECOND, THIRD])) == BODY


def test_every_block_has_a_verdict_with_a_rule() -> None:
    page = read_page(site(f"{HEAD}<div>{PARAGRAPHS}</div>"))
    article = strip_chrome(page)
    assert [v.block for v in article.verdicts] == list(page.blocks)
    assert all(v.rule_id and 0 < v.score <= 1 for v in article.verdicts)
    assert {v.rule_id for v in article.verdicts if v.keep} == {"article"}


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("", "empty"),
        ("<html><body></body></html>", "empty"),
        ("<html><title>404 Not Found</title><body><h1>404 Not Found</h1></body></html>", "not_news"),
        ("<html><title>提示</title><body><p>您访问的页面不存在，请返回首页。</p></body></html>", "not_news"),
        (
            "<html><title>统计公报</title><body><ul>"
            + "".join(f"<li><a href=x>江城市第{i}期经济运行简报</a> 2024-0{i % 9 + 1}-01</li>" for i in range(30))
            + "</ul>",
            "list_page",
        ),
        (
            "<html><title>江城市2024年公报</title><body><h1>江城市2024年公报</h1><p>2024-04-20 来源：江城市统计局</p><p>附件下载</p>",
            "no_article",
        ),
    ],
)
def test_pages_without_an_article_say_why(page: str, reason: str) -> None:
    read = read_page(page)
    refusal = judge(read, strip_chrome(read))
    assert refusal is not None
    assert refusal.reason_code == reason


def test_an_article_is_not_refused_and_a_picture_is() -> None:
    read = read_page(site(f"{HEAD}<div>{PARAGRAPHS}</div>"))
    assert judge(read, strip_chrome(read)) is None
    picture = decode(b"\x89PNG\r\n\x1a\n\x00\x00\xff")
    empty = read_page(picture.text)
    refusal = judge(empty, strip_chrome(empty), picture)
    assert refusal is not None
    assert refusal.reason_code == "binary"


@pytest.mark.parametrize("line", ["0101200102" * 6, "· " * 45, "1 " * 45, "> " * 45, "(> )" * 20, "字 > " * 22])
@pytest.mark.parametrize("place", ["{}\n开局良好\n2024-04-20 09:12 来源：江城日报\n", "开局良好\n2024-04-20\n"])
def test_no_line_keeps_the_rules_busy(line: str, place: str) -> None:
    """Rules that try a line in exponentially many ways would never come back from these."""
    assert lines("\n".join([place.format(line).strip(), *BODY, line])) == BODY


@pytest.mark.parametrize(
    "line",
    [
        "文章录入：wangyi　责任编辑：wangyi",
        "上一篇文章：全市一季度投资增长7%",
        "【发表评论】【加入收藏】【打印此文】",
        "（本文不构成投资建议）",
        "(记者 王一 通讯员 李二)",
        "文｜记者 王一",
        ">>> 江城港吞吐量增长7%",
    ],
)
def test_lines_after_the_text_go(line: str) -> None:
    dump = "\n".join(["首页 > 要闻", "开局良好", "2024-04-20 09:12 来源：江城日报", *BODY, line])
    assert lines(dump) == BODY
    assert lines(site(f"{HEAD}<div>{PARAGRAPHS}<p>{line}</p></div>")) == BODY


@pytest.mark.parametrize(
    "line", ["小字号", "分享至\n好友和朋友圈\n用微信扫码二维码", "江城发布\n+ 关注", "摘要：" + FIRST[:20]]
)
def test_lines_between_byline_and_text_go(line: str) -> None:
    assert lines("\n".join(["开局良好", "2024-04-20 09:12 来源：江城日报", line, *BODY])) == BODY


def test_an_age_is_a_byline() -> None:
    assert lines("\n".join(["首页", "全市经济开局良好", "江城融媒 2小时前 1,894阅读 16评论", *BODY])) == BODY


def test_a_photograph_given_by_someone_has_a_caption() -> None:
    page = site(f"{HEAD}<div><p>{FIRST}</p><p>车间里的工人。受访者供图</p><p>{SECOND}</p><p>{THIRD}</p></div>")
    assert lines(page) == BODY


def test_a_summary_that_the_text_repeats_goes_and_a_first_paragraph_stays() -> None:
    summary = "一季度，全市生产总值达到1052.3亿元，同比增长5.6%。"
    dump = ["开局良好", "2024-04-20 09:12 来源：江城日报"]
    assert lines("\n".join([*dump, summary, *BODY])) == BODY
    assert lines("\n".join([*dump, "全市经济开局良好，产业、投资、消费都有起色。", *BODY]))[1:] == BODY


def test_an_article_that_a_script_shows_later_is_read() -> None:
    page = f'<title>开局良好</title><h1>开局良好</h1><em>2024-04-20</em><div style="visibility: hidden; opacity: 0">{PARAGRAPHS}</div>'
    assert lines(page) == BODY
    assert (
        lines(
            site(
                f"{HEAD}<div>{PARAGRAPHS}</div>",
                '<div style="display:none"><p>本页不再显示，请看新版，谢谢。</p></div>',
            )
        )
        == BODY
    )


def test_a_form_for_comments_makes_no_page_of_an_error() -> None:
    form = "<p>网友评论</p><p>请先登录后评论 验证码：</p>"
    read = read_page(site(f"{HEAD}<div>{PARAGRAPHS}</div>", form))
    assert judge(read, strip_chrome(read)) is None
    paid = read_page(site(f"{HEAD}<p>{FIRST}</p><p>剩余内容为付费内容</p>"))
    refusal = judge(paid, strip_chrome(paid))
    assert refusal is not None
    assert refusal.reason_code == "not_news"


@pytest.mark.parametrize(
    "line",
    [
        "·END·",
        "👇点击关注“江城发布”👇",
        "订阅《江城早读》，每天八点不错过",
        "#江城# #工业#",
        "举报/反馈",
        "新浪微博 微信 QQ空间 江城APP 缩小字体 收藏 分享",
        "视频加载失败，请升级浏览器或安装插件",
    ],
)
def test_lines_of_platforms_are_no_text(line: str) -> None:
    assert lines(site(f"{HEAD}<div><p>{FIRST}</p><p>{line}</p><p>{SECOND}</p><p>{THIRD}</p></div>")) == BODY


def test_a_row_of_a_table_with_a_mark_is_no_topic() -> None:
    assert lines(site(f"{HEAD}<div><p>{FIRST}</p><p>#增值税</p><p>{SECOND}</p></div>")) == [FIRST, "#增值税", SECOND]


@pytest.mark.parametrize("line", ["综合：江城市交通运输局、江城海关", "图片/视频：王一", "本版编辑：王一 美编：李二"])
def test_credits_below_the_text_go(line: str) -> None:
    assert lines("\n".join(["开局良好", "2024-04-20 09:12 来源：江城日报", *BODY, line])) == BODY


def test_a_notice_between_headline_and_byline_is_no_lead() -> None:
    notice = "<p>提示：本站内容均来自公开渠道，如有侵权请联系删除，客服电话400-000-0000。</p>"
    info = "<div>江城日报 · 2024-04-20 · 阅读 2.4k</div>"
    assert lines(site(f"<h1>开局良好</h1>{notice}{info}<div>{PARAGRAPHS}</div>")) == BODY


def test_a_byline_behind_other_words_is_no_lead() -> None:
    info = "江城市发改委 www.jcfgw.gov.cn 发布时间：2024-04-20 15:30 来源：市发改委 【字体：大 中 小】 浏览量：311 次"
    assert lines(site(f"<h1>开局良好</h1><div>{info}</div><div>{PARAGRAPHS}</div>")) == BODY


def test_a_list_of_replies_ends_a_dump() -> None:
    replies = "全部回复 2\n江边人 2024/6/28 9:01\n希望多开几条线路，我们那里老年人特别多，走两公里才能坐到车，很不方便。\n城里人 2024/6/28 9:30\n票价一块钱很实惠了，支持。"
    assert lines("\n".join(["开局良好", "2024-06-28 08:20:15 江城日报 阅读 12", *BODY, replies])) == BODY
