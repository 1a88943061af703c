"""Examining schools, tutoring institutions and secure rooms."""

from __future__ import annotations

from datetime import date, datetime

from zikao.foundation.access.models import Account, Appointment
from zikao.foundation.actors import Actor, Post
from zikao.foundation.clock import local_day
from zikao.foundation.commands import Outcome, access, command, scoped
from zikao.foundation.errors import BadInput, Conflict
from zikao.stages.agencies import policies, rules
from zikao.stages.agencies.models import Agency, School, SchoolClerk, SecureRoom, TutoringInstitution


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


@command(writes="agencies.school-clerk-named", clauses=("SR-A1.13",), posts=policies.INSTITUTION_REGISTRARS)
def name_school_clerk(*, school_code: str, username: str, by: Actor, at: datetime) -> Outcome[SchoolClerk]:
    """Say for which examining school an account acts; what it acted for before ends.

    Source:  SR-A1.13
    Writes:  agencies.school-clerk-named
    Raises:  NotPermitted, NotFound, BadInput (no such account in this post)
    """
    school = access(School.objects.all(), by, code=school_code)
    account = _clerk_account(username, by, at)
    SchoolClerk.objects.filter(account_id=account.pk, ended_at__isnull=True).update(ended_at=at)
    made = SchoolClerk.objects.create(school=school, account_id=account.pk, name=account.name, since_at=at)
    return Outcome(made, on=school, facts={"school": school.code, "account": account.pk})


def _clerk_account(username: str, by: Actor, at: datetime) -> Account:
    held = scoped(Appointment.objects.filter(account__username=username, post=Post.SCHOOL_CLERK), by)
    held = held.filter(since_on__lte=local_day(at)).exclude(until_on__lte=local_day(at))
    appointment = held.select_related("account").first()
    if appointment is None:
        raise BadInput(
            "no-school-clerk",
            field_errors={"username": "没有这个账号，或者它现在没有“主考学校经办”的岗位。"},
            message="没有找到在岗的主考学校经办。",
            remedy="请先由安全管理员任命岗位，再登记所属学校。",
        )
    return appointment.account


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
