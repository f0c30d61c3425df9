"""Read the lines round an article that say when it was published, whence it came, who wrote and edited it, and how often it was read.

``发布时间:2024-11-15 17:21 来源: 萍乡日报 点击: 123`` is a row of labelled fields, often glued to each other: a field's
value ends where the next label begins.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from parsers.dates import AGO, MOMENT, moment_of
from parsers.lexicon import sites

__all__ = ["Byline", "are_persons", "read_byline", "read_outlet_beside_date", "read_reporters", "read_site_beside_date"]


class Byline(NamedTuple):
    """What the lines say; ``publisher`` is the 发布机构 that stands in where no 来源 is given."""

    published_at: dt.datetime | None = None
    outlet: str | None = None
    publisher: str | None = None
    author: str | None = None
    editor: str | None = None
    clicks: int | None = None


_LABEL = re.compile(
    # No label begins with another character: a look ahead spares the alternatives at most places.
    r"(?=[文信稿新消内资本图来出转发供公所更录上时日成印生截实施有废失编打今访活会当报作记撰采通责网值执美视见审校终初复监一二三签主统策排选摄点浏阅人查评【字体保分关收扫我听小中大TA手索组标语服导原背举纠播订赞回微Q内])(?:"
    r"(?P<outlet>(?:文章|信息|稿件|新闻|消息|内容|资讯|本文|图文)?\s*(?:来\s*源(?:于|自)?|来自|出\s*处|稿\s*源|转载自|信息提供)\s*(?:[:：丨｜|]|(?=\t))|(?:本文|文章)来源于)"
    r"|(?P<publisher>(?:发布机构|发布单位|发布部门|供稿单位|发文机关|发文机构|发文单位|公开机构|所属机构|信息提供单位)\s*(?:[:：]|(?=\t)))"
    r"|(?P<time>(?:发布|发表|更新|信息|文章|录入|公开|上传|发文|发稿)?(?:时\s*间|日\s*期)\s*(?:[:：]|(?=\t))|发布于\s*[:：]?)"
    r"|(?P<made>(?:成文|生成|印发|制发)(?:时间|日期)\s*(?:[:：]|(?=\t)))"
    r"|(?P<other_time>(?:截止|截至|实施|施行|有效|废止|失效|编辑|打印|今天|访问|活动|会议|当前|报名)(?:时间|日期)\s*[:：]|(?:今天是|截至|今日)\s*[:：]?)"
    r"|(?P<author>(?:本文|文章|图文)?\s*(?:作\s*者|记\s*者|撰\s*文|撰\s*稿|采\s*写|(?<![\u4e00-\u9fa5])文|通讯员)\s*[:：丨｜|/](?!图))"
    r"|(?P<chief>(?:本文)?\s*(?:责任编辑|责\s*编|责任编缉)\s*[:：丨｜|/])"
    r"|(?P<editor>(?:本文|网络|网站|值班|内容|文字|稿件)?\s*编\s*辑\s*[:：丨｜|/])"
    r"|(?P<staff>(?:执行|文字|内容|稿件|新媒体|美术|视频|见习|实习)?\s*(?:编\s*审|审\s*核|审\s*校|校\s*对|终\s*审|初\s*审|复\s*审|监\s*制|一审|二审|三审|审签|签发|主编|统筹|策划|排版|美编|选稿|录入|发布人|摄影|值班主任|值班编委|供稿|供图)(?:人|员)?\s*[:：丨｜|/])"
    r"|(?P<clicks>(?:点\s*击|浏\s*览|阅\s*读|访\s*问|人\s*气|查看)\s*(?:次\s*数|总?量|数|率|人次)?\s*[:：])"
    r"|(?P<stop>评\s*论\s*数?\s*[:：(（]|【?\s*字\s*[体号]|字体大小|文字大小|保护视力|分享|打\s*印|关\s*闭|收\s*藏|复制链接|扫一扫|转发|我要|听新闻|小号|中号|大号|T\s?\||A[-+]|点赞|手机(?:看|扫|阅读)|主\s*题\s*分\s*类|有效性|文\s*号|索\s*引\s*号|关\s*键\s*[词字]|信息类别|组配分类|体裁|标\s*题|语\s*种|服务对象|导读|原标题|浏览字号|视力保护|背景色|举报|内容纠错|纠错|播报|订阅|关注|赞|回复|微信|微博|QQ空间))"
)
_OTHER_TIME = re.compile(
    r"(?:(?:成文|印发|生成|截止|截至|实施|施行|有效|废止|失效|打印|访问|活动|会议|当前|报名)(?:时间|日期)|今天是|截至|今日)\s*[:：]?\s*$"
)
_AFTER_CLICKS = re.compile(r"^\s*(?:共\s*)?[\[(（【]?\s*(\d[\d,]*)(?:\.(\d+))?\s*([万wWkK])?\s*(?:次|人|人次)?")
_BARE_CLICKS = re.compile(
    r"(?:阅读|浏览|点击|人气|访问量?)\s*[(（:：]?\s*(\d[\d,]*)(?:\.(\d+))?([万wWkK])?\s*(?:次|人)?|(\d[\d,]*)(?:\.(\d+))?([万wWkK])?\+?\s*(?:次?(?:浏览|点击|阅读)(?!\s*[:：(（])|人(?:阅读|浏览|看过))"
)
_CLEAN = re.compile(r"^[\s:：|丨｜\[\](（【】)）>,，;；·/]+|[\s:：|丨｜\[(（【】\])>,，;；·/_-]+$")
_NAME_TAIL = re.compile(r"[\s_]*[A-Za-z]{1,3}_?\d{2,8}$|_[A-Za-z0-9]+$|\s*(?:责任编辑|责编|编辑)$")
_EDITOR_MARK = re.compile(
    r"[\[(（【]\s*(?:本文|网络|网站)?\s*(?:责任编辑|责\s*编|编\s*辑)\s*[:：]\s*([^\])）】]{1,30})[\])）】]"
)
_AFTER_NAME = re.compile(r"\s{2,}|[|丨｜\]】)）\t]")
_RARE_MARK = re.compile("[丨｜|/\t]")
_OTHER_LABEL = re.compile(r"\s+[\u4e00-\u9fa5]{2,6}\s*[:：]")
"""A label that is of no interest here and ends the value before it (作者：王一 分类：外贸)."""
_ROLE = re.compile(r"^[\u4e00-\u9fa5]{0,10}?(?:记者|通讯员|评论员)\s*(?=[\u4e00-\u9fa5])(?!站)")
_SHORT_WORD = re.compile(r"[\u4e00-\u9fa5]{2,3}")
_NOBODY = frozenset(
    ("admin", "佚名", "匿名", "未知", "无", "管理员", "null", "none", "undefined", "原创", "本站原创", "互联网", "网络")
)


def read_byline(head: list[str], tail: list[str], ends: list[str]) -> Byline:
    """Fields of the lines before the article, after it, and on the end of its last paragraphs.

    >>> line = "发布时间：2023-11-21 10:05来源：芜湖市统计局浏览次数：字体：大 中 小"
    >>> byline = read_byline([line], ["（责任编辑：李娜）"], [])
    >>> str(byline.published_at), byline.outlet, byline.editor, byline.clicks
    ('2023-11-21 10:05:00', '芜湖市统计局', '李娜', None)
    """
    fields: dict[str, str] = {}
    for line in head:
        _read_fields(line, fields, set())
    if "author" not in fields:
        named = next(filter(None, map(_named_reporters, head)), None)
        if named:
            fields["author"] = named
    late: set[str] = {"time", "publisher", "clicks"}
    for line in tail:
        _read_fields(line, fields, late if "moment" in fields else late - {"time"})
    if "author" not in fields:
        named = next(
            filter(
                None, (_named_reporters(s) for s in tail if s[:1] in ("（", "(") or (len(s) <= 30 and "摄" not in s))
            ),
            None,
        )
        if named:
            fields["author"] = named
    if "editor" not in fields and "chief" not in fields:
        found = next(filter(None, map(_BARE_EDITOR.search, head)), None)
        if found:
            fields["editor"] = found.group(1)
    for line in ends:
        for match in _EDITOR_MARK.finditer(line):
            fields.setdefault("editor", match.group(1))
        if "editor" not in fields and "chief" not in fields:
            _read_fields(line, fields, {"time", "publisher", "clicks", "outlet", "author"})
    outlet = _name(fields.get("outlet"))
    if outlet is None:
        outlet = read_outlet_beside_date(head)
    moment = _moment(head, fields)
    return Byline(
        moment,
        outlet,
        _name(fields.get("publisher")),
        _name(fields.get("author")),
        _editor(fields.get("chief")) or _editor(fields.get("editor")),
        _clicks(head, fields),
    )


def _read_fields(line: str, fields: dict[str, str], ignored: set[str]) -> None:
    """Add what a line says; a field that is already known stays."""
    if (
        ":" not in line
        and "：" not in line
        and not _RARE_MARK.search(line)
        and "来源于" not in line
        and "发布于" not in line
    ):
        return  # no label without one of these
    labels = list(_LABEL.finditer(line))
    for k, label in enumerate(labels):
        kind = label.lastgroup or ""
        if kind in ("stop", "staff", "other_time") or kind in ignored:
            continue
        end = labels[k + 1].start() if k + 1 < len(labels) else len(line)
        value = line[label.end() : end].strip().split("\t", 1)[0]
        if kind in ("outlet", "publisher", "author", "editor", "chief"):
            date = MOMENT.search(value)
            if date:
                value = value[: date.start()] if date.start() else value[date.end() :]
            value = _AFTER_NAME.split(_ROLE.sub("", value.strip()), maxsplit=1)[0]
            value = _OTHER_LABEL.split(value, maxsplit=1)[0]
            if kind == "outlet" and " " in value:
                value = _one_outlet(value)
            elif kind != "publisher" and " " in value:
                persons = _PERSONS.match(value)
                if persons and value.startswith(" ", persons.end()):
                    value = persons.group()  # what follows is a role, a button
        if value:
            fields.setdefault(kind, value)


def _one_outlet(value: str) -> str:
    """The first of several words, where what follows is a person, a place or a remark."""
    first, rest = value.split(" ", 1)
    if len(first) >= 2 and (first.endswith(sites().outlet_endings) or _SHORT_WORD.fullmatch(rest)):
        return first
    return value


def _name(value: str | None) -> str | None:
    if not value:
        return None
    cleaned = _CLEAN.sub("", value).strip()
    if not cleaned or len(cleaned) > 40 or cleaned.lower() in _NOBODY or cleaned.isdigit():
        return None
    return cleaned


def _editor(value: str | None) -> str | None:
    if not value:
        return None
    cleaned = _NAME_TAIL.sub("", _CLEAN.sub("", value).strip())
    cleaned = _CLEAN.sub("", cleaned)
    return cleaned if cleaned and len(cleaned) <= 30 and cleaned.lower() not in _NOBODY else None


def _moment(head: list[str], fields: dict[str, str]) -> dt.datetime | None:
    """The date behind a label of time, else the first date of the byline; the one with a time of day before one without."""
    plain: dt.datetime | None = None
    for text in [*([fields["time"]] if "time" in fields else []), *head, fields.get("made", "")]:
        if len(text) > 160 or ("20" not in text and "19" not in text):
            continue
        for match in MOMENT.finditer(text, 0, 120):
            before = text[max(0, match.start() - 12) : match.start()]
            label = _OTHER_TIME.search(before) if text is not fields.get("made") else None
            moment = moment_of(match) if label is None else None
            if moment is None or text.startswith("在", match.end()):
                continue  # 在…会议上: the day of the speech
            if match.group("hour"):
                return moment if plain is None or plain.date() == moment.date() else plain
            plain = plain or moment
    return plain


def _clicks(head: list[str], fields: dict[str, str]) -> int | None:
    value = fields.get("clicks")
    if value is not None:
        match = _AFTER_CLICKS.match(value)
        return _count(*match.groups()) if match else None
    for line in head:
        match = _BARE_CLICKS.search(MOMENT.sub(" ", line)) if len(line) < 120 else None
        if match:
            groups = match.groups()
            return _count(*(groups[:3] if groups[0] else groups[3:]))
    return None


def _count(whole: str, part: str | None, myriad: str | None) -> int | None:
    digits = whole.replace(",", "")
    if len(digits) > 12:
        return None
    if myriad:
        return int(float(f"{digits}.{part or 0}") * (1000 if myriad in "kK" else 10000) + 0.5)
    return int(digits)


_BESIDE = re.compile(r"[\u4e00-\u9fa5A-Za-z0-9·－-]{2,24}")


def read_site_beside_date(lines: list[str], names: list[str]) -> str | None:
    """One of a site's own names that stands in the line of the date.

    >>> read_site_beside_date(["王一 江城新声 2024-02-01"], ["江城新声"])
    '江城新声'
    """
    for line in lines:
        if len(line) <= 120 and (MOMENT.search(line) or AGO.search(line)):
            for name in names:
                if name in line:
                    return name
    return None


def read_outlet_beside_date(lines: list[str]) -> str | None:
    """An outlet that stands without a label beside the date: ``2023/6/9 14:02:00  江苏工业在线  编辑：王宁``.

    >>> read_outlet_beside_date(["2023/6/9 14:02:00 江苏工业在线 编辑：王宁"])
    '江苏工业在线'
    """
    endings = sites().outlet_endings
    for line in lines:
        date = MOMENT.search(line) or AGO.search(line)
        if not date or len(line) > 120:
            continue
        label = _LABEL.search(line, date.end())
        after = line[date.end() : label.start() if label else len(line)]
        before = line[: date.start()]
        if _LABEL.search(before):
            before = ""
        for part in (after, before):
            words = [w for w in re.split(r"[\s|丨｜\t]+", part) if w]
            for word in words[:2]:
                clean = _CLEAN.sub("", word)
                if _BESIDE.fullmatch(clean) and clean.endswith(endings) and not clean.isdigit():
                    return clean
    return None


_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧肖尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀"
    "羊惠甄曲家封芮靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍"
    "桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关相查后荆红游竺权盖益桓公闫覃岳付代"
)
_PERSON = f"(?!通讯员)[{_SURNAMES}][\u4e00-\u9fa5]{{1,2}}|(?!通讯员)[{_SURNAMES}] [\u4e00-\u9fa5]"
_PERSONS = re.compile(rf"(?:{_PERSON})(?:[\s、,，]+(?:{_PERSON})){{0,5}}")
_REPORTERS = re.compile(
    rf"(?:[（(]|^|[\s】])(?:[\u4e00-\u9fa5]{{0,8}}?(?:首席|见习|实习|特约|全媒体|融媒体)?)?记者\s?[:：]?\s?(?P<names>(?:{_PERSON})(?:[\s、，]{{1,2}}(?:{_PERSON})){{0,5}})\s*(?=[）)]|$|\d{{1,2}}月|(?:19|20)\d\d|报道|发自|讯|文/|通讯员|摄影|编辑|责编|来源)"
)


_BARE_EDITOR = re.compile(rf"(?:^|\s)(?:责任编辑|责编|编辑)\s+({_PERSONS.pattern})(?=\s|$)")


def are_persons(text: str) -> bool:
    """Whether a value is one or several Chinese names, not a department or a site.

    >>> are_persons("王晓颖"), are_persons("岳品瑜 董晗萱"), are_persons("网易"), are_persons("财政局预算处")
    (True, True, False, False)
    """
    return _PERSONS.fullmatch(text) is not None and text[-1] not in "网报社局台部科处室办"


def _named_reporters(line: str) -> str | None:
    """Reporters in a byline without a label's colon: 江城日报 记者 王一 2024-04-20."""
    if "记者" not in line or len(line) > 120:
        return None
    match = _REPORTERS.search(line)
    return match.group("names").strip() if match else None


def read_reporters(body: str) -> str | None:
    """The reporters named in an article's first paragraph.

    >>> read_reporters("芜湖日报讯（记者 陈婷 李勇）2月1日，全市召开会议。")
    '陈婷 李勇'
    """
    first = body[:400].split("\n", 1)[0][:160]
    match = _REPORTERS.search(first)
    return match.group("names").strip() if match else None
