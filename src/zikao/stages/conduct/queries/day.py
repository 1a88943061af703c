"""Rooms, attendance and what is still to be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import access, scoped
from zikao.foundation.errors import NotFound
from zikao.foundation.regulation import parameter
from zikao.stages.agencies.models import Room, Site
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.conduct.states import RoomState
from zikao.stages.personnel.queries.registers import tells_signed
from zikao.stages.programmes.models import Sitting, Unit
from zikao.stages.seating.models import Seat

TIMELINE = (
    "briefing", "admission", "cards-given", "papers-shown", "papers-given", "admission-closed", "hand-in-opens",
    "remaining-announced",
)  # fmt: skip


def room_sessions(actor: Actor, sitting: Sitting) -> QuerySet[RoomSession]:
    """The rooms of a sitting that have a record, in the actor's subtree."""
    rows = RoomSession.objects.filter(unit__sitting=sitting).select_related("room__site", "unit")
    return scoped(rows, actor).order_by("unit__number", "room__site__code", "room__number")


def room_session(actor: Actor, session_id: int) -> RoomSession:
    """One room's record; NotFound outside the subtree."""
    return access(RoomSession.objects.select_related("room__site__area", "unit__sitting"), actor, pk=session_id)


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
        came=Count("id", filter=Q(present=True)),
        stayed_away=Count("id", filter=Q(present=False)),
        wrote=Count("id", filter=Q(handwriting_taken=True)),
    )
    return AttendanceCount(counts["came"], counts["stayed_away"], counts["wrote"])


def sittings_seated() -> QuerySet[Sitting]:
    """The sittings whose candidates have seats, the newest first."""
    return Sitting.objects.filter(Exists(Seat.objects.filter(paper__sitting=OuterRef("pk")))).order_by("-code")


def sites_used(actor: Actor, sitting: Sitting) -> list[Site]:
    """The sites of a sitting in the actor's subtree with `rooms_used`, `seated` and `signed` room records."""
    used = scoped(Seat.objects.filter(unit__sitting=sitting), actor).order_by().values_list("room__site_id")
    seated = {site_id: (rooms, seats) for site_id, rooms, seats in used.annotate(
        rooms=Count("room_id", distinct=True), seats=Count("id"))}  # fmt: skip
    signed = dict(
        RoomSession.objects.filter(unit__sitting=sitting, state=RoomState.SIGNED)
        .order_by()
        .values_list("room__site_id")
        .annotate(n=Count("id"))
    )
    sites = list(scoped(Site.objects.filter(pk__in=seated), actor).order_by("code"))
    for site in sites:
        site.rooms_used, site.seated = seated[site.pk]  # type: ignore[attr-defined]
        site.signed = signed.get(site.pk, 0)  # type: ignore[attr-defined]
    return sites


def site(actor: Actor, site_id: int) -> Site:
    """One site; NotFound outside the subtree."""
    return access(Site.objects.select_related("area"), actor, pk=site_id)


def unit(unit_id: int) -> Unit:
    """One unit with its sitting; NotFound."""
    found = Unit.objects.select_related("sitting").filter(pk=unit_id).first()
    if found is None:
        raise NotFound("unit-not-found")
    return found


@dataclass(frozen=True)
class RoomRow:
    """A room used in a unit: seats taken, how many came so far, and its record if there is one."""

    room: Room
    seated: int
    present: int
    absent: int
    session: RoomSession | None


def rooms_used(site: Site, unit: Unit) -> list[RoomRow]:
    """The rooms of a site that have candidates in a unit, by number."""
    counts = Seat.objects.filter(room__site=site, unit=unit).order_by().values_list("room_id")
    counted = counts.annotate(
        seated=Count("id"),
        present=Count("id", filter=Q(attendance__present=True)),
        absent=Count("id", filter=Q(attendance__present=False)),
    )
    found = {room_id: (seated, present, absent) for room_id, seated, present, absent in counted}
    sessions = {each.room_id: each for each in RoomSession.objects.filter(unit=unit, room_id__in=found)}
    rooms = Room.objects.filter(pk__in=found).order_by("number")
    return [RoomRow(room, *found[room.pk], sessions.get(room.pk)) for room in rooms]


def room(actor: Actor, room_id: int) -> Room:
    """One room with its site; NotFound outside the subtree."""
    return access(Room.objects.select_related("site__area"), actor, "site__agency_code", pk=room_id)


def session_of(room: Room, unit: Unit) -> RoomSession | None:
    """The record of a room in a unit, if it is open."""
    rows = RoomSession.objects.filter(room=room, unit=unit)
    return rows.select_related("first_invigilator", "second_invigilator").first()


def seats_in(room: Room, unit: Unit) -> list[Seat]:
    """The seats taken in a room in a unit, by number, with candidate, course and attendance."""
    rows = Seat.objects.filter(room=room, unit=unit)
    return list(rows.select_related("entry__candidate", "paper__course", "attendance").order_by("number"))


def absentees(site: Site, unit: Unit) -> QuerySet[Attendance]:
    """Who did not come to a site in a unit, by room and seat."""
    rows = Attendance.objects.filter(session__room__site=site, session__unit=unit, present=False)
    return rows.select_related("seat__entry__candidate", "seat__paper__course", "session__room").order_by(
        "session__room__number", "seat__number"
    )


def seat(actor: Actor, seat_id: int) -> Seat:
    """One seat with its candidate; NotFound outside the subtree."""
    rows = Seat.objects.select_related("entry__candidate", "paper__course", "unit", "room__site")
    return access(rows, actor, "room__site__agency_code", pk=seat_id)


@dataclass(frozen=True)
class Moment:
    """A moment of a unit's day by the law: when, what, by which clause."""

    at: datetime
    title: str
    clause: str


def moments_of(unit: Unit, province: str | None) -> list[Moment]:
    """The day of a unit in order (EA-A6): each moment is a dated parameter, counted from the start or the end."""
    day = local_day(unit.starts_at)
    moments = [
        Moment(unit.starts_at, "开考：发出信号，宣布开始答题", "EA-A6.8"),
        Moment(unit.ends_at, "终考：停笔，收齐答卷", "EA-A6.15"),
    ]
    for each in (parameter(f"timeline-{name}") for name in TIMELINE):
        base = unit.ends_at if each.unit.endswith("from end") else unit.starts_at
        at = base + timedelta(minutes=int(each.on(day, province=province)))
        moments.append(Moment(at, each.title, each.clause))
    return sorted(moments, key=lambda moment: moment.at)


@tells_signed
def signed_rooms(sitting_code: str, site_id: int) -> list[tuple[int, int]]:
    """Who signed the sheet of a room of a site, with the unit's number."""
    rows = RoomSession.objects.filter(
        state=RoomState.SIGNED, unit__sitting__code=sitting_code, room__site_id=site_id
    ).order_by("id")
    signed = rows.values_list("unit__number", "first_invigilator_id", "second_invigilator_id")
    return [(person, unit) for unit, *persons in signed for person in persons if person is not None]
