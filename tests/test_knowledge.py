"""The vocabulary is data, and data has errors of its own: each file is held against what the code and the tables expect of it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from parsers.indicators import catalogue, link, normalise
from parsers.owners import find_owners
from parsers.phrases import words
from parsers.units import UNITS

PARSERS = Path(__file__).resolve().parent.parent / "parsers"
KNOWLEDGE = PARSERS / "knowledge"
SPECS = Path(__file__).resolve().parent / "specs"
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted(PARSERS.glob("*.py")))

DIMENSIONS = set(
    "currency count person percent ratio mass area volume length energy power index time rank mass_length person_length".split()
)
KINDS = {"level", "count", "growth_yoy", "growth_mom", "growth", "rate", "share", "ratio", "change", "duration", "rank"}
SECTORS = set(
    "综合 工业 投资 建筑业与房地产 消费 贸易 财政 金融 科技 数字经济 人口与就业 人民生活与价格 能源 环境 交通邮电 农业 旅游 区域与城建 荣誉与排名 企业与产品(新闻口径)".split()
)
SCOPES = {"city", "industry", "company", "platform", "project", "programme", "any"}
# Base units that no quantity is written in, and what the dimension of the others must be.
ODD_UNITS = {"varies", "上年=100", "位"}
DIMENSION_OF = {
    "CNY": "currency", "USD": "currency", "%": "percent", "人": "person", "t": "mass", "m2": "area", "m3": "volume", "km": "length",
    "kWh": "energy", "tce": "energy", "kW": "power", "day": "time", "t.km": "mass_length", "person.km": "person_length",
}  # fmt: skip
# Names of several indicators, told apart by the unit or by what the text spoke of before.
SHARED_NAMES = {
    "制造业增加值": "with 规模以上 in the text before, that of the large ones",
    "总投资": "of one project or of many",
    "项目总投资": "of one project or of many",
    "计划总投资": "of one project or of many",
    "项目计划总投资": "of one project or of many",
    "储能规模": "in kW or in kWh",
    "60岁及以上人口比重": "the share or the number of persons",
    "60岁及以上人口占比": "the share or the number of persons",
    "老龄化率": "the share or the number of persons",
}
# Kept for warehouses that hold it; the number of persons and its share go by one id now.
SUPERSEDED = {"aged_60_share"}


def rows(name: str) -> list[dict[str, str]]:
    with (KNOWLEDGE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INDICATORS = rows("indicators.csv")
IDS = {row["indicator_id"] for row in INDICATORS}


def names(row: dict[str, str]) -> list[str]:
    return [row["name_zh"], *filter(None, row["aliases_zh"].split("|"))]


def test_every_indicator_is_loaded_once():
    assert len(IDS) == len(INDICATORS)
    assert set(catalogue()) == IDS


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row["indicator_id"])
def test_an_indicator_is_described_in_known_words(row):
    assert None not in row, "more cells than columns"
    assert None not in row.values(), "fewer cells than columns"
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row["indicator_id"])
    assert row["name_zh"]
    assert row["name_en"].isascii()
    assert row["dimension"] in DIMENSIONS
    assert row["typical_kind"] in KINDS
    assert row["sector"] in SECTORS
    assert row["default_scope"] in SCOPES
    assert row["stock_flow"] in {"stock", "flow", "na"}
    assert row["authority"] in {"nbs", "dept", "local", "news"}
    assert row["tier"] in {"1", "2"}
    assert row["modifiers"] in {"", "open"}
    assert row["parent"] in IDS | {""}
    assert row["parent"] != row["indicator_id"]
    assert row["new_id"] in IDS - {row["indicator_id"]} | {""}
    for low, high in (("plausible_min", "plausible_max"), ("growth_min", "growth_max")):
        assert bool(row[low]) == bool(row[high])
        assert not row[low] or float(row[low]) < float(row[high])
    re.compile(row["right_pattern"])
    assert not re.compile(row["name_pattern"]).groups


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row["indicator_id"])
def test_the_base_unit_is_one_that_is_written(row):
    unit = row["base_unit"]
    canonical = {known.unit for known in UNITS.values()}
    assert unit in ODD_UNITS or unit in canonical or unit.split("/")[0] in canonical
    if unit in DIMENSION_OF:
        assert row["dimension"] == DIMENSION_OF[unit]


def test_parents_form_no_circle():
    parent = {row["indicator_id"]: row["parent"] for row in INDICATORS}
    for ind, above in parent.items():
        seen, at = {ind}, above
        while at:
            assert at not in seen
            seen.add(at)
            at = parent[at]


def test_a_name_means_one_indicator_unless_a_reason_is_given():
    owners = defaultdict(set)
    for row in INDICATORS:
        for alias in names(row):
            owners[normalise(alias.lstrip("=~"))].add(row["indicator_id"])
    shared = {name for name, ids in owners.items() if len(ids) > 1}
    assert shared == set(SHARED_NAMES)
    shares: dict[str, str] = {}
    for row in INDICATORS:
        for alias in filter(None, row["share_aliases_zh"].split("|")):
            assert shares.setdefault(normalise(alias), row["indicator_id"]) == row["indicator_id"]
    assert not shares.keys() & owners.keys()


def test_no_name_is_hidden_by_a_refusal():
    refused = {normalise(name) for name in words("no_indicator")}
    assert not refused & {normalise(alias.lstrip("=~")) for row in INDICATORS for alias in names(row)}


LEVELS = [row for row in INDICATORS if row["typical_kind"] == "level" and row["base_unit"] not in ODD_UNITS]


@pytest.mark.parametrize("row", LEVELS, ids=lambda row: row["indicator_id"])
def test_an_indicator_is_found_by_its_own_name(row):
    found = link(row["name_zh"], row["base_unit"], "level")[0]
    assert found == row["indicator_id"] or normalise(row["name_zh"]) in SHARED_NAMES


def test_every_indicator_has_a_sentence():
    """A new row of indicators.csv comes with a case, for example in ``specs/metrics_indicators.yaml``."""
    specs = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(SPECS.glob("metrics_*.yaml"))]
    named = {item.get("indicator_id") for cases in specs for case in cases for item in case["expect"]}
    assert not IDS - named - SUPERSEDED


@pytest.mark.parametrize("name", ["phrases.yaml", "owners.yaml"])
def test_every_list_of_words_is_full(name):
    lists = yaml.safe_load((KNOWLEDGE / name).read_text(encoding="utf-8"))
    assert lists
    for key, lines in lists.items():
        assert isinstance(lines, list), key
        assert all(isinstance(line, str) and line.split() for line in lines), key


@pytest.mark.parametrize("name", ["owners.yaml"])
def test_every_list_of_words_is_used(name):
    for key in yaml.safe_load((KNOWLEDGE / name).read_text(encoding="utf-8")):
        assert f'"{key}"' in SOURCES or f"'{key}'" in SOURCES, f"{name}: {key} is read nowhere"


def test_opposites_share_no_word():
    assert not words("grow") & words("fall")
    assert not words("yoy") & words("mom")


def test_lists_are_loaded_by_name():
    assert "增长" in words("grow")
    assert "下降" in words("fall")
    with pytest.raises(KeyError):
        words("no such list")


def test_owners_are_found_by_their_endings():
    assert [owner.kind for owner in find_owners("城北经济开发区和明川机械有限公司，全市")] == [
        "park",
        "organization",
        "own",
    ]


@pytest.mark.parametrize("path", sorted(KNOWLEDGE.glob("*.yaml")), ids=lambda path: path.name)
def test_yaml_names_no_key_twice(path):
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), path.name
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    yaml.load(path.read_text(encoding="utf-8"), Loader=Strict)
