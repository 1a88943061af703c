"""The accounts of a demonstration, listed at its doors with their present codes; a node in real use lists none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from zikao.foundation import clock
from zikao.foundation.access import totp
from zikao.foundation.access.models import TotpDevice
from zikao.foundation.access.second_factor import secret_of
from zikao.foundation.actors import Actor

FILE = "demo-accounts.json"
"""In the node's home: [{"username": ..., "password": ..., "name": ..., "post": "县区报名员", "kind": "staff"}]."""


@dataclass(frozen=True)
class DemoAccount:
    """An account that anybody may use in a demonstration."""

    username: str
    password: str
    name: str
    post: str
    code: str = ""


def demo_accounts(kind: str) -> list[DemoAccount]:
    """The accounts of a kind (staff or candidate) that the demonstration wrote down."""
    path = settings.ZIKAO_NODE_HOME / FILE
    if not settings.ZIKAO_IS_DEMO or not path.exists():
        return []
    rows = [row for row in json.loads(path.read_text(encoding="utf-8")) if row.get("kind", "staff") == kind]
    codes = _codes([row["username"] for row in rows], clock.now()) if kind == "staff" else {}
    return [
        DemoAccount(row["username"], row["password"], row["name"], row.get("post", ""), codes.get(row["username"], ""))
        for row in rows
    ]


def code_of(username: str, at: datetime) -> str:
    """The code that a demonstration's account may use now; outside of a demonstration there is none to read."""
    return _codes([username], at).get(username, "")


def own_code(actor: Actor | None, at: datetime) -> str:
    """In a demonstration: the code of who is signed in, for signatures that ask for one again."""
    if not settings.ZIKAO_IS_DEMO or actor is None or actor.account_id is None:
        return ""
    device = TotpDevice.objects.filter(account_id=actor.account_id).first()
    return _next_code(device, at) if device is not None else ""


def code_for(secret: bytes, at: datetime) -> str:
    """The code of a secret that is being set up in a demonstration, whose clock no telephone follows."""
    return totp.code_at(secret, at) if settings.ZIKAO_IS_DEMO else ""


def _codes(usernames: list[str], at: datetime) -> dict[str, str]:
    if not settings.ZIKAO_IS_DEMO:
        return {}
    devices = TotpDevice.objects.filter(account__username__in=usernames).select_related("account")
    return {each.account.username: _next_code(each, at) for each in devices}


def _next_code(device: TotpDevice, at: datetime) -> str:
    """The present code, or the next one where another visitor has used the present one; none while both are used."""
    steps = max(0, device.last_step + 1 - totp.step_at(at))
    return totp.code_at(secret_of(device), at, steps=steps) if steps <= totp.TOLERANCE else ""
