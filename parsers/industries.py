"""Industries as owners: where a clause names one, and which one the bare word (产业增加值) goes on about."""

from __future__ import annotations

import re

from parsers.draft import NAME_CHAR, NUM, PLACE, TIME

__all__ = [
    "BRANCH_IDS",
    "EARNED",
    "LEAD",
    "MADE_BY",
    "MADE_NEAR",
    "OF_BRANCH",
    "PULLING",
    "SECTOR",
    "TRACK",
    "industry_before",
    "named_in",
]

_INDUSTRY = re.compile(
    rf"(?:集聚|聚集|形成|培育|其中|拥有|做[大强优]|依托|围绕|聚焦|(?P<driven>要|将|力争|推动|带动|促进|加快|支持|确保))*(?P<name>(?:{NAME_CHAR}|[“”]){{1,16}}?(?:产业链|产业集群|集群|赛道|产业|行业|低空经济|数字经济))(?=$|[，,{TIME}]|是|实现|集聚(?!区)|拥有|完成|达|产值|营业收入|营收|销售收入|总产值|主营|规模|已|累计|年)"
)
LEAD = re.compile(
    rf"^[“”\s{TIME}{PLACE}，,]*(?:全[市省县区州]|我[市省县区州])?(?P<name>(?![全我])[一-龥]{{2,10}}(?:产业|经济|产业链|集群|行业|赛道))(?:(?=是|已成|已经|作为)|(?P<has>拥有|集聚(?!区)|聚集(?!区)|现有|起步|兴起|始于))"
)
_BRANCH_NAME = re.compile(  # what stands before 产业 where it is one industry's name: 陶瓷产业, no 主导产业
    rf"(?:全[市省县区州]|我[市省县区州]|加快|大力|发展|推动|培育|做[强优大]|壮大|聚焦|围绕|依托)*(?P<name>{NAME_CHAR}{{2,12}})(?<!第一|第二|第三|三次|主导|支柱|优势|特色|重点|传统|新兴|未来|相关|发展|推动|促进|加快|支持|培育|全市|我市|全省|全县|全区|现代)(?<![个类大条等次各该种])$"
)
MADE_NEAR = re.compile(  # whose 配套率 it is: 汽车产业本地配套率
    "(?:全[市省区县]|我市)?(?P<name>(?!全|我市|重点|主导|特色)[一-龥]{2,}(?:产业链?|集群|行业))(?:本地|就近|市内|区域)化?配套率$"
)
PULLING = re.compile(
    r"(?:^|[，,；、])(?:其中)?(?P<name>(?!第[一二三])[一-龥]{2,10}?(?:制造业|加工业|采矿业|产业链|集群|行业))(?:拉动|对)"
)
SECTOR = re.compile(
    "(?P<name>(?!第[一二三])[一-龥]{1,14}?(?:制造|加工|采矿|开采|采选|洗选|冶炼|化工|供应|生产|印刷|纺织|服装|建材|冶金|食品|医药|汽车|能源|机械|煤炭)(?:行业|产业|业))(?=增加值|产值|$)"
)
OF_BRANCH = re.compile(  # what a page of no city tells of a branch: 芯片设计业销售收入
    "(?:中国|我国|全国)?(?P<name>(?!第[一二三])[一-龥]{1,12}(?:加工|(?<![就毕企失创作物开营专职工行]))业)(?:和[一-龥]{1,8}业)?(?:$|增速|增长率|总收入|销售收入|销售额|营业收入|营收|产值|总产值)"
)
_SIZED = re.compile("亿元?级|[国省市]家?级")  # a kind of clusters, no one's name: 两千亿级产业集群
TRACK = re.compile(r"赛道|产业链|集群")

BRANCH_IDS = frozenset({"operating_revenue", "output_value", "industry_scale"})
EARNED = frozenset({"exports", "tax_revenue"})  # what an industry has beside its output: 产值315亿元，出口4亿美元
MADE_BY = re.compile(  # 全国六成的核电产品由德阳制造
    rf"{NUM}+(?:以上|左右)?的[^，,。；;]{{2,40}}?(?:由|来自|出自|产自|产于)(?P<by>{PLACE}+(?!以?外)|我[市省县区州])"
)


def named_in(text: str) -> tuple[str, bool] | None:
    """The industry that the words before a number name (全市陶瓷产业实现), and whether a place drives it; None for a kind of them.

    >>> named_in("集聚铜箔产业链规模"), named_in("要推动茶产业产值"), named_in("两千亿级产业集群达")
    (('铜箔产业链', False), ('茶产业', True), None)
    """
    found = _INDUSTRY.search(text)
    return None if found is None or _SIZED.search(found["name"]) else (found["name"], found["driven"] is not None)


def industry_before(masked: str, start: int) -> str | None:
    """The industry that the paragraph named last before ``start``.

    >>> text = "我市陶瓷产业实现产值86亿元，产业增加值增长8%"
    >>> industry_before(text, text.index("产业增加值"))
    '陶瓷产业'
    """
    line, at = masked.rfind("\n", 0, start) + 1, start
    while (at := masked.rfind("产业", line, at)) >= 0:
        if masked[at + 2] != "园" and (name := _BRANCH_NAME.search(masked, max(line, at - 12), at)):
            return name.group("name") + "产业"
    return None
