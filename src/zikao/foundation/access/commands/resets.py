"""Somebody's lost second factors: a security administrator asks, another administrator confirms, then they are gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from zikao.foundation.access import policies
from zikao.foundation.access.models import Account, FactorReset, Passkey, RecoveryCode, TotpDevice
from zikao.foundation.access.second_factor import factors_of
from zikao.foundation.access.sessions import end_all
from zikao.foundation.access.states import AccountKind, ResetReason, ResetState, SessionEnd
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, snapshot
from zikao.foundation.errors import Conflict, NotPermitted, WrongState
from zikao.foundation.regulation import parameter


@command(writes="access.factor-reset-asked", clauses=("EA-47", "SR-A1.10a"), posts=policies.RESET_ASKERS)
def ask_factor_reset(*, account_id: int, reason: ResetReason, by: Actor, at: datetime) -> Outcome[FactorReset]:
    """Ask that somebody's second factors be taken away, having seen the person.

    Source:  EA-47, SR-A1.10a
    Writes:  access.factor-reset-asked
    Raises:  NotPermitted (oneself), NotFound, WrongState (closed; nothing to reset), Conflict (asked already)
    """
    account = access(Account.objects.select_for_update().filter(kind=AccountKind.STAFF), by, pk=account_id)
    policies.check_not_oneself(by, account.pk)
    if not account.is_active:
        raise WrongState("account-closed", message="这个账号已经注销。")
    if not factors_of(account):
        raise WrongState("no-factor", message="此人没有设置第二重验证，不需要重置。", remedy="此人登录后会被引导设置。")
    if account.factor_resets.filter(state=ResetState.ASKED).exists():
        raise Conflict("reset-asked", message="已有一份重置申请待确认。", remedy="请由另一名管理员确认。")
    reset = FactorReset.objects.create(account=account, reason=reason, asked_by_id=_person(by), asked_at=at)
    return Outcome(reset, facts={"account": account.pk, "reason": str(reset.reason)})


@command(writes="access.factor-reset-done", clauses=("EA-47", "SR-A1.10a"), posts=policies.RESET_CONFIRMERS)
def confirm_factor_reset(*, reset_id: int, by: Actor, at: datetime) -> Outcome[FactorReset]:
    """Confirm what another administrator asked: the factors are gone, every session ends, the next sign-in enrols.

    Source:  EA-47, SR-A1.10a
    Writes:  access.factor-reset-done
    Raises:  NotPermitted (one's own factors, one's own request), NotFound, WrongState (decided; too old)
    """
    reset = _open_reset(reset_id, by)
    most = int(parameter("factor-reset-days").on(local_day(at)))
    if at - reset.asked_at >= timedelta(days=most):
        raise WrongState(
            "reset-too-old", message=f"申请已超过 {most} 天。", remedy="请不同意这份申请，重新核对身份后再申请。"
        )
    before = snapshot(reset)
    for rows in (TotpDevice, Passkey, RecoveryCode):
        rows.objects.filter(account=reset.account).delete()
    ended = end_all(reset.account_id, SessionEnd.FACTOR, at=at)
    _decide(reset, ResetState.DONE, by, at)
    return Outcome(reset, before=before, facts={"account": reset.account_id, "sessions": ended})


@command(writes="access.factor-reset-refused", clauses=("EA-47",), posts=policies.RESET_CONFIRMERS)
def refuse_factor_reset(*, reset_id: int, by: Actor, at: datetime) -> Outcome[FactorReset]:
    """Refuse a request; the person's factors stay as they are.

    Source:  EA-47
    Writes:  access.factor-reset-refused
    Raises:  NotPermitted (one's own factors, one's own request), NotFound, WrongState (decided)
    """
    reset = _open_reset(reset_id, by)
    before = snapshot(reset)
    _decide(reset, ResetState.REFUSED, by, at)
    return Outcome(reset, before=before, facts={"account": reset.account_id})


def _open_reset(reset_id: int, by: Actor) -> FactorReset:
    rows = FactorReset.objects.select_for_update(of=("self",)).select_related("account")
    reset = access(rows, by, "account__agency_code", pk=reset_id)
    policies.check_not_oneself(by, reset.account_id)
    if reset.state != ResetState.ASKED:
        raise WrongState("reset-decided", message="这份申请已经办结。")
    if reset.asked_by_id == by.account_id:
        raise NotPermitted(
            "own-request", message="申请人不能自己确认。", remedy="请由另一名安全管理员，或系统、审计管理员确认。"
        )
    return reset


def _decide(reset: FactorReset, state: ResetState, by: Actor, at: datetime) -> None:
    reset.state, reset.decided_by_id, reset.decided_at = state, _person(by), at
    reset.save(update_fields=["state", "decided_by", "decided_at"])


def _person(by: Actor) -> int:
    if by.account_id is None:
        raise NotPermitted("nobody", message="须由登录的管理员办理。")
    return by.account_id
