"""Examining schools, tutoring institutions and secure rooms."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.actors import Actor
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command
from zikao.foundation.errors import Conflict
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.models import Agency, School, SecureRoom, TutoringInstitution


@command(writes="agencies.school-registered", posts=policies.INSTITUTION_REGISTRARS)
def register_school(*, code: str, name: str, agency_code: str, by: Actor, at: datetime) -> Outcome[School]:
    """Put an examining school (主考学校) on record.

    Writes:  agencies.school-registered
    Raises:  NotPermitted, NotFound, Conflict
    """
    policies.check_covers(by, agency_code)
    if School.objects.filter(code=code).exists() or School.objects.filter(name=name).exists():
        raise Conflict("school-registered", facts={"code": code}, message=f"主考学校 {code} {name} 已登记。")
    school = School.objects.create(code=code, name=name, agency_code=agency_code)
    return Outcome(school, facts={"code": code})


@command(
    writes="agencies.tutoring-institution-registered",
    clauses=("EA-24.3",),
    posts=policies.INSTITUTION_REGISTRARS,
)
def register_tutoring_institution(
    *, code: str, name: str, agency_code: str, by: Actor, at: datetime
) -> Outcome[TutoringInstitution]:
    """Put a tutoring institution (助学机构) on record, so that sites and invigilators can be held apart from it.

    Source:  EA-24.3
    Writes:  agencies.tutoring-institution-registered
    Raises:  NotPermitted, NotFound, Conflict
    """
    policies.check_covers(by, agency_code)
    if TutoringInstitution.objects.filter(code=code).exists():
        raise Conflict("institution-registered", facts={"code": code}, message=f"助学机构 {code} 已登记。")
    institution = TutoringInstitution.objects.create(code=code, name=name, agency_code=agency_code)
    return Outcome(institution, facts={"code": code})


@command(
    writes="agencies.secure-room-registered",
    clauses=("EA-18.2", "EA-21.5"),
    posts=policies.SECURE_ROOM_REGISTRARS,
)
def register_secure_room(
    *,
    agency_code: str,
    name: str,
    cameras: int,
    acceptance_number: str,
    accepted_on: date,
    accepted_until: date,
    by: Actor,
    at: datetime,
) -> Outcome[SecureRoom]:
    """Put a secure room with the secrecy department's acceptance on record, valid until a day (exclusive).

    Source:  EA-18.2, EA-21.5
    Writes:  agencies.secure-room-registered
    Raises:  NotPermitted, NotFound, Conflict, Refused
    """
    agency = access(Agency.objects.all(), by, "code", code=agency_code)
    rules.SECURE_ROOM(
        on=local_day(at), cameras=cameras, accepted_on=accepted_on, accepted_until=accepted_until
    ).require()
    if agency.secure_rooms.filter(name=name).exists():
        raise Conflict("secure-room-registered", facts={"name": name}, message=f"保密室“{name}”已登记。")
    room = SecureRoom.objects.create(
        agency=agency,
        agency_code=agency.code,
        name=name,
        cameras=cameras,
        acceptance_number=acceptance_number,
        accepted_on=accepted_on,
        accepted_until=accepted_until,
    )
    return Outcome(room, facts={"agency": agency.code, "cameras": cameras, "until": accepted_until})
