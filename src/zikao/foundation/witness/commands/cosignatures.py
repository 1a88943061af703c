"""Keeping what witnesses signed over our checkpoints."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import BadInput
from zikao.foundation.ledger.models import Checkpoint
from zikao.foundation.ledger.notes import NoteMalformed, cosignature_text, parse_note
from zikao.foundation.witness import queries
from zikao.foundation.witness.commands.alarms import Evidence, raise_alarm
from zikao.foundation.witness.keys import is_signed
from zikao.foundation.witness.models import Cosigned
from zikao.foundation.witness.states import AlarmKind


@command(writes="witness.cosigned", clauses=("EA-49.1",), posts={Post.NODE})
def keep_cosignature(
    *, peer: str, note: str, cosigned_at: str, key_id: str, signature: str, by: Actor, at: datetime
) -> Outcome[Cosigned | None]:
    """Keep a witness's signature over one of our checkpoints, once.

    Where the witness cosigned a head of ours that our ledger no longer has, our ledger was set back: an alarm.

    Source:  EA-49.1
    Writes:  witness.cosigned
    Raises:  NotPermitted, BadInput (not our note, or not the witness's signature)
    """
    signed = _checked(peer, note, cosigned_at, key_id, signature)
    facts = {"witness": peer, "size": parse_note(note).tree_size}
    if not Checkpoint.objects.filter(note=note).exists():
        _set_back(note, at)
        return Outcome(None, on=f"node:{settings.ZIKAO_NODE}", facts={**facts, "known": False})
    kept = Cosigned.objects.filter(witness=peer, note=note).first()
    row = kept or Cosigned.objects.create(
        witness=peer,
        tree_size=parse_note(note).tree_size,
        note=note,
        cosigned_at=datetime.fromisoformat(cosigned_at),
        key_id=key_id,
        signature=signed,
        kept_at=at,
    )
    return Outcome(row, facts=facts)


def _checked(peer: str, note: str, cosigned_at: str, key_id: str, signature: str) -> bytes:
    try:
        origin, when, raw = parse_note(note).origin, datetime.fromisoformat(cosigned_at), bytes.fromhex(signature)
        text = cosignature_text(note=note, witness=peer, cosigned_at=when, key_id=key_id)
        good = origin == settings.ZIKAO_NODE and when.tzinfo is not None and is_signed(peer, key_id, text, raw)
    except (NoteMalformed, ValueError, TypeError, AttributeError):
        good = False
    if not good:
        raise BadInput(
            "cosignature-wrong",
            facts={"witness": peer},
            message="共同签名不成立：不是见证节点对本节点检查点的签名。",
            remedy="请双方系统管理员核对节点代码与公钥。",
            clause="EA-49.1",
        )
    return raw


def _set_back(note: str, at: datetime) -> None:
    """We ourselves find that a witness saw more than we have."""
    last = queries.last_checkpoint()
    if last is not None:
        evidence = Evidence(note, b"", last.note, bytes(last.signature))
        raise_alarm(AlarmKind.SHRUNK, settings.ZIKAO_NODE, evidence, at)
