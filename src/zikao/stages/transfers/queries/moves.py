"""Reading moves between prefectures, and to which areas they open entering."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.foundation.regulation import Decision, parameter
from zikao.stages.transfers import rules
from zikao.stages.transfers.models import Move
from zikao.stages.transfers.states import MoveState


def moves(actor: Actor) -> QuerySet[Move]:
    """The moves in the actor's subtree."""
    return scoped(Move.objects.select_related("candidate"), actor)


def move(actor: Actor, move_id: int) -> Move:
    """One move; NotFound outside the subtree."""
    return access(Move.objects.select_related("candidate"), actor, pk=move_id)


def own_moves(actor: Actor) -> QuerySet[Move]:
    """The signed-in candidate's own moves."""
    return Move.objects.filter(candidate_id=actor.candidate_id or 0)


def moves_are_asked_for(on: date, province: str) -> bool:
    """The province's setting (SR-16)."""
    return bool(parameter("transfer-within-province").on(on, province=province))


def moves_asked_for(on: date, province: str) -> Decision:
    """Whether this province asks for a move at all (SR-16, its detailed rules)."""
    return rules.MOVE(on=on, asked_for=moves_are_asked_for(on, province), suspended=False)


def areas_moved_to(candidate_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The areas to which a move was accepted, by candidate."""
    found: dict[int, set[str]] = {}
    rows = Move.objects.filter(candidate_id__in=candidate_ids, state=MoveState.ACCEPTED)
    for candidate_id, area in rows.values_list("candidate_id", "to_area"):
        found.setdefault(candidate_id, set()).add(area)
    return {candidate_id: frozenset(areas) for candidate_id, areas in found.items()}
