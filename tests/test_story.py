"""Fingerprints: reprints meet, unrelated articles and reports of one template do not."""

from __future__ import annotations

import subprocess
import sys

import pytest

from parsers.story import VALUES, signature, similarity

SAME = 0.42  # above what templates with other numbers reach, below any reprint

ARTICLE = """六月的港区，装卸船只的节奏比往年更快。
一台岸桥每小时吊起四十二个集装箱，闸口全程无人值守，作业效率提升15%以上，单箱能耗下降12.6%。
港口是全市的看家产业。2023年，全市港口完成货物吞吐量3.26亿吨，同比增长7.4%，集装箱吞吐量418.5万标箱，增长11.2%，居全省第二位。
临港企业有规上工业单位386家，实现营业收入1960.3亿元，其中装备制造占38.2%，绿色化工占24.7%。
今年以来，外贸订单回升。1—5月，全市进出口总值742.8亿元，增长6.9%，高于全省2.1个百分点。
在临港新城，总投资85亿元的海工装备基地正在建设，预计明年6月投产，达产后年销售收入150亿元。
按照规划，到2027年，全市港口吞吐量力争突破4亿吨，培育百亿级企业6家。"""
REPRINT = """一台岸桥每小时吊起四十二个集装箱，闸口全程无人值守，作业效率提升15%以上，单箱能耗下降12.6%。
港口是这座城市的看家产业。2023年，完成货物吞吐量3.26亿吨，同比增长7.4%，集装箱吞吐量418.5万标箱，增长11.2%，居全省第二位。
临港企业有规上工业单位386家，实现营业收入近2000亿元，其中装备制造占38.2%，绿色化工占24.7%。
今年以来，外贸订单回升。前5个月，进出口总值742.8亿元，增长6.9%，高于全省2.1个百分点。
在临港新城，总投资85亿元的海工装备基地正在建设，预计明年6月投产，达产后年销售收入150亿元。
（文章来源：港城日报，略有删节）"""
TEMPLATE = "初步核算，全年地区生产总值{}亿元，按不变价格计算，比上年增长{}%。其中，第一产业增加值{}亿元，增长{}%；第二产业增加值{}亿元，增长{}%；第三产业增加值{}亿元，增长{}%。"
THIS_YEAR = TEMPLATE.format("1623.4", "5.7", "186.2", "3.8", "702.9", "6.4", "734.3", "5.5")
LAST_YEAR = TEMPLATE.format("1533.1", "5.2", "180.7", "4.1", "668.0", "5.9", "684.4", "4.9")


def test_a_reprint_with_cuts_and_edits_is_the_same_story():
    assert similarity(signature(ARTICLE), signature(REPRINT)) >= SAME


def test_a_template_with_other_numbers_is_another_story():
    assert similarity(signature(THIS_YEAR), signature(LAST_YEAR)) < SAME


def test_unrelated_articles_share_next_to_nothing():
    assert similarity(signature(ARTICLE), signature(THIS_YEAR)) < 0.1


@pytest.mark.parametrize("line", range(7))
def test_a_lost_paragraph_keeps_the_story(line):
    lines = ARTICLE.split("\n")
    assert similarity(signature(ARTICLE), signature("\n".join(lines[:line] + lines[line + 1 :]))) >= 0.6


def test_layout_and_width_of_characters_do_not_count():
    other = ARTICLE.replace("，", ", ").replace("\n", "\n\n　　").replace("3.26", "３.２６")
    assert similarity(signature(ARTICLE), signature(other)) == 1.0


def test_a_signature_is_uint32_little_endian_and_nothing_else():
    assert len(signature(ARTICLE)) == 4 * VALUES
    assert signature("") == signature(" \n，。") == b""
    assert similarity(b"", b"") == 0.0
    assert similarity(signature("短"), signature("短")) == 1.0
    assert len(signature("\ud800坏的代理字符")) == 4 * VALUES


def test_signatures_do_not_change_between_processes():
    code = "from parsers.story import signature; print(signature('上半年，全市进出口总值742.8亿元。').hex())"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().strip() == signature("上半年，全市进出口总值742.8亿元。").hex()
