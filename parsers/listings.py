"""Whether a place is one in a published list (百强榜, 考评) or one among rivals in what was just measured."""

from __future__ import annotations

import re

from parsers.draft import Draft
from parsers.indicators import link
from parsers.topics import Surroundings

__all__ = ["follows", "is_listing"]

_LIST_WORDS = re.compile(r"考评|考核|榜单|排行榜|百强榜|名单|评选")
_LIST_NOUN = re.compile(r"(?:商|企业|城市|品牌|榜|园区|开发区|县市|百强)$")
_LIST_NAME = re.compile("榜|强|品牌")  # a list by its name, where other words only say who is compared


def follows(around: Surroundings, prior: str) -> bool:
    """Whether a number comes right after a measured one, behind nothing but a comma: 研发投入强度达3.6%，居省会城市第四."""
    carry = around.carry
    return (
        carry is not None
        and carry.indicator_id not in {None, "list_ranking"}
        and around.segment[:1] in {"，", ","}
        and not prior.strip("，,")
    )


def is_listing(draft: Draft, name: str, clause: str, body: str, *, measured: bool) -> bool:
    """A place in a published list (百强, 考评) is not a rank of an indicator."""
    if body[draft.start : draft.end].endswith("强") or _LIST_WORDS.search(clause[-16:]):
        return True
    if draft.scope is None or not _LIST_NOUN.search(draft.scope):
        return False
    if not name:
        return not measured or _LIST_NAME.search(draft.scope) is not None
    return link(name, "rank", "rank")[0] is None
