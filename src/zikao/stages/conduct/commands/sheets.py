"""The signed room sheets of a whole site and unit, taken in together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, copied_in
from zikao.foundation.crypto import canonical, sm3
from zikao.foundation.errors import BadInput, Conflict, NotFound
from zikao.stages.agencies.models import Site
from zikao.stages.conduct import policies, queries, rules
from zikao.stages.conduct.models import Attendance, RoomSession
from zikao.stages.conduct.states import RoomSheet, RoomState
from zikao.stages.personnel.models import Duty
from zikao.stages.personnel.queries import declared_away
from zikao.stages.programmes.models import Unit
from zikao.stages.seating.models import Seat


@command(
    writes="conduct.room-sheets-taken-in",
    clauses=("EA-A5.6", "EA-A6.10", "EA-26.2", "EA-25.1", "EA-25.3"),
    posts=policies.SHEET_RECEIVERS,
)
def take_in_room_sheets(
    *, site_code: str, unit_id: int, sheets: Sequence[RoomSheet], by: Actor, at: datetime
) -> Outcome[int]:
    """Take in the signed room sheets of a whole site for one unit: every room or none, each in order when it began.

    Source:  EA-A5.6, EA-A6.10, EA-26.2, EA-25.1, EA-25.3
    Writes:  conduct.room-sheets-taken-in
    Raises:  NotPermitted, NotFound, BadInput, Conflict, Refused
    """
    site = access(Site.objects.all(), by, code=site_code)
    unit = Unit.objects.select_related("sitting").filter(pk=unit_id).first()
    if unit is None:
        raise NotFound("unit-not-found")
    seats = _seats_by_room(site, unit)
    _check_rooms(sheets, seats, unit)
    queries.unit_ready(site, unit, seats).require()
    on_duty = invigilators_on_duty(site, unit)
    for sheet in sheets:
        numbers = frozenset(seats[sheet.room_id])
        rules.ROOM_SHEET(
            on=local_day(at),
            invigilators=sheet.invigilators,
            on_duty=on_duty.get(sheet.room_id, frozenset()),
            strange_seats=(sheet.absent | sheet.no_handwriting) - numbers,
        ).require()
    sessions = _make_sessions(sheets, seats, site, unit, at)
    present = _copy_attendance(sheets, seats, sessions, site, at)
    expected = sum(len(room) for room in seats.values())
    facts = {
        "rooms": len(sheets),
        "expected": expected,
        "present": present,
        "absent": expected - present,
        "digest": sm3(canonical([[s.room_id, sorted(s.absent)] for s in sheets])),
    }
    return Outcome(present, on=f"conduct.site:{site.code}:{unit.pk}", facts=facts)


def _seats_by_room(site: Site, unit: Unit) -> dict[int, dict[int, int]]:
    rows = Seat.objects.filter(room__site=site, paper__unit=unit).values_list("room_id", "number", "id")
    seats: dict[int, dict[int, int]] = {}
    for room_id, number, seat_id in rows:
        seats.setdefault(room_id, {})[number] = seat_id
    return seats


def _check_rooms(sheets: Sequence[RoomSheet], seats: Mapping[int, object], unit: Unit) -> None:
    given = [sheet.room_id for sheet in sheets]
    if RoomSession.objects.filter(unit=unit, room_id__in=given).exists():
        raise Conflict("room-sheet-taken-in", message="其中有考场的情况记录已经登记。", remedy="请查看已登记的记录。")
    if sorted(given) != sorted(seats):
        missing, strange = set(seats) - set(given), set(given) - set(seats)
        raise BadInput(
            "room-sheets-incomplete",
            facts={"missing": len(missing), "strange": len(strange)},
            message=f"考场记录单不齐：缺 {len(missing)} 个考场，多 {len(strange)} 个考场。",
            remedy="请补齐本考点本单元全部考场的记录单后一并登记。",
        )


def invigilators_on_duty(site: Site, unit: Unit) -> dict[int, frozenset[int]]:
    """The ids of the persons on duty in each room of a site in a unit, by the room's id; who must keep away is not."""
    here = Duty.objects.filter(site=site, sitting_code=unit.sitting.code, unit_number=unit.number, room__isnull=False)
    rows = here.exclude(declared_away(before=unit.starts_at)).values_list("room_id", "person_id")
    duty: dict[int, set[int]] = {}
    for room_id, person_id in rows:
        if room_id is not None:
            duty.setdefault(room_id, set()).add(person_id)
    return {room_id: frozenset(people) for room_id, people in duty.items()}


def signers(invigilators: Sequence[int]) -> tuple[int, ...]:
    """Each signer once, in order: the rule has seen to it that there are two."""
    return tuple(dict.fromkeys(invigilators))


def _make_sessions(
    sheets: Sequence[RoomSheet], seats: Mapping[int, Mapping[int, int]], site: Site, unit: Unit, at: datetime
) -> dict[int, int]:
    made = RoomSession.objects.bulk_create(
        RoomSession(
            room_id=sheet.room_id,
            unit=unit,
            state=RoomState.SIGNED,
            expected=len(seats[sheet.room_id]),
            present=len(seats[sheet.room_id]) - len(sheet.absent),
            absent=len(sheet.absent),
            remarks=sheet.remarks,
            first_invigilator_id=signers(sheet.invigilators)[0],
            second_invigilator_id=signers(sheet.invigilators)[1],
            opened_at=at,
            signed_at=at,
            agency_code=site.agency_code,
        )
        for sheet in sheets
    )
    return {session.room_id: session.pk for session in made}


def _copy_attendance(
    sheets: Sequence[RoomSheet],
    seats: Mapping[int, Mapping[int, int]],
    sessions: Mapping[int, int],
    site: Site,
    at: datetime,
) -> int:
    columns = "seat_id, session_id, present, handwriting_taken, recorded_at, agency_code"
    rows = [
        (
            *(seat_id, sessions[sheet.room_id], number not in sheet.absent),
            *(number not in sheet.absent | sheet.no_handwriting, at, site.agency_code),
        )
        for sheet in sheets
        for number, seat_id in seats[sheet.room_id].items()
    ]
    copied_in(Attendance._meta.db_table, columns, rows)
    return sum(present for _, _, present, *_ in rows)
