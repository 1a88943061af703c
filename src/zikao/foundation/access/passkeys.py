"""Passkeys (WebAuthn): the node makes a challenge, the person's device signs it, the node looks at origin and key.

A challenge is kept in the browser's session on the server, for one ceremony and a few minutes; it is taken out before
the answer is looked at, so that no answer counts twice.
"""

from __future__ import annotations

import ipaddress
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from zikao.foundation import clock
from zikao.foundation.access.models import Account, Passkey

KEPT_AS = "passkey-challenge"
CHALLENGE_MINUTES = 5
MINE = UserVerificationRequirement.PREFERRED


@dataclass(frozen=True)
class NewKey:
    """What a device sent at registration, verified."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def origin() -> str:
    """Where the node's pages are: scheme, host and port of its public address."""
    parts = urlsplit(settings.ZIKAO_PUBLIC_URL)
    return f"{parts.scheme}://{parts.netloc}"


def host() -> str:
    """The name that keys are bound to; empty where browsers allow none (an address of numbers, or no TLS)."""
    parts = urlsplit(settings.ZIKAO_PUBLIC_URL)
    name = parts.hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name if parts.scheme == "https" or name == "localhost" else ""
    return ""


def registration(request: HttpRequest, account: Account, at: datetime) -> str:
    """The options for making a key, as JSON for the browser; the challenge is kept."""
    options = webauthn.generate_registration_options(
        rp_id=host(),
        rp_name="自考",
        user_name=account.username,
        user_display_name=account.name,
        user_id=f"zikao-{account.pk}".encode(),
        exclude_credentials=_described(account.passkeys.all()),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=MINE
        ),
    )
    _keep(request, options.challenge, "new", at)
    return webauthn.options_to_json(options)


def authentication(request: HttpRequest, account: Account, at: datetime) -> str:
    """The options for signing with one of the account's keys, as JSON for the browser; the challenge is kept."""
    options = webauthn.generate_authentication_options(
        rp_id=host(), allow_credentials=_described(account.passkeys.all()), user_verification=MINE
    )
    _keep(request, options.challenge, f"use:{account.pk}", at)
    return webauthn.options_to_json(options)


def asking(request: HttpRequest, account: Account) -> dict[str, object]:
    """The attributes of a form's hidden field "passkey", so that the page's script can have the key sign.

    The challenge is made when the field is drawn: after an earlier answer was looked at, not before.
    """
    if not host() or not account.passkeys.exists():
        return {}
    options = SimpleLazyObject(lambda: authentication(request, account, clock.now()))
    return {"data-ceremony": "get", "data-options": options}


def registered(request: HttpRequest, answer: str, at: datetime) -> NewKey | None:
    """The key that a device made for the challenge kept here; None where anything about the answer is wrong."""
    challenge = _take(request, "new", at)
    if challenge is None:
        return None
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=origin(),
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return None
    return NewKey(found.credential_id, found.credential_public_key, found.sign_count)


def authenticated(request: HttpRequest, account: Account, answer: str, at: datetime) -> bool:
    """Whether one of the account's keys signed the challenge kept here; its counter goes on."""
    challenge = _take(request, f"use:{account.pk}", at)
    key = _named(account, answer)
    if challenge is None or key is None:
        return False
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host(),
            expected_origin=origin(),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    # a copy of the key that signs at the same time finds the counter moved
    moved = Passkey.objects.filter(pk=key.pk, sign_count=key.sign_count)
    return bool(moved.update(sign_count=found.new_sign_count, last_used_at=at))


def _described(keys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(key.credential_id)) for key in keys]


def _named(account: Account, answer: str) -> Passkey | None:
    try:
        named: Any = json.loads(answer)
        raw = webauthn.base64url_to_bytes(named["rawId"])
    except (ValueError, TypeError, KeyError):
        return None
    return account.passkeys.filter(credential_id=raw).first()


def _keep(request: HttpRequest, challenge: bytes, purpose: str, at: datetime) -> None:
    request.session[KEPT_AS] = [purpose, b64encode(challenge).decode(), at.isoformat()]


def _take(request: HttpRequest, purpose: str, at: datetime) -> bytes | None:
    kept = request.session.pop(KEPT_AS, None)
    if not kept or kept[0] != purpose:
        return None
    age = at - datetime.fromisoformat(kept[2])
    return b64decode(kept[1]) if timedelta() <= age <= timedelta(minutes=CHALLENGE_MINUTES) else None
