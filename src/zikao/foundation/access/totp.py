"""Dynamic codes (RFC 6238, SHA-1, six digits, thirty seconds: what every authenticator speaks)."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP

STEP_SECONDS, DIGITS = 30, 6
TOLERANCE = 1
"""A code of the step before or after counts: clocks differ, and people type slowly."""


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 asks."""
    return secrets.token_bytes(20)


def code_at(secret: bytes, at: datetime, *, steps: int = 0) -> str:
    """The code of an instant, or of some steps later."""
    return f"{_totp(secret, at, steps).token():0{DIGITS}}"


def step_at(at: datetime) -> int:
    """The number of the step in which an instant lies."""
    return int(at.timestamp()) // STEP_SECONDS


def step_of(secret: bytes, code: str, *, after: int, at: datetime) -> int | None:
    """The step whose code this is, later than the last one used and near the instant; None where there is none."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        return None
    found = _totp(secret, at, 0)
    return step_at(at) + found.drift if found.verify(int(digits), TOLERANCE, after + 1) else None


def address_of(secret: bytes, username: str, issuer: str) -> str:
    """What the authenticator reads from the QR code."""
    label = f"{issuer}:{username}"
    asked = {"secret": as_text(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(label)}?{urlencode(asked, quote_via=quote)}"


def as_text(secret: bytes) -> str:
    """The secret as one types it into an authenticator that has no camera."""
    return b32encode(secret).decode().rstrip("=")


def _totp(secret: bytes, at: datetime, steps: int) -> TOTP:
    totp = TOTP(secret, STEP_SECONDS, 0, DIGITS)
    totp.time = at.timestamp() + steps * STEP_SECONDS
    return totp
