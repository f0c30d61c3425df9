"""A number that goes on about the one before it: a further one of a list, what it rose to, the same in other words."""

from __future__ import annotations

import re

from parsers.draft import Draft
from parsers.kinds import LEVELS
from parsers.phrases import any_of

__all__ = ["after_contribution", "back_to", "goes_on", "is_anew"]

_CONTINUED = re.compile(r"^个?(?:[、/]|和|及|与|以及|至|或)+(?:[\ue001\ue002]|全国|全省|全区|全市|平均|水平)*的?$")
_TO_ONLY = re.compile(
    r"^(?:左右|以上|以下)?(?:进一步|大幅|稳步|逐步|快速)?(?:提高|提升|上升|下降|降低|降|升|增加|增长|增|调整|缩小|扩大|回落|减少|减|压缩|缩短|跃升|攀升|变|转|上调|下调|收窄|压减|延长)(?:到|至|为|成)(?:了|约|近|超)?$"
)
_TURN = re.compile(f"(?:和|、|与|及)(?:(?P<fall>{any_of('fall').pattern})|{any_of('grow').pattern})")
_OR = re.compile("[，,]?(?:或|即|约合)")
_NOUN = re.compile(r"[“]?(?![和及与])[一-龥]")
_RATE_FROM = re.compile("(?:增速|增幅|降幅|涨幅|增长(?=[预目率]))(?:率|预期|预测|目标)?(?:已|则)?[由从]")
_OF_RATE = frozenset({"gap_pp", "change_pp"})
_WHOLE = re.compile("全[国省区市]")
_HEADS = frozenset({"头", "只", "羽", "匹"})
_ANEW = re.compile("[，,；;\ue000]*(?:净增|新增)(?:了|约|近|超)*")
_GONE = ("注销", "退出", "注吊销")
_BEYOND = ("突破", "超过", "超", "逾", "突破了", "超过了")
_AMOUNTS = frozenset({"change", "level", "count"})
_RATES = frozenset({"%", "pp", "‰", "rank", "times", "doublings"})


def goes_on(draft: Draft, before: Draft, segment: str, masked: str) -> bool:
    """Whether a number only goes on about the one before it; then it is told like that one.

    ``segment`` is the masked text between them: 3.2亿元、4.5亿元; 由60条增加到150条; 增长5%和下降3%.
    """
    if _same_unit(draft, before):
        listed = _CONTINUED.match(segment) is not None
        of_its_own = "+after" in before.rule and masked[draft.end] == "的"  # 贡献了78%的增加值、62%的税收
        if listed and not of_its_own and not (before.kind == "count" and _NOUN.match(masked, draft.end)):
            _continue(draft, before)
            if draft.kind == "gap_pp" and (than := _WHOLE.search(segment)):
                draft.baseline = than.group()  # 高于全国0.5个百分点、全省0.1个百分点
            return True
        if (
            before.kind in {"share", "ratio", "level", "count"}
            or (before.kind == "growth_yoy" and _RATE_FROM.search(before.clause))
        ) and _TO_ONLY.match(segment):
            _continue(draft, before)
            draft.listed = False
            return True
    if (
        before.kind in _AMOUNTS
        and "分别" in before.clause
        and not {draft.unit, before.unit} & _RATES
        and _CONTINUED.match(segment) is not None
        and (before.kind == "change" or not _NOUN.match(masked, draft.end))
    ):  # 分别增加0.8万亩、2.1万吨; 接待游客、旅游收入分别突破900万人次和80亿元
        _continue(draft, before)
        if draft.kind != "change":
            draft.kind = "level" if draft.unit in LEVELS else "count"
        return True
    if draft.unit != "%":
        return False
    if before.unit == "%" and before.kind.startswith("growth") and (turn := _TURN.fullmatch(segment)):
        _continue(draft, before)
        draft.sign = -1 if turn.lastgroup == "fall" else 1
        return True
    if before.kind == "change" and _OR.fullmatch(segment):
        _continue(draft, before)
        draft.kind, draft.unit, draft.listed = "growth", "%", False
        return True
    return False


def back_to(draft: Draft, group: list[Draft]) -> None:
    """A change without a name is that of what was told last in its unit: 优良天数156天，优良率86.2%，同比增加8天."""
    if draft.kind != "change" or not draft.rule.endswith("+carried") or not group or group[-1].unit != "%":
        return
    for before in reversed(group):
        if before.unit == draft.unit and before.kind in {"level", "count"}:
            draft.name, draft.indicator_id = before.name, before.indicator_id
            return


def after_contribution(draft: Draft, before: Draft) -> None:
    """What a contribution is above or came from is told of the same: 贡献率达到48.2%，高于三产2.6个百分点."""
    if before.kind == "contribution" and draft.kind in _OF_RATE and draft.rule.endswith("+carried"):
        draft.name, draft.indicator_id = before.name, before.indicator_id


def is_anew(segment: str, carry: Draft | None, *, chained: bool) -> bool:
    """Whether a bare 新增 goes on about the whole, not its last part: 其中企业16万户…；上半年新增5.2万户，注销3.1万户，净增2.1万户."""
    return _ANEW.fullmatch(segment) is not None and (chained or (carry is not None and carry.name.startswith(_GONE)))


def _same_unit(draft: Draft, before: Draft) -> bool:
    """Whether two numbers may measure the same: a number without a unit has that of the one before, all heads of cattle are one."""
    if draft.unit in _HEADS and before.unit in _HEADS:
        return True
    return draft.unit is None or draft.unit == before.unit or draft.quantity.unit == before.quantity.unit


def _continue(draft: Draft, before: Draft) -> None:
    """A further number of a list: all as before but the value."""
    draft.kind, draft.rule, draft.listed = before.kind, before.rule.split("+")[0] + "+list", True
    draft.sign, draft.name, draft.indicator_id, draft.clause = (
        before.sign,
        before.name,
        before.indicator_id,
        before.clause,
    )
    if draft.quantity.comparator == "eq" and "分别" in before.clause and before.clause.endswith(_BEYOND):
        draft.comparator = "gt"  # 分别突破900亿元和80亿元
    draft.scope, draft.baseline, draft.scale = before.scope, before.baseline, before.scale
    if draft.unit is None or draft.quantity.unit == before.quantity.unit:
        draft.unit = before.unit
