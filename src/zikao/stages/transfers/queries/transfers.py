"""Transfers as staff and candidates read them."""

from __future__ import annotations

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.transfers.models import Substitution, Transfer, TransferCourse
from zikao.stages.transfers.states import Direction, TransferState


def transfers(actor: Actor) -> QuerySet[Transfer]:
    """The transfers in the actor's subtree, newest first."""
    return scoped(Transfer.objects.select_related("candidate"), actor).order_by("-applied_at", "id")


def transfer(actor: Actor, transfer_id: int) -> Transfer:
    """One transfer; NotFound outside the subtree."""
    return access(Transfer.objects.select_related("candidate__major"), actor, pk=transfer_id)


def own_transfers(actor: Actor) -> QuerySet[Transfer]:
    """The signed-in candidate's own transfers."""
    return Transfer.objects.filter(candidate_id=actor.candidate_id or 0).order_by("-applied_at", "id")


def courses_of(transfer: Transfer) -> QuerySet[TransferCourse]:
    """The courses in a transfer's file."""
    return transfer.courses.select_related("counts_as").order_by("course_code")


def waiting_in(actor: Actor, direction: Direction, state: TransferState) -> QuerySet[Transfer]:
    """The transfers of a direction that stand in a state, in the actor's subtree, oldest first."""
    rows = transfers(actor).filter(direction=direction, state=state)
    return rows.order_by("applied_at", "id")


def substitutions() -> QuerySet[Substitution]:
    """The published substitutions, by the course of elsewhere."""
    return Substitution.objects.select_related("to_course").order_by("from_course_code", "since_on")
