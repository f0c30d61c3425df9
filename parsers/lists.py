"""Lists of numbers that share words: 分别 lists of names, places or times, structure triples, units said once at the end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from itertools import pairwise

from parsers.draft import Draft, unmark
from parsers.indicators import catalogue, link, normalise
from parsers.linking import STOCK_OF, VA, branch_of, own_words, without_praise
from parsers.model import PlaceMention
from parsers.phrases import peel, words
from parsers.subjects import Subject
from parsers.timeline import Stated

__all__ = ["distribute", "share_unit", "triples"]

_LEADING = re.compile(r"^(?:其中|全市|全省|全国|全区|分|同时)[:：，,]?")
_THREE = (
    re.compile(
        r"三次产业|一二三产|一、二、三(?:次)?产业|第[一二三]、二、三产业|第一、第二(?:和|、)第三产业|[、,，]三产业|三产结构"
    ),
    {
        "investment": ("primary_investment", "secondary_investment", "tertiary_investment"),
        "va": ("primary_industry_va", "secondary_industry_va", "tertiary_industry_va"),
    },
)
_NAMES = ("第一产业", "第二产业", "第三产业")
_HEAD = re.compile(
    r"(?:居民人均可支配收入|人均可支配收入|常住居民人均可支配收入|人均消费支出|增加值|总产量|产量|总产值|产值|投资|支出|收入|零售额|进出口(?:总?额)?|出口(?:额)?|进口(?:额)?|项目|价格|面积|企业|利润|用电量|销量|[存贷]款余额|余额|税收|装机容量|发电量|占比|比重)$"
)
_RATIO = frozenset(":：∶︰")
_EACH = re.compile("分别|分列|分居|各")
_CLAUSE = re.compile("[，,；;：:（(]")
_SIDES = re.compile(r"(?:总量|总额|规模|增速|增幅|增量)(?:和|、|与|及)(?:总量|增速|增幅|增量)(?:均|都)?$")
_PREPOSITION = re.compile("[对向从]")
_TWO_WAYS = re.compile("人民币|美元|口径|名义|实际增|可比价|当月|累计|同比|环比|权益")
_COMPARED_WITH = re.compile("(?<=[速幅重])[比较]")
_COMPARES = ("高于", "低于", "快于", "慢于", "好于", "优于", "比", "较")
_MEASURED = frozenset({"level", "count", "growth_yoy", "growth"})
_CUES = words("grow", "fall", "to", "copula", "yoy", "mom", "average")


def share_unit(drafts: list[Draft], masked: str) -> None:
    """3.5个和3.3个百分点: all but the last are in 百分点 too."""
    for second, first in pairwise(reversed(drafts)):
        if second.unit == "pp" and first.unit == "个" and len(masked[first.end : second.start]) <= 8:
            first.unit = "pp"


def triples(group: list[Draft], masked: str, body: str) -> None:
    """Name the members of a:b:c after the three industries, or drop the unit where they are none."""
    for index in range(len(group) - 2):
        three = group[index : index + 3]
        if not all(masked[a.end : b.start].strip() in _RATIO for a, b in pairwise(three)):
            continue
        total = sum(float(d.quantity.value) for d in three)
        if not 99 <= total <= 101:
            continue
        before = body[max(0, three[0].start - 60) : three[0].start]
        ids = _THREE[1]["investment" if "投资" in before else "va"]
        for draft, indicator, name in zip(three, ids, _NAMES, strict=True):
            draft.unit, draft.kind, draft.sign, draft.rule = "%", "share", 1, "triple"
            draft.indicator_id, draft.name = indicator, name + "结构"
            draft.time, draft.subject, draft.status = three[0].time, three[0].subject, three[0].status


def distribute(
    group: list[Draft],
    masked: str,
    times: dict[int, list[Stated]],
    places: list[PlaceMention],
    owners: Callable[[str], Subject | None],
    *,
    told: Draft | None = None,
) -> None:
    """Give every member of a 分别 list its own name and time; ``times`` are the times before a list's first number.

    ``told`` is what was told before a ；: 民生支出310亿元；其中，教育、卫生健康分别增长6%和4%.
    """
    index = 0
    owned: list[Subject | None] = []
    while index < len(group):
        size = 1
        while index + size < len(group) and group[index + size].listed:
            size += 1
        if size > 1:
            before = group[index - 1] if index else told
            topic = before if before and (before.indicator_id or _HEAD.search(before.name)) else None
            apart = _one(group, index, size, masked, times=times.get(index, []), topic=topic)
            members = group[index : index + size]
            if _places(members, group[index - 1].end if index else 0, masked, places, owners):
                owned = [draft.subject for draft in members]
            elif len(owned) == size and (members[0].rule.endswith("+carried") or members[0].kind == "ratio"):
                for draft, subject in zip(members, owned, strict=True):
                    draft.subject = subject
            elif (
                not apart and members[0].kind in _MEASURED
            ):  # 美国、越南…，进出口额分别为…: of whom it is, nobody knows
                for draft in members:
                    draft.indicator_id = None
            _references(members)
        index += size


def _one(group: list[Draft], index: int, size: int, masked: str, *, times: list[Stated], topic: Draft | None) -> bool:
    """Name the members of one list; False if the list says 分别 and nothing here tells its members apart."""
    members = group[index : index + size]
    first = members[0]
    dated = True
    if len(times) == size:
        for draft, time in zip(members, times, strict=True):
            draft.time = time
    elif (years := _years(first.time)) and len(years) == size:
        for draft, time in zip(members, years, strict=True):
            draft.time = time
            draft.kind = "growth_yoy" if draft.kind == "growth" else draft.kind  # each over the year before it
    else:
        dated = False
    start = group[index - 1].end if index else first.sentence[0]
    text = masked[start : first.start]
    if size == 3 and _THREE[0].search(text):
        for draft, name, indicator in zip(
            members, _NAMES, _THREE[1]["investment" if "投资" in text else "va"], strict=True
        ):
            draft.name = name
            if draft.kind != "contribution":
                draft.indicator_id = indicator
        return True
    if not _EACH.search(text):
        if first.rule.endswith("+carried") and (
            first.kind.startswith("growth")
            or (first.kind in {"change", "change_pp"} and _block_before(group, index, size) is not None)
        ):
            _from_before(group, index, size)
        return True
    if first.kind == "gap_pp" and _names(first.baseline or "", size):  # 增速比全国、全省分别高: a list of references
        return True
    *earlier, raw = _CLAUSE.split(_EACH.split(text)[0])
    if first.unit == "rank" and (sides := _SIDES.search(raw)):
        found, _ = link(unmark(raw[: sides.start()]), first.unit, first.kind)
        for draft in members:
            draft.name, draft.indicator_id = unmark(raw[: sides.start()]), found
        return True
    name, _ = peel(unmark(raw), _CUES)
    name = _LEADING.sub("", name)
    name = re.split(r"占(?!比)|对(?!.{0,6}出口)", name)[0] if first.kind in {"share", "contribution"} else name
    name = _COMPARED_WITH.split(name)[0] if first.kind == "gap_pp" else name
    name = re.sub(r"(?:四|五|六|七|八|九|十|两|三|\ue003)+大(?:支柱|主导|重点|优势)?(?:产业|行业)", "产业", name)
    parts = _names(name, size)
    if parts is None and size == 2 and name.startswith("城乡") and _HEAD.search(name):
        parts = ["城镇" + name[2:], "农村" + name[2:]]
    if parts is None and size == 2 and "存贷款" in name:
        parts = [name.replace("存贷款", "存款"), name.replace("存贷款", "贷款")]
    if parts is None and not own_words(name.strip("、和及与较比同")):
        named = peel(without_praise(unmark(earlier[-1])), _CUES)[0] if earlier else ""
        parts = _names(_LEADING.sub("", named), size)
        if parts is None or not all(link(part, first.unit, first.kind)[0] for part in parts[-1:]):
            _from_before(group, index, size)
            return True
    if parts is None:
        return dated or bool(_TWO_WAYS.search(text))
    if preposition := _PREPOSITION.match(parts[0]):
        parts = [part if part.startswith(preposition.group()) else preposition.group() + part for part in parts]
    last = parts[-1]
    branches = first.indicator_id in VA and first.kind.startswith("growth")
    for draft, part in zip(members, parts, strict=True):
        whole, found = _join(part, last, draft)
        if found is None and topic is not None and not _HEAD.search(last):
            whole, found = _join(part, topic.name, draft)
        if found is None and branches and not _HEAD.search(part):
            found = branch_of(part, draft.unit, draft.kind)
        draft.name = whole
        draft.indicator_id = found
        draft.rule = draft.rule.split("+")[0] + "+list"
    return True


def _years(time: Stated | None) -> list[Stated]:
    """The single years of 2016年至2018年, for one number each."""
    if time is None or time.type != "range" or time.first is None or time.last is None:
        return []
    if (time.first.month, time.first.day, time.last.month, time.last.day) != (1, 1, 12, 31):
        return []
    return [
        Stated(time.text, dt.date(y, 1, 1), dt.date(y, 12, 31), "year")
        for y in range(time.first.year, time.last.year + 1)
    ]


def _places(
    members: list[Draft], after: int, masked: str, places: list[PlaceMention], owners: Callable[[str], Subject | None]
) -> bool:
    """广信区、玉山县 … 分别: a place for every member; True if so."""
    first = members[0].start
    after = max(after, masked.rfind("。", 0, first), masked.rfind("\n", 0, first))
    inside = [p for p in places if after <= p.start and p.end <= first]
    if len(inside) == len(members) and all(
        masked[a.end : b.start] in {"、", "和", "及", "与"} for a, b in pairwise(inside)
    ):
        if masked[after : inside[0].start].endswith(_COMPARES):
            return False
        for draft, mention in zip(members, inside, strict=True):
            draft.subject = owners(mention.code) or draft.subject
        return True
    return False


def _references(members: list[Draft]) -> None:
    """高于全国、全省1.6、1.1个百分点: each gap is measured against its own."""
    for draft in members[1:]:
        if draft.baseline != members[0].baseline:
            return
    names = _names(members[0].baseline or "", len(members))
    if names:
        for draft, name in zip(members, names, strict=True):
            draft.baseline = name


def _names(name: str, size: int) -> list[str] | None:
    for pattern in (r"、", r"、|以及|和", r"、|以及|和|及|与"):
        parts = [part for part in re.split(pattern, name) if part]
        if len(parts) == size:
            return parts
    return None


def _join(part: str, last: str, draft: Draft) -> tuple[str, str | None]:
    """The full name of one member, finished with what the last member ends in."""
    if part is last:
        return part, link(part, draft.unit, draft.kind)[0]
    if _HEAD.search(part) and (found := link(part, draft.unit, draft.kind)[0]):
        return part, found
    for size in range(min(len(last) - 1, 14), 1, -1):
        found, alias = link(part + last[-size:], draft.unit, draft.kind)
        if found and len(alias) > size:
            return part + last[-size:] if alias[-1] == last[-1] else part, found
    found, alias = link(last, draft.unit, draft.kind)
    if found and catalogue()[found].is_open and len(alias) < len(normalise(last)):
        return part + alias, found
    head = _HEAD.search(last)
    if head and not _HEAD.search(part):
        return part + head.group(), link(part + head.group(), draft.unit, draft.kind)[0]
    return part, link(part, draft.unit, draft.kind)[0]


def _block_before(group: list[Draft], index: int, size: int) -> list[Draft] | None:
    """The list of as many numbers right before a list: 占比分别为3.9%和2.2%，较上年提高1.0个和0.6个百分点."""
    block = group[index - size : index] if index >= size else []
    same = block and all(draft.listed and draft.kind == block[0].kind for draft in block[1:])
    return block if same and not block[0].listed and len({draft.name for draft in block}) == size else None


def _from_before(group: list[Draft], index: int, size: int) -> None:
    """茶叶产量6.1万吨，产值52.4亿元，分别增长4.3%和9.7%: the numbers before lend their names in turn."""
    if group[index].kind != "contribution" and (block := _block_before(group, index, size)) is not None:
        for draft, source in zip(group[index : index + size], block, strict=True):
            draft.name, draft.indicator_id = source.name, source.indicator_id
        return
    levels = [d for d in group[:index] if d.kind in {"level", "count", "ratio"}]
    if group[index].kind in {"gap_pp", "rank", "change_pp", "share", "contribution"} and len(levels) < size:
        levels = [d for d in group[:index] if d.kind.startswith("growth")]
    if len(levels) < size:
        return
    for draft, source in zip(group[index : index + size], levels[-size:], strict=True):
        draft.name, draft.indicator_id = source.name, source.indicator_id
        if draft.kind == "change" and source.unit == f"{draft.unit}/m2":
            draft.unit, draft.scale = source.unit, source.scale
        if "总数" in group[index].clause:  # 新增甲类86家、乙类6家，总数分别达到603家和27家
            draft.indicator_id = STOCK_OF.get(source.indicator_id or "", source.indicator_id)
