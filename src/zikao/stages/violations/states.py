"""The way of a violation from its record to the delivered decision."""

from __future__ import annotations

from django.db.models import TextChoices


class CaseState(TextChoices):
    RECORDED = "recorded", "已记录"
    NOTIFIED = "notified", "已告知"
    DECIDED = "decided", "已决定"
    DELIVERED = "delivered", "已送达"
    DISMISSED = "dismissed", "不予处理"


class FoundIn(TextChoices):
    ROOM = "room", "考场"
    MARKING = "marking", "评卷"
    REPLAY = "replay", "录像回放"


class Scope(TextChoices):
    """Which entries a decision voids."""

    SUBJECT = "subject", "该科目成绩无效"
    SESSION = "session", "该次考试各科成绩无效"


DECIDED = frozenset({CaseState.DECIDED, CaseState.DELIVERED})
OVER = frozenset({CaseState.DELIVERED, CaseState.DISMISSED})
TOLD = frozenset({CaseState.NOTIFIED}) | DECIDED

TRANSITIONS: dict[CaseState, frozenset[CaseState]] = {
    CaseState.RECORDED: frozenset({CaseState.NOTIFIED}),
    CaseState.NOTIFIED: frozenset({CaseState.DECIDED, CaseState.DISMISSED}),
    CaseState.DECIDED: frozenset({CaseState.DELIVERED}),
    CaseState.DELIVERED: frozenset(),
    CaseState.DISMISSED: frozenset(),
}
