"""Boxes, their packs and their journey."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.papers.models import Box, HandOver
from zikao.stages.programmes.models import Sitting


def boxes(actor: Actor, sitting: Sitting) -> QuerySet[Box]:
    """The boxes of a sitting in the actor's subtree, with their number of packs."""
    rows = Box.objects.filter(sitting=sitting).select_related("unit", "site").annotate(pack_count=Count("packs"))
    return scoped(rows, actor).order_by("unit__number", "site__code")


def box(actor: Actor, box_id: int) -> Box:
    """One box; NotFound outside the subtree."""
    return access(Box.objects.select_related("unit__sitting", "site", "secure_room"), actor, pk=box_id)


def journey_of(box: Box) -> QuerySet[HandOver]:
    """The box's hand-overs in their order."""
    return box.hand_overs.order_by("number")


def boxes_by_state(sitting: Sitting) -> dict[str, int]:
    """How many boxes of a sitting stand in each state."""
    rows = Box.objects.filter(sitting=sitting).order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)
