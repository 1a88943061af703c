"""A destruction on its way, and how a thing that is kept stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class DestructionState(TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    CARRIED_OUT = "carried-out", "已执行，待见证"
    DESTROYED = "destroyed", "已销毁"
    REFUSED = "refused", "未获批准"


TRANSITIONS: dict[DestructionState, frozenset[DestructionState]] = {
    DestructionState.PROPOSED: frozenset({DestructionState.APPROVED, DestructionState.REFUSED}),
    DestructionState.APPROVED: frozenset({DestructionState.CARRIED_OUT, DestructionState.REFUSED}),
    DestructionState.CARRIED_OUT: frozenset({DestructionState.DESTROYED}),
}


class Standing(TextChoices):
    NOT_RUNNING = "not-running", "尚未起算"
    KEPT = "kept", "保存期内"
    DUE = "due", "到期"
    HELD = "held", "暂缓销毁"
    FOR_EVER = "for-ever", "永久保存"
    DESTROYED = "destroyed", "已销毁"


class Method(TextChoices):
    PULPED = "pulped", "化浆"
    SHREDDED = "shredded", "粉碎"
    BURNED = "burned", "焚毁"
    ERASED = "erased", "清除数据"


@dataclass(frozen=True)
class OpenCase:
    """A case that still needs what is kept: its subject in the ledger, and what people call it."""

    subject: str
    title: str
