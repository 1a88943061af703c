"""Peers, and the messages to and from them. Bodies may hold personal data, so they are sealed at rest."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from zikao.foundation import crypto
from zikao.foundation.exchange.states import MessageState


def seal_body(body: dict[str, Any], message_id: object) -> bytes:
    """A body as stored: canonical JSON, bound to its message."""
    return crypto.seal(crypto.canonical(body), str(message_id).encode())


class Peer(models.Model):
    """Another node that this one speaks with; `last_sequence` numbers what was sent to it."""

    code = models.TextField(unique=True, db_collation="C")
    url = models.URLField()
    public_key_pem = models.TextField()
    last_sequence = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


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
        known: dict[str, Any] = json.loads(crypto.unseal(self.body_sealed, str(self.message_id).encode()))
        return known


class Outbox(Message):
    """A message to a peer, written in the transaction of the command that sends it."""

    sent_at = models.DateTimeField()
    signature = models.BinaryField()
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)

    class Meta(Message.Meta):
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
        abstract = False
        verbose_name_plural = "inbox"
        constraints = [
            models.UniqueConstraint(fields=["peer", "message_id"], name="exchange_inbox_message"),
            models.CheckConstraint(
                condition=Q(state__in=(MessageState.ACCEPTED, MessageState.REJECTED)), name="exchange_inbox_answered"
            ),
        ]
