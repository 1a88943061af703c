"""Proof that the person at the desk is still the account's owner: made by the secret again, used once, soon.

A wrong secret is a failed sign-in to the lock-out, so that nobody guesses here what they could not guess at the door.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest

from zikao.foundation.clock import local_day
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.regulation import parameter

if TYPE_CHECKING:
    from zikao.foundation.access.models import Account

SIGNING = "approvals.sign"
"""The purpose of a proof that signs; the subject is bound when it is used."""


def reauthenticate(
    *, account_id: int, secret: str, at: datetime, purpose: str = SIGNING, request: HttpRequest | None = None
) -> int:
    """Check the account's secret again; returns the id of a proof for this purpose.

    Called outside of any command, because a failure must stay counted when the command is refused.
    Raises:  NotFound (no such open account), BadInput (wrong secret, or locked out)
    """
    from zikao.foundation.access.models.accounts import Account, Proof

    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound("account-not-found", message="没有这个账号，或已经注销。")
    if not _is_theirs(account, secret, request):
        raise BadInput(
            "wrong-secret",
            field_errors={"secret": "密码不对，没有签字。连续输错会锁定账号。"},
            message="密码不对，没有签字。",
        )
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
        account_id=account_id,
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


def _is_theirs(account: Account, secret: str, request: HttpRequest | None) -> bool:
    if request is None:
        request = HttpRequest()
        request.META["REMOTE_ADDR"] = "127.0.0.1"
    found = authenticate(request, username=account.username, password=secret)
    return found is not None and found.pk == account.pk
