"""Whose number it is: the place of the page unless the words name the nation, a province, another place, a firm, a park, a project, a branch."""

from __future__ import annotations

import re

from parsers.draft import NUM, PLACE
from parsers.homes import (
    COUNTED,
    GROUP_OF_PLACES,
    MACRO,
    NATION,
    OTHER,
    PLACE_HAS,
    WHOLE_PLACE,
    Home,
    Subject,
    home_of,
    owner_of,
    speaks_of_nation,
)
from parsers.indicators import catalogue
from parsers.industries import BRANCH_IDS, EARNED, LEAD, MADE_BY, MADE_NEAR, OF_BRANCH, PULLING, SECTOR, TRACK, named_in
from parsers.loans import loan_before, tells_of_loan
from parsers.model import PlaceMention
from parsers.named_owners import NamedOwners, park_of
from parsers.occasions import announcer, event_of, venue_of
from parsers.openings import EXAMPLES, OUR_FIRM, maker_of, opened_by
from parsers.owners import firm_in
from parsers.projects import BUILDING, ONCE_BUILT, PROJECT_IDS, is_once_built, project_at, project_behind
from parsers.telling import Telling

__all__ = ["Home", "Subject", "Subjects", "owner_of"]

_TYPICAL = re.compile("一般|平均|各类")
_BY_PLACE = re.compile("^[“”\\s]*(?:政府|市里|我市|市委|市政府|当地|全市)")
_BUSINESS = frozenset({"company", "platform", "programme"})  # scopes of what no whole place has
_MEASURED = frozenset({"level", "count", "duration"})
_OF_WHAT = re.compile(f"{NUM}+的")
_OPENING = 8  # how far into a sentence a number opens it
_SUMMED = frozenset({"level", "count", "growth_yoy"})
_NO_WHOLE = frozenset({"industry", "organization", "project"})
_NAMED_FOR_INDUSTRY = BRANCH_IDS | {"industry_sector_va"}


class Subjects:
    """Keeps the owner while a body is read from left to right."""

    __slots__ = (
        "_announces",
        "_body",
        "_default",
        "_has_loans",
        "_is_fresh",
        "_last_name",
        "_lead_end",
        "_level",
        "_line",
        "_masked",
        "_named",
        "_opener",
        "_page",
        "_places",
        "_section_level",
        "_start",
        "_telling",
        "_told_home",
        "_venue",
        "home",
        "owner",
        "sentence",
    )

    def __init__(self, body: str, masked: str, title: str, places: list[PlaceMention], city_code: str | None) -> None:
        self._body, self._masked, self._places = body, masked, places
        self.home = home_of(city_code, speaks_of_nation(title, body))
        park = park_of(title)
        self._named = NamedOwners(body, masked, places, self.home, park)
        self._page = self._default = park or self.home.subject
        self._venue: Subject | None = None  # the numbered one of a list, whose prices the lines tell
        self._announces = self.home.subject.code is None and "公告" in title
        self._line = 0  # where it begins
        self._telling = (
            None if self._default not in {NATION, OTHER} else Telling(body, masked, places, title, self._default)
        )
        self._has_loans = "贷”" in body
        self._level: Subject | None = None  # the city's own budget (市本级) that a heading or the line opened with
        self._section_level: Subject | None = None  # … a heading
        self._start = 0  # of the sentence
        self._opener: Subject | None = None  # the county or park that alone its first clauses tell of
        self._is_fresh = True  # whether no number of the sentence was read
        self._lead_end = 0  # where the name of the industry or project ends that is the sentence's owner
        self._last_name = ""  # of the paragraph's last number that is no contribution
        self._told_home = False  # whether the paragraph told figures of the page's own place
        self.owner: Subject | None = None  # whom the paragraph goes on about
        self.sentence: Subject | None = None  # whom the sentence is about

    def new_line(self, start: int, line: str) -> bool:
        """A new paragraph, masked: owners do not carry over, but for the city's own budget that the section is of.

        True if another item of a digest begins.
        """
        level = self._named.level_opening(line) if self._default == self.home.subject else None
        if len(line) < 40 and NUM not in line:
            self._section_level = level  # any other heading ends it
        elif "全市" in line[:8]:
            self._section_level = None
        self._level = level or self._section_level
        self.owner = self.sentence = self._opener = None
        self._last_name = ""
        self._told_home = False
        self._named.new_line()
        self._line = start
        if self._venue is not None or line[:4].strip()[:1].isdigit() or NUM in line[:4]:
            after = start + len(line) + 1
            self._venue = venue_of(self._body[start : after - 1], self._body[after : after + 24], self._venue)
            self._default = self._venue or self._page
        if self._telling is None:
            return False
        is_next = self._telling.new_line(start, start + len(line))
        if is_next:
            self._named.new_item()
        self._default = self._venue or self._telling.default
        return is_next

    def new_sentence(self, start: int, end: int, *, brief: bool, chained: bool) -> None:
        """A new sentence of the same paragraph; on a ``brief`` (a page about one period) firms and parks do not carry over."""
        if self.sentence is not None and not (
            (chained or self._body.startswith("其中", start)) and self._goes_on(self.sentence)
        ):
            self.sentence = self._opener if chained else None
        self._opener = self.sentence if chained else None
        self._is_fresh = True
        self._start = start
        speaker = self._named.new_sentence(start, end)
        if self._telling is not None:
            if self._telling.new_sentence(start, end):
                self.sentence = None
                if self.owner is not None and self.owner.code is not None:
                    self.owner = None
            self._default = self._telling.default
            self._named.abroad = self._telling.is_abroad
        text = self._masked[start : min(end, start + 24)]
        if self.owner is not None and ((brief and self.owner.code is None) or _BY_PLACE.match(text)):
            self.owner = None
        opening = self._body[start : min(end, start + 40)]
        if speaker is None:
            speaker = announcer(opening) if self._announces else maker_of(self._body, start, end)
        if speaker is not None:
            self.sentence = self.owner = speaker
        elif opened := opened_by(text, opening, is_city=self._telling is None):
            self.sentence, scene = opened
            self._lead_end = start + scene
        elif OUR_FIRM.match(text) and (
            self.owner is None or self.owner.type == "organization" or self.home.subject is NATION
        ):
            if self.owner is None or self.owner.type != "organization":
                self.owner = Subject(None, "organization", None)
            self.sentence = self.owner
        elif ("业" in text or "群" in text or "经济" in text or "赛道" in text) and (lead := LEAD.match(text)):
            self.sentence = Subject(lead.group("name"), "industry", None)
            if lead.group("has"):
                self._named.topic = self.sentence
            self._lead_end = start + lead.end("name")

    def _goes_on(self, owner: Subject) -> bool:
        """Whether what is told after a semicolon or 其中 is still the owner's: 全国…；国内游客…, 市本级…。其中：…."""
        return owner != self.home.subject and (owner.type in {"nation", "province"} or self._is_home(owner))

    def read(self, start: int, end: int, kind: str) -> bool:
        """Take notice of the owners named in the body from ``start`` to ``end``, before a number of ``kind``. True if any."""
        named = self._named.last(start, end, kind, self._lead_end)
        is_fresh, self._is_fresh = self._is_fresh, False
        if named is None:
            return False
        opens = is_fresh and named.type in {"county", "park"} and named.name is not None and self._telling is None
        self._opener = named if opens or named == self._opener else None
        self.sentence = named
        if named.code is None:
            self.owner = named if self._is_topic(named) else None
            self._named.remember(named)
        else:
            stays = (
                (named.type == "county" and "全县" in self._masked[start:end])
                or (self._is_home(named) and self.home.subject != self._default)
                or (self.home.subject is NATION and named.type != "nation" and self._named.opens_clause)
            )
            self.owner = named if stays else None
        return True

    def _is_topic(self, owner: Subject) -> bool:
        """Whether the next sentences go on about an owner: not about a firm or park in a row of the city's figures, nor a project."""
        return owner.type not in {"project", "industry"} and not (
            owner.type in {"park", "organization"} and self._told_home
        )

    def forget_examples(self, segment: str, at: int, *, named: bool) -> None:
        """Forget the firms whose list ends the ``segment`` before ``at`` (华东铜箔等7家企业): the number is the page's own."""
        ends = EXAMPLES.search(segment)
        if ends and (self._named.ends_list(at - len(segment) + ends.start()) if named else self.sentence is None):
            self.sentence = self.owner = None

    def _is_home(self, subject: Subject | None) -> bool:
        here = self.home.subject
        return subject == here or (subject is not None and here.code is not None and subject.code == here.code)

    def of(self, start: int, end: int, *, name: str, kind: str, indicator: str | None, carried: str | None) -> Subject:
        """The owner of the number that stands at ``end``, named after what the body says from ``start``.

        First whom the number's own words or what it measures single out; else whom the sentence, the paragraph, the page is about.
        """
        text = self._masked[start:end]
        scope = catalogue()[indicator].scope if indicator else "city"
        if scope == "city":
            if indicator is not None and self.sentence is None and self.owner is not None and self._ends_firm(name):
                self.owner = None  # 某某公司…。全市进出口总额…
        elif (scope == "programme" and not tells_of_loan(self._masked, self._start, end)) or (
            indicator == "production_capacity" and PLACE_HAS.search(self._masked, self._start, end)
        ):
            scope = "city"
        if scope in _BUSINESS and self._is_home(self.sentence or self.owner or self._default):
            if scope == "programme":
                return Subject(loan_before(self._masked, self._start, end), "other", None)
            return Subject(None, "organization", None)
        if (
            ("后" in text or "可" in text)
            and not self.sentence
            and is_once_built(self._masked, self._start, start, end)
        ):
            self.sentence = Subject(None, "project", None)  # 全部达产后可实现年产值20亿元
        if indicator in PROJECT_IDS and (project := self._project(text, start, end)):
            return project
        if kind in _MEASURED and (beside := self._beside(start, end)):
            return beside
        if ("合计" in text or "部" in text) and kind in _SUMMED and GROUP_OF_PLACES.search(text):
            return OTHER  # 甲市、乙市合计占比…, 东部地区、中部地区…
        if kind == "share" and (maker := self._maker(end)):
            return maker
        if kind != "contribution":
            self._last_name = name
        elif puller := self._puller(text, indicator, carried):
            return puller
        if (
            self._telling is not None
            and "业" in name
            and (indicator in BRANCH_IDS if indicator else kind == "growth_yoy" or name.endswith("业总收入"))
            and (branch := OF_BRANCH.match(name))
        ):
            self.sentence = Subject(branch["name"], "industry", None)
            return self.sentence
        tells_industry = indicator in _NAMED_FOR_INDUSTRY if indicator else "集群" in text or name.endswith("配套率")
        if tells_industry and (industry := self._industry(text, name, indicator)):
            return industry
        if indicator is not None and (self.sentence is not None or self.owner is not None):
            self._let_go(text, end, name=name, kind=kind, indicator=indicator, carried=carried, scope=scope)
        if self._level is not None and "全市" in text:
            self._level = self._section_level = None
        subject = self.sentence or self.owner or self._level or self._default
        if subject == self.home.subject and self._body[end] != "一":  # 是一家民营企业
            self._told_home = True
        if (
            (self._has_loans or self._named.terminals)
            and (subject == self._default or (self._has_loans and subject.type == "park"))
            and (beside := self._loan_or_terminal(text, end, name))
        ):
            return beside
        if indicator in BRANCH_IDS and subject.code is not None:
            return self._firm(text, start, name, subject) or subject
        return subject

    def _beside(self, start: int, end: int) -> Subject | None:
        """The works that a number measures (46公里的环湖绿道), the event whose visitors it counts."""
        if (
            _OF_WHAT.match(self._masked, end)
            and "距" not in self._masked[start:end]
            and (works := project_behind(self._masked, self._body, end))
        ):
            named = Subject(works.name, "project", None)
            if end - self._start < _OPENING:
                self.sentence = named
            return named
        return event_of(self._body, self._masked, self._line, start, end)

    def _ends_firm(self, name: str) -> bool:
        """Whether a city's figure ends what was told of a firm; the figures of a port or an airport (集装箱吞吐量) do not."""
        return self.owner is not None and self.owner.type == "organization" and self._named.terminal(name) is None

    def _project(self, text: str, start: int, end: int) -> Subject | None:
        """The project that a total investment or a time of building is told of: 总投资80亿元的某某项目; None of many (18个项目)."""
        if _TYPICAL.search(text):
            return self._default
        if not self._is_projects_own(text, start):
            return None
        if named := project_at(self._masked, self._body, start, end):
            self.sentence = Subject(named.name, "project", None)
            self._named.known.append(self.sentence)
            self._lead_end = max(self._lead_end, named.end)
        else:
            spoken_of = (owner for owner in (self.sentence, self.owner) if owner and owner.type == "project")
            self.sentence = next(spoken_of, Subject(None, "project", None))
        return self.sentence

    def _is_projects_own(self, text: str, start: int) -> bool:
        """Whether a total investment or a time of building is one project's: not that of 18个项目, nor how long a firm waits."""
        if self.sentence is not None and self.sentence.type == "project":
            return True
        if self._masked.startswith("项目", start) and self._masked[start - 1] == NUM and self.sentence is not None:
            return False
        return not self._named.is_said(start) or bool(BUILDING.search(text))

    def _maker(self, end: int) -> Subject | None:
        """The place that makes a share of what the nation has: 全国六成的核电产品由德阳制造."""
        if self.sentence is None or self.sentence.type != "nation" or not (made := MADE_BY.match(self._masked, end)):
            return None
        by = made.start("by")
        if self._masked[by] != PLACE:
            return self.home.subject
        return next((owner_of(mention.code) for mention in self._places if mention.start == by), None) or self.sentence

    def _puller(self, text: str, indicator: str | None, carried: str | None) -> Subject | None:
        """The industry that contributes to a growth: 化工行业拉动…; or the one whose growth was told right before."""
        if sector := PULLING.search(text):
            return Subject(sector.group("name"), "industry", None)
        if carried != "industry_sector_va" and indicator != "industrial_va_above_scale":
            return None
        if branch := SECTOR.search(self._last_name):
            return Subject(branch.group("name"), "industry", None)
        return Subject(None, "industry", None) if carried == "industry_sector_va" else None

    def _industry(self, text: str, name: str, indicator: str | None) -> Subject | None:
        """The industry that the words before the number name: 陶瓷产业实现产值…, 汽车产业本地配套率…."""
        if indicator == "industry_sector_va":
            return Subject(name, "industry", None) if TRACK.search(name) else None
        if (indicator is not None or "集群" in text) and (named := named_in(text)):
            self.sentence = Subject(named[0], "industry", None)
            if TRACK.search(named[0]):  # a cluster is what the paragraph goes on about, unless a place drives it
                self.owner = None if named[1] else self.sentence
            return self.sentence
        if indicator is None and (made := MADE_NEAR.match(name)):
            self.sentence = Subject(made.group("name"), "industry", None)
            return self.sentence
        return None

    def _let_go(
        self, text: str, end: int, *, name: str, kind: str, indicator: str, carried: str | None, scope: str
    ) -> None:
        """Forget the owner that cannot have what the number measures: an industry a city's figures, a firm or project a whole place's."""
        told = self.sentence
        if told is not None and told.type == "industry":
            if indicator in EARNED and kind == "level" and carried in BRANCH_IDS:
                return  # 产值315亿元，出口4亿美元
            goes_on = told is self._named.topic and (kind == "count" or name.startswith("产业"))
            if (
                scope == "city"
                and indicator not in BRANCH_IDS
                and indicator != carried
                and kind != "contribution"
                and not goes_on
                and not (told == self.owner and TRACK.search(told.name or ""))
            ):
                self.sentence = told = None
        if indicator in COUNTED and told is not None and told.type == "organization":
            self.sentence = self.owner = None
        elif indicator == "tourism_revenue" and told is not None and told.type == "organization" and "，" in text[:1]:
            return  # 某某景区接待游客85万人次，旅游收入9.2亿元
        elif indicator in MACRO and (told is None or not self._may_have(told, text, end, kind)):
            if told is not None and told.type in _NO_WHOLE:
                self.sentence = None
            if self._telling is None or self.owner is None or self.owner.code is None:
                self.owner = None

    def _may_have(self, told: Subject, text: str, end: int, kind: str) -> bool:
        """Whether a whole place's figure is told of a project once built, or counted in the industry that the paragraph is about."""
        if kind == "count" and told is self._named.topic:
            return True  # 到2025年，产业产值突破500亿元，培育专精特新“小巨人”企业20家
        return (  # …达产后可实现销售收入15亿元、税收6000万元
            told.type == "project"
            and ("其中" in text or ONCE_BUILT.search(self._masked, self._start, end) is not None)
            and not WHOLE_PLACE.search(text)
        )

    def _loan_or_terminal(self, text: str, end: int, name: str) -> Subject | None:
        """What is told of beside the page's place: “政采贷”8家金融机构为198家企业融资; the port whose 吞吐量 it is."""
        if self._has_loans and (loan := loan_before(self._masked, self._start, end)):
            return Subject(loan, "other", None)
        terminal = self._named.terminal(name)
        if terminal is None or WHOLE_PLACE.search(text):
            return None
        self.sentence = terminal if "航线" in name else self.sentence  # …，航线总数达52条，通达…
        return terminal

    def _firm(self, text: str, start: int, name: str, subject: Subject) -> Subject | None:
        """The firm that the number's name begins with: 华东铜箔营业收入; 铜箔营业收入 is a product's, the place's own."""
        firm = firm_in(name)
        if firm is None:
            return None
        at = text.find(PLACE + firm)
        if at >= 0:  # 上海电气: the name of a place is part of it
            return Subject(self._named.before_place(start + at + 1) + firm, "organization", None)
        return Subject(firm, "organization", None) if self._is_home(subject) else None
