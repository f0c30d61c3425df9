"""Numbers that state nothing: ordinals, labels in quotes, bounds inside a name, ages, idioms."""

from __future__ import annotations

import re

from parsers.draft import NUM, Draft
from parsers.model import Quantity
from parsers.phrases import any_of, headed

__all__ = ["is_label", "states_nothing"]

_NOT_FIGURE, _ = headed(label=any_of("not_figures").pattern)
_ORDINAL = re.compile(r"^[，,、：:]|^(?:个|次|批|届|轮|期|代|版|条|款|章|阶段|季度|时间|人称|现场|部分|步)")
_RANKED = re.compile(r"居|列|排|位|名次|全国|全省|全市|全区|全州|全县|全球|世界|跃|升|进")
_PLACED = frozenset("居列排位")
_SECTOR_LIST = re.compile(r"第[一二](?:、|和|及|与)第?[二三](?:、第?三|和第?三|及第?三)?(?:次)?产业|第[一二]、")
_OPEN_HOURS = re.compile("^(?:不间断|通关|服务|在线|营业|自助|热线|值班|值守|全天候|开放|制程|工艺|芯片)")
_RIVALS = re.compile(
    rf"(?:市州|设区市|地级市|省辖市|县市区|市县|县区|区县|省区市|省市|城市|市|省|县|区)(?:\ue002*)(?:排名|排|居|位居|列|位列)?第?{NUM}"
)
_AMONG = re.compile("(?:全[国省市区州]|长三角|珠三角|东北|中部|西部|[居列在\ue001])$")
_BOUND_OF = re.compile(rf"(?:以上|以下)?的?(?:规上|规模以上|工业)*(?:企业|项目|行业)(?:共|有|达|数)*{NUM}")
_FIRST = re.compile("(?<![提目之以此当年从跟])前$")
_LIFE = re.compile(r"寿命|年龄")
_HOUSE = re.compile(r"\d号(?:楼|院)?$")
_COUNTER = re.compile(r"(?:浏览|点击|阅读|访问)(?:次数|数|量|率)?[：:]\s*$")
_CLASS = re.compile(  # 投资10亿元以上的项目3个, 其中10亿元以上13个
    rf"(?:及?以[上下])(?:的?[^，,。；;、{NUM}]{{0,8}}?(?:项目|企业|园区|集群|产业|乡镇|村|单位|商户|农户))?(?:总数|数量|数|共|有|达到?|增至|不少于|不低于|至少|超过?|近|约)*{NUM}"
)
_CLASS_OF = re.compile(  # 超10亿元的民企有19家
    rf"的(?:[^，,。；;、{NUM}]{{0,8}}?(?:项目|企|园区|集群|产业|县|市|区|镇|村|单位|商户|农户)[^，,。；;{NUM}]{{0,8}}?)?(?:共|有|达到?|增至)*{NUM}"
)
_BEYOND = re.compile("(?:超过?|逾|达到?|过|突破|[至到—-])$")
_SIZES = frozenset({"t", "CNY", "USD", "kW", "kWh", "m2"})
_FLATS = re.compile(rf"的?(?:新建|二手|商品|普通|住宅|户型|房源)|[、和及]{NUM}+及?以上")  # 90—144平方米新建商品住宅
_PEOPLE_ABOVE = re.compile(r"以上的?(?:人|企业入)")
_AT_LEAST = re.compile(r"^及(?:其)?以[上下]|^[）)]?[（(]含[）)]以上")
_QUOTED_LABEL = re.compile(r"[“‘「][^”’」，。]{0,12}$")
_SENTENCE_ENDS = re.compile("[。！？，,；]")
_MEASURES = frozenset({"CNY", "USD", "%", "pp", "t", "m2", "kWh", "人次", "km", "times"})
_THRESHOLD = re.compile(r"^(?:以上|以下|及以上|级)(?=[^，,。；;、左右\ue003]{1,14}(?:[\ue003，,]|$))")
_LABEL_AFTER = re.compile(
    r"^(?:期|前(?!移|进|列|提)|后(?!移|$|[，,。])|以前|岁|龄|款|级(?!以)|版|号|路|强(?!势)|时代|以内的|米线|段|星级|型|维|后方|节|专场|周年)"
)
_LISTED_AS = re.compile(r"入选|跻身|上榜|获评|位列|进入|荣登|评为|被评|跃居|入围|登上|挺进|迈入|首次|升至|位居|列")
_NAMED = re.compile(
    r"(?:增长|下降|达到?|完成|实现|突破|超过?|收入|总额|产值|增加值|投资|为|保持在|稳定在|提升|提高|降低|不低于)$"
)

_WHICH_ARE = frozenset("有行产城县")
_HOLIDAY = re.compile('(?:五一|十一|春节|国庆|清明|端午|中秋|元旦|春运)[”"]?(?:假期|假日|期间|小长假|黄金周)?$')
_TIMES = frozenset({"year", "month", "day", "quarter"})
_CLASSIFIERS = frozenset({"次", "名", "位", "项", "家", "个", "天"})
_RATES = frozenset({"%", "pp", "rank", "‰"})
_AXES = ("×", "北纬", "东经", "南纬", "西经")
# What the words behind a number begin with where they may make a name of it; behind most numbers stands something else.
_NAMING = frozenset("以级及的规工企项行内范之不间通关服在营自热值全开制芯市设地省县区城）)（(覆半")
_SMALL = re.compile(r"[两二三四五六七八九]\D")
_ARTICLE = re.compile("一(?![0-9.])")
_TELLS_SPAN = re.compile(
    "每|平均|天数|停留|最快|最短|缩短|压缩|用时|寿命|审批|办结|办理|时间|时长|时限|周期|车程|航程|工期|历时|耗时|为期|封闭|施工|不超过|不到|只需|仅需|需要|期限|周转"
)


def is_label(quantity: Quantity, body: str, masked: str, start: int, end: int) -> bool:
    """Whether a quantity of the sentence ``start``..``end`` names, dates or bounds something and states nothing."""
    at, unit = quantity.start, quantity.unit
    if masked[at] != NUM:
        return True
    before = masked[max(start, at - 14) : at]
    after = masked[quantity.end : end][:16]
    if (
        after[:1] in _NAMING
        and (decided := _named_by(after, before, unit, ranged=quantity.value_high is not None)) is not None
    ):
        return decided
    if unit == "kV" or (unit == "day" and _HOLIDAY.search(body, max(0, at - 8), at)):  # 110千伏线路, “五一”5天接待
        return True
    if unit == "m2" and quantity.value_high is not None and _FLATS.match(after):
        return True
    last = before[-1:]
    if last == "/" and unit == "t":
        return True  # 13.9元/500克
    if after[:1] == "的" and after[1:2] in _WHICH_ARE and body.startswith("持平", at):
        return True  # 持平的有2个
    if unit in _TIMES and (
        _LABEL_AFTER.match(after)
        or body[quantity.end : quantity.end + 1] == "翻"
        or (last == "的" and after[:1] in {"，", "。", "；", "、", "！"})  # 砥砺奋进的五年
    ):
        return True
    if (
        _NOT_FIGURE.match(body, at)
        or (last == "前" and unit in _CLASSIFIERS and _FIRST.search(before))
        or (unit == "岁" and not _LIFE.search(before))
        or (last in {"号", "楼", "院"} and _HOUSE.search(before))
        or (("：" in before or ":" in before) and _COUNTER.search(before))
        or before.endswith(_AXES)
    ):
        return True
    text = body[at : quantity.end]
    if unit == "rank" and (
        (last not in _PLACED and _SECTOR_LIST.match(body, at))
        or (text[0] == "第" and _ORDINAL.match(after) and not _RANKED.search(masked[start:at]))
    ):
        return True
    if (text[-1] == "强" and not _LISTED_AS.search(masked[start:at])) or (text[-1] == "角" and not text[0].isdigit()):
        return True
    return "”" in after[:10] and _is_quoted_label(before, after, unit)


def _is_quoted_label(before: str, after: str, unit: str | None) -> bool:
    """Whether a number in a short quote is a catchword (“千亿计划”, “五个一”); a quote that ends like a sentence is speech."""
    quoted = _QUOTED_LABEL.search(before)
    if quoted is None or _SENTENCE_ENDS.search(after, 0, after.index("”")):
        return False
    return unit not in _MEASURES or len(quoted.group()) < 5


def _named_by(after: str, before: str, unit: str | None, *, ranged: bool) -> bool | None:
    """Whether the words behind a number make a name, a bound or a class of it; None where they decide nothing."""
    if unit not in _RATES and (
        _CLASS.match(after)
        or (unit in _SIZES and after[0] == "级")
        or (unit in _SIZES and _CLASS_OF.match(after) and (ranged or _BEYOND.search(before)))
    ):
        return True
    if unit not in _RATES and _THRESHOLD.match(after) and not _PEOPLE_ABOVE.match(after):
        return after[0] != "级" and not _NAMED.search(before)
    if (
        _BOUND_OF.match(after)
        or _OPEN_HOURS.match(after)
        or (unit not in _RATES and _AT_LEAST.match(after))
        or (unit == "km" and after.startswith(("内", "以内", "范围", "之内", "半径", "覆盖")))
        or (_RIVALS.match(after) and _AMONG.search(before))
    ):
        return True
    return None


def states_nothing(draft: Draft, body: str, masked: str) -> bool:
    """Whether a number, now that it is named, is no figure: without a unit, 一个, 两家, 一吨, a time that nothing took."""
    if draft.unit is None:
        return not draft.listed or draft.indicator_id is None
    text, nameless = body[draft.start : draft.end], draft.indicator_id is None
    if draft.kind == "count":
        if nameless and _SMALL.match(text):
            return True
        return (nameless or draft.unit not in {"个", "家", "所"}) and _ARTICLE.match(text) is not None
    if draft.kind == "level":
        return nameless and text[0] == "一" and draft.unit in {"km", "m2", "t"}
    if draft.kind != "duration":
        return False
    if body.startswith("年均", draft.end):
        return True
    if nameless and not _TELLS_SPAN.search(masked, max(draft.sentence[0], draft.start - 16), draft.end + 8):
        return True
    return text[0] == "一" and draft.unit not in {"month", "day"}
