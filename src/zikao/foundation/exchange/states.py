"""The states of a message."""

from __future__ import annotations

from django.db.models import TextChoices


class KeyKind(TextChoices):
    """What a peer's public key is for."""

    SIGN = "sign", "签名"
    ENVELOPE = "envelope", "加密"


class MessageState(TextChoices):
    """A message sent is pending until its one answer; a message received is answered at once."""

    PENDING = "pending", "待送达"
    ACCEPTED = "accepted", "已接受"
    REJECTED = "rejected", "已拒绝"
