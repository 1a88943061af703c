"""An approval that comes to nothing: withdrawn by who proposed it, or expired."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor, Post, node_actor
from zikao.foundation.approvals import effects, policies, queries
from zikao.foundation.approvals.commands.signing import check_open, close
from zikao.foundation.approvals.models import Approval
from zikao.foundation.approvals.states import ApprovalState
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, NotFound, WrongState


@command(writes="approvals.withdrawn", clauses=("SR-A1.8",), posts=policies.PROPOSERS)
def withdraw_approval(*, approval_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Approval]:
    """Take back what one proposed oneself, with the reason, before the last has signed.

    Source:  SR-A1.8; the chain's own clause
    Writes:  approvals.withdrawn
    Raises:  NotPermitted (not the proposer), NotFound, Refused (closed), BadInput
    """
    if not reason.strip():
        raise BadInput("reason-missing", field_errors={"reason": "请说明撤回的理由。"}, message="没有说明理由。")
    approval = queries.one_approval(by, approval_id, at)
    approval = Approval.objects.select_for_update().get(pk=approval.pk)
    policies.check_proposed_it(by, approval)
    check_open(approval, at)
    before = snapshot(approval)
    close(approval, ApprovalState.WITHDRAWN, at, reason=reason.strip())
    effects.follow_refusal(approval, by, at)
    return Outcome(approval, before=before, facts=approval.facts, clauses=(approval.law.clause,))


@command(writes="approvals.expired", clauses=("SR-A1.8",), posts=frozenset({Post.NODE}))
def expire_approval(*, approval_id: int, by: Actor, at: datetime) -> Outcome[Approval]:
    """Close an approval that was not signed in time.

    Source:  SR-A1.8; the chain's own clause
    Writes:  approvals.expired
    Raises:  NotFound, WrongState (its time is not over, or it is closed)
    """
    approval = Approval.objects.select_for_update().filter(pk=approval_id).first()
    if approval is None:
        raise NotFound("approval-not-found")
    if at < approval.expires_at:
        raise WrongState("approval-in-time", message="这一审批还在签字期限内。")
    before = snapshot(approval)
    close(approval, ApprovalState.EXPIRED, at)
    effects.follow_refusal(approval, by, at)
    return Outcome(approval, before=before, facts=approval.facts, clauses=(approval.law.clause,))


def expire_approvals(at: datetime) -> int:
    """Close every approval whose time is over, each by a command of its own; the caretaker's chore."""
    closed = 0
    for approval_id in list(queries.due_to_expire(at).values_list("pk", flat=True)[:100]):
        try:
            expire_approval(approval_id=approval_id, by=node_actor(), at=at)
        except WrongState:  # somebody was faster
            continue
        closed += 1
    return closed
