"""Proof that the person at the desk is still the account's owner: made by their secrets again, used once, soon.

The password is asked of everybody, and a second factor of everybody who has one. Failures are counted by themselves:
who is signed in elsewhere, or knocks at the door, does not make the owner wait here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpRequest

from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.regulation import parameter

if TYPE_CHECKING:
    from zikao.foundation.access.models import Account

SIGNING = "approvals.sign"
"""The purpose of a proof that signs; the subject is bound when it is used."""
FACTORS = "access.factors"
"""The purpose of a proof that changes one's own second factors."""


def reauthenticate(
    *,
    account_id: int,
    secret: str,
    at: datetime,
    purpose: str = SIGNING,
    code: str = "",
    passkey: str = "",
    request: HttpRequest | None = None,
) -> int:
    """Check the account's secrets again; returns the id of a proof for this purpose.

    secret    the password
    code      a dynamic or recovery code, of those who have a second factor
    passkey   instead of a code: what the person's passkey signed (JSON), for the challenge in the request's session

    Called outside of any command, because a failure must stay counted when the command is refused.
    Raises:  NotFound (no such open account), BadInput (a wrong or missing secret; too many failures)
    """
    from zikao.foundation.access.lockout import again_counters, knock, welcome
    from zikao.foundation.access.models import Account, Proof

    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound("account-not-found", message="没有这个账号，或已经注销。")
    counters = again_counters(account.pk)
    wait = knock(counters, at)
    if wait:
        raise _wrong("secret", f"连续输错，请在 {-(-wait.seconds // 60)} 分钟后再试。", code="too-many-tries")
    problem = _problem(account, secret, code, passkey, request, at)
    if problem:
        _note_failure(account, request, at)
        raise _wrong(*problem)
    welcome(counters)
    return Proof.objects.create(account=account, purpose=purpose, made_at=at).pk


def consume(proof_id: int, *, account_id: int | None, purpose: str = SIGNING, subject: str, at: datetime) -> None:
    """Use a proof up for one subject, inside the transaction of the command that needs it.

    Raises:  WrongState where it is not this account's, was made for something else, is used, or is too old
    """
    from zikao.foundation.access.models.accounts import Proof

    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a proof is used inside a command")
    minutes = int(parameter("reauthentication-minutes").on(local_day(at)))
    used = Proof.objects.filter(
        pk=proof_id,
        account_id=account_id or 0,
        purpose=purpose,
        used_at__isnull=True,
        made_at__lte=at,
        made_at__gt=at - timedelta(minutes=minutes),
    ).update(used_at=at, used_for=subject)
    if not used:
        raise WrongState(
            "proof-not-fresh",
            message=f"身份确认已经用过，或已超过 {minutes} 分钟。",
            remedy="请重新输入密码后再签。",
        )


def _problem(
    account: Account, secret: str, code: str, passkey: str, request: HttpRequest | None, at: datetime
) -> tuple[str, str] | None:
    from zikao.foundation.access import passkeys
    from zikao.foundation.access.second_factor import accept_code, factors_of

    if not account.check_password(secret):
        return "secret", "密码不对。连续输错须等待后再试。"
    if not factors_of(account):
        return None
    if passkey and request is not None:
        theirs = passkeys.authenticated(request, account, passkey, at)
        return None if theirs else ("code", "通行密钥没有通过验证，请再试一次。")
    if not code:
        return "code", "您已设置第二重验证，请输入动态码。"
    return None if accept_code(account, code, at) else ("code", "动态码不对，或已经用过；请等下一个。")


def _wrong(field: str, text: str, *, code: str = "wrong-secret") -> BadInput:
    return BadInput(code, field_errors={field: text}, message=text)


def _note_failure(account: Account, request: HttpRequest | None, at: datetime) -> None:
    from zikao.foundation.access.journal import note
    from zikao.foundation.access.states import SignInEvent
    from zikao.foundation.access.where import Where, where_of

    where = where_of(request) if request is not None else Where()
    note(SignInEvent.WRONG_AGAIN, account=account, where=where, at=at)
