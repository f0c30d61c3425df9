"""Which owners the words of a body name, read from left to right: firms, parks, projects, places, and whom 该项目 or 全市 means."""

from __future__ import annotations

import re

from parsers.draft import BLANK, NUM, PLACE, TIME
from parsers.gazetteer import MUNICIPALITIES, place
from parsers.homes import NATION, OTHER, Home, Subject, owner_of
from parsers.industries import industry_before
from parsers.model import PlaceMention
from parsers.owners import (
    BRANCH,
    NAME_LEADS,
    OF_A_PROJECT,
    SIGHTS_OF_PLACE,
    TERMINALS,
    Owner,
    find_owners,
    find_single,
    is_reference,
    marks_in,
    short_names,
    words_of,
)
from parsers.speakers import find_speeches

__all__ = ["NamedOwners", "park_of"]

_SOME_COUNTY = Subject(None, "county", None)
_BOTH = re.compile(  # 甲县、乙县增速均超过6%
    rf"(?<![^，,；;。：\n{TIME}])(?P<first>[{PLACE}]+)(?:[、和与及][{PLACE}]+)+(?!等)[^，,；;。{NUM}]{{0,24}}均"
)
_GAMES = re.compile("(?:.{0,6}比|.{0,6}大)?赛|运动会|残运会")
_THINGS = frozenset({"organization", "park", "project"})
_REFERRED = (
    (("项目", "工程", "隧道", "大桥", "铁路", "高铁", "高速", "线路", "水库", "运河", "绿道", "管道"), "project"),
    (("航线",), "other"),
    (("园区", "开发区"), "park"),
    (("公司", "企业"), "organization"),
)
_IS_COUNTED = re.compile(rf"(?:总数|数量|总量|已|累计|共计?|达到?|不少于|不低于|超过?|突破|增至|近|约|为|{TIME})*")
_LEVEL = re.compile(
    rf"市本级|市直(?!部门|单位|机关|机构|学校|医院|企业|管)|市级[{BLANK}]*(?:财政|一般公共|地方|政府性|国有资本|社会保险|社保|预算|总?收入|总?支出|税收|非税|部门|“三公”|基金)"
)
_LEVEL_OPENS = re.compile(rf"[\s\d一二三四五六七八九十、.．（）(){BLANK}{TIME}]*({_LEVEL.pattern})")
_BESIDE_LEVEL = re.compile(r"市本?级(?!以上|及)[^。；\n]*，$")  # 市本级3亿元，各县区5亿元
_BREAKS = frozenset(f"，,。；;：:！？!?、“”— \t\n　在{BLANK}{NUM}{PLACE}{TIME}")
_HEADS_CLAUSE = re.compile(rf"(?:^|[，。；：\n“{TIME}])(?P<there>在?)[{PLACE}]*$")
_HELD = re.compile("[^，。；]{0,16}?(?:[召举]|开幕|闭幕|揭牌|会见|出席|启动|成立|发布|签|启用|运抵|亮相|开通)")
_TELLERS = ("协会", "学会", "商会", "联合会", "研究院", "研究所", "大学", "学院", "交易所")  # who tell of others
_TELLS = re.compile(
    "(?:今[天日]|[日近]日)?(?:[^，。；“”]{0,8}(?:会长|秘书长|理事长|教授|专家|研究员|学者|分析师)|(?:最新)?(?:的|发布的?|公布的?)?(?:[^，。；“”]{0,6}(?:数据|报告|统计|监测|调查))|预计|预测|统计|监测)"
)
_OF_FIRM = re.compile(
    f".{{2,}}?(?:{words_of('firm_lines', 'short_tails')}|公司|[^产工农林牧渔商企行作]业|厂)(?=的?(?:智能化?|数字化|自动化|生产|加工|总装|装配|焊装|涂装|冲压|包装|无尘)+车间$)"
)
_NO_BRAND = re.compile("酒?镇|[镇市县乡村路街]|机场|大桥|两")  # what the name of a firm also stands in: 茅台机场
_PASSES = re.compile(r"[\d.,余多万亿]+[人车架辆班船]次")  # what goes through a place is no count of such places


class NamedOwners:
    """Walks the owners a body names; keeps those of the paragraph that later words may mean."""

    __slots__ = (
        "_above",
        "_body",
        "_county",
        "_home",
        "_is_homeless",
        "_local",
        "_masked",
        "_named_end",
        "_next_owner",
        "_next_place",
        "_owners",
        "_park",
        "_places",
        "_short",
        "_speeches",
        "_starts",
        "_told",
        "abroad",
        "known",
        "opens_clause",
        "terminals",
        "topic",
    )

    def __init__(self, body: str, masked: str, places: list[PlaceMention], home: Home, park: Subject | None) -> None:
        self._body, self._masked, self._places = body, masked, places
        self._home, self._park = home, park
        province = home.province
        self._is_homeless = home.subject.code in {None, NATION.code}
        self._above = province.code if province is not None and province.code != home.subject.code else None
        self._county: Subject | None = None  # the one named last
        self._local: Subject | None = None  # … in the paragraph
        self._told: str | None = None  # the code of the place named last
        marks = marks_in(masked)
        self._owners = sorted(find_owners(masked, marks) + find_single(body))
        self._short = short_names(masked, marks)
        self._speeches = find_speeches(body)
        self._starts = {mention.end: mention.start for mention in places}
        self._next_owner = self._next_place = 0
        self._named_end = 0  # of the one named last
        self.abroad = False  # whether a foreign country is told of, whose 全国 is its own
        self.opens_clause = False  # whether the place named last stands at the head of a clause
        self.known: list[Subject] = []  # firms, parks and projects the paragraph named
        self.terminals: list[tuple[Subject, re.Pattern[str]]] = []  # ports and airports among them, what they count
        self.topic: Subject | None = None  # the industry that the bare word means: 产业增加值

    def new_line(self) -> None:
        """A new paragraph: what the last one named is not meant any more."""
        self._local = None
        self.known.clear()
        self.terminals.clear()

    def new_item(self) -> None:
        """Another item of a digest: 全市 is no city named above it."""
        self._told = self._county = None

    def new_sentence(self, start: int, end: int) -> Subject | None:
        """Go on to the sentence ``start``..``end``; who speaks in it, if anybody."""
        owners = self._owners
        while self._next_owner < len(owners) and owners[self._next_owner].start < start:  # behind the last number
            if owners[self._next_owner].kind in _THINGS and (behind := self._meant(owners[self._next_owner])):
                self.known.append(behind)
            self._next_owner += 1
        while self._speeches and self._speeches[0].end <= start:
            del self._speeches[0]
        if not self._speeches or self._speeches[0].start >= end:
            return None
        speech = self._speeches[0]
        name = self._body[speech.named : speech.named_end] or None
        before = next((known for known in reversed(self.known) if known.type == speech.kind), None)
        return before if name is None and before else Subject(name, speech.kind, None)

    def is_said(self, offset: int) -> bool:
        """Whether somebody speaks at ``offset`` or later in the sentence."""
        return bool(self._speeches) and self._speeches[0].end >= offset

    def remember(self, owner: Subject) -> None:
        """A firm, park or project is told of: 该公司, 集装箱吞吐量 may mean it."""
        if owner.name is not None:
            self.known.append(owner)
            self.terminals += [(owner, figure) for endings, figure in TERMINALS if owner.name.endswith(endings)]

    def terminal(self, name: str) -> Subject | None:
        """The port or airport of the paragraph that counts what is named: 集装箱吞吐量."""
        return next((terminal for terminal, figure in reversed(self.terminals) if figure.search(name)), None)

    def before_place(self, start: int) -> str:
        """The name of the place that ends at ``start``, with which the name that begins there goes on."""
        return self._body[self._starts.get(start, start) : start]

    def last(self, start: int, end: int, kind: str, lead_end: int) -> Subject | None:
        """The owner named last from ``start`` to ``end``, where a number of ``kind`` stands; names within ``lead_end`` are of the lead."""
        owners, places, begin = self._owners, self._places, max(start, lead_end)
        found: tuple[int, Subject] | None = None
        if self._next_owner < len(owners) and owners[self._next_owner].start < end:
            found = self._last_word(begin, end, kind)
        first = self._next_place
        if first < len(places) and places[first].end <= end:
            found = self._last_place(begin, end, kind, found)
        if "均" in self._masked[start:end] and (both := _BOTH.search(self._masked, start, end)):
            opens = both.start("first")
            mention = next((m for m in places[first : self._next_place] if m.start == opens), None)
            if mention is not None and (subject := owner_of(mention.code)) is not None:
                found = opens, subject
        if (
            self._short
            and (match := self._short.search(self._masked, begin, end))
            and not is_reference(self._masked, *match.span())
            and not _NO_BRAND.match(self._masked, match.end())
            and not self._masked.startswith(("社区", "小区", "花园"), match.end())
            and (found is None or (found[1].code is not None and match.start() >= found[0]))
        ):
            self._named_end = match.end()
            return Subject(match.group(), "organization", None)
        return found[1] if found else None

    def ends_list(self, at: int) -> bool:
        """Whether the owner named last is of a list that 等 at ``at`` ends: 甲公司、乙公司等, not 我国完成支架等."""
        end = self._named_end
        return not self.opens_clause or end + 3 >= at or self._masked[end : end + 1] in {"、", "和", "及", "与", BLANK}

    def _last_word(self, begin: int, end: int, kind: str) -> tuple[int, Subject] | None:
        """The last firm, park, project or word for a place (全市) from ``begin`` to ``end``, and where it ends."""
        found: tuple[int, Subject] | None = None
        owners, at = self._owners, self._next_owner
        while at < len(owners) and owners[at].start < end:
            owner = owners[at]
            at += 1
            if owner.start < begin or owner.end > end or (kind == "count" and self._is_counted(owner, end)):
                continue
            subject = self._meant(owner)
            if subject is not None and not (
                owner.kind == "own" and self._masked[owner.start - 1] == PLACE and self._masked[owner.start] == "全"
            ):  # 常州全市
                found = owner.end - 1, subject  # behind the places in its name: 池黄高铁铜陵段
                self._named_end = owner.end
                self.opens_clause = subject.code is not None and self._is_homeless
        self._next_owner = at
        return found

    def _last_place(
        self, begin: int, end: int, kind: str, found: tuple[int, Subject] | None
    ) -> tuple[int, Subject] | None:
        """The last place from ``begin`` to ``end`` that owns what follows, where it stands behind what was ``found``."""
        masked, places, at = self._masked, self._places, self._next_place
        while at < len(places) and places[at].end <= end:
            mention = places[at]
            at += 1
            if mention.level == "county":
                self._county = self._local = owner_of(mention.code)
            if mention.level != "nation":
                self._told = mention.code
            if mention.start < begin or (found is not None and mention.start <= found[0]):
                continue
            if self._owns(mention, kind) and (subject := owner_of(mention.code)) is not None:
                found = mention.start, subject
                self._named_end = mention.end
                self.opens_clause = _HEADS_CLAUSE.search(masked, max(0, mention.start - 12), mention.start) is not None
        self._next_place = at
        return found

    def _is_counted(self, owner: Owner, end: int) -> bool:
        """Whether firms are what the number counts (企业总数达300家), not who has it; 机场达9万架次 counts no airports."""
        return (
            owner.kind == "organization"
            and _IS_COUNTED.fullmatch(self._masked, owner.end, end) is not None
            and not _PASSES.match(self._body, end)
        )

    def _owns(self, mention: PlaceMention, kind: str) -> bool:
        """Whether a place owns what follows: it is in no remark, no speaker's name, no firm's branch, nothing compared with."""
        masked, start, end = self._masked, mention.start, mention.end
        if masked[start] != PLACE:  # in a remark: （不含铁门关市）
            return False
        if self._speeches and self._speeches[0].named <= start < self._speeches[0].named_end:
            return False
        if masked[start - 1] not in _BREAKS and BRANCH.match(masked, end):
            return False
        if (is_reference(masked, start, end) and not self._is_scene(start, end)) or (
            self._body.startswith("全国", start) and (self.abroad or self._is_game(end))
        ):
            return False
        if kind not in {"count", "rank"} or masked[end : end + 1] in {TIME, "，"}:
            return True
        # 全国 and the province are what a rank is among, what a count is of
        return mention.code != self._above and not (kind == "rank" and self._body.startswith("全国", start))

    def _is_scene(self, start: int, end: int) -> bool:
        """Whether a page of no city goes there to tell of it: 在阜阳的示范田，…; not where something is held or opened."""
        if not self._is_homeless:
            return False
        heads = _HEADS_CLAUSE.search(self._masked, max(0, start - 12), start)
        return heads is not None and heads["there"] != "" and not _HELD.match(self._masked, end)

    def _meant(self, owner: Owner) -> Subject | None:
        """Whom a name or a word for an owner means."""
        if owner.kind == "reference":
            return self._referred(owner)
        if owner.kind == "other" and self._body[owner.start] in "该全":
            word = self._body[owner.start : owner.end]
            known = next((known for known in reversed(self.known) if known.type == "other"), None)
            return known or Subject(word if word[0] == "该" else None, "other", None)
        if owner.kind in {"park", "organization", "project", "other"}:
            start = owner.start - 2 * self._body.startswith("一家", owner.start - 2)
            if lead := NAME_LEADS.match(self._body, start, owner.end - 2):
                start = lead.end()
            place = self.before_place(start)
            if place and self._masked[start : owner.end] in SIGHTS_OF_PLACE and not self._names_sight(place):
                return None
            name = (place + self._body[start : owner.end]).rsplit("的", 1)[-1].lstrip(".．")
            if _TELLS.match(self._masked, owner.end) and name.endswith(_TELLERS):
                return NATION if name.startswith(("中国", "全国")) else None
            if name.endswith("车间") and (firm := _OF_FIRM.match(name)):
                name = firm[0]
            if name.endswith("人民银行"):  # 人民银行德阳市分行 speaks for its place
                return self._home.subject if self._masked[owner.end : owner.end + 1] == PLACE else NATION
            return Subject(name, owner.kind, None)
        if self._is_homeless:
            for mention in self._places[self._next_place :]:
                if mention.start >= owner.start:
                    break
                if mention.level != "nation":
                    self._told = mention.code
        if owner.kind == "nation" and self._is_game(owner.end):
            return None
        return self._level(owner) if owner.kind == "own" else self._generic(owner.kind)

    def _is_game(self, end: int) -> bool:
        """Whether the nation that ends at ``end`` only names where a place's people compete: 在第十五届全国运动会上获金牌2枚."""
        return self._home.subject.code is not None and _GAMES.match(self._masked, end) is not None

    def _names_sight(self, place: str) -> bool:
        """Whether a sight is called by the name of a place (象山景区): neither by that of the page's own nor by a full one (象山区景区)."""
        return place[-1] not in "省市州盟县区旗" and not (self._home.subject.name or "").startswith(place)

    def _referred(self, owner: Owner) -> Subject | None:
        """The owner that 项目, 该园区, 研究院 mean: the last one of the paragraph that is such a thing."""
        word = self._body[owner.start : owner.end]
        if word == "产业":
            named = industry_before(self._masked, owner.start)
            self.topic = Subject(named, "industry", None) if named else None
            return self.topic
        kind = next((kind for endings, kind in _REFERRED if word.endswith(endings)), None)
        for known in reversed(self.known):
            if known.type == kind if kind else (known.name or "").endswith(word):
                return known
        if word == "公司" or word[0] in "该这" or (word == "项目" and OF_A_PROJECT.match(self._masked, owner.end)):
            return Subject(None, kind or "organization", None)
        return None

    def _generic(self, group: str) -> Subject | None:
        """The place that 全国, 全省, 全区, 全县 or 全市 is: of this page, or else the one named last."""
        here = self._home.subject
        if group == "nation":
            return None if self.abroad else NATION
        if group == "local":
            return (owner_of(self._told) if self._told else None) if self._is_homeless else self._local
        if group == "province":
            return self._home.province or (owner_of(self._told[:2] + "0000") if self._told else OTHER)
        if group == "region":
            return self._home.province if self._home.is_region else self._park or self._county
        if group == "county":
            return here if here.type == "county" else self._county or _SOME_COUNTY
        if here.type == "county" and group == "city" and (here.name or "")[-1:] != "市":
            return owner_of((here.code or "")[:4] + "00") or owner_of((here.code or "")[:2] + "0000")
        return here if here.type in {"city", "county"} or here.code in MUNICIPALITIES else self._city_told()

    def _city_told(self) -> Subject:
        """The city that 全市 means on a page of no city: the one named last, or whose county was."""
        code = self._told
        if code is not None and (item := place(code)) is not None and item.level == "county" and item.name[-1] != "市":
            code = item.parent
        if code is None or (code.endswith("0000") and code not in MUNICIPALITIES):
            return OTHER
        return owner_of(code) or OTHER

    def _level(self, owner: Owner) -> Subject | None:
        """The city's own budget beside the whole city's: 榆林市本级."""
        if not _LEVEL.match(self._masked, owner.start):
            before = max(0, owner.start - 40)
            if self._masked[owner.end] == NUM and _BESIDE_LEVEL.search(self._masked, before, owner.start):
                return OTHER
            return self._generic("city" if self._masked.startswith("全市", owner.start) else "own")
        return self._own_budget(self._masked[owner.start : owner.end])

    def _own_budget(self, word: str) -> Subject:
        here = self._home.subject
        if here.name is None or here.code is None:
            return here
        return Subject(here.name.removesuffix("市") + word, here.type, here.code)

    def level_opening(self, line: str) -> Subject | None:
        """The city's own budget, where a masked line opens with it: （2）市本级政府性基金预算."""
        opens = _LEVEL_OPENS.match(line) if "市" in line[:16] else None
        return self._own_budget(opens[1][: 3 if opens[1].startswith("市本级") else 2]) if opens else None


def park_of(title: str) -> Subject | None:
    """The park whose page it is: 城南高新区一季度开门红."""
    head = re.split(r"[，：:！ ]", title)[0]
    park = next((owner for owner in find_owners(head) if owner.kind == "park"), None)
    return Subject(head[park.start : park.end], "park", None) if park else None
