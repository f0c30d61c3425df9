"""What holds for every text: the readers never raise, spans are true, and a value read does not hang on what stands far away."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from parsers.festivals import lunar_day, lunar_month
from parsers.numbers import find_numbers
from parsers.numerals import parse_numeral, smooth
from parsers.periods import find_periods
from parsers.quantities import find_quantities

ANCHOR = dt.date(2024, 11, 15)
settings.register_profile(
    "steady", deadline=None, derandomize=True, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

# Texts that look like our texts: numerals, units, words of time and of bounds, and anything else in between.
PIECES = [
    "0", "1", "2", "7.9", "12", "30", "2024", "1,234", "６", "－", "-", "—", "~", "至", "到", ".", ",", "，", ":", "/", "零", "一", "二", "两", "三", "十", "百", "千",
    "万", "亿", "点", "半", "第", "前", "翻", "番", "倍", "首位", "成", "分之", "余", "多", "近", "超", "约", "不足", "以上", "左右", "年", "月", "日", "号", "个", "家", "人",
    "元", "亿元", "%", "％", "个百分点", "吨", "亩", "公里", "千瓦时", "台(套)", "位", "名", "强", "季度", "个月", "上半年", "今年", "去年", "全年", "年末", "底", "以来", "起",
    "截至", "自", "从", "连续", "“", "”", "十四五", "时期", "农历", "正月", "初五", "廿", "周", "星期", "后", "天", "春节", "假期", "世纪", "年代", "负", "又", " ", "\n", "\t",
    "（", "）", "\u00ad", "\u200b", "拾", "佰", "萬", "壹", "k", "e", "^", "打", "折", "，增长", "。", "；", "A", "G", "http://", "=", "&", "块", "角", "分",
]  # fmt: skip
ALIKE = st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
TEXTS = st.one_of(ALIKE, st.text(max_size=60), st.tuples(ALIKE, st.text(max_size=8), ALIKE).map("".join))
FAR = "。会议指出要坚定信心保持定力。"  # no number, no time, and two ends of sentence


@given(TEXTS)
@example("1/0")
@example("零分之一")
@example("9^99999999")
@example("-0.5^0.5")
@example("1e9999")
@example("0分之5")
@example("9999年12月31日起连续99年")
@example("大大大大后天")
@example("²³①٣")
def test_never_raises_and_spans_are_true(text):
    for number in find_numbers(text):
        assert 0 <= number.start < number.end <= len(text)
    last = 0
    for quantity in find_quantities(text):
        assert last <= quantity.start < quantity.end <= len(text)
        last = quantity.end
        assert quantity.value_high is None or quantity.value < quantity.value_high
        assert quantity.comparator in {"eq", "gt", "ge", "lt", "le", "approx"}
        assert quantity.value.is_finite()
    for anchor in (ANCHOR, None):
        last = 0
        for period in find_periods(text, anchor):
            assert last <= period.start < period.end <= len(text)
            last = period.end
            assert period.first is None or period.last is None or period.first <= period.last


@given(TEXTS)
def test_smooth_knows_the_way_back(text):
    even = smooth(text)
    assert len(even.text) <= len(text)
    if even.at is not None:
        assert even.at == sorted(set(even.at))
        assert len(even.at) == len(even.text)


@given(ALIKE)
def test_what_stands_far_away_changes_nothing(text):
    alone = find_quantities(FAR + text + FAR)
    beside = find_quantities("壹佰万元。" + FAR + text + FAR + "３亿")
    shift = len("壹佰万元。")
    inner = [q for q in beside if shift <= q.start and q.end <= shift + len(FAR + text + FAR)]
    assert [(q.start + shift, q.end + shift, q.value, q.value_high, q.unit, q.comparator) for q in alone] == [
        (q.start, q.end, q.value, q.value_high, q.unit, q.comparator) for q in inner
    ]
    times = find_periods(FAR + text + FAR, ANCHOR)
    later = [
        p
        for p in find_periods("２０１９年。" + FAR + text + FAR + "3月", ANCHOR)
        if p.start >= 6 and p.end <= 6 + len(FAR + text + FAR)
    ]
    assert [(p.start + 6, p.end + 6, p.first, p.last, p.type) for p in times] == [
        (p.start, p.end, p.first, p.last, p.type) for p in later
    ]


@given(
    st.sampled_from(["{}亿元", "{}万吨", "{}%", "{}个百分点", "{}家", "{}公里", "{}万平方米", "{}倍", "第{}位"]),
    st.integers(1, 99999),
    st.integers(0, 99),
)
def test_a_quantity_read_reads_the_same_alone(pattern, whole, cents):
    written = f"{whole}.{cents:02d}" if cents and "家" not in pattern and "第" not in pattern else str(whole)
    written = written if "第" not in pattern else str(whole % 1000 or 1)
    text = f"全市实现{pattern.format(written)}，居前。"
    found = find_quantities(text)
    assert len(found) == 1
    quantity = found[0]
    assert text[quantity.start : quantity.end] == pattern.format(written)
    again = find_quantities(text[quantity.start : quantity.end])
    assert [(q.value, q.unit) for q in again] == [(quantity.value, quantity.unit)]


def chinese(number):
    """The usual way to write a whole number below 10^12 in characters."""
    digits, small = "零一二三四五六七八九", ["", "十", "百", "千"]
    groups = []
    while number:
        number, group = divmod(number, 10000)
        groups.append(group)
    text = ""
    for index in range(len(groups) - 1, -1, -1):
        group, part, zero = groups[index], "", False
        for place in range(3, -1, -1):
            digit = group // 10**place % 10
            if digit:
                part += ("零" if zero else "") + digits[digit] + small[place]
                zero = False
            elif part:
                zero = True
        if part:
            if text and group < 1000:
                part = "零" + part
            text += part + ["", "万", "亿"][index]
    return text


@given(st.integers(1, 10**12 - 1))
@example(10)
@example(100_000_001)
@example(20_000_304)
def test_chinese_numerals_come_back(number):
    written = chinese(number)
    assert parse_numeral(written) == number
    assert [n.value for n in find_numbers(f"为{written}，")] == [number]


@given(st.decimals(min_value=0, max_value=10**7, places=2))
def test_thousands_commas_come_back(value):
    written = f"{value:,.2f}"
    found = find_quantities(f"完成{written}万元")
    assert [q.value for q in found] == [Decimal(written.replace(",", "")) * 10000]


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31)))
def test_dates_come_back(day):
    for written in (f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day.year}/{day.month}/{day.day}"):
        found = find_periods(f"于{written}，", ANCHOR)
        assert [(p.first, p.last, p.type) for p in found] == [(day, day, "day")]
        assert find_quantities(f"于{written}，") == []


@given(st.integers(2, 12), st.dates(dt.date(1990, 1, 1), dt.date(2050, 12, 31)))
def test_running_totals_never_lie_ahead(month, anchor):
    for written in (f"1-{month}月", f"前{month}个月"):
        (period,) = find_periods(written, anchor)
        assert period.type == "ytd"
        assert period.first == dt.date(period.first.year, 1, 1)
        assert (period.last.year, period.last.month) <= (anchor.year, anchor.month)
        assert (anchor.year - period.last.year) * 12 + anchor.month - period.last.month < 12


@pytest.mark.parametrize("anchor", [None, dt.datetime(2024, 11, 15, 17, 21)])  # noqa: DTZ001
def test_the_anchor_may_be_a_time_or_missing(anchor):
    (period,) = find_periods("10月份", anchor)
    assert period.last == (dt.date(2024, 10, 31) if anchor else None)


@given(st.integers(1901, 2090), st.integers(1, 12))
def test_lunar_months_follow_each_other(year, month):
    first, last = lunar_month(year, month)
    assert (last - first).days in (28, 29)
    assert lunar_day(year, month, 1) == first
    following = lunar_month(year, month, leap=True) or lunar_month(year + month // 12, month % 12 + 1)
    assert following[0] == last + dt.timedelta(days=1)
