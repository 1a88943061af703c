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


class RulesFilingState(TextChoices):
    RECEIVED = "received", "已收到，待答复"
    ACKNOWLEDGED = "acknowledged", "已备案"
    RETURNED = "returned", "已退回"


RULES_FILING_TRANSITIONS: dict[RulesFilingState, frozenset[RulesFilingState]] = {
    RulesFilingState.RECEIVED: frozenset({RulesFilingState.ACKNOWLEDGED, RulesFilingState.RETURNED}),
    RulesFilingState.ACKNOWLEDGED: frozenset(),
    RulesFilingState.RETURNED: frozenset(),
}
