"""The words before a number taken apart: its own clause, the name, the words of change, the scope of a rank, what a gap or a share is of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from parsers.draft import BLANK, NUM, PLACE, TIME, unmark
from parsers.kinds import EARLIER, change_of
from parsers.linking import AS_TOLD, COMPARED_TIME, CUES, own_words
from parsers.phrases import peel

__all__ = ["BLANKS", "SHARE", "Words", "take_apart"]

_BOUNDARY = re.compile(
    r"[，,；;：:（(—、和及与](?:(?<=[，,；;：:（(—])[，,；;：:（(—]*|(?<=^[、和及与])[、和及与]*(?=.)|(?<=、)(?=增长|下降|同比|环比|居|列|占|高于|低于|比|较|位居|前移|回落|提高))"
)
_SPAN_MEAN = re.compile(
    r"(?:[两三四五六七八九十]|(?<![.\d])\d+|\ue003+)?年(?:平均|均)(?!工资|收入|汇率|人口|在岗|从业|就业)(?:每年)?|平均每年"
)
_PLACED = re.compile(r"(?:(?:位|分|并)?(?:排|(?<!系)列|居))+$")
_SPAN = re.compile(r"(?:[两三四五六七八九十]|\d+)年$")
_CONVERTED = re.compile(r"[按以][^，,]{0,12}?(?:汇率|中间价|牌价)(?:计算|折算|换算)?")
_ADJUSTED = re.compile(
    r"(?:扣除|剔除)[^，,]{2,16}?(?:因素|影响|退税(?!因素|影响))后?|(?:经过?|根据|按照?)?(?:第[一二三四五六七八九]次)?(?:全国)?经济普查(?:结果|数据|核算)*后?$"
)
_PAST = re.compile(r"(?:占比|比重|率|值|额|量|收入|企业|规模)过$")
_GAP = re.compile(
    r"(?:分别|均|也)?(?:(?<![同环占对])比(?!亚迪|重|例|特)|较|相较)(?P<than>[^，,]{1,28}?)(?:平均)?(?:水平|增速|增幅)?(?:分别|要|还)*(?:高出|(?<![提])高|(?<![降减])低|(?<![加])快|慢|(?<![增])多|(?<![减])少|短|(?<!增)长)(?:出|了)?(?:约|近|超)?$"
    r"|(?:分别|均|也|明显|大幅|继续)*(?P<way>高于|低于|高出|快于|慢于|(?<!或)好于(?!国?家?[ⅡⅢ二三])|(?<!或)优于(?![ⅡⅢ二三])|领先于?|超过|超出|超(?=(?:年度|年初|全年|既定|预期|序?时序?|时间)*(?:目标|任务|计划|进度))|落后于?|少于|多于)(?P<ref>[^，,]{1,24}?)(?:平均)?(?:水平|增速|增幅|值|平均值)?(?:分别)?(?:约|近|超)?$"
)
_TIME_ONLY = re.compile(rf"^(?:{TIME}|{BLANK})+|上年|去年|同期|上月|上季|快报|年初")
_SCOPE = re.compile(
    rf"(?:稳居|稳列|位居|位列|位次居|排名居?|排在|排|居|列|名列|跃居|跃升至|升至|升到|保持|继续保持|继续居|跻身|进入|入选|获评|进位至|上升至|为|达到|占据|登上|领跑|由|从|在|的|^|[、，])*"
    rf"(?P<scope>全国|全省|全区|全市|全州|全球|世界|国内|行业|(?<=[居列位排在入由从身])我[省市]|全县|中国|亚洲|东北|中部|西部|长三角|珠三角|京津冀|大湾区|同类|[一二两三四五六七八九十\d{NUM}]+县[一二两三四五六七八九十\d{NUM}]+区|(?<=[居列在由从身入的]){PLACE}+)(?P<more>(?:(?!居|列|排名|跃|升|由|全国|全省|全区|全市|全球|世界)[^，,；;。]){{0,14}}?)(?:排名|排|列|位列|居|中)*(?:并列)?$"
    r"|在(?P<within>[^，,；;。]{2,10}?)(?:中|里)(?:位)?(?:居|列|排名|排)$"
    r"|(?:位居|稳居|居|位列|列|排名)(?P<among>(?![由从])[^，,；;。居列]{2,12})$"
)
_IN_PLACE = re.compile(rf"在(?:全国|全省|全区|全市|[{PLACE}]+)[^，,]{{0,10}}?(?:位次|排名|名次|排位)(?:由|从)?")
SHARE = re.compile(r"(?<!抢)(?<!侵)占(?!地(?!区|方)|领|用|线|道|比(?!重)|有率)(?:到|了|据|全部)?")
_CONTRIBUTION = re.compile(
    r"对(?P<to>[^，,]*?)(?:的)?(?:增长|增收|增产|扩大|上涨|下降)*的?(?:贡献率|贡献度|贡献)"
    r"|(?P<pull>拉动|下拉|影响|上拉|拉低|带动|拖累)(?P<of>[^，,]*?)(?:增长|增速|上涨|下降|回落|上升|下跌|增幅)*(?:约)?(?:分别)?(?:约|近|超|达)?$"
)
_ITS_RATE = re.compile("(?:其)?贡献[率度]")  # 拉动规上工业增长2.1个百分点，贡献率达30%
_UNDER = re.compile("受[^，,]{1,20}?(?:影响|拖累|带动|拉动)(?!了)")
_RANKING = re.compile(
    r"(?:在|发布的|公布的)(?P<list>[^，,。；;在]{2,24}?)(?:综合|年度|绩效)*(?:考评|考核|榜单|排行榜|评比|评价|排名|榜)(?:结果)?(?:中|上|里)[，,](?:[^，,]{0,8}[，,])?$"
)
_LISTED_IN = re.compile(
    r"在(?P<list>[^，,。；;在]{2,20}?)(?:综合|年度|绩效)*(?:考评|考核|榜单|排行榜|排名|评比|评价)(?:中|上|里)(?:再|又|已|挺进|进入|跻身|位居|位列|名列|排在|排|列|居|前移|上升|前进|提升|跃升)*第?$"
)
_AMONG_WHOLE = re.compile("在[^，,]{2,16}(?:中|里|内)的?$")
_JUNK_LEAD = re.compile(
    r"^(?:【[^】]{1,8}】|(?:19|20)\d\d年|[\d两三四五六七八]{1,2}天(?=.{2})|[一二三四五六七八九十]+、|\d{0,2}[．.、]|[（(][一二三四五六七八九十]+[）)]|[●①②③④⑤⑥⑦⑧⑨]|其中|同时|此外|另外|并|且|而|但|以及|按[^，,]{1,8}计算|按[^，,]{0,8}价格?|(?:比(?!亚迪|特)|较)(?=.{2})|初步核算(?!数)|据[^，,]{1,8}统计|受[^，,]{0,20}(?:带动|影响|拉动))+"
)
BLANKS = re.compile(r"[\s　]+")
_OF_A_PLAN = re.compile("预算(?!收入|支出)|计划|任务|目标")
_OPENS = frozenset("（(")
_TAIL_HEADS = frozenset("以左上之不")
_NUMBER_TAIL = re.compile(r"^(?:以上|以下|左右|以内|上下|之间|不等|之多)(?=[，,、；;和及与])")
_TIMES_OF = re.compile(
    r"(?:是|为|相当于|约为|达到?|超过?|(?:扩大|提高|增长|提升|上升|增加)到)(?P<of>[^，,]{1,24})的?(?:约|近|超)?$"
)
_AFTER_TIME = re.compile(rf"(?<![比较与同跟于由从.\d{TIME}]){TIME}+(?!末|底|同期)([^{TIME}]+)$")
_VERSUS = re.compile(rf"(?:比|较|与|同|跟|相较于?|相比于?){TIME}+(?:{AS_TOLD}|实际|预算)?(?:相比|同期|末|底|度)*的?")
_MAY_CONTRIBUTE = re.compile("贡献|拉动|下拉|影响|上拉|拉低|带动|拖累")
_MAY_COMPARE = re.compile("比|较|于|高出|超|落后|领先")
_GROWN = frozenset({"%", "times", "doublings"})
_RUNS = frozenset({"month", "quarter", "year"})


def _tidy(text: str) -> str:
    plain = unmark(text)
    return BLANKS.sub("", plain) if " " in plain or "\u3000" in plain else plain


class Words(NamedTuple):
    """The words before a number taken apart; spans count from ``at``, where the number's own clause begins in its segment."""

    at: int
    clause: str
    prior: str
    name: str
    own: str  # what of the name is one by itself
    verbs: tuple[str, ...]
    change: int
    owner_end: int | None  # where the owner must stand before, None: the number
    scope: tuple[int, int] | None
    baseline: tuple[int, int] | None
    gap: bool
    share: bool
    contribution: bool
    aggregate: str
    exceeds: bool  # whether the number is said to have been passed: 超过全国的…%, 占比过
    ranking: tuple[int, int] | None


@lru_cache(maxsize=1 << 15)  # half of all numbers follow words that were read before: ，增长; ，同比下降
def take_apart(segment: str, unit: str | None) -> Words:
    """The words of the masked ``segment`` before a number of ``unit``."""
    start = 0
    if segment[-1:] in _OPENS:  # 上年结余（20.4亿元）
        segment = segment[:-1]
    if segment[:1] in _TAIL_HEADS and (tail := _NUMBER_TAIL.match(segment)):
        start = tail.end()
    cut = start
    for boundary in _BOUNDARY.finditer(segment[start:]):
        if start + boundary.end() < len(segment) or boundary.start() > 0:
            cut = start + boundary.end()
    clause, prior = segment[cut:], segment[start:cut]
    named = clause
    share = contribution = exceeds = False
    scope = baseline = ranking = None
    aggregate = ""
    if unit == "rank" and (match := _LISTED_IN.search(clause)):
        ranking = match.start("list"), match.end("list")
        named = clause[: match.start()]
    elif unit == "rank" and (match := _SCOPE.search(clause)):
        if among := match.group("among") or match.group("within"):
            begin = match.start("among" if match.group("among") else "within")
            scope = begin, begin + len(among)
        else:
            scope = match.start("scope"), match.end("more")
        named = _IN_PLACE.sub("", clause[: match.start()])
    elif unit == "rank" and "次" in clause:
        named = _IN_PLACE.sub("", clause)
    elif (
        unit in {"%", "‰", "pp"}
        and _MAY_CONTRIBUTE.search(clause)
        and (match := _CONTRIBUTION.search(clause))
        and not ("受" in clause and match.group("pull") and _UNDER.search(clause, 0, match.end("pull")))
    ):
        aggregate = unmark(match.group("to") or match.group("of") or "")
        contribution = not (match.group("pull") == "带动" and unit == "%")
        if contribution:
            named = clause[: match.start()]
    elif unit == "%" and "贡献" in clause[:3] and (match := _ITS_RATE.match(clause)):
        contribution, named = True, ""
    elif unit in {"%", "‰"} and (match := SHARE.search(clause)):
        share = not _OF_A_PLAN.search(clause, match.end())
        if share:
            named = _AMONG_WHOLE.sub("", clause[: match.start()])
    elif unit in _RUNS and clause.endswith("连续") and (match := SHARE.search(clause)):
        named = clause[: match.start()]
    elif unit == "times" and (match := _TIMES_OF.search(clause)):
        baseline = match.start("of"), match.start("of") + len(match.group("of").rstrip("的"))
        named = clause[: match.start()]
    owner_end = None if named is clause else len(named)
    gap = None
    if not share and not contribution and _MAY_COMPARE.search(clause) and (gap := _GAP.search(clause)):
        group = "than" if gap.group("than") else "ref"
        reference = gap.group(group)
        baseline = gap.span(group)
        if unit == "rank":
            gap = None
        elif unit == "%" and gap.group("way") == "超过" and reference.endswith("的"):
            named, gap, share, exceeds = clause[: gap.start()], None, True, True
        else:
            named = clause[: gap.start()]
            owner_end = gap.start()
            if _TIME_ONLY.search(reference) and unit not in {"CNY", "USD"}:
                gap = None
    if "受" in named:
        named = _UNDER.sub("", named)
    if TIME in named:
        named = _VERSUS.sub("", named)
    if TIME in named and (late := _AFTER_TIME.search(named)) and peel(_tidy(late.group(1)), CUES)[0]:
        named = late.group(1)
    text = _tidy(COMPARED_TIME.sub("", named) if TIME in named else named).replace(NUM, "")
    if "均" in text:
        text = _SPAN_MEAN.sub("", text)
    if "自然增长率" in text:
        text = text[: text.index("自然增长率") + 5]
    if unit == "rank":
        text = _PLACED.sub("", text)
    if unit == "doublings":
        text = _SPAN.sub("", text)
    if unit in _GROWN and ("比" in text or "较" in text):
        text = EARLIER.sub("", text)
    if text.endswith("过") and _PAST.search(text):
        text = text[:-1]
    name, verbs = (text, ()) if text.endswith("自然增长率") else peel(text, CUES)
    if "除" in name or "普查" in name:
        name = _ADJUSTED.sub("", name)
    if name == "按" or _CONVERTED.fullmatch(name):
        name = ""
    if gap is None and named is not clause:
        _, verbs = peel(_tidy(COMPARED_TIME.sub("", clause) if TIME in clause else clause), CUES)
    name = name.strip('“”"‘’ 　—-·、，,：:')
    if junk := _JUNK_LEAD.match(name):
        name = name[junk.end() :]
    if unit == "rank" and prior and (listed := _RANKING.search(prior)):
        ranking = listed.start("list") - (cut - start), listed.end("list") - (cut - start)
    return Words(
        cut, clause, prior, name, own_words(name), verbs, change_of(verbs), owner_end, scope, baseline, gap is not None, share, contribution, aggregate,
        exceeds or bool(clause.endswith("过") and _PAST.search(clause)),
        ranking,
    )  # fmt: skip
