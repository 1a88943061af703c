"""Signed call-backs: HMAC-SM3 (GB/T 15852.2) over time, nonce and body, with a key shared with the gateway."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

from zikao.foundation.crypto import canonical, mac_of
from zikao.stages.entries.states import Money

LONGEST_BODY = 4096


class MalformedNotice(ValueError):
    """The body of a call-back is not what was agreed."""


@dataclass(frozen=True)
class Notice:
    """A call-back as it came: `sent_at` and `nonce` are part of what is signed."""

    nonce: str
    sent_at: datetime
    body: bytes
    signature: str


def shared_key() -> bytes:
    """The key shared with the gateway (32 bytes): the operator's file, or for the simulated one a key of the node's."""
    if settings.ZIKAO_GATEWAY_KEY:
        return bytes.fromhex(Path(settings.ZIKAO_GATEWAY_KEY).read_text().strip())
    return mac_of("entries/simulated-gateway")


def signed(body: bytes, *, nonce: str, sent_at: datetime) -> Notice:
    """A call-back signed as the gateway signs it."""
    return Notice(nonce, sent_at, body, _mac(body, nonce, sent_at).finalize().hex())


def is_genuine(notice: Notice) -> bool:
    """Whether the shared key made the signature over exactly this time, nonce and body."""
    try:
        _mac(notice.body, notice.nonce, notice.sent_at).verify(bytes.fromhex(notice.signature))
    except (InvalidSignature, ValueError):
        return False
    return True


def is_mac(data: bytes, mac: str) -> bool:
    """Whether the shared key made this mark over the data (a statement)."""
    check = HMAC(shared_key(), hashes.SM3())
    check.update(data)
    try:
        check.verify(bytes.fromhex(mac))
    except (InvalidSignature, ValueError):
        return False
    return True


def mac(data: bytes) -> str:
    """The shared key's mark over the data, in hex."""
    made = HMAC(shared_key(), hashes.SM3())
    made.update(data)
    return made.finalize().hex()


def _mac(body: bytes, nonce: str, sent_at: datetime) -> HMAC:
    made = HMAC(shared_key(), hashes.SM3())
    made.update(f"{sent_at.isoformat()}\n{nonce}\n".encode() + body)
    return made


def money_body(money: Money) -> bytes:
    """A movement as the body of a call-back."""
    return canonical(
        {
            "order": money.order_number,
            "transaction": money.transaction,
            "fen": money.amount_fen,
            "paid_at": money.paid_at.isoformat(),
        }
    )


def money_told(body: bytes) -> Money:
    """The movement that a body tells. Raises MalformedNotice."""
    try:
        told = json.loads(body)
        order, transaction, fen = told["order"], told["transaction"], told["fen"]
        paid_at = datetime.fromisoformat(told["paid_at"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedNotice(str(error)[:80]) from None
    texts = isinstance(order, str) and isinstance(transaction, str) and "\0" not in order + transaction
    if not texts or type(fen) is not int or not 0 < fen < 10**8 or paid_at.tzinfo is None:
        raise MalformedNotice("fields")
    if not (0 < len(order) <= 32 and 0 < len(transaction) <= 40):
        raise MalformedNotice("lengths")
    return Money(order, transaction, fen, paid_at)
