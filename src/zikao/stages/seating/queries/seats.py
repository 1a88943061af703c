"""Rooms with their seats, for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.agencies.models import Room
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat


@dataclass(frozen=True)
class SeatRow:
    """One taken seat as sheets and pictures show it."""

    number: int
    name: str
    admission_number: str
    course_code: str
    course: str


@dataclass(frozen=True)
class RoomUnit:
    """A room in a unit with the seats taken."""

    room: Room
    unit: Unit
    seats: tuple[SeatRow, ...]

    @property
    def courses(self) -> tuple[tuple[str, str, int], ...]:
        """Course code, name and number of seats, in the order of the seats."""
        counted: dict[tuple[str, str], int] = {}
        for seat in self.seats:
            course = (seat.course_code, seat.course)
            counted[course] = counted.get(course, 0) + 1
        return tuple((code, name, count) for (code, name), count in counted.items())


def seats_of(by: Actor, sitting_code: str) -> QuerySet[Seat]:
    """The seats of a sitting in the actor's subtree."""
    return scoped(Seat.objects.filter(draw__sitting__code=sitting_code), by)


def room_units(by: Actor, sitting_code: str) -> QuerySet[Seat, Any]:
    """Each room in each unit with how many seats and courses, in filling order."""
    return (
        seats_of(by, sitting_code)
        .values(
            "room_id", "unit_id", "agency_code", "room__site__code", "room__site__name", "room__number", "unit__number"
        )
        .annotate(taken=Count("id"), courses=Count("paper_id", distinct=True))
        .order_by("agency_code", "room__site__code", "room__number", "unit__number")
    )


def room_unit(by: Actor, room_id: int, unit_id: int) -> RoomUnit:
    """A room in a unit; NotFound outside the actor's subtree."""
    room = access(Room.objects.select_related("site__area"), by, "site__agency_code", pk=room_id)
    unit = access(Unit.objects.select_related("sitting"), Actor(by.name, by.post, ""), pk=unit_id)
    rows = (
        Seat.objects.filter(room=room, unit=unit)
        .order_by("number")
        .values_list(
            "number",
            "entry__candidate__name",
            "entry__candidate__admission_number",
            "paper__course__code",
            "paper__course__name",
        )
    )
    return RoomUnit(room, unit, tuple(SeatRow(*row) for row in rows))
