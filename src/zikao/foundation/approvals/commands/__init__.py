"""Approvals signed, refused, withdrawn, expired; signing in another's place allowed and ended."""

from zikao.foundation.approvals.commands.closing import expire_approval, expire_approvals, withdraw_approval
from zikao.foundation.approvals.commands.delegating import delegate_signing, end_delegation
from zikao.foundation.approvals.commands.reviewing import record_joint_review
from zikao.foundation.approvals.commands.signing import refuse_approval, sign_approval

__all__ = [
    "delegate_signing",
    "end_delegation",
    "expire_approval",
    "expire_approvals",
    "record_joint_review",
    "refuse_approval",
    "sign_approval",
    "withdraw_approval",
]
