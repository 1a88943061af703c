"""Sending: a message is written with the change that causes it, and delivered afterwards until it is answered."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.db import transaction
from django.db.models import F

from zikao.foundation import crypto
from zikao.foundation.actors import node_actor
from zikao.foundation.exchange import wire
from zikao.foundation.exchange.faults import BadPackage, MessageTooLarge, PeerKeyUnknown, UnknownPeer
from zikao.foundation.exchange.handlers import answer_handler_of
from zikao.foundation.exchange.states import MessageState

if TYPE_CHECKING:
    from zikao.foundation.exchange.models import Outbox, Peer

log = logging.getLogger(__name__)

PACKAGE_RECORDS = 100
TIMEOUT_SECONDS = 20.0
FIRST_WAIT_SECONDS = 2
LONGEST_WAIT_SECONDS = 3600
ANSWERED = {state.value for state in (MessageState.ACCEPTED, MessageState.REJECTED)}


def send(*, to: str, kind: str, body: Mapping[str, Any], at: datetime, secret: Mapping[str, Any] | None = None) -> UUID:
    """Put a message for another node into the outbox, inside a command's transaction; returns its id.

    The body is canonical JSON: text, whole numbers, lists, mappings; it is sealed where it is kept and on its way.
    `secret` marks its personal part and arrives as body["secret"].
    Raises:  UnknownPeer, MessageTooLarge, TypeError on a float or another foreign value
    """
    from zikao.foundation.exchange.models import OUTGOING, Outbox

    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a message is sent inside a command")
    message_id = uuid4()
    content = dict(body) if secret is None else {**body, "secret": dict(secret)}
    peer = _next_of(to)
    unsigned = wire.record(
        sender=settings.ZIKAO_NODE,
        to=to,
        message_id=message_id,
        sequence=peer.last_sequence,
        kind=kind,
        sent_at=at,
        body=content,
    )
    data = crypto.canonical(unsigned)
    if len(data) > wire.MAX_RECORD_BYTES:
        raise MessageTooLarge("message-too-large", facts={"bytes": len(data)})
    Outbox.objects.create(
        message_id=message_id,
        peer=peer,
        sequence=peer.last_sequence,
        kind=kind,
        body_sealed=OUTGOING.seal(crypto.canonical(content), message_id),
        state=MessageState.PENDING,
        sent_at=at,
        next_attempt_at=at,
        signature=crypto.sign(data, peer.knows_key or None),
        signed_with=peer.knows_key or crypto.signing_key_id(),
    )
    return message_id


def _next_of(code: str) -> Peer:
    """The peer with its next number; the row lock keeps one peer's numbers without gap or double."""
    from zikao.foundation.exchange.models import Peer

    if not Peer.objects.filter(code=code).update(last_sequence=F("last_sequence") + 1):
        raise UnknownPeer("unknown-peer", facts={"peer": code})
    return Peer.objects.get(code=code)


def deliver_pending(at: datetime, limit: int = 1000) -> int:
    """Post the messages that are due and record the answers; returns how many were answered."""
    from zikao.foundation.exchange.models import Peer

    answered = 0
    due = Peer.objects.filter(outbox__state=MessageState.PENDING, outbox__next_attempt_at__lte=at).distinct()
    for peer in due:
        answered += _deliver_to(peer, at, limit - answered)
    return answered


def _deliver_to(peer: Peer, at: datetime, limit: int) -> int:
    answered = 0
    while answered < limit and (batch := _claim(peer, at, min(PACKAGE_RECORDS, limit - answered))):
        try:
            answers = _exchange(peer, batch, at)
        except (httpx.HTTPError, httpx.InvalidURL, BadPackage, PeerKeyUnknown) as trouble:
            log.warning("peer %s: %s messages wait: %r", peer.code, len(batch), trouble)
            _postpone_all(peer, at, batch[0].attempts, repr(trouble)[:500])
            break
        answered += sum(_record_answer(message, answers.get(str(message.message_id)), at) for message in batch)
    return answered


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2, 4, 8 seconds ... an hour."""
    return timedelta(seconds=min(FIRST_WAIT_SECONDS ** min(attempts, 16), LONGEST_WAIT_SECONDS))


def _claim(peer: Peer, at: datetime, limit: int) -> list[Outbox]:
    # claimed for the length of one wait and not locked: a transaction open during the post would hold the ledger back
    from zikao.foundation.exchange.models import Outbox

    with transaction.atomic():
        due = Outbox.objects.filter(peer=peer, state=MessageState.PENDING, next_attempt_at__lte=at)
        batch = list(due.order_by("sequence").select_for_update(skip_locked=True)[:limit])
        kept = _fitting(batch)
        for message in kept:
            message.attempts += 1
            message.next_attempt_at = at + max(wait_after(message.attempts), timedelta(seconds=TIMEOUT_SECONDS))
        Outbox.objects.bulk_update(kept, ["attempts", "next_attempt_at"])
    return kept


def _fitting(batch: Sequence[Outbox]) -> list[Outbox]:
    """The first messages that fit into one package, at least one."""
    ends = accumulate(len(message.body_sealed) for message in batch)
    fits = sum(1 for end in ends if end <= wire.MAX_RECORD_BYTES)
    return list(batch[: max(fits, 1)])


def _exchange(peer: Peer, batch: Sequence[Outbox], at: datetime) -> dict[str, dict[str, Any]]:
    envelope_key = peer.envelope_key(at)
    if envelope_key is None:
        raise PeerKeyUnknown("peer-envelope-unknown", facts={"peer": peer.code})
    records = [_wire_record(peer, message, envelope_key) for message in batch]
    key_id = peer.knows_key or None
    package = wire.pack({"records": records}, sender=settings.ZIKAO_NODE, to=peer.code, at=at, key_id=key_id)
    answer = wire.read(post(f"{peer.url.rstrip('/')}/exchange/inbox", package))
    answers = wire.check_package(
        answer, sender=peer.code, to=settings.ZIKAO_NODE, keys=peer.signing_keys(at), holds="answers"
    )
    return {each["message_id"]: each for each in answers}


def post(url: str, package: bytes) -> bytes:
    """One HTTP exchange. Raises httpx.HTTPError; tests put another transport in its place."""
    response = httpx.post(
        url, content=package, headers={"content-type": "application/json"}, timeout=TIMEOUT_SECONDS, trust_env=False
    )
    response.raise_for_status()
    return response.content


def _wire_record(peer: Peer, message: Outbox, envelope_key: str) -> dict[str, Any]:
    unsigned = wire.record(
        sender=settings.ZIKAO_NODE,
        to=peer.code,
        message_id=message.message_id,
        sequence=message.sequence,
        kind=message.kind,
        sent_at=message.sent_at,
        body=message.body,
    )
    key_id = peer.knows_key or crypto.signing_key_id()
    if message.signed_with != key_id:  # our key was rotated while the message waited
        message.signature, message.signed_with = crypto.sign(crypto.canonical(unsigned), key_id), key_id
        message.save(update_fields=["signature", "signed_with"])
    return wire.sealed(unsigned, bytes(message.signature), envelope_key)


def _record_answer(message: Outbox, answer: dict[str, Any] | None, at: datetime) -> bool:
    from zikao.foundation.exchange.models import Outbox

    if answer is None or answer["state"] not in ANSWERED:
        _postpone([message], at, str((answer or {}).get("code") or "no answer"))
        return False
    accepted = answer["state"] == MessageState.ACCEPTED
    try:
        with transaction.atomic():
            changed = Outbox.objects.filter(pk=message.pk, state=MessageState.PENDING).update(
                state=answer["state"],
                reason_code="" if accepted else str(answer.get("code") or "unnamed"),
                answer=answer,
                answered_at=at,
                last_error="",
            )
            handler = answer_handler_of(message.kind)
            if changed and handler is not None:
                by = node_actor(settings.ZIKAO_NODE_CODE)
                handler(body=message.body, answer=answer, peer=message.peer.code, by=by, at=at)
    except Exception as trouble:
        log.exception("the answer to %s could not be used; it will be asked for again", message)
        _postpone([message], at, repr(trouble)[:500])
        return False
    return bool(changed)


def _postpone(batch: Sequence[Outbox], at: datetime, error: str) -> None:
    from zikao.foundation.exchange.models import Outbox

    for message in batch:
        Outbox.objects.filter(pk=message.pk, state=MessageState.PENDING).update(
            next_attempt_at=at + wait_after(message.attempts), last_error=error
        )


def _postpone_all(peer: Peer, at: datetime, attempts: int, error: str) -> None:
    # a peer that is away makes all wait alike, so that its queue keeps its order
    from zikao.foundation.exchange.models import Outbox

    Outbox.objects.filter(peer=peer, state=MessageState.PENDING).update(
        next_attempt_at=at + wait_after(attempts), last_error=error
    )
