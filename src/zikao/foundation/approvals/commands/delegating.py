"""Signing in another's place: allowed by that person themselves, for one chain, for some days."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.access.queries import appointments_in_effect
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import policies, rules
from zikao.foundation.approvals.models import Delegation
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, command, snapshot
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.regulation.chains import Chain
from zikao.foundation.regulation.chains import chain as chain_of


@command(writes="approvals.delegated", clauses=("SR-A1.8",), posts=policies.SIGNERS)
def delegate_signing(
    *, delegate_id: int, chain: str, since_on: date, until_on: date, reason: str, by: Actor, at: datetime
) -> Outcome[Delegation]:
    """Let a colleague of the same agency sign in one's place, where the chain allows it.

    Source:  SR-A1.8
    Writes:  approvals.delegated
    Raises:  NotPermitted, NotFound, Refused (the chain does not allow it), BadInput
    """
    account_id, _ = policies.check_in_person(by)
    _check_days(since_on, until_on, reason, at)
    law = chain_of(chain)
    principal = _own_appointment(by)
    _check_allowed(law, by, at)
    delegate = Account.objects.filter(pk=delegate_id, agency_code=by.agency_code).exclude(pk=account_id).first()
    if delegate is None or not appointments_in_effect(delegate, at).exists():
        raise NotFound("no-such-colleague", message="受托人应当是同一机构的在任人员。")
    made = Delegation.objects.create(
        principal=principal,
        delegate=delegate,
        chain=law.name,
        agency_code=by.agency_code,
        since_on=since_on,
        until_on=until_on,
        reason=reason.strip(),
        delegated_at=at,
    )
    facts = {"principal": by.account_id, "delegate": delegate.pk, "chain": law.name, "until": until_on}
    return Outcome(made, facts=facts, clauses=(law.clause,))


@command(writes="approvals.delegation-ended", clauses=("SR-A1.8",), posts=policies.SIGNERS)
def end_delegation(*, delegation_id: int, by: Actor, at: datetime) -> Outcome[Delegation]:
    """End one's delegation today: from now on the other signs in one's place no more.

    Source:  SR-A1.8
    Writes:  approvals.delegation-ended
    Raises:  NotPermitted, NotFound, WrongState
    """
    account_id, _ = policies.check_in_person(by)
    made = Delegation.objects.select_for_update().filter(pk=delegation_id, principal__account_id=account_id).first()
    if made is None:
        raise NotFound("delegation-not-found", message="没有找到您办理的这一委托。")
    today = local_day(at)
    if made.until_on <= today:
        raise WrongState("delegation-over", message="这一委托已经终止。")
    before = snapshot(made)
    made.until_on = max(today, made.since_on)
    made.save(update_fields=["until_on"])
    return Outcome(made, before=before, facts={"delegate": made.delegate_id, "chain": made.chain})


def _check_days(since_on: date, until_on: date, reason: str, at: datetime) -> None:
    errors = {}
    if until_on <= since_on:
        errors["until_on"] = "止期应当晚于起期。"
    if since_on < local_day(at):
        errors["since_on"] = "起期不能早于今天。"
    if not reason.strip():
        errors["reason"] = "请说明委托的原因。"
    if errors:
        raise BadInput("bad-delegation", field_errors=errors)


def _own_appointment(by: Actor) -> Appointment:
    account_id, appointment_id = policies.check_in_person(by)
    found = Appointment.objects.filter(pk=appointment_id, account_id=account_id).first()
    if found is None:
        raise NotFound("account-not-found", message="没有登录的账号。")
    return found


def _check_allowed(law: Chain, by: Actor, at: datetime) -> None:
    mine = [step for step in law.on(local_day(at)).steps if by.post in step.posts]
    rules.DELEGATION(
        on=local_day(at),
        clause=mine[0].clause if mine else law.clause,
        step=mine[0].name if mine else law.title,
        allowed=any(step.delegable for step in mine),
        in_effect=True,
    ).require()
