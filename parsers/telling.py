"""Of whom a page tells that is of no city: the nation, unless a headline or a sentence of a digest names a place or a foreign country.

What one item of a digest says of place holds up to the next headline.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from parsers.draft import NUM, PLACE, TIME
from parsers.gazetteer import NATION as NATION_CODE
from parsers.homes import NATION, OTHER, Subject, owner_of
from parsers.model import PlaceMention
from parsers.owners import marks_in, words_of
from parsers.phrases import headed

__all__ = ["Telling", "abroad_in", "basin_in", "told_elsewhere"]

_AT_HOME = re.compile(f"我国|中国|[{PLACE}]")
_ABROAD, _ = headed(
    abroad=rf"(?<![对与同和向往从自赴在访今昨明近当每、])(?<!产于)(?:{words_of('abroad')})|(?<=[，,。\n{TIME}]在)(?:{words_of('abroad')})"
)
_ABROAD_HEADS = frozenset(word[0] for word in words_of("abroad").split("|"))
_OF_NATION = re.compile(  # 国家统计局数据显示, 据中国钢铁工业协会统计; 国家统计局湖州调查队 tells of its place
    rf"[^，。；{PLACE}]{{0,6}}?(?:国家(?:统计|能源|邮政|外汇管理|铁路|税务|医疗保障|知识产权)总?局|海关总署|中汽协|乘联会"
    "|(?:商务|财政|农业农村|工业和信息化|工信|文化和旅游|交通运输|人力资源社会保障|教育|生态环境|水利)部(?!门)"
    rf"|中国[^，。；{PLACE}]{{2,12}}?(?:协会|联合会|学会))[^，。；{PLACE}]{{0,12}}?(?:数据|统计|监测|测算|调查)"
)
_WHOLE, _ = headed(
    whole="我国|中国|各地|各部门|(?<![个多各述些外等])国家(?!主席|及|和地区|之)|全社会|国务院|中央财政"
    "|(?:财政|农业农村|商务|教育|水利|工业和信息化|交通运输|自然资源|生态环境|应急管理|民政|人力资源社会保障|住房城乡建设|文化和旅游)部(?!门)"
)
_OF_ALL = re.compile(
    "我国|中国|全国|各地|各级|国家|全社会|国务院|中央|[部委局]今天|部门|国际|世界|全球|两岸|香港|澳门|台湾"
)
_LOCAL = Subject(None, "other", None)  # somebody's or something's that stands in a place which does not own it
_OPENS = re.compile(rf"(?:【[^】\n]*】|[“\s{TIME}，,])*")
_PARTNERS = re.compile(  # foreign firms and guests of the place, and what it trades with a country
    "[^，。；]{0,4}(?:客|市场|订单|籍|游|采购|买家|经销|华人|侨|企业|公司|集团|代表|留学|进口|出口|品牌|专家|团队|学生|朋友|友城|大使|领事|方向|班列|航线|线路|[、和与])"
    rf"|[^，。；]{{0,16}}(?:贸易伙伴|来源地|目的地|{PLACE})"
)
_BASIN = re.compile(  # 长三角地区生产总值31万亿元, not 长三角一体化
    rf"[{TIME}\s，]*(?P<name>{words_of('basins')})(?!一体化|协同|合作|示范区|先行|科创|国际|世界级)[^，。；{PLACE}]{{0,20}}{NUM}"
)
_ENDS = re.compile(r"[。！？；：:]\s*$")
_NUMBERED = re.compile(r"\s*(?:[（(]\d{1,2}[）)]|\d{1,2}[.．、])(?!\d)")  # one of a list of headlines
_LONGEST_HEADLINE = 40
_SUMMARY = 200  # what stands before a headline in its line, where it is a list of headlines
_SHORT = 14  # 央视网消息（新闻联播）：
_LEAD = 12  # how far into a sentence the nation is named as the one told of


def abroad_in(text: str) -> Subject | None:
    """The foreign country, or what is of one, that a text tells of first.

    >>> abroad_in("日本内阁府10日发布统计结果"), abroad_in("对美国出口增长")
    (Subject(name='日本', type='other', code=None), None)
    """
    found = _ABROAD.search(text)
    return None if found is None else _foreign(text, found)


def basin_in(opening: str) -> Subject | None:
    """The river basin or group of provinces that a sentence opens with and measures.

    >>> basin_in("长江流域水质优良断面比例达" + NUM).name
    '长江流域'
    """
    found = _BASIN.match(opening)
    return None if found is None else Subject(found["name"], "other", None)


def told_elsewhere(opening: str) -> Subject | None:
    """Whom a sentence of a city's page tells of that opens with a foreign country, or with a ministry or association that publishes figures.

    >>> told_elsewhere("越南一季度GDP增长6.9%").name, told_elsewhere("国家统计局数据显示，3月").name
    ('越南', '全国')
    >>> told_elsewhere("市统计局数据显示，3月"), told_elsewhere("美国客商追加订单")
    (None, None)
    """
    opens = _OPENS.match(opening)
    at = opens.end() if opens else 0
    abroad = _ABROAD.match(opening, at) if opening[at : at + 1] in _ABROAD_HEADS else None
    if abroad is None:
        tells = ("国" in opening or "部" in opening or "协" in opening or "署" in opening) and _OF_NATION.match(opening)
        return NATION if tells else None
    return None if _PARTNERS.match(opening, abroad.end()) else _foreign(opening, abroad)


def _foreign(text: str, found: re.Match[str]) -> Subject:
    """A foreign country as an owner; of several (德国、法国等) none by name."""
    return OTHER if text[found.end() : found.end() + 1] in {"、", "和", "与"} else Subject(found.group(), "other", None)


class Telling:
    """Goes through the items and sentences of a page that is the nation's, or nobody's, and says whom they tell of."""

    __slots__ = ("_abroad", "_base", "_body", "_by_start", "_is_open", "_item", "_masked", "_next", "default")

    def __init__(self, body: str, masked: str, places: list[PlaceMention], title: str, base: Subject) -> None:
        self._body, self._masked = body, masked
        self._by_start = {mention.start: mention for mention in places}
        self._abroad = [match.start() for _, match in marks_in(masked).each("abroad")]
        self._base = base  # the nation, or nobody
        self._item = abroad_in(title) or base  # whom the headline names
        self._is_open = self._item is base  # whether it names nobody, so that the item's first words may
        self._next: Subject | None = None  # whom the headline names that ends a list of headlines
        self.default = self._item

    @property
    def is_abroad(self) -> bool:
        """Whether a foreign country is told of."""
        return self.default.type == "other" and self.default is not self._base and self.default is not _LOCAL

    def new_line(self, start: int, end: int) -> bool:
        """A new paragraph; True if it is the headline of another item, or ends with it (查看原文 ### …)."""
        if self._next is not None:
            self._item, self._next = self._next, None
        at = self._body.rfind("### ", start, end) + 4
        opens_item = at > 3 or (
            end - start < _LONGEST_HEADLINE and not _ENDS.search(self._body, max(start, end - 4), end)
        )
        if opens_item:
            self._item = self.default = self._base
            named = self._headed(at if at > 3 else start, end)
            if at > start + _SUMMARY:
                self._next = named
            else:
                self._item = named or self._base
            self._is_open = named is None
        self.default = self._item
        return opens_item

    def _headed(self, start: int, end: int) -> Subject | None:
        """Whom a headline is about: the one place it opens with, a foreign country, the nation it names."""
        opens = _OPENS.match(self._masked, start, end)
        at = opens.end() if opens else start
        if (mention := self._by_start.get(at)) is not None and mention.code != NATION_CODE:
            while (inner := self._by_start.get(mention.end)) is not None:
                mention = inner  # 浙江湖州
            return (
                None
                if self._masked[mention.end : mention.end + 1] in {"、", "和", "与", "等", "至"}
                else owner_of(mention.code)
            )
        if self._body.startswith("国际", at):
            return OTHER
        return self._cue(start, end)

    def new_sentence(self, start: int, end: int) -> bool:
        """A new sentence; True if it does not go on about the place of the one before."""
        if self.default is _LOCAL:
            self.default = self._base
        is_next = _NUMBERED.match(self._body, start, end) is not None
        if is_next:
            self.default = self._item
        cue = self._cue(start, end)
        if cue is not None:
            if self._is_open and not is_next:
                self._item = cue
            self.default = cue
        self._is_open = self._is_open and (
            is_next or end - start < _SHORT
        )  # only the item's first sentence may name it
        if self.default is NATION and not self._body.startswith("其中", start) and self._is_local(start, end):
            self.default = _LOCAL
        return is_next or cue is not None

    def _is_local(self, start: int, end: int) -> bool:
        """Whether a sentence names places of the nation, but not the nation: what it tells is a place's or of something there."""
        at = self._masked.find(PLACE, start, end)
        return at >= 0 and not _OF_ALL.search(self._body, start, end)

    def _cue(self, start: int, end: int) -> Subject | None:
        text = self._masked[start:end]
        home = _AT_HOME.search(text)
        before = home.start() if home else len(text)
        next_one = bisect_left(self._abroad, start)
        named = next_one < len(self._abroad) and self._abroad[next_one] < start + before
        abroad = _ABROAD.search(text, 0, before) if named else None
        if abroad is not None:
            if self._item.code in {None, NATION_CODE} or abroad.start() <= _LEAD:
                return _foreign(text, abroad)
            return None
        whole = _WHOLE.search(self._body, start, min(end, start + _LEAD + 4))
        if whole is not None:
            return self._base
        if home is None:
            return None
        mention = self._by_start.get(start + home.start())
        if mention is not None and mention.code == NATION_CODE:
            return None if self.default.code is None else self._base  # 全国 in a foreign country's item is its own
        if self._item.code is None and self.default.code is None:
            return self._base
        return self._item if self._item.code is not None and self.default.code is None else None
