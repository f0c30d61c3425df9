"""What holds for the metrics of every text: offsets are true, words come from the vocabulary, nothing outside the text has a say."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parsers import parse
from parsers.indicators import catalogue
from parsers.metrics import find_metrics
from parsers.model import Metric
from parsers.units import UNITS

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in {".txt", ".html", ".htm"})
PUBLISHED = dt.datetime(2024, 11, 15, 8, 30)  # noqa: DTZ001

VOCABULARY = {
    "kind": "level count growth_yoy growth_mom growth change change_pp gap_pp share contribution ratio rank streak duration index",
    "status": "actual target forecast",
    "comparator": "eq gt ge lt le approx",
    "subject_type": "nation province city county park industry organization project other",
    "period_type": "year half quarter month ytd since as_of range day recurrent",
    "region_level": "nation province city county",
}
ALLOWED = {field: frozenset(words.split()) for field, words in VOCABULARY.items()}
NULLABLE = {"period_type", "region_level"}
# What a unit may be taken per, besides the units themselves.
PER = frozenset(
    "person hour minute second L km2 万元 亿元 元 万人 千人 百人 户 辆 台 次 套 件 个 头 株 桶 平方厘米".split()
)

# Pieces of news: names, owners, times, verbs, numbers and what stands between them, in any order.
PIECES = [
    "全市", "全省", "全国", "我市", "萍乡市", "湘东区", "江西省", "市本级", "上饶经开区", "某某科技有限公司", "该公司", "项目", "地区生产总值", "规上工业增加值", "规上工业增加值增速",
    "进出口总额", "出口", "一般公共预算收入", "税收收入", "城镇、农村居民人均可支配收入", "高新技术企业", "常住人口", "第一、二、三产业增加值", "三次产业结构", "R&D经费投入强度", "2023年",
    "1—10月", "上半年", "10月份", "年末", "截至目前", "去年", "“十四五”末", "自2023年6月起连续26个月", "近三年", "同比", "环比", "增长", "下降", "分别", "分别为", "达", "完成",
    "提高到", "高于全国", "低于全省", "占", "比重", "贡献率", "拉动", "居全省", "位列", "第3位", "第二", "首位", "百强", "前移2位", "连续3年", "力争", "预计", "突破", "超过", "不低于",
    "左右", "以上", "余家", "家", "万人", "亿元", "7.9%", "5.1个百分点", "1.2万亿元", "6261亿元", "3.5个", "0.4、0.1个百分点", "4.1∶47.8∶48.1", "翻番", "2.4倍", "四成", "三分之一",
    "-0.35%", "12", "2024", "，", "。", "；", "、", "：", "\n", "\t", "(", ")", "“", "”", "其中", "和", "与", "的", "为", "是", "由", "指标\t单位\t绝对数\t增长（%）\n",
    "GDP\t亿元\t100.5\t5.2\n", "〔2024〕5号", "（一）", "1.", "第十届", "5G", "“1269”", "\u3000", "\u200b", "\x00", "👍", "９", "％",
]  # fmt: skip
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.text(max_size=80),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=20).map("".join),
)
steady = settings(
    deadline=None, derandomize=True, max_examples=800, suppress_health_check=[HealthCheck.too_slow], database=None
)


@cache
def seed(path: Path) -> tuple[str, tuple[Metric, ...]]:
    parsed = parse(path.read_bytes(), path.name)
    assert parsed.document is not None
    return parsed.document.body, parsed.metrics


def is_unit(unit: str | None) -> bool:
    canonical = {known.unit for known in UNITS.values()} - {""}
    if unit is None or unit in canonical:
        return True
    above, _, below = unit.partition("/")
    return above in canonical and (below in canonical or below in PER)


def check(body: str, rows: tuple[Metric, ...] | list[Metric]) -> None:
    assert len({row.metric_id for row in rows}) == len(rows)
    assert [row.char_start for row in rows] == sorted(row.char_start for row in rows)
    for row in rows:
        assert 0 <= row.char_start < row.char_end <= len(body)
        assert body[row.char_start : row.char_end] == row.value_text
        assert row.value_text in row.evidence
        assert row.evidence in body
        assert row.indicator_id is None or row.indicator_id in catalogue()
        assert is_unit(row.unit), row
        for field, words in ALLOWED.items():
            value = getattr(row, field)
            assert value in words or (value is None and field in NULLABLE), (field, row)
        assert row.value == row.value, row  # not a number is no value
        assert row.value_high is None or abs(row.value_high) > abs(row.value)
        assert row.period_start is None or row.period_end is None or row.period_start <= row.period_end
        assert (row.region_code is None) == (row.region_level is None) == (row.region is None)
        assert 0 < row.confidence <= 1
        assert row.rule_id


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_rows_of_the_seeds_are_true_and_in_the_vocabulary(path):
    body, rows = seed(path)
    assert rows
    check(body, rows)


@steady
@given(TEXTS, st.sampled_from([None, PUBLISHED]), st.sampled_from([None, "360300", "110000", "999999"]))
@example("", None, None)
@example("%", PUBLISHED, "360300")
@example("增长7.9%" * 30, PUBLISHED, "360300")
@example("一、二、三产业增加值分别增长", PUBLISHED, "360300")
@example("9" * 400 + "亿元", PUBLISHED, "360300")
@example("1e400%，0.0.0亿元，1∶2∶3∶4", PUBLISHED, "360300")
@example("\x00\x01\x02增长7%\x00", PUBLISHED, "360300")
@example("\ue000\ue001\ue002\ue003地区生产总值增长7%", PUBLISHED, "360300")
def test_any_text_is_read_without_failing(text, published, city):
    check(text, find_metrics(text, "x" * 64, "标题：增长7.9%", published, city))


def test_what_was_read_before_changes_nothing():
    """The same text alone, after all the others, and after itself."""
    sample = SEEDS[::7]
    alone = {path: seed(path)[1] for path in sample}
    for path in reversed(SEEDS):
        seed.__wrapped__(path)
    for path in sample:
        assert seed.__wrapped__(path)[1] == alone[path]


SCRIPT = """
import hashlib, pathlib, sys
from parsers import parse
digest = {}
for path in sorted(pathlib.Path("seeds").iterdir(), reverse=sys.argv[1] == "backwards"):
    if path.suffix in {".txt", ".html", ".htm"}:
        rows = "|".join(map(repr, parse(path.read_bytes(), path.name).metrics))
        digest[path.name] = hashlib.sha256(rows.encode()).hexdigest()
print(sorted(digest.items()))
"""


def test_the_host_has_no_say():
    """Hash seed, time zone, locale and the order of files: the same rows."""
    hosts = [
        ({"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}, "forwards"),
        ({"PYTHONHASHSEED": "4711", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8"}, "backwards"),
        ({"PYTHONHASHSEED": "99", "TZ": "Asia/Shanghai", "LC_ALL": "POSIX", "PYTHONUTF8": "0"}, "forwards"),
    ]
    found = set()
    for host, order in hosts:
        ran = subprocess.run(
            [sys.executable, "-c", SCRIPT, order],
            cwd=ROOT,
            env={**os.environ, **host},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        found.add(ran.stdout)
    assert len(found) == 1


def test_the_document_has_no_say_beyond_the_ids():
    text = "2023年，全市规上工业增加值同比增长7.9%，居全省第3位。"
    first = find_metrics(text, "a" * 64, None, PUBLISHED, "360300")
    second = find_metrics(text, "b" * 64, None, PUBLISHED, "360300")
    assert {row.metric_id for row in first}.isdisjoint(row.metric_id for row in second)
    assert [row[2:] for row in first] == [row[2:] for row in second]


def best_of_three(text: str) -> float:
    seconds = []
    for attempt in range(3):
        body = text + f"（{attempt}）"  # not the very text that was just read
        began = time.perf_counter()
        find_metrics(body, "0" * 64, None, PUBLISHED, "360300")
        seconds.append(time.perf_counter() - began)
    return min(seconds)


@pytest.mark.parametrize(
    "text",
    [
        "2023年，全市规上工业增加值同比增长7.9%，比全省高0.6个百分点；出口368.6亿元，占94.3%。\n" * 20,
        "会议指出，要坚定信心、保持定力，全力以赴推动经济社会高质量发展。" * 50,
        "一、二、三，" * 300,
        "7.9%、" * 250,
        "全市" * 700,
        "全市规上工业增加值、" * 120,
        "（" * 1200,
        "指标\t单位\t绝对数\t增长（%）\n" + "出口\t亿元\t100.5\t5.2\n" * 60,
        "增" * 1200,
        "1" * 1200,
        "有限公司" * 300,
        "第一产业" * 300,
    ],
    ids=lambda text: repr(text[:10]),
)
def test_time_grows_with_the_length(text):
    short = best_of_three(text)
    assert best_of_three(text * 8) < 16 * short + 0.05
