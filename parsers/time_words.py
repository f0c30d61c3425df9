"""What the words round a time make of it: nothing, what is compared with, a name's or an event's, or the time of what follows."""

from __future__ import annotations

import datetime as dt
import re

from parsers.draft import BLANK
from parsers.model import Period

__all__ = ["BRIEF", "LAST_YEAR_WORDS", "TimeWords", "is_holiday", "most_named_year"]

BRIEF = frozenset({"year", "half", "quarter", "ytd", "month"})
LAST_YEAR_WORDS = frozenset({"上年", "去年", "上年度", "以前年度", "上一年"})
_SAME = frozenset({"同期", "当月", "当期", "本期", "单月", "当季", "其间", "期间", "当年"})
_PER_DAY = frozenset({"日均", "月均"})
_DAY_NAMES = frozenset({"今天", "明天", "昨天", "后天", "今日", "明日"})
_ANNIVERSARY = re.compile("[也正恰]?(?:好)?是[^，,。；]{0,24}(?:周年|第\ue003+年)")
_REMARK = re.compile(r"[比较与同按]|[^）)]{0,20}下同|不含|[^）)]{0,12}口径")
_OF_PLAN = re.compile("的?(?:目标|任务|计划|预期|预算)")
_NOUN_OF_LAST = re.compile(r"^(?:结转|结余|滚存|完成数|执行数|预算数|实际|决算|基数|快报|年报)")
_COMPARED = re.compile(
    r"(?:比|较|与|同|跟|相比|相较于?|相对于?|对比|高于|低于|扭转了?|延续了?|改变了?|自|仅次于|超过|[比较]基准年|[比较]基期)$"
)
_COMPARING = frozenset("比较与同跟于对转续自过了变年期")  # what _COMPARED ends in
_COMPARED_FAR = re.compile(r"(?<![占对环同])[比较][^，,。；;\ue000\ue003]{1,12}的?$")
_COMPARES = re.compile(r"^(?:同期|水平|底|末)?的?[^，,。；\ue003]{0,6}?(?:增|降|减|提高|回落|扩大|收窄|高|低|多|少|翻)")
_AND = re.compile("(?:与|和|同|较|比)$")
_OWN_NUMBER = re.compile(r"^的约?\d")
_OWN_AFTER = re.compile(r"^约?\d")
_MULTIPLE_OF = re.compile(r"(?:是|为|相当于|约为|达到?|恢复至|恢复到|占|仅为|不足|不到)$")
_EQUATING = frozenset("是为于到达占至足")  # what _MULTIPLE_OF ends in
_TIMES = re.compile(r"的|[^，,。；;\d]{0,12}的[约近]?[\d.]+倍")
_IN_BRACKET = re.compile("[^（）()，,。]{0,12}\ue003+[^（）()，,。]{0,4}[）)]")
_SINCE_EVENT = re.compile(r"^[^，,。；;\ue003]{0,14}?以来")
_LIST_YEAR = re.compile(
    r"^度?(?:全国|全省|国家级?|省级?|世界|中国)?[^，,。；、\ue003]{0,12}?(?:名录|名单|榜单|百强榜?|排行榜|五百强|版|[^金补]奖(?![金补励])|称号)"
)
_LIST_ENDS = frozenset("录单榜强版奖号")
_EVENT_ENDS = re.compile(
    "[^，。；：（）()]{0,8}(?:当选|获奖|入选|出生|成立|投产|去世|毕业|设立|创办|上市|建成|开业)[）)]"
)
_BUDGET = re.compile("[^，,。；\ue003]{0,10}预算(?!稳定)")
_DOCUMENT = re.compile("第?[0-9]{1,4}号")  # （公告2025年第4号）
_CAUSE = re.compile("(?:假期)?(?:错月|错位|因素|等因素|移动)")  # 受春节错月影响
_RECORD = re.compile("的?(?:历史|同期|单[月季]|近[年期])?(?:最[高低好快大小多少佳]|新高|新低|次高)")  # …以来最高
_BATCH = re.compile(r"度?(?:首批|第[一二三四五六七八九十\d]+[批届轮期号])")
_CEREMONY = re.compile(  # 2023年第一季度重大项目集中签约仪式 is a name
    r"(?!的)(?:(?!举办|召开|组织|开展|参加|承办)[^，,。；;\ue003]){0,20}?(?:仪式|(?:开工|签约|推介|招商|观摩|招聘|启动)活动|大会|发布会|推介会|洽谈会|博览会|世博会|进博会|消博会|广交会|服贸会|交易会|运动会|论坛|峰会|锦标赛|大赛|马拉松)(?![^，,。]{0,4}\ue003)"
)
_NAMED_EVENT = re.compile(
    r"^[^，,。；;\ue003]{0,20}?(?:仪式|会|论坛|活动)[^，,。；;\ue003]{0,6}?(?:举行|召开|举办|开幕)"
)
_EVENT = re.compile(
    r"^(?:前|起)?[^，,。；;\ue003]{0,4}?(?:(?:投产|投用|竣工(?:验收)?|验收|挂牌|上市|通车|通航|完工|开工|动工|奠基|试产|签约落地|启用|开幕|开业|开园|落户|成立|建成)(?=[，,、。；;的后]|$)|召开|举行|发布|印发|公布|宣布|电[，,]|讯)"
)
_TOLD = re.compile("(?:表示|介绍|透露|通报|获悉|从[^，,。\ue003]{2,16}?(?:获悉|了解到))")
_FOUNDED = re.compile("(?:起步|始建?|成立|创[建办立]|建成|诞生|兴起|落成|注册)于$")
_MEAN_GROWTH = re.compile(r"^(?:年均|年平均|平均每年)[^，,。]{0,6}(?:增长|递增|增速|下降|提高)")
_HOLIDAY = re.compile("节|国庆|五一|元旦|清明|端午|中秋|除夕|假")
_NAMED_YEAR = re.compile(r"((?:1(?<!\d1)9|2(?<!\d2)0)\d\d)年(?!度?(?:版|名录))")


class TimeWords:
    """One time expression with the masked words before and after it."""

    __slots__ = ("_body", "_masked", "_period", "after", "before", "own", "text")

    def __init__(self, body: str, masked: str, period: Period, text: str) -> None:
        self._body, self._masked, self._period, self.text = body, masked, period, text
        self.before = masked[max(0, period.start - 4) : period.start]
        self.after = masked[period.end : period.end + 24]
        self.own = body[period.end : period.end + 8]  # a number of its own may stand here: 2020年的838家

    def say_nothing(self) -> bool:
        """Whether they are no time to carry: 同期, 日均, 每人每年, 全年目标, an address, a basis in a bracket (较上年，下同)."""
        text, body, start = self.text, self._body, self._period.start
        if (text in _SAME and not self.newly()) or text in _PER_DAY:
            return True
        before = body[start - 1 : start]
        if before == "〔" or (before == "/" and not text.strip("0123456789/-.")):
            return True  # in an address (…/2024/07/28/…), in the number of a document (〔2024年〕12号)
        if text[0] == "每":
            return body.startswith("每人", start - 2) or self.own[:1].isdigit()
        if text == "年均":
            return self.own.startswith(("浓度", "气温", "降水", "值"))
        if text == "今年" and _ANNIVERSARY.match(self.after):
            return True
        if text == "年内":
            return self.after.startswith(("首次", "新高", "最", "首度", "第"))
        if text == "全年":
            return _OF_PLAN.match(self.after) is not None
        if text in LAST_YEAR_WORDS and _NOUN_OF_LAST.match(self.after):
            return True
        if text.endswith("以来") and _RECORD.match(self.after):
            return True
        if self.after[:1] in "错因等假" and _CAUSE.match(self.after):
            return True
        if text in _DAY_NAMES and "“" in body[max(0, start - 6) : start]:
            return True
        if self._masked[start] != BLANK:
            return False
        if _DOCUMENT.match(body, self._period.end):
            return True
        opening = max(body.rfind("（", 0, start), body.rfind("(", 0, start)) + 1
        if opening > start - 12 and _EVENT_ENDS.match(body, self._period.end):
            return True  # 继某某（2010年当选）之后
        return _REMARK.match(body, opening) is not None

    def newly(self) -> bool:
        """Whether what was new in the year of a point in time is told: 年末登记在册74.7万户，其中当年新登记7.1万户."""
        return self.text == "当年" and self.after[:1] == "新"

    def of_budget(self) -> bool:
        """Whether a beginning of a year is that of its budget: 2025年年初全市支出预算代编数."""
        return self.text.endswith("年初") and _BUDGET.match(self.after) is not None

    def since_event(self) -> bool:
        """Whether an event since then follows: 2023年成立以来."""
        return "以来" in self.after and _SINCE_EVENT.match(self.after) is not None

    def compared(self) -> bool:
        """Whether something is compared with the time: 比上年, 较2020年, 比…的2023年增长."""
        if self.since_event():
            return False
        if self.before[-1:] in _COMPARING and _COMPARED.search(self.before):
            return True
        start = self._period.start
        window = self._masked[max(0, start - 14) : start]
        return ("比" in window or "较" in window) and bool(
            _COMPARED_FAR.search(self._masked, max(0, start - 14), start) and _COMPARES.match(self.after)
        )

    def has_value(self) -> bool:
        """Whether a value of the time itself follows: 2019年的138家."""
        return _OWN_NUMBER.match(self.own) is not None

    def has_compared_value(self) -> bool:
        """Whether what is compared with is told: 比2019年的138家; 与去年5.2%相比."""
        return self.has_value() or (_AND.search(self.before) is not None and _OWN_AFTER.match(self.own) is not None)

    def equated(self) -> bool:
        """Whether the time stands after 是, 为 or 达到: a multiple or a part of its value may follow."""
        return self.before[-1:] in _EQUATING and _MULTIPLE_OF.search(self.before) is not None

    def multiplied(self) -> bool:
        """Whether a multiple or a part of the time's value is told: 是“十三五”时期的1.3倍, 不足2019年同期的三成."""
        end = self._period.end
        return self.equated() and _TIMES.match(self._body[end : end + 24]) is not None

    def in_bracket(self) -> bool:
        """Whether they hold for one number in a bracket: （上半年增长4.1%）."""
        start = self._period.start
        return self._masked[start - 1 : start] in {"（", "("} and _IN_BRACKET.match(self.after) is not None

    def named(self) -> bool:
        """Whether the time belongs to the name of a list, a batch of projects: 2023年度…名录, 2024年第二批."""
        if not _LIST_ENDS.isdisjoint(self.after) and _LIST_YEAR.match(self.after):
            return True
        return self._period.type == "year" and _BATCH.match(self.after) is not None

    def of_event(self) -> bool:
        """Whether the time is only that of an event: 3月8日…仪式举行, 2023年投产，."""
        kind, text = self._period.type, self.text
        if self.before[-1:] == "于" and _FOUNDED.search(self.before):
            return True
        if kind in BRIEF and (_CEREMONY.match(self.after) or _NAMED_EVENT.match(self.after)):
            return True
        return (
            kind in {"day", "month", "quarter", "half", "year", "as_of"}
            and not text.startswith(("全", "截"))
            and not text.endswith("前")
            and (_EVENT.match(self.after) is not None or _TOLD.match(self.after.lstrip(BLANK)) is not None)
        )

    def mean_growth(self) -> bool:
        """Whether 年均 is of a growth over years, whose time stays: 年均增长5%."""
        return _MEAN_GROWTH.match(self.text + self.after) is not None


def is_holiday(kind: str | None, first: dt.date | None, last: dt.date | None, text: str) -> bool:
    """Whether a time is a public holiday of some days: “五一”假期, 国庆假期."""
    return (
        kind == "range"
        and first is not None
        and last is not None
        and (last - first).days < 11
        and _HOLIDAY.search(text) is not None
    )


def most_named_year(body: str) -> int | None:
    """The year a page names most often, at least three times and more than half of all: for 全年 and 年末 without a year."""
    counts: dict[str, int] = {}
    for match in _NAMED_YEAR.finditer(body):
        counts[match.group(1)] = counts.get(match.group(1), 0) + 1
    if not counts:
        return None
    year, most = max(sorted(counts.items()), key=lambda item: item[1])
    return int(year) if most >= 3 and most * 2 > sum(counts.values()) else None
