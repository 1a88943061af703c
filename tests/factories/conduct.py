"""Rooms on the exam day, made through their commands."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.factories.actors import AREA, clerk
from tests.factories.personnel import staffed_rooms
from tests.factories.seating import drawn
from zikao.foundation.actors import Post
from zikao.stages.agencies.models import Room
from zikao.stages.conduct import commands
from zikao.stages.conduct.models import RoomSession
from zikao.stages.conduct.states import RoomSheet
from zikao.stages.personnel.models import Duty
from zikao.stages.seating.models import Seat

INVIGILATOR = clerk(Post.INVIGILATOR, AREA)
CHIEF = clerk(Post.SITE_CHIEF, AREA)


def a_seat(at: datetime, **more: int) -> Seat:
    """The first seat of unit 1 in a drawn sitting whose rooms have their invigilators and are checked."""
    seat = an_unchecked_seat(at, **more)
    rooms_checked(at, seat)
    return seat


def an_unchecked_seat(at: datetime, **more: int) -> Seat:
    """The same, before anybody looked at the rooms."""
    drawn(at, **more)
    seat = the_seats()[0]
    staffed_rooms(at, seat.room.site)
    return seat


def rooms_checked(at: datetime, seat: Seat, **more: object) -> list[Room]:
    """The rooms of a seat's site checked by somebody on duty there: all in order, unless told otherwise."""
    checker = seat.room.site.duties.order_by("id").values_list("person_id", flat=True)[0]
    facts: dict[str, object] = {"checked_at": at, "checker_id": checker, "by": CHIEF, "at": at}
    return commands.record_room_checks(
        site_id=seat.room.site_id, sitting=seat.unit.sitting.code, **{**facts, **more}
    ).value  # type: ignore[arg-type]


def the_seats(unit_number: int = 1) -> list[Seat]:
    """The seats of a unit, by room and number."""
    rows = Seat.objects.filter(unit__number=unit_number).select_related("unit__sitting", "room__site", "paper")
    return list(rows.order_by("room__number", "number"))


def when(seat: Seat, minutes: int = -20) -> datetime:
    """So many minutes after the start of the seat's unit; before it when negative."""
    return seat.unit.starts_at + timedelta(minutes=minutes)


def after(seat: Seat) -> datetime:
    """A few minutes after the end of the seat's unit."""
    return seat.unit.ends_at + timedelta(minutes=5)


def admitted(seat: Seat, minutes: int = -20, **more: object) -> int:
    """A candidate let in with all documents, unless told otherwise."""
    facts: dict[str, object] = {"admission_card": True, "notice": True, "identity_document": True, "by": INVIGILATOR}
    return commands.admit(seat_id=seat.pk, at=when(seat, minutes), **{**facts, **more}).value.pk  # type: ignore[arg-type]


def a_session(at: datetime, **more: int) -> RoomSession:
    """The open record of the first room in unit 1."""
    seat = a_seat(at, **more)
    return commands.open_room(room_id=seat.room_id, unit_id=seat.unit_id, by=INVIGILATOR, at=when(seat)).value


def on_duty(seat: Seat) -> tuple[int, ...]:
    """The persons on duty in a seat's room and unit."""
    rows = Duty.objects.filter(room_id=seat.room_id, unit_number=seat.unit.number, sitting_code=seat.unit.sitting.code)
    return tuple(rows.order_by("id").values_list("person_id", flat=True))


def a_signed_room(at: datetime, absent: frozenset[int] = frozenset(), **more: int) -> RoomSession:
    """The first room's record, everybody marked and signed after the end."""
    session = a_session(at, **more)
    seat = the_seats()[0]
    commands.mark_attendance(
        session_id=session.pk, absent=absent, no_handwriting=frozenset(), documents_checked=True, by=INVIGILATOR,
        at=when(seat, 20),
    )  # fmt: skip
    commands.sign_room(
        session_id=session.pk, invigilators=on_duty(seat), remarks="正常", by=INVIGILATOR, at=after(seat)
    )
    return RoomSession.objects.get(pk=session.pk)


def sheets(absent: dict[int, frozenset[int]] | None = None) -> list[RoomSheet]:
    """The sheet of every room used in unit 1; `absent` seat numbers by room id."""
    seats = {seat.room_id: seat for seat in the_seats()}
    gone = absent or {}
    return [RoomSheet(room_id, gone.get(room_id, frozenset()), on_duty(seat)) for room_id, seat in seats.items()]
