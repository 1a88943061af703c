"""Where a box of papers is, and what each hand-over must show."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class BoxState(TextChoices):
    PACKED = "packed", "已装箱密封"
    STORED = "stored", "在保密室"
    ISSUED = "issued", "运送中"
    AT_SITE = "at-site", "考点已签收"
    SCRIPTS_SEALED = "scripts-sealed", "答卷已密封"
    RETURNED = "returned", "答卷已入库"


TRANSITIONS: dict[BoxState, frozenset[BoxState]] = {
    BoxState.PACKED: frozenset({BoxState.STORED}),
    BoxState.STORED: frozenset({BoxState.ISSUED}),
    BoxState.ISSUED: frozenset({BoxState.AT_SITE}),
    BoxState.AT_SITE: frozenset({BoxState.SCRIPTS_SEALED}),
    BoxState.SCRIPTS_SEALED: frozenset({BoxState.RETURNED}),
    BoxState.RETURNED: frozenset(),
}


class HandOverKind(TextChoices):
    STORE = "store", "入保密室"
    ISSUE = "issue", "领取本单元试卷"
    RECEIVE = "receive", "考点签收"
    SEAL = "seal", "答卷密封"
    RETURN = "return", "答卷入库"


LEADS_TO: dict[HandOverKind, BoxState] = {
    HandOverKind.STORE: BoxState.STORED,
    HandOverKind.ISSUE: BoxState.ISSUED,
    HandOverKind.RECEIVE: BoxState.AT_SITE,
    HandOverKind.SEAL: BoxState.SCRIPTS_SEALED,
    HandOverKind.RETURN: BoxState.RETURNED,
}


@dataclass(frozen=True)
class Witnessed:
    """What both sides saw at a hand-over of one box: its seal, whole or not, and the packs inside when opened."""

    box_code: str
    seal_number: str
    seal_intact: bool
    packs_counted: int | None = None
    box_empty_after: bool = True
