"""Tables that a dump gives cell by cell, a line each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import parse
from parsers.columns import join_cells

TWO_LEVELS = "地区 生产总值 第一产业 绝对量 增速 绝对量 增速 甲区 664.1 7.6 33.7 -0.7 乙县 211.1 14.6 12.6 4.1 丙县 287.8 10.4 4.7 2.8"


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        (
            "指标 单位 绝对数 增长(%) 出口 亿元 566.2 18.6 进口 亿元 228.4 3.7 用电量 亿千瓦时 — 8.4".split(),
            [
                "指标\t单位\t绝对数\t增长(%)",
                "出口\t亿元\t566.2\t18.6",
                "进口\t亿元\t228.4\t3.7",
                "用电量\t亿千瓦时\t—\t8.4",
            ],
        ),
        (
            TWO_LEVELS.split(),
            [
                "地区\t生产总值\t第一产业",
                "绝对量\t增速\t绝对量\t增速",
                "甲区\t664.1\t7.6\t33.7\t-0.7",
                "乙县\t211.1\t14.6\t12.6\t4.1",
                "丙县\t287.8\t10.4\t4.7\t2.8",
            ],
        ),
        (["点击", "1206", "全市经济运行平稳。"], ["点击", "1206", "全市经济运行平稳。"]),  # one figure is no table
        (
            ["首页", "1", "下一页", "2", "全市经济运行平稳。"],
            ["首页", "1", "下一页", "2", "全市经济运行平稳。"],
        ),  # nor are two
        (
            "1 要闻甲 2 要闻乙 3 要闻丙 4 要闻丁 5".split(),
            "1 要闻甲 2 要闻乙 3 要闻丙 4 要闻丁 5".split(),
        ),  # a list of headlines
        (["出口\t566.2", "进口\t228.4"], ["出口\t566.2", "进口\t228.4"]),
    ],
)
def test_rows_are_put_together(lines, rows):
    assert join_cells(lines) == rows


@given(st.lists(st.sampled_from(["指标", "增速", "出口", "亿元", "12.5", "—", "7%", "表1 产量", "全市平稳。", "a\tb"])))
def test_no_line_is_lost_or_moved(lines):
    assert "\t".join(join_cells(lines)).split("\t") == "\t".join(lines).split("\t")


def test_the_figures_of_such_a_table_are_read():
    text = (
        "某市2023年1—10月经济运行简报\n2023-11-20 09:10  来源：某市统计局\n"
        "　　1—10月，全市经济运行总体平稳，主要指标稳步回升，工业生产持续加快，消费市场逐步恢复，各项工作有序推进，发展质量不断提高。\n"
        "指标\n1—10月\n同比增长(%)\n工业用电量(亿千瓦时)\n176.3\n8.4\n社会消费品零售总额(亿元)\n1562.3\n6.8\n进出口总额(亿元)\n794.6\n13.9\n"
        "　　下一步，全市将坚持稳中求进，推动经济持续回升向好，努力完成全年各项目标任务，为高质量发展打下坚实基础。\n"
    )
    found = {(m.indicator_id, m.kind, m.value) for m in parse(text.encode(), "a.txt").metrics}
    assert ("retail_sales", "level", 156_230_000_000.0) in found
    assert ("trade_total", "growth_yoy", 13.9) in found
