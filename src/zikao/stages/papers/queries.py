"""Boxes, their packs and their journey."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, all_rows, scoped
from zikao.foundation.errors import NotFound
from zikao.stages.candidates.queries import accommodations_of
from zikao.stages.papers.models import Box, HandOver
from zikao.stages.papers.states import BoxState
from zikao.stages.programmes.models import Sitting, Unit
from zikao.stages.seating.models import Seat


def boxes(actor: Actor, sitting: Sitting) -> QuerySet[Box]:
    """The boxes of a sitting in the actor's subtree, with their number of packs."""
    rows = Box.objects.filter(sitting=sitting).select_related("unit", "site").annotate(pack_count=Count("packs"))
    return scoped(rows, actor).order_by("unit__number", "site__code")


def box(actor: Actor, box_id: int) -> Box:
    """One box; NotFound outside the subtree."""
    return access(Box.objects.select_related("unit__sitting", "site", "secure_room"), actor, pk=box_id)


def journey_of(box: Box) -> QuerySet[HandOver]:
    """The box's hand-overs in their order."""
    return box.hand_overs.select_related("taker_person").order_by("number")


def boxes_by_state(sitting: Sitting) -> dict[str, int]:
    """How many boxes of a sitting stand in each state."""
    rows = Box.objects.filter(sitting=sitting).order_by().values_list("state").annotate(n=Count("id"))
    return dict(rows)


def boxes_of_unit(actor: Actor, unit_id: int) -> list[Box]:
    """The boxes of one unit in the actor's subtree, a route's load; NotFound when there are none."""
    found: list[Box] = list(
        scoped(Box.objects.filter(unit_id=unit_id), actor)
        .select_related("unit__sitting", "site__area")
        .annotate(pack_count=Count("packs"))
        .order_by("site__code")
    )
    if not found:
        raise NotFound("box-not-found", message="本单元没有您可以查看的试卷箱。")
    return found


def sittings_with_boxes() -> QuerySet[Sitting]:
    """The sittings whose papers are packed, the newest first."""
    return Sitting.objects.filter(Exists(Box.objects.filter(sitting=OuterRef("pk")))).order_by("-code")


def sitting_to_pack() -> Sitting | None:
    """The newest sitting that has seats and no boxes yet."""
    seated = Exists(Seat.objects.filter(paper__sitting=OuterRef("pk")))
    boxed = Exists(Box.objects.filter(sitting=OuterRef("pk")))
    return Sitting.objects.filter(seated & ~boxed).order_by("-code").first()


@dataclass(frozen=True)
class UnitCount:
    """How many boxes of a unit stand in each state, in the order of `BoxState`."""

    unit: Unit
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def unit_counts(actor: Actor, sitting: Sitting) -> list[UnitCount]:
    """The boxes of a sitting in the actor's subtree, counted by unit and state."""
    rows = scoped(Box.objects.filter(sitting=sitting), actor).order_by().values_list("unit_id", "state")
    counted = {(unit_id, state): number for unit_id, state, number in rows.annotate(number=Count("id"))}
    return [
        UnitCount(unit, tuple(counted.get((unit.pk, state), 0) for state in BoxState.values))
        for unit in Unit.objects.filter(sitting=sitting).order_by("number")
    ]


def special_copies(box: Box) -> list[tuple[str, int]]:
    """How many large-print and Braille papers the box must hold, by the decisions in force on the day (EA-52)."""
    rooms = box.packs.values_list("room_id", flat=True)
    with all_rows("EA-52：箱内特殊试卷的份数按决定计算，不出示考生"):
        seats = Seat.objects.filter(room__in=rooms, unit=box.unit)
        candidates = list(seats.values_list("entry__candidate_id", flat=True))
    granted = accommodations_of(candidates, local_day(box.unit.starts_at)).values()
    counts = {
        "大字号试卷": sum(each.large_print for each in granted),
        "盲文试卷": sum(each.braille for each in granted),
    }
    return [(label, count) for label, count in counts.items() if count]
