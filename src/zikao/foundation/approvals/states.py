"""Where an approval is, and what a signature says."""

from django.db.models import TextChoices


class ApprovalState(TextChoices):
    OPEN = "open", "待签"
    APPROVED = "approved", "已签齐"
    REFUSED = "refused", "不同意"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已失效"


TRANSITIONS: dict[ApprovalState, frozenset[ApprovalState]] = {
    ApprovalState.OPEN: frozenset(set(ApprovalState) - {ApprovalState.OPEN}),
    **{state: frozenset() for state in ApprovalState if state != ApprovalState.OPEN},
}


class Verdict(TextChoices):
    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"
