"""Peers, and the messages to and from them. Bodies may hold personal data, so they are sealed at rest."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from zikao.foundation.exchange.states import KeyKind, MessageState
from zikao.foundation.secrecy import sealed_field

OUTGOING = sealed_field("exchange.Outbox", "body_sealed", title="发往其他节点的数据", bound_to=("message_id",))
INCOMING = sealed_field("exchange.Inbox", "body_sealed", title="其他节点发来的数据", bound_to=("message_id",))


class Peer(models.Model):
    """Another node that this one speaks with; `last_sequence` numbers what was sent to it.

    `knows_key` is the signing key of ours that the peer knows while it has not yet answered to a newer one;
    empty: it knows the newest.
    """

    code = models.TextField(unique=True, db_collation="C")
    url = models.URLField()
    knows_key = models.CharField(max_length=8, blank=True, db_default="")
    last_sequence = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "对方节点"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def signing_keys(self, at: datetime) -> list[str]:
        """The public keys (PEM) whose signatures count at that instant, the newest first."""
        return list(self._keys(KeyKind.SIGN, at).values_list("pem", flat=True))

    def envelope_key(self, at: datetime) -> str | None:
        """What to seal to, so that the peer alone can open it (PEM); None while that is not known."""
        return self._keys(KeyKind.ENVELOPE, at).values_list("pem", flat=True).first()

    @property
    def public_key_pem(self) -> str:
        """The newest public key that the peer signs with."""
        return self.keys.filter(kind=KeyKind.SIGN).order_by("-id").values_list("pem", flat=True)[0]

    def _keys(self, kind: KeyKind, at: datetime) -> models.QuerySet[PeerKey]:
        return self.keys.filter(Q(until_at=None) | Q(until_at__gt=at), kind=kind).order_by("-id")


class PeerKey(models.Model):
    """A public key of a peer, from an instant until another: signatures made with older ones stay verifiable."""

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=8, choices=KeyKind.choices)
    key_id = models.CharField(max_length=16)
    pem = models.TextField()
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "对方节点公钥"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["peer", "kind", "key_id"], name="exchange_peer_key_once"),
            models.UniqueConstraint(
                fields=["peer", "kind"], condition=Q(until_at=None), name="exchange_peer_one_key_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key_id}"


class Message(models.Model):
    """What outbox and inbox have in common."""

    message_id = models.UUIDField()
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT)
    sequence = models.BigIntegerField()
    kind = models.TextField()
    body_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=MessageState.choices)
    reason_code = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"

    @property
    def body(self) -> dict[str, Any]:
        """The body in clear."""
        field = OUTGOING if isinstance(self, Outbox) else INCOMING
        known: dict[str, Any] = json.loads(field.content(self))
        return known


class Outbox(Message):
    """A message to a peer, written in the transaction of the command that sends it."""

    sent_at = models.DateTimeField()
    signature = models.BinaryField()
    signed_with = models.CharField(max_length=8, db_default="")
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)

    class Meta(Message.Meta):
        verbose_name = "发件"
        abstract = False
        verbose_name_plural = "outbox"
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="exchange_outbox_message"),
            models.UniqueConstraint(fields=["peer", "sequence"], name="exchange_outbox_sequence"),
            models.CheckConstraint(
                condition=Q(state=MessageState.PENDING, answered_at=None)
                | Q(state__in=(MessageState.ACCEPTED, MessageState.REJECTED), answered_at__isnull=False),
                name="exchange_outbox_answered",
            ),
            models.CheckConstraint(
                condition=Q(reason_code="") ^ Q(state=MessageState.REJECTED), name="exchange_outbox_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["peer", "next_attempt_at"], condition=Q(state=MessageState.PENDING), name="exchange_outbox_due"
            )
        ]


class Inbox(Message):
    """A message from a peer with its one answer, written in the transaction of its effect."""

    digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    answer = models.JSONField()

    class Meta(Message.Meta):
        verbose_name = "收件"
        abstract = False
        verbose_name_plural = "inbox"
        constraints = [
            models.UniqueConstraint(fields=["peer", "message_id"], name="exchange_inbox_message"),
            models.CheckConstraint(
                condition=Q(state__in=(MessageState.ACCEPTED, MessageState.REJECTED)), name="exchange_inbox_answered"
            ),
        ]
