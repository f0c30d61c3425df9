"""Whose number it is: the place of the page unless the words name the nation, a province, another place, a firm, a park, a project, a branch."""

from __future__ import annotations

import re

from parsers.draft import BLANK, NUM, PLACE, TIME
from parsers.homes import COUNTED, MACRO, NATION, OTHER, Home, Subject, home_of, owner_of, speaks_of_nation, told_of
from parsers.indicators import catalogue
from parsers.industries import (
    BRANCH_IDS,
    EARNED,
    INDUSTRY,
    LEAD,
    MADE_BY,
    MADE_NEAR,
    PULLING,
    SECTOR,
    TRACK,
    industry_before,
)
from parsers.model import PlaceMention
from parsers.owners import (
    BRANCH,
    MARKS,
    NAME_LEADS,
    OF_A_PROJECT,
    PRODUCT,
    SIGHTS_OF_PLACE,
    TERMINALS,
    Owner,
    find_owners,
    find_single,
    is_reference,
    short_names,
)
from parsers.projects import BUILDING, ONCE_BUILT, PROJECT_IDS, project_at
from parsers.speakers import find_speeches

__all__ = ["Home", "Subject", "Subjects", "owner_of"]

_N = rf"[^，,。；;：:！？!?、\n\s“”{BLANK}{NUM}{PLACE}{TIME}]"  # a character of a name
_SOME_COUNTY = Subject(None, "county", None)
_GENERIC_ORG = re.compile(
    rf"^[“”\s{TIME}，,]*(?:该|本|我们)?(?:公司|企业|集团|厂里|我们|团队|我家|工厂|车间|园区)(?!家|总数|数|等|融资|研发|成本|税|负担|开办|用电|用能|数字化|减负|主体|直接|综合|技术|上云|开工|复工|信心|投资|引进|招|入库|创新|类|户|利润|效益|发展|养老|职工|退休|所得税|债券|存款|贷款|法人|年金|单位|登记|从业)"
)
_FIRM_OF = re.compile(
    r"^(?:推动|支持|带动|确保)?(?!全[市省国区县州]|我[市省]|综合|年均|平均|累计|预计|年度|竣工|主要|其中|全部|限上|规上)(?!.*(?:业|产业|经济|行业|链|全市|园|区|集群|类|市)(?:年|实现)?(?:营业|销售|主营|产值|总产))((?:(?!实现|新增|完成)[一-龥A-Za-z]){2,12}?)年?(?:实现)?(?:营业收入|销售收入|主营业务收入|产值|营收)$"
)
_BOTH = re.compile(  # 甲县、乙县增速均超过6%
    rf"(?<![^，,；;。：\n{TIME}])(?P<first>[{PLACE}]+)(?:[、和与及][{PLACE}]+)+(?!等)[^，,；;。{NUM}]{{0,24}}均"
)
_THINGS = frozenset({"organization", "park", "project"})
_REFERRED = ((("项目", "工程"), "project"), (("园区", "开发区"), "park"), (("公司", "企业"), "organization"))
_IS_COUNTED = re.compile(rf"(?:总数|数量|总量|已|累计|共计?|达到?|不少于|不低于|超过?|突破|增至|近|约|为|{TIME})*")
_LEVEL = re.compile(
    rf"市本级|市直(?!部门|单位|机关|机构|学校|医院|企业|管)|市级[{BLANK}]*(?:财政|一般公共|地方|政府性|国有资本|社会保险|社保|预算|总?收入|总?支出|税收|非税|部门|“三公”|基金)"
)
_GRANTED = re.compile("[发投]放“[^”]{1,8}贷”")  # what all banks of the place granted, not a product's own figures
_LOAN = re.compile(rf"(?:^|[，,。；;])(?P<name>“[一-龥]{{1,8}}贷”)(?=[{NUM}{TIME}已累共为]|$)")
_BREAKS = frozenset(f"，,。；;：:！？!?、“”— \t\n　在{BLANK}{NUM}{PLACE}{TIME}")
_TOWN = frozenset("镇市县乡村")
_PASSES = re.compile(r"[\d.,余多万亿]+[人车架辆班船]次")  # what goes through a place is no count of such places
_GROUP_OF_PLACES = re.compile(
    rf"[{PLACE}][、和][{PLACE}]+[^，,；。]{{0,4}}合计|[东南西北中]部(?:县|市|地区|片区)[^，,。]{{0,2}}、"
)
_WHOLE_PLACE = re.compile(f"全市|全省|全国|我市|全县|全区|[{PLACE}]")
_TYPICAL = re.compile("一般|平均|各类")
_BY_PLACE = re.compile("^[“”\\s]*(?:政府|市里|我市|市委|市政府|当地|全市)")
_PROGRAMME = re.compile(r"贷”|[贷金融]产品|信贷通|科贷通")


class Subjects:
    """Keeps the owner while a body is read from left to right."""

    __slots__ = (
        "_above",
        "_body",
        "_county",
        "_default",
        "_ends",
        "_has_loans",
        "_is_national",
        "_known",
        "_lead_end",
        "_masked",
        "_named",
        "_next_owner",
        "_owners",
        "_park",
        "_places",
        "_position",
        "_short",
        "_speeches",
        "_start",
        "_terminals",
        "_told_home",
        "_topic",
        "home",
        "owner",
        "sentence",
    )

    def __init__(self, body: str, masked: str, title: str, places: list[PlaceMention], city_code: str | None) -> None:
        self._body, self._masked, self._places = body, masked, places
        self.home = home_of(city_code, speaks_of_nation(title, body))
        self._county: Subject | None = None
        self._above = (
            self.home.province.code
            if self.home.province is not None and self.home.province.code != self.home.subject.code
            else None
        )
        marks = MARKS.find(masked)
        self._owners = sorted(find_owners(masked, marks) + find_single(body))
        self._speeches = find_speeches(body)
        self._has_loans = "贷”" in body
        self._ends = {mention.end: mention.start for mention in places}
        self._position = self._next_owner = 0
        self._start = 0
        self._terminals: list[tuple[Subject, re.Pattern[str]]] = []  # ports and airports the paragraph named
        self._told_home = False  # whether it told figures of the page's own place
        self._known: list[Subject] = []  # firms, parks and projects it named
        self._named = ""
        self._lead_end = 0  # where the name of the industry or project ends that is the sentence's owner
        self._topic: Subject | None = None  # the industry that the bare word means: 产业增加值
        self.owner: Subject | None = None
        self.sentence: Subject | None = None
        head = re.split(r"[，：:！ ]", title)[0]
        park = next((o for o in find_owners(head) if o.kind == "park"), None)
        self._park = Subject(head[park.start : park.end], "park", None) if park else None
        self._default = self._park or self.home.subject
        self._is_national = self._default is NATION
        self._short = short_names(masked, marks)

    def new_line(self) -> None:
        """A new paragraph: owners do not carry over."""
        self.owner = self.sentence = None
        self._named = ""
        self._terminals.clear()
        self._told_home = False
        self._known.clear()
        if self._default is OTHER and self._is_national:
            self._default = NATION

    def new_sentence(self, start: int, end: int, *, brief: bool, chained: bool) -> None:
        """A new sentence of the same paragraph; on a ``brief`` (a page about one period) firms and parks do not carry over."""
        if self.sentence is not None and not (
            (chained or self._body.startswith("其中", start)) and self._goes_on(self.sentence)
        ):
            self.sentence = None
        self._start = start
        owners = self._owners
        while self._next_owner < len(owners) and owners[self._next_owner].start < start:  # behind the last number
            if owners[self._next_owner].kind in _THINGS and (behind := self._subject(owners[self._next_owner])):
                self._known.append(behind)
            self._next_owner += 1
        if self._is_national:
            self._default = told_of(self._masked[start:end]) or self._default
        if brief and self.owner is not None and self.owner.code is None:
            self.owner = None
        text = self._masked[start : min(end, start + 24)]
        if self.owner is not None and _BY_PLACE.match(text):
            self.owner = None
        while self._speeches and self._speeches[0].end <= start:
            del self._speeches[0]
        if self._speeches and self._speeches[0].start < end:
            speech = self._speeches[0]
            name = self._body[speech.named : speech.named_end] or None
            before = next((known for known in reversed(self._known) if known.type == speech.kind), None)
            self.sentence = self.owner = before if name is None and before else Subject(name, speech.kind, None)
        elif _GENERIC_ORG.match(text) and (self.owner is None or self.owner.type == "organization"):
            self.sentence = self.owner = self.owner or Subject(None, "organization", None)
        elif ("业" in text or "群" in text or "经济" in text or "赛道" in text) and (lead := LEAD.match(text)):
            self.sentence = Subject(lead.group("name"), "industry", None)
            if lead.group("has"):
                self._topic = self.sentence
            self._lead_end = start + lead.end("name")

    def _goes_on(self, owner: Subject) -> bool:
        """Whether what is told after a semicolon or 其中 is still the owner's: 全国…；国内游客…, 市本级…。其中：…."""
        return owner != self.home.subject and (owner.type in {"nation", "province"} or self._is_home(owner))

    def read(self, start: int, end: int, kind: str) -> bool:
        """Take notice of the owners named in the body from ``start`` to ``end``, before a number of ``kind``. True if any."""
        found: tuple[int, Subject] | None = None
        owners, at = self._owners, self._next_owner
        while at < len(owners) and owners[at].start < end:
            owner = owners[at]
            at += 1
            if (
                owner.start < start
                or owner.end > end
                or owner.start < self._lead_end
                or (
                    kind == "count"
                    and owner.kind == "organization"
                    and _IS_COUNTED.fullmatch(self._masked, owner.end, end)
                    and not _PASSES.match(self._body, end)
                )
            ):
                continue
            subject = self._subject(owner)
            if subject is not None and not (
                owner.kind == "own" and self._masked[owner.start - 1] == PLACE and self._masked[owner.start] == "全"
            ):  # 常州全市
                found = (owner.start, subject)
        self._next_owner = at
        places, at = self._places, self._position
        first_place = at
        while at < len(places) and places[at].end <= end:
            mention = places[at]
            at += 1
            if mention.level == "county":
                self._county = owner_of(mention.code)
            if self._masked[mention.start] != PLACE:  # in a remark: （不含铁门关市）
                continue
            if mention.start < max(start, self._lead_end) or (found is not None and mention.start <= found[0]):
                continue
            if self._speeches and self._speeches[0].named <= mention.start < self._speeches[0].named_end:
                continue
            if self._masked[mention.start - 1] not in _BREAKS and BRANCH.match(self._masked, mention.end):
                continue
            if (
                is_reference(self._masked, mention.start, mention.end)
                or (
                    kind == "rank"
                    and self._body.startswith("全国", mention.start)
                    and self._masked[mention.end : mention.end + 1] not in {TIME, "，"}
                )
                or (
                    kind in {"count", "rank"}
                    and mention.code == self._above
                    and self._masked[mention.end : mention.end + 1] not in {TIME, "，"}
                )
            ):
                continue
            subject = owner_of(mention.code)
            if subject is not None:
                found = (mention.start, subject)
        self._position = at
        if "均" in self._masked[start:end] and (both := _BOTH.search(self._masked, start, end)):
            first = next((m for m in places[first_place:at] if m.start == both.start("first")), None)
            if first is not None and (subject := owner_of(first.code)) is not None:
                found = (first.start, subject)
        if (
            self._short
            and (match := self._short.search(self._masked, start, end))
            and not is_reference(self._masked, *match.span())
            and self._masked[match.end() : match.end() + 1] not in _TOWN
            and (found is None or (found[1].code is not None and match.start() >= found[0]))
        ):
            found = (match.start(), Subject(match.group(), "organization", None))
        if found is None:
            return False
        self.sentence = found[1]
        if found[1].code is None:
            self.owner = found[1] if self._is_topic(found[1]) else None
            if (name := found[1].name) is not None:
                self._known.append(found[1])
                self._terminals += [(found[1], figure) for endings, figure in TERMINALS if name.endswith(endings)]
        else:
            stays = (found[1].type == "county" and "全县" in self._masked[start:end]) or (
                self._is_home(found[1]) and self.home.subject != self._default
            )
            self.owner = found[1] if stays else None
        return True

    def _terminal(self, name: str) -> Subject | None:
        """The port or airport of the paragraph that counts what is named: 集装箱吞吐量."""
        return next((terminal for terminal, figure in reversed(self._terminals) if figure.search(name)), None)

    def _is_topic(self, owner: Subject) -> bool:
        """Whether the next sentences go on about an owner: not about a firm or park in a row of the city's figures, nor a project."""
        return owner.type not in {"project", "industry"} and not (
            owner.type in {"park", "organization"} and self._told_home
        )

    def _subject(self, owner: Owner) -> Subject | None:
        if owner.kind == "reference":
            return self._referred(owner)
        if owner.kind in {"park", "organization", "project", "other"}:
            start = owner.start - 2 * self._body.startswith("一家", owner.start - 2)
            if lead := NAME_LEADS.match(self._body, start, owner.end - 2):
                start = lead.end()
            place = self._body[self._ends.get(start, start) : start]
            if place and self._masked[start : owner.end] in SIGHTS_OF_PLACE and not self._names_sight(place):
                return None
            name = (place + self._body[start : owner.end]).rsplit("的", 1)[-1]
            return NATION if name.endswith("人民银行") else Subject(name, owner.kind, None)
        return self._level(owner) if owner.kind == "own" else self._generic(owner.kind)

    def _names_sight(self, place: str) -> bool:
        """Whether a sight is called by the name of a place (象山景区): neither by that of the page's own nor by a full one (象山区景区)."""
        return place[-1] not in "省市州盟县区旗" and not (self.home.subject.name or "").startswith(place)

    def _referred(self, owner: Owner) -> Subject | None:
        """The owner that 项目, 该园区, 研究院 mean: the last one of the paragraph that is such a thing."""
        word = self._body[owner.start : owner.end]
        if word == "产业":
            named = industry_before(self._masked, owner.start)
            self._topic = Subject(named, "industry", None) if named else None
            return self._topic
        kind = next((kind for endings, kind in _REFERRED if word.endswith(endings)), None)
        for known in reversed(self._known):
            if known.type == kind if kind else (known.name or "").endswith(word):
                return known
        if word == "公司" or word[0] in "该这" or (word == "项目" and OF_A_PROJECT.match(self._masked, owner.end)):
            return Subject(None, kind or "organization", None)
        return None

    def forget(self) -> None:
        """The firms just named were examples (华东铜箔等7家企业): the number is the page's own."""
        self.sentence = self.owner = None

    def _is_projects_own(self, text: str, start: int) -> bool:
        """Whether a total investment or a time of building is one project's: not that of 18个项目, nor how long a firm waits."""
        if self.sentence is not None and self.sentence.type == "project":
            return True
        if self._masked.startswith("项目", start) and self._masked[start - 1] == NUM and self.sentence is not None:
            return False
        told = bool(self._speeches) and self._speeches[0].end >= start
        return not told or bool(BUILDING.search(text))

    def _generic(self, group: str) -> Subject | None:
        if group == "nation":
            return NATION
        if group == "province":
            return self.home.province
        if group == "region":
            return self.home.province if self.home.is_region else self._park or self._county
        if group == "county":
            return self.home.subject if self.home.subject.type == "county" else self._county or _SOME_COUNTY
        return self.home.subject

    def _maker(self, made: re.Match[str]) -> Subject | None:
        """The place that makes a share of what the nation has: 全国六成的核电产品由德阳制造."""
        if self._masked[made.start("by")] != PLACE:
            return self.home.subject
        return next((owner_of(mention.code) for mention in self._places if mention.start == made.start("by")), None)

    def _product(self, end: int) -> str | None:
        """The loan that opened a clause of this sentence: “政采贷”8家金融机构为198家企业融资."""
        found = _LOAN.search(self._masked, self._start, end)
        return None if found is None or _WHOLE_PLACE.search(self._masked, found.end(), end) else found.group("name")

    def _level(self, owner: Owner) -> Subject:
        """The city's own budget beside the whole city's: 榆林市本级."""
        here, word = self.home.subject, self._masked[owner.start : owner.end]
        if here.name is None or here.code is None or not _LEVEL.match(self._masked, owner.start):
            return here
        return Subject(here.name.removesuffix("市") + word, here.type, here.code)

    def _is_home(self, subject: Subject | None) -> bool:
        here = self.home.subject
        return subject == here or (subject is not None and here.code is not None and subject.code == here.code)

    def of(self, start: int, end: int, *, name: str, kind: str, indicator: str | None, carried: str | None) -> Subject:
        """The owner of the number that stands at ``end``, named after what the body says from ``start``."""
        text = self._masked[start:end]
        scope = catalogue()[indicator].scope if indicator else "city"
        if (
            scope == "city"
            and indicator is not None
            and self.sentence is None
            and self.owner is not None
            and self.owner.type == "organization"
            and self._terminal(name) is None
        ):
            self.owner = None
        if scope == "programme" and (
            not _PROGRAMME.search(self._masked, self._start, end) or _GRANTED.search(self._masked, self._start, end)
        ):
            scope = "city"
        if scope in {"company", "platform", "programme"} and self._is_home(
            self.sentence or self.owner or self._default
        ):
            return (
                Subject(self._product(end), "other", None)
                if scope == "programme"
                else Subject(None, "organization", None)
            )
        if (
            self.sentence is None
            and ("后" in text or "可" in text)
            and ONCE_BUILT.search(text)
            and not _WHOLE_PLACE.search(text)
        ):
            self.sentence = Subject(None, "project", None)
        if indicator in PROJECT_IDS and _TYPICAL.search(text):
            return self._default
        if indicator in PROJECT_IDS and self._is_projects_own(text, start):
            if named := project_at(self._masked, self._body, start, end):
                self.sentence = Subject(named.name, "project", None)
                self._known.append(self.sentence)
                self._lead_end = max(self._lead_end, named.end)
            else:
                spoken_of = (owner for owner in (self.sentence, self.owner) if owner and owner.type == "project")
                self.sentence = next(spoken_of, Subject(None, "project", None))
            return self.sentence
        if (
            kind in {"level", "count", "growth_yoy"}
            and ("合计" in text or "部" in text)
            and _GROUP_OF_PLACES.search(text)
        ):
            return OTHER
        if kind == "contribution" and (sector := PULLING.search(text)):
            return Subject(sector.group("name"), "industry", None)
        if (
            kind == "share"
            and self.sentence is not None
            and self.sentence.type == "nation"
            and (made := MADE_BY.match(self._masked, end))
        ):
            return self._maker(made) or self.sentence
        if kind != "contribution":
            self._named = name
        elif carried == "industry_sector_va" or indicator == "industrial_va_above_scale":
            branch = SECTOR.search(self._named)
            if branch or carried == "industry_sector_va":
                return Subject(branch.group("name") if branch else None, "industry", None)
        if indicator == "industry_sector_va" and TRACK.search(name):
            return Subject(name, "industry", None)
        if indicator is None and name.endswith("配套率") and (made := MADE_NEAR.match(name)):
            self.sentence = Subject(made.group("name"), "industry", None)
        if indicator in BRANCH_IDS or (indicator is None and "集群" in text):
            sector = INDUSTRY.search(text)
            if sector:
                self.sentence = Subject(sector.group(), "industry", None)
                if TRACK.search(sector.group()):  # a cluster is what the paragraph goes on about
                    self.owner = self.sentence
                return self.sentence
        earned = indicator in EARNED and kind == "level" and carried in BRANCH_IDS
        if (
            self.sentence is not None
            and self.sentence.type == "industry"
            and not (self.sentence is self._topic and (kind == "count" or name.startswith("产业")))
            and not earned
            and kind != "contribution"
            and not TRACK.search(self.sentence.name or "")
            and indicator is not None
            and indicator != carried
            and scope == "city"
            and indicator not in BRANCH_IDS
        ):
            self.sentence = None
        if indicator in COUNTED and self.sentence is not None and self.sentence.type == "organization":
            self.forget()
        if indicator in MACRO and not (earned and self.sentence is not None and self.sentence.type == "industry"):
            if (
                self.sentence is not None
                and self.sentence.type == "project"
                and ("其中" in text or ONCE_BUILT.search(self._masked, self._start, end))
                and not _WHOLE_PLACE.search(text)
            ):
                return self.sentence  # …达产后可实现销售收入15亿元、税收6000万元
            if kind == "count" and self.sentence is not None and self.sentence is self._topic:
                return self.sentence  # 到2025年，产业产值突破500亿元，培育专精特新“小巨人”企业20家
            if self.sentence is not None and self.sentence.type in {"industry", "organization", "project"}:
                self.sentence = None
            self.owner = None
        subject = self.sentence or self.owner or self._default
        if subject == self.home.subject:
            self._told_home = True
        if self._has_loans and subject == self._default and (product := self._product(end)):
            return Subject(product, "other", None)
        if subject == self._default and (terminal := self._terminal(name)) and not _WHOLE_PLACE.search(text):
            return terminal
        if indicator in BRANCH_IDS and subject.code is not None and (firm := _FIRM_OF.match(name)):
            at = text.find(PLACE + firm.group(1))
            if PRODUCT.search(firm.group(1)):
                return subject
            if self._is_home(subject) or at >= 0:
                begin = start + at + 1
                prefix = self._body[self._ends.get(begin, begin) : begin] if at >= 0 else ""
                return Subject(prefix + firm.group(1), "organization", None)
        return subject
