"""A signature: agreed or refused, by the person whose turn it is, proven anew."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access.reauthentication import consume
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import effects, policies, queries, rules
from zikao.foundation.approvals.models import Approval, Signature
from zikao.foundation.approvals.progress import is_whole, progress_of, waiting_for
from zikao.foundation.approvals.states import TRANSITIONS, ApprovalState, Verdict
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput


@command(writes="approvals.signed", clauses=("SR-A1.8",), posts=policies.SIGNERS)
def sign_approval(*, approval_id: int, proof: int, comment: str = "", by: Actor, at: datetime) -> Outcome[Approval]:
    """Sign what was proposed; when the last step is signed, its effect follows in the same transaction.

    Source:  SR-A1.8; the chain's own clause
    Writes:  approvals.signed
    Raises:  NotPermitted, NotFound, Refused (not one's turn, proposer, signed already, closed, expired), WrongState
    """
    approval = held(by, approval_id)
    before = snapshot(approval)
    signature = _sign(approval, by, at, proof=proof, verdict=Verdict.AGREED, comment=comment)
    done = is_whole(progress_of(approval))
    if done:
        close(approval, ApprovalState.APPROVED, at)
        effects.follow_approval(approval, by, at)
    facts = {**approval.facts, "step": signature.step.number, "done": done, "delegation": signature.delegation_id}
    return Outcome(approval, before=before, facts=facts, clauses=(approval.law.clause, signature.step.clause))


@command(writes="approvals.refused", clauses=("SR-A1.8",), posts=policies.SIGNERS)
def refuse_approval(*, approval_id: int, proof: int, comment: str, by: Actor, at: datetime) -> Outcome[Approval]:
    """Refuse what was proposed, with the reason, when it is one's turn: the approval ends.

    Source:  SR-A1.8; the chain's own clause
    Writes:  approvals.refused
    Raises:  as sign_approval; BadInput without a reason
    """
    if not comment.strip():
        raise BadInput("reason-missing", field_errors={"comment": "请说明不同意的理由。"}, message="没有说明理由。")
    approval = held(by, approval_id)
    before = snapshot(approval)
    signature = _sign(approval, by, at, proof=proof, verdict=Verdict.REFUSED, comment=comment.strip())
    close(approval, ApprovalState.REFUSED, at, reason=comment.strip())
    effects.follow_refusal(approval, by, at)
    facts = {**approval.facts, "step": signature.step.number}
    return Outcome(approval, before=before, facts=facts, clauses=(approval.law.clause, signature.step.clause))


def held(by: Actor, approval_id: int) -> Approval:
    """The approval, its row held: two who sign at once come one after the other."""
    return access(Approval.objects.select_for_update(), by, pk=approval_id)


def close(approval: Approval, to: ApprovalState, at: datetime, *, reason: str = "") -> None:
    """Move an open approval to its end."""
    check_transition(TRANSITIONS, ApprovalState(approval.state), to)
    approval.state, approval.closed_at, approval.closing_reason = to, at, reason
    approval.save(update_fields=["state", "closed_at", "closing_reason"])


def _sign(approval: Approval, by: Actor, at: datetime, *, proof: int, verdict: Verdict, comment: str) -> Signature:
    check_open(approval, at)
    seat = queries.seat_of(approval, by, at)
    principal = seat.delegation.principal.account_id if seat and seat.delegation else None
    _check_signer(approval, by, principal, at)
    seat = _seated(approval, seat, by, at)
    account_id, appointment_id = policies.check_in_person(by)
    consume(proof, account_id=account_id, subject=f"approvals.approval:{approval.pk}", at=at)
    return Signature.objects.create(
        approval=approval,
        step=seat.step,
        account_id=account_id,
        appointment_id=appointment_id,
        name=by.name,
        post=seat.post,
        agency_code=seat.agency_code,
        delegation=seat.delegation,
        on_behalf_of_id=principal,
        verdict=verdict,
        comment=comment,
        digest=bytes(approval.digest),
        seal=seat.step.seal if verdict == Verdict.AGREED else "",
        proof_id=proof,
        signed_at=at,
    )


def check_open(approval: Approval, at: datetime) -> None:
    """Raise Refused where an approval is closed or its time is over."""
    state = ApprovalState(approval.state)
    rules.OPEN(
        on=local_day(at),
        clause=approval.law.clause,
        state=state.label,
        is_open=state == ApprovalState.OPEN,
        expires_at=approval.expires_at,
        at=at,
    ).require()


def _check_signer(approval: Approval, by: Actor, principal: int | None, at: datetime) -> None:
    signed = queries.signed_accounts(approval)
    account = by.account_id if by.appointment_id is not None else None
    for each in (account, principal) if principal is not None else (account,):
        rules.SIGNER(
            on=local_day(at),
            clause=approval.law.clause,
            account=each,
            proposer=approval.proposed_by_id,
            signed=signed,
        ).require()


def _seated(approval: Approval, seat: queries.Seat | None, by: Actor, at: datetime) -> queries.Seat:
    progress = progress_of(approval)
    taken = {each.post for one in progress if seat and one.step == seat.step for each in one.signatures}
    rules.TURN(
        on=local_day(at),
        clause=seat.step.clause if seat else approval.law.clause,
        post=by.post.label,
        fits=seat is not None,
        waiting=waiting_for(progress),
        post_signed=seat is not None and seat.step.another_post and seat.post in taken,
    ).require()
    assert seat is not None
    if seat.delegation is not None:
        rules.DELEGATION(
            on=local_day(at), clause=seat.step.clause, step=seat.step.name, allowed=seat.step.delegable, in_effect=True
        ).require()
    return seat
