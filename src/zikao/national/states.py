"""Where a transfer file stands on the platform."""

from __future__ import annotations

from django.db.models import TextChoices


class FileState(TextChoices):
    UPLOADED = "uploaded", "已上传待接收"
    COMPLETED = "completed", "转入办结"
    REFUSED = "refused", "转入地退回"
    WITHDRAWN = "withdrawn", "已放弃"


FILE_TRANSITIONS: dict[FileState, frozenset[FileState]] = {
    FileState.UPLOADED: frozenset({FileState.COMPLETED, FileState.REFUSED, FileState.WITHDRAWN}),
    FileState.COMPLETED: frozenset(),
    FileState.REFUSED: frozenset(),
    FileState.WITHDRAWN: frozenset(),
}


class FilingState(TextChoices):
    ACKNOWLEDGED = "acknowledged", "已备案"
    RETURNED = "returned", "已退回"


class IssuedCorrectionState(TextChoices):
    STAGED = "staged", "已预演，待发布"
    ISSUED = "issued", "已发布"
    DROPPED = "dropped", "已放弃"


ISSUED_CORRECTION_TRANSITIONS: dict[IssuedCorrectionState, frozenset[IssuedCorrectionState]] = {
    IssuedCorrectionState.STAGED: frozenset({IssuedCorrectionState.ISSUED, IssuedCorrectionState.DROPPED}),
    IssuedCorrectionState.ISSUED: frozenset(),
    IssuedCorrectionState.DROPPED: frozenset(),
}


class RulesFilingState(TextChoices):
    RECEIVED = "received", "已收到，待答复"
    ACKNOWLEDGED = "acknowledged", "已备案"
    RETURNED = "returned", "已退回"


RULES_FILING_TRANSITIONS: dict[RulesFilingState, frozenset[RulesFilingState]] = {
    RulesFilingState.RECEIVED: frozenset({RulesFilingState.ACKNOWLEDGED, RulesFilingState.RETURNED}),
    RulesFilingState.ACKNOWLEDGED: frozenset(),
    RulesFilingState.RETURNED: frozenset(),
}


class AccountState(TextChoices):
    ACTIVE = "active", "有效"
    MERGED = "merged", "已并入其他账户"


class ReviewKind(TextChoices):
    MERGE = "merge", "合并账户"
    UNLINK = "unlink", "拆出准考证号"


class ReviewState(TextChoices):
    PROPOSED = "proposed", "待复核"
    DONE = "done", "已办理"
    REFUSED = "refused", "未同意"


MILITARY = "00"
"""The military office has no province code: this stands for it where one is kept."""


def code_of(node: str) -> str:
    """The two digits under which what a node sends is kept: "province:32" is 32."""
    return MILITARY if node == "military" else node.partition(":")[2]


def node_of(code: str) -> str:
    """The node of such a code."""
    return "military" if code == MILITARY else f"province:{code}"
