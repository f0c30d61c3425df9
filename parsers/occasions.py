"""Owners that are no place and no firm: the event whose visitors are counted, the venue of a list of prices, whose announcement it is."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.draft import BLANK, NUM, TIME
from parsers.homes import OTHER, Subject
from parsers.owners import words_of

__all__ = ["announcer", "event_of", "is_personal", "venue_of", "village_at"]

_TAKES_PART = re.compile(
    "参展|参会|参赛|(?<![演])出席(?!率)|与会|展商|展位|展览(?:总)?面积|布展面积|专业观众|展出|吸引.{0,4}客商|嘉宾|(?:选手|运动员)(?=.{0,4}(?:参|角逐|同台|同场|展开))|平行论坛|分论坛|设.{0,4}展区|为期$"
)
_FAIR = re.compile(words_of("fairs"))
_EVENT = re.compile(
    rf"(?P<name>[^，。；：:“”《》、\n{TIME}{BLANK}]{{0,30}}?(?:{words_of('fairs')}))(?![场馆址员讲代事])"
)
_LEAD = re.compile(".*(?:的|在|由|参加|出席|举办的?|举行的?|主办的?|期间的?|[以将]及)|和|与|届时|其中")
_SKIPS = re.compile(
    "举办(?!的)|参加|组织|承办|参与|输送|培养|在[^，。；]{0,12}$"
)  # the event is only where something is done
_ANY = re.compile(rf"(?:各|等|暨|市以上|省以上|[省市县国][级际家]|群众性|一系列|多|类|大型|重[大点]|其他|{NUM})")
_THIS = re.compile("^(?:本届|本次|此次|这次|该|今年的?|会议|平行|分|大会|论坛|展会|比赛|峰会|年会|赛事)")
_PERSON = re.compile(
    "(?:[^，。]{0,8}[，的])??(?:今年)?(?:[他她](?!们)|我家|[一-龥]{0,6}?[一-龥](?:先生|女士|大爷|大妈|大叔|大娘|阿姨|奶奶|爷爷|师傅|同志))(?!(?:还|也|同时|则)?的?(?:介绍|宣布|呼吁|要求|说|表示|告诉|指出|认为|强调|透露|坦言|称|们|在.{0,16}(?:说|会上|讲话)))"
)
_SCENE = re.compile(
    "(?:如今|目前|近日|日前|连日来|眼下)?，?(?:在|走进|来到)(?P<name>[^，。；：“”、的在]{2,20}?(?:村|屯|寨|嘎查|社区))(?:的[^，。；]{0,8})?，"
)
_STOP = re.compile("[，。；]")
_VENUE = re.compile(r"\s*\d{1,3}\s*[、.．？?]\s*(?P<name>[^：:，。；\n]{2,40}?)\s*(?:[（(][^\n]*)?$")
_PRICED = re.compile(r"\s*[^：:，。；\n]{0,8}(?:票|价格|收费|门票)[^：:，。；\n]{0,6}[：:]")
_LABELLED = re.compile(r"\s*[^：:，。；\n]{2,14}[：:]")
_ANNOUNCES = re.compile(r"(?:^|[，。；])\s*(?P<name>[A-Za-z*一-龥]{2,8})：")


@lru_cache(maxsize=1)  # asked of each number of a line
def _names_fair(masked: str, line: int) -> bool:
    end = masked.find("\n", line)
    return _FAIR.search(masked, line, end if end > 0 else len(masked)) is not None


def event_of(body: str, masked: str, line: int, start: int, number: int) -> Subject | None:
    r"""The event of the line from ``line`` that a ``number`` counts the visitors, the stands or the days of, named from ``start``.

    >>> text = "第六届茶叶博览会今天开幕，吸引200家企业参展"
    >>> event_of(text, text.replace("200", "\ue003" * 3), 0, 13, 15)
    Subject(name='第六届茶叶博览会', type='other', code=None)
    """
    if not _names_fair(masked, line):
        return None
    after = number
    while masked[after : after + 1] == NUM:
        after += 1
    stop = _STOP.search(masked, after, after + 30)
    if not _TAKES_PART.search(masked, after, stop.start() if stop else after + 30):
        comma = max(masked.rfind("，", start, number), masked.rfind("；", start, number))
        if not _TAKES_PART.search(masked, max(start, comma), number):
            return None
    found = None
    for event in _EVENT.finditer(masked, line, number):
        lead = _LEAD.match(body, event.start(), event.end())
        if lead is not None and _SKIPS.search(lead.group()):
            continue
        name = body[lead.end() if lead else event.start() : event.end()].lstrip()
        if _ANY.match(masked, event.end() - len(name)):
            continue
        if not _THIS.match(name) and len(name) > 2:
            found = Subject(name, "other", None)
        elif found is None:
            found = OTHER
    return found


def venue_of(line: str, following: str, before: Subject | None) -> Subject | None:
    """The venue that a numbered heading names over lines of prices, or that ``before`` goes on being told of.

    >>> venue_of("6、城北海洋公园（东区）", "成人票原价：98元", None)
    Subject(name='城北海洋公园', type='organization', code=None)
    """
    if (heading := _VENUE.match(line)) and _PRICED.match(following):
        return Subject(heading["name"], "organization", None)
    return before if before is not None and _LABELLED.match(line) else None


def announcer(sentence: str) -> Subject | None:
    """The firm whose announcement a sentence of such a list tells.

    >>> announcer("城北股份：中标额6000万元").name
    '城北股份'
    """
    found = _ANNOUNCES.search(sentence)
    return Subject(found["name"], "organization", None) if found else None


def is_personal(sentence: str) -> bool:
    """Whether a sentence opens with what a person has or does, not with what he tells.

    >>> is_personal("王大爷去年卖竹笋收入3万元"), is_personal("他介绍，全市"), is_personal("市民李女士花了1200元")
    (True, False, True)
    """
    return _PERSON.match(sentence) is not None


def village_at(sentence: str) -> tuple[Subject, int] | None:
    """The village that a sentence goes to at its beginning, and where that ends.

    >>> village_at("在江口县红岩镇长岭村，村集体流转土地300亩")
    (Subject(name='江口县红岩镇长岭村', type='other', code=None), 11)
    """
    scene = _SCENE.match(sentence)
    return (Subject(scene["name"], "other", None), scene.end()) if scene else None
