"""A room kept seat by seat: opened, admission, attendance, hand-in, and the sheet signed at the end."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime

from django.db.models import QuerySet

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, check_transition, command, snapshot
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import Room
from zikao.stages.conduct import policies, queries, rules
from zikao.stages.conduct.commands.sheets import invigilators_on_duty, signers
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.conduct.states import TRANSITIONS, RoomState
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat


@command(writes="conduct.room-opened", clauses=("EA-25.1", "EA-27", "EA-A5.2"), posts=policies.ROOM_KEEPERS)
def open_room(*, room_id: int, unit_id: int, by: Actor, at: datetime) -> Outcome[RoomSession]:
    """Open the record of a room in a unit, on its day; only of a room that was checked and is in order.

    Source:  EA-25.1, EA-27, EA-A5.2
    Writes:  conduct.room-opened
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    room = access(Room.objects.select_related("site"), by, "site__agency_code", pk=room_id)
    unit = Unit.objects.select_related("sitting").filter(pk=unit_id).first()
    if unit is None or not Seat.objects.filter(room=room, paper__unit=unit).exists():
        raise NotFound("room-not-used", message="本考场在这一单元没有考生。")
    queries.ready(room, unit.sitting, at).require()
    session, made = _session(room, unit, at)
    if not made:
        raise Conflict("room-opened-already", message="本考场的情况记录已经建立。")
    return Outcome(session)


@command(writes="conduct.admitted", clauses=("EA-25.1", "EA-28", "EA-A1.2"), posts=policies.ROOM_KEEPERS)
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

    Source:  EA-25.1, EA-28, EA-A1.2
    Writes:  conduct.admitted
    Raises:  NotPermitted, NotFound, Conflict, WrongState, Refused
    """
    seat = access(
        Seat.objects.select_related("paper__unit__sitting", "room__site"), by, "room__site__agency_code", pk=seat_id
    )
    day = local_day(at)
    rules.IDENTITY(on=day, admission_card=admission_card, notice=notice, identity_document=identity_document).require()
    province = seat.room.site.agency_code[:2] or None
    rules.ADMISSION(on=day, arrived_at=at, starts_at=seat.paper.unit.starts_at, province=province).require()
    if Attendance.objects.filter(seat=seat, present=True).exists():
        raise Conflict("already-admitted", message="这个座位的考生已经登记到考。")
    queries.ready(seat.room, seat.paper.unit.sitting, at).require()
    session, _ = _session(seat.room, seat.paper.unit, at)
    _check_open(session)
    attendance, _ = Attendance.objects.update_or_create(
        seat=seat,
        defaults={
            "session": session,
            "present": True,
            "handwriting_taken": False,
            "arrived_at": at,
            "recorded_at": at,
            "agency_code": session.agency_code,
        },
    )
    return Outcome(attendance, facts={"seat": seat.pk})


@command(writes="conduct.attendance-marked", clauses=("EA-28", "EA-A6.10", "EA-26.2"), posts=policies.ROOM_KEEPERS)
def mark_attendance(
    *,
    session_id: int,
    absent: frozenset[int],
    no_handwriting: frozenset[int],
    documents_checked: bool,
    by: Actor,
    at: datetime,
) -> Outcome[RoomSession]:
    """Mark a room's seats: those listed are absent, the others came with their documents; may be done again.

    Source:  EA-28, EA-A6.10, EA-26.2
    Writes:  conduct.attendance-marked
    Raises:  NotPermitted, NotFound, WrongState, Refused, BadInput
    """
    session = _locked(session_id, by)
    _check_open(session)
    day, seen = local_day(at), documents_checked
    rules.IDENTITY(on=day, admission_card=seen, notice=seen, identity_document=seen).require()
    province = session.agency_code[:2] or None
    rules.ABSENCE(on=day, recorded_at=at, starts_at=session.unit.starts_at, province=province).require()
    seats = dict(_seats(session).values_list("number", "id"))
    _check_seats(session, seats, absent, no_handwriting)
    before = snapshot(session)
    _keep(session, seats, absent=absent, no_handwriting=absent | no_handwriting, at=at)
    facts = {"absent": sorted(absent), "no_handwriting": sorted(no_handwriting - absent)}
    return Outcome(session, before=before, facts=facts)


def _keep(
    session: RoomSession, seats: Mapping[int, int], *, absent: Set[int], no_handwriting: Set[int], at: datetime
) -> None:
    Attendance.objects.bulk_create(
        (
            Attendance(
                seat_id=seat_id,
                session=session,
                present=number not in absent,
                handwriting_taken=number not in no_handwriting,
                recorded_at=at,
                agency_code=session.agency_code,
            )
            for number, seat_id in seats.items()
        ),
        update_conflicts=True,
        unique_fields=["seat"],
        update_fields=["present", "handwriting_taken", "recorded_at"],
    )


@command(writes="conduct.handed-in", clauses=("EA-A1.8", "EA-26.2"), posts=policies.ROOM_KEEPERS)
def hand_in(*, seat_id: int, handwriting_taken: bool, by: Actor, at: datetime) -> Outcome[Attendance]:
    """Record that a candidate hands in and leaves; nobody comes back in.

    Source:  EA-A1.8, EA-26.2
    Writes:  conduct.handed-in
    Raises:  NotPermitted, NotFound, Conflict, WrongState, Refused
    """
    rows = Attendance.objects.select_related("seat__paper__unit", "session").select_for_update(of=("self",))
    attendance = access(rows, by, seat_id=seat_id)
    _check_open(attendance.session)
    if not attendance.present:
        raise Conflict("absent-hands-nothing-in", message="这个座位登记为缺考，没有答卷可交。")
    if attendance.handed_in_at is not None:
        raise Conflict("already-handed-in", message="该考生已经交卷出场，不能再次进场。")
    province = attendance.agency_code[:2] or None
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
    session = _locked(session_id, by)
    check_transition(TRANSITIONS, RoomState(session.state), RoomState.SIGNED)
    rules.SIGNING(on=local_day(at), signed_at=at, ends_at=session.unit.ends_at).require()
    on_duty = invigilators_on_duty(session.room.site, session.unit).get(session.room_id, frozenset())
    rules.ROOM_SHEET(on=local_day(at), invigilators=invigilators, on_duty=on_duty, strange_seats=frozenset()).require()
    before = snapshot(session)
    missing = _seats(session).filter(attendance__isnull=True).values_list("id", flat=True)
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
    session.first_invigilator_id, session.second_invigilator_id = signers(invigilators)[:2]
    session.save()
    return Outcome(session, before=before, facts={"present": session.present, "absent": session.absent})


def _session(room: Room, unit: Unit, at: datetime) -> tuple[RoomSession, bool]:
    expected = Seat.objects.filter(room=room, paper__unit=unit).count()
    return RoomSession.objects.get_or_create(
        room=room,
        unit=unit,
        defaults={"expected": expected, "opened_at": at, "agency_code": room.site.agency_code},
    )


def _locked(session_id: int, by: Actor) -> RoomSession:
    rows = RoomSession.objects.select_related("room__site", "unit__sitting").select_for_update(of=("self",))
    return access(rows, by, pk=session_id)


def _seats(session: RoomSession) -> QuerySet[Seat]:
    return Seat.objects.filter(room_id=session.room_id, paper__unit_id=session.unit_id)


def _check_open(session: RoomSession) -> None:
    if session.state != RoomState.OPEN:
        check_transition(TRANSITIONS, RoomState(session.state), RoomState.OPEN)


def _check_seats(
    session: RoomSession, seats: dict[int, int], absent: frozenset[int], no_handwriting: frozenset[int]
) -> None:
    strange = sorted((absent | no_handwriting) - set(seats))
    if strange:
        numbers = "、".join(map(str, strange))
        raise BadInput("seat-not-in-room", field_errors={"absent": f"座位 {numbers} 不在本考场本单元的座位之列。"})
    came = session.attendance.filter(arrived_at__isnull=False, seat__number__in=absent)
    inside = "、".join(str(number) for number in came.values_list("seat__number", flat=True))
    if inside:
        raise BadInput("absent-was-admitted", field_errors={"absent": f"座位 {inside} 的考生已经入场，不能登记缺考。"})
