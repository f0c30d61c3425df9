"""Places: the gazetteer's shape, what a text names, and which city an article is about."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from parsers.places import ancestors, children, city_of, code_of, find_places, place, places

SPECS = yaml.safe_load((Path(__file__).parent / "specs" / "places.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SPECS["find_places"], ids=lambda case: case["text"])
def test_find_places(case):
    text = case["text"]
    found = find_places(text, case.get("about"))
    assert [[text[m.start : m.end], m.code] for m in found] == case["named"]
    assert all(m.level == place(m.code).level for m in found)


@pytest.mark.parametrize("case", SPECS["city_of"], ids=lambda case: str(case["title"]))
def test_city_of(case):
    city = city_of(case["title"], case["outlet"], case["body"], case.get("url"), None)
    assert (city.city_code if city else None) == case["city"]
    if city and "method" in case:
        assert city.method == case["method"]


def test_the_gazetteer_is_whole():
    levels = Counter(item.level for item in places().values() if item.current)
    assert levels["nation"] == 1
    assert levels["province"] == 34
    assert 330 <= levels["city"] <= 340
    assert 2840 <= levels["county"] <= 2900
    for code, item in places().items():
        assert len(code) == 6
        assert code.isdigit()
        assert item.level == "nation" or item.parent in places()
        assert item.short
        assert item.pinyin


def test_names_of_a_level_are_unique_within_their_parent():
    doubled = [pair for pair, n in Counter((p.parent, p.name) for p in places().values() if p.current).items() if n > 1]
    assert doubled == []


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("萍乡", None, "360300"),
        ("恩施", None, "422800"),
        ("襄樊", None, "420600"),
        ("鼓楼区", None, None),
        ("鼓楼区", "320300", "320302"),
        ("吉林", None, "220000"),
        ("没有这个地方", None, None),
    ],
)
def test_code_of(name, within, code):
    assert code_of(name, within) == code


def test_units_above_and_below():
    assert ancestors("360313") == ("360300", "360000")
    assert ancestors("110105") == ("110000",)
    assert ancestors("429004") == ("420000",)
    assert ancestors("100000") == ()
    assert "360313" in children("360300")
    assert place("000000") is None


def test_an_answer_names_the_province_too():
    city = city_of("仙桃上半年增长7%", None, "上半年，仙桃地区生产总值增长7%。", None, None)
    assert (city.city_code, city.city, city.province_code, city.province) == ("429004", "仙桃市", "420000", "湖北省")
    city = city_of("重庆上半年增长6%", None, "上半年，重庆地区生产总值增长6%。", None, None)
    assert (city.city_code, city.province_code) == ("500000", "500000")


@given(
    st.text(alphabet="上饶萍乡市县区海南吉林省州路大学白银，。1\ud800𠮷a", max_size=60),
    st.sampled_from([None, "360300", "460000", "x"]),
)
def test_mentions_are_ordered_and_inside_the_text(text, about):
    found = find_places(text, about)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert find_places(text, about) == found
