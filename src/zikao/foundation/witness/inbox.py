"""What other nodes send: checkpoints to witness, cosignatures, alarms, restores. Each message calls one command."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zikao.foundation.actors import Actor
from zikao.foundation.errors import BadInput
from zikao.foundation.exchange import handles
from zikao.foundation.witness import commands
from zikao.foundation.witness.commands.restores import keep_restore_answer
from zikao.foundation.witness.queries import OFFERED
from zikao.foundation.witness.shown import proof_of

Body = dict[str, Any]


@handles(OFFERED)
def checkpoint_came(*, body: Body, peer: str, by: Actor, at: datetime) -> None:
    """A node asks us to witness its checkpoint."""
    _shaped(body, note=str, signature=str, base=int, proof=list)
    commands.witness_checkpoint(
        peer=peer,
        note=body["note"],
        signature=body["signature"],
        base=body["base"],
        proof=proof_of(body),
        by=by,
        at=at,
    )


@handles("witness.cosigned")
def cosignature_came(*, body: Body, peer: str, by: Actor, at: datetime) -> None:
    """A witness gives us its signature."""
    _shaped(body, note=str, cosigned_at=str, key_id=str, signature=str)
    commands.keep_cosignature(peer=peer, **_only(body, "note", "cosigned_at", "key_id", "signature"), by=by, at=at)


@handles("witness.alarm")
def alarm_came(*, body: Body, peer: str, by: Actor, at: datetime) -> None:
    """A witness found two histories of ours."""
    names = ("kind", "held_note", "held_signature", "shown_note", "shown_signature")
    _shaped(body, **dict.fromkeys(names, str))
    commands.keep_told_alarm(peer=peer, **_only(body, *names), by=by, at=at)


@handles("witness.restore")
def restore_came(*, body: Body, peer: str, by: Actor, at: datetime) -> None:
    """A node declares that it was restored from a backup."""
    _shaped(body, note=str, signature=str, base=int, proof=list, reason=str)
    given = _only(body, "note", "signature", "base", "reason")
    commands.keep_restore(peer=peer, **given, proof=proof_of(body), by=by, at=at)


@handles("witness.restore-answer")
def restore_answered(*, body: Body, peer: str, by: Actor, at: datetime) -> None:
    """A witness's auditor answered our declaration."""
    _shaped(body, note=str, is_accepted=bool, reason=str)
    keep_restore_answer(peer=peer, **_only(body, "note", "is_accepted", "reason"), by=by, at=at)


def _shaped(body: Body, **shapes: type) -> None:
    wrong = [name for name, shape in shapes.items() if type(body.get(name)) is not shape]
    if wrong:
        raise BadInput(
            "witness-malformed",
            facts={"fields": "、".join(wrong)},
            message="送来的内容缺少规定的项目。",
            remedy="请由对方节点核对程序版本后重新发送。",
            clause="EA-49.1",
        )


def _only(body: Body, *names: str) -> Body:
    return {name: body[name] for name in names}
