"""Pages and dumps as blocks: one line each, as a reader sees them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.blocks import read_page


def texts(page: str) -> list[str]:
    return [b.text for b in read_page(page).blocks]


def test_blocks_end_at_block_elements_and_breaks_not_at_inline_ones() -> None:
    assert texts("<div>首<b>段</b>有<a href=x>链接</a>。<br>次段。<p>末<i></i>段。</p>尾</div>") == [
        "首段有链接。",
        "次段。",
        "末段。",
        "尾",
    ]


def test_links_are_counted() -> None:
    block = read_page("<p>详见<a href=x>统计公报</a>。</p>").blocks[0]
    assert (block.text, block.link) == ("详见统计公报。", 4)


def test_white_space_of_every_kind_is_one_space() -> None:
    assert texts("<p>　　增长&nbsp;&nbsp;\n\t 5%\u200b。</p>") == ["增长 5%。"]


def test_hidden_scripts_and_forms_are_left_out() -> None:
    page = (
        "<div>正文。</div><div style='display: none'>隐藏</div><p>甲<span style='visibility:hidden'>乙</span></p>"
        "<script>var a = '<p>脚本</p>'</script><style>p{}</style><textarea>草稿</textarea><!-- 注释 -->"
    )
    assert texts(page) == ["正文。", "甲"]


def test_a_data_table_gives_a_line_a_row() -> None:
    page = "<table><tr><th>指标</th><th>增速</th></tr><tr><td><p>出口</p></td><td>8.1<br>%</td></tr></table>"
    assert texts(page) == ["指标\t增速", "出口\t8.1 %"]


def rows(*cells: str) -> str:
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def test_empty_cells_keep_their_place_in_the_row() -> None:
    page = rows(
        "<td></td><td>单位</td><th>产量</th><th>增长</th>",
        "<td>钢材</td><td>&nbsp;</td><td>12.5</td><td></td>",
        "<td>水泥</td><td><p> </p></td><td><img src=a></td><td>-3.4</td>",
        "<td></td><td> </td><td><p></p></td><td></td>",
    )
    assert texts(page) == ["\t单位\t产量\t增长", "钢材\t\t12.5\t", "水泥\t\t\t-3.4"]
    assert [b.text for b in read_page(page).lines] == ["单位\t产量\t增长", "钢材\t12.5", "水泥\t-3.4"]


def test_a_section_among_rows_is_a_row_and_a_unit_for_all_of_them_is_a_line() -> None:
    page = rows(
        "<td></td><td></td><td>单位：亿元</td>",
        "<td>指标</td><td>总量</td><td>增速</td>",
        "<td>一、工业</td><td></td><td></td>",
        "<td>出口</td><td>8.1</td><td></td>",
    )
    assert texts(page) == ["单位：亿元", "指标\t总量\t增速", "一、工业\t\t", "出口\t8.1\t"]


def test_a_spanned_cell_is_one_cell() -> None:
    assert texts(rows("<td colspan=3>一、工业</td>", "<td>出口</td><td>8.1</td><td></td>")) == [
        "一、工业",
        "出口\t8.1\t",
    ]


def test_cells_that_span_others_keep_every_figure_under_its_head() -> None:
    page = rows(
        "<th rowspan=2>县区</th><th colspan=2>生产总值</th><th>工业</th>",
        "<th>总量</th><th>增速</th><th>增速</th>",
        "<td>安源区</td><td>402.1</td><td>5.6</td><td>7.2</td>",
        "<td>全市</td><td COLSPAN='2'>—</td><td>6.2</td>",
    )
    assert texts(page) == ["县区\t生产总值\t\t工业", "\t总量\t增速\t增速", "安源区\t402.1\t5.6\t7.2", "全市\t—\t\t6.2"]
    assert [b.text for b in read_page(page).lines][:2] == ["县区\t生产总值\t工业", "总量\t增速\t增速"]


def test_a_group_spans_the_rows_of_its_body_only_and_as_many_columns_as_it_says() -> None:
    page = (
        "<table><tbody><tr><td rowspan=9>财政</td><td>收入</td><td>8.1</td></tr><tr><td>支出</td><td>24.6</td></tr></tbody>"
        "<tbody><tr><td>金融</td><td>存款</td><td colspan=x rowspan=0>5.2</td></tr></tbody></table>"
    )
    assert texts(page) == ["财政\t收入\t8.1", "\t支出\t24.6", "金融\t存款\t5.2"]


def test_rows_that_all_cells_of_a_row_span_are_none() -> None:
    header = "<td rowspan=2>指标</td><td rowspan=2>增速</td>"
    assert texts(rows(header, "<td>大米</td><td>-1.1</td>")) == ["指标\t增速", "大米\t-1.1"]


def test_empty_cells_beside_paragraphs_make_no_row() -> None:
    assert texts(rows("<td width=20></td><td>全市增长5%。</td><td></td>", "<td></td><td>开局良好</td>")) == [
        "全市增长5%。",
        "开局良好",
    ]


def test_tabs_of_a_dump_are_cells_among_rows_and_indents_elsewhere() -> None:
    page = read_page("\t全市开局良好\n\n\t一季度增长5%。\t\n\t单位\t产量\n钢材\t\t12.5\n一、其他\t\t\n\t\t\n结束\t")
    assert [b.text for b in page.blocks] == [
        "全市开局良好",
        "一季度增长5%。",
        "\t单位\t产量",
        "钢材\t\t12.5",
        "一、其他\t\t",
        "结束",
    ]


def test_a_layout_table_keeps_its_paragraphs_apart() -> None:
    page = "<table><tr><td><p>第一段。</p><p>第二段。</p></td></tr></table>"
    assert texts(page) == ["第一段。", "第二段。"]


def test_nested_tables_do_not_swallow_each_other() -> None:
    page = "<table><tr><td>左栏</td><td><p>段。</p><table><tr><td>出口</td><td>8.1</td></tr></table></td></tr></table>"
    assert texts(page) == ["左栏", "段。", "出口\t8.1"]


def test_text_after_a_second_closing_html_is_read_too() -> None:
    assert texts("<html><body><p>上。</p></body></html><p>下。</p></html>") == ["上。", "下。"]


def test_head_is_read_wherever_it_stands() -> None:
    page = read_page(
        '<html><head><title>标题_网站</title><meta name="PubDate" content=" 2024-01-02 "></head>'
        '<body><meta property="og:title" content="标题"><link rel=canonical href="http://a.cn/1.html">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-01-02T08:00:00+08:00"}</script>'
    )
    assert page.head.title == "标题_网站"
    assert page.head.meta == {"pubdate": "2024-01-02", "og:title": "标题"}
    assert page.head.canonical == "http://a.cn/1.html"
    assert page.head.linked == {"datePublished": "2024-01-02T08:00:00+08:00"}


def test_an_article_kept_in_a_script_is_found() -> None:
    prose = "全市经济延续回升向好态势，主要指标好于预期，新动能加快成长。" * 6
    page = f'<html><body><div id=app></div><script>window.data = {{"content": "\\u003cp\\u003e{prose}\\u003c/p\\u003e"}}</script>'
    assert texts(page) == [prose]


def test_a_dump_gives_a_block_a_line() -> None:
    page = read_page("芜湖新闻网\r\n\r\n　　全市增长5%。\n指标\t\t增速 \n")
    assert page.format == "text"
    assert page.boxes is None
    assert [b.text for b in page.blocks] == ["芜湖新闻网", "全市增长5%。", "指标\t\t增速"]


def test_signs_of_less_and_more_do_not_make_a_page() -> None:
    assert read_page("一、增速<5%的行业\n二、>10%的行业").format == "text"


def test_boxes_know_their_parents() -> None:
    page = read_page("<div class='Main Con' id=X><p>文。</p></div>")
    assert page.boxes is not None
    parents, tags, names = page.boxes
    box = page.blocks[0].box
    assert tags[box] == "p"
    assert (tags[parents[box]], names[parents[box]]) == ("div", "main con x")
    assert all(parent < i for i, parent in enumerate(parents))


@pytest.mark.parametrize(
    "page", ["", "   ", "<html>", "<", "<p", "</div></div>", "<table><tr>", "\x00", "<title></title>"]
)
def test_odd_pages_give_no_blocks_or_their_text(page: str) -> None:
    read_page(page)


def test_deep_nesting_is_no_problem() -> None:
    assert texts("<div>" * 2000 + "深处。")[-1] == "深处。"


@given(
    st.lists(
        st.sampled_from(
            [
                "<div>",
                "</div>",
                "<p>",
                "</p>",
                "<table><tr><td>",
                "</table>",
                "<a>",
                "</a>",
                "文，字。",
                "<br>",
                "<b>",
                "<html>",
            ]
        ),
        max_size=60,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_markup_raises_and_no_text_is_lost(pieces: list[str]) -> None:
    page = read_page("<body>" + "".join(pieces))
    assert sum(b.text.count("文，字。") for b in page.blocks) == pieces.count("文，字。")


def test_preformatted_text_has_its_paragraphs() -> None:
    first = "一季度，全市生产总值达到1052.3亿元，按不变价格计算，同比增长5.6%，增速高于全省"
    html = f"<body><pre>\n　　{first}\n平均水平。\n　　分产业看，第二产业增加值增长6.4%。\n产品  单位  产量\n钢材  万吨  12.5\n</pre>"
    assert [b.text for b in read_page(html).blocks] == [
        first + "平均水平。",
        "分产业看，第二产业增加值增长6.4%。",
        "产品 单位 产量",
        "钢材 万吨 12.5",
    ]
    assert [b.text for b in read_page("<body><pre>一<br>二<b>三</b></pre>").blocks] == ["一", "二三"]
    assert [b.text for b in read_page("<body><pre style='display:none'>一\n二</pre>三").blocks] == ["三"]


def test_an_article_in_a_script_brings_its_time() -> None:
    story = (
        "<p>一季度，全市生产总值增长5.6%，投资增长7%，出口增长8%。</p><p>工业、农业、服务业都有起色，就业稳定，物价平稳。</p>"
        * 2
    )
    script = f'<script>window.state = {{"publishTime": "2024-04-20 09:12", "content": "{story}"}}</script>'
    page = read_page(f"<html><title>开局良好</title><body><div id=root></div>{script}</body></html>")
    assert (len(page.blocks), page.head.meta["pubtime"]) == (4, "2024-04-20 09:12")
