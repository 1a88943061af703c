"""A new node's first accounts: the three administrators, none of whom can do another's work."""

from __future__ import annotations

from dataclasses import dataclass

from zikao.foundation.access.commands import appoint, open_account
from zikao.foundation.access.models import Account
from zikao.foundation.access.password_rules import new_password
from zikao.foundation.actors import Post, node_actor
from zikao.foundation.clock import now, today

ADMINISTRATORS = {
    "system-admin": Post.SYSTEM_ADMIN,
    "security-admin": Post.SECURITY_ADMIN,
    "auditor": Post.AUDITOR,
}


@dataclass(frozen=True)
class NewAccount:
    """An account just opened, with the password that is shown once."""

    username: str
    password: str
    post: Post


def open_administrators(agency_code: str) -> list[NewAccount]:
    """Open the administrators' accounts that are missing; returns those opened now."""
    known = set(Account.objects.filter(username__in=ADMINISTRATORS).values_list("username", flat=True))
    return [_open(name, post, agency_code) for name, post in ADMINISTRATORS.items() if name not in known]


def _open(username: str, post: Post, agency_code: str) -> NewAccount:
    node, password = node_actor(agency_code), new_password()
    receipt = open_account(
        username=username, name=post.label, password=password, agency_code=agency_code, by=node, at=now()
    )
    account = receipt.value or Account.objects.get(username=username)
    appoint(
        account_id=account.pk, post=post, agency_code=agency_code, since_on=today(), until_on=None, by=node, at=now()
    )
    return NewAccount(username, password, post)
