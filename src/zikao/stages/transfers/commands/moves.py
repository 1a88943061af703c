"""Moves between prefectures of the province, where the province's detailed rules ask for them (SR-16)."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.agencies.models import Agency
from zikao.stages.agencies.states import AgencyKind
from zikao.stages.candidates.models import Candidate
from zikao.stages.candidates.queries import suspended_until
from zikao.stages.transfers import policies, queries, rules
from zikao.stages.transfers.models import Move
from zikao.stages.transfers.states import MOVE_TRANSITIONS, MoveState


@command(writes="transfers.move-applied", clauses=("SR-16",), posts=policies.CLERKS)
def apply_to_move(*, candidate_id: int, to_area: str, reason: str, by: Actor, at: datetime) -> Outcome[Move]:
    """Take in a candidate's application to sit in another prefecture; refused where the province asks for none.

    Source:  SR-16
    Writes:  transfers.move-applied
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    candidate = access(Candidate.objects.select_for_update(), by, pk=candidate_id)
    own_area = candidate.agency_code[:4]
    _check_area(own_area, to_area)
    if Move.objects.filter(candidate=candidate, to_area=to_area, state__in=("applied", "accepted")).exists():
        raise Conflict("move-applied-already", message="去这个地（市）的省内转考已经申请过。", clause="SR-16")
    day = local_day(at)
    rules.MOVE(
        on=day,
        asked_for=queries.moves_are_asked_for(day, own_area[:2]),
        suspended=suspended_until(candidate, day) is not None,
    ).require()
    made = Move.objects.create(
        candidate=candidate,
        from_area=own_area,
        to_area=to_area,
        reason=reason.strip()[:200],
        applied_at=at,
        applied_by=by.account_id,
        agency_code=candidate.agency_code,
    )
    return Outcome(made, facts={"candidate": candidate.pk, "from": own_area, "to": to_area})


@command(writes="transfers.move-decided", clauses=("SR-16",), posts=policies.MOVE_DECIDERS)
def decide_move(*, move_id: int, accepted: bool, answer: str, by: Actor, at: datetime) -> Outcome[Move]:
    """Accept a move, which opens the other prefecture's sites to the candidate's entries, or refuse it with the reason.

    Source:  SR-16
    Writes:  transfers.move-decided
    Raises:  NotPermitted, NotFound, BadInput, WrongState
    """
    move = access(Move.objects.select_for_update(), by, pk=move_id)
    if not accepted and not answer.strip():
        raise BadInput("refusal-without-reason", field_errors={"answer": "不同意的，请说明理由。"})
    before = snapshot(move)
    to = MoveState.ACCEPTED if accepted else MoveState.REFUSED
    check_transition(MOVE_TRANSITIONS, MoveState(move.state), to)
    move.state, move.answer, move.decided_at = to, answer.strip()[:200], at
    move.save(update_fields=["state", "answer", "decided_at"])
    return Outcome(move, before=before, facts={"candidate": move.candidate_id, "state": to})


def _check_area(own_area: str, to_area: str) -> None:
    if own_area == to_area:
        raise BadInput("same-area", field_errors={"to_area": "考生就在这个地（市）报名，不需要转考。"})
    if not Agency.objects.filter(code=to_area, kind=AgencyKind.PREFECTURE).exists():
        raise BadInput("area-unknown", field_errors={"to_area": f"没有代码为 {to_area} 的地（市）。"})
