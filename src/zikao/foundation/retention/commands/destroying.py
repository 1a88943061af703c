"""The one path to destroy: proposed as a list, approved by the chain, carried out by one, witnessed by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from zikao.foundation import storage
from zikao.foundation.actors import Actor
from zikao.foundation.approvals import Approval, propose, require_approved, when_approved, when_refused
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, check_transition, command, scoped, snapshot
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.foundation.regulation import Decision, all_of
from zikao.foundation.retention import policies, queries, rules
from zikao.foundation.retention.models import Destruction, DestructionItem, Holding
from zikao.foundation.retention.registry import stored_files
from zikao.foundation.retention.states import TRANSITIONS, DestructionState

CHAIN = "destruction"


@command(writes="retention.destruction-proposed", clauses=("EA-44", "EA-49.2"), posts=policies.PROPOSERS)
def propose_destruction(
    *, holding_ids: Sequence[int], method: str, place: str, reason: str, by: Actor, at: datetime
) -> Outcome[Destruction]:
    """List what is due and ask for its destruction; refused while anything on the list must still be kept.

    Source:  EA-44, EA-49.2
    Writes:  retention.destruction-proposed
    Raises:  NotPermitted, BadInput, Conflict (listed already), Refused
    """
    things = _listable(by, holding_ids)
    _may_be_destroyed(things, at).require()
    digest = sm3(canonical([[each.pk, each.kind, each.matter, each.title, each.quantity] for each in things]))
    destruction = Destruction.objects.create(
        number=_next_number(at),
        state=DestructionState.PROPOSED,
        method=method,
        place=place,
        reason=reason,
        digest=digest.hex(),
        proposed_at=at,
        proposed_by=by.account_id,
        agency_code=by.agency_code,
    )
    DestructionItem.objects.bulk_create(DestructionItem(destruction=destruction, holding=each) for each in things)
    approval = propose(
        chain=CHAIN,
        subject=_subject(destruction),
        digest=digest,
        title=f"销毁 {destruction.number}（{len(things)} 项）",
        reason=reason,
        evidence=[],
        agency_code=by.agency_code,
        by=by,
        at=at,
    )
    destruction.approval_id = approval.pk
    destruction.save(update_fields=["approval_id"])
    return Outcome(destruction, facts={"holdings": [each.pk for each in things], "digest": digest})


@command(writes="retention.destruction-carried-out", clauses=("EA-44",), posts=policies.EXECUTORS)
def carry_out_destruction(*, destruction_id: int, by: Actor, at: datetime) -> Outcome[Destruction]:
    """Say that the approved list was destroyed, or ask for its files to go: one of the two who are present.

    Source:  EA-44
    Writes:  retention.destruction-carried-out
    Raises:  NotPermitted, NotFound, WrongState, Refused (a hold or a case since the approval)
    """
    destruction = _locked(by, destruction_id)
    check_transition(TRANSITIONS, DestructionState(destruction.state), DestructionState.CARRIED_OUT)
    require_approved(chain=CHAIN, subject=_subject(destruction), digest=bytes.fromhex(destruction.digest), at=at)
    _may_be_destroyed(_things(destruction), at).require()
    before = snapshot(destruction)
    destruction.state = DestructionState.CARRIED_OUT
    destruction.carried_out_at, destruction.carried_out_by = at, by.account_id
    destruction.carried_out_post = by.post
    destruction.save(update_fields=["state", "carried_out_at", "carried_out_by", "carried_out_post"])
    return Outcome(destruction, before=before)


@command(writes="retention.destroyed", clauses=("EA-44", "EA-49.2"), posts=policies.WITNESSES)
def witness_destruction(*, destruction_id: int, by: Actor, at: datetime) -> Outcome[Destruction]:
    """Witness the destruction as another person of another post; stored files go now, the certificate can be printed.

    Source:  EA-44, EA-49.2
    Writes:  retention.destroyed
    Raises:  NotPermitted, NotFound, WrongState, Refused (the same person or post)
    """
    destruction = _locked(by, destruction_id)
    check_transition(TRANSITIONS, DestructionState(destruction.state), DestructionState.DESTROYED)
    things = _things(destruction)
    attendants = frozenset({destruction.carried_out_by, by.account_id})
    posts = frozenset({destruction.carried_out_post, str(by.post)})
    attended = rules.ATTENDANCE(on=local_day(at), attendants=attendants, posts=posts)
    all_of(attended, _may_be_destroyed(things, at)).require()
    before = snapshot(destruction)
    destruction.state, destruction.witnessed_at, destruction.witnessed_by = (
        DestructionState.DESTROYED,
        at,
        by.account_id,
    )
    destruction.save(update_fields=["state", "witnessed_at", "witnessed_by"])
    erased = storage.erase(_files(things), destruction_id=destruction.pk, at=at)
    return Outcome(destruction, before=before, facts={"holdings": [each.pk for each in things], "files": erased})


@when_approved(CHAIN)
def approved(approval: Approval, by: Actor, at: datetime) -> None:
    """The last signature lets the list be carried out."""
    _move(approval, DestructionState.APPROVED)


@when_refused(CHAIN)
def refused(approval: Approval, by: Actor, at: datetime) -> None:
    """A refused list frees its things for another."""
    destruction = _move(approval, DestructionState.REFUSED)
    destruction.items.update(is_live=False)


def _listable(by: Actor, holding_ids: Sequence[int]) -> list[Holding]:
    """The chosen things, held until the list is written. Raises BadInput, Conflict (on another list)."""
    things = list(scoped(Holding.objects.select_for_update().filter(pk__in=holding_ids), by).order_by("pk"))
    if not holding_ids or len(things) != len(set(holding_ids)):
        raise BadInput("nothing-to-destroy", field_errors={"holding_ids": "请选择到期的内容。"})
    if DestructionItem.objects.filter(holding__in=things, is_live=True).exists():
        raise Conflict(
            "listed-already", message="所选内容中有的已在另一份销毁清单上。", remedy="请在“销毁”中查看那一份。"
        )
    return things


def _subject(destruction: Destruction) -> str:
    return f"retention.destruction:{destruction.pk}"


def _move(approval: Approval, to: DestructionState) -> Destruction:
    destruction = Destruction.objects.select_for_update().get(approval_id=approval.pk)
    check_transition(TRANSITIONS, DestructionState(destruction.state), to)
    destruction.state = to
    destruction.save(update_fields=["state"])
    return destruction


def _locked(by: Actor, destruction_id: int) -> Destruction:
    found = scoped(Destruction.objects.select_for_update(), by).filter(pk=destruction_id).first()
    if found is None:
        raise NotFound("destruction-not-found", facts={"destruction": destruction_id})
    return found


def _things(destruction: Destruction) -> list[Holding]:
    return list(Holding.objects.filter(destructions__destruction=destruction).order_by("pk"))


def _may_be_destroyed(things: list[Holding], at: datetime) -> Decision:
    on = local_day(at)
    stands = queries.how_they_stand(things, on)
    return all_of(
        *(
            rules.DESTRUCTION(
                on=on,
                kind=each.kind,
                started_on=stands[each.pk].started_on,
                holds=len(stands[each.pk].holds),
                open_cases=len(stands[each.pk].cases),
                province=queries.province(),
            )
            for each in things
        )
    )


def _files(things: list[Holding]) -> list[str]:
    """The files of the things, but for those that something still kept uses, too."""
    going = {digest for each in things for digest in stored_files(each.kind, each.matter)}
    others = Holding.objects.exclude(pk__in=[each.pk for each in things]).exclude(
        destructions__destruction__state=DestructionState.DESTROYED
    )
    staying = {d for kind, matter in set(others.values_list("kind", "matter")) for d in stored_files(kind, matter)}
    return sorted(going - staying)


def _next_number(at: datetime) -> str:
    year = local_day(at).year
    with connection.cursor() as cursor:  # one after the other: a list's number has no gap
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('retention.destruction', 0))")
    made = Destruction.objects.filter(number__startswith=f"销{year}-").count()
    return f"销{year}-{made + 1:04d}"
