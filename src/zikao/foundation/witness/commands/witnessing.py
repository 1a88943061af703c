"""Witnessing another node's checkpoint: checked against what it showed before, kept, cosigned, sent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from zikao.foundation import crypto
from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import Refused
from zikao.foundation.exchange import send
from zikao.foundation.ledger.notes import Note, cosignature_text, instant
from zikao.foundation.witness import queries
from zikao.foundation.witness.commands.alarms import Evidence, raise_alarm
from zikao.foundation.witness.judging import FOUND, Held, judge
from zikao.foundation.witness.models import Seen
from zikao.foundation.witness.shown import Shown, shown_by
from zikao.foundation.witness.states import AlarmKind


@command(writes="witness.witnessed", clauses=("EA-49.1", "SR-A1.10b"), posts={Post.NODE})
def witness_checkpoint(
    *, peer: str, note: str, signature: str, base: int, proof: Sequence[bytes], by: Actor, at: datetime
) -> Outcome[Seen | None]:
    """Check a node's checkpoint, keep it and cosign it; a history that does not go on raises an alarm instead.

    A message that comes again or late has no second effect: the cosignature given before is sent again.

    Source:  EA-49.1, SR-A1.10b
    Writes:  witness.witnessed
    Raises:  NotPermitted, BadInput (malformed, another node's, not signed), Refused (an alarm is open)
    """
    shown = shown_by(peer, note, signature)
    _wait_for_others(peer)
    last = queries.last_seen(peer)
    same = queries.seen_of_size(peer, shown.note.tree_size)
    found = judge(shown.note, base, proof, last=_held(last), same=_held(same))
    facts = {"origin": peer, "size": shown.note.tree_size, "judgement": found}
    if found in FOUND:
        held = same if found == "forked" else last
        assert held is not None
        evidence = Evidence(held.note, bytes(held.signature), shown.note.text, shown.signature)
        raise_alarm(AlarmKind(found), peer, evidence, at)
        return Outcome(None, on=f"node:{peer}", facts=facts)
    if found in ("first", "grown"):
        _refuse_while_alarmed(peer)
        row = cosign(shown, era=last.era if last else 0, base_size=last.tree_size if last else 0, at=at)
        return Outcome(row, on=row, facts=facts)
    if found != "late":
        send_cosignature(same or last, at)
    return Outcome(None, on=f"node:{peer}", facts=facts)


def cosign(shown: Shown, *, era: int, base_size: int, at: datetime) -> Seen:
    """Keep a checked head with our signature over it, and send the signature back."""
    note: Note = shown.note
    key_id = crypto.signing_key_id()
    text = cosignature_text(note=note.text, witness=settings.ZIKAO_NODE, cosigned_at=at, key_id=key_id)
    row = Seen.objects.create(
        origin=note.origin,
        era=era,
        tree_size=note.tree_size,
        root=note.root,
        note=note.text,
        signature=shown.signature,
        signed_at=note.signed_at,
        base_size=base_size,
        seen_at=at,
        key_id=key_id,
        cosignature=crypto.sign(text.encode()),
    )
    send_cosignature(row, at)
    return row


def send_cosignature(row: Seen | None, at: datetime) -> None:
    """Send what we signed; the receiver keeps each once."""
    if row is not None:
        body = {
            "note": row.note,
            "cosigned_at": instant(row.seen_at),
            "key_id": row.key_id,
            "signature": bytes(row.cosignature).hex(),
        }
        send(to=row.origin, kind="witness.cosigned", body=body, at=at)


def _refuse_while_alarmed(peer: str) -> None:
    alarm = queries.open_alarms(origin=peer).first()
    if alarm is not None:
        raise Refused(
            "witness-alarm-open",
            facts={"origin": peer, "alarm": alarm.pk},
            message=f"{peer} 有一条没有处理的账本告警，见证节点不再为它签名。",
            remedy="由双方审计管理员查明原因：确属备份恢复的，请该节点声明恢复；其他情形由见证节点的审计管理员记录处理结果。",
            clause="EA-49.1",
        )


def _wait_for_others(peer: str) -> None:
    with connection.cursor() as cursor:  # two checkpoints of one node at once: the second sees what the first left
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"witness {peer}"])


def _held(row: Seen | None) -> Held | None:
    return Held(row.tree_size, bytes(row.root), row.signed_at) if row is not None else None
