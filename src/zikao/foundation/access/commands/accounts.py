"""Accounts opened and closed, passwords changed by their owner or set anew."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.access import password_rules, policies, queries
from zikao.foundation.access.leaving import out_of_post
from zikao.foundation.access.models import Account
from zikao.foundation.access.sessions import end_all
from zikao.foundation.access.states import AccountKind, ClosingReason, SessionEnd
from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import BadInput, Conflict, NotPermitted, WrongState


@command(writes="access.account-opened", clauses=("EA-10",), posts=policies.ACCOUNT_OPENERS)
def open_account(
    *, username: str, name: str, password: str, agency_code: str, by: Actor, at: datetime
) -> Outcome[Account]:
    """Open an account for a member of staff; it can do nothing until it is appointed.

    Source:  EA-10
    Writes:  access.account-opened
    Raises:  NotPermitted, NotFound, BadInput, Conflict
    """
    policies.check_covers(by, agency_code)
    if Account.objects.filter(username=username).exists():
        raise Conflict("username-taken", facts={"username": username}, message=f"用户名“{username}”已被使用。")
    account = Account(
        username=username, name=name, kind=AccountKind.STAFF, agency_code=agency_code, created_at=at, closing_reason=""
    )
    _set_password(account, password, at, field="password", initial=True)
    account.save()
    return Outcome(account, facts={"account": account.pk})


@command(writes="access.account-closed", posts=policies.ACCOUNT_OPENERS)
def close_account(*, account_id: int, reason: ClosingReason, by: Actor, at: datetime) -> Outcome[Account]:
    """Close an account of staff for good: its sessions end, nobody signs in with it, its history stays.

    Source:  none; separation of the three administrators
    Writes:  access.account-closed
    Raises:  NotPermitted (one's own), NotFound, WrongState (closed already; a watching administrator in post)
    """
    account = _staff_account(by, account_id)
    policies.check_not_oneself(by, account.pk)
    policies.check_nobody_watching(each.post for each in queries.appointments_in_effect(account, at))
    account.is_active, account.closed_at, account.closing_reason = False, at, ClosingReason(reason)
    account.save(update_fields=["is_active", "closed_at", "closing_reason"])
    end_all(account.pk, SessionEnd.CLOSED, at=at)
    out_of_post(account.pk, at)
    return Outcome(account, facts={"account": account.pk, "reason": account.closing_reason})


@command(writes="access.password-changed", posts=policies.OWNERS)
def change_password(
    *, old_password: str, new_password: str, session_id: int | None = None, by: Actor, at: datetime
) -> Outcome[None]:
    """Change one's own password; every session of the account ends but the one named, in which it is changed.

    Source:  none; custody of one's own account
    Writes:  access.password-changed
    Raises:  NotPermitted, NotFound, BadInput (the old one is wrong, the new one is weak or the same)
    """
    account = queries.own_account(by)
    account = Account.objects.select_for_update().get(pk=account.pk)
    if not account.check_password(old_password):
        raise BadInput("wrong-password", field_errors={"old_password": "现在的密码不对。"})
    if old_password == new_password:
        raise BadInput("same-password", field_errors={"new_password": "新密码与现在的密码相同，请另设一个。"})
    account.save(update_fields=_set_password(account, new_password, at, field="new_password", initial=False))
    end_all(account.pk, SessionEnd.PASSWORD, at=at, besides=session_id)
    return Outcome(None, on=_subject(account), facts={"account": account.pk})


@command(writes="access.password-reset", posts=policies.ACCOUNT_OPENERS)
def reset_password(*, account_id: int, new_password: str, by: Actor, at: datetime) -> Outcome[None]:
    """Set the password of a member of staff who forgot it; every session of the account ends.

    The account of an administrator who watches is theirs alone: who keeps accounts must not come in as them.

    Source:  none; custody of accounts
    Writes:  access.password-reset
    Raises:  NotPermitted (one's own), NotFound, WrongState, BadInput
    """
    account = _staff_account(by, account_id)
    policies.check_not_oneself(by, account.pk)
    if by.account_id is not None:
        _check_not_watching(account, at)
    account.save(update_fields=_set_password(account, new_password, at, field="new_password", initial=True))
    end_all(account.pk, SessionEnd.PASSWORD, at=at)
    return Outcome(None, on=_subject(account), facts={"account": account.pk})


def _check_not_watching(account: Account, at: datetime) -> None:
    held = queries.posts_between(account, local_day(at), None)
    if policies.WATCHERS & set(held):
        raise NotPermitted(
            "watchers-password",
            message="安全管理员、审计管理员的密码不能由系统管理员重置。",
            remedy="请先终止其聘任，另开账号重新聘任。",
        )


def _staff_account(by: Actor, account_id: int) -> Account:
    account = access(Account.objects.select_for_update().filter(kind=AccountKind.STAFF), by, pk=account_id)
    if not account.is_active:
        raise WrongState("account-closed", message="这个账号已经注销。", remedy="需要时请另开账号。")
    return account


def _set_password(account: Account, password: str, at: datetime, *, field: str, initial: bool) -> list[str]:
    found = password_rules.judge(password, account, at)
    if not found.granted:
        said = " ".join(f"{each.message}{each.remedy}" for each in found.refusals)
        raise BadInput("weak-password", field_errors={field: said}, clause=found.refusals[0].clause)
    return password_rules.set_password(account, password, at, initial=initial)


def _subject(account: Account) -> str:
    """The account by its number, so that the ledger digests nothing that comes from a password."""
    return f"access.account:{account.pk}"
