"""The token in a QR code on a paper: a number that nobody can make up, because only the node knows its key.

A certificate's QR code holds `verification_url(number)`; the page there asks `number_of_token`.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from zikao.foundation import crypto

DIGITS = 20


def token_of(number: str) -> str:
    """The token of a document's number: "<number>-<20 hexadecimal digits>"."""
    return f"{number}-{_check(number)}"


def number_of_token(token: str) -> str | None:
    """The number in a token; None where the token was not made by this node."""
    number, _, check = token.rpartition("-")
    if not number or len(check) != DIGITS or check.strip("0123456789abcdef"):
        return None
    return number if crypto.is_mac_of(f"verify:{number}", bytes.fromhex(check)) else None


def verification_url(number: str) -> str:
    """The address that a QR code on the document leads to."""
    return settings.ZIKAO_PUBLIC_URL.rstrip("/") + reverse("public:verify-token", args=[token_of(number)])


def _check(number: str) -> str:
    return crypto.mac_of(f"verify:{number}").hex()[:DIGITS]
