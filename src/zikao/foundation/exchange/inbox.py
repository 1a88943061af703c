"""Receiving: each message has exactly one effect and one answer, however often and in whatever order it comes."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from zikao.foundation import crypto
from zikao.foundation.actors import node_actor
from zikao.foundation.errors import ZikaoError
from zikao.foundation.exchange import wire
from zikao.foundation.exchange.faults import BadPackage
from zikao.foundation.exchange.handlers import handler_of
from zikao.foundation.exchange.states import MessageState

if TYPE_CHECKING:
    from zikao.foundation.exchange.models import Peer

log = logging.getLogger(__name__)

UNREADABLE = "unreadable"
"""The answer to a message that cannot be opened here: no effect, and its sender keeps it."""

refused_packages: Counter[str] = Counter()
"""How many packages this process refused, by code; nothing else is kept of them."""


def receive(package: bytes, at: datetime) -> bytes:
    """Take a package of another node; returns the signed package of answers.

    A message whose handler crashed has no answer in it, and its sender tries again.
    Raises:  BadPackage where sender, address, shape or any signature is wrong; then nothing is kept
    """
    try:
        peer, records = _checked(package, at)
    except BadPackage as trouble:
        refused_packages[trouble.code] += 1
        log.warning("package refused: %s", trouble.code)
        raise
    answers = [answer for record in records if (answer := _receive_one(peer, record, at)) is not None]
    key_id = peer.knows_key or None
    return wire.pack({"answers": answers}, sender=settings.ZIKAO_NODE, to=peer.code, at=at, key_id=key_id)


def _checked(package: bytes, at: datetime) -> tuple[Peer, list[wire.Json]]:
    from zikao.foundation.exchange.models import Peer

    content = wire.read(package)
    peer = Peer.objects.filter(code=content["from"]).first() if isinstance(content.get("from"), str) else None
    if peer is None:
        raise BadPackage("unknown-peer")
    keys, here = peer.signing_keys(at), settings.ZIKAO_NODE
    travelled = wire.check_package(content, sender=peer.code, to=here, keys=keys, holds="records")
    if any(record["from"] != peer.code or record["to"] != here for record in travelled):
        raise BadPackage("record-misdirected")
    records = [_opened(record) for record in travelled]
    for record in records:
        if "body" in record:
            wire.check_signature(record, keys)
    return peer, records


def _opened(travelled: wire.Json) -> wire.Json:
    """The record, or without a body what cannot be read here: it is told to the sender and waits there."""
    try:
        return wire.opened(travelled)
    except crypto.KeysMissing:
        log.warning("message %s is sealed to a key that is not here", travelled["message_id"])
        return {"message_id": travelled["message_id"], "state": UNREADABLE, "code": "sealed-to-others"}


def _receive_one(peer: Peer, record: wire.Json, at: datetime) -> wire.Json | None:
    if record.get("state") == UNREADABLE:
        return record
    try:
        with transaction.atomic():
            return _kept(peer, record) or _take(peer, record, at)
    except Exception:
        log.exception("message %s of %s was not taken; its sender will try again", record["message_id"], peer.code)
        return None


def _kept(peer: Peer, record: wire.Json) -> wire.Json | None:
    """The answer given before; the lock makes two deliveries of one message wait for each other."""
    from zikao.foundation.exchange.models import Inbox

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inbox {peer.code} {record['message_id']}"]
        )
    kept = Inbox.objects.filter(peer=peer, message_id=record["message_id"]).first()
    if kept is None:
        return None
    if bytes(kept.digest) != crypto.sm3(wire.signed_bytes(record)):
        raise BadPackage("message-id-reused", facts={"message_id": record["message_id"]})
    answer: wire.Json = kept.answer
    return answer


def _take(peer: Peer, record: wire.Json, at: datetime) -> wire.Json:
    from zikao.foundation.exchange.models import INCOMING, Inbox

    answer = _effect(peer, record, at)
    Inbox.objects.create(
        message_id=record["message_id"],
        peer=peer,
        sequence=record["sequence"],
        kind=record["kind"],
        body_sealed=INCOMING.seal(crypto.canonical(record["body"]), record["message_id"]),
        digest=crypto.sm3(wire.signed_bytes(record)),
        state=answer["state"],
        reason_code=answer.get("code", ""),
        received_at=at,
        answer=answer,
    )
    return answer


def _effect(peer: Peer, record: wire.Json, at: datetime) -> wire.Json:
    handler = handler_of(record["kind"])
    if handler is None:
        refusal = ZikaoError("unknown-kind", message=f"本节点不受理“{record['kind']}”类数据。")
        return _rejection(record, refusal)
    try:
        with transaction.atomic():
            handler(body=record["body"], peer=peer.code, by=node_actor(settings.ZIKAO_NODE_CODE), at=at)
    except ZikaoError as refusal:
        if refusal.http_status >= 500:
            raise
        return _rejection(record, refusal)
    return {"message_id": record["message_id"], "state": MessageState.ACCEPTED.value}


def _rejection(record: wire.Json, refusal: ZikaoError) -> wire.Json:
    told: dict[str, Any] = refusal.as_dict()
    return {
        "message_id": record["message_id"],
        "state": MessageState.REJECTED.value,
        **{name: told[name] for name in ("code", "clause", "message", "remedy")},
    }
