"""Rooms, attendance and what is still to be recorded."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.commands import access, scoped
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.programmes.models import Sitting


def room_sessions(actor: Actor, sitting: Sitting) -> QuerySet[RoomSession]:
    """The rooms of a sitting that have a record, in the actor's subtree."""
    rows = RoomSession.objects.filter(unit__sitting=sitting).select_related("room__site", "unit")
    return scoped(rows, actor).order_by("unit__number", "room__site__code", "room__number")


def room_session(actor: Actor, session_id: int) -> RoomSession:
    """One room's record; NotFound outside the subtree."""
    return access(RoomSession.objects.select_related("room__site", "unit__sitting"), actor, pk=session_id)


def attendance_of(session: RoomSession) -> QuerySet[Attendance]:
    """The seats of a room in a unit, by number."""
    return session.attendance.select_related("seat__entry__candidate", "seat__paper__course").order_by("seat__number")


@dataclass(frozen=True)
class AttendanceCount:
    """Seats of a sitting: seated = present + absent + unrecorded."""

    present: int
    absent: int
    handwriting: int


def attendance_count(sitting: Sitting) -> AttendanceCount:
    """How many came, how many did not, how many gave a handwriting sample."""
    counts = Attendance.objects.filter(seat__paper__sitting=sitting).aggregate(
        present=Count("id", filter=Q(present=True)),
        absent=Count("id", filter=Q(present=False)),
        handwriting=Count("id", filter=Q(handwriting_taken=True)),
    )
    return AttendanceCount(**counts)
