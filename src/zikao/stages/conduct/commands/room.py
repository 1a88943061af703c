"""A room kept seat by seat: admission, hand-in, and the sheet signed at the end."""

from __future__ import annotations

from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, scoped, snapshot
from zikao.foundation.errors import Conflict
from zikao.stages.conduct import policies, rules
from zikao.stages.conduct.commands.sheets import invigilators_on_duty
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.conduct.states import TRANSITIONS, RoomState
from zikao.stages.seating.models import Seat


@command(writes="conduct.admitted", clauses=("EA-28", "EA-A1.2"), posts=policies.ROOM_KEEPERS)
def admit(
    *,
    seat_id: int,
    admission_card: bool,
    notice: bool,
    identity_document: bool,
    by: Actor,
    at: datetime,
) -> Outcome[Attendance]:
    """Let a candidate in: documents seen, in time; opens the room's record with the first one.

    Source:  EA-28, EA-A1.2
    Writes:  conduct.admitted
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    seat = access(Seat.objects.select_related("paper__unit", "room__site"), by, "room__site__agency_code", pk=seat_id)
    day = local_day(at)
    rules.IDENTITY(on=day, admission_card=admission_card, notice=notice, identity_document=identity_document).require()
    province = by.agency_code[:2] or None
    rules.ADMISSION(on=day, arrived_at=at, starts_at=seat.paper.unit.starts_at, province=province).require()
    if Attendance.objects.filter(seat=seat).exists():
        raise Conflict("already-admitted", message="这个座位的考生已经登记到考。")
    agency_code = seat.room.site.agency_code
    session, _ = RoomSession.objects.get_or_create(
        room=seat.room,
        unit=seat.paper.unit,
        defaults={
            "expected": Seat.objects.filter(room=seat.room, paper__unit=seat.paper.unit).count(),
            "opened_at": at,
            "agency_code": agency_code,
        },
    )
    attendance = Attendance.objects.create(
        seat=seat,
        session=session,
        present=True,
        handwriting_taken=False,
        arrived_at=at,
        recorded_at=at,
        agency_code=agency_code,
    )
    return Outcome(attendance, facts={"seat": seat.pk})


@command(writes="conduct.handed-in", clauses=("EA-A1.8", "EA-26.2"), posts=policies.ROOM_KEEPERS)
def hand_in(*, seat_id: int, handwriting_taken: bool, by: Actor, at: datetime) -> Outcome[Attendance]:
    """Record that a candidate hands in and leaves; nobody comes back in.

    Source:  EA-A1.8, EA-26.2
    Writes:  conduct.handed-in
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    attendance = access(
        Attendance.objects.select_related("seat__paper__unit").select_for_update(of=("self",)), by, seat_id=seat_id
    )
    if attendance.handed_in_at is not None:
        raise Conflict("already-handed-in", message="该考生已经交卷出场，不能再次进场。")
    province = by.agency_code[:2] or None
    ends_at = attendance.seat.paper.unit.ends_at
    rules.HAND_IN(on=local_day(at), handed_in_at=at, ends_at=ends_at, province=province).require()
    before = snapshot(attendance)
    attendance.handed_in_at, attendance.handwriting_taken = at, handwriting_taken
    attendance.save(update_fields=["handed_in_at", "handwriting_taken"])
    return Outcome(attendance, before=before, facts={"seat": seat_id})


@command(writes="conduct.room-signed", clauses=("EA-A5.6", "EA-A6.10"), posts=policies.ROOM_KEEPERS)
def sign_room(
    *, session_id: int, invigilators: tuple[int, ...], remarks: str, by: Actor, at: datetime
) -> Outcome[RoomSession]:
    """Sign a room kept seat by seat: whoever was not admitted is absent, and two invigilators answer for it.

    Source:  EA-A5.6, EA-A6.10
    Writes:  conduct.room-signed
    Raises:  NotPermitted, NotFound, WrongState, Refused
    """
    rows = RoomSession.objects.select_related("room__site", "unit__sitting").select_for_update(of=("self",))
    session = access(rows, by, pk=session_id)
    check_transition(TRANSITIONS, RoomState(session.state), RoomState.SIGNED)
    on_duty = invigilators_on_duty(session.room.site, session.unit).get(session.room_id, frozenset())
    rules.ROOM_SHEET(on=local_day(at), invigilators=invigilators, on_duty=on_duty, strange_seats=frozenset()).require()
    before = snapshot(session)
    seats = scoped(Seat.objects.filter(room=session.room, paper__unit=session.unit), by, "room__site__agency_code")
    missing = seats.filter(attendance__isnull=True).values_list("id", flat=True)
    Attendance.objects.bulk_create(
        Attendance(
            seat_id=seat_id,
            session=session,
            present=False,
            handwriting_taken=False,
            recorded_at=at,
            agency_code=session.agency_code,
        )
        for seat_id in missing
    )
    session.present = session.attendance.filter(present=True).count()
    session.absent = session.attendance.filter(present=False).count()
    session.state, session.remarks, session.signed_at = RoomState.SIGNED, remarks, at
    session.first_invigilator_id, session.second_invigilator_id = invigilators[:2]
    session.save()
    return Outcome(session, before=before, facts={"present": session.present, "absent": session.absent})
