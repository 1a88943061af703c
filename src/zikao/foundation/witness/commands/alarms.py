"""Alarms: two signed notes that cannot both be one history, told to the node itself, settled by people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from zikao.foundation.actors import Actor, Post
from zikao.foundation.commands import Outcome, command
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, NotFound, WrongState
from zikao.foundation.exchange import send
from zikao.foundation.witness.models import Alarm, Settlement
from zikao.foundation.witness.shown import shown_by
from zikao.foundation.witness.states import AlarmKind, SettledBy

LEAST_REASON = 10


@dataclass(frozen=True)
class Evidence:
    """Two notes with the signatures of the node that they accuse."""

    held_note: str
    held_signature: bytes
    shown_note: str
    shown_signature: bytes


def raise_alarm(kind: AlarmKind, origin: str, evidence: Evidence, at: datetime, told_by: str = "") -> Alarm | None:
    """Keep an alarm, once for the same evidence, and tell the node that it accuses; inside a command."""
    # the same two notes are one alarm, whichever was shown again
    digest = sm3(canonical([told_by, str(kind), evidence.held_note, evidence.shown_note]))
    if Alarm.objects.filter(digest=digest).exists():
        return None
    alarm = Alarm.objects.create(
        digest=digest,
        kind=kind,
        origin=origin,
        told_by=told_by,
        held_note=evidence.held_note,
        held_signature=evidence.held_signature,
        shown_note=evidence.shown_note,
        shown_signature=evidence.shown_signature,
        found_at=at,
    )
    if not told_by and origin != settings.ZIKAO_NODE:
        send(to=origin, kind="witness.alarm", body=_body(alarm), at=at)
    return alarm


def _body(alarm: Alarm) -> dict[str, str]:
    return {
        "kind": alarm.kind,
        "held_note": alarm.held_note,
        "held_signature": bytes(alarm.held_signature).hex(),
        "shown_note": alarm.shown_note,
        "shown_signature": bytes(alarm.shown_signature).hex(),
    }


@command(writes="witness.accused", clauses=("EA-49.1",), posts={Post.NODE})
def keep_told_alarm(
    *,
    peer: str,
    kind: str,
    held_note: str,
    held_signature: str,
    shown_note: str,
    shown_signature: str,
    by: Actor,
    at: datetime,
) -> Outcome[Alarm | None]:
    """Keep what a witness found about us, after checking that both notes carry our own signature.

    Source:  EA-49.1
    Writes:  witness.accused
    Raises:  NotPermitted, BadInput (no evidence: not our notes, or they do not contradict each other)
    """
    held = shown_by(settings.ZIKAO_NODE, held_note, held_signature)
    shown = shown_by(settings.ZIKAO_NODE, shown_note, shown_signature)
    if kind not in AlarmKind.values or held.note == shown.note:
        raise BadInput(
            "witness-no-evidence",
            message="告警没有附上能互相矛盾的两份签名。",
            remedy="请由见证节点核对后重新发送。",
            clause="EA-49.1",
        )
    evidence = Evidence(held.note.text, held.signature, shown.note.text, shown.signature)
    alarm = raise_alarm(AlarmKind(kind), settings.ZIKAO_NODE, evidence, at, told_by=peer)
    return Outcome(alarm, on=alarm or f"node:{settings.ZIKAO_NODE}", facts={"kind": kind, "witness": peer})


@command(writes="witness.alarm-settled", clauses=("EA-49.1", "SR-A1.10b"), posts={Post.AUDITOR})
def settle_alarm(*, alarm_id: int, reason: str, by: Actor, at: datetime) -> Outcome[Settlement]:
    """Record what an auditor found out about an alarm; the alarm and its evidence stay public.

    Source:  EA-49.1, SR-A1.10b
    Writes:  witness.alarm-settled
    Raises:  NotPermitted, NotFound, WrongState, BadInput
    """
    alarm = Alarm.objects.filter(pk=alarm_id).first()
    if alarm is None:
        raise NotFound("not-found", facts={"alarm": alarm_id})
    check_reason(reason)
    return Outcome(settle(alarm, SettledBy.EXPLAINED, reason, by, at), on=alarm, facts={"origin": alarm.origin})


def settle(alarm: Alarm, how: SettledBy, reason: str, by: Actor, at: datetime) -> Settlement:
    """Settle an open alarm, inside a command. Raises WrongState where it is settled."""
    if Settlement.objects.filter(alarm=alarm).exists():
        raise WrongState("alarm-settled", message="这条告警已经处理过。", remedy="处理结果见告警页面，不能改写。")
    return Settlement.objects.create(alarm=alarm, how=how, reason=reason, account_id=by.account_id, settled_at=at)


def check_reason(reason: str) -> None:
    """Raise BadInput where a reason says too little to be understood years later."""
    if len(reason.strip()) < LEAST_REASON:
        raise BadInput(
            "reason-too-short",
            field_errors={"reason": f"请写清楚原因和依据（至少 {LEAST_REASON} 个字），多年以后别人也能看懂。"},
            clause="SR-A1.10b",
        )
