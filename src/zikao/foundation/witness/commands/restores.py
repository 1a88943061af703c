"""The named case of a node restored from a backup: it declares it, its witness's auditor answers, both keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.errors import NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.foundation.ledger import prove_consistency, verify_consistency
from zikao.foundation.ledger.notes import parse_note
from zikao.foundation.witness import queries
from zikao.foundation.witness.commands.alarms import check_reason, settle
from zikao.foundation.witness.commands.witnessing import cosign
from zikao.foundation.witness.models import Restore, RestoreAnswer, Seen
from zikao.foundation.witness.shown import Shown, shown_by
from zikao.foundation.witness.states import SettledBy


@command(writes="witness.restore-declared", clauses=("SR-10.2", "EA-49.1"), posts={Post.AUDITOR})
def declare_restore(*, reason: str, by: Actor, at: datetime) -> Outcome[Restore]:
    """Declare to all witnesses that this node was restored from a backup and goes on from its present head.

    Source:  SR-10.2, EA-49.1
    Writes:  witness.restore-declared
    Raises:  NotPermitted, BadInput, NotFound (no checkpoint), WrongState (declared already)
    """
    check_reason(reason)
    head = queries.last_checkpoint()
    if head is None:
        raise NotFound("no-checkpoint", message="账本还没有签发过检查点。", remedy="请等待下一个检查点（约五秒）。")
    if Restore.objects.filter(origin=settings.ZIKAO_NODE, note=head.note).exists():
        raise WrongState("restore-declared", message="这个检查点已经声明过恢复。", remedy="请等待见证节点确认。")
    for witness in queries.witnesses():
        kept = queries.last_cosigned(witness)
        base = kept.tree_size if kept else 0
        proof = prove_consistency(base, head.tree_size) if base else ()
        body = {
            "note": head.note,
            "signature": bytes(head.signature).hex(),
            "base": base,
            "proof": [step.hex() for step in proof],
            "reason": reason,
        }
        send(to=witness, kind="witness.restore", body=body, at=at)
    shown = Shown(parse_note(head.note), bytes(head.signature))
    row = _kept(shown, base_size=0, held_size=0, is_proven=True, reason=reason, at=at)
    return Outcome(row, facts={"size": head.tree_size})


@command(writes="witness.restore-received", clauses=("SR-10.2", "EA-49.1"), posts={Post.NODE})
def keep_restore(
    *,
    peer: str,
    note: str,
    signature: str,
    base: int,
    proof: Sequence[bytes],
    reason: str,
    by: Actor,
    at: datetime,
) -> Outcome[Restore]:
    """Keep a node's declaration, with whether its head goes on from a head that we cosigned; an auditor answers it.

    Source:  SR-10.2, EA-49.1
    Writes:  witness.restore-received
    Raises:  NotPermitted, BadInput
    """
    check_reason(reason)
    shown = shown_by(peer, note, signature)
    known = Restore.objects.filter(origin=peer, note=note).first()
    if known is not None:
        return Outcome(known, facts={"origin": peer, "size": known.tree_size, "repeated": True})
    last = queries.last_seen(peer)
    row = _kept(
        shown,
        base_size=base,
        held_size=last.tree_size if last else 0,
        is_proven=_is_proven(shown, base, proof),
        reason=reason,
        at=at,
    )
    return Outcome(row, facts={"origin": peer, "size": row.tree_size, "held": row.held_size, "proven": row.is_proven})


def _is_proven(shown: Shown, base: int, proof: Sequence[bytes]) -> bool:
    """Whether the head goes on from the largest head we cosigned that is no larger."""
    nearest = queries.base_for(shown.note.origin, shown.note.tree_size)
    if nearest is None or nearest.tree_size != base:
        return False
    return verify_consistency(base, bytes(nearest.root), shown.note.tree_size, shown.note.root, proof)


def _kept(shown: Shown, *, base_size: int, held_size: int, is_proven: bool, reason: str, at: datetime) -> Restore:
    return Restore.objects.create(
        origin=shown.note.origin,
        tree_size=shown.note.tree_size,
        root=shown.note.root,
        note=shown.note.text,
        signature=shown.signature,
        base_size=base_size,
        held_size=held_size,
        is_proven=is_proven,
        reason=reason,
        declared_at=at,
    )


@command(writes="witness.restore-accepted", clauses=("SR-10.2", "EA-49.1"), posts={Post.AUDITOR})
def accept_restore(*, restore_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Seen]:
    """Accept a node's declared restore: its history goes on from the declared head, cosigned, and its alarms settle.

    Source:  SR-10.2, EA-49.1
    Writes:  witness.restore-accepted
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    restore = _waiting(restore_id)
    check_reason(reason)
    if not restore.is_proven:
        raise WrongState(
            "restore-unproven",
            message="声明的检查点不能证明是接着本节点见证过的账本写的。",
            remedy="请退回声明，由该节点从更早的备份恢复，或者按告警查明原因。",
            clause="EA-49.1",
        )
    _answer(restore, is_accepted=True, reason=reason, by=by, at=at)
    last = queries.last_seen(restore.origin)
    shown = shown_by(restore.origin, restore.note, bytes(restore.signature).hex())
    row = cosign(shown, era=last.era + 1 if last else 0, base_size=restore.base_size, at=at)
    for alarm in queries.open_alarms(origin=restore.origin):
        settle(alarm, SettledBy.RESTORED, reason, by, at)
    send(to=restore.origin, kind="witness.restore-answer", body=_told(restore, is_accepted=True, reason=reason), at=at)
    lost = max(restore.held_size - restore.tree_size, 0)
    return Outcome(row, on=restore, facts={"origin": restore.origin, "size": restore.tree_size, "lost": lost})


@command(writes="witness.restore-refused", clauses=("SR-10.2", "EA-49.1"), posts={Post.AUDITOR})
def refuse_restore(*, restore_id: int, reason: str, by: Actor, at: datetime) -> Outcome[RestoreAnswer]:
    """Refuse a node's declared restore, with the reason; the alarm stays open.

    Source:  SR-10.2, EA-49.1
    Writes:  witness.restore-refused
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    restore = _waiting(restore_id)
    check_reason(reason)
    answer = _answer(restore, is_accepted=False, reason=reason, by=by, at=at)
    send(to=restore.origin, kind="witness.restore-answer", body=_told(restore, is_accepted=False, reason=reason), at=at)
    return Outcome(answer, on=restore, facts={"origin": restore.origin, "size": restore.tree_size})


@command(writes="witness.restore-answered", clauses=("SR-10.2",), posts={Post.NODE})
def keep_restore_answer(
    *, peer: str, note: str, is_accepted: bool, reason: str, by: Actor, at: datetime
) -> Outcome[Restore]:
    """Keep a witness's answer to our declaration; with an acceptance, the alarms about us that it raised settle.

    Source:  SR-10.2
    Writes:  witness.restore-answered
    Raises:  NotPermitted, NotFound
    """
    restore = Restore.objects.filter(origin=settings.ZIKAO_NODE, note=note).first()
    if restore is None:
        raise NotFound("not-found", message="本节点没有声明过这次恢复。", remedy="请由见证节点核对。")
    if is_accepted:
        for alarm in queries.open_alarms(origin=settings.ZIKAO_NODE, told_by__in=("", peer)):
            settle(alarm, SettledBy.RESTORED, reason, by, at)
    return Outcome(restore, facts={"witness": peer, "accepted": is_accepted})


def _told(restore: Restore, *, is_accepted: bool, reason: str) -> dict[str, object]:
    return {"note": restore.note, "is_accepted": is_accepted, "reason": reason}


def _waiting(restore_id: int) -> Restore:
    restore = queries.waiting_restores().filter(pk=restore_id).first()
    if restore is not None:
        return restore
    if RestoreAnswer.objects.filter(restore_id=restore_id).exists():
        raise WrongState("restore-answered", message="这份恢复声明已经答复过。", remedy="答复见声明页面，不能改写。")
    raise NotFound("not-found", facts={"restore": restore_id})


def _answer(restore: Restore, *, is_accepted: bool, reason: str, by: Actor, at: datetime) -> RestoreAnswer:
    return RestoreAnswer.objects.create(
        restore=restore, is_accepted=is_accepted, reason=reason, account_id=by.account_id, answered_at=at
    )
